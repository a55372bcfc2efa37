"""Travel time: to the nearest of many places, between places and demand, and the way itself.

Exact least-cost search over the cells of the land, and over roads that are ridden (`planner.travel.engine`). Direction
is always stated: ``towards=True`` is the time a patient needs to get to care.
"""

from __future__ import annotations

import numpy as np

from planner.kernels.reachable import reachable
from planner.scenario import Walking
from planner.travel import along, crossings, results
from planner.travel.bridges import slope_factor
from planner.travel.engine import SLOPES, Search
from planner.types.arrays import Ints
from planner.types.land import Land
from planner.types.network import Network
from planner.types.travel import TravelMatrix, TravelTime

__all__ = ["Search", "along", "crossings", "results", "slope_factor", "time_to_nearest", "within"]


def time_to_nearest(
    land: Land,
    sources: Ints,
    walking: Walking,
    *,
    network: Network | None = None,
    towards: bool = True,
    max_minutes: float = np.inf,
    threads: int | None = None,
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
    threads
        None = the machine's processors. The answer does not depend on it.
    """
    search = Search(land, walking, network=network, towards=towards, threads=threads)
    return search.nearest(sources, max_minutes, last=True)


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

    Raises
    ------
    ValueError
        The land has cells that are driven: vehicles are searched for with `Search`.
    """
    if land.driven is not None:
        raise ValueError("the land has driven cells: only people on foot are searched for within a limit")
    indptr, indices, minutes = reachable(
        sites,
        demand,
        max_minutes,
        nx=land.frame.nx,
        step_metres=land.step_metres,
        pace=land.pace,
        way=land.way,
        elevation=land.elevation,
        neighbours=walking.neighbours,
        slope=SLOPES[walking.slope],
        towards=towards,
        open_corners=walking.corners == "open",
    )
    return TravelMatrix(indptr, indices, minutes, n_demand=len(demand), max_minutes=float(max_minutes))
