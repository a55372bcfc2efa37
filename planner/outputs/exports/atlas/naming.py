"""Names on a map, where there is room: the most needed first."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from planner.outputs.exports.atlas import marks
from planner.outputs.exports.atlas.book import Book
from planner.outputs.exports.atlas.figures import Place
from planner.outputs.exports.atlas.labels import Room
from planner.outputs.exports.atlas.marks import RADIUS
from planner.outputs.exports.atlas.sheet import FAINT, INK, NAVY, SMALL, Box, Pane
from planner.outputs.exports.atlas.view import View

LONGEST = 42.0  # mm
MOST_HIDDEN = 0.5  # of an area, that its name may hide
TRIED = 12  # points across an area where its name may stand
BACK = 0.72  # how much of the map a name hides


def write_names(pane: Pane, view: View, room: Room, book: Book, place: Place) -> None:
    """Write the names of one map.

    Of all areas together: areas and hospitals. Of an area: facilities, the villages of proposed CHWs, and hard-to-reach
    villages; those that were found in the raster have no name of their own, and get none.
    """
    namer = _Namer(pane, view, room)
    size = pane.sheet.paper.text
    facilities = book.near("facilities", view.bounds)
    facilities = facilities[place.holds(facilities)]
    high = facilities["tier"] > 1
    around = book.near("areas", view.bounds)
    if place.whole:
        namer.areas(around, NAVY, bold=True)
        namer.places(facilities[high], "facility", RADIUS["facility2"] * size, far=False)
        return
    namer.places(facilities[high], "facility", RADIUS["facility2"] * size)
    posts = place.posts[place.posts["chws"] > 0]
    namer.places(posts[_named(posts)], "village", RADIUS["new"] * size)
    villages = place.villages[_named(place.villages)]
    listed = villages["listed"].astype(bool) & ~villages["village_id"].isin(posts["village_id"])
    namer.places(villages[listed], "village", RADIUS["hard"] * size)
    namer.places(facilities[~high], "facility", RADIUS["facility1"] * size, colour=NAVY, far=False)
    namer.areas(around[~place.holds(around)], FAINT)


def _named(rows: Any) -> Any:
    """Whether villages have more of a name than their number."""
    return rows["village"] != rows["village_id"]


class _Namer:
    """Writes names on one map."""

    def __init__(self, pane: Pane, view: View, room: Room) -> None:
        self.pane, self.view, self.room = pane, view, room
        self.letters = pane.sheet.letters
        self.longest = pane.sheet.mm(LONGEST)
        self.points, self.height = SMALL * pane.sheet.paper.text, pane.sheet.line(SMALL)
        self.longest = pane.sheet.mm(LONGEST)

    def places(self, rows: Any, column: str, radius: float, *, colour: str = INK, far: bool = True) -> None:
        """Write the names of places beside their marks; `far`: with a line to them where they are crowded."""
        for (x, y), name in zip(self.view.places(rows).tolist(), rows[column], strict=True):
            shown = self.letters.cut(name, self.points, self.longest)
            width = self.letters.width(shown, self.points) + 0.8
            spot = self.room.place(x, y, width, self.height, radius, far=far) if shown else None
            if spot is None:
                continue
            if spot.led:
                marks.leads(self.pane, [[(x, y), spot[:2]]], self.pane.sheet.paper.text, zorder=6.1)
            self._write(spot.x, spot.y, shown, width, colour)

    def areas(self, rows: Any, colour: str, *, bold: bool = False) -> None:
        """Write the names of areas into them, as near to their middle as there is room."""
        paper = shapely.box(0, 0, self.view.width, self.view.height)
        for shape, name in zip(self.view.on_paper(rows.geometry), rows["area"], strict=True):
            seen = shapely.intersection(shapely.make_valid(shape), paper)
            if not name:
                continue
            shown = self.letters.cut(name, self.points, self.longest, bold=bold)
            width = self.letters.width(shown, self.points, bold) + 0.8
            if width * self.height > MOST_HIDDEN * shapely.area(seen):
                continue
            for x, y in _points_in(seen):
                if spot := self.room.place(x, y, width, self.height, 0.5, on_it=True, far=False):
                    self._write(spot.x, spot.y, shown, width, colour, bold=bold)
                    break

    def _write(self, x: float, y: float, text: str, width: float, colour: str, *, bold: bool = False) -> None:
        back = Box(x - width / 2, y - self.height / 2, width, self.height)
        self.pane.rectangle(back, "#ffffff", alpha=BACK, zorder=6.2)
        self.pane.text(x, y, text, self.points, colour=colour, bold=bold)


def _points_in(shape: Any) -> list[tuple[float, float]]:
    """Points in a shape, those near its middle first."""
    middle = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
    west, south, east, north = shapely.bounds(shape)
    grid = np.array([(x, y) for x in np.linspace(west, east, TRIED) for y in np.linspace(south, north, TRIED)])
    inside = grid[shapely.contains_xy(shape, grid)]
    order = np.argsort(np.hypot(*(inside - middle).T), kind="stable")
    return [tuple(point) for point in [middle.tolist(), *inside[order].tolist()]]
