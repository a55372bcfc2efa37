"""Where community health workers should live, and how good that answer is proved to be.

A library of its own: travel times as a `TravelMatrix`, people as arrays, what to keep to as `rules(...)`.
"""

from planner.placement.account import account
from planner.placement.answer import to_nearest
from planner.placement.capacitated.median import capacitated_p_median
from planner.placement.equity import equitable_cover
from planner.placement.fewest_chws import capacitated_set_cover, partial_set_cover, set_cover
from planner.placement.frontier import frontier
from planner.placement.most_people import backup_cover, capacitated_cover, maximal_cover
from planner.placement.one_move import one_move
from planner.placement.robust import robust_cover
from planner.placement.rollout import rollout
from planner.placement.rules import pairs_nearer_than, pairs_within, proportional, rules
from planner.placement.shortest_way import p_center, p_median
from planner.types.placement import (
    Assignment,
    Choice,
    Conditions,
    Equity,
    Frontier,
    Moves,
    Robust,
    Rollout,
    Rules,
    Supervisors,
)
from planner.types.travel import TravelMatrix

__all__ = [
    "Assignment",
    "Choice",
    "Conditions",
    "Equity",
    "Frontier",
    "Moves",
    "Robust",
    "Rollout",
    "Rules",
    "Supervisors",
    "TravelMatrix",
    "account",
    "backup_cover",
    "capacitated_cover",
    "capacitated_p_median",
    "capacitated_set_cover",
    "equitable_cover",
    "frontier",
    "maximal_cover",
    "one_move",
    "p_center",
    "p_median",
    "pairs_nearer_than",
    "pairs_within",
    "partial_set_cover",
    "proportional",
    "robust_cover",
    "rollout",
    "rules",
    "set_cover",
    "to_nearest",
]
