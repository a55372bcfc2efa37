"""Equitable cover: the share covered in the worst-off area as great as can be, then in the second worst, and so on.

Ogryczak, W. and Sliwinski, T. (2006) On direct methods for lexicographic min-max optimization, ICCSA 2006, 802-811,
doi:10.1007/11751595_85: one after the other, the sums of the k smallest shares are made as great as can be, for which
no area need be known to be the worst-off. The sum of the k smallest of s_1 ... s_m is the greatest that
``k t - sum_a d_a`` can be with ``d_a >= t - s_a, d_a >= 0``::

    maximise    k t_k - sum_a d_ka                       in step k = 1 ... m; then sum_i w_i y_i
    subject to  d_la >= t_l - s_a                        l = 1 ... k
                l t_l - sum_a d_la >= what step l found  l = 1 ... k - 1
                s_a <= sum_{i in a} w_i y_i / W_a        share of the W_a people of the area who are covered
                y_i <= sum_{j in N_i} n_j,  sum_j n_j <= p
                n_j whole, 0 <= y_i, s_a, t_l <= 1       and the rules (`planner.placement.rule_rows`)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.placement.models.maximal_cover import add_covered
from planner.placement.presolve import Cover
from planner.placement.programme import Programme, Term
from planner.placement.rule_rows import Sites
from planner.types.arrays import Doubles
from planner.types.placement import Rules

MODEL = "equitable cover (lexicographic max-min by area)"


def programme(
    covers: Sequence[Cover], rest: Cover, everybody: Doubles, p: int, rules: Rules, floors: Sequence[float]
) -> Programme:
    """The step after those whose sums of smallest shares were `floors`; its first columns are n.

    Parameters
    ----------
    covers, rest
        Of each area, and of the people outside all areas, each with all sites.
    everybody
        People of each area, above 0.
    """
    made = Programme(MODEL, "max")
    sites = Sites(made, rules, p)
    last = len(floors) == len(covers)
    area = np.arange(len(covers), dtype=np.int32)
    s = made.columns("s", (area,), upper=1.0)
    for a, cover in enumerate(covers):
        y = add_covered(sites, cover, cover.weights if last else 0.0, of=f"_{a}")
        made.rows(f"share_{a}", (), [(0, s[a : a + 1], 1.0), (0, y, -cover.weights / everybody[a])], upper=0.0)
    if last:
        add_covered(sites, rest, rest.weights, of="_rest")
    for k in range(1, len(floors) + (not last) + 1):
        now = k > len(floors)
        t = made.columns(f"t_{k}", (), upper=1.0, objective=float(k) if now else 0.0)
        d = made.columns(f"d_{k}", (area,), objective=-1.0 if now else 0.0)
        below: list[Term] = [(area, d, 1.0), (area, s, 1.0), (area, np.broadcast_to(t, area.shape), -1.0)]
        made.rows(f"below_{k}", (area,), below, lower=0.0)
        if not now:
            made.rows(f"kept_{k}", (), [(0, t, float(k)), (0, d, -1.0)], lower=floors[k - 1])
    return made
