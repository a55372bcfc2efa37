"""Numbers of people rounded for reading, so that what adds up still adds up as it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt

TINY = 1e-9  # people


def adding_up(parts: Sequence[float] | npt.NDArray[np.float64]) -> list[int]:
    """Whole numbers that add up to the rounded sum of the parts (largest remainder): each is off by less than one."""
    exact = np.asarray(parts, np.float64)
    whole = np.floor(exact)
    short = round(float(exact.sum())) - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:short]] += 1
    return [int(part) for part in whole]


def adding_up_both_ways(parts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Whole numbers of a table whose columns add up to those of `adding_up`, and whose rows to their rounded sums.

    Each number and the sum of each row is the next whole number below or above the exact one (controlled rounding, Cox
    and Ernst 1982, INFOR 20:423-432: a transportation problem, whose corners are whole). In the rare tables where the
    sums of the columns cannot be kept as well, the columns too add up to a next whole number.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, vstack

    solve = cast(Any, linprog)  # its stubs know dense matrices only
    below = np.floor(parts + TINY)
    rest = np.maximum(parts - below, 0.0)
    row, column = np.nonzero(rest > TINY)
    if not len(row):
        return below
    of_cell = np.arange(len(row))
    sums = vstack([
        coo_array((np.ones(len(row)), (along, of_cell)), shape=(count, len(row)))
        for along, count in ((row, parts.shape[0]), (column, parts.shape[1]))
    ])  # fmt: skip
    exact = np.concatenate([rest.sum(axis=1), rest.sum(axis=0)])
    least, most = np.floor(exact + TINY), np.ceil(exact - TINY)
    columns = slice(parts.shape[0], None)
    wanted = np.array(adding_up(parts.sum(axis=0))) - below.sum(axis=0)
    bounds = least.copy(), most.copy()
    bounds[0][columns] = bounds[1][columns] = wanted
    for low, high in (bounds, (least, most)):
        limits, ends = vstack([sums, -sums]), np.concatenate([high, -low])
        found = solve(-rest[row, column], A_ub=limits, b_ub=ends, bounds=(0, 1), method="highs-ds")
        if found.success:
            below[row, column] += np.round(found.x)
            break
    return below
