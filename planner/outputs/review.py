"""The review: rows of lists in which something was found, as a workbook that the planner edits and gives back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from planner.errors import DECISIONS, Doubt, Fault, InputFaults
from planner.types.lists import REVIEW, REVIEWED

WIDTHS = {
    "file": 24, "row": 8, "id": 14, "name": 30, "coordinates": 26, "found": 52,
    "decision": 13, "lat": 12, "lon": 12, "tier": 7, "to_id": 14, "comment": 40,
}  # fmt: skip
EDITED = ("decision", "lat", "lon", "tier", "to_id", "comment")
ABOUT = (
    (
        "What this is",
        "Each row is a row of one of your lists in which something was found, with the decision that is proposed. "
        "Where the decision is blank, none is safe to propose.",
    ),
    (
        "What to do",
        "Go through the rows. Change what you would decide otherwise, in the yellow columns; the decision has a "
        "drop-down list. Leave the other columns as they are: they find the row in its list again.",
    ),
    (
        "Giving it back",
        'Save this file beside your scenario and name it there: review = "FILE.xlsx" under [facilities], and under '
        "[villages] and [chws] where there are sheets of these names. Then run planner check again.",
    ),
    (
        "Not decided",
        "A row whose decision is blank, or that you delete here, is told again as if there were no review.",
    ),
    (
        "Lists change",
        "A decision counts while the row has the same id, name and coordinates in its list. planner check says which "
        "decisions no longer fit.",
    ),
)
MEANS = {
    "keep": "the row is right as it is",
    "leave out": "the row takes no part in the plan",
    "swap": "latitude and longitude were exchanged: the place is at the latitude and longitude given here",
    "turn sign": "a minus sign was lost, or was one too many: the place is at the latitude and longitude given here",
    "move to": "the place is at the latitude and longitude given here, in degrees",
    "merge into": "the row is the same place as the row whose id stands in 'to id', which takes what it lacks",
    "set tier": "the facility is of the tier given here (1 = health post or centre, 2 = hospital, ...)",
    "set id": "the row gets the id that stands in 'to id'",
}


def check_review(path: Path) -> None:
    """Raise InputFaults where the review would replace a file, which may hold decisions, or is called otherwise."""
    if path.exists():
        fault = Fault(str(path), "it exists already and was left alone: it may hold decisions.", "Give another name.")
        raise InputFaults([fault])
    if path.suffix.lower() != ".xlsx":
        raise InputFaults([Fault(str(path), "is no name of a workbook.", "Let the name end in .xlsx.")])


def write_review(doubts: Sequence[Doubt], path: Path, *, title: str, date: str) -> None:
    """Write the rows to be decided: a sheet of explanations, then one a list. The same rows give the same bytes."""
    book = xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": f"Review: {title}", "created": datetime.fromisoformat(date), "author": "planner"})
    _write_readme(book, title)
    for role in REVIEWED:
        here = [doubt for doubt in doubts if doubt.role == role]
        if here:
            _write_sheet(book, role, here)
    book.close()


def _write_readme(book: xlsxwriter.Workbook, title: str) -> None:
    sheet = book.add_worksheet("README")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 16)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "valign": "top"})
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, f"Review of lists: {title}", book.add_format({"bold": True, "font_size": 16}))
    lines = (*ABOUT, ("", ""), ("Decisions", ""), *MEANS.items())
    for row, (head, text) in enumerate(lines, start=2):
        sheet.write_string(row, 0, head, bold)
        sheet.write_string(row, 1, text, wrapped)


def _write_sheet(book: xlsxwriter.Workbook, role: str, doubts: Sequence[Doubt]) -> None:
    sheet = book.add_worksheet(role)
    top: dict[str, Any] = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#d0d0d0"}
    header = book.add_format({**top, "bold": True, "bg_color": "#e8eef4"})
    fixed, edited = book.add_format(top), book.add_format({**top, "bg_color": "#fff8d6"})
    degrees = book.add_format({**top, "bg_color": "#fff8d6", "num_format": "0.00000"})
    for position, (key, name) in enumerate(REVIEW.items()):
        sheet.set_column(position, position, WIDTHS[key])
        sheet.write_string(0, position, name, header)
        shown = degrees if key in ("lat", "lon") else edited if key in EDITED else fixed
        for row, doubt in enumerate(doubts, start=1):
            _write_cell(sheet, row, position, getattr(doubt, key), shown)
    column = list(REVIEW).index
    last = len(doubts)
    decision = column("decision")
    sheet.data_validation(1, decision, last, decision, {
        "validate": "list", "source": list(DECISIONS), "error_title": "No such decision",
        "error_message": "Choose one of the list, or leave the cell empty to decide later.",
    })  # fmt: skip
    for key, kind, least, most in (
        ("lat", "decimal", -90, 90),
        ("lon", "decimal", -360, 360),
        ("tier", "integer", 1, 9),
    ):
        limits = {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}
        sheet.data_validation(1, column(key), last, column(key), limits)
    undecided = {"type": "blanks", "format": book.add_format({"bg_color": "#f8c9c0"})}
    sheet.conditional_format(1, decision, last, decision, undecided)
    sheet.autofilter(0, 0, last, len(REVIEW) - 1)
    sheet.freeze_panes(1, column("name") + 1)


def _write_cell(sheet: Any, row: int, position: int, value: str | float, shown: Any) -> None:
    """A cell; a number that is none (NaN, tier 0) is blank, and text is text, whatever it begins with."""
    if isinstance(value, str) and value:
        sheet.write_string(row, position, value, shown)
    elif isinstance(value, str) or math.isnan(value) or not value:
        sheet.write_blank(row, position, None, shown)
    else:
        sheet.write_number(row, position, value, shown)
