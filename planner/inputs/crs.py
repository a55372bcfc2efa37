"""The coordinate reference system of a file: its own, or the one that the scenario says where the file says none."""

from __future__ import annotations

from pyproj import CRS
from pyproj.exceptions import CRSError

from planner.inputs.findings import File
from planner.types.inputs import Change


def reference_of(file: File, own: CRS | None) -> CRS | None:
    """The CRS that the file says itself (`own`), else the scenario's; None where neither says one.

    Raises InputFaults where the scenario says one that is none, or another than the file.
    """
    if not file.crs:
        return own
    try:
        said = CRS.from_user_input(file.crs)
    except CRSError:
        raise file.fault(
            f'crs = "{file.crs}" is no coordinate reference system.', 'Write its code, such as crs = "EPSG:4326".'
        ) from None
    if own is None:
        change = Change("coordinate reference system", "none", f"{file.crs} ({said.name})")
        file.note("repaired", "says no coordinate reference system: the scenario's is used", changes=[change])
        return said
    if not own.equals(said, ignore_axis_order=True):
        raise file.fault(
            f'says its coordinate reference system itself, {own.name}; crs = "{file.crs}" ({said.name}) is another.',
            "Take crs out of the scenario. If the file is wrong about itself, correct the file: "
            f"gdal_edit.py -a_srs {file.crs} FILE for a raster, in QGIS Layer > Set CRS and export for others.",
        )
    return own
