"""Partial set cover: the fewest CHWs, or the cheapest, such that a share of the people has one within reach.

Daskin, M. S. and Owen, S. H. (1999) Two new location covering problems: the partial p-center problem and the partial
set covering problem, Geographical Analysis 31, 217-235, doi:10.1111/j.1538-4632.1999.tb00979.x::

    minimise    sum_j n_j                      CHWs, or what they cost
    subject to  y_i <= sum_{j in N_i} n_j      i is covered only by a CHW whose site reaches it
                sum_i w_i y_i >= a sum_i w_i   the share a of all people, those whom no site reaches among them
                n_j whole, 0 <= y_i <= 1       and the rules (`planner.placement.rule_rows`)
"""

from __future__ import annotations

from planner.placement.models.maximal_cover import add_covered
from planner.placement.presolve import Cover
from planner.placement.programme import Programme
from planner.placement.rule_rows import Counted, Sites
from planner.types.placement import Rules

MODEL = "partial set cover"


def programme(cover: Cover, everybody: float, share: float, rules: Rules, counted: Counted) -> Programme:
    """The model for a share of `everybody`; its first columns are n, one a site of the rules."""
    made = Programme(MODEL, "min")
    sites = Sites(made, rules, counted=counted)
    y = add_covered(sites, cover, 0.0)
    made.rows(
        "share", (), [(0, y, cover.weights / everybody)], lower=share,
        words=lambda _, by: f"{100 * share:.4g} % of the people: {100 * by:.4g} % stay out of reach",
    )  # fmt: skip
    return made
