"""What else could be done, beside the plan: see `planner.types.alternatives`."""

from __future__ import annotations

import numpy as np

from planner import placement
from planner.pipeline.placing import Question
from planner.pipeline.proposal import Proposal, stays
from planner.scenario import Scenario
from planner.types.alternatives import Alternatives, Growth, Relocation

MOST_CHWS = 3000  # new ones, of whom the growth is told


def weigh(asked: Question, answer: Proposal, scenario: Scenario) -> Alternatives:
    """What else could be done, beside the answer."""
    return Alternatives(
        growth=growth(asked, scenario),
        relocation=relocation(asked, scenario),
        fairness=answer.fairness,
        robustness=answer.robustness,
        years=answer.years,
        longest=answer.longest,
    )


def growth(asked: Question, scenario: Scenario) -> Growth:
    """People newly within reach with any number of new CHWs, up to where no other one adds anybody."""
    beside = placement.rules(len(asked.cell), most=1, today=asked.today, forbidden=~asked.candidate)
    today, most = int(asked.today.sum()), min(int(asked.candidate.sum()), MOST_CHWS)
    traced = placement.frontier(
        asked.matrix, asked.counted, today + most, beside, time_limit_s=scenario.placement.time_limit_s
    )
    base = traced.covered[0]
    enough = int(np.argmax(traced.covered >= traced.covered[-1] * (1 - 1e-9))) + 1
    return Growth(
        covered=traced.covered[:enough] - base,
        bound=traced.bound[:enough] - base,
        everybody=float(asked.counted.sum()) - base,
    )


def relocation(asked: Question, scenario: Scenario) -> Relocation | None:
    """As many CHWs as today, all free to live where they reach most; None where there are none today."""
    chws_today = int(asked.today.sum())
    if not chws_today:
        return None
    free = placement.rules(len(asked.cell), most=1, today=asked.today, today_may="leave", forbidden=~asked.candidate)
    limit = scenario.placement.time_limit_s
    choice = placement.maximal_cover(asked.matrix, asked.counted, chws_today, free, time_limit_s=limit)
    told = placement.account(choice, asked.today, asked.matrix, asked.people, asked.under_fives, base=0.0)
    today = placement.maximal_cover(asked.matrix, asked.counted, chws_today, asked.as_today, time_limit_s=limit)
    return Relocation(
        today=today.objective,
        best=choice.objective,
        bound=choice.bound,
        status=choice.status,
        leaves=np.flatnonzero(stays(asked, told) == 0).astype(np.int32),
        villages=asked.village[told.chosen],
    )
