"""Set covers too large to search as a whole: fewer sites, and a higher bound on their number, block by block.

*Fewer sites*: the chosen sites are parted into blocks (`neighbourhoods`); those of one block are given up, and what
they leave uncovered is covered anew by as few as can be.

*The bound* (cost splitting; Guignard, M. and Kim, S. 1987, doi:10.1007/BF02592954): the rows are parted into blocks,
and each site is split into one for each block b, which costs a part of the site, by the multipliers u of its rows
there. A cover costs no less than the cheapest covers of all blocks together::

    sum_b min { sum_j c_jb x_j | x covers the rows of b, x whole },    c_jb = sum_{i of j in b} u_i / sum_{i of j} u_i

No block is worth less than in the linear relaxation, and most are worth more: there, sites are whole.
"""

from __future__ import annotations

import math
import time

import numpy as np

from planner.placement import highs, neighbourhoods
from planner.placement.models import set_cover
from planner.placement.presolve import Cover
from planner.placement.programme import Programme
from planner.placement.rules import rules
from planner.placement.setcover_relaxation import ROUNDING, Relaxation
from planner.types.arrays import Bools, Doubles, Ints

CHOSEN = 20  # in a block of chosen sites,
TURNS = 8  # other blocks, so many times at most
NODES = 200  # of the search of such a block
PRICED_OUT = 0.4  # sites: dearer ones are left out of it
ROWS = 250, 500  # in a block of rows: the larger the longer it takes, and the better the bound is
ROW_NODES = 1000
SECONDS = 60.0  # for a block of either kind: far beyond what they take


def improved(cover: Cover, relaxed: Relaxation, chosen: Ints, enough: int, deadline: float) -> Ints:
    """Cover all with fewer sites than the `chosen` ones, if that is found; at `enough` of them the search ends."""
    cheap = relaxed.values >= 1.0 - PRICED_OUT
    for turn in range(TURNS):
        before = len(chosen)
        inside = np.isin(np.arange(len(cover.sites)), chosen)
        for block in neighbourhoods.of_chosen(cover, chosen, CHOSEN, turn):
            if int(inside.sum()) <= enough or time.perf_counter() > deadline:
                break
            new = _anew(cover, inside, block, cheap, min(deadline - time.perf_counter(), SECONDS))
            inside[block] = False
            inside[new] = True
        chosen = np.flatnonzero(inside).astype(np.int32)
        if len(chosen) in (before, enough) or time.perf_counter() > deadline:
            break
    return chosen


def _anew(cover: Cover, inside: Bools, block: Ints, cheap: Bools, seconds: float) -> Ints:
    """Sites that cover what the sites of a block cover alone: no more of them, others where there are any."""
    others = inside.copy()
    others[block] = False
    part = neighbourhoods.left_open(cover, np.flatnonzero(others).astype(np.int32), block, cheap)
    solution = highs.solve(
        set_cover.programme(part, rules(len(part.sites), most=1), "CHWs"),
        time_limit_s=seconds,
        close_enough=1.0 - ROUNDING,
        max_nodes=NODES,
    )
    if not len(solution.values) or solution.values.sum() > len(block) + ROUNDING:
        return block
    return cover.positions(part.sites[solution.values > 0.5])


def bound(cover: Cover, relaxed: Relaxation, few: int, deadline: float) -> int:
    """Every cover has at least so many sites; that `few` are the fewest ends the search."""
    least = relaxed.least
    for size in ROWS:
        if least < few and time.perf_counter() < deadline:
            least = max(least, _bound(cover, relaxed, size, deadline))
    return least


def _bound(cover: Cover, relaxed: Relaxation, size: int, deadline: float) -> int:
    """The same by blocks of so many rows; where the time is over, blocks count as in the relaxation."""
    blocks = neighbourhoods.of_rows(cover, relaxed.fractions, size)
    block_of = np.empty(len(cover.weights), np.int64)
    for number, rows in enumerate(blocks):
        block_of[rows] = number
    site = cover.site_of_pair()
    by_block = np.argsort(block_of[cover.indices], kind="stable")
    pairs_of = np.split(by_block, np.cumsum(np.bincount(block_of[cover.indices], minlength=len(blocks)))[:-1])
    total = 0.0
    for rows, pairs in zip(blocks, pairs_of, strict=True):
        sites, at = np.unique(site[pairs], return_inverse=True)
        value = np.bincount(at, relaxed.multipliers[cover.indices[pairs]])
        whole = relaxed.values[sites]
        cost = np.divide(value, whole, out=np.zeros_like(value), where=whole > 0)
        worth = float(relaxed.multipliers[rows].sum() + np.minimum(cost - value, 0.0).sum())
        seconds = min(deadline - time.perf_counter(), SECONDS)
        if seconds > 0:
            asked = _cheapest(cost, at.astype(np.int32), np.searchsorted(rows, cover.indices[pairs]).astype(np.int32))
            worth = max(worth, highs.solve(asked, time_limit_s=seconds, max_nodes=ROW_NODES).bound)
        total += worth
    return math.ceil(total - ROUNDING * len(blocks))


def _cheapest(cost: Doubles, site: Ints, row: Ints) -> Programme:
    """Cover all rows at the least cost; the pairs of sites and rows are given."""
    made = Programme(set_cover.MODEL, "min")
    chosen = made.columns("x", (np.arange(len(cost), dtype=np.int32),), upper=1.0, objective=cost, integer=True)
    made.rows("reach", (np.arange(row.max() + 1, dtype=np.int32),), [(row, chosen[site], 1.0)], lower=1.0)
    return made
