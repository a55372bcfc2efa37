"""Names in tables as their reader reads them: what planner itself calls a place is said, all other names stay."""

from __future__ import annotations

import re

from planner.outputs.community_rows import SCATTERED
from planner.outputs.language import say
from planner.outputs.people_rows import TOTAL
from planner.outputs.reach_rows import ALL
from planner.outputs.rows import OUTSIDE

NEAR = "near "  # begins the name of a settlement that has none, but a neighbour with one
NUMBERED = re.compile(r"settlement (\d+)")  # what settlements are called where there is no list
EVERYBODY = ("everybody", "everybody else")  # where not every area was multiplied by itself


def area_name(name: str) -> str:
    """The name of an area, or what stands for one."""
    return say(name) if name in (OUTSIDE, ALL, TOTAL, *EVERYBODY) else name


def village_name(name: str) -> str:
    """The name of a village; settlements of the raster are called by the nearest one that has a name."""
    if name.startswith(NEAR):
        return say("near {village}", village=name.removeprefix(NEAR))
    if found := NUMBERED.fullmatch(name):
        return say("settlement {number}", number=found[1])
    return say("scattered homes") if name == SCATTERED else name


def stops(listed: str) -> str:
    """Villages of a trip, with their posts."""
    return ", ".join(village_name(stop) for stop in listed.split(", "))


def role(name: str) -> str:
    """What a file is to the plan ("land_cover")."""
    return say(name.replace("_", " "))
