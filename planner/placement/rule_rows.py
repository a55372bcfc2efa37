"""The rules of a placement as columns and rows of a programme: the same ones for every model.

``n_j`` CHWs live at site j, ``o_j`` is 1 where anybody does, ``left_j`` of today's have left it, ``s_jf`` of those at
site j are supervised from facility f::

    least_j <= n_j <= most_j, integer                               those of today, forbidden and forced sites
    o_j <= n_j <= most_j o_j                                        o_j is n_j itself where nobody has a second CHW
    left_j >= today_j - n_j
    sum_j cost_j (n_j - today_j + left_j) + leave_cost left_j <= budget
    sum_j left_j <= max_moves,   fewest <= sum_j n_j <= p
    o_j + o_k <= 1                                                  sites j and k too near to each other
    area_least_a <= sum_{j in a} n_j <= area_most_a
    sum_f s_jf = n_j,   sum_j s_jf <= places_f                      a transport problem: s is whole where n is
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from planner.placement.programme import Programme, Term
from planner.types.arrays import Ints
from planner.types.placement import NO_LIMIT, Rules, Supervisors

Counted = Literal["nothing", "CHWs", "cost"]


class Sites:
    """The columns of the sites, and the rows of the rules; the objective counts nothing, CHWs, or their cost."""

    def __init__(self, programme: Programme, rules: Rules, p: int = NO_LIMIT, counted: Counted = "nothing") -> None:
        self.programme, self.rules = programme, rules
        self.key = np.arange(len(rules.today), dtype=np.int32)
        # More than p at one site are more than p in all: a lower `most` makes the links to o tighter.
        self.most = np.maximum(np.minimum(rules.most, max(p, 0)), rules.least)
        price = rules.cost if counted == "cost" else 1.0 if counted == "CHWs" else 0.0
        self.n = programme.columns(
            "n", (self.key,), lower=rules.least, upper=self.most, objective=price, integer=True
        )  # fmt: skip
        self._open: Ints | None = None
        self._add_leaving(counted == "cost")
        self._add_totals(p)
        if len(rules.apart):
            self._add_apart()
        self._add_quotas()
        if rules.supervisors is not None:
            self._add_supervisors(rules.supervisors)

    @property
    def open(self) -> Ints:
        """Columns of o."""
        if self._open is None and self.most.max(initial=0) <= 1:
            self._open = self.n
        elif self._open is None:
            self._open = self.programme.columns("o", (self.key,), upper=1.0, integer=True)
            somebody: list[Term] = [(self.key, self._open, 1.0), (self.key, self.n, -1.0)]
            nobody: list[Term] = [(self.key, self.n, 1.0), (self.key, self._open, -self.most)]
            self.programme.rows("somebody", (self.key,), somebody, upper=0.0)
            self.programme.rows("nobody", (self.key,), nobody, upper=0.0)
        return self._open

    def _add_leaving(self, priced: bool) -> None:
        rules, programme = self.rules, self.programme
        paid = priced or math.isfinite(rules.budget)
        mobile = (
            np.flatnonzero(rules.today > rules.least).astype(np.int32) if paid or rules.max_moves >= 0 else self.key[:0]
        )
        price = rules.cost[mobile] + rules.leave_cost
        left = programme.columns("left", (mobile,), upper=rules.today[mobile], objective=price if priced else 0.0)
        row = np.arange(len(mobile))
        programme.rows("leaves", (mobile,), [(row, left, 1.0), (row, self.n[mobile], 1.0)], lower=rules.today[mobile])
        already = float((rules.cost * rules.today).sum())
        if priced:
            programme.constant -= already
        if math.isfinite(rules.budget):
            programme.rows(
                "budget", (), [(0, self.n, rules.cost), (0, left, price)], upper=rules.budget + already,
                words=lambda _, by: f"the budget of {rules.budget:g} is {by:g} too small",
            )  # fmt: skip
        if rules.max_moves >= 0 and len(mobile):
            programme.rows(
                "moves", (), [(0, left, 1.0)], upper=rules.max_moves,
                words=lambda _, by: f"at most {rules.max_moves} CHWs of today may leave: {by:g} more have to",
            )  # fmt: skip

    def _add_totals(self, p: int) -> None:
        rules = self.rules
        if p < NO_LIMIT:
            self.programme.rows(
                "p", (), [(0, self.n, 1.0)], upper=p,
                words=lambda _, by: f"at most {p} CHWs in all: {by:g} more are needed",
            )  # fmt: skip
        if rules.fewest > int(rules.least.sum()):
            self.programme.rows(
                "fewest", (), [(0, self.n, 1.0)], lower=rules.fewest,
                words=lambda _, by: f"no fewer than {rules.fewest} CHWs in all: {by:g} of them find no site",
            )  # fmt: skip

    def _add_apart(self) -> None:
        one, other = self.rules.apart.T
        row = np.arange(len(one))
        self.programme.rows(
            "apart", (one, other), [(row, self.open[one], 1.0), (row, self.open[other], 1.0)], upper=1.0,
            words=lambda key, _: f"{' and '.join(map(self.rules.site_called, key))} are too near to each other: "
            "both have to have CHWs",
        )  # fmt: skip

    def _add_quotas(self) -> None:
        for least in (True, False):
            quota = self.rules.area_least if least else self.rules.area_most
            areas = np.flatnonzero(quota > 0 if least else quota < NO_LIMIT).astype(np.int32)
            inside = self.key[np.isin(self.rules.area, areas)]
            terms: list[Term] = [(np.searchsorted(areas, self.rules.area[inside]), self.n[inside], 1.0)]
            if least:
                self.programme.rows("area_least", (areas,), terms, lower=quota[areas], words=self._too_few)
            else:
                self.programme.rows("area_most", (areas,), terms, upper=quota[areas], words=self._too_many)

    def _too_few(self, key: tuple[int, ...], by: float) -> str:
        asked = self.rules.area_least[key[0]]
        return f"{self.rules.area_called(key[0])} needs at least {asked} CHWs: {by:g} of them find no site"

    def _too_many(self, key: tuple[int, ...], by: float) -> str:
        allowed = self.rules.area_most[key[0]]
        return f"{self.rules.area_called(key[0])} may have at most {allowed} CHWs: {by:g} more are needed"

    def _add_supervisors(self, supervisors: Supervisors) -> None:
        reach = supervisors.reach
        site = np.repeat(self.key, np.diff(reach.indptr))
        pair = self.programme.columns(
            "s", (site, reach.indices), upper=np.minimum(self.most[site], supervisors.places[reach.indices])
        )
        facility = np.arange(reach.n_demand, dtype=np.int32)
        self.programme.rows(
            "supervised", (self.key,), [(site, pair, 1.0), (self.key, self.n, -1.0)], lower=0.0, upper=0.0,
            words=lambda key, by: f"{by:g} CHWs at {self.rules.site_called(key[0])} find no place with a supervisor",
        )  # fmt: skip
        self.programme.rows("places", (facility,), [(reach.indices, pair, 1.0)], upper=supervisors.places)
