"""Small roads for tests."""

from __future__ import annotations

import numpy as np
from shapely.geometry import LineString

from planner.types.inputs import Bicycle, RideSpeeds, Roads
from planner.types.network import Network

SPEEDS = RideSpeeds(
    roads={"primary": 60.0, "track": 6.0, "ferry": 12.0, "steps": 0.0},
    surface={"gravel": 0.5},
    smoothness={"bad": 0.5, "impassable": 0.0},
    tracktype={"grade5": 0.2},
)
CYCLIST = Bicycle(
    rider_kg=80, bicycle_kg=15, rolling_resistance=0.012, drag_area_m2=0.445, air_kg_m3=1.1245, most_times_flat=2,
    pushing_kmh=5.04,
)  # fmt: skip


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
        max_kmh=column("max_kmh", np.inf, float),
        closed_in=column("closed_in", "", object),
    )


def random_roads(rng, frame, count):
    """Roads and ferries between eight places on the grid and a little outside, at which they are joined."""
    x, y = rng.uniform(-0.5, frame.nx + 0.5, 8), rng.uniform(-0.5, frame.ny + 0.5, 8)
    nodes = np.column_stack([frame.west + x * frame.dx, frame.north - y * frame.dy])
    return [
        road(
            *nodes[rng.choice(8, rng.integers(2, 5), replace=False)],
            highway=str(rng.choice(["primary", "primary", "track", "ferry"])),
            surface=str(rng.choice(["", "gravel"])),
            oneway=int(rng.integers(-1, 2)),
            name=str(rng.choice(["", "A", "B"])),
        )
        for _ in range(count)
    ]


def no_rides():
    """The network of those who walk."""
    return Network(
        cell=np.empty(0, np.int32),
        indptr=np.zeros(1, np.int64),
        **{name: np.empty(0) for name in ("x", "y", "start", "end")},
        **{name: np.empty(0, np.float32) for name in ("board", "alight", "minutes", "metres")},
        **{name: np.empty(0, np.int32) for name in ("indices", "road")},
    )
