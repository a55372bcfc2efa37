"""The p-median under any rules: rows and sites are settled in rounds.

The formulation stands in `planner.placement.models.p_median_in_rows`. Steps: the linear relaxation, to which the rows
that it breaks most are added in rounds until it breaks none; whole CHWs among the sites that it uses; then whole CHWs
among all sites that could still be in a better choice, in rounds: where a choice costs more than the rows say, those
rows are added that say so. Every programme here leaves rows out, so its bound holds for all choices.

A site is settled where the bound of the relaxation and its reduced cost together are more than the best choice costs
(reduced-cost fixing): no better choice has more CHWs there than the relaxation has.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np

from planner.placement import exact, highs
from planner.placement.models import p_median, p_median_in_rows
from planner.placement.models.p_median_in_rows import Places
from planner.placement.programme import Programme
from planner.types.arrays import Doubles, Ints
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix

METHOD = "linear relaxation and mixed-integer programme in rounds (HiGHS)"
BROKEN = 1e-6  # of the most that a place costs: a row that the relaxation breaks by less is not added,
BROKEN_BY_WHOLE = 1e-8  # nor one that whole CHWs break by less
PROVED = 1e-9  # relative
ROUNDS = 100  # of the relaxation
SUPPORT_NODES = 50  # of the search among the sites that the relaxation uses


def place(
    matrix: TravelMatrix,
    people: Doubles,
    p: int,
    rules: Rules,
    unserved_minutes: float,
    known: Ints | None,
    time_limit_s: float,
) -> tuple[Ints, float, str]:
    """CHWs at each site, the person-minutes that no choice stays below, and how they were found.

    `known` is a choice to begin with that keeps the rules.

    Raises
    ------
    NoAnswer
        As `exact.solve`.
    """
    search = _Search(matrix, people, p, rules, unserved_minutes, time.perf_counter() + time_limit_s)
    if known is not None:
        search.offer(known.astype(np.float64))
    possible = search.relax() and search.choose()
    if not possible:
        asked = p_median.programme(matrix, people, p, rules, unserved_minutes)
        raise exact.no_answer(asked, time_limit_s)
    if search.best is None:
        raise exact.nothing_found(p_median.MODEL, time_limit_s)
    how = METHOD if search.searched else exact.GREEDY
    return np.rint(search.best).astype(np.int32), search.bound, how


class _Search:
    """The best choice so far, what is proved, and the rows that were added."""

    def __init__(
        self, matrix: TravelMatrix, people: Doubles, p: int, rules: Rules, unserved_minutes: float, deadline: float
    ) -> None:
        self.problem: Places = p_median_in_rows.places(matrix, people, unserved_minutes)
        self.everybody = math.isinf(unserved_minutes)
        self.p, self.rules, self.deadline = p, rules, deadline
        self.rows: list[tuple[Ints, Doubles]] = []
        self.best: Doubles | None = None
        self.cost, self.bound, self.searched = math.inf, -math.inf, False
        self.relaxed: highs.Relaxed | None = None

    @property
    def seconds(self) -> float:
        """That are left."""
        return max(self.deadline - time.perf_counter(), 0.0)

    def offer(self, n: Doubles) -> None:
        """Keep whole CHWs where they cost less than the best so far."""
        _, costs = self.problem.levels(n)
        if costs.sum() < self.cost:
            self.best, self.cost = n, float(costs.sum())

    def add_rows(self, n: Doubles, said: Doubles, broken: float) -> bool:
        """Add the rows that say what places cost at these n where that is more than was `said`; whether there are any.

        `said` and `broken` are of the most that each place costs.
        """
        level, costs = self.problem.levels(n)
        cap = self.problem.costs.cap
        place = np.flatnonzero(costs > (said + broken) * cap).astype(np.int32)
        if len(place):
            self.rows.append((place, level[place]))
        return bool(len(place))

    def relax(self) -> bool:
        """Solve the linear relaxation; whether there may be a choice that keeps the rules."""
        n_sites = len(self.rules.today)
        n, said, basis = np.full(n_sites, self.p / max(n_sites, 1)), np.full(len(self.problem.costs.cap), -1.0), None
        for _ in range(ROUNDS):
            if not self.add_rows(n, said, BROKEN):
                break
            made, d = self.programme(self.rules)
            relaxed = highs.relax(made, time_limit_s=self.seconds, basis=basis)
            if relaxed.status != "optimal":
                return relaxed.status != "infeasible"
            n, said, basis = relaxed.values[:n_sites], relaxed.values[d], relaxed.basis
            self.relaxed, self.bound = relaxed, relaxed.bound
        return True

    def choose(self) -> bool:
        """Search for whole CHWs; whether there may be a choice that keeps the rules."""
        if self.relaxed is not None:
            used = self.relaxed.values[: len(self.rules.today)] > BROKEN
            most = np.where(used, self.rules.most, self.rules.least).astype(np.int32)
            self.search(replace(self.rules, most=most), SUPPORT_NODES)
        while self.seconds > 0:
            solution, more = self.search(self.unsettled())
            if solution.status == "infeasible":
                return False
            self.bound = max(self.bound, solution.bound)
            if not more or self.bound >= self.cost * (1 - PROVED):
                break
        return True

    def search(self, rules: Rules, nodes: int = highs.ANY_NODES) -> tuple[highs.Solution, bool]:
        """Solve the programme with the rows so far; whether what it finds costs more than they say."""
        made, d = self.programme(rules)
        start = None if self.best is None else exact.values(made, np.rint(self.best).astype(np.int32))
        solution = highs.solve(made, time_limit_s=self.seconds, start=start, max_nodes=nodes)
        if not len(solution.values):
            return solution, False
        self.searched = True
        n = np.rint(solution.values[: len(rules.today)])
        self.offer(n)
        return solution, self.add_rows(n, solution.values[d], BROKEN_BY_WHOLE)

    def unsettled(self) -> Rules:
        """The rules, and no more or no fewer CHWs where a choice that has them would cost more than the best."""
        if self.relaxed is None:
            return self.rules
        n_sites = len(self.rules.today)
        n, each = np.rint(self.relaxed.values[:n_sites]).astype(np.int32), self.relaxed.reduced[:n_sites]
        dear = self.relaxed.bound + np.abs(each) > self.cost * (1 + PROVED)
        return replace(
            self.rules,
            least=np.where(dear & (each < 0), n, self.rules.least).astype(np.int32),
            most=np.where(dear & (each > 0), n, self.rules.most).astype(np.int32),
        )

    def programme(self, rules: Rules) -> tuple[Programme, Ints]:
        """The programme with the rows so far, and its columns of what places cost."""
        return p_median_in_rows.programme(self.problem, self.everybody, self.p, rules, self.rows)
