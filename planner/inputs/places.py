"""Facilities, villages and CHWs from their lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from planner.errors import Fault, InputFaults
from planner.inputs.columns import has_position, missing
from planner.inputs.findings import Findings
from planner.inputs.formats import read_rows
from planner.inputs.points import Points, Positions, positions, read_points
from planner.inputs.table import Table
from planner.inputs.text import clean, examples, fold
from planner.scenario import ChwsTable, FacilitiesTable, VillagesTable
from planner.types.arrays import Codes
from planner.types.frame import Frame
from planner.types.inputs import Chws, Facilities, Places

PLACE = ("id", "name", "lat", "lon", "x", "y", "latlon")
TIER = re.compile(r"\D*(\d{1,2})([.,]0*)?\D*")
NOBODY = np.empty(0, np.float64)


def read_facilities(facilities: FacilitiesTable, frame: Frame, findings: Findings) -> Facilities:
    """Facilities with their tiers."""
    table, columns = read_rows(facilities, findings.open("facilities", facilities), (*PLACE, "type", "tier"))
    tier_key = "type" if facilities.tiers else "tier"
    faults = [missing(table, (key,)) for key in ("name", tier_key) if key not in columns]
    if "tier" in {tier_key} - set(columns):
        faults[-1] = no_tiers(table, columns)
    if faults:
        raise InputFaults(faults)
    if not len(table):
        raise table.file.fault("has a header but no rows.", "Give at least one facility.")
    points = read_points(table, columns, positions(table, facilities, columns, frame), frame, "F")
    tier = tiers_of_types(points, facilities) if facilities.tiers else tiers_of_column(points)
    if not (frame.cell_of(points.x, points.y) >= 0).any():
        raise table.file.fault(
            f"none of its {len(table)} facilities lies on the population raster.",
            "Check the coordinates, and that both files are of the same place.",
        )
    return Facilities(points.id, points.name, points.x, points.y, type=tuple(points.cells("type")), tier=tier)


def no_tiers(table: Table, columns: Mapping[str, str]) -> Fault:
    """The fault that nothing says which tier a facility has; its way out has the types found, to fill in."""
    kinds = Counter(table.cells(columns["type"])) if "type" in columns else Counter(["Health post", "Hospital"])
    tiers = [f'"{kind}" = 1' for kind, _ in kinds.most_common() if kind]
    column = "" if "type" in columns else ', and the column of types: columns = { type = "..." }'
    return Fault(
        table.file.where,
        missing(table, ("tier",)).what,
        "Under [facilities], give each type its tier (1 = health post or centre, 2 = hospital, ...): "
        f'tiers = {{ {examples(tiers, most=20)} }}{column}. Or name a column of tiers: columns = {{ tier = "..." }}.',
    )


def tiers_of_types(points: Points, facilities: FacilitiesTable) -> Codes:
    """Tier of each facility by the scenario's table of types."""
    tiers = {clean(kind): tier for kind, tier in facilities.tiers.items()}
    types = points.cells("type")
    unknown = Counter(kind for kind in types if kind not in tiers)
    if unknown:
        found = examples((f'"{kind}" ({count})' for kind, count in unknown.most_common()), most=20)
        raise points.table.file.fault(
            f"has types of facility without a tier: {found}.", "Add them to tiers under [facilities], or use where."
        )
    return np.array([tiers[kind] for kind in types], np.int16)


def tiers_of_column(points: Points) -> Codes:
    """Tier of each facility by its column: 1, "1.0", "Tier 1"."""
    cells = points.cells("tier")
    found = [TIER.fullmatch(cell) for cell in cells]
    tiers = np.array([int(match[1]) if match else 0 for match in found], np.int16)
    wrong = np.flatnonzero(tiers < 1).tolist()
    if wrong:
        rows = points.table.named(wrong, points.columns["name"])
        shown = examples(f'{row}: "{cells[at]}"' for row, at in zip(rows, wrong, strict=True))
        raise points.table.file.fault(
            f"{len(wrong)} tiers are no whole number from 1: {shown}.",
            "Correct them, or give tiers by type under [facilities].",
        )
    return tiers


def read_villages(villages: VillagesTable, frame: Frame, findings: Findings) -> Places:
    """Listed villages; none where no file is given."""
    if not villages.file:
        return Places((), (), NOBODY, NOBODY)
    table, columns = read_rows(villages, findings.open("villages", villages), (*PLACE, "village"))
    if "name" not in columns and "village" in columns:
        columns["name"] = columns.pop("village")
    if "name" not in columns:
        raise InputFaults([missing(table, ("name",))])
    points = read_points(table, columns, positions(table, villages, columns, frame), frame, "V")
    return Places(points.id, points.name, points.x, points.y)


def read_list(path: Path, frame: Frame, findings: Findings) -> Places:
    """Any points: those of a file that no scenario names. Rows without a name are called by their id."""
    layer = VillagesTable(file=path.name)
    table, columns = read_rows(layer, findings.open("points", layer), PLACE)
    points = read_points(table, columns, positions(table, layer, columns, frame), frame, "P")
    return Places(points.id, points.name, points.x, points.y)


def read_chws(chws: ChwsTable, villages: Places | None, frame: Frame, findings: Findings) -> Chws:
    """CHWs of today, by their coordinates or else by the name of their village; none where no file is given.

    `villages` is None where their list could not be read: then nobody is looked up in it.
    """
    if not chws.file:
        return Chws((), (), NOBODY, NOBODY, village=())
    table, columns = read_rows(chws, findings.open("chws", chws), ("village", *PLACE))
    if has_position(table, columns) or "village" not in columns:
        at = positions(table, chws, columns, frame)
    else:
        at = at_villages(table, columns["village"], villages)
    points = read_points(table, columns, at, frame, "C")
    return Chws(points.id, points.name, points.x, points.y, village=tuple(points.cells("village")))


def at_villages(table: Table, column: str, villages: Places | None) -> Positions:
    """Where the villages lie that the rows name, compared without accents and case; NaN where none has that name."""
    if villages is None:
        nowhere = np.full(len(table), np.nan)
        return Positions(nowhere, nowhere, [""] * len(table))
    if not len(villages):
        raise table.file.fault(
            f'has no coordinates, and there is no list of villages in which to look up "{column}".',
            "Add coordinates, or give a list under [villages].",
        )
    positions_of: dict[str, list[int]] = {}
    for position, name in enumerate(villages.name):
        positions_of.setdefault(fold(name), []).append(position)
    found = [positions_of.get(fold(name), []) if name else [] for name in table.cells(column)]
    several = [row for row, matches in enumerate(found) if len(matches) > 1]
    if several:
        shown = examples(
            f"{where} ({', '.join(villages.id[i] for i in found[row])})"
            for where, row in zip(table.named(several, column), several, strict=True)
        )
        raise table.file.fault(
            f"{len(several)} rows name a village that occurs more than once in the list: {shown}.",
            "Give these rows coordinates (lat, lon), or make the names unique in both lists.",
        )
    x, y = (np.array([axis[at[0]] if at else np.nan for at in found], np.float64) for axis in (villages.x, villages.y))
    said = [f'no village "{name}" in the list' for name in table.cells(column)]
    return Positions(x, y, said)
