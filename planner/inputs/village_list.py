"""The list of villages: by its positions, and where it has none by the names of places elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set

import numpy as np
import shapely

from planner.errors import Fault, InputFaults
from planner.inputs.blanks import is_blank
from planner.inputs.by_name import SAME, Match, match
from planner.inputs.cleaning import Listed
from planner.inputs.columns import has_position, missing
from planner.inputs.crs import DEGREES
from planner.inputs.decimals import read_numbers
from planner.inputs.entries import Entry, positions_of
from planner.inputs.findings import Findings
from planner.inputs.formats import read_rows
from planner.inputs.gazetteer import Gazetteer, read_gazetteer
from planner.inputs.persons import of_persons
from planner.inputs.places import cleaned
from planner.inputs.points import PLACE, Positions, cells, list_entries, positions
from planner.inputs.spellings import spellings
from planner.inputs.table import Table
from planner.inputs.text import examples, fold
from planner.scenario import Roads, VillagesTable
from planner.types.arrays import CELL, Doubles, Ints
from planner.types.frame import Frame
from planner.types.inputs import NAME, POSITION, SIMILAR_NAME, Areas, Change, UnplacedVillage, VillageList
from planner.types.text import Text

KEYS = (*PLACE, "village", "area", "people")
NO_COORDINATES = "no coordinates"

Unplaced = tuple[UnplacedVillage, ...]


def read_villages(
    villages: VillagesTable,
    roads: Roads,
    areas: Areas | None,
    frame: Frame,
    findings: Findings,
    include_names: bool = False,
) -> tuple[VillageList, Unplaced]:
    """Listed villages, and those of the list that have no position; none where no file is given.

    `areas` is None where they could not be read. Columns of persons are carried only where names are to be included.
    """
    if not villages.file:
        return _listed([], {}, {}, {}, {}), ()
    table, columns = read_rows(villages, findings.open("villages", villages), KEYS)
    if "name" not in columns and "village" in columns:
        columns["name"] = columns.pop("village")
    if "name" not in columns:
        raise InputFaults([missing(table, ("name",))])
    rows = list_entries(table, villages, columns, _positions(table, villages, columns, frame), frame, "V", "name")
    area = dict(zip(table.row, cells(table, columns, "area"), strict=True))
    people = dict(zip(table.row, _people(table, columns).tolist(), strict=True))
    lost = [entry for entry in rows if not entry.placed]
    matches = dict[int, tuple[Match, str]]()
    if lost and (gazetteer := _gazetteer(table, columns, villages, roads, frame, findings)):
        matches = _by_name(lost, area, gazetteer, areas, villages, frame)
    used = cleaned(Listed(table, rows), villages, "villages", frame, findings)
    unplaced = tuple(
        UnplacedVillage(
            entry.origin,
            area[entry.row],
            people[entry.row],
            matches[entry.row][0].why if entry.row in matches else entry.coordinates,
        )
        for entry in lost
        if not entry.placed
    )
    return _listed(used, area, people, matches, _carried(table, villages.carry, include_names)), unplaced


def _positions(table: Table, villages: VillagesTable, columns: dict[str, str], frame: Frame) -> Positions:
    """Where the rows lie; nowhere where the list has no coordinates."""
    if has_position(table, columns):
        return positions(table, villages, columns, frame)
    nowhere = np.full(len(table), np.nan)
    return Positions(nowhere, nowhere.copy(), DEGREES, [NO_COORDINATES] * len(table))


def _gazetteer(
    table: Table, columns: dict[str, str], villages: VillagesTable, roads: Roads, frame: Frame, findings: Findings
) -> Gazetteer | None:
    """Where rows without coordinates are looked up; a fault where no row has any, and there is nothing to look in."""
    found = read_gazetteer(villages, roads, frame, findings)
    if found is None and not has_position(table, columns):
        fault = missing(table, ("lat", "lon"))
        way_out = (
            f"{fault.way_out} Or name a list of places in which the villages are looked up by their names, such as the "
            'places of OpenStreetMap: gazetteer = "...".'
        )
        raise InputFaults([Fault(fault.where, fault.what, way_out)])
    return found


def _by_name(
    lost: Sequence[Entry],
    area: dict[int, str],
    gazetteer: Gazetteer,
    areas: Areas | None,
    villages: VillagesTable,
    frame: Frame,
) -> dict[int, tuple[Match, str]]:
    """Give the rows without a position that of the place with their name; what was found, and its name, by row."""
    named = [entry for entry in lost if entry.label]
    within = _within([area[entry.row] for entry in named], named, areas)
    found = match(
        [entry.label for entry in named], within, gazetteer, _areas_of(gazetteer, areas), villages.name_similarity,
        villages.name_metres, frame,
    )  # fmt: skip
    same, alike, doubtful = list[Change](), list[Change](), list[Change]()
    matches = dict[int, tuple[Match, str]]()
    for entry, each in zip(named, found, strict=True):
        called = gazetteer.called(each.place) if each.place >= 0 else ""
        matches[entry.row] = each, called
        if each.place < 0:
            doubtful.append(entry.change(entry.coordinates, each.why))
            continue
        entry.x, entry.y = float(gazetteer.x[each.place]), float(gazetteer.y[each.place])
        change = entry.change(
            entry.coordinates, Text("at {called} ({similarity:.0f} %)", called=called, similarity=each.similarity)
        )
        (same if each.similarity == SAME else alike).append(change)
    file = lost[0].file
    for level, what, changes in (
        (
            "repaired",
            Text("rows without coordinates: found by their name in {gazetteer}", gazetteer=gazetteer.said),
            same,
        ),
        (
            "repaired",
            Text(
                "rows without coordinates: found by a name spelled alike in {gazetteer}, look at them",
                gazetteer=gazetteer.said,
            ),
            alike,
        ),
        (
            "warning",
            Text(
                "rows without coordinates whose name is not surely one of {gazetteer}: not used",
                gazetteer=gazetteer.said,
            ),
            doubtful,
        ),
    ):
        if changes:
            file.note(level, what, len(changes), changes)
    return matches


def _within(said: Sequence[str], named: Sequence[Entry], areas: Areas | None) -> list[Set[int] | None]:
    """The areas that each row may lie in, by what the list says; None = it does not say it, or names none of them."""
    called = defaultdict[str, set[int]](set)
    if areas is not None:
        for texts in (areas.code, areas.name, areas.parent_code, areas.parent_name):
            for at, text in enumerate(texts):
                for spelled in spellings(text):
                    called[spelled].add(at)
    within = [next((called[each] for each in spellings(cell) if each in called), None) for cell in said]
    unknown = [
        entry.change(cell, Text("looked up in all areas"))
        for entry, cell, found in zip(named, said, within, strict=True)
        if cell and found is None and areas is not None
    ]
    if unknown:
        named[0].file.note("warning", Text("rows whose area is none of [areas]"), len(unknown), unknown)
    return list(within)


def _areas_of(gazetteer: Gazetteer, areas: Areas | None) -> Ints:
    """The area of each place: that it lies in, else the nearest one."""
    if areas is None or not len(areas) or not len(gazetteer.names):
        return np.zeros(len(gazetteer.names), CELL)
    return np.asarray(shapely.STRtree(areas.geometry).nearest(shapely.points(gazetteer.x, gazetteer.y)), CELL)


def _people(table: Table, columns: dict[str, str]) -> Doubles:
    """People as the list has them, NaN where it says none; cells that are no number are told."""
    if "people" not in columns:
        return np.full(len(table), np.nan)
    read = read_numbers(["" if is_blank(cell) else cell for cell in table.cells(columns["people"])])
    wrong = sorted({*read.wrong, *read.doubtful, *np.flatnonzero(read.values < 0).tolist()})
    if wrong:
        cell = table.cells(columns["people"])
        rows = table.named(wrong, columns["name"])
        changes = [Change(row, cell[at], Text("not compared")) for row, at in zip(rows, wrong, strict=True)]
        what = Text(
            '"{column}" holds what is no number of people: {examples}',
            column=columns["people"],
            examples=examples(cell[at] for at in wrong),
        )
        table.file.note("warning", what, len(wrong), changes)
    return np.where(read.values >= 0, read.values, np.nan)


def _carried(table: Table, carry: Sequence[str], include_names: bool) -> dict[int, str]:
    """What the columns that are carried through say, by row; blank cells say nothing."""
    asked = {name: table.cells(name, "carry = [...] under [villages]") for name in carry}
    kept = [name for name, column in asked.items() if not include_names and of_persons(name, column)]
    if kept:
        what = Text(
            "of the columns to carry, these say who somebody is or how to call them: {examples}; they stay in the list "
            "(--include-names carries them too)",
            examples=examples(kept),
        )
        table.file.note("warning", what, len(kept))
    columns = [column for name, column in asked.items() if name not in kept]
    carry = [name for name in asked if name not in kept]
    told = ([f"{name}: {cell}" for name, cell in zip(carry, row, strict=True) if not is_blank(cell)]
            for row in zip(*columns, strict=True))  # fmt: skip
    return dict(zip(table.row, map("; ".join, told), strict=True)) if columns else dict.fromkeys(table.row, "")


def _listed(
    used: Sequence[Entry],
    area: dict[int, str],
    people: dict[int, float],
    matches: dict[int, tuple[Match, str]],
    carried: dict[int, str],
) -> VillageList:
    """The rows in use, with what is said of each by the number of its row."""
    none = Match(-1, np.nan, ""), ""
    found = [none if entry.given else matches.get(entry.row, none) for entry in used]  # a review gives positions
    how = [POSITION if each.place < 0 else NAME if each.similarity == SAME else SIMILAR_NAME for each, _ in found]
    return VillageList(
        tuple(entry.id for entry in used),
        tuple(entry.name for entry in used),
        *positions_of(used),
        folded=tuple(fold(entry.label) for entry in used),
        area=tuple(area[entry.row] for entry in used),
        people=np.array([people[entry.row] for entry in used], np.float64),
        how=tuple(how),
        matched=tuple(called for _, called in found),
        similarity=np.array([each.similarity if each.place >= 0 else np.nan for each, _ in found], np.float64),
        carried=tuple(carried[entry.row] for entry in used),
        origin=tuple(entry.origin for entry in used),
    )
