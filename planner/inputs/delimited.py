"""CSV as people save it: UTF-8, UTF-16 or Windows text; comma, semicolon, tab or bar between the cells."""

from __future__ import annotations

import codecs
import csv
import io

from planner.inputs.findings import File
from planner.inputs.table import Table, from_records

DELIMITERS = ",;\t|"
SNIFFED_ROWS = 50

Records = list[tuple[int, list[str]]]


def read_csv(file: File) -> Table:
    """Table of a CSV file; a guess at its encoding becomes a note."""
    text = decode(file.path.read_bytes(), file)
    if "\0" in text:
        raise file.fault("contains NUL bytes: it is no text.", "Export it again as CSV in UTF-8.")
    return from_records(best_split(text, file), file)


def decode(content: bytes, file: File) -> str:
    """Text of the bytes: by its byte order mark, else UTF-8, else Windows-1252."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252":
            file.note("repaired", "is not UTF-8: read as Windows-1252; check the accents in names", 1)
        return text
    raise file.fault("is in an unknown encoding.", "Save it as CSV in UTF-8.")


def best_split(text: str, file: File) -> Records:
    """Rows split at the delimiter that gives most rows one width, then the greatest width."""
    best, score, trouble = None, (-1.0, 0), ""
    for delimiter in DELIMITERS:
        try:
            records = split(text, delimiter)
        except csv.Error as error:
            trouble = str(error)
            continue
        widths = [len(cells) for _, cells in records[:SNIFFED_ROWS] if cells]
        width = max(set(widths), key=widths.count) if widths else 0
        alike = widths.count(width) / len(widths) if width > 1 else 0.0
        if (alike, width) > score:
            best, score = records, (alike, width)
    # Split at a delimiter that it does not use, a file with an open quote may look like a list of one column.
    if best is None or (trouble and score[1] < 2):
        raise file.fault(f"is not well-formed CSV: {trouble}.", "Check that every opening quote is closed.")
    return best


def split(text: str, delimiter: str) -> Records:
    """Numbered rows of cells; raises csv.Error for quotes that are not closed."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        return list(enumerate(reader, start=1))
    except csv.Error as error:
        raise csv.Error(f"line {reader.line_num}: {error}") from error
