"""Capacities under rules by search and bounds: as brute force says, and every step keeps the rules."""

import numpy as np
import pytest

from placement.brute import matrix_of, served
from placement.test_models import CHUNKS, holds, questions
from planner import placement
from planner.errors import NoAnswer
from planner.placement import exact, greedy, recount
from planner.placement.capacitated import under_rules
from planner.placement.capacitated.workload import workload
from planner.placement.models import capacitated


def country():
    """120 villages, and rules that greedy choice cannot keep: CHWs of today live too near to each other."""
    rng = np.random.default_rng(5)
    points = rng.uniform(0, 60, (120, 2))
    minutes = np.hypot(*(points[:, None] - points).transpose(2, 0, 1)) * 3
    today = np.zeros(120, np.int32)
    today[np.argsort(points[:, 0])[:6]] = 1
    rules = placement.rules(
        120, most=2, today=today, today_may="move", cost=rng.uniform(1, 3, 120), leave_cost=1.0, budget=40.0,
        apart=placement.pairs_nearer_than(6.0, *points.T), area=(points[:, 0] > 30).astype(np.int32),
        area_least=np.array([4, 4]), area_most=np.array([12, 9]),
    )  # fmt: skip
    return matrix_of(np.where(minutes <= 60, minutes, np.inf)), rng.lognormal(5, 0.6, 120), rules


@pytest.mark.parametrize("chunk", CHUNKS)
def test_the_answer_is_that_of_brute_force(chunk):
    for q in questions(chunk):
        holds(q, served(q, q.within_p, False), lambda q=q: placement.capacitated_cover(
            q.matrix, q.people, q.p, q.rules, capacity=q.capacity, load=q.load, time_limit_s=60,
            method="large"))  # fmt: skip


def test_where_greedy_keeps_no_rules_the_search_does_and_uses_every_chw_fully():
    matrix, people, rules = country()
    assert greedy.choose(greedy.Serving(matrix, people, people, np.full(120, 900.0)), 16, rules) is None
    best = placement.capacitated_cover(matrix, people, 16, rules, capacity=900.0, time_limit_s=60)
    assert best.method == "linear relaxation, iterated local search"
    assert best.status == "best possible"
    assert best.objective == pytest.approx(16 * 900.0, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_every_step_of_the_search_keeps_the_rules_and_serves_no_fewer(seed):
    matrix, people, rules = country()
    work = workload(matrix, people, people, np.full(120, 1200.0), rules.least, rules.most)
    search = under_rules._Search(work, 16, rules, np.inf, np.inf)
    (chws,) = under_rules._rounded(np.random.default_rng(seed).random(120), 16, rules, 1e9)
    before = chws.copy()
    kicked = search.kicked(chws, np.random.default_rng(seed))
    better, many = search.improved(kicked)
    for some in (chws, kicked, better):
        assert recount.broken_rules(some, rules, 16) == []
    assert many == search.served(better) >= search.served(kicked)
    assert (chws == before).all()


def test_the_bounds_are_no_lower_than_the_best_that_there_is():
    matrix, people, rules = country()
    keep = np.flatnonzero(np.arange(120) % 4 == 0)
    few = matrix_of(np.array([[1.0 if i in matrix.indices[matrix.indptr[j]:matrix.indptr[j + 1]] else np.inf
                               for i in range(120)] for j in keep]))  # fmt: skip
    rules = placement.rules(30, most=2, area=np.arange(30) % 2, area_most=np.array([3, 5]))
    load, capacity = people, np.full(30, 1200.0)
    best = exact.solve(capacitated.programme(few, people, load, capacity, 8, rules, closest=False), 60)
    assert best.status == "optimal"
    work = workload(few, people, load, capacity, rules.least, rules.most)
    bounds = list(under_rules._bounds(work, 8, np.inf, 0.0, 1e9))
    assert len(bounds) == 3
    assert min(bounds) >= best.bound * (1 - 1e-9)


def test_rules_that_cannot_be_kept_are_named():
    matrix, people, _ = country()
    rules = placement.rules(120, most=1, area=np.zeros(120, int), area_least=np.array([17]), area_names=("North",))
    with pytest.raises(NoAnswer, match=r"no placement keeps all the rules.*(North needs at least 17|at most 16 CHWs)"):
        placement.capacitated_cover(matrix, people, 16, rules, capacity=1200.0, time_limit_s=20)
