"""The cells of the population raster: the frame that everything is laid on, and how distances are measured on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.inputs.findings import File
from planner.inputs.rasters.opening import Raster, opened
from planner.scenario import Population
from planner.types.arrays import Doubles
from planner.types.frame import Frame
from planner.types.text import Text

SMALLEST, LARGEST = 5.0, 10_000.0  # metres: beside them, the reference system or the scale is a mistake
TOLD, MOST = 0.001, 0.01  # distances in a projection, from those on the earth: told as a warning; a fault


def read_frame(file: File, population: Population) -> Frame:
    """Cells of a raster, by its header alone."""
    with opened(file, population, header_only=True) as raster:
        return frame_of(raster)[0]


def frame_of(raster: Raster) -> tuple[Frame, bool]:
    """The cells of a raster as a frame, and whether its rows run from south to north."""
    source, file, crs = raster.source, raster.file, raster.crs
    t = source.transform
    if source.width * source.height > np.iinfo(np.int32).max:
        raise file.fault(
            f"has {source.width:,} x {source.height:,} cells, more than can be counted.", "Cut it to your country."
        )
    if not crs.is_geographic and any(axis.unit_conversion_factor != 1 for axis in crs.axis_info[:2]):
        raise file.fault(
            f"has a reference system in neither degrees nor metres ({crs.name}).",
            "Give the raster as it was published, in degrees or in a metric grid.",
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
    wide, high = cell_metres(frame)
    if not (SMALLEST <= wide <= LARGEST and SMALLEST <= high <= LARGEST):
        raise file.fault(
            f"has cells of {wide:,.1f} x {high:,.1f} m in {crs.name}; from {SMALLEST:g} m to {LARGEST / 1000:g} km "
            "were expected.",
            "Its reference system is probably another: assign the right one to the file, in QGIS: Raster > Projections "
            "> Assign Projection.",
        )
    return frame, south_up


def cell_metres(frame: Frame) -> tuple[float, float]:
    """Width and height in metres of the cell in the middle."""
    x, y = frame.west + frame.nx * frame.dx / 2, frame.north - frame.ny * frame.dy / 2
    east, south = x + frame.dx * np.array([0, 1, 0]), y - frame.dy * np.array([0, 0, 1])
    wide, high = frame.metres_on_grid(np.full(2, x), np.full(2, y), east[1:], south[1:]).tolist()
    return wide, high


def tell_cells(frame: Frame, file: File) -> None:
    """Note how large the cells are and how distances are measured; a fault where the projection bends them too far."""
    wide, high = cell_metres(frame)
    name = frame.pyproj_crs.name
    size = Text(
        "{nx:,} x {ny:,} cells of about {wide:,.0f} x {high:,.0f} m", nx=frame.nx, ny=frame.ny, wide=wide, high=high
    )
    if frame.geographic:
        file.note("info", Text("{size}; distances are measured on the ellipsoid ({name})", size=size, name=name))
        return
    off = stretch(frame)
    if off > MOST:
        raise file.fault(
            f"distances in {name} are wrong by up to {off:.1%} here.",
            "Give the raster as it was published, in degrees, or in the UTM zone of the place; people are never moved "
            "to other cells.",
        )
    said = Text(
        "{size}; distances are measured in {name}, wrong by up to {off:.2%} here", size=size, name=name, off=off
    )
    file.note("warning" if off > TOLD else "info", said)


def stretch(frame: Frame) -> float:
    """How wrong a distance in the projection can be, as a share: steps of a cell in four directions, in nine places."""
    west, south, east, north = frame.bounds
    places = np.meshgrid([west, (west + east) / 2, east], [south, (south + north) / 2, north])
    x, y = (each.ravel()[:, None] for each in places)
    to_x, to_y = x + frame.dx * np.array([1, 0, 1, 1]), y + frame.dy * np.array([0, 1, 1, -1])
    x, y = np.broadcast_to(x, to_x.shape), np.broadcast_to(y, to_y.shape)
    return float(np.abs(frame.metres_on_grid(x, y, to_x, to_y) / frame.metres_between(x, y, to_x, to_y) - 1).max())


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
