"""What else could be done, beside the plan: see `planner.types.alternatives`."""

from __future__ import annotations

import numpy as np

from planner import placement
from planner.pipeline.placing import Question
from planner.pipeline.proposal import Proposal, stays
from planner.scenario import Scenario
from planner.types.alternatives import Alternatives, Relocation


def weigh(asked: Question, answer: Proposal, scenario: Scenario) -> Alternatives:
    """What else could be done, beside the answer."""
    return Alternatives(relocation=relocation(asked, scenario), fairness=answer.fairness, robustness=answer.robustness)


def relocation(asked: Question, scenario: Scenario) -> Relocation | None:
    """As many CHWs as today, all free to live where they reach most; None where there are none today."""
    chws_today = int(asked.today.sum())
    if not chws_today:
        return None
    free = placement.rules(len(asked.cell), most=1, today=asked.today, today_may="leave", forbidden=~asked.candidate)
    limit = scenario.placement.time_limit_s
    choice = placement.maximal_cover(asked.matrix, asked.counted, chws_today, free, time_limit_s=limit)
    told = placement.account(choice, asked.today, asked.matrix, asked.people, asked.under_fives, base=0.0)
    as_today = placement.rules(len(asked.cell), most=0, today=asked.today)
    today = placement.maximal_cover(asked.matrix, asked.counted, chws_today, as_today, time_limit_s=limit)
    return Relocation(
        today=today.objective,
        best=choice.objective,
        bound=choice.bound,
        status=choice.status,
        leaves=np.flatnonzero(stays(asked, told) == 0).astype(np.int32),
        villages=asked.village[told.chosen],
    )
