"""Which column of a list holds what: by the scenario's word, else by the names that columns usually have."""

from __future__ import annotations

from collections.abc import Sequence

from planner.errors import Fault, InputFaults
from planner.inputs.coordinates import holds_pairs
from planner.inputs.names import fitness, usual_name, usual_names
from planner.inputs.table import Table
from planner.inputs.text import fold
from planner.scenario import Table as TableFile
from planner.types.text import Text

ALIKE = 75.0  # of 100: a header is a misspelt name from here
POSITIONS = (("lon", "lat"), ("x", "y"), ("latlon",))


def find_columns(table: Table, layer: TableFile, keys: Sequence[str]) -> dict[str, str]:
    """Column of each key: the scenario's word ("" = none), else the most usual name; a column serves one key only."""
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
    named = list(columns)
    columns |= usual_columns(table, [key for key in keys if key not in layer.columns], set(columns.values()))
    guessed = [key for key in keys if key in columns and not (key in named or fold(columns[key]).startswith(fold(key)))]
    if guessed:
        said = tuple(f'{key} = "{columns[key]}"' for key in guessed)
        table.file.note("info", Text("columns by their usual names: {said}", said=said))
    return columns


def usual_columns(table: Table, keys: Sequence[str], taken: set[str]) -> dict[str, str]:
    """Columns with usual names, one for each key that has any; those `taken` apart, and each for one key only."""
    found: dict[str, str] = {}
    for key in keys:
        fits = {header: fitness(header, key) for header in table.header if header not in {*taken, *found.values()}}
        best = [header for header, fit in sorted(fits.items(), key=lambda each: each[1] or (0, 0)) if fit]
        if key == "latlon":  # "location" may as well be the name of a place
            best = [header for header in best if holds_pairs(table.columns[table.header.index(header)])]
        if key == "id":  # of two codes, the one that every row has, once
            best.sort(key=lambda header: not tells_apart(table.columns[table.header.index(header)]))
        if best:
            found[key] = best[0]
    return found


def tells_apart(cells: Sequence[str]) -> bool:
    """Whether no cell is blank, and none like another."""
    return all(cells) and len(set(cells)) == len(cells)


def missing(table: Table, keys: Sequence[str]) -> Fault:
    """The fault that no column holds what these keys mean."""
    usual = usual_names()
    such = ", ".join(f'"{name}"' for key in keys for name in usual[key][1:3])
    said = ", ".join(f'{key} = "..."' for key in keys)
    unknown = [name for name in table.header if not usual_name(name)]
    near = nearest(unknown, [name for key in keys for name in usual[key]])
    hint = f'Did you mean "{near}"? ' if near else ""
    return Fault(
        table.file.where,
        f"has no column for {' and '.join(keys)} (such as {such}); found {table.shown_header}.",
        f"{hint}Say which columns they are: columns = {{ {said} }}.",
    )


def nearest(header: Sequence[str], names: Sequence[str]) -> str:
    """The header that is most like one of the names, if it is like enough; else ""."""
    from rapidfuzz import fuzz, process

    folded, best = list(map(fold, names)), ("", ALIKE)
    for column in header:
        found = process.extractOne(fold(column), folded, scorer=fuzz.ratio, score_cutoff=best[1])
        if found and found[1] > best[1]:
            best = column, found[1]
    return best[0]


def has_position(table: Table, columns: dict[str, str]) -> bool:
    """Whether rows can be placed: by geometry, or by columns."""
    return table.geometry is not None or any(set(way) <= set(columns) for way in POSITIONS)
