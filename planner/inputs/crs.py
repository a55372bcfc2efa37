"""The coordinate reference system of a file: its own, else the scenario's, else degrees where features fit."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from planner.inputs.findings import File
from planner.types.arrays import Objects
from planner.types.frame import Frame
from planner.types.inputs import Change
from planner.types.text import Text

DEGREES = CRS("EPSG:4326")
MOST_DEGREES = 360, 90, 360, 90  # of a box


def reference_of(file: File, own: CRS | None) -> CRS | None:
    """The CRS that the file says itself (`own`), else the scenario's; None where neither says one.

    Raises InputFaults where the scenario says one that is none, or another than the file.
    """
    if not file.crs:
        return own if own is None else of_the_earth(own, file)
    try:
        said = of_the_earth(CRS.from_user_input(file.crs), file)
    except CRSError:
        raise file.fault(
            f'crs = "{file.crs}" is no coordinate reference system.', 'Write its code, such as crs = "EPSG:4326".'
        ) from None
    if own is None:
        change = Change(Text("coordinate reference system"), Text("none"), f"{file.crs} ({said.name})")
        file.note("repaired", Text("says no coordinate reference system: the scenario's is used"), changes=[change])
        return said
    if not own.equals(said, ignore_axis_order=True):
        raise file.fault(
            f'says its coordinate reference system itself, {own.name}; crs = "{file.crs}" ({said.name}) is another.',
            "Take crs out of the scenario. If the file is wrong about itself, correct the file: "
            f"gdal_edit.py -a_srs {file.crs} FILE for a raster, in QGIS Layer > Set CRS and export for others.",
        )
    return own


def of_the_earth(crs: CRS, file: File) -> CRS:
    """The CRS as it is. Raise InputFaults where it does not lead to longitude and latitude, such as one of the Moon."""
    try:
        Transformer.from_crs(crs, DEGREES, always_xy=True)
    except ProjError:
        raise file.fault(
            f"is in a coordinate reference system that leads to no place on the Earth ({crs.name}).",
            "Set the system that its coordinates are in: in QGIS Layer > Set CRS, then export.",
        ) from None
    return crs


def known_crs(crs: CRS | None, geometry: Objects, frame: Frame, file: File) -> CRS:
    """The CRS of features: `crs`, or degrees where the file says none but lies on the raster as degrees.

    Raises InputFaults where it says none and does not lie there, or where nothing can be in the CRS that it says.
    """
    each = np.abs(shapely.bounds(geometry))
    placed = np.count_nonzero(~np.isnan(each[:, 0]))
    beyond = np.count_nonzero((each > MOST_DEGREES).any(axis=1))
    if not placed or (crs is not None and (beyond < placed if crs.is_geographic else beyond)):
        return crs or DEGREES
    west, south, east, north = shapely.total_bounds(geometry)
    extent = f"{west:.9g}, {south:.9g} (west, south) to {east:.9g}, {north:.9g} (east, north)"
    if crs is not None:
        unit, not_so = ("degrees", "are no degrees") if crs.is_geographic else ("metres", "look like degrees")
        raise file.fault(
            f"says that it is in {unit} ({crs.name}), but its coordinates run from {extent}, which {not_so}.",
            "Set the system that they are in: in QGIS Layer > Set CRS, then export. For GeoJSON without a crs of its "
            'own, say it in the scenario, in the section of this file: crs = "EPSG:32636" for zone 36 of UTM, north.',
        )
    to_degrees = Transformer.from_crs(frame.pyproj_crs, DEGREES, always_xy=True)
    left, bottom, right, top = to_degrees.transform_bounds(*frame.bounds)
    over = any(west + turn <= right and east + turn >= left for turn in (0, 360, -360))
    if beyond or not over or south > top or north < bottom:
        looks = "are no degrees" if beyond else "look like degrees, but lie far from the population raster"
        raise file.fault(
            f"says no coordinate reference system; its coordinates run from {extent}, which {looks}.",
            'Say it in the scenario, in the section of this file: crs = "EPSG:32636" for zone 36 of UTM, north. Or set '
            "it in QGIS: Layer > Set CRS, then export.",
        )
    change = Change(Text("coordinate reference system"), Text("none"), f"EPSG:4326 ({DEGREES.name})")
    file.note(
        "repaired",
        Text(
            "says no coordinate reference system: taken as longitude and latitude, since its coordinates, "
            "{extent}, are degrees on the population raster",
            extent=extent,
        ),
        changes=[change],
    )
    return DEGREES
