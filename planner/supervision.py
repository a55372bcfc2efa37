"""Who supervises the community health workers, and how many supervisors that takes."""

from __future__ import annotations

import numpy as np

from planner.scenario import SupervisionRule
from planner.types.arrays import CELL, Floats, Ints
from planner.types.results import Supervision


def by_nearest(nearest: Ints, minutes: Floats, chws: Ints, n_facilities: int, rule: SupervisionRule) -> Supervision:
    """Give each post to the facility reached soonest from it, where that lies within the limit.

    Parameters
    ----------
    nearest, minutes
        For each post, the facility reached soonest (-1 = none) and the minutes one way (inf = no way).
    chws
        CHWs who live at each post.
    n_facilities
        Number of facilities.
    rule
        The ratio and the limit (minutes one way, ``<=``).

    Returns
    -------
    Supervision
        A post beyond the limit has no supervisor (facility -1) and keeps its minutes, which say how far beyond it is.
        A facility needs as many supervisors as the ratio asks for, rounded up; none where it has no posts.
    """
    supervised = (nearest >= 0) & (minutes <= rule.max_minutes)
    posts = np.bincount(nearest[supervised], chws[supervised], n_facilities).astype(np.int32)
    return Supervision(
        facility=np.where(supervised, nearest, -1).astype(CELL),
        minutes=minutes,
        posts=posts,
        supervisors=(-(-posts // rule.chws_per_supervisor)).astype(np.int32),
    )
