"""Location set covering problem (LSCP): the fewest CHWs, or the cheapest, such that everybody has one within reach.

Toregas, C., Swain, R., ReVelle, C. and Bergman, L. (1971) The location of emergency service facilities, Operations
Research 19, 1363-1373, doi:10.1287/opre.19.6.1363::

    minimise    sum_j n_j                      CHWs, or what they cost
    subject to  sum_{j in N_i} n_j >= 1        everybody i has a CHW within reach
                n_j whole                      and the rules (`planner.placement.rule_rows`)
"""

from __future__ import annotations

import numpy as np

from planner.placement.presolve import Cover
from planner.placement.programme import Programme
from planner.placement.rule_rows import Counted, Sites
from planner.types.placement import NO_LIMIT, Rules

MODEL = "set cover (LSCP)"


def programme(cover: Cover, rules: Rules, counted: Counted, p: int = NO_LIMIT) -> Programme:
    """The model; its first columns are n, one a site of the rules."""
    made = Programme(MODEL, "min")
    sites = Sites(made, rules, p, counted)
    row = np.arange(len(cover.weights), dtype=np.int32)
    made.rows(
        "reach", (row,), [(cover.indices, sites.n[cover.site_of_pair()], 1.0)], lower=1.0,
        words=lambda key, _: f"{cover.weights[key[0]]:,.0f} people stay without a CHW within reach",
    )  # fmt: skip
    return made
