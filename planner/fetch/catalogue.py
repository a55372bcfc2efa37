"""The catalogue of open data (``data/fetch``): addresses, licences, citations, and the countries they know."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from planner.files import data_folder

Box = tuple[float, float, float, float]  # west, south, east, north, in degrees


@dataclass(frozen=True)
class Source:
    """A product of the catalogue.

    Attributes
    ----------
    key, role, title
        Its name in the catalogue, what it serves as, and what it is called.
    urls
        Patterns of addresses; the first that exists counts.
    kind
        What the body is: ``tif``, ``pbf``, ``osm`` (XML) or ``json``.
    licence, citation, unit
        As they stand in the scenario and in the lock file.
    typical_mb
        Size of a file where the server does not say it.
    nodata, nodata_means
        Value that is set where a raster has no tag, and what cells without data mean.
    tile_degrees
        Width and height of a tile; 0 = no tiles.
    years
        First and last year there is.
    """

    key: str
    role: str
    title: str
    urls: tuple[str, ...]
    kind: str
    licence: str
    citation: str
    unit: str
    typical_mb: float
    nodata: float = float("nan")
    nodata_means: str = ""
    tile_degrees: int = 0
    years: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Wanted:
    """A file to get.

    Attributes
    ----------
    name
        Its name in the folder of downloads and on a stick.
    source
        The product it is of.
    urls
        Addresses, the first that exists counts.
    optional
        Whether there may be none where it comes from: a tile of the open sea.
    spare
        Whether it may be missing on a stick too.
    form
        What is posted; none = the file is asked for by its address alone.
    licence
        Its own licence, where the product's differs by file.
    """

    name: str
    source: Source
    urls: tuple[str, ...]
    optional: bool = False
    spare: bool = False
    form: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Country:
    """What the catalogue knows of a country: Geofabrik's path of its extract, "" = none; its box, None = not known."""

    iso3: str
    extract: str
    box: Box | None


@cache
def sources() -> dict[str, Source]:
    """All products, by key."""
    with (data_folder() / "fetch" / "catalogue.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {key: _source(key, table) for key, table in tables.items()}


def _source(key: str, table: dict[str, Any]) -> Source:
    lists = {name: tuple(value) for name, value in table.items() if isinstance(value, list)}
    known = {field.name for field in fields(Source)}
    assert set(table) <= known, f"catalogue.toml: [{key}] has unknown keys"
    return Source(key=key, **{**table, **lists})


@cache
def countries() -> dict[str, Country]:
    """All countries, by ISO 3166-1 alpha-3."""
    with (data_folder() / "fetch" / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: Country(row["iso3"], row["geofabrik"], _box(row)) for row in csv.DictReader(file)}


def _box(row: dict[str, str]) -> Box | None:
    if not row["west"]:
        return None
    return float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"])


def wanted(source: Source, **filled: Any) -> Wanted:
    """The file of a product whose address is filled in, named as its address ends."""
    urls = tuple(url.format(**filled) for url in source.urls)
    return Wanted(urls[0].rsplit("/", 1)[1], source, urls)


def of_box(name: str, box: Box) -> str:
    """A name that holds a box: the file of one box must not be taken for that of another."""
    stem, dot, ending = name.partition(".")
    return f"{stem}_{'_'.join(f'{edge:.4f}' for edge in box)}{dot}{ending}"


def tile(source: Source, south: int, west: int, *, spare: bool = False) -> Wanted:
    """A tile by its south-west corner; where there is none, it is open sea."""
    hemispheres = {"ns": "N" if south >= 0 else "S", "ew": "E" if west >= 0 else "W"}
    found = wanted(source, lat=abs(south), lon=abs(west), **hemispheres)
    return replace(found, optional=True, spare=spare)
