"""Coverage in more than one way, put together: in both seasons, by tier, with room, by use, and how even it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner import coverage, grid, travel
from planner.pipeline.seasons import Season
from planner.scenario import Scenario
from planner.types.arrays import Bools, Doubles, Floats, Ints
from planner.types.care import Decay
from planner.types.coverage import Levels, Reached, Room, Supplied, Used
from planner.types.results import OtherSeason, Posts, Villages
from planner.types.travel import TravelMatrix, TravelTime


def reached(
    care: Sequence[str],
    own: Season,
    other: Season | None,
    then: OtherSeason | None,
    with_plan: TravelTime,
    hard: Bools,
    posts: Posts,
    scenario: Scenario,
) -> Reached:
    """Tell coverage in all its ways, for the cells where people live; `then` are the minutes of the other season."""
    base, land, reach = own.base, own.going.land, scenario.reach
    cells = np.flatnonzero(land.people > 0).astype(np.int32)
    people, under_fives = land.people[cells], land.under_fives[cells]
    places = coverage.levels(base.found.areas)
    area = np.where(land.area[cells] < 0, len(base.found.areas), land.area[cells]).astype(np.int32)
    seasons = {own.name: (own, with_plan.minutes)}
    if other and then:
        seasons[other.name] = other, then.with_plan
    minutes = {
        name: dict(zip(care, (each[cells] for each in (season.to_facility.minutes, season.with_chws.minutes, planned)),
                       strict=True))
        for name, (season, planned) in seasons.items()
    }  # fmt: skip
    tiers = {
        name: {tier: each[cells] for tier, each in season.by_tier.items()} for name, (season, _) in seasons.items()
    }
    to_facility, to_today, to_plan = minutes[own.name].values()
    there = base.facility_cell >= 0
    facilities = base.found.facilities
    km = coverage.straight_km(land.frame, *land.frame.centre_of(cells), facilities.x[there], facilities.y[there])
    matrix = travel.within(
        base.land, np.where(posts.works | ~posts.proposed, posts.cell, -1).astype(np.int32), cells, scenario.walking,
        max_minutes=scenario.placement.max_minutes,
    )  # fmt: skip
    inside = places.rows[area, 2] >= 0
    near = [to_facility <= reach.max_minutes, *(each <= scenario.placement.max_minutes for each in (to_today, to_plan))]
    return Reached(
        care=tuple(care),
        levels=places,
        people=coverage.by_row(places, area, people),
        under_fives=coverage.by_row(places, area, under_fives),
        hard_people=coverage.by_row(places, area, people * hard[cells]),
        seasons=coverage.in_seasons(places, area, people, under_fives, minutes, tiers, reach.thresholds),
        curve=coverage.curve(
            people[inside],
            {name: {what: each[inside] for what, each in by.items()} for name, by in minutes.items()},
            2 * max(reach.thresholds),
        ),
        crossed=coverage.crossed(
            places, area, people, to_facility, km,
            max_minutes=reach.max_minutes, max_km=reach.max_km, zones_km=reach.zones_km,
        ),
        room=_room(places, area, cells, people, to_facility, matrix, own, posts, scenario),
        supplied=_supplied(places, area, cells, people, matrix, posts, base.settled, base.numbers.decay),
        used=_used(places, area, cells, people, to_facility, km, own, posts, scenario),
        evenness=coverage.evenness(
            people[inside], to_facility[inside], [each[inside] for each in (to_facility, to_today, to_plan)],
            [each[inside] for each in near],
            np.array([np.bincount(area[inside], people[inside] * each[inside], len(places.rows))[:-1]
                      for each in (*near, np.ones(len(cells), bool))]),
        ),
    )  # fmt: skip


def in_other_season(other: Season, posts: Posts, scenario: Scenario) -> OtherSeason:
    """Minutes to the nearest facility, or CHW of today or of the plan, in the other season."""
    post_cell, _ = grid.open_cells(other.base.land, posts.x, posts.y, scenario.walking.snap_metres)
    sources = np.concatenate([other.base.facility_cell, np.where(posts.works, post_cell, -1)]).astype(np.int32)
    with_plan = other.going.search.nearest(sources).minutes
    return OtherSeason(other.name, other.to_facility.minutes, other.with_chws.minutes, with_plan)


def _chws(posts: Posts) -> tuple[Doubles, Doubles]:
    """CHWs at each post today, and with the plan."""
    return (~posts.proposed).astype(np.float64), posts.chws.astype(np.float64)


def _room(
    places: Levels,
    area: Ints,
    cells: Ints,
    people: Doubles,
    to_facility: Floats,
    matrix: TravelMatrix,
    own: Season,
    posts: Posts,
    scenario: Scenario,
) -> Room:
    """Who finds room at a facility, or with a CHW who serves so many people."""
    limit = scenario.reach.max_minutes
    at_facility = to_facility <= limit
    each = scenario.placement.people_per_chw or scenario.audit.people_per_chw
    room = _facility_room(own, scenario)
    # Facilities that all have room for all need no search of their own: people go to the nearest one.
    counted = own.base.facility_cell[: len(room) if np.isfinite(room).any() else 0]
    facilities = own.going.catchments(counted, cells, limit)
    elsewhere = np.full(len(cells), np.inf, np.float32) if len(counted) else to_facility
    within, served, full, left = [], [], [], room
    for chws in (np.zeros(len(posts)), *_chws(posts)):
        near = coverage.sites_of(matrix, chws > 0)
        in_reach = at_facility | (np.bincount(near.indices, minlength=len(people)) > 0)
        places_of = np.append(room[: len(counted)], chws * each)
        found, left = coverage.served(coverage.joined(facilities, near), people, places_of, elsewhere, limit)
        within.append(people * in_reach)
        served.append(found)
        full.append(int(np.count_nonzero((chws > 0) & (left[len(counted) :] <= 1e-9 * each))))
    limited = np.flatnonzero(np.isfinite(room))
    taken = np.full(len(room), np.nan)
    taken[limited] = room[limited] - left[limited]
    return Room(
        within=np.array([coverage.by_row(places, area, who) for who in within]),
        served=np.array([coverage.by_row(places, area, who) for who in served]),
        full=np.array(full, np.int32),
        of_facility=room,
        at_facility=taken,
    )


def _facility_room(own: Season, scenario: Scenario) -> Doubles:
    """People for whom each facility has room; inf = for all."""
    facilities, each = own.base.found.facilities, scenario.facilities.people_per_capacity
    if not each or facilities.capacity is None:
        return np.full(len(facilities), np.inf)
    return np.where(np.isnan(facilities.capacity), np.inf, each * facilities.capacity)


def _supplied(
    places: Levels,
    area: Ints,
    cells: Ints,
    people: Doubles,
    matrix: TravelMatrix,
    posts: Posts,
    settled: Villages,
    decay: Decay,
) -> Supplied:
    """CHWs for each person within reach, today and with the plan."""
    village = settled.of_cell[cells]
    own = village >= 0

    def by_row(chws_each: Doubles) -> Doubles:
        return _mean(coverage.by_row(places, area, people * chws_each), coverage.by_row(places, area, people))

    def by_village(chws_each: Doubles) -> Doubles:
        held, everybody = (np.bincount(village[own], of[own], len(settled)) for of in (people * chws_each, people))
        return _mean(held.astype(np.float64), everybody.astype(np.float64))

    plain, enhanced = (
        [coverage.floating_catchments(matrix, people, chws, weights) for chws in _chws(posts)]
        for weights in ((1.0,), decay.e2sfca)
    )
    return Supplied(
        by_row=np.array([by_row(each) for each in plain]),
        enhanced_by_row=np.array([by_row(each) for each in enhanced]),
        by_village=np.array([by_village(each) for each in plain]),
        enhanced_by_village=np.array([by_village(each) for each in enhanced]),
    )


def _used(
    places: Levels,
    area: Ints,
    cells: Ints,
    people: Doubles,
    to_facility: Floats,
    km: Doubles,
    own: Season,
    posts: Posts,
    scenario: Scenario,
) -> Used:
    """Care that people would use: of the facility or the CHW, whichever they would use more of."""
    numbers, going = own.base.numbers, own.going
    low, high = coverage.of_facilities(to_facility, km, numbers.decay, rides=going.rides)
    lows, highs = [low], [high]
    for chws in _chws(posts):
        of_chws = np.zeros(len(cells))
        if chws.any():
            sources = np.where(chws > 0, posts.cell, -1).astype(np.int32)
            time = going.search.nearest(sources, max(scenario.reach.thresholds))
            of_chws = coverage.of_chws(
                travel.along.km(going.land, going.network, time, cells)[cells], numbers.care.decay_per_km.value
            )
        lows.append(np.maximum(low, of_chws))
        highs.append(np.maximum(high, of_chws))
    everybody = coverage.by_row(places, area, people)
    return Used(
        low=np.array([_mean(coverage.by_row(places, area, people * each), everybody) for each in lows]),
        high=np.array([_mean(coverage.by_row(places, area, people * each), everybody) for each in highs]),
    )


def _mean(held: Doubles, people: Doubles) -> Doubles:
    """What each person of a group has; NaN where there is nobody."""
    mean: Doubles = np.divide(held, people, out=np.full(len(people), np.nan), where=people > 0)
    return mean
