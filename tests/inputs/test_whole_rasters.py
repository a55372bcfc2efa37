"""People are read as the file has them, on any grid; layers lie by their coordinates; damaged files are faults."""

import math
import random
import subprocess
import sys

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inputs.scene import FRAME, PEOPLE, file_of, write_tif
from pyproj import Geod, Transformer

from planner.errors import InputFaults
from planner.inputs.findings import Findings
from planner.inputs.rasters import read_elevation, read_population
from planner.inputs.rasters.cells import stretch
from planner.inputs.rasters.counts import read_counts
from planner.scenario import Elevation, Population, RasterFile
from planner.types.frame import Frame

FRAMES = (
    Frame("EPSG:4326", west=34.0, north=-13.0, dx=1 / 1200, dy=1 / 1200, ny=1, nx=1),
    Frame("EPSG:4326", west=179.99, north=60.0, dx=1 / 120, dy=1 / 240, ny=1, nx=1),
    Frame("EPSG:32736", west=600_000.0, north=8_500_000.0, dx=100.0, dy=100.0, ny=1, nx=1),
    Frame("EPSG:32637", west=400_000.0, north=300_000.0, dx=1000.0, dy=500.0, ny=1, nx=1),
)
LAYOUTS = (
    {},
    {"compress": "deflate", "predictor": 2},
    {"tiled": True, "blockxsize": 16, "blockysize": 16},
    {"tiled": True, "blockxsize": 32, "blockysize": 16, "compress": "lzw"},
)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(
    frame=st.sampled_from(FRAMES), layout=st.sampled_from(LAYOUTS), ny=st.integers(1, 50), nx=st.integers(1, 50),
    seed=st.integers(0, 2**32), south_up=st.booleans(), times=st.integers(1, 4), nodata=st.sampled_from((None, -99999)),
)  # fmt: skip
def test_people_are_never_moved_between_cells_nor_lost(tmp_path, frame, layout, ny, nx, seed, south_up, times, nodata):
    dice = np.random.default_rng(seed)
    people = dice.gamma(0.4, 30, (ny, nx)).astype(np.float32)
    people[dice.random((ny, nx)) < 0.3] = 0 if nodata is None else nodata
    people[dice.integers(ny), dice.integers(nx)] = 1
    south = frame.north - ny * frame.dy
    up = Affine(frame.dx, 0, frame.west, 0, frame.dy, south)
    down = Affine(frame.dx, 0, frame.west, 0, -frame.dy, frame.north)
    write_tif(
        tmp_path / "p.tif", people[::-1] if south_up else people, frame=frame, transform=up if south_up else down,
        nodata=nodata, **layout,
    )  # fmt: skip
    exact = math.fsum(people[people > 0].astype(float).tolist())
    here, cells, _ = read_population(Population(file="p.tif", cell=times), Findings(tmp_path))
    assert np.nansum(cells) == pytest.approx(exact, rel=1e-12)
    assert (here.ny, here.nx) == (-(-ny // times), -(-nx // times))
    row, col = np.nonzero(people > 0)
    x, y = frame.west + (col + 0.5) * frame.dx, frame.north - (row + 0.5) * frame.dy
    own = here.cell_of(x, y)
    assert (own >= 0).all()
    expected = np.bincount(own, people[row, col].astype(float), here.n)
    np.testing.assert_allclose(np.nan_to_num(cells), expected, rtol=1e-12)


def test_ten_million_cells_of_float32_have_the_sum_of_their_exact_values(tmp_path):
    people = np.random.default_rng(3).gamma(0.3, 10, (2500, 4000)).astype(np.float32)
    write_tif(tmp_path / "p.tif", people, transform=Affine(1 / 1200, 0, 30, 0, -1 / 1200, 5))
    findings = Findings(tmp_path)
    _, cells, _ = read_population(Population(file="p.tif"), findings)
    exact = math.fsum(people.ravel().tolist())
    assert cells.dtype == np.float64
    assert abs(cells.sum() - exact) <= 1e-12 * exact
    assert f"{exact:,.0f} people" in findings.notes[0].what


def ground(lon, lat):
    """A height that is different everywhere, and smooth."""
    return 800 + 5000 * (np.asarray(lon) - 40) + 3000 * (np.asarray(lat) + 10)


@quick
@given(
    crs=st.sampled_from(("EPSG:4326", "EPSG:32737", "EPSG:3857")), shift=st.floats(0, 1), fine=st.floats(0.2, 0.9),
    south_up=st.booleans(), turn=st.sampled_from((0, -360)),
)  # fmt: skip
def test_elevation_lies_by_its_coordinates_however_its_own_grid_lies(tmp_path, crs, shift, fine, south_up, turn):
    to_own = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    west, south, east, north = to_own.transform_bounds(39.95, -10.09, 40.10, -9.95)
    step = (east - west) / 15 * fine
    west, north = west + shift * step, north - shift * step
    ny, nx = int((north - south) / step), int((east - west) / step)
    x, y = np.meshgrid(west + (np.arange(nx) + 0.5) * step, north - (np.arange(ny) + 0.5) * step)
    values = ground(*to_own.transform(x, y, direction="INVERSE")).astype(np.float32)
    west += turn if crs == "EPSG:4326" else 0
    up, down = Affine(step, 0, west, 0, step, north - ny * step), Affine(step, 0, west, 0, -step, north)
    write_tif(tmp_path / "e.tif", values[::-1] if south_up else values, crs=crs, transform=up if south_up else down)
    metres = read_elevation(Elevation(file="e.tif"), FRAME, np.ones(FRAME.n), Findings(tmp_path))
    wanted = ground(*FRAME.centre_of(np.arange(FRAME.n)))
    assert (
        np.abs(metres - wanted).max() < 30
    )  # a cell is 50 m higher than the next; the averages of shifted cells differ


@pytest.mark.parametrize("crs", ["EPSG:32736", "EPSG:32636", "EPSG:32737", "EPSG:3857", "EPSG:3395"])
@pytest.mark.parametrize("lat", [-13.0, 0.5])
def test_the_stretch_that_is_told_is_that_of_distances_on_the_ellipsoid(crs, lat):
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(34.0, lat)
    frame = Frame(crs, x, y, 100.0, 100.0, 50, 50)
    dice = np.random.default_rng(1)
    start, end = (dice.uniform(0, 5000, (2, 400)) for _ in range(2))
    ends = (x + start[0], y - start[1], x + end[0], y - end[1])
    lon_lat = [*frame.lonlat(*ends[:2]), *frame.lonlat(*ends[2:])]
    off = np.abs(frame.metres_on_grid(*ends) / Geod(ellps="WGS84").inv(*lon_lat)[2] - 1).max()
    assert stretch(frame) == pytest.approx(off, abs=2e-4)
    assert crs != "EPSG:32736" or stretch(frame) < 0.001


def read(path):
    return read_counts(file_of(path), RasterFile())[1]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_cut_short_anywhere_is_a_fault(tmp_path, layout):
    rough = np.random.default_rng(7).gamma(1, 20, (40, 50)).astype(np.float32)
    path = write_tif(tmp_path / "p.tif", rough, **layout)
    whole = path.read_bytes()
    for size in np.linspace(0, len(whole) - 1, 100).astype(int).tolist():
        path.write_bytes(whole[:size])
        with pytest.raises(InputFaults):
            read(path)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_flipped_bit_is_a_fault_or_leaves_people_as_they_are_where_a_checksum_is(tmp_path, layout):
    """Nothing tells a changed number of an uncompressed file, or of a header, from a right one; but nothing crashes."""
    rough = np.random.default_rng(7).gamma(1, 20, (40, 50)).astype(np.float32)
    path = write_tif(tmp_path / "p.tif", rough, **layout)
    whole, dice = path.read_bytes(), random.Random(11)
    with rasterio.open(path) as source:
        first = int(source.get_tag_item("BLOCK_OFFSET_0_0", "TIFF", bidx=1))
        size = int(source.get_tag_item("BLOCK_SIZE_0_0", "TIFF", bidx=1))
    for at in [dice.randrange(len(whole)) for _ in range(120)] + [
        dice.randrange(first, first + size) for _ in range(30)
    ]:
        flipped = bytearray(whole)
        flipped[at] ^= 1 << dice.randrange(8)
        path.write_bytes(flipped)
        try:
            people = read(path)
        except InputFaults:
            continue
        if first <= at < first + size and layout.get("compress") == "deflate":
            assert np.array_equal(people, rough.ravel())


KILLED = """
import os, sys
import numpy as np, rasterio
from affine import Affine
from rasterio.windows import Window
target = rasterio.open(sys.argv[1], "w", driver="GTiff", count=1, height=512, width=512, dtype="float32",
    crs="EPSG:4326", transform=Affine(1 / 1200, 0, 30, 0, -1 / 1200, 5), **eval(sys.argv[2]))
for row in range(0, 384, 64):
    target.write(np.ones((1, 64, 512), "float32"), window=Window(0, row, 512, 64))
os._exit(9)
"""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_a_killed_program_left_behind_is_a_fault_not_a_land_without_people(tmp_path, layout):
    path = tmp_path / "p.tif"
    subprocess.run([sys.executable, "-c", KILLED, str(path), repr(layout)], check=False, capture_output=True)
    assert path.exists()
    with pytest.raises(InputFaults, match=r"blocks|cut short|cannot be read"):
        read(path)


@pytest.mark.parametrize(("x", "cell"), [(-179.995, 19), (180.005, 19), (179.815, 0), (-180.185, 0), (180.015, -1)])
def test_degrees_past_180_are_those_from_minus_180(x, cell):
    frame = Frame("EPSG:4326", west=179.81, north=0.0, dx=0.01, dy=0.01, ny=1, nx=20)
    assert frame.cell_of([x], [-0.005]).tolist() == [cell]


def test_children_of_another_band_are_read_from_a_file_of_one_band(tmp_path):
    write_tif(tmp_path / "p.tif", np.stack([PEOPLE * 2, PEOPLE]))
    write_tif(tmp_path / "c.tif", PEOPLE / 5)
    asked = Population(file="p.tif", band=2, under_five_file="c.tif")
    _, people, children = read_population(asked, Findings(tmp_path))
    assert people.sum() == 190
    assert children.sum() == pytest.approx(38)
