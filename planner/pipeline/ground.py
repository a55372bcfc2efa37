"""What every answer stands on: the files as they were read, laid on the cells of the population raster."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from planner import coverage, grid, inputs, people, villages
from planner.errors import Doubt, Fault, InputFaults, joined
from planner.pipeline import expected
from planner.pipeline.steps import Steps
from planner.scenario import Scenario
from planner.types.arrays import Ints
from planner.types.inputs import Facilities, Inputs, Note, Numbers, Places
from planner.types.land import Land
from planner.types.lists import CLOSED, IN_NO_AREA, ListAccount
from planner.types.people import JoinRow, PeopleRecord
from planner.types.results import PeopleBalance, Villages
from planner.types.text import Text


@dataclass(frozen=True, eq=False)
class Ground:
    """Files and numbers read, the land, and where on it the lists stand.

    ``facility_cell`` and ``chw_cell`` are the cells that they are reached at, -1 = they take no part; ``people`` is
    what was done to the people of the raster, ``balance`` what is known of them before anybody travels; ``notes`` is
    all that was found, repaired or left out on the way here, ``accounts`` what became of the rows of each list, and
    ``doubts`` the rows of lists to be looked at.
    """

    found: Inputs
    numbers: Numbers
    land: Land
    people: PeopleRecord
    facility_cell: Ints
    chw_cell: Ints
    settled: Villages
    village_join: tuple[JoinRow, ...]
    balance: PeopleBalance
    notes: tuple[Note, ...]
    accounts: tuple[ListAccount, ...]
    doubts: tuple[Doubt, ...]


def ground(scenario: Scenario, folder: Path, steps: Steps) -> Ground:
    """Read all files and lay them on the cells; all faults of all files are raised at once."""
    steps.begin("reading the files")
    found = inputs.read(scenario, folder)
    numbers = inputs.read_numbers(scenario, folder, found.layers, found.roads)
    _check_tier(found.facilities, scenario.reach.tier)

    steps.begin("laying roads, water and areas on the population raster")
    land, land_notes = grid.land_of(found, numbers.walking, scenario)
    raster = float(land.people.sum())
    compared = expected.compare(land, scenario.population)
    land, record, people_notes = people.prepare(land, found.areas, found.totals, found.under_fives, scenario.population)
    snap_metres = scenario.walking.snap_metres
    no_go = grid.no_go_cells(land.frame, found.no_go)
    required = "leave-out-closed" not in scenario.fixes
    facilities = grid.reached_at(land, found.facilities, "facilities", snap_metres, no_go, required=required)
    chws = grid.reached_at(land, found.chws, "chws", snap_metres, no_go)
    listed = grid.reached_at(land, found.villages, "villages", snap_metres, no_go)
    doubts = joined((*found.doubts, *facilities.doubts, *chws.doubts, *listed.doubts))
    if facilities.faults:
        raise InputFaults(facilities.faults, doubts)
    settlements = villages.find(land, found.villages, listed.cell, scenario.villages)
    joined_rows, village_notes = villages.join(land, found.villages, found.unplaced, settlements, scenario.villages)
    fates = (
        _fates("facilities", found.facilities, facilities.cell, land)
        + _fates("chws", found.chws, chws.cell, land)
        + _fates("villages", found.villages, listed.cell, land)
    )
    accounts = tuple(each.moved(fates) for each in found.accounts)
    notes = (
        *found.notes,
        *numbers.notes,
        *_roads_not_walked(found, numbers),
        *grid.road_access(land, found.areas, found.roads),
        *land_notes,
        *compared,
        *grid.pieces(land, found.areas, facilities.cell),
        *people_notes,
        *facilities.notes,
        *chws.notes,
        *listed.notes,
        *village_notes,
    )
    balance = coverage.people_balance(land, len(found.areas), raster)
    return Ground(
        found,
        numbers,
        land,
        record,
        facilities.cell,
        chws.cell,
        settlements.villages,
        joined_rows,
        balance,
        notes,
        accounts,
        doubts,
    )


def _check_tier(facilities: Facilities, tier: int) -> None:
    """Raise InputFaults where no facility is of the tier that the rule for hard to reach counts."""
    highest = int(facilities.tier.max(initial=0))
    if highest and tier > highest:
        what = f"tier = {tier}: no facility is of this tier or above; the highest is {highest}."
        way_out = "Give a lower tier, or correct the tiers under [facilities]."
        raise InputFaults([Fault("[reach] of the scenario", what, way_out)])


def _fates(role: str, places: Places, cell: Ints, land: Land) -> Counter[tuple[str, str, str]]:
    """How many places of each list are on closed ground, or in no area, by role, list and fate."""
    outside = (cell >= 0) & (land.area[cell] < 0) & (land.area >= 0).any()
    listed = zip(places.origin or (), cell.tolist(), outside.tolist(), strict=True)
    found = ((origin.file, CLOSED if at < 0 else IN_NO_AREA if out else "") for origin, at, out in listed)
    return Counter((role, file, fate) for file, fate in found if fate)


def _roads_not_walked(found: Inputs, numbers: Numbers) -> tuple[Note, ...]:
    """A note on the road classes that have no walking speed."""
    if found.layers.friction is not None:  # walked or not, their speeds are in it
        return ()
    left_out = ~np.isin(found.roads.highway.astype(str), list(numbers.walking.roads))
    if not left_out.any():
        return ()
    classes = sorted({str(highway) for highway in found.roads.highway[left_out]})
    more = Text(" and {count} classes more", count=len(classes) - 3) if len(classes) > 3 else ""
    text = Text(
        "of a class without a walking speed, so not walked: {classes}{more}; for other speeds, write a "
        "CSV with the columns key (class) and value (km/h) and name it in walking.road_speeds",
        classes=tuple(classes[:3]),
        more=more,
    )
    level = "warning" if left_out.all() else "left out"
    return (Note(level, "roads", text, float(np.count_nonzero(left_out))),)
