"""The search region by region: the answer of the whole land, with the memory of one region's search.

Every region is searched alone, with the cells around it as far as a step leads; these start with the minutes that their
own regions know. Where a region finds earlier times for cells that lie around others, those are searched again, until
nothing improves. Every step of the land lies within some region and its surroundings, so the answer is the one least
fixed point; and of ways that are equally quick one rule chooses (`planner.kernels.tiles`). So minutes, nearest and back
have the same bytes as those of one search over the whole land.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np

from planner.kernels.neighbours import NEIGHBOURS
from planner.scenario import Walking
from planner.travel.engine import Search
from planner.types.arrays import CELL, MINUTES, Bools, Ints
from planner.types.land import Land
from planner.types.travel import TravelTime


class Window(NamedTuple):
    """Rows from `top` up to but without `bottom`, and columns alike."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """For arrays of two dimensions."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def grown(self, cells: int, shape: tuple[int, int]) -> Window:
        """With the cells around it that lie on the land."""
        top, left = max(self.top - cells, 0), max(self.left - cells, 0)
        return Window(top, min(self.bottom + cells, shape[0]), left, min(self.right + cells, shape[1]))

    def common(self, other: Window) -> Window:
        """What both share; empty (a negative size) where they are apart."""
        top, left = max(self.top, other.top), max(self.left, other.left)
        return Window(top, min(self.bottom, other.bottom), left, min(self.right, other.right))

    def seen_from(self, other: Window) -> Window:
        """The same cells, counted from the first cell of another window."""
        return Window(self.top - other.top, self.bottom - other.top, self.left - other.left, self.right - other.left)


def time_to_nearest(
    land: Land,
    sources: Ints,
    walking: Walking,
    *,
    split: tuple[int, int],
    towards: bool = True,
    max_minutes: float = np.inf,
    threads: int | None = None,
) -> TravelTime:
    """Least travel time on foot between every cell and the nearest source, as `planner.travel.time_to_nearest` has it.

    Roads that are ridden are not searched in regions: rides lead too far. Bridges are.

    Parameters
    ----------
    land, walking
        The surface, and how people walk on it.
    sources
        Flat cells, int32; -1 takes no part.
    split
        Into how many rows and how many columns of regions.
    towards
        True: people move to the source (patients); False: from it.
    max_minutes
        Cells beyond this are left unreached (inf); inclusive.
    threads
        Of each region's search; None = the machine's processors.
    """
    shape = land.frame.shape
    reach = int(np.abs(NEIGHBOURS[: walking.neighbours]).max())
    regions = [Window(*rows, *columns) for rows, columns in product(*map(_parts, shape, split))]
    surroundings = {own: own.grown(reach, shape) for own in regions}
    is_source = np.zeros(shape, bool)
    is_source.ravel()[sources[sources >= 0]] = True
    minutes, back = np.full(shape, np.inf, MINUTES), np.full(shape, -1, CELL)

    def search(own: Window) -> Bools:
        """Write a region's minutes and back; say which of its cells are reached earlier than before."""
        around = surroundings[own]
        inside = own.seen_from(around).slices
        start = np.where(is_source[around.slices], np.float32(0), minutes[around.slices])
        start[inside][~is_source[own.slices]] = np.inf
        cells = np.flatnonzero(np.isfinite(start)).astype(CELL)
        alone = Search(_cut_out(land, around), walking, towards=towards, threads=threads)
        time = alone.nearest(cells, max_minutes, start.ravel()[cells])
        found = time.minutes.reshape(start.shape)[inside]
        earlier = found < minutes[own.slices]
        minutes[own.slices] = found
        back[own.slices] = _renumbered(time.back.reshape(start.shape)[inside], around, shape[1])
        return np.asarray(earlier)

    waiting = dict.fromkeys(regions)
    while waiting:
        own = next(iter(waiting))
        del waiting[own]
        earlier = search(own)
        for other in regions:
            if other != own and _any_in(earlier, surroundings[other].common(own).seen_from(own)):
                waiting[other] = None

    return TravelTime(minutes.ravel(), back.ravel(), sources.astype(CELL))


def _parts(length: int, parts: int) -> list[tuple[int, int]]:
    return list(pairwise(np.unique(np.linspace(0, length, parts + 1).astype(int)).tolist()))


def _cut_out(land: Land, window: Window) -> Land:
    """The surface of a window: who lives there is left out, as no search asks for it."""
    frame = land.frame
    at = window.slices
    cut = replace(
        frame,
        west=frame.west + window.left * frame.dx,
        north=frame.north - window.top * frame.dy,
        ny=window.bottom - window.top,
        nx=window.right - window.left,
    )
    return Land(
        frame=cut,
        people=np.zeros(cut.n),
        under_fives=np.zeros(cut.n),
        known=np.zeros(cut.n, bool),
        pace=land.pace.reshape(frame.shape)[at].ravel(),
        way=land.way.reshape(frame.shape)[at].ravel(),
        elevation=None if land.elevation is None else land.elevation.reshape(frame.shape)[at].ravel(),
        area=np.zeros(cut.n, CELL),
        step_metres=land.step_metres[at[0]],
        driven=None if land.driven is None else land.driven.reshape(frame.shape)[at].ravel(),
    )


def _any_in(cells: Bools, window: Window) -> bool:
    return window.bottom > window.top and window.right > window.left and bool(cells[window.slices].any())


def _renumbered(back: Ints, window: Window, nx: int) -> Ints:
    """Cells of a window as cells of the land; -1 stays."""
    row, col = np.divmod(back, np.int32(window.right - window.left))
    return np.where(back < 0, CELL(-1), (row + CELL(window.top)) * CELL(nx) + col + CELL(window.left))
