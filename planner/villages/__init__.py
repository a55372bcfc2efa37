"""Villages: settlements found in the population raster, joined with the list of names; how far each is from care."""

from planner.villages.access import access
from planner.villages.join import join
from planner.villages.settlements import Found, find

__all__ = ["Found", "access", "find", "join"]
