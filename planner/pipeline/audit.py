"""The CHWs of today: whom each of them serves, and who else lives near."""

from __future__ import annotations

import numpy as np

from planner import travel
from planner.pipeline.seasons import Season
from planner.scenario import Scenario
from planner.types.audit import Audit


def audited(own: Season, scenario: Scenario) -> Audit:
    """Count the people and the neighbours of each CHW of today."""
    base, time = own.base, own.with_chws
    chws, facilities = len(base.chw_cell), len(base.facility_cell)
    served = (time.nearest >= facilities) & (time.minutes <= scenario.placement.max_minutes)
    people = np.bincount(time.nearest[served] - facilities, base.land.people[served], chws).astype(np.float64)
    cells = np.unique(base.chw_cell[base.chw_cell >= 0]).astype(np.int32)
    matrix = travel.within(
        base.land, base.chw_cell, cells, scenario.walking, max_minutes=scenario.audit.near_minutes
    )  # minutes from the other to her
    near, nearest = np.zeros(chws, np.int32), np.full(chws, -1, np.int32)
    for post in range(chws):
        pairs = slice(matrix.indptr[post], matrix.indptr[post + 1])
        minutes = dict(zip(cells[matrix.indices[pairs]].tolist(), matrix.minutes[pairs].tolist(), strict=True))
        others = [
            (minutes[cell], other)
            for other, cell in enumerate(base.chw_cell.tolist())
            if other != post and cell in minutes
        ]
        near[post] = len(others)
        nearest[post] = min(others)[1] if others else -1
    return Audit(people, near, nearest)
