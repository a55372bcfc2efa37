"""Published instances beside the best answers known: tables in Markdown on standard output.

    python tests/benchmarks/published.py
    python tests/benchmarks/published.py --only 'pmed*' SJC3a NewYork-60 --city-seconds 300

Costs and covers are recounted here from the sites (nan: the answer breaks a rule), never taken from the solver; bounds,
and the words on proof, are its own. Seconds are CPU of all threads for the whole call, compiling left out. Nothing is
asserted: times depend on the machine, and so does what is found within a limit by the clock.
"""

from __future__ import annotations

import argparse
import fnmatch
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from countries import compile_large_cover
from public_instances import (
    CAPACITATED,
    FOLDER,
    PMED,
    RADIUS_M,
    best_cover,
    capacitated,
    cover,
    covered,
    full_matrix,
    pmed,
)

from planner import placement

SJC_COVERS = [f"{name}-{p}" for name in ("SJC324", "SJC500") for p in range(1, 7)]
CITIES = [f"{name}-{p}" for name in ("NewYork", "Bronx") for p in range(50, 101, 10)]
NAMES = [*PMED, *CAPACITATED, *SJC_COVERS, *CITIES]
WARM_SECONDS = 60.0  # the most for a first solve that compiles


@dataclass(frozen=True)
class Table:
    """A table: what makes a row of an instance within seconds by the clock, and a first solve that compiles."""

    title: str
    columns: str
    names: list[str]
    row: Callable[[str, float], str]
    warm: Callable[[], object]


def p_median_row(name: str, limit: float) -> str:
    """Solve one of pmed1 to pmed20."""
    distances, p, best = pmed(int(name.removeprefix("pmed")))
    n = len(distances)
    choice, seconds = solve(placement.p_median, full_matrix(distances), np.ones(n), p, time_limit_s=limit)
    sites = np.flatnonzero(choice.chws)
    found = distances[sites].min(axis=0).sum() if choice.chws.sum() <= p else math.nan
    return f"| {name} | {n} | {p} | {best:,} | {found:,.0f} | {choice.status} | {seconds:.2f} |"


def capacitated_row(name: str, limit: float) -> str:
    """Solve one capacitated p-median."""
    distances, demand, capacity, p, best = capacitated(name)
    n = len(demand)
    choice, seconds = solve(
        placement.capacitated_p_median, full_matrix(distances), np.ones(n), p,
        capacity=capacity, load=demand, time_limit_s=limit,
    )  # fmt: skip
    found = capacitated_cost(choice, distances, demand, capacity, p)
    return (
        f"| {name} | {n} | {p} | {best:,.2f} | {found:,.2f} | {percent(found - best, best, 2)} "
        f"| {choice.bound:,.2f} | {percent(found - choice.bound, found, 2)} | {seconds:.1f} |"
    )


def capacitated_cost(
    choice: placement.Choice, distances: np.ndarray, demand: np.ndarray, capacity: np.ndarray, p: int
) -> float:
    """Recount what the assignment costs; nan where it breaks a rule."""
    place, site = choice.assignment.demand, choice.assignment.site
    used = np.bincount(site, demand[place], len(demand))
    everybody_once = np.array_equal(np.sort(place), np.arange(len(demand)))
    if not everybody_once or choice.chws.sum() > p or np.any(used > capacity * choice.chws):
        return math.nan
    return float(distances[site, place].sum())


def cover_row(name: str, limit: float) -> str:
    """Solve one maximal cover of SJC324 or SJC500."""
    what, choice, found, seconds = solve_cover(name, time_limit_s=limit)
    return (
        f"| {what} | {found:,.0f} | {choice.bound:,.0f} | {percent(choice.bound - found, found, 3)} "
        f"| {choice.status} | {seconds:.2f} |"
    )


def city_row(name: str, limit: float) -> str:
    """Solve one maximal cover of a city, without the exact search at the end."""
    what, choice, found, seconds = solve_cover(name, time_limit_s=limit, method="large")
    where, p = name.split("-")
    best, _ = best_cover(where, int(p))
    return (
        f"| {what} | {found:,.0f} | {best:,.0f} | {short(found, best)} | {choice.bound:,.0f} "
        f"| {percent(choice.bound - found, found, 3)} | {seconds:.0f} |"
    )


def solve_cover(name: str, **options: Any) -> tuple[str, placement.Choice, float, float]:
    """The instance in words, the choice, what it covers, and CPU seconds."""
    where, p = name.split("-")
    matrix, demand = cover(where)
    choice, seconds = solve(placement.maximal_cover, matrix, demand, int(p), **options)
    found = covered(matrix, demand, np.flatnonzero(choice.chws)) if choice.chws.sum() <= int(p) else math.nan
    return f"{where}, {RADIUS_M[where]} m, p {p}", choice, found, seconds


def short(found: float, best: float) -> str:
    """How many people fewer than the best known are covered; below 0 = more."""
    if found == best:
        return "reached"
    return f"{best - found:,.0f} ({percent(best - found, best, 4)})"


def percent(part: float, whole: float, digits: int) -> str:
    """Per cent of the whole, without a minus before nothing."""
    return f"{round(100 * part / whole, digits) + 0.0:.{digits}f} %"


def solve(
    model: Callable[..., placement.Choice], matrix: placement.TravelMatrix, people: np.ndarray, p: int, **options: Any
) -> tuple[placement.Choice, float]:
    """What the model chooses, at most one CHW a site, and CPU seconds of all threads."""
    rules = placement.rules(matrix.n_sites, most=1)
    began = time.process_time()
    choice = model(matrix, people, p, rules, **options)
    return choice, time.process_time() - began


TABLES = (
    Table(
        "p-median",
        "instance | nodes | p | best known | planner | proof | CPU seconds",
        PMED,
        p_median_row,
        partial(p_median_row, "pmed1", WARM_SECONDS),
    ),
    Table(
        "Capacitated p-median",
        "instance | nodes | p | best known | planner | above it | no choice costs less than | gap | CPU seconds",
        CAPACITATED,
        capacitated_row,
        partial(capacitated_row, "pmedcap_1", WARM_SECONDS),
    ),
    Table(
        "Maximal cover, no best answers published",
        "instance | covered | no choice covers more than | gap | proof | CPU seconds",
        SJC_COVERS,
        cover_row,
        partial(cover_row, "SJC324-2", WARM_SECONDS),
    ),
    Table(
        "Maximal cover of cities",
        "instance | covered | best known | short of it | no choice covers more than | gap | CPU seconds",
        CITIES,
        city_row,
        compile_large_cover,
    ),
)


def lines(names: list[str], limit: float, city_limit: float) -> Iterator[str]:
    """Lines of the tables of these instances, each as soon as it is known."""
    for table in TABLES:
        if not (asked := [name for name in table.names if name in names]):
            continue
        yield from (f"{table.title}:", "", f"| {table.columns} |", "|" + " --- |" * len(table.columns.split(" | ")))
        table.warm()
        yield from (table.row(name, city_limit if name in CITIES else limit) for name in asked)
        yield ""


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=["*"], metavar="NAME", help="instances; * stands for anything")
    parser.add_argument("--seconds", type=float, default=60.0, help="by the clock for each instance but the cities")
    parser.add_argument("--city-seconds", type=float, default=60.0, help="by the clock for each city and p")
    options = parser.parse_args()
    if not FOLDER.is_dir():
        parser.exit(2, f"The published instances are absent: {FOLDER}\n")
    for word in options.only:
        if not fnmatch.filter(NAMES, word):
            parser.error(f"--only: {word} is no instance; they are {', '.join(NAMES)}")
    names = [name for name in NAMES if any(fnmatch.fnmatchcase(name, word) for word in options.only)]
    for line in lines(names, options.seconds, options.city_seconds):
        print(line, flush=True)


if __name__ == "__main__":
    main()
