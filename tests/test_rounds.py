"""Rounds of visits: by hand, against the best of all orders, and the laws that every round keeps to."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations, pairwise, permutations

import numpy as np
import pytest

from outputs.tiny import tiny_plan
from planner import supervision
from planner.pipeline import visits
from planner.scenario import SupervisionRule
from planner.types.inputs import Change
from planner.types.supervision import Rounds, Trip


def plane(points):
    """Minutes between places of a plane, a minute a unit; the facility is the first."""
    points = np.array(points, float)
    return np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))


def test_near_posts_share_a_day_and_a_far_one_has_its_own():
    minutes = plane([(0, 0), (30, 0), (40, 0), (-200, 0)])
    trips, days, fewest = supervision.one_round(minutes, np.array([60.0, 60, 60]), 480)
    assert sorted(sorted(trip) for trip in trips) == [[0, 1], [2]]
    assert (days, fewest) == ([1, 1], 1)  # by the bound alone, one day might do


def test_a_post_more_than_a_day_away_takes_several_days():
    minutes = plane([(0, 0), (300, 0), (10, 0)])
    trips, days, fewest = supervision.one_round(minutes, np.array([90.0, 90]), 480)
    assert (trips, days, fewest) == ([(0,), (1,)], [2, 1], 3)


def test_a_post_at_the_facility_itself_takes_its_visit_only():
    assert supervision.one_round(np.zeros((2, 2)), np.array([90.0]), 480) == ([(0,)], [1], 1)


def test_the_way_there_may_take_longer_than_the_way_back():
    minutes = np.array([[0.0, 10, 100], [100, 0, 10], [10, 100, 0]])  # quick only around 0 -> 1 -> 2 -> 0
    trips, days, _ = supervision.one_round(minutes, np.array([10.0, 10]), 480)
    assert (trips, days) == ([(0, 1)], [1])


def shortest(minutes, stops):
    """The shortest way from the facility along all stops and back."""
    return min(
        sum(minutes[a, b] for a, b in zip((0, *order), (*order, 0), strict=True))
        for order in permutations(stop + 1 for stop in stops)
    )


def partitions(stops):
    """All ways to split stops into groups."""
    if not stops:
        yield []
        return
    first, rest = stops[0], stops[1:]
    for size in range(len(rest) + 1):
        for others in combinations(rest, size):
            left = [stop for stop in rest if stop not in others]
            for parts in partitions(left):
                yield [(first, *others), *parts]


@pytest.mark.parametrize("seed", range(25))
def test_rounds_take_the_fewest_days_and_then_the_least_travel_of_all_plans(seed):
    rng = np.random.default_rng(seed)
    posts = int(rng.integers(1, 6))
    minutes = np.ceil(plane(rng.uniform(-90, 90, (posts + 1, 2))))
    visits = rng.integers(30, 120, posts).astype(float)
    best = (math.inf, math.inf)
    for groups in partitions(tuple(range(posts))):
        ways = [shortest(minutes, group) for group in groups]
        if all(way + visits[list(group)].sum() <= 480 for way, group in zip(ways, groups, strict=True)):
            best = min(best, (len(groups), sum(ways)))
    trips, days, fewest = supervision.one_round(minutes, visits, 480)
    assert sorted(stop for trip in trips for stop in trip) == list(range(posts))
    travel = sum(
        minutes[a, b]
        for trip in trips
        for a, b in zip((0, *(s + 1 for s in trip)), (*(s + 1 for s in trip), 0), strict=True)
    )
    assert (sum(days), travel) == pytest.approx(best)
    assert fewest <= best[0]


@pytest.mark.parametrize("seed", range(5))
def test_forty_posts_are_visited_once_each_within_the_day_the_same_way_every_time(seed):
    rng = np.random.default_rng(seed)
    minutes = plane(rng.uniform(-100, 100, (41, 2)))
    visits = np.full(40, 60.0)
    trips, days, fewest = supervision.one_round(minutes, visits, 480)
    assert sorted(stop for trip in trips for stop in trip) == list(range(40))
    for trip in trips:
        order = [0, *(stop + 1 for stop in trip), 0]
        assert sum(minutes[a, b] for a, b in pairwise(order)) + 60 * len(trip) <= 480 + 1
    assert fewest <= sum(days)
    assert supervision.one_round(minutes, visits, 480)[0] == trips


def test_trips_are_shared_among_supervisors_by_days_and_chws():
    assert supervision.shared([1, 1, 1, 1], [3, 3, 3, 3], 2, 10) == [0, 1, 0, 1]
    assert supervision.shared([3, 1, 1], [1, 1, 1], 2, 10) == [0, 1, 1]
    assert supervision.shared([1, 1, 1], [6, 6, 6], 2, 10) == [0, 1, 0]  # nobody has room for the third


def test_supervisors_with_more_days_or_chws_than_the_rule_allows_are_named():
    plan = tiny_plan()
    trips = [Trip(0, 1, day, 2, (0,), 500.0, 90.0, 1000.0, None) for day in range(1, 12)]
    trips.append(Trip(1, 1, 1, 1, (1,), 50.0, 90.0, 1000.0, None))
    rounds = Rounds(tuple(trips), np.array([22, 1, 0], np.int32), np.array([22, 1, 0], np.int32), 0.0)
    rule = SupervisionRule(days_per_month=20, chws_per_supervisor=10)
    days, chws = visits.notes(rounds, plan.facilities, plan.posts, rule)
    assert (days.what, days.count) == ("supervisors whose round has more than 20 working days", 1)
    assert days.changes == (Change(f"{plan.facilities.name[0]}, supervisor 1", "22 working days", ""),)
    assert chws.changes == (Change(f"{plan.facilities.name[0]}, supervisor 1", "11 CHWs", ""),)
    assert visits.notes(replace(rounds, trips=tuple(trips[-1:])), plan.facilities, plan.posts, rule) == ()
