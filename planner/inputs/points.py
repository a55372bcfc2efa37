"""Lists of points: where each row lies, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from planner.errors import InputFaults
from planner.inputs.columns import POSITIONS, has_position, missing
from planner.inputs.coordinates import Unread, read_pair
from planner.inputs.crs import DEGREES, known_crs, reference_of
from planner.inputs.entries import Entry, to_frame
from planner.inputs.point_shapes import points_of
from planner.inputs.table import Table
from planner.inputs.text import shortened
from planner.scenario import Table as TableFile
from planner.types.arrays import Doubles
from planner.types.frame import Frame
from planner.types.text import Text

PLACE = ("id", "name", "lat", "lon", "x", "y", "latlon")  # keys of the columns that any list of points may have


@dataclass(frozen=True, eq=False)
class Positions:
    """Coordinates of rows as numbers in `crs` (longitude or x `first`), NaN where there are none, and as written.

    ``unread`` are cells that hold something else.
    """

    first: Doubles
    second: Doubles
    crs: Any
    said: Sequence[str]
    unread: tuple[Unread, ...] = ()


def list_entries(
    table: Table, layer: TableFile, columns: dict[str, str], at: Positions, frame: Frame, prefix: str, label: str
) -> list[Entry]:
    """The rows as entries, `at` the coordinates given; `label` is the key of the column that messages call them by.

    Where the table has no column of ids they are made of `prefix` and the row's place in the list; a row without a name
    is called by its id.
    """
    if "id" not in columns:
        table.file.note(
            "info", Text("no column of ids: made from the order of rows, {prefix}001 first", prefix=prefix), len(table)
        )
    ids = cells(table, columns, "id") if "id" in columns else [f"{prefix}{n:03d}" for n in range(1, len(table) + 1)]
    names = cells(table, columns, "name")
    nameless = sum(not name for name in names)
    if "name" in columns and nameless:
        table.file.note("info", Text("rows without a name: called by their id"), nameless)
    x, y = to_frame(at.first, at.second, at.crs, frame)
    null_island = (at.first == 0) & (at.second == 0) & (frame.cell_of(x, y) < 0)
    x[null_island], y[null_island] = np.nan, np.nan
    named = f"{layer.file}, {layer.sheet}" if layer.sheet else layer.file
    column = {key: cells(table, columns, key) for key in (label, "type", "village", "tier")}
    return [
        Entry(
            table.file,
            named,
            table.row[k],
            shortened(column[label][k]),
            at.said[k],
            float(at.first[k]),
            float(at.second[k]),
            at.crs,
            float(x[k]),
            float(y[k]),
            ids[k],
            names[k] or ids[k],
            column["type"][k],
            column["village"][k],
            column["tier"][k],
            unread={each: each.cells[k] for each in at.unread if k in each.cells},
        )
        for k in range(len(table))
    ]


def cells(table: Table, columns: dict[str, str], key: str) -> Sequence[str]:
    """Cells of what a key of ``columns`` means; blank where no column holds it."""
    return table.cells(columns[key]) if key in columns else [""] * len(table)


def positions(table: Table, layer: TableFile, columns: dict[str, str], frame: Frame) -> Positions:
    """Where the rows lie. Raise InputFaults where the table does not say it.

    Columns that the scenario names come first, then the geometry, then columns found by their usual names: the geometry
    of a GIS layer is what people move and see, its columns of coordinates may be old.
    """
    if not has_position(table, columns):
        raise InputFaults([missing(table, ("lat", "lon"))])
    named = [way for way in POSITIONS if set(way) <= set(layer.columns)]
    if table.geometry is not None and not named:
        return of_geometry(table, frame)
    way = named[0] if named else next(way for way in POSITIONS if set(way) <= set(columns))
    in_order = ("lat", "lon") if set(way) == {"lat", "lon"} else way
    cells = zip(*(table.cells(columns[key]) for key in in_order), strict=True)
    written = [", ".join(cell or "blank" for cell in row) for row in cells]
    first, second, unread = read_pair(table, columns, way)
    said = reference_of(table.file, None)
    if way == ("x", "y") and not (said is None and are_degrees(first, second, frame)):
        return Positions(first, second, said or frame.pyproj_crs, written)
    return Positions(first, second, said or DEGREES, written, unread)


def are_degrees(x: Doubles, y: Doubles, frame: Frame) -> bool:
    """Whether coordinates cannot be metres of the frame, but can be degrees: healthsites.io calls them X and Y."""
    degrees = (np.abs(x) <= 180) & (np.abs(y) <= 90) | np.isnan(x) | np.isnan(y)
    return not frame.pyproj_crs.is_geographic and bool(degrees.all())


def of_geometry(table: Table, frame: Frame) -> Positions:
    """Where the rows lie by the rows' shapes."""
    crs = known_crs(table.crs, table.shapes(), frame, table.file)
    points = points_of(table, crs)
    x, y = shapely.get_x(points), shapely.get_y(points)
    written = ["no geometry" if np.isnan(a) or np.isnan(b) else f"{b:.9g}, {a:.9g}" for a, b in zip(x, y, strict=True)]
    return Positions(x, y, crs, written)
