import itertools
import math

import numpy as np
import pytest
from benchmarks.public_instances import FOLDER, pmed

from planner import placement
from planner.kernels.pmedian import ascend, exchange_median, greedy_median
from planner.placement import pmedian_search
from planner.placement.pmedian_search import median, solve
from planner.types.travel import TravelMatrix


def matrix_of(minutes):
    """A travel matrix from minutes site x demand, inf = out of reach."""
    site, demand = np.nonzero(np.isfinite(minutes))
    indptr = np.append(0, np.bincount(site, minlength=len(minutes)).cumsum())
    flat = minutes[site, demand].astype(np.float32)
    return TravelMatrix(indptr, demand.astype(np.int32), flat, minutes.shape[1], 1e6)


def random_case(seed):
    """Up to 11 sites and 25 demand rows: ties, zero minutes, rows and sites without anything, sparse or full."""
    rng = np.random.default_rng(seed)
    n_sites, n_demand = rng.integers(2, 12), rng.integers(1, 26)
    minutes = rng.uniform(0, 100, (n_sites, n_demand))
    if seed % 2:
        minutes = np.round(minutes / 10) * 10
    minutes[rng.random(minutes.shape) < rng.choice([0.0, 0.4, 0.8])] = np.inf
    people = rng.choice([0.0, 1.0, 1.0], n_demand) * rng.lognormal(3, 2, n_demand)
    return minutes.astype(np.float32).astype(np.float64), people, int(rng.integers(1, n_sites + 1))


def costs_of(minutes, people, unserved, p):
    """Person-minutes of every choice of p sites."""
    choices = list(itertools.combinations(range(len(minutes)), p))
    return choices, [people @ np.where(people > 0, np.minimum(minutes[list(c)].min(0), unserved), 0) for c in choices]


def problem_of(minutes, people, unserved):
    site, demand = np.nonzero(np.isfinite(minutes))
    sites = np.arange(len(minutes), dtype=np.int32)
    costs = people[demand] * minutes[site, demand]
    return median(sites, site, demand.astype(np.int32), costs, people * unserved)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the benchmarks are absent: {FOLDER}")
@pytest.mark.parametrize("number", range(1, 21))
def test_or_library_is_solved_to_proven_optimality(number):
    minutes, p, best = pmed(number)
    matrix, ones = matrix_of(minutes), np.ones(len(minutes))
    choice = placement.p_median(matrix, ones, p, placement.rules(len(minutes), most=1), time_limit_s=60)
    assert (choice.objective, choice.bound, choice.status) == (best, best, "best possible")
    assert minutes[choice.chws > 0].min(axis=0).sum() == best
    assert choice.chws.sum() <= p


@pytest.mark.parametrize("seed", range(100))
@pytest.mark.parametrize("unserved", [60.0, 1000.0])
def test_the_search_ends_at_the_least_cost_there_is(seed, unserved):
    minutes, people, p = random_case(seed)
    problem = problem_of(minutes, people, unserved)
    if p == len(minutes):
        return
    chosen, bound = solve(problem, p, time_limit_s=60)
    least = min(costs_of(minutes, people, unserved, p)[1])
    assert len(set(chosen.tolist())) == len(chosen) <= p
    assert problem.cost(chosen) == pytest.approx(least, rel=1e-9, abs=1e-12)
    assert bound == problem.cost(chosen)


@pytest.mark.parametrize("seed", range(100))
def test_the_steps_bound_every_choice_and_settle_no_site_against_a_better_one(seed):
    minutes, people, p = random_case(seed)
    problem = problem_of(minutes, people, 150.0)
    choices, costs = costs_of(minutes, people, 150.0, p)
    worst, least = max(costs), min(costs)
    state, start = np.zeros(len(minutes), np.int8), np.zeros(len(people))
    pairs = problem.row_indptr, problem.sites, problem.row_costs, problem.cap
    for upper in (worst, (worst + least) / 2, least):
        bound, multipliers, settled, _, _ = ascend(*pairs, state, p, upper, upper * (1 - 1e-9), start, 1.0, 80, 10)
        if math.isfinite(bound):
            assert bound <= least * (1 + 1e-12) or bound >= upper * (1 - 1e-9)
        for choice, cost in zip(choices, costs, strict=True):
            if cost < upper * (1 - 1e-8):
                assert np.all(settled[list(choice)] >= 0)
                assert set(np.flatnonzero(settled > 0)) <= set(choice)
        assert np.all((multipliers >= 0) & (multipliers <= problem.cap))
        assert not start.any() and not state.any()


@pytest.mark.parametrize("seed", range(60))
def test_exchanges_end_where_no_single_one_helps(seed):
    minutes, people, p = random_case(seed)
    problem = problem_of(minutes, people, 120.0)
    start = np.arange(p, dtype=np.int32)
    found = problem.exchange(start, problem.cost(start))
    assert start.tolist() == list(range(p))
    assert len(set(found.tolist())) == p
    cost = problem.cost(found)
    assert cost <= problem.cost(start)
    for place, site in itertools.product(range(p), set(range(len(minutes))) - set(found.tolist())):
        other = found.copy()
        other[place] = site
        assert problem.cost(other) >= cost * (1 - 1e-8)


@pytest.mark.parametrize("seed", range(60))
def test_lazy_greedy_chooses_as_plain_greedy_does_ties_to_the_first(seed):
    minutes, people, p = random_case(seed)
    people = np.round(people)
    problem = problem_of(minutes, people, 100.0)
    plain = []
    for _ in range(p):
        costs = [problem.cost(np.array([*plain, s])) if s not in plain else np.inf for s in range(len(minutes))]
        plain.append(int(np.flatnonzero(np.array(costs) <= min(costs) * (1 + 1e-12))[0]))
    lazy = greedy_median(problem.indptr, problem.rows, problem.costs, problem.cap, p)
    assert problem.cost(lazy) == pytest.approx(problem.cost(np.array(plain)), rel=1e-12)


@pytest.mark.parametrize("seed", range(30))
def test_one_more_chw_never_makes_the_way_longer_and_the_bound_is_never_above(seed, monkeypatch):
    monkeypatch.setattr(pmedian_search, "BLOCKS", 1)  # a bound that is not closed
    monkeypatch.setattr(pmedian_search._Search, "branch", lambda *a: a[-1])
    minutes, people, p = random_case(seed)
    matrix, plain = matrix_of(minutes), placement.rules(len(minutes), most=1)
    least = min(costs_of(minutes, people, 90.0, p)[1])
    one, two = (placement.p_median(matrix, people, n, plain, unserved_minutes=90.0, time_limit_s=9) for n in (p, p + 1))
    assert one.bound <= least * (1 + 1e-9) + 1e-12
    assert two.bound <= one.objective * (1 + 1e-9)


def towns(n_sites, n_demand, reach):
    rng = np.random.default_rng(3)
    centres = rng.uniform(0, 100, (15, 2))
    points = centres[rng.integers(0, 15, n_demand)] + rng.normal(0, 9, (n_demand, 2))
    sites = points[rng.choice(n_demand, n_sites, replace=False)]
    minutes = np.hypot(*(sites[:, None] - points).transpose(2, 0, 1))
    return matrix_of(np.where(minutes <= reach, minutes, np.inf)), rng.lognormal(3, 1, n_demand)


def test_people_out_of_reach_count_as_said_and_the_same_question_gets_the_same_answer():
    matrix, people = towns(60, 900, 20.0)
    plain = placement.rules(60, most=1)
    first, again = (
        placement.p_median(matrix, people, 9, plain, unserved_minutes=45.0, time_limit_s=60) for _ in range(2)
    )
    assert first.status == "best possible"
    assert first.chws.tolist() == again.chws.tolist()
    served = np.isin(np.arange(900), first.assignment.demand)
    assert not served.all()
    assert first.objective > people[~served].sum() * 45.0


def test_running_out_of_time_never_reads_as_best_possible():
    matrix, people = towns(200, 3000, 30.0)
    choice = placement.p_median(
        matrix, people, 20, placement.rules(200, most=1), unserved_minutes=45.0, time_limit_s=0.0
    )
    assert choice.bound < choice.objective
    assert choice.status.startswith("best found: at most ")


def test_kernels_leave_their_arguments_alone():
    minutes, people, _ = random_case(4)
    m = problem_of(minutes, people, 100.0)
    arguments = [m.indptr, m.rows, m.costs, m.row_indptr, m.sites, m.row_costs, m.cap, np.arange(2, dtype=np.int32)]
    before = [argument.copy() for argument in arguments]
    greedy_median(*arguments[:3], m.cap, 2)
    exchange_median(*arguments, 1e-9)
    assert all(np.array_equal(a, b) for a, b in zip(arguments, before, strict=True))
