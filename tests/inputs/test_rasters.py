from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from inputs.scene import FRAME, PEOPLE, file_of, notes_of, write_tif

from planner.errors import InputFaults
from planner.inputs.findings import Findings
from planner.inputs.rasters import read_elevation, read_land_cover, read_population
from planner.inputs.rasters.counts import SENTINELS, read_counts
from planner.scenario import Elevation, LandCover, Population, RasterFile
from planner.types.frame import Frame


def people_of(path, **layer):
    file = file_of(path)
    return *read_counts(file, RasterFile(**layer)), file.findings


def test_people_keep_their_cells_and_their_sum(tmp_path):
    frame, people, findings = people_of(write_tif(tmp_path / "p.tif", PEOPLE))
    assert frame == FRAME
    assert people.dtype == np.float64
    assert people.tolist() == list(range(20))
    assert not findings.notes


def test_the_share_of_children_is_used_where_no_raster_of_them_is_given(tmp_path):
    write_tif(tmp_path / "p.tif", PEOPLE)
    _, people, children = read_population(Population(file="p.tif", under_five_share=0.25), Findings(tmp_path))
    assert children.sum() == people.sum() / 4


def test_children_on_another_grid_are_a_fault(tmp_path):
    write_tif(tmp_path / "p.tif", PEOPLE)
    write_tif(tmp_path / "c.tif", PEOPLE, transform=Affine(0.01, 0, 40.005, 0, -0.01, -10.0))
    with pytest.raises(InputFaults, match="other cells than the population raster"):
        read_population(Population(file="p.tif", under_five_file="c.tif"), Findings(tmp_path))


def test_children_that_outnumber_people_or_are_unknown_are_told(tmp_path):
    children = PEOPLE / 4
    children[0, 1], children[0, 2] = 99, np.nan
    write_tif(tmp_path / "p.tif", PEOPLE)
    write_tif(tmp_path / "c.tif", children)
    findings = Findings(tmp_path)
    *_, read = read_population(Population(file="p.tif", under_five_file="c.tif"), findings)
    assert read[1] == 99
    assert [(note.what[:22], note.count) for note in findings.notes if note.level == "warning"] == [
        ("cells with people but ", 1),
        ("cells with more childr", 1),
    ]


@pytest.mark.parametrize("tag", [-99999.0, -3.4028234663852886e38, np.nan, 0.0, 65535.0])
def test_tagged_nodata_is_unknown_without_a_note(tmp_path, tag):
    values = PEOPLE + 1
    values[1, 1] = tag
    _, people, findings = people_of(write_tif(tmp_path / "p.tif", values, nodata=tag))
    assert np.flatnonzero(np.isnan(people)).tolist() == [6]
    assert not findings.notes


def test_a_nodata_value_that_was_rounded_on_its_way_still_counts(tmp_path):
    values = PEOPLE.astype(np.float32)
    values[0, 0] = -3.4028231e38
    _, people, _ = people_of(write_tif(tmp_path / "p.tif", values, nodata=-3.4028234663852886e38))
    assert np.isnan(people[0])


LARGEST = float(np.finfo(np.float32).max)
SENTINELS_OF = {
    "float64": SENTINELS,
    "float32": (-1.0, -9999.0, -99999.0, -LARGEST, LARGEST),
    "int32": (-1.0, -9999.0, -99999.0, -2147483648.0, 2147483647.0),
    "int16": (-1.0, -9999.0, -32768.0),
    "uint32": (4294967295.0,),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), kind=st.sampled_from(list(SENTINELS_OF)), tagged=st.booleans())
def test_sentinels_of_every_type_never_count_as_people(tmp_path, data, kind, tagged):
    numbers = st.integers(0, 2**14) if kind[0] in "ui" else st.floats(0, 2**16, width=32)
    values = data.draw(arrays(kind, (4, 5), elements=numbers))
    holes = data.draw(arrays(np.int8, (4, 5), elements=st.integers(-1, len(SENTINELS_OF[kind]) - 1)))
    values[3, 4], holes[3, 4] = 1, -1
    for k, sentinel in enumerate(SENTINELS_OF[kind]):
        values[holes == k] = sentinel
    nodata = SENTINELS_OF[kind][0] if tagged else None
    _, people, findings = people_of(write_tif(tmp_path / "p.tif", values, nodata=nodata))
    assert np.array_equal(np.isnan(people), (holes >= 0).ravel())
    assert np.nansum(people) == values[holes < 0].astype(np.float64).sum()
    repaired = [note for note in findings.notes if note.level == "repaired"]
    assert sum(note.count for note in repaired) == (holes >= (1 if tagged else 0)).sum()


def test_untagged_sentinels_are_counted_in_a_note_one_by_one(tmp_path):
    values = PEOPLE.copy()
    values[0, :3] = -9999, -99999, -9999
    *_, findings = people_of(write_tif(tmp_path / "p.tif", values))
    ((note),) = findings.notes
    assert (note.level, note.count) == ("repaired", 3)
    assert sorted((change.place, change.before, change.after) for change in note.changes) == [
        ("1 cells", "-99999", "no data"),
        ("2 cells", "-9999", "no data"),
    ]


@pytest.mark.parametrize(
    ("kind", "cells", "crowd", "level"),
    [
        (np.uint8, 1, 200, "warning"),  # one cell has 255 people, others 200
        (np.uint8, 1, 40, "repaired"),  # 5 % of the cells, and nobody has half as many
        (np.uint8, 8, 200, "repaired"),  # more cells have 255 than 128 to 254
        (np.uint16, 1, 40_000, "warning"),
        (np.uint16, 1, 90, "repaired"),
        (np.int16, 6, 90, "repaired"),
    ],
)
def test_the_largest_number_of_a_type_is_no_data_where_that_is_sure(tmp_path, kind, cells, crowd, level):
    values = PEOPLE.astype(kind)
    values[3, :3] = crowd
    largest = np.iinfo(kind).max
    values.ravel()[:cells] = largest
    _, people, findings = people_of(write_tif(tmp_path / "p.tif", values))
    assert [(note.level, note.count) for note in findings.notes] == [(level, cells)]
    assert np.isnan(people).sum() == (cells if level == "repaired" else 0)
    _, said, _ = people_of(tmp_path / "p.tif", nodata=float(largest))
    assert np.isnan(said).sum() == cells


def test_three_cells_of_many_may_have_255_people(tmp_path):
    values = np.full((40, 50), 3, np.uint8)
    values[7, 7:10] = 255
    _, people, findings = people_of(write_tif(tmp_path / "p.tif", values))
    assert people.max() == 255
    assert [(note.level, note.count) for note in findings.notes] == [("warning", 3)]
    assert "nodata = 255" in findings.notes[0].what


def test_other_negatives_and_infinity_are_a_fault_that_names_the_cells(tmp_path):
    values = PEOPLE.copy()
    values[1, 2], values[3, 0] = -5, np.inf
    with pytest.raises(InputFaults, match=r"2 cells .* -5 in row 2, column 3, inf in row 4, column 1"):
        people_of(write_tif(tmp_path / "p.tif", values))


@pytest.mark.parametrize("values", [np.zeros((4, 5), np.float32), np.full((4, 5), np.nan, np.float32)])
def test_a_raster_without_people_is_a_fault(tmp_path, values):
    with pytest.raises(InputFaults, match="holds no people"):
        people_of(write_tif(tmp_path / "p.tif", values))


def test_rows_from_the_south_are_turned_over(tmp_path):
    path = write_tif(tmp_path / "p.tif", PEOPLE[::-1], transform=Affine(0.01, 0, 40.0, 0, 0.01, -10.04))
    frame, people, findings = people_of(path)
    assert frame.bounds == pytest.approx(FRAME.bounds)
    assert people.tolist() == list(range(20))
    assert notes_of(findings, "repaired") == ["rows run from south to north: turned over"]


def test_scale_and_offset_of_the_file_are_applied(tmp_path):
    path = write_tif(tmp_path / "p.tif", np.full((4, 5), 30, np.uint8))
    import rasterio

    with rasterio.open(path, "r+") as target:
        target.scales, target.offsets = (0.1,), (2.0,)
    _, people, findings = people_of(path)
    assert people == pytest.approx(5.0)
    assert len(notes_of(findings, "repaired")) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"crs": None}, "no coordinate reference system"),
        ({"transform": Affine(0.01, 0.001, 40, 0.001, -0.01, -10)}, "rotated or mirrored"),
        ({"transform": Affine(100, 0, 500000, 0, -100, 8000000)}, "says degrees"),
        ({"crs": "EPSG:32737"}, "look like degrees"),
        ({"crs": "EPSG:2264", "transform": Affine(100, 0, 500000, 0, -100, 800000)}, "neither degrees nor metres"),
    ],
)
def test_grids_that_cannot_be_trusted_are_faults(tmp_path, options, said):
    with pytest.raises(InputFaults, match=said):
        people_of(write_tif(tmp_path / "p.tif", PEOPLE, **options))


def test_a_layer_without_a_crs_is_laid_by_the_scenarios(tmp_path):
    utm = Frame("EPSG:32737", west=600_000, north=8_900_000, dx=90, dy=90, ny=200, nx=200)
    east_up = np.tile(np.arange(200, dtype=np.float32), (200, 1))
    write_tif(tmp_path / "said.tif", east_up, frame=utm)
    write_tif(tmp_path / "bare.tif", east_up, frame=utm, crs=None)
    findings = Findings(tmp_path)
    here = FRAME, np.zeros(20), findings
    metres = read_elevation(Elevation(file="bare.tif", crs="EPSG:32737"), *here)
    assert metres.tolist() == read_elevation(Elevation(file="said.tif"), *here).tolist()
    (change,) = findings.notes[0].changes
    assert (change.before, change.after) == ("none", "EPSG:32737 (WGS 84 / UTM zone 37S)")


def test_two_bands_are_a_fault(tmp_path):
    with pytest.raises(InputFaults, match="2 bands"):
        people_of(write_tif(tmp_path / "p.tif", np.stack([PEOPLE, PEOPLE])))


def test_another_format_under_the_name_of_a_tiff_is_not_opened(tmp_path):
    secret = write_tif(tmp_path / "secret.tif", PEOPLE)
    import rasterio.shutil

    rasterio.shutil.copy(secret, tmp_path / "p.tif", driver="VRT")
    with pytest.raises(InputFaults, match="cannot be read as a GeoTIFF"):
        people_of(tmp_path / "p.tif")


@pytest.mark.parametrize("reader", [read_elevation, read_land_cover])
def test_a_cut_short_raster_is_a_fault_not_a_hole(tmp_path, reader):
    rough = np.random.default_rng(7).integers(1, 250, (400, 500)).astype(np.uint8)
    path = write_tif(
        tmp_path / "r.tif", rough, transform=Affine(0.0001, 0, 40, 0, -0.0001, -10), compress="deflate", nodata=0
    )
    path.write_bytes(path.read_bytes()[:60_000])
    layer = Elevation(file="r.tif") if reader is read_elevation else LandCover(file="r.tif")
    with pytest.raises(InputFaults, match="is cut short: it should have at least 200,824 bytes"):
        reader(layer, FRAME, PEOPLE.ravel().astype(float), Findings(tmp_path))
    with pytest.raises(InputFaults, match="is cut short"):
        people_of(path)


def finer(values):
    """Values of 8 x 10 half cells over the frame."""
    return np.asarray(values), Affine(0.005, 0, 40, 0, -0.005, -10)


def test_elevation_is_the_mean_of_what_lies_in_a_cell(tmp_path):
    values, transform = finer(np.zeros((8, 10), np.int16))
    values[:2, :2] = [[10, 20], [30, -32768]]
    write_tif(tmp_path / "e.tif", values, transform=transform, nodata=-32768)
    metres = read_elevation(Elevation(file="e.tif"), FRAME, np.ones(20), Findings(tmp_path))
    assert metres.dtype == np.float32
    assert metres.tolist() == [20.0, *[0.0] * 19]


def test_an_untagged_sentinel_does_not_enter_the_mean(tmp_path):
    values, transform = finer(np.full((8, 10), 50, np.int16))
    values[0, 0], values[2:4, 2:4] = -9999, -9999
    write_tif(tmp_path / "e.tif", values, transform=transform)
    findings = Findings(tmp_path)
    metres = read_elevation(Elevation(file="e.tif"), FRAME, np.ones(20), findings)
    assert metres.tolist() == [50] * 20
    assert [(note.level, note.count) for note in findings.notes] == [("repaired", 0), ("repaired", 1)]
    assert "voids, filled from the heights within 500 m" in findings.notes[1].what


def test_impossible_heights_are_void_and_stay_so_where_the_raster_of_people_says_nothing(tmp_path):
    values = np.full((4, 5), 50, np.float32)
    values[1, 1] = 20_000
    write_tif(tmp_path / "e.tif", values)
    findings = Findings(tmp_path)
    metres = read_elevation(Elevation(file="e.tif"), FRAME, np.full(20, np.nan), findings)
    assert np.isnan(metres[6])
    assert [(note.level, note.count) for note in findings.notes] == [("left out", 1)]


def test_elevation_in_another_crs_is_laid_on_the_cells(tmp_path):
    utm = Frame("EPSG:32737", west=600_000, north=8_900_000, dx=90, dy=90, ny=200, nx=200)
    east_up = np.tile(np.arange(200, dtype=np.float32), (200, 1))
    write_tif(tmp_path / "e.tif", east_up, frame=utm)
    metres = read_elevation(Elevation(file="e.tif"), FRAME, np.zeros(20), Findings(tmp_path))
    rows = metres.reshape(4, 5)
    assert (np.diff(rows, axis=1) > 11).all()
    assert (np.diff(rows, axis=1) < 14).all()


def test_land_cover_is_the_most_frequent_class(tmp_path):
    values, transform = finer(np.full((8, 10), 40, np.uint8))
    values[:2, :2] = [[10, 10], [10, 80]]
    values[2:4, :2] = 0
    write_tif(tmp_path / "l.tif", values, transform=transform, nodata=0)
    findings = Findings(tmp_path)
    codes = read_land_cover(LandCover(file="l.tif"), FRAME, np.ones(20), findings)
    assert codes.dtype == np.int16
    assert codes.tolist() == [10, *[40] * 4, -1, *[40] * 14]
    assert findings.notes[0].count == 1


def test_a_raster_of_another_place_is_a_fault_with_both_extents(tmp_path):
    write_tif(tmp_path / "e.tif", PEOPLE, transform=Affine(0.01, 0, 10, 0, -0.01, 5))
    with pytest.raises(
        InputFaults, match=r"10\.0000, 4\.9600, 10\.0500, 5\.0000; the population raster: 40\.0000, -10"
    ):
        read_elevation(Elevation(file="e.tif"), FRAME, np.ones(20), Findings(tmp_path))


@pytest.mark.parametrize("name", ["https://example.org/p.tif", "/vsicurl/p.tif", "nowhere.tif"])
def test_only_files_on_this_computer_are_opened(tmp_path, name):
    with pytest.raises(InputFaults, match=r"not a file on this computer|no such file"):
        read_population(Population(file=name), Findings(tmp_path))
