"""CHWs and other points from their lists; villages are read in `planner.inputs.village_list`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from planner.inputs.cleaning import Listed, place, sameness, settle
from planner.inputs.columns import has_position
from planner.inputs.doubles import same_place
from planner.inputs.entries import Entry, positions_of
from planner.inputs.extent import Extent
from planner.inputs.findings import Findings
from planner.inputs.formats import read_rows
from planner.inputs.persons import withhold
from planner.inputs.points import PLACE, Positions, cells, list_entries, positions
from planner.inputs.table import Table
from planner.inputs.text import examples, fold
from planner.scenario import ChwsTable, CommitteesTable, PlacesTable, VillagesTable
from planner.types.frame import Frame
from planner.types.inputs import Chws, Places
from planner.types.text import Text

NOBODY = np.empty(0, np.float64)
NO_AREAS = np.empty(0, np.object_)


def read_list(path: Path, frame: Frame, findings: Findings) -> Places:
    """Any points: those of a file that no scenario names. Rows without a name are called by their id."""
    layer = VillagesTable(file=path.name, same_place_metres=0.0, same_name_metres=0.0)
    table, columns = read_rows(layer, findings.open("points", layer), PLACE)
    rows = list_entries(table, layer, columns, positions(table, layer, columns, frame), frame, "P", "name")
    return _places(cleaned(Listed(table, rows), layer, "points", frame, findings))


def read_committees(
    committees: CommitteesTable, frame: Frame, findings: Findings, include_names: bool = False
) -> Places:
    """Village committees or leaders, called by their ids where names are not included; none where no file is given."""
    if not committees.file:
        return Places((), (), NOBODY, NOBODY)
    table, columns = read_rows(committees, findings.open("committees", committees), PLACE)
    at = positions(table, committees, columns, frame)
    rows = list_entries(table, committees, columns, at, frame, "K", "name" if include_names else "id")
    found = _places(cleaned(Listed(table, rows), committees, "committees", frame, findings))
    withhold(table, [column for key, column in columns.items() if key != "name" or include_names])
    return found if include_names else replace(found, name=found.id)


def read_chws(
    chws: ChwsTable, villages: Places | None, frame: Frame, findings: Findings, include_names: bool = False
) -> Chws:
    """CHWs of today, by their coordinates or else by the name of their village; none where no file is given.

    `villages` is None where their list could not be read: then nobody is looked up in it. Names and telephone numbers
    leave the register only where they are to be included.
    """
    if not chws.file:
        return Chws((), (), NOBODY, NOBODY, village=())
    table, columns = read_rows(chws, findings.open("chws", chws), ("village", "phone", *PLACE))
    if has_position(table, columns) or "village" not in columns:
        at = positions(table, chws, columns, frame)
    else:
        at = at_villages(table, columns["village"], villages, frame)
    rows = list_entries(table, chws, columns, at, frame, "C", "village")
    used = cleaned(Listed(table, rows), chws, "chws", frame, findings)
    found = _places(used)
    withhold(table, [column for key, column in columns.items() if key not in ("name", "phone")])
    return Chws(
        found.id,
        found.name,
        found.x,
        found.y,
        tuple(entry.village for entry in used),
        origin=found.origin,
        contact=_contacts(table, columns, [entry.row for entry in used]) if include_names else None,
    )


def _contacts(table: Table, columns: dict[str, str], rows: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """Names and telephone numbers of these rows, which is told: whoever gets the plan gets them."""
    there = [columns[key] for key in ("name", "phone") if key in columns]
    if not there:
        what = Text(
            "names and telephone numbers are to be included, but no column holds them: say which ({columns})",
            columns='columns = { name = "...", phone = "..." }',
        )
        table.file.note("warning", what)
    else:
        what = Text(
            '{columns: and } of CHWs stand in the table "CHW contacts": share the plan with care', columns=tuple(there)
        )
        table.file.note("warning", what, len(rows))
    both = zip(cells(table, columns, "name"), cells(table, columns, "phone"), strict=True)
    of_row = dict(zip(table.row, both, strict=True))
    return tuple(of_row[row] for row in rows)


def cleaned(listed: Listed, layer: PlacesTable, role: str, frame: Frame, findings: Findings) -> list[Entry]:
    """The rows of a list that are used: they may lie anywhere on the raster."""
    extent = Extent(frame, NO_AREAS)
    told = place(listed.entries, layer, role, extent, findings)
    same_place(listed.entries, sameness(layer), frame)
    return settle([listed], role, told, extent, findings)


def _places(used: list[Entry]) -> Places:
    return Places(
        tuple(entry.id for entry in used),
        tuple(entry.name for entry in used),
        *positions_of(used),
        origin=tuple(entry.origin for entry in used),
    )


def at_villages(table: Table, column: str, villages: Places | None, frame: Frame) -> Positions:
    """Where the villages lie that the rows name, compared without accents and case; NaN where none has that name."""
    named = table.cells(column)
    if villages is None:  # somewhere, so that only the other faults of the list are told
        x, y = frame.centre_of(np.zeros(len(table), np.int64))
        return Positions(x, y, frame.pyproj_crs, named)
    if not len(villages):
        raise table.file.fault(
            f'has no coordinates, and there is no list of villages in which to look up "{column}".',
            "Add coordinates, or give a list under [villages].",
        )
    called: dict[str, list[int]] = {}
    for position, name in enumerate(villages.name):
        called.setdefault(fold(name), []).append(position)
    found = [called.get(fold(name), []) if name else [] for name in named]
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
    said = [
        f"village {name}" if at else f'no village "{name}" in the list' for name, at in zip(named, found, strict=True)
    ]
    return Positions(x, y, frame.pyproj_crs, said)
