"""Rasters: people cut exactly on their own cells; elevation and land cover laid on those cells, tile by tile."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable, Sequence
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

STRIP = 100_000_000  # cells of tiles that are read at a time
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
            row, col = np.nonzero(people.read(1, window=window, masked=True).filled(0) > 0)
            t = _moved(people.transform, window)
            lon, lat = t.c + t.a * (col + 0.5), t.f + t.e * (row + 0.5)
            for x, y in ((0, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)):
                south = np.floor((lat + y * ASIDE) / degrees).astype(int) * degrees
                west = np.floor((lon + x * ASIDE) / degrees).astype(int) * degrees
                for corner in set(zip(south.tolist(), west.tolist(), strict=True)):
                    found[corner] = found.get(corner, False) or (x, y) == (0, 0)
    return dict(sorted(found.items()))


def tiles_of_box(box: Box, degrees: int) -> list[CORNER]:
    """South-west corners of the tiles that touch a box."""
    west, south, east, north = box
    rows = range(math.floor(south / degrees) * degrees, math.ceil(north / degrees) * degrees, degrees)
    cols = range(math.floor(west / degrees) * degrees, math.ceil(east / degrees) * degrees, degrees)
    return [(row, col) for row in rows for col in cols]


def lay(tiles: Sequence[Path], people: Path, source: Source, how: Resampling, path: Path) -> None:
    """Write tiles on the cells of the population raster: their mean, or their most frequent class.

    Tiles are read in strips, each a little wider than its cells, so that cells on the border of two tiles have the
    parts of both; cells without any tile have nodata.
    """
    with ExitStack() as stack:
        grid = stack.enter_context(rasterio.open(people, driver="GTiff"))
        opened = [stack.enter_context(rasterio.open(tile, driver="GTiff")) for tile in tiles]
        dtype = opened[0].dtypes[0] if opened else "float32"
        profile = _profile(grid.height, grid.width, dtype, source) | {"crs": grid.crs, "transform": grid.transform}
        laid = stack.enter_context(rasterio.open(path, "w", **profile))
        for strip in _strips(grid, opened):
            onto = np.full((strip.height, strip.width), source.nodata, dtype)
            transform = _moved(grid.transform, strip)
            _lay_strip(opened, onto, transform, grid, source, how)
            laid.write(onto, 1, window=strip)


def _strips(grid: DatasetReader, tiles: Sequence[DatasetReader]) -> Iterable[Window]:
    """Whole blocks of rows whose tiles fit into memory."""
    finest = min((tile.res for tile in tiles), default=grid.res)
    per_row = grid.width * (grid.res[0] / finest[0]) * (grid.res[1] / finest[1])
    rows = max(1, int(STRIP / per_row / 256)) * 256
    for top in range(0, grid.height, rows):
        yield Window(0, top, grid.width, min(rows, grid.height - top))


def _lay_strip(
    tiles: Sequence[DatasetReader],
    onto: np.ndarray,
    transform: Affine,
    grid: DatasetReader,
    source: Source,
    how: Resampling,
) -> None:
    west, south, east, north = array_bounds(*onto.shape, transform)
    wide = (west - 2 * grid.res[0], south - 2 * grid.res[1], east + 2 * grid.res[0], north + 2 * grid.res[1])
    near = [tile for tile in tiles if _touch(tile.bounds, wide)]
    if not near:
        return
    mosaic, at = _mosaic(near, wide, source)
    reproject(
        mosaic, onto, src_transform=at, src_crs=near[0].crs, src_nodata=source.nodata, dst_transform=transform,
        dst_crs=grid.crs, dst_nodata=source.nodata, resampling=how,
    )  # fmt: skip


def _mosaic(tiles: Sequence[DatasetReader], box: Box, source: Source) -> tuple[np.ndarray, Affine]:
    """Tiles joined within a box, on the cells of the first; coarser ones (far from the equator) are laid on them."""
    t = tiles[0].transform
    left, top = math.floor((box[0] - t.c) / t.a), math.floor((box[3] - t.f) / t.e)
    right, bottom = math.ceil((box[2] - t.c) / t.a), math.ceil((box[1] - t.f) / t.e)
    joined = np.full((bottom - top, right - left), source.nodata, tiles[0].dtypes[0])
    at = _moved(t, Window(left, top, right - left, bottom - top))
    for tile in tiles:
        reproject(
            rasterio.band(tile, 1), joined, src_nodata=tile.nodata, dst_transform=at, dst_crs=tiles[0].crs,
            dst_nodata=source.nodata, init_dest_nodata=False, resampling=Resampling.nearest,
        )  # fmt: skip
    return joined, at


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
