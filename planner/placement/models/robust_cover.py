"""Robust cover: one choice of sites for several conditions: seasons, speeds, population rasters.

Kouvelis, P. and Yu, G. (1997) Robust discrete optimization and its applications, doi:10.1007/978-1-4757-2620-6; for
locations Snyder, L. V. (2006) Facility location under uncertainty, IIE Transactions 38, 547-564,
doi:10.1080/07408170500216480::

    c_s = sum_i w_is y_is                     people covered under conditions s
    y_is <= sum_{j in N_is} n_j

    average:  maximise  sum_s v_s c_s         v_s the weight of the conditions
    worst:    maximise  z,  z <= c_s
    regret:   minimise  r,  r >= b_s - c_s    b_s the best there is under these conditions alone
    with      sum_j n_j <= p, n_j whole       and the rules (`planner.placement.rule_rows`)

z and r are counted in units of the greatest b_s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from planner.placement.models.maximal_cover import add_covered
from planner.placement.presolve import Cover
from planner.placement.programme import Programme
from planner.placement.rule_rows import Sites
from planner.types.arrays import Doubles
from planner.types.placement import Rules

MODEL = "robust cover"
Aim = Literal["average", "worst", "regret"]


def programme(covers: Sequence[Cover], weights: Doubles, best: Doubles, p: int, rules: Rules, aim: Aim) -> Programme:
    """The model; its first columns are n. `covers` are of each of the conditions, each with all sites."""
    made = Programme(f"{MODEL}, {aim}", "min" if aim == "regret" else "max")
    sites = Sites(made, rules, p)
    ys = [
        add_covered(sites, cover, cover.weights * weights[s] if aim == "average" else 0.0, of=f"_{s}")
        for s, cover in enumerate(covers)
    ]
    if aim == "average":
        return made
    unit = float(best.max()) or 1.0
    z = made.columns("z" if aim == "worst" else "r", (), objective=unit)
    for s, (cover, y) in enumerate(zip(covers, ys, strict=True)):
        share = cover.weights / unit
        if aim == "worst":
            made.rows(f"least_{s}", (), [(0, z, 1.0), (0, y, -share)], upper=0.0)
        else:
            made.rows(f"most_{s}", (), [(0, z, 1.0), (0, y, share)], lower=best[s] / unit)
    return made
