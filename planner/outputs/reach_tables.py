"""Coverage in the report: seasons side by side, charts, and zones."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from planner.outputs import reach_rows, reach_words
from planner.outputs.charts import concentration_chart, minutes_chart
from planner.outputs.grids import Grid, Show, grid, pct, upto
from planner.outputs.language import say
from planner.outputs.palette import whole
from planner.outputs.wording import heading
from planner.types.results import Plan

SHOWN = ("Facilities", "With CHWs today", "With the plan")


def told(plan: Plan) -> dict[str, Any]:
    """What the report says of coverage beside the table of thresholds."""
    return {
        "sentences": reach_words.sentences(plan),
        "seasons": seasons(plan),
        "charts": charts(plan),
        "how_even": reach_words.how_even(plan),
        "zones": zones(plan),
    }


def kinds(plan: Plan) -> list[int]:
    """Positions of the kinds of care that there are: facilities, with CHWs of today, with the plan."""
    return [0, *([] if plan.posts.proposed.all() else [1]), *([2] if plan.posts.proposed.any() else [])]


def seasons(plan: Plan) -> Grid:
    """Share of people within each threshold, the seasons side by side; no rows where there is one season only."""
    frame = reach_rows.by_season(plan)
    names = plan.reached.seasons.seasons
    frame = frame[frame["place_level"] == "all"]
    wide = frame[["within_minutes"]].drop_duplicates().reset_index(drop=True)
    columns: dict[str, tuple[str, Show]] = {"within_minutes": (heading(plan.scenario), upto)}
    for kind in kinds(plan):
        care, words = plan.reached.care[kind], SHOWN[kind]
        for season in names:
            part = frame[(frame["care"] == care) & (frame["season"] == season)]
            wide[f"{kind}_{season}"] = part["share_percent"].to_numpy()
            dry = season == "dry"
            columns[f"{kind}_{season}"] = (
                say("{care}, dry season" if dry else "{care}, wet season", care=say(words)),
                pct,
            )
    return grid(wide if len(names) > 1 else wide.iloc[:0], columns)


def charts(plan: Plan) -> tuple[Markup, Markup]:
    """People by minutes to care, and who of them is within reach by remoteness; numbers only."""
    told, shown = plan.reached, kinds(plan)
    if not told.people[0] > 0:
        return Markup(""), Markup("")
    return (
        Markup(minutes_chart(told.curve, float(told.people[0]), shown)),
        Markup(concentration_chart(told.evenness, shown)),
    )


def zones(plan: Plan) -> Grid:
    """People by straight-line km from a facility, all areas together."""
    frame = reach_rows.zones(plan)
    columns: dict[str, tuple[str, Show]] = {
        "zone": (say("Straight line to a facility"), str),
        "people": (say("People"), whole),
        "share_percent": (say("Share"), pct),
    }
    return grid(frame[frame["place_level"] == "all"], columns)
