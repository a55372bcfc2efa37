"""CHWs of today stay where moving them gains nobody."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import placement
from planner.placement import recount
from planner.placement.staying import keep_in_place
from planner.types.travel import TravelMatrix


def matrix_of(rows, n_demand):
    indptr = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    indices = np.array([d for row in rows for d in row], np.int32)
    return TravelMatrix(indptr, indices, np.full(len(indices), 10.0, np.float32), n_demand, 60.0)


def ints(*values):
    return np.array(values, np.int32)


TWINS = matrix_of([[0, 1], [0, 1], [2]], 3)
PEOPLE = np.array([5.0, 5.0, 3.0])


def test_a_newcomer_gives_way_to_the_chw_of_today_who_reaches_the_same_people():
    free = placement.rules(3, most=1, today=ints(0, 1, 0), today_may="leave")
    assert keep_in_place(TWINS, PEOPLE, ints(1, 0, 1), free, 2).tolist() == [0, 1, 1]


def test_nobody_stays_at_the_cost_of_people():
    free = placement.rules(3, most=1, today=ints(0, 0, 1), today_may="leave")
    assert keep_in_place(TWINS, PEOPLE, ints(1, 0, 0), free, 1).tolist() == [1, 0, 0]


def test_a_rule_that_staying_would_break_is_kept():
    apart = np.array([[1, 2]], np.int32)
    free = placement.rules(3, most=1, today=ints(0, 1, 0), today_may="leave", apart=apart)
    assert keep_in_place(TWINS, PEOPLE, ints(1, 0, 1), free, 2).tolist() == [1, 0, 1]


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_as_many_people_are_reached_by_as_many_chws_and_more_of_today_stay(seed):
    rng = np.random.default_rng(seed)
    n_sites, n_demand = int(rng.integers(2, 10)), int(rng.integers(1, 20))
    reach = rng.random((n_sites, n_demand)) < 0.4
    reach[rng.integers(n_sites)] = reach[0]
    matrix = matrix_of([np.flatnonzero(row).tolist() for row in reach], n_demand)
    people = rng.integers(0, 4, n_demand).astype(float)
    today = rng.integers(0, 3, n_sites).astype(np.int32)
    free = placement.rules(n_sites, most=2, today=today, today_may="leave")
    chws = np.minimum(rng.integers(0, 3, n_sites), 2).astype(np.int32)
    after = keep_in_place(matrix, people, chws, free, int(chws.sum()))
    reached = [recount.people_covered(matrix, some, people) for some in (chws, after)]
    assert reached[1] >= reached[0]
    assert after.sum() == chws.sum()
    assert np.minimum(after, today).sum() >= np.minimum(chws, today).sum()
    assert not recount.broken_rules(after, free, int(chws.sum()))
