"""Columns of coordinates, read as numbers."""

from __future__ import annotations

import numpy as np

from planner.inputs.table import Table
from planner.inputs.text import degrees, number
from planner.types.arrays import Doubles


def read_pair(table: Table, columns: dict[str, str], pair: tuple[str, str]) -> tuple[Doubles, Doubles]:
    """The coordinates of two columns, ``lon`` and ``lat`` in degrees or ``x`` and ``y``; NaN where there is none."""
    parse = number if pair == ("x", "y") else degrees
    first, second = (np.array([parse(cell) for cell in table.cells(columns[key])], float) for key in pair)
    return first, second
