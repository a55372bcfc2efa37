"""A question of placement beyond who reaches whom, and its answer: rules that every choice keeps to, and a choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.types.arrays import Doubles, Ints, check_array, check_same_length
from planner.types.travel import TravelMatrix

NO_LIMIT = np.iinfo(np.int32).max  # where a rule asks for a greatest number of CHWs and there is none


@dataclass(frozen=True, eq=False)
class Supervisors:
    """Facilities that supervise: each CHW of a site needs a free place at a facility that the site reaches.

    Attributes
    ----------
    reach
        Minutes from sites to facilities, only pairs within the limit of a supervision visit.
    places
        CHWs that each facility can supervise, int32.
    """

    reach: TravelMatrix
    places: Ints

    def __post_init__(self) -> None:
        check_array("places", self.places, np.int32, (self.reach.n_demand,))


@dataclass(frozen=True, eq=False)
class Rules:
    """What every choice of posts keeps to; n_j stands for the CHWs who live at site j.

    Attributes
    ----------
    today
        CHWs who live at each site today, int32. One who stays costs nothing.
    least, most
        Fewest and most CHWs at each site, int32: ``least = today`` fixes those of today, ``most = 0`` forbids a site,
        ``least = 1`` forces it.
    cost
        Of each CHW more than today at a site, float64, in any one currency.
    leave_cost
        Of each CHW fewer than today at a site (a move pays this, and `cost` where the CHW goes).
    budget
        ``sum_j cost_j (n_j - today_j)+ + leave_cost (today_j - n_j)+`` stays at or below this; inf = no limit.
    max_moves
        CHWs of today who may leave their site; -1 = any number.
    fewest
        Fewest CHWs in all: ``sum(today)`` lets those of today move but sends nobody away; 0 = no such rule.
    apart
        Pairs of sites, ``(k, 2)`` int32, that may not both have CHWs: those nearer to each other than allowed.
    area
        Area of each site, int32; -1 = none.
    area_least, area_most
        Fewest and most CHWs in each area, int32; `NO_LIMIT` = any number.
    supervisors
        Who must have room for every CHW; None = nobody.
    site_names, area_names
        What messages call them; empty = by their positions.
    """

    today: Ints
    least: Ints
    most: Ints
    cost: Doubles
    leave_cost: float
    budget: float
    max_moves: int
    fewest: int
    apart: Ints
    area: Ints
    area_least: Ints
    area_most: Ints
    supervisors: Supervisors | None
    site_names: tuple[str, ...] = ()
    area_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = (len(self.today),)
        for name in ("today", "least", "most", "area"):
            check_array(name, getattr(self, name), np.int32, n)
        check_array("cost", self.cost, np.float64, n)
        check_array("apart", self.apart, np.int32, (None, 2))
        check_array("area_least", self.area_least, np.int32, (None,))
        check_array("area_most", self.area_most, np.int32, (len(self.area_least),))

    def site_called(self, position: int) -> str:
        """What to call a site."""
        return self.site_names[position] if self.site_names else f"site {position}"

    def area_called(self, position: int) -> str:
        """What to call an area."""
        return self.area_names[position] if self.area_names else f"area {position}"


@dataclass(frozen=True, eq=False)
class Assignment:
    """Who is served by whom: so many of the people at a demand position by the CHWs of a site, one row a pair.

    Ordered by demand, then site. Without capacities everybody is served by the nearest post (ties to the first site);
    with capacities the people of one place may be parted between several posts.
    """

    demand: Ints
    site: Ints
    people: Doubles

    def __post_init__(self) -> None:
        n = (len(self.demand),)
        check_array("demand", self.demand, np.int32, n)
        check_array("site", self.site, np.int32, n)
        check_array("people", self.people, np.float64, n)


@dataclass(frozen=True, eq=False)
class Choice:
    """Which sites have CHWs, and how good that choice is proved to be.

    Attributes
    ----------
    model
        The field's name of the model, such as "maximal cover (MCLP)".
    method
        What found it and what proved it, in words.
    chws
        CHWs who live at each site, int32; those of today who stay are among them.
    objective, unit
        What the model counts, recounted from `chws` by a routine that shares nothing with the solver, and its unit:
        "people", "CHWs", "cost", "person-minutes", "minutes".
    bound
        No choice that keeps the rules has a better objective than this (float64; inf or -inf = nothing is proved).
    gap
        ``|bound - objective| / |objective|``; 0 = best possible; 0 where both are 0.
    status
        In plain words: "best possible", or "best found: at most 0.4 % better exists". A time limit never reads as best.
    seconds
        Of the solve; never part of a table or raster.
    assignment
        Who is served by whom.
    """

    model: str
    method: str
    chws: Ints
    objective: float
    unit: str
    bound: float
    gap: float
    status: str
    seconds: float
    assignment: Assignment

    def __post_init__(self) -> None:
        check_array("chws", self.chws, np.int32, (None,))


@dataclass(frozen=True, eq=False)
class Equity:
    """The placement that is fairest to the areas, beside the one that covers the most people.

    Attributes
    ----------
    fairest
        Lexicographic max-min of the share covered by area; its `objective` is people covered, its `gap` that of the
        first of its steps that is not proved (the sum of the smallest shares, then people): 0 = no choice is fairer.
    most
        The choice that covers the most people under the same rules.
    share, share_of_most
        Share of the people covered, by area, of the two; NaN where nobody lives.
    given_up
        The price of equity: people whom `most` covers more than `fairest`.
    """

    fairest: Choice
    most: Choice
    share: Doubles
    share_of_most: Doubles
    given_up: float

    def __post_init__(self) -> None:
        check_array("share", self.share, np.float64, (None,))
        check_array("share_of_most", self.share_of_most, np.float64, self.share.shape)


@dataclass(frozen=True, eq=False)
class Conditions:
    """One state of the world: a season, a table of speeds, a population raster. All have the same sites.

    ``name`` of it; ``matrix`` of travel times; ``people`` at each demand position of this matrix.
    """

    name: str
    matrix: TravelMatrix
    people: Doubles

    def __post_init__(self) -> None:
        check_array("people", self.people, np.float64, (self.matrix.n_demand,))


@dataclass(frozen=True, eq=False)
class Robust:
    """Placements that hold under several conditions; their assignments are those of the first conditions.

    Attributes
    ----------
    own
        The best choice under each of the conditions alone.
    average
        Most people on average over the conditions.
    worst
        Most people under the conditions in which it covers the fewest.
    regret
        Least regret: people fewer than the best under the same conditions, where they are the most.
    covered
        People covered ``(choice, conditions)``: each of `own`, then average, worst, regret.
    chosen_in
        In how many of `own` each site has CHWs, int32: in all of them is no regret.
    """

    own: tuple[Choice, ...]
    average: Choice
    worst: Choice
    regret: Choice
    covered: Doubles
    chosen_in: Ints

    def __post_init__(self) -> None:
        check_array("covered", self.covered, np.float64, (len(self.own) + 3, len(self.own)))
        check_array("chosen_in", self.chosen_in, np.int32, self.average.chws.shape)


@dataclass(frozen=True, eq=False)
class Frontier:
    """People covered against the number of CHWs, for every number up to the one asked for.

    Attributes
    ----------
    chws
        Numbers of CHWs in all, int32, ascending by 1; the first are those who must live somewhere.
    covered, bound
        People whom the best choice found covers (recounted from it), and the most that any choice of so many covers.
    choices
        Sites with CHWs for each number, int32 ascending; fewer than the number where more would add nobody, or where
        several must live at one site.
    seconds
        Of the search; never part of a table or raster.
    """

    chws: Ints
    covered: Doubles
    bound: Doubles
    choices: tuple[Ints, ...]
    seconds: float

    def __post_init__(self) -> None:
        n = (len(self.choices),)
        check_array("chws", self.chws, np.int32, n)
        check_array("covered", self.covered, np.float64, n)
        check_array("bound", self.bound, np.float64, n)

    @property
    def gap(self) -> Doubles:
        """``(bound - covered) / covered``; 0 = best possible, 0 where nobody can be covered, inf where nobody is."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.bound > self.covered, (self.bound - self.covered) / self.covered, 0.0)


@dataclass(frozen=True, eq=False)
class Rollout:
    """A plan by years: the posts of each year contain those of the years before.

    Attributes
    ----------
    chws
        CHWs in all in each year, int32, as asked for.
    begins
        Year (position) in which each site gets its CHW, int32; -1 = never; 0 also where CHWs must live.
    covered
        People whom the plan covers in each year, recounted from `begins`.
    alone, bound
        People whom the best choice found for that year alone covers, and the most that any choice could.
    seconds
        Of the search; never part of a table or raster.
    """

    chws: Ints
    begins: Ints
    covered: Doubles
    alone: Doubles
    bound: Doubles
    seconds: float

    def __post_init__(self) -> None:
        n = (len(self.chws),)
        check_array("chws", self.chws, np.int32, n)
        check_array("begins", self.begins, np.int32, (None,))
        for name in ("covered", "alone", "bound"):
            check_array(name, getattr(self, name), np.float64, n)

    @property
    def regret(self) -> Doubles:
        """Share that each year loses against the best choice found for it alone; 0 where that covers nobody."""
        return np.where(self.alone > 0, 1.0 - self.covered / np.maximum(self.alone, 1e-300), 0.0)


@dataclass(frozen=True, eq=False)
class Moves:
    """What one CHW of today is worth where she lives, and where she would be worth most, by site.

    ``alone`` are the people whom she alone reaches (0 where two CHWs live), ``site`` where one move reaches most people
    more (-1 = no move reaches more, or no CHW lives there), and ``gain`` the people more.
    """

    alone: Doubles
    site: Ints
    gain: Doubles

    def __post_init__(self) -> None:
        check_same_length("Moves", **self.__dict__)
