"""Results on the cells of the population raster, as Cloud Optimized GeoTIFF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine

from planner.outputs.wording import going
from planner.types.arrays import Floats
from planner.types.frame import Frame
from planner.types.results import Plan

NODATA = -1


def write_rasters(plan: Plan, folder: Path) -> None:
    """Write one GeoTIFF a result into ``folder``; -1 stands for no way, no facility, no post (NaN never occurs)."""
    folder.mkdir()
    away = f"minutes {going(plan.scenario)} to the nearest facility"
    no_way = f"no way {plan.scenario.reach.traveller}"
    for name, cells, unit, about, minus_one in (
        ("minutes_to_facility", with_nodata(plan.to_facility.minutes), "min", away, no_way),
        ("minutes_with_chws_today", with_nodata(plan.with_chws.minutes), "min", f"{away} or CHW of today", no_way),
        (
            "minutes_with_plan",
            with_nodata(plan.with_plan.minutes),
            "min",
            f"{away} or CHW, the plan's included",
            no_way,
        ),
        (
            "nearest_facility",
            plan.to_facility.nearest,
            "",
            'facility reached first: "value in rasters" of the facilities table',
            no_way,
        ),
        (
            "chw_catchment",
            plan.chw_catchment,
            "",
            'post that serves the cell: "value in rasters" of the posts table',
            "served by no post",
        ),
    ):
        tags = {"TITLE": plan.scenario.title, "DATE": plan.provenance.date, "NODATA_MEANS": minus_one}
        path = folder / f"{name}.tif"
        write_raster(plan.land.frame, path, cells, unit=unit, about=f"{about}; -1 = {minus_one}", tags=tags)


def with_nodata(minutes: Floats) -> Floats:
    """Minutes as they stand in a raster: -1 where there is no way."""
    return np.where(np.isfinite(minutes), minutes, np.float32(NODATA))


def write_raster(frame: Frame, path: Path, cells: Any, *, unit: str, about: str, tags: dict[str, str]) -> None:
    """Write one value a cell as a Cloud Optimized GeoTIFF on the frame; -1 is no data."""
    predictor = 3 if cells.dtype.kind == "f" else 2
    with rasterio.open(
        path, "w", driver="COG", width=frame.nx, height=frame.ny, count=1, dtype=cells.dtype, crs=frame.crs,
        transform=Affine(*frame.gdal_transform), nodata=NODATA, compress="DEFLATE", predictor=predictor,
        resampling="NEAREST",
    ) as raster:  # fmt: skip
        raster.write(cells.reshape(frame.shape), 1)
        raster.set_band_description(1, about)
        raster.set_band_unit(1, unit)
        raster.update_tags(**tags)
