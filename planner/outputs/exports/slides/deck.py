"""A deck of slides, 16 : 9: one message a slide, with charts and tables that can be edited.

Lengths are millimetres. Texts are measured before they are set, so that no name runs out of its box: what does not fit
is cut with an ellipsis. Nothing but the line of sources at the foot is smaller than `BODY`.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Length, Mm, Pt

from planner.outputs.escape import fit_for_xml
from planner.outputs.exports.atlas.fonts import MM_PER_POINT, Lettering
from planner.outputs.exports.slides.package import Categories, Points, undated
from planner.outputs.language import number, say, spoken
from planner.outputs.palette import rgb

WIDE, HIGH = 338.667, 190.5
MARGIN, TOP, FOOT = 14.0, 38.0, 176.0  # left and right; where the body begins, and ends
OPENING, TITLE, BODY, SOURCE = 38, 26, 14, 10  # points
FONT = "Arial"
NARROWER = 0.92  # Arial is a sixth narrower than DejaVu Sans, with which texts are measured; half of that is spare
INK, NAVY, FAINT, HAIR, TINT = "#1c2733", "#0b2a5b", "#56616c", "#c5ccd3", "#f1f4f7"
ROW = 8.6  # mm of a table's row
PADDING = 1.6  # mm left and right in a cell
KEPT = "\u00a0\u202f"  # spaces that keep numbers whole
SPACES = re.compile(" +")
UNBROKEN = re.compile(r"(?<=\d) (?=%|min\b|km\b|h\b)")
UNSEEN = {"Cc", "Cf", "Cs"}  # controls, marks of direction, halves of signs
TITLE_ONLY = 5  # of python-pptx's layouts
LANGUAGES = {"en": MSO_LANGUAGE_ID.ENGLISH_UK, "fr": MSO_LANGUAGE_ID.FRENCH, "pt": MSO_LANGUAGE_ID.PORTUGUESE}


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    def emus(self) -> tuple[Length, Length, Length, Length]:
        """As PowerPoint counts."""
        return Mm(self.x), Mm(self.y), Mm(self.width), Mm(self.height)


BODY_BOX = Box(MARGIN, TOP, WIDE - 2 * MARGIN, FOOT - TOP - 2)


@dataclass(frozen=True)
class Column:
    """A column of a table: header, share of the width, and whether it holds numbers."""

    header: str
    width: float
    number: bool = False


@dataclass(frozen=True)
class Series:
    """A series of a chart: its name, values and colour."""

    name: str
    values: Sequence[Any]
    colour: str
    dashed: bool = False
    dots: bool = False


class Ruler(Lettering):
    """Measures texts of any letters: one that DejaVu Sans lacks is taken to be as wide as it is high."""

    def __init__(self) -> None:
        super().__init__(())
        self._known = set(self._fonts["normal"].get_charmap())

    def _advance(self, char: str, bold: bool) -> float:
        return super()._advance(char, bold) if ord(char) in self._known else MM_PER_POINT


class Deck:
    """A deck that is being made.

    Parameters
    ----------
    about
        Title, author and subject of the file.
    date
        Its date (ISO 8601).
    foot
        The line at the foot of each slide.
    """

    def __init__(self, about: Mapping[str, str], date: str, foot: str) -> None:
        self.letters, self.foot = Ruler(), clean(foot)
        self._file = Presentation()
        self._file.slide_width, self._file.slide_height = Mm(WIDE), Mm(HIGH)
        known = self._file.core_properties
        known.title, known.author, known.subject = (clean(about[key])[:255] for key in ("title", "author", "subject"))
        known.last_modified_by, known.revision, known.language = "planner", 1, spoken()
        known.created = known.modified = datetime.fromisoformat(date)

    def bytes(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self._file.save(out)
        return undated(out.getvalue())

    def slide(self, title: str, notes: Sequence[str], *, opening: bool = False) -> Slide:
        """Begin a slide: its message as a sentence, and for the speaker the numbers behind it."""
        made = Slide(self, self._file.slides.add_slide(self._file.slide_layouts[TITLE_ONLY]), len(self._file.slides))
        if opening:
            made.title(Box(MARGIN, 58, WIDE - 2 * MARGIN, 56), title, OPENING, 3)
        else:
            made.title(Box(MARGIN, 9, WIDE - 2 * MARGIN, 26), title, TITLE, 2)
        made.notes(notes)
        return made


class Slide:
    """One slide."""

    def __init__(self, deck: Deck, slide: Any, number: int) -> None:
        self._deck, self._slide, self._letters = deck, slide, deck.letters
        at = Box(MARGIN, FOOT + 3, WIDE - 2 * MARGIN, 6)
        self.text(at, f"{deck.foot} · {number}", points=SOURCE, colour=FAINT, lines=1)

    def title(self, box: Box, text: str, points: float, most: int) -> None:
        """Set the message in so many lines at most, smaller where it is long."""
        if len(self._lines(text, points, box.width, most + 1, bold=True)) > most:
            points -= 4
        told = " ".join(self._lines(text, points, box.width, most, bold=True))
        shape = self._slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = box.emus()
        self._fill(shape.text_frame, [told], points, NAVY, bold=True, anchor=MSO_ANCHOR.MIDDLE)

    def notes(self, lines: Sequence[str]) -> None:
        """Write what the speaker reads."""
        self._slide.notes_slide.notes_text_frame.text = "\n".join(clean(line) for line in lines)

    def text(
        self, box: Box, text: str, *, points: float = BODY, colour: str = INK, bold: bool = False, lines: int = 99,
        right: bool = False,
    ) -> float:  # fmt: skip
        """Write a paragraph in a box, cut where it has no more room; returns how high it is."""
        step = points * MM_PER_POINT * 1.2
        most = max(1, min(lines, int(box.height / step + 0.05)))
        told = self._lines(text, points, box.width, most, bold=bold)
        frame = self._slide.shapes.add_textbox(*box.emus()).text_frame
        self._fill(frame, [" ".join(told)], points, colour, bold=bold, right=right)
        return len(told) * step

    def bullets(self, box: Box, texts: Sequence[str], *, points: float = BODY) -> None:
        """Write paragraphs below each other, as many as there is room for."""
        step, room, shown = points * MM_PER_POINT * 1.2, box.height, list[str]()
        for text in texts:
            lines = self._lines(text, points, box.width, max(int(room / step), 1))
            room -= (len(lines) + 0.5) * step
            if room < 0:
                break
            shown.append(" ".join(lines))
        frame = self._slide.shapes.add_textbox(*box.emus()).text_frame
        self._fill(frame, shown, points, INK, after=0.5 * points)

    def cards(self, box: Box, told: Sequence[tuple[str, str]]) -> None:
        """Write key numbers side by side, each above its words."""
        width = box.width / len(told)
        fit = [points for points in (32, 28, 24, 20, 16)
               if all(self._cut(amount, points, width - 5, bold=True) == amount for amount, _ in told)]  # fmt: skip
        for position, (amount, words) in enumerate(told):
            left = box.x + position * width
            self.text(
                Box(left, box.y, width - 5, 14), amount, points=max(fit, default=16), colour=NAVY, bold=True, lines=1
            )
            self.text(Box(left, box.y + 14, width - 5, box.height - 14), words, points=16, colour=FAINT, lines=3)

    def picture(self, box: Box, png: bytes | Path, about: str) -> None:
        """Lay a picture into a box, as large as it can be; `about` is read to those who cannot see it."""
        source = io.BytesIO(png) if isinstance(png, bytes) else str(png)
        shape = self._slide.shapes.add_picture(source, Mm(box.x), Mm(box.y))
        scale = min(Mm(box.width) / shape.width, Mm(box.height) / shape.height)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        _describe(shape, about)

    def rows(self, box: Box, columns: Sequence[Column], rows: Sequence[Sequence[str]], about: str) -> None:
        """Write a table with as many rows as there is room for, and below it how many more there are."""
        fit = int((box.height - 2.4 * ROW) / ROW)
        shown = rows[:fit] if len(rows) <= fit else rows[: fit - 1]
        if len(shown) < len(rows):
            more = say("and {count} more: see tables.xlsx", count=number(len(rows) - len(shown)))
            self.text(Box(box.x, box.y + box.height - 7, box.width, 7), more, lines=1)
        self._table(box, columns, shown, about)

    def _table(self, box: Box, columns: Sequence[Column], shown: Sequence[Sequence[str]], about: str) -> None:
        total = sum(column.width for column in columns)
        widths = [box.width * column.width / total for column in columns]
        heads = [self._lines(column.header, BODY, width - 2 * PADDING, 3, bold=True)
                 for column, width in zip(columns, widths, strict=True)]  # fmt: skip
        head = ROW + (ROW - 2.6) * (max(map(len, heads)) - 1)
        size = Box(box.x, box.y, box.width, head + ROW * len(shown))
        shape = self._slide.shapes.add_table(len(shown) + 1, len(columns), *size.emus())
        _describe(shape, about)
        table = shape.table
        for k, width in enumerate(widths):
            table.columns[k].width = Mm(width)
        for k, height in enumerate([head, *[ROW] * len(shown)]):
            table.rows[k].height = Mm(height)
        for k, (column, width) in enumerate(zip(columns, widths, strict=True)):
            self._cell(table.cell(0, k), " ".join(heads[k]), column.number, "#ffffff", NAVY, bold=True)
            for position, row in enumerate(shown):
                told = self._cut(row[k], BODY, width - 2 * PADDING)
                self._cell(table.cell(position + 1, k), told, column.number, INK, TINT if position % 2 else "#ffffff")

    def bars(
        self, box: Box, categories: Sequence[str], series: Sequence[Series], about: str, *, form: str,
        across: bool = False, most: float | None = None,
    ) -> None:  # fmt: skip
        """Draw bars side by side, upright or `across`, with their numbers; `form` is how a number is written."""
        data: Any = Categories(number_format=form)  # type: ignore[no-untyped-call]
        data.categories = [self._cut(name, BODY, 60) for name in categories]
        for each in series:
            data.add_series(clean(each.name), each.values)
        kind = XL_CHART_TYPE.BAR_CLUSTERED if across else XL_CHART_TYPE.COLUMN_CLUSTERED
        chart = self._chart(kind, box, data, about, legend=len(series) > 1)
        for drawn, each in zip(chart.plots[0].series, series, strict=True):
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = _rgb(each.colour)
            drawn.invert_if_negative = False
        plot = chart.plots[0]
        plot.gap_width, plot.overlap, plot.has_data_labels = 60, -5, True
        labels = plot.data_labels
        labels.number_format, labels.number_format_is_linked = form, False
        labels.position, labels.show_value = XL_LABEL_POSITION.OUTSIDE_END, True
        _letter(labels.font, BODY, INK)
        chart.value_axis.maximum_scale, chart.value_axis.minimum_scale = most, 0
        chart.value_axis.has_major_gridlines = False
        chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        chart.value_axis.format.line.fill.background()
        if across:
            chart.category_axis.reverse_order = True

    def lines(
        self, box: Box, series: Sequence[Series], about: str, *, form: str, axis: str, upwards: str
    ) -> None:  # fmt: skip
        """Draw lines through points, both axes with their names; `form` is how a number is written upwards."""
        data: Any = Points(number_format=form)  # type: ignore[no-untyped-call]
        for each in series:
            own = data.add_series(clean(each.name))
            for x, y in each.values:
                own.add_data_point(x, y)
        chart = self._chart(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, box, data, about, legend=True)
        for drawn, each in zip(chart.plots[0].series, series, strict=True):
            drawn.smooth = False
            line = drawn.format.line
            line.color.rgb, line.width = _rgb(each.colour), Pt(1.5 if each.dashed else 3)
            if each.dashed:
                line.dash_style = MSO_LINE.DASH
            if each.dots:
                line.fill.background()
                drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, 14
                drawn.marker.format.fill.solid()
                drawn.marker.format.fill.fore_color.rgb = _rgb(each.colour)
        chart.value_axis.minimum_scale, chart.category_axis.minimum_scale = 0, 0
        chart.value_axis.tick_labels.number_format, chart.value_axis.tick_labels.number_format_is_linked = form, False
        chart.value_axis.major_gridlines.format.line.color.rgb = _rgb(HAIR)
        chart.category_axis.has_major_gridlines = False
        _name_axis(chart.category_axis, axis)
        _name_axis(chart.value_axis, upwards)

    def _chart(self, kind: Any, box: Box, data: Any, about: str, *, legend: bool) -> Any:
        shape = self._slide.shapes.add_chart(kind, *box.emus(), data)
        _describe(shape, about)
        chart = shape.chart
        chart.has_title, chart.has_legend = False, legend
        chart.font.name = FONT
        _letter(chart.font, BODY, INK)
        if legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
            _letter(chart.legend.font, BODY, INK)
        for each in (chart.category_axis, chart.value_axis):
            _letter(each.tick_labels.font, BODY, INK)
            each.format.line.color.rgb = _rgb(FAINT)
        return chart

    def _cell(self, cell: Any, text: str, number: bool, colour: str, ground: str, *, bold: bool = False) -> None:
        cell.margin_left = cell.margin_right = Mm(PADDING)
        cell.margin_top = cell.margin_bottom = Mm(0.6)
        cell.fill.solid()
        cell.fill.fore_color.rgb = _rgb(ground)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        self._fill(cell.text_frame, [text], BODY, colour, bold=bold, right=number, cell=True)

    def _fill(
        self, frame: Any, texts: Sequence[str], points: float, colour: str, *, bold: bool = False, right: bool = False,
        after: float = 0.0, anchor: Any = MSO_ANCHOR.TOP, cell: bool = False,
    ) -> None:  # fmt: skip
        """Write paragraphs into a frame, or a cell of a table, all in one form."""
        if not cell:
            frame.word_wrap = True
            frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
            frame.vertical_anchor = anchor
        for position, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if position == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            paragraph.space_after = Pt(after)
            run = paragraph.add_run()
            run.text = text
            run.font.name, run.font.bold, run.font.language_id = FONT, bold, LANGUAGES[spoken()]
            _letter(run.font, points, colour)

    def _lines(self, text: str, points: float, width: float, most: int, *, bold: bool = False) -> list[str]:
        return self._letters.lines(clean(text), NARROWER * points, width, most, bold=bold)

    def _cut(self, text: str, points: float, width: float, *, bold: bool = False) -> str:
        return self._letters.cut(clean(text), NARROWER * points, width, bold=bold)


def clean(text: str) -> str:
    """A text in one line, of signs that a file can hold; a number and its unit stay in one line."""
    told = "".join(" " if sign.isspace() and sign not in KEPT else sign for sign in unicodedata.normalize("NFC", text))
    shown = "".join(sign for sign in told if unicodedata.category(sign) not in UNSEEN)
    return UNBROKEN.sub("\N{NO-BREAK SPACE}", fit_for_xml(SPACES.sub(" ", shown)).strip())


def _letter(font: Any, points: float, colour: str) -> None:
    font.size = Pt(points)
    font.color.rgb = _rgb(colour)


def _rgb(colour: str) -> RGBColor:
    return RGBColor(*rgb(colour))  # type: ignore[no-untyped-call]


def _name_axis(axis: Any, name: str) -> None:
    axis.has_title = bool(name)
    if name:
        axis.axis_title.text_frame.text = clean(name)
        run = axis.axis_title.text_frame.paragraphs[0].runs[0]
        run.font.bold = False
        _letter(run.font, BODY, INK)


def _describe(shape: Any, about: str) -> None:
    """Say what a picture, chart or table shows to those who cannot see it."""
    shape._element.xpath("./*/p:cNvPr")[0].set("descr", clean(about))
