"""Workbooks: which page holds the table, and what of it people do not see."""

from __future__ import annotations

import zipfile
from collections.abc import Collection

from planner.errors import InputFaults
from planner.inputs.findings import File
from planner.inputs.header import find_header
from planner.inputs.pages import Page, pages_of_ods, pages_of_xls, pages_of_xlsx
from planner.inputs.table import Table, from_sheet
from planner.inputs.text import did_you_mean, examples
from planner.types.text import Text

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
MOST_BYTES = 200_000_000  # unpacked; a small zip can hold a huge sheet
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and what Office locks with a password
LOCKED = "EncryptedPackage".encode("utf-16-le")
AGAIN = "Open it in a spreadsheet program and save it as .xlsx."


def read_workbook(file: File, name: str, wanted: Collection[str]) -> Table:
    """Table of the page `name` ("" = the one with most of the usual names of columns, and of those `wanted`)."""
    pages = open_pages(file)
    names = [page.name for page in pages]
    if name and name not in names:
        raise file.fault(f'has no sheet "{name}"; found {", ".join(names)}.', did_you_mean(name, names))
    page = next(page for page in pages if page.name == name) if name else chosen(pages, wanted, file)
    tell_unseen(page, file)
    return from_sheet(page.sheet, file, wanted)


def open_pages(file: File) -> list[Page]:
    """All pages. Raise InputFaults where the file is no workbook, or one that cannot be opened."""
    from python_calamine import PasswordError

    content = file.path.read_bytes()
    locked = file.fault("is locked by a password.", "Open it with the password and save it without one.")
    if content.startswith(COMPOUND) and LOCKED in content:
        raise locked
    if not content.startswith((COMPOUND, b"PK")):
        raise no_workbook(file, content)
    try:
        if content.startswith(COMPOUND):
            return pages_of_xls(file.path)
        if is_xlsx(file):
            return pages_of_xlsx(file.path)
        file.note(
            "info", Text("in this format, zeros that lead numbers and hidden rows are not known: .xlsx keeps them")
        )
        return pages_of_ods(file.path)
    except PasswordError:
        raise locked from None
    except (InputFaults, MemoryError):
        raise
    except Exception as error:  # a damaged file makes its readers stumble anywhere
        if "encrypted" in str(error):
            raise locked from None
        said = str(error).rstrip(".") or type(error).__name__
        raise file.fault(f"cannot be read as a workbook: {said}.", AGAIN) from error


def is_xlsx(file: File) -> bool:
    """Whether a zip archive is .xlsx or .xlsm. Raise InputFaults where it unpacks to more than a list can be."""
    with zipfile.ZipFile(file.path) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
            raise file.fault(
                f"unpacks to more than {MOST_BYTES // 1_000_000} MB.", "Save the sheet that is needed as CSV."
            )
        return "xl/workbook.xml" in archive.namelist()


def no_workbook(file: File, content: bytes) -> InputFaults:
    """The fault that a file is another thing under a workbook's name."""
    start = content[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        return file.fault("is a web page (HTML or XML) under the name of a workbook.", AGAIN)
    if not content.strip():
        return file.fault("is empty.", "Give a workbook with a header and rows.")
    if b"\0" not in content and (b"\n" in content or b"\r" in content):
        return file.fault("is text under the name of a workbook.", "Give it the ending .csv.")
    return file.fault("is no workbook by its content.", AGAIN)


def chosen(pages: list[Page], wanted: Collection[str], file: File) -> Page:
    """The page whose header has most of the known names: the first of those, and where none has any, the first."""
    filled = [page for page in pages if page.sheet.rows and page.visible] or [page for page in pages if page.sheet.rows]
    if not filled:
        raise file.fault("is empty.", "Give a workbook with a header and rows.")
    page = max(filled, key=lambda each: find_header(each.sheet, wanted).known)
    others = [other.name for other in pages if other is not page and other.sheet.rows]
    if others:
        file.note(
            "info",
            Text(
                'read its sheet "{name}", not {examples} (`sheet` chooses)', name=page.name, examples=examples(others)
            ),
            len(others),
        )
    return page


def tell_unseen(page: Page, file: File) -> None:
    """Note what counts, though people do not see it, or not as it is stored."""
    rows = [row.number for row in page.sheet.rows if row.number in page.hidden_rows]
    if rows:
        what = Text(
            "hidden rows count as well, first row {row}: delete them if they should not (a filter may hide them)",
            row=rows[0],
        )
        file.note("warning", what, len(rows))
    columns = {column for row in page.sheet.rows for column in row.filled} & page.hidden_columns
    if columns:
        file.note("info", Text("hidden columns are read as well"), len(columns))
    if page.padded:
        what = Text("numbers were read with the leading zeros that their format shows")
        file.note("repaired", what, len(page.padded), page.padded)
