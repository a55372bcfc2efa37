"""Organisation units of DHIS2: the metadata export in JSON, and what its lists mean in any format.

Layouts as documented by DHIS2: organisation units of the web API as JSON and GeoJSON, metadata import as CSV.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from planner.inputs.crs import DEGREES
from planner.inputs.findings import File
from planner.inputs.table import Table
from planner.inputs.text import as_text, fold
from planner.types.inputs import Change
from planner.types.text import Text

GEOJSON = re.compile(rb'"type"\s*:\s*"Feature')
UID = re.compile(r"[A-Za-z][A-Za-z0-9]{10}")
UNITS = rb'"organisationUnits"'
KINDS = {1: "Point", 3: "Polygon", 4: "MultiPolygon"}  # by how deep the coordinates are nested
AREAS = ("Polygon", "MultiPolygon")
SAYS_SO = ({"parentgraph"}, {"uid", "parent", "code"}, {"level", "parentname", "groups"})


def is_metadata(path: Path) -> bool:
    """Whether a JSON file is a metadata export with organisation units, and no GeoJSON."""
    with path.open("rb") as content:
        if GEOJSON.search(content.read(4096)):
            return False
        with mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            return whole.find(UNITS) >= 0 and not GEOJSON.search(whole)


def read_units(file: File, path: Path) -> Table:
    """Table of the organisation units: one row each, the groups they are in, and one column for each set of groups."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        units = document["organisationUnits"]
        columns = columns_of(units, document)
        shapes = shapely.from_geojson(np.array([drawn(unit) for unit in units], np.object_), on_invalid="ignore")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise file.fault(
            f"is no metadata of DHIS2 that can be read: {error}.",
            "Export the organisation units again, as JSON or GeoJSON.",
        ) from error
    table = Table(file, tuple(columns), tuple(columns.values()), range(1, len(units) + 1), shapes, DEGREES)
    return open_units(table)


def columns_of(units: Sequence[Mapping[str, Any]], document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Columns of the units, by their names."""
    names = {unit["id"]: as_text(unit.get("name")) for unit in units}
    parents = [(unit.get("parent") or {}).get("id", "") for unit in units]
    groups, members = groups_of(units, document.get("organisationUnitGroups", ()))
    mine = [members.get(unit["id"], ()) for unit in units]
    columns = {
        "id": [unit["id"] for unit in units],
        "code": [as_text(unit.get("code")) for unit in units],
        "name": [names[unit["id"]] for unit in units],
        "level": [as_text(unit.get("level") or unit.get("path", "").count("/") or None) for unit in units],
        "parent": parents,
        "parent name": [names.get(parent, "") for parent in parents],
        "closedDate": [as_text(unit.get("closedDate")) for unit in units],
        "groups": ["; ".join(groups[own] for own in some) for some in mine],
    }
    for every in document.get("organisationUnitGroupSets", ()):
        within = {group["id"] for group in every.get("organisationUnitGroups", ())}
        cells = ["; ".join(groups[own] for own in some if own in within) for some in mine]
        columns.setdefault(as_text(every.get("name")), cells)
    return columns


def groups_of(
    units: Sequence[Mapping[str, Any]], groups: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Names of the groups by their ids, and the ids of the groups that each unit is in, said by either of them."""
    pairs = [(unit["id"], group) for unit in units for group in unit.get("organisationUnitGroups", ())]
    pairs += [(unit["id"], group) for group in groups for unit in group.get("organisationUnits", ())]
    names = {group["id"]: as_text(group["name"]) for group in groups if group.get("name")}
    members: dict[str, list[str]] = {}
    for unit, group in pairs:
        names.setdefault(group["id"], as_text(group.get("name")) or group["id"])
        if group["id"] not in members.setdefault(unit, []):
            members[unit].append(group["id"])
    return names, members


def drawn(unit: Mapping[str, Any]) -> str | None:
    """The geometry of a unit as GeoJSON: of its own, or of coordinates in a text, as older versions have them."""
    if unit.get("geometry"):
        return json.dumps(unit["geometry"])
    coordinates = unit.get("coordinates") or ""
    depth = len(coordinates) - len(re.sub(r"^[\[\s]+", "", coordinates))
    kind = KINDS.get(coordinates[:depth].count("["))
    return f'{{"type": "{kind}", "coordinates": {coordinates}}}' if kind else None


def is_of_dhis2(table: Table) -> bool:
    """Whether a table is one of organisation units, by its columns."""
    names = {fold(name) for name in table.header}
    return any(some <= names for some in SAYS_SO)


def open_units(table: Table) -> Table:
    """The units that are not closed on the day of the plan."""
    column = next((name for name in table.header if fold(name) == "closeddate"), None)
    if column is None:
        return table
    dates = table.cells(column)
    closed = np.array([bool(date) and date[:10] <= table.file.findings.day for date in dates], np.bool_)
    why = [Text("closed {date}", date=date[:10]) for date in dates]
    leave_out(table, closed, Text("organisation units that are closed"), why)
    return table.kept(~closed)


def as_places(table: Table) -> Table:
    """The units that are places, not areas; their level is no tier: it goes under another name."""
    table = open_units(table)
    kinds = kinds_of(table)
    areas = np.isin(kinds, AREAS)
    if not areas.all():
        leave_out(table, areas, Text("organisation units that are areas, not places"), kinds)
        table = table.kept(~areas)
    if "parentGraph" in table.header and "groups" in table.header:  # ids of the groups, as a list
        table = table.changed("groups", ["; ".join(UID.findall(cell)) for cell in table.cells("groups")])
    return table.renamed({name: "level in the hierarchy" for name in table.header if fold(name) == "level"})


def kinds_of(table: Table) -> list[str]:
    """Kind of geometry of each unit, "" where it has none."""
    if table.geometry is not None:
        return [shape.geom_type if shape is not None else "" for shape in table.geometry]
    said = {"polygon": "Polygon", "multipolygon": "MultiPolygon", "point": "Point"}
    return [said.get(fold(cell), "") for cell in table.optional("feature type")]


def leave_out(table: Table, gone: Any, what: Text, why: Sequence[str]) -> None:
    """Note units that are left out, each with the reason."""
    label = table.find("name") or ""
    at = np.flatnonzero(gone).tolist()
    if at:
        changes = [Change(row, why[k], "") for row, k in zip(table.named(at, label), at, strict=True)]
        table.file.note("left out", what, len(at), changes)
