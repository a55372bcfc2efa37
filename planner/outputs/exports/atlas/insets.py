"""The small maps of a page: where the area lies in the whole, and who is far from care before and after."""

from __future__ import annotations

import math

import numpy as np

from planner.outputs.exports.atlas import marks
from planner.outputs.exports.atlas.book import Book
from planner.outputs.exports.atlas.figures import Place
from planner.outputs.exports.atlas.sheet import FAINT, HAIR, INK, NAVY, SMALL, Box, Pane, Sheet
from planner.outputs.exports.atlas.view import View
from planner.outputs.palette import PROPOSED

LAND = "#e1e7ec"
DOTS = ((150, 0.65), (600, 0.42), (math.inf, 0.25))  # at most so many villages: the radius of their dots (mm)
FAR = "#993404"  # of the palette of travel time: beyond the limit


def where(sheet: Sheet, box: Box, book: Book, place: Place, shown: View) -> None:
    """Draw all areas, this one filled, and the rectangle that the large map shows."""
    view, pane = View.of(book.frame, book.bounds, box.width, box.height), Pane(sheet, box)
    whole = view.on_paper(book.layers["areas"].geometry, 0.15)
    marks.polygons(pane, whole, LAND, zorder=1.0)
    marks.lines(pane, marks.parts(whole), FAINT, 0.3, zorder=1.2)
    marks.polygons(pane, view.on_paper([place.shape], 0.15), NAVY, zorder=1.1)
    west, south, east, north = shown.bounds
    corners = view.points(np.array([(west, south), (east, south), (east, north), (west, north), (west, south)]))
    marks.lines(pane, [corners], PROPOSED, 1.0, zorder=1.4)
    pane.frame(HAIR, 0.5)


def far_from_care(sheet: Sheet, box: Box, book: Book, place: Place, column: str, title: str) -> None:
    """Draw the villages whose centre is beyond the limit from care: today, or with the plan."""
    head = sheet.line(SMALL) + sheet.mm(0.8)
    sheet.text(box.x, box.y, title, SMALL, bold=True, room=box.width)
    box = Box(box.x, box.y + head, box.width, box.height - head)
    outline = book.whole if place.whole else place.shape
    bounds = book.bounds if outline is None else outline.bounds
    view, pane = View.of(book.frame, bounds, box.width, box.height), Pane(sheet, box)
    if outline is not None:
        shapes = view.on_paper([outline], 0.12)
        marks.polygons(pane, shapes, LAND, zorder=1.0)
        marks.lines(
            pane, marks.parts(view.on_paper(book.near("areas", view.bounds).geometry, 0.12)), HAIR, 0.5, zorder=1.2
        )
        marks.lines(pane, marks.parts(shapes), INK, 0.6, zorder=1.3)
    villages = book.layers["villages"]
    villages = villages[place.holds(villages)]
    minutes = villages[column].to_numpy(float)
    points = view.places(villages[~(minutes <= book.scenario.placement.max_minutes)])
    radius = next(radius for most, radius in DOTS if len(villages) <= most)
    marks.dots(pane, points, radius * sheet.paper.size, FAR)
    pane.frame(HAIR, 0.5)
