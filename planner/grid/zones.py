"""Each cell to exactly one area: the first of those that overlap, slivers between two areas closed, the rest told."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.grid.burn import spans
from planner.types.arrays import CELL, Doubles, Ints
from planner.types.frame import Frame
from planner.types.inputs import Areas, Change, Note
from planner.types.text import Text

TOLD_SHARE = 0.001  # of the people: below it, an overlap or a gap is how outlines are drawn, and no warning
OPPOSITE = ((0, 1), (1, 0))  # rows and columns to the next cell; the other one lies across
SEVERAL_LEVELS = 0.5  # of the people in overlaps: no error of drawing
MOST_TOLD = 20


def zones(frame: Frame, areas: Areas, people: Doubles) -> tuple[Ints, list[Note]]:
    """Position of the area of each cell, -1 = none, and notes on the people where areas overlap.

    A cell belongs to the first area, in the order of the file, that its centre lies in. One that lies in none, but with
    people in it and two different areas on opposite sides, is a sliver between them and goes to the first of them.
    `people` are those of the raster, 0 where it knows nothing.
    """
    found = spans(frame, areas.geometry)
    label, last = found.filled(frame), found.filled(frame, reverse=True)
    shared = np.flatnonzero(label != last)
    outside = np.flatnonzero((label < 0) & (people > 0))
    between = slivers(frame, label, outside)
    filled = outside[between >= 0]
    label[filled] = between[between >= 0]
    notes = overlaps(areas, label[shared], last[shared], people[shared], float(people.sum()))
    if len(filled):
        what = Text("people in slivers between two areas, one cell wide, who were counted in the first of them")
        notes.append(Note("repaired", "areas", what, float(people[filled].sum())))
    return label, notes


def slivers(frame: Frame, label: Ints, cells: npt.NDArray[np.intp]) -> Ints:
    """The first of two different areas on opposite sides of each of these cells; -1 where there are none."""
    row, col = np.divmod(cells, frame.nx)

    def beside(rows: int, cols: int) -> Ints:
        r, c = row + rows, col + cols
        inside = (r >= 0) & (r < frame.ny) & (c >= 0) & (c < frame.nx)
        return np.where(inside, label[np.where(inside, r * frame.nx + c, 0)], CELL(-1))

    found = np.full(len(cells), -1, CELL)
    for rows, cols in OPPOSITE:
        one, other = beside(rows, cols), beside(-rows, -cols)
        between = (found < 0) & (one >= 0) & (other >= 0) & (one != other)
        found[between] = np.minimum(one, other)[between]
    return found


def overlaps(areas: Areas, first: Ints, last: Ints, people: Doubles, everybody: float) -> list[Note]:
    """Who lives where areas overlap: pair by pair, most people first."""
    total = float(people.sum())
    if not total:
        return []
    pair, of_cell = np.unique(first.astype(np.int64) * len(areas) + last, return_inverse=True)
    of_pair = np.bincount(of_cell, people)
    changes = []
    for at in np.argsort(-of_pair, kind="stable")[:MOST_TOLD].tolist():
        one, other = (areas.name[k] for k in divmod(int(pair[at]), len(areas)))
        changes.append(
            Change(
                Text("{one} and {other}", one=one, other=other),
                Text("{people:,.0f} people in both", people=of_pair[at]),
                Text("counted in {area}", area=one),
            )
        )
    what = Text(
        "people where areas overlap, counted in the area that comes first in the file: {pair}{more}{hint}",
        pair=changes[0].place,
        more=Text(" and {count} pairs more", count=len(pair) - 1) if len(pair) > 1 else "",
        hint=Text("; if the file holds several levels of areas, choose one with where under [areas]")
        if total > SEVERAL_LEVELS * everybody
        else "",
    )
    return [Note("warning" if total >= TOLD_SHARE * everybody else "info", "areas", what, total, tuple(changes))]


def gaps(frame: Frame, areas: Areas, label: Ints, people: Doubles) -> list[Note]:
    """A note on who lives in gaps that areas enclose, by the areas of cells (-1 = none): they are outside all areas."""
    from scipy import ndimage

    if not people[label < 0].any():
        return []
    piece, count = ndimage.label((label < 0).reshape(frame.shape))
    in_gap = np.bincount(piece.ravel(), people, count + 1)
    in_gap[np.concatenate([piece[0], piece[-1], piece[:, 0], piece[:, -1]])] = 0.0  # open to the edge: outside
    total = float(in_gap.sum())
    if not total:
        return []
    changes = []
    found = ndimage.find_objects(piece)
    for at in np.argsort(-in_gap, kind="stable")[:MOST_TOLD].tolist():
        if in_gap[at]:
            rows, cols = found[at - 1]
            beside = np.unique(
                label.reshape(frame.shape)[rows.start - 1 : rows.stop + 1, cols.start - 1 : cols.stop + 1]
            )
            names = tuple(areas.name[k] for k in beside[beside >= 0][:2].tolist())
            x, y = frame.centre_of(np.flatnonzero((piece.ravel() == at) & (people > 0))[:1])
            lon, lat = frame.lonlat(x, y)
            position = f"{lat[0]:.4f}, {lon[0]:.4f}"
            place = Text("gap at {position}, beside {names: and }", position=position, names=names)
            changes.append(Change(place, Text("{people:,.0f} people", people=in_gap[at]), Text("outside")))
    what = Text(
        "people in gaps between areas, counted as outside: {gap}{more}",
        gap=changes[0].place,
        more=Text(" and {count} gaps more", count=np.count_nonzero(in_gap) - 1) if len(changes) > 1 else "",
    )
    return [Note("warning" if total >= TOLD_SHARE * people.sum() else "info", "areas", what, total, tuple(changes))]
