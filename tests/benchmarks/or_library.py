"""Public p-median instances: pmed1 to pmed20 of OR-Library (Beasley 1985), read where they lie, never copied."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

LIBRARY = Path(__file__).parents[3] / "shared" / "benchmarks" / "pmed"


def pmed(number: int) -> tuple[np.ndarray, int, int]:
    """Distances between all nodes, p, and the least cost known. Of a repeated edge the last one counts."""
    words = (LIBRARY / f"pmed{number}.txt").read_text(encoding="utf-8").split()
    n, edges, p = map(int, words[:3])
    cost = {}
    for a, b, c in np.array(words[3 : 3 + 3 * edges], np.int64).reshape(-1, 3):
        cost[min(a, b) - 1, max(a, b) - 1] = float(c)
    ends = np.array(list(cost)).T
    graph = csr_array((np.array(list(cost.values())), (ends[0], ends[1])), shape=(n, n))
    lines = (LIBRARY / "pmedopt.txt").read_text(encoding="utf-8").splitlines()
    best = dict(words for line in lines if len(words := line.split()) == 2)
    return shortest_path(graph, directed=False), p, int(best[f"pmed{number}"])
