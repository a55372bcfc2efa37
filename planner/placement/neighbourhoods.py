"""Blocks of neighbours: the sites of a choice, or the rows of a cover, parted so that those near stay together.

One block at a time can then be decided anew, and exactly, while all others stay (large neighbourhood search; Shaw, P.
1998, doi:10.1007/3-540-49481-2_30).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.placement.presolve import Cover
from planner.types.arrays import Bools, Doubles, Ints, Longs

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def of_chosen(cover: Cover, chosen: Ints, size: int, turn: int) -> list[Ints]:
    """Part the chosen sites into blocks of at most `size`, others in every turn.

    Those are near that share rows with the same sites.
    """
    near = _near(cover, chosen)
    tie = 1.0 / np.maximum(np.bincount(near.indices, minlength=len(cover.sites)), 1)
    order = np.random.default_rng(turn).permutation(len(chosen))
    ways = [(way.indptr.astype(np.int64), way.indices.astype(np.int32)) for way in (near, near.T.tocsr())]
    return [chosen[some] for some in _grown(ways[0], ways[1], tie, size, order)]


def around_one(cover: Cover, chosen: Ints, size: int, seed: int) -> Ints:
    """Find the chosen sites nearest to a random one of them, `size` in all, ascending.

    Two are the nearer the more sites share rows with both, times a random number: regions differ in shape as well.
    """
    from scipy.sparse.csgraph import dijkstra

    near = _near(cover, chosen)
    near.data[:] = 1.0
    length = (near @ near.T).tocsr()
    random = np.random.default_rng(seed)
    length.data = random.exponential(size=len(length.data)) / length.data
    far = dijkstra(length, indices=random.integers(len(chosen), size=1))[0]
    return np.sort(chosen[np.argsort(far, kind="stable")[:size]])


def of_rows(cover: Cover, fractions: Doubles, size: int) -> list[Ints]:
    """Part the rows into blocks of at most `size`: those that share sites of great fractions stay together."""
    tie = (fractions + 1e-4) / np.maximum(np.diff(cover.indptr), 1)
    order = np.argsort(np.diff(cover.by_row[0]), kind="stable")
    return _grown(cover.by_row, (cover.indptr, cover.indices), tie, size, order)


def left_open(cover: Cover, others: Ints, block: Ints, allowed: Bools) -> Cover:
    """What is left to decide where only the `others` stay: rows that they leave bare, and the block's sites around.

    Sites near are those that share a bare row with the block, and are `allowed` or of the block.
    """
    bare = ~cover.covered_by(others)
    lost = bare & cover.covered_by(block)
    near = np.zeros(len(cover.sites), np.bool_)
    near[cover.site_of_pair()[lost[cover.indices]]] = True
    near &= allowed
    near[others] = False
    near[block] = True
    rest = Cover(cover.sites, cover.indptr, cover.indices, np.where(bare, cover.weights, 0.0))
    return rest.only(np.flatnonzero(near).astype(np.int32))


def _near(cover: Cover, chosen: Ints) -> csr_array:
    """How many rows each chosen site (a row) shares with each site (a column)."""
    from scipy.sparse import csr_array

    shape = len(cover.sites), len(cover.weights)
    pairs = csr_array((np.ones(len(cover.indices)), cover.indices, cover.indptr), shape=shape)
    near = (pairs[chosen] @ pairs.T).tocsr()
    near.sort_indices()
    return near


def _grown(pairs: tuple[Longs, Ints], back: tuple[Longs, Ints], tie: Doubles, size: int, order: Longs) -> list[Ints]:
    """Members of each block, ascending; `planner.kernels.capacity.grow_blocks` says how they grow."""
    from planner.kernels.capacity import grow_blocks

    block = grow_blocks(*pairs, *back, tie, size, order)
    members = np.argsort(block, kind="stable").astype(np.int32)
    return np.split(members, np.cumsum(np.bincount(block))[:-1])
