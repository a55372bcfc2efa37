"""The options of ``planner fetch``, the request that they make, and what is told of the answer."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.fetch.listing import Preview, Row
    from planner.fetch.steps import Fetched
    from planner.fetch.where import Request

MORE = """\
People (WorldPop), elevation (Copernicus DEM), land cover (ESA WorldCover), areas (geoBoundaries), roads, water,
facilities and villages (OpenStreetMap), and a scenario that runs. A fetch that was stopped goes on where it was.
This is the only command that uses the internet.

facilities come from healthsites.io where the environment variable HEALTHSITES_API_KEY holds a key; it is sent, and
never written anywhere. PLANNER_FETCH_MIRROR=http://HOST/PATH takes all files from a mirror of your own."""

EXAMPLE = """\
planner fetch --country COM --out comoros
  planner fetch --place "Ifanadiana, Madagascar" --out ifanadiana
  planner fetch --bbox 43.2,-12.5,44.6,-11.3 --out box
  planner fetch --country Malawi --dry-run                     names, sizes, licences and addresses only
  planner fetch --country COM --out comoros --from-dir E:\\     without internet, from a USB stick"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add all options to the parser of the command."""
    add = parser.add_argument
    add("--country", metavar="COUNTRY", default="", help="code (ISO 3166-1, such as COM) or name of a country")
    add("--place", metavar="NAME", default="", help='a district or town, such as "Ifanadiana, Madagascar"')
    add("--bbox", metavar="W,S,E,N", type=_box, help="a box: west,south,east,north in degrees")
    add("--out", metavar="DIR", type=Path, default=Path("fetched"), help="folder for the files (default: fetched)")
    add("--population", metavar="PRODUCT", default="r2025a",
        help="r2025a: WorldPop 2015 to 2030; 2020: WorldPop 2020, adjusted to UN totals (default: r2025a)")  # fmt: skip
    add("--year", metavar="YEAR", type=int, help="year of the population (default: 2025, or 2020)")
    add("--osm", metavar="FROM", choices=("auto", "geofabrik", "overpass"), default="auto",
        help="geofabrik: the country's extract; overpass: for small boxes; auto: by size (default: auto)")  # fmt: skip
    add("--from-dir", metavar="DIR", type=Path, help="take the files from this folder, not from the internet")
    add("--dry-run", action="store_true", help="list the files, their sizes, licences and addresses, and get none")
    add("--update", action="store_true", help="take newer files where they changed since they were fetched")


def joined(argv: Sequence[str]) -> list[str]:
    """The arguments with a box and its option in one: argparse takes "-10.2,6.1,-9.5,7" for an option."""
    words = list(argv)
    for at in reversed(range(len(words) - 1)):
        if words[at] == "--bbox":
            words[at : at + 2] = [f"--bbox={words[at + 1]}"]
    return words


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(edge) for edge in text.split(","))
    except ValueError:
        expected = "west,south,east,north in degrees with points: 43.2,-12.5,44.6,-11.3"
        raise argparse.ArgumentTypeError(f'found "{text}"; expected {expected}') from None
    return west, south, east, north


def request(arguments: argparse.Namespace) -> Request:
    """What the options ask for."""
    from planner.fetch.where import Request

    return Request(
        out=arguments.out,
        country=arguments.country,
        place=arguments.place,
        box=arguments.bbox,
        population=arguments.population,
        year=arguments.year,
        osm=arguments.osm,
        from_dir=arguments.from_dir,
        update=arguments.update,
    )


def listing(found: Preview, out: Path) -> Iterator[str]:
    """The files of a dry run, product by product, and their sum."""
    yield f"{found.place}: what a fetch would get"
    for source, rows in groupby(found.rows, key=lambda row: row.file.source):
        yield f"\n{source.title}: {source.licence}"
        for row in rows:
            yield from _row_lines(row)
    to_get = [row for row in found.rows if not row.here]
    sure = "" if all(row.said for row in to_get) else "about "
    place = next(folder for folder in (out.resolve(), *out.resolve().parents) if folder.exists())
    total, free = sum(row.mb for row in to_get), shutil.disk_usage(place).free / 1e6
    yield f"\n{sure}{total:,.1f} MB to get; {free:,.0f} MB are free"
    yield from found.notes


def _row_lines(row: Row) -> Iterator[str]:
    size = "here" if row.here else f"{'' if row.said else '~'}{row.mb:,.1f} MB"
    licence = f"  ({row.file.licence})" if row.file.licence else ""
    yield f"{size:>12}  {row.file.name}{licence}"
    if not row.here and not row.file.form:
        yield from (f"{'':14}{url}" for url in row.file.urls)


def summary(told: Fetched) -> Iterator[str]:
    """What the folder has, and what to do next."""
    yield f"{told.people:14,.0f}  people in {told.place}"
    yield f"{told.facilities:14,}  facilities"
    yield f"{told.villages:14,}  villages and towns with a name"
    kept = told.scenario.parent / "downloads"
    yield f"{told.downloads_mb:14,.0f}  MB in {kept}: give it to colleagues (--from-dir), or delete it"
    yield from (f"{'note':>14}  {note}" for note in told.notes)
    yield f"\nNow: planner check {told.scenario}"
