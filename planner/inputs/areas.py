"""Administrative areas, valid polygons with unique codes; and areas closed in a season."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import shapely

from planner.inputs import features
from planner.inputs.findings import Findings
from planner.inputs.table import Table
from planner.inputs.text import examples
from planner.scenario import AreasFile, LayerFile, Season
from planner.types.arrays import Objects
from planner.types.frame import Frame
from planner.types.inputs import Areas

MOST_CHANGE = 0.01  # of an area by mending its outline; beyond it, it may not be the area that was meant
POLYGONS = ("Polygon", "MultiPolygon")


def read_areas(areas: AreasFile, frame: Frame, findings: Findings) -> Areas:
    """Areas that touch the frame, in its CRS; one area over the whole frame where no file is given."""
    if not areas.file:
        whole = np.array([shapely.box(*frame.bounds)], np.object_)
        return Areas(whole, code=("ALL",), name=("Whole area",), parent_code=("",), parent_name=("",))
    file = findings.open("areas", areas)
    if not features.is_features(file.path):
        raise file.fault(f'is of a kind that is not read ("{file.path.suffix}").', "Give GeoPackage or GeoJSON.")
    table = features.read_features(file, areas.layer).filtered(areas.where)
    geometry = polygons(table, frame)
    box = shapely.box(*frame.bounds)
    near = shapely.intersects(geometry, box)
    if not near.any():
        raise file.fault("no area touches the population raster.", "Give the areas of the same place.")
    if not near.all():
        names = table.named(np.flatnonzero(~near).tolist(), areas.name)
        file.note("left out", f"areas outside the population raster: {examples(names)}", len(names))
    table, geometry = table.kept(near), geometry[near]
    name = table.cells(areas.name, 'name = "..." under [areas]')
    parent = table.cells(areas.parent_name, "parent_name under [areas]") if areas.parent_name else [""] * len(table)
    parent_code = table.cells(areas.parent_code, "parent_code under [areas]") if areas.parent_code else parent
    return Areas(
        geometry, code=codes(areas, table, parent), name=tuple(name), parent_code=tuple(parent_code),
        parent_name=tuple(parent),
    )  # fmt: skip


def read_no_go(season: Season, frame: Frame, findings: Findings) -> Objects:
    """Areas closed in this season that touch the frame, in its CRS; none where no file is given."""
    if not season.no_go:
        return np.empty(0, np.object_)
    file = findings.open("no-go areas", LayerFile(file=season.no_go, source=season.no_go_source))
    if not features.is_features(file.path):
        raise file.fault(f'is of a kind that is not read ("{file.path.suffix}").', "Give GeoPackage or GeoJSON.")
    table = features.read_features(file, season.no_go_layer)
    shapes = polygons(table, frame)
    near = shapely.intersects(shapes, shapely.box(*frame.bounds))
    if not near.all():
        file.note("info", "features that do not touch the population raster", int((~near).sum()))
    return shapes[near]


def codes(areas: AreasFile, table: Table, parent: Sequence[str]) -> tuple[str, ...]:
    """Codes of the areas: their column, else their names, with the parent in front where a name occurs twice."""
    code = list(table.cells(areas.code or areas.name, "code under [areas]"))
    if not areas.code:
        times = Counter(code)
        code = [
            f"{above} / {own}" if times[own] > 1 and above else own for above, own in zip(parent, code, strict=True)
        ]
    times = Counter(code)
    wrong = [at for at, own in enumerate(code) if not own or times[own] > 1]
    if wrong:
        raise table.file.fault(
            f"has blank or repeated codes of areas: {examples(table.named(wrong, areas.code or areas.name))}.",
            "Name the column with unique codes under [areas] (code = ...), merge the parts of one area into one "
            "feature, or choose one level with where.",
        )
    return tuple(code)


def polygons(table: Table, frame: Frame) -> Objects:
    """Valid polygons of the rows in the frame's CRS; a repair is noted with the change of area it made."""
    shapes = table.shapes()
    kinds = np.array([None if shape is None or shape.is_empty else shape.geom_type for shape in shapes], np.object_)
    wrong = np.flatnonzero(~np.isin(kinds, POLYGONS)).tolist()
    if wrong:
        found = examples(f"{row} is {kinds[at] or 'empty'}" for row, at in zip(table.named(wrong), wrong, strict=True))
        raise table.file.fault(f"has {len(wrong)} features that are no polygons: {found}.", "Give polygons only.")
    shapes = features.project(shapes, table.crs, frame)
    broken = np.flatnonzero(~shapely.is_valid(shapes))
    for at in broken.tolist():
        mended = shapely.make_valid(shapes[at], method="structure", keep_collapsed=False)
        if mended.is_empty or mended.geom_type not in POLYGONS:
            raise table.file.fault(f"{table.named([at])[0]} is no polygon of any area.", "Draw it again.")
        change = 1 - shapes[at].area / mended.area
        level = "repaired" if abs(change) <= MOST_CHANGE else "warning"
        table.file.note(level, f"the outline of {table.named([at])[0]} was mended: its area changed by {change:.2%}", 1)
        shapes[at] = mended
    return shapes
