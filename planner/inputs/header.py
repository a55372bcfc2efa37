"""Which row of a sheet is its header: titles may stand above it, and it may take two rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from planner.inputs.names import usual_name
from planner.inputs.sheet import Merged, Row, Sheet
from planner.inputs.text import fold

WITHIN = 20  # rows that may stand above the header: titles, dates, addresses


@dataclass(frozen=True)
class Header:
    """Names of the columns, the positions of the rows they stand in, and how many of them are known."""

    names: list[str]
    first: int
    last: int
    known: int


def find_header(sheet: Sheet, wanted: Collection[str] | None) -> Header:
    """The row, or the two rows, with most of the usual names of columns; the first row of two cells where none has any.

    `wanted` are names that the scenario uses, they count as usual ones; None = look for no names.
    """
    plain = next((at for at, row in enumerate(sheet.rows[:WITHIN]) if len(row.filled) > 1), 0)
    best = header_of(sheet.rows[plain].cells, plain, plain, wanted or ())
    if wanted is None:
        return best
    for found in candidates(sheet, wanted):
        if found.known > max(best.known, 1):
            best = found
    return best


def candidates(sheet: Sheet, wanted: Collection[str]) -> Iterator[Header]:
    """Each row as a header, and with the row above it, the names of groups."""
    for at, row in enumerate(sheet.rows[:WITHIN]):
        above = sheet.rows[at - 1] if at else None
        single = header_of(row.cells, at, at, wanted)
        if above and above.number == row.number - 1:
            double = header_of(joined(above, row, sheet.merged), at - 1, at, wanted)
            if double.known > single.known or (groups(above, row, sheet.merged) and double.known == single.known):
                single = double
        yield single


def header_of(cells: Sequence[str], first: int, last: int, wanted: Collection[str]) -> Header:
    """A header of these cells, blank ones at its end apart."""
    names = list(cells)
    while names and not names[-1]:
        names.pop()
    folded = {fold(name) for name in wanted}
    known = {fold(name) if fold(name) in folded else usual_name(name) for name in names if name}
    return Header(names, first, last, len(known - {""}))


def joined(above: Row, row: Row, merged: Sequence[Merged]) -> list[str]:
    """Names of two rows: "GPS / Latitude"; a name that stands in one of them alone is as it is.

    A group's name counts for the columns it is merged over; without merged cells up to the next name.
    """
    width = max(len(above.cells), len(row.cells))
    across = {area.left: area.right for area in merged if area.top <= above.number <= area.bottom}
    names, group, until = [], "", -1
    for column in range(width):
        if above.cell(column):
            group = above.cell(column)
            until = across.get(column, column if merged else width)
        if column > until:
            group = ""
        own = row.cell(column)
        alone = not own or not group or fold(own) == fold(group)
        names.append((own or above.cell(column)) if alone else f"{group} / {own}")
    return names


def groups(above: Row, row: Row, merged: Sequence[Merged]) -> bool:
    """Whether a row holds the names of groups of columns: merged over some of them, or below it a name comes twice."""
    width = len(row.cells)
    some = any(area.top == above.number and 0 < area.right - area.left < width - 1 for area in merged)
    names = [fold(name) for name in row.cells if name]
    return some or (len(set(names)) < len(names) and len(above.filled) > 1)
