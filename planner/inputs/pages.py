"""Pages of workbooks as cells of text, with what people see of them: formats, merged cells, hidden rows."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from planner.inputs.sheet import Merged, Sheet, sheet_of
from planner.inputs.text import as_text
from planner.types.inputs import Change
from planner.types.text import Text

MOST_ROWS = 1_048_576  # of a page
SAID = re.compile(rb"<(?:\w+:)?(row|col|mergeCell)\b([^<>]*\b(?:hidden|ref)\s*=[^<>]*)")
ATTRIBUTE = re.compile(rb"""(\w+)\s*=\s*["']([^"']*)["']""")


@dataclass(frozen=True)
class Page:
    """A page (sheet) of a workbook; `padded` are its numbers that a format shows with leading zeros."""

    name: str
    visible: bool
    sheet: Sheet
    padded: list[Change] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def pages_of_xlsx(path: Path) -> list[Page]:
    """Pages of .xlsx or .xlsm, formulas as their last computed values.

    Cells are streamed: a page that is formatted down to its last row, or holds a stray cell there, has millions.
    """
    from openpyxl import load_workbook

    with path.open("rb") as file, zipfile.ZipFile(file) as archive, warnings.catch_warnings():
        # openpyxl warns of drop-down lists and print settings that it does not keep: they hold no values.
        warnings.filterwarnings("ignore", module="openpyxl")
        book = load_workbook(file, read_only=True, data_only=True)
        return [page_of(page, archive.read(page._worksheet_path)) for page in book.worksheets]


def page_of(page: Any, xml: bytes) -> Page:
    """A page as openpyxl streams it, and what its XML says beside: cells merged, rows and columns hidden."""
    padded: list[Change] = []

    def values(cells: Sequence[Any]) -> list[Any]:
        if all(cell.value is None for cell in cells):
            return []
        row = [shown(cell.value, cell.number_format) for cell in cells]
        padded.extend(
            Change(Text("cell {cell}", cell=cell.coordinate), as_text(cell.value), text)
            for cell, text in zip(cells, row, strict=True)
            if text is not cell.value
        )
        return row

    page.reset_dimensions()  # as they are said, they may be wrong, and every row would be as wide
    rows = map(values, islice(page.iter_rows(), MOST_ROWS))
    attributes = [(found[1], dict(ATTRIBUTE.findall(found[2]))) for found in SAID.finditer(xml)]
    hidden = [(kind, said) for kind, said in attributes if said.get(b"hidden") in (b"1", b"true")]
    columns = (range(int(said[b"min"]) - 1, int(said[b"max"])) for kind, said in hidden if kind == b"col")
    return Page(
        page.title,
        page.sheet_state == "visible",
        sheet_of(rows, [merged(said[b"ref"]) for kind, said in attributes if kind == b"mergeCell"], grid=True),
        padded,
        frozenset(int(said[b"r"]) for kind, said in hidden if kind == b"row" and b"r" in said),
        frozenset(column for several in columns for column in several),
    )


def merged(ref: bytes) -> Merged:
    """Merged cells, as XML writes them: A1:C2."""
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(ref.decode("ascii"))
    return Merged(top, bottom, left - 1, right - 1)


def shown(value: Any, number_format: str | None) -> Any:
    """A value; a whole number is text where its format shows leading zeros."""
    zeros = re.fullmatch("0+", number_format or "")
    text = as_text(value) if zeros else ""
    return text.zfill(len(zeros[0])) if zeros and text.isdigit() and len(text) < len(zeros[0]) else value


def pages_of_xls(path: Path) -> list[Page]:
    """Pages of .xls."""
    import xlrd

    with xlrd.open_workbook(path, formatting_info=True, ragged_rows=True, logfile=io.StringIO()) as book:
        return [old_page_of(page, book) for page in book.sheets()]


def old_page_of(page: Any, book: Any) -> Page:
    """A page as xlrd has it."""
    from xlrd import cellname

    padded: list[Change] = []
    rows = []
    for number in range(page.nrows):
        values = []
        for column, cell in enumerate(page.row(number)):
            value = old_value(cell, book)
            number_format = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
            values.append(shown(value, number_format))
            if values[-1] is not value:
                padded.append(Change(Text("cell {cell}", cell=cellname(number, column)), as_text(value), values[-1]))
        rows.append(values)
    merged = [Merged(top + 1, bottom, left, right - 1) for top, bottom, left, right in page.merged_cells]
    return Page(
        page.name,
        page.visibility == 0,
        sheet_of(rows, merged, grid=True),
        padded,
        frozenset(number + 1 for number, each in page.rowinfo_map.items() if each.hidden),
        frozenset(column for column, each in page.colinfo_map.items() if each.hidden),
    )


def old_value(cell: Any, book: Any) -> Any:
    """The value of a cell as xlrd has it."""
    from xlrd import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, error_text_from_code, xldate_as_datetime

    if cell.ctype == XL_CELL_DATE:
        return xldate_as_datetime(cell.value, book.datemode)
    if cell.ctype == XL_CELL_ERROR:
        return error_text_from_code.get(cell.value, "#N/A")
    return bool(cell.value) if cell.ctype == XL_CELL_BOOLEAN else cell.value


def pages_of_ods(path: Path) -> list[Page]:
    """Pages of .ods: of these, values alone are known."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(path) as book:
        values = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    return [Page(name, visible=True, sheet=sheet_of(rows, grid=True)) for name, rows in values.items()]
