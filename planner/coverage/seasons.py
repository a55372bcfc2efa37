"""Who is within reach in each season: by care, tier and area, and along the whole curve of minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from planner.coverage.levels import by_row, quantiles, up
from planner.types.arrays import MINUTES, Doubles, Floats, Ints
from planner.types.coverage import Crossed, Curve, InSeasons, Levels

SHARES = (0.5, 0.9)
CURVE_STEP = 5.0  # minutes


def in_seasons(
    places: Levels,
    area: Ints,
    people: Doubles,
    under_fives: Doubles,
    minutes: Mapping[str, Mapping[str, Floats]],
    tiers: Mapping[str, Mapping[int, Floats]],
    thresholds: Sequence[float],
) -> InSeasons:
    """Sum the people within each threshold, by season, care or tier, and place.

    Parameters
    ----------
    places, area, people, under_fives
        The rows; of each cell where people live, its row of `Levels.rows` and who lives there.
    minutes, tiers
        By season and kind of care, or lowest tier: minutes of each cell; inf = no way.
    thresholds
        Minutes, ascending.
    """
    steps = np.asarray(thresholds, np.float64)

    def summed(who: Doubles, of: Mapping[str, Mapping[str, Floats]] | Mapping[str, Mapping[int, Floats]]) -> Doubles:
        return np.array([[_within(places, area, who, each, steps) for each in by.values()] for by in of.values()])

    spread = [[quantiles(places, area, people, each, SHARES) for each in by.values()] for by in minutes.values()]
    return InSeasons(
        seasons=tuple(minutes),
        care=tuple(next(iter(minutes.values()))),
        tiers=tuple(next(iter(tiers.values()))),
        thresholds=steps,
        people=summed(people, minutes),
        under_fives=summed(under_fives, minutes),
        of_tier=summed(people, tiers),
        under_fives_of_tier=summed(under_fives, tiers),
        minutes=np.array(spread),
    )


def _within(places: Levels, area: Ints, who: Doubles, minutes: Floats, steps: Doubles) -> Doubles:
    """People within each step, ``(row, step)``."""
    n_steps = len(steps) + 1
    first_within = np.searchsorted(steps.astype(MINUTES), minutes, side="left")
    sums = np.bincount(area.astype(np.int64) * n_steps + first_within, who, len(places.rows) * n_steps)
    return up(places, sums.reshape(-1, n_steps).cumsum(axis=1)[:, :-1])


def curve(people: Doubles, minutes: Mapping[str, Mapping[str, Floats]], last_minutes: float) -> Curve:
    """People within 0, 5, 10 ... minutes, by season and kind of care."""
    steps = np.arange(0.0, last_minutes + CURVE_STEP / 2, CURVE_STEP)
    counted = [
        [
            np.bincount(
                np.searchsorted(steps.astype(MINUTES), each, side="left"), people, len(steps) + 1
            ).cumsum()[:-1]
            for each in by.values()
        ]
        for by in minutes.values()
    ]  # fmt: skip
    return Curve(steps, np.array(counted, np.float64))


def crossed(
    places: Levels,
    area: Ints,
    people: Doubles,
    minutes: Floats,
    km: Doubles,
    *,
    max_minutes: float,
    max_km: float,
    zones_km: Sequence[float],
) -> Crossed:
    """Hold a walk against a straight line: who is near by both, by one, by none; and people by zone of km."""
    near, close = minutes <= max_minutes, km <= max_km
    zone = np.searchsorted(np.asarray(zones_km, np.float64), km, side="left")
    return Crossed(
        both=by_row(places, area, people * (near & close)),
        minutes_only=by_row(places, area, people * (near & ~close)),
        km_only=by_row(places, area, people * (~near & close)),
        neither=by_row(places, area, people * (~near & ~close)),
        zones_km=tuple(float(each) for each in zones_km),
        zones=np.column_stack([by_row(places, area, people * (zone == k)) for k in range(len(zones_km) + 1)]),
    )
