"""Who is within reach: sums of people over cells, in float64, that always add up to the raster's own total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from planner.scenario import Reach
from planner.types.arrays import MINUTES, PEOPLE, Bools, Doubles, Floats, Longs
from planner.types.frame import Frame
from planner.types.inputs import Note
from planner.types.land import Land
from planner.types.results import Coverage, PeopleBalance

MOST_AMISS = 0.01  # share of the people
REACHABLE, UNREACHABLE, OPEN = "reachable", "unreachable", "on open ground"
BARRIER, OUTSIDE, UNKNOWN = "on a barrier", "outside the areas", "unknown"


def people_balance(land: Land, n_areas: int, raster: float, minutes: Floats | None = None) -> PeopleBalance:
    """Put every cell, with its people, in exactly one line.

    The first line that fits, in this order: unknown (no data), outside the areas, on a barrier (closed to walkers),
    unreachable (`minutes` is inf), reachable. Each line is numpy's pairwise sum in float64, whose relative error on
    non-negative numbers grows with the logarithm of the number of cells: below 1e-13 for any raster that fits in
    memory, so that the lines add up to ``total``.

    Parameters
    ----------
    land
        The cells and their people.
    n_areas
        Number of areas.
    raster
        Sum of the population raster as it was read.
    minutes
        Minutes to the nearest facility, a value a cell; inf = unreachable. None = not known yet: who is neither
        unknown, outside nor on a barrier is then "on open ground".
    """
    fits = {UNKNOWN: ~land.known, OUTSIDE: land.area == -1, BARRIER: np.isinf(land.pace)}
    last = OPEN
    if minutes is not None:
        fits[UNREACHABLE], last = np.isinf(minutes), REACHABLE
    lines = (last, *reversed(fits))
    line = np.select(list(fits.values()), [lines.index(name) for name in fits], 0)
    members = [line == k for k in range(len(lines))]
    place = _row_of_area(land, n_areas) * len(lines) + line
    shape = (n_areas + 1, len(lines))
    return PeopleBalance(
        lines=lines,
        people=np.array([land.people[cells].sum() for cells in members]),
        under_fives=np.array([land.under_fives[cells].sum() for cells in members]),
        cells=np.array([np.count_nonzero(cells) for cells in members], dtype=np.int32),
        by_area=_sum_by(place, land.people, shape[0] * shape[1]).reshape(shape),
        under_fives_by_area=_sum_by(place, land.under_fives, shape[0] * shape[1]).reshape(shape),
        total=float(land.people.sum()),
        raster=raster,
    )


def balance_notes(balance: PeopleBalance) -> tuple[Note, ...]:
    """A warning for each line of people in trouble with more than 1 % of all: the data may not fit together."""
    return tuple(
        Note("warning", "people balance", f"{people / balance.total:.1%} of the people are {line}", float(people))
        for line, people in zip(balance.lines, balance.people, strict=True)
        if line not in (REACHABLE, OPEN) and people > MOST_AMISS * balance.total
    )


def within(land: Land, n_areas: int, minutes_by_care: Mapping[str, Floats], thresholds: Sequence[float]) -> Coverage:
    """Sum the people of each area within each threshold of each kind of care.

    Parameters
    ----------
    land
        The cells, their people and areas.
    n_areas
        Number of areas; the answer has one row more, for the people outside all of them.
    minutes_by_care
        For each kind of care, minutes a cell; inf = unreachable, within no threshold.
    thresholds
        Minutes, ascending. Within means ``<=``, compared in float32, the precision of the minutes.
    """
    steps = np.asarray(thresholds, np.float64)
    if np.any(np.diff(steps) <= 0) or not np.all(np.isfinite(steps)):
        raise ValueError(f"thresholds must be finite and ascending, found {list(thresholds)}")
    row = _row_of_area(land, n_areas)
    shape = (n_areas + 1, len(steps) + 1)
    people = np.empty((len(minutes_by_care), *shape))
    under_fives = np.empty_like(people)
    for k, minutes in enumerate(minutes_by_care.values()):
        first_within = np.searchsorted(steps.astype(MINUTES), minutes, side="left")
        place = row * shape[1] + first_within
        people[k] = _sum_by(place, land.people, shape[0] * shape[1]).reshape(shape)
        under_fives[k] = _sum_by(place, land.under_fives, shape[0] * shape[1]).reshape(shape)
    return Coverage(
        care=tuple(minutes_by_care),
        thresholds=steps,
        people=np.ascontiguousarray(people.cumsum(axis=2)[:, :, :-1]),
        under_fives=np.ascontiguousarray(under_fives.cumsum(axis=2)[:, :, :-1]),
        area_people=_sum_by(row, land.people, n_areas + 1),
        area_under_fives=_sum_by(row, land.under_fives, n_areas + 1),
    )


def _row_of_area(land: Land, n_areas: int) -> Longs:
    """The area of each cell; those outside all areas come last."""
    return np.where(land.area < 0, n_areas, land.area).astype(np.int64)


def _sum_by(group: Longs, people: Doubles, n_groups: int) -> Doubles:
    """Sum the people of each group, in float64."""
    return np.bincount(group, people, n_groups).astype(PEOPLE)


def straight_km(frame: Frame, x: npt.ArrayLike, y: npt.ArrayLike, to_x: npt.ArrayLike, to_y: npt.ArrayLike) -> Doubles:
    """Kilometres in a straight line, on the ellipsoid, from each point to the nearest of the places ``to``.

    All coordinates are in the frame's CRS (`Frame.centre_of` gives those of cells). inf where there are no places.

    The nearest place is the one with the shortest chord through the earth, found in a KD-tree; its distance is then
    geodesic (Karney 2013, doi:10.1007/s00190-012-0578-z). A chord c stands for an arc of c + c^3 / 24 R^2, and R
    changes by 1 % at most with place and direction. So the place with the shortest chord is the nearest, or farther
    than it by less than c^3 / 24 R^2 x 2 %: 2 cm at 100 km, 2 m at 500 km.
    """
    from scipy.spatial import KDTree

    x, y, to_x, to_y = (np.asarray(column, np.float64) for column in (x, y, to_x, to_y))
    if not len(to_x):
        return np.full(len(x), np.inf)
    tree = KDTree(frame.earth_centred(to_x, to_y))
    nearest = tree.query(frame.earth_centred(x, y))[1]
    return frame.metres_between(x, y, to_x[nearest], to_y[nearest]) / 1000.0


def hard_to_reach(minutes: Floats, km: Doubles, reach: Reach) -> Bools:
    """Say which places are hard to reach by the country's rule: beyond its minutes, its kilometres, either or both.

    Beyond means ``>``; what cannot be reached (inf) is beyond any limit.
    """
    slow = minutes > reach.max_minutes
    far = km > reach.max_km
    return {"minutes": slow, "km": far, "either": slow | far, "both": slow & far}[reach.rule]


def people_within(weights: Doubles, minutes: Floats, max_minutes: float) -> float:
    """Sum the weights of the cells within `max_minutes` (``<=``): the recount that a placement has to agree with."""
    return float(weights[minutes <= max_minutes].sum())
