"""Travel times: one surface to the nearest of many places, and a sparse matrix from places to demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.types.arrays import Doubles, Floats, Ints, Longs, check_array


@dataclass(frozen=True, eq=False)
class TravelTime:
    """Least travel time of every cell to (or from) the nearest source.

    Attributes
    ----------
    minutes
        float32 a cell; inf = unreachable.
    nearest
        Position of that source in the list searched from, int32; -1 = unreachable.
    back
        Flat cell of the next step on the way to the source, int32; -1 at a source's own cell and where unreachable.
    order
        Reached cells from the sources outwards, int32: a cell always comes after `back` of it.
    """

    minutes: Floats
    nearest: Ints
    back: Ints
    order: Ints

    def __post_init__(self) -> None:
        n = len(self.minutes)
        check_array("minutes", self.minutes, np.float32, (n,))
        check_array("nearest", self.nearest, np.int32, (n,))
        check_array("back", self.back, np.int32, (n,))
        check_array("order", self.order, np.int32, (None,))


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

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return len(self.indptr) - 1


@dataclass(frozen=True, eq=False)
class Routes:
    """One way for each row of a list of starts, as cells from start to end.

    ``cells[offsets[i]:offsets[i + 1]]`` is route ``i``; empty where there is no way. ``metres`` is its length along the
    cells, inf where there is no way.
    """

    offsets: Longs
    cells: Ints
    metres: Doubles

    def __post_init__(self) -> None:
        check_array("offsets", self.offsets, np.int64, (len(self.metres) + 1,))
        check_array("cells", self.cells, np.int32, (int(self.offsets[-1]),))
        check_array("metres", self.metres, np.float64, (None,))
