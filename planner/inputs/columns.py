"""Which column of a list holds what: by the scenario's word, else by the names that columns usually have."""

from __future__ import annotations

from collections.abc import Sequence

from planner.errors import Fault, InputFaults
from planner.inputs.coordinates import holds_pairs
from planner.inputs.names import usual_names
from planner.inputs.table import Table
from planner.inputs.text import did_you_mean, fold
from planner.scenario import Table as TableFile

POSITIONS = (("lon", "lat"), ("x", "y"), ("latlon",))


def find_columns(table: Table, layer: TableFile, keys: Sequence[str]) -> dict[str, str]:
    """Column of each key: the scenario's word ("" = none), else the first usual name; a column serves one key only."""
    faults = [
        Fault(table.file.where, f'columns has the unknown key "{key}".', f"The keys are {', '.join(keys)}.")
        for key in layer.columns
        if key not in keys
    ]
    columns: dict[str, str] = {}
    for key, name in layer.columns.items():
        if key not in keys or not name:
            continue
        found = table.find(name)
        if found is None:
            faults.append(table.missing(name, f'columns = {{ {key} = "..." }}'))
        else:
            columns[key] = found
    if faults:
        raise InputFaults(faults)
    usual = usual_names()
    for key in keys:
        free = {fold(name): name for name in reversed(table.header) if name and name not in columns.values()}
        known = [free[name] for name in usual[key] if name in free]
        if key == "latlon":  # "location" may as well be the name of a place
            known = [name for name in known if holds_pairs(table.columns[table.header.index(name)])]
        if key not in layer.columns and known:
            columns[key] = known[0]
    return columns


def missing(table: Table, keys: Sequence[str]) -> Fault:
    """The fault that no column holds what these keys mean."""
    usual = usual_names()
    hints = [did_you_mean(name, table.header) for key in keys for name in usual[key]]
    said = ", ".join(f'{key} = "..."' for key in keys)
    return Fault(
        table.file.where,
        f"has no column for {' and '.join(keys)}; found {table.shown_header}.",
        f"{next(filter(None, hints), '')} Say which columns they are: columns = {{ {said} }}.".strip(),
    )


def has_position(table: Table, columns: dict[str, str]) -> bool:
    """Whether rows can be placed: by geometry, or by columns."""
    return table.geometry is not None or any(set(way) <= set(columns) for way in POSITIONS)
