"""The round of visits of one facility: which posts on which day, in which order.

Each working day is a route of a vehicle-routing problem: it starts and ends at the facility, and travel and visits
together fit into the day. First as few days as can be, then as little travel; solved by PyVRP (Wouda, Lan and Kool
2024, doi:10.1287/ijoc.2023.0055), with a seed and a number of steps, so that the answer is the same on every machine. A
post that is more than a day away by itself is a trip of its own, over several days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from planner.types.arrays import Doubles

SECONDS = 60  # of a minute: PyVRP counts in whole numbers
SEED = 0
STEPS, STEPS_EACH = 100, 30  # without an improvement before the search ends, and more for each post


def one_round(
    minutes: Doubles, visit_minutes: Doubles, day_minutes: float
) -> tuple[list[tuple[int, ...]], list[int], int]:
    """Plan the days of one facility.

    Parameters
    ----------
    minutes
        ``(k + 1, k + 1)``, from place (row) to place (column); place 0 is the facility, place i + 1 is post i.
    visit_minutes
        At each post.
    day_minutes
        A working day.

    Returns
    -------
    trips
        Posts of each trip in the order of the visits, the longest trips first.
    days
        Working days of each trip.
    fewest
        Working days that no plan can do with less: travel into each post is at least its shortest way in, and each day
        ends with a way home.
    """
    alone = minutes[0, 1:] + visit_minutes + minutes[1:, 0]
    far = np.flatnonzero(alone > day_minutes)
    near = np.flatnonzero(alone <= day_minutes)
    trips: list[tuple[int, ...]] = [(int(post),) for post in far]
    days = [math.ceil(float(alone[post]) / day_minutes) for post in far]
    fewest = sum(days)
    if len(near):
        places = np.concatenate([[0], near + 1])
        within = minutes[np.ix_(places, places)]
        routes = _routes(within, visit_minutes[near], day_minutes)
        trips += [tuple(int(near[stop]) for stop in route) for route in routes]
        days += [1] * len(routes)
        fewest += _fewest_days(within, visit_minutes[near], day_minutes)
    return trips, days, fewest


def _routes(minutes: Doubles, visit_minutes: Doubles, day_minutes: float) -> list[list[int]]:
    """Routes over the places 1, 2, ... as lists of positions from 0; each fits into a day."""
    if len(visit_minutes) == 1:
        return [[0]]
    from pyvrp import Model
    from pyvrp.stop import NoImprovement

    seconds = np.ceil(np.round(minutes * SECONDS, 6)).astype(np.int64)
    service = np.ceil(np.round(visit_minutes * SECONDS, 6)).astype(np.int64)
    # Rounding up a leg must not make a post that just fits too far.
    day = max(math.floor(day_minutes * SECONDS), int((seconds[0, 1:] + service + seconds[1:, 0]).max()))
    model = Model()
    places = [model.add_location(0, 0) for _ in range(len(minutes))]
    depot = model.add_depot(places[0])
    for place, length in zip(places[1:], service, strict=True):
        model.add_client(place, service_duration=int(length))
    for i, start in enumerate(places):
        for j, end in enumerate(places):
            if i != j:
                model.add_edge(start, end, distance=int(seconds[i, j]), duration=int(seconds[i, j]))
    model.add_vehicle_type(
        num_available=len(service),
        start_depot=depot,
        end_depot=depot,
        shift_duration=day,
        fixed_cost=int((seconds[0, 1:] + seconds[1:, 0]).sum()) + 1,  # a day saved is worth any detour
    )
    found = model.solve(NoImprovement(STEPS + STEPS_EACH * len(service)), seed=SEED, collect_stats=False, display=False)
    if not found.is_feasible():
        return [[stop] for stop in range(len(service))]
    routes = [[visit.idx for visit in route if visit.is_client()] for route in found.best.routes()]
    return sorted(routes, key=lambda route: (-len(route), route))


def _fewest_days(minutes: Doubles, visit_minutes: Doubles, day_minutes: float) -> int:
    ways_in = np.where(np.eye(len(minutes), dtype=bool), np.inf, minutes).min(axis=0)[1:]
    home = float(minutes[1:, 0].min())
    return max(1, math.ceil(float((visit_minutes + ways_in).sum()) / max(day_minutes - home, 1e-9) - 1e-9))


def shared(days: Sequence[int], chws: Sequence[int], supervisors: int, chws_each: int) -> list[int]:
    """Give the trips of a facility to its supervisors, 0, 1, ..., the longest first.

    Each goes to the supervisor with least days so far who has room for its CHWs; where none has, to the one with fewest
    CHWs, who then has more than `chws_each`.

    Parameters
    ----------
    days, chws
        Working days, and CHWs visited, of each trip.
    """
    load, busy = [0] * supervisors, [0] * supervisors
    given = [0] * len(days)
    for trip in sorted(range(len(days)), key=lambda k: (-chws[k], -days[k], k)):
        room = [who for who in range(supervisors) if load[who] + chws[trip] <= chws_each]
        who = min(room, key=lambda w: (busy[w], w)) if room else min(range(supervisors), key=lambda w: (load[w], w))
        given[trip] = who
        load[who] += chws[trip]
        busy[who] += days[trip]
    return given
