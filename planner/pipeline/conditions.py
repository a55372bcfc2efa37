"""The same question under other conditions: the other season, and the other table of walking speeds."""

from __future__ import annotations

from pathlib import Path

from planner import grid, travel
from planner.pipeline.ground import Ground
from planner.pipeline.placing import Question
from planner.pipeline.seasons import turned
from planner.scenario import Scenario
from planner.types.placement import Conditions


def conditions(asked: Question, base: Ground, scenario: Scenario, folder: Path) -> tuple[Conditions, ...]:
    """The plan's own conditions, the other season, and the speeds of ``walking.compare_speeds`` where it is given.

    The people to serve are the same under all of them: those who are hard to reach in the plan. Areas that are closed
    in the plan's season are open in the other one. None where no robust choice is asked for.
    """
    if scenario.placement.robust == "no":
        return ()
    other, turned_scenario = turned(base, scenario, folder)
    lands = {
        f"{scenario.season.name} season": base.land,
        f"{turned_scenario.season.name} season": other.land,
    }
    numbers, found = base.numbers, base.found
    if numbers.compared is not None:
        lands[f"speeds of {scenario.walking.compare_speeds}"] = grid.land_of(found, numbers.compared, scenario)[0]
    limit = scenario.placement.max_minutes
    return tuple(
        Conditions(
            name, travel.within(there, asked.cell, asked.demand, scenario.walking, max_minutes=limit), asked.counted
        )
        for name, there in lands.items()
    )
