from __future__ import annotations

import numpy as np
import osmium
import pytest
from inputs.scene import FRAME, notes_of, write_layer
from shapely.geometry import LineString, MultiLineString, Point, Polygon

from planner.errors import InputFaults
from planner.inputs.findings import Findings
from planner.inputs.roads import read_roads
from planner.inputs.water import read_water
from planner.scenario import Roads, Water
from planner.types.frame import Frame

UTM = Frame("EPSG:32737", west=600_000, north=8_890_000, dx=1000, dy=1000, ny=20, nx=20)


def osm(ways, relations=(), nodes=25):
    """OSM XML: nodes 1..25 stand on the corners of the frame's cells, row by row, five a row; node 99 is missing."""
    corners = [(k + 1, -10 - 0.01 * (k // 5), 40 + 0.01 * (k % 5)) for k in range(nodes)]
    lines = ['<osm version="0.6">']
    lines += [f'<node id="{number}" version="1" lat="{lat}" lon="{lon}"/>' for number, lat, lon in corners]
    lines.append('<node id="50" version="1" lat="20" lon="20"/><node id="51" version="1" lat="20.1" lon="20"/>')
    for number, (refs, tags) in enumerate(ways, start=100):
        lines.append(f'<way id="{number}" version="1">' + "".join(f'<nd ref="{ref}"/>' for ref in refs) + tagged(tags))
        lines.append("</way>")
    for number, (members, tags) in enumerate(relations, start=500):
        lines.append(f'<relation id="{number}" version="1">')
        lines += [f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members]
        lines.append(tagged({"type": "multipolygon", **tags}) + "</relation>")
    return "\n".join([*lines, "</osm>"])


def tagged(tags):
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def roads_of(tmp_path, name="r.osm", content=None, frame=FRAME, **options):
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    findings = Findings(tmp_path)
    return read_roads(Roads(file=name, **options), frame, findings), findings


def water_of(tmp_path, content, water=None, roads=None):
    (tmp_path / "r.osm").write_text(content, encoding="utf-8")
    findings = Findings(tmp_path)
    return read_water(water or Water(), roads or Roads(file="r.osm"), FRAME, findings), findings


def test_highways_are_read_with_their_tags(tmp_path):
    ways = [
        ([1, 2, 3], {"highway": "track", "name": "Rue É", "surface": "dirt", "oneway": "yes"}),
        ([6, 7], {"highway": "path", "bridge": "viaduct", "oneway": "-1"}),
        ([11, 12], {"highway": "primary", "bridge": "no", "ford": "yes", "oneway": "no"}),
        ([1, 6], {"building": "yes"}),
        ([1, 6], {"route": "hiking"}),
    ]
    roads, findings = roads_of(tmp_path, content=osm(ways))
    assert roads.highway.tolist() == ["track", "path", "primary"]
    assert roads.name.tolist() == ["Rue É", "", ""]
    assert roads.surface.tolist() == ["dirt", "", ""]
    assert roads.bridge.tolist() == [False, True, False]
    assert roads.ford.tolist() == [False, False, True]
    assert roads.oneway.tolist() == [1, -1, 0]
    assert [*roads.geometry[0].coords] == [(40.0, -10.0), (40.01, -10.0), (40.02, -10.0)]
    assert not findings.notes


def test_smoothness_tracktype_and_the_number_of_a_road_without_a_name_are_read(tmp_path):
    ways = [
        ([1, 2], {"highway": "track", "tracktype": "grade4", "ref": "RN2"}),
        ([2, 3], {"highway": "track", "smoothness": "very_bad", "name": "Rue", "ref": "RN2"}),
    ]
    roads, _ = roads_of(tmp_path, content=osm(ways))
    assert roads.name.tolist() == ["RN2", "Rue"]
    assert roads.tracktype.tolist() == ["grade4", ""]
    assert roads.smoothness.tolist() == ["", "very_bad"]


def test_a_ferry_is_a_road_of_its_own_class_even_where_it_is_tagged_as_another(tmp_path):
    ways = [([1, 2], {"route": "ferry", "name": "Vedette"}), ([2, 3], {"route": "ferry", "highway": "track"})]
    roads, _ = roads_of(tmp_path, content=osm(ways))
    assert roads.highway.tolist() == ["ferry", "ferry"]
    assert roads.name.tolist() == ["Vedette", ""]


def test_no_table_of_speeds_on_foot_walks_a_ferry():
    from planner.files import data_folder

    tables = sorted((data_folder() / "speeds").glob("roads_on_foot*.csv"))
    assert tables
    assert not [table for table in tables if "ferry" in table.read_text(encoding="utf-8")]


@pytest.mark.parametrize(
    ("tags", "oneway"),
    [
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"highway": "motorway_link"}, 0),
        ({"highway": "tertiary", "junction": "roundabout"}, 1),
        ({"highway": "tertiary", "junction": "roundabout", "oneway": "-1"}, -1),
        ({"highway": "tertiary", "junction": "yes"}, 0),
        ({"highway": "tertiary", "oneway": "alternating"}, 0),
    ],
)
def test_motorways_and_roundabouts_are_one_way_unless_said(tmp_path, tags, oneway):
    assert roads_of(tmp_path, content=osm([([1, 2], tags)]))[0].oneway.tolist() == [oneway]


@pytest.mark.parametrize(
    ("tags", "motor"),
    [
        ({"highway": "track"}, True),
        ({"highway": "track", "access": "no"}, False),
        ({"highway": "track", "access": "private"}, True),
        ({"highway": "track", "motor_vehicle": "no"}, False),
        ({"highway": "track", "vehicle": "no", "access": "yes"}, False),
        ({"highway": "track", "access": "no", "motor_vehicle": "yes"}, True),
        ({"route": "ferry", "motor_vehicle": "no"}, True),
        ({"route": "ferry", "access": "no"}, False),
    ],
)
def test_vehicles_are_kept_off_by_the_most_particular_tag(tmp_path, tags, motor):
    assert roads_of(tmp_path, content=osm([([1, 2], tags)]))[0].motor.tolist() == [motor]


def test_what_cannot_be_drawn_or_lies_elsewhere_is_told(tmp_path):
    ways = [([1, 2], {"highway": "path"}), ([1, 99], {"highway": "path"}), ([1, 1], {"highway": "path"}),
            ([50, 51], {"highway": "path"})]  # fmt: skip
    roads, findings = roads_of(tmp_path, content=osm(ways))
    assert len(roads) == 1
    assert [(note.level, note.what[:23], note.count) for note in findings.notes] == [
        ("left out", "ways whose nodes are no", 1),
        ("left out", "ways of no length", 1),
        ("info", "features that do not to", 1),
    ]


def test_a_pbf_gives_the_same_roads(tmp_path):
    ways = [([k % 25 + 1, (k + 7) % 25 + 1], {"highway": "path", "name": f"way {k}"}) for k in range(300)]
    plain, _ = roads_of(tmp_path, content=osm(ways))
    with osmium.SimpleWriter(tmp_path / "r.osm.pbf") as writer:
        for thing in osmium.FileProcessor(tmp_path / "r.osm"):
            writer.add(thing)
    packed, _ = roads_of(tmp_path, "r.osm.pbf")
    assert packed.name.tolist() == plain.name.tolist()
    assert [shape.wkb for shape in packed.geometry] == [shape.wkb for shape in plain.geometry]


def test_water_is_taken_from_the_roads_file(tmp_path):
    ring = [1, 2, 7, 6, 1]
    ways = [
        ([1, 2, 3], {"waterway": "river", "name": "Ruo", "intermittent": "yes"}),
        ([6, 7], {"waterway": "stream", "seasonal": "no"}),
        ([6, 8], {"waterway": "stream", "tunnel": "culvert"}),
        ([6, 9], {"waterway": "ditch"}),
        (ring, {"natural": "water", "water": "lagoon"}),
        (ring, {"natural": "water", "water": "river"}),
        (ring, {"waterway": "riverbank"}),
        (ring, {"landuse": "reservoir"}),
        (ring, {"natural": "water"}),
        (ring, {"natural": "wood"}),
    ]
    water, findings = water_of(tmp_path, osm(ways))
    found = sorted(zip(water.kind, [shape.geom_type for shape in water.geometry], strict=True))
    assert found == [
        ("lagoon", "Polygon"),
        ("reservoir", "Polygon"),
        ("river", "LineString"),
        ("riverbank", "Polygon"),
        ("riverbank", "Polygon"),
        ("stream", "LineString"),
        ("water", "Polygon"),
    ]
    assert water.name[water.kind == "river"].tolist() == ["Ruo"]
    assert water.seasonal.sum() == 1
    assert [note.count for note in findings.notes] == [1]
    assert findings.sources[0].role == "water"


def test_an_island_in_a_lake_is_a_hole(tmp_path):
    ways = [([1, 5, 25, 21, 1], {}), ([7, 8, 13, 12, 7], {})]
    relations = [([(100, "outer"), (101, "inner")], {"natural": "water", "water": "lake"})]
    water, _ = water_of(tmp_path, osm(ways, relations))
    assert water.kind.tolist() == ["lake"]
    assert len(water.geometry[0].interiors) == 1


def test_water_of_a_layer_needs_its_kind_or_the_word_that_it_has_none(tmp_path):
    shapes = [LineString([(40, -10), (40.05, -10.02)]), Polygon([(40, -10), (40.01, -10), (40, -10.01)])]
    write_layer(tmp_path / "w.gpkg", [{"sort": "river", "seasonal": "yes"}, {"sort": None, "seasonal": None}], shapes)
    with pytest.raises(InputFaults, match=r'no column "waterway"; .* kind_column = "" makes every feature a barrier'):
        water_of(tmp_path, osm([]), Water(file="w.gpkg"))
    water, _ = water_of(tmp_path, osm([]), Water(file="w.gpkg", kind_column="sort"))
    assert water.kind.tolist() == ["river", "water"]
    assert water.seasonal.tolist() == [True, False]
    water, _ = water_of(tmp_path, osm([]), Water(file="w.gpkg", kind_column=""))
    assert water.kind.tolist() == ["water", "water"]


def test_there_is_no_water_where_no_file_can_hold_it(tmp_path):
    findings = Findings(tmp_path)
    assert len(read_water(Water(), Roads(file="r.gpkg"), FRAME, findings)) == 0
    assert len(read_water(Water(), Roads(), FRAME, findings)) == 0
    assert len(read_roads(Roads(), FRAME, findings)) == 0


def test_roads_of_a_layer_in_another_crs_are_projected_split_and_kept_whole(tmp_path):
    lon, lat = UTM.lonlat([605_000, 605_500, 590_000, 601_000], [8_880_000, 8_880_000, 8_880_000, 8_880_000])
    at = list(zip(lon, lat, [7.0] * 4, strict=True))
    shapes = [MultiLineString([at[:2], at[2:]]), LineString([at[0], at[0]]), Point(at[0]), None]
    rows = [{"sort": kind, "bridge": "yes", "oneway": 1} for kind in ("track", "track", "track", "path")]
    write_layer(tmp_path / "r.gpkg", rows, shapes)
    roads, findings = roads_of(tmp_path, "r.gpkg", frame=UTM, class_column="sort")
    assert roads.highway.tolist() == ["track", "track"]
    assert roads.bridge.all()
    assert roads.oneway.tolist() == [1, 1]
    assert not any(shape.has_z for shape in roads.geometry)
    assert roads.geometry[0].length == pytest.approx(500, abs=0.1)
    assert roads.geometry[1].length == pytest.approx(11_000, abs=2)
    assert [(note.level, note.count) for note in findings.notes] == [("left out", 1)] * 3


def test_roads_without_a_class_are_left_out(tmp_path):
    line = LineString([(40, -10, 5), (40.05, -10.02, 6)])
    write_layer(tmp_path / "r.geojson", [{"highway": "path"}, {"highway": None}], [line, line])
    roads, findings = roads_of(tmp_path, "r.geojson")
    assert not roads.geometry[0].has_z
    assert roads.highway.tolist() == ["path"]
    assert notes_of(findings, "left out") == ["roads without a class"]
    with pytest.raises(InputFaults, match='no column "class"; found "highway"'):
        roads_of(tmp_path, "r.geojson", class_column="class")


def test_a_layer_is_chosen_by_name_where_there_are_several(tmp_path):
    line = LineString([(40, -10), (40.05, -10.02)])
    for layer in ("roads", "rivers"):
        write_layer(tmp_path / "r.gpkg", [{"highway": layer}], [line], layer=layer)
    with pytest.raises(InputFaults, match="2 layers with geometry; found roads, rivers"):
        roads_of(tmp_path, "r.gpkg")
    with pytest.raises(InputFaults, match=r'no layer "road"; .* Did you mean "roads"'):
        roads_of(tmp_path, "r.gpkg", layer="road")
    assert roads_of(tmp_path, "r.gpkg", layer="rivers")[0].highway.tolist() == ["rivers"]


@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
def test_a_layer_without_crs_or_of_another_kind_is_a_fault(tmp_path):
    line = LineString([(600_000, 8_890_000), (605_000, 8_890_000)])
    write_layer(tmp_path / "r.gpkg", [{"highway": "path"}], [line], crs=None)
    with pytest.raises(InputFaults, match="no coordinate reference system"):
        roads_of(tmp_path, "r.gpkg")
    with pytest.raises(InputFaults, match="of a kind that is not read"):
        roads_of(tmp_path, "r.tab", content="x")
    with pytest.raises(InputFaults, match="no Shapefile by its content"):
        roads_of(tmp_path, "r.shp", content="x")
    with pytest.raises(InputFaults, match="no GeoJSON by its content"):
        roads_of(tmp_path, "r.geojson", content="<OGRVRTDataSource/>")
    with pytest.raises(InputFaults, match="cannot be read"):
        roads_of(tmp_path, "r.geojson", content='{"type": "FeatureCollection", "features": [{')


def test_a_street_of_an_osmnx_network_is_one_road_in_its_drawn_direction(tmp_path):
    import networkx as nx
    import osmnx

    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for node, (x, y) in {1: (40.0, -10.0), 2: (40.02, -10.0), 3: (40.04, -10.02)}.items():
        graph.add_node(node, x=x, y=y, street_count=2)
    bent = LineString([(40.02, -10.0), (40.03, -10.0), (40.04, -10.02)])
    graph.add_edge(2, 1, osmid=10, highway="residential", oneway=False, reversed=True, length=1.0)
    graph.add_edge(1, 2, osmid=10, highway="residential", oneway=False, reversed=False, length=1.0)
    graph.add_edge(
        2, 3, osmid=[11, 12], highway=["track", "path"], name="Rue", oneway=True, reversed=False, length=1.0,
        geometry=bent, bridge="yes", tracktype="grade2", motor_vehicle="no",
    )  # fmt: skip
    osmnx.save_graphml(graph, tmp_path / "r.graphml")
    roads, _ = roads_of(tmp_path, "r.graphml")
    assert roads.highway.tolist() == ["residential", "track"]
    assert roads.oneway.tolist() == [0, 1]
    assert roads.bridge.tolist() == [False, True]
    assert roads.name.tolist() == ["", "Rue"]
    assert roads.tracktype.tolist() == ["", "grade2"]
    assert roads.motor.tolist() == [True, False]
    assert np.asarray(roads.geometry[0].coords)[:, 0].tolist() == [40.0, 40.02]
    assert roads.geometry[1].equals(bent)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is no XML"),
        ("no xml", "is no XML"),
        ("<?xml version='1.0' encoding='u-f-8'?><graphml/>", "is no XML: unknown encoding"),
        ("<graphml/>", "no street network as OSMnx writes it"),
        ('<!DOCTYPE g [<!ENTITY a SYSTEM "/etc/passwd">]><graphml>&a;</graphml>', "has a document type"),
    ],
)
def test_a_broken_or_hostile_network_is_a_fault(tmp_path, content, said):
    with pytest.raises(InputFaults, match=said):
        roads_of(tmp_path, "r.graphml", content=content)
