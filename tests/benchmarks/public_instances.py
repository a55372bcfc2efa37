"""Public instances of placement and the best answers known, read where they lie (../shared/benchmarks), never copied.

p-median: pmed1 to pmed20 of OR-Library (Beasley 1985). Capacitated p-median: pmedcap_1 to pmedcap_10 of OR-Library, and
SJC1 and SJC3a of Lorena, whose best costs are from the literature. Maximal cover: SJC324 and SJC500 of Lorena, which
come without best answers, and the blocks of two cities. Every node is both a site and a demand place.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from planner.types.travel import TravelMatrix

FOLDER = Path(__file__).parents[3] / "shared" / "benchmarks"

PMED = [f"pmed{k}" for k in range(1, 21)]
SJC_BEST = {"SJC1": 17288.99, "SJC3a": 45335.16}
CAPACITATED = [*(f"pmedcap_{k}" for k in range(1, 11)), *SJC_BEST]
RADIUS_M = {"SJC324": 800, "SJC500": 800, "NewYork": 400, "Bronx": 600}
EARTH_M = np.float32(6_378_100)


def pmed(number: int) -> tuple[np.ndarray, int, int]:
    """Distances between all nodes, p, and the least cost known. Of a repeated edge the last one counts."""
    words = (FOLDER / "pmed" / f"pmed{number}.txt").read_text(encoding="utf-8").split()
    n, edges, p = map(int, words[:3])
    cost = {}
    for a, b, c in np.array(words[3 : 3 + 3 * edges], np.int64).reshape(-1, 3):
        cost[min(a, b) - 1, max(a, b) - 1] = float(c)
    ends = np.array(list(cost)).T
    graph = csr_array((np.array(list(cost.values())), (ends[0], ends[1])), shape=(n, n))
    lines = (FOLDER / "pmed" / "pmedopt.txt").read_text(encoding="utf-8").splitlines()
    best = dict(words for line in lines if len(words := line.split()) == 2)
    return shortest_path(graph, directed=False), p, int(best[f"pmed{number}"])


def capacitated(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, int, float]:
    """Distances (cut to whole numbers in OR-Library), demand, capacities, p, and the least cost known."""
    if name in SJC_BEST:
        words = (FOLDER / "cpmp_sjc" / f"{name}.dat").read_text(encoding="ascii").split()
        n, p = map(int, words[:2])
        x, y, capacity, demand = np.array(words[2 : 2 + 4 * n], float).reshape(n, 4).T
        return _distances(x, y), demand, capacity, p, SJC_BEST[name]
    words = (FOLDER / "pmedcap" / f"{name}.txt").read_text(encoding="ascii").split()
    best, n, p, each = map(int, words[1:5])
    _, x, y, demand = np.array(words[5 : 5 + 4 * n], float).reshape(n, 4).T
    return np.trunc(_distances(x, y)), demand, np.full(n, float(each)), p, best


def cover(name: str) -> tuple[TravelMatrix, np.ndarray]:
    """Who is within the radius of whom (all at 10 minutes), and the demand of each node."""
    return _sjc(name) if name.startswith("SJC") else _city(name)


def best_cover(name: str, p: int) -> tuple[float, list[int]]:
    """The most demand of a city that p sites are known to cover, and these sites."""
    path = FOLDER / "mclp_city" / f"opt_{name}_{p}_{RADIUS_M[name]}.txt"
    value, sites = path.read_text(encoding="ascii").split("Facilidade:")
    return float(value.split(":")[1]), [int(k) for k in sites.split()]


def covered(matrix: TravelMatrix, demand: np.ndarray, sites: Sequence[int] | np.ndarray) -> float:
    """Demand within reach of some of the sites."""
    reached = np.zeros(matrix.n_demand, bool)
    for site in sites:
        reached[matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]] = True
    return float(demand[reached].sum())


def full_matrix(distances: np.ndarray) -> TravelMatrix:
    """Every site reaches every demand place, distances taken for minutes."""
    n_sites, n = distances.shape
    indptr = np.arange(n_sites + 1, dtype=np.int64) * n
    indices = np.tile(np.arange(n, dtype=np.int32), n_sites)
    return TravelMatrix(indptr, indices, distances.ravel().astype(np.float32), n, 1e9)


def _sjc(name: str) -> tuple[TravelMatrix, np.ndarray]:
    words = (FOLDER / "mclp_sjc" / f"{name}.txt").read_text(encoding="ascii").split()[1:]
    demand = np.array((FOLDER / "mclp_sjc" / f"demand-{name}.dat").read_text(encoding="ascii").split(), float)
    near = _distances(*np.array(words, float).reshape(-1, 2).T) <= RADIUS_M[name]
    return _reaching([np.flatnonzero(row) for row in near]), demand


def _city(name: str) -> tuple[TravelMatrix, np.ndarray]:
    """NewYork or Bronx: arc distances in float32, as published."""
    lines = (FOLDER / "mclp_city" / f"{name}.txt").read_text(encoding="ascii").splitlines()
    n = next(int(line.split(":")[1]) for line in lines if line.startswith("DIMENSION"))
    at, of = (
        next(k for k, line in enumerate(lines) if line.startswith(head)) + 1
        for head in ("NODE_COORD", "DEMAND_SECTION")
    )
    latitude, longitude = np.radians([[float(x) for x in line.split()[:2]] for line in lines[at : at + n]]).T
    demand = np.array([float(line.split()[0]) for line in lines[of : of + n]])
    rows = []
    for k in range(n):
        inner = np.cos(latitude[k]) * np.cos(latitude) * np.cos(longitude - longitude[k])
        inner += np.sin(latitude[k]) * np.sin(latitude)
        metres = np.arccos(np.clip(inner, -1, 1)).astype(np.float32) * EARTH_M
        metres[k] = 0
        rows.append(np.flatnonzero(metres <= RADIUS_M[name]))
    return _reaching(rows), demand


def _distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.hypot(x[:, None] - x, y[:, None] - y)


def _reaching(rows: list[np.ndarray]) -> TravelMatrix:
    """Each node's nodes within reach."""
    indptr = np.append(0, np.cumsum([len(row) for row in rows])).astype(np.int64)
    indices = np.concatenate(rows).astype(np.int32)
    return TravelMatrix(indptr, indices, np.full(len(indices), 10, np.float32), len(rows), 60.0)
