"""Referral, supervisors and rounds for a whole country: 10,000 CHWs, 200 facilities of two tiers, 4 million cells.

    python tests/benchmarks/care.py [--chws 10000] [--facilities 200] [--side 2000]

Prints a row a step: seconds of wall time and of CPU, and the peak of memory so far.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any, TypeVar

import landscape
import numpy as np
import ours
import shapely

from planner.pipeline import referring, visits
from planner.pipeline.going import Going
from planner.scenario import ReferralRule, SupervisionRule, Walking
from planner.types.inputs import Facilities, Roads
from planner.types.land import Land
from planner.types.network import Network
from planner.types.results import Posts, Villages

HOSPITALS = 10  # a facility in so many is one
Answer = TypeVar("Answer")


def roads_of(network: Network) -> tuple[Network, Roads]:
    """A road for each ride of the network, a straight line, and the network that rides on them."""
    start = np.repeat(np.arange(len(network.cell)), np.diff(network.indptr))
    ends = np.stack([start, network.indices], axis=1)
    lines = shapely.linestrings(np.stack([network.x[ends], network.y[ends]], axis=2))
    n = len(lines)
    text, no = np.full(n, "", object), np.zeros(n, np.bool_)
    roads = Roads(
        lines, np.full(n, "tertiary", object), text, text, text, text, no, no, ~no, np.zeros(n, np.int8),
        np.full(n, np.inf), text,
    )  # fmt: skip
    return Network(**{**network.__dict__, "road": np.arange(n, dtype=np.int32)}), roads


def places(land: Land, cells: np.ndarray, facilities: int, chws: int) -> tuple[Facilities, np.ndarray, Posts, Villages]:
    """Facilities and posts in villages drawn without a second one in a cell; every post has its village."""
    drawn = np.random.default_rng(1).choice(cells, facilities + chws, replace=False).astype(np.int32)
    own, post = drawn[:facilities], drawn[facilities:]
    tier = np.where(np.arange(facilities) % HOSPITALS == 0, 2, 1).astype(np.int16)
    x, y = land.frame.centre_of(own)
    names = tuple(f"facility {k}" for k in range(facilities))
    px, py = land.frame.centre_of(post)
    called = tuple(f"village {k}" for k in range(chws))
    here, ones = np.arange(chws, dtype=np.int32), np.ones(chws)
    of_cell = np.full(land.frame.n, -1, np.int32)
    of_cell[post] = here
    villages = Villages(called, called, ones > 0, ("",) * chws, post, px, py, ones, ones, 0 * here, of_cell)
    posts = Posts(called, called, ones > 1, post, px, py, here, np.ones(chws, np.int32))
    return Facilities(names, names, x, y, ("",) * facilities, tier), own, posts, villages


def timed(what: str, call: Callable[[], Answer]) -> Answer:
    """Do it, and print how long it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = call()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"| {what} | {time.perf_counter() - wall:.1f} | {time.process_time() - cpu:.1f} | {peak:.1f} |", flush=True)
    return answer


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--chws", type=int, default=10_000)
    options.add_argument("--facilities", type=int, default=200)
    options.add_argument("--side", type=int, default=2000)
    asked = options.parse_args()
    country = landscape.make(asked.side, asked.side)
    walking = Walking()
    ours.compile_on_sample(country, walking, geographic=False)
    land = ours.with_bridges(country, ours.land_of(country, (asked.side, asked.side), geographic=False))
    network, roads = roads_of(ours.network_of(country, land))
    facilities, facility_cell, posts, villages = places(land, country.villages, asked.facilities, asked.chws)
    by = Going("by motorbike taxi", land, roads, network, walking, True)
    rule, round_rule = ReferralRule(), SupervisionRule()
    print("| step | wall [s] | CPU [s] | peak [GB] |\n| --- | --- | --- | --- |")
    timed("making ready", lambda: by.search)
    referrals: Any = timed(
        "referral to two tiers, second best, words",
        lambda: referring.referrals(by, None, facilities, (facility_cell, facility_cell), posts, villages, rule),
    )
    timed("from tier to tier", lambda: referring.onward(by, facilities, facility_cell, villages))
    supervised: Any = timed(
        "a supervisor for each CHW",
        lambda: visits.supervised(by, None, facilities, (facility_cell, facility_cell), posts, round_rule),
    )
    rounds: Any = timed("rounds", lambda: visits.rounds(by, facility_cell, posts, supervised, round_rule))
    sent, seen = int((referrals[0].facility >= 0).sum()), sum(len(trip.posts) for trip in rounds.trips)
    print(f"\n{sent:,} posts refer, {int((supervised.facility >= 0).sum()):,} have a supervisor, {seen:,} are visited.")


if __name__ == "__main__":
    main()
