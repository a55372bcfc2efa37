"""Travel time as a picture that lies exactly under the vectors of a web map.

A web map stretches a picture evenly between its corners in Web Mercator; the cells of the grid are even in degrees or
in metres of another projection. So the classes (never people) are warped to Web Mercator first, each pixel taking the
class of the cell under its centre.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.transform import Affine
from rasterio.warp import reproject

from planner.outputs.palette import NO_WAY, TimeClass, rgb
from planner.types.arrays import Bytes, Doubles, Floats
from planner.types.frame import Frame
from planner.types.land import Land

# EPSG:3857, with longitudes that count on past 180 degrees (over)
MERCATOR = "+proj=merc +a=6378137 +b=6378137 +units=m +nadgrids=@null +wktext +over +no_defs"
MOST_PIXELS = 10_000_000  # of one picture: a browser holds four bytes for each
SCREEN_PIXELS = 2000  # of the longer side at least: a cell's edge is sharp on a screen that shows the whole picture
NOTHING = 0


def travel_time_png(land: Land, minutes: Floats, classes: Sequence[TimeClass]) -> bytes:
    """`travel_time_picture` as PNG."""
    out = io.BytesIO()
    travel_time_picture(land, minutes, classes).save(out, "PNG", optimize=True)
    return out.getvalue()


def travel_time_picture(land: Land, minutes: Floats, classes: Sequence[TimeClass]) -> Image.Image:
    """Picture of travel time in Web Mercator, north at the top; transparent where nobody walks.

    ``minutes`` has a value a cell; inf = no way, drawn in grey on land that is open to walkers.
    """
    picture = Image.fromarray(mercator(land.frame, cell_classes(land, minutes, classes)))
    colours = [(0, 0, 0), *(rgb(entry.colour) for entry in classes), rgb(NO_WAY)]
    picture.putpalette(list(chain.from_iterable(colours)))
    picture.info["transparency"] = NOTHING
    return picture


def cell_classes(land: Land, minutes: Floats, classes: Sequence[TimeClass]) -> Bytes:
    """Class of each cell: 0 = closed to walkers, 1 … the classes in turn, and one more for "no way"."""
    limits = np.array([entry.upto for entry in classes[:-1]])
    code = 1 + np.searchsorted(limits, minutes, side="left")
    code[np.isinf(minutes)] = len(classes) + 1
    code[np.isinf(land.pace)] = NOTHING
    return code.astype(np.uint8)


def mercator(frame: Frame, codes: Bytes) -> Bytes:
    """Codes of the cells (flat), warped to Web Mercator: the nearest cell's code, 0 beyond the frame."""
    transform, (height, width) = picture_grid(frame)
    out = np.zeros((height, width), np.uint8)
    reproject(
        codes.reshape(frame.shape),
        out,
        src_transform=Affine(*frame.gdal_transform),
        src_crs=frame.crs,
        dst_transform=transform,
        dst_crs=MERCATOR,
        resampling=Resampling.nearest,
        init_dest_nodata=True,
    )
    return out


def picture_grid(frame: Frame) -> tuple[Affine, tuple[int, int]]:
    """Pixels of the picture in Web Mercator: from the frame's north-west corner, over all of it; rows and columns.

    Pixels are at most half as wide as a cell, so that no edge moves by more than a quarter of one; wider only where
    the picture would have too many. They are square: a browser that scales both ways differently draws the rows in
    wrong places (Chromium does, for sharp pictures that it moves on the graphics card).
    """
    to_mercator = Transformer.from_crs(frame.pyproj_crs, MERCATOR, always_xy=True)
    west, south, east, north = to_mercator.transform_bounds(*frame.bounds, densify_pts=21)
    width, height = east - west, north - south
    fine = min(width / frame.nx / 2, height / frame.ny / 2, max(width, height) / SCREEN_PIXELS)
    side = max(fine, math.sqrt(width * height / MOST_PIXELS))
    columns, lines = (math.ceil(round(metres / side, 6)) for metres in (width, height))
    return Affine(side, 0.0, west, 0.0, -side, north), (lines, columns)


def mercator_bounds(frame: Frame) -> tuple[float, float, float, float]:
    """West, south, east, north of the picture in Web Mercator metres: the frame's, and up to a pixel south and east."""
    transform, (lines, columns) = picture_grid(frame)
    west, north, side = transform.c, transform.f, transform.a
    return west, north - lines * side, west + columns * side, north


def lonlat_bounds(frame: Frame) -> tuple[float, float, float, float]:
    """West, south, east, north of the picture in degrees: its corners on the map."""
    west, south, east, north = mercator_bounds(frame)
    to_degrees = Transformer.from_crs(MERCATOR, "EPSG:4326", always_xy=True)
    (west, east), (south, north) = to_degrees.transform([west, east], [south, north])
    return west, south, east, north


def pixels(frame: Frame, size: tuple[int, int], x: Doubles, y: Doubles, crs: object) -> Doubles:
    """Where places lie in a picture of the frame that is `size` pixels wide and high: columns and rows, ``(n, 2)``."""
    west, south, east, north = mercator_bounds(frame)
    x, y = Transformer.from_crs(crs, MERCATOR, always_xy=True).transform(x, y)
    return np.column_stack([(x - west) / (east - west) * size[0], (north - y) / (north - south) * size[1]])


def outlines(frame: Frame, size: tuple[int, int], shapes: npt.NDArray[np.object_], crs: object) -> list[str]:
    """Rings of polygons as paths of SVG in such a picture, simplified to half a pixel."""
    drawn = shapely.transform(shapes, lambda xy: pixels(frame, size, xy[:, 0], xy[:, 1], crs))
    rings = shapely.get_rings(shapely.get_parts(shapely.simplify(drawn, 0.5, preserve_topology=False)))
    return ["M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring).tolist()) for ring in rings]
