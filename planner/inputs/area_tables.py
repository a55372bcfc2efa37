"""Tables of people and under-fives by area: census totals, projections, shares; each row finds its area."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.errors import Fault, InputFaults
from planner.inputs.blanks import is_blank
from planner.inputs.columns import missing
from planner.inputs.decimals import WRITTEN, read_numbers
from planner.inputs.findings import Findings
from planner.inputs.formats import read_rows
from planner.inputs.spellings import spellings
from planner.inputs.table import Table
from planner.inputs.text import did_you_mean, examples, fold
from planner.scenario import Population
from planner.scenario import Table as TableFile
from planner.types.arrays import CELL, Doubles, Ints
from planner.types.inputs import Areas, Change
from planner.types.people import AreaTable
from planner.types.text import Text

KEYS = ("code", "area", "people", "under_fives", "share")
KEEP, IGNORE = "keep-missing-areas", "ignore-other-areas"
MOST_CHILDREN = 0.6  # no people has a greater share of under-fives: above it, shares are in percent


def read_totals(population: Population, areas: Areas | None, findings: Findings) -> AreaTable | None:
    """People, and under-fives where it has them, by area; None where no table is given."""
    layer = TableFile(file=population.totals, source=population.totals_source, columns=population.totals_columns)
    return _read("totals", layer, areas, findings, ("people",)) if population.totals else None


def read_under_fives(population: Population, areas: Areas | None, findings: Findings) -> AreaTable | None:
    """Share or number of under-fives by area; None where no table is given."""
    layer = TableFile(
        file=population.under_five_table, source=population.under_five_source, columns=population.under_five_columns
    )
    wanted = ("share", "under_fives")
    return _read("under-fives", layer, areas, findings, wanted) if population.under_five_table else None


def _read(
    role: str, layer: TableFile, areas: Areas | None, findings: Findings, wanted: Sequence[str]
) -> AreaTable | None:
    """A table by area with one of the columns `wanted` at least. Its rows are matched where the areas were read."""
    table, columns = read_rows(layer, findings.open(role, layer), KEYS)
    setting = "totals_columns" if role == "totals" else "under_five_columns"
    faults = [_no_column(table, keys, setting) for keys in (("code", "area"), wanted) if not set(keys) & set(columns)]
    if faults:
        raise InputFaults(faults)
    if "share" in columns and "share" in wanted:
        columns.pop("under_fives", None)  # one of the two says it
    numbers = {key: _numbers(table, columns, key, faults) for key in KEYS[2:]}
    if "share" in columns:
        numbers["share"] = _as_shares(table, columns["share"], numbers["share"], faults)
    found = None if areas is None else _rows_of_areas(table, columns, areas, faults)
    if faults:
        raise InputFaults(faults)
    if found is None:
        return None
    of_area, codes, names = found
    used, first = np.unique(of_area[of_area >= 0], return_index=True)
    place = np.full(len(table) + 1, -1, CELL)  # the last entry serves areas without a row
    place[used] = np.arange(len(used))
    there = np.flatnonzero(of_area >= 0)[first]
    code, name = (tuple(texts[at] for at in there) for texts in (codes, names))
    return AreaTable(table.file.path.name, code, name, place[of_area], *(numbers[key][used] for key in KEYS[2:]))


def _no_column(table: Table, keys: Sequence[str], setting: str) -> Fault:
    """The fault that no column holds what any of these keys means."""
    guess = missing(table, keys).way_out.rpartition("? ")[0]
    way_out = f'Say which column it is under [population]: {setting} = {{ {keys[0]} = "..." }}.'
    return Fault(
        table.file.where,
        f"has no column for {' or '.join(keys)}; found {table.shown_header}.",
        f"{guess}? {way_out}" if guess else way_out,
    )


def _numbers(table: Table, columns: dict[str, str], key: str, faults: list[Fault]) -> Doubles:
    """Numbers of a column, NaN where there is no such column; cells that are none, or below 0, are a fault.

    Where "1.234" can mean two numbers, people are whole and shares are small.
    """
    if key not in columns:
        return np.full(len(table), np.nan)
    shown = table.cells(columns[key])
    cells = ["" if is_blank(cell) else cell[:-1].rstrip() if cell.endswith("%") else cell for cell in shown]
    ways = [read_numbers(cells, sign) for sign in WRITTEN]
    good = [way.values for way in ways if not way.wrong] or [ways[0].values]
    fitting = [way for way in good if (way <= 100 if key == "share" else way == np.round(way)).all()]
    values = (fitting or good)[0]
    wrong = np.flatnonzero(~(values >= 0)).tolist()
    if wrong:
        said = examples(f'{row}: "{shown[at]}"' for row, at in zip(_named(table, columns, wrong), wrong, strict=True))
        what = f'"{columns[key]}" holds what is no number from 0 ({len(wrong)}): {said}.'
        faults.append(Fault(table.file.where, what, "Correct them, or delete the rows."))
    return values


def _as_shares(table: Table, column: str, values: Doubles, faults: list[Fault]) -> Doubles:
    """Shares from 0 to 1; where all are above `MOST_CHILDREN` they are in percent."""
    if np.nanmin(values, initial=1.0) > MOST_CHILDREN and np.nanmax(values, initial=0.0) > 1:
        table.file.note("repaired", Text('"{column}" is in percent: divided by 100', column=column), len(values))
        values = values / 100
    high = np.flatnonzero(values > MOST_CHILDREN).tolist()
    if high:
        shown = examples(f"{row}: {values[at]:g}" for row, at in zip(table.named(high), high, strict=True))
        what = f'"{column}" has shares of under-fives above {MOST_CHILDREN:g} ({len(high)}): {shown}.'
        faults.append(Fault(table.file.where, what, "Write all as shares, 0.16, or all in percent, 16."))
    return values


def _named(table: Table, columns: dict[str, str], rows: Sequence[int]) -> list[Text]:
    return table.named(rows, columns.get("area") or columns["code"])


def _rows_of_areas(
    table: Table, columns: dict[str, str], areas: Areas, faults: list[Fault]
) -> tuple[Ints, Sequence[str], Sequence[str]]:
    """The row of each area, -1 where none is; rows are of the areas, else of those one level up, whose codes and names
    are then given instead of the areas' own.
    """
    own = _matches(table, columns, areas.code, areas.name)
    above = _matches(table, columns, areas.parent_code, areas.parent_name)
    one_up = not any(own) and any(above)
    found, keys, names = (above, areas.parent_code, areas.parent_name) if one_up else (own, areas.code, areas.name)
    rows: dict[str, list[int]] = {}
    for row, matches in enumerate(found):
        for key in matches if len(matches) == 1 else ():
            rows.setdefault(key, []).append(row)
    _tell_several(table, columns, found, faults)
    _tell_others(table, columns, [row for row, matches in enumerate(found) if not matches], areas, faults)
    twice = [row for several in rows.values() if len(several) > 1 for row in several]
    if twice:
        what = f"has several rows for one area ({len(twice)}): {examples(_named(table, columns, twice))}."
        faults.append(Fault(table.file.where, what, "Leave one row for each area."))
    of_area = np.array([rows.get(key, [-1])[0] for key in keys], CELL)
    named = set().union(*found)
    _tell_missing(table, [at for at, key in enumerate(keys) if key not in named], areas, faults)
    return of_area, keys, names


def _matches(table: Table, columns: dict[str, str], codes: Sequence[str], names: Sequence[str]) -> list[set[str]]:
    """The codes of the areas that each row may mean: by its code, else by its name, without accents and case."""
    by_code: dict[str, set[str]] = {}
    by_name: dict[str, set[str]] = {}
    for code, name in zip(codes, names, strict=True):
        if code:
            by_code.setdefault(fold(code), set()).add(code)
            for spelled in spellings(name):
                by_name.setdefault(spelled, set()).add(code)
    code_cells, name_cells = (
        table.cells(columns[key]) if key in columns else [""] * len(table) for key in ("code", "area")
    )
    nobody = set[str]()
    return [
        by_code.get(fold(code), nobody) or by_code.get(fold(name), nobody) or by_name.get(fold(name), nobody)
        for code, name in zip(code_cells, name_cells, strict=True)
    ]


def _tell_several(table: Table, columns: dict[str, str], found: Sequence[set[str]], faults: list[Fault]) -> None:
    """A fault for rows whose name is that of several areas."""
    several = [row for row, matches in enumerate(found) if len(matches) > 1]
    if several:
        rows = _named(table, columns, several)
        shown = examples(f"{row} ({', '.join(sorted(found[at]))})" for row, at in zip(rows, several, strict=True))
        what = f"has rows whose area there is more than once ({len(several)}): {shown}."
        faults.append(Fault(table.file.where, what, "Add a column with the codes of the areas."))


def _tell_others(table: Table, columns: dict[str, str], rows: list[int], areas: Areas, faults: list[Fault]) -> None:
    """A fault for rows that are of none of the areas, or a note where the user agreed to leave them out."""
    if not rows:
        return
    said = _named(table, columns, rows)
    if table.file.agreed(IGNORE) and len(rows) < len(table):
        changes = [Change(row, Text("none of the areas"), "") for row in said]
        table.file.note(
            "left out", Text("rows that are of none of the areas (--fix {fix})", fix=IGNORE), len(rows), changes
        )
        return
    cell = table.cells(columns.get("area") or columns["code"])[rows[0]]
    hint = did_you_mean(cell, [*areas.name, *areas.code])
    known = examples(f"{code} {name}".strip() for code, name in zip(areas.code, areas.name, strict=True))
    faults.append(
        Fault(
            table.file.where,
            f"has rows of none of the areas ({len(rows)}): {examples(said)}; the areas are {known}.",
            f"{hint} Write codes or names as [areas] has them, or leave these rows out with --fix {IGNORE}.".strip(),
        )
    )


def _tell_missing(table: Table, lacking: list[int], areas: Areas, faults: list[Fault]) -> None:
    """A fault for areas that the table does not have, or a note where the user agreed to keep them as they are."""
    if not lacking:
        return
    said = [f"{areas.code[at]} {areas.name[at]}" for at in lacking]
    if table.file.agreed(KEEP):
        changes = [Change(area, Text("not in the table"), Text("as the raster has it")) for area in said]
        table.file.note(
            "warning", Text("areas that the table does not have (--fix {fix})", fix=KEEP), len(lacking), changes
        )
        return
    what = f"has no row for {len(lacking)} of the {len(areas)} areas: {examples(said)}."
    way_out = f"Add them, or keep what the raster says of them with --fix {KEEP}."
    faults.append(Fault(table.file.where, what, way_out))
