"""Elevation and land cover, laid by their coordinates on the cells of the population raster."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import Resampling
from rasterio.warp import reproject

from planner.inputs.findings import Findings
from planner.inputs.rasters.heights import mended
from planner.inputs.rasters.opening import Raster, near, opened
from planner.inputs.rasters.place import bounds_in_degrees
from planner.inputs.text import examples
from planner.scenario import Elevation, LandCover, RasterFile
from planner.types.arrays import Bools, Codes, Doubles, Floats, Ints
from planner.types.frame import Frame
from planner.types.inputs import Change
from planner.types.text import Text

SENTINELS = (-99999.0, -9999.0, -32768.0, float(np.finfo(np.float32).min))
WARP_MEGABYTES = 64


def check_raster(role: str, layer: RasterFile, findings: Findings) -> None:
    """Raise InputFaults where a raster that is named cannot be opened."""
    if layer.file:
        with opened(findings.open(role, layer), layer, classes=isinstance(layer, LandCover)):
            pass


def read_elevation(elevation: Elevation, frame: Frame, people: Doubles, findings: Findings) -> Floats | None:
    """Mean metres above the sea in each cell of the frame, float32; NaN = void. None where no file is given."""
    if not elevation.file:
        return None
    file = findings.open("elevation", elevation)
    with opened(file, elevation) as found:
        raster = tagged(found, frame)
        metres = np.full(frame.shape, np.nan, np.float32)
        lay(raster, frame, metres, Resampling.average)
        metres *= raster.scale
        metres += raster.offset
        metres = mended(metres, frame, people, file)
        tell_gaps(raster, frame, np.isnan(metres.ravel()), people)
    return metres.ravel()


def read_land_cover(land_cover: LandCover, frame: Frame, people: Doubles, findings: Findings) -> Codes | None:
    """Most frequent class code in each cell of the frame, int16; -1 = no data. None where no file is given."""
    if not land_cover.file:
        return None
    file = findings.open("land_cover", land_cover)
    with opened(file, land_cover, classes=True) as found:
        raster = tagged(found, frame)
        codes = np.full(frame.shape, -1, np.int32)
        lay(raster, frame, codes, Resampling.mode)
        wrong = np.unique(codes[(codes < -1) | (codes > np.iinfo(np.int16).max)])
        if len(wrong):
            raise file.fault(
                f"has codes outside 0..32767: {examples(wrong)}.",
                f"If one means 'no data', write nodata = {wrong[0]} under [land_cover]; else recode them.",
            )
        tell_gaps(raster, frame, codes.ravel() == -1, people)
    return codes.ravel().astype(np.int16)


def lay(raster: Raster, frame: Frame, onto: Floats | Ints, how: Resampling) -> None:
    """Warp a raster onto the cells of the frame, in place and in chunks; cells without data get NaN or -1.

    Longitudes may count on past 180 degrees, in either of the two: they are laid a full circle apart, too.
    """
    west, _, east, _ = frame.bounds
    there = raster.source.bounds
    turns = (0, -360, 360) if frame.geographic and raster.crs.is_geographic else (0,)
    for degrees in (turn for turn in turns if not turn or (there.left < east + turn and west + turn < there.right)):
        reproject(
            rasterio.band(raster.source, raster.band),
            onto,
            SRC_SRS=raster.crs.to_wkt(),  # `src_crs` is not heard where the source is a band
            src_nodata=raster.nodata,
            src_alpha=raster.alpha,
            dst_transform=Affine(*replace(frame, west=west + degrees).gdal_transform),
            dst_crs=rasterio.crs.CRS.from_user_input(frame.crs),
            dst_nodata=np.nan if onto.dtype.kind == "f" else -1,
            resampling=how,
            warp_mem_limit=WARP_MEGABYTES,
            init_dest_nodata=False,
        )


def tagged(raster: Raster, frame: Frame) -> Raster:
    """The raster with its value for no data: where none is tagged, a sentinel that it has here, or else NaN."""
    if raster.nodata is not None:
        return raster
    lowest = min((float(np.nanmin(block, initial=0)) for _, block in raster.blocks(frame)), default=0.0)
    for sentinel in SENTINELS if lowest < 0 else ():
        if near(lowest, sentinel):
            change = Change(Text("value that means no data"), Text("none"), f"{sentinel:g}")
            raster.file.note(
                "repaired", Text("has a value that means no data, without being tagged so"), changes=[change]
            )
            return replace(raster, nodata=sentinel)
    return replace(raster, nodata=np.nan) if raster.dtype.kind == "f" else raster


def tell_gaps(raster: Raster, frame: Frame, missing: Bools, people: Doubles) -> None:
    """Raise InputFaults where a layer has no data on the frame at all; note the people in cells without data."""
    if missing.all():
        raise raster.file.fault(
            "has no data where the population raster is (west, south, east, north in degrees: "
            f"{bounds_in_degrees(raster.crs, raster.source.bounds)}; the population raster: "
            f"{bounds_in_degrees(frame.pyproj_crs, frame.bounds)}).",
            "Give a file that covers the same place.",
        )
    total, lost = float(np.nansum(people)), float(np.nansum(people[missing]))
    if lost > 0:
        raster.file.note("warning", Text("has no data for {share:.2%} of the people", share=lost / total), lost)
