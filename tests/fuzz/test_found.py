"""What fuzzing found stays mended: bytes that once brought a reader down are read, or told as a fault."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
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
    "xlsx: styles that are no XML": lambda: inside("villages.xlsx", "xl/styles.xml", b"<fonts", b"<fo\x0bts"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_stays_mended(tmp_path, name):
    TARGETS[name.partition(":")[0]]().feed(FOUND[name](), Path(tmp_path))
