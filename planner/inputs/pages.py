"""Pages of workbooks as cells of text, with what people see of them: formats, merged cells, hidden rows."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.inputs.sheet import Merged, Sheet, sheet_of
from planner.inputs.text import as_text
from planner.types.inputs import Change


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
    """Pages of .xlsx or .xlsm, formulas as their last computed values."""
    from openpyxl import load_workbook

    with path.open("rb") as content, warnings.catch_warnings():
        # openpyxl warns of drop-down lists and print settings that it does not keep: they hold no values.
        warnings.filterwarnings("ignore", module="openpyxl")
        book = load_workbook(content, data_only=True)
        return [page_of(page) for page in book.worksheets]


def page_of(page: Any) -> Page:
    """A page as openpyxl has it."""
    padded: list[Change] = []
    rows = []
    for cells in page.iter_rows():
        values = []
        for cell in cells:
            values.append(shown(cell.value, cell.number_format))
            if values[-1] is not cell.value:
                padded.append(Change(f"cell {cell.coordinate}", as_text(cell.value), values[-1]))
        rows.append(values)
    merged = [
        Merged(area.min_row, area.max_row, area.min_col - 1, area.max_col - 1) for area in page.merged_cells.ranges
    ]
    columns = (range(each.min - 1, each.max) for each in page.column_dimensions.values() if each.hidden)
    return Page(
        page.title,
        page.sheet_state == "visible",
        sheet_of(rows, merged, grid=True),
        padded,
        frozenset(number for number, each in page.row_dimensions.items() if each.hidden),
        frozenset(column for several in columns for column in several),
    )


def shown(value: Any, number_format: str | None) -> Any:
    """A value; a whole number is text where its format shows leading zeros."""
    zeros = re.fullmatch("0+", number_format or "")
    text = as_text(value) if zeros else ""
    return text.zfill(len(zeros[0])) if zeros and text.isdigit() and len(text) < len(zeros[0]) else value


def pages_of_xls(path: Path) -> list[Page]:
    """Pages of .xls."""
    import xlrd

    with xlrd.open_workbook(path, formatting_info=True, logfile=io.StringIO()) as book:
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
                padded.append(Change(f"cell {cellname(number, column)}", as_text(value), values[-1]))
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
