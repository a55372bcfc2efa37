"""Cells as a file has them, before anybody knows which row is the header."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from planner.inputs.text import as_text, shortened, unseen
from planner.types.inputs import Change
from planner.types.lists import row_in_words


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
    ``unseen`` are the cells that lost characters nobody sees.
    """

    rows: Sequence[Row]
    merged: Sequence[Merged] = ()
    grid: bool = False
    unseen: Sequence[Change] = ()


def sheet_of(values: Iterable[Sequence[Any]], merged: Sequence[Merged] = (), *, grid: bool = False) -> Sheet:
    """A sheet of all rows of values: as text, without blank rows; cells merged over rows stand in each of them."""
    rows: dict[int, Row] = {}
    changes = []
    for number, cells in enumerate(values, start=1):
        texts = [as_text(cell) for cell in cells]
        if any(texts):
            rows[number] = Row(number, texts)
            before = [(unseen(cell), text) for cell, text in zip(cells, texts, strict=True) if isinstance(cell, str)]
            changes += [Change(row_in_words(number), shortened(spelled), text) for spelled, text in before if spelled]
    for area in merged:
        value = rows[area.top].cell(area.left) if area.top in rows else ""
        for number in range(area.top + 1, area.bottom + 1):
            if value and number in rows:
                below = rows[number].cells
                below.extend([""] * (area.left + 1 - len(below)))
                below[area.left] = value
    return Sheet(list(rows.values()), merged, grid, changes)
