"""The table ``layer_styles`` of a GeoPackage, in which QGIS keeps the styles of its layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from planner.outputs.qgis.styles import document, layer_styles

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

GEOMETRY = "geom"  # as GDAL calls the column of a GeoPackage
LONGEST_NAME = 30  # of a style, in QGIS's own table


def style_rows(named: Mapping[str, GeoDataFrame], date: str) -> pd.DataFrame:
    """A row for each style of each layer, with the columns that QGIS makes; the usual style of a layer opens with it.

    Parameters
    ----------
    named
        The layers by their names.
    date
        Of the last change (ISO 8601): QGIS takes the youngest where several styles are usual.
    """
    rows = []
    for name, frame in named.items():
        fields = [str(field) for field in frame.columns if field != "geometry"]
        tiers = frame["tier"].tolist() if name == "facilities" else ()
        for position, style in enumerate(layer_styles(name, tiers)):
            rows.append(
                {
                    "f_table_catalog": "",
                    "f_table_schema": "",
                    "f_table_name": name,
                    "f_geometry_column": GEOMETRY,
                    "styleName": style.name[:LONGEST_NAME],
                    "styleQML": document(style, fields),
                    "styleSLD": "",
                    "useAsDefault": position == 0,
                    "description": style.name,
                    "owner": "",
                    "ui": "",
                    "update_time": f"{date}T00:00:00.000Z",
                }
            )
    return pd.DataFrame(rows)
