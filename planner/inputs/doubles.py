"""Rows that are one place: by their id, or by name and position; and the places of several lists made one list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from planner.errors import KEEP, MERGE, SET_ID, Fault
from planner.inputs.entries import Entry, by_list, offered, positions_of, rows, standing, told
from planner.inputs.place_names import alike, proper
from planner.inputs.text import examples
from planner.types.frame import Frame
from planner.types.inputs import Change
from planner.types.lists import MERGED
from planner.types.text import Text

ITS = {  # what a row takes over from one that is merged into it
    "type": "its type {value}",
    "village": "its village {value}",
    "tier": "its tier {value}",
    "capacity": "its capacity {value}",
}


@dataclass(frozen=True)
class Sameness:
    """When two rows are one place.

    Attributes
    ----------
    near_metres
        Nearer than this they are, whatever they are called; 0 = never.
    name_metres
        Nearer than this they are where their names are alike.
    percent
        Names alike by at least so much: see `planner.inputs.place_names.alike`.
    """

    near_metres: float
    name_metres: float
    percent: float


def same_id(entries: Sequence[Entry], same: Sameness, frame: Frame) -> Iterator[Fault]:
    """Rows without an id, and rows of one list that share theirs.

    A row with the id of an earlier one, of the same place, is merged into it where the user agrees. Two places with one
    id are a fault that no repair mends, but a new id.
    """
    for file, here in by_list(standing(entries)):
        blank = [entry for entry in here if not entry.id]
        if blank:
            yield Fault(
                file.where,
                f"has {rows(len(blank))} without an id: {examples(entry.place for entry in blank)}.",
                'Give each row an id, or say columns = { id = "" } to number the rows.',
            )
        taken = {entry.id for entry in here}
        for entry in blank:
            entry.id = _free(f"row{entry.row}", taken)
            entry.doubt(Text("no id"), SET_ID, entry.id)
        first: dict[str, Entry] = {}
        later = [(first[entry.id], entry) for entry in here if first.setdefault(entry.id, entry) is not entry]
        one = _one_place(later, same, frame)
        yield from _repeated([pair for pair, is_one in zip(later, one, strict=True) if is_one])
        others = [entry for (_, entry), is_one in zip(later, one, strict=True) if not is_one]
        if others:
            shown = examples(f"{first[entry.id].place} and {entry.place} = {entry.id}" for entry in others)
            yield Fault(
                file.where,
                f"has {rows(len(others))} with the id of another place: {shown}.",
                'Give each place an id of its own, name another column of ids, or say columns = { id = "" } to number '
                "the rows.",
            )
        for entry in others:
            own = _free(f"{entry.id}-2", taken)
            entry.doubt(Text("has the id of {other}", other=first[entry.id].other), SET_ID, own)
            entry.id = own


def _free(wanted: str, taken: set[str]) -> str:
    """An id that is not taken yet, and now is: the one wanted, or with a number added to it."""
    number, own = 2, wanted
    while own in taken:
        own, number = f"{wanted}-{number}", number + 1
    taken.add(own)
    return own


def _one_place(pairs: Sequence[tuple[Entry, Entry]], same: Sameness, frame: Frame) -> list[bool]:
    """Which pairs of rows with one id are one place: their names are alike, or they lie near."""
    if not pairs:
        return []
    ones, others = zip(*pairs, strict=True)
    near = frame.metres_between(*positions_of(ones), *positions_of(others)) < same.near_metres
    named = alike([proper(a.name) for a in ones], [proper(b.name) for b in others], same.percent)
    return [a.name == b.name or one for (a, b), one in zip(pairs, (near | named).tolist(), strict=True)]


def _repeated(pairs: Sequence[tuple[Entry, Entry]]) -> Iterator[Fault]:
    changes = {}
    for kept, entry in pairs:
        entry.doubt(Text("is {other} again, with the same id", other=kept.other), MERGE, kept.id)
        changes[entry] = entry.change(Text("{id}, as {other}", id=entry.id, other=kept.other), merged(entry, kept))
    yield from offered(
        changes, "drop-duplicates", "left out", Text("rows with the id of an earlier row of the same place"),
        "has {rows} with the id of an earlier row, of the same place by name or position",
        "Keep the first of them with --fix drop-duplicates, or correct the list.",
    )  # fmt: skip


def same_place(entries: Sequence[Entry], same: Sameness, frame: Frame) -> None:
    """Rows of one list that seem to be one place: merged into the first where the user agrees, else told."""
    for file, here in by_list(standing(entries)):
        changes: dict[Entry, Change] = {}
        agreed = file.agreed("drop-duplicates")
        for kept, entry, metres, named in _pairs(here, same, frame):
            if entry.given or entry in changes or kept in changes:
                continue
            found = Text("{metres:,.0f} m from {other}", metres=metres, other=kept.other)
            if named and same.percent == 100:
                found = Text("{found}, with the same name", found=found)
            elif named:
                found = Text("{found}, with a similar name", found=found)
            entry.doubt(found, MERGE if named else KEEP, kept.id if named else "")
            changes[entry] = entry.change(found, merged(entry, kept) if agreed else Text("both kept"))
        if agreed:
            what = Text("rows that are an earlier one again, by name or position (--fix drop-duplicates)")
            told(changes, "left out", what)
        else:
            what = Text("rows that may be an earlier one again: --fix drop-duplicates keeps the first")
            told(changes, "warning", what)


def _pairs(here: Sequence[Entry], same: Sameness, frame: Frame) -> Iterator[tuple[Entry, Entry, float, bool]]:
    """Pairs of rows that may be one place, of the same tier: the earlier, the later, how far, and whether by name."""
    if len(here) < 2:
        return
    tree = cKDTree(frame.earth_centred(*positions_of(here)))
    one, other = tree.query_pairs(max(same.near_metres, same.name_metres), output_type="ndarray").T.astype(np.intp)
    order = np.lexsort((one, other))
    one, other = one[order], other[order]
    names = [_name(entry) for entry in here]
    named = alike([names[k] for k in one], [names[k] for k in other], same.percent)
    x, y = positions_of(here)
    metres = frame.metres_between(x[one], y[one], x[other], y[other])
    one_kind = np.array([here[i].same_kind(here[k]) for i, k in zip(one.tolist(), other.tolist(), strict=True)], bool)
    by_name = named & one_kind & (metres <= same.name_metres)
    for k in np.flatnonzero(by_name | (metres < same.near_metres)).tolist():
        first, second = here[one[k]], here[other[k]]
        if first.tier == second.tier:
            yield first, second, float(metres[k]), bool(by_name[k])


def _name(entry: Entry) -> tuple[str, ...]:
    """The names that count in comparisons; none for a row that is only called by its id."""
    return proper(entry.name) if entry.name != entry.listed_id else ()


def merged(entry: Entry, kept: Entry) -> Text:
    """Merge a row into another, which takes what it lacks; what it takes is returned in words."""
    taken = []
    for key, its in ITS.items():
        value, own = getattr(entry, key), getattr(kept, key)
        if value and value == value and (not own or own != own):  # noqa: PLR0124  (NaN is not itself)
            setattr(kept, key, value)
            taken.append(Text(its, value=f"{value:g}" if isinstance(value, float) else value))
    entry.fate = MERGED
    if taken:
        return Text("merged into {other}, which takes {taken: and }", other=kept.other, taken=tuple(taken))
    return Text("merged into {other}", other=kept.other)


def earlier_lists(lists: Sequence[Sequence[Entry]], same: Sameness, frame: Frame) -> None:
    """Rows of a list that are places of an earlier list are merged into them; ids taken there are made others.

    A row is the place of the nearest row with a name like its own, else of the nearest row so near that it is the same
    whatever its name: of its tier, or where it has no name.
    """
    for position, later in enumerate(lists[1:], start=2):
        earlier = standing(entry for entries in lists[: position - 1] for entry in entries)
        _merge(standing(later), earlier, same, frame)
        taken = {entry.id for entry in earlier}
        changes = {}
        for entry in standing(later):
            if entry.id in taken:
                own = _free(f"{entry.id}-{position}", taken)
                changes[entry] = entry.change(Text("id {id}", id=entry.id), Text("id {id}", id=own))
                entry.id = own
        told(changes, "repaired", Text("ids that other places of an earlier list have"))


def _merge(later: Sequence[Entry], earlier: Sequence[Entry], same: Sameness, frame: Frame) -> None:
    changes: dict[Entry, Change] = {}
    for entry, kept, metres, named in _nearest(later, earlier, same, frame):
        if entry.given:
            continue
        file = kept.list_name.rpartition("/")[2]
        found = Text("{metres:,.0f} m from {other} of {file}", metres=metres, other=kept.other, file=file)
        if named:
            found = Text("{found}, with a similar name", found=found)
        entry.doubt(found, MERGE, kept.id)
        changes[entry] = entry.change(found, merged(entry, kept))
    told(changes, "left out", Text("rows that are places of an earlier list, by name or position"))


def _nearest(
    later: Sequence[Entry], earlier: Sequence[Entry], same: Sameness, frame: Frame
) -> Iterator[tuple[Entry, Entry, float, bool]]:
    """Each row that is a place of an earlier list: with that place, how far, and whether by its name."""
    if not earlier or not later:
        return
    near = cKDTree(frame.earth_centred(*positions_of(earlier)))
    there = cKDTree(frame.earth_centred(*positions_of(later)))
    around = there.query_ball_tree(near, max(same.near_metres, same.name_metres))
    for entry, positions in zip(later, around, strict=True):
        here = [earlier[k] for k in sorted(positions)]
        metres = frame.metres_between(*positions_of([entry] * len(here)), *positions_of(here)).tolist() if here else []
        named = alike([_name(entry)] * len(here), [_name(kept) for kept in here], same.percent).tolist()
        found = [
            (not by_name, away, k, by_name)
            for k, (away, by_name) in enumerate(zip(metres, named, strict=True))
            if (by_name and away <= same.name_metres)
            or (away < same.near_metres and (entry.tier == here[k].tier or entry.name == entry.listed_id))
        ]
        if found:
            _, away, k, by_name = min(found)
            yield entry, here[k], away, by_name
