"""The sixteen directions a walker can take from a cell, and the cells that each step crosses.

Order: 4 sides, 4 diagonals, 8 knight's moves; the first 8 are the 8-neighbourhood. Rows grow southwards.
``CROSSED[q]`` are two cells, relative to the start: on a diagonal the cells beside the corner it passes through, on a
knight's move the cells it runs through (a quarter of its length each); unused on sides.
"""

from __future__ import annotations

import numpy as np

_SIDES = [(-1, 0), (1, 0), (0, -1), (0, 1)]
_DIAGONALS = [(-1, -1), (-1, 1), (1, -1), (1, 1)]
_KNIGHT = [(-2, -1), (-2, 1), (2, -1), (2, 1), (-1, -2), (-1, 2), (1, -2), (1, 2)]

NEIGHBOURS = np.array([*_SIDES, *_DIAGONALS, *_KNIGHT], dtype=np.int64)


def _crossed(row: int, col: int) -> list[tuple[int, int]]:
    if abs(row) == abs(col):
        return [(row, 0), (0, col)]
    half = (row // 2 if abs(row) == 2 else 0, col // 2 if abs(col) == 2 else 0)
    return [half, (row - half[0], col - half[1])]


CROSSED = np.array([_crossed(int(row), int(col)) for row, col in NEIGHBOURS], dtype=np.int64)
