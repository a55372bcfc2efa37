"""Plan to run folder: map, report, workbook, layers, rasters. Or one result alone, in one file."""

from planner.outputs.folder import check_folder, write
from planner.outputs.single import whole_file

__all__ = ["check_folder", "whole_file", "write"]
