"""The rows below a header: what is no entry of the list is left out and told, what is ragged is mended or refused."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from planner.files import data_folder
from planner.inputs.findings import File
from planner.inputs.sheet import Row, Sheet
from planner.inputs.text import examples, fold, without_phones
from planner.types.inputs import Change
from planner.types.lists import row_in_words
from planner.types.text import Text

HXL = re.compile(r"#[\w+ ]+")  # tags of the Humanitarian Exchange Language stand below a header


@cache
def words(kind: str) -> tuple[str, ...]:
    """Words that begin a row of this kind, "total" or "note"."""
    with (data_folder() / "lists" / "rows.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["word"] for row in csv.DictReader(file) if row["kind"] == kind)


@cache
def pattern(kind: str, within: str = "") -> re.Pattern[str]:
    """What begins with a word of this kind that contains `within`; "sous total" is "Sous-total" as well."""
    spaced = (re.escape(word).replace(r"\ ", r"[\s-]*") for word in words(kind) if within in word)
    return re.compile(rf"({'|'.join(spaced)})(?!\w)", re.IGNORECASE)


@cache
def totals() -> frozenset[str]:
    """The words of totals, folded."""
    return frozenset(map(fold, words("total")))


def entries(sheet: Sheet, body: Sequence[Row], names: Sequence[str], file: File) -> list[Row]:
    """Rows of a list, `body` those below its header of these names."""
    body = without_notes(without_tags(body, file), len(names), file)
    tell_merged(sheet, names, body, file)
    gone = {
        Text("headings between the rows, merged over the table"): [
            row for row in body if spans_all(row, sheet, len(names))
        ],
        Text("rows that repeat the header"): [row for row in body if row.cells[: len(names)] == list(names)],
        Text("rows of totals"): [row for row in body if is_total(row, body, len(names))],
    }
    for what, rows in gone.items():
        leave_out(rows, what, file)
    numbers = {row.number for rows in gone.values() for row in rows}
    return [row for row in body if row.number not in numbers]


def leave_out(rows: Sequence[Row], what: Text, file: File) -> None:
    """Note rows that are left out, each with its cells, but for telephone numbers."""
    if rows:
        said = [without_phones(" | ".join(filter(None, row.cells))) for row in rows]
        changes = [Change(row_in_words(row.number), cells, "") for row, cells in zip(rows, said, strict=True)]
        file.note("left out", what, len(rows), changes)


def without_tags(body: Sequence[Row], file: File) -> Sequence[Row]:
    """The rows, without one of HXL tags."""
    if body and all(HXL.fullmatch(body[0].cells[column]) for column in body[0].filled):
        file.note("info", Text("row {number} holds tags, no entry", number=body[0].number))
        return body[1:]
    return body


def without_notes(body: Sequence[Row], width: int, file: File) -> Sequence[Row]:
    """The rows, without notes at the end: of one cell, behind a blank row or with the first word of a note."""
    last = max((at for at, row in enumerate(body) if len(row.filled) > 1), default=-1)
    if last < 0 or width < 3:
        return body
    notes: list[Row] = []
    for before, row in pairwise(body[last:]):
        begins = pattern("note").match(row.cells[row.filled[0]])
        if notes or begins or row.number > before.number + 1:
            notes.append(row)
    leave_out(notes, Text("notes below the table"), file)
    return body[: len(body) - len(notes)]


def tell_merged(sheet: Sheet, names: Sequence[str], body: Sequence[Row], file: File) -> None:
    """Note the cells that were merged over several rows, and stand in each of them now."""
    rows = {row.number: row for row in body}
    changes = []
    for area in sheet.merged:
        below = [number for number in range(area.top + 1, area.bottom + 1) if number in rows]
        if below and area.top in rows and area.left < len(names):
            name = names[area.left] or Text("column {number}", number=area.left + 1)
            value = rows[area.top].cell(area.left)
            said = row_in_words(below[0])
            if len(below) > 1:
                said = Text("rows {first} to {last}", first=below[0], last=below[-1])
            if value:
                place = Text("{row}, {column}", row=said, column=name)
                changes.append(Change(place, Text("merged with row {row}", row=area.top), value))
    if changes:
        file.note("repaired", Text("cells merged over several rows count in each of them"), len(changes), changes)


def spans_all(row: Row, sheet: Sheet, width: int) -> bool:
    """Whether a row is one cell, merged over the table's width."""
    wide = max(width - 1, 2)
    return len(row.filled) == 1 and any(
        area.top == area.bottom == row.number and area.right - area.left + 1 >= wide for area in sheet.merged
    )


def is_total(row: Row, body: Sequence[Row], width: int) -> bool:
    """Whether a row holds totals: its first cell says so, and it lacks what most rows have, or ends the list."""
    first = row.cells[row.filled[0]]
    exact = fold(first) in totals()
    if not exact and not pattern("total", within="total").match(first):
        return False
    usual = [column for column in range(width) if 2 * sum(bool(each.cell(column)) for each in body) > len(body)]
    return any(not row.cell(column) for column in usual) or (exact and row is body[-1])


def evened(body: Sequence[Row], names: Sequence[str], grid: bool, file: File) -> list[Row]:
    """Rows as wide as the header of these names; in a `grid`, cells may stand beside the table.

    Raise InputFaults where others have more cells than the header.
    """
    width = len(names)
    long = [row for row in body if any(row.cells[width:])]
    if long and grid:
        cells = examples(row_in_words(row.number, next(filter(None, row.cells[width:]))) for row in long)
        file.note(
            "info",
            Text("cells beside the table, below no name of a column, are not read: {cells}", cells=cells),
            len(long),
        )
    elif long:
        raise file.fault(
            f"has more cells than the header in {len(long)} of {len(body)} rows, first in row {long[0].number}: "
            f'"{" | ".join(long[0].cells)}".',
            "Put cells that contain the separator, such as decimal commas, in quotes; or export the list with another "
            "separator; or name every column.",
        )
    short = [row for row in body if len(row.cells) < width]
    if short and not grid:
        after = Text("{width}, the last blank", width=width)
        changes = [
            Change(row_in_words(row.number), Text("{count} cells", count=len(row.cells)), after) for row in short
        ]
        file.note("repaired", Text("rows with fewer cells than the header"), len(short), changes)
    return [Row(row.number, [row.cell(column) for column in range(width)]) for row in body]
