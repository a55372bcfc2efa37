"""People within each number of minutes of care, by area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from planner.coverage.sums import row_of_area, sum_by
from planner.types.arrays import MINUTES, Doubles, Floats
from planner.types.land import Land
from planner.types.results import Coverage


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
    row = row_of_area(land, n_areas)
    shape = (n_areas + 1, len(steps) + 1)
    people = np.empty((len(minutes_by_care), *shape))
    under_fives = np.empty_like(people)
    for k, minutes in enumerate(minutes_by_care.values()):
        first_within = np.searchsorted(steps.astype(MINUTES), minutes, side="left")
        place = row * shape[1] + first_within
        people[k] = sum_by(place, land.people, shape[0] * shape[1]).reshape(shape)
        under_fives[k] = sum_by(place, land.under_fives, shape[0] * shape[1]).reshape(shape)
    return Coverage(
        care=tuple(minutes_by_care),
        thresholds=steps,
        people=np.ascontiguousarray(people.cumsum(axis=2)[:, :, :-1]),
        under_fives=np.ascontiguousarray(under_fives.cumsum(axis=2)[:, :, :-1]),
        area_people=sum_by(row, land.people, n_areas + 1),
        area_under_fives=sum_by(row, land.under_fives, n_areas + 1),
    )


def people_within(weights: Doubles, minutes: Floats, max_minutes: float) -> float:
    """Sum the weights of the cells within `max_minutes` (``<=``): the recount that a placement has to agree with."""
    return float(weights[minutes <= max_minutes].sum())
