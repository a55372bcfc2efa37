"""Coverage in a few sentences: how long it takes, circles of km, tiers, room, use, and how even it is."""

from __future__ import annotations

import numpy as np

from planner.outputs.language import exact, say
from planner.outputs.palette import minutes_text, percent, whole
from planner.outputs.wording import capital, in_season
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
    seasons = [
        say(
            "{season} half of the people need up to {half} to a facility, nine of ten {most}" if k == 0
            else "{season} {half} and {most}",
            season=in_season(season), half=minutes_text(told.minutes[k, 0, 0, ALL]),
            most=minutes_text(told.minutes[k, 0, 1, ALL]),
        )
        for k, season in enumerate(told.seasons)
    ]  # fmt: skip
    return f"{capital(say('; ').join(seasons))}."


def _circle(plan: Plan) -> str:
    """How many people a circle on the map would count within reach who are not."""
    told, reach = plan.reached, plan.scenario.reach
    people, cross = told.people[ALL], told.crossed
    km_only, minutes_only = cross.km_only[ALL] / people, cross.minutes_only[ALL] / people
    if km_only < WORTH_TELLING and minutes_only < WORTH_TELLING:
        return say("Circles of {km} km around the facilities would tell the same people near.", km=exact(reach.max_km))
    out = say(", and leave out {share} who need less", share=percent(minutes_only))
    return say(
        "Circles of {km} km around the facilities would also count {share} of all people as near, who need over "
        "{minutes} min{out}.",
        km=exact(reach.max_km), share=percent(km_only), minutes=exact(reach.max_minutes),
        out=out if minutes_only >= WORTH_TELLING else "",
    )  # fmt: skip


def _tiers(plan: Plan) -> str:
    """For whom which tier is the highest within reach, at the rule's own minutes."""
    told, reach = plan.reached.seasons, plan.scenario.reach
    step = int(np.argmin(np.abs(told.thresholds - reach.max_minutes)))
    of_tier = told.of_tier[0, :, ALL, step] / plan.reached.people[ALL]
    highest = of_tier - np.append(of_tier[1:], 0.0)
    parts = [
        say("of tier {tier} for {share}", tier=tier, share=percent(part))
        for tier, part in zip(told.tiers, highest, strict=True)
    ]
    return say(
        "The highest facility within {minutes} min is {tiers} of the people; none of the tiers for {none}.",
        minutes=exact(told.thresholds[step]), tiers=", ".join(reversed(parts)), none=percent(1 - of_tier[0]),
    )  # fmt: skip


def _room(plan: Plan) -> list[str]:
    """How many find room where facilities and CHWs serve so many people and no more; nothing where none is limited."""
    told = plan.reached
    each = plan.scenario.placement.people_per_chw or plan.scenario.audit.people_per_chw
    posts = 0, int((~plan.posts.proposed).sum()), int(plan.posts.works.sum())
    parts = [
        say(
            "{when} {share} of the people find room ({within} are within reach), and {full} of {posts} posts are full",
            when=when, share=percent(told.room.served[k, ALL] / told.people[ALL]),
            within=percent(told.room.within[k, ALL] / told.people[ALL]), full=whole(told.room.full[k]),
            posts=whole(posts[k]),
        )
        for k, when in ((1, say("today")), (2, say("with the plan")))
        if posts[k]
    ]  # fmt: skip
    if not parts:
        return _room_at_facilities(plan)
    chws = say(
        "If a CHW serves at most {people} people, the nearest first, {parts}.",
        people=whole(each), parts=say("; ").join(parts),
    )  # fmt: skip
    return [*_room_at_facilities(plan), chws]


def _room_at_facilities(plan: Plan) -> list[str]:
    told = plan.reached
    limited = np.isfinite(told.room.of_facility)
    if not limited.any():
        return []
    full = limited & (told.room.at_facility >= told.room.of_facility * (1 - 1e-9))
    return [
        say(
            "Facilities have room for {share} of the people, the nearest first ({within} are within reach); with the "
            "plan {full} of the {limited} whose capacity is known are full.",
            share=percent(told.room.served[0, ALL] / told.people[ALL]),
            within=percent(told.room.within[0, ALL] / told.people[ALL]), full=whole(full.sum()),
            limited=whole(limited.sum()),
        )
    ]  # fmt: skip


def _use(plan: Plan) -> str:
    """What people would use of care if distance alone decided, as a range."""
    low, high = plan.reached.used.low[:, ALL], plan.reached.used.high[:, ALL]
    ranges = [say("{low} to {high}", low=percent(a), high=percent(b)) for a, b in zip(low, high, strict=True)]
    today, then = (
        say(", with the CHWs of today {share}", share=ranges[1]), say(", with the plan {share}", share=ranges[2])
    )  # fmt: skip
    return say(
        "Who lives farther away comes less often, within reach or not. If distance alone decided, all people together "
        "would use {share} of what they would next door to a facility{today}{then}: by the steepest and by the "
        "mildest fall that was measured.",
        share=ranges[0], **_where_there(plan, today, then),
    )  # fmt: skip


def how_even(plan: Plan) -> str:
    """Who of the most remote tenth of the people has care within reach; empty where nobody lives."""
    even = plan.reached.evenness
    if not even.people[-1] > 0:
        return ""
    far = [percent(share) for share in even.within[:, -1] / even.people[-1]]
    today, then = (
        say(", {share} with the CHWs of today", share=far[1]), say(", {share} with the plan", share=far[2])
    )  # fmt: skip
    return say(
        "Of the tenth of the people who live farthest from a facility, {share} have one within reach{today}{then}. "
        "Along the thin line everybody would have care alike, however remote; the lower a curve, the more is care with "
        "those who live near.",
        share=far[0], **_where_there(plan, today, then),
    )  # fmt: skip


def _where_there(plan: Plan, today: str, then: str) -> dict[str, str]:
    """What is told of the CHWs of today and of the plan's, where there are any."""
    new = plan.posts.proposed
    return {"today": "" if new.all() else today, "then": then if new.any() else ""}
