"""CSV as people save it: any usual encoding; comma, semicolon, tab or bar between the cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass

from planner.inputs.encodings import decode
from planner.inputs.findings import File
from planner.inputs.header import find_header
from planner.inputs.sheet import sheet_of
from planner.inputs.table import Table, from_sheet
from planner.inputs.text import clean
from planner.types.text import Text

DELIMITERS = {",": Text("commas"), ";": Text("semicolons"), "\t": Text("tabs"), "|": Text("bars")}
SAID = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)  # Excel's first line, which no spreadsheet shows
SNIFFED_ROWS = 50


@dataclass(frozen=True)
class Split:
    """Rows of cells that a delimiter makes; `trouble` says which row is not well formed, and then there are no more."""

    delimiter: str
    rows: list[list[str]]
    trouble: str = ""

    def score(self, wanted: Collection[str] | None) -> tuple[int, float, int]:
        """How well it splits: names of columns that are known, share of rows of one width, the width."""
        rows = self.rows[:SNIFFED_ROWS]
        widths = [len(row) for row in rows if row]
        width = max(set(widths), key=widths.count) if widths else 0
        if width < 2:
            return 0, 0.0, width
        sheet = sheet_of(rows)
        known = find_header(sheet, wanted).known if sheet.rows and wanted is not None else 0
        return known if known > 1 else 0, widths.count(width) / len(widths), width


def read_csv(file: File, wanted: Collection[str] | None = None) -> Table:
    """Table of a CSV file, its header found as in `from_sheet`; how it was understood is noted."""
    text = decode(file.path.read_bytes(), file)
    said = SAID.match(text)
    if said:
        text, delimiters = text[said.end() :], [said[1]]
    else:
        delimiters = list(DELIMITERS)
    best = max((split(text, delimiter) for delimiter in delimiters), key=lambda each: each.score(wanted))
    if best.trouble:
        raise file.fault(
            f"is not well-formed CSV: {best.trouble}.", "Check the quotes in this row and the rows below it."
        )
    if best.delimiter != "," and best.score(wanted)[2] > 1:
        shown = DELIMITERS.get(best.delimiter, f'"{best.delimiter}"')
        file.note("info", Text("its cells are separated by {shown}", shown=shown))
    warn_of_swallowed(best, file)
    return from_sheet(sheet_of(best.rows), file, wanted)


def split(text: str, delimiter: str) -> Split:
    """The rows of a text."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)  # noqa: PERF402  those before an error are wanted too
    except csv.Error as error:
        if "unexpected end" in str(error):
            return Split(delimiter, rows, f"row {len(rows) + 1} opens a quote that nothing closes")
        return Split(delimiter, rows, f"row {len(rows) + 1}, line {reader.line_num}: {error}")
    return Split(delimiter, rows)


def warn_of_swallowed(found: Split, file: File) -> None:
    """Warn of cells over several lines that hold as many delimiters as a row: a quote may have swallowed rows."""
    width = found.score(None)[2]
    for number, row in enumerate(found.rows, start=1):
        for cell in row:
            if "\n" in cell and cell.count(found.delimiter) >= width - 1 > 1:
                what = Text(
                    'row {row} has a cell of several lines that look like rows: check its quotes ("{cell} ...")',
                    row=number,
                    cell=clean(cell)[:40],
                )
                file.note("warning", what, 1)
