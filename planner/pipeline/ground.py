"""What every answer stands on: the files as they were read, laid on the cells of the population raster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from planner import coverage, grid, inputs, people, villages
from planner.errors import Fault, InputFaults
from planner.pipeline.steps import Steps
from planner.scenario import Scenario
from planner.types.arrays import Ints
from planner.types.inputs import Facilities, Inputs, Note, Numbers
from planner.types.land import Land
from planner.types.people import PeopleRecord
from planner.types.results import PeopleBalance, Villages


@dataclass(frozen=True, eq=False)
class Ground:
    """Files and numbers read, the land, and where on it the lists stand.

    ``facility_cell`` and ``chw_cell`` are the cells that they are reached at, -1 = they take no part; ``people`` is
    what was done to the people of the raster, ``balance`` what is known of them before anybody travels; ``notes`` is
    all that was found, repaired or left out on the way here.
    """

    found: Inputs
    numbers: Numbers
    land: Land
    people: PeopleRecord
    facility_cell: Ints
    chw_cell: Ints
    settled: Villages
    balance: PeopleBalance
    notes: tuple[Note, ...]


def ground(scenario: Scenario, folder: Path, steps: Steps) -> Ground:
    """Read all files and lay them on the cells; all faults of all files are raised at once."""
    steps.begin("reading the files")
    found = inputs.read(scenario, folder)
    numbers = inputs.read_numbers(scenario, folder, found.layers, found.roads)
    _check_tier(found.facilities, scenario.reach.tier)

    steps.begin("laying roads, water and areas on the population raster")
    land, land_notes = grid.land_of(found, numbers.walking, scenario)
    raster = float(land.people.sum())
    land, record, people_notes = people.prepare(land, found.areas, found.totals, found.under_fives, scenario.population)
    snap_metres = scenario.walking.snap_metres
    facility_cell, facility_notes = grid.reached_at(land, found.facilities, "facilities", snap_metres)
    nameless = replace(found.chws, name=found.chws.id)  # their own names stay in the register
    chw_cell, chw_notes = grid.reached_at(land, nameless, "CHWs", snap_metres)
    listed_cell, listed_notes = grid.reached_at(land, found.villages, "villages", snap_metres)
    settled, village_notes = villages.find(land, found.villages, listed_cell, scenario.villages)
    notes = (
        *found.notes,
        *numbers.notes,
        *_roads_not_walked(found, numbers),
        *land_notes,
        *people_notes,
        *facility_notes,
        *chw_notes,
        *listed_notes,
        *village_notes,
    )
    balance = coverage.people_balance(land, len(found.areas), raster)
    return Ground(found, numbers, land, record, facility_cell, chw_cell, settled, balance, notes)


def _check_tier(facilities: Facilities, tier: int) -> None:
    """Raise InputFaults where no facility is of the tier that the rule for hard to reach counts."""
    highest = int(facilities.tier.max(initial=0))
    if highest and tier > highest:
        what = f"tier = {tier}: no facility is of this tier or above; the highest is {highest}."
        way_out = "Give a lower tier, or correct the tiers under [facilities]."
        raise InputFaults([Fault("[reach] of the scenario", what, way_out)])


def _roads_not_walked(found: Inputs, numbers: Numbers) -> tuple[Note, ...]:
    """A note on the road classes that have no walking speed."""
    if found.layers.friction is not None:  # walked or not, their speeds are in it
        return ()
    left_out = ~np.isin(found.roads.highway.astype(str), list(numbers.walking.roads))
    if not left_out.any():
        return ()
    classes = sorted({str(highway) for highway in found.roads.highway[left_out]})
    more = f" and {len(classes) - 3} classes more" if len(classes) > 3 else ""
    text = (
        f"of a class without a walking speed, so not walked: {', '.join(classes[:3])}{more}; for other speeds, write "
        "a CSV with the columns key (class) and value (km/h) and name it in walking.road_speeds"
    )
    level = "warning" if left_out.all() else "left out"
    return (Note(level, "roads", text, float(np.count_nonzero(left_out))),)
