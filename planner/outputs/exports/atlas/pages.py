"""The pages of the atlas: one of all areas, and one of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from planner.outputs.exports.atlas import insets, legend, panel, words
from planner.outputs.exports.atlas.book import Book
from planner.outputs.exports.atlas.figures import Place
from planner.outputs.exports.atlas.maps import Map
from planner.outputs.exports.atlas.picture import Picture
from planner.outputs.exports.atlas.sheet import BODY, FAINT, INK, NAVY, SMALL, Box, Pane, Paper, Sheet
from planner.outputs.language import day, number, say

MARGIN = 9.0  # mm of A4, as all lengths here
TITLE = 15.0  # points
LOGO_HIGH, LOGO_WIDE = 13.0, 32.0
PANEL = 98.0
MOST_SOURCES = 3  # lines
LEAST_ROWS = 3  # of a second table
LEAST_PAIR, MOST_PAIR = 34.0, 62.0  # mm of the height of two small maps


@dataclass(frozen=True)
class Pages:
    """How many pages there are, and which of them this is, from 1."""

    this: int
    count: int


def page(book: Book, paper: Paper, place: Place, others: Sequence[Place], at: Pages) -> Figure:
    """Draw the page of an area, or of all areas together, whose own pages follow."""
    sheet = Sheet(paper, book.letters)
    margin = MARGIN * paper.size
    body = Box(margin, margin, paper.width - 2 * margin, paper.height - 2 * margin)
    top = _head(sheet, body, book, place)
    bottom = _foot(sheet, body, book, at)
    wide = PANEL * paper.size * (0.94 if paper.text < paper.size else 1.0)
    gap, strip = 5.0 * paper.size, sheet.mm(26.5)
    map_box = Box(body.x, top, body.width - wide - gap, bottom - top - strip)
    drawn = Map(sheet, map_box, book, place)
    legend.draw(sheet, Box(body.x, map_box.bottom + sheet.mm(2.2), map_box.width, strip - sheet.mm(2.2)), book, drawn)
    beside = Box(map_box.right + gap, top, wide, bottom - top)
    if place.whole:
        _of_all(sheet, beside, book, place, others, at)
    else:
        _of_area(sheet, beside, book, place, drawn)
    return sheet.figure


def _head(sheet: Sheet, body: Box, book: Book, place: Place) -> float:
    """Write whose atlas it is, and the message; returns where the page begins."""
    x, size = body.x, sheet.paper.size
    if book.run.logo:
        x += _logo(sheet, body, book) + 4.0 * size
    room = body.right - x
    ministry, title = book.letters.clean(book.run.ministry), book.letters.clean(book.run.plan["title"])
    about = " · ".join(filter(None, [title, place.parent if place.parent != place.name else ""]))
    if ministry:
        taken = min(sheet.width(about, BODY), 0.45 * room)
        sheet.text(x, body.y, ministry, BODY + 0.5, bold=True, colour=NAVY, room=room - taken - 6.0)
        sheet.text(body.right, body.y, about, BODY, colour=FAINT, side="right", room=0.45 * room)
    else:
        sheet.text(x, body.y, about, BODY, colour=FAINT, room=room)
    y = body.y + sheet.line(BODY) + sheet.mm(1.6)
    told = words.message(book, place)
    lines = len(book.letters.lines(told, TITLE * sheet.paper.text, room, 2, bold=True))
    y = sheet.paragraph(x, y, told, TITLE if lines == 1 else TITLE - 1.5, room, 2, bold=True, colour=INK)
    y = max(y, body.y + LOGO_HIGH * size if book.run.logo else 0.0) + sheet.mm(0.6)
    sheet.rule(body.x, y, body.width, NAVY, 1.2)
    return y + sheet.mm(3.0)


def _logo(sheet: Sheet, body: Box, book: Book) -> float:
    """Lay the logo into the upper left corner; returns its width."""
    assert book.run.logo is not None
    with Image.open(book.run.logo, formats=["PNG"]) as logo:
        pixels = np.asarray(logo.convert("RGBA"))
    high, wide, _ = pixels.shape
    size = sheet.paper.size
    scale = min(LOGO_HIGH * size / high, LOGO_WIDE * size / wide)
    box = Box(body.x, body.y, wide * scale, high * scale)
    Pane(sheet, box).add(Picture(pixels, (0.0, 0.0, box.width, box.height)))
    return box.width


def _foot(sheet: Sheet, body: Box, book: Book, at: Pages) -> float:
    """Write sources, date, run and page; returns where the foot begins."""
    run = book.run.plan
    told = " · ".join(
        [day(run["date"]), say("run {run}", run=run["run_id"]),
         say("page {page} of {pages}", page=number(at.this), pages=number(at.count))]
    )  # fmt: skip
    text = _sources(book)
    lines = book.letters.lines(text, SMALL * sheet.paper.text, body.width, MOST_SOURCES)
    if not lines or sheet.width(lines[-1], SMALL) + sheet.width(told, SMALL) + sheet.mm(6.0) > body.width:
        lines.append("")
    y = body.bottom - len(lines) * sheet.line(SMALL)
    for position, line in enumerate(lines):
        sheet.text(body.x, y + position * sheet.line(SMALL), line, SMALL, colour=FAINT)
    sheet.text(body.right, body.bottom - sheet.line(SMALL), told, SMALL, colour=FAINT, side="right")
    return y - sheet.mm(2.4)


def _sources(book: Book) -> str:
    """Whom to cite, each once, with what the file was read for."""
    cited: dict[str, list[str]] = {}
    for row in book.tables["sources"].itertuples():
        if (role := words.role(str(row.role))) and row.citation:
            roles = cited.setdefault(str(row.citation), [])
            roles.extend([] if role in roles else [role])
    told = "; ".join(f"{', '.join(roles)}: {citation}" for citation, roles in cited.items())
    lost = say("\N{REPLACEMENT CHARACTER} stands for letters that no font of this computer has.")
    parts = [say("Sources: {sources}.", sources=told) if told else "", lost if book.letters.lost else ""]
    return " ".join(filter(None, parts))


def _of_all(sheet: Sheet, box: Box, book: Book, place: Place, others: Sequence[Place], at: Pages) -> None:
    y = panel.numbers(sheet, box, place, columns=3) + sheet.mm(1.4)
    y = panel.bars(sheet, Box(box.x, y, box.width, 0.0), book, place) + sheet.mm(1.6)
    y = _before_and_after(sheet, Box(box.x, y, box.width, 44.0 * sheet.paper.size), book, place) + sheet.mm(2.0)
    room = Box(box.x, y, box.width, _explained(sheet, box, book) - y)
    told = [panel.areas(others, at.this + 1)] if others else [panel.posts(place)]
    if panel.height_of(sheet, len(told[0].rows)) + panel.height_of(sheet, LEAST_ROWS) < room.height:
        told.append(panel.villages(place))
    panel.tables(sheet, room, told)


def _of_area(sheet: Sheet, box: Box, book: Book, place: Place, drawn: Map) -> None:
    inset = 33.0 * sheet.paper.size
    y = panel.numbers(sheet, Box(box.x, box.y, box.width - inset - 3.0, 0.0), place, columns=2)
    insets.where(sheet, Box(box.right - inset, box.y, inset, inset), book, place, drawn.view)
    y = max(y, box.y + inset) + sheet.mm(2.0)
    y = panel.bars(sheet, Box(box.x, y, box.width, 0.0), book, place) + sheet.mm(1.6)
    bottom = _explained(sheet, box, book)
    told = [panel.posts(place), panel.villages(place)]
    taken = sum(panel.height_of(sheet, len(each.rows)) for each in told)
    if taken + panel.height_of(sheet, min(len(place.sites), LEAST_ROWS)) < bottom - y:
        told.append(panel.facilities(place))
    y = panel.tables(sheet, Box(box.x, y, box.width, bottom - y), told)
    high = min(bottom - y - sheet.mm(1.0), MOST_PAIR * sheet.paper.size)
    if high > LEAST_PAIR * sheet.paper.size and place.far[0] > 0:
        _before_and_after(sheet, Box(box.x, y, box.width, high), book, place)


def _before_and_after(sheet: Sheet, box: Box, book: Book, place: Place) -> float:
    """Draw two small maps beside each other; returns where they end."""
    gap = sheet.mm(3.0)
    half = (box.width - gap) / 2
    columns = {
        "minutes_with_chws": say("Villages far from care today"),
        "minutes_with_plan": say("… and with the plan"),
    }
    for position, (column, title) in enumerate(columns.items()):
        at = Box(box.x + position * (half + gap), box.y, half, box.height)
        insets.far_from_care(sheet, at, book, place, column, title)
    return box.bottom


def _explained(sheet: Sheet, box: Box, book: Book) -> float:
    """Say at the bottom of a box what the words mean; returns where that begins."""
    text, most = panel.about_far(book), 4
    lines = len(book.letters.lines(text, SMALL * sheet.paper.text, box.width, most))
    y = box.bottom - lines * sheet.line(SMALL)
    sheet.paragraph(box.x, y, text, SMALL, box.width, most)
    return y - sheet.mm(0.6)
