"""Coverage of the tiny plan in all its ways, and why villages are hard to reach."""

from __future__ import annotations

import numpy as np

from planner import coverage
from planner.scenario import Scenario
from planner.types.arrays import Bools, Doubles, Floats
from planner.types.audit import Audit
from planner.types.coverage import Reached, Room, Supplied, Used
from planner.types.inputs import Areas
from planner.types.land import Land
from planner.types.results import VillageAccess, Villages
from planner.types.why import Bridges, Why


def tiny_reached(
    scenario: Scenario,
    land: Land,
    areas: Areas,
    dry: dict[str, Floats],
    second_tier: Floats,
    hard: Bools,
    km: Doubles,
    facilities: int,
) -> Reached:
    """Everybody walks half as fast in the wet season, and three of four find room with a CHW."""
    places = coverage.levels(areas)
    area = np.where(land.area < 0, len(areas), land.area).astype(np.int32)
    people, under_fives = land.people, land.under_fives
    to_facility, *_ = dry.values()
    minutes = {"dry": dry, "wet": {care: 2 * each for care, each in dry.items()}}
    tiers = {"dry": {1: to_facility, 2: second_tier}, "wet": {1: 2 * to_facility, 2: 2 * second_tier}}
    inside = places.rows[area, 2] >= 0
    within = [each <= 60 for each in dry.values()]
    of_areas = [np.bincount(area, people * each, len(places.rows))[:-1] for each in (*within, inside)]
    sums = np.array([coverage.by_row(places, area, people * each) for each in within])
    rooms = np.array([np.inf, 300.0, np.inf])[:facilities]
    taken = np.where(rooms < np.inf, 0.5 * rooms, np.nan)
    half, village = np.full((3, len(places)), 0.5), np.full((2, 5), 0.001)
    return Reached(
        care=tuple(dry), levels=places, people=coverage.by_row(places, area, people),
        under_fives=coverage.by_row(places, area, under_fives),
        hard_people=coverage.by_row(places, area, people * hard),
        seasons=coverage.in_seasons(places, area, people, under_fives, minutes, tiers, scenario.reach.thresholds),
        curve=coverage.curve(
            people[inside], {s: {c: m[inside] for c, m in by.items()} for s, by in minutes.items()}, 360.0
        ),
        crossed=coverage.crossed(
            places, area, people, to_facility, km, max_minutes=60, max_km=5, zones_km=scenario.reach.zones_km
        ),
        room=Room(sums, 0.75 * sums, np.array([0, 1, 3], np.int32), rooms, taken),
        supplied=Supplied(half[:2] / 500, half[:2] / 400, village, village),
        used=Used(0.6 * half, 1.5 * half),
        evenness=coverage.evenness(
            people[inside], to_facility[inside], [each[inside] for each in dry.values()],
            [each[inside] for each in within], np.array(of_areas),
        ),
    )  # fmt: skip


def tiny_why(access: VillageAccess) -> Why:
    """Half of every way is off road, a quarter on paths; the last village has a way round water."""
    village = np.flatnonzero(access.hard_to_reach).astype(np.int32)
    minutes = access.minutes[village]
    told = np.where(np.isfinite(minutes), minutes, np.nan).astype(np.float64)
    bridged = minutes.copy()
    bridged[-1:] = bridged[-1:] / 2
    none = np.zeros(len(village))
    return Why(
        village, minutes, access.km[village], 0.5 * told, 0.25 * told, 0.15 * told, none, none, 0.1 * told, bridged,
        np.full(len(village), 100.0),
    )  # fmt: skip


def tiny_bridges(villages: Villages) -> Bridges:
    """One bridge beside the second village."""
    one = slice(1, 2)
    number = np.arange(len(villages))[one].astype(np.int32)
    x, y = villages.x[one], villages.y[one]
    some = np.full(len(x), 250.0)
    return Bridges("wet", len(x), x, y, some, ("Shire",) * len(x), number, 4 * some, 2 * some, some)


def tiny_audit(count: int) -> Audit:
    """Each CHW has the one before near."""
    posts = np.arange(count)
    before, none = (posts - 1).astype(np.int32), np.zeros(count)
    return Audit(1200.0 - 900.0 * posts, (posts > 0).astype(np.int32), before, none + 40.0, before, 60.0 * (posts > 0))
