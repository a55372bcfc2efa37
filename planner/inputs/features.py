"""Features of GeoPackage and GeoJSON: attributes as text, geometry on the frame's CRS."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS, Transformer

from planner.inputs.findings import File
from planner.inputs.table import Table
from planner.inputs.text import as_text, did_you_mean
from planner.types.arrays import Objects
from planner.types.frame import Frame

SUFFIXES = (".gpkg", ".geojson", ".json")


def is_features(path: Path) -> bool:
    """Whether a file is one of the formats read here, by its name."""
    return path.suffix.lower() in SUFFIXES


def read_features(file: File, layer: str, *, first: bool = False) -> Table:
    """Table of a layer ("" = the only one, or the first one where `first`), with its geometry and CRS."""
    check_magic(file)
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(file.path) if kind is not None]
        name = layer or (layers[0] if layers and (first or len(layers) == 1) else "")
        if name not in layers:
            said = f'no layer "{layer}"' if layer else f"{len(layers)} layers with geometry"
            raise file.fault(
                f"has {said}; found {', '.join(layers) or 'none'}.",
                did_you_mean(layer, layers) or "Name the layer in the scenario.",
            )
        frame = pyogrio.read_dataframe(file.path, layer=name, datetime_as_string=True)
    except (DataSourceError, DataLayerError, shapely.errors.GEOSException, ValueError) as error:
        raise file.fault(f"cannot be read: {error}.", "Export it again as GeoPackage or GeoJSON.") from error
    if "geometry" not in frame or frame.crs is None:
        raise file.fault("has no coordinate reference system.", "Set it, e.g. in QGIS: Layer > Set CRS.")
    attributes = frame.drop(columns="geometry")
    return Table(
        file,
        tuple(str(column) for column in attributes.columns),
        tuple([as_text(value) for value in attributes[column].array] for column in attributes.columns),
        range(1, len(frame) + 1),
        np.asarray(frame.geometry.array, object),
        frame.crs,
    )


def check_magic(file: File) -> None:
    """Raise InputFaults where the content is not what the name says: GDAL would open other formats, and other files."""
    with file.path.open("rb") as content:
        start = content.read(64)
    if file.path.suffix.lower() == ".gpkg":
        good = start.startswith(b"SQLite format 3\0")
    else:
        good = start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    if not good:
        raise file.fault(f"is no {file.path.suffix} file by its content.", "Export it again as GeoPackage or GeoJSON.")


def project(geometry: Objects, crs: Any, frame: Frame) -> Objects:
    """Two-dimensional geometries in the frame's CRS; points that cannot be projected become inf."""
    flat = shapely.force_2d(geometry)
    source = CRS.from_user_input(crs)
    if source.equals(frame.pyproj_crs, ignore_axis_order=True):
        return np.asarray(flat, np.object_)
    transformer = Transformer.from_crs(source, frame.pyproj_crs, always_xy=True)
    onto = cast(Any, transformer.transform)  # the stubs of shapely know only the interleaved form
    return np.asarray(shapely.transform(flat, onto, interleaved=False), np.object_)


def on_frame(
    geometry: Objects, crs: Any, frame: Frame, kinds: tuple[str, ...], file: File
) -> tuple[Objects, npt.NDArray[np.intp]]:
    """Single parts in the frame's CRS that touch the frame, and the feature that each came from.

    `kinds` are the shapely geometry types to keep; others, missing, zero-length and far features become notes. Features
    are kept whole, not cut at the frame's edge.
    """
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    if empty.any():
        file.note("left out", "features without geometry", empty.sum())
    parts, index = shapely.get_parts(geometry, return_index=True)
    right = np.isin([part.geom_type for part in parts], kinds)
    if not right.all():
        file.note("left out", f"parts that are no {' or '.join(kinds)}", (~right).sum())
    if len(parts) and not right.any():
        raise file.fault(f"holds no {' or '.join(kinds)}.", "Give the layer that has them.")
    parts, index = parts[right], index[right]
    parts = project(parts, crs, frame)
    pointlike = shapely.length(parts) == 0
    if pointlike.any():
        file.note("left out", "lines of no length", pointlike.sum())
    box = shapely.box(*frame.bounds)
    shapely.prepare(box)
    finite = np.isfinite(shapely.bounds(parts)).all(axis=1) if len(parts) else np.zeros(0, np.bool_)
    near = finite & ~pointlike
    near[near] = shapely.intersects(box, parts[near])
    far = int((~near & ~pointlike).sum())
    if far:
        file.note("info", "features that do not touch the population raster", far)
    return parts[near], index[near]
