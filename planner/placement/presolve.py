"""Make a covering problem smaller without changing its optimum."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

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

    def covered_by(self, chosen: Ints | tuple[()]) -> Bools:
        """Mark the demand rows that the chosen sites (positions in `sites`) cover."""
        covered = np.zeros(len(self.weights), np.bool_)
        for k in chosen:
            covered[self.indices[self.indptr[k] : self.indptr[k + 1]]] = True
        return covered

    def site_of_pair(self) -> Ints:
        """Position in `sites` of each pair of `indices`."""
        return np.repeat(np.arange(len(self.sites), dtype=np.int32), np.diff(self.indptr))

    def matrix(self) -> Any:
        """Sites x demand rows, as a scipy matrix of ones."""
        return _by_site(self.indptr, self.indices, len(self.weights))

    def only(self, kept: Ints) -> Cover:
        """Leave only these sites (positions in `sites`), the rows they cover, and equal rows as one."""
        by_site = self.matrix()[kept]
        rows = np.unique(by_site.indices)
        by_site, weights = _merge_rows(by_site[:, rows], self.weights[rows])
        return _cover(self.sites[kept], by_site, weights)


def presolve(matrix: TravelMatrix, weights: Doubles) -> Cover:
    """Leave out what cannot change the most that can be covered, in rounds until nothing changes.

    - A row without people or without a site adds nothing to any choice.
    - Rows with the same sites are covered together or not at all: they count as one, with the sum of their people.
    - A site whose rows are a subset of another's can be exchanged for that other in any choice, and the choice covers
      no less and has no more sites. Of sites with equal rows the first stays.

    What is left is a part of the problem as it was: a choice here is a choice there, and covers the same people.
    """
    from planner.kernels.cover import undominated

    reached = np.bincount(matrix.indices, minlength=matrix.n_demand) > 0
    rows = np.flatnonzero(reached & (weights > 0))
    by_site = _by_site(matrix.indptr, matrix.indices, matrix.n_demand)[:, rows]
    weights = weights[rows]
    sites = np.arange(matrix.n_sites, dtype=np.int32)
    while True:
        by_site, weights = _merge_rows(by_site, weights)
        kept = np.flatnonzero(undominated(by_site.indptr, by_site.indices, len(weights)))
        if len(kept) == len(sites):
            return _cover(sites, by_site, weights)
        by_site, sites = by_site[kept], sites[kept]


def distinct(matrix: TravelMatrix, weights: Doubles) -> Cover:
    """Leave out the rows without people or without a site, and count equal rows as one; all sites stay.

    This changes no choice's worth, whatever the rules are.
    """
    reached = np.bincount(matrix.indices, minlength=matrix.n_demand) > 0
    rows = np.flatnonzero(reached & (weights > 0))
    by_site = _by_site(matrix.indptr, matrix.indices, matrix.n_demand)[:, rows]
    return _cover(np.arange(matrix.n_sites, dtype=np.int32), *_merge_rows(by_site, weights[rows]))


def _by_site(indptr: Longs, indices: Ints, n_rows: int) -> Any:
    from scipy.sparse import csr_array

    return csr_array((np.ones(len(indices), np.float64), indices, indptr), shape=(len(indptr) - 1, n_rows))


def _cover(sites: Ints, by_site: Any, weights: Doubles) -> Cover:
    return Cover(sites, by_site.indptr.astype(np.int64), by_site.indices.astype(np.int32), weights)


def _merge_rows(by_site: Any, weights: Doubles) -> tuple[Any, Doubles]:
    """Merge demand rows (columns of the scipy matrix `by_site`) with identical sites, in order of first appearance."""
    by_row = by_site.T.tocsr()
    by_row.sort_indices()
    group_of: dict[bytes, int] = {}
    group = np.fromiter(
        (group_of.setdefault(by_row.indices[a:b].tobytes(), len(group_of)) for a, b in pairwise(by_row.indptr)),
        dtype=np.int64,
        count=len(weights),
    )
    first = np.unique(group, return_index=True)[1]
    return by_row[first].T.tocsr(), np.bincount(group, weights, len(first)).astype(PEOPLE)
