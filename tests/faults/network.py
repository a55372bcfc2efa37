"""Section D of the fault table: OpenStreetMap and the network of roads."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import re
from pathlib import Path

import osmium
from faults.corpus import FIX, INFO, SAME, STOP, WARN, fault
from faults.scene import Scene

HIGHWAY = '<tag k="highway" v="unclassified"/>'
RUN = ["run", "scenario.toml", "--out", "run"]
SECRET = "tier of the secret hospital"


def osm(scene: Scene) -> str:
    return (scene.folder / "roads.osm").read_text(encoding="utf-8")


def write(scene: Scene, content: str | bytes, name: str = "roads.osm") -> Path:
    path = scene.folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    scene.scenario["roads"]["file"] = name
    return path


def tag_road(scene: Scene, tags: str) -> None:
    """Give the main road more tags."""
    write(scene, osm(scene).replace(HIGHWAY, HIGHWAY + tags))


def add_ways(scene: Scene, ways: str) -> None:
    write(scene, osm(scene).replace("</osm>", ways + "</osm>"))


def pbf(scene: Scene) -> bytes:
    path = scene.folder / "roads.osm.pbf"
    with osmium.SimpleWriter(path) as writer:
        for thing in osmium.FileProcessor(scene.folder / "roads.osm"):
            writer.add(thing)
    return path.read_bytes()


@fault("R19", FIX, "a road of two nodes in one place, and one of a single node")
def _(scene: Scene):
    add_ways(
        scene,
        '<way id="200" version="1"><nd ref="1000"/><nd ref="1000"/><tag k="highway" v="path"/></way>'
        '<way id="201" version="1"><nd ref="1000"/><tag k="highway" v="path"/></way>',
    )


@fault("R19", SAME, "a road that ends where it begins")
def _(scene: Scene):
    write(scene, osm(scene).replace("<way", '<node id="9001" version="1" lat="-13.0171" lon="34.0014"/><way', 1))
    add_ways(
        scene,
        '<way id="200" version="1"><nd ref="1000"/><nd ref="9001"/><nd ref="1000"/>'
        '<tag k="highway" v="service"/></way>',
    )


@fault("R19", SAME, "a node twice in a row on a road")
def _(scene: Scene):
    write(scene, osm(scene).replace('<nd ref="1001"/>', '<nd ref="1001"/><nd ref="1001"/>'))


for value, name in (("yes", "along it"), ("-1", "against it"), ("reversible", "one way and the other, by the hour")):

    @fault("R54", SAME, f"walkers on a road that is one-way {name}")
    def _(scene: Scene, value: str = value):
        tag_road(scene, f'<tag k="oneway" v="{value}"/>')


@fault("R54", INFO, "a value of oneway that nobody knows")
def _(scene: Scene):
    tag_road(scene, '<tag k="oneway" v="sí, siempre"/>')


@fault("R55", INFO, "limits of speed in miles, by zone and in a list")
def _(scene: Scene):
    tag_road(scene, '<tag k="maxspeed" v="50 mph"/>')
    add_ways(
        scene,
        '<way id="200" version="1"><nd ref="1000"/><nd ref="1001"/>'
        '<tag k="highway" v="service"/><tag k="maxspeed" v="RO:urban;30"/></way>',
    )


@fault("R55", INFO, "a limit that cannot be read, a season that is none")
def _(scene: Scene):
    tag_road(scene, '<tag k="maxspeed" v="signals"/><tag k="seasonal" v="after the rains"/>')


@fault("R55", SAME, "a gate, a ford and a seasonal road, for walkers in the dry season")
def _(scene: Scene):
    tag_road(scene, '<tag k="seasonal" v="dry_season"/>')
    gate = '<node id="1001" version="1" lat="-13.01708" lon="34.02125"><tag k="barrier" v="block"/></node>'
    write(scene, osm(scene).replace('<node id="1001" version="1" lat="-13.01708" lon="34.02125"/>', gate))


@fault("R56", STOP, "a PBF that is cut short")
def _(scene: Scene):
    write(scene, pbf(scene)[:-30], "roads.osm.pbf")


@fault("R56", STOP, "a PBF with a damaged block")
def _(scene: Scene):
    content = bytearray(pbf(scene))
    content[-20] ^= 255
    write(scene, bytes(content), "roads.osm.pbf")


@fault("R56", STOP, "a PBF that differs from the checksum beside it")
def _(scene: Scene):
    content = pbf(scene)
    (scene.folder / "roads.osm.pbf.md5").write_text(f"{hashlib.md5(content[:-1]).hexdigest()}  roads.osm.pbf\n")
    write(scene, content, "roads.osm.pbf")


@fault("R56", STOP, "XML that is called PBF")
def _(scene: Scene):
    write(scene, osm(scene), "roads.osm.pbf")


@fault("R56", STOP, "a packed file that is called XML")
def _(scene: Scene):
    write(scene, gzip.compress(osm(scene).encode(), mtime=0))


@fault("R56", STOP, "a page that says to log in, called PBF")
def _(scene: Scene):
    write(scene, "<!DOCTYPE html><html><body>Welcome to the hotel. Log in.</body></html>", "roads.osm.pbf")


@fault("R56", STOP, "an answer that broke off, and says so")
def _(scene: Scene):
    add_ways(
        scene, "<remark> runtime error: Query timed out in &quot;query&quot; at line 3 after 25 seconds. </remark>"
    )


@fault("R56", SAME, "nodes in no order")
def _(scene: Scene):
    lines = osm(scene).splitlines()
    nodes = [line for line in lines if line.startswith("<node")]
    rest = [line for line in lines[2:] if not line.startswith("<node")]
    write(scene, "\n".join([*lines[:2], *nodes[::-1], *rest]))


@fault("R56", STOP, "ways before their nodes")
def _(scene: Scene):
    lines = osm(scene).splitlines()
    nodes = [line for line in lines if line.startswith("<node")]
    rest = [line for line in lines[2:-1] if not line.startswith("<node")]
    write(scene, "\n".join([*lines[:2], *rest, *nodes, lines[-1]]))


@fault("R56", SAME, "the same map packed as .osm.bz2")
def _(scene: Scene):
    write(scene, bz2.compress(osm(scene).encode()), "roads.osm.bz2")


@fault("R57", STOP, "a bomb of entities")
def _(scene: Scene):
    laughs = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10 if k else "ha" * 99}">' for k in range(10))
    write(scene, osm(scene).replace("<osm", f"<!DOCTYPE osm [{laughs}]><osm", 1).replace('v="M1"', 'v="&a9;"'))


@fault("R57", STOP, "an entity that is another file")
def _(scene: Scene):
    (scene.folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    entity = '<!DOCTYPE osm [<!ENTITY x SYSTEM "secret.txt">]>'
    write(scene, osm(scene).replace("<osm", f"{entity}<osm", 1).replace('v="M1"', 'v="&x;"'))


@fault("R57", STOP, "a document type elsewhere, for a street network and for areas in KML")
def _(scene: Scene):
    outside = '<!DOCTYPE {0} SYSTEM "http://127.0.0.1:9/{0}.dtd"><{0}/>'
    write(scene, outside.format("graphml"), "roads.graphml")
    (scene.folder / "areas.kml").write_text(outside.format("kml"), encoding="utf-8")
    scene.scenario["areas"]["file"] = "areas.kml"


@fault("R57", STOP, "XML that is packed a thousandfold")
def _(scene: Scene):
    padded = osm(scene).replace("</osm>", " " * 101_000_000 + "</osm>")
    write(scene, gzip.compress(padded.encode(), 1, mtime=0), "roads.osm.gz")


ROAD = re.compile(r'<way id="100".*?</way>\n?')
TRACK = re.compile(r'<way id="102".*?</way>\n?')


def without_bridges(scene: Scene) -> None:
    """Take the two roads over the river away."""
    write(scene, TRACK.sub("", ROAD.sub("", osm(scene))))


@fault("R53", INFO, "an island on either side of a river, each with a facility")
def _(scene: Scene):
    without_bridges(scene)


@fault("R53", WARN, "an island without a facility")
def _(scene: Scene):
    without_bridges(scene)
    scene.write_rows("facilities.csv", [row for row in scene.rows("facilities.csv") if row["name"] != "CS Mponela"])


@fault("R53", SAME, "roads in pieces that do not meet")
def _(scene: Scene):
    near = '<node id="9102" version="1" lat="-13.01708" lon="34.02135"/>'
    write(scene, osm(scene).replace("<way", f"{near}<way", 1).replace('<nd ref="1020"/>', '<nd ref="9102"/>'))


def only_a_path(scene: Scene) -> None:
    """Leave one short path, in the corner of the raster."""
    nodes = '<node id="1" version="1" lat="-13.001" lon="34.001"/><node id="2" version="1" lat="-13.001" lon="34.002"/>'
    path = '<way id="9" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way>'
    write(scene, f'<osm version="0.6">{nodes}{path}</osm>')


@fault("R59", WARN, "a file with hardly a road where people live")
def _(scene: Scene):
    only_a_path(scene)


@fault("R59", WARN, "the same, for one ward of two")
def _(scene: Scene):
    only_a_path(scene)
    west = scene.features("areas.geojson")
    for each, (left, right) in zip(west["features"], ((34.0, 34.011), (34.011, 34.0417)), strict=True):
        ring = [[left, -13.0333], [right, -13.0333], [right, -13.0], [left, -13.0], [left, -13.0333]]
        each["geometry"]["coordinates"] = [ring]
    scene.write_features("areas.geojson", west)


@fault("R59", WARN, "roads of another place")
def _(scene: Scene):
    write(scene, osm(scene).replace('lat="-13', 'lat="-23'))


@fault("R59", WARN, "a map without roads")
def _(scene: Scene):
    write(scene, '<osm version="0.6"><node id="1" version="1" lat="-13.001" lon="34.001"/></osm>')


@fault("R60", WARN, "no way leads from a post to any facility")
def _(scene: Scene):
    without_bridges(scene)
    scene.write_rows("facilities.csv", [row for row in scene.rows("facilities.csv") if row["name"] != "CS Mponela"])
    scene.command = RUN


@fault("R60", WARN, "the only hospital lies beyond the river")
def _(scene: Scene):
    without_bridges(scene)
    rows = scene.rows("facilities.csv")
    rows[1]["type"], rows[3]["type"] = rows[3]["type"], rows[1]["type"]
    scene.write_rows("facilities.csv", rows)
    scene.command = RUN


@fault("R60", WARN, "the hospital's cell is closed by a flood")
def _(scene: Scene):
    lon, lat = 34.02125, -13.01708
    ring = [
        [lon + dx, lat + dy] for dx, dy in ((-0.01, -0.01), (0.01, -0.01), (0.01, 0.01), (-0.01, 0.01), (-0.01, -0.01))
    ]
    flood = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    scene.write_features("flood.geojson", {"type": "FeatureCollection", "features": [flood]})
    scene.scenario["season"] = {"no_go": "flood.geojson"}
    scene.command = RUN
