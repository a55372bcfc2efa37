"""Capacitated cover: CHWs who serve so many people each, several of them in a village where need be.

Current, J. R. and Storbeck, J. E. (1988) Capacitated covering models, Environment and Planning B 15, 153-163,
doi:10.1068/b150153; Pirkul, H. and Schilling, D. A. (1991), doi:10.1287/mnsc.37.2.233; here with several CHWs a site::

    maximise    sum_i w_i sum_{j in N_i} f_ij     people served
    subject to  sum_{j in N_i} f_ij <= 1          the share of i that the CHWs at j serve
                sum_i l_i f_ij <= K_j n_j         l_i is the work of serving all of i, K_j what one CHW can do
                f_ij <= o_j                       tightens the relaxation
                sum_j n_j <= p
                n_j whole, o_j in {0, 1}          and the rules (`planner.placement.rule_rows`)

or the fewest CHWs, or the cheapest, for ``sum_ij w_i f_ij >= a sum_i w_i``. With closest assignment nobody passes by a
CHW (Wagner, J. L. and Falkson, L. M., 1975, doi:10.1111/j.1538-4632.1975.tb01026.x)::

    o_j + sum_{k: t_ik > t_ij} f_ik <= 1          where somebody lives at j, nobody of i goes farther
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from planner.placement.programme import Programme, Term
from planner.placement.rule_rows import Counted, Sites
from planner.types.arrays import Doubles, Floats, Ints
from planner.types.placement import NO_LIMIT, Rules
from planner.types.travel import TravelMatrix

MODEL = "capacitated maximal cover"
FEWEST = "capacitated set cover"


def programme(
    matrix: TravelMatrix,
    people: Doubles,
    load: Doubles,
    capacity: float | Doubles,
    p: int,
    rules: Rules,
    closest: bool,
    tight: bool = True,
) -> Programme:
    """The most people; its first columns are n, one a site of the rules. Only where `tight` are there the rows of o."""
    made = Programme(MODEL, "max")
    _add_service(Sites(made, rules, p), matrix, people, load, capacity, closest, people, tight)
    return made


def fewest(
    matrix: TravelMatrix,
    people: Doubles,
    load: Doubles,
    capacity: float | Doubles,
    share: float,
    rules: Rules,
    closest: bool,
    counted: Counted,
) -> Programme:
    """The fewest CHWs, or the cheapest, who serve a share of all people; its first columns are n."""
    made = Programme(FEWEST, "min")
    f, demand = _add_service(
        Sites(made, rules, NO_LIMIT, counted), matrix, people, load, capacity, closest, np.zeros(matrix.n_demand)
    )
    made.rows(
        "share", (), [(0, f, people[demand] / people.sum())], lower=share,
        words=lambda _, by: f"{100 * share:.4g} % of the people: {100 * by:.4g} % cannot be served",
    )  # fmt: skip
    return made


def most_people(people: Doubles, load: Doubles, work: float) -> float:
    """The most people whom so much work can serve, wherever it is done: those who ask least of it first."""
    done, served = _least_work_first(np.where(load > 0, people, 0.0), load)
    return float(people[load == 0].sum() + np.interp(work, done, served))


def least_work(people: Doubles, load: Doubles, asked: float) -> float:
    """The least work that serves so many people, whoever they are: those who ask least of it first."""
    done, served = _least_work_first(people, load)
    return float(np.interp(asked, served, done))


def _least_work_first(people: Doubles, load: Doubles) -> tuple[Doubles, Doubles]:
    """Work and people, summed from those who ask least work each."""
    some = np.flatnonzero(people > 0)
    some = some[np.argsort(load[some] / people[some], kind="stable")]
    return np.append(0.0, np.cumsum(load[some])), np.append(0.0, np.cumsum(people[some]))


def _add_service(
    sites: Sites,
    matrix: TravelMatrix,
    people: Doubles,
    load: Doubles,
    capacity: float | Doubles,
    closest: bool,
    worth: Doubles,
    tight: bool = True,
) -> tuple[Ints, Ints]:
    """Columns of f, each counted `worth` of its demand in the objective, with their rows; and the demand of each."""
    made = sites.programme
    asked = (people > 0)[matrix.indices]
    site, demand = np.repeat(sites.key, np.diff(matrix.indptr))[asked], matrix.indices[asked]
    f = made.columns("f", (demand, site), upper=1.0, objective=worth[demand])
    pair = np.arange(len(f))
    places = np.flatnonzero(people > 0).astype(np.int32)
    made.rows("served", (places,), [(np.searchsorted(places, demand), f, 1.0)], upper=1.0)
    work: list[Term] = [
        (site, f, load[demand] / np.broadcast_to(capacity, matrix.n_sites)[site]),
        (sites.key, sites.n, -1.0),
    ]
    made.rows("work", (sites.key,), work, upper=0.0)
    if tight:
        made.rows("lives", (demand, site), [(pair, f, 1.0), (pair, sites.open[site], -1.0)], upper=0.0)
    if closest:
        farther, nearer = _farther(demand, matrix.minutes[asked])
        first, row = np.unique(nearer, return_inverse=True)
        rows: list[Term] = [(np.arange(len(first)), sites.open[site[first]], 1.0), (row, f[farther], 1.0)]
        made.rows("closest", (demand[first], site[first]), rows, upper=1.0)
    return f, demand


def _farther(demand: Ints, minutes: Floats) -> tuple[Ints, Ints]:
    """Two pairs of one demand at a time, of which the first has more minutes than the second."""
    order = np.lexsort((minutes, demand))
    first, second = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    edges = np.flatnonzero(np.diff(demand[order], prepend=-1, append=-1))
    for a, b in pairwise(edges):
        group = order[a:b]
        one, other = np.nonzero(minutes[group][:, None] > minutes[group][None, :])
        first.append(group[one])
        second.append(group[other])
    return np.concatenate(first).astype(np.int32), np.concatenate(second).astype(np.int32)
