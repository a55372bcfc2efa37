"""Why villages are hard to reach, and where bridges help, as rows (see `planner.outputs.rows`)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.outputs.rows import OUTSIDE, at, pick
from planner.types.results import Plan
from planner.types.why import Why

NO_WAY, OVER_WATER = "no way", "no way but over water"
ROUND_WATER, HILLS, NO_ROAD, WAITING, FAR = "a way round water", "hills", "no road or path", "waiting", "distance"
MUCH = 1 / 3  # of the minutes: a way round water, or hills, is then the reason
MOST = 1 / 2  # of the minutes: off roads and paths, or waiting


def why(plan: Plan) -> pd.DataFrame:
    """What the way of each hard-to-reach village is made of, those with most under-fives first."""
    told, places = plan.why, plan.villages
    village = told.village
    frame = pd.DataFrame(
        {
            "village_id": pick(places.id, village),
            "village": pick(places.name, village),
            "area": pick(plan.areas.name, at(places.area, village, -1), OUTSIDE),
            "people": places.people[village],
            "under_fives": places.under_fives[village],
            "minutes_to_facility": told.minutes.astype(np.float64),
            "reason": reasons(told),
            "minutes_ground": told.ground,
            "minutes_path": told.path,
            "minutes_road": told.road,
            "minutes_ride": told.ride,
            "minutes_wait": told.wait,
            "minutes_hills": told.hills,
            "km_along": told.km,
            "minutes_bridged": told.bridged.astype(np.float64),
            "minutes_detour": _less(told.minutes, told.bridged),
            "chw_people": told.chw_people,
        }
    )
    by = ["under_fives", "village_id"]
    return frame.sort_values(by, ascending=[False, True], ignore_index=True)


def reasons(told: Why) -> list[str]:
    """The main reason of each village, in a word or two."""
    minutes = told.minutes.astype(np.float64)
    detour = _less(told.minutes, told.bridged)
    with np.errstate(invalid="ignore"):  # unknown where there is no way
        found = np.select(
            [
                np.isinf(minutes) & np.isfinite(told.bridged),
                np.isinf(minutes),
                detour >= MUCH * minutes,
                told.hills >= MUCH * minutes,
                told.ground >= MOST * minutes,
                told.wait >= MOST * minutes,
            ],
            [OVER_WATER, NO_WAY, ROUND_WATER, HILLS, NO_ROAD, WAITING],
            FAR,
        )
    return [str(word) for word in found]


def _less(minutes: np.ndarray, bridged: np.ndarray) -> np.ndarray:
    """Minutes that bridges save; NaN where there is no way to compare with."""
    with np.errstate(invalid="ignore"):
        saved = minutes.astype(np.float64) - bridged
    return np.where(np.isfinite(minutes), np.maximum(saved, 0.0), np.nan)


def bridges(plan: Plan) -> pd.DataFrame:
    """Places where one bridge saves most, each counted alone, the best first."""
    told = plan.bridges
    lon, lat = plan.land.frame.lonlat(told.x, told.y)
    return pd.DataFrame(
        {
            "rank": np.arange(len(told)) + 1,
            "water": list(told.water),
            "village": pick(plan.villages.name, told.village),
            "bridge_metres": told.metres,
            "people_nearer": told.people,
            "hours_saved": told.hours,
            "newly_within": told.newly,
            "season": [told.season] * len(told),
            "lon": lon,
            "lat": lat,
        }
    )
