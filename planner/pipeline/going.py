"""A traveller made ready to go: the land, the roads and the search, for all stages that ask for one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from planner import grid, routing, travel
from planner.scenario import Scenario, Walking
from planner.types.arrays import CELL, MINUTES, Floats, Ints
from planner.types.inputs import Inputs, Numbers, Roads
from planner.types.land import Land
from planner.types.network import Leg, Network
from planner.types.travel import TravelMatrix, TravelTime


class Chain(NamedTuple):
    """A way by its cells and vertices (see `travel.results.ways`), and the minutes that are left at each."""

    nodes: Ints
    minutes: Floats


@dataclass(frozen=True, eq=False)
class Going:
    """A traveller's ways over the land. ``rides`` says whether a vehicle is used."""

    name: str
    land: Land
    roads: Roads
    network: Network
    walking: Walking
    rides: bool

    @cached_property
    def search(self) -> travel.Search:
        """Towards the places searched from."""
        return travel.Search(self.land, self.walking, network=self.network)

    def from_places(self, cells: Ints) -> TravelTime:
        """From the nearest of some places to every cell."""
        return travel.time_to_nearest(self.land, cells, self.walking, network=self.network, towards=False)

    def between(self, starts: Ints, places: Ints, max_minutes: float) -> Floats:
        """Minutes from each start (row) to each place within the limit, else inf: one search a place."""
        minutes = np.full((len(starts), len(places)), np.inf, MINUTES)
        there = starts >= 0
        for column in np.flatnonzero(places >= 0):
            time = self.search.nearest(places[column : column + 1], max_minutes)
            minutes[there, column] = time.minutes[starts[there]]
        return minutes

    def reach(self, starts: Ints, places: Ints, max_minutes: float) -> TravelMatrix:
        """The same as a sparse matrix: starts are its sites, places its demand."""
        minutes = self.between(starts, places, max_minutes)
        start, place = np.nonzero(np.isfinite(minutes))
        return TravelMatrix(
            indptr=np.searchsorted(start, np.arange(len(starts) + 1)).astype(np.int64),
            indices=place.astype(CELL),
            minutes=minutes[start, place],
            n_demand=len(places),
            max_minutes=max_minutes,
        )

    def catchments(self, places: Ints, cells: Ints, max_minutes: float) -> TravelMatrix:
        """Minutes from cells to each place, within the limit: places are sites, cells demand; one search a place."""
        indptr, indices, minutes = [0], [], []
        for place in places:
            time = self.search.nearest(np.array([place], CELL), max_minutes).minutes[cells]
            near = np.flatnonzero(np.isfinite(time))
            indptr.append(indptr[-1] + len(near))
            indices.append(near)
            minutes.append(time[near])
        return TravelMatrix(
            indptr=np.array(indptr, np.int64),
            indices=np.concatenate([np.empty(0), *indices]).astype(CELL),
            minutes=np.concatenate([np.empty(0), *minutes]).astype(MINUTES),
            n_demand=len(cells),
            max_minutes=max_minutes,
        )

    def chains(self, time: TravelTime, starts: Ints) -> list[Chain]:
        """The way from each start to its nearest place, node by node; without nodes where there is no way."""
        offsets, nodes = travel.results.ways(time, starts)
        minutes = np.concatenate([time.minutes, time.vertex_minutes])
        return [Chain(nodes[first:last], minutes[nodes[first:last]]) for first, last in pairwise(offsets.tolist())]

    def told(self, chain: Chain) -> tuple[Leg, ...]:
        """A way in legs."""
        return routing.legs(self.network, self.roads, self.land, chain.nodes, chain.minutes)

    def legs(self, time: TravelTime, starts: Ints) -> list[tuple[Leg, ...]]:
        """The way from each start to its nearest place, in legs; none where there is no way."""
        return [self.told(chain) for chain in self.chains(time, starts)]


def going(name: str, land: Land, found: Inputs, numbers: Numbers, scenario: Scenario) -> Going:
    """Make ready one of the scenario's travellers."""
    rides, traveller = numbers.rides.get(name), scenario.travellers[name]
    ridden = grid.ridden_land(land, found, rides, traveller)
    network = grid.network_of(ridden, found, rides, traveller)
    return Going(name, ridden, found.roads, network, scenario.walking, rides is not None)
