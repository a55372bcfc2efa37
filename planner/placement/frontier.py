"""The frontier: the most people that so many CHWs cover, for every number of them, each with a proved bound.

Multipliers of the linear relaxation bound the choices of every number of sites at once
(`planner.placement.relaxation.Relaxation.bounds`), closely near the number that they were found for. So a relaxation is
solved for some numbers, anchors, each from the one before, and the least of all their bounds stands. The cube roots of
anchors are evenly spread: with an even ratio of one to the next, many stood for few small numbers, and great numbers
were far from any. Anchors are annealed; choices of the numbers between are walked to from both sides, one site more or
fewer at a time with the exchanges that help around it, and the better of the two stands.
"""

from __future__ import annotations

import time

import numpy as np

from planner.placement import mclp, question, relaxation
from planner.placement.annealing import LOOKS, annealed, exchanged, walked
from planner.placement.answer import PROVED
from planner.placement.presolve import Cover
from planner.placement.relaxation import Relaxation
from planner.placement.rules import only_sites
from planner.types.arrays import Doubles, Ints, Longs
from planner.types.placement import Frontier, Rules
from planner.types.travel import TravelMatrix

ANCHORS = 15  # at most
CLOSE_ENOUGH = 4e-3  # of each relaxation: a third of what the choices stay below the bounds
BETWEEN = (0.25, 0.5, 0.75)  # of the multipliers of one anchor, the rest of the next: bounds for the numbers between
RELAXATION_SHARE = 0.5  # of the time


def frontier(matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, *, time_limit_s: float) -> Frontier:
    """Trace people covered against the number of CHWs, up to `p` of them.

    Parameters
    ----------
    matrix, people, p
        As in `maximal_cover`.
    rules
        None but where CHWs must live (these are counted first) and may not.
    time_limit_s
        For all of it; when it is over, numbers not yet reached have the choices and bounds of their neighbours.

    Raises
    ------
    ValueError
        As in `maximal_cover`, or rules that the frontier cannot keep.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules, p)
    placed = int(rules.least.sum())
    if not only_sites(rules) or placed > p:
        raise ValueError(
            f"rules: the frontier up to {p} CHWs knows none but where at most so many must live or may not"
        )
    cover, reached = mclp.remaining(matrix, people, rules)
    choices, bounds = trace(cover, p - placed, time_limit_s)
    forced = np.flatnonzero(rules.least).astype(np.int32)
    sites = tuple(np.union1d(forced, cover.sites[chosen]).astype(np.int32) for chosen in choices)
    covered = _covered(matrix.indptr, matrix.indices, people, list(sites))
    bounds = np.minimum(bounds + reached, people.sum())
    if np.any(covered > bounds * (1 + 1e-6)):
        raise AssertionError("the frontier covers more people than it proves to be possible")
    return Frontier(
        chws=np.arange(placed, p + 1, dtype=np.int32),
        covered=covered,
        bound=np.where(bounds <= covered * (1 + PROVED), covered, bounds),
        choices=sites,
        seconds=time.perf_counter() - began,
    )


def trace(cover: Cover, most: int, time_limit_s: float) -> tuple[list[Ints], Doubles]:
    """Choices (positions in `cover.sites`) of 0 to `most` sites, and the most that any of so many sites covers."""
    began = time.perf_counter()
    everyone = float(cover.weights.sum())
    ordered = mclp.greedy(cover, most)
    choices = [ordered[:n] for n in range(most + 1)]
    bounds = np.where(np.arange(most + 1) == 0, 0.0, everyone)
    worth = _covered(cover.indptr, cover.indices, cover.weights, choices)
    last = min(len(ordered), len(cover.sites) - 1)
    anchors = _anchors(last)
    before: Relaxation | None = None
    chosen = ordered[:last]
    for k, n in enumerate(anchors):
        left = time_limit_s - (time.perf_counter() - began)
        if left <= 0:
            break
        seconds = left / (len(anchors) - k)
        relaxed = relaxation.solve(cover, n, CLOSE_ENOUGH, seconds * RELAXATION_SHARE, before)
        bounds[: last + 1] = np.minimum(bounds[: last + 1], _bounds(cover, last, relaxed, before))
        if k > 0:
            chosen = _walked(cover, chosen, n, choices, worth)
        chosen = mclp.better(cover, chosen, exchanged(cover, mclp.greedy(cover, n)))
        runs = annealed(cover, chosen, relaxed, seconds / 3, LOOKS / len(anchors), 1)
        chosen = max([chosen, *runs], key=cover.covered)
        _keep(cover, [chosen], choices, worth)
        if k > 0:
            _walked(cover, chosen, anchors[k - 1] - 1, choices, worth)
        before = relaxed
    for n in range(1, most + 1):
        if worth[n] < worth[n - 1]:
            _keep(cover, [mclp.greedy(cover, n, choices[n - 1])], choices, worth, n)
    return choices, bounds


def _anchors(last: int) -> list[int]:
    """Numbers from `last` down to 1, whose cube roots are evenly spread."""
    roots = np.linspace(np.cbrt(last), 1.0, ANCHORS)
    return [int(n) for n in np.unique(np.rint(roots**3))[::-1]] if last > 0 else []


def _bounds(cover: Cover, last: int, relaxed: Relaxation, before: Relaxation | None) -> Doubles:
    """The least bounds that the multipliers, and those between them and the ones before, prove."""
    least = relaxed.bounds(cover, last)
    if before is not None:
        for share in BETWEEN:
            least = np.minimum(least, relaxed.mixed(before, share).bounds(cover, last))
    return least


def _walked(cover: Cover, chosen: Ints, until: int, choices: list[Ints], worth: Doubles) -> Ints:
    """Walk from a choice to one of `until` sites, keep what is better on the way, and return the last."""
    passed = walked(cover, chosen, until)
    _keep(cover, passed[1:], choices, worth)
    return passed[-1]


def _keep(cover: Cover, found: list[Ints], choices: list[Ints], worth: Doubles, size: int | None = None) -> None:
    """Put each choice found in its place where it covers more than the one that is there."""
    for chosen, value in zip(found, _covered(cover.indptr, cover.indices, cover.weights, found), strict=True):
        n = len(chosen) if size is None else size
        if value > worth[n]:
            choices[n], worth[n] = np.sort(chosen), value


def _covered(indptr: Longs, indices: Ints, weights: Doubles, choices: list[Ints]) -> Doubles:
    from planner.kernels.cover import weights_covered

    ends = np.cumsum([len(chosen) for chosen in choices], dtype=np.int64)
    flat = np.concatenate([*choices, np.empty(0, np.int32)]).astype(np.int32)
    return np.asarray(weights_covered(indptr, indices, weights, flat, ends))
