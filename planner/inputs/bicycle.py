"""The cyclist whose power says how fast a bicycle goes up and down hill."""

from __future__ import annotations

from dataclasses import fields

from planner.files import data_folder
from planner.inputs.delimited import read_csv
from planner.inputs.findings import File, Findings
from planner.inputs.values import prefixed, read_values
from planner.types.inputs import Assumption, Bicycle


def read_bicycle(findings: Findings) -> tuple[Bicycle, list[Assumption]]:
    """The planner's own numbers, and where each of them comes from."""
    file = File(data_folder() / "speeds" / "bicycle_power.csv", "speeds/bicycle_power.csv", findings)
    numbers = read_values(read_csv(file))
    bicycle = Bicycle(**{field.name: numbers[field.name].value for field in fields(Bicycle)})
    return bicycle, prefixed("ride.bicycle_power.", numbers.values())
