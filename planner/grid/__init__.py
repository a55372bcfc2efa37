"""Everything laid on the population raster's own cells: the land that people cross.

People are never resampled. Speeds, barriers, roads and areas are laid on top of them.
"""

from planner.grid.lay import lay, open_cells, step_metres

__all__ = ["lay", "open_cells", "step_metres"]
