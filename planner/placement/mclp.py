"""Maximal cover of any size, without rules but where CHWs must live and may not.

Steps: leave out what cannot matter (`presolve`); choose greedily; bound every choice by the linear relaxation
(`relaxation`); exchange sites in the greedy choice and in the relaxation's own; anneal the better one among the sites
that the relaxation does not price out; then search exactly among those that could still improve on it (`branches`),
where they are few enough. For a problem of middling size that is not proved then, choices are annealed more slowly and
bred from one another (`recombination`, `regions`). Every step takes so many rounds as the size asks for: the clock only
shortens them.
The formulation stands in `planner.placement.models.maximal_cover`.
"""

from __future__ import annotations

import time
from typing import Literal

import numpy as np

from planner.placement import branches, relaxation
from planner.placement.annealing import annealed, exchanged
from planner.placement.answer import PROVED
from planner.placement.presolve import Cover, presolve
from planner.placement.recombination import bred, recombined
from planner.types.arrays import Doubles, Ints
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix

Method = Literal["auto", "greedy", "large"]

CLOSE_ENOUGH = 1e-4  # of the relaxation's bound to its optimum: a tenth of what annealing leaves on large problems
RELAXATION_SHARE = 0.4  # of the time, at most
ANNEALING_SHARE = 0.6  # of what is left then
BRANCHED_PAIRS = 600_000  # left to search exactly, in at most so much of the time left then
BRANCHING_SHARE = 0.5
BRED_PAIRS = 500_000  # where choices are annealed slowly and recombined


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
    chosen = start = greedy(cover, new)
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
    for some in (chosen, largest):
        chosen = better(cover, chosen, exchanged(cover, some))
    if bound > cover.covered(chosen) * (1 + PROVED):
        seconds = (deadline - time.perf_counter()) * ANNEALING_SHARE
        found = [chosen, *annealed(cover, chosen, relaxed, seconds)]
        chosen = max(recombined(cover, found, deadline), key=cover.covered)
        how += ", annealing"
    if method == "auto" and bound > cover.covered(chosen) * (1 + PROVED):
        left = np.flatnonzero(relaxed.could_improve(new, cover.covered(chosen)))
        rest = cover.only(np.union1d(left, chosen).astype(np.int32))
        if len(rest.indices) <= BRANCHED_PAIRS:
            known = rest.positions(cover.sites[chosen])
            seconds = (deadline - time.perf_counter()) * BRANCHING_SHARE
            again, least = branches.search(rest, new, known, seconds)
            how += f", then {branches.METHOD} on the {len(rest.sites)} sites left"
            chosen = better(cover, chosen, cover.positions(rest.sites[again]))
            bound = min(bound, max(least, cover.covered(chosen)))
    if bound > cover.covered(chosen) * (1 + PROVED) and len(cover.indices) <= BRED_PAIRS:
        chosen = bred(cover, start, chosen, relaxed, bound, deadline)
        how += ", choices recombined exactly"
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
