"""The large map of a page: travel time today, water, roads, borders, and the places with their names."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from planner.outputs.exports.atlas import marks, naming
from planner.outputs.exports.atlas.book import TODAY, Book
from planner.outputs.exports.atlas.figures import Place
from planner.outputs.exports.atlas.labels import Room
from planner.outputs.exports.atlas.marks import RADIUS
from planner.outputs.exports.atlas.picture import Picture
from planner.outputs.exports.atlas.sheet import INK, Box, Pane, Sheet
from planner.outputs.exports.atlas.view import View
from planner.outputs.palette import AREA, NO_WAY, rgb, time_classes

PIXEL = 0.16  # mm: 160 dots an inch, finer than the eye sees at arm's length
BEYOND = "#f2f5f7"  # the sea and what is beyond all areas, where nobody walks
VEIL = 0.62  # how much of what is outside the area is hidden
MOST_NUMBERED = 60  # numbers on one map: beyond, marks alone
MANY = 400  # hard-to-reach villages on one map: more are drawn smaller
MOST_ROADS_KM = 120.0  # maps wider than this show no paths, and twice as wide only major roads


class Map:
    """The large map of an area, or of all areas together, drawn when it is made.

    Attributes
    ----------
    view
        What it shows.
    kinds
        The marks and lines that are on it, for its legend.
    no_way
        Whether ground without a way is on it.

    Marks and lines are `size` times as large as on A4; None = as texts are.
    """

    def __init__(self, sheet: Sheet, box: Box, book: Book, place: Place, size: float | None = None) -> None:
        self.sheet, self.book, self.place = sheet, book, place
        self.size = sheet.paper.text if size is None else size
        outline = book.whole if place.whole else place.shape
        self.view = View.of(book.frame, book.bounds if outline is None else outline.bounds, box.width, box.height)
        self.pane = Pane(sheet, box)
        self.room = Room(box.width, box.height)
        self.kinds: set[str] = set()
        self.no_way = self._ground()
        self._lines()
        if outline is not None:
            self._borders(outline)
        self._places()
        naming.write_names(self.pane, self.view, self.room, book, place)
        self.pane.frame(INK, 0.8)

    def _near(self, layer: str) -> Any:
        return self.book.near(layer, self.view.bounds)

    def _ground(self) -> bool:
        """Lay the classes of travel time below everything; returns whether there is ground without a way."""
        book, view = self.book, self.view
        colours = [each.colour for each in time_classes(book.scenario.reach.thresholds)]
        look_up = np.array([(*rgb(colour), 255) for colour in (*colours, NO_WAY, BEYOND)], np.uint8)
        seen, extent = view.cells(book.minutes[TODAY], PIXEL * self.sheet.paper.size, book.nowhere + 1)
        self.pane.add(Picture(look_up[seen], extent))
        return bool((seen == book.nowhere).any())

    def _lines(self) -> None:
        """Draw water and roads."""
        water, roads = self._near("water"), self._near("roads")
        if len(water):
            marks.water(self.pane, self.view.on_paper(water.geometry), self.size)
            self.kinds.add("water")
        kinds = np.array([marks.way_kind(highway) for highway in roads["highway"]], object)
        km = self.view.metres * self.view.width / 1000
        roads_only = ["major", "ferry", "road"]
        widest = roads_only[:2] if km > 2 * MOST_ROADS_KM else roads_only if km > MOST_ROADS_KM else list(marks.WAYS)
        shown = widest if np.isin(kinds, widest).any() else list(marks.WAYS)
        for kind in shown:
            own = kinds == kind
            if own.any():
                marks.ways(self.pane, kind, self.view.on_paper(roads.geometry[own]), self.size)
                self.kinds.add(kind)

    def _borders(self, outline: Any) -> None:
        """Draw the borders of areas; veil what is outside the one that the map is of."""
        view = self.view
        inside = view.on_paper([outline])
        paper = shapely.box(-3, -3, view.width + 3, view.height + 3)
        outside = shapely.difference(paper, shapely.union_all(shapely.make_valid(inside)))
        marks.polygons(self.pane, [outside], "#ffffff", zorder=2.5, alpha=VEIL)
        neighbours = view.on_paper(self._near("areas").geometry)
        marks.lines(self.pane, marks.parts(neighbours), AREA, 0.7 * self.size, style=marks.BORDER, zorder=3.0)
        marks.lines(self.pane, marks.parts(inside), INK, 1.4 * self.size, zorder=3.1)

    def _places(self) -> None:
        """Draw the places: those of the area keep names off."""
        whole = self.place.whole
        villages, facilities, posts = (self._near(layer) for layer in ("villages", "facilities", "posts"))
        hard, own = villages["hard_to_reach"].astype(bool), self.place.holds(villages)
        if not whole:
            self._draw("village", villages[~hard], 4.0, 1.0, keep=False)
        crowd = 0.65 if hard.sum() > MANY else 1.0
        self._draw("hard", villages[hard & ~own], 4.1, 0.7 * crowd, keep=False)
        self._draw("hard", villages[hard & own], 4.2, (0.6 if whole else 1.0) * crowd, keep=not whole)
        proposed, works = posts["proposed"].astype(bool), posts["chws"] > 0
        scale = 0.8 if whole else 1.0
        self._draw("chw", posts[~proposed & works], 5.0, scale)
        kinds = np.array([marks.facility_kind(tier) for tier in facilities["tier"]], object)
        for kind in np.unique(kinds.astype(str)).tolist():
            self._draw(kind, facilities[kinds == kind], 5.5, scale)
        self._numbers(posts[proposed & works])

    def _draw(self, kind: str, rows: Any, zorder: float, scale: float, *, keep: bool = True) -> None:
        if len(rows):
            points = self.view.places(rows)
            marks.places(self.pane, kind, points, self.size * scale, zorder)
            self.kinds.add(kind)
            if keep:
                self.room.mark(points, RADIUS[kind] * self.size * scale)

    def _numbers(self, posts: Any) -> None:
        """Draw proposed CHWs with their numbers, beside their places where these are close, as dots where too many."""
        if not len(posts):
            return
        self.kinds.add("new")
        points, radius = self.view.places(posts), RADIUS["new"] * self.size
        leads, numbered, bare = [], [], []
        for (x, y), rank in zip(points.tolist(), posts["rank"], strict=True):
            spot = None
            if len(posts) <= MOST_NUMBERED:
                spot = self.room.place(x, y, 2 * radius, 2 * radius, 0.6 * radius, on_it=True)
            if spot is None:
                bare.append((x, y))
                continue
            numbered.append(spot[:2])
            if spot[:2] != (x, y):
                leads.append([(x, y), spot[:2]])
            told = f"{int(rank)}"
            points_high = (7.4 if len(told) < 3 else 5.6) * self.size
            self.pane.text(spot.x, spot.y, told, points_high, colour=marks.DARK, bold=True)
        marks.leads(self.pane, leads, self.size, zorder=5.9)
        marks.places(self.pane, "new", np.array([lead[0] for lead in leads]), 0.3 * self.size, 5.9)
        marks.places(self.pane, "new", np.array(numbered), self.size, 6.0)
        marks.places(self.pane, "new", np.array(bare), 0.6 * self.size, 5.8)
        if bare:
            self.room.mark(np.array(bare), 0.6 * radius)
