"""The cell that each place is reached at: its own, or open ground near it; and what is found on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planner.errors import LEAVE_OUT, MOVE, Doubt, Fault
from planner.types.arrays import Bools, Doubles, Ints
from planner.types.inputs import Change, Note, Places
from planner.types.land import Land
from planner.types.text import Text

CLOSED_GROUND = Text("on closed ground (water, no land) or off the population raster")


@dataclass(frozen=True, eq=False)
class Reached:
    """The cell that each place is reached at, -1 = it takes no part; what was found, and what has to be mended."""

    cell: Ints
    notes: tuple[Note, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    faults: tuple[Fault, ...] = ()


def reached_at(
    land: Land, places: Places, role: str, snap_metres: float, no_go: Ints | None = None, *, required: bool = False
) -> Reached:
    """The cell that each place is reached at.

    Parameters
    ----------
    land
        Where they stand.
    places
        Points in the frame's CRS.
    role
        What they are, in messages: "facilities".
    snap_metres
        A place on closed ground is reached at the nearest open cell within this distance.
    no_go
        Cells that are closed to everybody in the season: who stands there and is cut off takes no part.
    required
        A place without open ground near is a fault. Else it takes no part, as do all that are off the raster.
    """
    cells, moved = open_cells(land, places.x, places.y, snap_metres)
    shut = np.isin(land.frame.cell_of(places.x, places.y), np.empty(0, np.int32) if no_go is None else no_go)
    notes: list[Note] = []
    faults: list[Fault] = []
    for where, here in _by_list(places, role).items():
        lost = (cells[here] < 0) & ~shut[here]
        none_near = Text(
            "{ground}, with no open ground within {metres:,.0f} m", ground=CLOSED_GROUND, metres=snap_metres
        )
        closed_now = Text("in an area that is closed in this season, with no open ground near: they take no part")
        said = [
            ("repaired", moved[here] > 0, Text("{ground}: reached at the nearest open cell", ground=CLOSED_GROUND)),
            ("left out", (cells[here] < 0) & shut[here], closed_now),
        ]
        if not required:
            said.append(("left out", lost, Text("{ground}: they take no part", ground=none_near)))
        elif lost.any():
            faults.append(_fault(where, none_near, [places.row(k) for k in here[lost].tolist()]))
        for level, which, text in said:
            changes = tuple(_change(land, places, k, cells, moved) for k in here[which].tolist())
            if changes:
                notes.append(Note(level, where, text, float(len(changes)), changes))
    doubtful = np.flatnonzero((moved > 0) | ((cells < 0) & ~shut)).astype(np.int32)
    return Reached(cells, tuple(notes), tuple(_doubts(land, places, role, doubtful, cells, moved)), tuple(faults))


def _by_list(places: Places, role: str) -> dict[str, Ints]:
    """Positions of the places of each list, by what messages call it."""
    if places.origin is None:
        return {Text(role): np.arange(len(places), dtype=np.int32)}
    lists = np.array([Text("{role} ({name})", role=Text(role), name=origin.file) for origin in places.origin], object)
    return {name: np.flatnonzero(lists == name).astype(np.int32) for name in dict.fromkeys(lists.tolist())}


def _fault(where: str, what: str, found: list[str]) -> Fault:
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return Fault(
        where,
        f"{what}: {', '.join(found[:3])}{more}.",
        "Correct the coordinates, raise snap_metres under [walking], or leave these places out with "
        "--fix leave-out-closed.",
    )


def _change(land: Land, places: Places, k: int, cells: Ints, moved: Doubles) -> Change:
    after = ""
    if cells[k] >= 0:
        x, y = land.frame.centre_of([cells[k]])
        position = _degrees(land, x[0], y[0])
        after = Text("{metres:,.0f} m away, at {position}", metres=moved[k], position=position)
    return Change(places.row(k), _degrees(land, places.x[k], places.y[k]), after)


def _degrees(land: Land, x: float, y: float) -> str:
    lon, lat = land.frame.lonlat([x], [y])
    return f"{lat[0]:.5f}, {lon[0]:.5f}"


def _doubts(land: Land, places: Places, role: str, which: Ints, cells: Ints, moved: Doubles) -> Iterator[Doubt]:
    """The places as rows of the review: moved to the open ground, or left out where there is none."""
    if places.origin is None:
        return
    lon, lat = land.frame.lonlat(*land.frame.centre_of(cells[which]))
    for k, at_lon, at_lat in zip(which.tolist(), lon.tolist(), lat.tolist(), strict=True):
        listed = places.origin[k]
        if listed.kept:
            continue
        row = role, listed.file, listed.row, listed.id, listed.name, listed.coordinates
        if cells[k] >= 0:
            yield Doubt(*row, f"{CLOSED_GROUND}; open ground is {moved[k]:,.0f} m away", MOVE, lat=at_lat, lon=at_lon)
        else:
            yield Doubt(*row, f"{CLOSED_GROUND}, with no open ground near", LEAVE_OUT)


def open_cells(land: Land, x: npt.ArrayLike, y: npt.ArrayLike, max_metres: float) -> tuple[Ints, Doubles]:
    """The cell that each point is reached at.

    Returns
    -------
    cells
        The point's own cell where it is open, else the nearest open cell whose centre lies within `max_metres`, off the
        grid too; -1 where there is none.
    moved
        Metres from the point to that cell's centre where it is not the point's own cell, else 0; NaN for -1.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    cells = land.frame.cell_of(x, y)
    moved = np.zeros(len(cells))
    is_open: Bools = land.pace < np.inf
    for i in np.flatnonzero((cells < 0) | ~is_open[cells]):
        cells[i], moved[i] = _nearest_open(land, is_open, float(x[i]), float(y[i]), max_metres)
    return cells, moved


def _nearest_open(land: Land, is_open: Bools, x: float, y: float, max_metres: float) -> tuple[int, float]:
    if not (np.isfinite(x) and np.isfinite(y)):
        return -1, np.nan
    frame = land.frame
    # What is near to a point off the grid is near to the grid's nearest cell too.
    west, south, east, north = frame.bounds
    inside = (
        np.clip(x, west + frame.dx / 2, east - frame.dx / 2),
        np.clip(y, south + frame.dy / 2, north - frame.dy / 2),
    )
    row, col = divmod(int(frame.cell_of(*inside)), frame.nx)
    reach_rows = int(max_metres / land.step_metres[row, 0]) + 1
    reach_cols = int(max_metres / land.step_metres[row, 2]) + 1
    rows = np.arange(max(row - reach_rows, 0), min(row + reach_rows + 1, frame.ny))
    cols = np.arange(max(col - reach_cols, 0), min(col + reach_cols + 1, frame.nx))
    window = (rows[:, None] * frame.nx + cols).ravel()
    window = window[is_open[window]]
    if not len(window):
        return -1, np.nan
    centre_x, centre_y = frame.centre_of(window)
    metres = frame.metres_between(np.full(len(window), x), np.full(len(window), y), centre_x, centre_y)
    best = int(np.argmin(metres))
    return (int(window[best]), float(metres[best])) if metres[best] <= max_metres else (-1, np.nan)
