"""The roll-out: a plan by years, where the posts of each year contain those of the years before.

A site may begin in any of the years, and then covers in all that follow::

    maximise    sum_t a_t sum_i w_i y_it             people covered, each year with its weight
    subject to  y_it <= sum_{j in N_i} sum_{s <= t} x_js
                sum_j x_jt <= n_t - n_(t-1)          new posts of year t
                x_jt in {0, 1},  0 <= y_it <= 1

This is a maximal cover again, of the pairs (site, year it begins), that cover the pairs (demand, year): a choice may
exchange a pair for another of the same year only. So the same loops anneal it (`planner.kernels.exchange`).

Where the greatest regret is to be least, the years that regret most get more weight, again and again (multiplicative
weights: Arora, Hazan and Kale 2012, doi:10.4086/toc.2012.v008a006), and the best plan by the way stands.
"""

from __future__ import annotations

import time
from typing import Literal

import numpy as np

from planner.placement import mclp, question, recount
from planner.placement.annealing import QUICKLY, SEED
from planner.placement.answer import PROVED
from planner.placement.presolve import Cover
from planner.placement.rules import only_sites
from planner.types.arrays import Bools, Doubles, Ints
from planner.types.placement import Rollout, Rules
from planner.types.travel import TravelMatrix

Aim = Literal["sum", "regret"]

MARGINAL = 0.4  # of the mean, roughly what the last CHW adds: the unit of temperature
LEAST_WEIGHT = 1e-6  # of a year against the one that counts most, so that no year is left to chance
ROUNDS = 8  # of new weights for the years
ETA = 0.5  # how much more weight the year of the greatest regret gets in a round
SWEEPS = 300
MOST_PAIRS = 30_000_000  # of sites and demand, each with its years: larger problems keep the sites best for some year
ALONE_SHARE = 0.6  # of the time, for the best of each year alone


def rollout(
    matrix: TravelMatrix,
    people: Doubles,
    p: Ints,
    rules: Rules,
    *,
    weights: Doubles | None = None,
    aim: Aim = "sum",
    time_limit_s: float,
) -> Rollout:
    """Plan posts by years, so that all years together cover the most people, or none regrets much.

    Parameters
    ----------
    matrix, people
        As in `maximal_cover`.
    p
        CHWs in all in each year, those who must live somewhere among them; never fewer than the year before.
    rules
        None but where CHWs must live (in all years) and may not.
    weights
        What a person covered counts in each year; None = the same in all.
    aim
        "sum": the most people covered, over the years as `weights` count them. "regret": the greatest share that a year
        loses against the best of that year alone is least; `weights` then count for nothing.
    time_limit_s
        For all of it.

    Raises
    ------
    ValueError
        As in `maximal_cover`, fewer CHWs in a later year, or rules that a roll-out cannot keep.
    """
    began = time.perf_counter()
    question.check(matrix, people, rules, int(np.min(p, initial=0)))
    placed, years = int(rules.least.sum()), len(p)
    if years == 0 or np.any(np.diff(p) < 0):
        raise ValueError(f"p: {list(map(int, p))} CHWs by year, expected one year or more, none with fewer than before")
    if not only_sites(rules) or placed > p[0]:
        raise ValueError(
            f"rules: the roll-out from {p[0]} CHWs knows none but where at most so many must live or may not"
        )
    year_weights = np.ones(years) if weights is None else np.asarray(weights, np.float64)
    if (
        year_weights.shape != (years,)
        or not np.all(np.isfinite(year_weights))
        or np.any(year_weights < 0)
        or not np.any(year_weights)
    ):
        raise ValueError(f"weights: expected {years} finite numbers, none negative, some above 0")

    cover, reached = mclp.remaining(matrix, people, rules)
    new = np.minimum(np.asarray(p, np.int64) - placed, len(cover.sites))
    alone = [mclp.choose(cover, int(n), time_limit_s * ALONE_SHARE / years, "large")[:2] for n in new]
    bounds = np.array([bound for _, bound in alone])
    posts = _nested(cover, new, [chosen for chosen, _ in alone], bounds + reached, year_weights, aim, reached)

    begins = np.full(matrix.n_sites, -1, np.int32)
    begins[cover.sites[posts >= 0]] = posts[posts >= 0]
    begins[rules.least > 0] = 0
    covered, best = np.empty(years), np.empty(years)
    for year, (chosen, _) in enumerate(alone):
        by_then = ((begins >= 0) & (begins <= year)).astype(np.int32)
        covered[year] = recount.people_covered(matrix, by_then, people)
        own = np.maximum(rules.least, 0)
        own[cover.sites[chosen]] = 1
        best[year] = max(recount.people_covered(matrix, own, people), covered[year])
    bounds = np.minimum(bounds + reached, people.sum())
    if np.any(best > bounds * (1 + 1e-6)):
        raise AssertionError("the roll-out covers more people than is proved to be possible")
    return Rollout(
        chws=np.asarray(p, np.int32),
        begins=begins,
        covered=covered,
        alone=best,
        bound=np.where(bounds <= best * (1 + PROVED), best, bounds),
        seconds=time.perf_counter() - began,
    )


def _nested(
    cover: Cover, new: Ints, alone: list[Ints], best: Doubles, weights: Doubles, aim: Aim, reached: float
) -> Ints:
    """Year in which each site of the cover begins, -1 = never."""
    years = len(new)
    begins = np.full(len(cover.sites), -1, np.int32)
    if new[-1] == 0:
        return begins
    pairs = len(cover.indices) * years * (years + 1) // 2
    few = np.unique(np.concatenate(alone)).astype(np.int32)
    sites = np.arange(len(cover.sites), dtype=np.int32) if pairs <= MOST_PAIRS else few
    part = cover.only(sites)

    def shares(some: Ints) -> Doubles:
        """Covered in each year, against the most that could be."""
        by_then = (np.flatnonzero((some >= 0) & (some <= year)).astype(np.int32) for year in range(years))
        return np.array([reached + part.covered(chosen) for chosen in by_then]) / best

    def worth(some: Ints) -> float:
        return float(shares(some).min() if aim == "regret" else (weights * shares(some) * best).sum())

    starts = [_by_year(mclp.greedy(cover, int(new[-1]), first), new, len(begins))[sites] for first in alone]
    plan = max(starts, key=worth)
    unit = MARGINAL * float(best[-1]) / int(new[-1])
    tilt = weights if aim == "sum" else best[-1] / best
    for _ in range(1 if aim == "sum" else ROUNDS):
        tilt = np.maximum(tilt, LEAST_WEIGHT * tilt.max()) / tilt.max()
        expanded = _expanded(part, years, tilt)
        found = [_improved(expanded, begun, new, unit) for begun in (*starts, plan)]
        plan = max((plan, *found), key=worth)
        regret = 1.0 - shares(plan)
        tilt = tilt * np.exp(ETA * regret / max(regret.max(), LEAST_WEIGHT))
    begins[sites] = plan
    return begins


def _by_year(ordered: Ints, new: Ints, n_sites: int) -> Ints:
    """Let the sites begin in this order, as many by each year as are new by then."""
    begins = np.full(n_sites, -1, np.int32)
    begins[ordered] = np.searchsorted(new, np.arange(len(ordered)), side="right")
    return begins


def _expanded(cover: Cover, years: int, weights: Doubles) -> Cover:
    """The cover of pairs: site j from year t is number ``j * years + t``, demand i in year s is ``i * years + s``."""
    first, then = np.triu_indices(years)
    site = (cover.site_of_pair()[:, None] * years + first).ravel()
    row = (cover.indices[:, None] * years + then).ravel()
    order = np.lexsort((row, site))
    indptr = np.searchsorted(site[order], np.arange(len(cover.sites) * years + 1)).astype(np.int64)
    sites = np.repeat(cover.sites, years)
    return Cover(sites, indptr, row[order].astype(np.int32), np.multiply.outer(cover.weights, weights).ravel())


def _improved(expanded: Cover, begins: Ints, new: Ints, unit: float) -> Ints:
    """Exchange and anneal pairs of site and year, from the plan `begins`."""
    from planner.kernels.exchange import anneal, interchange

    years = len(new)
    kind = np.tile(np.arange(years, dtype=np.int32), len(begins))
    begun = np.flatnonzero(begins >= 0)
    chosen = _filled((begun * years + begins[begun]).astype(np.int32), kind, np.diff(new, prepend=0))
    least = PROVED * float(expanded.weights.sum())
    one = interchange(expanded.arrays(), chosen, kind, least)
    two = interchange(
        expanded.arrays(),
        anneal(expanded.arrays(), one, kind, QUICKLY.hot * unit, QUICKLY.cold * unit, SWEEPS, SEED),
        kind,
        least,
    )
    best = mclp.better(expanded, np.asarray(one), np.asarray(two))
    found = np.full(len(begins), years, np.int32)
    np.minimum.at(found, best // years, best % years)
    return np.where(found == years, -1, found).astype(np.int32)


def _filled(chosen: Ints, kind: Ints, wanted: Ints) -> Ints:
    """Add pairs that are not chosen until there are as many of each year as are wanted: exchanges find them places."""
    free: Bools = np.ones(len(kind), np.bool_)
    free[chosen] = False
    for year, missing in enumerate(wanted - np.bincount(kind[chosen], minlength=len(wanted))):
        spare = np.flatnonzero(free & (kind == year))[: max(int(missing), 0)]
        chosen = np.append(chosen, spare).astype(np.int32)
    return chosen
