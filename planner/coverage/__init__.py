"""Who is within reach of care, and who is not: sums of people over cells, in float64, that always add up."""

from planner.coverage.balance import balance_notes, people_balance
from planner.coverage.evenness import evenness, gini
from planner.coverage.levels import by_row, levels, quantiles
from planner.coverage.room import floating_catchments, joined, served, sites_of
from planner.coverage.rule import hard_to_reach, straight_km
from planner.coverage.seasons import crossed, curve, in_seasons
from planner.coverage.use import of_chws, of_facilities
from planner.coverage.within import people_within, within

__all__ = [
    "balance_notes",
    "by_row",
    "crossed",
    "curve",
    "evenness",
    "floating_catchments",
    "gini",
    "hard_to_reach",
    "in_seasons",
    "joined",
    "levels",
    "of_chws",
    "of_facilities",
    "people_balance",
    "people_within",
    "quantiles",
    "served",
    "sites_of",
    "straight_km",
    "within",
]
