"""Maximal cover of any size, without rules but where CHWs must live and may not.

Steps: leave out what cannot matter (`presolve`); choose greedily; bound every choice by the linear relaxation
(`relaxation`); exchange sites in the greedy choice and in the relaxation's own; anneal the better one among the sites
that the relaxation does not price out; then search exactly among those that could still improve on it (`branches`),
where they are few enough. A problem of middling size that is not proved then is annealed once more, more slowly and
among sites that the relaxation prices out by more (the best choices hold a few of them), and blocks of sites that are
neighbours are chosen anew exactly (`neighbourhoods`). Every step takes so many rounds as the size asks for: the clock
only shortens them.
The formulation stands in `planner.placement.models.maximal_cover`.
"""

from __future__ import annotations

import time
from typing import Literal, NamedTuple

import numpy as np

from planner.placement import branches, neighbourhoods, relaxation
from planner.placement.answer import PROVED
from planner.placement.presolve import Cover, presolve
from planner.placement.relaxation import Relaxation
from planner.types.arrays import Doubles, Ints, Longs
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix

Method = Literal["auto", "greedy", "large"]


class Pace(NamedTuple):
    """How to anneal where there is time for all runs: several runs, joined, and again from what that gave."""

    priced_out: float  # sites dearer than this are left out, of what the last of the best sites is worth
    sweeps: int
    rounds: int
    most_idle: int  # rounds in vain after which it ends
    least_unit: float  # in mean rows, of what the last of the best sites is worth: near full cover that is nothing
    hot: float  # first and last temperature, in the same unit
    cold: float
    apart: bool = False  # every run begins with the greedy choice, not with the best so far


QUICKLY = Pace(
    priced_out=0.02, sweeps=400, rounds=3, most_idle=1, least_unit=0.0, hot=0.1, cold=0.02
)  # large problems as well
WIDELY = Pace(
    priced_out=0.2, sweeps=800, rounds=12, most_idle=3, least_unit=0.0, hot=0.1, cold=0.02
)  # from what that gave
SLOWLY = Pace(priced_out=0.3, sweeps=12_000, rounds=4, most_idle=2, least_unit=1.0, hot=0.15, cold=0.015, apart=True)

CLOSE_ENOUGH = 1e-4  # of the relaxation's bound to its optimum: a tenth of what annealing leaves on large problems
RELAXATION_SHARE = 0.4  # of the time, at most
ANNEALING_SHARE = 0.6  # of what is left then
SEED = 1
LOOKS = 1e10  # at pairs, in annealing
FEWEST_SWEEPS, SWEEPS, RUNS = 100, 1200, 8  # of a run, and runs at most
JOINED_PAIRS, JOINED_BRANCHES = 40_000, 400  # runs, the best ones where there are more pairs, are joined exactly
NEAR_PAIRS = 500_000  # where blocks of neighbours are searched exactly: so many of them are chosen,
NEAR_CHOSEN, NEAR_TURNS, NEAR = 20, 4, 0.3  # so often, dearer sites left out
NEAR_BRANCHES = 50  # of a block
TRIED = 5  # sweeps, to know how long one takes
BRANCHED_PAIRS = 600_000  # left to search exactly, in at most so much of the time left then
BRANCHING_SHARE = 0.5


def solve(
    matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, time_limit_s: float, method: Method = "auto"
) -> tuple[Ints, float, str]:
    """Choose sites for at most `p` CHWs, those whom `rules.least` asks for among them, that cover the most people.

    Returns
    -------
    chws : int32
        At each site; nobody who adds nothing, but whom the rules ask for.
    bound
        The most people that any such choice covers; when the time is over, the least bound proved by then.
    method
        In words.
    """
    cover, reached = remaining(matrix, people, rules)
    chosen, bound, how = choose(cover, p - int(rules.least.sum()), time_limit_s, method)
    chws = rules.least.copy()
    chws[cover.sites[chosen]] = 1
    return chws, bound + reached, how


def remaining(matrix: TravelMatrix, people: Doubles, rules: Rules) -> tuple[Cover, float]:
    """What is left to decide once the sites that must have CHWs have them, and people whom these reach."""
    forced = np.flatnonzero(rules.least).astype(np.int32)
    already = Cover(forced, matrix.indptr, matrix.indices, people).covered_by(forced)
    left = (rules.most > 0) & (rules.least == 0)
    return presolve(matrix, np.where(already, 0.0, people), left), float(people[already].sum())


def choose(cover: Cover, new: int, time_limit_s: float, method: Method = "auto") -> tuple[Ints, float, str]:
    """Positions in `cover.sites` that cover most, the most that can be covered, and how that was found."""
    deadline = time.perf_counter() + time_limit_s
    everyone = float(cover.weights.sum())
    chosen = greedy(cover, new)
    if new == 0:
        return chosen, 0.0, "none to place"
    if len(chosen) == len(cover.sites) or cover.covered(chosen) >= everyone * (1 - PROVED):
        return chosen, everyone, "greedy: everyone whom a site reaches is covered"

    relaxed = relaxation.solve(cover, new, CLOSE_ENOUGH, time_limit_s * RELAXATION_SHARE)
    bound = min(everyone, relaxed.bound)
    if method == "greedy":
        return chosen, bound, "greedy, bounded by the linear relaxation"
    how = "greedy, linear relaxation, interchange"
    largest = np.argsort(-relaxed.fractions, kind="stable")[:new].astype(np.int32)
    for start in (chosen, largest):
        chosen = better(cover, chosen, exchanged(cover, start))
    if bound > cover.covered(chosen) * (1 + PROVED):
        seconds = (deadline - time.perf_counter()) * ANNEALING_SHARE
        chosen = better(cover, chosen, annealed(cover, chosen, relaxed, seconds))
        how += ", annealing"
    if method == "auto" and bound > cover.covered(chosen) * (1 + PROVED):
        left = np.flatnonzero(relaxed.could_improve(new, cover.covered(chosen)))
        rest = cover.only(np.union1d(left, chosen).astype(np.int32))
        if len(rest.indices) <= BRANCHED_PAIRS:
            start = np.flatnonzero(np.isin(rest.sites, cover.sites[chosen])).astype(np.int32)
            seconds = (deadline - time.perf_counter()) * BRANCHING_SHARE
            found, least = branches.search(rest, new, start, seconds)
            how += f", then {branches.METHOD} on the {len(rest.sites)} sites left"
            chosen = better(cover, chosen, np.flatnonzero(np.isin(cover.sites, rest.sites[found])).astype(np.int32))
            bound = min(bound, max(least, cover.covered(chosen)))
    if bound > cover.covered(chosen) * (1 + PROVED):
        for pace in (WIDELY, SLOWLY):
            seconds = deadline - time.perf_counter()
            chosen = better(cover, chosen, annealed(cover, chosen, relaxed, seconds, pace=pace))
        if len(cover.indices) <= NEAR_PAIRS:
            how += ", blocks of neighbours exactly"
            chosen = better(cover, chosen, reblocked(cover, chosen, relaxed, deadline))
    return greedy(cover, new, chosen), bound, how


def better(cover: Cover, one: Ints, other: Ints) -> Ints:
    """The choice that covers more, the first of equals."""
    return other if cover.covered(other) > cover.covered(one) else one


def greedy(cover: Cover, new: int, first: Ints | tuple[()] = ()) -> Ints:
    """Choose up to `new` sites greedily: among the `first` ones as long as these add anything, then among all."""
    from planner.kernels.cover import greedy_cover

    pairs = cover.indptr, cover.indices, cover.weights
    begun, _ = greedy_cover(*pairs, np.sort(np.asarray(first, np.int32)), cover.covered_by(()), new)
    everywhere = np.arange(len(cover.sites), dtype=np.int32)
    return np.append(begun, greedy_cover(*pairs, everywhere, cover.covered_by(begun), new - len(begun))[0])


def exchanged(cover: Cover, chosen: Ints) -> Ints:
    """Exchange single sites as long as that helps."""
    from planner.kernels.exchange import interchange

    kind = np.zeros(len(cover.sites), np.int32)
    return np.asarray(interchange(cover.arrays(), chosen, kind, PROVED * float(cover.weights.sum())))


def annealed(
    cover: Cover,
    chosen: Ints,
    relaxed: Relaxation,
    seconds: float,
    most_looks: float = LOOKS,
    most_runs: int = RUNS,
    *,
    pace: Pace = QUICKLY,
) -> Ints:
    """Anneal the choice among the sites that the relaxation does not price out, and exchange what still helps.

    Where there is time for several runs, the sites that any of them chose are few enough to find the best of them by
    the exact search. Paces but the quick one are for these alone.
    """
    new = len(chosen)
    unit = _unit(cover, relaxed, new, pace.least_unit)
    kept = (relaxed.given_up(new) <= pace.priced_out * unit) | (relaxed.fractions > 1e-3)
    kept[chosen] = True
    sites = np.flatnonzero(kept).astype(np.int32)
    part = cover.only(sites)
    looks = new * len(part.indices) / len(part.sites) * len(part.indices) / len(part.weights)
    runs = int(np.clip(most_looks / looks / SWEEPS, 1, most_runs))
    sweeps = int(np.clip(most_looks / looks / runs, FEWEST_SWEEPS, SWEEPS))
    rounds, most_idle, idle = 1, 1, 0
    if runs == RUNS:
        sweeps, rounds, most_idle = pace.sweeps, pace.rounds, pace.most_idle
    elif pace is not QUICKLY:
        return chosen

    best = np.searchsorted(sites, chosen).astype(np.int32)
    _annealed(part, best, unit, pace, 0, SEED)  # the first call may have to compile
    began = time.perf_counter()
    deadline = began + seconds
    _annealed(part, best, unit, pace, TRIED, SEED)
    affordable = int(seconds / (time.perf_counter() - began) * TRIED) - TRIED
    if affordable < 1:
        return chosen
    sweeps, runs = min(sweeps, affordable), min(runs, max(affordable // sweeps, 1))
    found: list[Ints] = []
    afresh = greedy(part, new) if pace.apart else None
    for round_ in range(min(rounds, max(affordable // sweeps // runs, 1))):
        seeds = range(SEED + round_ * runs, SEED + (round_ + 1) * runs)
        start = best if afresh is None else afresh
        found += [_annealed(part, start, unit, pace, sweeps, seed) for seed in seeds]
        before, best = best, max([best, *found], key=part.covered)
        if runs > 1:
            best = _joined(part, [best, *found], deadline - time.perf_counter())
        idle = 0 if part.covered(best) > part.covered(before) else idle + 1
        if idle == most_idle:
            break
    return sites[best]


def reblocked(cover: Cover, chosen: Ints, relaxed: Relaxation, deadline: float) -> Ints:
    """Give up blocks of chosen sites that are neighbours, one block after another, and choose the best instead."""
    allowed = relaxed.given_up(len(chosen)) <= NEAR * _unit(cover, relaxed, len(chosen), SLOWLY.least_unit)
    for turn in range(NEAR_TURNS):
        for block in neighbourhoods.of_chosen(cover, chosen, NEAR_CHOSEN, turn):
            seconds = deadline - time.perf_counter()
            if seconds <= 0:
                return chosen
            others = np.setdiff1d(chosen, block)
            part = neighbourhoods.left_open(cover, others, block, allowed)
            start = np.flatnonzero(np.isin(part.sites, cover.sites[block])).astype(np.int32)
            found, _ = branches.search(part, len(block), start, seconds, NEAR_BRANCHES)
            new = np.union1d(others, np.flatnonzero(np.isin(cover.sites, part.sites[found]))).astype(np.int32)
            chosen = better(cover, chosen, greedy(cover, len(chosen), new))
    return exchanged(cover, chosen)


def _unit(cover: Cover, relaxed: Relaxation, new: int, rows: float) -> float:
    """What the last of the best sites is worth; no less than so many rows are on average."""
    return max(float(np.partition(relaxed.values, -new)[-new]), rows * float(cover.weights.mean()))


def _joined(cover: Cover, found: list[Ints], seconds: float) -> Ints:
    """The best choice of the sites that these hold, the first of which is the best of them.

    The worst of them are left out as long as there are too many sites for the exact search.
    """
    ranked = sorted(found, key=lambda some: -cover.covered(some))
    for most in range(len(ranked), 1, -1):
        few = np.unique(np.concatenate(ranked[:most])).astype(np.int32)
        union = cover.only(few)
        if len(union.indices) <= JOINED_PAIRS:
            start = np.searchsorted(few, np.sort(found[0])).astype(np.int32)
            again, _ = branches.search(union, len(found[0]), start, max(seconds, 0.0), JOINED_BRANCHES)
            return better(cover, found[0], greedy(cover, len(found[0]), few[again]))
    return found[0]


def _annealed(cover: Cover, chosen: Ints | Longs, unit: float, pace: Pace, sweeps: int, seed: int) -> Ints:
    from planner.kernels.exchange import anneal

    kind = np.zeros(len(cover.sites), np.int32)
    hot, cold = pace.hot * unit, pace.cold * unit
    found = anneal(cover.arrays(), chosen.astype(np.int32), kind, hot, cold, sweeps, seed)
    return exchanged(cover, np.asarray(found))
