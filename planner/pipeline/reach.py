"""Who is hard to reach: the country's rule judged for every cell where people live, and for every village."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from planner import coverage, grid, travel, villages
from planner.pipeline.seasons import Season, of_tier
from planner.scenario import Scenario
from planner.scenario.presets import fillings
from planner.types.arrays import Bools, Doubles, Ints
from planner.types.inputs import Note
from planner.types.results import VillageAccess
from planner.types.text import Text
from planner.types.travel import TravelTime

Measures = dict[str, npt.NDArray[Any]]  # a value a cell, by criterion of the rule


def judged(own: Season, other: Season | None, scenario: Scenario) -> tuple[Bools, VillageAccess]:
    """Which cells hold people who are hard to reach, and how each village reaches care."""
    judge = Judge(own, other, scenario)
    return judge.cells(), judge.villages()


class Judge:
    """The country's rule, with what it counts measured in the seasons that it is judged in.

    Parameters
    ----------
    own, other
        The plan's season, and the other one where there is one.
    scenario
        With the rule.
    """

    def __init__(self, own: Season, other: Season | None, scenario: Scenario) -> None:
        self._reach = scenario.reach
        self._frame = own.going.land.frame
        self._seasons = [own] if other is None or self._reach.season == "plan" else [own, other]
        counts = of_tier(own.base, self._reach.tier) >= 0
        facilities = own.base.found.facilities
        self._facility_xy = facilities.x[counts], facilities.y[counts]
        cut_off = _cut_off(own, other, scenario) if "cut_off" in self._reach.counts else {}
        self._measures = [{**_measured(season, scenario), **cut_off} for season in self._seasons]

    def cells(self) -> Bools:
        """Whether the people of each cell are hard to reach; False where nobody lives."""
        land = self._seasons[0].going.land
        hard = np.zeros(self._frame.n, bool)
        populated = np.flatnonzero(land.people > 0)
        km = coverage.straight_km(self._frame, *self._frame.centre_of(populated), *self._facility_xy)
        hard[populated] = self._judged([populated.astype(np.int32)] * len(self._seasons), km)
        return hard

    def villages(self) -> VillageAccess:
        """How each village reaches care, judged at its centre; off the grid nobody reaches anything."""
        own = self._seasons[0]
        settled, facilities = own.base.settled, own.base.found.facilities
        hard = self._judged(
            [season.base.settled.cell for season in self._seasons],
            coverage.straight_km(self._frame, settled.x, settled.y, *self._facility_xy),
        )
        there = own.base.facility_cell >= 0
        km = coverage.straight_km(self._frame, settled.x, settled.y, facilities.x[there], facilities.y[there])
        return villages.access(settled, own.to_facility, own.with_chws, km, hard)

    def _judged(self, cells: Sequence[Ints], km: Doubles) -> Bools:
        """The verdict on places whose cells in each season are given, -1 = off the grid."""
        verdicts = [
            coverage.hard_to_reach(self._reach, {"km": km, **_at(measures, there)})
            for measures, there in zip(self._measures, cells, strict=True)
        ]
        join = np.logical_and if self._reach.season == "both" else np.logical_or
        return np.asarray(join.reduce(verdicts))


def _at(measures: Measures, cells: Ints) -> Measures:
    """What is measured at places: those off the grid are beyond any limit."""
    off = {name: True if values.dtype == np.bool_ else np.inf for name, values in measures.items()}
    return {name: np.where(cells >= 0, values[cells], off[name]) for name, values in measures.items()}


def _measured(season: Season, scenario: Scenario) -> Measures:
    """What the rule counts and what may differ by season."""
    time = _time(season, scenario)
    ways = season.going.land, season.going.network, time
    measures: Measures = {"minutes": time.minutes}
    if "road_km" in scenario.reach.counts:
        measures["road_km"] = travel.along.km(*ways)
    if "water" in scenario.reach.counts:
        wet = grid.barrier_cells(season.going.land.frame, season.base.found.water, scenario, wet=True)
        measures["water"] = travel.along.crosses(*ways, wet)
    return measures


def _cut_off(own: Season, other: Season | None, scenario: Scenario) -> Measures:
    """Where the quickest way of the dry season leads over ground that is closed in the wet season."""
    by_name = {season.name: season for season in (own, other) if season}
    dry, wet = by_name["dry"], by_name["wet"].going
    closed = np.flatnonzero(np.isinf(wet.land.pace) & np.isfinite(dry.going.land.pace)).astype(np.int32)
    return {"cut_off": travel.along.crosses(dry.going.land, dry.going.network, _time(dry, scenario), closed)}


def _time(season: Season, scenario: Scenario) -> TravelTime:
    """Time to the nearest facility that the rule counts."""
    tier = scenario.reach.tier
    if tier <= min(season.by_tier, default=tier):
        return season.to_facility
    return season.going.search.nearest(of_tier(season.base, tier))


def preset_notes(scenario: Scenario) -> tuple[Note, ...]:
    """A warning where keys of the scenario say something else than the preset that it names."""
    preset = scenario.reach.preset
    told = []
    for heading, section in (("reach", scenario.reach), ("audit", scenario.audit)):
        for key, filling in fillings(heading, preset).items():
            value = getattr(section, key.removeprefix(f"{heading}."))
            if value != filling.value:
                differs = Text(
                    "{key} is {value}, where {preset} has {filling}",
                    key=key,
                    value=value,
                    preset=preset,
                    filling=filling.value,
                )
                told.append(differs)
    if not told:
        return ()
    text = Text(
        "the scenario's own keys count, not those of the preset: {told:; }. Take them out to follow it",
        told=tuple(told),
    )
    return (Note("warning", "[reach] preset", text, float(len(told))),)
