"""The few numbers that answer the planner's question: the same in map, report, workbook and plan.json."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from planner.outputs.language import exact, say
from planner.outputs.rows import in_areas, percent
from planner.outputs.wording import within
from planner.scenario import Scenario
from planner.types.results import Plan


@dataclass(frozen=True)
class Figure:
    """One headline number: a stable key for programs, words for people, its unit."""

    key: str
    words: str
    amount: float
    unit: str


def words(scenario: Scenario) -> dict[str, str]:
    """What each headline number is, by its key."""
    reach, limit = scenario.reach.max_minutes, scenario.placement.max_minutes
    near = {
        "facility": within(scenario, reach, "a facility"),
        "today": within(scenario, limit, "a facility or CHW today"),
        "plan": within(scenario, limit, "a facility or CHW with the plan"),
    }
    hard = say("hard to reach where they live")
    newly = say("hard to reach, and newly within {minutes} min on foot of a CHW", minutes=exact(limit))
    return {
        "people": say("people in the areas"),
        "under_fives": say("children under five in the areas"),
        **{f"{key}_{what}": told for key, told in near.items() for what in ("people", "under_fives", "share")},
        "hard_people": hard,
        "hard_under_fives": hard,
        "hard_villages": say("hard to reach at their centre"),
        "facilities": say("facilities"),
        "chws_today": say("CHWs today"),
        "chws_proposed": say("CHWs proposed"),
        "chws_leaving": say("CHWs of today who move or leave"),
        "new_people": newly,
        "new_under_fives": newly,
        "supervisors": say("supervisors needed"),
    }


def headline(plan: Plan) -> tuple[Figure, ...]:
    """The few numbers that answer the question; people are those inside the areas."""
    told = words(plan.scenario)
    return tuple(Figure(key, told[key], amount, unit) for key, amount, unit in _amounts(plan))


def _amounts(plan: Plan) -> Iterator[tuple[str, float, str]]:
    """Key, number and unit of each."""
    land, placement = plan.land, plan.placement
    inside = in_areas(plan)
    people, under_fives = land.people[inside].sum(), land.under_fives[inside].sum()
    yield "people", people, "people"
    yield "under_fives", under_fives, "under-fives"
    reach, limit = plan.scenario.reach.max_minutes, plan.scenario.placement.max_minutes
    for key, minutes, most in (
        ("facility", plan.to_facility.minutes, reach),
        ("today", plan.with_chws.minutes, limit),
        ("plan", plan.with_plan.minutes, limit),
    ):
        near_care = inside & (minutes <= most)
        near = land.people[near_care].sum()
        yield f"{key}_people", near, "people"
        yield f"{key}_under_fives", land.under_fives[near_care].sum(), "under-fives"
        yield f"{key}_share", float(percent(near, people)), "% of people"
    hard = inside & plan.hard_to_reach
    yield "hard_people", land.people[hard].sum(), "people"
    yield "hard_under_fives", land.under_fives[hard].sum(), "under-fives"
    yield "hard_villages", plan.access.hard_to_reach.sum(), "villages"
    new = plan.posts.proposed
    yield "facilities", len(plan.facilities), "facilities"
    yield "chws_today", (~new).sum(), "CHWs"
    yield "chws_proposed", plan.posts.chws[new].sum(), "CHWs"
    yield "chws_leaving", (~plan.posts.works).sum(), "CHWs"
    yield "new_people", placement.covered - placement.given_up, "people"
    yield "new_under_fives", placement.gain_under_fives.sum() - placement.given_up_under_fives, "under-fives"
    yield "supervisors", plan.supervision.supervisors.sum(), "supervisors"


def summary(plan: Plan) -> pd.DataFrame:
    """The headline as rows."""
    figures = headline(plan)
    return pd.DataFrame(
        {
            "figure": [figure.words for figure in figures],
            "amount": [float(figure.amount) for figure in figures],
            "unit": [figure.unit for figure in figures],
        }
    )
