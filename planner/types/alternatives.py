"""What else could be done: other numbers of CHWs, other homes for those of today, fairness, other conditions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.types.arrays import Doubles, Ints, check_array, check_same_length


@dataclass(frozen=True, eq=False)
class Growth:
    """People newly within reach with 0, 1, 2 ... new CHWs beside those of today, and the most that so many can reach.

    ``covered`` and ``bound`` by number of new CHWs, in the scenario's count (people or under-fives, weighted by area
    where it says so); ``everybody`` are
    those whom today's CHWs do not reach: hard to reach, on open ground, in the areas.
    """

    covered: Doubles
    bound: Doubles
    everybody: float

    def __post_init__(self) -> None:
        check_array("covered", self.covered, np.float64, (None,))
        check_array("bound", self.bound, np.float64, self.covered.shape)


@dataclass(frozen=True, eq=False)
class Relocation:
    """What the CHWs of today would reach if all of them lived where they reach most hard-to-reach people.

    Attributes
    ----------
    today, best, bound
        People (or under-fives, weighted, as the scenario counts) within reach of the CHWs of today where they live, of
        as many CHWs placed best, and the most that so many can reach.
    status
        Of that choice, in plain words.
    leaves
        Positions in `Posts` of the CHWs who live elsewhere in it, int32.
    villages
        Positions in `Villages` of where they live then, int32, in the order of marginal gain; no pairs: any of those
        who leave may go to any of these.
    """

    today: float
    best: float
    bound: float
    status: str
    leaves: Ints
    villages: Ints


@dataclass(frozen=True, eq=False)
class Fairness:
    """The choice that is fairest to the areas beside the one that reaches the most people; the plan has the first.

    ``share`` and ``share_of_most``: of the hard-to-reach people of each area (NaN where there are none) who have a CHW
    within reach; ``given_up``: the price of fairness, people (or under-fives) whom the other choice reaches more.
    """

    share: Doubles
    share_of_most: Doubles
    given_up: float

    def __post_init__(self) -> None:
        check_same_length("Fairness", share=self.share, share_of_most=self.share_of_most)


@dataclass(frozen=True, eq=False)
class Robustness:
    """What the plan reaches under each of several conditions, beside the best choice for that condition alone.

    Attributes
    ----------
    conditions
        What each is called: "dry season", "wet season", "speeds of accessmod_manual".
    covered, best
        Hard-to-reach people within reach of a CHW, today's among them, by condition.
    chosen_in
        For each site of the placement, in its order: in how many of the best choices it has new CHWs.
    """

    conditions: tuple[str, ...]
    covered: Doubles
    best: Doubles
    chosen_in: Ints

    def __post_init__(self) -> None:
        check_same_length("Robustness", conditions=self.conditions, covered=self.covered, best=self.best)


@dataclass(frozen=True, eq=False)
class Years:
    """The plan by years: the posts of each year contain those of the years before.

    ``chws`` new CHWs in all by the end of each year; ``covered`` people newly within reach by then, ``alone`` with as
    many CHWs placed best for that year alone, ``bound`` the most that so many can reach; ``begins`` the year (from 0)
    in which each site of the placement gets its CHWs, in its order.
    """

    chws: Ints
    covered: Doubles
    alone: Doubles
    bound: Doubles
    begins: Ints

    def __post_init__(self) -> None:
        check_same_length("Years", chws=self.chws, covered=self.covered, alone=self.alone, bound=self.bound)


@dataclass(frozen=True)
class LongestWay:
    """What the longest way to a CHW leaves out, where the plan makes it as short as can be.

    ``today`` minutes of the longest way to the CHWs of today, of those who have one within ``beyond_minutes`` (0 where
    nobody has); ``without`` people whom a village could reach so soon and who have none so near today; ``beyond``
    people whom no village that may have a CHW could reach so soon: they do not count.
    """

    today: float
    without: float
    beyond: float


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Beside the plan; None = not asked for, or nothing to compare."""

    growth: Growth | None = None
    relocation: Relocation | None = None
    fairness: Fairness | None = None
    robustness: Robustness | None = None
    years: Years | None = None
    longest: LongestWay | None = None
