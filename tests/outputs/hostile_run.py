"""A small district whose every text is hostile, planned, exported and compared."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

from faults import scene

from planner import cli, cli_runs

Texts = Callable[[int], str]
WALKER, RIDER = "walker", "rider"
NOT_IN_A_FILE_NAME = re.compile(r"[/\x00\ud800-\udfff]")


def make(folder: Path, texts: Texts) -> Path:
    """Write the district: its n-th text, of a list, a layer, a table or the scenario, is `texts(n)` and a number."""
    made, numbers = scene.make(folder), count()

    def text(most: int = 100_000) -> str:
        number = next(numbers)
        return f"{texts(number)[:most]} {number}"

    for name in ("facilities.csv", "villages.csv", "chws.csv"):
        made.rewrite(name, lambda row: row.update({key: text() for key in ("code", "name", "village") if key in row}))
    made.rewrite("villages.csv", lambda row: row.update(language=text()))
    made.rewrite("chws.csv", lambda row: row.update(phone=text()))
    types = {kind: text() for kind in made.scenario["facilities"]["tiers"]}
    made.rewrite("facilities.csv", lambda row: row.update(type=types[row["type"]]))
    made.write_rows("committees.csv", [{"name": text(), **{key: made.rows("villages.csv")[0][key]
                                                           for key in ("latitude", "longitude")}}])  # fmt: skip
    areas = made.features("areas.geojson")
    for each in areas["features"]:
        each["properties"] = {"code": text(), "name": text(), "parent": text(), "parent_code": text()}
    made.write_features("areas.geojson", areas)
    made.write_features("roads.geojson", _lines([((20, 1), (20, 48)), ((6, 8), (20, 25))], text, highway="path"))
    made.write_features("water.geojson", _lines([((-1, 30), (41, 30))], text, waterway="river"))
    villages = NOT_IN_A_FILE_NAME.sub("", text(40)) + ".csv"
    (folder / "villages.csv").rename(folder / villages)

    told = made.scenario
    del told["date"]
    told |= {
        "title": text(),
        "date": "2026-11-01",
        "report": {"ministry": text()},
        "committees": {"file": "committees.csv"},
    }
    told["facilities"]["tiers"] = {types[kind]: tier for kind, tier in told["facilities"]["tiers"].items()}
    told["villages"] |= {"file": villages, "carry": ["language"]}
    told["roads"], told["water"] = {"file": "roads.geojson"}, {"file": "water.geojson"}
    told["areas"] |= {"parent_name": "parent", "parent_code": "parent_code"}
    for section in (
        "population",
        "elevation",
        "land_cover",
        "roads",
        "water",
        "areas",
        "facilities",
        "villages",
        "chws",
    ):
        told[section]["source"] = text()
    walker, rider = text(), text()
    told["travellers"] = {"on foot": {}, walker: {}, rider: {"ride": "motorbike"}}
    told["reach"] = {"traveller": walker}
    told["referral"] = {"travellers": [walker, rider], "ambulance": rider}
    told["supervision"] = {"traveller": rider}
    made.write_scenario()
    return folder / "scenario.toml"


def _lines(ways: list[tuple[tuple[int, int], ...]], text: Callable[[], str], **properties: str) -> dict:
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": text(), **properties},
         "geometry": {"type": "LineString", "coordinates": [list(scene.at(*point)) for point in way]}} for way in ways
    ]}  # fmt: skip


def planner(*words: object) -> str:
    """What a command printed; it has to end well."""
    said = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = cli.main([*map(str, words)])
    said.seek(0)
    told = said.read()
    assert code == 0, told[-3000:]
    return told


def everything(scenario: Path, folder: Path) -> Path:
    """A run of it, all exports, and a page that compares it with itself."""
    run = folder / "run"
    planner("run", scenario, "--out", run, "--include-names")
    planner("export", run, *cli_runs.KINDS, "--out", folder / "exports")
    planner("compare", run, run, "--out", folder / "compare.html")
    return folder


def texts_in(path: Path) -> list[str]:
    """All texts of a JSON file."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict | list):
            for each in value.values() if isinstance(value, dict) else value:
                walk(each)

    walk(json.loads(path.read_text(encoding="utf-8")))
    return found
