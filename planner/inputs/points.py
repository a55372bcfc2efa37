"""Lists of points: where each row lies, and what it is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS, Transformer

from planner.errors import Fault, InputFaults
from planner.inputs.columns import POSITIONS, has_position, missing
from planner.inputs.coordinates import read_pair
from planner.inputs.crs import known_crs, reference_of
from planner.inputs.point_shapes import points_of
from planner.inputs.projecting import extent, project
from planner.inputs.table import Table
from planner.inputs.text import examples
from planner.scenario import Table as TableFile
from planner.types.arrays import Doubles
from planner.types.frame import Frame


@dataclass(frozen=True, eq=False)
class Points:
    """Rows that have a position, in the frame's CRS; `id` and `name` are never blank, the ids are unique."""

    table: Table
    columns: dict[str, str]
    id: tuple[str, ...]
    name: tuple[str, ...]
    x: Doubles
    y: Doubles

    def cells(self, key: str) -> Sequence[str]:
        """Cells of what a key of ``columns`` means; blank where no column holds it."""
        return self.table.cells(self.columns[key]) if key in self.columns else [""] * len(self.table)


@dataclass(frozen=True, eq=False)
class Positions:
    """Coordinates of rows in the frame's CRS, NaN or inf where there are none, and what the table `said` of each."""

    x: Doubles
    y: Doubles
    said: Sequence[str]


def read_points(table: Table, columns: dict[str, str], at: Positions, frame: Frame, prefix: str) -> Points:
    """Rows with a position, `at` the coordinates given.

    Rows without are left out with a note; those off the raster stay, with a warning. Where the table has no column of
    ids they are made of `prefix` and the row's place in the list.
    """
    placed = np.isfinite(at.x) & np.isfinite(at.y)
    label = columns.get("name")
    if not placed.all():
        lost = np.flatnonzero(~placed).tolist()
        words = (f"{row} ({at.said[i]})" for row, i in zip(table.named(lost, label), lost, strict=True))
        table.file.note("left out", f"rows without a usable position: {examples(words)}", len(lost))
    off = np.flatnonzero(placed & (frame.cell_of(at.x, at.y) < 0)).tolist()
    if off:
        table.file.note(
            "warning", f"points outside the population raster: {examples(table.named(off, label))}", len(off)
        )
    made = [f"{prefix}{place:03d}" for place in range(1, len(table) + 1)]
    if "id" not in columns:
        table.file.note("info", f"no column of ids: made from the order of rows, {prefix}001 first", len(table))
    kept = table.kept(placed)
    ids = kept.cells(columns["id"]) if "id" in columns else [made[i] for i in np.flatnonzero(placed)]
    check_ids(kept, ids, label)
    names = kept.cells(label) if label else [""] * len(kept)
    nameless = sum(not name for name in names)
    if label and nameless:
        table.file.note("info", "rows without a name: called by their id", nameless)
        names = [name or own for name, own in zip(names, ids, strict=True)]
    return Points(kept, columns, tuple(ids), tuple(names), at.x[placed], at.y[placed])


def check_ids(table: Table, ids: Sequence[str], label: str | None) -> None:
    """Raise InputFaults for blank or repeated ids."""
    times = Counter(ids)
    blank = [at for at, own in enumerate(ids) if not own]
    twice = [at for at, own in enumerate(ids) if own and times[own] > 1]
    faults = []
    if blank:
        shown = examples(table.named(blank, label))
        faults.append(Fault(table.file.where, f"{len(blank)} rows have no id: {shown}.", "Give each row an id."))
    if twice:
        shown = examples(f"{row} = {ids[at]}" for row, at in zip(table.named(twice, label), twice, strict=True))
        faults.append(
            Fault(
                table.file.where,
                f"{len(twice)} rows share their id with another: {shown}.",
                'Make ids unique, name another column of ids, or say columns = { id = "" } to number the rows.',
            )
        )
    if faults:
        raise InputFaults(faults)


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
    cells = zip(*(table.cells(columns[key]) for key in way), strict=True)
    shown = [", ".join(cell or "blank" for cell in row) for row in cells]
    lon, lat = read_pair(table, columns, way)
    said = reference_of(table.file, None)
    if way == ("x", "y") and not (said is None and are_degrees(lon, lat, frame)):
        return Positions(*to_frame(lon, lat, frame, said or frame.pyproj_crs), shown)
    check_swapped(table, columns, lon, lat, frame)
    bad = ~((np.abs(lat) <= 90) & (np.abs(lon) <= 180))
    null_island = (lon == 0) & (lat == 0)
    lon[bad], lat[bad] = np.nan, np.nan
    x, y = to_frame(lon, lat, frame, said or "EPSG:4326")
    nowhere = null_island & (frame.cell_of(x, y) < 0)
    x[nowhere], y[nowhere] = np.nan, np.nan
    return Positions(x, y, shown)


def to_frame(x: Doubles, y: Doubles, frame: Frame, crs: CRS | str = "EPSG:4326") -> tuple[Doubles, Doubles]:
    """Coordinates in the frame's CRS, given in another (longitude first); NaN or inf where they have none."""
    x, y = Transformer.from_crs(crs, frame.pyproj_crs, always_xy=True).transform(x, y)
    return np.array(x, float), np.array(y, float)


def are_degrees(x: Doubles, y: Doubles, frame: Frame) -> bool:
    """Whether coordinates cannot be metres of the frame, but can be degrees: healthsites.io calls them X and Y."""
    degrees = (np.abs(x) <= 180) & (np.abs(y) <= 90) | np.isnan(x) | np.isnan(y)
    return not frame.pyproj_crs.is_geographic and bool(degrees.all())


def of_geometry(table: Table, frame: Frame) -> Positions:
    """Where the rows lie by the rows' shapes."""
    crs = known_crs(table.crs, table.shapes(), frame, table.file)
    points = points_of(table, crs)
    if crs.is_geographic:
        check_swapped(table, {}, shapely.get_x(points), shapely.get_y(points), frame)
    placed = project(points, crs, frame)
    said = ["no geometry" if point is None else extent(point) for point in points]
    return Positions(shapely.get_x(placed), shapely.get_y(placed), said)


def check_swapped(table: Table, columns: dict[str, str], lon: Doubles, lat: Doubles, frame: Frame) -> None:
    """Raise InputFaults where rows lie outside the raster, but inside with latitude and longitude exchanged."""
    with np.errstate(invalid="ignore"):
        sane = (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
        turned = (np.abs(lon) <= 90) & (np.abs(lat) <= 180)
    outside = frame.cell_of(*to_frame(np.where(sane, lon, np.nan), np.where(sane, lat, np.nan), frame)) < 0
    inside = frame.cell_of(*to_frame(np.where(turned, lat, np.nan), np.where(turned, lon, np.nan), frame)) >= 0
    swapped = np.flatnonzero(outside & inside).tolist()
    if not swapped:
        return
    way_out = "Swap them in the file."
    if {"lat", "lon"} <= set(columns):
        way_out += f' If all rows are so, say columns = {{ lat = "{columns["lon"]}", lon = "{columns["lat"]}" }}.'
    rows = table.named(swapped, columns.get("name"))
    shown = examples(f"{row} ({lat[at]:g}, {lon[at]:g})" for row, at in zip(rows, swapped, strict=True))
    raise table.file.fault(
        f"latitude and longitude of {len(swapped)} rows lie outside the raster but inside when swapped: {shown}.",
        way_out,
    )
