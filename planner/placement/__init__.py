"""Where the next community health workers should live, and how good that answer is proved to be."""

from planner.placement.mclp import maximal_cover

__all__ = ["maximal_cover"]
