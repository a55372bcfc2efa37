"""A tighter bound, block by block: sites are parted into blocks, and each block is solved as it is, CHWs being whole.

The rows between blocks and the number of CHWs keep their multipliers (`planner.placement.capacitated.relaxation`); all
else of a block is one mixed-integer programme. Where villages lie in clusters, what is lost to a cluster of one and a
half CHWs' work shows here, and not in the linear relaxation::

    bound = p price + sum_{i between blocks} lambda_i
            + sum_b max { sum_ij (w_i - lambda_i [i between blocks]) y_ij - price sum_j n_j  |  the block's own rows }
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from planner.placement import highs
from planner.placement.capacitated.relaxation import Relaxation, values_of_sites
from planner.placement.capacitated.workload import Workload
from planner.placement.programme import Programme, Term
from planner.types.arrays import Doubles, Longs

CLOSE_ENOUGH = 1e-4  # of a block's people: where its search ends,
MAX_NODES = 2000  # or after so many nodes
SECONDS = 60.0  # or after so long, which is far beyond what blocks of these sizes take


@dataclass(frozen=True, eq=False)
class Blocks:
    """What all blocks are worth at a price of a CHW, and the CHWs of each site in the best of each block.

    No placement of p CHWs serves more than ``worth + price * p``.
    """

    worth: float
    price: float
    workers: Longs


def part(work: Workload, tie: Doubles, size: int, order: Longs) -> list[Longs]:
    """Sites of each block, ascending: at most `size`, those kept together that share rows of great `tie`."""
    from planner.kernels.capacity import grow_blocks

    _, _, row_indptr, row_pairs, pair_site = work.problem[:5]
    shared = tie / np.maximum(np.diff(row_indptr), 1)
    block = grow_blocks(work.indptr, work.indices, row_indptr, pair_site[row_pairs], shared, size, order)
    sites = np.argsort(block, kind="stable")
    return [np.sort(some) for some in np.split(sites, np.cumsum(np.bincount(block))[:-1])]


def solve(work: Workload, relaxed: Relaxation, blocks: list[Longs], deadline: float) -> Blocks:
    """Solve every block; where the time is over, blocks count with the worth that the relaxation proves."""
    block_of = np.empty(work.n_sites, np.int64)
    for number, sites in enumerate(blocks):
        block_of[sites] = number
    lowest = np.full(len(work.weights), len(blocks))
    highest = np.full(len(work.weights), -1)
    np.minimum.at(lowest, work.indices, block_of[work.site_of_pair])
    np.maximum.at(highest, work.indices, block_of[work.site_of_pair])
    within = lowest == highest
    worth = float(relaxed.once[~within].sum())
    workers = work.least.copy()
    left = np.where(within, work.weights, work.weights - relaxed.once)
    for sites in blocks:
        block, rows, _ = work.part(sites, left, work.load)
        alone = np.where(within[rows], relaxed.once[rows], 0.0)
        simple = float(alone.sum() + _alone(block, block.weights - alone, relaxed.price))
        seconds = min(deadline - time.perf_counter(), SECONDS)
        if seconds > 0 and len(block.indices):
            solution = highs.solve(
                programme(block, relaxed.price),
                time_limit_s=seconds,
                close_enough=CLOSE_ENOUGH * float(work.weights[rows].sum()),
                max_nodes=MAX_NODES,
            )
            simple = min(simple, solution.bound)
            if len(solution.values):
                workers[sites] = np.rint(solution.values[: len(sites)]).astype(np.int64)
        worth += simple
    return Blocks(worth, relaxed.price, workers)


def _alone(block: Workload, values: Doubles, price: float) -> float:
    """What the sites of a block are worth at most, each deciding alone."""
    added = values_of_sites(block, values) - price
    first = np.repeat(np.cumsum(block.most) - block.most, block.most)
    forced = np.arange(len(added)) - first < np.repeat(block.least, block.most)
    return float(added[forced].sum() + np.maximum(added[~forced], 0.0).sum())


def programme(work: Workload, price: float, p: int | None = None) -> Programme:
    """People served less the price of CHWs, at most `p` of them; the first columns are CHWs, the others the pairs."""
    site, row, pair = (np.arange(n, dtype=np.int32) for n in (work.n_sites, len(work.weights), len(work.indices)))
    made = Programme("capacitated maximal cover", "max")
    workers = made.columns("n", (site,), lower=work.least, upper=work.most, objective=-price, integer=True)
    served = made.columns("y", (work.site_of_pair, work.indices), upper=1.0, objective=work.weights[work.indices])
    made.rows("once", (row,), [(work.indices, served, 1.0)], upper=1.0)
    made.rows("busy", (site,), [(work.site_of_pair, served, work.use), (site, workers, -1.0)], upper=0.0)
    looser = pair[work.use < 1.0]
    terms: list[Term] = [
        (np.arange(len(looser)), served[looser], 1.0),
        (np.arange(len(looser)), workers[work.site_of_pair[looser]], -1.0),
    ]
    made.rows("open", (work.site_of_pair[looser], work.indices[looser]), terms, upper=0.0)
    if p is not None:
        made.rows("p", (), [(0, workers, 1.0)], upper=p)
    return made


def order_of(work: Workload, turn: int) -> Longs:
    """An order of sites to start blocks from: those with the fewest rows first, then another in every turn."""
    if turn == 0:
        return np.argsort(np.diff(work.indptr), kind="stable")
    return np.random.default_rng(turn).permutation(work.n_sites)
