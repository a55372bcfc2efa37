"""Choices bettered by exchanging single sites: as long as that helps, and at random, ever more strictly.

Loops are in `planner.kernels.exchange`; this says among which sites, how hot and for how long.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from planner.placement import neighbourhoods
from planner.placement.answer import PROVED
from planner.placement.presolve import Cover
from planner.placement.relaxation import Relaxation
from planner.types.arrays import Ints


class Pace(NamedTuple):
    """Among which sites a choice is annealed and how hot, in the unit of what the last of the best sites is worth."""

    priced_out: float  # sites that the relaxation makes dearer than this are left out
    hot: float  # first and last temperature
    cold: float
    least_unit: float  # in mean rows: where nearly everybody is covered, the last of the best sites is worth nothing


QUICKLY = Pace(priced_out=0.02, hot=0.1, cold=0.02, least_unit=0.0)

SEED = 1
LOOKS = 1e10  # at pairs
FEWEST_SWEEPS, SWEEPS, RUNS = 100, 1200, 8  # of a run, and runs at most
SWEEPS_OF_MANY = 400  # where there is time for all runs
TRIED = 5  # sweeps, to know how long one takes


@dataclass(frozen=True, eq=False)
class Annealing:
    """Some sites of a cover to anneal choices in, and how hot.

    Attributes
    ----------
    part
        What these sites cover.
    sites
        Their positions in the whole cover, ascending.
    hot, cold
        First and last temperature, in the unit of the weights.
    """

    part: Cover
    sites: Ints
    hot: float
    cold: float

    @classmethod
    def among(cls, cover: Cover, relaxed: Relaxation, pace: Pace, chosen: Ints, *others: Ints) -> Annealing:
        """Leave out the sites that are priced out, but those of `chosen` and `others`."""
        new = len(chosen)
        unit = max(float(np.partition(relaxed.values, -new)[-new]), pace.least_unit * float(cover.weights.mean()))
        if pace.least_unit > 0.0:  # no hotter than all that is left to cover
            unit = min(unit, float(cover.weights.sum()) - cover.covered(chosen))
        kept = (relaxed.given_up(new) <= pace.priced_out * unit) | (relaxed.fractions > 1e-3)
        kept[np.concatenate([chosen, *others])] = True
        sites = np.flatnonzero(kept).astype(np.int32)
        return cls(cover.only(sites), sites, pace.hot * unit, pace.cold * unit)

    def around(self, cover: Cover, block: Ints, others: Ints) -> Annealing:
        """The same where chosen sites but a block of neighbours stay: of these sites, those around the block."""
        allowed = np.zeros(len(cover.sites), np.bool_)
        allowed[self.sites] = True
        part = neighbourhoods.left_open(cover, others, block, allowed)
        return replace(self, part=part, sites=cover.positions(part.sites))

    def looks(self, new: int) -> float:
        """At pairs, in a sweep with so many chosen sites; about."""
        pairs = len(self.part.indices)
        return new * pairs / len(self.part.sites) * pairs / len(self.part.weights)

    def runs(self, chosen: Ints, sweeps: int, runs: int, seed: int, deadline: float) -> list[Ints]:
        """Run several times from one choice, at the same time on all processors; in positions of the whole cover.

        Seeds are `seed` and those that follow. Runs are shorter, or left out, as `time.perf_counter` nears `deadline`.
        """
        begin = np.searchsorted(self.sites, np.sort(chosen)).astype(np.int32)
        processors = min(os.cpu_count() or 1, runs)
        with ThreadPoolExecutor(processors) as pool:

            def seconds_of(sweeps: int) -> float:
                began = time.perf_counter()
                list(pool.map(lambda seed: self._run(begin, sweeps, seed), range(processors)))
                return time.perf_counter() - began

            seconds_of(0)  # perhaps it has to be compiled
            seconds = seconds_of(TRIED) / TRIED  # of a sweep, where all are busy

            def one(seed: int) -> Ints | None:
                affordable = int(min(sweeps, (deadline - time.perf_counter()) / seconds))
                return self.sites[self._run(begin, affordable, seed)] if affordable > 0 else None

            return [found for found in pool.map(one, range(seed, seed + runs)) if found is not None]

    def _run(self, begin: Ints, sweeps: int, seed: int) -> Ints:
        """Anneal a choice in `part`, and exchange what still helps."""
        from planner.kernels.exchange import anneal

        kind = np.zeros(len(self.sites), np.int32)
        found = anneal(self.part.arrays(), begin, kind, self.hot, self.cold, sweeps, seed)
        return exchanged(self.part, np.asarray(found))


def annealed(
    cover: Cover,
    chosen: Ints,
    relaxed: Relaxation,
    seconds: float,
    most_looks: float = LOOKS,
    most_runs: int = RUNS,
) -> list[Ints]:
    """Choices that runs from this one end with; as many runs as the size and the time allow, none perhaps."""
    deadline = time.perf_counter() + seconds
    annealing = Annealing.among(cover, relaxed, QUICKLY, chosen)
    looks = annealing.looks(len(chosen))
    runs = int(np.clip(most_looks / looks / SWEEPS, 1, most_runs))
    sweeps = int(np.clip(most_looks / looks / runs, FEWEST_SWEEPS, SWEEPS))
    if runs == RUNS:
        sweeps = SWEEPS_OF_MANY
    return annealing.runs(chosen, sweeps, runs, SEED, deadline)


def walked(cover: Cover, chosen: Ints, until: int) -> list[Ints]:
    """Add the sites that add most, or drop those missed least, one by one until there are so many.

    The sites around each move as long as that helps.

    Returns
    -------
    choices
        This one and the one after each step.
    """
    from planner.kernels.exchange import walk

    if until == len(chosen):
        return [chosen]
    step = 1 if until > len(chosen) else -1
    sizes = np.arange(len(chosen) + step, until + step, step)
    flat = np.asarray(walk(cover.arrays(), chosen, until, PROVED * float(cover.weights.sum())))
    return [chosen, *np.split(flat, np.cumsum(sizes)[:-1])]


def exchanged(cover: Cover, chosen: Ints) -> Ints:
    """Exchange single sites as long as that helps."""
    from planner.kernels.exchange import interchange

    kind = np.zeros(len(cover.sites), np.int32)
    return np.asarray(interchange(cover.arrays(), chosen, kind, PROVED * float(cover.weights.sum())))
