"""Lists of places: where each place stands in its list, and what became of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from planner.types.text import Text

# What becomes of a row: each is in exactly one of these lines of its list's account.
USED = "used"
IN_NO_AREA = "used, in no area"
NOT_ASKED = "not asked for (where)"
UNPLACED = "without coordinates"
OUTSIDE = "outside"
MERGED = "merged into another row"
DECIDED = "left out by a decision"
CLOSED = "on closed ground"
FATES = (USED, IN_NO_AREA, NOT_ASKED, UNPLACED, OUTSIDE, MERGED, DECIDED, CLOSED)

# The lists that are reviewed, each on a sheet of its name; names of committees and their leaders are nobody's business.
REVIEWED = ("facilities", "villages", "chws")
# The columns of a review, by the attribute of `planner.errors.Doubt` that stands in each.
REVIEW = {
    "file": "list",
    "row": "row in the list",
    "id": "id",
    "name": "name",
    "coordinates": "coordinates in the list",
    "found": "what was found",
    "decision": "decision",
    "lat": "latitude",
    "lon": "longitude",
    "tier": "tier",
    "to_id": "to id",
    "comment": "comment",
}


def row_in_words(row: int, name: str = "") -> Text:
    """A row of a list in words: ``row 14 "CS Mbale"``."""
    return Text('row {row} "{name}"', row=row, name=name) if name else Text("row {row}", row=row)


@dataclass(frozen=True)
class Origin:
    """Where a place stands: the list by name, the number of its row, and its id, name and coordinates as listed.

    The name of a CHW is nobody's business: ``name`` is that of the village. ``kept``: the planner decided that it is
    right as it is.
    """

    file: str
    row: int
    id: str
    name: str
    coordinates: str
    kept: bool = False

    @property
    def place(self) -> Text:
        """The row in words: ``row 14 "CS Mbale"``."""
        return row_in_words(self.row, self.name)


@dataclass(frozen=True)
class ListAccount:
    """What became of the rows of one list: ``rows`` by fate, in the order of `FATES`; they add up to all its rows."""

    role: str
    file: str
    rows: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """All rows of the list."""
        return sum(count for _, count in self.rows)

    def moved(self, fates: Mapping[tuple[str, str, str], int]) -> ListAccount:
        """The account after used rows turned out to have other fates: so many, by role, list and fate."""
        own = Counter(
            {fate: count for (role, file, fate), count in fates.items() if (role, file) == (self.role, self.file)}
        )
        counts = Counter(dict(self.rows)) + own
        counts[USED] -= own.total()
        return account(self.role, self.file, counts)


def account(role: str, file: str, counts: Counter[str]) -> ListAccount:
    """The account of a list by the number of rows of each fate."""
    return ListAccount(role, file, tuple((fate, counts[fate]) for fate in FATES if counts[fate] or fate == USED))
