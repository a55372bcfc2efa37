"""Referral, supervision and supply as the report shows them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from planner.outputs import referral_rows, rows, supply_rows, visits, wording
from planner.outputs.grids import Grid, Show, grid, same
from planner.outputs.language import counted, exact, number, say
from planner.outputs.names import area_name, stops, village_name
from planner.outputs.palette import km_text, minutes_text, whole
from planner.outputs.ways import in_words
from planner.types.results import Plan

MOST_WAYS = 10  # of the ways in words
MOST_ROWS = 25  # of a list in the report; tables.xlsx has all


def tiers(plan: Plan) -> Grid:
    """How far the facilities of each tier are from the posts."""
    frame = pd.DataFrame(
        [
            {
                "tier": say("Tier {tier} or above", tier=referral.tier),
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
    season = say("In the wet season") if plan.scenario.season.name == "dry" else say("In the dry season")
    in_other: dict[str, tuple[str, Show]] = {"other": (season, whole)}
    columns: dict[str, tuple[str, Show]] = {
        "tier": (say("Facility"), str),
        "within_60": (say("Posts within 1 h"), whole),
        "within_120": (say("Posts within 2 h"), whole),
        **(in_other if plan.scenario.reach.both_seasons else {}),
        "median": (say("Half of the posts within"), minutes_text),
        "longest": (say("Longest way"), minutes_text),
        "none": (say("Posts without a way"), whole),
    }
    return grid(frame, columns)


def referrals(plan: Plan) -> Grid:
    """One row a post, proposed ones first; one column a tier."""
    table = _first_referrals(plan)
    table["way"] = [_way(row) for row in table.to_dict("records")]
    wide = rows.posts(plan)[["post_id", "village"]]
    columns: dict[str, tuple[str, Show]] = {"post_id": (say("Post"), str), "village": (say("Village"), village_name)}
    for referral in referral_rows.of_first(plan):
        name = say("Tier {tier} or above", tier=referral.tier)
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
        "traveller": (say("Who goes"), say),
        "posts": (say("Posts"), whole),
        "within": (say("By the first facility"), whole),
        "direct": (say("Straight there"), whole),
        "other": (say("Refer elsewhere than supervised"), whole),
    }
    return grid(told, columns)


def ways(plan: Plan) -> Grid:
    """The ways to the nearest facility of any tier in words, of the first posts."""
    table = rows.posts(plan)[["post_id"]].merge(_first_referrals(plan), on="post_id")
    lowest = min((referral.tier for referral in plan.referrals), default=0)
    columns: dict[str, tuple[str, Show]] = {
        "village": (say("From"), village_name),
        "facility": (say("To"), str),
        "minutes": (wording.heading(plan.scenario), minutes_text),
        "way": (say("Way"), in_words),
    }
    return grid(table[(table["tier"] == lowest) & (table["way"] != "")], columns, MOST_WAYS)


def _way(row: dict[Hashable, Any]) -> Markup:
    if not row["facility_id"]:
        return Markup.escape(say("no way"))
    length = f"{minutes_text(row['minutes'])}, {km_text(row['km'])}"
    return Markup("{}<br><small>{}</small>").format(row["facility"], length)


def supervisors(plan: Plan) -> Grid:
    """Facilities that supervise, and what a round of visits takes them."""
    columns: dict[str, tuple[str, Show]] = {
        "facility": (say("Facility"), str),
        "area": (say("Area"), area_name),
        "posts": (say("CHWs"), whole),
        "supervisors": (say("Supervisors needed"), whole),
        "round_days": (say("Working days of a round"), whole),
        "round_km": (say("Way [km]"), whole),
    }
    return grid(visits.supervisors(plan), columns, MOST_ROWS)


def rounds(plan: Plan) -> Grid:
    """The first trips of a round of visits."""
    columns: dict[str, tuple[str, Show]] = {
        "facility": (say("From"), str),
        "supervisor": (say("Supervisor"), whole),
        "day": (say("Day"), whole),
        "stops": (say("Posts, in the order of the visits"), stops),
        "travel_minutes": (say("Under way"), minutes_text),
        "round_km": (say("Way"), km_text),
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
        "item": (say("Item"), say),
        "unit": (say("Unit"), say),
        "units_month": (say("For all cases, a month"), whole),
        "units_use_month": (say("For those brought"), whole),
        "packs": (say("A delivery to all posts [packs]"), whole),
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
        "illness": (say("Illness"), say),
        "need": (say("Cases that arise, a month"), Markup),
        "use": (say("Brought to a CHW"), Markup),
    }
    return grid(total, columns)


def received(plan: Plan) -> Grid:
    """Children whom CHWs refer, by facility."""
    table = supply_rows.received(plan)
    table["a_year"] = _ranges(table, "referred_year")
    columns: dict[str, tuple[str, Show]] = {
        "facility": (say("Facility"), _facility),
        "posts_refer": (say("Posts"), whole),
        "a_year": (say("Children a year"), Markup),
    }
    return grid(table, columns, MOST_ROWS)


def hours(plan: Plan) -> str:
    """How long the CHWs work, in words."""
    table, most = supply_rows.work(plan), plan.scenario.workload.hours_per_week
    if not len(table):
        return say("There are no CHWs.")
    over = table[table["overworked"]].sort_values("hours_week", ascending=False)
    told = say(
        "Half of the CHWs work up to {hours} hours a week; {most} are taken as possible.",
        hours=number(table["hours_week"].median()), most=exact(most),
    )  # fmt: skip
    if not len(over):
        return f"{told} {say('No CHW works more.')}"
    first = over.head(3)
    worst = ", ".join(
        say("{village} ({post}): {hours} h", village=village_name(village), post=post, hours=number(hours))
        for village, post, hours in zip(first["village"], first["post_id"], first["hours_week"], strict=True)
    )
    more = say(" and {count} more", count=number(len(over) - 3)) if len(over) > 3 else ""
    asking = counted(
        "{count} of {posts} posts asks for more: {worst}{more} (sheet {sheet} of tables.xlsx).",
        "{count} of {posts} posts ask for more: {worst}{more} (sheet {sheet} of tables.xlsx).",
        len(over), posts=number(len(table)), worst=worst, more=more, sheet=say("Work"),
    )  # fmt: skip
    return f"{told} {asking}"


def _facility(name: str) -> str:
    return say(name) if name == supply_rows.NO_FACILITY else name


def _ranges(table: pd.DataFrame, column: str) -> Sequence[Markup]:
    """A number with its low and high."""
    ends = zip(*(table[f"{column}{end}"] for end in supply_rows.ENDS), strict=True)
    return [Markup("<b>{}</b> <small>{}–{}</small>").format(*map(whole, numbers)) for numbers in ends]
