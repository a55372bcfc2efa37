"""The list of villages and the settlements of the raster side by side: who was joined to what, and what is doubtful."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from planner.scenario import VillagesTable
from planner.types.arrays import Ints
from planner.types.inputs import FROM_RASTER, NO_POSITION, Change, Note, UnplacedVillage, VillageList
from planner.types.land import Land
from planner.types.people import JoinRow
from planner.types.results import Villages
from planner.types.text import Text
from planner.villages.settlements import Found

WHERE = "villages"
MOST_TOLD = 500  # settlements without a name, the largest first; a country can have a hundred thousand

Remarks = dict[int, Change]


def join(
    land: Land, listed: VillageList, unplaced: Sequence[UnplacedVillage], found: Found, rules: VillagesTable
) -> tuple[tuple[JoinRow, ...], tuple[Note, ...]]:
    """Tell of each village of the list what it was joined to, and of each settlement that has no name in the list.

    Returns
    -------
    Rows of the list in their order, those without a position after them, then the settlements without a name, and
    notes: list entries without people, people without a list entry, names twice, and numbers that disagree.
    """
    doubts = {
        Text("listed villages without people in the raster near them"):
            _without_people(listed, found, rules.name_metres),
        Text("listed villages of one name in one area"): _twice(listed, found.villages.area),
        Text("villages whose people in the list and in the raster differ more than {times:g} times",
             times=rules.list_factor):
            _disagreeing(listed, found.villages, rules.list_factor),
    }  # fmt: skip
    remarks = defaultdict[int, list[str]](list)
    for changes in doubts.values():
        for at, change in changes.items():
            remarks[at].append(change.after)
    rows = (
        *_listed_rows(listed, found, remarks),
        *(JoinRow(each.origin.place, each.origin.id, each.origin.name, -1, each.area, NO_POSITION, "", np.nan, 0,
                  np.nan, np.nan, each.people, (each.why,)) for each in unplaced),
        *_found_rows(land, listed, found),
    )  # fmt: skip
    notes = [Note("warning", WHERE, what, len(changes), tuple(changes.values())) for what, changes in doubts.items()]
    return rows, tuple(note for note in (*notes, *_people_elsewhere(land, listed, found, rows)) if note.count)


def _without_people(listed: VillageList, found: Found, name_metres: float) -> Remarks:
    """Listed villages that got nobody: none lives near, or all who do live nearer to another name."""
    return {
        at: Change(
            listed.row(at),
            Text("{metres:,.0f} m to the nearest settlement", metres=found.metres[at])
            if np.isfinite(found.metres[at])
            else "",
            Text("nobody lives within {metres:g} m", metres=name_metres)
            if found.settlement[at] < 0
            else Text("all people near it live nearer to another name"),
        )
        for at in np.flatnonzero(found.villages.people[: len(listed)] == 0).tolist()
    }


def _twice(listed: VillageList, area: Ints) -> Remarks:
    """Listed villages that have their name in common with another one of their area."""
    alike = defaultdict[tuple[str, int], list[int]](list)
    for at, name in enumerate(listed.folded):
        if name:
            alike[name, int(area[at])].append(at)
    changes = {}
    for several in alike.values():
        for at in several if len(several) > 1 else ():
            others = tuple(listed.row(other) for other in several if other != at)
            changes[at] = Change(listed.row(at), listed.name[at], Text("same name as {rows}", rows=others))
    return changes


def _disagreeing(listed: VillageList, villages: Villages, factor: float) -> Remarks:
    """Listed villages whose people in the list are many times those in the raster, or the other way round."""
    there, said = villages.people[: len(listed)], listed.people
    ratio = np.divide(there, said, out=np.full(len(listed), np.nan), where=(there > 0) & (said > 0))
    apart = np.flatnonzero((ratio > factor) | (ratio < 1 / factor)).tolist()
    changes = {}
    for at in sorted(apart, key=lambda at: -abs(np.log(ratio[at]))):
        times = max(ratio[at], 1 / ratio[at])
        shown = Text("{times:,.0f}" if times >= 10 else "{times:,.1f}", times=times)
        after = Text(
            "{people:,.0f} in the raster, {times} times more"
            if ratio[at] > 1
            else "{people:,.0f} in the raster, {times} times fewer",
            people=there[at],
            times=shown,
        )
        changes[at] = Change(listed.row(at), Text("{people:,.0f} people in the list", people=said[at]), after)
    return changes


def _listed_rows(listed: VillageList, found: Found, remarks: dict[int, list[str]]) -> list[JoinRow]:
    villages = found.villages
    return [
        JoinRow(
            row=listed.row(at),
            village_id=listed.id[at],
            name=listed.name[at],
            area=int(villages.area[at]),
            list_area=listed.area[at],
            how=listed.how[at],
            matched=listed.matched[at],
            similarity=float(listed.similarity[at]),
            settlement=int(found.settlement[at]) + 1,
            metres=float(found.metres[at]),
            people=float(villages.people[at]),
            list_people=float(listed.people[at]),
            remarks=tuple(remarks.get(at, ())),
        )
        for at in range(len(listed))
    ]


def _found_rows(land: Land, listed: VillageList, found: Found) -> list[JoinRow]:
    """Settlements without a name in the list, with the way to the nearest listed village."""
    from scipy.spatial import KDTree

    villages, frame = found.villages, land.frame
    alone = np.flatnonzero(~villages.listed).tolist()
    metres = np.full(len(villages), np.nan)
    placed = np.flatnonzero(np.isfinite(listed.x) & np.isfinite(listed.y))
    if len(placed) and alone:
        tree = KDTree(frame.earth_centred(listed.x[placed], listed.y[placed]))
        metres[alone] = tree.query(frame.earth_centred(villages.x[alone], villages.y[alone]))[0]
    return [
        JoinRow("", villages.id[at], villages.name[at], int(villages.area[at]), "", FROM_RASTER, "", np.nan,
                int(found.settlement[at]) + 1, float(metres[at]), float(villages.people[at]), np.nan, ())
        for at in alone
    ]  # fmt: skip


def _people_elsewhere(land: Land, listed: VillageList, found: Found, rows: Sequence[JoinRow]) -> list[Note]:
    """People in settlements that the list does not have, one by one where there is a list, and people in none."""
    nameless = [row for row in rows if row.how == FROM_RASTER]
    changes = tuple(
        Change(
            Text("{id} {name}", id=row.village_id, name=row.name),
            Text("{people:,.0f} people", people=row.people),
            Text("{metres:,.0f} m from a listed village", metres=row.metres),
        )
        for row in nameless[:MOST_TOLD]
        if len(listed)
    )
    scattered = float(land.people[found.villages.of_cell < 0].sum())
    return [
        Note("info", WHERE, Text("people in settlements of the raster that have no name in the list"),
             sum(row.people for row in nameless), changes),
        Note("info", WHERE, Text("people outside every village ('scattered')"), scattered),
    ]  # fmt: skip
