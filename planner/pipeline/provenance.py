"""Where a plan comes from: the numbers it assumes, its inputs, versions and date."""

from __future__ import annotations

import datetime
import hashlib
import math
import platform
from importlib import metadata

from pydantic import BaseModel

import planner
from planner.pipeline.steps import Steps
from planner.scenario import Scenario
from planner.scenario.keys import NO_RULE
from planner.scenario.presets import presets
from planner.types.inputs import Assumption, Inputs, Numbers
from planner.types.results import Provenance

LIBRARIES = ("numpy", "numba", "scipy", "highspy", "rasterio", "pyproj", "shapely", "geopandas", "osmium", "folium")


def scenario_assumptions(scenario: Scenario) -> tuple[Assumption, ...]:
    """Every number of the scenario, with the source of its default, or said to be set in the scenario.

    Rules that are not set are left out.
    """
    answers = []
    sections = {name: section for name, section in scenario if isinstance(section, BaseModel)}
    riders = {f"travellers.{name}": each for name, each in scenario.travellers.items() if each.ride}
    for section_name, section in {**sections, **riders}.items():
        for key, field in type(section).model_fields.items():
            extra = field.json_schema_extra
            value = getattr(section, key)
            if not isinstance(extra, dict) or "source" not in extra:
                continue
            if key == "max_road_km" and "road_km" not in scenario.reach.counts:
                continue
            if key == "under_five_share" and scenario.population.under_five_file:
                continue
            source, verified = _source(scenario, f"{section_name}.{key}", value, field.default, str(extra["source"]))
            if source == NO_RULE:
                continue
            unit = str(extra["unit"])
            numbers = value if isinstance(value, tuple) else (value,)
            answers += [
                Assumption(f"{section_name}.{key}", float(number), unit, math.nan, math.nan, source, verified)
                for number in numbers
            ]
    return tuple(answers)


def _source(scenario: Scenario, key: str, value: object, default: object, its_source: str) -> tuple[str, bool]:
    """Where a number of the scenario comes from, and whether that was read and not recalled."""
    filling = presets().get(scenario.reach.preset, {}).get(key)
    if filling and filling.value == value:
        return f"{scenario.reach.preset}: {filling.source}", filling.verified
    if value != default:
        return "set in the scenario", True
    return its_source, "recalled" not in its_source


def provenance(scenario: Scenario, found: Inputs, numbers: Numbers, steps: Steps) -> Provenance:
    """Say how a plan came about."""
    return Provenance(
        run_id=identity(scenario, found, numbers)[:12],
        date=scenario.date or datetime.datetime.now(datetime.UTC).date().isoformat(),
        versions=_versions(),
        seconds=dict(steps.seconds),
    )


def identity(scenario: Scenario, found: Inputs, numbers: Numbers) -> str:
    """A sha256 that stands for the scenario, the inputs, the numbers and the versions, as hexadecimal text."""
    parts = [
        scenario.model_dump_json(),
        *(source.sha256 for source in found.sources),
        repr(numbers),
        repr(sorted(_versions().items())),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _versions() -> dict[str, str]:
    libraries = {library: metadata.version(library) for library in LIBRARIES}
    return {"planner": planner.__version__, "python": platform.python_version()} | libraries
