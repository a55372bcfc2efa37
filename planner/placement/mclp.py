"""Maximal cover without rules, of any size: leave out, choose greedily, bound, exchange, search exactly what is left.

Steps: leave out what cannot matter (`presolve`); choose greedily; bound every choice by the linear relaxation, and
round its solution to a second choice (`relaxation`); exchange sites one by one in both; then search exactly among the
sites that could still improve on the better one (`highs`), until nothing better can exist or the time is over.
The formulation stands in `planner.placement.models.maximal_cover`.
"""

from __future__ import annotations

import time

import numpy as np

from planner.placement import exact, highs, relaxation
from planner.placement.answer import PROVED
from planner.placement.models import maximal_cover
from planner.placement.presolve import Cover, presolve
from planner.placement.rules import rules
from planner.types.arrays import Doubles, Ints
from planner.types.travel import TravelMatrix


def solve(matrix: TravelMatrix, people: Doubles, p: int, time_limit_s: float) -> tuple[Ints, float, str]:
    """Choose at most `p` sites that cover the most people.

    Returns
    -------
    chosen : int32
        Sites in the order of gain, none that adds nobody.
    bound
        The most that any such choice covers; when the time is over, the least bound proved by then.
    method
        In words.
    """
    cover = presolve(matrix, people)
    chosen, bound, method = _choose(cover, p, time_limit_s)
    return cover.sites[chosen], bound, method


def _choose(cover: Cover, new: int, time_limit_s: float) -> tuple[Ints, float, str]:
    """Positions in `cover.sites` in the order of gain, the most that can be covered, and how that was found."""
    from planner.kernels.cover import interchange

    deadline = time.perf_counter() + time_limit_s
    everywhere = np.arange(len(cover.sites), dtype=np.int32)
    everyone = float(cover.weights.sum())
    chosen = _greedy(cover, everywhere, new)
    if len(chosen) == len(everywhere) or _covered(cover, chosen) >= everyone * (1 - PROVED):
        return chosen, everyone, "greedy: everyone whom a site reaches is covered"
    if new == 0:
        return chosen, 0.0, "none to place"

    relaxed = relaxation.solve(cover, new, time_limit_s / 2)
    largest = np.argsort(-relaxed.fractions, kind="stable")[:new].astype(np.int32)
    for start in (chosen, largest):
        trial = interchange(cover.indptr, cover.indices, cover.weights, start, PROVED * everyone)
        chosen = max(chosen, trial, key=lambda sites: _covered(cover, sites))
    bound, method = min(everyone, relaxed.bound), "greedy, linear relaxation and interchange"

    kept = relaxed.could_improve(new, _covered(cover, chosen))
    kept[chosen] = True
    left = np.flatnonzero(kept).astype(np.int32)
    seconds_left = max(deadline - time.perf_counter(), 0.0)
    start = np.searchsorted(left, np.sort(chosen)).astype(np.int32)
    answer = _search(cover.only(left), new, start, seconds_left)
    if answer.status in ("optimal", "feasible"):
        found = np.flatnonzero(answer.values[: len(left)] > 0.5)
        chosen = max(chosen, left[found], key=lambda sites: _covered(cover, sites))
        bound, method = min(bound, answer.bound), f"{method}, then {exact.METHOD}"
    ordered = _greedy(cover, np.sort(chosen), new)
    return np.append(ordered, _greedy(cover, everywhere, new - len(ordered), ordered)), bound, method


def _search(cover: Cover, new: int, start: Ints, time_limit_s: float) -> highs.Solution:
    """Search exactly from the choice `start`; the first columns are the sites."""
    programme = maximal_cover.programme(cover, new, rules(len(cover.sites), most=1))
    known = np.append(np.isin(np.arange(len(cover.sites)), start), cover.covered_by(start))
    return highs.solve(programme, time_limit_s=time_limit_s, start=known.astype(np.float64))


def _covered(cover: Cover, chosen: Ints) -> float:
    """Sum the weights that the chosen sites cover."""
    return float(cover.weights[cover.covered_by(chosen)].sum())


def _greedy(cover: Cover, candidates: Ints, new: int, beforehand: Ints | tuple[()] = ()) -> Ints:
    """Choose up to `new` of the candidates greedily, on top of the sites chosen `beforehand`."""
    from planner.kernels.cover import greedy_cover

    covered = cover.covered_by(beforehand)
    return np.asarray(greedy_cover(cover.indptr, cover.indices, cover.weights, candidates, covered, new)[0])
