"""Travel times as polygons: who is how far from care, and whose catchment lies where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from planner.outputs.layers import on_frame, polygons_of
from planner.types.arrays import CELL, Doubles, Floats, Ints
from planner.types.frame import Frame

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def isochrones(
    frame: Frame, minutes: Floats, thresholds: Sequence[float], people: Doubles | None = None
) -> GeoDataFrame:
    """Rings of travel time: a (Multi)Polygon of whole cells for each class that holds any, nearest first.

    Parameters
    ----------
    frame, minutes
        The cells, and minutes at each; inf = no way.
    thresholds
        Upper ends of the classes, ascending; a class holds its upper end, not its lower one. Cells beyond the last
        belong to none.
    people
        People a cell; None = not told.

    Returns
    -------
    ``from_minutes``, ``to_minutes``, ``people``, in longitude and latitude (WGS 84).
    """
    ends = np.asarray(thresholds, np.float64)
    ring = np.searchsorted(ends, minutes).astype(CELL)
    ring[ring == len(ends)] = -1
    shapes = polygons_of(frame, ring)
    rings = list(shapes)
    columns = {"from_minutes": np.append(0.0, ends)[rings], "to_minutes": ends[rings]}
    if people is not None:
        columns["people"] = _sums(ring, people, len(ends))[rings]
    return on_frame(frame, columns, shapes.values())


def catchments(
    frame: Frame, nearest: Ints, site_id: Sequence[str], site: Sequence[str], people: Doubles
) -> GeoDataFrame:
    """Where each site is the nearest: a (Multi)Polygon of whole cells for each site that is so anywhere.

    Parameters
    ----------
    frame, nearest
        The cells, and the position of the nearest site at each; -1 = none.
    site_id, site
        Ids and names of the sites.
    people
        People a cell.

    Returns
    -------
    ``site_id``, ``site``, ``people``, in longitude and latitude (WGS 84), in the order of the sites.
    """
    shapes = polygons_of(frame, nearest)
    columns = {
        "site_id": [site_id[k] for k in shapes],
        "site": [site[k] for k in shapes],
        "people": _sums(nearest, people, len(site_id))[list(shapes)],
    }
    return on_frame(frame, columns, shapes.values())


def _sums(labels: Ints, people: Doubles, count: int) -> Doubles:
    inside = labels >= 0
    return np.bincount(labels[inside], people[inside], minlength=count).astype(np.float64)
