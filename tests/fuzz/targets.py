"""What is fuzzed: each reader, and the bytes that are tried on it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fuzz.mutations import mutated, mutated_inside
from fuzz.seeds import named, sound
from fuzz.strategies import books, documents, geotiffs, scenarios, tables
from hypothesis.strategies import SearchStrategy

from planner import inputs, scenario_file
from planner.errors import InputFaults
from planner.scenario import Scenario

TIERS = {"Health Post": 1, "Health Centre": 1, "District Hospital": 2}
BESIDE = {  # what every scenario needs, sound
    "title": "Fuzzed",
    "population": {"file": "population.tif"},
    "facilities": {"file": "facilities.csv", "tiers": TIERS},
}


@dataclass(frozen=True)
class Target:
    """A reader: the ending of its files, the bytes that are tried, and what is called with the path of the file."""

    suffix: str
    tried: SearchStrategy[bytes]
    readers: tuple[Callable[[Path], None], ...]

    def feed(self, content: bytes, folder: Path) -> None:
        """Read the bytes: whatever is raised, but a fault that the user can mend, is a finding."""
        for name in ("population.tif", "facilities.csv"):
            if not (folder / name).exists():
                (folder / name).write_bytes(sound()[name])
        path = folder / f"tried{self.suffix}"
        path.write_bytes(content)
        for reader in self.readers:
            with warnings.catch_warnings(), suppress(InputFaults):
                warnings.simplefilter("error")
                warnings.simplefilter("ignore", PendingDeprecationWarning)  # rasterio's, of affine: nobody sees it
                reader(path)


def read(path: Path, **sections: Any) -> None:
    """Read a scenario whose `sections` name the file, through the planner's own door."""
    inputs.read(Scenario.model_validate_json(json.dumps(BESIDE | sections)), path.parent)


def lists(path: Path) -> None:
    """A list as each of the three that there are."""
    read(path, villages={"file": path.name}, chws={"file": path.name})
    read(path, facilities={"file": path.name})
    read(path, facilities={"file": path.name, "tiers": TIERS}, fixes=("swap-latlon", "drop-duplicates"))


def lines(path: Path) -> None:
    """Roads and water."""
    read(path, roads={"file": path.name}, water={"file": path.name})


def polygons(path: Path) -> None:
    """Areas, and areas that are closed in a season."""
    read(path, areas={"file": path.name, "code": "code"}, season={"no_go": path.name})


def grids(path: Path) -> None:
    """Each raster that there is."""
    read(path, population={"file": path.name})
    read(path, elevation={"file": path.name}, land_cover={"file": path.name}, friction={"file": path.name})


def question(path: Path) -> None:
    """A scenario; one that is sound is written and read again."""
    asked = scenario_file.load(path)
    again = path.with_suffix(".again.toml")
    again.write_text(scenario_file.dump(asked), encoding="utf-8")
    assert scenario_file.load(again) == asked


def speeds(path: Path) -> None:
    """A table of speeds of one's own."""
    asked = scenario_file.defaults()
    walking = asked.walking.model_copy(update={"speeds": path.name, "road_speeds": path.name})
    inputs.speed_tables(asked.model_copy(update={"walking": walking}), path.parent)


XML = (
    b"<node id='1' lat='91' lon='34'/>", b"<nd ref='9'/>", b"<tag k='highway' v='path'/>", b"<way id='9'>", b"</way>",
    b"<relation id='1'>", b"<member type='way' ref='100' role='outer'/>", b"<!DOCTYPE osm [<!ENTITY a 'x'>]>", b"&a;",
    b"<![CDATA[", b"]]>", b"&#x0;", b"id='-1'", b"lat='nan'", b"v='", b"<osmChange>", b"<delete>", b"-180.1",
)  # fmt: skip
JSON = (
    b"null", b"[]", b"{}", b"NaN", b"1e999", b"[[[", b'"type":"Polygon"', b'"crs":{"type":"name"', b"\\u0000", b"\xff",
)  # fmt: skip
CSV = (
    b'"', b";", b"\t", b"\r", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"1e400", b"nan", b"latitude", b",,,,", b"\x1a",
)  # fmt: skip
TOML = (
    b"[a]", b"[[a]]", b'"""', b"'''", b"= 1", b"{", b"inf", b"nan", b"0x", b"1979-05-27T07:32:00Z", b"\\U0010FFFF",
    b"[travellers.x]", b"9" * 5000, b"." * 400, b"[" * 300,
)  # fmt: skip
SHEET = (
    b"<c r='A1' t='s'><v>99</v></c>", b"<v>1e999</v>", b"t='e'", b"t='d'", b"r='XFD1048576'", b"<row r='0'>", b"&b;",
    b"<mergeCell ref='A1:XFD1048576'/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"s='99'", b"</row>",
)  # fmt: skip
GEO = (b"GPKG", b"\0\0\0\0", b"nan", b"POLYGON", b"gpkg_geometry_columns", b"-1", b"4326", b"CREATE TRIGGER")
KML = (*XML, b"<Placemark>", b"<coordinates>")
SPEEDS = b"key,value,low,high,unit,source,status\nbuilt_up,5,4,6,km/h,x,read\n"

TARGETS: dict[str, Callable[[], Target]] = {
    "csv": lambda: Target(".csv", mutated(named(".csv"), CSV) | tables(), (lists,)),
    "xlsx": lambda: Target(
        ".xlsx", books() | mutated_inside(named(".xlsx"), SHEET) | mutated(named(".xlsx")), (lists,)
    ),
    "xls": lambda: Target(".xls", mutated(named(".xls")), (lists,)),
    "ods": lambda: Target(".ods", mutated_inside(named(".ods"), SHEET) | mutated(named(".ods")), (lists,)),
    "dhis2": lambda: Target(".json", mutated(named("units.json"), JSON), (lists, polygons)),
    "scenario": lambda: Target(".toml", scenarios() | mutated(named(".toml"), TOML), (question,)),
    "speeds": lambda: Target(".csv", mutated([SPEEDS, *named(".csv")], CSV), (speeds,)),
    "geojson": lambda: Target(
        ".geojson", documents(named(".geojson")) | mutated(named(".geojson"), JSON), (polygons, lines, lists)
    ),
    "gpkg": lambda: Target(".gpkg", mutated(named(".gpkg"), GEO), (polygons, lines, lists)),
    "shapefile": lambda: Target(".zip", mutated_inside(named(".zip"), GEO) | mutated(named(".zip")), (polygons, lines)),
    "kml": lambda: Target(".kml", mutated(named(".kml"), KML), (polygons, lists)),
    "kmz": lambda: Target(".kmz", mutated_inside(named(".kmz"), KML) | mutated(named(".kmz")), (polygons,)),
    "geotiff": lambda: Target(".tif", geotiffs() | mutated(named(".tif")), (grids,)),
    "osm": lambda: Target(".osm", mutated(named(".osm"), XML), (lines,)),
    "pbf": lambda: Target(".osm.pbf", mutated(named(".pbf")), (lines,)),
    "graphml": lambda: Target(".graphml", mutated(named(".graphml"), XML), (lines,)),
}
