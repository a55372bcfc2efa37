"""All layers in one GeoPackage, for QGIS and its kin."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyogrio

from planner.outputs.layers import layers
from planner.types.results import Plan

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def write_geopackage(plan: Plan, path: Path) -> None:
    """Write each layer of the plan under its name."""
    write_layers(layers(plan), path, plan.provenance.date)


def write_layers(named: Mapping[str, GeoDataFrame], path: Path, date: str) -> None:
    """Write layers under their names. A GeoPackage holds the time of its last change: it is `date` here."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{date}T00:00:00Z"})
    try:
        for name, layer in named.items():
            kind = "Unknown" if layer.geometry.isna().all() else None
            pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG", geometry_type=kind)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
