"""The CHWs there are, held against the rules, as rows and in a sentence (see `planner.outputs.rows`)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.outputs.language import counted, exact, number, say
from planner.outputs.names import village_name
from planner.outputs.palette import whole
from planner.outputs.rows import OUTSIDE, at, pick
from planner.types.results import Plan

MANY, FEW, WITHIN = "more than the norm", "few", "within the norm"


def audit(plan: Plan) -> pd.DataFrame:
    """One row a CHW of today: near a facility, near another CHW, without a supervisor, above or below the norm."""
    told, rule = plan.audit, plan.scenario.audit
    today = np.flatnonzero(~plan.posts.proposed)
    cell, village = plan.posts.cell[today], plan.posts.village[today]
    moved = plan.alternatives.relocation
    load = np.select(
        [told.people > rule.people_per_chw, told.people < rule.least_share * rule.people_per_chw], [MANY, FEW], WITHIN
    )
    return pd.DataFrame(
        {
            "post_id": pick(plan.posts.id, today),
            "village": pick(plan.villages.name, village),
            "area": pick(plan.areas.name, at(plan.land.area, cell, -1), OUTSIDE),
            "minutes_to_facility": at(plan.to_facility.minutes, cell, np.nan),
            "near_facility": np.where(cell >= 0, ~plan.hard_to_reach[cell], False),
            "chws_near": told.near,
            "nearest_post": pick(plan.posts.id, told.nearest),
            "no_supervisor": plan.supervision.facility[today] < 0,
            "people": told.people,
            "load": [str(each) for each in load],
            "people_alone": told.alone,
            "better_village": pick(plan.villages.name, told.better),
            "people_gained": told.gain,
            "would_move": np.isin(today, [] if moved is None else moved.leaves),
        }
    )


def sentence(plan: Plan) -> str:
    """How many of the CHWs of today stand out, and how; empty where there are none."""
    frame, rule = audit(plan), plan.scenario.audit
    if not len(frame):
        return ""
    norm = rule.people_per_chw
    told = say("; ").join(
        (
            counted(
                "{count} lives where it is not hard to reach a facility",
                "{count} live where it is not hard to reach a facility", frame["near_facility"].sum(),
            ),
            counted(
                "{count} has another CHW within {minutes} min on foot",
                "{count} have another CHW within {minutes} min on foot", (frame["chws_near"] > 0).sum(),
                minutes=exact(rule.near_minutes),
            ),
            counted(
                "{count} has no supervisor within reach", "{count} have no supervisor within reach",
                frame["no_supervisor"].sum(),
            ),
            counted(
                "{count} is the nearest care of over {people} people",
                "{count} are the nearest care of over {people} people", (frame["load"] == MANY).sum(),
                people=whole(norm),
            ),
            say(
                "{count} of fewer than {people}", count=number((frame["load"] == FEW).sum()),
                people=whole(rule.least_share * norm),
            ),
            counted(
                "{count} reaches no hard-to-reach people whom no other CHW reaches",
                "{count} reach no hard-to-reach people whom no other CHW reaches", (frame["people_alone"] == 0).sum(),
            ),
        )
    )  # fmt: skip
    of = counted("Of {count} CHW today, {told}.", "Of {count} CHWs today, {told}.", len(frame), told=told)
    by_post = say('By post: tables.xlsx, "{sheet}".', sheet=say("CHWs of today"))
    return f"{of} {_best_move(frame)} {by_post}"


def _best_move(frame: pd.DataFrame) -> str:
    first = frame.iloc[int(frame["people_gained"].to_numpy().argmax())]
    if not first["people_gained"] > 0:
        return say("No move of one of them alone would reach more hard-to-reach people.")
    return say(
        "The one move that would do most: {post} to {village}, {people} hard-to-reach people more within reach of a "
        "CHW.",
        post=first["post_id"], village=village_name(first["better_village"]), people=whole(first["people_gained"]),
    )  # fmt: skip
