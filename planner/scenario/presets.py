"""Countries' own rules, by name: a preset fills the keys of [reach] and [audit] that the scenario leaves out."""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from planner.files import data_folder
from planner.scenario.keys import Section

NONE = ""

Filled = TypeVar("Filled", bound=Section)


@dataclass(frozen=True)
class Filling:
    """What a preset has for one key, and who says so; recalled and not read is not verified."""

    value: str | float | tuple[float, ...]
    unit: str
    source: str
    verified: bool


@cache
def presets() -> dict[str, dict[str, Filling]]:
    """All presets by name, each with its keys ("reach.max_km"), from ``data/iccm/reach_presets.csv``."""
    with (data_folder() / "iccm" / "reach_presets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, dict[str, Filling]] = {}
    for row in rows:
        filling = Filling(_value(row["value"], row["key"]), row["unit"], row["source"], row["status"] == "read")
        found.setdefault(row["preset"], {})[row["key"]] = filling
    return found


def _value(text: str, key: str) -> str | float | tuple[float, ...]:
    if key == "reach.rule":
        return text
    numbers = tuple(float(part) for part in text.split())
    return numbers if key == "reach.zones_km" else numbers[0]


def known_preset(name: str) -> str:
    """The name as it is; ValueError where there is no such preset."""
    if name == NONE or name in presets():
        return name
    near = difflib.get_close_matches(name, presets(), n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(presets())}"
    raise ValueError(f'there is no preset "{name}": {hint}')


def filled(section: Filled, heading: str, preset: str) -> Filled:
    """The section with what the preset has for the keys that were not given."""
    known = {key.removeprefix(f"{heading}."): each.value for key, each in fillings(heading, preset).items()}
    lacking: dict[str, Any] = {key: value for key, value in known.items() if key not in section.model_fields_set}
    return section.model_copy(update=lacking)


def fillings(heading: str, preset: str) -> dict[str, Filling]:
    """What a preset has for the keys of one section; nothing where there is no preset."""
    return {key: each for key, each in presets().get(preset, {}).items() if key.startswith(f"{heading}.")}
