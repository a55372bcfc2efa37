"""The community of each CHW: the villages that she serves, and how many people of each."""

from __future__ import annotations

import numpy as np

from planner.types.arrays import CELL, MINUTES, PEOPLE, Floats, Ints
from planner.types.community import Committees, Served
from planner.types.frame import Frame
from planner.types.inputs import Places
from planner.types.land import Land
from planner.types.results import Posts


def nearest_committee(posts: Posts, committees: Places, frame: Frame) -> Committees:
    """The committee or leader nearest to each post, on the ellipsoid."""
    n = len(posts)
    if not len(committees):
        return Committees(("",) * n, np.full(n, np.nan))
    pairs = np.repeat(np.arange(n), len(committees)), np.tile(np.arange(len(committees)), n)
    ends = posts.x[pairs[0]], posts.y[pairs[0]], committees.x[pairs[1]], committees.y[pairs[1]]
    km = frame.metres_between(*ends).reshape(n, -1) / 1000.0
    nearest = np.argmin(km, axis=1)
    return Committees(tuple(committees.name[k] for k in nearest), np.ascontiguousarray(km[np.arange(n), nearest]))


def served(catchment: Ints, village: Ints, minutes: Floats, land: Land) -> Served:
    """Sum the people of each post's catchment by village.

    Parameters
    ----------
    catchment
        Post that serves each cell; -1 = none.
    village
        Village of each cell; -1 = none.
    minutes
        To care, a value a cell.
    land
        The cells and their people.

    Returns
    -------
    Served
        Every person of a catchment stands in exactly one row. Cells without people make none.
    """
    cells = np.flatnonzero((catchment >= 0) & (land.people > 0))
    pair = catchment[cells].astype(np.int64) * (village.max(initial=-1) + 2) + village[cells] + 1
    found, row = np.unique(pair, return_inverse=True)
    people = np.bincount(row, land.people[cells], len(found)).astype(PEOPLE)
    walked = np.bincount(row, land.people[cells] * minutes[cells], len(found)) / people
    post, of = np.divmod(found, village.max(initial=-1) + 2)
    order = np.lexsort((of, -people, post))
    return Served(
        post=post[order].astype(CELL),
        village=(of[order] - 1).astype(CELL),
        people=people[order],
        under_fives=np.bincount(row, land.under_fives[cells], len(found)).astype(PEOPLE)[order],
        minutes=walked[order].astype(MINUTES),
    )
