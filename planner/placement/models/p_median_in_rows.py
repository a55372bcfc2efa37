"""The p-median told by its sites alone: of each place only what it costs, held up by rows (Benders' decomposition).

Magnanti, T. L. and Wong, R. T. (1981) Accelerating Benders decomposition, Operations Research 29, 464-484,
doi:10.1287/opre.29.3.464; Cornuejols, G., Fisher, M. L. and Nemhauser, G. L. (1977), doi:10.1287/mnsc.23.8.789::

    minimise    sum_i C_i d_i                                    person-minutes; C_i is the most that i costs
    subject to  C_i d_i >= D - sum_{j: c_ij < D} (D - c_ij) n_j  for each i and each cost D of it: whoever costs less
                                                                 than D has a CHW at a site that costs less
                sum_{j in N_i} n_j >= 1                          where everybody must have a CHW
                sum_j n_j <= p
                n_j whole, 0 <= d_i <= 1                         and the rules (`planner.placement.rule_rows`)

The same relaxation as with a column for each pair (`planner.placement.models.p_median`), in far fewer columns; and of
the rows only some matter. Of those of a place that one matters most at given n whose D is the cost at which the n of
the sites up to it reach 1: with that D, the right side is what the place costs at these n.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.placement.models.p_median import MODEL
from planner.placement.pmedian_search import Median, median
from planner.placement.programme import Programme, Term
from planner.placement.rule_rows import Sites
from planner.types.arrays import Doubles, Ints, Longs
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix


@dataclass(frozen=True, eq=False)
class Places:
    """The places with people: ``costs`` are the pairs that cost less than the most; ``reach`` all pairs.

    ``reach`` has ``place`` and ``site`` of each pair where everybody must have a CHW, and is empty where not.
    """

    costs: Median
    reach: tuple[Ints, Ints]

    @property
    def place(self) -> Longs:
        """The place of each pair, by place and cost."""
        return np.repeat(np.arange(len(self.costs.cap)), np.diff(self.costs.row_indptr))

    def levels(self, n: Doubles) -> tuple[Doubles, Doubles]:
        """The D of each place that matters most at these n, and what the place costs."""
        costs, place = self.costs, self.place
        here = n[costs.sites]
        summed = np.append(0.0, np.cumsum(here))
        so_far = summed[1:] - summed[costs.row_indptr[place]]
        full = so_far >= 1 - 1e-9
        level = costs.cap.copy()
        np.minimum.at(level, place[full], costs.row_costs[full])
        saved = np.maximum(level[place] - costs.row_costs, 0.0) * here
        return level, level - np.bincount(place, saved, len(level))


def places(matrix: TravelMatrix, people: Doubles, unserved_minutes: float) -> Places:
    """What each place with people costs from each site; more than `unserved_minutes` it never counts."""
    asked = np.flatnonzero(people > 0)
    number = np.full(matrix.n_demand, -1, np.int32)
    number[asked] = np.arange(len(asked), dtype=np.int32)
    some = number[matrix.indices] >= 0
    site = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))[some]
    place = number[matrix.indices[some]]
    cost = people[matrix.indices[some]] * matrix.minutes[some].astype(np.float64)
    cap = people[asked] * unserved_minutes
    reach = (place[:0], site[:0].astype(np.int32))
    if math.isinf(unserved_minutes):
        cap, reach = np.zeros(len(asked)), (place, site.astype(np.int32))
        np.maximum.at(cap, place, cost)
    sites = np.arange(matrix.n_sites, dtype=np.int32)
    return Places(median(sites, site, place, cost, cap), reach)


def programme(
    problem: Places, everybody: bool, p: int, rules: Rules, rows: Sequence[tuple[Ints, Doubles]]
) -> tuple[Programme, Ints]:
    """The model with these `rows`, each lot the places and the D of one round, and its columns d; the first are n."""
    made = Programme(MODEL, "min")
    sites = Sites(made, rules, p)
    cap, costs, start = problem.costs.cap, problem.costs.row_costs, problem.costs.row_indptr
    key = np.arange(len(cap), dtype=np.int32)
    d = made.columns("d", (key,), upper=1.0, objective=cap)
    if everybody:
        place, site = problem.reach
        made.rows("reach", (key,), [(place, sites.n[site], 1.0)], lower=1.0)
    for turn, (place, level) in enumerate(rows):
        lengths = np.diff(start)[place]
        row = np.repeat(np.arange(len(place)), lengths)
        pair = np.arange(len(row)) + np.repeat(start[place] - np.cumsum(lengths) + lengths, lengths)
        less = level[row] - costs[pair]
        row, pair, less = row[less > 0], pair[less > 0], less[less > 0]
        unit = cap[place]
        terms: list[Term] = [
            (np.arange(len(place)), d[place], 1.0),
            (row, sites.n[problem.costs.sites[pair]], less / unit[row]),
        ]
        made.rows(f"costs_{turn}", (place,), terms, lower=level / unit)
    return made, d
