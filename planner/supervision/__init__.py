"""Who supervises the community health workers, and the rounds that supervisors make to visit them."""

from planner.supervision.assignment import assign, by_nearest
from planner.supervision.rounds import one_round, shared

__all__ = ["assign", "by_nearest", "one_round", "shared"]
