"""Coverage in a few sentences: how long it takes, circles of km, tiers, room, use, and how even it is."""

from __future__ import annotations

import numpy as np

from planner.outputs.palette import minutes_text, percent, whole
from planner.types.results import Plan

ALL = 0  # row of all areas together
WORTH_TELLING = 0.005  # of the people: less is not told


def sentences(plan: Plan) -> list[str]:
    """What coverage comes to, beside the table of thresholds; nothing where nobody lives or nowhere care is."""
    if not plan.reached.people[ALL] > 0 or not plan.reached.seasons.tiers:
        return []
    return [f"{_spread(plan)} {_circle(plan)}", _tiers(plan), *_room(plan), _use(plan)]


def _spread(plan: Plan) -> str:
    """How long half and nine tenths of the people need to a facility, season by season."""
    told = plan.reached.seasons
    half, most = ([minutes_text(each) for each in told.minutes[:, 0, k, ALL]] for k in (0, 1))
    text = (
        f"In the {told.seasons[0]} season half of the people need up to {half[0]} to a facility, nine of ten {most[0]}"
    )
    if len(told.seasons) > 1:
        text += f"; in the {told.seasons[1]} season {half[1]} and {most[1]}"
    return f"{text}."


def _circle(plan: Plan) -> str:
    """How many people a circle on the map would count within reach who are not."""
    told, reach = plan.reached, plan.scenario.reach
    people, cross = told.people[ALL], told.crossed
    km_only, minutes_only = cross.km_only[ALL] / people, cross.minutes_only[ALL] / people
    circle = f"Circles of {reach.max_km:g} km around the facilities would"
    if km_only < WORTH_TELLING and minutes_only < WORTH_TELLING:
        return f"{circle} tell the same people near."
    text = f"{circle} also count {percent(km_only)} of all people as near, who need over {reach.max_minutes:g} min"
    if minutes_only >= WORTH_TELLING:
        text += f", and leave out {percent(minutes_only)} who need less"
    return f"{text}."


def _tiers(plan: Plan) -> str:
    """For whom which tier is the highest within reach, at the rule's own minutes."""
    told, reach = plan.reached.seasons, plan.scenario.reach
    step = int(np.argmin(np.abs(told.thresholds - reach.max_minutes)))
    of_tier = told.of_tier[0, :, ALL, step] / plan.reached.people[ALL]
    highest = of_tier - np.append(of_tier[1:], 0.0)
    parts = [f"tier {tier} for {percent(part)}" for tier, part in zip(told.tiers, highest, strict=True)]
    return (
        f"The highest facility within {told.thresholds[step]:g} min is of {', of '.join(reversed(parts))} of the "
        f"people; none of the tiers for {percent(1 - of_tier[0])}."
    )


def _room(plan: Plan) -> list[str]:
    """How many find room where facilities and CHWs serve so many people and no more; nothing where none is limited."""
    told = plan.reached
    each = plan.scenario.placement.people_per_chw or plan.scenario.audit.people_per_chw
    posts = 0, int((~plan.posts.proposed).sum()), int(plan.posts.works.sum())
    parts = [
        f"{when} {percent(told.room.served[k, ALL] / told.people[ALL])} of the people find room "
        f"({percent(told.room.within[k, ALL] / told.people[ALL])} are within reach), and {whole(told.room.full[k])} of "
        f"{whole(posts[k])} posts are full"
        for k, when in ((1, "today"), (2, "with the plan"))
        if posts[k]
    ]
    chws = [f"If a CHW serves at most {whole(each)} people, the nearest first, {'; '.join(parts)}."] if parts else []
    return [*_room_at_facilities(plan), *chws]


def _room_at_facilities(plan: Plan) -> list[str]:
    told = plan.reached
    limited = np.isfinite(told.room.of_facility)
    if not limited.any():
        return []
    full = limited & (told.room.at_facility >= told.room.of_facility * (1 - 1e-9))
    return [
        f"Facilities have room for {percent(told.room.served[0, ALL] / told.people[ALL])} of the people, the nearest "
        f"first ({percent(told.room.within[0, ALL] / told.people[ALL])} are within reach); with the plan "
        f"{whole(full.sum())} of the {whole(limited.sum())} whose capacity is known are full."
    ]


def _use(plan: Plan) -> str:
    """What people would use of care if distance alone decided, as a range."""
    low, high = plan.reached.used.low[:, ALL], plan.reached.used.high[:, ALL]
    ranges = [f"{percent(a)} to {percent(b)}" for a, b in zip(low, high, strict=True)]
    today = f", with the CHWs of today {ranges[1]}" if not plan.posts.proposed.all() else ""
    planned = f", with the plan {ranges[2]}" if plan.posts.proposed.any() else ""
    return (
        "Who lives farther away comes less often, within reach or not. If distance alone decided, all people together "
        f"would use {ranges[0]} of what they would next door to a facility{today}{planned}: by the steepest and by the "
        "mildest fall that was measured."
    )


def how_even(plan: Plan) -> str:
    """Who of the most remote tenth of the people has care within reach; empty where nobody lives."""
    even = plan.reached.evenness
    if not even.people[-1] > 0:
        return ""
    far = even.within[:, -1] / even.people[-1]
    today = f", {percent(far[1])} with the CHWs of today" if not plan.posts.proposed.all() else ""
    planned = f", {percent(far[2])} with the plan" if plan.posts.proposed.any() else ""
    return (
        f"Of the tenth of the people who live farthest from a facility, {percent(far[0])} have one within reach{today}"
        f"{planned}. Along the thin line everybody would have care alike, however remote; the lower a curve, the more "
        "is care with those who live near."
    )
