"""What else could be done, as rows: the same in report, workbook and plan.json (see `planner.outputs.rows`)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.outputs.rows import OUTSIDE, at, pick
from planner.types.results import Plan


def growth(plan: Plan) -> pd.DataFrame:
    """People newly within reach with any number of new CHWs, and the most that so many can reach."""
    grown = plan.alternatives.growth
    covered, bound = (np.empty(0), np.empty(0)) if grown is None else (grown.covered, grown.bound)
    return pd.DataFrame({"chws_new": np.arange(len(covered)), "newly": covered, "bound": bound})


def years(plan: Plan) -> pd.DataFrame:
    """The plan by years: new CHWs and people newly within reach by the end of each."""
    rolled = plan.alternatives.years
    if rolled is None:
        return pd.DataFrame(columns=["year", "chws_by_then", "newly_by_then", "alone", "bound"], dtype=float)
    return pd.DataFrame(
        {
            "year": np.arange(len(rolled.chws)) + 1,
            "chws_by_then": rolled.chws,
            "newly_by_then": rolled.covered,
            "alone": rolled.alone,
            "bound": rolled.bound,
        }
    )


def fairness(plan: Plan) -> pd.DataFrame:
    """Share of the hard-to-reach with a CHW within reach by area, the worst-off first; without those of nobody."""
    fair = plan.alternatives.fairness
    share, of_most = (np.empty(0), np.empty(0)) if fair is None else (fair.share, fair.share_of_most)
    names = pd.Series(plan.areas.name[: len(share)], dtype=str)
    frame = pd.DataFrame({"area": names, "fair_share_percent": 100 * share, "most_share_percent": 100 * of_most})
    return frame.dropna().sort_values("fair_share_percent", kind="stable", ignore_index=True)


def relocation(plan: Plan) -> pd.DataFrame:
    """Where CHWs of today would leave and live, if all of them lived where they reach most: two lists, no pairs."""
    moved = plan.alternatives.relocation
    if moved is None:
        return pd.DataFrame({"move": [], "post_id": [], "village": [], "village_id": [], "area": []}, dtype=str)
    village = np.concatenate([plan.posts.village[moved.leaves], moved.villages])
    area = at(plan.villages.area, village, -1)
    return pd.DataFrame(
        {
            "move": ["leaves"] * len(moved.leaves) + ["goes to"] * len(moved.villages),
            "post_id": pick(plan.posts.id, moved.leaves) + [""] * len(moved.villages),
            "village": pick(plan.villages.name, village),
            "village_id": pick(plan.villages.id, village),
            "area": pick(plan.areas.name, area, OUTSIDE),
        }
    )
