"""Cells of the workbook as people read them: planner's own words in the language that is spoken, all else as it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from planner.outputs.language import say
from planner.outputs.names import area_name, role, stops, village_name
from planner.outputs.people_tables import multiplied_by
from planner.outputs.supply_rows import NO_FACILITY
from planner.outputs.ways import in_words

NO_WAY = "no way"
UNKNOWN = "–"


def _facility(name: str) -> str:
    return say(name) if name == NO_FACILITY else name


# How the texts of a column are shown; those of all others are names, ids or texts of files.
WORDS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(
        ("unit", "care", "load", "reason", "season", "place_level", "tier_reached", "traveller", "move", "illness",
         "item", "how", "fate", "line", "level", "meaning"),
        say,
    ),
    **dict.fromkeys(("village", "better_village", "served_village"), village_name),
    **dict.fromkeys(("stops", "served_villages"), stops),
    **dict.fromkeys(("list", "role"), role),
    "area": area_name,
    "facility": _facility,
    "way": in_words,
    "why": multiplied_by,
}  # fmt: skip


def shown(column: str, value: Any) -> str | float | int:
    """A value of a column as a sheet can hold it: text for yes and no, no way (inf) and unknown (NaN)."""
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, float) and not math.isfinite(value):
        return say(NO_WAY) if value > 0 else UNKNOWN
    if isinstance(value, str) and column in WORDS:
        return WORDS[column](value)
    return value  # type: ignore[no-any-return]
