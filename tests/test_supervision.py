import math

import numpy as np
import pytest

from planner import supervision
from planner.scenario import SupervisionRule

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
