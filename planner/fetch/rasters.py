"""Rasters: people cut exactly on their own cells; elevation and land cover laid on those cells, tile by tile."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.io import DatasetReader
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, reproject
from rasterio.windows import Window

from planner.errors import Fault, InputFaults
from planner.fetch.catalogue import Box, Source

PART = 512  # cells of the population raster, across and down, that are laid at a time
CACHE_MB = 64  # of GDAL, whose own measure is a share of all memory
ASIDE = 0.02  # degrees beyond the people that are walked over: about 2 km
CORNER = tuple[int, int]  # south, west of a tile


def cut_people(raster: Path, box: Box | None, source: Source, path: Path) -> None:
    """Write the cells of a raster that touch the box, as they are: same values, same cells, same nodata.

    Raises
    ------
    InputFaults
        The box lies outside the raster.
    """
    with rasterio.open(raster, driver="GTiff") as people:
        if box is None and people.nodata is not None:
            shutil.copyfile(raster, path)
            return
        window = Window(0, 0, people.width, people.height) if box is None else _window(people, box)
        if window is None:
            west, south, east, north = people.bounds
            what = f"lies outside {raster.name}, which reaches from {west:.2f},{south:.2f} to {east:.2f},{north:.2f}."
            raise InputFaults([Fault("the box", what, "Give west,south,east,north of a place in that country.")])
        profile = _profile(window.height, window.width, people.dtypes[0], source, people.nodata)
        profile |= {"crs": people.crs, "transform": _moved(people.transform, window)}
        with rasterio.open(path, "w", **profile) as cut:
            cut.write(people.read(1, window=window), 1)


def _moved(transform: Affine, window: Window) -> Affine:
    """Where the cells of a window lie."""
    return Affine(
        transform.a, 0.0, transform.c + window.col_off * transform.a,
        0.0, transform.e, transform.f + window.row_off * transform.e,
    )  # fmt: skip


def _window(people: DatasetReader, box: Box) -> Window | None:
    """Whole cells that touch the box, within the raster; None where there are none."""
    t, (west, south, east, north) = people.transform, box
    left, right = max(0, math.floor((west - t.c) / t.a)), min(people.width, math.ceil((east - t.c) / t.a))
    top, bottom = max(0, math.floor((north - t.f) / t.e)), min(people.height, math.ceil((south - t.f) / t.e))
    return Window(left, top, right - left, bottom - top) if left < right and top < bottom else None


def _profile(height: int, width: int, dtype: str, source: Source, nodata: float | None = None) -> dict[str, object]:
    return {
        "driver": "GTiff", "count": 1, "height": height, "width": width, "dtype": dtype,
        "nodata": source.nodata if nodata is None else nodata, "tiled": True, "blockxsize": 256, "blockysize": 256,
        "compress": "deflate", "predictor": 3 if dtype.startswith("float") else 2, "BIGTIFF": "IF_SAFER",
    }  # fmt: skip


def people_in(path: Path) -> float:
    """Sum of the people of a raster."""
    with rasterio.open(path, driver="GTiff") as people:
        return float(
            sum(
                people.read(1, window=window, masked=True).sum(dtype=np.float64) or 0
                for _, window in people.block_windows(1)
            )
        )


def bounds_of(path: Path) -> Box:
    """West, south, east, north of a raster."""
    with rasterio.open(path, driver="GTiff") as raster:
        return tuple(raster.bounds)


def tiles_of_people(path: Path, degrees: int) -> dict[CORNER, bool]:
    """South-west corners of tiles: True where people live in them, False where they only walk there a little way."""
    found: dict[CORNER, bool] = {}
    with rasterio.open(path, driver="GTiff") as people:
        for _, window in people.block_windows(1):
            lived = people.read(1, window=window, masked=True).filled(0) > 0
            t = _moved(people.transform, window)
            lat, lon = (t.f + t.e * (np.arange(lived.shape[0]) + 0.5), t.c + t.a * (np.arange(lived.shape[1]) + 0.5))
            for x, y in ((0, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)):
                souths = np.floor((lat + y * ASIDE) / degrees).astype(int) * degrees
                wests = np.floor((lon + x * ASIDE) / degrees).astype(int) * degrees
                for south in np.unique(souths).tolist():
                    for west in np.unique(wests[lived[souths == south].any(axis=0)]).tolist():
                        found[south, west] = found.get((south, west), False) or (x, y) == (0, 0)
    return dict(sorted(found.items()))


def tiles_of_box(box: Box, degrees: int) -> list[CORNER]:
    """South-west corners of the tiles that touch a box."""
    west, south, east, north = box
    rows = range(math.floor(south / degrees) * degrees, math.ceil(north / degrees) * degrees, degrees)
    cols = range(math.floor(west / degrees) * degrees, math.ceil(east / degrees) * degrees, degrees)
    return [(row, col) for row in rows for col in cols]


def lay(tiles: Sequence[Path], people: Path, source: Source, how: Resampling, path: Path) -> None:
    """Write tiles on the cells of the population raster: their mean, or their most frequent class.

    The tiles are joined, part by part of the raster, so that cells on the border of two tiles have parts of both; cells
    without any tile have nodata.
    """
    with ExitStack() as stack:
        stack.enter_context(rasterio.Env(GDAL_CACHEMAX=CACHE_MB))
        grid = stack.enter_context(rasterio.open(people, driver="GTiff"))
        opened = [stack.enter_context(rasterio.open(tile, driver="GTiff")) for tile in tiles]
        dtype = opened[0].dtypes[0]
        profile = _profile(grid.height, grid.width, dtype, source) | {"crs": grid.crs, "transform": grid.transform}
        laid = stack.enter_context(rasterio.open(path, "w", **profile))
        for top in range(0, grid.height, PART):
            for left in range(0, grid.width, PART):
                part = Window(left, top, min(PART, grid.width - left), min(PART, grid.height - top))
                onto = np.full((part.height, part.width), source.nodata, dtype)
                _lay_part(opened, onto, _moved(grid.transform, part), how)
                laid.write(onto, 1, window=part)


def _lay_part(tiles: Sequence[DatasetReader], onto: np.ndarray, transform: Affine, how: Resampling) -> None:
    """Lay the tiles on a part of the raster, which is full of nodata."""
    bounds = array_bounds(*onto.shape, transform)
    near = [tile for tile in tiles if _touch(tile.bounds, bounds)]
    if not near:
        return
    nodata = onto[0, 0]
    joined, at = _joined(near, bounds, nodata)
    reproject(
        joined, onto, src_transform=at, src_crs=near[0].crs, src_nodata=nodata, dst_transform=transform,
        dst_crs=near[0].crs, dst_nodata=nodata, resampling=how,
    )  # fmt: skip


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _joined(tiles: Sequence[DatasetReader], box: Box, nodata: float) -> tuple[np.ndarray, Affine]:
    """Tiles joined around a box, on the cells of the first; coarser ones (far from the equator) are laid on them."""
    t = tiles[0].transform
    left, top = math.floor((box[0] - t.c) / t.a), math.floor((box[3] - t.f) / t.e)
    right, bottom = math.ceil((box[2] - t.c) / t.a), math.ceil((box[1] - t.f) / t.e)
    joined = np.full((bottom - top, right - left), nodata, tiles[0].dtypes[0])
    at = _moved(t, Window(left, top, right - left, bottom - top))
    for tile in tiles:
        if np.allclose(tile.res, tiles[0].res, rtol=1e-9):
            _paste(tile, joined, at)
            continue
        reproject(
            rasterio.band(tile, 1), joined, src_nodata=tile.nodata, dst_transform=at, dst_crs=tiles[0].crs,
            dst_nodata=nodata, init_dest_nodata=False, resampling=Resampling.nearest,
        )  # fmt: skip
    return joined, at


def _paste(tile: DatasetReader, joined: np.ndarray, at: Affine) -> None:
    """Copy a tile to where it lies on the same cells."""
    left, top = round((tile.transform.c - at.c) / at.a), round((tile.transform.f - at.f) / at.e)
    first_col, last_col = max(0, left), min(joined.shape[1], left + tile.width)
    first_row, last_row = max(0, top), min(joined.shape[0], top + tile.height)
    if first_col >= last_col or first_row >= last_row:
        return
    block = tile.read(1, window=Window(first_col - left, first_row - top, last_col - first_col, last_row - first_row))
    known = block != tile.nodata if tile.nodata is not None else True
    np.copyto(joined[first_row:last_row, first_col:last_col], block, where=known)
