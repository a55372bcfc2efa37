"""Referral, supervision and supply as the report shows them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from planner.outputs import referral_rows, rows, supply_rows, visits, wording
from planner.outputs.grids import Grid, Show, grid, same
from planner.outputs.palette import km_text, minutes_text, whole
from planner.types.results import Plan

MOST_WAYS = 10  # of the ways in words
MOST_ROWS = 25  # of a list in the report; tables.xlsx has all


def tiers(plan: Plan) -> Grid:
    """How far the facilities of each tier are from the posts."""
    frame = pd.DataFrame(
        [
            {
                "tier": f"Tier {referral.tier} or above",
                "within_60": (referral.minutes <= 60).sum(),
                "within_120": (referral.minutes <= 120).sum(),
                "median": float(np.median(referral.minutes)) if len(referral.minutes) else np.nan,
                "other": (referral.other_minutes <= 120).sum(),
                "longest": float(referral.minutes.max(initial=0, where=np.isfinite(referral.minutes))),
                "none": (referral.facility < 0).sum(),
            }
            for referral in referral_rows.of_first(plan)
        ],
        columns=["tier", "within_60", "within_120", "other", "median", "longest", "none"],
    )
    season = "wet" if plan.scenario.season.name == "dry" else "dry"
    in_other: dict[str, tuple[str, Show]] = {"other": (f"In the {season} season", whole)}
    columns: dict[str, tuple[str, Show]] = {
        "tier": ("Facility", str),
        "within_60": ("Posts within 1 h", whole),
        "within_120": ("Posts within 2 h", whole),
        **(in_other if plan.scenario.reach.both_seasons else {}),
        "median": ("Half of the posts within", minutes_text),
        "longest": ("Longest way", minutes_text),
        "none": ("Posts without a way", whole),
    }
    return grid(frame, columns)


def referrals(plan: Plan) -> Grid:
    """One row a post, proposed ones first; one column a tier."""
    table = _first_referrals(plan)
    table["way"] = [_way(row) for row in table.to_dict("records")]
    wide = rows.posts(plan)[["post_id", "village"]]
    columns: dict[str, tuple[str, Show]] = {"post_id": ("Post", str), "village": ("Village", str)}
    for referral in referral_rows.of_first(plan):
        name = f"Tier {referral.tier} or above"
        one = table.loc[table["tier"] == referral.tier, ["post_id", "way"]].rename(columns={"way": name})
        wide = wide.merge(one, on="post_id", validate="one_to_one")
        columns[name] = (name, same)
    return grid(wide, columns, MOST_ROWS)


def _first_referrals(plan: Plan) -> pd.DataFrame:
    """Referrals of the first traveller."""
    table = referral_rows.referrals(plan)
    return table[table["traveller"] == plan.referrals[0].traveller].copy() if plan.referrals else table


def chains(plan: Plan) -> Grid:
    """Of each traveller: how many posts have a hospital within the standard, by the chain and straight."""
    frame = referral_rows.chains(plan)
    standard = plan.scenario.referral.standard_minutes
    by = frame.assign(direct=frame["direct_minutes"] <= standard).groupby("traveller", sort=False, as_index=False)
    told = by.agg(
        posts=("post_id", "size"),
        within=("within_standard", "sum"),
        direct=("direct", "sum"),
        other=("same_supervisor", lambda same: int((~same).sum())),
    )
    columns: dict[str, tuple[str, Show]] = {
        "traveller": ("Who goes", str),
        "posts": ("Posts", whole),
        "within": ("By the first facility", whole),
        "direct": ("Straight there", whole),
        "other": ("Refer elsewhere than supervised", whole),
    }
    return grid(told, columns)


def ways(plan: Plan) -> Grid:
    """The ways to the nearest facility of any tier in words, of the first posts."""
    table = rows.posts(plan)[["post_id"]].merge(_first_referrals(plan), on="post_id")
    lowest = min((referral.tier for referral in plan.referrals), default=0)
    columns: dict[str, tuple[str, Show]] = {
        "village": ("From", str),
        "facility": ("To", str),
        "minutes": (wording.heading(plan.scenario), minutes_text),
        "way": ("Way", same),
    }
    return grid(table[(table["tier"] == lowest) & (table["way"] != "")], columns, MOST_WAYS)


def _way(row: dict[Hashable, Any]) -> Markup:
    if not row["facility_id"]:
        return Markup("no way")
    length = f"{minutes_text(row['minutes'])}, {km_text(row['km'])}"
    return Markup("{}<br><small>{}</small>").format(row["facility"], length)


def supervisors(plan: Plan) -> Grid:
    """Facilities that supervise, and what a round of visits takes them."""
    columns: dict[str, tuple[str, Show]] = {
        "facility": ("Facility", str),
        "area": ("Area", str),
        "posts": ("CHWs", whole),
        "supervisors": ("Supervisors needed", whole),
        "round_days": ("Working days of a round", whole),
        "round_km": ("Way [km]", whole),
    }
    return grid(visits.supervisors(plan), columns, MOST_ROWS)


def rounds(plan: Plan) -> Grid:
    """The first trips of a round of visits."""
    columns: dict[str, tuple[str, Show]] = {
        "facility": ("From", str),
        "supervisor": ("Supervisor", whole),
        "day": ("Day", whole),
        "stops": ("Posts, in the order of the visits", str),
        "travel_minutes": ("Under way", minutes_text),
        "round_km": ("Way", km_text),
    }
    return grid(visits.rounds(plan), columns, MOST_WAYS)


def cut_off(plan: Plan) -> int:
    """Posts with a CHW that no supervisor reaches within the limit in the other season, but in the plan's."""
    there = (plan.supervision.facility >= 0) & plan.posts.works
    return int((there & (plan.supervision.other_minutes > plan.scenario.supervision.max_minutes)).sum())


def supply(plan: Plan) -> Grid:
    """What all posts need together."""
    sums = ["units_month", "units_use_month", "packs", "units_delivery"]
    total = supply_rows.supply(plan).groupby(["item", "unit"], sort=False, as_index=False)[sums].sum()
    columns: dict[str, tuple[str, Show]] = {
        "item": ("Item", str),
        "unit": ("Unit", str),
        "units_month": ("For all cases, a month", whole),
        "units_use_month": ("For those brought", whole),
        "packs": ("A delivery to all posts [packs]", whole),
    }
    return grid(total, columns)


def cases(plan: Plan) -> Grid:
    """Expected cases of all posts together, with their ranges."""
    table = supply_rows.cases(plan)
    ends = [f"{kind}_month{end}" for kind in ("need", "use") for end in supply_rows.ENDS]
    total = table.groupby("illness", sort=False, as_index=False)[ends].sum()
    for kind in ("need", "use"):
        total[kind] = _ranges(total, f"{kind}_month")
    columns: dict[str, tuple[str, Show]] = {
        "illness": ("Illness", str),
        "need": ("Cases that arise, a month", Markup),
        "use": ("Brought to a CHW", Markup),
    }
    return grid(total, columns)


def received(plan: Plan) -> Grid:
    """Children whom CHWs refer, by facility."""
    table = supply_rows.received(plan)
    table["a_year"] = _ranges(table, "referred_year")
    columns: dict[str, tuple[str, Show]] = {
        "facility": ("Facility", str),
        "posts_refer": ("Posts", whole),
        "a_year": ("Children a year", Markup),
    }
    return grid(table, columns, MOST_ROWS)


def hours(plan: Plan) -> str:
    """How long the CHWs work, in words."""
    table, most = supply_rows.work(plan), plan.scenario.workload.hours_per_week
    if not len(table):
        return "There are no CHWs."
    over = table[table["overworked"]].sort_values("hours_week", ascending=False)
    told = (
        f"Half of the CHWs work up to {table['hours_week'].median():.0f} hours a week; {most:g} are taken as possible."
    )
    if not len(over):
        return f"{told} No CHW works more."
    worst = [f"{row.village} ({row.post_id}): {row.hours_week:.0f} h" for row in over.head(3).itertuples()]
    more = f" and {len(over) - 3} more" if len(over) > 3 else ""
    return (
        f"{told} {len(over)} of {len(table)} posts ask for more: {', '.join(worst)}{more} (sheet Work of tables.xlsx)."
    )


def _ranges(table: pd.DataFrame, column: str) -> Sequence[Markup]:
    """A number with its low and high."""
    ends = zip(*(table[f"{column}{end}"] for end in supply_rows.ENDS), strict=True)
    return [Markup("<b>{}</b> <small>{}–{}</small>").format(*map(whole, numbers)) for numbers in ends]
