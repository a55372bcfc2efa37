"""Referral: from each lay worker to the nearest facility of a tier, on to the next tier, and what if it is shut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from planner.types.arrays import CELL, MINUTES, PEOPLE, Doubles, Floats, Ints
from planner.types.inputs import Facilities, Places
from planner.types.network import Leg, line_through
from planner.types.referral import Onward, Referral
from planner.types.results import Posts
from planner.types.travel import TravelTime

Way = tuple[Leg, ...]

# Why there is no way, in the place of its words.
NO_GROUND = "no way: the place is off the raster, or has no open ground near it"
NO_FACILITY = "no way: no such facility takes part"
NO_WAY = "no way: nothing leads there, such as a road, a bridge or open ground"


def destinations(
    traveller: str,
    tier: int,
    facilities: Facilities,
    posts: Posts,
    time: TravelTime,
    ways: Sequence[Way],
    words: Sequence[str],
    between: Floats,
    other: TravelTime | None,
) -> Referral:
    """Say where each post refers to, how to get there, and where else.

    Parameters
    ----------
    traveller
        Who goes.
    tier
        Lowest tier that receives.
    facilities, posts
        All of them.
    time
        Travel time to the nearest facility of that tier or above; its sources are the positions of `facilities`.
    ways, words
        The way from each post in legs (none = no way, or none needed), and in words.
    between
        Minutes from posts (rows) to facilities, inf beyond the limit within which another facility is looked for.
    other
        As `time`, in the other season; None = not asked for.
    """
    told = _ways(posts, posts.cell, facilities, time, ways, words)
    others = np.where(facilities.tier >= tier, between, np.float32(np.inf))
    first = np.flatnonzero(told["facility"] >= 0)
    others[first, told["facility"][first]] = np.inf
    second = np.argmin(others, axis=1) if len(facilities) else np.zeros(len(posts), int)
    minutes = others[np.arange(len(posts)), second].astype(MINUTES) if len(facilities) else told["minutes"]
    none = np.isinf(minutes) | (told["facility"] < 0)
    return Referral(
        **told,
        traveller=traveller,
        tier=tier,
        second=np.where(none, -1, second).astype(CELL),
        second_minutes=np.where(none, np.float32(np.inf), minutes),
        **_in_other_season(other, posts.cell),
    )


def _in_other_season(time: TravelTime | None, cell: Ints) -> dict[str, Any]:
    if time is None:
        return {"other_facility": np.full(len(cell), -1, CELL), "other_minutes": np.full(len(cell), np.nan, MINUTES)}
    there = cell >= 0
    return {
        "other_facility": np.where(there, time.nearest[cell], -1).astype(CELL),
        "other_minutes": np.where(there, time.minutes[cell], np.float32(np.inf)),
    }


def onward(
    traveller: str, facilities: Facilities, cell: Ints, steps: Sequence[tuple[int, TravelTime, Any, Any]]
) -> Onward:
    """Say where each facility refers to.

    Parameters
    ----------
    traveller, facilities, cell
        Who goes, and from where.
    steps
        For each tier that refers onward: the tier, the travel time to the nearest facility of a higher one, and the
        ways from all facilities there, in legs and in words.
    """
    n = len(facilities)
    told: dict[str, Any] = {
        "facility": np.full(n, -1, CELL),
        "minutes": np.full(n, np.inf, MINUTES),
        "metres": np.full(n, np.inf),
        "line": np.empty(n, object),
    }
    said = [""] * n
    for tier, time, ways, words in steps:
        of_tier = facilities.tier == tier
        for name, values in (own := _ways(facilities, cell, facilities, time, ways, words)).items():
            if name != "words":
                told[name][of_tier] = values[of_tier]
        said = [new if refers else old for new, old, refers in zip(own["words"], said, of_tier, strict=True)]
    return Onward(**told, words=tuple(said), traveller=traveller)


def _ways(
    starts: Places | Posts,
    cell: Ints,
    facilities: Facilities,
    time: TravelTime,
    ways: Sequence[Way],
    words: Sequence[str],
) -> dict[str, Any]:
    """The columns of `planner.types.referral.Ways`."""
    from shapely import get_coordinates

    on_grid = cell >= 0
    facility = np.where(on_grid, time.nearest[cell], -1).astype(CELL)
    why_not = NO_WAY if (time.nearest >= 0).any() else NO_FACILITY
    metres = np.array([sum(leg.metres for leg in way) for way in ways], np.float64)
    lines = np.empty(len(cell), object)
    for start, way in enumerate(ways):
        if facility[start] >= 0:
            begin, end = (
                (starts.x[start], starts.y[start]),
                (facilities.x[facility[start]], facilities.y[facility[start]]),
            )
            lines[start] = line_through(np.vstack([begin, *(get_coordinates(leg.geometry) for leg in way), end]))
    return {
        "facility": facility,
        "minutes": np.where(on_grid, time.minutes[cell], np.float32(np.inf)),
        "metres": np.where(facility >= 0, metres, np.inf),
        "line": lines,
        "words": tuple(
            word if reached else why_not if placed else NO_GROUND
            for word, reached, placed in zip(words, facility >= 0, on_grid, strict=True)
        ),
    }


def received(first: Ints, sent: Doubles, n_facilities: int) -> tuple[Doubles, float]:
    """Referrals that each facility receives, and those of posts that reach none: together they are all that are sent.

    Parameters
    ----------
    first
        Facility of each post; -1 = none.
    sent
        Referrals of each post.
    """
    placed = first >= 0
    return np.bincount(first[placed], sent[placed], n_facilities).astype(PEOPLE), float(sent[~placed].sum())
