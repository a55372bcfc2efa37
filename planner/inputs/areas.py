"""Administrative areas, valid polygons with unique codes; and areas closed in a season."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from planner.inputs.covered import check_covered
from planner.inputs.crs import known_crs
from planner.inputs.features import NAMES, is_features, read_features
from planner.inputs.findings import File, Findings
from planner.inputs.projecting import BEYOND, KINDS, apart, extent, project, single_parts
from planner.inputs.table import Table
from planner.inputs.text import examples
from planner.scenario import AreasFile, LayerFile, Season
from planner.types.arrays import Objects
from planner.types.frame import Frame
from planner.types.inputs import Areas, Change
from planner.types.text import Text

MOST_CHANGE = 0.01  # of an area by mending its outline; beyond it, it may not be the area that was meant
POLYGONS = (3, 6)  # shapely's numbers of Polygon and MultiPolygon
WHERE = re.compile(r"\[(\S+) (\S+)\]")  # of the place in shapely's words on what is invalid


def read_areas(areas: AreasFile, frame: Frame, findings: Findings) -> Areas:
    """Areas that touch the frame, in its CRS; one area over the whole frame where no file is given."""
    if not areas.file:
        whole = np.array([shapely.box(*frame.bounds)], np.object_)
        return Areas(whole, code=("ALL",), name=("Whole area",), parent_code=("",), parent_name=("",))
    file = findings.open("areas", areas)
    table, geometry = read_polygons(file, areas.layer, areas.where, frame, areas.name)
    box = shapely.box(*frame.bounds)
    near = shapely.intersects(geometry, box)
    if not near.any():
        where, way_out = apart(geometry, frame)
        raise file.fault(f"no area touches the population raster: {where}.", way_out)
    far = np.flatnonzero(~near).tolist()
    left_out(table, Text("areas outside the population raster"), far, [extent(geometry[at]) for at in far], areas.name)
    table, geometry = table.kept(near), geometry[near]
    check_covered(geometry, table.named(range(len(table)), areas.name), frame, file)
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
    _, shapes = read_polygons(file, season.no_go_layer, {}, frame)
    near = shapely.intersects(shapes, shapely.box(*frame.bounds))
    if not near.all():
        file.note("info", Text("features that do not touch the population raster"), int((~near).sum()))
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


def read_polygons(
    file: File, layer: str, where: Mapping[str, Sequence[str]], frame: Frame, label: str | None = None
) -> tuple[Table, Objects]:
    """The wanted rows that have polygons, and these in the frame's CRS, valid; `label` is the column of their names.

    What else a row holds is left out with a note; mended outlines are noted with the change of area that it made.
    """
    if not is_features(file.path):
        raise file.fault(f'is of a kind that is not read ("{file.path.suffix}").', f"Give {NAMES}.")
    table = read_features(file, layer).filtered(where)
    label = label if label and table.find(label) else None
    whole = only_polygons(table, label)
    drawn = project(whole, known_crs(table.crs, whole, frame, table.file), frame)
    lost = np.flatnonzero(shapely.is_missing(drawn) & ~shapely.is_missing(whole)).tolist()
    left_out(table, BEYOND, lost, [extent(whole[at]) for at in lost], label)
    drawn = mend(table, drawn, label)
    kept = ~shapely.is_missing(drawn)
    if not kept.any():
        raise table.file.fault("has no outline that holds any ground.", "Export the areas again, or draw them anew.")
    return table.kept(kept), drawn[kept]


def only_polygons(table: Table, label: str | None) -> Objects:
    """The polygons of each row; None where it has none. Raise InputFaults where no row has any."""
    shapes = table.shapes()
    parts, index = single_parts(shapes)
    right = shapely.get_type_id(parts) == KINDS["Polygon"]
    has = np.isin(np.arange(len(shapes)), index[right])
    if not has.any():
        found = examples(sorted({part.geom_type for part in parts})) or "nothing"
        raise table.file.fault(f"holds no polygons; found {found}.", "Give the layer that has the outlines.")
    dropped = np.flatnonzero(~right & has[index])
    kinds = [parts[at].geom_type for at in dropped]
    left_out(table, Text("parts of areas that are no polygon"), index[dropped].tolist(), kinds, label)
    bare = np.flatnonzero(~has).tolist()
    kinds = [Text("no geometry") if shapes[at] is None else shapes[at].geom_type for at in bare]
    left_out(table, Text("areas without a polygon"), bare, kinds, label)
    result = shapes.copy()
    result[~has] = None
    for at in np.flatnonzero(has & ~np.isin(shapely.get_type_id(shapes), POLYGONS)).tolist():
        result[at] = shapely.multipolygons(parts[right & (index == at)])
    return result


def mend(table: Table, drawn: Objects, label: str | None) -> Objects:
    """Valid outlines; None where nothing is left of one.

    Raises InputFaults where mending changes an area by more than MOST_CHANGE and the user did not agree to that.
    """
    result = drawn.copy()
    mended: list[Change] = []
    beyond: list[str] = []
    flat: list[int] = []
    wrong = ~shapely.is_valid(drawn) | (shapely.area(drawn) == 0)
    for at in np.flatnonzero(wrong & ~shapely.is_missing(drawn)).tolist():
        shape = shapely.make_valid(drawn[at], method="structure", keep_collapsed=False)
        if not shape.area:
            flat.append(at)
            result[at] = None
            continue
        by = shape.area / drawn[at].area - 1 if drawn[at].area else np.inf  # the parts of a bow tie cancel out
        change = Text("its area changes by {by:+.2%}", by=by) if by < np.inf else Text("its area was 0")
        (named,), why = table.named([at], label), WHERE.sub(place, shapely.is_valid_reason(drawn[at]))
        result[at] = shape
        mended.append(Change(Text("{row}, outline", row=named), why, Text("mended: {change}", change=change)))
        if abs(by) > MOST_CHANGE:
            beyond.append(f"{named} ({why}: {change})")
    left_out(table, Text("areas of no extent"), flat, [extent(drawn[at]) for at in flat], label)
    if beyond and not table.file.agreed("mend-outlines"):
        raise table.file.fault(
            f"has {len(beyond)} areas whose outline is broken; mending it would change the area by more than "
            f"{MOST_CHANGE:.0%}: {examples(beyond)}.",
            "Draw these outlines again, e.g. in QGIS (Vector > Geometry Tools > Check Validity shows where). Or let "
            "planner mend them with --fix mend-outlines, and look at the map afterwards.",
        )
    if mended:
        file_note = Text("outlines of areas that cross or touch themselves were mended")
        table.file.note("repaired", file_note, len(mended), mended)
    return result


def place(found: re.Match[str]) -> str:
    """The place in shapely's words, to nine digits."""
    return f" at {float(found[1]):.9g}, {float(found[2]):.9g}"


def left_out(table: Table, what: Text, rows: list[int], found: Sequence[str], label: str | None) -> None:
    """Note that rows, or parts of them, are left out, each with what was found in it; nothing where there are none."""
    if rows:
        named = table.named(rows, label)
        changes = [Change(row, before, "") for row, before in zip(named, found, strict=True)]
        table.file.note("left out", Text("{what}: {examples}", what=what, examples=examples(named)), len(rows), changes)
