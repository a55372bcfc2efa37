"""The few numbers that answer the planner's question: the same in map, report, workbook and plan.json."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from planner.outputs.rows import in_areas, percent
from planner.outputs.wording import within
from planner.types.results import Plan


@dataclass(frozen=True)
class Figure:
    """One headline number: a stable key for programs, words for people, its unit."""

    key: str
    words: str
    amount: float
    unit: str


def headline(plan: Plan) -> tuple[Figure, ...]:
    """The few numbers that answer the question; people are those inside the areas."""
    land, access, placement = plan.land, plan.access, plan.placement
    inside = in_areas(plan)
    people, under_fives = land.people[inside].sum(), land.under_fives[inside].sum()
    reach, limit = plan.scenario.reach.max_minutes, plan.scenario.placement.max_minutes
    figures = [
        Figure("people", "people in the areas", people, "people"),
        Figure("under_fives", "children under five in the areas", under_fives, "under-fives"),
    ]
    for key, care, minutes, most in (
        ("facility", "a facility", plan.to_facility.minutes, reach),
        ("today", "a facility or CHW today", plan.with_chws.minutes, limit),
        ("plan", "a facility or CHW with the plan", plan.with_plan.minutes, limit),
    ):
        near_care = inside & (minutes <= most)
        near = land.people[near_care].sum()
        words = within(plan.scenario, most, care)
        figures += [
            Figure(f"{key}_people", words, near, "people"),
            Figure(f"{key}_under_fives", words, land.under_fives[near_care].sum(), "under-fives"),
            Figure(f"{key}_share", words, float(percent(near, people)), "% of people"),
        ]
    hard = inside & plan.hard_to_reach
    new = plan.posts.proposed
    under_fives_gained = placement.gain_under_fives.sum() - placement.given_up_under_fives
    newly = f"hard to reach, and newly within {limit:g} min on foot of a CHW"
    return (
        *figures,
        Figure("hard_people", "hard to reach where they live", land.people[hard].sum(), "people"),
        Figure("hard_under_fives", "hard to reach where they live", land.under_fives[hard].sum(), "under-fives"),
        Figure("hard_villages", "hard to reach at their centre", access.hard_to_reach.sum(), "villages"),
        Figure("facilities", "facilities", len(plan.facilities), "facilities"),
        Figure("chws_today", "CHWs today", (~new).sum(), "CHWs"),
        Figure("chws_proposed", "CHWs proposed", plan.posts.chws[new].sum(), "CHWs"),
        Figure("chws_leaving", "CHWs of today who move or leave", (~plan.posts.works).sum(), "CHWs"),
        Figure("new_people", newly, placement.covered - placement.given_up, "people"),
        Figure("new_under_fives", newly, under_fives_gained, "under-fives"),
        Figure("supervisors", "supervisors needed", plan.supervision.supervisors.sum(), "supervisors"),
    )


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
