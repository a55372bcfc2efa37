"""How the plan's traveller goes, in words: the same in map, report, workbook and rasters.

The name of a traveller reads after a time or a noun: "on foot", "by motorbike taxi".
"""

from __future__ import annotations

from planner.scenario import Scenario
from planner.scenario.keys import ON_FOOT
from planner.scenario.reach import Reach, Rule


def going(scenario: Scenario) -> str:
    """How people go, and when it is not the dry season, e.g. "on foot", "by motorbike taxi in the wet season"."""
    wet = " in the wet season" if scenario.season.name == "wet" else ""
    return f"{scenario.reach.traveller}{wet}"


def within(scenario: Scenario, minutes: float, place: str) -> str:
    """Nearness to a place, e.g. "within 60 min on foot of care", "within 60 min of care (by car, wet season)"."""
    traveller = scenario.reach.traveller
    on_foot = traveller == ON_FOOT
    aside = [*([] if on_foot else [traveller]), *(["wet season"] if scenario.season.name == "wet" else [])]
    words = f"within {minutes:g} min{' on foot' if on_foot else ''} of {place}"
    return f"{words} ({', '.join(aside)})" if aside else words


def proposed(count: int, leaving: int, kind: str) -> str:
    """The CHWs that a plan proposes, e.g. "20 new CHWs"; where some of today's leave, "25 CHWs (5 of today's move)"."""
    chws = f"CHW{'' if count == 1 else 's'}"
    if not leaving:
        return f"{count:,} {kind} {chws}"
    moving = min(count, leaving)
    gone = f", {leaving - moving:,} leave" if leaving > moving else ""
    return f"{count:,} {chws} ({moving:,} of today's move{gone})"


def rule(reach: Reach) -> str:
    """Who is hard to reach: "over 60 min on foot or over 5 km in a straight line from the nearest facility"."""
    words = {
        "minutes": f"over {reach.max_minutes:g} min {reach.traveller}",
        "km": f"over {reach.max_km:g} km in a straight line",
        "road_km": f"over {reach.max_road_km:g} km along the way",
        "water": "across water",
        "cut_off": "by a way that closes in the wet season",
    }

    def told(part: Rule, inside: bool) -> str:
        if isinstance(part, str):
            return words[part]
        joined = f" {part[0]} ".join(told(each, True) for each in part[1])
        return f"({joined})" if inside else joined

    tier = f" of tier {reach.tier} or above" if reach.tier > 1 else ""
    seasons = {"plan": "", "either": ", in the dry or in the wet season", "both": ", in both seasons"}
    return f"{told(reach.tree, False)} from the nearest facility{tier}{seasons[reach.season]}"


def heading(scenario: Scenario) -> str:
    """The traveller's name as it begins a sentence or heads a column: "On foot"."""
    name = scenario.reach.traveller
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
