"""Pages of a workbook as cells of text: .xlsx with what people see (formats, hidden rows), others with their values."""

from __future__ import annotations

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

    with warnings.catch_warnings():
        # openpyxl warns of drop-down lists and print settings that it does not keep: they hold no values.
        warnings.filterwarnings("ignore", module="openpyxl")
        book = load_workbook(path, data_only=True)
    try:
        return [page_of(page) for page in book.worksheets]
    finally:
        book.close()


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


def pages_of_others(path: Path) -> list[Page]:
    """Pages of .xls, .xlsb or .ods."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    pages = []
    with CalamineWorkbook.from_path(path) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            page = book.get_sheet_by_name(about.name)
            areas = page.merged_cell_ranges or []
            merged = [Merged(top + 1, bottom + 1, left, right) for (top, left), (bottom, right) in areas]
            sheet = sheet_of(page.to_python(skip_empty_area=False), merged, grid=True)
            pages.append(Page(about.name, about.visible == SheetVisibleEnum.Visible, sheet))
    return pages
