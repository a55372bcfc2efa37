from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import stat
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inputs.scene import FRAME, file_of, write_layer
from shapely.geometry import LineString, Point, Polygon, box

from planner.errors import InputFaults
from planner.files import sha256_of
from planner.inputs import archive
from planner.inputs.areas import read_areas
from planner.inputs.features import read_features
from planner.inputs.findings import Findings
from planner.inputs.projecting import project
from planner.scenario import AreasFile
from planner.types.frame import Frame

WEST, EAST = box(40.0, -10.04, 40.02, -10.0), box(40.02, -10.04, 40.05, -10.0)
ROWS = [{"name": "Ébène", "code": "01"}, {"name": "Est", "code": "02"}]
PLACEMARK = "<Placemark><name>Mbale</name><Point><coordinates>40.01,-10.02,7</coordinates></Point></Placemark>"


def kml(content):
    return f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{content}</Document></kml>'


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def point(*xy):
    return {"type": "Point", "coordinates": xy}


def write_geojson(path, features, **members):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}), encoding="utf-8")
    return path


def notes(file):
    return [(note.level, note.what) for note in file.findings.notes]


def columns(table):
    return dict(zip(table.header, map(list, table.columns), strict=True))


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.json", "a.shp", "a.kml"])
def test_every_format_gives_back_the_same_features_to_a_ten_millionth_of_a_degree(tmp_path, name):
    driver = {"json": "GeoJSON", "kml": "KML"}.get(name.rpartition(".")[2])
    write_layer(tmp_path / name, ROWS, [WEST, EAST], driver=driver)
    table = read_features(file_of(tmp_path / name), "")
    read = columns(table)
    assert (read.get("name") or read["Name"]) == ["Ébène", "Est"]
    assert read["code"] == ["01", "02"]
    shapes = project(table.shapes(), table.crs, FRAME)
    assert all(shapely.equals_exact(shapes, [WEST, EAST], 1e-7, normalize=True))


def test_a_zipped_shapefile_is_read_and_one_of_several_is_named(tmp_path):
    for name in ("wards", "lakes"):
        write_layer(tmp_path / f"{name}.shp", ROWS, [WEST, EAST])
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as target:
        for path in tmp_path.glob("wards.*"):
            target.write(path, f"data/{path.name}")
    assert columns(read_features(file_of(tmp_path / "a.zip"), ""))["name"] == ["Ébène", "Est"]
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as target:
        for path in tmp_path.glob("lakes.*"):
            target.write(path, f"data/{path.name}")
        target.writestr("__MACOSX/._lakes.shp", b"")
    with pytest.raises(InputFaults, match=r"holds 2 files of features; found wards.shp, lakes.shp"):
        read_features(file_of(tmp_path / "a.zip"), "")
    assert len(read_features(file_of(tmp_path / "a.zip"), "lakes")) == 2
    (tmp_path / "empty.zip").write_bytes(b"PK\5\6" + bytes(18))
    with pytest.raises(InputFaults, match="holds 0 files of features; found none"):
        read_features(file_of(tmp_path / "empty.zip"), "")


def test_the_parts_of_a_shapefile_are_cited_with_their_checksums(tmp_path):
    write_layer(tmp_path / "a.shp", ROWS, [WEST, EAST])
    findings = Findings(tmp_path)
    read_areas(AreasFile(file="a.shp", source="Survey 2024"), FRAME, findings)
    assert {source.file for source in findings.sources} == {"a.shp", "a.shx", "a.dbf", "a.prj", "a.cpg"}
    assert {source.citation for source in findings.sources} == {"Survey 2024"}
    assert all(source.sha256 == sha256_of(tmp_path / source.file) for source in findings.sources)


@pytest.mark.parametrize("encoding", ["UTF-8", "cp1252"])
def test_a_table_that_does_not_say_its_encoding_is_read_as_utf_8_where_it_can_be(tmp_path, encoding):
    write_layer(tmp_path / "a.shp", ROWS, [WEST, EAST], encoding=encoding)
    (tmp_path / "a.cpg").unlink()
    file = file_of(tmp_path / "a.shp")
    assert columns(read_features(file, ""))["name"] == ["Ébène", "Est"]
    ((level, what),) = notes(file)
    assert level == "repaired"
    assert encoding in what


def test_a_shapefile_without_its_index_is_a_fault_and_nothing_is_written_beside_it(tmp_path):
    write_layer(tmp_path / "a.shp", ROWS, [WEST, EAST])
    (tmp_path / "a.shx").unlink()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputFaults, match="cannot be read: Unable to open"):
        read_features(file_of(tmp_path / "a.shp"), "")
    assert sorted(tmp_path.iterdir()) == before


def test_kml_in_folders_says_that_the_first_is_read_and_links_are_not_followed(tmp_path):
    folders = "".join(f"<Folder><name>{name}</name>{PLACEMARK}</Folder>" for name in ("North", "South"))
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"
    (tmp_path / "a.kml").write_text(kml(folders + link), encoding="utf-8")
    file = file_of(tmp_path / "a.kml")
    assert columns(read_features(file, "", first=True))["Name"] == ["Mbale"]
    assert notes(file) == [
        ("left out", "links to maps elsewhere (NetworkLink): they are not followed"),
        ("warning", 'only its first layer, "North", is read; others: South'),
    ]
    with pytest.raises(InputFaults, match="has 2 layers with geometry; found North, South"):
        read_features(file_of(tmp_path / "a.kml"), "")
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as target:
        target.write(tmp_path / "a.kml", "doc.kml")
    assert len(read_features(file_of(tmp_path / "a.kmz"), "South")) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.geojson",
            '{"type": "gdal_streamed_alg", "command_line": "gdal vector read secret.gpkg"}',
            "cannot be read",
        ),
        ("a.kml", "<OGRVRTDataSource/>", "begins with <OGRVRTDataSource>, not <kml>"),
        ("a.kml", '<!DOCTYPE kml [<!ENTITY x SYSTEM "secret">]><kml>&x;</kml>', "has a document type"),
        ("a.kml", "<!DOCTYPE html><html></html>", "is a web page"),
        ("a.kml", "<kml", "is no XML"),
        ("a.kml", kml(""), "has 0 layers with geometry; found none"),
        ("a.geojson", "<html>", "is no GeoJSON by its content"),
        ("a.gpkg", "SQLite format 3", "is no GeoPackage by its content"),
        ("a.shp", "PK", "is no Shapefile by its content"),
        ("a.zip", "PK", "cannot be unpacked"),
        ("a.geojson", '{"type": "FeatureCollection", "features": [{"type": "Fea', "cannot be read"),
        ("a.geojson", '{"a":' * 100_000, "cannot be read"),
        ("a.geojson", '{"type": "FeatureCollection", "features": null}', "cannot be read"),
        ("a.geojson", "", "is no GeoJSON by its content"),
    ],
)
def test_what_is_not_what_it_is_called_is_a_fault_and_draws_in_no_other_file(tmp_path, name, content, said):
    write_layer(tmp_path / "secret.gpkg", ROWS, [WEST, EAST])
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputFaults, match=said):
        read_features(file_of(tmp_path / name), "")


def test_a_database_that_is_no_geopackage_is_a_fault(tmp_path):
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        database.execute("create table places (name text)")
    database.close()
    with pytest.raises(InputFaults, match=r"found none|by its content|cannot be read"):
        read_features(file_of(tmp_path / "a.gpkg"), "")


def test_a_table_without_geometry_serves_a_list(tmp_path):
    import pyogrio

    frame = gpd.GeoDataFrame({"name": ["a"], "lat": [-10.0]})
    pyogrio.write_dataframe(frame, tmp_path / "a.gpkg", layer="list")
    table = read_features(file_of(tmp_path / "a.gpkg"), "", first=True)
    assert (table.geometry, columns(table)["lat"]) == (None, ["-10"])
    with pytest.raises(InputFaults, match="has 0 layers with geometry; found list"):
        read_features(file_of(tmp_path / "a.gpkg"), "")


def test_missing_nested_and_unclosed_features_are_told_row_by_row(tmp_path):
    ring = [[[40, -10], [40.01, -10], [40.01, -10.01]]]
    parts = [
        feature(point(40, -10), a=1, b={"x": [1, 2]}, c=["u", "v"], d=[1, 2]),
        None,
        feature(None, a=None),
        feature({"type": "Polygon", "coordinates": ring}, a=2.5),
        feature({"type": "LineString", "coordinates": [[40, -10]]}),
    ]
    file = file_of(write_geojson(tmp_path / "a.geojson", parts))
    table = read_features(file, "")
    read = columns(table)
    assert read["a"] == ["1", "", "2.5", ""]
    assert (read["b/x"][0], read["c"][0], read["d"][0]) == ("1, 2", "u, v", "1, 2")
    assert [shape and shape.geom_type for shape in table.shapes()] == ["Point", None, "Polygon", None]
    assert [(note.level, [change.place for change in note.changes]) for note in file.findings.notes] == [
        ("repaired", ["row 3, geometry"]),
        ("left out", ["row 4, geometry"]),
    ]


@pytest.mark.parametrize("name", ["EPSG:32737", "urn:ogc:def:crs:EPSG::32737"])
def test_the_old_member_of_geojson_says_its_reference_system(tmp_path, name):
    crs = {"type": "name", "properties": {"name": name}}
    path = write_geojson(tmp_path / "a.geojson", [feature(point(600_000, 8_890_000))], crs=crs)
    assert read_features(file_of(path), "").crs.to_epsg() == 32737


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:OGC:1.3:CRS84"])
def test_degrees_of_geojson_have_the_longitude_first_whatever_the_name(tmp_path, name):
    crs = {"type": "name", "properties": {"name": name}}
    table = read_features(file_of(write_geojson(tmp_path / "a.geojson", [feature(point(40, -10))], crs=crs)), "")
    assert project(table.shapes(), table.crs, FRAME)[0].equals(Point(40, -10))


def test_a_name_that_nobody_knows_is_no_reference_system(tmp_path):
    crs = {"type": "name", "properties": {"name": "our survey"}}
    assert (
        read_features(file_of(write_geojson(tmp_path / "a.geojson", [feature(point(40, -10))], crs=crs)), "").crs
        is None
    )


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("../out.shp", "leads out of the archive"),
        ("/etc/out.shp", "leads out of the archive"),
        ("C:\\out.shp", "leads out of the archive"),
        ("\\\\server\\out.shp", "leads out of the archive"),
    ],
)
def test_a_member_that_leads_out_of_its_archive_is_a_fault(tmp_path, member, said):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as target:
        target.writestr(zipfile.ZipInfo(member), b"x")
    with pytest.raises(InputFaults, match=said):
        read_features(file_of(tmp_path / "a.zip"), "")


def test_bombs_links_and_locked_members_are_faults(tmp_path, monkeypatch):
    def fault_of(write):
        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as target:
            write(target)
        with pytest.raises(InputFaults) as caught:
            read_features(file_of(tmp_path / "a.zip"), "")
        return str(caught.value)

    def link(target):
        info = zipfile.ZipInfo("a.shp")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(info, "/etc/passwd")

    assert "would grow from 0.0 to 12 MB, more than 100 times" in fault_of(
        lambda z: z.writestr("a.shp", bytes(12_000_000))
    )
    assert "leads out of the archive" in fault_of(link)
    monkeypatch.setattr(archive, "MOST_MEMBERS", 2)
    assert "holds 3 files, more than 2" in fault_of(lambda z: [z.writestr(f"{k}.shp", b"") for k in range(3)])
    monkeypatch.setattr(archive, "MOST_BYTES", 10)
    assert "more than 0 GB" in fault_of(lambda z: z.writestr("a.shp", b"x" * 11))


def test_a_member_that_is_larger_than_it_says_is_a_fault(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a.shp", bytes(1_000_000))
    content = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(content.replace((1_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    with pytest.raises(InputFaults, match=r"cannot be unpacked|by its content"):
        read_features(file_of(tmp_path / "a.zip"), "")


CRSS = ("EPSG:4326", "EPSG:32737", "EPSG:3857", "+proj=laea +lat_0=-10 +lon_0=40 +datum=WGS84")


@pytest.mark.parametrize("onto", CRSS)
@pytest.mark.parametrize("crs", CRSS)
def test_from_any_reference_system_to_any_other_coordinates_agree(crs, onto):
    """Within 1e-6 degrees, or 0.1 m."""
    shapes = np.array([WEST, LineString([(40, -10), (40.03, -10.03)]), Point(40.01, -10.01)], object)
    given = gpd.GeoSeries(shapes, crs="EPSG:4326").to_crs(crs).to_numpy()
    frame = Frame(onto, 0, 0, 1, 1, 1, 1)
    wanted = gpd.GeoSeries(shapes, crs="EPSG:4326").to_crs(onto).to_numpy()
    found = project(given, crs, frame)
    assert shapely.get_coordinates(found) == pytest.approx(
        shapely.get_coordinates(wanted), abs=1e-6 if frame.geographic else 0.1
    )


def test_a_long_straight_border_keeps_its_course_in_another_reference_system():
    """The parallel of 10 S is no straight line in UTM: its middle would be drawn 760 m off."""
    border = np.array([LineString([(36, -10), (42, -10)])], object)
    (drawn,) = project(border, "EPSG:4326", Frame("EPSG:32737", 0, 0, 1, 1, 1, 1))
    back = shapely.get_coordinates(shapely.segmentize(drawn, 500.0))
    lat = Frame("EPSG:32737", 0, 0, 1, 1, 1, 1).lonlat(back[:, 0], back[:, 1])[1]
    assert np.abs(lat + 10).max() * 111_000 < 3


def test_coordinates_that_are_no_place_become_none():
    shapes = np.array([Point(np.inf, 0), Point(np.nan, 1), Point(1e7, 0), Point(40, -10), None, Point()], object)
    drawn = project(shapes, "EPSG:4326", FRAME)
    assert [shape is None for shape in drawn] == [True, True, True, False, True, False]
    assert (
        project(np.array([Point(0, 95), Point(40, -10)], object), "EPSG:4326", Frame("EPSG:3857", 0, 0, 1, 1, 1, 1))[0]
        is None
    )
    seen_from_above = Frame("+proj=ortho +lat_0=-10 +lon_0=40 +datum=WGS84", 0, 0, 1, 1, 1, 1)
    far = project(np.array([Point(-140, 10)], object), "EPSG:4326", seen_from_above)
    assert far[0] is None


FIJI = Frame("EPSG:4326", west=176.0, north=-15.0, dx=0.5, dy=0.5, ny=10, nx=12)


def test_what_lies_beyond_the_antimeridian_is_turned_to_the_raster():
    given = np.array(
        [
            Point(-179.5, -17),
            Point(179.5, -17),
            LineString([(-179, -16), (-178.5, -16)]),
            LineString([(179, -16), (-179, -16)]),  # drawn across it, uncut
            shapely.MultiPolygon([box(179, -18, 180, -17), box(-180, -18, -179, -17)]),  # cut in two by it
            Point(34, -13),
            box(-180, -90, 180, 90),
        ],
        object,
    )
    turned = project(given, "EPSG:4326", FIJI)
    assert turned[0].equals(Point(180.5, -17))
    assert turned[1].equals(Point(179.5, -17))
    assert turned[2].equals(LineString([(181, -16), (181.5, -16)]))
    assert turned[3].equals(LineString([(179, -16), (181, -16)]))
    assert turned[4].equals(box(179, -18, 181, -17))
    assert turned[4].geom_type == "Polygon"
    assert turned[5].equals(Point(34, -13))
    assert turned[6].equals(box(-180, -90, 180, 90))


def test_longitudes_that_count_on_to_360_are_turned_back():
    frame = Frame("EPSG:4326", west=-2.0, north=8.0, dx=0.5, dy=0.5, ny=4, nx=4)
    turned = project(np.array([Point(359.0, 7), box(358.5, 6, 359, 7), Point(-1, 7)], object), "EPSG:4326", frame)
    assert [shape.bounds[0] for shape in turned] == [-1.0, -1.5, -1.0]


def test_an_outline_that_was_broken_before_it_was_turned_is_not_mended_in_passing():
    bowtie = Polygon([(-179.9, -17), (-179.5, -16), (-179.5, -17), (-179.9, -16)])
    (turned,) = project(np.array([bowtie], object), "EPSG:4326", FIJI)
    assert not turned.is_valid


NAMES = ("a.gpkg", "a.geojson", "a.kml", "a.zip", "a.shp", "a.dbf", "a.shx", "a.prj")


@pytest.fixture(scope="module")
def sound_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    for name in ("a.gpkg", "a.geojson", "a.shp"):
        write_layer(folder / name, ROWS, [WEST, EAST])
    write_layer(folder / "a.kml", ROWS, [WEST, EAST], driver="KML")
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as target:
        for path in sorted(folder.glob("a.*")):
            if path.suffix in {".shp", ".shx", ".dbf", ".prj", ".cpg"}:
                target.write(path, path.name)
    return folder


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(NAMES),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=8), st.integers(0, 20)), min_size=1, max_size=5
    ),
)
def test_bytes_changed_anywhere_are_read_or_a_fault(tmp_path, sound_files, name, changes):
    for path in sound_files.iterdir():
        shutil.copy(path, tmp_path)
    content = bytearray((tmp_path / name).read_bytes())
    for at, put, taken in changes:
        start = int(at * len(content))
        content[start : start + taken] = put
    (tmp_path / name).write_bytes(content)
    asked = "a.shp" if name in NAMES[-4:] else name
    label = "Name" if asked == "a.kml" else "name"
    with contextlib.suppress(InputFaults):
        read_areas(AreasFile(file=asked, name=label), FRAME, Findings(tmp_path, ["mend-outlines", "part-of-areas"]))


def test_a_reference_system_that_is_no_text_is_a_fault(tmp_path):
    write_layer(tmp_path / "a.shp", ROWS, [WEST, EAST])
    prj = (tmp_path / "a.prj").read_bytes()
    (tmp_path / "a.prj").write_bytes(prj[:8] + b"\x9e" + prj[9:])
    with pytest.raises(InputFaults, match="cannot be read"):
        read_features(file_of(tmp_path / "a.shp"), "")
