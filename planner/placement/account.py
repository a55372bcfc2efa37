"""A choice told post by post: in the order of what each adds to the CHWs who stay, and how good the whole is proved."""

from __future__ import annotations

import numpy as np

from planner.placement.answer import gap_of, status_of
from planner.placement.recount import chws_within_reach
from planner.types.arrays import PEOPLE, Doubles, Ints
from planner.types.placement import Choice
from planner.types.results import Placement
from planner.types.travel import TravelMatrix


def account(
    choice: Choice, today: Ints, matrix: TravelMatrix, people: Doubles, under_fives: Doubles, *, base: float
) -> Placement:
    """Order the sites of new CHWs by marginal gain, greatest first (ties to the first site), and recount each.

    Parameters
    ----------
    choice
        The answer, CHWs of today who stay among it.
    today
        CHWs who live at each site today.
    people, under_fives
        At each demand position.
    base
        What the CHWs of today come to in the model's own count: objective and bound are told beyond it.

    Returns
    -------
    Placement
        Sites that add nobody to those before them come last.
    """
    from planner.kernels.cover import greedy_cover

    new = np.maximum(choice.chws - today, 0)
    covered = chws_within_reach(matrix, np.minimum(choice.chws, today)) > 0
    left = (chws_within_reach(matrix, today) > 0) & ~covered
    posts = np.flatnonzero(new).astype(np.int32)
    adding, _ = greedy_cover(matrix.indptr, matrix.indices, people, posts, covered, len(posts))
    chosen = np.append(adding, np.setdiff1d(posts, adding)).astype(np.int32)

    gain, gain_under_fives = np.zeros(len(chosen)), np.zeros(len(chosen))
    for k, site in enumerate(chosen):
        reached = matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]
        added = reached[~covered[reached]]
        gain[k], gain_under_fives[k] = people[added].sum(), under_fives[added].sum()
        covered[reached] = True

    served = np.bincount(choice.assignment.site, choice.assignment.people, matrix.n_sites).astype(PEOPLE)
    objective, bound = choice.objective - base, choice.bound - base
    gap = gap_of(objective, bound)
    return Placement(
        model=choice.model,
        method=choice.method,
        chosen=chosen,
        chws=new[chosen].astype(np.int32),
        gone=np.maximum(today - choice.chws, 0).astype(np.int32),
        gain=gain,
        gain_under_fives=gain_under_fives,
        serves=served[chosen],
        covered=float(gain.sum()),
        everybody=float(people.sum()),
        given_up=float(people[left].sum()),
        given_up_under_fives=float(under_fives[left].sum()),
        objective=objective,
        unit=choice.unit,
        bound=bound if gap else objective,
        gap=gap,
        status=status_of(gap),
        seconds=choice.seconds,
    )
