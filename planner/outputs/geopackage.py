"""All layers in one GeoPackage, for QGIS and its kin, with the styles in which QGIS draws them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyogrio

from planner.outputs.qgis import style_rows

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


FORM = "1.2"  # of the GeoPackage: programs of 2017 and later read it without a warning
STYLES = "layer_styles"  # the table in which QGIS keeps styles


def write_geopackage(named: Mapping[str, GeoDataFrame], path: Path, date: str) -> None:
    """Write the layers of a plan under their names, and their styles."""
    write_layers(named, path, date)
    with _dated(date):
        pyogrio.write_dataframe(style_rows(named, date), path, layer=STYLES, driver="GPKG", FID="id")


def write_layers(named: Mapping[str, GeoDataFrame], path: Path, date: str) -> None:
    """Write layers under their names. A GeoPackage holds the time of its last change: it is `date` here."""
    with _dated(date):
        for name, layer in named.items():
            kind = "Unknown" if layer.geometry.isna().all() else None
            pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG", geometry_type=kind, VERSION=FORM)


@contextmanager
def _dated(date: str) -> Iterator[None]:
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{date}T00:00:00Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
