"""The tables of speeds that a scenario names, to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from planner.errors import InputFaults
from planner.inputs import speeds
from planner.inputs.bicycle import read_bicycle
from planner.inputs.findings import Findings
from planner.inputs.speeds import FASTEST_ON_FOOT, Wet, factor
from planner.inputs.values import Values, prefixed
from planner.scenario import Scenario
from planner.types.inputs import Bicycle, SpeedTable

SHIPPED = {
    "walking.speeds": "walking", "walking.road_speeds": "roads_on_foot", "season.wet_factors": "wet",
    "travellers.NAME.ride": "ride",
}  # fmt: skip


def read_speed_tables(scenario: Scenario, folder: Path) -> tuple[SpeedTable, ...]:
    """Read the tables; see `planner.inputs.speed_tables`."""
    findings = Findings(folder)
    wet = findings.attempt(speeds.read_wet, scenario.season, findings) or speeds.DRY
    tables = tuple(each_table(scenario, wet, findings))
    if findings.faults:
        raise InputFaults(findings.faults)
    return tables


def read_cyclist(ride: str, folder: Path) -> tuple[Bicycle, dict[str, float]]:
    """Who rides a bicycle, and the table's speeds on the flat; see `planner.inputs.cyclist`."""
    findings = Findings(folder)
    table, _ = speeds.read_ride(ride, findings)
    return read_bicycle(findings)[0], {key: each.value for key, each in table.items()}


def each_table(scenario: Scenario, wet: Wet, findings: Findings) -> Iterator[SpeedTable]:
    """The tables that can be read, in the order in which they are shown."""
    walking = scenario.walking
    on_foot = (
        ("on foot by land cover", walking.speeds, "walking", wet.land_cover),
        ("on foot by road class", walking.road_speeds, "roads_on_foot", wet.highway),
    )
    for title, name, prefix, factors in () if scenario.friction.file else on_foot:
        table = findings.attempt(speeds.read_speeds, name, prefix, FASTEST_ON_FOOT, findings) or {}
        yield shown(f"{title}: {name}", table, factors)
    for name in dict.fromkeys(traveller.ride for traveller in scenario.travellers.values() if traveller.ride):
        who = ", ".join(key for key, traveller in scenario.travellers.items() if traveller.ride == name)
        if ride := findings.attempt(speeds.read_ride, name, findings):
            yield shown(f"{who} by road class: {name}", ride[0], wet.highway)
            numbers = [each for group in ride[1] for each in prefixed(f"{group}.", ride[1][group].values())]
            yield SpeedTable(f"{who}, times what the road is like", tuple(numbers), ())
    factors_of = {"land_cover.": wet.land_cover, "surface.": wet.surface, "highway.": wet.highway}
    numbers = [each for prefix, factors in factors_of.items() for each in prefixed(prefix, factors.values())]
    if numbers:
        yield SpeedTable(f"wet season, times: {scenario.season.wet_factors}", tuple(numbers), ())


def shown(title: str, table: Values, factors: Values) -> SpeedTable:
    """Speeds in km/h with those of the wet season."""
    return SpeedTable(title, tuple(table.values()), tuple(table[key].value * factor(factors, key) for key in table))
