"""The choice of villages in the report, as tables and a chart: the posts, and what else could be done."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from markupsafe import Markup

from planner.outputs import alternatives, rows
from planner.outputs.charts import growth_chart
from planner.outputs.choice import how_many
from planner.outputs.grids import Grid, Show, grid, pct, svg
from planner.outputs.language import say
from planner.outputs.names import area_name, village_name
from planner.outputs.palette import CHW_EDGE, PROPOSED, minutes_text, whole
from planner.types.results import Plan

MOST_MOVES = 5  # of each of the two lists; tables.xlsx has all
MOST_POSTS = 50


def posts(plan: Plan) -> Grid:
    """The proposed posts, best first, with what they add together."""
    frame = rows.posts(plan)
    frame = frame[frame["proposed"]].reset_index(drop=True)
    frame["together"] = frame["new_people"].cumsum()
    most = plan.placement.bound if plan.placement.unit == "people" else frame["new_people"].sum()
    best = max(most, 1e-9)
    frame["bar"] = [
        svg([100 * (end - gain) / best, 100 * end / best], colours=(CHW_EDGE, PROPOSED))
        for end, gain in zip(frame["together"], frame["new_people"], strict=True)
    ]
    several: dict[str, tuple[str, Show]] = {"chws": (say("CHWs"), whole)} if (frame["chws"] > 1).any() else {}
    year: dict[str, tuple[str, Show]] = {} if plan.alternatives.years is None else {"year": (say("Year"), whole)}
    limited = plan.scenario.placement.people_per_chw > 0
    serves: dict[str, tuple[str, Show]] = {"serves": (say("Hard-to-reach people served"), whole)} if limited else {}
    columns: dict[str, tuple[str, Show]] = {
        "rank": (say("Rank"), whole),
        "village": (say("Village"), village_name),
        "area": (say("Area"), area_name),
        **year,
        **several,
        **serves,
        "new_people": (say("People newly covered"), whole),
        "new_under_fives": (say("Under five"), whole),
        "together": (say("Together"), whole),
        "bar": ("", Markup),
        "catchment_people": (say("In the catchment"), whole),
        "minutes_to_facility": (say("To a facility"), minutes_text),
    }
    return grid(frame, columns, MOST_POSTS)


def growth(plan: Plan) -> Markup:
    """What each further CHW adds, as a chart."""
    growth, chosen = plan.alternatives.growth, int(plan.placement.chws.sum())
    if growth is None or not how_many(plan):
        return Markup("")
    return Markup(growth_chart(growth, chosen))  # numbers only


def years(plan: Plan) -> Grid:
    """The plan by years."""
    columns: dict[str, tuple[str, Show]] = {
        "year": (say("Year"), whole),
        "chws_by_then": (say("New CHWs by then"), whole),
        "newly_by_then": (say("Newly within reach"), whole),
        "alone": (say("As many placed best for that year alone"), whole),
        "bound": (say("No choice reaches more than"), whole),
    }
    return grid(alternatives.years(plan), columns)


def shares(plan: Plan) -> Grid:
    """Share of the hard-to-reach with a CHW within reach by area, fairest choice and the one that reaches most."""
    columns: dict[str, tuple[str, Show]] = {
        "area": (say("Area"), area_name),
        "fair_share_percent": (say("This plan"), pct),
        "most_share_percent": (say("Most people in all"), pct),
    }
    return grid(alternatives.fairness(plan), columns, MOST_POSTS)


def moves(plan: Plan) -> Grid:
    """Where CHWs of today would leave and live, if as many as today lived best."""
    columns: dict[str, tuple[str, Show]] = {
        "move": (say("CHW"), say),
        "village": (say("Village"), village_name),
        "area": (say("Area"), area_name),
    }
    frame = alternatives.relocation(plan)
    ways = [frame[frame["move"] == way].reset_index(drop=True) for way in ("leaves", "goes to")]
    few = pd.concat([way.iloc[:MOST_MOVES] for way in ways])
    shown = grid(few, columns)
    return replace(shown, more=len(frame) - len(few))
