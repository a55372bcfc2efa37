"""Health facilities of healthsites.io, for those who have a key of its interface."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import shapely

from planner.fetch.bodies import understood
from planner.fetch.catalogue import Box, Wanted, of_box, sources
from planner.fetch.downloads import Downloads
from planner.fetch.osm import Listed, care_of

KEY = "HEALTHSITES_API_KEY"  # environment; the key is sent, and never written anywhere
MOST_PAGES = 1000


def asked() -> bool:
    """Whether there is a key."""
    return bool(os.environ.get(KEY, "").strip())


def wanted(box: Box) -> Wanted:
    """The file that all pages together make."""
    source = sources()["healthsites"]
    return Wanted(of_box("healthsites.geojson", box), source, source.urls, spare=True)


def get(box: Box, downloads: Downloads) -> Path | None:
    """All facilities in a box, page by page, as one file; None where there is neither key nor file."""
    file = wanted(box)
    if asked() and downloads.web is not None:
        return downloads.get_pages(file, lambda page: _query(box, page), MOST_PAGES)
    return downloads.get(file) if downloads.stick or (downloads.folder / file.name).exists() else None


def _query(box: Box, page: int) -> dict[str, str]:
    return {
        "api-key": os.environ[KEY].strip(), "page": str(page), "extent": ",".join(f"{edge:.6f}" for edge in box),
        "output": "geojson", "flat-properties": "true", "tag-format": "osm",
    }  # fmt: skip


def rows(path: Path) -> list[Listed]:
    """Facilities of the file, those that are places of care."""
    with understood(path):
        features = json.loads(path.read_bytes())["features"]
        return [row for at, feature in enumerate(features, 1) if (row := _row(at, feature))]


def _row(at: int, feature: Any) -> Listed | None:
    tags = _flat(feature.get("properties") or {})
    kind = care_of(tags)
    if not kind or not feature.get("geometry"):
        return None
    middle = shapely.geometry.shape(feature["geometry"]).centroid
    own = f"{tags['osm_type']}/{tags['osm_id']}" if tags.get("osm_id") and tags.get("osm_type") else ""
    name, operator = (str(tags.get(key) or "").strip() for key in ("name", "operator"))
    return Listed(own or str(tags.get("uuid") or f"healthsite/{at}"), name, kind, middle.y, middle.x, operator)


def _flat(properties: dict[str, Any]) -> dict[str, Any]:
    """Properties, those under "attributes" among them."""
    inner = properties.get("attributes")
    return {**properties, **inner} if isinstance(inner, dict) else properties
