"""Placement with capacities: synthetic countries of villages (published instances are in `published.py`).

    python tests/benchmarks/capacity.py --villages 3000

Every village is demand and may have CHWs, any number of them; a CHW serves at most 1,000 people within 60 minutes.
Villages have 500 people on average. `open` countries reach 40 villages from each, `scattered` ones 12: there, what is
left over from whole CHWs is lost. Prints rows of a table for tests/benchmarks/capacity.md.
"""

from __future__ import annotations

import argparse
import resource
import time

from countries import Size, country

from planner import placement

CAPACITY = 1000.0
VILLAGE = 5.0  # times the people of a place of `countries`
REACHED = {"open": 40, "scattered": 12}


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


def main() -> None:
    """Run what is asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--villages", type=int, nargs="*", default=[])
    options.add_argument("--kinds", nargs="*", default=list(REACHED), choices=list(REACHED))
    options.add_argument("--time-limit", type=float, default=900.0, help="seconds by the clock of one answer")
    asked = options.parse_args()
    for n in asked.villages:
        for kind in asked.kinds:
            villages(n, kind, asked.time_limit)


if __name__ == "__main__":
    main()
