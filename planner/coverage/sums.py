"""Sums of people over cells, in float64."""

from __future__ import annotations

import numpy as np

from planner.types.arrays import PEOPLE, Doubles, Longs
from planner.types.land import Land


def row_of_area(land: Land, n_areas: int) -> Longs:
    """The area of each cell; those outside all areas come last."""
    return np.where(land.area < 0, n_areas, land.area).astype(np.int64)


def sum_by(group: Longs, people: Doubles, n_groups: int) -> Doubles:
    """Sum the people of each group, in float64."""
    return np.bincount(group, people, n_groups).astype(PEOPLE)
