"""Words that people and programs write where nothing is known: "NA" is missing as a number, and a name in Namibia."""

from __future__ import annotations

import csv
from functools import cache

from planner.files import data_folder


@cache
def words() -> tuple[frozenset[str], frozenset[str]]:
    """Words that are no number, casefolded; and those of them that are no name either, as they are written."""
    with (data_folder() / "lists" / "missing.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return (
        frozenset(row["word"].casefold() for row in rows),
        frozenset(row["word"] for row in rows if row["in_names"] == "yes"),
    )


def is_blank(cell: str) -> bool:
    """Whether a cell of a column of numbers stands for nothing."""
    return not cell or cell.casefold() in words()[0]


def is_blank_name(cell: str) -> bool:
    """Whether a cell of a column of names, ids or types stands for nothing."""
    return not cell or cell in words()[1]
