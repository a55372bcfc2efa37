"""The people balance: every person of the raster in exactly one line."""

from __future__ import annotations

import numpy as np

from planner.coverage.sums import row_of_area, sum_by
from planner.types.arrays import Floats
from planner.types.inputs import Note
from planner.types.land import Land
from planner.types.results import PeopleBalance
from planner.types.text import Text

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
    place = row_of_area(land, n_areas) * len(lines) + line
    shape = (n_areas + 1, len(lines))
    return PeopleBalance(
        lines=lines,
        people=np.array([land.people[cells].sum() for cells in members]),
        under_fives=np.array([land.under_fives[cells].sum() for cells in members]),
        cells=np.array([np.count_nonzero(cells) for cells in members], dtype=np.int32),
        by_area=sum_by(place, land.people, shape[0] * shape[1]).reshape(shape),
        under_fives_by_area=sum_by(place, land.under_fives, shape[0] * shape[1]).reshape(shape),
        total=float(land.people.sum()),
        raster=raster,
    )


def balance_notes(balance: PeopleBalance) -> tuple[Note, ...]:
    """A warning for each line of people in trouble with more than 1 % of all: the data may not fit together."""
    return tuple(
        Note(
            "warning",
            "people balance",
            Text("{share:.1%} of the people are {line}", share=people / balance.total, line=Text(line)),
            float(people),
        )
        for line, people in zip(balance.lines, balance.people, strict=True)
        if line not in (REACHABLE, OPEN) and people > MOST_AMISS * balance.total
    )
