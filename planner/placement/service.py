"""Who serves whom where CHWs can serve only so many: the most people, then by the least travel."""

from __future__ import annotations

from typing import Literal

import numpy as np

from planner.placement import highs, recount
from planner.placement.programme import Programme
from planner.types.arrays import Doubles, Floats, Ints, Longs
from planner.types.placement import Assignment
from planner.types.travel import TravelMatrix


def serve(
    matrix: TravelMatrix,
    people: Doubles,
    load: Doubles,
    capacity: Doubles,
    chws: Ints,
    closest: bool,
    time_limit_s: float,
) -> Assignment:
    """The most people whom CHWs at these sites can serve; of all ways to serve those, one with the least minutes.

    Two linear programmes: sum_j f_ij <= 1 for each demand, sum_i load_i f_ij <= capacity_j n_j for each site. With
    `closest` all go to their nearest CHWs (any of those equally near) or to none. Where a programme is not solved in
    time, or HiGHS is not installed, the ways are given out one by one, shortest first: it may be fewer people then.
    """
    site = np.repeat(np.arange(matrix.n_sites, dtype=np.int32), np.diff(matrix.indptr))
    may = (chws[site] > 0) & (people[matrix.indices] > 0)
    if closest:
        may &= matrix.minutes == recount.minutes_to_nearest(matrix, chws)[matrix.indices]
    order = np.flatnonzero(may)[np.argsort(matrix.indices[may], kind="stable")]
    demand, at = matrix.indices[order], site[order]
    work = np.divide(load[demand], capacity[at] * chws[at])
    row, share = np.unique(demand, return_inverse=True)
    room, post = np.unique(at, return_inverse=True)

    def best(sense: Literal["max", "min"], worth: Doubles, asked: Doubles | None) -> Doubles | None:
        made = Programme("service", sense)
        f = made.columns("f", (demand, at), upper=1.0, objective=worth)
        lower = -np.inf if asked is None else asked
        made.rows("served", (row,), [(share, f, 1.0)], lower=lower, upper=1.0 if asked is None else asked)
        made.rows("work", (room,), [(post, f, work)], upper=1.0)
        solution = highs.solve(made, time_limit_s=time_limit_s)
        if solution.status != "optimal":
            return None
        return _within(solution.values, share.astype(np.int64), post.astype(np.int64), work)

    most = best("max", people[demand], None)
    if most is None:
        most = _shortest_first(share, post, matrix.minutes[order], work)
    served = np.bincount(share, most, len(row)).astype(np.float64)
    least = best("min", people[demand] * matrix.minutes[order], served)
    least = most if least is None else least
    some = np.flatnonzero(least > 1e-12)
    return Assignment(demand=demand[some], site=at[some], people=people[demand[some]] * least[some])


def _shortest_first(share: Longs, post: Longs, minutes: Floats, work: Doubles) -> Doubles:
    """Serve over each way as many as are left and as there is room for."""
    f = np.zeros(len(share))
    left, room = np.ones(share.max(initial=-1) + 1), np.ones(post.max(initial=-1) + 1)
    for k in np.argsort(minutes, kind="stable"):
        f[k] = min(left[share[k]], room[post[k]] / work[k] if work[k] > 0 else 1.0)
        left[share[k]] -= f[k]
        room[post[k]] -= f[k] * work[k]
    return f


def _within(f: Doubles, share: Longs, post: Longs, work: Doubles) -> Doubles:
    """Take back what the solver's tolerance let go above 1 at a demand or a site."""
    f = np.clip(f, 0.0, 1.0)
    if not len(f):
        return f
    f = f / np.maximum(np.bincount(share, f), 1.0)[share]
    return np.asarray(f / np.maximum(np.bincount(post, f * work), 1.0)[post], np.float64)
