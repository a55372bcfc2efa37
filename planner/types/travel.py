"""Travel times: one surface to the nearest of many places, and a sparse matrix from places to demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from planner.types.arrays import Floats, Ints, Longs, check_array


@dataclass(frozen=True, eq=False)
class TravelTime:
    """Least travel time of every cell to (or from) the nearest source.

    Nodes are the cells (0 to n - 1) and, where roads are ridden, the vertices of the `Network` (n to n + m - 1).

    Attributes
    ----------
    minutes
        float32 a cell; inf = unreachable.
    back
        Node of the next step on the way to the source, int32 a node; -1 at a source's own cell and where unreachable.
        A cell whose back is a vertex boards a vehicle there; a vertex whose back is a cell alights.
    sources
        The list searched from, int32: cells; -1 takes no part.
    vertex_minutes
        float32 a vertex; inf = unreachable; empty where everybody walks.
    """

    minutes: Floats
    back: Ints
    sources: Ints
    vertex_minutes: Floats = field(default_factory=lambda: np.empty(0, np.float32))

    def __post_init__(self) -> None:
        n, m = len(self.minutes), len(self.vertex_minutes)
        check_array("minutes", self.minutes, np.float32, (n,))
        check_array("back", self.back, np.int32, (n + m,))
        check_array("sources", self.sources, np.int32, (None,))
        check_array("vertex_minutes", self.vertex_minutes, np.float32, (m,))

    @cached_property
    def nearest(self) -> Ints:
        """Position in `sources` of each cell's source, int32; -1 = unreachable; the first of sources in one cell."""
        from planner.kernels.sweep import hand_back

        nearest = np.full(len(self.back), -1, np.int32)
        number = np.flatnonzero(self.sources >= 0)[::-1].astype(np.int32)
        cell = self.sources[number]
        is_end = np.isfinite(self.minutes[cell]) & (self.back[cell] < 0)
        nearest[cell[is_end]] = number[is_end]
        hand_back(self.back, nearest)
        return nearest[: len(self.minutes)]

    @cached_property
    def order(self) -> Ints:
        """Reached nodes from the sources outwards, int32: by minutes, a node after `back` of it."""
        minutes = np.concatenate([self.minutes, self.vertex_minutes])
        reached = np.flatnonzero(np.isfinite(minutes))
        # Without a wait, or by a step too short for float32, a node has the minutes of the one before it: count those.
        same = (self.back >= 0) & (minutes == minutes[self.back])
        later = np.zeros(len(minutes), np.int32)
        while (later != (counted := np.where(same, later[self.back] + 1, 0))).any():
            later = counted
        return reached[np.lexsort((later[reached], minutes[reached]))].astype(np.int32)


@dataclass(frozen=True, eq=False)
class TravelMatrix:
    """Sparse travel times site x demand (CSR): only pairs within the limit, demand positions ascending in a row.

    Attributes
    ----------
    indptr, indices, minutes
        ``indices[indptr[i]:indptr[i + 1]]`` are the demand positions that site ``i`` reaches, in ``minutes`` (float32).
    n_demand
        Number of demand positions.
    max_minutes
        The limit searched to, inclusive.
    """

    indptr: Longs
    indices: Ints
    minutes: Floats
    n_demand: int
    max_minutes: float

    def __post_init__(self) -> None:
        check_array("indptr", self.indptr, np.int64, (None,))
        check_array("indices", self.indices, np.int32, (int(self.indptr[-1]),))
        check_array("minutes", self.minutes, np.float32, (int(self.indptr[-1]),))

    @classmethod
    def from_csr(cls, minutes: Any, max_minutes: float) -> TravelMatrix:
        """Take the minutes from a scipy CSR matrix, site x demand, only pairs up to `max_minutes`.

        A stored 0 is a site at the demand's own place; what is not stored cannot be reached.

        Raises
        ------
        ValueError
            Not CSR, a pair stored twice, or minutes that are negative or NaN.
        """
        if getattr(minutes, "format", None) != "csr":
            raise ValueError(f"minutes: expected a scipy CSR matrix, found {type(minutes).__name__}")
        site = np.repeat(np.arange(minutes.shape[0]), np.diff(minutes.indptr))
        order = np.lexsort((minutes.indices, site))
        site, demand, data = site[order], minutes.indices[order], minutes.data[order].astype(np.float32)
        if np.any((np.diff(site) == 0) & (np.diff(demand) == 0)):
            raise ValueError("minutes: a pair of site and demand is stored twice")
        if not np.all(data >= 0):
            raise ValueError("minutes: expected numbers, none negative")
        near = data <= np.float32(max_minutes)
        indptr = np.append(0, np.cumsum(np.bincount(site[near], minlength=minutes.shape[0]))).astype(np.int64)
        return cls(indptr, demand[near].astype(np.int32), data[near], int(minutes.shape[1]), float(max_minutes))

    def within(self, minutes: float) -> TravelMatrix:
        """Leave only the pairs of up to so many minutes."""
        near = self.minutes <= minutes
        indptr = np.append(0, np.cumsum(near))[self.indptr].astype(np.int64)
        return TravelMatrix(indptr, self.indices[near], self.minutes[near], self.n_demand, float(minutes))

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return len(self.indptr) - 1
