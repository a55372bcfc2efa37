"""Numbers as people write them: which marks part thousands, and which the decimals, is decided for a whole column."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.inputs.blanks import is_blank
from planner.inputs.table import Table
from planner.inputs.text import Typed, examples, is_plain, plain
from planner.types.arrays import Doubles
from planner.types.inputs import Change
from planner.types.text import Text

MINUS = str.maketrans(dict.fromkeys("−–‐‑", "-"))
APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`´", "'"))
# Spaces of all kinds are plain ones in a clean cell. Three digits follow each mark of thousands, always the same mark.
WRITTEN = {
    ".": re.compile(r"[+-]?(?:\d+|\d{1,3}(?P<mark>[ ',])\d{3}(?:(?P=mark)\d{3})*|(?=\.\d))(?:\.\d*)?(?:[eE][+-]?\d+)?"),
    ",": re.compile(r"[+-]?(?:\d+|\d{1,3}(?P<mark>[ '.])\d{3}(?:(?P=mark)\d{3})*|(?=,\d))(?:,\d*)?(?:[eE][+-]?\d+)?"),
}


@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers of a column, NaN where a cell is blank or wrong.

    Attributes
    ----------
    values
        Float64, finite or NaN.
    wrong
        Positions of cells that are no number, or none that is finite.
    doubtful
        Positions of cells such as ``1.234`` in a column where nothing says whether a point parts decimals or thousands:
        then no cell of the column has a value.
    """

    values: Doubles
    wrong: list[int]
    doubtful: list[int]


def value(text: str, decimal: str) -> float:
    """The number that a text says, with this sign before its decimals; NaN where it says none that is finite."""
    if isinstance(text, Typed):
        return float(text) if math.isfinite(float(text)) else math.nan
    text = text.translate(MINUS).translate(APOSTROPHES)
    match = WRITTEN[decimal].fullmatch(text)
    if not match:
        return math.nan
    plain = text.replace(match["mark"], "") if match["mark"] else text
    found = float(plain.replace(",", "."))
    return found if math.isfinite(found) else math.nan


def read_numbers(cells: Sequence[str], decimal: str = "") -> Numbers:
    """Numbers of cells, blank ones apart; `decimal` is the sign before decimals, "" = the one that reads all of them.

    Where people who write points and people who write commas filled one column, each cell is read as it alone can be
    meant. Cells that can mean two numbers are doubtful then, and where both signs read the whole column.
    """
    values = np.full(len(cells), np.nan)
    ways = np.array([[value(cell, sign) for cell in cells] for sign in ([decimal] if decimal else WRITTEN)], float)
    none = np.isnan(ways).all(axis=0)
    wrong = [at for at, cell in enumerate(cells) if cell and none[at]]
    reads_all = [way for way in ways if not np.isnan(way[~none]).any()]
    if len(reads_all) == 1:
        return Numbers(reads_all[0].copy(), wrong, [])
    doubtful = np.flatnonzero(~none & (ways[0] != ways[-1]) & ~np.isnan(ways).any(axis=0)).tolist()
    if not doubtful:
        values[~none] = np.nanmin(ways[:, ~none], axis=0)
    return Numbers(values, wrong, doubtful)


def read_column(table: Table, column: str) -> Doubles:
    """Numbers of a column, NaN where a cell is blank; what was read from another writing than a plain one is told.

    Raise InputFaults where cells are no numbers, or could mean two.
    """
    cells = ["" if is_blank(cell) else cell for cell in table.cells(column)]
    read = read_numbers(cells, table.decimal)
    rows = table.named(range(len(table)))
    if read.wrong:
        shown = examples(f'{rows[at]}: "{cells[at]}"' for at in read.wrong)
        raise table.file.fault(
            f'"{column}" holds no number in {len(read.wrong)} of {len(table)} rows: {shown}.',
            "Write numbers, or leave the cells empty where there is none.",
        )
    if read.doubtful:
        shown = examples(f'{rows[at]}: "{cells[at]}"' for at in read.doubtful)
        cell = cells[read.doubtful[0]]
        meant = " or ".join(plain(value(cell, sign)) for sign in WRITTEN)
        raise table.file.fault(
            f'"{column}" has {len(read.doubtful)} numbers that can mean two things ({cell} = {meant}): {shown}.',
            'Say in the scenario which sign stands before decimals, decimal = "." or decimal = ",", or write these '
            "numbers without marks of thousands.",
        )
    changed = [at for at, cell in enumerate(cells) if cell and not (is_plain(cell) and float(cell) == read.values[at])]
    if changed:
        changes = [
            Change(Text("{row}, {column}", row=rows[at], column=column), cells[at], plain(read.values[at]))
            for at in changed
        ]
        table.file.note(
            "repaired", Text('"{column}": numbers as their marks are read', column=column), len(changes), changes
        )
    return read.values
