"""Entries of a list: what a row says of a place, what was found in it, and what becomes of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from pyproj import CRS, Transformer

from planner.errors import KEEP, LEAVE_OUT, MERGE, MOVE, SET_ID, SET_TIER, SWAP, TURN_SIGN, Doubt, Fault
from planner.inputs.coordinates import Unread
from planner.inputs.findings import File
from planner.inputs.projecting import turns
from planner.inputs.text import examples, fold
from planner.types.arrays import Doubles
from planner.types.frame import Frame
from planner.types.inputs import Change
from planner.types.lists import USED, Origin
from planner.types.text import Text

MOVES = (SWAP, TURN_SIGN, MOVE)
# A row has one decision: that which changes most.
WEIGHT = {"": 0, KEEP: 1, SET_TIER: 2, SET_ID: 2, SWAP: 3, TURN_SIGN: 3, MOVE: 3, LEAVE_OUT: 4, MERGE: 4}


@dataclass(eq=False)
class Entry:
    """One row of a list on its way to a place.

    Attributes
    ----------
    file, list_name, row
        Where it stands.
    label
        What messages call it, beside its row: its name, or the village of a CHW, whose name is nobody's business.
    coordinates
        As the list has them, latitude first.
    first, second
        Longitude and latitude (or x and y) as numbers of the list's own reference system `crs`; NaN = none.
    x, y
        The position in the frame's CRS, NaN where it has none.
    unread
        Its cells of coordinates that hold something else, by their columns.
    id, name, type, village
        As the list has them; "" where it says nothing.
    tier, capacity
        0 and NaN = unknown.
    tier_cell, capacity_cell
        Cells that should say them; the latter None where no column does.
    fate
        What becomes of it: one of `planner.types.lists.FATES`.
    found, decision, to_id, to_tier
        What was found, and the decision that is proposed, with the id and the tier it takes; "" and 0 = none.
    given, comment
        The decision that the planner's review has for it, which is then done already, and why; "" = none.
    listed_id
        The id as the list has it, or as it was made where the list has no ids; `id` is the one in use.
    """

    file: File
    list_name: str
    row: int
    label: str
    coordinates: str
    first: float
    second: float
    crs: CRS
    x: float
    y: float
    id: str
    name: str
    type: str = ""
    village: str = ""
    tier_cell: str = ""
    capacity_cell: str | None = None
    unread: Mapping[Unread, str] = field(default_factory=dict)
    tier: int = 0
    capacity: float = math.nan
    fate: str = USED
    found: list[str] = field(default_factory=list)
    decision: str = ""
    to_id: str = ""
    to_tier: int = 0
    given: str = ""
    comment: str = ""
    listed_id: str = ""

    def __post_init__(self) -> None:
        self.listed_id = self.id

    @property
    def place(self) -> Text:
        """Its row in words: ``row 14 "CS Mbale"``."""
        return self.origin.place

    @property
    def other(self) -> Text:
        """Its row in words, as another row's record has them: ``row 14 (CS Mbale)``."""
        if self.label:
            return Text("row {row} ({name})", row=self.row, name=self.label)
        return Text("row {row}", row=self.row)

    @property
    def placed(self) -> bool:
        """Whether it has a position."""
        return math.isfinite(self.x) and math.isfinite(self.y)

    @property
    def origin(self) -> Origin:
        """Where it stands, for what is made of it."""
        return Origin(self.list_name, self.row, self.listed_id, self.label, self.coordinates, self.given == KEEP)

    def same_kind(self, other: Entry) -> bool:
        """Whether both are of one type, as far as their lists say it."""
        return not (self.type and other.type) or fold(self.type) == fold(other.type)

    def doubt(self, found: str, decision: str = "", to_id: str = "") -> None:
        """Keep what was found in the row and what is proposed; of several decisions, the one that changes most."""
        self.found.append(found)
        if WEIGHT[decision] >= WEIGHT[self.decision]:
            self.decision = decision
        self.to_id = to_id or self.to_id

    def change(self, before: str, after: str = "") -> Change:
        """What changes in the row."""
        return Change(self.place, before, after)


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """Those that nothing has taken out so far."""
    return [entry for entry in entries if entry.fate == USED]


def positions_of(entries: Sequence[Entry]) -> tuple[Doubles, Doubles]:
    """Their positions in the frame's CRS."""
    return np.array([entry.x for entry in entries], np.float64), np.array([entry.y for entry in entries], np.float64)


def to_frame(first: Doubles, second: Doubles, crs: CRS, frame: Frame) -> tuple[Doubles, Doubles]:
    """Coordinates in the frame's CRS of longitudes and latitudes (or x and y) in `crs`; NaN where they have none."""
    first, second = np.array(first, np.float64), np.array(second, np.float64)
    if crs.is_geographic:
        nowhere = ~((np.abs(second) <= 90) & (np.abs(first) <= 360))
        first[nowhere], second[nowhere] = np.nan, np.nan
    x, y = Transformer.from_crs(crs, frame.pyproj_crs, always_xy=True).transform(first, second)
    nowhere = ~(np.isfinite(x) & np.isfinite(y))
    x, y = np.where(nowhere, np.nan, x), np.where(nowhere, np.nan, y)
    return (x + turns(x, x, frame), y) if frame.geographic else (x, y)


def by_list(entries: Iterable[Entry]) -> Iterable[tuple[File, list[Entry]]]:
    """The entries of each list, with its file."""
    lists: dict[tuple[File, str], list[Entry]] = {}
    for entry in entries:
        lists.setdefault((entry.file, entry.list_name), []).append(entry)
    return ((file, here) for (file, _), here in lists.items())


def told(changes: Mapping[Entry, Change], level: str, what: Text) -> None:
    """A note on these changes, for each file."""
    for file, entries in by_list(changes):
        file.note(level, what, len(entries), [changes[entry] for entry in entries])


def offered(
    changes: Mapping[Entry, Change], fix: str, level: str, done: Text, what: str, way_out: str
) -> Iterator[Fault]:
    """For each file: a note that these changes were made where the user agreed to `fix`, else the fault they mend.

    `what` says what was found, with "{rows}" for how many rows.
    """
    for file, entries in by_list(changes):
        if file.agreed(fix):
            told({entry: changes[entry] for entry in entries}, level, Text("{done} (--fix {fix})", done=done, fix=fix))
        else:
            found = examples(f"{entry.place} ({changes[entry].before})" for entry in entries)
            yield Fault(file.where, f"{what.format(rows=rows(len(entries)))}: {found}.", way_out)


def rows(count: int) -> str:
    """A number of rows in words."""
    return f"{count:,} row{'' if count == 1 else 's'}"


def doubt_of(entry: Entry, role: str, frame: Frame) -> Doubt:
    """The entry as a row of the review."""
    moved = entry.decision in MOVES
    lon, lat = (float(axis[0]) for axis in frame.lonlat([entry.x], [entry.y])) if moved else (math.nan, math.nan)
    return Doubt(
        role,
        entry.list_name,
        entry.row,
        entry.listed_id,
        entry.label,
        entry.coordinates,
        "; ".join(entry.found),
        entry.decision,
        lat=lat,
        lon=lon,
        tier=entry.to_tier,
        to_id=entry.to_id,
        comment=entry.comment,
    )
