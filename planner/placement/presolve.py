"""Make a covering problem smaller without changing its optimum."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np

from planner.types.arrays import PEOPLE, Bools, Doubles, Ints, Longs
from planner.types.travel import TravelMatrix


@dataclass(frozen=True, eq=False)
class Cover:
    """What is left to decide: ``indices[indptr[k]:indptr[k + 1]]`` are the demand rows that site ``sites[k]`` covers.

    ``sites`` are positions in the travel matrix; ``weights`` are the people of each demand row, all above 0, and every
    row is covered by some site.
    """

    sites: Ints
    indptr: Longs
    indices: Ints
    weights: Doubles

    @cached_property
    def by_row(self) -> tuple[Longs, Ints]:
        """The same the other way: sites (positions in `sites`) of each demand row."""
        from planner.kernels.rows import transpose

        start, sites = transpose(self.indptr, self.indices, len(self.weights))
        return start, sites

    def arrays(self) -> tuple[Longs, Ints, Longs, Ints, Doubles]:
        """Both ways and the weights, as `planner.kernels.exchange` takes them."""
        return self.indptr, self.indices, *self.by_row, self.weights

    def covered(self, chosen: Ints | tuple[()]) -> float:
        """Sum the weights of the rows that the chosen sites cover."""
        return float(self.weights[self.covered_by(chosen)].sum())

    def covered_by(self, chosen: Ints | tuple[()]) -> Bools:
        """Mark the demand rows that the chosen sites (positions in `sites`) cover."""
        covered = np.zeros(len(self.weights), np.bool_)
        for k in chosen:
            covered[self.indices[self.indptr[k] : self.indptr[k + 1]]] = True
        return covered

    def positions(self, sites: Ints) -> Ints:
        """Positions in `sites` of those of them that are given as positions in the travel matrix, ascending."""
        return np.flatnonzero(np.isin(self.sites, sites)).astype(np.int32)

    def site_of_pair(self) -> Ints:
        """Position in `sites` of each pair of `indices`."""
        return np.repeat(np.arange(len(self.sites), dtype=np.int32), np.diff(self.indptr))

    def only(self, kept: Ints) -> Cover:
        """Leave only these sites (positions in `sites`), the rows they cover, and equal rows as one."""
        return _merged(self.sites[kept], self.indptr, self.indices, self.weights, kept)


def presolve(matrix: TravelMatrix, weights: Doubles, sites: Bools | None = None) -> Cover:
    """Leave out what cannot change the most that can be covered, in rounds until nothing changes.

    Parameters
    ----------
    sites
        Those that may be chosen; None = all.

    Notes
    -----
    - A row without people or without a site adds nothing to any choice.
    - Rows with the same sites are covered together or not at all: they count as one, with the sum of their people.
    - A site whose rows are a subset of another's can be exchanged for that other in any choice, and the choice covers
      no less and has no more sites. Of sites with equal rows the first stays.

    What is left is a part of the problem as it was: a choice here is a choice there, and covers the same people.
    """
    from planner.kernels.cover import undominated

    allowed = np.flatnonzero(np.ones(matrix.n_sites, np.bool_) if sites is None else sites).astype(np.int32)
    cover = _merged(allowed, matrix.indptr, matrix.indices, weights, allowed)
    while True:
        kept = np.flatnonzero(undominated(cover.indptr, cover.indices, *cover.by_row)).astype(np.int32)
        if len(kept) == len(cover.sites):
            return cover
        cover = cover.only(kept)


def distinct(matrix: TravelMatrix, weights: Doubles) -> Cover:
    """Leave out the rows without people or without a site, and count equal rows as one; all sites stay.

    This changes no choice's worth, whatever the rules are.
    """
    everywhere = np.arange(matrix.n_sites, dtype=np.int32)
    return _merged(everywhere, matrix.indptr, matrix.indices, weights, everywhere)


def _merged(sites: Ints, indptr: Longs, indices: Ints, weights: Doubles, kept: Ints) -> Cover:
    """Rows of the `kept` sites, named `sites`: those with people, equal ones as one, in order of first appearance."""
    from planner.kernels.rows import groups_hold, part, row_hashes

    n_rows = len(weights)
    of_kept = part(indptr, indices, kept, np.where(weights > 0, np.arange(n_rows, dtype=np.int32), np.int32(-1)))
    reached = np.flatnonzero(np.bincount(of_kept[1], minlength=n_rows))
    group = np.full(n_rows, -1, np.int32)
    for seed in count():  # two unequal rows have the same hash once in 2^64 pairs
        _, first, group_of = np.unique(
            row_hashes(*of_kept, n_rows, seed)[reached], return_index=True, return_inverse=True
        )
        by_first = np.argsort(first)
        rank = np.empty_like(by_first)
        rank[by_first] = np.arange(len(first))
        group[reached] = rank[group_of]
        if groups_hold(*of_kept, group, np.bincount(group[reached], minlength=len(first))):
            break
    number = np.full(n_rows, -1, np.int32)
    number[reached[np.sort(first)]] = np.arange(len(first), dtype=np.int32)
    merged = np.bincount(group[reached], weights[reached], len(first)).astype(PEOPLE)
    start, rows = part(*of_kept, np.arange(len(kept), dtype=np.int32), number)
    return Cover(sites, start, rows, merged)
