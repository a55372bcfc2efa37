"""A sheet of paper, drawn on in millimetres, and the panes for maps on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox

from planner.outputs.exports.atlas.fonts import APART, MM_PER_POINT, Lettering

INK, NAVY, FAINT, HAIR, TINT = "#1c2733", "#0b2a5b", "#56616c", "#c5ccd3", "#f1f4f7"
BODY, SMALL = 8.0, 7.0  # points on A4: nothing is smaller than SMALL
ASCENT = 0.76  # of a size: from the top of capitals to the line that letters stand on, in DejaVu Sans
LINE = 1.32  # from one line of text to the next, in sizes
MM = 1 / 25.4  # inches

Side = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Paper:
    """A size of paper: its name, width and height (mm, lying), and how much larger than on A4 texts are."""

    name: str
    width: float
    height: float
    text: float

    @property
    def size(self) -> float:
        """How much larger than A4 it is."""
        return self.width / A4.width


A4 = Paper("a4", 297.0, 210.0, 1.0)
A3 = Paper("a3", 420.0, 297.0, 1.25)


@dataclass(frozen=True)
class Box:
    """A rectangle (mm): its left edge, the edge where it begins, its width and height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its other edge."""
        return self.y + self.height


class Pane:
    """A part of a sheet, in millimetres from its lower left corner, beyond which nothing is drawn."""

    def __init__(self, sheet: Sheet, box: Box) -> None:
        self.sheet = sheet
        self.width, self.height = box.width, box.height
        lift = sheet.paper.height - box.bottom
        self.transform = Affine2D().translate(box.x, lift).scale(MM) + sheet.figure.dpi_scale_trans
        self.clip = TransformedBbox(Bbox.from_extents(0.0, 0.0, box.width, box.height), self.transform)

    def add(self, artist: Artist) -> None:
        """Draw what is given in millimetres."""
        artist.set_transform(self.transform)
        self.sheet.figure.add_artist(artist)
        artist.set_clip_box(self.clip)

    def text(
        self, x: float, y: float, text: str, points: float, *, colour: str = INK, bold: bool = False,
        side: Side = "center", middle: bool = True,
    ) -> None:  # fmt: skip
        """Write a text whose middle, or the line that it stands on, is at `y`."""
        for part in _texts(self.sheet, x, y, text, points, colour=colour, bold=bold, side=side, middle=middle):
            self.add(part)

    def rectangle(
        self, box: Box, fill: str, edge: str = "none", points: float = 0.5, *, alpha: float | None = None,
        zorder: float = 1.0,
    ) -> None:  # fmt: skip
        """Draw a rectangle, given from its lower left corner."""
        self.add(_rectangle(box, fill, edge, points, alpha, zorder))

    def frame(self, colour: str, points: float) -> None:
        """Draw a line around the pane, above all that is on it; half of the line is beyond its edge."""
        self.rectangle(Box(0.0, 0.0, self.width, self.height), "none", colour, 2 * points, zorder=9.0)


class Sheet:
    """One page, drawn on in millimetres from its upper left corner. Sizes of texts are those on A4; they grow."""

    def __init__(self, paper: Paper, letters: Lettering) -> None:
        self.paper = paper
        self.letters = letters
        self.figure = Figure(figsize=(paper.width * MM, paper.height * MM))
        self._transform = Affine2D().scale(MM, -MM).translate(0.0, paper.height * MM) + self.figure.dpi_scale_trans

    def add(self, artist: Artist) -> None:
        """Draw what is given in millimetres."""
        artist.set_transform(self._transform)
        self.figure.add_artist(artist)

    def mm(self, on_a4: float) -> float:
        """A length beside texts (mm on A4), which grows with them."""
        return on_a4 * self.paper.text

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Millimetres that a text takes."""
        return self.letters.width(text, size * self.paper.text, bold)

    def line(self, size: float) -> float:
        """Millimetres from one line of a text to the next."""
        return size * self.paper.text * MM_PER_POINT * LINE

    def text(
        self, x: float, y: float, text: str, size: float = BODY, *, colour: str = INK, bold: bool = False,
        side: Side = "left", room: float = 0.0,
    ) -> None:  # fmt: skip
        """Write a line of text whose capitals begin at `y`; what is longer than `room` (mm) is cut."""
        points = size * self.paper.text
        shown = self.letters.cut(text, points, room, bold=bold) if room else text
        base = y + points * MM_PER_POINT * ASCENT
        for part in _texts(self, x, base, shown, points, colour=colour, bold=bold, side=side, middle=False):
            self.add(part)

    def paragraph(
        self, x: float, y: float, text: str, size: float, room: float, most: int, *, colour: str = INK,
        bold: bool = False,
    ) -> float:  # fmt: skip
        """Write a text in at most so many lines; returns where it ends."""
        for told in self.letters.lines(text, size * self.paper.text, room, most, bold=bold):
            self.text(x, y, told, size, colour=colour, bold=bold)
            y += self.line(size)
        return y

    def rectangle(self, box: Box, fill: str, *, zorder: float = 1.0) -> None:
        """Fill a rectangle."""
        self.add(_rectangle(box, fill, "none", 0.0, None, zorder))

    def rule(self, x: float, y: float, width: float, colour: str = HAIR, points: float = 0.5) -> None:
        """Draw a line across."""
        self.add(LineCollection([[(x, y), (x + width, y)]], colors=[colour], linewidths=[points]))


def _texts(
    sheet: Sheet, x: float, y: float, text: str, points: float, *, colour: str, bold: bool, side: Side, middle: bool
) -> Iterator[Text]:
    """A text; names may hold signs that are no formulas, and what is written from right to left is drawn on its own.

    matplotlib (3.11) loses the space after a mark of direction in a PDF, so no such mark is ever drawn.
    """
    parts, widths = [part for part in text.split(APART) if part], [0.0]
    if len(parts) > 1:
        widths = [sheet.letters.drawn_width(part, points, bold) for part in parts]
        x -= {"left": 0.0, "center": 0.5, "right": 1.0}[side] * sum(widths)
        side = "left"
    aligned: Any = "center_baseline" if middle else "baseline"
    for part, width in zip(parts, widths, strict=False):
        yield Text(
            x, y, part, fontsize=points, color=colour, fontweight="bold" if bold else "normal",
            horizontalalignment=side, verticalalignment=aligned, parse_math=False, zorder=7.0,
            fontfamily=sheet.letters.families,
        )  # fmt: skip
        x += width


def _rectangle(box: Box, fill: str, edge: str, points: float, alpha: float | None, zorder: float) -> Rectangle:
    return Rectangle(
        (box.x, box.y), box.width, box.height, facecolor=fill, edgecolor=edge, linewidth=points, alpha=alpha,
        zorder=zorder,
    )  # fmt: skip
