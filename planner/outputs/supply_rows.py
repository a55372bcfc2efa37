"""Cases, supplies and work of the CHWs as rows: the same in report, workbook and plan.json."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.outputs.rows import facilities, facility_names, pairs, pick, post_names
from planner.types.results import Plan

ENDS = ("", "_low", "_high")
MONTHS_PER_YEAR = 12
NO_FACILITY = "no way to a facility"


def cases(plan: Plan) -> pd.DataFrame:
    """Expected cases a month, post by illness: those that arise, and those that are brought to the CHW."""
    post, illness = pairs(len(plan.posts), len(plan.supply.illnesses))
    names = {column: pick(values, post) for column, values in post_names(plan).items()}
    ends = {
        f"{kind}_month{end}": of[k].ravel()
        for kind, of in (("need", plan.supply.need), ("use", plan.supply.use))
        for k, end in enumerate(ENDS)
    }
    return pd.DataFrame({**names, "illness": pick(plan.supply.illnesses, illness), **ends})


def supply(plan: Plan) -> pd.DataFrame:
    """Units a month and a delivery, post by item. A delivery lasts until the next one, plus the safety stock."""
    kept = plan.supply
    post, item = pairs(len(plan.posts), len(kept.items))
    names = {column: pick(values, post) for column, values in post_names(plan).items()}
    return pd.DataFrame(
        {
            **names,
            "item": pick(kept.items, item),
            "unit": pick(kept.item_units, item),
            "units_month": kept.units_need.ravel(),
            "units_use_month": kept.units_use.ravel(),
            "packs": kept.packs.ravel(),
            "units_delivery": (kept.packs * kept.pack_units).ravel(),
        }
    )


def store(plan: Plan) -> pd.DataFrame:
    """What the posts that a facility supervises need together; posts without a supervisor stand under ""."""
    frame = supply(plan)
    facility = np.repeat(plan.supervision.facility, len(plan.supply.items))
    for column, values in reversed(facility_names(plan, facility).items()):
        frame.insert(0, column, values)
    keys = ["facility_id", "facility", "item", "unit"]
    sums = ["units_month", "units_use_month", "packs", "units_delivery"]
    return frame.groupby(keys, sort=False, as_index=False)[sums].sum()


def work(plan: Plan) -> pd.DataFrame:
    """Of each post with a CHW: who lives in its catchment, the cases a month, and the hours a week of each CHW."""
    kept = plan.supply
    most = plan.scenario.workload.hours_per_week
    frame = pd.DataFrame(
        {
            **post_names(plan),
            "chws": plan.posts.chws,
            "catchment_people": kept.people,
            "catchment_under_fives": kept.under_fives,
            "use_month": kept.use[0].sum(axis=1),
            "referred_month": kept.referred[0],
            "hours_week": kept.hours_week,
            "overworked": kept.hours_week > most,
            "kg_delivery": kept.kg,
        }
    )
    return frame[plan.posts.works].reset_index(drop=True)


def received(plan: Plan) -> pd.DataFrame:
    """Children a year whom CHWs are expected to refer to each facility, those who go nowhere under ""."""
    first = plan.referrals[0].facility if plan.referrals else np.full(len(plan.posts), -1, np.int32)
    row = np.where(first >= 0, first, len(plan.facilities))
    n = len(plan.facilities) + 1
    here = facilities(plan)
    frame = pd.DataFrame(
        {
            "facility_id": [*here["facility_id"], ""],
            "facility": [*here["facility"], NO_FACILITY],
            "posts_refer": np.bincount(row[plan.posts.works], minlength=n),
            **{
                f"referred_year{end}": np.bincount(row, of, n) * MONTHS_PER_YEAR
                for end, of in zip(ENDS, plan.supply.referred, strict=True)
            },
        }
    )
    return frame[frame["posts_refer"] > 0].sort_values("referred_year", ascending=False, ignore_index=True)
