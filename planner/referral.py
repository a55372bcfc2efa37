"""Referral: the way from each lay worker to the nearest facility of a tier, or above it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.types.arrays import Ints
from planner.types.inputs import Facilities
from planner.types.network import Leg, line_through
from planner.types.results import Posts, Referral
from planner.types.travel import TravelTime


def destinations(
    tier: int,
    receiving: Ints,
    facilities: Facilities,
    posts: Posts,
    travel: TravelTime,
    ways: Sequence[tuple[Leg, ...]],
    words: Sequence[str],
) -> Referral:
    """Say where each post refers to, and how to get there.

    Parameters
    ----------
    tier
        Lowest tier that receives.
    receiving
        Positions of the receiving facilities, in the order in which `travel` searched from them.
    facilities, posts
        All of them.
    travel
        Travel time to the nearest of the receiving facilities.
    ways, words
        The way from each post in legs (none = no way, or none needed), and in words.
    """
    from shapely import get_coordinates

    on_grid = posts.cell >= 0
    source = np.where(on_grid, travel.nearest[posts.cell], -1)
    facility = np.where(source >= 0, receiving[source], -1).astype(np.int32)
    metres = np.array([sum(leg.metres for leg in way) for way in ways], np.float64)
    lines = np.empty(len(posts), object)
    for post, way in enumerate(ways):
        if facility[post] >= 0:
            start = posts.x[post], posts.y[post]
            end = facilities.x[facility[post]], facilities.y[facility[post]]
            lines[post] = line_through(np.vstack([start, *(get_coordinates(leg.geometry) for leg in way), end]))
    return Referral(
        tier=tier,
        facility=facility,
        minutes=np.where(on_grid, travel.minutes[posts.cell], np.float32(np.inf)),
        metres=np.where(facility >= 0, metres, np.inf),
        line=lines,
        words=tuple(words),
    )
