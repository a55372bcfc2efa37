"""Who finds room: geographic coverage, where each CHW serves so many people and no more; floating catchment areas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.kernels.claim import claim
from planner.types.arrays import Bools, Doubles, Floats
from planner.types.travel import TravelMatrix


def served(
    matrix: TravelMatrix, people: Doubles, room: Doubles, minutes_elsewhere: Floats, max_elsewhere: float
) -> tuple[Doubles, Doubles]:
    """Who finds room, where everybody goes to the nearest place that has some, and who is nearest to it goes first.

    That is the one outcome in which nobody stands before a full place to which she is nearer than someone who found
    room there (Gale D, Shapley LS (1962) College admissions and the stability of marriage. American Mathematical
    Monthly 69:9-15): it does not depend on the order in which people set out.

    Parameters
    ----------
    matrix
        Minutes between places with limited room and the cells where people live.
    people
        At each cell.
    room
        Of each place.
    minutes_elsewhere, max_elsewhere
        Of each cell, minutes to care that has room for everybody, and how far people go to it.

    Returns
    -------
    People of each cell who find room, and the room that is left at each place.
    """
    places = matrix.n_sites
    site = np.repeat(np.arange(places, dtype=np.int32), np.diff(matrix.indptr))
    goes = np.flatnonzero(minutes_elsewhere <= max_elsewhere).astype(np.int32)
    site = np.concatenate([site, np.full(len(goes), places, np.int32)])
    demand = np.concatenate([matrix.indices, goes])
    minutes = np.concatenate([matrix.minutes, minutes_elsewhere[goes]])
    line = np.lexsort((demand, site, minutes))
    left = np.append(room, np.inf)
    waiting = np.array(people, np.float64)
    claim(line, site, demand, left, waiting)
    return people - waiting, left[:-1]


def floating_catchments(
    matrix: TravelMatrix, people: Doubles, supply: Doubles, weights: Sequence[float] = (1.0,)
) -> Doubles:
    """Supply for each person within reach, at each cell: two-step floating catchment areas.

    First, each site's supply is shared out among all people within reach of it; then each cell adds up the shares of
    the sites within reach. With several weights the reach is cut into as many equal parts, the people in each of which
    count with its weight (enhanced). Times the people, it adds up to the supply of all sites that anybody reaches.

    Source: Luo W, Wang F (2003) Measures of spatial accessibility to health care in a GIS environment, Environment and
    Planning B 30:865-884, doi:10.1068/b29120; enhanced: Luo W, Qi Y (2009), doi:10.1016/j.healthplace.2009.06.002.
    """
    parts = len(weights)
    part = np.minimum((matrix.minutes * np.float32(parts / matrix.max_minutes)).astype(np.int64), parts - 1)
    weight = np.asarray(weights, np.float64)[part]
    site = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))
    sharing = np.bincount(site, weight * people[matrix.indices], matrix.n_sites)
    ratio = np.divide(supply, sharing, out=np.zeros(matrix.n_sites), where=sharing > 0)
    return np.bincount(matrix.indices, weight * ratio[site], matrix.n_demand).astype(np.float64)


def joined(first: TravelMatrix, second: TravelMatrix) -> TravelMatrix:
    """The sites of two matrices over the same demand, those of the first before those of the second."""
    return TravelMatrix(
        np.concatenate([first.indptr, first.indptr[-1] + second.indptr[1:]]),
        np.concatenate([first.indices, second.indices]),
        np.concatenate([first.minutes, second.minutes]),
        second.n_demand,
        max(first.max_minutes, second.max_minutes),
    )


def sites_of(matrix: TravelMatrix, kept: Bools) -> TravelMatrix:
    """The matrix with the pairs of some sites only; the others reach nobody."""
    length = np.diff(matrix.indptr)
    pairs = np.repeat(kept, length)
    indptr = np.append(0, np.cumsum(np.where(kept, length, 0))).astype(np.int64)
    return TravelMatrix(indptr, matrix.indices[pairs], matrix.minutes[pairs], matrix.n_demand, matrix.max_minutes)
