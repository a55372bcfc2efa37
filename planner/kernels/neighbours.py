"""The directions a walker can take from a cell, and the cells that each step crosses.

Order: 4 sides, 4 diagonals, 8 knight's moves (2, 1), 16 longer moves (3, 1) and (3, 2); the first 8 and the first 16
are neighbourhoods of their own. Rows grow southwards. A step is the straight line between two centres: ``SHARES`` are
the parts of its length in the cells it crosses, and where it passes exactly through a corner, ``CORNERS`` are the two
cells beside that corner.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

SIDE, DIAGONAL, KNIGHT, THREE_ONE, THREE_TWO = range(5)

_SIDES = [(-1, 0), (1, 0), (0, -1), (0, 1)]
_DIAGONALS = [(-1, -1), (-1, 1), (1, -1), (1, 1)]
_LONG = [
    (row * sign_row, col * sign_col)
    for long, short in ((2, 1), (3, 1), (3, 2))
    for row, col in ((long, short), (short, long))
    for sign_row, sign_col in product((-1, 1), repeat=2)
]

NEIGHBOURS = np.array([*_SIDES, *_DIAGONALS, *_LONG], dtype=np.int64)
KINDS = np.repeat([SIDE, DIAGONAL, KNIGHT, THREE_ONE, THREE_TWO], [4, 4, 8, 8, 8]).astype(np.int64)

# By kind, along a move whose longer leg is the first coordinate: cells between the ends, and where a corner is met.
_BETWEEN = {
    SIDE: [], DIAGONAL: [], KNIGHT: [(1, 0), (1, 1)], THREE_ONE: [(1, 0), (2, 1)],
    THREE_TWO: [(1, 0), (1, 1), (2, 1), (2, 2)],
}  # fmt: skip
_CORNER = {DIAGONAL: [(1, 0), (0, 1)], THREE_ONE: [(1, 1), (2, 0)]}

# Parts of the length in the start (and, the same, in the end), and in the cells between, in order.
SHARES = {
    SIDE: (1 / 2, ()), DIAGONAL: (1 / 2, ()), KNIGHT: (1 / 4, (1 / 4, 1 / 4)), THREE_ONE: (1 / 6, (1 / 3, 1 / 3)),
    THREE_TWO: (1 / 6, (1 / 12, 1 / 4, 1 / 4, 1 / 12)),
}  # fmt: skip


def _turned(cells: list[tuple[int, int]], move: tuple[int, int]) -> list[tuple[int, int]]:
    """The cells as they lie for this move: mirrored to its signs, with its longer leg first."""
    row_sign, col_sign = (1 if leg > 0 else -1 for leg in move)
    along_rows = abs(move[0]) >= abs(move[1])
    return [(row_sign * (a if along_rows else b), col_sign * (b if along_rows else a)) for a, b in cells]


def crossed(move: int) -> list[tuple[int, int]]:
    """Row and column, relative to the start, of the cells between start and end of a move (a position in the list)."""
    return _turned(_BETWEEN[int(KINDS[move])], (int(NEIGHBOURS[move, 0]), int(NEIGHBOURS[move, 1])))


def corner(move: int) -> list[tuple[int, int]]:
    """The two cells beside the corner that a move passes through, relative to its start; empty if it meets none."""
    return _turned(_CORNER.get(int(KINDS[move]), []), (int(NEIGHBOURS[move, 0]), int(NEIGHBOURS[move, 1])))


def stencil(n: int, width: int) -> tuple[npt.NDArray[Any], ...]:
    """The first `n` directions in a tile that has `width` cells in a row, as kernels take them.

    Returns
    -------
    How far each leads in numbers of cells, its kind, and how far it is to the cells that it crosses (up to 4) and to
    those beside its corner (2), 0 where there is none. Numbers are uint64, which wrap: indices without a sign are
    quicker.
    """

    def far(cells: Any, room: int) -> list[int]:
        return [row * width + col for row, col in cells] + [0] * (room - len(cells))

    return (
        np.array(far(NEIGHBOURS[:n].tolist(), n), np.int64).view(np.uint64),
        KINDS[:n],
        np.array([far(crossed(q), 4) for q in range(n)], np.int64).view(np.uint64),
        np.array([far(corner(q), 2) for q in range(n)], np.int64).view(np.uint64),
    )
