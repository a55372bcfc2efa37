"""All layers in one GeoPackage, for QGIS and its kin."""

from __future__ import annotations

from pathlib import Path

import pyogrio

from planner.outputs.layers import layers
from planner.types.results import Plan


def write_geopackage(plan: Plan, path: Path) -> None:
    """Write each layer under its name. A GeoPackage holds the time of its last change: it is the plan's date here."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{plan.provenance.date}T00:00:00Z"})
    try:
        for name, layer in layers(plan).items():
            kind = "Unknown" if layer.empty else None
            pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG", geometry_type=kind)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
