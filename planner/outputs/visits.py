"""Supervision and its rounds, as rows: the same in report, workbook and plan.json (see `planner.outputs.rows`)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.outputs.rows import facilities, post_names
from planner.types.results import Plan


def supervisors(plan: Plan) -> pd.DataFrame:
    """Facilities that supervise at least one post, and what one round of visits takes them."""
    frame = facilities(plan)[["facility_id", "facility", "area", "posts", "supervisors"]]
    facility = np.array([trip.facility for trip in plan.rounds.trips], int)
    metres = np.bincount(facility, [trip.metres for trip in plan.rounds.trips], len(frame))
    frame["round_days"], frame["fewest_days"], frame["round_km"] = (
        plan.rounds.days,
        plan.rounds.fewest_days,
        metres / 1000,
    )
    return frame[frame["posts"] > 0].sort_values(["posts", "facility_id"], ascending=[False, True], ignore_index=True)


def rounds(plan: Plan) -> pd.DataFrame:
    """The trips of one round of visits: who goes on which working day, along which posts."""
    columns = ["facility_id", "facility", "supervisor", "day", "days", "stops", "chws_visited", "travel_minutes",
               "visit_minutes", "round_km"]  # fmt: skip
    village = post_names(plan)["village"]
    lines = [
        [
            plan.facilities.id[trip.facility],
            plan.facilities.name[trip.facility],
            trip.supervisor,
            trip.day,
            trip.days,
            ", ".join(f"{village[post]} ({plan.posts.id[post]})" for post in trip.posts),
            int(plan.posts.chws[list(trip.posts)].sum()),
            trip.travel_minutes,
            trip.visit_minutes,
            trip.metres / 1000,
        ]
        for trip in plan.rounds.trips
    ]
    return pd.DataFrame(lines, columns=columns)
