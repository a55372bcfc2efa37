"""The plan's season and the other one, each with its land and the ways to care on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from planner import grid, inputs
from planner.pipeline.going import Going
from planner.pipeline.ground import Ground
from planner.scenario import Scenario
from planner.types.arrays import Floats, Ints
from planner.types.travel import TravelTime


@dataclass(frozen=True, eq=False)
class Season:
    """One season as the plan's traveller meets it.

    ``to_facility`` is the time to the nearest facility, ``by_tier`` the minutes to the nearest one of each tier or
    above, ``with_chws`` the time to the nearest facility or CHW of today.
    """

    name: str
    base: Ground
    going: Going
    to_facility: TravelTime
    by_tier: dict[int, Floats]
    with_chws: TravelTime


def season_of(base: Ground, patients: Going, scenario: Scenario) -> Season:
    """The scenario's season, as its traveller meets it."""
    search = patients.search
    tiers = sorted({int(tier) for tier in base.found.facilities.tier})
    by_tier = {tier: search.nearest(of_tier(base, tier)).minutes for tier in tiers[1:]}
    to_facility = with_chws = search.nearest(base.facility_cell)
    if len(base.chw_cell):
        search.add(base.chw_cell)
        with_chws = search.result()
    by_tier = dict.fromkeys(tiers[:1], to_facility.minutes) | by_tier
    return Season(scenario.season.name, base, patients, to_facility, by_tier, with_chws)


def of_tier(base: Ground, tier: int) -> Ints:
    """Cells of the facilities of a tier or above, -1 for all others."""
    return np.where(base.found.facilities.tier >= tier, base.facility_cell, -1).astype(np.int32)


def turned(base: Ground, scenario: Scenario, folder: Path) -> tuple[Ground, Scenario]:
    """What the plan stands on, and its scenario, in the other season.

    Areas that are closed in the plan's season are open in the other one; places on ground that is closed there are
    reached at the nearest open cell.
    """
    name = "wet" if scenario.season.name == "dry" else "dry"
    other = scenario.model_copy(update={"season": scenario.season.model_copy(update={"name": name, "no_go": ""})})
    found = replace(base.found, no_go=base.found.no_go[:0])
    numbers = inputs.read_numbers(other, folder, found.layers, found.roads)
    land = grid.land_of(found, numbers.walking, other)[0]
    facility_cell, chw_cell, village_cell = (
        grid.open_cells(land, places.x, places.y, scenario.walking.snap_metres)[0]
        for places in (found.facilities, found.chws, base.settled)
    )
    there = replace(
        base, found=found, numbers=numbers, land=land, facility_cell=facility_cell, chw_cell=chw_cell,
        settled=replace(base.settled, cell=village_cell),
    )  # fmt: skip
    return there, other
