"""A choice annealed anew in one of its regions: with one site fewer there, as many, or one more.

Annealing settles early how many sites each region has. Later hardly any exchange changes that: a region with one site
fewer covers much less until most of its sites have moved. So a region is given one fewer and annealed while all else
stays. The site left over goes where it adds most; for one more, the one missed least goes.
"""

from __future__ import annotations

import numpy as np

from planner.placement import neighbourhoods
from planner.placement.annealing import Annealing, exchanged, walked
from planner.placement.presolve import Cover
from planner.types.arrays import Ints

SHARE = 0.4, 0.6  # of the chosen sites, in a region
MORE = -1, 0, 1  # sites than there are
RUNS = 4  # of each
SEEDS = len(MORE) * RUNS  # that are used


def annealed(cover: Cover, chosen: Ints, whole: Annealing, sweeps: int, seed: int, deadline: float) -> list[Ints]:
    """Choices of as many sites that runs of annealing in a random region lead to; fewer as the time runs out.

    Parameters
    ----------
    chosen
        Sites that may be dearer than those of `whole` as well: of these the region takes its others.
    seed
        Of the region; those of the runs follow from it.
    deadline
        Of `time.perf_counter`.
    """
    size = max(1, round(len(chosen) * np.random.default_rng(seed).uniform(*SHARE)))
    block = neighbourhoods.around_one(cover, chosen, size, seed)
    others = np.setdiff1d(chosen, block)
    region = whole.around(cover, block, others)
    held = np.searchsorted(region.sites, block).astype(np.int32)
    found = []
    for k, more in enumerate(MORE):
        if 0 < len(block) + more < len(region.sites):
            begin = region.sites[walked(region.part, held, len(block) + more)[-1]]
            for again in region.runs(begin, sweeps, RUNS, seed + RUNS * k, deadline):
                as_many = walked(cover, np.append(others, again), len(chosen))[-1]
                found.append(np.sort(exchanged(cover, as_many)))
    return found
