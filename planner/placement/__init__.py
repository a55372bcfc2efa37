"""Where community health workers should live, and how good that answer is proved to be.

A library of its own: travel times as a `TravelMatrix`, people as arrays, what to keep to as `rules(...)`.
"""

from planner.placement.account import account
from planner.placement.most_people import maximal_cover
from planner.placement.rules import pairs_nearer_than, pairs_within, proportional, rules
from planner.types.placement import Assignment, Choice, Rules, Supervisors
from planner.types.travel import TravelMatrix

__all__ = [
    "Assignment",
    "Choice",
    "Rules",
    "Supervisors",
    "TravelMatrix",
    "account",
    "maximal_cover",
    "pairs_nearer_than",
    "pairs_within",
    "proportional",
    "rules",
]
