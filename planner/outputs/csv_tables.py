"""All tables as CSV in one folder, with a description that programs read (Frictionless Data Package).

The specification is that of https://specs.frictionlessdata.io/data-package/: a field's ``name`` is the column, its
``title`` what people read; numbers may be ``INF`` (no way), a blank cell is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.outputs.columns import COLUMNS
from planner.outputs.single import write_csv
from planner.outputs.tables import Table
from planner.types.results import Plan

PACKAGE = "datapackage.json"
BLANK = [""]


def write_csv_tables(plan: Plan, sheets: Sequence[Table], folder: Path) -> None:
    """Write each table as ``name.csv`` into ``folder``, and what they are to ``datapackage.json``."""
    folder.mkdir()
    for table in sheets:
        write_csv(_plain(table.rows), folder / _file(table))
    package = {
        "name": f"plan-{plan.provenance.run_id}",
        "title": plan.scenario.title,
        "created": f"{plan.provenance.date}T00:00:00Z",
        "sources": [{"title": f"{each.role}: {each.citation or each.file}"} for each in plan.sources],
        "resources": [
            {
                "name": Path(_file(table)).stem,
                "title": table.name,
                "description": table.about,
                "path": _file(table),
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "dialect": {"lineTerminator": "\r\n"},
                "schema": {"fields": [_field(name, table.rows[name]) for name in table.rows], "missingValues": BLANK},
            }
            for table in sheets
        ],
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / PACKAGE).write_text(text, encoding="utf-8", newline="\n")


def _file(table: Table) -> str:
    return f"{table.name.lower().replace(' ', '_')}.csv"


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with words for what a number cannot be: ``INF`` is infinite, true and false are so written."""
    shown = frame.copy()
    for name in frame:
        column = frame[name]
        if column.dtype == bool:
            shown[name] = np.where(column, "true", "false")
        elif column.dtype.kind == "f" and np.isinf(column).any():
            shown[name] = [_number(value) for value in column.tolist()]
    return shown


def _number(value: float) -> str:
    return "INF" if np.isinf(value) else "" if np.isnan(value) else repr(value)


def _field(name: Any, column: pd.Series[Any]) -> dict[str, str]:
    kind = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}.get(column.dtype.kind, "string")
    return {"name": str(name), "title": COLUMNS[str(name)].header, "type": kind}
