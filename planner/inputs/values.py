"""Tables of numbers with their units, ranges and sources, and where they are found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from planner.errors import Fault, InputFaults
from planner.files import data_folder, is_file
from planner.inputs.findings import File, Findings
from planner.inputs.table import Table
from planner.inputs.text import did_you_mean, examples, number
from planner.types.inputs import Assumption

STATUS = ("read", "recalled")

Values = dict[str, Assumption]


def locate(name: str, folder: str, prefix: str, findings: Findings) -> File:
    """A table of the planner by name, or a CSV of the user's relative to the scenario."""
    if name.lower().endswith(".csv"):
        file = File(findings.folder / name, name, findings)
        if not is_file(file.path):
            raise file.fault(
                f"there is no such file in {findings.folder.absolute()}.", "Correct the path in the scenario."
            )
        return file
    start = f"{prefix}_" if prefix else ""
    shipped = {each: data_folder() / folder / f"{start}{each}.csv" for each in shipped_tables(folder, prefix)}
    if name not in shipped:
        raise InputFaults(
            [
                Fault(
                    f"{prefix or 'legend'} ({name})",
                    f"the planner has no such table; it has {', '.join(shipped)}.",
                    did_you_mean(name, list(shipped)) or "Give one of these names, or a path that ends in .csv.",
                )
            ]
        )
    return File(shipped[name], f"{folder}/{shipped[name].name}", findings)


def shipped_tables(folder: str, prefix: str) -> list[str]:
    """Names of the planner's own tables of a kind."""
    start = f"{prefix}_" if prefix else ""
    names = {path.stem.removeprefix(start) for path in (data_folder() / folder).glob(f"{start}*.csv")}
    return sorted(names - {"factors"})  # not for choosing: always the planner's own are read


def prefixed(prefix: str, numbers: Iterable[Assumption]) -> list[Assumption]:
    """The same numbers under keys that say what they are."""
    return [replace(each, key=prefix + each.key) for each in numbers]


def needed(table: Table, columns: Sequence[str]) -> list[Sequence[str]]:
    """Cells of the columns that a table of numbers must have."""
    lacking = [name for name in columns if table.find(name) is None]
    if lacking:
        raise table.file.fault(
            f"has no column {' and '.join(lacking)}; found {table.shown_header}.",
            f"A CSV with the columns {', '.join(columns)} is needed.",
        )
    return [table.cells(name) for name in columns]


def read_values(table: Table) -> dict[str, Assumption]:
    """The numbers of a table by key. Only key and value must be there; a number without a source is not verified."""
    keys, values = needed(table, ("key", "value"))
    more = [table.optional(name) for name in ("unit", "low", "high", "source", "status")]
    numbers: dict[str, Assumption] = {}
    wrong: list[str] = []
    for row, key, text, unit, low, high, source, status in zip(table.row, keys, values, *more, strict=True):
        value, ends = number(text), (number(low), number(high))
        bad_end = any(math.isnan(end) and word for end, word in zip(ends, (low, high), strict=True))
        if not key or key in numbers or math.isnan(value) or bad_end or (status and status not in STATUS):
            wrong.append(f'row {row} "{key}"')
            continue
        cited = source or f"{table.file.path.name}, no source given"
        numbers[key] = Assumption(key, value, unit, *ends, cited, verified=bool(source) and status == "read")
    if wrong:
        raise table.file.fault(
            f"has {len(wrong)} rows without a key, with a repeated key, a value, low or high that is no number, or a "
            f"status that is not {' or '.join(STATUS)}: {examples(wrong)}.",
            "Correct them.",
        )
    return numbers
