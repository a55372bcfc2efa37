"""What cells of ids and names mean: words for nothing, numbers that were ids, dates that were names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from planner.inputs.blanks import is_blank_name
from planner.inputs.table import Table
from planner.inputs.text import Typed, examples
from planner.types.inputs import Change
from planner.types.text import Text

NAMES = ("id", "name", "village", "type", "area", "code")
MONTH = "jan|f[eé]v|feb|mar|apr|abr|avr|ma[iy]|jun|jui|jul|ago|ao[uû]|aug|sep|set|oct|out|nov|d[eé]c|dez|dic"
DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|\d{{1,2}}-({MONTH})\w*\.?|({MONTH})\w*\.?-\d{{2}}", re.IGNORECASE
)
WHOLE = re.compile(r"\d+\.0")
SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
MOST_DIGITS = 15  # that a spreadsheet keeps of a number


def meant(table: Table, columns: Mapping[str, str]) -> Table:
    """The table with the cells of names and ids as they are meant: what is changed is noted, what is doubtful too."""
    for key in NAMES:
        if key in columns:
            table = without_words_for_nothing(table, columns[key])
            warn_of_dates(table, columns[key])
    if "id" in columns:
        table = whole_ids(table, columns["id"])
        warn_of_lost_digits(table, columns["id"])
    return table


def without_words_for_nothing(table: Table, column: str) -> Table:
    """The table where "N/A", "-" and the like are blank in a column of names; "NA" is a name."""
    cells = table.cells(column)
    nothing = [at for at, cell in enumerate(cells) if cell and is_blank_name(cell)]
    if not nothing:
        return table
    return repaired(
        table, column, dict.fromkeys(nothing, ""), Text('"{column}": words that stand for nothing', column=column)
    )


def whole_ids(table: Table, column: str) -> Table:
    """The table with ids "101.0" as "101": a program that knows no missing whole numbers wrote them so."""
    cells = table.cells(column)
    filled = [at for at, cell in enumerate(cells) if cell]
    if not filled or not all(WHOLE.fullmatch(cells[at]) for at in filled):
        return table
    ids = {at: cells[at].removesuffix(".0") for at in filled}
    return repaired(table, column, ids, Text('"{column}": ids written as decimals', column=column))


def repaired(table: Table, column: str, new: Mapping[int, str], what: Text) -> Table:
    """The table with new cells in a column, by position, each of them noted."""
    cells = list(table.cells(column))
    rows = table.named(list(new), "" if column == table.label else None)
    changes = [
        Change(Text("{row}, {column}", row=row, column=column), cells[at], cell)
        for row, (at, cell) in zip(rows, new.items(), strict=True)
    ]
    table.file.note("repaired", what, len(changes), changes)
    for at, cell in new.items():
        cells[at] = cell
    return table.changed(column, cells)


def warn_of_dates(table: Table, column: str) -> None:
    """Warn of names and ids that look like dates: a spreadsheet makes "2-Mar" one."""
    cells = table.cells(column)
    dates = [at for at, cell in enumerate(cells) if DATE.fullmatch(cell)]
    warn(table, column, dates, Text("dates: a spreadsheet makes them of names such as 2-Mar; write them as text"))


def warn_of_lost_digits(table: Table, column: str) -> None:
    """Warn of ids that a spreadsheet held as numbers, and has not kept whole."""
    cells = table.cells(column)
    short = [at for at, cell in enumerate(cells) if SCIENTIFIC.fullmatch(cell)]
    warn(table, column, short, Text("ids in short form that have lost digits: export them again as text"))
    long = [at for at, cell in enumerate(cells) if isinstance(cell, Typed) and len(cell.strip("-")) > MOST_DIGITS]
    what = Text("ids held as numbers, of which a spreadsheet keeps {most} digits only", most=MOST_DIGITS)
    warn(table, column, long, what)
    padded = {len(cell) for cell in cells if cell.isdigit() and cell.startswith("0")}
    bare = [
        at for at, cell in enumerate(cells) if cell.isdigit() and len(cell) + 1 in padded and not cell.startswith("0")
    ]
    if len(padded) == 1:
        warn(table, column, bare, Text("ids one digit short beside others that begin with 0: theirs may be lost"))


def warn(table: Table, column: str, positions: Sequence[int], what: Text) -> None:
    """Warn of some cells of a column, if any."""
    if positions:
        cells = table.cells(column)
        rows = zip(table.named(positions, "" if column == table.label else None), positions, strict=True)
        shown = examples(Text('{row} = "{cell}"', row=row, cell=cells[at]) for row, at in rows)
        table.file.note(
            "warning", Text('"{column}" holds {what} ({shown})', column=column, what=what, shown=shown), len(positions)
        )
