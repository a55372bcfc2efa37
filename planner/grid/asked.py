"""What a scenario asks of the cells: the land in its season, and the rides of a traveller."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.grid.lay import drown_fords, lay, no_go_cells, pace_on_roads, water_cells
from planner.grid.network import network, ride_kmh
from planner.scenario import Scenario, Traveller
from planner.types.arrays import Ints
from planner.types.frame import Frame
from planner.types.inputs import Inputs, Note, RideSpeeds, WalkingSpeeds, Water
from planner.types.land import BRIDGE, GROUND, ROAD, Land
from planner.types.network import Network

NO_RIDES = RideSpeeds({}, {}, {}, {})


def land_of(found: Inputs, speeds: WalkingSpeeds, scenario: Scenario) -> tuple[Land, tuple[Note, ...]]:
    """The land in the scenario's season, walked at these speeds."""
    wet = scenario.season.name == "wet"
    return lay(
        found,
        speeds,
        barriers_of(scenario, wet=wet),
        seasonal_water=wet,
        fill_metres=scenario.land_cover.fill_metres,
        edge_metres=scenario.areas.edge_metres,
    )


def barriers_of(scenario: Scenario, *, wet: bool) -> tuple[str, ...]:
    """Kinds of water that cannot be crossed on foot in a season."""
    return (*scenario.water.barriers, *(scenario.season.wet_barriers if wet else ()))


def barrier_cells(frame: Frame, water: Water, scenario: Scenario, *, wet: bool) -> Ints:
    """Cells of the water that cannot be crossed in a season, those that a road leads over included."""
    return water_cells(frame, water, barriers_of(scenario, wet=wet), seasonal_water=wet)


def ridden_land(land: Land, found: Inputs, rides: RideSpeeds | None, traveller: Traveller) -> Land:
    """The land as a traveller meets it: with roads to drive on in its cells where they are burned in, else as it is.

    A cell is driven where the fastest road in it is faster than walking there on the flat. A road over closed cells is
    a bridge, as for walkers. Ferries are not burned in: see `network_of`.
    """
    if rides is None or traveller.roads == "graph":
        return land
    kmh = ride_kmh(found.roads, rides) * (found.roads.highway != "ferry")
    pace = pace_on_roads(land.frame, found.roads, kmh)
    if rides.season == "wet":
        drown_fords(land.frame, found.roads, pace, land.pace)
    pace[no_go_cells(land.frame, found.no_go)] = np.inf
    driven = pace < land.pace
    way = np.where(driven, np.where(np.isinf(land.pace), BRIDGE, ROAD), GROUND).astype(np.uint8)
    return replace(land, pace=np.where(driven, pace, land.pace), way=np.maximum(land.way, way), driven=driven)


def network_of(land: Land, found: Inputs, rides: RideSpeeds | None, traveller: Traveller) -> Network:
    """The roads that a traveller rides on; without vertices for one who walks all the way (`rides` is None).

    Where roads are burned into the land there are ferries only. No ride leads into or out of a cell that is closed to
    everybody; a ferry may pass over it.
    """
    if rides is not None and traveller.roads == "burned":
        rides = replace(rides, roads={key: kmh for key, kmh in rides.roads.items() if key == "ferry"})
    ridden = network(
        land.frame,
        land,
        found.roads,
        rides or NO_RIDES,
        elevation=found.layers.elevation,
        wait_minutes=traveller.wait_minutes,
        alight_minutes=traveller.alight_minutes,
        ferry_wait_minutes=traveller.ferry_wait_minutes,
    )
    return without_rides(ridden, no_go_cells(land.frame, found.no_go))


def without_rides(ridden: Network, closed: Ints) -> Network:
    """The network without the rides that begin or end in closed cells; its vertices stay."""
    shut = np.isin(ridden.cell, closed)
    origin = np.repeat(np.arange(len(ridden)), np.diff(ridden.indptr))
    kept = ~(shut[origin] | shut[ridden.indices])
    if kept.all():
        return ridden
    of_rides = ("indices", "minutes", "metres", "road", "start", "end")
    return replace(
        ridden,
        indptr=np.searchsorted(origin[kept], np.arange(len(ridden) + 1)).astype(np.int64),
        **{name: getattr(ridden, name)[kept] for name in of_rides},
    )
