"""The same question under other conditions: the other season, and the other table of walking speeds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from planner import grid, inputs, travel
from planner.pipeline.placing import Question
from planner.scenario import Scenario
from planner.types.inputs import Inputs, Numbers
from planner.types.land import Land
from planner.types.placement import Conditions


def conditions(
    asked: Question, land: Land, found: Inputs, numbers: Numbers, scenario: Scenario, folder: Path
) -> tuple[Conditions, ...]:
    """The plan's own conditions, the other season, and the speeds of ``walking.compare_speeds`` where it is given.

    The people to serve are the same under all of them: those who are hard to reach in the plan. Areas that are closed
    in the plan's season are open in the other one. None where no robust choice is asked for.
    """
    if scenario.placement.robust == "no":
        return ()
    season, other = ("dry", "wet") if scenario.season.name == "dry" else ("wet", "dry")
    turned = scenario.model_copy(update={"season": scenario.season.model_copy(update={"name": other, "no_go": ""})})
    walking = inputs.read_numbers(turned, folder, found.layers, found.roads).walking
    lands = {
        f"{season} season": land,
        f"{other} season": grid.land_of(replace(found, no_go=found.no_go[:0]), walking, turned)[0],
    }
    if numbers.compared is not None:
        lands[f"speeds of {scenario.walking.compare_speeds}"] = grid.land_of(found, numbers.compared, scenario)[0]
    limit = scenario.placement.max_minutes
    return tuple(
        Conditions(
            name, travel.within(there, asked.cell, asked.demand, scenario.walking, max_minutes=limit), asked.counted
        )
        for name, there in lands.items()
    )
