"""Everything laid on the population raster's own cells: the land that people cross.

People are never resampled. Speeds, barriers, roads and areas are laid on top of them.
"""

from planner.grid.asked import barrier_cells, land_of, network_of, ridden_land
from planner.grid.bicycle import bicycle_kmh
from planner.grid.bridged import bridged, on_roads
from planner.grid.lay import lay, no_go_cells, step_metres
from planner.grid.network import network
from planner.grid.reached import Reached, open_cells, reached_at
from planner.grid.surroundings import pieces, road_access

__all__ = [
    "Reached",
    "barrier_cells",
    "bicycle_kmh",
    "bridged",
    "land_of",
    "lay",
    "network",
    "network_of",
    "no_go_cells",
    "on_roads",
    "open_cells",
    "pieces",
    "reached_at",
    "ridden_land",
    "road_access",
    "step_metres",
]
