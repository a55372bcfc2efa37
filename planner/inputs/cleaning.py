"""A list cleaned with a record: what is wrong in its rows is repaired, offered, or told, and every row is counted.

The steps build on each other: what a step proposes counts for those after it, so that all that is wrong is found at
once, and a review that accepts every proposal leaves nothing to find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.errors import Fault, InputFaults
from planner.inputs.doubles import Sameness, same_id
from planner.inputs.entries import Entry, doubt_of, standing
from planner.inputs.extent import Extent
from planner.inputs.findings import Findings
from planner.inputs.misplaced import exchanged, far, turned, unplaced, unread
from planner.inputs.review import decide
from planner.inputs.table import Table
from planner.scenario import PlacesTable
from planner.types.lists import NOT_ASKED, REVIEWED, account


@dataclass(frozen=True, eq=False)
class Listed:
    """A list as it was read, and its rows as entries."""

    table: Table
    entries: list[Entry]


def sameness(layer: PlacesTable) -> Sameness:
    """When two rows of the list are one place, by the scenario."""
    return Sameness(layer.same_place_metres, layer.same_name_metres, layer.same_name_percent)


def place(entries: Sequence[Entry], layer: PlacesTable, role: str, extent: Extent, findings: Findings) -> list[Fault]:
    """Do what the review decides, give the rows their positions and ids, and leave out those without one or far off."""
    metres = layer.outside_metres
    faults = [
        *decide(entries, layer, role, extent, findings),
        *unread(entries),
        *exchanged(entries, extent, metres),
        *turned(entries, extent, metres),
    ]
    unplaced(entries)
    far(entries, extent, metres)
    return [*faults, *same_id(entries, sameness(layer), extent.frame)]


def settle(
    lists: Sequence[Listed], role: str, faults: Iterable[Fault], extent: Extent, findings: Findings
) -> list[Entry]:
    """The rows that are used. The doubts and accounts of all are kept; the faults are raised."""
    found = tuple(faults)
    for listed in lists:
        if role in REVIEWED:
            findings.doubts += [doubt_of(entry, role, extent.frame) for entry in listed.entries if entry.found]
        if listed.entries and not found:
            fates = Counter({NOT_ASKED: listed.table.not_asked}) + Counter(entry.fate for entry in listed.entries)
            findings.accounts.append(account(role, listed.entries[0].list_name, fates))
    if found:
        raise InputFaults(found)
    return standing(entry for listed in lists for entry in listed.entries)
