"""Least travel times from one site after another in a window of the land, each search short and within a limit.

The minutes of the steps are worked out once a window, run of cells by run of cells, when the first search comes by; all
searches in the window share them. The rules of a step are those of `planner.kernels.neighbours`; a bridge (``way`` 2)
is entered and left along roads only, and a step through a corner is closed where both cells beside it are barriers.

Cells wait in buckets of arrival time (Dial, R. B. (1969) Algorithm 360, Communications of the ACM 12:632-633), which
are emptied batch by batch: steps are taken from all cells of a batch before those that they improve are put into
buckets. A cell that is improved after it was searched from is searched from again, so times are exact for any bucket
width. Steps and their sums are float32. A sum never falls when one of its parts grows, hence the least times do not
depend on the order of the search, nor on the window: a search that comes to its rim is given up
(`planner.kernels.reachable` widens it).
"""

from __future__ import annotations

from functools import lru_cache
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from planner.kernels import LOOP
from planner.kernels.neighbours import KINDS, NEIGHBOURS, SHARES, corner, crossed

Array = npt.NDArray[Any]

LEVEL, TOBLER, IRMISCHER = 0, 1, 2

# The functions allocate nothing, so no references are counted: counting costs time.
OUTER: dict[str, Any] = LOOP | {"_nrt": False}
CALLED = OUTER | {"no_cpython_wrapper": True}  # by other loops alone
INNER = OUTER | {"inline": "always"}  # compiled once, where it is called

# Tobler, W. (1993) Three presentations on geographical analysis and modeling, NCGIA 93-1:
# W = 6 exp(-3.5 |S + 0.05|) km/h.
TOBLER_DECAY, TOBLER_BEST_SLOPE = np.float32(3.5), np.float32(0.05)
TOBLER_FLAT = np.float32(3.5 * 0.05)

# Irmischer, I., Clarke, K. (2018) Measuring and modeling the speed of human navigation, Cartogr. Geogr. Inf. Sci.
# 45(2), doi:10.1080/15230406.2017.1292150 (recalled): v = 0.11 + exp(-(100 S + 5)^2 / 1800) m/s on path.
IRMISCHER_LEAST, IRMISCHER_SPREAD = np.float32(0.11), np.float32(1800.0)
IRMISCHER_FLAT = np.float32(0.11 + np.exp(-25.0 / 1800.0))

# 2^x for -1/2 <= x <= 1/2: Taylor
LOG2_E, MOST_POWER = np.float32(1 / np.log(2)), np.float32(126)
EXP2 = tuple(np.float32(np.log(2) ** k / factorial(k)) for k in range(7))

# What a step has to know about a cell: it is off the road, it is a bridge, nobody passes beside it through a corner.
OFF_ROAD, ON_BRIDGE, BARRIER = 1, 2, 4
ASIDE = OFF_ROAD | ON_BRIDGE
MARKS = np.array([OFF_ROAD, 0, ON_BRIDGE | BARRIER], np.uint8)  # by way: ground, road, bridge

SPAN = np.uint64(32)  # cells side by side whose steps are worked out together
BATCH = 256  # cells that are searched from before those that they improve are put into buckets
NOWHERE = np.uint32(2**32 - 1)
NONE, NOT_QUEUED = np.uint64(2**32 - 1), np.uint16(2**16 - 1)
STEPS_BYTES = 100_000_000  # a full store of steps is emptied, and what is needed again is worked out again

ZERO, CLOSED = np.float32(0.0), np.float32(np.inf)


@njit(**CALLED)  # called twice: so it is compiled once
def _exp(x):
    """exp(x) to 2e-7: the whole power of 2 by its bits, the rest (within half a power) by a polynomial."""
    power = x * LOG2_E
    power = power if power < MOST_POWER else MOST_POWER
    power = power if power > -MOST_POWER else -MOST_POWER
    whole = np.floor(power + np.float32(0.5))
    rest = power - whole
    value = EXP2[6]
    value = value * rest + EXP2[5]
    value = value * rest + EXP2[4]
    value = value * rest + EXP2[3]
    value = value * rest + EXP2[2]
    value = value * rest + EXP2[1]
    value = value * rest + EXP2[0]
    return value * np.int32((np.int32(whole) + np.int32(127)) << np.int32(23)).view(np.float32)


@njit(**INNER)
def _times_slope(minutes, height, start, end, per_metre, slope):
    """Multiply flat minutes by the factor of the slope between two runs of cells; NaN heights count as flat."""
    for i in range(SPAN):
        rise = (height[end + i] - height[start + i]) * per_metre
        rise = rise if rise == rise else ZERO
        if slope == TOBLER:
            minutes[i] *= _exp(TOBLER_DECAY * abs(rise + TOBLER_BEST_SLOPE) - TOBLER_FLAT)
        else:
            percent = np.float32(100.0) * rise + np.float32(5.0)
            minutes[i] *= IRMISCHER_FLAT / (IRMISCHER_LEAST + _exp(-percent * percent / IRMISCHER_SPREAD))


@njit(**INNER)
def _work_out_steps(start, steps, lines, window, moves, walk):
    """Write the minutes of all steps from a run of cells, ``(SPAN, moves)``; inf where a step is closed."""
    pace, height, marks, metres, _, width = window
    ends, between, n_between, end_share, share, corners, corner_mark = moves
    minutes, seen = lines
    slope, uphill = walk
    for q in range(ends.shape[0]):
        end, beside, across = start + ends[q], start + corners[q, 0], start + corners[q, 1]
        length = metres[start // width, q]
        for i in range(SPAN):
            minutes[i] = end_share[q] * (pace[start + i] + pace[end + i])
            seen[i] = marks[start + i] | marks[end + i]
        for k in range(n_between[q]):
            crossed = start + between[q, k]
            for i in range(SPAN):
                minutes[i] += share[q, k] * pace[crossed + i]
                seen[i] |= marks[crossed + i]
        if slope != LEVEL:
            _times_slope(minutes, height, start, end, uphill / length, slope)
        for i in range(SPAN):
            leak = marks[beside + i] & marks[across + i] & corner_mark[q]
            closed = leak != 0 or seen[i] & ASIDE == ASIDE
            steps[i, q] = CLOSED if closed else minutes[i] * length


@njit(**INNER)
def _file(better, count, minutes, per_minute, queue):
    """Put improved cells into the buckets of their minutes; an entry of theirs in a later bucket is void now."""
    heads, cells, after, bucket_of, used = queue
    last, at = np.float32(heads.shape[0] - 1), np.uint64(used[0])
    for k in range(count):
        cell = np.uint64(better[k])
        bucket = np.uint64(min(minutes[cell] * per_minute, last))
        head, moves = heads[bucket], bucket_of[cell] != np.uint16(bucket)
        cells[at], after[at] = cell, head
        heads[bucket] = at if moves else head
        bucket_of[cell] = bucket
        at += np.uint64(moves)
    used[0] = at


@njit(**INNER)
def _take(bucket, queue, batch):
    """Take cells, no more than fill the batch, out of a bucket; how many they are."""
    heads, cells, after, bucket_of, _ = queue
    count, entry = np.uint64(0), np.uint64(heads[bucket])
    while entry != NONE and count < np.uint64(batch.shape[0]):
        cell = np.uint64(cells[entry])
        waits = bucket_of[cell] == np.uint16(bucket)
        bucket_of[cell] = NOT_QUEUED if waits else bucket_of[cell]
        batch[count] = cell
        count += np.uint64(waits)
        entry = np.uint64(after[entry])
    heads[bucket] = entry
    return count


@njit(**CALLED)
def _write_anew(queue):
    """List each cell that waits once: void entries make room."""
    heads, cells, after, bucket_of, used = queue
    heads[:] = NONE
    at = np.uint64(0)
    for cell in range(np.uint64(bucket_of.shape[0])):
        if bucket_of[cell] != NOT_QUEUED:
            cells[at], after[at] = cell, heads[bucket_of[cell]]
            heads[bucket_of[cell]] = at
            at += np.uint64(1)
    used[0] = at


@njit(**CALLED)
def _place_of(run, places, steps, lines, window, moves, walk):
    """Work out the steps of a run of cells and say where they are kept. A full store is emptied first."""
    if places[-1] == steps.shape[0]:
        places[:-1] = NOWHERE
        places[-1] = 0
    place = places[-1]
    _work_out_steps(run * SPAN, steps[place], lines, window, moves, walk)
    places[run] = place
    places[-1] += 1
    return place


@njit(**CALLED)
def _search(site, work, window, moves, walk, per_minute):
    """Search from one site; False where it came to the rim of the window. `minutes` holds what lies beyond the limit.

    The queue is ``(heads, cells, after, bucket_of, used)``: a list of entries for each bucket, its head, and for each
    entry the cell and the entry after it; the bucket each cell waits in; and how many entries were made.
    """
    minutes, queue, steps, places, lines, batch, better = work
    rim, ends = window[4], moves[0]
    heads, cells, used = queue[0], queue[1], queue[4]
    minutes[site], better[0], used[0] = ZERO, site, 0
    _file(better, np.uint64(1), minutes, per_minute, queue)
    for bucket in range(np.uint64(heads.shape[0])):
        while np.uint64(heads[bucket]) != NONE:
            n_better = np.uint64(0)
            for k in range(_take(bucket, queue, batch)):
                cell = np.uint64(batch[k])
                if rim[cell]:
                    return False
                run = cell // SPAN
                place = np.uint64(places[run])
                if place == NOWHERE:
                    place = np.uint64(_place_of(run, places, steps, lines, window, moves, walk))
                at = cell % SPAN
                start = minutes[cell]
                for q in range(ends.shape[0]):
                    end = cell + ends[q]
                    arrival = start + steps[place, at, q]
                    better[n_better] = end
                    n_better += np.uint64(arrival < minutes[end])
                    minutes[end] = min(arrival, minutes[end])
            if np.uint64(used[0]) + n_better > np.uint64(cells.shape[0]):
                _write_anew(queue)
            _file(better, n_better, minutes, per_minute, queue)
    return True


@njit(**OUTER)
def search_each(sites, first, demand, work, window, moves, walk, limits, lists):
    """Search from each site of a window alone and list the demand it reaches, in the order of `demand`.

    Parameters
    ----------
    sites, first, demand
        Cells of the window; the search begins at site `first`.
    work, moves
        From `work_arrays` and `moves_in`.
    window
        A cell: minutes per metre (inf closed), metres of elevation (NaN counts as flat), marks, and whether it lies at
        the rim; metres of each step by row; cells in a row, a multiple of `SPAN`. Beside the land lie as many closed
        cells as the longest step and one more.
    walk
        `LEVEL`, `TOBLER` or `IRMISCHER`; 1 where people walk away from the site, -1 where they walk to it (float32).
    limits
        The first number of minutes beyond the limit; buckets a minute (float32).
    lists
        Filled: for each entry its place in `demand`, and minutes; for each site the number of its entries, -1 = the
        search came to the rim.

    Returns
    -------
    The first site that was not searched from, because its entries might not fit any more.
    """
    minutes, queue = work[0], work[1]
    places, found, counts = lists
    beyond, per_minute = limits
    used = np.uint64(0)
    for i in range(first, sites.shape[0]):
        if used + np.uint64(demand.shape[0]) > np.uint64(found.shape[0]):
            return i
        minutes[:] = beyond
        if not _search(np.uint64(sites[i]), work, window, moves, walk, per_minute):
            counts[i] = -1
            queue[0][:], queue[3][:] = NONE, NOT_QUEUED
            continue
        start = used
        for k in range(demand.shape[0]):
            arrival = minutes[np.uint64(demand[k])]
            places[used], found[used] = k, arrival
            used += np.uint64(arrival < beyond)
        counts[i] = used - start
    return sites.shape[0]


def work_arrays(cells: int, buckets: int, moves: int) -> tuple[Any, ...]:
    """What the searches in a window write to.

    Minutes; the queue; the steps of runs of cells, and where each run's are; two lines of a run; a batch, and the cells
    that it improves.
    """
    span = int(SPAN)
    room = cells + BATCH * moves + 1  # entries of the queue: each cell, and what a batch improves
    queue = (
        np.full(buckets, NONE, np.uint32),
        np.empty(room, np.uint32),
        np.empty(room, np.uint32),
        np.full(cells, NOT_QUEUED),
        np.zeros(1, np.int64),
    )
    kept = min(cells // span, STEPS_BYTES // (4 * moves * span))
    steps = np.empty((kept, span, moves), np.float32)
    places = np.full(cells // span + 1, NOWHERE)
    places[-1] = 0
    lines = np.empty(span, np.float32), np.empty(span, np.uint8)
    batch, better = np.empty(BATCH, np.uint32), np.empty(BATCH * moves + 1, np.uint32)
    return np.empty(cells, np.float32), queue, steps, places, lines, batch, better


@lru_cache(maxsize=256)
def moves_in(width: int, n: int, open_corners: bool) -> tuple[Array, ...]:
    """Tables of the first `n` moves in a window of this width.

    For each move: its end, the cells between, how many, their shares, the cells beside its corner, what closes it.
    Cells are relative to the start, as unsigned numbers that wrap around; a move without a corner has its own start.
    """
    between, corners = np.zeros((n, 4), np.int64), np.zeros((n, 2), np.int64)
    share, end_share = np.zeros((n, 4), np.float32), np.empty(n, np.float32)
    count, mark = np.zeros(n, np.uint64), np.zeros(n, np.uint8)
    for q in range(n):
        cells = crossed(q)
        count[q] = len(cells)
        between[q, : len(cells)] = [row * width + col for row, col in cells]
        end_share[q], share[q, : len(cells)] = SHARES[int(KINDS[q])]
        if corner(q):
            corners[q] = [row * width + col for row, col in corner(q)]
            mark[q] = 0 if open_corners else BARRIER
    ends = NEIGHBOURS[:n] @ np.array([width, 1])
    wrap = np.uint64
    return ends.astype(wrap), between.astype(wrap), count, end_share, share, corners.astype(wrap), mark


def marks_of(pace: Array, way: Array) -> Array:
    """The marks of cells: what a step has to know beside their pace."""
    return MARKS[way] | BARRIER * np.isinf(pace).astype(np.uint8)
