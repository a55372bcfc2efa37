"""Capacitated p-median: as the p-median, but every place goes whole to one site, and a CHW can serve only so many.

Mulvey, J. M. and Beck, M. P. (1984) Solving capacitated clustering problems, European Journal of Operational Research
18, 339-348, doi:10.1016/0377-2217(84)90155-3; Osman, I. H. and Christofides, N. (1994),
doi:10.1111/j.1475-3995.1994.tb00016.x; here with several CHWs a site where the rules let them live there::

    minimise    sum_ij w_i t_ij x_ij          person-minutes
    subject to  sum_{j in N_i} x_ij = 1       every place goes to one site
                sum_i l_i x_ij <= K_j n_j     l_i is the work of serving all of i, K_j what one CHW can do
                x_ij <= n_j                   tightens the relaxation
                sum_j n_j <= p
                x_ij in {0, 1}, n_j whole     and the rules (`planner.placement.rule_rows`)
"""

from __future__ import annotations

import numpy as np

from planner.placement.programme import Programme, Term
from planner.placement.rule_rows import Sites
from planner.types.arrays import Doubles
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix

MODEL = "capacitated p-median"


def programme(
    matrix: TravelMatrix, people: Doubles, load: Doubles, capacity: Doubles, p: int, rules: Rules
) -> Programme:
    """The model; its first columns are n, one a site of the rules, its last are x, one a pair of asked people."""
    made = Programme(MODEL, "min")
    sites = Sites(made, rules, p)
    demand = np.flatnonzero(people > 0).astype(np.int32)
    asked = (people > 0)[matrix.indices]
    site, of = np.repeat(sites.key, np.diff(matrix.indptr))[asked], matrix.indices[asked]
    minutes = matrix.minutes[asked].astype(np.float64)
    x = made.columns("x", (of, site), upper=1.0, objective=people[of] * minutes, integer=True)
    made.rows(
        "goes", (demand,), [(np.searchsorted(demand, of), x, 1.0)], lower=1.0, upper=1.0,
        words=lambda key, _: f"{people[key[0]]:,.0f} people at {key[0]} stay without a CHW within reach who has room",
    )  # fmt: skip
    work: list[Term] = [(site, x, load[of] / capacity[site]), (sites.key, sites.n, -1.0)]
    made.rows("work", (sites.key,), work, upper=0.0)
    pair = np.arange(len(of))
    made.rows("lives", (of, site), [(pair, x, 1.0), (pair, sites.n[site], -1.0)], upper=0.0)
    return made
