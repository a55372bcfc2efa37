"""What can go wrong for the user, told so that the user can mend it."""

from __future__ import annotations

import errno
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

KEEP, LEAVE_OUT, MERGE = "keep", "leave out", "merge into"
SWAP, TURN_SIGN, MOVE = "swap", "turn sign", "move to"
SET_TIER, SET_ID = "set tier", "set id"
DECISIONS = (KEEP, LEAVE_OUT, SWAP, TURN_SIGN, MOVE, MERGE, SET_TIER, SET_ID)

DISK_ADVICE = {
    errno.ENOSPC: "Free some space, or choose a place on another disk.",
    errno.EDQUOT: "Free some space, or choose a place on another disk.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.EIO: "The disk, stick or network drive does not answer as it should: copy the files to another.",
    errno.EROFS: "Choose a place that you may write to.",
    errno.EACCES: "Close it where it is open in another program, or choose a place that you may write to.",
    errno.EPERM: "Close it where it is open in another program, or choose a place that you may write to.",
}


class PlannerError(Exception):
    """Base of every fault a user can mend: the message says where, what was found, and the way out."""


@dataclass(frozen=True)
class Fault:
    """One thing to mend.

    Attributes
    ----------
    where
        File, table, key, column or row, as precisely as known.
    what
        What was found and what was expected, with up to three examples and a count.
    way_out
        What the user can do about it.
    """

    where: str
    what: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.way_out}".rstrip()


@dataclass(frozen=True)
class Doubt:
    """A row of a list that somebody should look at, and what could be done with it: a row of the review.

    Attributes
    ----------
    role
        "facilities", "villages" or "chws".
    file
        Name of the list.
    row
        Its number in the list, as a spreadsheet counts.
    id, name, coordinates
        As the list has them; "" where it has none.
    found
        What was found.
    decision
        One of `DECISIONS`, as proposed or as the planner decided; "" = to be decided.
    lat, lon
        Where the place comes to lie, in degrees, where the decision moves it; else NaN.
    tier
        The tier it gets; 0 = none is set.
    to_id
        The id it gets, or that of the row it is merged into; "" = none.
    comment
        The planner's own words.
    """

    role: str
    file: str
    row: int
    id: str
    name: str
    coordinates: str
    found: str
    decision: str
    lat: float = math.nan
    lon: float = math.nan
    tier: int = 0
    to_id: str = ""
    comment: str = ""


def joined(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """One doubt a row, in the order of the rows: of several, the last decision."""
    rows: dict[tuple[str, str, int], Doubt] = {}
    for doubt in doubts:
        row = doubt.role, doubt.file, doubt.row
        rows[row] = _both(rows[row], doubt) if row in rows else doubt
    return tuple(rows[row] for row in sorted(rows))


def _both(first: Doubt, second: Doubt) -> Doubt:
    """What was found in a row, and later, as one."""
    found = f"{first.found}; {second.found}"
    return replace(first, found=found, decision=second.decision, lat=second.lat, lon=second.lon)


class InputFaults(PlannerError):
    """Faults of the scenario or of the input files, gathered and told at once (exit code 2).

    ``doubts`` are the rows of lists that can be decided one by one.
    """

    def __init__(self, faults: Iterable[Fault], doubts: Iterable[Doubt] = ()) -> None:
        self.faults = tuple(faults)
        self.doubts = tuple(doubts)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class NoAnswer(PlannerError):
    """The question was well asked but has no answer: infeasible, or out of time (exit code 3)."""


def one_line(text: str) -> str:
    """Text of files and errors on one line: what is not printable could steer a terminal, or forge a line of a log."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
