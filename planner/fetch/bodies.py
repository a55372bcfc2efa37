"""What arrives must be what was asked for: no web page in its place, no damaged file, whole to its end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.errors import Fault, InputFaults

PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|script)\b", re.IGNORECASE | re.DOTALL)
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
REMARK = re.compile(rb"<remark>\s*(.*?)\s*</remark>", re.DOTALL)
ENDS = 4096  # bytes at the end of Overpass's answer, where it says what went wrong


class Damaged(ValueError):
    """The body is not what it should be; the text says why."""


def is_page(start: bytes, content_type: str) -> bool:
    """Whether a body is a web page, by its first bytes or by what the server calls it: none is ever asked for."""
    return bool(PAGE.match(start.removeprefix(b"\xef\xbb\xbf"))) or content_type.lower().startswith("text/html")


def check(path: Path, kind: str) -> None:
    """Raise Damaged unless a file is a whole one of its kind."""
    {"tif": _tif, "pbf": _pbf, "osm": _osm, "json": _json}[kind](path)


@contextmanager
def understood(path: Path) -> Iterator[None]:
    """What goes wrong while sense is made of a file becomes a fault: it has another form than is known here."""
    import shapely

    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, RuntimeError, shapely.errors.ShapelyError) as error:
        what = f"has not the form that is known here ({type(error).__name__}: {str(error)[:200]})."
        way_out = (
            "Delete it and run the same command again; where that does not help, planner has to learn the new form."
        )
        raise InputFaults([Fault(str(path), what, way_out)]) from None


def _tif(path: Path) -> None:
    with path.open("rb") as file:
        if not file.read(4).startswith(TIFF):
            raise Damaged("it is no GeoTIFF")
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.Env(GDAL_NUM_THREADS="ALL_CPUS", GDAL_CACHEMAX=64), rasterio.open(path, driver="GTiff") as raster:
            if raster.count != 1 or raster.crs is None:
                raise Damaged(f"it has {raster.count} bands and {raster.crs or 'no'} coordinate reference system")
            for _, window in raster.block_windows(1):
                raster.read(1, window=window)
    except RasterioError as error:
        raise Damaged(f"it cannot be read to its end: {str(error.__cause__ or error).rstrip('.')}") from None


def _pbf(path: Path) -> None:
    with path.open("rb") as file:
        if b"OSMHeader" not in file.read(64):
            raise Damaged("it is no OpenStreetMap PBF")
    _read_all(path, "pbf")


def _osm(path: Path) -> None:
    with path.open("rb") as file:
        if b"<osm" not in file.read(1024):
            raise Damaged("it is no OpenStreetMap XML")
        file.seek(max(0, path.stat().st_size - ENDS))
        end = file.read()
    if remark := REMARK.search(end):
        raise Damaged(f"the server could not finish: {remark[1].decode(errors='replace')}")
    if b"</osm>" not in end:
        raise Damaged("it ends before its end")
    _read_all(path, "osm")


def _read_all(path: Path, kind: str) -> None:
    import osmium

    try:
        for _ in osmium.FileProcessor(osmium.io.File(str(path), kind), osmium.osm.RELATION):
            pass
    except RuntimeError as error:
        raise Damaged(f"it cannot be read to its end: {error}") from None


def _json(path: Path) -> None:
    try:
        json.loads(path.read_bytes())
    except ValueError as error:
        raise Damaged(f"it is no JSON: {error}") from None
