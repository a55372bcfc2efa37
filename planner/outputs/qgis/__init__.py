"""What QGIS opens: styles of the layers and rasters, and a project that shows all of it."""

from planner.outputs.qgis.project import write_project
from planner.outputs.qgis.rasters import write_raster_styles
from planner.outputs.qgis.table import style_rows

__all__ = ["style_rows", "write_project", "write_raster_styles"]
