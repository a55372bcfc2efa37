"""Who is within reach of care, and who is not: sums of people over cells, in float64, that always add up."""

from planner.coverage.balance import balance_notes, people_balance
from planner.coverage.rule import hard_to_reach, straight_km
from planner.coverage.within import people_within, within

__all__ = ["balance_notes", "hard_to_reach", "people_balance", "people_within", "straight_km", "within"]
