"""Backup cover: with so many CHWs, cover the most people, and the most of them by a second CHW.

Hogan, K. and ReVelle, C. (1986) Concepts and applications of backup coverage, Management Science 32, 1434-1444,
doi:10.1287/mnsc.32.11.1434 (BACOP2; with ``y_i = 1`` for everybody it is BACOP1)::

    maximise    sum_i w_i (y_i + b u_i)            people covered, and b times those covered twice
    subject to  y_i + u_i <= sum_{j in N_i} n_j    u_i is the second CHW within reach
                sum_j n_j <= p
                n_j whole, 0 <= y_i, u_i <= 1      and the rules (`planner.placement.rule_rows`)

With ``0 <= b <= 1`` nothing is gained by a second cover before the first, so ``u_i <= y_i`` need not be asked. The
second CHW may live at the same site as the first, where the rules let two live there.
"""

from __future__ import annotations

import numpy as np

from planner.placement.presolve import Cover
from planner.placement.programme import Programme, Term
from planner.placement.rule_rows import Sites
from planner.types.placement import Rules

MODEL = "backup cover (BACOP)"


def programme(cover: Cover, p: int, rules: Rules, backup_weight: float, cover_all: bool) -> Programme:
    """The model; its first columns are n, one a site of the rules."""
    made = Programme(MODEL, "max")
    sites = Sites(made, rules, p)
    row = np.arange(len(cover.weights), dtype=np.int32)
    y = made.columns("y", (row,), upper=1.0, objective=cover.weights)
    u = made.columns("u", (row,), upper=1.0, objective=backup_weight * cover.weights)
    terms: list[Term] = [(row, y, 1.0), (row, u, 1.0), (cover.indices, sites.n[cover.site_of_pair()], -1.0)]
    made.rows("cover", (row,), terms, upper=0.0)
    if cover_all:
        made.rows(
            "first", (row,), [(row, y, 1.0)], lower=1.0,
            words=lambda key, by: f"{by * cover.weights[key[0]]:,.0f} people stay without any CHW within reach",
        )  # fmt: skip
    return made
