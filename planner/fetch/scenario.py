"""The scenario of a fetched folder: it runs as it is, and says what a planner should change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from planner.fetch.catalogue import Source

TOP = """\
# {title}: made by planner fetch from open data. Change what you know better, then:
#   planner check scenario.toml
#   planner run scenario.toml --out plan
# All other keys are explained by: planner init

schema_version = 1
title = {quoted}
fixes = ["part-of-areas"]  # where areas reach into the sea or beyond the box: what the raster covers is planned for

[population]  # {unit}; no data = {nodata_means}
file = "population.tif"
source = {population}
year = {year}
under_five_share = 0.16  # better: the share of your country's last survey or census
"""

ELEVATION = """
[elevation]  # mean of each cell: slope makes walking slower
file = "elevation.tif"
source = {source}
"""

LAND_COVER = """
[land_cover]  # the most frequent class of each cell
file = "land_cover.tif"
source = {source}
legend = "worldcover"
"""

ROADS = """
[roads]  # rivers and lakes are in the same file; ways that nobody has mapped are missing
file = "roads.osm.pbf"
source = {source}
"""

AREAS = """
[areas]
file = "areas.geojson"
source = {source}
name = "name"
code = "code"
{parents}{edge}"""

PARENTS = """\
parent_name = "parent_name"
parent_code = "parent_code"
"""
EDGE = "edge_metres = 1000.0  # coasts are drawn a little inside the shore\n"

FACILITIES = """
[facilities]  # OpenStreetMap is not the ministry's list: put yours here where you have it
file = "facilities.xlsx"
source = {source}

[facilities.columns]
id = "id"
name = "name"
type = "type"
lat = "lat"
lon = "lon"

[facilities.tiers]  # 1 = health post or centre, 2 = hospital
{tiers}"""

VILLAGES = """
[villages]  # villages that are missing here are found in the population
file = "villages.xlsx"
source = {source}

[villages.columns]
id = "id"
name = "name"
lat = "lat"
lon = "lon"
"""

REST = """
# [chws]  # the CHWs of today: a list with the columns id, name, village, lat, lon
# file = "chws.xlsx"

[reach]  # hard to reach: your country's own rule
max_minutes = 60.0
max_km = 5.0
rule = "either"

[placement]  # where should so many new CHWs live?
new_chws = 20
max_minutes = 60.0
"""


@dataclass(frozen=True)
class Parts:
    """What the folder has: products (None = it has no such file), citation of its areas, types of its facilities."""

    title: str
    year: int
    population: Source
    elevation: Source | None
    land_cover: Source | None
    roads: Source
    areas: str | None
    two_levels: bool
    whole_country: bool
    facilities: Source
    types: Sequence[str]
    villages: bool


def text(parts: Parts) -> str:
    """The scenario as TOML."""
    title = parts.title.split(",")[0].strip()
    blocks = [
        TOP.format(
            title=" ".join(parts.title.split()), quoted=_quoted(title), unit=parts.population.unit,
            nodata_means=parts.population.nodata_means, population=_cited(parts.population), year=parts.year,
        )
    ]  # fmt: skip
    if parts.elevation:
        blocks.append(ELEVATION.format(source=_cited(parts.elevation)))
    if parts.land_cover:
        blocks.append(LAND_COVER.format(source=_cited(parts.land_cover)))
    blocks.append(ROADS.format(source=_cited(parts.roads)))
    if parts.areas is not None:
        parents, edge = PARENTS if parts.two_levels else "", EDGE if parts.whole_country else ""
        blocks.append(AREAS.format(source=_quoted(parts.areas), parents=parents, edge=edge))
    tiers = "".join(f"{_quoted(kind)} = {2 if kind == 'hospital' else 1}\n" for kind in sorted(set(parts.types)))
    blocks.append(FACILITIES.format(source=_cited(parts.facilities), tiers=tiers))
    if parts.villages:
        blocks.append(VILLAGES.format(source=_cited(parts.roads)))
    return "".join([*blocks, REST])


def _cited(source: Source) -> str:
    return _quoted(f"{source.citation} ({source.licence})")


def _quoted(text: str) -> str:
    """Text as a string of TOML: JSON's are, but for DEL, which no name has."""
    return json.dumps(text.replace("\x7f", ""), ensure_ascii=False)
