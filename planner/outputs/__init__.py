"""Plan to run folder: map, report, workbook, layers, rasters."""

from planner.outputs.folder import check_folder, write

__all__ = ["check_folder", "write"]
