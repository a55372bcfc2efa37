"""Why villages are hard to reach, in the report: a sentence, the first villages, and the first bridges."""

from __future__ import annotations

from typing import Any

from planner.outputs import why_rows
from planner.outputs.grids import Grid, Show, grid, plain, tens
from planner.outputs.language import exact, say
from planner.outputs.names import village_name
from planner.outputs.palette import minutes_text, percent, whole
from planner.outputs.wording import heading
from planner.types.results import Plan

MOST_VILLAGES, MOST_BRIDGES = 10, 5
LEAST_HOURS = 1.0  # a bridge that saves less is not shown


def told(plan: Plan) -> dict[str, Any]:
    """What the report says of why."""
    return {"sentence": sentence(plan), "villages": villages(plan), "bridges": bridges(plan)}


def sentence(plan: Plan) -> str:
    """How many people live in villages that are hard to reach for each reason; empty where there are none."""
    frame = why_rows.why(plan)
    people = frame["people"].sum()
    if not people > 0:
        return ""
    by_reason = frame.groupby("reason")["people"].sum().sort_values(ascending=False, kind="stable") / people
    parts = [say("{reason} for {share}", reason=say(str(name)), share=percent(of)) for name, of in by_reason.items()]
    return say("The main reason is {reasons} of the people in these villages.", reasons=", ".join(parts))


def villages(plan: Plan) -> Grid:
    """The ways of the first hard-to-reach villages, by what they lead over."""
    frame = why_rows.why(plan)
    parts: dict[str, tuple[str, Show]] = {
        "minutes_ground": (say("Off road"), plain),
        "minutes_path": (say("On paths"), plain),
        "minutes_road": (say("On roads"), plain),
        "minutes_ride": (say("Riding"), plain),
        "minutes_wait": (say("Waiting"), plain),
        "minutes_hills": (say("Hills add"), plain),
    }
    used = {name: shown for name, shown in parts.items() if (frame[name].abs() >= 1).any()}
    columns: dict[str, tuple[str, Show]] = {
        "village": (say("Village"), village_name),
        "reason": (say("Mainly"), say),
        "minutes_to_facility": (heading(plan.scenario), minutes_text),
        **used,
        "minutes_bridged": (say("With bridges"), minutes_text),
        "chw_people": (say("A CHW here would reach"), plain),
    }
    return grid(frame, columns, MOST_VILLAGES)


def bridges(plan: Plan) -> Grid:
    """The places where one bridge saves most."""
    frame = why_rows.bridges(plan)
    columns: dict[str, tuple[str, Show]] = {
        "water": (say("Over"), _named),
        "village": (say("Village"), village_name),
        "bridge_metres": (say("Bank to bank, m"), tens),
        "people_nearer": (say("People nearer to care"), whole),
        "hours_saved": (say("Hours saved, all once"), whole),
        "newly_within": (say("Newly within {minutes} min", minutes=exact(plan.scenario.reach.max_minutes)), whole),
    }
    return grid(frame[frame["hours_saved"] >= LEAST_HOURS], columns, MOST_BRIDGES)


def _named(water: str) -> str:
    return water or say("unnamed water")
