"""Referral: the way on foot from each lay worker to the nearest facility of a tier, or above it."""

from __future__ import annotations

import numpy as np

from planner.types.arrays import Ints
from planner.types.results import Referral
from planner.types.travel import Routes, TravelTime


def destinations(tier: int, facilities: Ints, posts: Ints, travel: TravelTime, routes: Routes) -> Referral:
    """Say where each post refers to.

    Parameters
    ----------
    tier
        Lowest tier that receives.
    facilities
        Positions of the receiving facilities, in the order in which `travel` searched from them.
    posts
        Flat cell of each post; -1 = off the grid.
    travel, routes
        Travel time to the nearest of `facilities`, and the way there from each post.
    """
    on_grid = posts >= 0
    source = np.where(on_grid, travel.nearest[posts], -1)
    return Referral(
        tier=tier,
        facility=np.where(source >= 0, facilities[source], -1).astype(np.int32),
        minutes=np.where(on_grid, travel.minutes[posts], np.float32(np.inf)),
        routes=routes,
    )
