"""Lists in whatever format they come: CSV, workbooks, or a format of features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.inputs.columns import find_columns
from planner.inputs.delimited import read_csv
from planner.inputs.dhis2 import as_places, is_of_dhis2
from planner.inputs.features import NAMES, is_features, read_features
from planner.inputs.findings import File
from planner.inputs.meant import meant
from planner.inputs.survey import answers
from planner.inputs.table import Table
from planner.inputs.workbook import SUFFIXES, read_workbook
from planner.scenario import Table as TableFile


def read_rows(layer: TableFile, file: File, keys: Sequence[str]) -> tuple[Table, dict[str, str]]:
    """All wanted rows of a list, as text, and the column of each of the `keys` that it has.

    Messages call the rows by the first of the keys "village" and "name".
    """
    table = read_table(layer, file)
    columns = find_columns(table, layer, keys)
    label = next((columns.get(key, "") for key in keys if key in ("village", "name")), "")
    return meant(replace(table, decimal=layer.decimal, label=label), columns), columns


def read_table(layer: TableFile, file: File) -> Table:
    """All wanted rows of a list, as text."""
    suffix = file.path.suffix.lower()
    if suffix in {".csv", ".txt", ".tsv"}:
        table = read_csv(file, layer.columns.values())
    elif suffix in SUFFIXES:
        table = read_workbook(file, layer.sheet, layer.columns.values())
    elif is_features(file.path):
        table = read_features(file, layer.sheet, first=True)
    else:
        kinds = f"CSV, a workbook ({', '.join(SUFFIXES)}), {NAMES}"
        raise file.fault(f'is of a kind that is not read ("{suffix}").', f"Give {kinds}.")
    table = answers(table.filtered(layer.where))
    return as_places(table) if is_of_dhis2(table) else table
