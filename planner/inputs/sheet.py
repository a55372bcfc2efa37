"""Cells as a file has them, before anybody knows which row is the header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Merged:
    """Cells merged into one: its first and last row as the file numbers them, first and last column from 0."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class Row:
    """Cleaned cells of a row that is not blank, and its number in the file, from 1."""

    number: int
    cells: list[str]

    def cell(self, column: int) -> str:
        """The cell of a column; "" where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""

    @property
    def filled(self) -> list[int]:
        """Columns of the cells that hold something."""
        return [column for column, cell in enumerate(self.cells) if cell]


@dataclass(frozen=True)
class Sheet:
    """The rows that are not blank, in their order, and the merged cells.

    ``grid`` is True for a workbook: its rows have no width of their own, cells may stand anywhere beside the table.
    """

    rows: Sequence[Row]
    merged: Sequence[Merged] = ()
    grid: bool = False


def sheet_of(cells: Sequence[tuple[int, Sequence[str]]], merged: Sequence[Merged] = (), *, grid: bool = False) -> Sheet:
    """A sheet of numbered rows of cleaned cells: blank rows go, and cells merged over rows stand in each of them."""
    rows = {number: Row(number, list(row)) for number, row in cells if any(row)}
    for area in merged:
        value = rows[area.top].cell(area.left) if area.top in rows else ""
        for number in range(area.top + 1, area.bottom + 1):
            if value and number in rows:
                below = rows[number].cells
                below.extend([""] * (area.left + 1 - len(below)))
                below[area.left] = value
    return Sheet(list(rows.values()), merged, grid)
