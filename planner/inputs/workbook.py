"""XLSX workbooks: the values people see, as text."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Collection
from typing import Any

from planner.inputs.findings import File
from planner.inputs.sheet import sheet_of
from planner.inputs.table import Table, from_sheet
from planner.inputs.text import as_text, did_you_mean

MOST_BYTES = 2**30  # unpacked; a small zip can hold a huge sheet


def read_xlsx(file: File, sheet: str, wanted: Collection[str] | None = None) -> Table:
    """Table of one sheet ("" = the first), formulas as their last computed values."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(file.path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise file.fault("unpacks to more than 1 GB.", "Save the sheet that is needed as CSV.")
        with warnings.catch_warnings():
            # openpyxl warns of drop-down lists and print settings that it does not keep: they hold no values.
            warnings.filterwarnings("ignore", module="openpyxl")
            book = load_workbook(file.path, read_only=True, data_only=True)
            try:
                if sheet and sheet not in book.sheetnames:
                    raise file.fault(
                        f'has no sheet "{sheet}"; found {", ".join(book.sheetnames)}.',
                        did_you_mean(sheet, book.sheetnames),
                    )
                page = book[sheet] if sheet else book.worksheets[0]
                rows = enumerate(page.iter_rows(), start=1)
                records = [(number, [shown(cell) for cell in cells]) for number, cells in rows]
            finally:
                book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise file.fault(
            f"cannot be read as a workbook: {error}.", "Save it again as .xlsx, without a password."
        ) from error
    return from_sheet(sheet_of(records, grid=True), file, wanted)


def shown(cell: Any) -> str:
    """Text of a cell; a whole number keeps the leading zeros that its format shows."""
    text = as_text(cell.value)
    zeros = re.fullmatch("0+", cell.number_format or "") if text.isdigit() else None
    return text.zfill(len(zeros.group())) if zeros else text
