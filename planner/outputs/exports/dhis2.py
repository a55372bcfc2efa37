"""The plan for DHIS2: posts as organisation units, their catchments, and coverage by area as data values.

Metadata objects are those of the DHIS2 Web API (``/api/metadata``, ``/api/dataValueSets``). Codes are the identifiers:
areas carry the codes of the ministry's own organisation units, so that posts hang below them and values belong to them.
"""

from __future__ import annotations

import hashlib
import json
import string
from pathlib import Path
from typing import Any

import shapely

from planner.outputs.exports.run import Run

LONGEST_SHORT_NAME = 50
DEFAULT_COMBO = "bjDvmb4bfuf"  # the category combination "default", the same in every DHIS2
LETTERS = string.ascii_letters
SIGNS = string.ascii_letters + string.digits

PEOPLE = {"people": ("PLANNER_PEOPLE", "people"), "under_fives": ("PLANNER_UNDER_FIVES", "children under five")}
CARE = {
    "facilities": ("FACILITY", "a facility"),
    "facilities and CHWs today": ("CARE_TODAY", "a facility or CHW today"),
    "facilities, CHWs today and proposed": ("CARE_PLAN", "a facility or CHW with the plan"),
}

README = """\
Import into DHIS2 (Import/Export app, or the Web API), in this order:

1. organisation_units.json   metadata, identifier scheme CODE. Posts are placed below the areas of the plan by the codes
                             of the areas: these have to be the codes of your organisation units.
2. data_elements.json        metadata, identifier scheme UID: what the numbers are, once.
3. data_values.json          data values, with data element and organisation unit identifier scheme CODE.

posts.geojson holds the posts as points and catchments.geojson what each of them serves, with the codes of the
organisation units: for Import/Export > Org unit geometry import (match on CODE).

Try it on a copy first (dry run). Nothing here says who the CHWs are: posts are called by their village.
"""


def uid(text: str) -> str:
    """Identifier as DHIS2 makes them: a letter, then ten letters or digits; always the same one for a text."""
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest(), "big")
    number, first = divmod(number, len(LETTERS))
    signs = [LETTERS[first]]
    for _ in range(10):
        number, next_one = divmod(number, len(SIGNS))
        signs.append(SIGNS[next_one])
    return "".join(signs)


def write(run: Run, folder: Path) -> None:
    """Write metadata, data values, geometries and how to import them."""
    units = organisation_units(run)
    _write(folder / "organisation_units.json", {"organisationUnits": units})
    _write(folder / "data_elements.json", {"dataElements": data_elements(run)})
    _write(folder / "data_values.json", {"dataValues": data_values(run)})
    _write(folder / "posts.geojson", _features([(unit, unit["geometry"]) for unit in units]))
    catchments = run.layer("catchments")
    shapes = dict(zip(catchments["id"], catchments.geometry, strict=True))
    served = [(unit, _rounded(shapes[unit["code"]])) for unit in units if unit["code"] in shapes]
    _write(folder / "catchments.geojson", _features(served))
    (folder / "README.txt").write_text(README, encoding="utf-8", newline="\n")


def organisation_units(run: Run) -> list[dict[str, Any]]:
    """A unit for each post where a CHW lives with the plan, below its area."""
    layer, areas = run.layer("posts"), run.table("coverage_by_area")
    codes = dict(zip(areas["area"], areas["area_code"], strict=True))
    units = []
    for row in layer[layer["chws"] > 0].itertuples():
        name = f"CHW {row.village or row.post_id} ({row.post_id})"
        units.append(
            {
                "id": uid(f"post {row.post_id}"),
                "code": row.post_id,
                "name": name,
                "shortName": name[:LONGEST_SHORT_NAME],
                "openingDate": run.plan["date"],
                **({"parent": {"code": codes[row.area]}} if codes.get(row.area) else {}),
                "geometry": _rounded(row.geometry),
            }
        )
    return units


def data_elements(run: Run) -> list[dict[str, Any]]:
    """People, under-fives, and people within each number of minutes of each kind of care."""
    table = run.table("coverage_by_area")
    within = [within_code(*pair) for pair in zip(table["care"], table["within_minutes"], strict=True)]
    return [
        {
            "id": uid(code),
            "code": code,
            "name": f"Planner: {name}",
            "shortName": name[:LONGEST_SHORT_NAME],
            "domainType": "AGGREGATE",
            "valueType": "INTEGER_ZERO_OR_POSITIVE",
            "aggregationType": "SUM",
            "categoryCombo": {"id": DEFAULT_COMBO},
        }
        for code, name in dict.fromkeys([*PEOPLE.values(), *within])
    ]


def within_code(care: str, minutes: float) -> tuple[str, str]:
    """Code and name of the people within so many minutes of a kind of care."""
    code, words = CARE[care]
    return f"PLANNER_WITHIN_{minutes:g}_MIN_OF_{code}".replace(".", "_"), f"people within {minutes:g} min of {words}"


def data_values(run: Run) -> list[dict[str, str]]:
    """The numbers of each area, for the year of the plan; whole people."""
    table = run.table("coverage_by_area")
    period = run.plan["date"][:4]
    values = []
    for area, rows in table[table["area_code"] != ""].groupby("area_code", sort=False):
        numbers = {PEOPLE[key][0]: rows[key].iloc[0] for key in PEOPLE}
        columns = (rows[name] for name in ("care", "within_minutes", "people_within"))
        numbers |= {within_code(care, minutes)[0]: people for care, minutes, people in zip(*columns, strict=True)}
        values += [
            {"dataElement": code, "period": period, "orgUnit": area, "value": f"{number:.0f}"}
            for code, number in numbers.items()
        ]
    return values


def _features(units: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "id": unit["code"],
            "properties": {"code": unit["code"], "name": unit["name"]},
            "geometry": geometry,
        }
        for unit, geometry in units
    ]
    return {"type": "FeatureCollection", "features": features}


def _rounded(shape: Any) -> dict[str, Any]:
    """GeoJSON with six digits: a tenth of a metre."""
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-6)))
    return geometry


def _write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
