"""What the scenario says of a file that is read, and of a list in it."""

from __future__ import annotations

from typing import Literal

from planner.scenario.keys import Section, said


class LayerFile(Section):
    """A file that is read."""

    file: str = said("", 'path of the file, relative to this scenario; "" = not given')
    source: str = said("", "citation and licence, printed on every map and report")
    crs: str = said(
        "",
        'coordinate reference system of the file, where the file itself says none, e.g. "EPSG:32636"; "" = it says one',
    )


class Table(LayerFile):
    """A list of points: CSV, XLSX, GeoJSON or GeoPackage."""

    sheet: str = said("", 'sheet of a workbook or layer of a GeoPackage; "" = the first')
    columns: dict[str, str] = said(
        {},
        "which column holds what: id, name, lat and lon (or x and y in the raster's CRS), type and tier of facilities, "
        'village of CHWs, latlon = one column with both, e.g. {id = "Code", name = "Facility name"}; usual names are '
        "found by themselves",
    )
    where: dict[str, tuple[str, ...]] = said(
        {}, 'keep only rows whose column has one of these values, e.g. {status = ["open"]}; {} = all rows'
    )
    decimal: Literal["", ".", ","] = said(
        "", 'sign before decimals, where numbers such as 1.234 leave it open; "" = as each column shows'
    )
