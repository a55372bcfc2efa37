"""What the scenario says of a file that is read, and of a list in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from planner.scenario.keys import NO_RULE, Section, number, said


def texts(value: Any) -> Iterator[str]:
    """Every text in a part of a scenario, however deep: those that name its files are among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


class LayerFile(Section):
    """A file that is read."""

    file: str = said("", 'path of the file, relative to this scenario; "" = not given')
    source: str = said("", "citation and licence, printed on every map and report")
    crs: str = said(
        "",
        'coordinate reference system of the file, where the file itself says none, e.g. "EPSG:32636"; "" = it says one',
    )


class RasterFile(LayerFile):
    """A GeoTIFF of which one band is read."""

    band: int | None = said(None, "band to read, from 1, where the file has several", ge=1, examples=[1])
    nodata: float | None = said(None, "value that means 'no data', where the file itself tags none", examples=[-9999.0])


class Table(LayerFile):
    """A list of points: CSV, workbook, DHIS2 metadata, or features."""

    sheet: str = said("", 'sheet of a workbook or layer of a GeoPackage; "" = the first')
    columns: dict[str, str] = said(
        {},
        "which column holds what: id, name, lat and lon (or x and y in the raster's CRS), type, tier and capacity of "
        "facilities, village of CHWs, area and people of villages, latlon = one column with both, e.g. "
        '{id = "Code", name = "Facility name"}; usual names are found by themselves',
    )
    where: dict[str, tuple[str, ...]] = said(
        {}, 'keep only rows whose column has one of these values, e.g. {status = ["open"]}; {} = all rows'
    )
    decimal: Literal["", ".", ","] = said(
        "", 'sign before decimals, where numbers such as 1.234 leave it open; "" = as each column shows'
    )


class PlacesTable(Table):
    """A list of places, and when two of its rows are one."""

    review: str = said(
        "", 'the review (XLSX) of its rows, as planner check --review wrote it and you decided; "" = none'
    )
    outside_metres: float = number(
        1000.0, "rows further outside the population raster, facilities also further outside the areas, are left out; "
        "raise it for facilities that people go to across the border", unit="m",
        source="planner's choice: coasts and borders are drawn that roughly", ge=0,
    )  # fmt: skip
    same_place_metres: float = number(
        50.0, "rows nearer to each other may be one place, whatever their names; 0 = never", unit="m",
        source="planner's choice: as exact as positions of buildings are", ge=0,
    )  # fmt: skip
    same_name_metres: float = number(
        2000.0, "rows nearer to each other whose names are alike may be one place", unit="m",
        source="two published lists of the Comoros place facilities of one name up to 1.8 km apart", ge=0,
    )  # fmt: skip
    same_name_percent: float = number(
        85.0, "names are alike that are spelled alike by at least so much, words such as 'health centre' apart",
        unit="%", source="planner's choice: apart from one letter in six", gt=0, le=100,
    )  # fmt: skip


class MoreFacilities(Table):
    """Another list of facilities: those that are places of an earlier list are merged into them, the others added."""

    file: str = said(
        ..., "list of facilities (CSV, workbook, DHIS2 metadata, features), relative to this scenario", min_length=1,
        examples=["facilities.csv"],
    )  # fmt: skip
    tiers: dict[str, Annotated[int, Field(ge=1, le=9)]] = said(
        {}, 'tier of each facility type, e.g. {"Health post" = 1, Hospital = 2}; {} = a column named tier'
    )


class FacilitiesTable(MoreFacilities, PlacesTable):
    """Places with trained staff."""

    also: tuple[MoreFacilities, ...] = said(
        (), "further lists of facilities, each with file, tiers, columns, where and so on below [[facilities.also]]; "
        "of a place in several lists the first list counts, and takes what it lacks from the others",
    )  # fmt: skip
    people_per_capacity: float = number(
        0.0, "people for whom a facility has room, for each unit of its capacity in the list (1 where the list counts "
        "people); a facility without a capacity has room for all; 0 = all facilities have",
        unit="people", source=NO_RULE, ge=0,
    )  # fmt: skip
