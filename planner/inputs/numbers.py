"""All tables of numbers of a scenario: speeds as they are in its season, episodes and commodities."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from planner.errors import InputFaults
from planner.files import data_folder
from planner.inputs import speeds
from planner.inputs.delimited import read_csv
from planner.inputs.findings import File, Findings
from planner.inputs.values import prefixed, read_values
from planner.scenario import Scenario, SupplyRule
from planner.types.care import CareNumbers, Commodity, Decay, Range
from planner.types.inputs import Assumption, Layers, Numbers, Roads

WASTING = "severe acute malnutrition"


def read_all_numbers(scenario: Scenario, folder: Path, layers: Layers, roads: Roads) -> Numbers:
    """Read the number tables of a scenario; see `planner.inputs.read_numbers`."""
    findings = Findings(folder, scenario.fixes)
    wet = findings.attempt(speeds.read_wet, scenario.season, findings) if scenario.season.name == "wet" else None
    wet = wet or speeds.DRY
    on_foot = speeds.read_on_foot(scenario, layers, findings)
    rides, used_rides = speeds.read_rides(scenario, roads, wet, findings)
    care = findings.attempt(read_care, scenario.supply, findings)
    decay = findings.attempt(read_decay, findings)
    if findings.faults or care is None or decay is None:
        raise InputFaults(findings.faults)
    walking = scenario.walking
    return Numbers(
        walking=speeds.walking_speeds(walking, on_foot, on_foot.ground, wet),
        compared=speeds.walking_speeds(walking, on_foot, on_foot.other, wet) if on_foot.other else None,
        rides=rides,
        care=care[0],
        decay=decay[0],
        assumptions=(*speeds.used_on_foot(scenario, on_foot, roads, wet), *used_rides, *care[1], *decay[1]),
        notes=tuple(findings.notes),
    )


def read_care(rule: SupplyRule, findings: Findings) -> tuple[CareNumbers, list[Assumption]]:
    """Episodes, commodities and who seeks care, as shipped; malnutrition where the scenario gives a prevalence."""
    episodes = read_values(read_csv(locate_care("episodes", findings)))
    table = read_csv(locate_care("commodities", findings))
    needs = read_values(table)
    use = read_values(read_csv(locate_care("use", findings)))
    cells = (table.cells(name) for name in ("item", "illness", "pack_units", "grams"))
    commodities = [
        Commodity(item, illness, need.value, need.unit, int(pack), float(grams))
        for item, illness, pack, grams, need in zip(*cells, needs.values(), strict=True)
    ]
    if not rule.severe_wasting:
        del episodes[WASTING]
        needs = {
            key: need for (key, need), each in zip(needs.items(), commodities, strict=True) if each.illness != WASTING
        }
        commodities = [each for each in commodities if each.illness != WASTING]
    ranges = {key: ranged(each) for key, each in episodes.items()}
    if WASTING in ranges:
        ranges[WASTING] = Range(*(rule.severe_wasting * each for each in vars(ranges[WASTING]).values()))
    care = CareNumbers(ranges, tuple(commodities), **{key: ranged(each) for key, each in use.items()})
    used = [
        *prefixed("care.episodes.", episodes.values()),
        *prefixed("care.commodities.", per_episode(needs)),
        *prefixed("care.use.", use.values()),
    ]
    return care, used


def ranged(number: Assumption) -> Range:
    """A number with its range; itself where the source has none."""
    low, high = (number.value if math.isnan(end) else end for end in (number.low, number.high))
    return Range(number.value, low, high)


def read_decay(findings: Findings) -> tuple[Decay, list[Assumption]]:
    """How the use of care falls with distance, as shipped with the planner."""
    values = read_values(read_csv(locate_care("decay", findings)))
    by_key = {key: each.value for key, each in values.items()}
    weights = tuple(by_key.pop(key) for key in list(by_key) if key.startswith("e2sfca_"))
    return Decay(**by_key, e2sfca=weights), prefixed("care.decay.", values.values())


def per_episode(needs: Mapping[str, Assumption]) -> list[Assumption]:
    """Commodities with a unit that says what they are counted by."""
    return [replace(each, unit=f"{each.unit} per episode") for each in needs.values()]


def locate_care(name: str, findings: Findings) -> File:
    """A table of care."""
    return File(data_folder() / "iccm" / f"{name}.csv", f"iccm/{name}.csv", findings)
