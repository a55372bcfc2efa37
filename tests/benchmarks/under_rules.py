"""Placement questions of middle size under several rules at once: 200 candidates x 2,000 places.

A synthetic country (`countries.py`), 40 s by the clock for each question; whoever has no CHW within an hour counts 90
minutes in the p-median, and a CHW serves 6,000 or 10,000 people in the questions with
capacities (25 CHWs, 245,151 people).

    python tests/benchmarks/under_rules.py
    python tests/benchmarks/under_rules.py --mixes all --questions p-median --reached-by 12
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from countries import Size, country

from planner import placement
from planner.types.travel import TravelMatrix

SITES, PLACES, CHWS = 200, 2_000, 25
CAPACITIES = 6_000.0, 10_000.0
UNSERVED_MINUTES = 90.0
SEED = 7


def rules_of(matrix: TravelMatrix, mix: str, most: int) -> placement.Rules:
    """One of the mixes of rules, drawn from a seed."""
    rng = np.random.default_rng(SEED)
    today = np.zeros(SITES, np.int32)
    today[rng.choice(SITES, 12, replace=False)] = 1
    forbidden = (rng.random(SITES) < 0.1) & (today == 0)
    forced = np.zeros(SITES, np.bool_)
    forced[rng.choice(np.flatnonzero(~forbidden), 3, replace=False)] = True
    cost = np.round(rng.uniform(50, 150, SITES))
    home = np.full(SITES, -1, np.int64)  # the place where each site is: 0 minutes away
    site = np.repeat(np.arange(SITES), np.diff(matrix.indptr))
    home[site[matrix.minutes == 0]] = matrix.indices[matrix.minutes == 0]
    near = matrix.minutes[:, None] <= 15
    place = {int(at): j for j, at in enumerate(home)}
    pairs = [
        (j, place[int(i)])
        for j, i, close in zip(site, matrix.indices, near[:, 0], strict=True)
        if close and int(i) in place and place[int(i)] != j
    ]
    apart = np.unique(np.sort(np.array(pairs), axis=1), axis=0)
    area = (home * 5 // PLACES).astype(np.int32)  # places are ordered from north to south
    shares = placement.proportional(CHWS, np.bincount(area, minlength=5).astype(np.float64))
    hubs = rng.choice(SITES, 8, replace=False)
    xy = np.column_stack((home // 45, home % 45))
    reach = np.abs(xy[:, None, :] - xy[hubs][None, :, :]).max(axis=2) <= 20
    at, of = np.nonzero(reach)
    supervisors = placement.Supervisors(
        TravelMatrix(
            np.append(0, reach.sum(axis=1).cumsum()).astype(np.int64), of.astype(np.int32),
            np.full(len(at), 30.0, np.float32), len(hubs), 60.0,
        ),
        np.full(len(hubs), 5, np.int32),
    )  # fmt: skip
    mixes: dict[str, dict[str, Any]] = {
        "money": {"today": today, "today_may": "move", "leave_cost": 30.0, "cost": cost, "budget": 1_700.0},
        "distance": {"today": today, "today_may": "leave", "apart": apart, "forbidden": forbidden},
        "quotas": {"forced": forced, "forbidden": forbidden, "area": area, "area_least": shares - 1,
                   "area_most": shares + 1},
        "supervised": {"today": today, "today_may": "move", "max_moves": 6, "supervisors": supervisors,
                       "forbidden": forbidden},
    }  # fmt: skip
    mixes["all"] = mixes["money"] | mixes["distance"] | mixes["quotas"] | mixes["supervised"]
    return placement.rules(SITES, most=most, **mixes[mix])


def questions(
    matrix: TravelMatrix, people: np.ndarray, limit: float
) -> dict[str, tuple[int, Callable[[placement.Rules], placement.Choice]]]:
    """The questions, and the most CHWs at a site in each."""
    short = {"time_limit_s": limit}
    many: dict[str, tuple[int, Callable[[placement.Rules], placement.Choice]]] = {
        f"capacitated cover, {room:,.0f} each": (
            3,
            lambda rules, room=room: placement.capacitated_cover(  # type: ignore[misc]
                matrix, people, CHWS, rules, capacity=room, **short
            ),
        )
        for room in CAPACITIES
    }
    return many | {
        "p-median": (
            1,
            lambda rules: placement.p_median(matrix, people, CHWS, rules, unserved_minutes=UNSERVED_MINUTES, **short),
        ),
        "maximal cover": (1, lambda rules: placement.maximal_cover(matrix, people, CHWS, rules, **short)),
        "fewest CHWs for 90 %": (1, lambda rules: placement.partial_set_cover(matrix, people, 0.9, rules, **short)),
    }


def main() -> None:
    """Print rows of the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mixes", nargs="*", default=["money", "distance", "quotas", "supervised", "all"])
    options.add_argument("--questions", nargs="*", default=[])
    options.add_argument("--reached-by", type=int, default=40, help="sites that reach a place, on average")
    options.add_argument("--time-limit", type=float, default=40.0)
    asked = options.parse_args()
    matrix, people = country(Size(SITES, PLACES, CHWS, asked.reached_by))
    for name, (most, solve) in questions(matrix, people, asked.time_limit).items():
        if asked.questions and not any(name.startswith(some) for some in asked.questions):
            continue
        for mix in asked.mixes:
            rules = rules_of(matrix, mix, most)
            began = time.perf_counter()
            try:
                choice = solve(rules)
            except placement.NoAnswer as none:
                print(f"| {name} | {mix} | {none} |", flush=True)
                continue
            seconds = time.perf_counter() - began
            print(
                f"| {name} | {mix} | {choice.objective:,.0f} | {choice.bound:,.0f} | {100 * choice.gap:.2f} % "
                f"| {seconds:.0f} | {choice.method} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
