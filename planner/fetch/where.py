"""The place that is asked for: a country, a box, or a name that Nominatim knows."""

from __future__ import annotations

import difflib
import gettext
import json
import math
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pycountry
import shapely

from planner.errors import Fault, InputFaults
from planner.fetch.bodies import understood
from planner.fetch.catalogue import Box, Country, Wanted, countries, of_box, sources
from planner.fetch.downloads import Downloads

LANGUAGES = ("fr", "pt", "es", "ar", "sw")
MARGIN = 0.09  # degrees around a named place, about 10 km: people walk to care beyond its border
LONGEST = 80  # letters of a place in the name of a file
AROUND = 0.2  # degrees around a point, in the box that is proposed


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes
    ----------
    out
        Folder for the files.
    country, place, box
        A country's code or name; a place's name; west, south, east, north in degrees. At least one of them; a country
        beside one of the others says which country's files to cut.
    population, year
        Product of population in the catalogue, and the year of it, None = the usual one.
    osm
        ``geofabrik``, ``overpass``, or ``auto``: Overpass for small boxes.
    from_dir
        Folder to take the files from in place of the network.
    update
        Whether newer files than those of the lock file are welcome.
    """

    out: Path
    country: str = ""
    place: str = ""
    box: Box | None = None
    population: str = "r2025a"
    year: int | None = None
    osm: str = "auto"
    from_dir: Path | None = None
    update: bool = False


@dataclass(frozen=True)
class Place:
    """Where it is.

    Attributes
    ----------
    title
        Name for people.
    country
        The country whose files are cut, as the catalogue knows it.
    box
        What is cut out; None = the whole country.
    shape
        Outline of a named place, in degrees; None = a box or a country.
    """

    title: str
    country: Country
    box: Box | None = None
    shape: shapely.Geometry | None = None


def in_words(request: Request) -> str:
    """What is asked for, as the lock file remembers it."""
    box = ",".join(f"{edge:g}" for edge in request.box) if request.box else ""
    country = find_country(request.country).iso3 if request.country else ""
    return " ".join(filter(None, (request.place, box and f"box {box}", country)))


def find(request: Request, downloads: Downloads) -> Place:
    """The place; Nominatim is asked only where its name or its country has to be found out."""
    named = find_country(request.country) if request.country else None
    if request.box:
        check_box(request.box)
        country = named or _country_at(request.box, downloads)
        return Place(f"Box in {name_of(country)}", country, request.box)
    if request.place:
        return _named(request.place, named, downloads)
    if named is None:
        raise _fault(
            "planner fetch", "no place is given.", 'Say --country COM, --place "Ifanadiana, Madagascar" or --bbox.'
        )
    return Place(name_of(named), named)


def find_country(text: str) -> Country:
    """A country by its ISO 3166-1 code or its name, in English or another language of health ministries."""
    names = _names()
    code = names.get(text.strip().casefold())
    if code in countries():
        return countries()[code]
    near = difflib.get_close_matches(text.strip().casefold(), names, n=3)
    meant = sorted({names[name] for name in near} & set(countries()))
    hint = f"Did you mean {' or '.join(f'{each} ({name_of(countries()[each])})' for each in meant)}? " if meant else ""
    way_out = f"{hint}Give the code of three letters (ISO 3166-1 alpha-3, such as COM) or the name."
    raise _fault(f"--country {text}", "is no country that is known here.", way_out)


def _names() -> dict[str, str]:
    """Code of three letters by every name and code of a country, casefolded."""
    names: dict[str, str] = {}
    translations = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language], fallback=True) for language in LANGUAGES
    ]
    for country in pycountry.countries:
        code = country.alpha_3
        english = {country.name, getattr(country, "common_name", ""), getattr(country, "official_name", "")} - {""}
        translated = {each.gettext(name) for each in translations for name in english}
        for name in english | translated | {code, country.alpha_2}:
            names.setdefault(name.casefold(), code)
    return names


def name_of(country: Country) -> str:
    """English name of a country."""
    found = pycountry.countries.get(alpha_3=country.iso3)
    assert found is not None  # countries.csv has no other codes
    return str(getattr(found, "common_name", found.name))


def check_box(box: Box) -> None:
    """Raise InputFaults unless the box is one: west, south, east, north in degrees."""
    west, south, east, north = box
    good = all(map(math.isfinite, box)) and -180 <= west < east <= 180 and -90 <= south < north <= 90
    if not good:
        way_out = "Give west,south,east,north in degrees: --bbox 43.2,-12.5,44.6,-11.3"
        raise _fault("--bbox", f"{','.join(f'{edge:g}' for edge in box)} is no box on the earth.", way_out)


def _nominatim(name: str, asked: str) -> Wanted:
    source = sources()["nominatim"]
    return Wanted(name, source, (f"{source.urls[0]}/{asked}",), spare=True)


def _country_at(box: Box, downloads: Downloads) -> Country:
    """The country in the middle of a box."""
    west, south, east, north = box
    query = {
        "lat": f"{(south + north) / 2:.6f}", "lon": f"{(west + east) / 2:.6f}", "zoom": "3", "format": "jsonv2",
        "accept-language": "en",
    }  # fmt: skip
    wanted = _nominatim(of_box("country.json", box), "reverse")
    path = downloads.get(wanted, query=query)
    if path is None:
        way_out = "Say the country beside the box: --country COM"
        raise _fault("--bbox", "the country of a box cannot be looked up without internet.", way_out)
    with downloads.unless_useless(wanted), understood(path):
        return _country_of(json.loads(path.read_bytes()), "--bbox", "the middle of the box lies in no country")


def _country_of(told: Any, where: str, what: str) -> Country:
    code = (told.get("address") or {}).get("country_code", "")
    found = pycountry.countries.get(alpha_2=code.upper()) if code else None
    if found is None or found.alpha_3 not in countries():
        raise _fault(where, f"{what}, as OpenStreetMap has it.", "Say the country beside it: --country COM")
    return countries()[found.alpha_3]


def _named(name: str, country: Country | None, downloads: Downloads) -> Place:
    """The first place of that name that has an outline."""
    query = {
        "q": name, "format": "jsonv2", "polygon_geojson": "1", "addressdetails": "1", "limit": "10",
        "accept-language": "en",
    }  # fmt: skip
    slug = re.sub(r"\W+", "-", unicodedata.normalize("NFC", name.casefold())).strip("-")[:LONGEST]
    wanted = _nominatim(f"place_{slug}.json", "search")
    path = downloads.get(wanted, query=query)
    where = f'--place "{name}"'
    if path is None:
        way_out = (
            "Give --bbox and --country in its place, or bring the downloads of a colleague who asked for this place."
        )
        raise _fault(where, "a name cannot be looked up without internet.", way_out)
    with downloads.unless_useless(wanted), understood(path):
        return _outlined(json.loads(path.read_bytes()), where, country)


def _outlined(told: Any, where: str, country: Country | None) -> Place:
    """The first place with an outline of Nominatim's answer."""
    if not told:
        raise _fault(where, "OpenStreetMap knows no such place.", "Write it as on openstreetmap.org, or give --bbox.")
    found = next((each for each in told if each["geojson"]["type"] in ("Polygon", "MultiPolygon")), None)
    if found is None:
        lon, lat = float(told[0]["lon"]), float(told[0]["lat"])
        around = ",".join(f"{edge:.2f}" for edge in (lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND))
        what = f"OpenStreetMap knows {told[0]['display_name']} as a point only, without an outline."
        raise _fault(where, what, f"Give a box around it, for example --bbox {around}")
    title = "".join(char for char in str(found["display_name"]) if char.isprintable())
    if country is None:
        country = _country_of(found, where, f"{title} lies in no country")
    shape = shapely.make_valid(shapely.geometry.shape(found["geojson"]))
    return Place(title, country, grown(shape.bounds, MARGIN), shape)


def grown(box: Box, by: float) -> Box:
    """A box with a margin, in degrees, within the earth."""
    west, south, east, north = box
    return max(-180.0, west - by), max(-90.0, south - by), min(180.0, east + by), min(90.0, north + by)


def with_usual_year(request: Request) -> Request:
    """The request with a year. Raise InputFaults where the product has not that year, or there is no such product."""
    source = sources().get(f"worldpop_{request.population}")
    if source is None:
        raise _fault("--population", f'there is no "{request.population}".', "Say r2025a or 2020.")
    first, last = source.years
    year = min(2025, last) if request.year is None else request.year
    if not first <= year <= last:
        span = f"{first}" if first == last else f"{first} to {last}"
        raise _fault("--year", f"{source.title} has no {year}.", f"It has {span}.")
    return replace(request, year=year)


def _fault(where: str, what: str, way_out: str) -> InputFaults:
    return InputFaults([Fault(where, what, way_out)])
