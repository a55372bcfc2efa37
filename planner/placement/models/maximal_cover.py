"""Maximal covering location problem (MCLP): with so many CHWs, cover the most people.

Church, R. and ReVelle, C. (1974) The maximal covering location problem, Papers of the Regional Science Association 32,
101-118, doi:10.1007/BF01942293::

    maximise    sum_i w_i y_i                people covered
    subject to  y_i <= sum_{j in N_i} n_j    i is covered only by a CHW whose site reaches it
                sum_j n_j <= p               at most p CHWs
                n_j whole, 0 <= y_i <= 1     and the rules (`planner.placement.rule_rows`)

``w_i`` are the people at demand i, ``N_i`` the sites that reach it within the limit. The y need not be whole: with
whole n the right side is 0 or at least 1, and as every w_i is positive the optimum has y_i = min(1, right side).
"""

from __future__ import annotations

import numpy as np

from planner.placement.presolve import Cover
from planner.placement.programme import Programme, Term
from planner.placement.rule_rows import Sites
from planner.types.arrays import Doubles, Ints
from planner.types.placement import Rules

MODEL = "maximal cover (MCLP)"


def programme(cover: Cover, p: int, rules: Rules) -> Programme:
    """The model; its first columns are n, one for each of `cover.sites` (`rules` are of those)."""
    made = Programme(MODEL, "max")
    sites = Sites(made, rules, p)
    add_covered(sites, cover, cover.weights)
    return made


def add_covered(sites: Sites, cover: Cover, worth: Doubles | float, of: str = "") -> Ints:
    """Columns of y, each counted `worth` in the objective, and the rows that a CHW has to reach who is covered.

    `of` tells several such blocks of one programme apart.
    """
    row = np.arange(len(cover.weights), dtype=np.int32)
    y = sites.programme.columns(f"y{of}", (row,), upper=1.0, objective=worth)
    terms: list[Term] = [(row, y, 1.0), (cover.indices, sites.n[cover.site_of_pair()], -1.0)]
    sites.programme.rows(f"cover{of}", (row,), terms, upper=0.0)
    return y
