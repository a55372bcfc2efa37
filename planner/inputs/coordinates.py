"""Columns of coordinates, read as numbers: degrees in one or two columns, or metres."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from planner.inputs.angles import Angle, angle
from planner.inputs.blanks import is_blank
from planner.inputs.decimals import read_column
from planner.inputs.table import Table
from planner.inputs.text import examples, is_plain, plain
from planner.types.arrays import Doubles
from planner.types.inputs import Change
from planner.types.text import Text

SIDES = {"lat": {"", "N", "S"}, "lon": {"", "E", "W", "O"}}
MOST_DEGREES = 360  # beyond it, it is no angle that somebody mistyped: metres, or degrees without their point
NUMBER = r"[+-]?\d+(?:[.,]\d+)?"
# "POINT (34.2 -13.5)", "[34.2,-13.5]": by their standards, the longitude comes first.
LON_FIRST = re.compile(
    r"(?:SRID=4326;)?POINT\s*(?:Z|M|ZM)?\s*\(\s*(\S+)\s+([^\s)]+).*\)"
    r"|(?:\{.*.type.\s*:\s*.Point.*.coordinates.\s*:\s*)?\[\s*([^,\s\[]+)\s*,\s*([^,\s\]]+)[^\[]*\].*",
    re.IGNORECASE,
)
GEOPOINT = re.compile(rf"(-?\d+\.\d+)\s+(-?\d+\.\d+)(?:\s+{NUMBER}){{1,2}}")  # altitude and accuracy follow
BETWEEN = (re.compile(r"\s*[;|/]\s*"), re.compile(r",\s+|\s*,(?=\s*[A-Za-z+-])"), re.compile(r","), re.compile(r"\s+"))


@dataclass(frozen=True, eq=False)
class Axis:
    """Latitudes (key "lat") or longitudes ("lon") of all rows: what their column says, and the angles it means."""

    key: str
    column: str
    cells: Sequence[str]
    angles: Sequence[Angle | None]

    @property
    def degrees(self) -> Doubles:
        """The degrees; NaN where there are none."""
        return np.array([np.nan if each is None else each.degrees for each in self.angles], float)

    def wrong(self) -> Iterator[int]:
        """Positions of cells that hold something, but no angle of this axis."""
        sides = SIDES[self.key]
        if {"O", "W"} <= {each.side for each in self.angles if each}:
            sides = sides - {"O"}  # the west has its own letter here: this one may be the "Ost"
        for at, (cell, each) in enumerate(zip(self.cells, self.angles, strict=True)):
            if cell and (each is None or each.side not in sides):
                yield at


@dataclass(frozen=True, eq=False)
class Unread:
    """Cells of a column, by the position of their rows, that hold no `word` (latitude, longitude), and a way out."""

    word: str
    column: str
    cells: dict[int, str]
    way_out: str


def read_pair(table: Table, columns: dict[str, str], way: Sequence[str]) -> tuple[Doubles, Doubles, tuple[Unread, ...]]:
    """The coordinates in the columns that `way` names: ``lon`` and ``lat``, ``x`` and ``y``, or ``latlon``.

    Returns
    -------
    Longitudes and latitudes in degrees, or x and y, NaN where a cell is blank; and the cells that hold something else
    than degrees. Cells that are written otherwise than as plain numbers are noted, each with what was read.

    Raises
    ------
    InputFaults
        Columns of degrees that hold metres; cells of metres that hold no number, told with their rows.
    """
    if set(way) == {"x", "y"}:
        return read_column(table, columns["x"]), read_column(table, columns["y"]), ()
    if "latlon" in way:
        column = columns["latlon"]
        written = [("", "") if is_blank(cell) else split(cell) for cell in table.cells(column)]
        axes = [axis_of(key, column, [pair[at] for pair in written]) for at, key in enumerate(("lat", "lon"))]
        table.file.note(
            "info", Text('"{column}" holds both latitude and longitude', column=column), sum(map(any, written))
        )
    else:
        axes = [axis_of(key, columns[key], table.cells(columns[key])) for key in ("lat", "lon")]
    lat, lon = axes
    check_degrees(table, lat, lon, table.named(range(len(table))))
    tell(table, lat, lon, table.named(range(len(table))))
    unread = unread_cells(lat, lon)
    none = [at for each in unread for at in each.cells]
    first, second = lon.degrees, lat.degrees
    first[none], second[none] = np.nan, np.nan
    return first, second, unread


def axis_of(key: str, column: str, cells: Sequence[str]) -> Axis:
    """An axis with the angles of its cells."""
    filled = ["" if is_blank(cell) else cell for cell in cells]
    return Axis(key, column, filled, [angle(cell) if cell else None for cell in filled])


def split(cell: str) -> tuple[str, str]:
    """Latitude and longitude of a cell with both, as text; the whole cell twice where it does not fall in two."""
    if match := LON_FIRST.fullmatch(cell):
        lon, lat = (part for part in match.groups() if part)
        return lat, lon
    cell = cell.removeprefix("(").removesuffix(")").strip()
    if match := GEOPOINT.fullmatch(cell):
        return match[1], match[2]
    for between in BETWEEN:
        for cut in between.finditer(cell):
            first, second = cell[: cut.start()], cell[cut.end() :]
            one, other = angle(first), angle(second)
            # As many numbers on both sides: else "13 30 34 12" might fall in 13 and 30 34 12.
            if one and other and len(re.findall(NUMBER, first)) == len(re.findall(NUMBER, second)):
                return (second, first) if one.side in {"E", "W", "O"} or other.side in {"N", "S"} else (first, second)
    return cell, cell


def holds_pairs(cells: Sequence[str]) -> bool:
    """Whether at least half of the cells that hold something hold a latitude and a longitude."""
    filled = [cell for cell in cells if not is_blank(cell)]
    parted = sum(all(angle(part) for part in split(cell)) and split(cell) != (cell, cell) for cell in filled)
    return 0 < len(filled) <= 2 * parted


def unread_cells(lat: Axis, lon: Axis) -> tuple[Unread, ...]:
    """The cells of both axes that hold something, but no angle of theirs."""
    way_out = "Write degrees such as -13.5, 13.5 S or 13°30'00\" S, or leave the cell empty if the place is not known."
    if all(axis.angles[at] for axis in (lat, lon) for at in axis.wrong()):
        way_out = f'By the letters N, S, E, W it is columns = {{ lat = "{lon.column}", lon = "{lat.column}" }}.'
    axes = ((lat, "latitude"), (lon, "longitude"))
    found = (Unread(word, axis.column, {at: axis.cells[at] for at in axis.wrong()}, way_out) for axis, word in axes)
    return tuple(each for each in found if each.cells)


def check_degrees(table: Table, lat: Axis, lon: Axis, rows: Sequence[str]) -> None:
    """Raise InputFaults where most rows hold numbers far beyond any degrees."""
    y, x = np.abs(lat.degrees), np.abs(lon.degrees)
    placed = np.isfinite(x) & np.isfinite(y)
    far = np.flatnonzero(placed & (np.maximum(x, y) > MOST_DEGREES)).tolist()
    if 2 * len(far) <= placed.sum():
        return
    shown = examples(f"{rows[at]} ({lat.cells[at]}, {lon.cells[at]})" for at in far)
    east, north = (lon, lat) if x[far].max() <= y[far].max() else (lat, lon)
    raise table.file.fault(
        f'"{lat.column}" and "{lon.column}" hold no degrees, but numbers beyond {MOST_DEGREES} in {len(far)} rows: '
        f"{shown}.",
        f'If they are metres, say columns = {{ x = "{east.column}", y = "{north.column}" }} and the reference '
        'system, such as crs = "EPSG:32736" for zone 36 of UTM, south. If they are degrees that lost their decimal '
        "point in a spreadsheet, export the list again.",
    )


def tell(table: Table, lat: Axis, lon: Axis, rows: Sequence[str]) -> None:
    """Note what was read from other writings than plain numbers, cell by cell."""
    changes = []
    for at, row in enumerate(rows):
        for axis in (lat, lon):
            cell, read = axis.cells[at], axis.angles[at]
            if read and not is_plain(cell):
                changes.append(Change(Text("{row}, {column}", row=row, column=axis.column), cell, plain(read.degrees)))
    if changes:
        table.file.note("repaired", Text("coordinates read as degrees"), len(changes), changes)
