"""Coverage in more than one way, as rows: by season, tier, room, distance, and how evenly (see `planner.outputs.rows`).

Every table that is by place has a row for all areas together, for the level above, each area, and outside them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from planner.outputs.language import exact, say
from planner.outputs.rows import OUTSIDE, percent, pick
from planner.types.arrays import Doubles, Longs
from planner.types.results import Plan

ALL = "all areas"
NO_TIER = "none of the tiers"
THOUSAND = 1000.0


def by_place(plan: Plan) -> pd.DataFrame:
    """One row a place: who lives there, how long they need, who is within reach, finds room and would use care."""
    told = plan.reached
    people, cross = told.people, told.crossed
    frame = pd.DataFrame(_places(plan, np.arange(len(told.levels))))
    frame["people"], frame["under_fives"] = people, told.under_fives
    frame["hard_people"] = told.hard_people
    frame["hard_share_percent"] = percent(told.hard_people, people)
    for season, (half, nine_tenths) in zip(told.seasons.seasons, told.seasons.minutes[:, 0], strict=True):
        frame[f"half_{season}"], frame[f"nine_tenths_{season}"] = half, nine_tenths
    for what, within, served in zip(("facilities", "today", "plan"), told.room.within, told.room.served, strict=True):
        frame[f"within_{what}_percent"] = percent(within, people)
        if what != "facilities" or np.isfinite(told.room.of_facility).any():
            frame[f"served_{what}_percent"] = percent(served, people)
    for what, plain, enhanced in zip(
        ("today", "plan"), told.supplied.by_row, told.supplied.enhanced_by_row, strict=True
    ):
        frame[f"chws_1000_{what}"], frame[f"chws_1000_{what}_enhanced"] = THOUSAND * plain, THOUSAND * enhanced
    for what, low, high in zip(("facilities", "today", "plan"), told.used.low, told.used.high, strict=True):
        frame[f"use_{what}_low"], frame[f"use_{what}_high"] = 100 * low, 100 * high
    for name, part in (("both", cross.both), ("minutes_only", cross.minutes_only), ("km_only", cross.km_only),
                       ("neither", cross.neither)):  # fmt: skip
        frame[f"near_{name}_percent"] = percent(part, people)
    return frame


def by_season(plan: Plan) -> pd.DataFrame:
    """People within each threshold of each kind of care, place by place, in each season."""
    told = plan.reached
    season, care, row, step = _axes(told.seasons.people.shape)
    return pd.DataFrame(
        {
            **_places(plan, row),
            "season": pick(told.seasons.seasons, season),
            "care": pick(told.care, care),
            "within_minutes": told.seasons.thresholds[step],
            "people_within": told.seasons.people.ravel(),
            "share_percent": percent(told.seasons.people.ravel(), told.people[row]),
            "under_fives_within": told.seasons.under_fives.ravel(),
            "under_fives_share_percent": percent(told.seasons.under_fives.ravel(), told.under_fives[row]),
        }
    )


def by_tier(plan: Plan) -> pd.DataFrame:
    """People within each threshold of a facility of each tier or above, and those for whom no tier is higher.

    The last "tier" are those within reach of none of the tiers; the column "highest" adds up to all people.
    """
    told = plan.reached
    parts = (told.seasons.of_tier, told.people), (told.seasons.under_fives_of_tier, told.under_fives)
    (people, highest), (under_fives, highest_under_fives) = (_by_highest(*part) for part in parts)
    season, tier, row, step = _axes(people.shape)
    words = (*(say("tier {tier} or above", tier=tier) for tier in told.seasons.tiers), NO_TIER)
    return pd.DataFrame(
        {
            **_places(plan, row),
            "season": pick(told.seasons.seasons, season),
            "tier_reached": pick(words, tier),
            "within_minutes": told.seasons.thresholds[step],
            "people_within": people.ravel(),
            "share_percent": percent(people.ravel(), told.people[row]),
            "highest": highest.ravel(),
            "under_fives_within": under_fives.ravel(),
            "highest_under_fives": highest_under_fives.ravel(),
        }
    )


def _by_highest(of_tier: Doubles, everybody: Doubles) -> tuple[Doubles, Doubles]:
    """People within reach of each tier or above, then of none; and those for whom that tier is the highest."""
    season, tiers, rows, steps = of_tier.shape
    everybody = np.broadcast_to(everybody[None, None, :, None], (season, 1, rows, steps))
    lowest = of_tier[:, :1] if tiers else np.zeros_like(everybody)
    none = everybody - lowest
    above = np.concatenate([of_tier[:, 1:], np.zeros((season, min(tiers, 1), rows, steps))], axis=1)
    return np.concatenate([of_tier, none], axis=1), np.concatenate([of_tier - above, none], axis=1)


def curve(plan: Plan) -> pd.DataFrame:
    """People inside the areas within any number of minutes of care, in each season."""
    told = plan.reached
    season, care, step = _axes(told.curve.people.shape)
    everybody = np.full(len(step), told.people[0])
    return pd.DataFrame(
        {
            "season": pick(told.seasons.seasons, season),
            "care": pick(told.care, care),
            "within_minutes": told.curve.minutes[step],
            "people_within": told.curve.people.ravel(),
            "share_percent": percent(told.curve.people.ravel(), everybody),
        }
    )


def remoteness(plan: Plan) -> pd.DataFrame:
    """Tenths of the people by their way to a facility, the nearest first, and who of them is within reach of care."""
    even = plan.reached.evenness
    frame = pd.DataFrame(
        {"tenth": np.arange(len(even.people)) + 1, "upto_minutes": even.upto_minutes, "people": even.people}
    )
    for what, within in zip(("facilities", "today", "plan"), even.within, strict=True):
        frame[f"within_{what}_percent"] = percent(within, even.people)
    return frame


def unevenness(plan: Plan) -> pd.DataFrame:
    """How unevenly each kind of care is spread, in one number: 0 = all alike."""
    even = plan.reached.evenness
    return pd.DataFrame(
        {
            "care": list(plan.reached.care),
            "gini_minutes": even.gini_minutes,
            "gini_areas": even.gini_areas,
            "concentration": even.concentration,
        }
    )


def zones(plan: Plan) -> pd.DataFrame:
    """People by zone of straight-line km from a facility, place by place; empty where the scenario has no zones."""
    told = plan.reached
    limits = told.crossed.zones_km
    row, zone = _axes(told.crossed.zones.shape if limits else (0, 0))
    words = [say("up to {km} km", km=exact(limits[0]))] if limits else []
    words += [f"{exact(above)}-{exact(upto)} km" for above, upto in pairwise(limits)]
    words += [say("over {km} km", km=exact(limits[-1]))] if limits else []
    people = told.crossed.zones.ravel() if limits else np.empty(0)
    return pd.DataFrame(
        {
            **_places(plan, row),
            "zone": pick(words, zone),
            "people": people,
            "share_percent": percent(people, told.people[row]),
        }
    )


def _places(plan: Plan, row: Longs) -> dict[str, Any]:
    """Which place a row is about."""
    places = plan.reached.levels
    names = {"all": ALL, "outside": OUTSIDE}
    named = [names.get(level, name) for level, name in zip(places.level, places.name, strict=True)]
    return {
        "place_level": pick(places.level, row),
        "area_code": pick(places.code, row),
        "area": pick(named, row),
        "parent": pick(places.parent, row),
    }


def _axes(shape: tuple[int, ...]) -> list[Longs]:
    """Position along each axis of every number of an array, in its order."""
    return [axis.ravel() for axis in np.indices(shape)]
