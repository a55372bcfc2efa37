"""The p-median problem at size: a good choice of sites, and a proved bound on every choice.

Hakimi, S. (1964), doi:10.1287/opre.12.3.450, and ReVelle, C. and Swain, R. (1970),
doi:10.1111/j.1538-4632.1970.tb00142.x::

    minimise    sum_i sum_j c_ij x_ij + sum_i cap_i z_i     person-minutes
    subject to  sum_j x_ij + z_i = 1                        everybody is served by one post, or by none at cap_i
                x_ij <= y_j                                 only by a chosen one
                sum_j y_j <= p
                y_j in {0, 1}

Only pairs with ``c_ij < cap_i`` matter. Sites that are chosen beforehand lower the caps and leave the problem.

Steps: greedy choice and exchanges; multipliers of the Lagrangean relaxation (`kernels.pmedian.ascend`), whose reduced
costs settle most sites and whose picks start further exchanges; then branch and bound on the sites that are left, with
the same bound at each node. Where the time is over, the least bound of the open nodes holds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planner.types.arrays import Doubles, Ints, Longs

States = npt.NDArray[np.int8]

PROVED = 1e-9  # relative: a choice better by less is not looked for; the rounding of sums in float64
BLOCK = 50  # steps between two looks at the clock, with exchanges from what the steps pick
BLOCKS = 60
PATIENCE = 40  # steps without a better bound after which the pace halves
LEAST_PACE = 5e-4  # at which the first node ends
ROUNDS = 20  # of steps on the sites that are left, each from the full pace, before any branching,
WORTHWHILE = 0.9  # while each leaves less than this of the distance to close, or of the sites
NODE = 100, 12, 1.0  # steps, patience and first pace at the others
KICKS = 10  # rounds of exchanges from a disturbed choice
KICKED = 3  # sites of the choice that each disturbs, at least


@dataclass(frozen=True, eq=False)
class Median:
    """A p-median problem: pairs that cost less than the cap, in both orders that `kernels.pmedian` names.

    ``site[k]`` is the position of site k in the problem that this is a part of.
    """

    site: Ints
    indptr: Longs
    rows: Ints
    costs: Doubles
    row_indptr: Longs
    sites: Ints
    row_costs: Doubles
    cap: Doubles

    def two_cheapest(self, chosen: Ints) -> tuple[Doubles, Doubles]:
        """What each row costs with these sites, and what it would without the one that serves it."""
        first, second = self.cap.copy(), self.cap.copy()
        for k in chosen:
            part = slice(self.indptr[k], self.indptr[k + 1])
            rows, costs = self.rows[part], self.costs[part]
            second[rows] = np.minimum(np.maximum(first[rows], costs), second[rows])
            first[rows] = np.minimum(first[rows], costs)
        return first, second

    def cost(self, chosen: Ints) -> float:
        """What all rows cost with these sites."""
        return float(self.two_cheapest(chosen)[0].sum())

    def only(self, kept: Ints) -> Median:
        """Leave these sites only."""
        place = np.full(len(self.site), -1, np.int64)
        place[kept] = np.arange(len(kept))
        site = place[np.repeat(np.arange(len(self.site)), np.diff(self.indptr))]
        there = site >= 0
        return median(self.site[kept], site[there], self.rows[there], self.costs[there], self.cap)

    def exchange(self, chosen: Ints, cost: float) -> Ints:
        """Exchange sites one by one as long as it helps."""
        from planner.kernels.pmedian import exchange_median

        pairs = (self.indptr, self.rows, self.costs, self.row_indptr, self.sites, self.row_costs)
        return np.asarray(exchange_median(*pairs, self.cap, chosen.astype(np.int32), PROVED * cost))


def median(site: Ints, pair_site: Longs, pair_row: Ints, costs: Doubles, cap: Doubles) -> Median:
    """Order the pairs of ``pair_site`` (position in `site`) and ``pair_row`` both ways; those that cost the cap go."""
    below = costs < cap[pair_row]
    pair_site, pair_row, costs = pair_site[below], pair_row[below], costs[below]
    by_site, by_row = np.lexsort((pair_row, pair_site)), np.lexsort((pair_site, costs, pair_row))
    return Median(
        site=site,
        indptr=np.append(0, np.bincount(pair_site, minlength=len(site)).cumsum()),
        rows=pair_row[by_site].astype(np.int32),
        costs=costs[by_site],
        row_indptr=np.append(0, np.bincount(pair_row, minlength=len(cap)).cumsum()),
        sites=pair_site[by_row].astype(np.int32),
        row_costs=costs[by_row],
        cap=cap,
    )


def solve(problem: Median, new: int, *, time_limit_s: float, start: Ints | None = None) -> tuple[Ints, float]:
    """Choose at most `new` sites at the least cost.

    Parameters
    ----------
    problem
        All caps finite.
    new
        The most sites, from 1 to the number of sites.
    time_limit_s
        The clock is read between blocks of steps and between nodes; without it the answer is always the same one.
    start
        Sites to begin with, `new` of them; greedily chosen where not given.

    Returns
    -------
    chosen : int32
        Positions in ``problem.site``.
    bound : float
        No choice costs less; equal to the cost of `chosen` where that is the least there is.
    """
    return _Search(problem, new, time.perf_counter() + time_limit_s).run(start)


def picks(use: Doubles, state: States, new: int) -> Ints:
    """The sites that must be chosen, and of the others that may be those used most, `new` in all; ties to the first."""
    wanted = np.where(state < 0, -1.0, use + 2.0 * (state > 0))
    return np.argsort(-wanted, kind="stable")[:new].astype(np.int32)


class _Search:
    """The best choice so far, and the clock."""

    def __init__(self, problem: Median, new: int, deadline: float) -> None:
        self.problem, self.new, self.deadline = problem, new, deadline
        self.chosen, self.cost = np.empty(0, np.int32), np.inf
        self.whole = all(bool((numbers == np.round(numbers)).all()) for numbers in (problem.costs, problem.cap))

    @property
    def enough(self) -> float:
        """A bound from which on nothing better can exist: of whole costs the next better one is lower by 1."""
        return self.cost - 1 + 1e-6 if self.whole else self.cost * (1 - PROVED)

    def run(self, start: Ints | None) -> tuple[Ints, float]:
        """All steps, as the module tells them."""
        from planner.kernels.pmedian import greedy_median

        problem = self.problem
        if start is None:
            start = greedy_median(problem.indptr, problem.rows, problem.costs, problem.cap, self.new)
        self.offer(problem, start)
        first, second = problem.two_cheapest(self.chosen)
        multipliers = (first + np.minimum(second, first + first.max())) / 2  # a cap may be out of all proportion
        part, state, bound = problem, np.zeros(len(problem.site), np.int8), -np.inf
        for _ in range(ROUNDS):
            distance, many = self.enough - bound, len(part.site)
            found, state, multipliers = self.settle(part, state, multipliers)
            bound = max(bound, found)
            if bound >= self.enough or self.over():
                break
            kept = np.flatnonzero(state >= 0).astype(np.int32)
            part, state = part.only(kept), state[kept]
            if len(kept) > self.new:
                self.kick(part)
            if self.enough - bound > WORTHWHILE * distance and len(kept) > WORTHWHILE * many:
                break
        if bound < self.enough:
            bound = self.branch(part, state, multipliers, bound)
        return self.chosen, self.cost if bound >= self.enough else bound

    def offer(self, part: Median, chosen: Ints) -> None:
        """Exchange sites of `part`, and keep the choice where it is the best so far."""
        chosen = part.exchange(chosen, self.cost if np.isfinite(self.cost) else part.cost(chosen))
        cost = part.cost(chosen)
        if cost < self.cost:
            sites = np.sort(part.site[chosen])
            self.chosen, self.cost = np.searchsorted(self.problem.site, sites).astype(np.int32), cost

    def over(self) -> bool:
        """Whether the time is."""
        return time.perf_counter() > self.deadline

    def settle(self, part: Median, state: States, multipliers: Doubles) -> tuple[float, States, Doubles]:
        """Raise the bound until it takes too small steps: bound, state of each site after it, and multipliers."""
        bound, pace = -np.inf, 1.0
        for _ in range(BLOCKS):
            found, multipliers, state, use, pace = self.ascend(part, state, multipliers, pace, BLOCK, PATIENCE)
            bound = max(bound, found)
            self.offer(part, picks(use, state, self.new))
            if bound >= self.enough or pace < LEAST_PACE or self.over():
                break
        return bound, state, multipliers

    def ascend(
        self, part: Median, state: States, multipliers: Doubles, pace: float, steps: int, patience: int
    ) -> tuple[float, Doubles, States, Doubles, float]:
        """Steps of `kernels.pmedian.ascend` from here."""
        from planner.kernels.pmedian import ascend

        pairs = part.row_indptr, part.sites, part.row_costs, part.cap
        found: tuple[float, Doubles, States, Doubles, float] = ascend(
            *pairs, state, self.new, self.cost, self.enough, multipliers, pace, steps, patience
        )
        return found

    def kick(self, part: Median) -> None:
        """Exchange again after some sites of the best choice were replaced at random (with a seed)."""
        random = np.random.default_rng(0)
        for _ in range(KICKS):
            if self.over():
                return
            best = np.searchsorted(part.site, self.problem.site[self.chosen])
            others = np.setdiff1d(np.arange(len(part.site)), best)
            many = min(max(KICKED, self.new // 20), len(others), self.new)
            disturbed = best.astype(np.int32)
            disturbed[random.choice(self.new, many, replace=False)] = random.choice(others, many, replace=False)
            self.offer(part, disturbed)

    def branch(self, part: Median, state: States, multipliers: Doubles, bound: float) -> float:
        """Search the sites that are left, depth first; the bound of all choices."""
        nodes = [(bound, state, multipliers)]
        steps, patience, pace = NODE
        while nodes:
            bound, state, multipliers = nodes.pop()
            if bound >= self.enough:
                continue
            if self.over():
                return min([bound, *(node[0] for node in nodes)])
            found, multipliers, state, use, _ = self.ascend(part, state, multipliers, pace, steps, patience)
            bound = max(bound, found)
            if bound >= self.enough:
                continue
            self.offer(part, picks(use, state, self.new))
            free = np.flatnonzero(state == 0)
            if len(free) == 0 or int((state >= 0).sum()) <= self.new:
                continue  # the only choice left is the one that was offered
            site = free[np.argmax(np.minimum(use[free], 0.999))]
            for settled in (-1, 1):
                child = state.copy()
                child[site] = settled
                nodes.append((bound, child, multipliers))
        return self.cost
