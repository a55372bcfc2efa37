"""A placement that is being improved: CHWs at each site, and a flow of people to them."""

from __future__ import annotations

import math
import time

import numpy as np

from planner.placement import highs
from planner.placement.capacitated import blocks
from planner.placement.capacitated.workload import Workload, ranges
from planner.types.arrays import Doubles, Longs

PASSES = 10  # of exchanges over all sites, at most


class State:
    """Changes in place; every change keeps to capacities and to the least and the most CHWs of each site."""

    def __init__(self, work: Workload, workers: Longs) -> None:
        from planner.kernels.transport import assign

        self.work = work
        self.workers = workers.astype(np.int64)
        order = np.argsort(-work.weights / work.load, kind="stable")
        self.amount: Doubles = assign(work.problem, self.workers, work.problem[3], order)
        self.unserved = np.maximum(work.load - np.bincount(work.indices, self.amount, len(work.load)), 0.0)
        self.room = np.maximum(
            self.workers * work.capacity - np.bincount(work.site_of_pair, self.amount, work.n_sites), 0.0
        )

    @property
    def _flow(self) -> tuple[Doubles, Doubles, Doubles]:
        return self.amount, self.unserved, self.room

    @property
    def served(self) -> float:
        """People served."""
        return float(self.work.weights.sum() - self.unserved @ (self.work.weights / self.work.load))

    @property
    def total(self) -> int:
        """CHWs in all."""
        return int(self.workers.sum())

    def add(self, new: int, enough: float = math.inf) -> None:
        """Add up to so many CHWs greedily, until so many more people are served."""
        from planner.kernels.transport import add_workers

        add_workers(self.work.problem, self._flow, self.workers, self.work.most, new, enough)

    def remove(self, count: int, spare: float = math.inf) -> None:
        """Remove up to so many CHWs greedily, and lose no more than `spare` people."""
        from planner.kernels.transport import remove_workers

        remove_workers(self.work.problem, self._flow, self.workers, self.work.least, spare, count)

    def move(self) -> None:
        """Move single CHWs as long as that helps."""
        from planner.kernels.transport import move_workers

        move_workers(self.work.problem, self._flow, self.workers, self.work.least, self.work.most, PASSES)

    def improve_blocks(self, parts: list[Longs], deadline: float) -> None:
        """Place the CHWs of each block anew, together, all else staying as it is: a large neighbourhood search."""
        work = self.work
        for sites in parts:
            if time.perf_counter() > deadline:
                return
            self._improve(work, sites, deadline)

    def _improve(self, work: Workload, sites: Longs, deadline: float) -> None:
        here = ranges(work.indptr[sites], work.indptr[sites + 1])
        free: Doubles = self.unserved + np.bincount(work.indices[here], self.amount[here], len(work.load))
        free[free <= 1e-9 * work.load] = 0.0
        part, rows, pairs = work.part(sites, work.weights * (free / work.load), free)
        served = float(self.amount[pairs] @ (part.weights / part.load)[part.indices])
        now = self.workers[sites]
        full = now @ part.capacity >= part.load.sum() or self.room[sites].max(initial=0.0) <= 0.0
        if not now.sum() or not len(pairs) or (full and self.room[sites].sum() <= 1e-9 * part.load.sum()):
            return
        solution = highs.solve(
            blocks.programme(part, 0.0, int(now.sum())),
            time_limit_s=min(deadline - time.perf_counter(), blocks.SECONDS),
            start=np.append(now, self.amount[pairs] / part.load[part.indices]),
            close_enough=blocks.CLOSE_ENOUGH * float(part.weights.sum()),
            max_nodes=blocks.MAX_NODES,
        )
        if not len(solution.values):
            return
        better = State(part, np.rint(solution.values[: len(sites)]).astype(np.int64))
        if better.served > served * (1 + 1e-9):
            self.workers[sites] = better.workers
            self.amount[here] = 0.0
            self.amount[pairs] = better.amount
            self.unserved[rows] = better.unserved
            self.room[sites] = better.room
