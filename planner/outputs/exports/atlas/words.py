"""What a page says in words: its message, and the names of what is drawn."""

from __future__ import annotations

import math
import re

from planner.outputs.exports.atlas.book import Book
from planner.outputs.exports.atlas.figures import Place
from planner.outputs.exports.atlas.fonts import APART, ELLIPSIS
from planner.outputs.language import exact, number, say, spoken
from planner.outputs.palette import percent, whole

LONGEST_NAME = 48  # letters of a place in a message
UNBROKEN = re.compile(" (?=%|min\\b)")  # a number and its unit stay in one line


def message(book: Book, place: Place) -> str:
    """The message of a page in one sentence."""
    today, plan = place.far
    if not math.isfinite(today):
        return say("The population raster has nobody in these areas.")
    minutes = exact(book.scenario.placement.max_minutes)
    going = say(traveller(book))
    if today == 0:
        now = say("All under-fives live within {minutes} min {going} of care") if place.of_children else (
            say("Everybody lives within {minutes} min {going} of care")
        )  # fmt: skip
    else:
        now = say("{share} of under-fives live over {minutes} min {going} from care") if place.of_children else (
            say("{share} of people live over {minutes} min {going} from care")
        )  # fmt: skip
    now = now.format(share=percent(today), minutes=minutes, going=going)
    told = say("{now}; {then}.", now=now, then=_then(place, percent(today), percent(plan)))
    told = UNBROKEN.sub("\N{NO-BREAK SPACE}", told)
    return told if place.whole else say("{place}: {message}", place=_short(place.name), message=_lower(told))


def _then(place: Place, today: str, plan: str) -> str:
    """What the plan does about it."""
    one_alone = place.new_chws == 1
    chws = new_chws(place.new_chws)
    if plan != today:
        if place.leaving:
            return say("with the plan it is {share}", share=plan)
        text = say("{chws} brings it to {share}") if one_alone else say("{chws} bring it to {share}")
        nearby = say("new CHWs nearby bring it to {share}")
        return (text if place.new_chws else nearby).format(chws=chws, share=plan)
    if place.gain >= 0.5:
        text = say("{chws} reaches {count} more") if one_alone else say("{chws} reach {count} more")
        return text.format(chws=chws, count=whole(place.gain))
    if place.new_chws:
        text = say("1 new CHW would not change that") if one_alone else say("{count} new CHWs would not change that")
        return text.format(count=number(place.new_chws))
    return say("no new CHW is proposed") if place.whole else say("no new CHW is proposed here")


def new_chws(count: int) -> str:
    """So many new CHWs."""
    return say("1 new CHW") if count == 1 else say("{count} new CHWs", count=number(count))


def _short(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    return name[: LONGEST_NAME - 1].rstrip() + ELLIPSIS + (APART if name.endswith(APART) else "")


def _lower(sentence: str) -> str:
    """The sentence as it goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]


def traveller(book: Book) -> str:
    """The plan's traveller, as the scenario calls him."""
    return book.letters.clean(book.scenario.reach.traveller)


def one(count: int) -> bool:
    """Whether what is counted stands in the singular: in French nothing does, too."""
    return count == 1 or (count == 0 and spoken() == "fr")


def legend_title(book: Book) -> str:
    """What the colours of a map are."""
    season = {"dry": say("dry season"), "wet": say("wet season")}[book.scenario.season.name]
    return say(
        "Minutes {going} to care today: the nearest facility or CHW ({season})",
        going=say(traveller(book)),
        season=season,
    )


def role(name: str) -> str:
    """What a file is read for, as its source is cited."""
    return {
        "population": say("Population"),
        "under_fives": say("Under-fives"),
        "elevation": say("Elevation"),
        "land_cover": say("Land cover"),
        "friction": say("Friction"),
        "roads": say("Roads"),
        "water": say("Water"),
        "areas": say("Areas"),
        "facilities": say("Facilities"),
        "villages": say("Villages"),
        "chws": say("CHWs"),
    }.get(name, "")
