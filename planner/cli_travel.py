"""The options of ``planner travel``, and the request that they make."""

from __future__ import annotations

import argparse
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.analysis import Request

MORE = """\
One file, of the engine's results alone; its ending says the format:
  minutes, nearest, kth      GeoTIFF (.tif): to the nearest place, which one it is, to the k-th nearest
  isochrones, catchments     polygons (.gpkg, .geojson): rings of travel time, whose nearest place is where
  routes                     lines (.gpkg, .geojson) or rows (.csv): minutes, km, the way in words
  flows                      GeoTIFF (.tif): people who pass each cell on the way to their nearest place
  matrix                     rows (.csv): minutes between each place and each start, within --max-minutes"""

EXAMPLE = """\
planner travel scenario.toml --to facilities --what isochrones --out isochrones.gpkg
  planner travel scenario.toml --to facilities --tier 2 --what routes --starts chws --out referral.csv
  planner travel scenario.toml --to sites.csv --what kth --k 2 --max-minutes 120 --season wet --out second.tif"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add all options to the parser of the command."""
    add = parser.add_argument
    add("scenario", metavar="SCENARIO", type=Path, help="scenario file (TOML)")
    add("--to", required=True, metavar="PLACES", help="facilities, chws, villages, or a file of points")
    add("--what", required=True, help="minutes, nearest, kth, isochrones, catchments, routes, flows or matrix")
    add("--out", required=True, metavar="FILE", type=Path, help="file to write; one that exists is replaced")
    add("--tier", metavar="N", type=int, help="only facilities of tier N or above")
    add("--from-them", action="store_true", help="time from the places, not to them")
    add("--traveller", metavar="NAME", default="", help="one of [travellers] (default: the plan's)")
    add("--season", metavar="dry|wet", default="", help="default: the plan's")
    add("--starts", metavar="PLACES", default="villages",
        help="where routes start, and the rows of a matrix (default: villages); as --to")  # fmt: skip
    add("--max-minutes", metavar="M", type=float, default=math.inf, help="search no farther (default: no limit)")
    add("--thresholds", metavar="M,M,...", type=_numbers, default=(), help="upper ends of isochrones, minutes")
    add("--k", metavar="K", type=int, default=2, help="which nearest place, for kth (default: 2)")

    add_memory(parser)


def add_memory(parser: argparse.ArgumentParser) -> None:
    """Add the option of the limit on memory, also to other commands."""
    parser.add_argument("--memory", metavar="SIZE", type=_size,
                        help="stop at once if more memory is needed, e.g. 4GB (default: what is free)")  # fmt: skip


def _size(text: str) -> int:
    """Bytes of a size: 4GB, 800 MB."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([MG])B?", text.strip(), re.IGNORECASE)
    if not found:
        raise argparse.ArgumentTypeError(f'found "{text}"; expected megabytes or gigabytes: 800MB or 4GB')
    return int(float(found[1]) * {"M": 1e6, "G": 1e9}[found[2].upper()])


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(number) for number in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f'found "{text}"; expected minutes with commas between: 30,60,120') from None


def request(arguments: argparse.Namespace) -> Request:
    """What the options ask for."""
    from planner.analysis import Request

    return Request(
        what=arguments.what,
        to=arguments.to,
        out=arguments.out,
        starts=arguments.starts,
        tier=arguments.tier,
        towards=not arguments.from_them,
        traveller=arguments.traveller,
        season=arguments.season,
        k=arguments.k,
        max_minutes=arguments.max_minutes,
        thresholds=arguments.thresholds,
    )
