"""Villages as the CHWs' communities, as rows: what a sheet for a community meeting is made of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.outputs.referral_rows import of_first
from planner.outputs.rows import area_names, at, facility_names, pick, post_names
from planner.types.results import Plan

SCATTERED = "scattered, outside every village"


def served(plan: Plan) -> pd.DataFrame:
    """Villages that each post serves: people, under-fives, and their mean way to the CHW."""
    of = plan.served
    names = {column: pick(values, of.post) for column, values in post_names(plan).items()}
    villages = [plan.villages.name[k] if k >= 0 else SCATTERED for k in of.village]
    return pd.DataFrame(
        {
            **names,
            "village_id": pick(plan.villages.id, of.village),
            "served_village": villages,
            "carried": pick(plan.villages.carried, of.village),
            "people": of.people,
            "under_fives": of.under_fives,
            "mean_minutes": of.minutes,
        }
    )


def contacts(plan: Plan) -> pd.DataFrame:
    """Who the CHWs of today are, and how to call them: the only rows that say so."""
    today = slice(len(plan.contacts))
    names = {column: list(values)[today] for column, values in post_names(plan).items()}
    return pd.DataFrame(
        {**names, "chw_name": [name for name, _ in plan.contacts], "chw_phone": [phone for _, phone in plan.contacts]}
    )


def sheets(plan: Plan) -> pd.DataFrame:
    """A row for the sheet of each post with a CHW: whom she serves, where she refers, who supervises."""
    first = of_first(plan)
    refers = first[0] if first else None
    of, n = plan.served, len(plan.posts)
    villages = np.bincount(of.post[of.village >= 0], minlength=n)
    listed = [
        ", ".join(plan.villages.name[village] for village in of.village[(of.post == post) & (of.village >= 0)])
        for post in range(n)
    ]
    frame = pd.DataFrame(
        {
            **post_names(plan),
            **area_names(plan, at(plan.land.area, plan.posts.cell, -1)),
            "chws": plan.posts.chws,
            "people": plan.supply.people,
            "under_fives": plan.supply.under_fives,
            "villages_served": villages,
            "served_villages": listed,
            "carried": pick(plan.villages.carried, plan.posts.village),
            "committee": plan.committees.name,
            "committee_km": plan.committees.km,
            "use_month": plan.supply.use[0].sum(axis=1),
            "supervised_from": facility_names(plan, plan.supervision.facility)["facility"],
            "refers_to": facility_names(plan, refers.facility)["facility"] if refers else "",
            "minutes": refers.minutes if refers else np.nan,
            "way": refers.words if refers else "",
        }
    )
    return frame[plan.posts.works].reset_index(drop=True)
