"""Tables on a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from planner.outputs.exports.atlas.sheet import BODY, FAINT, INK, SMALL, TINT, Box, Sheet


@dataclass(frozen=True)
class Column:
    """A column of a table: its header, its share of the width, and whether it holds numbers."""

    header: str
    share: float
    number: bool = False


def row_height(sheet: Sheet) -> float:
    """Millimetres of a row of a table."""
    return sheet.mm(4.25)


def head_height(sheet: Sheet) -> float:
    """Millimetres of a table's headers, which may have two lines."""
    return 2 * sheet.line(SMALL) + sheet.mm(0.8)


def table(sheet: Sheet, box: Box, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> float:
    """Draw a table from the top of a box; returns where it ends."""
    gap, height = sheet.mm(1.6), row_height(sheet)
    total = sum(column.share for column in columns)
    widths = [column.share / total * box.width for column in columns]
    edges = list(accumulate([box.x, *widths]))
    top = box.y + head_height(sheet)
    for column, left, width in zip(columns, edges, widths, strict=False):
        room = width - gap
        lines = sheet.letters.lines(column.header, SMALL * sheet.paper.text, room, 2, bold=True)
        for number, line in enumerate(lines[::-1]):
            y = top - sheet.mm(0.9) - (number + 1) * sheet.line(SMALL) + sheet.mm(0.4)
            _cell(sheet, column, left, width, y, line, SMALL, FAINT, bold=True)
    sheet.rule(box.x, top, box.width, FAINT, 0.7)
    bands = [Rectangle((box.x, top + k * height), box.width, height) for k in range(1, len(rows), 2)]
    if bands:
        sheet.add(PatchCollection(bands, facecolor=TINT, edgecolor="none", zorder=0.5))
    for number, row in enumerate(rows):
        y = top + number * height + sheet.mm(1.1)
        for column, left, width, cell in zip(columns, edges, widths, row, strict=False):
            shown = sheet.letters.cut(cell, BODY * sheet.paper.text, width - gap)
            _cell(sheet, column, left, width, y, shown, BODY, INK)
    return top + len(rows) * height


def _cell(
    sheet: Sheet, column: Column, left: float, width: float, y: float, text: str, size: float, colour: str, *,
    bold: bool = False,
) -> None:  # fmt: skip
    x = left + width - sheet.mm(0.8) if column.number else left + sheet.mm(0.8)
    sheet.text(x, y, text, size, colour=colour, bold=bold, side="right" if column.number else "left")
