"""The country's own rule: who is hard to reach."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from planner.scenario.reach import Reach, Rule
from planner.types.arrays import Bools, Doubles
from planner.types.frame import Frame


def hard_to_reach(reach: Reach, measures: Mapping[str, npt.ArrayLike]) -> Bools:
    """Say which places are hard to reach by the country's rule, in one season.

    Parameters
    ----------
    reach
        The rule, and its limits.
    measures
        A value a place, for every criterion that the rule counts: ``minutes``, ``km`` and ``road_km`` to the nearest
        facility (inf = no way), ``water`` and ``cut_off`` as True or False. Beyond a limit means ``>``; what cannot be
        reached (inf) is beyond any limit.
    """
    limits = {"minutes": reach.max_minutes, "km": reach.max_km, "road_km": reach.max_road_km}
    beyond = {
        name: np.asarray(values) > limits[name] if name in limits else np.asarray(values, np.bool_)
        for name, values in measures.items()
    }
    return _judged(reach.tree, beyond)


def _judged(rule: Rule, beyond: Mapping[str, Bools]) -> Bools:
    if isinstance(rule, str):
        return beyond[rule]
    joint, parts = rule
    join = np.logical_and if joint == "and" else np.logical_or
    return np.asarray(join.reduce([_judged(part, beyond) for part in parts]))


def straight_km(frame: Frame, x: npt.ArrayLike, y: npt.ArrayLike, to_x: npt.ArrayLike, to_y: npt.ArrayLike) -> Doubles:
    """Kilometres in a straight line, on the ellipsoid, from each point to the nearest of the places ``to``.

    All coordinates are in the frame's CRS (`Frame.centre_of` gives those of cells). inf where there are no places.

    The nearest place is the one with the shortest chord through the earth, found in a KD-tree; its distance is then
    geodesic (Karney 2013, doi:10.1007/s00190-012-0578-z). A chord c stands for an arc of c + c^3 / 24 R^2, and R
    changes by 1 % at most with place and direction. So the place with the shortest chord is the nearest, or farther
    than it by less than c^3 / 24 R^2 x 2 %: 2 cm at 100 km, 2 m at 500 km.
    """
    from scipy.spatial import KDTree

    x, y, to_x, to_y = (np.asarray(column, np.float64) for column in (x, y, to_x, to_y))
    if not len(to_x):
        return np.full(len(x), np.inf)
    tree = KDTree(frame.earth_centred(to_x, to_y))
    nearest = tree.query(frame.earth_centred(x, y))[1]
    return frame.metres_between(x, y, to_x[nearest], to_y[nearest]) / 1000.0
