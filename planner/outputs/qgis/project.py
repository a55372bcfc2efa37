"""A QGIS project that opens with every layer and raster of the run folder, in groups, styled."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

import numpy as np
import shapely
from pyproj import Transformer

from planner.outputs.language import say
from planner.outputs.overlay import lonlat_bounds
from planner.outputs.qgis.elements import element, text_of
from planner.outputs.qgis.layout import Entry, layout
from planner.outputs.qgis.rasters import pipe, raster_styles
from planner.outputs.qgis.styles import Style, layer_styles, parts, pin, water
from planner.types.results import Plan

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
MAP_CRS = "EPSG:3857"  # the map's own: shapes are true, and QGIS measures on the ellipsoid
NUMBERS = {"EPSG:3857": "3857", "EPSG:4326": "3452"}  # of reference systems, in QGIS's own list
VECTOR, RASTER = "plan_layer_", "plan_raster_"
MARGIN = 0.03  # of the extent, round what is shown at first
GEOMETRIES = {0: "Point", 1: "Line", 2: "Polygon"}
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold


@dataclass(frozen=True)
class Shown:
    """A layer of the project: its id and title, whether it is drawn at first, and its element.

    QGIS gives a new id to a layer whose id has ten signs or less, and then does not find it in the tree.
    """

    key: str
    title: str
    shown: bool
    drawn: Element


def write_project(plan: Plan, named: Mapping[str, GeoDataFrame], path: Path) -> None:
    """Write the project. It names the files beside it only, so that the folder can be moved.

    Parameters
    ----------
    plan
        The plan.
    named
        Its layers, as they stand in layers.gpkg; those without a feature are left out.
    path
        Where the .qgz shall stand.
    """
    text = DOCTYPE + text_of(_project(plan, named))
    written = zipfile.ZipInfo(f"{path.stem}.qgs", EPOCH)
    written.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(written, text)


def _project(plan: Plan, named: Mapping[str, GeoDataFrame]) -> Element:
    groups = _groups(plan, named)
    entries = [entry for _, own in groups for entry in own]
    extent = _extent(plan, named)
    title = plan.scenario.title
    tree = element("layer-tree-group", {}, [_group(name, own) for name, own in groups if own])
    canvas = element(
        "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": 1},
        [element("units", text="meters"), _box("extent", extent), _crs("destinationsrs", MAP_CRS)],
    )  # fmt: skip
    children = [
        element("homePath", {"path": ""}),
        element("title", text=title),
        _crs("projectCrs", MAP_CRS),
        tree,
        canvas,
        element("projectlayers", {}, [entry.drawn for entry in entries]),
        element("layerorder", {}, [element("layer", {"id": entry.key}) for entry in entries]),
        element("properties", {}, [
            element("SpatialRefSys", {}, [element("ProjectionsEnabled", {"type": "int"}, text="1")]),
            element("Paths", {}, [element("Absolute", {"type": "bool"}, text="false")]),
            element("Measurement", {}, [element("DistanceUnits", {"type": "QString"}, text="kilometers")]),
            element("Measure", {}, [element("Ellipsoid", {"type": "QString"}, text="EPSG:7030")]),
        ]),
        element("ProjectViewSettings", {"UseProjectScales": 0}, [
            element("DefaultViewExtent", dict(zip(("xmin", "ymin", "xmax", "ymax"), map(repr, extent), strict=True)),
                    [_crs("spatialrefsys", MAP_CRS, bare=True)]),
        ]),
        element("Layouts", {}, [layout(plan, extent, _legend(plan, entries))]),
    ]  # fmt: skip
    return element("qgis", {"version": "3.22.0", "projectname": title}, children)


def _groups(plan: Plan, named: Mapping[str, GeoDataFrame]) -> list[tuple[str, list[Shown]]]:
    """Layers by group, from the topmost down."""

    def entries(*names: str, shown: tuple[str, ...] = ()) -> list[Shown]:
        return [_vector(name, named[name], layer_styles(name, _tiers(named))[0], name in shown)
                for name in names if len(named[name])]  # fmt: skip

    lines, polygons = _by_dimension(named["water"])
    both = [("lines", "LineString", lines), ("polygons", "Polygon", polygons)]
    waters = [_vector("water", frame, water(shapes), True, f"|geometrytype={kind}") for shapes, kind, frame in both
              if len(frame)]  # fmt: skip
    areas = named["areas"]
    cover = [_vector("areas", areas, style, k == 0, key=f"areas_{k}")
             for k, style in enumerate(layer_styles("areas")) if len(areas)]  # fmt: skip
    return [
        (say("Community health workers"), entries("posts", shown=("posts",))),
        (say("People and care"), entries("facilities", "villages", "bridges", shown=("facilities", "villages"))),
        (say("Ways and catchments"), entries("referral_routes", "supervision_rounds", "catchments")),
        (say("Areas"), cover),
        (say("Base map"), [*entries("roads", shown=("roads",)), *waters]),
        (
            say("Time to care"),
            [_raster(plan, *each, shown=k == 0) for k, each in enumerate(raster_styles(plan).items())],
        ),
    ]


def _tiers(named: Mapping[str, GeoDataFrame]) -> list[int]:
    tiers: list[int] = named["facilities"]["tier"].tolist()
    return tiers


def _by_dimension(frame: GeoDataFrame) -> tuple[GeoDataFrame, GeoDataFrame]:
    """Lines and polygons of a layer that holds both: QGIS opens them as two."""
    flat = shapely.get_dimensions(frame.geometry.to_numpy()) == 2
    return frame[~flat], frame[flat]


def _group(name: str, own: list[Shown]) -> Element:
    checked = "Qt::Checked"
    leaves = [
        element("layer-tree-layer", {"id": entry.key, "name": entry.title, "expanded": int(entry.shown),
                                     "checked": checked if entry.shown else "Qt::Unchecked"})
        for entry in own
    ]  # fmt: skip
    return element("layer-tree-group", {"name": name, "checked": checked, "expanded": 1}, leaves)


def _legend(plan: Plan, entries: list[Shown]) -> list[Entry]:
    """What the printed map shows; of a raster the classes only, not what its band is called."""
    classes = ",".join(str(k + 1) for k in range(len(plan.scenario.reach.thresholds) + 1))
    return [
        Entry(
            each.key,
            each.title,
            classes if each.key.startswith(RASTER) else "",
            pin(stands=False) if each.key == f"{VECTOR}posts" else None,
        )
        for each in entries
        if each.shown
    ]


def _vector(name: str, frame: GeoDataFrame, style: Style, shown: bool, more: str = "", key: str = "") -> Shown:
    fields = [str(field) for field in frame.columns if field != "geometry"]
    kind = GEOMETRIES[int(shapely.get_dimensions(frame.geometry.to_numpy()).max())]
    key = f"{VECTOR}{key or name}{more and '_' + kind.lower()}"
    children = [
        element("id", text=key),
        element("datasource", text=f"./layers.gpkg|layername={name}{more}"),
        element("layername", text=style.name),
        _crs("srs", "EPSG:4326"),
        element("provider", {"encoding": "UTF-8"}, text="ogr"),
        *parts(style, fields),
    ]
    attributes = {"type": "vector", "geometry": kind, "labelsEnabled": int(style.labels is not None),
                  "readOnly": 0, "autoRefreshEnabled": 0}  # fmt: skip
    return Shown(key, style.name, shown, element("maplayer", attributes, children))


def _raster(plan: Plan, name: str, told: tuple[str, Element], *, shown: bool) -> Shown:
    title, renderer = told
    key = f"{RASTER}{name}"
    children = [
        element("id", text=key),
        element("datasource", text=f"./rasters/{name}.tif"),
        element("layername", text=title),
        element("srs", {}, [element("spatialrefsys", {}, [element("wkt", text=plan.land.frame.pyproj_crs.to_wkt())])]),
        element("provider", text="gdal"),
        pipe(renderer),
    ]
    return Shown(key, title, shown, element("maplayer", {"type": "raster"}, children))


def _crs(tag: str, code: str, *, bare: bool = False) -> Element:
    """A reference system by its code; QGIS looks up the rest."""
    system = [element("srsid", text=NUMBERS[code]), element("authid", text=code)]
    return element(tag, {}, system if bare else [element("spatialrefsys", {}, system)])


def _box(tag: str, extent: tuple[float, float, float, float]) -> Element:
    sides = zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True)
    return element(tag, {}, [element(name, text=repr(value)) for name, value in sides])


def _extent(plan: Plan, named: Mapping[str, GeoDataFrame]) -> tuple[float, float, float, float]:
    """West, south, east, north of the areas, or of all cells where there are none, in the map's metres."""
    areas = named["areas"]
    bounds = areas.total_bounds.tolist() if len(areas) else lonlat_bounds(plan.land.frame)
    shown = Transformer.from_crs("EPSG:4326", MAP_CRS, always_xy=True).transform_bounds(*bounds)
    west, south, east, north = (round(value, 3) for value in shown)
    margin = round(MARGIN * float(np.hypot(east - west, north - south)), 3)
    return west - margin, south - margin, east + margin, north + margin
