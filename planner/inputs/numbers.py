"""All tables of numbers of a scenario: speeds as they are in its season, episodes and commodities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from planner.errors import InputFaults
from planner.files import data_folder
from planner.inputs import speeds
from planner.inputs.delimited import read_csv
from planner.inputs.findings import File, Findings
from planner.inputs.values import prefixed, read_values
from planner.scenario import Scenario
from planner.types.inputs import Assumption, CareNumbers, Commodity, Layers, Numbers, Roads


def read_all_numbers(scenario: Scenario, folder: Path, layers: Layers, roads: Roads) -> Numbers:
    """Read the number tables of a scenario; see `planner.inputs.read_numbers`."""
    findings = Findings(folder, scenario.fixes)
    wet = findings.attempt(speeds.read_wet, scenario.season, findings) if scenario.season.name == "wet" else None
    wet = wet or speeds.DRY
    on_foot = speeds.read_on_foot(scenario, layers, findings)
    rides, used_rides = speeds.read_rides(scenario, roads, wet, findings)
    care = findings.attempt(read_care, findings)
    if findings.faults or care is None:
        raise InputFaults(findings.faults)
    walking = scenario.walking
    return Numbers(
        walking=speeds.walking_speeds(walking, on_foot, on_foot.ground, wet),
        compared=speeds.walking_speeds(walking, on_foot, on_foot.other, wet) if on_foot.other else None,
        rides=rides,
        care=care[0],
        assumptions=(*speeds.used_on_foot(scenario, on_foot, roads, wet), *used_rides, *care[1]),
        notes=tuple(findings.notes),
    )


def read_care(findings: Findings) -> tuple[CareNumbers, list[Assumption]]:
    """Episodes and commodities, as shipped with the planner."""
    episodes = read_values(read_csv(locate_care("episodes", findings)))
    table = read_csv(locate_care("commodities", findings))
    needs = read_values(table)
    items, illnesses, packs = (table.cells(name) for name in ("item", "illness", "pack_units"))
    commodities = tuple(
        Commodity(item, illness, need.value, need.unit, int(pack))
        for item, illness, pack, need in zip(items, illnesses, packs, needs.values(), strict=True)
    )
    care = CareNumbers({key: each.value for key, each in episodes.items()}, commodities)
    used = [
        *prefixed("care.episodes.", episodes.values()),
        *prefixed("care.commodities.", per_episode(needs)),
    ]
    return care, used


def per_episode(needs: Mapping[str, Assumption]) -> list[Assumption]:
    """Commodities with a unit that says what they are counted by."""
    return [replace(each, unit=f"{each.unit} per episode") for each in needs.values()]


def locate_care(name: str, findings: Findings) -> File:
    """A table of care."""
    return File(data_folder() / "iccm" / f"{name}.csv", f"iccm/{name}.csv", findings)
