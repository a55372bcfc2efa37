"""Sums and medians of people by area, by the level above, and of all together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from planner.types.arrays import Doubles, Floats, Ints
from planner.types.coverage import Levels
from planner.types.inputs import Areas

AREA, ABOVE, ALL = range(3)  # columns of `Levels.rows`


def levels(areas: Areas) -> Levels:
    """Lay out the rows of tables by place. Areas of one code above belong together."""
    above = list(dict.fromkeys(code for code in areas.parent_code if code))
    name_above = dict(zip(areas.parent_code, areas.parent_name, strict=True))
    n, first = len(areas), 1 + len(above)
    rows = np.full((n + 1, 3), -1, np.int32)
    rows[:n, AREA] = first + np.arange(n)
    rows[:n, ABOVE] = [1 + above.index(code) if code else -1 for code in areas.parent_code]
    rows[:n, ALL] = 0
    outside = ("outside",) if n else ()
    rows[n] = (first + n, -1, -1) if n else (-1, -1, 0)
    return Levels(
        level=("all", *("above" for _ in above), *("area" for _ in range(n)), *outside),
        code=("", *above, *areas.code, *("" for _ in outside)),
        name=("", *(name_above[code] for code in above), *areas.name, *("" for _ in outside)),
        parent=("", *("" for _ in above), *areas.parent_name, *("" for _ in outside)),
        rows=rows,
    )


def up(places: Levels, by_area: Doubles) -> Doubles:
    """Sums by row from sums by area, both along the first axis."""
    total = np.zeros((len(places), *by_area.shape[1:]))
    for column in (AREA, ABOVE, ALL):
        belongs = places.rows[:, column] >= 0
        np.add.at(total, places.rows[belongs, column], by_area[belongs])
    return total


def by_row(places: Levels, area: Ints, weights: npt.ArrayLike) -> Doubles:
    """Sum the weights of cells by row; `area` is the row of `Levels.rows` that each cell belongs to."""
    return up(places, np.bincount(area, np.asarray(weights, np.float64), len(places.rows)).astype(np.float64))


def quantiles(places: Levels, area: Ints, people: Doubles, minutes: Floats, shares: Sequence[float]) -> Doubles:
    """Least minutes that each of the shares of the people of a row do not exceed, ``(share, row)``; NaN = nobody."""
    found = np.full((len(shares), len(places)), np.nan)
    by_minutes = np.argsort(minutes, kind="stable")
    for column in (AREA, ABOVE, ALL):
        row = places.rows[area[by_minutes], column]
        order = by_minutes[np.argsort(row, kind="stable")]
        row = places.rows[area[order], column]
        belongs = np.searchsorted(row, 0)
        order, row = order[belongs:], row[belongs:]
        if not len(row):
            continue
        so_far = np.cumsum(people[order])
        first = np.flatnonzero(np.diff(row, prepend=-1))
        last = np.append(first[1:], len(row)) - 1
        before = np.where(first > 0, so_far[first - 1], 0.0)
        total = so_far[last] - before
        peopled = total > 0
        for k, share in enumerate(shares):
            target = before + share * total * (1 - 1e-12)  # sums of the same people round another way
            at = np.clip(np.searchsorted(so_far, target, side="left"), first, last)
            found[k, row[first[peopled]]] = minutes[order[at[peopled]]]
    return found
