"""The choice of villages in a district officer's words: what was asked, what came out, how good it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from planner.outputs.palette import percent, whole
from planner.scenario.placement import PlacementChoice
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
    "capacity": "Current JR, Storbeck JE (1988) Capacitated covering models. Environment and Planning B 15:153–163",
}


def told(plan: Plan) -> Told:
    """Tell the plan's choice of villages."""
    asked = plan.scenario.placement
    source = SOURCES[asked.model]
    if asked.people_per_chw:
        source = f"{source}. {SOURCES['capacity']}"
    return Told(_question(asked), _answer(plan), tuple(_rules(asked)), source)


def placed_best(plan: Plan) -> str:
    """What as many CHWs as today would reach if they lived where they reach most; empty without CHWs today."""
    moved = plan.alternatives.relocation
    if moved is None:
        return ""
    who = "under-fives" if plan.scenario.placement.counts == "under_fives" else "people"
    count = int((~plan.posts.proposed).sum())
    chws = "The CHW of today reaches" if count == 1 else f"The {whole(count)} CHWs of today reach"
    where = f"{chws} {whole(moved.today)} hard-to-reach {who} where {'she or he lives' if count == 1 else 'they live'}."
    more = moved.best - moved.today
    if more < max(0.005 * moved.today, 1.0):
        return f"{where} No other villages for as many CHWs would change that by much: they live where they should."
    by = f", {percent(more / moved.today)} more" if moved.today > 0 else ""
    movers = len(moved.leaves)
    return (
        f"{where} The same number of CHWs, placed best, would reach {whole(moved.best)}{by} ({moved.status}); "
        f"{'one' if movers == 1 else whole(movers)} of them would live elsewhere."
    )


def how_many(plan: Plan) -> str:
    """How many new CHWs bring a half, three quarters, 90 % of those without one within reach, and how far it can go."""
    growth = plan.alternatives.growth
    if growth is None or not growth.everybody > 0 or len(growth.covered) < 2:
        return ""
    who = "under-fives" if plan.scenario.placement.counts == "under_fives" else "people"
    steps = [
        f"{whole(int(np.argmax(growth.covered >= share * growth.everybody)))} for {100 * share:g} %"
        for share in (0.5, 0.75, 0.9, 0.95)
        if growth.covered[-1] >= share * growth.everybody
    ]
    last = len(growth.covered) - 1
    far = growth.everybody - growth.covered[-1]
    few = f"New CHWs needed: {', '.join(steps)}. " if steps else ""
    ends = f"{whole(last)} bring a CHW within reach of everybody whom any village can serve"
    beyond = f"; {whole(far)} live beyond reach of every village that may have one" if far >= 0.5 else ""
    return f"{whole(growth.everybody)} hard-to-reach {who} have no CHW within reach today. {few}{ends}{beyond}."


def price_of_fairness(plan: Plan) -> str:
    """What the fairest choice gives up, and what the worst-off area gains by it; empty where it was not asked for."""
    fair = plan.alternatives.fairness
    if fair is None:
        return ""
    who = "under-fives" if plan.scenario.placement.counts == "under_fives" else "people"
    worst, worst_of_most = np.nanmin(fair.share), np.nanmin(fair.share_of_most)
    area = plan.areas.name[int(np.nanargmin(fair.share_of_most))]
    return (
        f"Of the hard-to-reach {who}, at least {percent(worst)} have a CHW within reach in every area. The choice that "
        f"reaches most {who} would leave {area} at {percent(worst_of_most)}. "
        + (f"The price of fairness: {whole(fair.given_up)} {who} fewer in all." if fair.given_up >= 0.5
           else "Fairness costs nothing here: as many are reached in all.")
    )  # fmt: skip


def under_conditions(plan: Plan) -> str:
    """What the plan reaches under each of the conditions; empty where it was not asked for."""
    robust = plan.alternatives.robustness
    if robust is None:
        return ""
    who = "under-fives" if plan.scenario.placement.counts == "under_fives" else "people"
    count = len(robust.conditions)
    always, villages = int((robust.chosen_in == count).sum()), len(robust.chosen_in)
    each = "; ".join(
        f"{name}: {whole(covered)} of at most {whole(best)}"
        for name, covered, best in zip(robust.conditions, robust.covered, robust.best, strict=True)
    )
    return (
        f"The choice has to hold under {count} conditions. Hard-to-reach {who} with a CHW within reach, and how many "
        f"the best choice for that condition alone would reach: {each}. {whole(always)} of the {whole(villages)} "
        "villages are in the best choice for every condition: to begin there is never wrong."
    )


def _question(asked: PlacementChoice) -> str:
    """What was asked, in one sentence."""
    who = "under-fives" if asked.counts == "under_fives" else "people"
    reach = f"within {asked.max_minutes:g} minutes on foot of a CHW"
    full = f", when one CHW serves at most {whole(asked.people_per_chw)} people" if asked.people_per_chw else ""
    if asked.fair:
        return (
            f"Where do {whole(asked.new_chws)} new CHWs lift the area where fewest hard-to-reach {who} live {reach} as "
            "far as it goes, then the next one, and so on?"
        )
    if asked.robust != "no":
        holds = "on average over all conditions" if asked.robust == "average" else "in the worst of all conditions"
        full = f", {holds}"
    chws = "does 1 new CHW" if asked.new_chws == 1 else f"do {whole(asked.new_chws)} new CHWs"
    return {
        "maximal_cover": f"Where {chws} bring most hard-to-reach {who} {reach}{full}?",
        "backup_cover": f"Where {chws} bring most hard-to-reach {who} {reach}, when a second CHW so near counts "
        f"{asked.backup_weight:g} of the first?",
        "set_cover": f"How few CHWs bring {100 * asked.reach_share:g} % of the hard-to-reach {who} {reach}{full}?",
        "p_median": f"Where {chws} spare hard-to-reach {who} most walking, when whoever is not {reach} counts as "
        f"{asked.beyond_minutes:g} minutes away?",
    }[asked.model]


def _answer(plan: Plan) -> str:
    """What came out, and what no other choice can better."""
    placed, asked = plan.placement, plan.scenario.placement
    chws = int(placed.chws.sum())
    those = f"{whole(chws)} new CHW{'' if chws == 1 else 's'}"
    kept = " that keeps the rules" if list(_rules(asked)) else ""
    who = placed.unit if placed.unit == "under-fives" else "people"
    if asked.model == "set_cover":
        fewest = math.ceil(placed.bound - 1e-6)
        proof = "No fewer are enough" if placed.gap == 0 else f"Fewer than {whole(fewest)} are not enough"
        return f"{those} are enough{kept and ', with the rules kept'}. {proof}."
    if asked.model == "p_median":
        everybody = plan.land.people[plan.hard_to_reach & (plan.land.area >= 0)]
        if asked.counts == "under_fives":
            everybody = plan.land.under_fives[plan.hard_to_reach & (plan.land.area >= 0)]
        mean, least = (amount / max(everybody.sum(), 1e-9) for amount in (placed.objective, placed.bound))
        return (
            f"With {those} they need {mean:.1f} minutes on average; no choice of as many{kept} comes below {least:.1f}."
        )
    serve = "serve" if asked.people_per_chw else "reach"
    points = ", a second CHW counted with its weight" if asked.model == "backup_cover" else ""
    adds = f"Beside those of today, {those} {serve} {whole(placed.objective)} hard-to-reach {who}{points}"
    return (
        f"{adds}." if asked.fair else f"{adds}; no choice of as many{kept} can {serve} more than {whole(placed.bound)}."
    )


def _rules(asked: PlacementChoice) -> list[str]:
    """Every rule that the scenario sets, in a few words; those that are not set are left out."""
    told = {
        f"at most {asked.chws_per_village} CHWs in a village": asked.chws_per_village > 1,
        "CHWs of today may move": asked.today == "move" and asked.max_moves < 0,
        f"at most {asked.max_moves} CHWs of today move": asked.today != "stay" and asked.max_moves >= 0,
        "CHWs of today need not go on": asked.today == "leave",
        f"villages with CHWs are at least {asked.min_km:g} km apart": asked.min_km > 0,
        f"a CHW in {', '.join(asked.forced)}": bool(asked.forced),
        f"no new CHW in {', '.join(asked.forbidden)}": bool(asked.forbidden),
        "new CHWs by area in proportion to its hard-to-reach people": asked.quota == "proportional",
        **{f"at least {count} CHWs in {area}": True for area, count in asked.area_least.items()},
        **{f"at most {count} CHWs in {area}": True for area, count in asked.area_most.items()},
        f"new CHWs and moves cost at most {whole(asked.budget)}": asked.budget > 0,
        f"every CHW has a place with one of {asked.supervisors_per_facility} supervisors of a facility":
            asked.supervisors_per_facility > 0,
    }  # fmt: skip
    return [words for words, is_set in told.items() if is_set]
