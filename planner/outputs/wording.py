"""How the plan's traveller goes, in words: the same in map, report, workbook and rasters.

The name of a traveller reads after a time or a noun: "on foot", "by motorbike taxi".
"""

from __future__ import annotations

import re
from typing import Literal

from planner.outputs.language import exact, number, say, spoken
from planner.scenario import Scenario
from planner.scenario.keys import ON_FOOT
from planner.scenario.placement import PlacementChoice
from planner.scenario.reach import Reach, Rule

BETTER = re.compile(r"best found: at most ([\d.]+) ?% better exists")
ON_THE_REST = re.compile(r"(?:then )?(?P<method>.+) on the (?P<count>\d+) sites left")


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


def counted_in(asked: PlacementChoice, *, weighted: bool = True) -> str:
    """Who counts in the choice of villages, after a number, or after "hard-to-reach"; and that they are weighted."""
    if asked.counts == "under_fives":
        return say("children under five (weighted)") if weighted and asked.weighted else say("children under five")
    return say("people (weighted)") if weighted and asked.weighted else say("people")


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
    found = BETTER.fullmatch(status)
    return say("best found: at most {share} % better exists", share=exact(float(found[1]))) if found else say(status)


def found_by(method: str) -> str:
    """What found a choice (`Placement.method`): as a whole where the catalogue has it, else step by step."""
    if spoken() == "en" or say(method) != method:
        return say(method)
    return ", ".join(map(_step, method.split(", ")))


def _step(step: str) -> str:
    found = ON_THE_REST.fullmatch(step)
    if not found:
        return say(step)
    return say("{method} on the {count} sites left", method=say(found["method"]), count=number(int(found["count"])))


def heading(scenario: Scenario) -> str:
    """The traveller's name as it begins a sentence or heads a column: "On foot"."""
    return capital(say(scenario.reach.traveller))


def capital(text: str) -> str:
    """A text as it begins a sentence."""
    return text[:1].upper() + text[1:]


def in_season(season: str) -> str:
    """When: "in the dry season"."""
    return say("in the dry season") if season == "dry" else say("in the wet season")


def method(scenario: Scenario) -> str:
    """How travel times are found, in one sentence, with the season."""
    traveller = scenario.travellers[scenario.reach.traveller]
    going = {"traveller": say(scenario.reach.traveller), "season": in_season(scenario.season.name)}
    over = say("over the cells of the population raster")
    if scenario.friction.file:
        over = say(
            "over the cells of the population raster, at the times of {file} (a friction surface: the same in all "
            "directions)",
            file=scenario.friction.file,
        )
        if not traveller.ride:
            return say(
                "Travel time is the least time {over}, {traveller}, with no waiting, {season}.", over=over, **going
            )
    if not traveller.ride:
        return say(
            "Travel time is the least time {over}, with no waiting and no transport: {traveller}, {season}.",
            over=over, traveller=say(ON_FOOT), season=going["season"],
        )  # fmt: skip
    ferry = exact(traveller.ferry_wait_minutes)
    if traveller.roads == "burned":
        return say(
            "Travel time is the least time {over}, {traveller}: cells with a road are driven without a wait, both ways "
            'and as on the flat (speeds: "{speeds}"), the others are walked, {season}. A ferry is boarded after '
            "{ferry} min.",
            over=over, speeds=traveller.ride, ferry=ferry, **going,
        )  # fmt: skip
    bicycle = traveller.slope == "bicycle_power"
    return say(
        "Travel time is the least time {over} and along the roads, {traveller}: on foot to a road, then a ride "
        '(speeds: "{speeds}"{uphill}), each time after a wait ({vehicle} min for a vehicle, {ferry} min for a ferry), '
        "and on foot from the road, {season}. Whoever is there sooner on foot walks.",
        over=over, speeds=traveller.ride, vehicle=exact(traveller.wait_minutes), ferry=ferry, **going,
        uphill=say(", slower uphill and faster downhill, by the power of a cyclist") if bicycle else "",
    )  # fmt: skip
