"""What fuzzing found stays mended: bytes that once brought a reader down are read, or told as a fault."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import rasterio
from fuzz.seeds import sound
from fuzz.targets import TARGETS


def exchanged(name: str, old: bytes, new: bytes) -> bytes:
    """A sound file with one thing in it exchanged."""
    content = sound()[name]
    assert old in content
    return content.replace(old, new, 1)


def inside(name: str, member: str, old: bytes, new: bytes) -> bytes:
    """A sound archive with one thing exchanged in one of its members."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound()[name])) as source, zipfile.ZipFile(written, "w") as target:
        for each in source.namelist():
            content = source.read(each)
            assert each != member or old in content
            target.writestr(each, content.replace(old, new, 1) if each == member else content)
    return written.getvalue()


def nameless() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        target.writestr("name", "x")
    return written.getvalue().replace(b"name", b"\0ame")


def radar() -> bytes:
    with rasterio.MemoryFile() as written:
        shape = {"width": 2, "height": 2, "count": 1, "dtype": "complex64"}
        transform = rasterio.Affine(1, 0, 34, 0, -1, -12)
        with written.open(driver="GTiff", crs="EPSG:4326", transform=transform, **shape) as target:
            target.write(np.ones((1, 2, 2), np.complex64))
        return written.read()


def far_cell(where: str) -> bytes:
    """A workbook with a cell far from its table: all cells up to it were made once, millions or billions."""
    book = openpyxl.load_workbook(io.BytesIO(sound()["villages.xlsx"]))
    book.active[where] = "x"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def merged(ref: bytes) -> bytes:
    """A workbook with so many cells merged."""
    cells = b"<mergeCell ref='" + ref + b"'/>"
    return inside("villages.xlsx", "xl/worksheets/sheet1.xml", b"<mergeCell ", cells + b"<mergeCell ")


FOUND = {
    # osmium: other exceptions than RuntimeError
    "osm: a coordinate that is no number": lambda: exchanged("roads.osm", b'lon="34', b'lon=";4'),
    # libosmium reads beyond the text: a segmentation fault
    "pbf: a zero byte in a text": lambda: exchanged("roads.osm.pbf", b"highway", b"hig\0way"),
    "pbf: a text that is no UTF-8": lambda: exchanged("roads.osm.pbf", b"unclassified", b"unclass\xf2fied"),
    "graphml: an edge from nowhere": lambda: exchanged("network.graphml", b' source="1"', b""),
    "graphml: a key without a type": lambda: exchanged("network.graphml", b' attr.type="string"', b""),
    "graphml: a line that is none": lambda: exchanged("network.graphml", b"34.001 -13.001,", b"34.001 -13/001,"),
    "shapefile: on the Moon": lambda: inside("areas.zip", "areas.prj", b"6378137.0,298", b"1737400.0,0"),
    "shapefile: a member without a name": nameless,
    # minutes for each: a search that was begun at every letter
    "csv: a word of 100,000 letters": lambda: exchanged("villages.csv", b"Mbale", b"M" * 100_000),
    "kml: an encoding that nobody knows": lambda: exchanged("areas.kml", b'"UTF-8"', b'"TF-8"'),
    "geotiff: complex numbers": radar,
    "xlsx: a cell in the last row": lambda: far_cell("C1048576"),
    "xlsx: a cell in the last column": lambda: far_cell("XFD3000"),
    "xlsx: all cells merged": lambda: merged(b"A1:XFD1048576"),
    "xlsx: styles that are no XML": lambda: inside("villages.xlsx", "xl/styles.xml", b"<fonts", b"<fo\x0bts"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_stays_mended(tmp_path, name):
    TARGETS[name.partition(":")[0]]().feed(FOUND[name](), Path(tmp_path))
