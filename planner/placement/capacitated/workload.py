"""Who can be served where, and how much of what a CHW can do that takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.types.arrays import Doubles, Ints, Longs
from planner.types.travel import TravelMatrix


@dataclass(frozen=True, eq=False)
class Workload:
    """A problem of placement with capacities; its sites are those of the travel matrix.

    Attributes
    ----------
    indptr, indices
        Demand rows that each site reaches: the pairs, in the order of sites.
    weights
        What serving each row counts (people); above 0.
    load
        What serving it takes (people, households, hours); above 0. Any part of a row may be served, and counts so much.
    capacity
        Load that one CHW of each site can serve; finite.
    least, most
        CHWs that each site must and may have, int64; no more than would all have somebody to serve, but for `least`.
    """

    indptr: Longs
    indices: Ints
    weights: Doubles
    load: Doubles
    capacity: Doubles
    least: Longs
    most: Longs

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return len(self.capacity)

    @cached_property
    def site_of_pair(self) -> Ints:
        """Site of each pair."""
        return np.repeat(np.arange(self.n_sites, dtype=np.int32), np.diff(self.indptr))

    @cached_property
    def use(self) -> Doubles:
        """CHWs that serving the whole row of each pair takes at its site."""
        return np.asarray(self.load[self.indices] / self.capacity[self.site_of_pair])

    @cached_property
    def problem(self) -> tuple[Any, ...]:
        """As `planner.kernels.transport` takes it."""
        from planner.kernels.transport import pairs_by_row

        by_row = pairs_by_row(self.indptr, self.indices, len(self.load))
        return (self.indptr, self.indices, *by_row, self.load, self.weights / self.load, self.capacity)

    def part(self, sites: Longs, weights: Doubles, load: Doubles) -> tuple[Workload, Longs, Longs]:
        """These sites alone, with rows of such weights and load; rows and pairs with none of either are left out.

        Returns
        -------
        part
            The problem.
        rows, pairs
            Where its rows and pairs stand in this one.
        """
        pairs = ranges(self.indptr[sites], self.indptr[sites + 1])
        pairs = pairs[(weights[self.indices[pairs]] > 0) & (load[self.indices[pairs]] > 0)]
        rows, indices = np.unique(self.indices[pairs], return_inverse=True)
        place = np.searchsorted(sites, self.site_of_pair[pairs])
        part = Workload(
            indptr=np.append(0, np.cumsum(np.bincount(place, minlength=len(sites)))).astype(np.int64),
            indices=indices.astype(np.int32),
            weights=weights[rows],
            load=load[rows],
            capacity=self.capacity[sites],
            least=self.least[sites],
            most=self.most[sites],
        )
        return part, rows.astype(np.int64), pairs


def workload(
    matrix: TravelMatrix, weights: Doubles, load: Doubles, capacity: Doubles, least: Ints, most: Ints
) -> Workload:
    """Leave out demand that nobody reaches or that counts nothing, and merge what can only be served alike.

    Rows with the same sites and the same weight for a unit of load are as good as one with the sum of both, as any part
    of a row may be served.
    """
    from scipy.sparse import csr_array

    reached = np.bincount(matrix.indices, minlength=matrix.n_demand) > 0
    rows = np.flatnonzero(reached & (weights > 0) & (load > 0))
    by_site = csr_array(
        (np.ones(len(matrix.indices)), matrix.indices, matrix.indptr), shape=(matrix.n_sites, matrix.n_demand)
    )[:, rows]
    by_row = by_site.T.tocsr()
    by_row.sort_indices()
    density = weights[rows] / load[rows]
    group_of: dict[tuple[bytes, float], int] = {}
    group = np.fromiter(
        (
            group_of.setdefault((by_row.indices[a:b].tobytes(), density[row]), len(group_of))
            for row, (a, b) in enumerate(pairwise(by_row.indptr))
        ),
        dtype=np.int64,
        count=len(rows),
    )
    merged = by_row[np.unique(group, return_index=True)[1]].T.tocsr()
    merged.sort_indices()
    load_of = np.bincount(group, load[rows]).astype(np.float64)
    indptr, indices = merged.indptr.astype(np.int64), merged.indices
    site = np.repeat(np.arange(matrix.n_sites), np.diff(indptr))
    within_reach = np.bincount(site, load_of[indices], matrix.n_sites)
    finite = np.minimum(capacity, np.maximum(within_reach, 1.0))
    useful = np.ceil(within_reach / finite * (1 - 1e-12))
    return Workload(
        indptr=indptr,
        indices=indices.astype(np.int32),
        weights=np.bincount(group, weights[rows]).astype(np.float64),
        load=load_of,
        capacity=finite,
        least=least.astype(np.int64),
        most=np.maximum(np.minimum(most, useful), least).astype(np.int64),
    )


def ranges(first: Longs, after: Longs) -> Longs:
    """All positions from each `first` to before `after`, one range behind the other."""
    length = after - first
    begin = np.cumsum(length) - length
    at: npt.NDArray[np.int64] = np.repeat(first - begin, length) + np.arange(length.sum())
    return at
