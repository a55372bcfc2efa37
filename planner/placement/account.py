"""A choice told post by post: in the order of what each adds, and who is served by whom."""

from __future__ import annotations

import numpy as np

from planner.placement.answer import nearest_post
from planner.types.arrays import Doubles
from planner.types.placement import Choice
from planner.types.results import Placement
from planner.types.travel import TravelMatrix


def account(choice: Choice, matrix: TravelMatrix, people: Doubles, under_fives: Doubles) -> Placement:
    """Order the chosen sites by marginal gain, greatest first (ties to the first site), and recount what each adds.

    Sites that add nothing to those before them come last.
    """
    from planner.kernels.cover import greedy_cover

    posts = np.flatnonzero(choice.chws).astype(np.int32)
    nobody = np.zeros(matrix.n_demand, np.bool_)
    adding, _ = greedy_cover(matrix.indptr, matrix.indices, people, posts, nobody, len(posts))
    chosen = np.append(adding, np.setdiff1d(posts, adding)).astype(np.int32)

    covered = nobody.copy()
    gain, gain_under_fives = np.zeros(len(chosen)), np.zeros(len(chosen))
    for k, site in enumerate(chosen):
        reached = matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]
        added = reached[~covered[reached]]
        gain[k], gain_under_fives[k] = people[added].sum(), under_fives[added].sum()
        covered[reached] = True

    serving, _ = nearest_post(matrix, chosen)
    place = np.full(matrix.n_sites + 1, -1, np.int32)  # the last one is where -1, no site, points
    place[chosen] = np.arange(len(chosen), dtype=np.int32)
    return Placement(
        model=choice.model,
        method=choice.method,
        chosen=chosen,
        gain=gain,
        gain_under_fives=gain_under_fives,
        covered=float(gain.sum()),
        bound=max(choice.bound, float(gain.sum())),
        gap=choice.gap,
        status=choice.status,
        seconds=choice.seconds,
        served_by=place[serving],
    )
