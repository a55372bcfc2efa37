"""Synthetic countries for placement: villages in clusters, and which of them a post reaches within an hour.

Places lie around towns (45 %, towns of very unequal size), along roads between neighbouring towns (25 %) and anywhere
(30 %), one for each square kilometre on average; people of a place are lognormal, more of them near towns. Walking is
slower in some regions than in others, smoothly. The hour's reach is set so that a demand has so many sites on average.

    python tests/benchmarks/countries.py --size 10000x300000
    python tests/benchmarks/countries.py --size 10000x300000 --frontier
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from planner import placement
from planner.types.travel import TravelMatrix

MAX_MINUTES = 60.0
NO_HURRY_S = 1e5  # the size alone says how long it takes, and the answer is the same on every machine
SLOWNESS = (0.7, 1.8)  # of the fastest and the slowest region


@dataclass(frozen=True)
class Size:
    """Sites, demand places, posts to choose, and sites that a demand place has on average."""

    sites: int
    demand: int
    new: int
    sites_each: int


SIZES = {
    f"{size.sites}x{size.demand}": size
    for size in (
        Size(300, 5_000, 20, 12),
        Size(1_000, 20_000, 60, 14),
        Size(3_000, 100_000, 150, 18),
        Size(10_000, 300_000, 400, 22),
        Size(100_000, 1_000_000, 3_000, 30),
        Size(10_000, 100_000, 400, 34),
    )
}
SMALL = Size(200, 2_000, 10, 12)


def country(size: Size, seed: int = 20240) -> tuple[TravelMatrix, np.ndarray]:
    """Minutes from sites to demand places (ordered as the cells of a raster are), and the people of each place."""
    rng = np.random.default_rng(seed)
    side_km = np.sqrt(size.demand)
    places, people, slowness = _places(rng, size.demand, side_km)
    sites = np.sort(rng.choice(size.demand, size.sites, replace=False, p=np.sqrt(people) / np.sqrt(people).sum()))
    reach_km = _reach(rng, size, places, slowness, sites)

    # Demand is ordered by square of the farthest reach, row by row: a site's are in three runs of squares.
    squares = max(1, int(side_km / (reach_km / SLOWNESS[0])))
    square = np.minimum((places / side_km * squares).astype(np.int64), squares - 1)
    order = np.argsort(square[:, 0] * squares + square[:, 1], kind="stable")
    places, people, slowness, square = places[order], people[order], slowness[order], square[order]
    position = np.empty(size.demand, np.int64)
    position[order] = np.arange(size.demand)
    sites = np.sort(position[sites])
    first = np.searchsorted(square[:, 0] * squares + square[:, 1], np.arange(squares**2 + 1))

    counts, indices, minutes = [], [], []
    for some in np.array_split(sites, max(1, size.sites // 500)):
        rows = square[some, 0][:, None] + np.arange(-1, 2)
        inside = (rows >= 0) & (rows < squares)
        begins = first[np.where(inside, rows, 0) * squares + np.maximum(square[some, 1] - 1, 0)[:, None]]
        ends = first[np.where(inside, rows, 0) * squares + np.minimum(square[some, 1] + 1, squares - 1)[:, None] + 1]
        lengths = np.where(inside, ends - begins, 0).ravel()
        near = np.arange(lengths.sum()) + np.repeat(begins.ravel() - np.cumsum(lengths) + lengths, lengths)
        site = np.repeat(np.repeat(some, 3), lengths)
        walk = np.hypot(*(places[near] - places[site]).T) * (slowness[near] + slowness[site]) / 2
        within = walk <= reach_km
        counts.append(np.bincount(np.searchsorted(some, site[within]), minlength=len(some)))
        indices.append(near[within].astype(np.int32))
        minutes.append((walk[within] / reach_km * MAX_MINUTES).astype(np.float32))
    indptr = np.concatenate(([0], np.cumsum(np.concatenate(counts)))).astype(np.int64)
    return TravelMatrix(indptr, np.concatenate(indices), np.concatenate(minutes), size.demand, MAX_MINUTES), people


def _places(rng: np.random.Generator, n: int, side_km: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coordinates in km, people, and how much slower than the mean one walks there."""
    n_towns = max(5, n // 400)
    towns = rng.random((n_towns, 2)) * side_km
    share = rng.pareto(1.2, n_towns) + 0.3
    share /= share.sum()
    kind = rng.choice(3, n, p=(0.45, 0.25, 0.30))
    places = rng.random((n, 2)) * side_km

    near_town = np.flatnonzero(kind == 0)
    town = rng.choice(n_towns, len(near_town), p=share)
    spread_km = 0.8 + 4.2 * np.sqrt(share[town] * n_towns)
    places[near_town] = towns[town] + rng.normal(size=(len(near_town), 2)) * spread_km[:, None]

    by_road = np.flatnonzero(kind == 1)
    others = cKDTree(towns).query(towns, k=min(4, n_towns))[1][:, 1:]
    ends = np.column_stack((np.repeat(np.arange(n_towns), others.shape[1]), others.ravel()))
    length = np.hypot(*(towns[ends[:, 0]] - towns[ends[:, 1]]).T)
    road = ends[rng.choice(len(ends), len(by_road), p=length / length.sum())]
    along = rng.random((len(by_road), 1))
    places[by_road] = towns[road[:, 0]] * (1 - along) + towns[road[:, 1]] * along
    places[by_road] += rng.normal(size=(len(by_road), 2)) * 0.7
    places = np.clip(places, 0, side_km)

    people = np.maximum(1.0, np.round(rng.lognormal(4.0, 1.1, n) * np.where(kind == 0, 1.6, 1.0)))
    waves = rng.normal(size=(2, 6)) * 2 * np.pi / (side_km / 3 + 20)
    wave = np.cos(places @ waves + rng.random(6) * 2 * np.pi).sum(axis=1) / np.sqrt(6)
    return places, people, np.clip(1.15 * np.exp(0.25 * wave), *SLOWNESS)


def _reach(rng: np.random.Generator, size: Size, places: np.ndarray, slowness: np.ndarray, sites: np.ndarray) -> float:
    """Kilometres of the mean ground in an hour, so that a demand place has `sites_each` sites, by a sample of sites."""
    sample = rng.choice(sites, min(300, size.sites), replace=False)
    each = size.sites_each * size.demand / size.sites
    km, near = cKDTree(places).query(places[sample], k=min(int(20 * each), size.demand))
    walk = (km * (slowness[near] + slowness[sample][:, None]) / 2).ravel()
    return float(np.partition(walk, int(each * len(sample)))[int(each * len(sample))])


def row(name: str) -> str:
    """Solve one country and say what came of it, as a row of a table."""
    size = SIZES[name]
    matrix, people = country(size)
    began = time.process_time()
    best = placement.maximal_cover(matrix, people, size.new, plain(size), time_limit_s=NO_HURRY_S, method="large")
    seconds = time.process_time() - began
    share, bound = 100 * best.objective / people.sum(), 100 * best.bound / people.sum()
    return (
        f"| {name}, {size.new:,} posts, {len(matrix.indices) / 1e6:.1f} M pairs | {share:.2f} % | {bound:.2f} % "
        f"| {100 * best.gap:.2f} % | {seconds:.0f} | {peak_gb():.2f} | {best.method} |"
    )


def frontier_row(name: str) -> str:
    """Trace the frontier of one country and say what came of it, as a row of a table."""
    size = SIZES[name]
    matrix, people = country(size)
    began = time.process_time()
    traced = placement.frontier(matrix, people, size.new, plain(size), time_limit_s=NO_HURRY_S)
    seconds = time.process_time() - began
    share, bound = 100 * traced.covered[-1] / people.sum(), 100 * traced.bound[-1] / people.sum()
    return (
        f"| {name}, 0 to {size.new:,} posts | {share:.2f} % | {bound:.2f} % "
        f"| {100 * traced.gap[1:].mean():.2f} % on average, {100 * traced.gap[1:].max():.2f} % at most "
        f"| {seconds:.0f} | {peak_gb():.2f} | frontier |"
    )


def compile_large_cover() -> None:
    """Solve a small country, so that what is measured afterwards compiles nothing."""
    matrix, people = country(SMALL)
    placement.maximal_cover(matrix, people, SMALL.new, plain(SMALL), time_limit_s=60.0, method="large")


def plain(size: Size) -> placement.Rules:
    """No rules but one CHW a site."""
    return placement.rules(size.sites, most=1)


def peak_gb() -> float:
    """Most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def rows(names: list[str], frontier: bool) -> Iterator[str]:
    """Rows of the table, each as soon as it is known, after its head."""
    yield "| country | people covered | no choice covers more than | gap | CPU seconds | peak memory, GB | method |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    compile_large_cover()
    if frontier:
        matrix, people = country(SMALL)
        placement.frontier(matrix, people, SMALL.new, plain(SMALL), time_limit_s=60.0)
    yield from map(frontier_row if frontier else row, names)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", nargs="+", choices=SIZES, default=list(SIZES)[:4])
    parser.add_argument("--frontier", action="store_true", help="every number of posts, not only the greatest")
    arguments = parser.parse_args()
    for line in rows(arguments.size, arguments.frontier):
        print(line, flush=True)
