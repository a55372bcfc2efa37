"""What people would use of care, if distance alone decided."""

from __future__ import annotations

import numpy as np

from planner.types.arrays import Doubles, Floats
from planner.types.care import Decay


def of_facilities(minutes: Floats, km: Doubles, decay: Decay, *, rides: bool) -> tuple[Doubles, Doubles]:
    """Use of the nearest facility, low and high, as a share of what people use next door to it.

    Low falls by km in a straight line, as far as that was measured; high by hours of travel. 0 where there is no way.
    """
    low = (1.0 - decay.facility_per_km) ** np.minimum(km, decay.facility_upto_km)
    per_hour = decay.facility_per_hour_riding if rides else decay.facility_per_hour
    high = (1.0 - per_hour) ** (minutes.astype(np.float64) / 60.0)
    low = np.where(np.isfinite(minutes), low, 0.0)
    return np.minimum(low, high), np.maximum(low, high)


def of_chws(km_along: Doubles, per_km: float) -> Doubles:
    """Use of the nearest CHW, as a share of what people use next door; 0 where there is no way (inf)."""
    return np.asarray((1.0 - per_km) ** km_along)
