"""What can go wrong for the user, told so that the user can mend it."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass

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


class InputFaults(PlannerError):
    """Faults of the scenario or of the input files, gathered and told at once (exit code 2)."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class NoAnswer(PlannerError):
    """The question was well asked but has no answer: infeasible, or out of time (exit code 3)."""
