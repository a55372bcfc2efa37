"""How fast a bicycle goes up and down hill: with the power that takes it over the flat at its speed there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.types.arrays import Doubles
from planner.types.inputs import Bicycle

GRAVITY = 9.80665  # m/s2
KMH = 3.6  # of one m/s
CLOSE = 1e-9  # m/s
TOBLER_DECAY, TOBLER_BEST = 3.5, 0.05


def bicycle_kmh(flat_kmh: npt.ArrayLike, rise: npt.ArrayLike, bicycle: Bicycle) -> Doubles:
    """Speed on a slope, km/h.

    Power is force times speed, and stays what it is on the flat: ``v (m g (sin a + r cos a) + c v^2)`` is the same for
    every slope ``tan a``, with mass m, rolling resistance r and drag c = air density x drag area / 2 (Martin et al.
    1998, doi:10.1123/jab.14.3.276). What is lost in the drivetrain is lost on the flat too, so it does not matter. The
    numbers are those of AccessMod, whose slope here counts in full and not by a hundredth.

    Parameters
    ----------
    flat_kmh
        Speed on the flat, above 0.
    rise
        Rise over run in the direction of travel; NaN = unknown, taken as flat.
    bicycle
        The cyclist. Pushed where that is faster: as Tobler 1993 walks, on the flat no faster than riding.
    """
    flat_kmh, rise = np.broadcast_arrays(np.asarray(flat_kmh, float), np.nan_to_num(np.asarray(rise, float)))
    flat, angle = flat_kmh / KMH, np.arctan(rise)
    weight = GRAVITY * (bicycle.rider_kg + bicycle.bicycle_kg)
    drag = bicycle.air_kg_m3 * bicycle.drag_area_m2 / 2
    power = flat * (weight * bicycle.rolling_resistance + drag * flat**2)
    force = weight * (np.sin(angle) + bicycle.rolling_resistance * np.cos(angle))
    # Newton from above: beyond its only positive root the cubic is convex and rising, so each step stays beyond it.
    v = bicycle.most_times_flat * flat
    while True:
        excess = np.maximum(v * (force + drag * v**2) - power, 0.0)
        step = np.divide(excess, force + 3 * drag * v**2, out=np.zeros_like(v), where=excess > 0)
        v = v - step
        if step.max(initial=0.0) < CLOSE:
            break
    slower = np.exp(-TOBLER_DECAY * (np.abs(rise + TOBLER_BEST) - TOBLER_BEST))
    return np.asarray(np.maximum(v * KMH, np.minimum(flat_kmh, bicycle.pushing_kmh) * slower), np.float64)
