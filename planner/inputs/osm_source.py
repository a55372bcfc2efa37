"""OpenStreetMap files before they are read: what they are by their content, and whether they may be read at all."""

from __future__ import annotations

import bz2
import gzip
import html
import re
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from planner.inputs.findings import File
from planner.inputs.pbf import AGAIN, check_pbf
from planner.inputs.xml import check_xml

PBF, XML, GZIP, BZIP2 = ".osm.pbf", ".osm", ".osm.gz", ".osm.bz2"
SUFFIXES = {".pbf": PBF, ".osm": XML, ".osm.xml": XML, ".osm.gz": GZIP, ".osm.bz2": BZIP2}
BEGINS = {b"\0\0\0": PBF, b"<": XML, b"\x1f\x8b": GZIP, b"BZh": BZIP2, b"PK\3\4": ".zip"}
MOST_XML_BYTES = 4 * 1000**3  # minutes to read; as PBF it is a tenth
MOST_RATIO = 200  # of XML to what it is packed in, where that is more than FREE_BYTES: maps pack to a fifteenth
FREE_BYTES = 100 * 1000**2
CHUNK = 1 << 20
REMARK = re.compile(rb"<remark>\s*(.*?)\s*</remark>", re.DOTALL)


def is_osm(path: Path) -> bool:
    """Whether a file is OpenStreetMap data, by its name."""
    return path.name.lower().endswith(tuple(SUFFIXES))


def check_source(file: File) -> None:
    """Raise InputFaults where a file is not what its name says, is cut short, hostile, or too large to be read."""
    called = next(kind for suffix, kind in SUFFIXES.items() if file.path.name.lower().endswith(suffix))
    with file.path.open("rb") as content:
        start = content.read(CHUNK).removeprefix(b"\xef\xbb\xbf").lstrip()
    found = next((kind for begin, kind in BEGINS.items() if start.startswith(begin)), "")
    if XML in (called, found) and re.match(rb"<(!doctype\s+)?html", start, re.IGNORECASE):
        raise file.fault("is a web page, not a map: a download that went wrong.", AGAIN)
    if found != called:
        is_now = f"is {found} by its content, not {called}" if found else f"is no {called} by its content"
        rename = "Unpack it." if found == ".zip" else f"Give its name the ending {found}." if found else AGAIN
        raise file.fault(f"{is_now}.", rename)
    if called == PBF:
        check_pbf(file)
        return
    try:
        with unpacked(file.path, called) as content:
            check_xml(file, "osm", content, AGAIN)
        with unpacked(file.path, called) as content:
            check_size(file, content, packed=called != XML)
    except (OSError, EOFError, zlib.error) as error:
        raise file.fault(f"cannot be unpacked: {error}.", AGAIN) from error


def unpacked(path: Path, kind: str) -> BinaryIO:
    """A file of XML as it is unpacked."""
    return cast(BinaryIO, gzip.open(path) if kind == GZIP else bz2.open(path) if kind == BZIP2 else path.open("rb"))


def check_size(file: File, content: BinaryIO, *, packed: bool) -> None:
    """Raise InputFaults where XML is too large, grows too much, or ends with the remark that it is incomplete."""
    size, end = 0, b""
    on_disk = file.path.stat().st_size
    most = min(MOST_XML_BYTES, max(FREE_BYTES, MOST_RATIO * on_disk)) if packed else MOST_XML_BYTES
    if not packed and on_disk > CHUNK:
        size = content.seek(on_disk - CHUNK)
    while size <= most and (chunk := content.read(CHUNK)):
        size, end = size + len(chunk), end[-CHUNK:] + chunk
    if size > most:
        raise file.fault(
            f"holds more than {most / 1e9:.1f} GB of XML.",
            "Give the map as .osm.pbf, a tenth of the size, e.g. from download.geofabrik.de, or cut it to the country.",
        )
    if remark := REMARK.search(end):
        said = html.unescape(remark[1].decode("utf-8", "replace"))[:200]
        raise file.fault(f'is incomplete, as its own remark says: "{said}".', "Ask for a smaller area, or a .osm.pbf.")
