"""The whole district, drawn in order: land, borders, bridges, people, roads, lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.ndimage import binary_dilation

from planner.demo import areas, cover, lists, names, roads, settlements, terrain
from planner.demo.grid import CELL_METRES, metres_from, to_cells
from planner.types.arrays import Bytes, Doubles, Ints


@dataclass(frozen=True, eq=False)
class District:
    """Everything that is written to files."""

    seed: int
    terrain: terrain.Terrain
    subarea: Ints
    outlines: dict[int, Any]
    settlements: settlements.Settlements
    names: list[str]
    roads: list[tuple[roads.Road, list[int], Doubles]]
    people: Doubles
    land_cover: Bytes
    facilities: list[lists.Facility]
    chws: list[lists.Chw]
    unlisted: frozenset[int]


def draw(seed: int) -> District:
    """Draw the district of a seed."""
    parts = [np.random.default_rng([seed, part]) for part in range(9)]
    land = terrain.raise_hills(parts[0])
    closed = roads.closed_blocks(land)
    subarea = areas.divide(parts[1], areas.inside(parts[1]), land)
    spans = roads.bridges(land, closed)
    places = settlements.settle(parts[2], land, subarea, spans[0].deck.mean(0), closed)
    place_names = names.places(parts[3], settlements.VILLAGES)
    network = roads.build(parts[4], land, places, closed, spans, place_names)
    lines = network.lines()
    to_road = metres_from(roads.cells_of(lines), CELL_METRES)
    water = cover.water_cells(land)
    inner = to_cells(~binary_dilation(subarea == 0, iterations=2))
    people = settlements.spread(parts[5], places, inner & ~binary_dilation(water), to_road)
    facilities = lists.facilities(parts[6], places, network, place_names)
    unlisted = lists.unlisted(parts[7], places)
    return District(
        seed=seed,
        terrain=land,
        subarea=subarea,
        outlines=areas.outlines(subarea),
        settlements=places,
        names=place_names,
        roads=lines,
        people=people,
        land_cover=cover.land_cover(parts[8], land, people, water),
        facilities=facilities,
        chws=lists.chws(parts[7], places, facilities),
        unlisted=unlisted,
    )
