"""How the plan's traveller goes, in words: the same in map, report, workbook and rasters.

The name of a traveller reads after a time or a noun: "on foot", "by motorbike taxi".
"""

from __future__ import annotations

from typing import Literal

from planner.outputs.language import exact, number, say
from planner.scenario import Scenario
from planner.scenario.keys import ON_FOOT
from planner.scenario.reach import Reach, Rule


def going(scenario: Scenario) -> str:
    """How people go, and when it is not the dry season, e.g. "on foot", "by motorbike taxi in the wet season"."""
    traveller = say(scenario.reach.traveller)
    if scenario.season.name == "wet":
        return say("{traveller} in the wet season", traveller=traveller)
    return traveller


def within(scenario: Scenario, minutes: float, place: str) -> str:
    """Nearness to a place, e.g. "within 60 min on foot of care", "within 60 min of care (by car, wet season)"."""
    traveller = scenario.reach.traveller
    on_foot = traveller == ON_FOOT
    wet = [say("wet season")] if scenario.season.name == "wet" else []
    aside = ", ".join(wet if on_foot else [say(traveller), *wet])
    text = "within {minutes} min on foot {of_place}" if on_foot else "within {minutes} min {of_place}"
    words = say(text, minutes=exact(minutes), of_place=say(f"of {place}"))
    return f"{words} ({aside})" if aside else words


def proposed(count: int, leaving: int, kind: Literal["new", "more"]) -> str:
    """The CHWs that a plan proposes, e.g. "20 new CHWs"; where some of today's leave, "25 CHWs (5 of today's move)"."""
    if not leaving:
        one, many = {
            "new": (say("1 new CHW"), say("{count} new CHWs")),
            "more": (say("1 more CHW"), say("{count} more CHWs")),
        }[kind]
        return one if count == 1 else many.format(count=number(count))
    chws = say("1 CHW") if count == 1 else say("{count} CHWs", count=number(count))
    moving = min(count, leaving)
    moved = say("{moving} of today's move", moving=number(moving))
    if leaving > moving:
        moved += say(", {leaving} leave", leaving=number(leaving - moving))
    return f"{chws} ({moved})"


def rule(reach: Reach) -> str:
    """Who is hard to reach: "over 60 min on foot or over 5 km in a straight line from the nearest facility"."""
    words = {
        "minutes": say(
            "over {minutes} min {traveller}", minutes=exact(reach.max_minutes), traveller=say(reach.traveller)
        ),
        "km": say("over {km} km in a straight line", km=exact(reach.max_km)),
        "road_km": say("over {km} km along the way", km=exact(reach.max_road_km)),
        "water": say("across water"),
        "cut_off": say("by a way that closes in the wet season"),
    }
    joints = {"and": say("and"), "or": say("or")}

    def told(part: Rule, inside: bool) -> str:
        if isinstance(part, str):
            return words[part]
        joined = f" {joints[part[0]]} ".join(told(each, True) for each in part[1])
        return f"({joined})" if inside else joined

    tier = say(" of tier {tier} or above", tier=reach.tier) if reach.tier > 1 else ""
    seasons = {
        "plan": "", "either": say(", in the dry or in the wet season"), "both": say(", in both seasons"),
    }  # fmt: skip
    return say(
        "{limits} from the nearest facility{tier}{seasons}",
        limits=told(reach.tree, False), tier=tier, seasons=seasons[reach.season],
    )  # fmt: skip


def sureness(status: str) -> str:
    """How sure a choice is (`Placement.status`), e.g. "best possible"."""
    share = status.removeprefix("best found: at most ").removesuffix(" % better exists")
    if share == status:
        return say(status)
    return say("best found: at most {share} % better exists", share=exact(float(share)))


def heading(scenario: Scenario) -> str:
    """The traveller's name as it begins a sentence or heads a column: "On foot"."""
    name = say(scenario.reach.traveller)
    return f"{name[:1].upper()}{name[1:]}"


def method(scenario: Scenario) -> str:
    """How travel times are found, in one sentence, with the season."""
    traveller = scenario.travellers[scenario.reach.traveller]
    season = f"in the {scenario.season.name} season"
    least = "Travel time is the least time over the cells of the population raster"
    if scenario.friction.file:
        least += f", at the times of {scenario.friction.file} (a friction surface: the same in all directions)"
    if not traveller.ride and scenario.friction.file:
        return f"{least}, {scenario.reach.traveller}, with no waiting, {season}."
    if not traveller.ride:
        return f"{least}, with no waiting and no transport: on foot, {season}."
    if traveller.roads == "burned":
        return (
            f"{least}, {scenario.reach.traveller}: cells with a road are driven without a wait, both ways and as on "
            f'the flat (speeds: "{traveller.ride}"), the others are walked, {season}. A ferry is boarded after '
            f"{traveller.ferry_wait_minutes:g} min."
        )
    uphill = (
        ", slower uphill and faster downhill, by the power of a cyclist" if traveller.slope == "bicycle_power" else ""
    )
    waits = f"{traveller.wait_minutes:g} min for a vehicle, {traveller.ferry_wait_minutes:g} min for a ferry"
    return (
        f"{least} and along the roads, {scenario.reach.traveller}: on foot to a road, then a ride "
        f'(speeds: "{traveller.ride}"{uphill}), each time after a wait ({waits}), and on foot from the road, {season}. '
        "Whoever is there sooner on foot walks."
    )
