"""The answer to the question of placement: solved, recounted by another search, and told as posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner import coverage, placement, travel
from planner.errors import NoAnswer
from planner.pipeline.placing import Question
from planner.scenario import Scenario
from planner.scenario.placement import PlacementChoice
from planner.types.alternatives import Fairness, LongestWay, Robustness, Years
from planner.types.arrays import Ints
from planner.types.inputs import Inputs, Note
from planner.types.land import Land
from planner.types.placement import Choice, Conditions, Rules
from planner.types.results import Placement, Posts, Villages
from planner.types.text import Text

ROUNDING = 1e-5  # of minutes: float32 sums of the same steps in another order agree this far


@dataclass(frozen=True, eq=False)
class Proposal:
    """The choice, what it adds to the CHWs of today, and what was weighed against it where the scenario asks."""

    choice: Choice
    told: Placement
    fairness: Fairness | None = None
    robustness: Robustness | None = None
    years: Years | None = None
    longest: LongestWay | None = None


def propose(asked: Question, rules: Rules, scenario: Scenario, conditions: Sequence[Conditions]) -> Proposal:
    """Answer the question; `conditions` are those that a robust choice has to hold under."""
    wanted = scenario.placement
    today, limit = int(asked.today.sum()), wanted.time_limit_s
    if wanted.fair:
        equity = placement.equitable_cover(
            asked.matrix, asked.counted, asked.area, today + wanted.new_chws, rules, time_limit_s=limit
        )
        fairness = Fairness(equity.share, equity.share_of_most, equity.given_up)
        base = _solve(asked, asked.as_today, today, wanted).objective
        return Proposal(equity.fairest, _told(asked, equity.fairest, base, wanted), fairness)
    if wanted.robust != "no":
        return _robust(asked, rules, wanted, conditions)
    if wanted.yearly:
        return _by_years(asked, rules, wanted)
    if wanted.model == "p_center":
        return _shortest(asked, rules, wanted)
    choice = _solve(asked, rules, today + wanted.new_chws, wanted)
    counted_afresh = {"CHWs": float(today), "person-minutes": 0.0}
    base = counted_afresh[choice.unit] if choice.unit in counted_afresh else _solve(
        asked, asked.as_today, today, wanted
    ).objective  # fmt: skip
    return Proposal(choice, _told(asked, choice, base, wanted))


def _shortest(asked: Question, rules: Rules, wanted: PlacementChoice) -> Proposal:
    """The choice that leaves the shortest longest way to whom a CHW could reach at all, and who is left out."""
    counts = asked.counted > 0
    reachable = counts & np.isfinite(asked.soonest(rules.most > 0))
    who = np.where(reachable, asked.counted, 0.0)
    most = int(asked.today.sum()) + wanted.new_chws
    try:
        choice = placement.p_center(asked.wide, who, most, rules, time_limit_s=wanted.time_limit_s)
    except NoAnswer as why:
        raise NoAnswer(
            f"{why} Whoever a village could reach within placement.beyond_minutes must have a CHW so near: raise that, "
            "or new_chws."
        ) from None
    today = asked.soonest(asked.today > 0)
    near = np.isfinite(today)
    longest = LongestWay(
        today=float(today[reachable & near].max(initial=0.0)),
        without=float(asked.people[reachable & ~near].sum()),
        beyond=float(asked.people[counts & ~reachable].sum()),
    )
    return Proposal(choice, _told(asked, choice, 0.0, wanted), longest=longest)


def _robust(asked: Question, rules: Rules, wanted: PlacementChoice, conditions: Sequence[Conditions]) -> Proposal:
    """The choice that is best on average, or in the worst case, of the conditions."""
    today, even = int(asked.today.sum()), np.ones(len(conditions))
    robust = placement.robust_cover(conditions, even, today + wanted.new_chws, rules, time_limit_s=wanted.time_limit_s)
    choice = robust.average if wanted.robust == "average" else robust.worst
    row = len(conditions) + (0 if wanted.robust == "average" else 1)
    before = [
        placement.maximal_cover(
            one.matrix, one.people, today, asked.as_today, time_limit_s=wanted.time_limit_s
        ).objective
        for one in conditions
    ]
    base = float(np.mean(before) if wanted.robust == "average" else np.min(before))
    told = _told(asked, choice, base, wanted)
    return Proposal(
        choice,
        told,
        robustness=Robustness(
            conditions=tuple(one.name for one in conditions),
            covered=robust.covered[row].copy(),
            best=np.array([one.objective for one in robust.own]),
            chosen_in=robust.chosen_in[told.chosen],
        ),
    )


def _by_years(asked: Question, rules: Rules, wanted: PlacementChoice) -> Proposal:
    """A roll-out: what each year adds contains what the years before have."""
    today, new = int(asked.today.sum()), np.cumsum(wanted.yearly)
    rolled = placement.rollout(asked.matrix, asked.counted, today + new, rules, time_limit_s=wanted.time_limit_s)
    chws = np.where(rolled.begins >= 0, np.maximum(asked.today, 1), asked.today).astype(np.int32)
    placed = placement.rules(len(asked.cell), most=0, today=chws)
    choice = placement.maximal_cover(
        asked.matrix, asked.counted, int(chws.sum()), placed, time_limit_s=wanted.time_limit_s
    )
    choice = replace(choice, model="maximal cover (MCLP) by years", method="annealing of all years together",
                     bound=float(rolled.bound[-1]))  # fmt: skip
    base = _solve(asked, asked.as_today, today, wanted).objective
    told = _told(asked, choice, base, wanted)
    years = Years(
        chws=new.astype(np.int32),
        covered=rolled.covered - base,
        alone=rolled.alone - base,
        bound=rolled.bound - base,
        begins=rolled.begins[told.chosen],
    )
    return Proposal(choice, told, years=years)


def _told(asked: Question, choice: Choice, base: float, wanted: PlacementChoice) -> Placement:
    """What the choice adds to the CHWs of today, in the unit that the scenario counts; who is served in people."""
    if wanted.people_per_chw:
        some = choice.assignment
        share = some.people / asked.counted[some.demand]
        served = replace(some, people=asked.people[some.demand] * share)
    else:
        served = placement.to_nearest(asked.matrix, np.flatnonzero(choice.chws).astype(np.int32), asked.people)
    choice = replace(choice, assignment=served)
    told = placement.account(choice, asked.today, asked.matrix, asked.people, asked.under_fives, base=base)
    unit = "under-fives" if told.unit == "people" and wanted.counts == "under_fives" else told.unit
    if wanted.weighted and unit != "CHWs":
        unit = f"weighted {unit}"
    return replace(told, unit=unit, everybody=float(asked.counted.sum()))


def _solve(asked: Question, rules: Rules, p: int, choice: PlacementChoice) -> Choice:
    """The best choice of `p` CHWs in all by the scenario's model; of as few as can be where it asks for a share."""
    matrix, who, limit = asked.matrix, asked.counted, choice.time_limit_s
    share, capacity = choice.reach_share, choice.people_per_chw
    if choice.model == "set_cover" and capacity:
        return placement.capacitated_set_cover(
            matrix, who, share, rules, capacity=capacity, load=asked.people, time_limit_s=limit
        )
    if choice.model == "set_cover":
        return placement.partial_set_cover(matrix, who, share, rules, time_limit_s=limit)
    if choice.model == "p_median":
        return placement.p_median(matrix, who, p, rules, unserved_minutes=choice.beyond_minutes, time_limit_s=limit)
    if choice.model == "backup_cover":
        return placement.backup_cover(matrix, who, p, rules, backup_weight=choice.backup_weight, time_limit_s=limit)
    if capacity:
        return placement.capacitated_cover(
            matrix, who, p, rules, capacity=capacity, load=asked.people, time_limit_s=limit
        )
    return placement.maximal_cover(matrix, who, p, rules, time_limit_s=limit)


def recount(land: Land, asked: Question, answer: Proposal, scenario: Scenario) -> None:
    """Count the people within reach of the choice by the other search; AssertionError where the two disagree.

    The two searches add up the same steps in another order: who is at the limit but for rounding may count or not.
    """
    limit = scenario.placement.max_minutes
    people = np.zeros(land.frame.n)
    people[asked.demand] = asked.people

    def within(chws: Ints, minutes: float) -> float:
        cells = asked.cell[chws > 0]
        reached = travel.time_to_nearest(land, cells, scenario.walking, max_minutes=limit * (1 + ROUNDING)).minutes
        return coverage.people_within(people, reached, minutes)

    least, most = (
        within(answer.choice.chws, limit * (1 + side * ROUNDING)) - within(asked.today, limit * (1 - side * ROUNDING))
        for side in (-1, 1)
    )
    said, slack = answer.told.covered - answer.told.given_up, 1e-6 * people.sum()
    if answer.longest:
        _recount_longest(land, asked, answer.choice, answer.longest.beyond + slack, scenario)
    if not least - slack <= said <= most + slack:
        raise AssertionError(f"placement says {said} people are newly covered, the recount says {least} to {most}")


def _recount_longest(land: Land, asked: Question, choice: Choice, most: float, scenario: Scenario) -> None:
    """Find the way to the nearest CHW by the other search; AssertionError where more have a longer one than said."""
    limit = choice.objective * (1 + ROUNDING)
    reached = travel.time_to_nearest(land, asked.cell[choice.chws > 0], scenario.walking, max_minutes=limit).minutes
    farther = asked.people[(asked.counted > 0) & ~(reached[asked.demand] <= limit)].sum()
    if farther > most:
        raise AssertionError(f"{farther} people have a longer way than {choice.objective} minutes, expected {most}")


def notes(asked: Question, told: Placement, scenario: Scenario) -> tuple[Note, ...]:
    """A note where fewer CHWs are proposed than were asked for."""
    wanted, placed = scenario.placement.new_chws, int(told.chws.sum())
    candidates = int(asked.candidate.sum())
    if placed >= wanted or scenario.placement.model == "set_cover":
        return ()
    if candidates and scenario.placement.model == "p_center":
        text = Text(
            "asked for {wanted:,}: more CHWs than proposed would not make the longest way shorter", wanted=wanted
        )
    elif candidates and 0 in scenario.placement.area_weight.values():
        text = Text(
            "asked for {wanted:,}: from the {candidates:,} villages that are candidates, more CHWs than "
            "proposed would reach nobody else who is hard to reach and counts (placement.area_weight)",
            wanted=wanted,
            candidates=candidates,
        )
    elif candidates:
        text = Text(
            "asked for {wanted:,}: from the {candidates:,} villages that are candidates, more CHWs than "
            "proposed would reach nobody else who is hard to reach",
            wanted=wanted,
            candidates=candidates,
        )
    else:
        least = scenario.placement.min_people
        text = Text(
            "no village inside the areas, on open ground, has {least:g} people (placement.min_people)", least=least
        )
    return (Note("warning", "placement", text, float(wanted - placed)),)


def posts(found: Inputs, chw_cell: Ints, settled: Villages, asked: Question, told: Placement) -> Posts:
    """Posts of today, then the proposed ones.

    CHWs' own names stay in the register, and so does where exactly they live: a post is told as the middle of its cell.
    """
    today = np.where(chw_cell >= 0, settled.of_cell[chw_cell], -1)
    named = [
        village or (settled.name[k] if k >= 0 else identity)
        for village, k, identity in zip(found.chws.village, today, found.chws.id, strict=True)
    ]
    taken = set(found.chws.id)
    new_ids = [f"NEW{rank + 1:03d}" for rank in range(len(told.chosen))]
    cell, village = asked.cell[told.chosen], asked.village[told.chosen]
    x, y = settled.x[village], settled.y[village]
    home_x, home_y = found.layers.frame.centre_near(found.chws.x, found.chws.y)
    return Posts(
        id=(*found.chws.id, *(f"{name}-proposed" if name in taken else name for name in new_ids)),
        name=(*named, *(settled.name[k] for k in village)),
        proposed=np.arange(len(chw_cell) + len(cell)) >= len(chw_cell),
        cell=np.concatenate([chw_cell, cell]).astype(np.int32),
        x=np.concatenate([home_x, x]),
        y=np.concatenate([home_y, y]),
        village=np.concatenate([today, village]).astype(np.int32),
        chws=np.concatenate([stays(asked, told), told.chws]).astype(np.int32),
    )


def stays(asked: Question, told: Placement) -> Ints:
    """For each CHW of today, 1 = stays, 0 = leaves: of several at one site the last of the list leave."""
    stays = np.ones(len(asked.post_site), np.int32)
    for site in np.flatnonzero(told.gone):
        here = np.flatnonzero(asked.post_site == site)
        stays[here[len(here) - told.gone[site] :]] = 0
    return stays
