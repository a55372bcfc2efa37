"""Roads as a graph on the cells: where a vehicle can be boarded, and how long each ride takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from planner.types.arrays import Doubles, Floats, Ints, Longs, check_array

if TYPE_CHECKING:
    from shapely import LineString, Point


@dataclass(frozen=True, eq=False)
class Network:
    """Vertices on ridden roads, at least one for each stretch of a road in a cell, and the rides between them.

    A ride leads to a vertex in the same or the next cell as a rule, but to a far one where a ferry crosses or a road
    leaves the grid and comes back; it may take no time at all where a road only touches a cell.

    Attributes
    ----------
    cell
        Flat cell of each vertex, int32, ascending; several vertices may lie in one cell.
    x, y
        The vertex, on its road, in the frame's CRS: where people get on and off.
    board, alight
        Minutes from the cell to the vertex (the wait for a vehicle) and back, float32; inf = not possible there.
    indptr, indices
        ``indices[indptr[i]:indptr[i + 1]]`` are the vertices that a ride from vertex ``i`` leads to.
    minutes, metres
        Of each ride, float32.
    road, start, end
        The road (position in `Roads`) that each ride follows, and the parts of its length (0 to 1, in units of the CRS,
        as shapely measures it) where the ride begins and ends: ``start > end`` where it runs against the line.
    """

    cell: Ints
    x: Doubles
    y: Doubles
    board: Floats
    alight: Floats
    indptr: Longs
    indices: Ints
    minutes: Floats
    metres: Floats
    road: Ints
    start: Doubles
    end: Doubles

    def __post_init__(self) -> None:
        m, rides = len(self.cell), len(self.indices)
        check_array("cell", self.cell, np.int32, (m,))
        check_array("indptr", self.indptr, np.int64, (m + 1,))
        check_array("indices", self.indices, np.int32, (int(self.indptr[-1]),))
        for name, dtype, length in (
            ("x", np.float64, m), ("y", np.float64, m), ("board", np.float32, m), ("alight", np.float32, m),
            ("minutes", np.float32, rides), ("metres", np.float32, rides), ("road", np.int32, rides),
            ("start", np.float64, rides), ("end", np.float64, rides),
        ):  # fmt: skip
            check_array(name, getattr(self, name), dtype, (length,))

    def __len__(self) -> int:
        return len(self.cell)


@dataclass(frozen=True, eq=False)
class Leg:
    """One part of a way, gone in one manner.

    Attributes
    ----------
    mode
        "walk", "wait" (for a vehicle), "ride", or "ferry" (the wait for it included).
    metres, minutes
        As they count in the travel time; getting off counts with the ride.
    bearing
        From its start to its end, degrees clockwise from north; NaN where both are one place.
    geometry
        In the frame's CRS, in the direction of travel; a wait's is the place where the vehicle is boarded.
    names
        Roads or ferries used, each once, in order, but for the shortest; "unnamed road", "unnamed track", ... where
        they have no name. None where a vehicle is driven over cells.
    """

    mode: Literal["walk", "wait", "ride", "ferry"]
    metres: float
    minutes: float
    bearing: float
    geometry: LineString | Point
    names: tuple[str, ...]


def line_through(points: Doubles) -> LineString | None:
    """A line through points, ``(n, 2)``; None where they are all one place, or there are none."""
    from shapely import LineString

    if not len(points):
        return None
    moves = np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]
    return LineString(points[moves]) if moves.sum() > 1 else None
