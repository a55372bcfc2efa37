"""The p-median in rounds of rows: the relaxation and the answers of the programme with a column for each pair."""

import math

import numpy as np
import pytest

from placement.brute import matrix_of
from planner import placement
from planner.placement import exact, highs, pmedian_in_rounds
from planner.placement.models import p_median, p_median_in_rows

N = np.inf


def question(seed):
    """Some 40 villages, 120 places, and rules of several kinds."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 60, (120, 2))
    sites = points[:40]
    minutes = np.round(np.hypot(*(sites[:, None] - points).transpose(2, 0, 1)), seed % 2)
    reach = 25 if seed % 3 else 60
    matrix = matrix_of(np.where(minutes <= reach, minutes, N))
    today = (rng.random(40) < 0.1).astype(np.int32)
    rules = placement.rules(
        40, most=1 + seed % 2, today=today, today_may="move", cost=rng.uniform(1, 3, 40).round(1), leave_cost=1.0,
        budget=16.0, apart=placement.pairs_nearer_than(6.0, *sites.T), area=(sites[:, 0] > 30).astype(np.int32),
        area_least=np.array([2, 2]), area_most=np.array([6, 5]),
    )  # fmt: skip
    people = np.where(rng.random(120) < 0.1, 0.0, rng.lognormal(3, 1, 120))
    return matrix, people, rules, [30.0, 20.0, math.inf][seed % 3]


@pytest.mark.parametrize("seed", range(6))
def test_the_relaxation_is_that_of_the_pairs(seed):
    matrix, people, rules, unserved = question(seed)
    search = pmedian_in_rounds._Search(matrix, people, 9, rules, unserved, math.inf)
    assert search.relax()
    pairs = highs.relax(p_median.programme(matrix, people, 9, rules, unserved), time_limit_s=60)
    assert pairs.status == "optimal"
    assert search.bound == pytest.approx(pairs.bound, rel=1e-5)
    assert search.bound <= pairs.bound * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_the_answer_is_that_of_the_pairs(seed):
    matrix, people, rules, unserved = question(seed)
    choice = placement.p_median(matrix, people, 9, rules, unserved_minutes=unserved, time_limit_s=60)
    pairs = exact.solve(p_median.programme(matrix, people, 9, rules, unserved), 60)
    assert choice.status == "best possible"
    assert choice.method == pmedian_in_rounds.METHOD
    assert choice.objective == pytest.approx(pairs.bound, rel=1e-7)


@pytest.mark.parametrize("seed", range(6))
def test_no_better_choice_is_settled_away(seed):
    matrix, people, rules, unserved = question(seed)
    best = placement.p_median(matrix, people, 9, rules, unserved_minutes=unserved, time_limit_s=60)
    search = pmedian_in_rounds._Search(matrix, people, 9, rules, unserved, math.inf)
    search.relax()
    search.cost = best.objective * 1.0001
    left = search.unsettled()
    assert np.count_nonzero(left.most == left.least) > np.count_nonzero(rules.most == rules.least)
    assert ((left.least <= best.chws) & (best.chws <= left.most)).all()


def test_levels_and_costs_by_hand():
    # 10 people, 0, 2 and 5 minutes from three sites, who count 9 minutes at most: half a CHW at each of the first two
    # is one within 2 minutes, on average 1 minute away; one whole at the last leaves 5.
    asked = p_median_in_rows.places(matrix_of(np.array([[0.0], [2], [5]])), np.array([10.0]), 9.0)
    for n, level, cost in (
        ([0.5, 0.5, 0], 20.0, 10.0),
        ([0.0, 0, 1], 50.0, 50.0),
        ([0.0, 0, 0.5], 90.0, 70.0),
        ([0.0, 0, 0], 90.0, 90.0),
        ([1.0, 1, 1], 0.0, 0.0),
    ):
        told = asked.levels(np.array(n))
        assert (told[0].tolist(), told[1].tolist()) == ([level], [cost])


def test_out_of_time_the_greedy_choice_stands_without_a_proof():
    matrix, people, _, unserved = question(1)
    rules = placement.rules(40, most=1, area=np.arange(40) % 2, area_most=np.array([4, 4]))
    choice = placement.p_median(matrix, people, 9, rules, unserved_minutes=unserved, time_limit_s=0.0)
    assert choice.method == exact.GREEDY
    assert choice.status.startswith("best found")
