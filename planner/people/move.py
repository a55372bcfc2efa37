"""People on closed cells (water, no land) moved to the nearest open ground of their area, and a record of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.types.arrays import CELL, Bools, Doubles, Ints
from planner.types.inputs import Areas, Change, Note
from planner.types.land import BRIDGE, Land
from planner.types.people import Moving
from planner.types.text import Text

APART = 1e8  # metres between areas, in a search for what is near: farther than anything on earth


def off_barriers(land: Land, areas: Areas, most_metres: float) -> tuple[Land, Moving, list[Note]]:
    """Move people on closed cells to the nearest open cell where people live, else to the nearest open one.

    Distances are straight, between the centres of cells. Nobody leaves his area, so that its sum stays; nobody is moved
    onto a bridge, or into cells that the raster says nothing of. Who has no such cell within `most_metres` stays.

    Returns
    -------
    The land with the same people in all, the record, and notes.
    """
    stranded = np.isinf(land.pace) & (land.people > 0)
    ground = np.isfinite(land.pace) & (land.way != BRIDGE) & land.known
    from_cell = np.flatnonzero(stranded).astype(CELL)
    target, metres = _nearest(land, from_cell, stranded, ground & (land.people > 0), most_metres)
    alone = target < 0
    target[alone], metres[alone] = _nearest(land, from_cell[alone], stranded, ground, most_metres)

    there = target >= 0
    moved = []
    for of in (land.people, land.under_fives):
        new = of.copy()
        new[from_cell[there]] = 0.0
        np.add.at(new, target[there], of[from_cell[there]])
        moved.append(new)
    record = _record(land, len(areas), from_cell, metres, most_metres)
    return replace(land, people=moved[0], under_fives=moved[1]), record, _notes(record, areas)


def _nearest(land: Land, from_cell: Ints, stranded: Bools, onto: Bools, most_metres: float) -> tuple[Ints, Doubles]:
    """The nearest of the cells `onto` in the area of each cell, and metres to it; -1 and NaN beyond the limit."""
    from scipy import ndimage
    from scipy.spatial import KDTree

    cells, away = np.full(len(from_cell), -1, CELL), np.full(len(from_cell), np.nan)
    frame = land.frame
    reach = [2 * int(most_metres / land.step_metres[:, k].min()) + 3 for k in (0, 2)]  # rows, columns
    size = tuple(min(cells, 2 * of + 1) for cells, of in zip(reach, frame.shape, strict=True))
    around = ndimage.maximum_filter(stranded.reshape(frame.shape), size, mode="constant")
    candidates = np.flatnonzero(onto & around.ravel()).astype(CELL)
    if not len(candidates) or not len(from_cell):
        return cells, away
    tree = KDTree(_points(land, candidates))
    metres, nearest = tree.query(_points(land, from_cell), distance_upper_bound=most_metres * (1 + 1e-9))
    there = np.isfinite(metres)
    cells[there] = candidates[np.asarray(nearest)[there]]
    x, y, to_x, to_y = (*frame.centre_of(from_cell[there]), *frame.centre_of(cells[there]))
    away[there] = frame.metres_between(x, y, to_x, to_y)
    return cells, away


def _points(land: Land, cells: Ints) -> Doubles:
    """Cells as points in metres, each area in a space of its own."""
    return np.column_stack((land.frame.earth_centred(*land.frame.centre_of(cells)), land.area[cells] * APART))


def _record(land: Land, n_areas: int, from_cell: Ints, metres: Doubles, most_metres: float) -> Moving:
    """What was moved from the stranded cells by area, by the metres to their new place (NaN = they stay)."""
    area = np.where(land.area[from_cell] < 0, n_areas, land.area[from_cell])
    there = np.isfinite(metres)

    def by_area(of: Doubles, of_whom: Bools) -> Doubles:
        return np.bincount(area[of_whom], of[of_whom], n_areas + 1).astype(np.float64)

    people, under_fives = land.people[from_cell], land.under_fives[from_cell]
    moved = by_area(people, there)
    furthest = np.full(n_areas + 1, np.nan)
    np.fmax.at(furthest, area[there], metres[there])
    way = by_area(people * np.nan_to_num(metres), there)
    return Moving(
        most_metres=most_metres,
        people=moved,
        under_fives=by_area(under_fives, there),
        cells=np.bincount(area[there], minlength=n_areas + 1).astype(np.int32),
        mean_metres=np.divide(way, moved, out=np.full_like(way, np.nan), where=moved > 0),
        max_metres=furthest,
        left=by_area(people, ~there),
        left_under_fives=by_area(under_fives, ~there),
    )


def _notes(record: Moving, areas: Areas) -> list[Note]:
    changes = tuple(
        Change(
            name,
            Text("{people:,.0f} people on closed cells", people=record.people[at] + record.left[at]),
            Text(
                "{moved:,.0f} moved, {metres:,.0f} m in the mean; {left:,.0f} stay",
                moved=record.people[at],
                metres=record.mean_metres[at],
                left=record.left[at],
            ),
        )
        for at, name in enumerate((*areas.name, Text("outside all areas")))
        if record.cells[at]
    )
    what = Text(
        "people on closed cells (water, no land), moved to open ground within {metres:g} m, from {cells:,} cells",
        metres=record.most_metres,
        cells=record.cells.sum(),
    )
    return [Note("repaired", "people", what, float(record.people.sum()), changes)] if changes else []
