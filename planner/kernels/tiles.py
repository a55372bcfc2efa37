"""Least travel time, tile by tile: batches of cells from a bucket queue, relaxed one direction at a time.

A tile is at most 256 x 256 cells: a core, and around it a margin, the inner half of which (the halo) are copies of the
neighbours' cells; the outer half is closed, so that no step leaves the tile. Its cells are queued in buckets of about
the cheapest common step. Cells of one bucket are final or nearly so, so their order is free: a batch of them is relaxed
in all directions with straight loops over arrays, without branches, and improved cells are queued again. Tiles run in
rounds (`planner.travel.engine`): every tile up to a time its neighbours cannot yet undercut, then halos are exchanged.
A cell that is improved later is simply queued again, so the answer is the least fixed point whatever the order. Of
steps that reach a cell equally early, it came by the first in the list of directions: that does not depend on the order
either, as every cell is relaxed once more after its last improvement.

Cost of a step: see `planner.kernels.neighbours`; slope factors below. Minutes are float32; NEVER stands for inf.

The file is over the house's length: its loops are compiled into one, and numba's cache does not see a change in another
file.
"""

from __future__ import annotations

from mmap import mmap
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload

from planner.kernels import LOOP
from planner.kernels.neighbours import DIAGONAL, KNIGHT, SIDE, THREE_ONE

TILE = 256  # most cells along a side, so that 16 bits number the cells of a tile
BATCH = 256
BUCKETS = 250  # the last one holds what is beyond the tile's horizon
NEVER = np.float32(1e9)
UNREACHED = np.float32(5e8)  # above: not reached (a cast of NEVER away from it, whatever the rounding)

NOT_QUEUED = np.uint8(255)
TAKEN = np.uint8(254)
FROM_NOWHERE = np.uint8(255)
FROM_VERTEX = np.uint8(254)

LEVEL, TOBLER, IRMISCHER = 0, 1, 2

# The functions allocate nothing, so no references are counted: counting cost a tenth of the time.
OUTER: dict[str, Any] = LOOP | {"_nrt": False}
CALLED = OUTER | {"no_cpython_wrapper": True}  # by other loops alone
INNER = OUTER | {"inline": "always"}
# Where a type decides: inlined by LLVM. numba's own inlining, within a loop that is inlined, overwrote other arrays.
PLAIN = {"error_model": "numpy", "nogil": True, "_nrt": False, "forceinline": True}

# Tobler, W. (1993) Three presentations on geographical analysis and modeling, NCGIA 93-1: pace grows as
# exp(3.5 |S + 0.05|), scaled to 1 on the flat; here as a power of two.
TOBLER_POWER = np.float32(3.5 * np.log2(np.e))
TOBLER_BEST = np.float32(0.05)
# Irmischer, I., Clarke, K. (2018) Measuring and modeling the speed of human navigation, Cartogr. Geogr. Inf. Sci.
# 45(2), doi:10.1080/15230406.2017.1292150 (recalled): v = 0.11 + exp(-(100 S + 5)^2 / 1800) m/s on path; scaled
# to 1 on the flat.
IRMISCHER_POWER = np.float32(np.log2(np.e) / 1800.0)
IRMISCHER_BASE = np.float32(0.11)
IRMISCHER_FLAT = np.float32(0.11 + np.exp(-25.0 / 1800.0))
STEEPEST_POWER = np.float32(60.0)  # 2^60: slower than any slope that is walked

F0, F1, F2, HALF = (np.float32(x) for x in (0.0, 1.0, 2.0, 0.5))
ONE_AND_HALF, CLOSED = np.float32(1.5), np.float32(np.inf)
U0, U1, U2, U3 = (np.uint64(x) for x in range(4))
ROW_SHIFT, LANES = np.uint64(24), np.uint64(8)  # LANES: batches are filled up to whole vectors
EXPONENT_SHIFT, EXPONENT_BIAS = np.int32(23), np.int32(127)


def work_arrays(directions: int, cells: int) -> tuple[Any, ...]:
    """What one thread needs to run tiles of so many cells.

    Buckets, their fill, selected ids, improved cells; then a batch's columns: row, minutes, pace and height of its
    cells, and, direction by direction, what is known at the other end, pace beyond, height there, metres at one end,
    1 / metres, arrival, whether that is no later. Each is an array of its own: views of one array would cost the
    kernel a count of references in every loop.
    """
    room = BATCH + int(LANES)
    # Of each bucket few pages are used, so numpy, which asks for huge ones, would take 20 times the memory.
    buckets = np.frombuffer(mmap(-1, 2 * BUCKETS * (cells + 64)), np.uint16).reshape(BUCKETS, -1)
    return (
        buckets,
        np.zeros(BUCKETS, np.uint64),
        np.empty(cells + 64, np.uint16),
        np.empty(BATCH * directions + 64, np.uint32),
        (np.zeros(room, np.uint32), *(np.zeros(room, np.float32) for _ in range(9)), np.zeros(room, np.uint32)),
    )


@njit(**CALLED)  # called twice, so compiled once
def _power_of_two(power, below):
    """``2 ** (power - below)`` for power >= 0: exponent by bits, mantissa by a polynomial (1e-6 relative)."""
    whole = np.int32(power)
    f = power - np.float32(whole)
    p = np.float32(0.0018943794) * f + np.float32(0.0089415526)
    p = p * f + np.float32(0.0558765084)
    p = p * f + np.float32(0.2401397973)
    p = p * f + np.float32(0.6931475747)
    p = p * f + F1
    return p * np.int32((whole + (EXPONENT_BIAS - np.int32(below))) << EXPONENT_SHIFT).view(np.float32)


@njit(**INNER)
def _look(selected, x, n, move, dist, pace, height, known, beyond, ahead):
    """Sides, and diagonals where corners are open: minutes known at the steps' ends, pace and height there."""
    for y in range(n):
        v = np.uint64(selected[x + y]) + move
        known[y] = dist[v]
        beyond[y] = pace[v]
        ahead[y] = height[v]


@njit(**INNER)
def _look_diagonal(selected, x, n, move, beside, other, dist, pace, height, known, beyond, ahead):
    """Diagonals: closed where both cells beside the corner are closed."""
    for y in range(n):
        u = np.uint64(selected[x + y])
        known[y] = dist[u + move]
        ahead[y] = height[u + move]
        beyond[y] = pace[u + move] if min(pace[u + beside], pace[u + other]) < NEVER else CLOSED


@njit(**INNER)
def _look_knight(selected, x, n, move, a, b, dist, pace, height, known, beyond, ahead):
    """Knight's moves: a quarter in each of four cells."""
    for y in range(n):
        u = np.uint64(selected[x + y])
        known[y] = dist[u + move]
        ahead[y] = height[u + move]
        beyond[y] = pace[u + move] + (pace[u + a] + pace[u + b])


@njit(**INNER)
def _look_three_one(selected, x, n, move, a, b, beside, other, open_corners, dist, pace, height, known, beyond, ahead):
    """Moves (3, 1): a sixth, a third, a third, a sixth, through a corner in the middle."""
    for y in range(n):
        u = np.uint64(selected[x + y])
        known[y] = dist[u + move]
        ahead[y] = height[u + move]
        passes = open_corners | (min(pace[u + beside], pace[u + other]) < NEVER)
        beyond[y] = pace[u + move] + F2 * (pace[u + a] + pace[u + b]) if passes else CLOSED


@njit(**INNER)
def _look_three_two(selected, x, n, move, a, b, c, d, dist, pace, height, known, beyond, ahead):
    """Moves (3, 2): a sixth, a twelfth, a quarter, a quarter, a twelfth, a sixth."""
    for y in range(n):
        u = np.uint64(selected[x + y])
        known[y] = dist[u + move]
        ahead[y] = height[u + move]
        inner = HALF * (pace[u + a] + pace[u + d]) + ONE_AND_HALF * (pace[u + b] + pace[u + c])
        beyond[y] = pace[u + move] + inner


# Tables of the steps' metres are by row and direction, or, where all rows are alike, by direction alone: then a number
# stands for a column. Which of the two is compiled is told by the types.


def _column(table, q, rows, n, out):
    """What a table has for each cell of the batch: a number, or the column `out`, filled."""
    raise NotImplementedError


@overload(_column, jit_options=PLAIN)
def _column_of_kind(table, q, rows, n, out):  # noqa: ARG001 - the types alone count
    if table.ndim == 1:
        return lambda table, q, rows, n, out: table[q]  # noqa: ARG005

    def spread(table, q, rows, n, out):
        for y in range(n):
            out[y] = table[rows[y], q]
        return out

    return spread


def _of(column, y):
    """The entry of a column, or the number that stands for all of it."""
    raise NotImplementedError


@overload(_of, jit_options=PLAIN)
def _of_kind(column, y):  # noqa: ARG001
    if isinstance(column, types.Array):
        return lambda column, y: column[y]
    return lambda column, y: column  # noqa: ARG005


@njit(**CALLED)
def _arrive(slope, n, minutes, paces, heights, known, beyond, ahead, share, per_metre, arrival, soon):
    """When the steps arrive, and 1 where that is no later than known, else 0."""
    if slope == LEVEL:
        for y in range(n):
            arrival[y] = minutes[y] + (paces[y] + beyond[y]) * _of(share, y)
            soon[y] = np.uint32(arrival[y] <= known[y])
    elif slope == TOBLER:
        least = F1 - TOBLER_POWER * TOBLER_BEST
        for y in range(n):
            rise = (ahead[y] - heights[y]) * _of(per_metre, y)
            rise = rise if rise == rise else F0  # a void at either end counts as flat
            factor = _power_of_two(min(abs(rise + TOBLER_BEST) * TOBLER_POWER, STEEPEST_POWER) + least, 1)
            arrival[y] = minutes[y] + (paces[y] + beyond[y]) * (factor * _of(share, y))
            soon[y] = np.uint32(arrival[y] <= known[y])
    else:
        for y in range(n):
            rise = (ahead[y] - heights[y]) * _of(per_metre, y)
            rise = rise if rise == rise else F0
            along = np.float32(100.0) * rise + np.float32(5.0)
            speed = _power_of_two(STEEPEST_POWER - min(along * along * IRMISCHER_POWER, STEEPEST_POWER), 60)
            factor = IRMISCHER_FLAT / (IRMISCHER_BASE + speed)
            arrival[y] = minutes[y] + (paces[y] + beyond[y]) * (factor * _of(share, y))
            soon[y] = np.uint32(arrival[y] <= known[y])


@njit(**INNER)
def _take_over(selected, x, n, move, q, known, arrival, soon, dist, came, improved, count):
    """Remember which cells are reached by these steps, and list those that are reached earlier than before.

    No two steps of a direction end in one cell. Of equally early steps the first in the list of directions counts.
    """
    first = count
    for y in range(n):
        improved[count] = np.uint32(y)
        count += np.uint64(soon[y])
    reached, count = count, first
    code = np.uint8(q)
    for k in range(first, reached):
        y = np.uint64(improved[k])
        v = np.uint64(selected[x + y]) + move
        earlier = arrival[y] < known[y]
        came[v] = code if earlier else min(code, came[v])
        dist[v] = arrival[y]
        improved[count] = np.uint32(v)
        count += np.uint64(earlier)
    return count


@njit(**INNER)
def _relax_batch(selected, x, n, tile, moves, kinds, crossed, corners, first_row, rows_a_cell, shares, per_metre, slope,
                 open_corners, batch, improved):  # fmt: skip
    """Relax all directions of a batch; list the cells that were improved."""
    dist, pace, height, _, came = tile
    rows, minutes, paces, heights, known, beyond, ahead, share, inverse, arrival, soon = batch
    for y in range(n):
        u = np.uint64(selected[x + y])
        rows[y] = first_row + (u * rows_a_cell >> ROW_SHIFT)
        minutes[y] = dist[u]
        paces[y] = pace[u]
        heights[y] = height[u]
    filled = (n + LANES - U1) // LANES * LANES
    count = U0
    for q in range(np.uint64(moves.shape[0])):
        move, kind = moves[q], kinds[q]
        a, b, c, d = crossed[q, U0], crossed[q, U1], crossed[q, U2], crossed[q, U3]
        beside, other = corners[q, U0], corners[q, U1]
        if kind == SIDE or (kind == DIAGONAL and open_corners):
            _look(selected, x, n, move, dist, pace, height, known, beyond, ahead)
        elif kind == DIAGONAL:
            _look_diagonal(selected, x, n, move, beside, other, dist, pace, height, known, beyond, ahead)
        elif kind == KNIGHT:
            _look_knight(selected, x, n, move, a, b, dist, pace, height, known, beyond, ahead)
        elif kind == THREE_ONE:
            _look_three_one(
                selected, x, n, move, a, b, beside, other, open_corners, dist, pace, height, known, beyond, ahead
            )
        else:
            _look_three_two(selected, x, n, move, a, b, c, d, dist, pace, height, known, beyond, ahead)
        _arrive(slope, filled, minutes, paces, heights, known, beyond, ahead, _column(shares, q, rows, n, share),
                _column(per_metre, q, rows, n, inverse), arrival, soon)  # fmt: skip
        count = _take_over(selected, x, n, move, q, known, arrival, soon, dist, came, improved, count)
    return count


@njit(**CALLED)
def _step(v, share, minutes, pace_here, dist, pace, improved, count):
    """Take one step on the flat, and list the cell it leads to if that is reached earlier than before."""
    known = dist[v]
    arrival = minutes + (pace_here + pace[v]) * share
    dist[v] = min(arrival, known)
    improved[count] = np.uint32(v)
    return count + np.uint64(arrival < known)


def _all_rows(shares):
    """Metres of the 8 steps in a cell of any row where all are alike, else the table."""
    raise NotImplementedError


@overload(_all_rows, jit_options=PLAIN)
def _all_rows_of_kind(shares):
    if shares.ndim == 1:
        return lambda shares: (shares[0], shares[1], shares[2], shares[3], shares[4], shares[5], shares[6], shares[7])
    return lambda shares: shares


def _in_row(metres, row):
    """Metres of the 8 steps in a cell of this row."""
    raise NotImplementedError


@overload(_in_row, jit_options=PLAIN)
def _in_row_of_kind(metres, row):  # noqa: ARG001
    if isinstance(metres, types.Array):
        return lambda metres, row: (
            metres[row, 0], metres[row, 1], metres[row, 2], metres[row, 3],
            metres[row, 4], metres[row, 5], metres[row, 6], metres[row, 7],
        )  # fmt: skip
    return lambda metres, row: metres  # noqa: ARG005


@njit(**INNER)
def _step_around(u, width, metres, open_corners, dist, pace, improved, count):
    """Take the 8 steps on the flat from a cell."""
    minutes, here = dist[u], pace[u]
    up, down, left, right = u - width, u + width, u - U1, u + U1
    count = _step(up, metres[0], minutes, here, dist, pace, improved, count)
    count = _step(down, metres[1], minutes, here, dist, pace, improved, count)
    count = _step(left, metres[2], minutes, here, dist, pace, improved, count)
    count = _step(right, metres[3], minutes, here, dist, pace, improved, count)
    free = open_corners or max(pace[up], pace[down], pace[left], pace[right]) < NEVER
    if free or min(pace[up], pace[left]) < NEVER:
        count = _step(up - U1, metres[4], minutes, here, dist, pace, improved, count)
    if free or min(pace[up], pace[right]) < NEVER:
        count = _step(up + U1, metres[5], minutes, here, dist, pace, improved, count)
    if free or min(pace[down], pace[left]) < NEVER:
        count = _step(down - U1, metres[6], minutes, here, dist, pace, improved, count)
    if free or min(pace[down], pace[right]) < NEVER:
        count = _step(down + U1, metres[7], minutes, here, dist, pace, improved, count)
    return count


@njit(**INNER)
def _relax_eight(selected, x, n, tile, width, first_row, rows_a_cell, shares, open_corners, improved):
    """Relax the 8 steps on the flat cell by cell: they are so cheap that columns of a batch would cost more.

    Which step a cell came by is told from the minutes afterwards (`planner.kernels.blocks.came_by`).
    """
    dist, pace, _, _, _ = tile
    count, metres = U0, _all_rows(shares)
    for y in range(n):
        u = np.uint64(selected[x + y])
        here = _in_row(metres, first_row + (u * rows_a_cell >> ROW_SHIFT))
        count = _step_around(u, width, here, open_corners, dist, pace, improved, count)
    return count


@njit(**INNER)
def _file(improved, count, dist, queued, base, horizon, per_minute, buckets, fill):
    """Queue improved cells by their new time."""
    last = np.int32(BUCKETS - 1)
    for y in range(count):
        v = np.uint64(improved[y])
        bucket = np.int32(dist[v] * per_minute) - base
        place = np.uint64(np.uint32(last if bucket >= horizon else bucket))
        code = np.uint8(place)
        at = fill[place]
        buckets[place, at] = v
        fill[place] = at + np.uint64(queued[v] != code)
        queued[v] = code


@njit(**INNER)
def _fill_buckets(dist, queued, pending, base, horizon, per_minute, buckets, fill):
    """Move the pending cells of a tile into buckets."""
    for x in range(np.uint64(pending[0])):
        u = np.uint64(pending[x + U1])
        bucket = np.int64(dist[u] * per_minute) - base
        place = np.uint64(BUCKETS - 1 if bucket >= horizon else bucket)
        buckets[place, fill[place]] = u
        fill[place] += U1
        queued[u] = np.uint8(place)


@njit(**INNER)
def _keep_pending(dist, queued, pending, buckets, fill):
    """List the cells beyond the horizon as pending; return the earliest of them."""
    last = np.uint64(BUCKETS - 1)
    earliest = NEVER
    kept = U0
    for x in range(fill[last]):
        v = np.uint64(buckets[last, x])
        if queued[v] == np.uint8(last):
            queued[v] = TAKEN
            kept += U1
            pending[kept] = v
            earliest = min(earliest, dist[v])
    for x in range(kept):
        queued[np.uint64(pending[x + U1])] = np.uint8(last)
    fill[last] = U0
    pending[0] = kept
    return earliest


@njit(**OUTER)
def run_tile(
    tile, pending, width, first_row, shares, per_metre, directions, slope, open_corners, per_minute, until, work
):
    """Run one tile up to bucket `until` (counted from 0 minutes).

    Parameters
    ----------
    tile
        ``(dist, pace, height, queued, came)``, an entry each for a cell (height is not heeded where there is no slope).
    pending
        uint16: ``pending[0]`` cells wait, listed after it.
    width
        Cells in a row of the tile.
    first_row, shares, per_metre
        Row of the tables that the tile's first row has; metres of each step that lie in the cell it starts from, by
        row and direction, and 1 / metres of the whole step, with its sign: positive where `per_metre` times the rise
        towards the neighbour is uphill for the walker. Where all rows are alike: by direction alone.
    directions
        Of `planner.kernels.neighbours.stencil`.
    per_minute
        Buckets in a minute.
    work
        Of `work_arrays`.

    Returns
    -------
    earliest minutes still pending (NEVER = none), and the number of cells scanned.
    """
    dist, _, _, queued, _ = tile
    buckets, fill, selected, improved, batch = work
    moves, kinds, crossed, corners = directions
    first_row = np.uint64(first_row)
    rows_a_cell = (U1 << ROW_SHIFT) // np.uint64(width) + U1  # rounded up it is exact for ids of 16 bits
    earliest = NEVER
    for x in range(np.uint64(pending[0])):
        earliest = min(earliest, dist[np.uint64(pending[x + U1])])
    base = np.int64(earliest * per_minute)
    horizon = min(until - base, BUCKETS - 1)
    if horizon <= 0:
        return earliest, 0
    _fill_buckets(dist, queued, pending, base, horizon, per_minute, buckets, fill)
    scanned = 0
    k = 0
    while k < horizon:
        n = fill[k]
        if n == U0:
            k += 1
            continue
        fill[k] = U0
        code = np.uint8(k)
        live = U0
        for x in range(n):
            u = np.uint64(buckets[k, x])
            selected[live] = u
            is_here = queued[u] == code
            live += np.uint64(is_here)
            queued[u] = NOT_QUEUED if is_here else queued[u]
        scanned += np.int64(live)
        x = U0
        while x < live:
            n_batch = min(np.uint64(BATCH), live - x)
            if slope == LEVEL and moves.shape[0] == 8:
                count = _relax_eight(selected, x, n_batch, tile, np.uint64(width), first_row, rows_a_cell, shares,
                                     open_corners, improved)  # fmt: skip
            else:
                count = _relax_batch(selected, x, n_batch, tile, moves, kinds, crossed, corners, first_row, rows_a_cell,
                                     shares, per_metre, slope, open_corners, batch, improved)  # fmt: skip
            _file(improved, count, dist, queued, np.int32(base), np.int32(horizon), per_minute, buckets, fill)
            x += n_batch
    return _keep_pending(dist, queued, pending, buckets, fill), scanned
