"""Where a raster lies on the earth, and whether the reference system that it says can be true."""

from __future__ import annotations

import math

from affine import Affine
from pyproj import CRS, Transformer
from rasterio.io import DatasetReader

from planner.inputs.findings import File

LARGEST_DEGREES = 360.01, 90.01  # a corner may be rounded
BESIDE_DEGREES = 6.0  # one UTM zone serves a country that reaches into its neighbours
DEGREES_CELL = 0.5  # cells of fewer units than this, with corners like degrees, are degrees


def unplaced(source: DatasetReader) -> tuple[str, str]:
    """What a file lacks that does not say where on the earth it lies, and the way out."""
    if source.transform == Affine.identity():
        return (
            f"does not say where on the earth its {source.width} x {source.height} cells lie: it has no position.",
            "Export it again as a GeoTIFF with its position; a picture of a map has none.",
        )
    looks, example = "metres", 'crs = "EPSG:32636" for zone 36 of UTM, north'
    if like_degrees(source):
        looks, example = "degrees", 'crs = "EPSG:4326"'
    return (
        f"says no coordinate reference system. It has {source.width} x {source.height} cells of "
        f"{source.transform.a:g} x {abs(source.transform.e):g} from {corners(source)}, which look like {looks}.",
        f"Say it in the scenario, in the section of this file: {example}.",
    )


def check_place(file: File, source: DatasetReader, crs: CRS) -> None:
    """Raise InputFaults where the rows do not run from west to east, or the coordinates cannot be those of the CRS."""
    t = source.transform
    if t.b or t.d or t.a <= 0 or not t.e:
        raise file.fault("is rotated or mirrored.", "Give the raster as it was published, north up.")
    way_out = "Assign the right one to the file, in QGIS: Raster > Projections > Assign Projection"
    if file.crs:
        way_out = f'Correct crs = "{file.crs}" in the scenario'
    if crs.is_geographic and not like_degrees(source):
        raise file.fault(
            f"says degrees ({crs.name}), but its corners are {corners(source)}, which look like metres.",
            f"{way_out}: probably a UTM zone or a national grid.",
        )
    if not crs.is_geographic and like_degrees(source) and t.a < DEGREES_CELL:
        raise file.fault(
            f"says metres ({crs.name}), but its corners are {corners(source)}, which look like degrees.",
            f"{way_out}: probably EPSG:4326, degrees.",
        )
    west, south, east, north = source.bounds
    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform((west + east) / 2, (south + north) / 2)
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise file.fault(
            f"lies nowhere on the earth in {crs.name}: its corners are {corners(source)}.",
            f"{way_out}: probably a UTM zone or a national grid.",
        )
    if away := degrees_outside(crs, lon, lat):
        raise file.fault(
            f"would lie around longitude {lon:.2f}, latitude {lat:.2f} in {crs.name}, {away:.0f} degrees outside the "
            f"area that this reference system is made for; its corners are {corners(source)}.",
            f"{way_out}: probably a UTM zone or a national grid.",
        )


def like_degrees(source: DatasetReader) -> bool:
    """Whether the corners could be degrees."""
    west, south, east, north = source.bounds
    x, y = LARGEST_DEGREES
    return bool(max(abs(west), abs(east)) <= x and max(abs(south), abs(north)) <= y)


def corners(source: DatasetReader) -> str:
    """The corners in words, in the raster's own units."""
    west, south, east, north = source.bounds
    return f"{west:.9g}, {south:.9g} (west, south) to {east:.9g}, {north:.9g} (east, north)"


def degrees_outside(crs: CRS, lon: float, lat: float) -> float:
    """How far outside the area of use a place lies, beyond what is usual; 0 where it lies in it, or none is known.

    The other side of the equator counts as inside: there, a zone of UTM is as right with negative numbers.
    """
    code = crs.to_authority(min_confidence=100)  # what a GeoTIFF says of its reference system has no area
    area = CRS.from_authority(*code).area_of_use if code else crs.area_of_use
    if area is None:
        return 0.0
    width = (area.east - area.west) % 360 or 360.0
    past = (lon - area.west) % 360
    beside = 0.0 if past <= width else min(past - width, 360 - past)
    above = min(max(area.south - sign * lat, sign * lat - area.north, 0.0) for sign in (-1, 1))
    away = max(beside, above)
    return away if away > BESIDE_DEGREES else 0.0


def bounds_in_degrees(crs: CRS, bounds: tuple[float, float, float, float]) -> str:
    """West, south, east and north in degrees, for messages that compare two places."""
    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return ", ".join(f"{degrees:.4f}" for degrees in to_degrees.transform_bounds(*bounds))
