"""The choice of villages in a district officer's words: what was asked, what came out, how good it is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.outputs import wording
from planner.outputs.language import counted, exact, number, say
from planner.outputs.palette import percent, whole
from planner.types.results import Plan


@dataclass(frozen=True)
class Told:
    """The question, the answer with its proof, the rules that were kept, and whom to cite for the model."""

    question: str
    answer: str
    rules: tuple[str, ...]
    source: str


SOURCES = {
    "maximal_cover": "Church R, ReVelle C (1974) The maximal covering location problem. Papers of the Regional Science "
    "Association 32:101–118",
    "backup_cover": "Hogan K, ReVelle C (1986) Concepts and applications of backup coverage. Management Science "
    "32:1434–1444",
    "set_cover": "Toregas C, Swain R, ReVelle C, Bergman L (1971) The location of emergency service facilities. "
    "Operations Research 19:1363–1373",
    "p_median": "Hakimi SL (1964) Optimum locations of switching centers and the absolute centers and medians of a "
    "graph. Operations Research 12:450–459",
    "p_center": "Minieka E (1970) The m-center problem. SIAM Review 12:138–139",
    "capacity": "Current JR, Storbeck JE (1988) Capacitated covering models. Environment and Planning B 15:153–163",
}


SPEEDS = "speeds of "  # begins the name of a condition


def told(plan: Plan) -> Told:
    """Tell the plan's choice of villages."""
    asked = plan.scenario.placement
    source = SOURCES[asked.model]
    if asked.people_per_chw:
        source = f"{source}. {SOURCES['capacity']}"
    question = " ".join([_question(plan), *_amounts(plan)])
    return Told(question, _answer(plan), tuple(_rules(plan)), source)


def placed_best(plan: Plan) -> str:
    """What as many CHWs as today would reach if they lived where they reach most; empty without CHWs today."""
    moved = plan.alternatives.relocation
    if moved is None:
        return ""
    told = counted(
        "The CHW of today reaches {people} hard-to-reach {who} where she or he lives.",
        "The {count} CHWs of today reach {people} hard-to-reach {who} where they live.",
        int((~plan.posts.proposed).sum()), people=whole(moved.today), who=_who(plan),
    )  # fmt: skip
    more = moved.best - moved.today
    if more < max(0.005 * moved.today, 1.0):
        live = say("No other villages for as many CHWs would change that by much: they live where they should.")
        return f"{told} {live}"
    by = say(", {share} more", share=percent(more / moved.today)) if moved.today > 0 else ""
    best = counted(
        "The same number of CHWs, placed best, would reach {people}{by} ({status}); one of them would live elsewhere.",
        "The same number of CHWs, placed best, would reach {people}{by} ({status}); {count} of them would live "
        "elsewhere.",
        len(moved.leaves), people=whole(moved.best), by=by, status=wording.sureness(moved.status),
    )  # fmt: skip
    return f"{told} {best}"


def how_many(plan: Plan) -> str:
    """How many new CHWs bring a half, three quarters, 90 % of those without one within reach, and how far it can go."""
    growth = plan.alternatives.growth
    if growth is None or not growth.everybody > 0 or len(growth.covered) < 2:
        return ""
    steps = [
        say(
            "{count} for {share} %",
            count=whole(int(np.argmax(growth.covered >= share * growth.everybody))), share=exact(100 * share),
        )
        for share in (0.5, 0.75, 0.9, 0.95)
        if growth.covered[-1] >= share * growth.everybody
    ]  # fmt: skip
    told = [
        say(
            "{people} hard-to-reach {who} have no CHW within reach today.",
            people=whole(growth.everybody), who=_who(plan),
        )
    ]  # fmt: skip
    if steps:
        told.append(say("New CHWs needed: {steps}.", steps=", ".join(steps)))
    last, beyond = len(growth.covered) - 1, growth.everybody - growth.covered[-1]
    weighted = plan.scenario.placement.weighted
    far = say("{people} (weighted)", people=whole(beyond)) if weighted else whole(beyond)
    told.append(
        counted(
            "{count} brings a CHW within reach of everybody whom any village can serve{beyond}.",
            "{count} bring a CHW within reach of everybody whom any village can serve{beyond}.",
            last,
            beyond=say("; {people} live beyond reach of every village that may have one", people=far)
            if beyond >= 0.5 else "",
        )
    )  # fmt: skip
    return " ".join(told)


def price_of_fairness(plan: Plan) -> str:
    """What the fairest choice gives up, and what the worst-off area gains by it; empty where it was not asked for."""
    fair = plan.alternatives.fairness
    if fair is None:
        return ""
    who = _who(plan)
    told = say(
        "Of the hard-to-reach {who}, at least {share} have a CHW within reach in every area. The choice that reaches "
        "most {who} would leave {area} at {worst}.",
        who=who, share=percent(np.nanmin(fair.share)), worst=percent(np.nanmin(fair.share_of_most)),
        area=plan.areas.name[int(np.nanargmin(fair.share_of_most))],
    )  # fmt: skip
    price = (
        say("The price of fairness: {people} {who} fewer in all.", people=whole(fair.given_up), who=who)
        if fair.given_up >= 0.5
        else say("Fairness costs nothing here: as many are reached in all.")
    )
    return f"{told} {price}"


def under_conditions(plan: Plan) -> str:
    """What the plan reaches under each of the conditions; empty where it was not asked for."""
    robust = plan.alternatives.robustness
    if robust is None:
        return ""
    each = say("; ").join(
        say(
            "{condition}: {people} of at most {best}",
            condition=_condition(name),
            people=whole(covered),
            best=whole(best),
        )
        for name, covered, best in zip(robust.conditions, robust.covered, robust.best, strict=True)
    )
    return say(
        "The choice has to hold under {count} conditions. Hard-to-reach {who} with a CHW within reach, and how many "
        "the best choice for that condition alone would reach: {each}. {always} of the {villages} villages are in the "
        "best choice for every condition: to begin there is never wrong.",
        count=len(robust.conditions), who=_who(plan), each=each, villages=whole(len(robust.chosen_in)),
        always=whole(int((robust.chosen_in == len(robust.conditions)).sum())),
    )  # fmt: skip


def _condition(name: str) -> str:
    """A season, or other speeds, by its name."""
    speeds = name.removeprefix(SPEEDS)
    return say(name) if speeds == name else say("speeds of {table}", table=speeds)


def _who(plan: Plan) -> str:
    """Who is counted, and how, after "hard-to-reach"."""
    return wording.counted_in(plan.scenario.placement)


def _question(plan: Plan) -> str:
    """What was asked, in one sentence."""
    asked = plan.scenario.placement
    who = wording.counted_in(asked, weighted=False)
    reach = say("within {minutes} minutes on foot of a CHW", minutes=exact(asked.max_minutes))
    full = (
        say(", when one CHW serves at most {people} people", people=whole(asked.people_per_chw))
        if asked.people_per_chw
        else ""
    )
    if asked.fair:
        return say(
            "Where do {chws} new CHWs lift the area where fewest hard-to-reach {who} live {reach} as far as it goes, "
            "then the next one, and so on?",
            chws=whole(asked.new_chws), who=who, reach=reach,
        )  # fmt: skip
    if asked.robust == "average":
        full = say(", on average over all conditions")
    if asked.robust == "worst":
        full = say(", in the worst of all conditions")
    if asked.model == "set_cover":
        return say(
            "How few CHWs bring {share} % of the hard-to-reach {who} {reach}{full}?",
            share=exact(100 * asked.reach_share), who=who, reach=reach, full=full,
        )  # fmt: skip
    if asked.model == "p_median":
        return counted(
            "Where does {count} new CHW spare hard-to-reach {who} most walking, when whoever is not {reach} counts as "
            "{minutes} minutes away?",
            "Where do {count} new CHWs spare hard-to-reach {who} most walking, when whoever is not {reach} counts as "
            "{minutes} minutes away?",
            asked.new_chws, who=who, reach=reach, minutes=exact(asked.beyond_minutes),
        )  # fmt: skip
    if asked.model == "p_center":
        return counted(
            "Where should {count} new CHW live so that the longest way on foot of hard-to-reach {who} to a CHW is as "
            "short as can be?",
            "Where should {count} new CHWs live so that the longest way on foot of hard-to-reach {who} to a CHW is as "
            "short as can be?",
            asked.new_chws, who=who,
        )  # fmt: skip
    if asked.model == "backup_cover":
        full = say(", when a second CHW so near counts {weight} of the first", weight=exact(asked.backup_weight))
    return counted(
        "Where does {count} new CHW bring most hard-to-reach {who} {reach}{full}?",
        "Where do {count} new CHWs bring most hard-to-reach {who} {reach}{full}?",
        asked.new_chws, who=who, reach=reach, full=full,
    )  # fmt: skip


def _amounts(plan: Plan) -> Iterator[str]:
    """What is not alike everywhere, in a sentence each."""
    asked = plan.scenario.placement
    if asked.weighted:
        who = wording.counted_in(asked, weighted=False)
        each = [
            say("{who} of {area} count {times} times", who=who, area=_area(plan, area), times=exact(weight))
            for area, weight in asked.area_weight.items() if weight != 1
        ]  # fmt: skip
        yield say("In the choice, {each}, all others once.", each=", ".join(each))
    if asked.budget and asked.village_cost:
        yield counted(
            "{count} village has a cost of its own for a new CHW.",
            "{count} villages have a cost of their own for a new CHW.", len(asked.village_cost),
        )  # fmt: skip


def _answer(plan: Plan) -> str:
    """What came out, and what no other choice can better."""
    placed, asked = plan.placement, plan.scenario.placement
    chws, rules = int(placed.chws.sum()), bool(_rules(plan))
    if asked.model == "set_cover":
        return _few(plan, chws, rules)
    kept = say(" that keeps the rules") if rules else ""
    those = counted("{count} new CHW", "{count} new CHWs", chws)
    if asked.model == "p_center":
        return _longest(plan, those, kept)
    if asked.model == "p_median":
        mean, least = (amount / max(placed.everybody, 1e-9) for amount in (placed.objective, placed.bound))
        return say(
            "With {chws} they need {mean} minutes on average{how}; no choice of as many{kept} comes below {least}.",
            chws=those, mean=number(mean, 1), kept=kept, least=number(least, 1),
            how=say(" (weighted)") if asked.weighted else "",
        )  # fmt: skip
    serve = bool(asked.people_per_chw)
    adds = say(
        "Beside those of today, {chws} serve {people} hard-to-reach {who}{points}" if serve
        else "Beside those of today, {chws} reach {people} hard-to-reach {who}{points}",
        chws=those, people=whole(placed.objective), who=_who(plan),
        points=say(", a second CHW counted with its weight") if asked.model == "backup_cover" else "",
    )  # fmt: skip
    if asked.fair:
        return f"{adds}."
    return say(
        "{adds}; no choice of as many{kept} can serve more than {most}." if serve
        else "{adds}; no choice of as many{kept} can reach more than {most}.",
        adds=adds, kept=kept, most=whole(placed.bound),
    )  # fmt: skip


def _longest(plan: Plan, those: str, kept: str) -> str:
    """The longest way with the plan and today, and who is left out of both."""
    placed, left, within = plan.placement, plan.alternatives.longest, exact(plan.scenario.placement.beyond_minutes)
    told = [
        say(
            "With {chws} the longest way is {minutes} minutes; no choice of as many{kept} comes below {least}.",
            chws=those, minutes=number(placed.objective, 1), kept=kept, least=number(placed.bound, 1),
        )
    ]  # fmt: skip
    if left is None:
        return told[0]
    today = number(left.today, 1)
    if not left.today:
        told.append(say("Today nobody has a CHW within {within} minutes.", within=within))
    elif left.without < 0.5:
        told.append(say("Today it is {minutes} minutes.", minutes=today))
    else:
        told.append(
            say(
                "Today {people} people have no CHW within {within} minutes; of all others, the longest way is "
                "{minutes} minutes.",
                people=whole(left.without), within=within, minutes=today,
            )
        )  # fmt: skip
    if left.beyond >= 0.5:
        told.append(
            say(
                "{people} people do not count here: they live over {within} minutes from every village that may have "
                "a CHW.",
                people=whole(left.beyond), within=within,
            )
        )  # fmt: skip
    return " ".join(told)


def _few(plan: Plan, chws: int, rules: bool) -> str:
    """How few CHWs are enough."""
    placed = plan.placement
    enough = counted(
        "{count} new CHW is enough{kept}.", "{count} new CHWs are enough{kept}.", chws,
        kept=say(", with the rules kept") if rules else "",
    )  # fmt: skip
    fewest = math.ceil(placed.bound - 1e-6)
    proof = (
        say("No fewer are enough.")
        if placed.gap == 0
        else say("Fewer than {count} are not enough.", count=whole(fewest))
    )
    return f"{enough} {proof}"


def _area(plan: Plan, called: str) -> str:
    """The name of an area that the scenario calls by its name or code."""
    return dict(zip(plan.areas.code, plan.areas.name, strict=True)).get(called, called)


def _rules(plan: Plan) -> list[str]:
    """Every rule that the scenario sets, in a few words; those that are not set are left out."""
    asked = plan.scenario.placement
    told = [
        (asked.chws_per_village > 1, say("at most {count} CHWs in a village", count=asked.chws_per_village)),
        (asked.today == "move" and asked.max_moves < 0, say("CHWs of today may move")),
        (asked.today != "stay" and asked.max_moves >= 0,
         say("at most {count} CHWs of today move", count=asked.max_moves)),
        (asked.today == "leave", say("CHWs of today need not go on")),
        (asked.min_km > 0, say("villages with CHWs are at least {km} km apart", km=exact(asked.min_km))),
        (bool(asked.forced), say("a CHW in {villages}", villages=", ".join(asked.forced))),
        (bool(asked.forbidden), say("no new CHW in {villages}", villages=", ".join(asked.forbidden))),
        (asked.quota == "proportional",
         say("new CHWs by area in proportion to its hard-to-reach people, weighted") if asked.weighted
         else say("new CHWs by area in proportion to its hard-to-reach people")),
        *((True, say("at least {count} CHWs in {area}", count=count, area=_area(plan, area)))
          for area, count in asked.area_least.items()),
        *((True, say("at most {count} CHWs in {area}", count=count, area=_area(plan, area)))
          for area, count in asked.area_most.items()),
        (asked.budget > 0, say("new CHWs and moves cost at most {cost}", cost=whole(asked.budget))),
        (asked.supervisors_per_facility > 0,
         say("every CHW has a place with one of {count} supervisors of a facility",
             count=asked.supervisors_per_facility)),
    ]  # fmt: skip
    return [words for is_set, words in told if is_set]
