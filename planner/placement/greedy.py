"""A good choice under any rules without a solver, and what no choice can be better than."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from planner.placement.recount import broken_rules, chws_within_reach
from planner.types.arrays import Bools, Doubles, Floats, Ints
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix


class Counted(Protocol):
    """What one CHW more at each site would add, as CHWs are added."""

    def gains(self) -> Doubles:
        """What each site would add now."""

    def add(self, site: int) -> None:
        """One CHW more lives at the site."""


def choose(counted: Counted, p: int, rules: Rules, enough: Callable[[], bool] = lambda: False) -> Ints | None:
    """Add CHWs one by one, each where it adds most of those places that the rules leave open, until it is `enough`.

    Those of today stay. Areas that need CHWs get theirs first. None where this way leads to no choice that keeps the
    rules.
    """
    chws = np.maximum(rules.least, rules.today)
    for post in np.flatnonzero(chws):
        for _ in range(chws[post]):
            counted.add(int(post))
    short = [int(area) for area in np.flatnonzero(rules.area_least)]
    closed = np.zeros(len(chws), np.bool_)  # who broke a rule breaks it with more CHWs as well
    while int(chws.sum()) < p:
        gains = counted.gains()
        while short and chws[rules.area == short[0]].sum() >= rules.area_least[short[0]]:
            short.pop(0)
        if enough() and not short:
            break
        wanted = rules.area == short[0] if short else gains > 0
        site = _first_allowed(chws, rules, p, gains, wanted & (chws < rules.most), closed)
        if site < 0:
            break
        chws[site] += 1
        counted.add(site)
    return None if broken_rules(chws, rules, p) else chws


def _first_allowed(chws: Ints, rules: Rules, p: int, gains: Doubles, wanted: Bools, closed: Bools) -> int:
    """The site of the greatest gain where one CHW more breaks no rule that was not broken before; -1 = none."""
    broken = len(broken_rules(chws, rules, p))
    for site in np.argsort(-gains, kind="stable"):
        if wanted[site] and not closed[site]:
            more = chws.copy()
            more[site] += 1
            if len(broken_rules(more, rules, p)) <= broken:
                return int(site)
            closed[site] = True
    return -1


class People(Counted, Protocol):
    """CHWs counted by the people who have one."""

    @property
    def people(self) -> float:
        """How many there are by now."""


class Covering:
    """People within reach of a CHW."""

    def __init__(self, matrix: TravelMatrix, people: Doubles) -> None:
        self.matrix, self.left, self.all = matrix, people.copy(), float(people.sum())

    @property
    def people(self) -> float:
        """How many there are by now."""
        return self.all - float(self.left.sum())

    def gains(self) -> Doubles:
        """People not reached yet."""
        return _by_site(self.matrix, self.left[self.matrix.indices])

    def add(self, site: int) -> None:
        """All within reach are reached."""
        self.left[_reached(self.matrix, site)] = 0.0


class Walking:
    """Person-minutes saved against walking `unserved_minutes`."""

    def __init__(self, matrix: TravelMatrix, people: Doubles, unserved_minutes: float) -> None:
        self.matrix, self.people = matrix, people
        farthest = float(matrix.minutes.max(initial=0.0))
        self.minutes = np.full(matrix.n_demand, min(unserved_minutes, 2 * farthest + 1))

    def gains(self) -> Doubles:
        """Person-minutes saved."""
        saved = np.maximum(self.minutes[self.matrix.indices] - self.matrix.minutes, 0.0)
        return _by_site(self.matrix, saved * self.people[self.matrix.indices])

    def add(self, site: int) -> None:
        """Who is nearer to this site walks here."""
        row = slice(self.matrix.indptr[site], self.matrix.indptr[site + 1])
        reached = self.matrix.indices[row]
        self.minutes[reached] = np.minimum(self.minutes[reached], self.matrix.minutes[row])


class Serving:
    """People served, where each CHW takes those nearest whom nobody serves yet, as far as the capacity goes."""

    def __init__(self, matrix: TravelMatrix, people: Doubles, load: Doubles, capacity: Doubles) -> None:
        self.matrix, self.capacity = matrix, capacity
        self.left, self.worth = load.copy(), np.divide(people, load, out=np.zeros_like(people), where=load > 0)
        self.all = float(people[load > 0].sum())

    @property
    def people(self) -> float:
        """How many there are by now."""
        return self.all - float(self.left @ self.worth)

    def gains(self) -> Doubles:
        """People not served yet, as many of them as one CHW has time for."""
        work = _by_site(self.matrix, self.left[self.matrix.indices])
        people = _by_site(self.matrix, (self.left * self.worth)[self.matrix.indices])
        share = np.divide(self.capacity, work, out=np.ones_like(work), where=work > self.capacity)
        return np.asarray(people * share, np.float64)

    def add(self, site: int) -> None:
        """The nearest are served first."""
        row = slice(self.matrix.indptr[site], self.matrix.indptr[site + 1])
        reached = self.matrix.indices[row][np.argsort(self.matrix.minutes[row], kind="stable")]
        before = np.append(0.0, np.cumsum(self.left[reached]))[:-1]
        self.left[reached] -= np.clip(self.capacity[site] - before, 0.0, self.left[reached])


def cover_bound(matrix: TravelMatrix, people: Doubles, p: int, chws: Ints) -> float:
    """The most people that any `p` CHWs cover, as this choice proves it.

    No choice covers more than this one and the p greatest additions to it together: covering is submodular (Nemhauser,
    Wolsey and Fisher, 1978, doi:10.1007/BF01588971).
    """
    covered = chws_within_reach(matrix, chws) > 0
    additions = _by_site(matrix, np.where(covered, 0.0, people)[matrix.indices])
    return float(people[covered].sum() + np.sort(additions)[::-1][:p].sum())


def _reached(matrix: TravelMatrix, site: int) -> Ints:
    return matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]


def _by_site(matrix: TravelMatrix, values: Doubles | Floats) -> Doubles:
    """Sum the values of the pairs of each site; 0 where all are."""
    site = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))
    return np.bincount(site, values, matrix.n_sites).astype(np.float64)
