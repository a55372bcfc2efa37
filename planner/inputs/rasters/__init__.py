"""Rasters: people define the frame and are never resampled; elevation and land cover are laid on its cells."""

from planner.inputs.rasters.cells import read_frame
from planner.inputs.rasters.layers import check_raster, lay, read_elevation, read_land_cover, tagged, tell_gaps
from planner.inputs.rasters.opening import Raster, opened
from planner.inputs.rasters.population import read_population

__all__ = [
    "Raster",
    "check_raster",
    "lay",
    "opened",
    "read_elevation",
    "read_frame",
    "read_land_cover",
    "read_population",
    "tagged",
    "tell_gaps",
]
