"""Of choices that reach as many people, one where more CHWs of today stay where they live."""

from __future__ import annotations

import numpy as np

from planner.placement import recount
from planner.placement.answer import PROVED
from planner.types.arrays import PEOPLE, Doubles, Ints
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix


def keep_in_place(matrix: TravelMatrix, people: Doubles, chws: Ints, rules: Rules, p: int) -> Ints:
    """Exchange newcomers for CHWs of today who would leave, one by one, as long as nobody loses by it.

    An exchange counts as no loss within 1e-9 of all people. The answer keeps the rules if `chws` does.
    """
    chws = chws.copy()
    allowed = -PROVED * float(people.sum())
    for site in np.flatnonzero(chws < rules.today):
        while chws[site] < rules.today[site]:
            given = _without_loss(matrix, people, chws, int(site))
            newcomers = np.flatnonzero((chws > np.maximum(rules.today, rules.least)) & (given >= allowed))
            for newcomer in newcomers[np.argsort(-given[newcomers], kind="stable")]:
                trial = chws.copy()
                trial[newcomer] -= 1
                trial[site] += 1
                if not recount.broken_rules(trial, rules, p):
                    break
            else:
                break
            allowed -= float(given[newcomer])
            chws = trial
    return chws


def _without_loss(matrix: TravelMatrix, people: Doubles, chws: Ints, site: int) -> Doubles:
    """For each site, the people that one CHW fewer there and one more at `site` win (negative = lose)."""
    posts = np.flatnonzero(chws)
    pairs = np.concatenate([np.arange(matrix.indptr[j], matrix.indptr[j + 1]) for j in posts] or [np.empty(0, int)])
    post = np.repeat(posts, np.diff(matrix.indptr)[posts])
    reached = np.bincount(matrix.indices[pairs], minlength=matrix.n_demand)
    only = np.full(matrix.n_demand, -1)
    single = reached[matrix.indices[pairs]] == 1
    only[matrix.indices[pairs[single]]] = post[single]

    here = matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]
    lone = chws == 1  # of several at one site, one can go and nobody loses reach
    lost = np.bincount(only[only >= 0], people[only >= 0], matrix.n_sites)
    kept = here[only[here] >= 0]
    saved = np.bincount(only[kept], people[kept], matrix.n_sites)
    gained = people[here[reached[here] == 0]].sum()
    return np.asarray(gained - np.where(lone, lost - saved, 0.0), PEOPLE)
