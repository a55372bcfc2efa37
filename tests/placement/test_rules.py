"""The rules as a planner says them, and the pairs, shares and matrices that go into them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csc_array, csr_array

from placement.brute import matrix_of
from planner import placement
from planner.placement.rules import is_plain, only_sites


def test_what_is_left_out_is_no_rule():
    assert is_plain(placement.rules(5, most=1))
    assert only_sites(placement.rules(5, most=2, today=np.array([1, 0, 0, 0, 0]), forbidden=np.arange(5) > 2))
    for rule in (
        {"today": np.array([1, 0]), "today_may": "move"},
        {"cost": 1.0, "budget": 5.0},
        {"apart": np.array([[0, 1]])},
        {"area": np.array([0, 0]), "area_most": np.array([1])},
        {"supervisors": placement.Supervisors(matrix_of(np.ones((2, 1))), np.array([1], np.int32))},
    ):
        assert not only_sites(placement.rules(2, most=1, **rule))


def test_those_of_today_may_stay_where_no_more_may_live():
    made = placement.rules(3, most=1, today=np.array([2, 0, 1]), forbidden=np.array([False, True, True]))
    assert made.least.tolist() == [2, 0, 1]
    assert made.most.tolist() == [2, 0, 1]


def test_rules_that_contradict_each_other_are_refused_all_at_once():
    with pytest.raises(ValueError, match="rules") as told:
        placement.rules(
            2, most=1, forced=np.array([True, False]), forbidden=np.array([True, False]), cost=np.array([1.0, np.nan]),
            budget=-1.0, area=np.array([0, 5]), area_least=np.array([3]), area_most=np.array([2]),
            apart=np.array([[0, 0], [0, 9]]), leave_cost=np.inf,
        )  # fmt: skip
    for words in (
        "site 0 is forced and may have no CHW", "a cost below 0 or not known at site 1", "a budget below 0",
        "an area that does not exist at site 1", "more CHWs at least than at most in area 0",
        "a site apart from itself in pair 0", "a site that does not exist in pair 1", "a leave_cost below 0",
    ):  # fmt: skip
        assert words in str(told.value)


def test_pairs_are_those_nearer_than_the_distance_each_once():
    x, y = np.array([0.0, 3, 0, 10]), np.array([0.0, 4, 1, 0])
    assert placement.pairs_nearer_than(5.0, x, y).tolist() == [[0, 2], [1, 2]]
    assert placement.pairs_nearer_than(5.1, x, y).tolist() == [[0, 1], [0, 2], [1, 2]]
    assert placement.pairs_nearer_than(5.0, np.empty(0), np.empty(0)).shape == (0, 2)


def test_pairs_of_a_matrix_count_from_either_side_and_no_site_is_its_own_pair():
    between = matrix_of(np.array([[0.0, 9, np.inf], [9, 0, np.inf], [7, np.inf, 0]]))
    assert placement.pairs_within(between).tolist() == [[0, 1], [0, 2]]


def test_proportional_shares_are_by_largest_remainder():
    # 10 CHWs for 47, 16, 15.8, 12, 6.1 and 3.1 %: Hamilton's method by hand.
    shares = placement.proportional(10, np.array([47000.0, 16000, 15800, 12000, 6100, 3100]))
    assert shares.tolist() == [5, 2, 1, 1, 1, 0]
    assert placement.proportional(1, np.ones(3)).tolist() == [1, 0, 0]


@given(st.integers(0, 500), st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30))
def test_proportional_shares_sum_up_and_are_within_one_of_their_quota(chws, weights):
    shares = placement.proportional(chws, np.array(weights))
    assert shares.sum() == chws
    assert (np.abs(shares - chws * np.array(weights) / np.sum(weights)) < 1 + 1e-6).all()


def test_a_csr_matrix_is_taken_with_its_zeros_and_up_to_the_limit():
    stored = csr_array((np.array([30.0, 0, 31, 5]), np.array([1, 0, 2, 1]), np.array([0, 3, 4])), shape=(2, 3))
    matrix = placement.TravelMatrix.from_csr(stored, 30.0)
    assert matrix.indptr.tolist() == [0, 2, 3]
    assert matrix.indices.tolist() == [0, 1, 1]
    assert matrix.minutes.tolist() == [0.0, 30.0, 5.0]
    assert (matrix.n_sites, matrix.n_demand) == (2, 3)
    assert matrix.within(5.0).minutes.tolist() == [0.0, 5.0]


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (csc_array(np.eye(2)), "expected a scipy CSR matrix"),
        (csr_array((np.ones(2), np.array([1, 1]), np.array([0, 2, 2])), shape=(2, 2)), "stored twice"),
        (csr_array((np.array([-1.0]), np.array([1]), np.array([0, 1, 1])), shape=(2, 2)), "none negative"),
        (csr_array((np.array([np.nan]), np.array([1]), np.array([0, 1, 1])), shape=(2, 2)), "none negative"),
    ],
)
def test_a_matrix_that_cannot_be_is_refused(stored, words):
    with pytest.raises(ValueError, match=words):
        placement.TravelMatrix.from_csr(stored, 30.0)
