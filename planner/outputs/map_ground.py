"""What lies under the map's symbols: pictures of travel time by care and season, and the shares of each area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import folium
import numpy as np

from planner.outputs import encode, offline, overlay, rows
from planner.outputs.features import coverage_step
from planner.outputs.palette import TimeClass
from planner.types.arrays import Floats
from planner.types.results import Plan

SURFACE_OPACITY = 0.8
CARES = ("facility", "today", "plan")  # in the order of `Coverage.care`


@dataclass(frozen=True, eq=False)
class Surface:
    """Minutes to one kind of care in one season."""

    care: str
    season: str
    minutes: Floats


def surfaces(plan: Plan) -> list[Surface]:
    """Travel times shown, the plan's season first; those with CHWs only where there are any."""
    own: str = plan.scenario.season.name
    seasons = [(own, (plan.to_facility.minutes, plan.with_chws.minutes, plan.with_plan.minutes))]
    if then := plan.other_season:
        seasons.append((then.season, (then.to_facility, then.with_chws, then.with_plan)))
    shown = {"facility": True, "today": not plan.posts.proposed.all(), "plan": plan.posts.proposed.any()}
    return [
        Surface(care, season, each)
        for season, minutes in seasons
        for care, each in zip(CARES, minutes, strict=True)
        if shown[care]
    ]


def picture(plan: Plan, surface: Surface, classes: Sequence[TimeClass]) -> folium.raster_layers.ImageOverlay:
    """Travel time inside the areas: what lies beyond is not asked for, and would draw the eye."""
    west, south, east, north = overlay.lonlat_bounds(plan.land.frame)
    inside = replace(plan.land, pace=np.where(rows.in_areas(plan), plan.land.pace, np.float32(np.inf)))
    return folium.raster_layers.ImageOverlay(
        offline.data_uri(overlay.travel_time_png(inside, surface.minutes, classes), "image/png"),
        [[south, west], [north, east]],
        name=f"{surface.care}, {surface.season}", overlay=False, control=False, show=False, opacity=SURFACE_OPACITY,
    )  # fmt: skip


def shares(plan: Plan) -> dict[str, dict[str, list[float | None]]]:
    """By season and care: the share of each area's under-fives within reach; None where there are none."""
    told = plan.reached
    place = told.levels.rows[: len(plan.areas), 0]
    step = coverage_step(plan)
    return {
        season: {
            care: [encode.share(part / 100) for part in rows.percent(within[place, step], told.under_fives[place])]
            for care, within in zip(CARES, of_season, strict=True)
        }
        for season, of_season in zip(told.seasons.seasons, told.seasons.under_fives, strict=True)
    }
