"""Small roads for tests."""

from __future__ import annotations

import numpy as np
from shapely.geometry import LineString

from planner.types.inputs import RideSpeeds, Roads

SPEEDS = RideSpeeds(
    roads={"primary": 60.0, "track": 6.0, "ferry": 12.0, "steps": 0.0},
    surface={"gravel": 0.5},
    smoothness={"bad": 0.5, "impassable": 0.0},
    tracktype={"grade5": 0.2},
)


def road(*points, highway="track", **tags):
    """One road: its points, class and tags."""
    return {"geometry": LineString(points), "highway": highway, **tags}


def make_roads(*given):
    def column(name, otherwise, dtype):
        values = np.empty(len(given), dtype)
        values[:] = [each.get(name, otherwise) for each in given]
        return values

    texts = ("geometry", "highway", "name", "surface", "smoothness", "tracktype")
    flags = {"bridge": False, "ford": False, "motor": True}
    return Roads(
        **{name: column(name, "", object) for name in texts},
        **{name: column(name, otherwise, bool) for name, otherwise in flags.items()},
        oneway=column("oneway", 0, np.int16),
    )
