"""The capacitated p-median: against every answer of small cases, and against published ones."""

import itertools

import numpy as np
import pytest
from benchmarks.public_instances import FOLDER, capacitated

from planner import placement
from planner.errors import NoAnswer
from planner.kernels.capacitated_median import lagrangean
from planner.placement.capacitated import median


def matrix_of(minutes):
    site, demand = np.nonzero(np.isfinite(minutes))
    indptr = np.append(0, np.cumsum(np.bincount(site, minlength=len(minutes)))).astype(np.int64)
    flat = minutes[site, demand].astype(np.float32)
    return placement.TravelMatrix(indptr, demand.astype(np.int32), flat, minutes.shape[1], 1e9)


def random_question(seed):
    """Five sites of unequal capacity, six places; pairs out of reach, nobody at some places, loads whole or not."""
    rng = np.random.default_rng(seed)
    minutes = np.where(rng.random((5, 6)) < 0.8, rng.integers(1, 60, (5, 6)), np.inf)
    people = rng.integers(1, 30, 6) * rng.choice([0.0, 1, 1, 1], 6)
    load = people * rng.choice([1.0, 0.37, 2.5])
    capacity = rng.choice([0.4, 0.6, 1.0], 5) * load.sum()
    most = rng.choice([0, 1, 1, 1], 5)
    forced = (rng.random(5) < 0.15) & (most > 0)
    return minutes, people, load, capacity, most, forced, int(rng.integers(2, 4))


def least_of_all(minutes, people, load, capacity, most, forced, p):
    """The least cost of every way to give each place a site; inf = none keeps to the rules."""
    asked = np.flatnonzero(people > 0)
    ways = np.array(list(itertools.product(np.flatnonzero(most), repeat=len(asked))), int).reshape(-1, len(asked))
    used = np.zeros((len(ways), 5))
    for k, place in enumerate(asked):
        used[np.arange(len(ways)), ways[:, k]] += load[place]
    opened = np.zeros((len(ways), 5), bool)
    opened[np.arange(len(ways))[:, None], ways] = True
    kept = ((opened | forced).sum(1) <= p) & (used <= capacity * (1 + 1e-12)).all(1)
    cost = (people[asked] * minutes[ways, asked]).sum(1)
    return cost[kept].min(initial=np.inf)


def ask(minutes, people, load, capacity, most, forced, p, **options):
    kept = placement.rules(5, most=1, forbidden=most == 0, forced=forced, **options)
    return placement.capacitated_p_median(
        matrix_of(minutes), people, p, kept, capacity=capacity, load=load, time_limit_s=60.0
    )


@pytest.mark.parametrize("search", [True, False])
def test_small_cases_have_the_least_cost_of_every_answer_tried(search, monkeypatch):
    monkeypatch.setattr(median, "KICKS", 300)
    if not search:
        monkeypatch.setattr(median, "only_sites", lambda rules: False)
    answers = 0
    for seed in range(40):
        question = random_question(seed)
        best = least_of_all(*question)
        if not np.isfinite(best):
            with pytest.raises(NoAnswer):
                ask(*question)
            continue
        choice = ask(*question)
        answers += 1
        assert choice.objective == pytest.approx(best, rel=1e-9) and choice.status == "best possible", seed
        assert np.bincount(choice.assignment.demand, minlength=6).max(initial=0) <= 1, seed
        used = np.bincount(choice.assignment.site, question[2][choice.assignment.demand], 5)
        assert np.all(used <= question[3] * choice.chws * (1 + 1e-9)), seed
    assert answers > 20


def test_the_bound_is_never_above_the_least_cost():
    tight = 0
    for seed in range(60):
        minutes, people, load, capacity, most, forced, p = random_question(seed)
        best = least_of_all(minutes, people, load, capacity, most, forced, p)
        may, asked = most > 0, people > 0
        if not np.isfinite(best) or may.sum() < p:
            continue
        cost = np.where(np.isfinite(minutes), minutes, 1e4)[:, asked] * people[asked]
        units, rooms = median._in_units(load[asked], capacity)
        bound, _ = lagrangean(cost, units, rooms, may, forced, p, best, 300)
        assert bound <= best * (1 + 1e-9), seed
        tight += bound >= 0.95 * best
    assert tight > 15


def test_loads_that_are_whole_numbers_are_bounded_as_they_are_and_others_never_too_large():
    units, rooms = median._in_units(np.array([1.0, 3, 8]), np.array([8.0, 11.5]))
    assert units.T.tolist() == [[1, 3, 8]] * 2 and rooms.tolist() == [8, 11]
    units, rooms = median._in_units(np.array([0.1, 0.35]), np.array([0.45, 0.7]))
    assert units.T.tolist() == [[222, 777], [142, 499]] and rooms.tolist() == [1000, 1000]


def test_a_site_may_have_several_chws_where_the_rules_let_them_live_there():
    minutes = np.array([[1.0, 2, 3], [30, 30, 30]])
    people = np.array([10.0, 10, 10])
    one = placement.capacitated_p_median(
        matrix_of(minutes), people, 2, placement.rules(2, most=1), capacity=20.0, time_limit_s=60.0
    )
    two = placement.capacitated_p_median(
        matrix_of(minutes), people, 2, placement.rules(2, most=2), capacity=20.0, time_limit_s=60.0
    )
    assert (one.objective, two.objective) == (10 + 20 + 300, 60) and two.chws.tolist() == [2, 0]


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the published instances are absent: {FOLDER}")
@pytest.mark.parametrize("name", ["pmedcap_1", "pmedcap_9", "SJC1"])
def test_published_instances_have_the_best_cost_known(name, monkeypatch):
    monkeypatch.setattr(median, "KICKS", 2000)
    cost, demand, capacity, p, best = capacitated(name)
    choice = placement.capacitated_p_median(
        matrix_of(cost), np.ones(len(demand)), p, placement.rules(len(demand), most=1), capacity=capacity, load=demand,
        time_limit_s=0.0,
    )  # fmt: skip
    assert choice.objective == pytest.approx(best, rel=1e-6)
    assert 0.95 * best < choice.bound <= choice.objective
