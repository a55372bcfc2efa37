"""Rasters: people define the frame and are never resampled; elevation and land cover are laid on its cells."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import rasterio
from affine import Affine
from pyproj import CRS
from rasterio._err import CPLE_BaseError
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.warp import reproject, transform_bounds

from planner.errors import Fault, InputFaults
from planner.inputs.crs import reference_of
from planner.inputs.findings import File, Findings
from planner.inputs.text import examples
from planner.scenario import Elevation, LandCover, LayerFile, Population
from planner.types.arrays import Bools, Codes, Doubles, Floats, Ints
from planner.types.frame import Frame

SENTINELS = (-99999.0, -9999.0, -3.4028234663852886e38)  # written as "no data" by common tools, often without the tag
MOST_PEOPLE = 1e9  # in one cell: above it the value is no count
LOWEST, HIGHEST = -500.0, 9000.0  # metres: the Dead Sea's shore lies at about -430, Everest at 8849
WARP_MEGABYTES = 64


@dataclass(frozen=True)
class Raster:
    """A GeoTIFF that is open; ``crs`` is the one it says itself, or else the scenario's."""

    file: File
    source: DatasetReader
    crs: CRS


@contextmanager
def opened(file: File) -> Iterator[Raster]:
    """A georeferenced GeoTIFF of one band; whatever goes wrong while it is read becomes a fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            # The driver is fixed: a VRT with the name of a TIFF could read any other file.
            source = rasterio.open(file.path, driver="GTiff")
        with source:
            if source.count != 1:
                raise file.fault(f"has {source.count} bands, expected 1.", "Write the band you mean to its own file.")
            crs = reference_of(file, CRS.from_wkt(source.crs.to_wkt()) if source.crs else None)
            if crs is None or source.transform == Affine.identity():
                raise file.fault(*unplaced(source))
            yield Raster(file, source, crs)
    except (RasterioError, CPLE_BaseError, OSError) as error:
        why = str(error.__cause__ or error).rstrip(".")
        raise file.fault(
            f"cannot be read as a GeoTIFF: {why}.", "Export or download it again; it may be cut short."
        ) from error


def unplaced(source: DatasetReader) -> tuple[str, str]:
    """What a file lacks that does not say where on the earth it lies, and the way out."""
    west, south, east, north = source.bounds
    if source.transform == Affine.identity():
        return (
            f"does not say where on the earth its {source.width} x {source.height} cells lie: it has no position.",
            "Export it again as a GeoTIFF with its position; a picture of a map has none.",
        )
    looks, example = "metres", 'crs = "EPSG:32636" for zone 36 of UTM, north'
    if max(abs(west), abs(east)) <= 360 and max(abs(south), abs(north)) <= 90:
        looks, example = "degrees", 'crs = "EPSG:4326"'
    return (
        f"says no coordinate reference system. It has {source.width} x {source.height} cells of "
        f"{source.transform.a:g} x {abs(source.transform.e):g} from {west:.9g}, {south:.9g} (west, south) to "
        f"{east:.9g}, {north:.9g} (east, north), which look like {looks}.",
        f"Say it in the scenario, in the section of this file: {example}.",
    )


def frame_of(raster: Raster) -> tuple[Frame, bool]:
    """The cells of a raster as a frame, and whether its rows run from south to north."""
    source, file, crs = raster.source, raster.file, raster.crs
    t = source.transform
    if t.b or t.d or t.a <= 0 or not t.e:
        raise file.fault("is rotated or mirrored.", "Warp it to a north-up grid, e.g. with gdalwarp.")
    if source.width * source.height > np.iinfo(np.int32).max:
        raise file.fault(
            f"has {source.width} x {source.height} cells, more than can be counted.", "Cut it to the country."
        )
    authority = crs.to_authority(min_confidence=100)
    south_up = t.e > 0
    frame = Frame(
        crs=":".join(authority) if authority else crs.to_wkt(),
        west=t.c,
        north=t.f + t.e * source.height if south_up else t.f,
        dx=t.a,
        dy=abs(t.e),
        ny=source.height,
        nx=source.width,
    )
    check_units(frame, file)
    return frame, south_up


def check_units(frame: Frame, file: File) -> None:
    """Raise InputFaults where the CRS is neither in degrees nor in metres, or does not fit the coordinates."""
    crs, (west, south, east, north) = frame.pyproj_crs, frame.bounds
    small = max(abs(west), abs(east)) <= 360 and max(abs(south), abs(north)) <= 90
    if crs.is_geographic and not small:
        raise file.fault(
            f"says degrees ({crs.name}) but its corners are {frame.bounds}.",
            "Give it the CRS its coordinates are in.",
        )
    if crs.is_geographic:
        return
    metres = crs.is_projected and all(axis.unit_conversion_factor == 1 for axis in crs.axis_info[:2])
    if not metres:
        raise file.fault(f"has a CRS in neither degrees nor metres ({crs.name}).", "Use degrees or a metric grid.")
    if small and frame.dx < 1:
        raise file.fault(
            f"says metres ({crs.name}) but its corners look like degrees: {frame.bounds}.",
            "Give it the CRS its coordinates are in, probably EPSG:4326.",
        )


def read_frame(file: File) -> Frame:
    """Cells of a raster, by its header alone."""
    with opened(file) as raster:
        return frame_of(raster)[0]


def read_population(population: Population, findings: Findings) -> tuple[Frame, Doubles, Doubles]:
    """Frame, people and children under five a cell (float64, NaN = unknown), in cells as coarse as the scenario asks.

    Children are read from their own raster where one is given, which must have the same cells; else they are the
    scenario's share of the people.
    """
    file = findings.open("population", population)
    frame, people = read_counts(file)
    if not population.under_five_file:
        coarse, people = coarsened(frame, people, population.cell)
        return coarse, people, people * population.under_five_share
    file = findings.open("under_fives", population, population.under_five_file)
    children_frame, children = read_counts(file)
    if not same_cells(frame, children_frame):
        raise file.fault(
            f"has other cells than the population raster: {describe(children_frame)}, not {describe(frame)}.",
            'Give a raster on the same grid, or under_five_file = "" for a share of the people.',
        )
    unknown = np.isnan(children) & (people > 0)
    if unknown.any():
        file.note("warning", "cells with people but no data on children: counted as none", unknown.sum())
    more = children > people * (1 + 1e-6)
    if more.any():
        file.note("warning", "cells with more children than people", more.sum())
    coarse, people = coarsened(frame, people, population.cell)
    return coarse, people, coarsened(frame, children, population.cell)[1]


def coarsened(frame: Frame, people: Doubles, times: int) -> tuple[Frame, Doubles]:
    """Cells of `times` x `times` cells, with the sum of their people; NaN where none of them is known.

    The grid grows to whole coarse cells in the east and south.
    """
    if times == 1:
        return frame, people
    ny, nx = -(-frame.ny // times), -(-frame.nx // times)
    whole = np.full((ny * times, nx * times), np.nan)
    whole[: frame.ny, : frame.nx] = people.reshape(frame.shape)
    blocks = whole.reshape(ny, times, nx, times)
    known = np.isfinite(blocks).any(axis=(1, 3))
    sums = np.where(known, np.nansum(blocks, axis=(1, 3)), np.nan)
    coarse = replace(frame, dx=frame.dx * times, dy=frame.dy * times, ny=ny, nx=nx)
    return coarse, np.ascontiguousarray(sums.ravel())


def same_cells(a: Frame, b: Frame) -> bool:
    """Whether two frames have the same cells, to a thousandth of a cell at every corner."""
    return (
        a.shape == b.shape
        and a.pyproj_crs.equals(b.pyproj_crs, ignore_axis_order=True)
        and np.allclose(a.bounds, b.bounds, rtol=0, atol=a.dx / 1000)
    )


def describe(frame: Frame) -> str:
    """Size and corners of a frame in words."""
    west, south, east, north = frame.bounds
    return f"{frame.nx} x {frame.ny} cells from {west:.6g}, {south:.6g} to {east:.6g}, {north:.6g} ({frame.crs[:40]})"


def read_counts(file: File) -> tuple[Frame, Doubles]:
    """People a cell in flat order from the north, as float64, never resampled; NaN = no data."""
    with opened(file) as raster:
        source = raster.source
        frame, south_up = frame_of(raster)
        values = np.empty(frame.shape, np.float64)
        untagged = 0
        for _, window in source.block_windows(1):
            block = source.read(1, window=window, masked=True).astype(np.float64).filled(np.nan)
            if source.nodata is not None:
                block[np.isclose(block, source.nodata, rtol=1e-6, atol=0)] = np.nan
            for sentinel in SENTINELS if np.nanmin(block, initial=0) < 0 else ():
                found = np.isclose(block, sentinel, rtol=1e-6, atol=0)
                untagged += int(found.sum())
                block[found] = np.nan
            values[window.toslices()] = block
        scale, offset = source.scales[0], source.offsets[0]
    if (scale, offset) != (1.0, 0.0):
        values = values * scale + offset
        file.note("repaired", f"the file's scale {scale:g} and offset {offset:g} were applied", values.size)
    if untagged:
        file.note("repaired", "cells with -99999, -9999 or -3.4e38 that are not tagged: no data", untagged)
    if south_up:
        values = np.ascontiguousarray(values[::-1])
        file.note("repaired", "rows run from south to north: turned over", frame.ny)
    check_counts(values, file)
    return frame, values.ravel()


def check_counts(values: Doubles, file: File) -> None:
    """Raise InputFaults for negative, infinite or impossibly many people, and where nobody lives."""
    faults = []
    bad = (values < 0) | (values > MOST_PEOPLE)
    if bad.any():
        rows, cols = np.nonzero(bad)
        cells = zip(rows.tolist(), cols.tolist(), strict=True)
        shown = examples(f"{values[r, c]:g} in row {r + 1}, column {c + 1}" for r, c in cells)
        faults.append(
            Fault(
                file.where,
                f"has {len(rows)} cells that are no count of people: {shown}.",
                "If they mean 'no data', tag the value: gdal_edit.py -a_nodata VALUE FILE.",
            )
        )
    if not np.nansum(np.where(bad, 0.0, values)) > 0:
        faults.append(Fault(file.where, "holds no people: every cell is empty or has no data.", "Give another file."))
    if faults:
        raise InputFaults(faults)


def check_raster(role: str, layer: LayerFile, findings: Findings) -> None:
    """Raise InputFaults where a raster that is named cannot be opened."""
    if layer.file:
        with opened(findings.open(role, layer)):
            pass


def read_elevation(elevation: Elevation, frame: Frame, people: Doubles, findings: Findings) -> Floats | None:
    """Mean metres above the sea in each cell of the frame, float32; NaN = void. None where no file is given."""
    if not elevation.file:
        return None
    file = findings.open("elevation", elevation)
    with opened(file) as raster:
        metres = np.full(frame.shape, np.nan, np.float32)
        lay(raster, frame, metres, Resampling.average, nodata_of(raster))
        metres *= raster.source.scales[0]
        metres += raster.source.offsets[0]
        wild = (metres < LOWEST) | (metres > HIGHEST)
        if wild.any():
            file.note("left out", f"cells below {LOWEST:g} m or above {HIGHEST:g} m: void", wild.sum())
            metres[wild] = np.nan
        tell_gaps(raster, frame, np.isnan(metres.ravel()), people)
    return metres.ravel()


def read_land_cover(land_cover: LandCover, frame: Frame, people: Doubles, findings: Findings) -> Codes | None:
    """Most frequent class code in each cell of the frame, int16; -1 = no data. None where no file is given."""
    if not land_cover.file:
        return None
    file = findings.open("land_cover", land_cover)
    with opened(file) as raster:
        codes = np.full(frame.shape, -1, np.int32)
        lay(raster, frame, codes, Resampling.mode, nodata_of(raster))
        wrong = np.unique(codes[(codes < -1) | (codes > np.iinfo(np.int16).max)])
        if len(wrong):
            raise file.fault(f"has codes outside 0..32767: {examples(wrong)}.", "Tag them as nodata, or recode them.")
        tell_gaps(raster, frame, codes.ravel() == -1, people)
    return codes.ravel().astype(np.int16)


def lay(
    raster: Raster,
    frame: Frame,
    onto: Floats | Ints,
    how: Resampling,
    nodata: float | None,
) -> None:
    """Warp a raster onto the cells of the frame, in place and in chunks; cells without data get NaN or -1."""
    reproject(
        rasterio.band(raster.source, 1),
        onto,
        SRC_SRS=raster.crs.to_wkt(),  # `src_crs` is not heard where the source is a band
        src_nodata=nodata,
        dst_transform=Affine(*frame.gdal_transform),
        dst_crs=rasterio.crs.CRS.from_user_input(frame.crs),
        dst_nodata=np.nan if onto.dtype.kind == "f" else -1,
        resampling=how,
        warp_mem_limit=WARP_MEGABYTES,
    )


def nodata_of(raster: Raster) -> float | None:
    """The file's nodata value; without one, a known sentinel that occurs in it, or None."""
    source, file = raster.source, raster.file
    if source.nodata is not None:
        return float(source.nodata)
    sentinels = (*SENTINELS[:2], -32768.0, SENTINELS[2])
    for _, window in source.block_windows(1):
        lowest = source.read(1, window=window).min()
        for sentinel in sentinels:
            if np.isclose(lowest, sentinel, rtol=1e-6, atol=0):
                file.note("repaired", f"the value {sentinel:g} is not tagged: no data")
                return sentinel
    return None


def tell_gaps(raster: Raster, frame: Frame, missing: Bools, people: Doubles) -> None:
    """Raise InputFaults where a layer has no data on the frame at all; note the people in cells without data."""
    if missing.all():
        here, there = (
            ", ".join(f"{x:.4f}" for x in transform_bounds(crs, "EPSG:4326", *bounds))
            for crs, bounds in ((raster.crs, raster.source.bounds), (frame.crs, frame.bounds))
        )
        raise raster.file.fault(
            "has no data where the population raster is (west, south, east, north in degrees: "
            f"{here}; the population raster: {there}).",
            "Give a file that covers the same place.",
        )
    total, lost = float(np.nansum(people)), float(np.nansum(people[missing]))
    if lost > 0:
        raster.file.note("warning", f"has no data for {lost / total:.2%} of the people", lost)
