"""p-median: with so many CHWs, the least travel time of all people together to the nearest.

ReVelle, C. and Swain, R. (1970) Central facilities location, Geographical Analysis 2, 30-42,
doi:10.1111/j.1538-4632.1970.tb00142.x; Hakimi, S. L. (1964), doi:10.1287/opre.12.3.450::

    minimise    sum_i w_i (sum_{j in N_i} t_ij x_ij + T z_i)   person-minutes
    subject to  sum_{j in N_i} x_ij + z_i = 1                  everybody goes to a CHW, or counts T minutes
                x_ij <= n_j                                    only to one who lives there
                sum_j n_j <= p
                n_j whole, 0 <= x_ij, z_i <= 1                 and the rules (`planner.placement.rule_rows`)

``N_i`` are the sites within the limit of i. ``T`` is what somebody counts who has none within reach; where it is inf,
z is left out and everybody must have one. The x need not be whole: the nearest CHW takes all of i.
"""

from __future__ import annotations

import math

import numpy as np

from planner.placement.programme import Programme, Term
from planner.placement.rule_rows import Sites
from planner.types.arrays import Doubles
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix

MODEL = "p-median"


def programme(matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, unserved_minutes: float) -> Programme:
    """The model; its first columns are n, one a site of the rules."""
    made = Programme(MODEL, "min")
    sites = Sites(made, rules, p)
    demand = np.flatnonzero(people > 0).astype(np.int32)
    near = (people > 0)[matrix.indices] & (matrix.minutes < unserved_minutes)
    site = np.repeat(sites.key, np.diff(matrix.indptr))[near]
    of, minutes = matrix.indices[near], matrix.minutes[near].astype(np.float64)
    x = made.columns("x", (of, site), upper=1.0, objective=people[of] * minutes)
    terms: list[Term] = [(np.searchsorted(demand, of), x, 1.0)]
    if math.isfinite(unserved_minutes):
        z = made.columns("z", (demand,), upper=1.0, objective=people[demand] * unserved_minutes)
        terms.append((np.arange(len(demand)), z, 1.0))
    made.rows(
        "goes", (demand,), terms, lower=1.0, upper=1.0,
        words=lambda key, _: f"{people[key[0]]:,.0f} people at {key[0]} stay without a CHW within reach",
    )  # fmt: skip
    pair = np.arange(len(of))
    made.rows("lives", (of, site), [(pair, x, 1.0), (pair, sites.n[site], -1.0)], upper=0.0)
    return made
