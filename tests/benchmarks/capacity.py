"""Placement with capacities: synthetic countries of villages, and the public capacitated p-median instances.

    python tests/benchmarks/capacity.py --villages 3000
    python tests/benchmarks/capacity.py --instances ../shared/benchmarks

Every village is demand and may have CHWs, any number of them; a CHW serves at most 1,000 people within 60 minutes.
Villages have 500 people on average. `open` countries reach 40 villages from each, `scattered` ones 12: there, what is
left over from whole CHWs is lost. Prints rows of a table for tests/benchmarks/capacity.md.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
from countries import Size, country

from planner import placement
from planner.types.travel import TravelMatrix

CAPACITY = 1000.0
VILLAGE = 5.0  # times the people of a place of `countries`
REACHED = {"open": 40, "scattered": 12}
BEST_KNOWN = {"SJC1": 17288.99, "SJC3a": 45335.16}


def villages(n: int, kind: str, time_limit_s: float) -> None:
    """Print who is served by CHWs for 80 and 95 % of the people, and how few CHWs serve 90 % of them."""
    matrix, people = country(Size(n, n, 0, REACHED[kind]))
    people = people * VILLAGE
    rules = placement.rules(n, most=1000)
    for share in (0.8, 0.95):
        p = int(share * people.sum() / CAPACITY)
        began = time.process_time()
        choice = placement.capacitated_cover(
            matrix, people, p, rules, capacity=CAPACITY, time_limit_s=time_limit_s, method="large"
        )
        _row(f"{n:,} villages, {kind}: {p:,} CHWs, most people", choice, began, people.sum())
    began = time.process_time()
    choice = placement.capacitated_set_cover(
        matrix, people, 0.9, rules, capacity=CAPACITY, time_limit_s=time_limit_s, method="large"
    )
    _row(f"{n:,} villages, {kind}: fewest CHWs for 90 %", choice, began, 1.0)


def _row(name: str, choice: placement.Choice, began: float, whole: float) -> None:
    objective, bound = (
        (f"{choice.objective:,.0f}", f"{choice.bound:,.0f}")
        if whole == 1.0
        else (f"{100 * choice.objective / whole:.3f} %", f"{100 * choice.bound / whole:.3f} %")
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"| {name} | {objective} | {bound} | {100 * choice.gap:.2f} % | {time.process_time() - began:.0f} "
        f"| {memory:.2f} |",
        flush=True,
    )


def instances(folder: Path, time_limit_s: float) -> None:
    """The public capacitated p-median instances, next to the best costs known."""
    for path in (*(folder / f"pmedcap/pmedcap_{k}.txt" for k in range(1, 11)), *sorted(folder.glob("cpmp_sjc/*.dat"))):
        cost, demand, capacity, p, best = _instance(path)
        n = len(demand)
        site, at = np.nonzero(cost >= 0)
        matrix = TravelMatrix(
            np.arange(0, n * n + 1, n, dtype=np.int64), at.astype(np.int32), cost[site, at].astype(np.float32), n, 1e9
        )
        began = time.process_time()
        choice = placement.capacitated_p_median(
            matrix, np.ones(n), p, placement.rules(n, most=1), capacity=capacity, load=demand, time_limit_s=time_limit_s
        )
        print(
            f"| {path.stem} | {n} | {p} | {best:,.2f} | {choice.objective:,.2f} "
            f"| {100 * (choice.objective / best - 1):.2f} % | {choice.bound:,.2f} | {100 * choice.gap:.2f} % "
            f"| {time.process_time() - began:.1f} |",
            flush=True,
        )


def _instance(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, int, float]:
    """Costs, demand, capacities, p and the best cost known (OR-Library cuts distances to whole numbers)."""
    numbers = path.read_text().split()
    if path.parent.name == "pmedcap":
        best, n, p, capacity = (int(number) for number in numbers[1:5])
        _, x, y, demand = np.array(numbers[5 : 5 + 4 * n], float).reshape(n, 4).T
        return np.trunc(np.hypot(x[:, None] - x, y[:, None] - y)), demand, np.full(n, float(capacity)), p, best
    n, p = int(numbers[0]), int(numbers[1])
    x, y, room, demand = np.array(numbers[2 : 2 + 4 * n], float).reshape(n, 4).T
    return np.hypot(x[:, None] - x, y[:, None] - y), demand, room, p, BEST_KNOWN[path.stem]


def main() -> None:
    """Run what is asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--villages", type=int, nargs="*", default=[])
    options.add_argument("--kinds", nargs="*", default=list(REACHED), choices=list(REACHED))
    options.add_argument("--instances", type=Path)
    options.add_argument("--time-limit", type=float, default=900.0, help="seconds by the clock of one answer")
    asked = options.parse_args()
    for n in asked.villages:
        for kind in asked.kinds:
            villages(n, kind, asked.time_limit)
    if asked.instances:
        instances(asked.instances, asked.time_limit)


if __name__ == "__main__":
    main()
