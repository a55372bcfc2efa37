import math
from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_array

from planner import supervision
from planner.scenario import SupervisionRule
from planner.types.travel import TravelMatrix

RULE = SupervisionRule(chws_per_supervisor=10, max_minutes=240.0)


def by_nearest(nearest, minutes, n_facilities, rule=RULE, chws=None):
    count = np.ones(len(nearest), np.int32) if chws is None else np.array(chws, np.int32)
    nearest, minutes = np.array(nearest, np.int32), np.array(minutes, np.float32)
    return supervision.by_nearest(nearest, minutes, count, n_facilities, rule)


def test_a_post_at_the_limit_is_supervised_and_one_beyond_is_not():
    found = by_nearest([2, 0, -1, 0], [240.0, 240.1, math.inf, 12.0], 3)
    assert found.facility.tolist() == [2, -1, -1, 0]
    assert found.posts.tolist() == [1, 0, 1]
    assert found.supervisors.tolist() == [1, 0, 1]
    assert found.minutes.tolist() == pytest.approx([240.0, 240.1, math.inf, 12.0])


@pytest.mark.parametrize(("posts", "supervisors"), [(0, 0), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_supervisors_are_rounded_up(posts, supervisors):
    assert by_nearest([1] * posts, [5.0] * posts, 2).supervisors.tolist() == [0, supervisors]


@pytest.mark.parametrize("seed", range(20))
def test_every_post_has_a_facility_or_lies_beyond_the_limit(seed):
    rng = np.random.default_rng(seed)
    nearest = rng.integers(-1, 6, 100)
    minutes = np.where(nearest < 0, math.inf, rng.uniform(0, 400, 100))
    found = by_nearest(nearest, minutes, 6)
    assert found.posts.sum() == np.sum(found.facility >= 0) == np.sum(minutes.astype(np.float32) <= 240)
    assert np.all(found.supervisors * 10 >= found.posts)
    assert np.all(found.supervisors * 10 - found.posts < 10)


def test_without_posts_or_facilities_nobody_is_needed():
    assert by_nearest([], [], 2).supervisors.tolist() == [0, 0]
    assert by_nearest([-1], [math.inf], 0).facility.tolist() == [-1]


def test_every_chw_of_a_post_needs_a_supervisor_and_one_who_leaves_needs_none():
    found = by_nearest([0, 0, 1], [5.0, 5.0, 5.0], 2, chws=[9, 2, 0])
    assert found.posts.tolist() == [11, 0]
    assert found.supervisors.tolist() == [2, 0]


def reach_of(minutes, limit=240.0):
    """Minutes from posts (rows) to facilities within the limit; inf = no way."""
    minutes = np.array(minutes, np.float32)
    stored = np.where(minutes <= limit, minutes + 1, 0)  # scipy drops zeros
    matrix = csr_array(stored)
    matrix.data -= 1
    return TravelMatrix.from_csr(matrix, limit)


def assigned(minutes, chws=None, **rule):
    minutes = np.array(minutes, np.float32)
    chws = np.ones(len(minutes), np.int32) if chws is None else np.array(chws, np.int32)
    kept = SupervisionRule(**{"chws_per_supervisor": 2, "supervisors": 1, **rule})
    return supervision.assign(reach_of(minutes, kept.max_minutes), minutes.min(axis=1), chws, kept)


def test_whoever_gains_least_goes_further_where_the_nearest_supervisor_is_full():
    found = assigned([[10, 60], [10, 20], [10, 90]])
    assert found.facility.tolist() == [0, 1, 0]  # the second loses 10 minutes, the others 50 or 80
    assert found.minutes.tolist() == [10, 20, 10]
    assert (found.objective, found.bound, found.status) == (40.0, 40.0, "best possible")
    assert found.posts.tolist() == [2, 1]


def test_as_many_chws_as_can_be_are_supervised_before_minutes_count():
    # one supervisor each for 2 CHWs: the post of 2 CHWs could have the near one, but then only 3 of 4 are supervised
    found = assigned([[5, 200], [10, math.inf], [10, math.inf]], chws=[2, 1, 1])
    assert found.facility.tolist() == [1, 0, 0]
    found = assigned([[5, math.inf], [10, math.inf]], chws=[2, 1])
    assert found.facility.tolist() == [0, -1]
    assert found.minutes.tolist() == [5, 10]  # how far it would be


def test_few_supervisors_come_before_short_ways():
    minutes = [[5, 50], [40, 50], [80, 50]]
    assert assigned(minutes, supervisors=0, chws_per_supervisor=3).facility.tolist() == [0, 0, 1]
    few = assigned(minutes, supervisors=0, chws_per_supervisor=3, prefer="few")
    assert few.facility.tolist() == [0, 0, 0]
    assert few.supervisors.tolist() == [1, 0]


def test_a_post_beyond_the_limit_and_one_without_chws_have_no_supervisor():
    found = assigned([[300, 400], [10, 20]], chws=[1, 0])
    assert found.facility.tolist() == [-1, -1]
    assert found.posts.tolist() == [0, 0]


def best_of_all(minutes, chws, each):
    """(CHWs without a supervisor, minutes in all) of the best of all assignments."""
    best = (math.inf, math.inf)
    for choice in product(range(-1, minutes.shape[1]), repeat=len(minutes)):
        load, out, ways = [0] * minutes.shape[1], 0, 0.0
        for post, facility in enumerate(choice):
            if facility < 0:
                out += chws[post]
            else:
                load[facility] += chws[post]
                ways += chws[post] * minutes[post, facility]
        if max(load) <= each:
            best = min(best, (out, ways))
    return best


@pytest.mark.parametrize("seed", range(40))
def test_the_assignment_costs_as_little_as_the_best_of_all(seed):
    rng = np.random.default_rng(seed)
    posts, facilities, each = int(rng.integers(1, 7)), int(rng.integers(1, 4)), int(rng.integers(2, 4))
    minutes = rng.integers(1, 240, (posts, facilities)).astype(np.float32)
    chws = rng.integers(1, 3, posts)
    found = assigned(minutes, chws=chws, chws_per_supervisor=each)
    out, least = best_of_all(minutes, chws, each)
    assert int(chws[found.facility < 0].sum()) == out
    assert found.objective == pytest.approx(least)
    assert found.bound == pytest.approx(least, abs=1e-3)
    assert found.status == "best possible"
