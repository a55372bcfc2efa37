"""Features of GeoPackage, GeoJSON, Shapefile and KML: attributes as text, geometry in the CRS of the file."""

from __future__ import annotations

import mmap
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyogrio import list_layers, raw, read_info
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from planner.files import sha256_of
from planner.inputs.archive import unpacked
from planner.inputs.crs import DEGREES, reference_of
from planner.inputs.dhis2 import is_metadata, read_units
from planner.inputs.findings import File
from planner.inputs.geojson import check_links
from planner.inputs.table import Table
from planner.inputs.text import as_text, did_you_mean, examples
from planner.inputs.xml import check_xml
from planner.types.arrays import Objects
from planner.types.inputs import Change
from planner.types.lists import row_in_words
from planner.types.text import Text


@dataclass(frozen=True)
class Format:
    """A format: its name, GDAL's driver, what its files begin with, and the files beside one that belong to it.

    GDAL opens a file as whatever its content looks like, and some of what it knows draws in other files: so the content
    is looked at before, and the driver that opened it afterwards. ``prefix`` of the path lets no other driver in;
    ``options`` are what the driver is asked for.
    """

    name: str
    driver: str
    start: bytes
    prefix: str = ""
    beside: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


NESTED = {"FLATTEN_NESTED_ATTRIBUTES": "YES", "NESTED_ATTRIBUTE_SEPARATOR": "/"}
GEOJSON = Format("GeoJSON", "GeoJSON", b"{", prefix="GeoJSON:", options=NESTED)
FORMATS = {
    ".gpkg": Format("GeoPackage", "GPKG", b"SQLite format 3\0"),
    ".geojson": GEOJSON,
    ".json": GEOJSON,
    ".shp": Format("Shapefile", "ESRI Shapefile", b"\x00\x00\x27\x0a", beside=(".shx", ".dbf", ".prj", ".cpg")),
    ".kml": Format("KML", "LIBKML", b"<"),
}
ARCHIVES = (".zip", ".kmz")
NAMES = "GeoPackage, GeoJSON, Shapefile (also in a .zip) or KML"
AGAIN = "Export it again as GeoPackage or GeoJSON."
CRS_MEMBER = re.compile(rb'"crs"\s*:\s*\{[^{}]*\{[^{}]*"name"\s*:\s*"([^"]*)"')
# The last one is pyogrio's own, where the text of a reference system is none.
UNREADABLE = (DataSourceError, DataLayerError, ValueError, UnboundLocalError)
IN_DBF = 29  # byte that says the encoding of the text


def is_features(path: Path) -> bool:
    """Whether a file is one of the formats read here, by its name."""
    return path.suffix.lower() in (*FORMATS, *ARCHIVES)


def read_features(file: File, layer: str, *, first: bool = False) -> Table:
    """Table of a layer ("" = the only one, or the first one where `first`), with its geometry and CRS (None = unsaid).

    In an archive, `layer` may also be the name of one of the files in it.
    """
    if file.path.suffix.lower() not in ARCHIVES:
        return read_layer(file, file.path, layer, first=first)
    beside = {suffix for each in FORMATS.values() for suffix in each.beside}
    with unpacked(file, {*FORMATS, *beside}) as members:
        here = {path.name: path for path in members if path.suffix.lower() in FORMATS}
        asked = {name: path for name, path in here.items() if layer in (name, path.stem)}
        if len(asked or here) != 1:
            raise file.fault(
                f"holds {len(here)} files of features; found {', '.join(here) or 'none'}.",
                "Name one of them in the scenario as its layer." if here else f"Put a {NAMES} into it.",
            )
        (path,) = (asked or here).values()
        return read_layer(file, path, "" if asked else layer, first=first)


def read_layer(file: File, path: Path, layer: str, *, first: bool) -> Table:
    """Table of a layer of the file at `path`: `file` itself, or the one that was in that archive."""
    kind = FORMATS[path.suffix.lower()]
    check_content(file, path, kind)
    if kind is GEOJSON and is_metadata(path):
        return read_units(file, path)
    with told(file):
        name = layer_of(file, path, kind, layer, first=first)
        about, _, wkb, columns = raw.read(
            f"{kind.prefix}{path}",
            layer=name,
            encoding=encoding_of(file, path) if kind.beside else None,
            datetime_as_string=True,
            **kind.options,
        )
    if kind.beside:
        cite_beside(file, path, kind)
    return Table(
        file,
        tuple(str(field) for field in about["fields"]),
        tuple([cell_text(value) for value in values] for values in columns),
        range(1, len(columns[0] if len(columns) else wkb) + 1),
        None if wkb is None else shapes_of(file, wkb),
        reference_of(file, own_crs(file, path, kind, about["crs"])),
    )


def check_content(file: File, path: Path, kind: Format) -> None:
    """Raise InputFaults where the content is not what the name says."""
    with path.open("rb") as content:
        start = content.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
        if not start.startswith(kind.start):
            raise file.fault(f"is no {kind.name} by its content ({path.name}).", AGAIN)
        if kind is GEOJSON:
            check_links(file, path)
        if kind.driver == "LIBKML":
            content.seek(0)
            check_xml(file, "kml", content, AGAIN)
            content.seek(0)
            links = sum(line.count(b"<NetworkLink>") for line in content)
            if links:
                file.note("left out", Text("links to maps elsewhere (NetworkLink): they are not followed"), links)


@contextmanager
def told(file: File) -> Iterator[None]:
    """Let what GDAL cannot read become a fault, and what it says while it reads a note."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            yield
        except (*UNREADABLE, shapely.errors.GEOSException) as error:
            raise file.fault(f"cannot be read: {str(error).rstrip('.')}.", AGAIN) from error
    for words in dict.fromkeys(str(warning.message) for warning in heard):
        if "ring" not in words and "NULL geometry" not in words:  # both are told row by row
            file.note("warning", Text("the reader says: {words}", words=words))


def layer_of(file: File, path: Path, kind: Format, layer: str, *, first: bool) -> str | None:
    """Name of the layer to read; None for the only one that the format has."""
    if kind.prefix and not layer:
        return None
    layers = {str(name): shape is not None for name, shape in list_layers(f"{kind.prefix}{path}")}
    drawn = [name for name, has_geometry in layers.items() if has_geometry] or (list(layers) if first else [])
    if len(drawn) > 1 and not layer:  # the document around the folders of a KML is a layer without features
        drawn = [name for name in drawn if read_info(path, layer=name, force_feature_count=True)["features"]]
    if not layer and drawn and (first or len(drawn) == 1):
        name = drawn[0]
        if len(drawn) > 1:
            file.note(
                "warning",
                Text(
                    'only its first layer, "{name}", is read; others: {examples}',
                    name=name,
                    examples=examples(drawn[1:]),
                ),
                len(drawn) - 1,
            )
    elif layer in layers:
        name = layer
    else:
        said = f'no layer "{layer}"' if layer else f"{len(drawn)} layers with geometry"
        way_out = did_you_mean(layer, list(layers)) or "Name the layer in the scenario."
        raise file.fault(f"has {said}; found {', '.join(drawn or layers) or 'none'}.", way_out if layers else AGAIN)
    if not kind.prefix and (driver := read_info(path, layer=name)["driver"]) != kind.driver:
        raise file.fault(f"is no {kind.name} by its content ({driver}).", AGAIN)
    return name


def encoding_of(file: File, path: Path) -> str | None:
    """Encoding of the text where the file does not say it: UTF-8 where it can be, else Western European."""
    table = next((near for near in neighbours(path) if near.suffix.lower() == ".dbf"), None)
    if table is None or any(near.suffix.lower() == ".cpg" for near in neighbours(path)):
        return None
    content = table.read_bytes()
    text = content[int.from_bytes(content[8:10], "little") :]
    if not content[IN_DBF : IN_DBF + 1].strip(b"\0") and not text.isascii():
        try:
            text.decode("utf-8")
            encoding = "UTF-8"
        except UnicodeDecodeError:
            encoding = "cp1252"
        file.note(
            "repaired",
            Text("its table does not say how letters with accents are written: read as {encoding}", encoding=encoding),
        )
        return encoding
    return None


def neighbours(path: Path) -> list[Path]:
    """Files beside one that differ in their endings only."""
    return sorted(near for near in path.parent.iterdir() if near.stem.casefold() == path.stem.casefold())


def own_crs(file: File, path: Path, kind: Format, read: str | None) -> CRS | None:
    """The CRS that a file says itself; None where it says none that can be understood."""
    if kind is GEOJSON:
        with path.open("rb") as content, mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            said = CRS_MEMBER.search(whole)
            read = said[1].decode("utf-8", "replace") if said else None  # GDAL takes degrees for a name it cannot read
        if read is None:  # then it is in degrees (RFC 7946); the scenario may know that it is not
            return None if file.crs else DEGREES
    try:
        crs = CRS.from_user_input(read) if read else None
    except CRSError:
        return None
    placed = crs is not None and (crs.is_geographic or crs.is_projected) and not crs.name.startswith("Undefined")
    return crs if placed else None


def shapes_of(file: File, wkb: npt.NDArray[np.object_]) -> Objects:
    """Geometries; outlines that are not closed are closed, with a note, and what is none becomes None, with another."""
    shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), np.object_)
    broken = np.flatnonzero(shapely.is_missing(shapes) & (wkb != None))  # noqa: E711
    shapes[broken] = shapely.from_wkb(wkb[broken], on_invalid="fix")
    lost = shapely.is_missing(shapes[broken])
    for level, what, rows, before, after in (
        ("repaired", Text("outlines that were not closed"), broken[~lost], Text("not closed"), Text("closed")),
        ("left out", Text("shapes that cannot be drawn"), broken[lost], Text("too few points"), ""),
    ):
        if len(rows):
            places = [Text("{row}, geometry", row=row_in_words(row + 1)) for row in rows.tolist()]
            file.note(level, what, len(rows), [Change(place, before, after) for place in places])
    return shapes


def cell_text(value: Any) -> str:
    """Text of a cell; of a list, its parts with commas."""
    return ", ".join(map(as_text, value.tolist())) if isinstance(value, np.ndarray) else as_text(value)


def cite_beside(file: File, path: Path, kind: Format) -> None:
    """Cite the files that belong to one, with their own checksums, beside it."""
    cited = [source for source in file.findings.sources if source.file == path.name][-1:]
    parts = [near for near in neighbours(path) if near.suffix.lower() in kind.beside]
    file.findings.sources.extend(
        replace(source, file=near.name, sha256=sha256_of(near)) for source in cited for near in parts
    )
