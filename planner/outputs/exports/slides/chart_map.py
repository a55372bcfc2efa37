"""The map of a slide, as the atlas draws it, and the marks of its legend."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from planner.outputs.exports.atlas import legend
from planner.outputs.exports.atlas.book import Book
from planner.outputs.exports.atlas.figures import Place
from planner.outputs.exports.atlas.legend import Item
from planner.outputs.exports.atlas.maps import Map
from planner.outputs.exports.atlas.printing import settings
from planner.outputs.exports.atlas.sheet import INK, SMALL, Box, Pane, Paper, Sheet
from planner.outputs.language import exact, say
from planner.outputs.palette import NO_WAY, time_classes

TEXT, MARKS = 2.0, 1.35  # how much larger than on A4 texts are (7 points become 14), and marks
DPI = 150
COLOURS = 255
LONGEST = 45.0  # mm of the scale
KEY = 9.0  # mm of a mark


@dataclass(frozen=True)
class Drawn:
    """A map and its legend: pictures (PNG), and a line of text for each mark, the marks `step` mm below each other."""

    map: bytes
    keys: bytes
    texts: tuple[str, ...]
    step: float


def chart_map(book: Book, place: Place, width: float, height: float, legend_height: float) -> Drawn:
    """Travel time today and the places of the plan, on a map of so many millimetres."""
    with settings():
        sheet = Sheet(Paper("slide", width, height, TEXT), book.letters)
        drawn = Map(sheet, Box(0.3, 0.3, width - 0.6, height - 0.6), book, place, MARKS)
        _scale(drawn)
        items = [*_classes(book, drawn), *legend.kinds(book, drawn)]
        step = min(8.0, legend_height / len(items))
        beside = Sheet(Paper("legend", KEY, step * len(items), MARKS), book.letters)
        pane = Pane(beside, Box(0.0, 0.0, KEY, step * len(items)))
        for position, item in enumerate(items):
            legend.draw_key(beside, pane, item, 0.5, (len(items) - position - 0.5) * step, KEY - 1)
        texts = [say("new CHW: no. 1 reaches most") if item.kind == "new" else item.text for item in items]
        return Drawn(_png(sheet), _png(beside), tuple(texts), step)


def _scale(drawn: Map) -> None:
    """Draw how long some kilometres are into the lower left corner."""
    metres, length = drawn.view.scale_bar(LONGEST)
    far, unit = (metres / 1000, "km") if metres >= 1000 else (metres, "m")
    drawn.pane.rectangle(Box(1.0, 1.0, length + 8, 11.0), "#ffffff", alpha=0.85, zorder=6.8)
    for part in range(2):
        drawn.pane.rectangle(
            Box(4.0 + part * length / 2, 3.0, length / 2, 1.4), INK if part else "#ffffff", INK, 0.7, zorder=6.9
        )
    drawn.pane.text(4.0 + length / 2, 8.4, f"{exact(far)} {unit}", SMALL * TEXT)


def _classes(book: Book, drawn: Map) -> list[Item]:
    """The colours of travel time."""
    items = []
    for each in time_classes(book.scenario.reach.thresholds):
        if math.isinf(each.upto):
            text = say("over {minutes} min", minutes=exact(each.above))
        elif each.above:
            text = f"{exact(each.above)}–{exact(each.upto)} min"
        else:
            text = say("up to {minutes} min", minutes=exact(each.upto))
        items.append(Item("time", text, each.colour))
    return [*items, Item("time", say("no way"), NO_WAY)] if drawn.no_way else items


def _png(sheet: Sheet) -> bytes:
    sheet.figure.set_dpi(DPI)
    canvas = FigureCanvasAgg(sheet.figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    dots = np.asarray(canvas.buffer_rgba())[:, :, :3]  # type: ignore[no-untyped-call]
    few = Image.fromarray(np.ascontiguousarray(dots)).quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", dpi=(DPI, DPI))
    return out.getvalue()
