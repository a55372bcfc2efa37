"""What the land looks like before anybody travels: pieces that nobody can walk between, and how near roads are."""

from __future__ import annotations

import numpy as np
import shapely

from planner.grid.burn import line_cells
from planner.types.arrays import Bools, Ints, Objects
from planner.types.inputs import Areas, Change, Note, Roads
from planner.types.land import Land
from planner.types.text import Text

MOST_TOLD = 20
TOLD_SHARE = 0.001  # of the people on land without a facility: beyond it a warning
NEAR_METRES = 2000.0  # as in the World Bank's Rural Access Index (Roberts et al. 2006)
# Of an area's people near a road or path. Where it is less, roads are probably missing in the file; planner's choice.
FEW_NEAR = 0.5
FEWEST_PEOPLE = 100.0  # in an area, for its share to say anything


def pieces(land: Land, areas: Areas, facility_cell: Ints) -> tuple[Note, ...]:
    """Notes on the people of each piece of open land that nobody can leave on foot, and on pieces without a facility.

    Cells hang together side by side: a diagonal step between two closed cells is none.
    """
    from scipy import ndimage

    frame = land.frame
    piece, count = ndimage.label(np.isfinite(land.pace).reshape(frame.shape))
    piece = piece.ravel()
    people = np.bincount(piece, land.people, count + 1)
    people[0] = 0.0  # closed cells
    facilities = np.bincount(piece[facility_cell[facility_cell >= 0]], minlength=count + 1)
    inhabited = np.argsort(-people, kind="stable")[: np.count_nonzero(people)]
    without = inhabited[facilities[inhabited] == 0]
    somewhere = np.zeros(count + 1, np.int64)
    populated = np.flatnonzero(land.people)[::-1]
    somewhere[piece[populated]] = populated  # the first of each piece is kept
    lon, lat = frame.lonlat(*frame.centre_of(somewhere))

    def place(at: int) -> Text:
        area, position = land.area[somewhere[at]], f"{lat[at]:.4f}, {lon[at]:.4f}"
        if area >= 0:
            return Text("{area}, around {position}", area=areas.name[area], position=position)
        return Text("around {position}", position=position)

    notes = []
    if len(inhabited) > 1:
        most, total = people[inhabited[0]], people.sum()
        what = Text(
            "people on {count} pieces of land that nobody can walk between; {share:.1%} on the largest",
            count=len(inhabited),
            share=most / total,
        )
        changes = [
            Change(
                place(at),
                Text("{people:,.0f} people", people=people[at]),
                Text("facilities: {count}", count=facilities[at]),
            )
            for at in inhabited[:MOST_TOLD].tolist()
        ]
        notes.append(Note("info", "land", what, total, tuple(changes)))
    if len(without):
        cut_off = float(people[without].sum())
        level = "warning" if cut_off >= TOLD_SHARE * people.sum() else "info"
        named = tuple(
            Text("{place} ({people:,.0f})", place=place(at), people=people[at]) if len(without) > 1 else place(at)
            for at in without[:3].tolist()
        )
        more = Text(" and {count} pieces more", count=len(without) - 3) if len(without) > 3 else ""
        what = Text(
            "people on land without a facility, from which nobody can walk to one: {named:; }{more}",
            named=named,
            more=more,
        )
        notes.append(Note(level, "land", what, cut_off))
    return tuple(notes)


def road_access(land: Land, areas: Areas, roads: Roads) -> tuple[Note, ...]:
    """Notes on the length of roads and paths, how many people live near one, and areas where few do."""
    driven = roads.geometry[roads.highway != "ferry"]
    if not len(driven):
        return ()
    near = near_lines(land, line_cells(land.frame, driven)[0])
    count = len(areas)
    area = np.where(land.area < 0, count, land.area)
    people = np.bincount(area, land.people, count + 1)
    people_near = np.bincount(area, land.people * near, count + 1)
    step = land.step_metres
    ground = (land.known | np.isfinite(land.pace)).reshape(land.frame.shape)  # no sea
    square_metres = (ground.sum(axis=1) * step[:, 0] * step[:, 2]).sum()
    density = float(f"{metres_on(land, driven) / max(square_metres, 1.0) * 1e6:.1g}")
    what = Text(
        "about {density:,.0f} km of roads and paths per 1,000 km2 of land; {share:.0%} of the people "
        "live within about 2 km of one",
        density=density,
        share=people_near.sum() / max(people.sum(), 1.0),
    )
    notes = [Note("info", "roads", what, 0.0)]
    share = people_near[:count] / np.maximum(people[:count], 1)
    few = np.flatnonzero((share < FEW_NEAR) & (people[:count] >= FEWEST_PEOPLE))
    if len(few):
        few = few[np.argsort(share[few], kind="stable")]
        named = tuple(Text("{name} ({share:.0%})", name=areas.name[at], share=share[at]) for at in few[:3].tolist())
        more = Text(" and {count} more", count=len(few) - 3) if len(few) > 3 else ""
        far = float((people - people_near)[few].sum())
        what = Text(
            "people farther than about 2 km from any road or path, in areas where fewer than half live "
            "near one: {named}{more}; the file may lack roads there",
            named=named,
            more=more,
        )
        notes.append(Note("warning", "roads", what, far))
    return tuple(notes)


def near_lines(land: Land, cells: Ints) -> Bools:
    """Cells within about NEAR_METRES of these, to all sides: a square around each."""
    from scipy.ndimage import maximum_filter1d

    near = np.zeros(land.frame.n, np.uint8)
    near[cells] = 1
    near = near.reshape(land.frame.shape)
    north, _, east = land.step_metres[land.frame.ny // 2, :3]
    for axis, metres in ((0, north), (1, east)):
        near = maximum_filter1d(near, 2 * round(NEAR_METRES / metres) + 1, axis=axis, mode="constant")
    return near.ravel() > 0


def metres_on(land: Land, lines: Objects) -> float:
    """Length of lines on the grid, by the metres of the rows that they lie in."""
    frame = land.frame
    inside = shapely.get_parts(shapely.clip_by_rect(lines, *frame.bounds))
    xy, line = shapely.get_coordinates(inside, return_index=True)
    (x, y), same = np.diff(xy, axis=0).T, np.diff(line) == 0
    row = np.clip(((frame.north - xy[1:, 1]) / frame.dy).astype(np.int64), 0, frame.ny - 1)
    metres = np.hypot(x / frame.dx * land.step_metres[row, 2], y / frame.dy * land.step_metres[row, 0])
    return float(metres[same].sum())
