"""A raster is opened: by the driver of GeoTIFF alone, from this computer alone, whole, one band of it, in its place."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from pyproj import CRS
from rasterio._err import CPLE_BaseError
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.transform import rowcol
from rasterio.warp import transform_bounds
from rasterio.windows import Window, intersect

from planner.inputs.crs import reference_of
from planner.inputs.findings import File
from planner.inputs.rasters.place import check_place, unplaced
from planner.inputs.text import examples
from planner.scenario import RasterFile
from planner.types.arrays import Doubles
from planner.types.frame import Frame
from planner.types.inputs import Change
from planner.types.text import Text

GDAL = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",  # a folder of thousands of files is not listed
    "GDAL_GEOREF_SOURCES": "INTERNAL,PAM,TABFILE,WORLDFILE",  # what the file says itself, before files beside it
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",  # no file that is named in another leads to a network
}
COLOURS = {ColorInterp.red, ColorInterp.green, ColorInterp.blue}


@dataclass(frozen=True)
class Raster:
    """A GeoTIFF that is open.

    Attributes
    ----------
    crs
        The one it says itself, or else the scenario's.
    band
        The one to read.
    nodata
        The value that means no data, as the file tags it or else as the scenario says; None = none.
    """

    file: File
    source: DatasetReader
    crs: CRS
    band: int
    nodata: float | None

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the values in the file."""
        return np.dtype(str(self.source.dtypes[self.band - 1]))

    @property
    def scale(self) -> float:
        """What a value in the file is multiplied by."""
        return float(self.source.scales[self.band - 1])

    @property
    def offset(self) -> float:
        """What is then added."""
        return float(self.source.offsets[self.band - 1])

    @property
    def alpha(self) -> int:
        """The band of transparency; 0 = there is none."""
        return next((k for k, colour in enumerate(self.source.colorinterp, 1) if colour == ColorInterp.alpha), 0)

    def blocks(self, over: Frame | None = None) -> Iterator[tuple[Window, Doubles]]:
        """Every block (that may touch a frame) with its window, in the file's own values; NaN = no data."""
        seen = self.window_of(over) if over else None
        for _, window in self.source.block_windows(self.band):
            if seen and not intersect(window, seen):
                continue
            with np.errstate(invalid="ignore"):  # a no data that the type does not have, signals in damaged files
                block = self.source.read(self.band, window=window, masked=True).astype(np.float64).filled(np.nan)
            if self.nodata is not None:
                block[near(block, self.nodata)] = np.nan
            yield window, block

    def window_of(self, frame: Frame) -> Window | None:
        """The rows and columns that a frame touches; None = it may touch any, past 180 degrees."""
        west, south, east, north = transform_bounds(frame.crs, self.crs, *frame.bounds)
        if self.crs.is_geographic and (west < -180 or east > 180 or west > east):
            return None
        rows, cols = rowcol(self.source.transform, [west, east, west, east], [north, north, south, south])
        return Window.from_slices((min(rows), max(rows) + 1), (min(cols), max(cols) + 1))


def near(values: Doubles | float, value: float) -> Any:
    """Which values are this one, or what rounding has left of it on its way through other programs."""
    with np.errstate(over="ignore"):
        return np.isclose(values, value, rtol=1e-6, atol=0)


@contextmanager
def opened(file: File, layer: RasterFile, *, classes: bool = False, header_only: bool = False) -> Iterator[Raster]:
    """Open a raster; whatever is wrong with it, now or while it is read, becomes a fault.

    `classes`: its values are codes of classes, which may have colours, and are not scaled. `header_only`: its values
    are not read, so that they may be missing.
    """
    try:
        with warnings.catch_warnings(), rasterio.Env(**GDAL):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            # The driver is fixed: a VRT with the name of a TIFF could read any other file.
            with rasterio.open(file.path, driver="GTiff") as source:
                own = CRS.from_wkt(source.crs.to_wkt()) if source.crs else None
                crs = reference_of(file, own if own and (own.is_geographic or own.is_projected) else None)
                if crs is None or source.transform == Affine.identity():
                    raise file.fault(*unplaced(source))
                check_place(file, source, crs)
                band = band_of(file, source, layer.band, classes)
                raster = Raster(file, source, crs, band, nodata_said(file, source.nodatavals[band - 1], layer.nodata))
                if not header_only:
                    check_blocks(raster)
                tell_scale(raster, classes)
                yield raster
    except (RasterioError, CPLE_BaseError, OSError) as error:
        why = str(error.__cause__ or error).rstrip(".")
        raise file.fault(
            f"cannot be read as a GeoTIFF: {why}.", "Export it as a GeoTIFF, or download it again; it may be cut short."
        ) from error


def band_of(file: File, source: DatasetReader, said: int | None, classes: bool) -> int:
    """The band to read: the one that is said, else the only one; a picture has none."""
    colours = source.colorinterp
    if set(colours) >= COLOURS or (ColorInterp.palette in colours and not classes):
        raise file.fault(
            "is a picture: its values are colours, not numbers.",
            "Give the raster that the picture was made from, as a GeoTIFF of one band of numbers.",
        )
    bands = [band for band, colour in enumerate(colours, 1) if colour != ColorInterp.alpha]
    names = [f"{band} {source.descriptions[band - 1] or ''}".strip() for band in bands]
    if said is None and len(bands) == 1:
        said = bands[0]
    if said is None:
        raise file.fault(
            f"has {len(bands)} bands: {examples(names, most=20)}.",
            "Say which one to read, in the section of this file: band = 1.",
        )
    if said not in bands:
        raise file.fault(f"has no band {said}; it has {examples(names, most=20)}.", "Correct band in the scenario.")
    if "complex" in source.dtypes[said - 1]:
        raise file.fault("holds complex numbers, as radar images do.", "Give a raster of plain numbers.")
    return said


def nodata_said(file: File, own: float | None, said: float | None) -> float | None:
    """The value that means no data: the file's tag, else the scenario's; a fault where they are two."""
    if said is None or own == said:
        return None if own is None else float(own)
    if own is not None:
        raise file.fault(
            f"says itself that {own:g} means no data; nodata = {said:g} in the scenario is another value.",
            "Take nodata out of the scenario, or correct the file.",
        )
    change = Change(Text("value that means no data"), Text("none"), f"{said:g}")
    file.note("repaired", Text("says no value for no data: the scenario's is used"), changes=[change])
    return said


def check_blocks(raster: Raster) -> None:
    """Raise InputFaults where blocks lie beyond the file's end, or were never written: they would be read as 0."""
    source, file = raster.source, raster.file
    height, width = source.block_shapes[raster.band - 1]
    down, across = -(-source.height // height), -(-source.width // width)
    missing = end = 0
    for row in range(down):
        for col in range(across):
            offset, size = (
                source.get_tag_item(f"BLOCK_{what}_{col}_{row}", "TIFF", bidx=raster.band)
                for what in ("OFFSET", "SIZE")
            )
            missing += offset is None
            end = max(end, int(offset or 0) + int(size or 0))
    there = file.path.stat().st_size
    if end > there:
        raise file.fault(
            f"is cut short: it should have at least {end:,} bytes, and has {there:,}.", "Copy or download it again."
        )
    if missing and not file.agreed("empty-blocks"):
        raise file.fault(
            f"lacks {missing:,} of its {down * across:,} blocks: the program that wrote it was stopped, or leaves out "
            "blocks without data.",
            "Make or download it again; if blocks without data are left out on purpose, agree with --fix empty-blocks.",
        )
    if missing:
        file.note(
            "repaired", Text("blocks that were never written hold no data, or 0 where no value is tagged so"), missing
        )


def tell_scale(raster: Raster, classes: bool) -> None:
    """Note the scale and offset that the file says; a fault where the values are codes."""
    if (raster.scale, raster.offset) == (1.0, 0.0):
        return
    said = Text("scale {scale:g} and offset {offset:g}", scale=raster.scale, offset=raster.offset)
    if classes:
        raise raster.file.fault(f"has a {said}: its values are no codes of classes.", "Give a raster of classes.")
    raster.file.note(
        "repaired", Text("the file's {said} were applied", said=said), raster.source.width * raster.source.height
    )
