"""People covered against the number of CHWs, and plans by years, against every choice of small problems."""

import itertools

import numpy as np
import pytest

from placement.clusters import clustered, covered_by, matrix_of, random_case
from planner import placement


def plain(n_sites):
    return placement.rules(n_sites, most=1)


def best_of_each(reach, people, most, first=()):
    free = [site for site in range(len(reach)) if site not in first]
    return [
        max(covered_by(reach, people, [*first, *some]) for some in itertools.combinations(free, min(n, len(free))))
        for n in range(most + 1)
    ]


@pytest.mark.parametrize("seed", range(25))
def test_the_frontier_of_a_small_problem_is_that_of_brute_force_within_its_bounds(seed):
    reach, people, _ = random_case(seed, n_sites=9)
    found = placement.frontier(matrix_of(reach), people, 9, plain(9), time_limit_s=60.0)
    best = np.array(best_of_each(reach, people, 9))
    assert found.chws.tolist() == list(range(10))
    assert np.all(found.bound >= best * (1 - 1e-12))
    assert np.all(found.covered <= best * (1 + 1e-12))
    assert found.covered.sum() >= 0.99 * best.sum()
    for n, chosen, covered in zip(found.chws, found.choices, found.covered, strict=True):
        assert len(chosen) <= n
        assert covered == pytest.approx(covered_by(reach, people, chosen), rel=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_the_frontier_begins_with_the_chws_who_must_live_somewhere(seed):
    reach, people, _ = random_case(seed, n_sites=9)
    today = np.array([2, 0, 0, 1, 0, 0, 0, 0, 0], np.int32)
    forbidden = np.arange(9) == 5
    rules = placement.rules(9, most=1, today=today, forbidden=forbidden)
    found = placement.frontier(matrix_of(reach), people, 6, rules, time_limit_s=60.0)
    assert found.chws.tolist() == [3, 4, 5, 6]
    assert found.choices[0].tolist() == [0, 3]
    assert found.bound[0] == found.covered[0] == pytest.approx(covered_by(reach, people, [0, 3]))
    assert all({0, 3} <= set(chosen) and 5 not in chosen for chosen in found.choices)
    best = np.array(best_of_each(reach[np.arange(9) != 5], people, 3, (0, 3)))
    assert np.all(found.bound >= best * (1 - 1e-12)) and np.all(found.covered <= best * (1 + 1e-12))


@pytest.fixture(scope="module")
def traced():
    reach, people = clustered(250, 2500)
    return reach, people, placement.frontier(matrix_of(reach), people, 60, plain(250), time_limit_s=120.0)


def test_one_more_chw_never_covers_fewer_along_the_frontier(traced):
    assert np.all(np.diff(traced[2].covered) >= 0)


def test_the_bounds_of_the_frontier_are_concave_and_near(traced):
    bound = np.minimum.accumulate(traced[2].bound[::-1])[::-1]
    assert np.array_equal(bound, traced[2].bound)
    open_ = traced[2].bound > traced[2].covered * (1 + 1e-9)
    inside = open_[:-2] & open_[1:-1] & open_[2:]
    assert np.all(np.diff(traced[2].bound, 2)[inside] <= 1e-6 * traced[2].bound[-1])
    assert traced[2].gap.max() < 0.03
    assert traced[2].gap.mean() < 0.01


def test_the_frontier_is_nowhere_far_from_a_solve_of_its_own(traced, bred_briefly):
    reach, people, found = traced
    for n in (5, 17, 33, 60):
        own = placement.maximal_cover(matrix_of(reach), people, n, plain(250), time_limit_s=60.0, method="large")
        assert found.covered[n] >= 0.99 * own.objective
        assert found.bound[n] >= own.objective * (1 - 1e-9)


def test_the_frontier_is_traced_twice_with_the_same_bytes(traced):
    reach, people, one = traced
    two = placement.frontier(matrix_of(reach), people, 60, plain(250), time_limit_s=120.0)
    assert one.covered.tobytes() == two.covered.tobytes()
    assert one.bound.tobytes() == two.bound.tobytes()
    assert all(a.tobytes() == b.tobytes() for a, b in zip(one.choices, two.choices, strict=True))


def test_without_time_the_frontier_is_greedy_with_true_bounds():
    reach, people = clustered(120, 900)
    found = placement.frontier(matrix_of(reach), people, 30, plain(120), time_limit_s=1e-9)
    long = placement.frontier(matrix_of(reach), people, 30, plain(120), time_limit_s=60.0)
    assert np.all(found.bound >= long.covered * (1 - 1e-12))
    assert np.all(found.covered <= long.covered * (1 + 1e-12))


@pytest.mark.parametrize(
    ("people", "p"), [(np.zeros(25), 4), (np.ones(25), 0), (np.ones(25), 30)], ids=["nobody", "no CHWs", "too many"]
)
def test_edges_of_the_frontier_have_an_answer(people, p):
    reach, _, _ = random_case(2)
    found = placement.frontier(matrix_of(reach), people, p, plain(len(reach)), time_limit_s=9.0)
    assert len(found.covered) == p + 1
    assert found.covered[0] == 0.0
    assert found.covered[-1] == found.bound[-1]
    assert found.covered[-1] == (people[reach.any(axis=0)].sum() if p else 0.0)


def every_plan(n_sites, p):
    """All ways to begin: the year of each site."""
    for plan in itertools.product(range(-1, len(p)), repeat=n_sites):
        begun = np.array(plan)
        if all((begun[begun >= 0] <= year).sum() <= most for year, most in enumerate(p)):
            yield begun


def covered_by_year(reach, people, begins, years):
    return np.array(
        [covered_by(reach, people, np.flatnonzero((begins >= 0) & (begins <= year))) for year in range(years)]
    )


@pytest.mark.parametrize("aim", ["sum", "regret"])
@pytest.mark.parametrize("seed", range(12))
def test_a_small_rollout_is_nearly_that_of_brute_force(seed, aim):
    reach, people, _ = random_case(seed, n_sites=6, n_demand=14)
    p, weights = np.array([1, 2, 4]), np.array([3.0, 1.0, 2.0])
    found = placement.rollout(matrix_of(reach), people, p, plain(6), weights=weights, aim=aim, time_limit_s=60.0)
    best = np.array(best_of_each(reach, people, 4))[p]
    plans = [covered_by_year(reach, people, begins, 3) for begins in every_plan(6, p)]
    assert found.covered.tolist() == pytest.approx(covered_by_year(reach, people, found.begins, 3).tolist())
    assert all(((found.begins >= 0) & (found.begins <= year)).sum() <= most for year, most in enumerate(p))
    assert np.all(found.bound >= best * (1 - 1e-12))
    assert found.alone.tolist() == pytest.approx(best.tolist())
    if aim == "sum":
        assert (weights * found.covered).sum() >= 0.995 * max((weights * covered).sum() for covered in plans)
    else:
        assert found.regret.max() <= min((1 - covered / best).max() for covered in plans) + 0.02


def test_a_rollout_is_better_than_adding_greedily_year_by_year_and_regrets_less_when_asked_to(bred_briefly):
    reach, people = clustered(250, 2500)
    p = np.array([8, 20, 40])
    matrix = matrix_of(reach)
    total = placement.rollout(matrix, people, p, plain(250), time_limit_s=120.0)
    again = placement.rollout(matrix, people, p, plain(250), time_limit_s=120.0)
    fair = placement.rollout(matrix, people, p, plain(250), aim="regret", time_limit_s=120.0)
    # The greedy choices of more and more sites contain each other: a roll-out too, if not a good one.
    greedy = sum(
        placement.maximal_cover(matrix, people, n, plain(250), time_limit_s=60.0, method="greedy").objective for n in p
    )
    assert total.covered.sum() > greedy
    assert total.begins.tobytes() == again.begins.tobytes()
    assert fair.regret.max() <= total.regret.max()
    assert total.covered.sum() >= fair.covered.sum() * 0.999
    assert np.all(total.regret >= -1e-12) and np.all(total.alone <= total.bound)


def test_chws_of_today_are_there_from_the_first_year():
    reach, people, _ = random_case(5)
    today = np.zeros(len(reach), np.int32)
    today[4] = 1
    rules = placement.rules(len(reach), most=1, today=today)
    found = placement.rollout(matrix_of(reach), people, np.array([1, 3]), rules, time_limit_s=9.0)
    assert found.begins[4] == 0
    assert (found.begins == 0).sum() == 1
    assert found.covered[0] == pytest.approx(covered_by(reach, people, [4]))
    assert found.covered[1] == pytest.approx(max(best_of_each(reach, people, 2, (4,))))


@pytest.mark.parametrize(
    ("p", "weights", "told"),
    [([3, 2], None, r"p: \[3, 2\]"), ([], None, "one year or more"), ([1, 2], [1.0, -1.0], "weights: expected 2")],
)
def test_rollouts_that_cannot_be_are_refused(p, weights, told):
    reach, people, _ = random_case(1)
    matrix, years = matrix_of(reach), np.array(p, int)
    with pytest.raises(ValueError, match=told):
        placement.rollout(
            matrix, people, years, plain(len(reach)), weights=weights and np.array(weights), time_limit_s=9.0
        )


def test_rules_that_a_frontier_or_a_rollout_cannot_keep_are_refused():
    reach, people, _ = random_case(1)
    rules = placement.rules(len(reach), most=1, apart=np.array([[0, 1]]))
    with pytest.raises(ValueError, match="the frontier up to 3 CHWs knows none but"):
        placement.frontier(matrix_of(reach), people, 3, rules, time_limit_s=9.0)
    with pytest.raises(ValueError, match="the roll-out from 1 CHWs knows none but"):
        placement.rollout(matrix_of(reach), people, np.array([1, 3]), rules, time_limit_s=9.0)
