"""GeoJSON before it is read: GDAL would ask the address by which a file may name its coordinate reference system."""

from __future__ import annotations

import json
import mmap
import re
from pathlib import Path
from typing import Any

from planner.inputs.findings import File

LINKS = {"link", "url"}


def _spelled(*words: str) -> re.Pattern[bytes]:
    """Any of the words as a text of JSON, its letters spelled out or not."""
    forms = (
        "".join(rf"(?:{letter}|\\u00{ord(letter):02x}|\\u00{ord(letter.upper()):02x})" for letter in word)
        for word in words
    )
    return re.compile(rf"""["'](?:{"|".join(forms)})["']""".encode(), re.IGNORECASE)


CRS, LINK = _spelled("crs"), _spelled(*LINKS)


class _Link(dict[str, Any]):
    """An object of JSON whose type is that of a link."""


def check_links(file: File, path: Path) -> None:
    """Raise InputFaults where a GeoJSON names its coordinate reference system by a link; nearly all are not parsed."""
    with path.open("rb") as content, mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        if not (LINK.search(whole) and CRS.search(whole)):
            return
        try:
            json.loads(whole[:], object_pairs_hook=_unlinked)
        except _Linked:
            raise file.fault(
                "names its coordinate reference system by a link to somewhere else, which is not followed.",
                'Write it again in longitude and latitude, or take "crs" out of it and say crs in the scenario.',
            ) from None
        except (ValueError, RecursionError) as error:
            raise file.fault(f"is no JSON: {error}.", "Export it again as GeoPackage or GeoJSON.") from error


class _Linked(Exception):
    """A reference system is a link."""


def _unlinked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    linked = False
    for key, value in pairs:
        if key.casefold() == "crs" and isinstance(value, _Link):
            raise _Linked
        linked |= key.casefold() == "type" and isinstance(value, str) and value.casefold() in LINKS
    return _Link(pairs) if linked else dict(pairs)
