"""Least travel times between each of many sites and the demand around it, within a limit.

Sites are searched block by block, each block in a window of the land around its sites (`planner.kernels.many`). A
search that comes to the window's rim is done again in a wider one, so a window decides how long a search takes, never
what it finds: windows, blocks and threads give the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from planner.kernels.many import LEVEL, SPAN, TOBLER, marks_of, moves_in, search_each, work_arrays

REACH = 3  # cells of the longest step
EDGE = REACH + 1  # closed cells around a window
BLOCK = 96  # cells along a side of a block
PACE_SAMPLE = 100_000
QUICK = 0.25  # quantile of the paces that sets the first window and the buckets
WIDER = 1.5
MOST_BUCKETS = 4096
PAIRS_AT_ONCE = 1_000_000
WINDOW_BYTES = 100_000_000  # windows beyond this are searched one at a time
CELL_BYTES = 25  # of a window, beside its steps

Array = npt.NDArray[Any]


class _Task(NamedTuple):
    """What all searches have in common. `pace`, `way`, `elevation` and `metres` have a row for each row of the land."""

    pace: Array
    way: Array
    elevation: Array | None
    metres: Array
    walk: tuple[int, np.float32]
    open_corners: bool
    limits: tuple[np.float32, np.float32]  # the first number of minutes beyond the limit; buckets a minute
    n_buckets: int
    first_metres: float  # from the sites to the rim of their first window
    demand: Array  # positions, by row and column
    demand_col: Array
    row_starts: Array  # of the demand of each row
    large: AbstractContextManager[Any]  # one at a time


class _Box(NamedTuple):
    """Rows and columns of a window, the ends excluded."""

    top: int
    bottom: int
    left: int
    right: int


class _Found(NamedTuple):
    """The lists of some sites: which sites, the length of each one's list, and the lists one after another."""

    sites: Array
    counts: Array
    positions: Array
    minutes: Array


def reachable(
    sites: Array,
    demand: Array,
    max_minutes: float,
    *,
    nx: int,
    step_metres: Array,
    pace: Array,
    way: Array,
    elevation: Array | None,
    neighbours: int = 16,
    slope: int = TOBLER,
    towards: bool = True,
    open_corners: bool = False,
    threads: int | None = None,
    block: int = BLOCK,
) -> tuple[Array, Array, Array]:
    """Least travel times between each site and the demand within a limit of it.

    Parameters
    ----------
    sites, demand
        Flat cells; a site of -1 or on a closed cell reaches nothing.
    max_minutes
        The limit; inclusive, to the rounding of float32.
    nx
        Columns of the land.
    step_metres
        Metres of each step by row, ``(ny, neighbours or more)``, in the order of `NEIGHBOURS`.
    pace, way, elevation
        A cell: minutes per metre (float32, inf closed); 0/1/2 = ground/road/bridge; metres (float32, NaN counts as
        flat), None = all flat.
    neighbours
        Directions a walker can take: 8, 16 or 32.
    slope
        `LEVEL`, `TOBLER` or `IRMISCHER`; each is 1 on the flat.
    towards
        True: people walk from the demand to the site; False: from the site.
    open_corners
        Whether steps pass through the corner between two barriers.
    threads
        How many to work with; None: one for each processor.
    block
        Cells along a side of the blocks that sites are searched by.

    Returns
    -------
    indptr (int64), indices (int32), minutes (float32): ``indices[indptr[i]:indptr[i + 1]]`` are the demand positions
    that site i reaches, ascending. The same for any number of threads and any block.
    """
    ny = len(pace) // nx
    flat = elevation is None or slope == LEVEL
    row, col = np.divmod(np.asarray(demand, np.int64), nx)
    order = np.lexsort((col, row))
    quick = _quick_pace(pace, sites)
    side = float(np.median(step_metres[:, [0, 2]].min(axis=1)))
    bucket = quick * side
    if np.isfinite(max_minutes):
        bucket = max(bucket, max_minutes / MOST_BUCKETS)
    task = _Task(
        pace=pace.reshape(ny, nx),
        way=way.reshape(ny, nx),
        elevation=None if flat or elevation is None else elevation.reshape(ny, nx),
        metres=step_metres[:, :neighbours].astype(np.float32),
        walk=(LEVEL if flat else slope, np.float32(-1 if towards else 1)),
        open_corners=open_corners,
        limits=(np.nextafter(np.float32(max_minutes), np.float32(np.inf)), np.float32(1 / bucket)),
        n_buckets=int(min(max_minutes / bucket, MOST_BUCKETS)) + 1,
        first_metres=max(max_minutes / quick, side),
        demand=order,
        demand_col=col[order],
        row_starts=np.searchsorted(row[order], np.arange(ny + 1)),
        large=Lock(),
    )
    groups = _blocks(sites, pace, nx, block)
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        found = [part for parts in pool.map(partial(_search_block, task, sites), groups) for part in parts]
    return _gather(found, len(sites))


def _quick_pace(pace: Array, sites: Array) -> float:
    """Minutes per metre that few cells fall below; only how long the search takes depends on it."""
    sample = np.append(pace[:: max(1, len(pace) // PACE_SAMPLE)], pace[sites])
    sample = sample[np.isfinite(sample)]
    return float(np.quantile(sample, QUICK)) if len(sample) else 1.0


def _blocks(sites: Array, pace: Array, nx: int, block: int) -> list[Array]:
    """The sites that take part, as positions in `sites`, block by block."""
    part = np.flatnonzero((sites >= 0) & np.isfinite(pace[sites]))
    row, col = np.divmod(sites[part].astype(np.int64), nx)
    number = row // block * (nx // block + 1) + col // block
    order = np.argsort(number, kind="stable")
    return np.split(part[order], np.flatnonzero(np.diff(number[order])) + 1) if len(part) else []


def _search_block(task: _Task, sites: Array, group: Array) -> list[_Found]:
    """Search from the sites of a block, in wider and wider windows until none of them comes to a rim."""
    found: list[_Found] = []
    metres = task.first_metres
    while len(group):
        box = _box(task, sites[group], metres)
        too_small: list[Array] = []
        cells = (box.bottom - box.top) * (box.right - box.left)
        with task.large if cells * CELL_BYTES > WINDOW_BYTES else nullcontext():
            for part in _search_window(task, sites, group, box):
                fits = part.counts >= 0
                too_small.append(part.sites[~fits])
                found.append(part._replace(sites=part.sites[fits], counts=part.counts[fits]))
        group = np.concatenate(too_small)
        metres *= WIDER
    return found


def _box(task: _Task, cells: Array, metres: float) -> _Box:
    """A window of about `metres` around cells."""
    ny, nx = task.pace.shape
    row, col = np.divmod(cells, nx)
    middle = int(row[len(row) // 2])
    rows = EDGE + int(min(metres / task.metres[middle, 0], ny))
    cols = EDGE + int(min(metres / task.metres[middle, 2], nx))
    return _Box(
        top=max(int(row.min()) - rows, 0),
        bottom=min(int(row.max()) + rows + 1, ny),
        left=max(int(col.min()) - cols, 0),
        right=min(int(col.max()) + cols + 1, nx),
    )


def _search_window(task: _Task, sites: Array, group: Array, box: _Box) -> Iterator[_Found]:
    """Search from sites in one window; a list of -1 demand is of a site that came to its rim."""
    window = _window(task, box)
    width = int(window[-1])
    row, col = np.divmod(sites[group].astype(np.int64), task.pace.shape[1])
    cells = (row - box.top + EDGE) * width + col - box.left + EDGE
    demand, demand_cells = _demand_in(task, box, width)
    n_moves = task.metres.shape[1]
    moves = moves_in(width, n_moves, task.open_corners)
    work = work_arrays(len(window[0]), task.n_buckets, n_moves)
    room = max(len(demand), min(PAIRS_AT_ONCE, len(demand) * len(group)))
    places, minutes, counts = np.empty(room, np.int32), np.empty(room, np.float32), np.empty(len(group), np.int64)
    first = 0
    while first < len(group):
        lists = places, minutes, counts
        stop = search_each(cells, first, demand_cells, work, window, moves, task.walk, task.limits, lists)
        used = counts[first:stop].clip(0).sum()
        yield _Found(group[first:stop], counts[first:stop], demand[places[:used]], minutes[:used].copy())
        first = stop


def _window(task: _Task, box: _Box) -> tuple[Any, ...]:
    """Pace, height, marks, metres by row, rim and width of a window in a frame of closed cells."""
    top, bottom, left, right = box
    ny, nx = task.pace.shape
    inner = slice(EDGE, EDGE + bottom - top), slice(EDGE, EDGE + right - left)
    width = -(-(right - left + 2 * EDGE) // int(SPAN)) * int(SPAN)

    def framed(values: Array, frame: float) -> Array:
        out = np.full((bottom - top + 2 * EDGE, width), frame, values.dtype)
        out[inner] = values
        return out.ravel()

    pace = task.pace[top:bottom, left:right]
    marks = marks_of(pace, task.way[top:bottom, left:right])
    height = np.zeros(1, np.float32)
    if task.elevation is not None:
        height = framed(task.elevation[top:bottom, left:right], 0)
    rim = np.zeros(pace.shape, np.bool_)
    rim[:REACH] |= top > 0
    rim[-REACH:] |= bottom < ny
    rim[:, :REACH] |= left > 0
    rim[:, -REACH:] |= right < nx
    metres = task.metres[np.arange(top - EDGE, bottom + EDGE).clip(0, ny - 1)]
    return framed(pace, np.inf), height, framed(marks, 0), metres, framed(rim, 0), np.uint64(width)


def _demand_in(task: _Task, box: _Box, width: int) -> tuple[Array, Array]:
    """Positions of the demand in a window, ascending, and its cells in the window."""
    top, bottom, left, right = box
    band = slice(task.row_starts[top], task.row_starts[bottom])
    row = np.repeat(np.arange(bottom - top), np.diff(task.row_starts[top : bottom + 1]))
    col = task.demand_col[band] - left
    inside = (col >= 0) & (col < right - left)
    positions = task.demand[band][inside]
    cells = (row[inside] + EDGE) * width + col[inside] + EDGE
    order = np.argsort(positions)
    return positions[order].astype(np.int32), cells[order]


def _gather(found: list[_Found], n_sites: int) -> tuple[Array, Array, Array]:
    """Put the lists in the order of their sites."""
    if not found:
        return np.zeros(n_sites + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32)
    sites, counts, positions, minutes = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(sites)
    starts = (np.cumsum(counts) - counts)[order]
    length = np.zeros(n_sites, np.int64)
    length[sites] = counts
    indptr = np.concatenate([[0], np.cumsum(length)])
    take = np.arange(len(positions)) + np.repeat(starts - indptr[sites[order]], counts[order])
    return indptr, positions[take], minutes[take]
