from __future__ import annotations

import numpy as np
import pytest
from inputs.scene import FRAME, notes_of, write_layer
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from planner.errors import InputFaults
from planner.inputs.areas import read_areas, read_no_go
from planner.inputs.findings import Findings
from planner.inputs.projecting import apart
from planner.scenario import AreasFile, Season

WEST, EAST = box(40.0, -10.04, 40.02, -10.0), box(40.02, -10.04, 40.05, -10.0)
FAR = box(50, 0, 51, 1)


def areas_of(tmp_path, rows, shapes, crs="EPSG:4326", fixes=(), **options):
    write_layer(tmp_path / "a.gpkg", rows, shapes, crs)
    findings = Findings(tmp_path, fixes)
    return read_areas(AreasFile(file="a.gpkg", **options), FRAME, findings), findings


def test_without_a_file_the_whole_raster_is_one_area(tmp_path):
    areas = read_areas(AreasFile(), FRAME, Findings(tmp_path))
    assert (areas.code, areas.name) == (("ALL",), ("Whole area",))
    assert areas.geometry[0].bounds == pytest.approx(FRAME.bounds)


def test_names_codes_and_parents_are_read_as_text(tmp_path):
    rows = [
        {"name": "West", "nr": 7.0, "up": "Isle", "upnr": "01"},
        {"name": "East", "nr": 8.0, "up": "Isle", "upnr": "01"},
    ]
    columns = {"code": "nr", "parent_name": "up", "parent_code": "upnr"}
    areas, findings = areas_of(tmp_path, rows, [WEST, MultiPolygon([EAST])], **columns)
    assert (areas.name, areas.code) == (("West", "East"), ("7", "8"))
    assert (areas.parent_name, areas.parent_code) == (("Isle", "Isle"), ("01", "01"))
    assert not findings.notes


def test_the_name_is_the_code_and_a_repeated_name_gets_its_parent(tmp_path):
    rows = [{"name": "Centre", "up": "North"}, {"name": "Centre", "up": "South"}]
    areas, _ = areas_of(tmp_path, rows, [WEST, EAST], parent_name="up")
    assert areas.code == ("North / Centre", "South / Centre")
    assert areas.parent_code == ("North", "South")
    with pytest.raises(InputFaults, match='repeated codes of areas: row 1 "Centre", row 2 "Centre"'):
        areas_of(tmp_path, rows, [WEST, EAST])


def test_blank_codes_are_a_fault(tmp_path):
    with pytest.raises(InputFaults, match="blank or repeated codes of areas: row 2"):
        areas_of(tmp_path, [{"name": "a"}, {"name": None}], [WEST, EAST])


def test_only_the_wanted_level_and_place_are_kept(tmp_path):
    rows = [{"name": "West", "level": 4.0}, {"name": "Far", "level": 4.0}, {"name": "All", "level": 2.0}]
    areas, findings = areas_of(tmp_path, rows, [WEST, FAR, box(39, -11, 41, -9)], where={"level": ("4",)})
    assert areas.name == ("West",)
    assert notes_of(findings, "left out") == ['areas outside the population raster: row 2 "Far"']
    with pytest.raises(InputFaults, match="no area touches"):
        areas_of(tmp_path, rows[1:2], [FAR])


def test_a_crossed_outline_is_mended_and_the_change_told(tmp_path):
    bowtie = Polygon([(40, -10.04), (40.02, -10.0), (40.02, -10.04), (40, -10.0)])
    spike = Polygon([(40, -10.04), (40.04, -10.04), (40.04, -10.0), (40.05, -10.0), (40.04, -10.0), (40, -10.0)])
    rows = [{"name": "a"}, {"name": "b"}]
    with pytest.raises(
        InputFaults, match=r'1 areas whose .* more than 1%: row 1 "a" \(Self-intersection at 40.01, -10.02'
    ):
        areas_of(tmp_path, rows, [bowtie, spike])
    areas, findings = areas_of(tmp_path, rows, [bowtie, spike], fixes=["mend-outlines"])
    assert all(shape.is_valid for shape in areas.geometry)
    assert areas.geometry[0].area == pytest.approx(0.0004)
    (note,) = findings.notes
    assert (note.level, note.count) == ("repaired", 2)
    assert [change.after for change in note.changes] == [
        "mended: its area was 0", "mended: its area changes by +0.00%",
    ]  # fmt: skip


def test_what_is_no_polygon_is_a_fault(tmp_path):
    with pytest.raises(InputFaults, match="holds no polygons; found Point"):
        areas_of(tmp_path, [{"name": "a"}, {"name": "b"}], [Point(40, -10), None])


def test_rows_and_parts_that_are_no_polygon_are_left_out_and_named(tmp_path):
    mixed = GeometryCollection(
        [
            WEST,
            Point(40, -10),
            GeometryCollection([box(40.03, -10.04, 40.05, -10.0), LineString([(40, -10), (41, -10)])]),
        ]
    )
    areas, findings = areas_of(tmp_path, [{"name": n} for n in "abc"], [Point(40, -10), mixed, None])
    assert areas.name == ("b",)
    assert areas.geometry[0].area == pytest.approx(WEST.area * 2)
    assert [(note.level, note.what, [(c.place, c.before) for c in note.changes]) for note in findings.notes] == [
        (
            "left out",
            'parts of areas that are no polygon: row 2 "b", row 2 "b"',
            [('row 2 "b"', "Point"), ('row 2 "b"', "LineString")],
        ),
        (
            "left out",
            'areas without a polygon: row 1 "a", row 3 "c"',
            [('row 1 "a"', "Point"), ('row 3 "c"', "no geometry")],
        ),
    ]


def test_areas_are_projected_to_the_crs_of_the_raster(tmp_path):
    import geopandas as gpd

    metric = gpd.GeoSeries([WEST], crs="EPSG:4326").to_crs("EPSG:32737")
    areas, _ = areas_of(tmp_path, [{"name": "West"}], metric, crs="EPSG:32737")
    assert areas.geometry[0].symmetric_difference(WEST).area < 1e-9


def test_areas_closed_in_a_season_are_read_and_far_ones_noted(tmp_path):
    findings = Findings(tmp_path)
    assert len(read_no_go(Season(), FRAME, findings)) == 0
    write_layer(tmp_path / "flood.geojson", [{"id": 1}, {"id": 2}], [WEST, FAR])
    season = Season(no_go="flood.geojson", no_go_source="Flood of 2024 (CC BY 4.0)")
    closed = read_no_go(season, FRAME, findings)
    assert [shape.bounds for shape in closed] == [pytest.approx(WEST.bounds)]
    assert notes_of(findings, "info") == ["features that do not touch the population raster"]
    (source,) = findings.sources
    assert (source.role, source.file, source.citation) == ("no-go areas", "flood.geojson", "Flood of 2024 (CC BY 4.0)")


def test_closed_areas_that_are_no_polygons_are_a_fault(tmp_path):
    write_layer(tmp_path / "flood.gpkg", [{"id": 1}], [Point(40, -10)])
    with pytest.raises(InputFaults, match=r"no-go areas \(flood.gpkg\): holds no polygons; found Point"):
        read_no_go(Season(no_go="flood.gpkg"), FRAME, Findings(tmp_path))
    (tmp_path / "flood.tab").write_text("!table", encoding="utf-8")
    with pytest.raises(InputFaults, match="is of a kind that is not read"):
        read_no_go(Season(no_go="flood.tab"), FRAME, Findings(tmp_path))


@pytest.mark.parametrize("shapes", [[], [Polygon()]])
def test_where_areas_without_coordinates_lie_is_told_in_words(shapes):
    assert apart(np.array(shapes, object), FRAME) == ("they have no coordinates", "Export it again with its geometry.")


def test_a_file_of_which_no_outline_is_left_is_a_fault(tmp_path):
    flat = Polygon([(40, -10), (40.01, -10), (40.02, -10), (40, -10)])
    with pytest.raises(InputFaults, match="has no outline that holds any ground"):
        areas_of(tmp_path, [{"name": "a"}], [flat])


def test_an_area_that_touches_the_edge_of_the_raster_in_a_point_is_read(tmp_path):
    corner = Polygon([(40.05, -10.04), (40.06, -10.04), (40.05, -10.05)])
    areas, _ = areas_of(tmp_path, [{"name": "in"}, {"name": "touching"}], [WEST, corner], fixes=["part-of-areas"])
    assert "in" in areas.name
