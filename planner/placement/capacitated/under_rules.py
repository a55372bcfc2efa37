"""Maximal cover with capacities under any rules, where the programme is too large to be solved whole in time.

Steps: the linear relaxation without its many rows ``f_ij <= o_j``, rounded to the nearest whole CHWs that keep the
rules; single CHWs moved or added as long as more people are served; the same again from choices with a few CHWs moved
at random (iterated local search; Lourenco, H. R., Martin, O. and Stuetzle, T., 2003, doi:10.1007/0-306-48056-5_11);
bounds without the rules, which hold under them as well (`planner.placement.capacitated.relaxation` and `blocks`); the
programme on everything in the time that is left. Whoever breaks a rule is not placed: every step keeps them all.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from planner.placement import exact, highs, recount
from planner.placement.answer import without_idle
from planner.placement.capacitated import blocks, relaxation
from planner.placement.capacitated.solve import PROVED, SIZES
from planner.placement.capacitated.state import State
from planner.placement.capacitated.workload import Workload, workload
from planner.placement.models import capacitated
from planner.placement.programme import Programme
from planner.placement.rule_rows import Sites
from planner.types.arrays import Bools, Doubles, Ints
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix

KICKS = 1000  # choices to begin again from, at most,
KICKED = 2, 9  # CHWs moved at random in each, from so many to fewer than so many
IDLE = 300  # kicks in vain after which the search ends
SHARE = 0.6  # of the time that is left, for each step at most
DIGITS = 6  # after the point, of people: what flows are exact to
SEED = 1


def cover(
    matrix: TravelMatrix,
    people: Doubles,
    load: Doubles,
    capacity: Doubles,
    p: int,
    rules: Rules,
    known: Ints | None,
    time_limit_s: float,
) -> tuple[Ints, float, str]:
    """CHWs at each site who serve the most people, the most that any placement serves, and how that was found.

    `known` is a choice to begin with that keeps the rules.

    Raises
    ------
    NoAnswer
        As `exact.solve`.
    """
    deadline = time.perf_counter() + time_limit_s
    work = workload(matrix, people, load, capacity, rules.least, rules.most)
    minutes = np.zeros(len(work.indices), np.float32)  # do not matter here
    merged = TravelMatrix(work.indptr, work.indices, minutes, len(work.load), matrix.max_minutes)
    asked = merged, work.weights, work.load, work.capacity, p, rules, False
    relaxed = highs.relax(capacitated.programme(*asked, tight=False), time_limit_s=SHARE * time_limit_s)
    bound = min(relaxed.bound if relaxed.status == "optimal" else np.inf, float(people.sum()))
    starts = [] if known is None else [known.astype(np.int32)]
    if relaxed.status == "optimal":
        starts += _rounded(relaxed.values[: len(rules.today)], p, rules, deadline)
    search = _Search(work, p, rules, bound, time.perf_counter() + SHARE * _left(deadline))
    best, how = None, "linear relaxation, iterated local search"
    if starts:
        best = search.iterated(max(starts, key=search.served))
        for tighter in _bounds(work, p, bound, search.served(best), deadline):
            bound = min(bound, tighter)
    if best is None or search.served(best) < bound * (1 - PROVED):
        solution = exact.solve(capacitated.programme(*asked), _left(deadline), best)
        best, bound = exact.chws(solution, rules), min(bound, solution.bound)
        how += ", bounds of blocks of sites"
        how += f", {exact.METHOD}"
    return without_idle(best, rules, p, lambda some: round(search.served(some), DIGITS)), bound, how


def _left(deadline: float) -> float:
    return max(deadline - time.perf_counter(), 0.0)


def _rounded(fractions: Doubles, p: int, rules: Rules, deadline: float) -> list[Ints]:
    """Whole CHWs that keep the rules, most of them where the fractions are great; none where none were found."""
    made = Programme("rules", "max")
    sites = Sites(made, rules, p)
    near = made.columns("near", (), upper=float(fractions.sum() * rules.most.max(initial=0)), objective=1.0)
    made.rows("near", (), [(0, near, 1.0), (0, sites.n, -fractions)], upper=0.0)
    solution = highs.solve(made, time_limit_s=SHARE * _left(deadline))
    return [np.rint(solution.values[: len(fractions)]).astype(np.int32)] if len(solution.values) else []


def _bounds(work: Workload, p: int, bound: float, served: float, deadline: float) -> Iterator[float]:
    """Bounds on every placement, until one is what is served or their share of the time is over."""
    if served >= bound * (1 - PROVED):
        return
    relaxed = relaxation.solve(work, p, served, SHARE * _left(deadline))
    yield relaxed.bound
    bound = min(bound, relaxed.bound)
    until = time.perf_counter() + SHARE * _left(deadline)
    for turn, size in enumerate(SIZES):
        if served >= bound * (1 - PROVED) or time.perf_counter() > until:
            break
        parts = blocks.part(work, relaxed.once + PROVED * work.weights, size, blocks.order_of(work, turn))
        solved = blocks.solve(work, relaxed, parts, until)
        bound = min(bound, solved.worth + solved.price * p)
        yield bound


class _Search:
    """Moves of single CHWs that serve more people and keep the rules."""

    def __init__(self, work: Workload, p: int, rules: Rules, bound: float, deadline: float) -> None:
        self.work, self.p, self.rules, self.deadline = work, p, rules, deadline
        self.enough = bound * (1 - PROVED)
        self.density = work.weights / work.load
        self.dear = work.capacity * self.density.max(initial=0.0)

    def served(self, chws: Ints) -> float:
        """People whom these CHWs can serve."""
        return State(self.work, chws.astype(np.int64)).served

    def over(self) -> bool:
        """Whether the time is."""
        return time.perf_counter() > self.deadline

    def iterated(self, chws: Ints) -> Ints:
        """The best choice of all local searches, each from where a few CHWs were moved at random (with a seed)."""
        random = np.random.default_rng(SEED)
        best, most = self.improved(chws)
        here, idle = best, 0
        for _ in range(KICKS):
            if self.over() or most >= self.enough or idle == IDLE:
                break
            trial, served = self.improved(self.kicked(here, random))
            if served >= most * (1 - PROVED):
                here = trial
            idle += 1
            if served > most * (1 + PROVED):
                best, most, idle = trial, served, 0
        return best

    def improved(self, chws: Ints) -> tuple[Ints, float]:
        """Move and add single CHWs as long as that serves more people; and how many those are."""
        served, idle, turn = self.served(chws), 0, 0
        posts = self.leavable(chws)
        while idle < len(posts) and not self.over() and served < self.enough:
            found = self.better(chws, int(posts[turn % len(posts)]), served)
            turn, idle = turn + 1, idle + 1
            if found is not None:
                (chws, served), idle = found, 0
                posts = self.leavable(chws)
        return chws, served

    def leavable(self, chws: Ints) -> Ints:
        """Sites that a CHW may leave; -1 = nobody leaves, and one is added."""
        posts = np.flatnonzero(chws > self.rules.least).astype(np.int32)
        return np.append(-1, posts) if chws.sum() < self.p else posts

    def better(self, chws: Ints, post: int, served: float) -> tuple[Ints, float] | None:
        """Where a CHW of the post lives instead so that more people are served; None = nowhere that was looked at.

        Sites are looked at whose reach holds enough people who are not served then.
        """
        left = chws.copy()
        if post >= 0:
            left[post] -= 1
        state, work = State(self.work, left.astype(np.int64)), self.work
        waiting = (state.unserved * self.density)[work.indices]
        hoped = state.served + np.minimum(np.bincount(work.site_of_pair, waiting, work.n_sites), self.dear)
        for site in np.argsort(-hoped, kind="stable"):
            if hoped[site] <= served * (1 + PROVED):
                return None
            if site == post or left[site] >= self.rules.most[site]:
                continue
            trial = left.copy()
            trial[site] += 1
            now = self.served(trial)
            if now > served * (1 + PROVED) and not recount.broken_rules(trial, self.rules, self.p):
                return trial, now
        return None

    def kicked(self, chws: Ints, random: np.random.Generator) -> Ints:
        """A few CHWs moved at random, each to a site nearby, where the rules are kept."""
        for _ in range(random.integers(*KICKED)):
            posts = np.flatnonzero(chws > self.rules.least)
            if not len(posts):
                break
            trial = chws.copy()
            post = random.choice(posts)
            trial[post] -= 1
            near = np.flatnonzero(self.near(int(post)) & (trial < self.rules.most))
            if len(near):
                trial[random.choice(near)] += 1
                chws = chws if recount.broken_rules(trial, self.rules, self.p) else trial
        return chws

    def near(self, site: int) -> Bools:
        """Mark the sites that share people with this one."""
        work = self.work
        mine = np.zeros(len(work.load), np.bool_)
        mine[work.indices[work.indptr[site] : work.indptr[site + 1]]] = True
        return np.bincount(work.site_of_pair, mine[work.indices], work.n_sites) > 0
