"""Plan to run folder: map, report, workbook, layers, rasters. Or one result alone, in one file."""

from planner.outputs.folder import reserved, size, write
from planner.outputs.review import check_review, write_review
from planner.outputs.single import whole_file

__all__ = ["check_review", "reserved", "size", "whole_file", "write", "write_review"]
