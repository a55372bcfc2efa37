"""The CHWs of today: whom each of them serves, who else lives near, and what one move would do."""

from __future__ import annotations

import numpy as np

from planner import placement, travel
from planner.pipeline.placing import Question
from planner.pipeline.seasons import Season
from planner.scenario import Scenario
from planner.types.audit import Audit


def audited(own: Season, asked: Question, scenario: Scenario) -> Audit:
    """Count the people and the neighbours of each CHW of today, and weigh the move of each alone."""
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
    moves = placement.one_move(asked.matrix, asked.people, asked.today, asked.candidate)
    there, site = asked.post_site >= 0, asked.post_site
    better = np.where(there & (moves.site[site] >= 0), asked.village[moves.site[site]], -1).astype(np.int32)
    alone, gain = (np.where(there, each[site], 0.0) for each in (moves.alone, moves.gain))
    return Audit(people, near, nearest, alone, better, gain)
