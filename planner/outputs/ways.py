"""A way in words (`planner.routing.turns`) as phrases, so that it can be told in another language."""

from __future__ import annotations

import re

from planner.outputs.language import say, spoken
from planner.outputs.phrases import Phrase, phrase, spelled

COMPASS = "north|north-east|east|south-east|south|south-west|west|north-west"
BEGIN = rf"(?P<number>[\d.,]+) (?P<unit>k?m)(?: (?P<heading>{COMPASS}))?"
END = r" \((?P<time>[^()]*?)\)"
WALK = re.compile(rf"Walk {BEGIN}(?: through (?P<places>.+?))?(?P<aim> to the road| to the ferry)?{END}")
RIDE = re.compile(rf"Ride {BEGIN} on (?P<roads>.+){END}")
WAIT = re.compile(rf"Wait for (?P<what>the ferry|a vehicle){END}")
FERRY = re.compile(
    r"Take the ferry(?: (?P<name>.+?))? for "
    + BEGIN
    + r" \((?P<time>[^()]*?) with the wait\)"
)  # fmt: skip
NO_WAY = (  # in place of the words: see `planner.referral`
    "no way: the place is off the raster, or has no open ground near it", "no way: no such facility takes part",
    "no way: nothing leads there, such as a road, a bridge or open ground",
)  # fmt: skip
UNNAMED = {
    f"an unnamed {kind}": said
    for kind, said in (
        ("road", phrase("an unnamed road")), ("street", phrase("an unnamed street")),
        ("track", phrase("an unnamed track")), ("path", phrase("an unnamed path")),
    )
}  # fmt: skip


def steps(way: str) -> list[Phrase | str]:
    """Each step of the way; one that is in no known words stays as it is."""
    return [_step(step) for step in way.split("; ")] if way else []


def in_words(way: str) -> str:
    """The way in the language that is spoken."""
    return way if spoken() == "en" else say("; ").join(map(spelled, steps(way)))


def _step(step: str) -> Phrase | str:
    if found := WALK.fullmatch(step):
        through = phrase(" through {places}", places=_listed(found["places"])) if found["places"] else ""
        aim = {
            None: "", " to the road": phrase(" to the road"), " to the ferry": phrase(" to the ferry"),
        }[found["aim"]]  # fmt: skip
        return phrase(
            "Walk {distance}{heading}{through}{aim} ({time})",
            distance=_distance(found), heading=_heading(found), through=through, aim=aim, time=found["time"],
        )  # fmt: skip
    if found := WAIT.fullmatch(step):
        vehicle = found["what"] == "a vehicle"
        return phrase("Wait for a vehicle ({time})" if vehicle else "Wait for the ferry ({time})", time=found["time"])
    if found := RIDE.fullmatch(step):
        roads = phrase("roads") if found["roads"] == "roads" else _listed(found["roads"])
        return phrase(
            "Ride {distance}{heading} on {roads} ({time})",
            distance=_distance(found), heading=_heading(found), roads=roads, time=found["time"],
        )  # fmt: skip
    if found := FERRY.fullmatch(step):
        return phrase(
            "Take the ferry{name} for {distance}{heading} ({time} with the wait)",
            name=f" {found['name']}" if found["name"] else "", distance=_distance(found), heading=_heading(found),
            time=found["time"],
        )  # fmt: skip
    return phrase(step) if step in NO_WAY else step


def _distance(found: re.Match[str]) -> Phrase:
    number = float(found["number"].replace(",", ""))
    return phrase("{number} km" if found["unit"] == "km" else "{number} m", number=number)


def _heading(found: re.Match[str]) -> Phrase | str:
    return HEADINGS[found["heading"]] if found["heading"] else ""


HEADINGS = {
    "north": phrase(" north"), "north-east": phrase(" north-east"), "east": phrase(" east"),
    "south-east": phrase(" south-east"), "south": phrase(" south"), "south-west": phrase(" south-west"),
    "west": phrase(" west"), "north-west": phrase(" north-west"),
}  # fmt: skip


def _listed(names: str) -> Phrase | str:
    """Names that "and" joins."""
    first, joined, last = names.rpartition(" and ")
    if joined:
        return phrase("{first} and {last}", first=_named(first), last=_named(last))
    return _named(names)


def _named(name: str) -> Phrase | str:
    return UNNAMED.get(name, name)
