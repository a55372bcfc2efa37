"""How each village reaches care, read at its centre."""

from __future__ import annotations

import numpy as np

from planner.types.arrays import Bools, Doubles
from planner.types.results import VillageAccess, Villages
from planner.types.travel import TravelTime


def access(
    villages: Villages, to_facility: TravelTime, with_chws: TravelTime, km: Doubles, hard: Bools
) -> VillageAccess:
    """Read each village's access at its centre.

    Parameters
    ----------
    to_facility, with_chws
        As the plan's traveller goes to the nearest facility, and to the nearest facility or CHW of today.
    km, hard
        A value a village: straight-line km to the nearest facility; hard to reach by the country's rule.
    """
    on_grid = villages.cell >= 0
    return VillageAccess(
        minutes=np.where(on_grid, to_facility.minutes[villages.cell], np.float32(np.inf)),
        km=km,
        nearest=np.where(on_grid, to_facility.nearest[villages.cell], -1).astype(np.int32),
        hard_to_reach=hard,
        minutes_with_chws=np.where(on_grid, with_chws.minutes[villages.cell], np.float32(np.inf)),
    )
