"""Rows that lie where they should not: exchanged coordinates, a lost sign, no coordinates, outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from planner.errors import KEEP, LEAVE_OUT, SWAP, TURN_SIGN, Fault
from planner.inputs.entries import MOVES, Entry, by_list, offered, positions_of, standing, to_frame, told
from planner.inputs.extent import Extent
from planner.inputs.text import examples
from planner.types.arrays import Doubles
from planner.types.inputs import Change
from planner.types.lists import OUTSIDE, UNPLACED
from planner.types.text import Text

Turn = Callable[[Doubles, Doubles], tuple[Doubles, Doubles]]
EXCHANGED: tuple[Turn, ...] = (lambda first, second: (second, first),)
TURNED: tuple[Turn, ...] = (
    lambda first, second: (first, -second),
    lambda first, second: (-first, second),
    lambda first, second: (-first, -second),
)


def exchanged(entries: Sequence[Entry], extent: Extent, metres: float) -> Iterator[Fault]:
    """Rows that lie outside, but inside with latitude and longitude exchanged: they are, where the user agrees."""
    yield from _mend(
        entries, extent, metres, EXCHANGED, "swap-latlon", SWAP, Text("latitude and longitude seem exchanged"),
        Text("rows outside {extent}, inside when latitude and longitude are exchanged", extent=extent.name),
    )  # fmt: skip


def turned(entries: Sequence[Entry], extent: Extent, metres: float) -> Iterator[Fault]:
    """Rows that lie outside, but inside with another sign of latitude or longitude: it is turned, where agreed."""
    yield from _mend(
        entries, extent, metres, TURNED, "turn-sign", TURN_SIGN, Text("a minus sign seems lost or one too many"),
        Text("rows outside {extent}, inside with the other sign of latitude or longitude", extent=extent.name),
    )  # fmt: skip


def _mend(
    entries: Sequence[Entry],
    extent: Extent,
    metres: float,
    ways: tuple[Turn, ...],
    fix: str,
    decision: str,
    found: Text,
    done: Text,
) -> Iterator[Fault]:
    changes = {}
    for entry in outside(standing(entries), extent, metres):
        position = None if entry.given in (KEEP, *MOVES) else fitting(entry, extent, metres, ways)
        if position:
            changes[entry] = entry.change(entry.coordinates, moved(entry, *position, extent))
            entry.doubt(found, decision)
    what = "has {rows}" + done.removeprefix("rows").replace("{", "{{").replace("}", "}}")
    way_out = f"Mend them with --fix {fix}, or correct the list."
    yield from offered(changes, fix, "repaired", done, what, way_out)


def outside(entries: Sequence[Entry], extent: Extent, metres: float) -> list[Entry]:
    """Those with coordinates that lie further outside than so many metres, or nowhere on earth."""
    away = extent.metres_outside(*positions_of(entries))
    numbers = np.array([(entry.first, entry.second) for entry in entries]).reshape(-1, 2)
    given = np.isfinite(numbers).all(axis=1)
    return [entries[k] for k in np.flatnonzero(given & (away > metres)).tolist()]


def fitting(entry: Entry, extent: Extent, metres: float, ways: tuple[Turn, ...]) -> tuple[float, float] | None:
    """The entry's numbers as the first of these ways turns them that leads inside; None where none does."""
    for way in ways:
        first, second = way(np.array([entry.first]), np.array([entry.second]))
        if extent.metres_outside(*to_frame(first, second, entry.crs, extent.frame))[0] <= metres:
            return float(first[0]), float(second[0])
    return None


def moved(entry: Entry, first: float, second: float, extent: Extent) -> str:
    """Give an entry these coordinates of its list's own reference system; they are returned as text."""
    x, y = to_frame(np.array([first]), np.array([second]), entry.crs, extent.frame)
    entry.first, entry.second, entry.x, entry.y = first, second, float(x[0]), float(y[0])
    return f"{second:.9g}, {first:.9g}" if entry.crs.is_geographic else f"{first:.9g}, {second:.9g}"


def unread(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Rows that hold something else in their cells of coordinates."""
    for file, here in by_list(entries):
        undecided = [entry for entry in standing(here) if entry.unread and not entry.placed]
        for column in dict.fromkeys(each for entry in undecided for each in entry.unread):
            wrong = [entry for entry in undecided if column in entry.unread]
            shown = examples(f'{entry.place}: "{entry.unread[column]}"' for entry in wrong)
            what = f'"{column.column}" holds no {column.word} in {len(wrong)} of {len(here)} rows: {shown}.'
            yield Fault(file.where, what, column.way_out)


def unplaced(entries: Sequence[Entry]) -> None:
    """Leave out the rows without usable coordinates."""
    changes: dict[Entry, Change] = {}
    for entry in standing(entries):
        if not entry.placed:
            changes[entry] = entry.change(entry.coordinates)
            # Somebody meant something with what cannot be read: that is not for us to leave out.
            entry.doubt(
                Text("no usable coordinates ({found})", found=entry.coordinates), "" if entry.unread else LEAVE_OUT
            )
            entry.fate = UNPLACED
    told(changes, "left out", Text("rows without usable coordinates"))


def far(entries: Sequence[Entry], extent: Extent, metres: float) -> None:
    """Leave out the rows that lie further outside than so many metres, and tell those that lie nearer."""
    here = standing(entries)
    left_out: dict[Entry, Change] = {}
    kept: dict[Entry, Change] = {}
    for entry, away in zip(here, extent.metres_outside(*positions_of(here)).tolist(), strict=True):
        if entry.given == KEEP:
            continue
        if away > metres:
            off = Text("{distance} outside {extent}", distance=distance(away), extent=extent.name)
            entry.doubt(off, LEAVE_OUT)
            left_out[entry] = entry.change(Text("{coordinates}: {off}", coordinates=entry.coordinates, off=off))
            entry.fate = OUTSIDE
        elif away:
            off = Text("{distance} outside {extent}", distance=distance(away), extent=extent.name)
            off = Text("{coordinates}: {off}", coordinates=entry.coordinates, off=off)
            kept[entry] = entry.change(off, Text("kept"))
    limit = {"extent": extent.name, "distance": distance(metres)}
    told(left_out, "left out", Text("rows more than {distance} outside {extent} (outside_metres)", **limit))
    told(kept, "warning", Text("rows outside {extent}, by no more than {distance}: kept", **limit))


def distance(metres: float) -> Text:
    """A distance in words."""
    if metres < 1000:
        return Text("{metres:,.0f} m", metres=metres)
    km = round(metres / 1000, 1)
    return Text("{km:,.0f} km", km=km) if km.is_integer() else Text("{km:,.1f} km", km=km)


def nowhere(entries: Sequence[Entry]) -> Iterator[Fault]:
    """The fault that no row of a list has a place."""
    for file, of_file in by_list(entries):
        fates = {entry.fate for entry in of_file}
        if fates == {UNPLACED}:
            what = f"none of its {len(of_file):,} rows has usable coordinates."
            yield Fault(file.where, what, "Correct them, or say which columns they are: columns = { lat, lon }.")
        elif fates <= {UNPLACED, OUTSIDE}:
            what = f"none of its {len(of_file):,} rows lies on the population raster."
            yield Fault(file.where, what, "Check the coordinates, and that both files are of the same place.")
