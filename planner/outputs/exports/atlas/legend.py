"""The strip below a map: its colours and marks, its scale, and where north is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.patches import Polygon

from planner.outputs.exports.atlas import marks, words
from planner.outputs.exports.atlas.book import Book
from planner.outputs.exports.atlas.maps import Map
from planner.outputs.exports.atlas.sheet import BODY, FAINT, INK, SMALL, Box, Pane, Sheet
from planner.outputs.language import exact, say
from planner.outputs.palette import AREA, NO_WAY, RIVER, WATER, time_classes

KEY = 6.0  # mm of a colour or mark before its words
MOST_LETTERS = 36  # of the types of facilities with one mark


@dataclass(frozen=True)
class Item:
    """A colour or mark, and what it means."""

    kind: str
    text: str
    fill: str = ""


def draw(sheet: Sheet, box: Box, book: Book, drawn: Map) -> None:
    """Draw the legend of a map."""
    pane, aside = Pane(sheet, box), sheet.mm(48.0)
    title = words.legend_title(book)
    sheet.text(box.x, box.y, title, SMALL, bold=True, room=box.width - aside)
    y = _ramp(sheet, pane, book, drawn, box.height - sheet.mm(7.0), box.width - aside)
    _flow(sheet, pane, list(kinds(book, drawn)), y, box.width)
    _scale(sheet, pane, box, drawn, aside)


def _ramp(sheet: Sheet, pane: Pane, book: Book, drawn: Map, y: float, room: float) -> float:
    """Draw the colours side by side, their limits below; returns where the next line is (mm from below)."""
    size, high = sheet.paper.text, sheet.mm(2.8)
    classes = time_classes(book.scenario.reach.thresholds)
    no_way = say("no way")
    left_over = sheet.mm(10.0) + sheet.width(no_way, SMALL)
    step = min(sheet.mm(15.0), (room - left_over) / len(classes))
    for position, each in enumerate(classes):
        pane.rectangle(Box(position * step, y, step, high), each.colour, FAINT, 0.4)
        if not math.isinf(each.upto):
            x = (position + 1) * step
            pane.text(x, y - sheet.mm(3.0), exact(each.upto), SMALL * size, middle=False)
    if drawn.no_way:
        x = len(classes) * step + sheet.mm(4.0)
        pane.rectangle(Box(x, y, sheet.mm(4.8), high), NO_WAY, FAINT, 0.4)
        pane.text(x + sheet.mm(6.0), y + high / 2, no_way, SMALL * size, side="left")
    return y - sheet.mm(6.4)


def _flow(sheet: Sheet, pane: Pane, items: list[Item], y: float, room: float) -> float:
    """Set items one after the other, in as many lines as they take; returns where the next line is (mm from below)."""
    x, key, gap, step = 0.0, sheet.mm(KEY), sheet.mm(3.6), sheet.mm(4.4)
    for item in items:
        width = key + sheet.width(item.text, SMALL)
        if x and x + width > room:
            x, y = 0.0, y - step
        draw_key(sheet, pane, item, x, y, key - sheet.mm(1.2))
        pane.text(x + key, y, item.text, SMALL * sheet.paper.text, side="left")
        x += width + gap
    return y - step


def draw_key(sheet: Sheet, pane: Pane, item: Item, x: float, y: float, width: float) -> None:
    """Draw a colour or mark, its middle at `y`."""
    size, middle, high = sheet.paper.text, x + width / 2, sheet.mm(2.8)
    if item.kind in marks.LOOKS:
        marks.places(pane, item.kind, np.array([(middle, y)]), size)
        if item.kind == "new":
            pane.text(middle, y, "1", 7.4 * size, colour=marks.DARK, bold=True)
    elif item.kind in marks.WAYS:
        thick, style, colour = marks.WAYS[item.kind]
        marks.lines(pane, [[(x, y), (x + width, y)]], colour, thick * size, style=style)
    elif item.kind == "area":
        marks.lines(pane, [[(x, y), (x + width, y)]], AREA, 0.7 * size, style=marks.BORDER)
    else:
        edge = RIVER if item.kind == "water" else FAINT
        pane.rectangle(Box(x, y - high / 2, width, high), item.fill, edge, 0.4)


def kinds(book: Book, drawn: Map) -> Iterator[Item]:
    """The marks and lines that are on the map, by name."""
    facilities = book.layers["facilities"]
    kinds = np.array([marks.facility_kind(tier) for tier in facilities["tier"]], object)
    for kind in sorted(set(kinds) & drawn.kinds):
        yield Item(kind, _facilities(facilities[kinds == kind]))
    names = {
        "chw": say("CHW today"),
        "new": say("new CHW (number: rank by people reached)"),
        "hard": say("hard-to-reach village"),
        "village": say("other village"),
        "major": say("main road"),
        "road": say("road"),
        "path": say("path"),
        "ferry": say("ferry"),
    }
    for kind, name in names.items():
        if kind in drawn.kinds:
            yield Item(kind, name)
    if "water" in drawn.kinds:
        yield Item("water", say("water"), WATER)
    if len(book.layers["areas"]):
        yield Item("area", say("border of an area"))


def _facilities(alike: Any) -> str:
    """The types of facilities with one mark, as the ministry calls them; their tier where that would be long."""
    types = sorted(set(alike["type"]) - {""})
    named, tiers = ", ".join(types), sorted(set(alike["tier"].astype(int)))
    if types and len(named) <= MOST_LETTERS:
        return named
    if len(tiers) > 1:
        return say("facility of tier {tier} or above", tier=tiers[0])
    return say("facility of tier {tier}", tier=tiers[0])


def _scale(sheet: Sheet, pane: Pane, box: Box, drawn: Map, aside: float) -> None:
    """Draw the scale bar and the arrow to the north, at the right."""
    size, right, y = sheet.paper.text, box.width - sheet.mm(9.0), box.height - sheet.mm(5.2)
    metres, length = drawn.view.scale_bar(aside - sheet.mm(18.0))
    left, high = right - length - sheet.mm(6.0), sheet.mm(1.3)
    for part in range(4):
        at = Box(left + part * length / 4, y, length / 4, high)
        pane.rectangle(at, INK if part % 2 == 0 else "#ffffff", INK, 0.5)
    unit = "km" if metres >= 1000 else "m"
    far = metres / 1000 if metres >= 1000 else metres
    steps = [(0.0, "0"), (0.5, exact(far / 2)), (1.0, f"{exact(far)} {unit}")]
    for share, told in steps if length > sheet.mm(18.0) else steps[::2]:
        pane.text(left + share * length, y - sheet.mm(3.2), told, SMALL * size, middle=False)
    across, upwards = drawn.view.north()
    middle = np.array([box.width - sheet.mm(3.2), box.height - sheet.mm(6.4)])
    along, beside = np.array([across, upwards]) * sheet.mm(3.4), np.array([upwards, -across]) * sheet.mm(1.6)
    for side, fill in ((1, INK), (-1, "#ffffff")):
        corners = [middle + along, middle - along + side * beside, middle - along * 0.55]
        pane.add(Polygon(np.array(corners), facecolor=fill, edgecolor=INK, linewidth=0.5))
    x, y = (middle + along + np.array([across, upwards]) * sheet.mm(1.7)).tolist()
    pane.text(x, y, say("N"), BODY * size, bold=True)
