"""Travel time: to the nearest of many places, between places and demand, and the way itself.

Exact least-cost search over the cells of the land, and over roads that are ridden (`planner.travel.engine`). Direction
is always stated: ``towards=True`` is the time a patient needs to get to care.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.kernels import search
from planner.kernels.neighbours import CROSSED, NEIGHBOURS
from planner.scenario import Walking
from planner.travel import results
from planner.travel.engine import Search
from planner.types.arrays import CELL, MINUTES, Floats, Ints
from planner.types.land import Land
from planner.types.network import Network
from planner.types.travel import TravelMatrix, TravelTime

__all__ = ["Search", "results", "time_to_nearest", "within"]

PAIRS_AT_ONCE = 4_000_000


def time_to_nearest(
    land: Land,
    sources: Ints,
    walking: Walking,
    *,
    network: Network | None = None,
    towards: bool = True,
    max_minutes: float = np.inf,
) -> TravelTime:
    """Least travel time between every cell and the nearest source.

    Parameters
    ----------
    land, walking
        The surface, and how people walk on it.
    sources
        Flat cells, int32; -1 takes no part.
    network
        Roads that are ridden; None = everybody walks.
    towards
        True: people move to the source (patients); False: from it.
    max_minutes
        Cells beyond this are left unreached (inf); inclusive.
    """
    return Search(land, walking, network=network, towards=towards).nearest(sources, max_minutes)


def _surface(land: Land, walking: Walking, towards: bool) -> tuple[Any, ...]:
    """The land as the kernels take it."""
    n = walking.neighbours
    slope = walking.slope == "tobler" and land.elevation is not None
    elevation = land.elevation if slope and land.elevation is not None else np.zeros(1, np.float32)
    moves = (land.step_metres, NEIGHBOURS[:n], CROSSED[:n])
    return land.frame.nx, *moves, land.pace, land.way, elevation, slope, towards, walking.corners == "open"


def within(
    land: Land, sites: Ints, demand: Ints, walking: Walking, *, max_minutes: float, towards: bool = True
) -> TravelMatrix:
    """Travel times between each site and the demand cells within `max_minutes` of it (inclusive).

    Parameters
    ----------
    land, walking
        The surface, and how people walk on it.
    sites, demand
        Flat cells, int32; a site of -1 reaches nothing; demand cells are distinct.
    max_minutes
        The limit; inclusive.
    towards
        True: people walk from the demand to the site.
    """
    sites = sites.astype(CELL)
    surface = _surface(land, walking, towards)
    demand_of = np.full(land.frame.n, -1, np.int32)
    demand_of[demand] = np.arange(len(demand), dtype=np.int32)
    room = max(len(demand), min(PAIRS_AT_ONCE, len(demand) * max(len(sites), 1)))
    indices, found = np.empty(room, np.int32), np.empty(room, np.float64)
    counts = np.zeros(len(sites), np.int64)
    pieces: list[tuple[Ints, Floats]] = []
    first = 0
    while first < len(sites):
        ends = np.zeros(len(sites), np.int64)
        stop = search.each_site(sites, first, demand_of, float(max_minutes), surface, indices, found, ends)
        counts[first:stop] = np.diff(ends[first:stop], prepend=0)
        used = int(ends[stop - 1])
        pieces.append((indices[:used].copy(), found[:used].astype(MINUTES)))
        first = stop
    return TravelMatrix(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        indices=np.concatenate([np.empty(0, np.int32), *(piece[0] for piece in pieces)]),
        minutes=np.concatenate([np.empty(0, MINUTES), *(piece[1] for piece in pieces)]),
        n_demand=len(demand),
        max_minutes=float(max_minutes),
    )
