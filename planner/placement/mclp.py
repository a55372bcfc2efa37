"""Maximal cover of any size, without rules but where CHWs must live and may not.

Steps: leave out what cannot matter (`presolve`); choose greedily; bound every choice by the linear relaxation
(`relaxation`); exchange sites in the greedy choice and in the relaxation's own; anneal the better one among the sites
that the relaxation does not price out; then search exactly among those that could still improve on it (`highs`), where
they are few enough. Every step takes so many rounds as the size asks for: the clock only shortens them.
The formulation stands in `planner.placement.models.maximal_cover`.
"""

from __future__ import annotations

import time
from typing import Literal

import numpy as np

from planner.placement import exact, highs, relaxation
from planner.placement.answer import PROVED
from planner.placement.models import maximal_cover
from planner.placement.presolve import Cover, presolve
from planner.placement.relaxation import Relaxation
from planner.placement.rules import rules as rules_of
from planner.types.arrays import Doubles, Ints
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix

Method = Literal["auto", "greedy", "large"]

CLOSE_ENOUGH = 1e-4  # of the relaxation's bound to its optimum: a tenth of what annealing leaves on large problems
RELAXATION_SHARE = 0.4  # of the time, at most
ANNEALING_SHARE = 0.6  # of what is left then
PRICED_OUT = 0.02  # of what the last of the best sites is worth: dearer ones are left out of annealing
HOT, COLD = 0.06, 0.02  # first and last temperature, in the same unit
SEED = 1
LOOKS = 1e10  # at pairs, in annealing
FEWEST_SWEEPS, MOST_SWEEPS = 100, 3000
TRIED = 5  # sweeps, to know how long one takes
EXACT_PAIRS = 60_000  # left to search exactly


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
    forced = np.flatnonzero(rules.least).astype(np.int32)
    open_sites = (rules.most > 0) & (rules.least == 0)
    already = Cover(forced, matrix.indptr, matrix.indices, people).covered_by(forced)
    reached = float(people[already].sum())
    cover = presolve(matrix, np.where(already, 0.0, people), open_sites)
    chosen, bound, how = choose(cover, p - int(rules.least.sum()), time_limit_s, method)
    chws = rules.least.copy()
    chws[cover.sites[chosen]] = 1
    return chws, bound + reached, how


def choose(cover: Cover, new: int, time_limit_s: float, method: Method = "auto") -> tuple[Ints, float, str]:
    """Positions in `cover.sites` that cover most, the most that can be covered, and how that was found."""
    deadline = time.perf_counter() + time_limit_s
    everyone = float(cover.weights.sum())
    chosen = greedy(cover, new)
    if new == 0:
        return chosen, 0.0, "none to place"
    if len(chosen) == len(cover.sites) or covered(cover, chosen) >= everyone * (1 - PROVED):
        return chosen, everyone, "greedy: everyone whom a site reaches is covered"

    relaxed = relaxation.solve(cover, new, CLOSE_ENOUGH, time_limit_s * RELAXATION_SHARE)
    bound = min(everyone, relaxed.bound)
    if method == "greedy":
        return chosen, bound, "greedy, bounded by the linear relaxation"
    how = "greedy, linear relaxation, interchange"
    largest = np.argsort(-relaxed.fractions, kind="stable")[:new].astype(np.int32)
    for start in (chosen, largest):
        chosen = better(cover, chosen, exchanged(cover, start))
    if bound > covered(cover, chosen) * (1 + PROVED):
        seconds = (deadline - time.perf_counter()) * ANNEALING_SHARE
        chosen = better(cover, chosen, annealed(cover, chosen, relaxed, seconds))
        how += ", annealing"
    if method == "auto" and bound > covered(cover, chosen) * (1 + PROVED):
        left = np.flatnonzero(relaxed.could_improve(new, covered(cover, chosen)))
        rest = cover.only(np.union1d(left, chosen).astype(np.int32))
        if len(rest.indices) <= EXACT_PAIRS:
            start = np.flatnonzero(np.isin(rest.sites, cover.sites[chosen])).astype(np.int32)
            answer = _search(rest, new, start, max(deadline - time.perf_counter(), 0.0))
            how += f", then {exact.METHOD} on the {len(rest.sites)} sites left"
            if answer.status in ("optimal", "feasible"):
                found = rest.sites[answer.values[: len(rest.sites)] > 0.5]
                chosen = better(cover, chosen, np.flatnonzero(np.isin(cover.sites, found)).astype(np.int32))
                bound = min(bound, answer.bound)
    return greedy(cover, new, chosen), bound, how


def covered(cover: Cover, chosen: Ints) -> float:
    """Sum the weights that the chosen sites cover."""
    return float(cover.weights[cover.covered_by(chosen)].sum())


def better(cover: Cover, one: Ints, other: Ints) -> Ints:
    """The choice that covers more, the first of equals."""
    return other if covered(cover, other) > covered(cover, one) else one


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


def annealed(cover: Cover, chosen: Ints, relaxed: Relaxation, seconds: float) -> Ints:
    """Anneal the choice among the sites that the relaxation does not price out, and exchange what still helps."""
    from planner.kernels.exchange import anneal

    new = len(chosen)
    unit = float(np.partition(relaxed.values, -new)[-new])
    kept = relaxed.given_up(new) <= PRICED_OUT * unit
    kept |= relaxed.fractions > 1e-3
    kept[chosen] = True
    part = cover.only(np.flatnonzero(kept).astype(np.int32))
    start = np.searchsorted(np.flatnonzero(kept), chosen).astype(np.int32)
    kind = np.zeros(len(part.sites), np.int32)

    looks = new * len(part.indices) / len(part.sites) * len(part.indices) / len(part.weights)
    sweeps = int(np.clip(LOOKS / looks, FEWEST_SWEEPS, MOST_SWEEPS))
    began = time.perf_counter()
    anneal(part.arrays(), start, kind, HOT * unit, HOT * unit, TRIED, SEED)
    affordable = int(seconds / (time.perf_counter() - began) * TRIED) - TRIED
    if affordable < 1:
        return chosen
    found = anneal(part.arrays(), start, kind, HOT * unit, COLD * unit, min(sweeps, affordable), SEED)
    return np.flatnonzero(kept)[exchanged(part, found)].astype(np.int32)


def _search(cover: Cover, new: int, start: Ints, time_limit_s: float) -> highs.Solution:
    """Search exactly from the choice `start`; the first columns are the sites."""
    programme = maximal_cover.programme(cover, new, rules_of(len(cover.sites), most=1))
    known = np.append(np.isin(np.arange(len(cover.sites)), start), cover.covered_by(start))
    return highs.solve(programme, time_limit_s=time_limit_s, start=known.astype(np.float64))
