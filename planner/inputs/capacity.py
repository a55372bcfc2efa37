"""How much a facility can do, as its list says it: a number, or unknown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from planner.inputs.blanks import is_blank
from planner.inputs.decimals import read_numbers
from planner.inputs.entries import Entry, standing, told
from planner.inputs.table import Table
from planner.types.text import Text


def read_capacities(entries: Sequence[Entry], table: Table, column: str) -> None:
    """Give each row its capacity, NaN where its cell says none, or none that is sure."""
    cells = ["" if is_blank(cell) else cell for cell in table.cells(column)]
    for entry, cell, value in zip(entries, cells, read_numbers(cells, table.decimal).values.tolist(), strict=True):
        entry.capacity_cell, entry.capacity = cell, value


def check_capacities(entries: Sequence[Entry]) -> None:
    """Tell the rows without a capacity, with 0, and those whose cell is no number from 0: unknown."""
    missing, none, unusable = {}, {}, {}
    for entry in standing(entries):
        cell = entry.capacity_cell
        if cell == "":
            missing[entry] = entry.change(Text("no capacity"), Text("unknown"))
        elif entry.capacity == 0:
            none[entry] = entry.change(Text("capacity {cell}", cell=cell), "0")
        elif cell and not entry.capacity > 0:
            unusable[entry] = entry.change(Text("capacity {cell}", cell=cell), Text("unknown"))
            entry.capacity = math.nan
    told(missing, "warning", Text("rows without a capacity"))
    told(none, "warning", Text("rows with a capacity of 0: they can do nothing"))
    what = Text("rows whose capacity is no number from 0, or could be read as two numbers")
    told(unusable, "warning", what)
