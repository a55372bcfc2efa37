"""Why villages are hard to reach: what their ways are made of, and what a bridge or a CHW would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from planner import grid, travel
from planner.pipeline.placing import Question
from planner.pipeline.seasons import Season
from planner.scenario import Scenario
from planner.types.arrays import MINUTES, Bools, Doubles, Floats, Ints
from planner.types.land import GROUND, Land
from planner.types.results import VillageAccess, Villages
from planner.types.travel import TravelTime
from planner.types.why import Bridges, Why

MOST_BRIDGES = 10  # that are counted one by one


@dataclass(frozen=True, eq=False)
class Opened:
    """A season with its narrow water open: the land, the cells of that water, and the time to facilities there."""

    land: Land
    water: Bools
    time: TravelTime


def opened(season: Season, scenario: Scenario) -> Opened:
    """Open the narrow water of a season; none where no bridge is thought of."""
    base, going, longest = season.base, season.going, scenario.reach.bridge_metres
    if not longest:
        return Opened(going.land, np.zeros(going.land.frame.n, bool), season.to_facility)
    land, water = grid.bridged(going.land, base.found, longest)
    time = travel.time_to_nearest(land, base.facility_cell, scenario.walking, network=going.network)
    return Opened(land, water, time)


def reasons(
    own: Season, other: Season | None, access: VillageAccess, asked: Question, scenario: Scenario
) -> tuple[Why, Bridges]:
    """Why villages are hard to reach in the plan's season, and where bridges help, in the wet one where it is there."""
    here = opened(own, scenario)
    wet = own if other is None or own.name == "wet" else other
    there = here if wet is own else opened(wet, scenario)
    return why(own, here.time, access, asked), bridges(wet, there, scenario)


def why(season: Season, bridged: TravelTime, access: VillageAccess, asked: Question) -> Why:
    """Take the ways of the hard-to-reach villages apart.

    Parameters
    ----------
    season
        The plan's own.
    bridged
        Time to the nearest facility if narrow water could be crossed.
    access
        Which villages are hard to reach.
    asked
        The question of placement: who has no CHW today, and whom one in each village would reach.
    """
    village = np.flatnonzero(access.hard_to_reach).astype(np.int32)
    cell = season.base.settled.cell[village]
    minutes = _at(season.to_facility.minutes, cell)
    there_is_a_way = np.isfinite(minutes)
    parts = {name: np.where(there_is_a_way, part, np.nan) for name, part in _parts(season, cell).items()}
    return Why(
        village=village,
        minutes=minutes,
        km=_at(travel.along.km(season.going.land, season.going.network, season.to_facility, cell[cell >= 0]), cell),
        **parts,
        wait=np.where(there_is_a_way, minutes - np.sum(list(parts.values()), axis=0), np.nan),
        bridged=_at(bridged.minutes, cell),
        chw_people=_reached_from(asked, len(access.hard_to_reach))[village],
    )


def _parts(season: Season, cell: Ints) -> dict[str, Doubles]:
    """Minutes of the ways from some cells, by what they lead over; what is left of all minutes is waiting."""
    land, network, time = season.going.land, season.going.network, season.to_facility
    found = travel.along.steps(land, network, time, cell[cell >= 0])
    metres, _ = travel.along.metres_of(land, network, found)
    driven = np.zeros(land.frame.n, bool) if land.driven is None else land.driven
    road = grid.on_roads(land, season.base.found, season.base.numbers.walking) & ~driven
    kinds = {"ground": (land.way == GROUND) & ~driven, "path": (land.way != GROUND) & ~road & ~driven, "road": road}

    def over(cells: Bools) -> Doubles:
        return np.asarray(metres * travel.along.shares(land, found, np.where(cells, land.pace, np.float32(0))))

    def summed(of_steps: Doubles, of_rides: Floats | None = None) -> Any:
        return _at(travel.along.total(time, found, of_steps, of_rides), cell, np.nan)

    flat = {name: over(cells) for name, cells in kinds.items()}
    drive = over(driven)
    walked = time.minutes[found.cell] - time.minutes[time.back[found.cell]]
    return {
        **{name: summed(minutes) for name, minutes in flat.items()},
        "ride": summed(drive, network.minutes[found.ride]),
        "hills": summed(walked - np.sum([*flat.values(), drive], axis=0)),
    }


def _at(values: Floats | Doubles, cells: Ints, nowhere: float = np.inf) -> Any:
    """Values of cells, as they are; `nowhere` where a cell is -1."""
    return np.where(cells >= 0, values[cells], nowhere).astype(values.dtype)


def _reached_from(asked: Question, villages: int) -> Doubles:
    """By village: people without a CHW today whom a CHW who lives there would reach; NaN where none may live."""
    matrix = asked.matrix
    site = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))
    reached = np.zeros(matrix.n_demand, bool)
    reached[matrix.indices[asked.today[site] > 0]] = True
    people = np.bincount(site, np.where(reached, 0.0, asked.people)[matrix.indices], matrix.n_sites)
    found = np.full(villages, np.nan)
    found[asked.village[asked.candidate]] = people[asked.candidate]
    return found


def bridges(season: Season, there: Opened, scenario: Scenario) -> Bridges:
    """Find the places where one bridge saves most walking: the crossings most used, each then counted alone.

    Parameters
    ----------
    season
        That it is counted in.
    there
        The same season with its narrow water open.
    scenario
        With the rule's minutes, and how far apart bridges are looked for.
    """
    base, going = season.base, season.going
    land, limit = going.land, scenario.reach.max_minutes
    people, minutes = land.people, season.to_facility.minutes
    saved = people * _saved(minutes, there.time.minutes, scenario)
    found = travel.crossings.crossings(there.land, going.network, there.time, there.water, saved)
    chosen = travel.crossings.best_of_each_place(
        found, land, scenario.reach.bridge_metres, scenario.reach.bridges_apart_km * 1000.0, MOST_BRIDGES
    )
    told = []
    for start, end, over in zip(found.start[chosen], found.end[chosen], found.minutes[chosen], strict=True):
        banks = np.array([start, end])
        then = minutes[banks[::-1]] + over
        sources = np.where(np.isfinite(then), banks, -1)
        after = going.search.nearest(
            np.concatenate([base.facility_cell, sources]).astype(np.int32),
            start_minutes=np.concatenate([np.zeros(len(base.facility_cell)), then]).astype(MINUTES),
        ).minutes
        hours = (people * _saved(minutes, after, scenario)).sum() / 60.0
        told.append((people[after < minutes].sum(), hours, people[(minutes > limit) & (after <= limit)].sum()))
    columns = np.array(told, np.float64).reshape(-1, 3)
    worth = np.flatnonzero(columns[:, 1] > 0)
    order = worth[np.argsort(-columns[worth, 1], kind="stable")]
    x, y = (np.mean([land.frame.centre_of(cells[chosen[order]])[k] for cells in (found.start, found.end)], axis=0)
            for k in (0, 1))  # fmt: skip
    return Bridges(
        season=season.name,
        looked_at=len(chosen),
        x=x,
        y=y,
        metres=land.frame.metres_on_grid(
            *land.frame.centre_of(found.start[chosen[order]]), *land.frame.centre_of(found.end[chosen[order]])
        ),
        water=_names(season, x, y),
        village=_nearest(land, base.settled, x, y),
        people=columns[order, 0],
        hours=columns[order, 1],
        newly=columns[order, 2],
    )


def _saved(before: Floats, after: Floats, scenario: Scenario) -> Doubles:
    """Minutes that each way gets shorter; who has no way before counts as living at the longest threshold."""
    longest = np.float32(max(scenario.reach.thresholds))
    with np.errstate(invalid="ignore"):  # no way before and after
        saved = np.where(np.isfinite(before), before, np.maximum(longest, after)) - after
    return np.where(np.isfinite(after), saved, 0.0)


def _names(season: Season, x: Doubles, y: Doubles) -> tuple[str, ...]:
    """Name of the water nearest to each place; "" where it has none, or none is within three cells."""
    import shapely

    water, frame = season.base.found.water, season.going.land.frame
    if not len(water) or not len(x):
        return ("",) * len(x)
    points = shapely.points(x, y)
    nearest = np.asarray(shapely.STRtree(water.geometry).nearest(points))
    near = shapely.distance(water.geometry[nearest], points) <= 3 * max(frame.dx, frame.dy)
    return tuple(np.where(near, water.name[nearest].astype(str), "").tolist())


def _nearest(land: Land, settled: Villages, x: Doubles, y: Doubles) -> Ints:
    """The village nearest to each place, as the crow flies."""
    from scipy.spatial import KDTree

    there = np.flatnonzero(np.isfinite(settled.x) & np.isfinite(settled.y))
    if not len(there) or not len(x):
        return np.full(len(x), -1, np.int32)
    tree = KDTree(land.frame.earth_centred(settled.x[there], settled.y[there]))
    return there[np.asarray(tree.query(land.frame.earth_centred(x, y))[1])].astype(np.int32)
