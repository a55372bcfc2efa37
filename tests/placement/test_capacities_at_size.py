"""Capacitated cover by the methods for large countries: against every placement of small cases, and by laws."""

import itertools
import math

import numpy as np
import pytest
from scipy.optimize import linprog

from planner import placement
from planner.errors import NoAnswer
from planner.kernels.transport import assign
from planner.placement.capacitated import blocks, relaxation, solve
from planner.placement.capacitated.state import State
from planner.placement.capacitated.workload import workload
from planner.types.travel import TravelMatrix


def random_question(seed, n_sites=5, n_demand=7):
    """Weights that are not in proportion to load, capacities by site, some CHWs who must stay, some sites closed."""
    rng = np.random.default_rng(seed)
    reach = rng.random((n_sites, n_demand)) < 0.45
    people = np.round(rng.lognormal(3, 1, n_demand), 1) * rng.choice([0, 1, 1, 1], n_demand)
    load = people * (1.0 if seed % 2 else rng.choice([0.5, 1.0, 2.0], n_demand))
    capacity = rng.choice([20.0, 40.0, 65.0], n_sites)
    most = rng.integers(0, 4, n_sites).astype(np.int32)
    least = np.minimum(most, rng.choice([0, 0, 0, 1], n_sites)).astype(np.int32)
    indptr = np.append(0, np.cumsum(reach.sum(1))).astype(np.int64)
    indices = np.nonzero(reach)[1].astype(np.int32)
    matrix = TravelMatrix(indptr, indices, np.full(len(indices), 5, np.float32), n_demand, 60.0)
    return matrix, people, load, capacity, least, most


def random_work(seed, n_sites=5, n_demand=7):
    return workload(*random_question(seed, n_sites, n_demand))


def country(n=400, seed=3, apart=3.0):
    """Villages in clusters and alone, each demand and a site; walks of an hour at 4 km/h."""
    rng = np.random.default_rng(seed)
    side = apart * math.sqrt(n)
    towns = rng.random((n // 25, 2)) * side
    at = np.where(
        rng.random((n, 1)) < 0.6,
        towns[rng.integers(len(towns), size=n)] + rng.normal(0, 2, (n, 2)),
        rng.random((n, 2)) * side,
    )
    minutes = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) * 15
    site, demand = np.nonzero(minutes <= 60)
    indptr = np.append(0, np.cumsum(np.bincount(site, minlength=n))).astype(np.int64)
    matrix = TravelMatrix(indptr, demand.astype(np.int32), minutes[site, demand].astype(np.float32), n, 60.0)
    return matrix, np.round(rng.lognormal(5.5, 0.9, n))


def most_served_at(work, workers):
    """By a linear programme of its own."""
    n_pairs, n_rows = len(work.indices), len(work.load)
    if not n_pairs:
        return 0.0
    rows = np.zeros((n_rows + work.n_sites, n_pairs))
    rows[work.indices, np.arange(n_pairs)] = 1
    rows[n_rows + work.site_of_pair, np.arange(n_pairs)] = work.load[work.indices]
    sides = np.concatenate((np.ones(n_rows), workers * work.capacity))
    return -linprog(-work.weights[work.indices], A_ub=rows, b_ub=sides, bounds=(0, 1), method="highs").fun


def every_placement(work, p):
    for workers in itertools.product(*(range(a, b + 1) for a, b in zip(work.least, work.most, strict=True))):
        if sum(workers) <= p:
            yield np.array(workers)


def test_no_placement_of_a_small_case_beats_the_bound_and_nearly_all_are_solved_to_the_best():
    best_found = 0
    for seed in range(60):
        work = random_work(seed)
        p = int(work.least.sum()) + seed % 4
        best = max(most_served_at(work, some) for some in every_placement(work, p))
        workers, bound, _ = solve.most_served(work, p, 60.0)
        served = most_served_at(work, workers)
        assert workers.sum() <= p and best <= bound * (1 + 1e-9) + 1e-9, seed
        assert served == pytest.approx(State(work, workers).served, rel=1e-9, abs=1e-9), seed
        best_found += served >= best * (1 - 1e-9)
    assert best_found >= 57


@pytest.mark.parametrize("seed", range(24))
def test_as_few_as_any_placement_of_a_small_case_that_serves_as_many(seed):
    work = random_work(seed)
    people = (0.5, 0.8, 0.95)[seed % 3] * work.weights.sum()
    enough = [int(some.sum()) for some in every_placement(work, 99) if most_served_at(work, some) >= people - 1e-9]
    found = solve.fewest(work, people, 60.0)
    if not enough:
        assert found is None
        return
    workers, bound, _ = found
    assert bound <= min(enough) <= workers.sum() <= min(enough) + 1
    assert most_served_at(work, workers) >= people * (1 - 1e-8)


@pytest.mark.parametrize("seed", range(30))
def test_who_is_served_is_as_much_as_a_linear_programme_finds(seed):
    work = random_work(seed, 8, 15)
    workers = np.random.default_rng(seed).integers(0, 3, 8)
    amount = assign(work.problem, workers, work.problem[3], np.argsort(-work.weights / work.load, kind="stable"))
    share = amount / work.load[work.indices]
    assert share @ work.weights[work.indices] == pytest.approx(most_served_at(work, workers), rel=1e-9, abs=1e-9)


def conserves(state):
    work = state.work
    assert np.all(state.amount >= -1e-9) and np.all(state.room >= -1e-6)
    served = np.bincount(work.indices, state.amount, len(work.load))
    np.testing.assert_allclose(served + state.unserved, work.load, rtol=1e-9)
    used = np.bincount(work.site_of_pair, state.amount, work.n_sites)
    np.testing.assert_allclose(used + state.room, state.workers * work.capacity, rtol=1e-9, atol=1e-6)
    assert np.all((state.workers >= work.least) & (state.workers <= work.most))


def test_adding_moving_and_removing_chws_loses_nobody_and_overfills_no_chw():
    matrix, people = country()
    n = matrix.n_sites
    work = workload(matrix, people, people, np.full(n, 700.0), np.zeros(n, np.int32), np.full(n, 9, np.int32))
    state = State(work, work.least)
    for change in (lambda: state.add(150), state.move, lambda: state.remove(20), state.move, lambda: state.add(20)):
        before = state.served
        change()
        conserves(state)
        assert state.total <= 150
        if change is not state.move:
            continue
        assert state.served >= before * (1 - 1e-12)
    parts = blocks.part(work, work.weights, 30, blocks.order_of(work, 1))
    assert sorted(np.concatenate(parts).tolist()) == list(range(n)) and max(map(len, parts)) <= 30
    before = state.served
    state.improve_blocks(parts, math.inf)
    conserves(state)
    assert state.served >= before


def test_a_country_is_served_to_within_one_percent_of_the_bound():
    matrix, people = country()
    n, p = matrix.n_sites, int(0.9 * people.sum() / 800)
    work = workload(matrix, people, people, np.full(n, 800.0), np.zeros(n, np.int32), np.full(n, 99, np.int32))
    workers, bound, _ = solve.most_served(work, p, 300.0)
    served = State(work, workers).served
    assert workers.sum() <= p and bound * 0.99 <= served <= bound
    again = solve.most_served(work, p, 300.0)
    assert np.array_equal(again[0], workers) and again[1] == bound


def test_more_chws_never_have_a_lower_bound():
    matrix, people = country(200)
    n = matrix.n_sites
    work = workload(matrix, people, people, np.full(n, 800.0), np.zeros(n, np.int32), np.full(n, 99, np.int32))
    once = relaxation.solve(work, 60, 0.0, 60.0).once
    bounds = [relaxation.bound_at(work, p, once).bound for p in range(0, 200, 10)]
    assert all(a <= b * (1 + 1e-12) for a, b in itertools.pairwise(bounds))
    assert bounds[0] == pytest.approx(once.sum())


def test_rows_that_can_only_be_served_alike_are_one():
    indptr, indices = np.array([0, 4, 6], np.int64), np.array([0, 1, 2, 3, 2, 3], np.int32)
    matrix = TravelMatrix(indptr, indices, np.full(6, 5, np.float32), 5, 60.0)
    people, load = np.array([10.0, 20, 30, 30, 7]), np.array([10.0, 20, 30, 60, 7])
    work = workload(matrix, people, load, np.array([50.0, np.inf]), np.zeros(2, np.int32), np.full(2, 9, np.int32))
    # 0 and 1 are one row of 30; 2 and 3 have the same sites, but 3 takes twice as much; nobody reaches 4
    assert work.weights.tolist() == [30, 30, 30] and work.load.tolist() == [30, 30, 60]
    assert work.most.tolist() == [3, 1]  # 120 within reach of CHWs of 50; one of any capacity


@pytest.mark.parametrize("method", ["exact", "large"])
def test_asked_as_a_planner_asks_the_answer_is_that_of_every_placement_tried(method):
    best_found = 0
    for seed in range(1, 31):
        matrix, people, load, capacity, least, most = random_question(seed)
        work, p = random_work(seed), int(least.sum()) + seed % 4
        best = max(most_served_at(work, some) for some in every_placement(work, p))
        kept = placement.rules(5, most=most, today=least)
        choice = placement.capacitated_cover(
            matrix, people, p, kept, capacity=capacity, load=load, time_limit_s=60.0, method=method
        )
        assert choice.objective <= best * (1 + 1e-9) <= choice.bound * (1 + 1e-8), seed
        assert np.all(choice.chws >= least) and choice.objective == pytest.approx(choice.assignment.people.sum())
        best_found += choice.objective >= best * (1 - 1e-8)
    assert best_found == 30 if method == "exact" else best_found >= 28


@pytest.mark.parametrize("method", ["exact", "large"])
def test_the_fewest_chws_asked_as_a_planner_asks(method):
    for seed in range(1, 13):
        matrix, people, load, capacity, least, most = random_question(seed)
        work = random_work(seed)
        asked = 0.7 * people.sum()
        enough = [int(some.sum()) for some in every_placement(work, 99) if most_served_at(work, some) >= asked - 1e-9]
        kept = placement.rules(5, most=most, today=least)

        def fewest(matrix=matrix, people=people, load=load, capacity=capacity, kept=kept):
            return placement.capacitated_set_cover(
                matrix, people, 0.7, kept, capacity=capacity, load=load, time_limit_s=60.0, method=method
            )

        if enough:
            choice = fewest()
            assert choice.bound <= min(enough) <= choice.objective <= min(enough) + (method == "large"), seed
            assert choice.assignment.people.sum() >= asked * (1 - 1e-8)
        else:
            with pytest.raises(NoAnswer, match=r"served|have one"):
                fewest()


def test_chws_who_can_serve_any_number_cover_as_many_as_maximal_cover_says():
    matrix, people = country(75)
    kept = placement.rules(75, most=3)
    cover = placement.maximal_cover(matrix, people, 12, placement.rules(75, most=1), time_limit_s=60.0)
    choice = placement.capacitated_cover(matrix, people, 12, kept, capacity=math.inf, time_limit_s=60.0, method="large")
    assert cover.status == "best possible"
    assert choice.objective <= cover.objective <= choice.bound * (1 + 1e-9)
    assert choice.objective >= 0.99 * cover.objective
