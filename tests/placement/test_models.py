"""Every model against brute force, with rules of every kind."""

import math
from functools import cache

import numpy as np
import pytest

from placement.brute import covered, money_of, nearest, random_question, served
from planner import placement
from planner.errors import NoAnswer

CHUNKS = range(4)


@cache
def questions(chunk, each=50):
    return tuple(random_question(seed) for seed in range(chunk * each, (chunk + 1) * each))


def holds(question, value, ask, maximise=True):
    """The answer is worth as much as the best of all choices; there is none exactly where there is no choice."""
    if not len(value) or not np.isfinite(best := value.max() if maximise else value.min()):
        with pytest.raises(NoAnswer):
            ask()
        return None
    choice = ask()
    assert choice.status == "best possible"
    assert choice.objective == choice.bound
    assert choice.objective == pytest.approx(best, rel=1e-9, abs=1e-9)
    assert (question.choices == choice.chws).all(axis=1).any()
    return choice


def test_the_questions_ask_for_every_rule_and_most_of_them_have_an_answer():
    asked = [q.rules for q in questions(0, 200)]
    wanted = {
        "stay": [r.today.any() and bool((r.least >= r.today).all()) for r in asked],
        "move": [r.fewest > 0 for r in asked],
        "leave": [r.today.any() and r.fewest == 0 and bool((r.least < r.today).any()) for r in asked],
        "moves counted": [r.max_moves >= 0 for r in asked],
        "forbidden": [bool((r.most == 0).any()) for r in asked],
        "forced": [bool((r.least > r.today).any()) for r in asked],
        "budget": [math.isfinite(r.budget) for r in asked],
        "apart": [len(r.apart) > 0 for r in asked],
        "at least": [r.area_least.any() for r in asked],
        "at most": [bool((r.area_most < 9).any()) for r in asked],
        "proportional": [len(r.area_least) > 0 and bool((r.area_least == r.area_most).all()) for r in asked],
        "supervisors": [r.supervisors is not None for r in asked],
        "several in a village": [bool((r.most > 1).any()) for r in asked],
    }
    for rule, in_use in wanted.items():
        assert np.mean(in_use) > 0.07, rule
    assert 0.5 < np.mean([len(q.within_p) > 0 for q in questions(0, 200)]) < 0.95


@pytest.mark.parametrize("method", ["auto", "exact"])
@pytest.mark.parametrize("chunk", CHUNKS)
def test_maximal_cover_is_that_of_brute_force(chunk, method):
    for q in questions(chunk):
        people, _ = covered(q, q.within_p)
        holds(q, people, lambda q=q: placement.maximal_cover(
            q.matrix, q.people, q.p, q.rules, time_limit_s=60, method=method))  # fmt: skip


@pytest.mark.parametrize("chunk", CHUNKS)
def test_backup_cover_is_that_of_brute_force(chunk):
    for k, q in enumerate(questions(chunk)):
        weight, cover_all = [0.0, 0.4, 1.0][k % 3], k % 4 == 0
        once, twice = covered(q, q.within_p)
        value = once + weight * twice
        if cover_all:
            value = value[once >= q.people[q.reach.any(axis=0)].sum() - 1e-9]
        holds(q, value, lambda q=q, weight=weight, cover_all=cover_all: placement.backup_cover(
            q.matrix, q.people, q.p, q.rules, backup_weight=weight, cover_all=cover_all, time_limit_s=60))  # fmt: skip


@pytest.mark.parametrize("chunk", CHUNKS)
def test_set_cover_is_that_of_brute_force(chunk):
    for k, q in enumerate(questions(chunk)):
        counted = ["CHWs", "cost"][k % 2]
        enough = q.choices[covered(q, q.choices)[0] >= q.people.sum() - 1e-9]
        value = enough.sum(axis=1) if counted == "CHWs" else money_of(enough, q.rules)
        holds(q, value, lambda q=q, counted=counted: placement.set_cover(
            q.matrix, q.people, q.rules, counted=counted, time_limit_s=60), maximise=False)  # fmt: skip


@pytest.mark.parametrize("chunk", CHUNKS)
def test_partial_set_cover_is_that_of_brute_force(chunk):
    for k, q in enumerate(questions(chunk)):
        counted, share = ["CHWs", "cost"][k % 2], [0.0, 0.5, 0.8, 1.0][k % 4]
        enough = q.choices[covered(q, q.choices)[0] >= share * q.people.sum() - 1e-9]
        value = enough.sum(axis=1) if counted == "CHWs" else money_of(enough, q.rules)
        holds(q, value, lambda q=q, counted=counted, share=share: placement.partial_set_cover(
            q.matrix, q.people, share, q.rules, counted=counted, time_limit_s=60), maximise=False)  # fmt: skip


@pytest.mark.parametrize("chunk", CHUNKS)
def test_p_median_is_that_of_brute_force(chunk):
    for k, q in enumerate(questions(chunk)):
        unserved = [math.inf, 45.0, 100.0][k % 3]
        minutes = np.minimum(nearest(q, q.within_p), unserved)
        value = np.where(q.people > 0, minutes, 0.0) @ q.people
        holds(q, value, lambda q=q, unserved=unserved: placement.p_median(
            q.matrix, q.people, q.p, q.rules, unserved_minutes=unserved, time_limit_s=60), maximise=False)  # fmt: skip


@pytest.mark.parametrize("chunk", CHUNKS)
def test_p_center_is_that_of_brute_force(chunk):
    for q in questions(chunk):
        value = np.where(q.people > 0, nearest(q, q.within_p), 0.0).max(axis=1, initial=0.0)
        holds(q, value, lambda q=q: placement.p_center(
            q.matrix, q.people, q.p, q.rules, time_limit_s=60), maximise=False)  # fmt: skip


@pytest.mark.parametrize("chunk", CHUNKS)
def test_capacitated_cover_is_that_of_brute_force(chunk):
    for k, q in enumerate(questions(chunk)):
        closest = k % 3 == 0
        holds(q, served(q, q.within_p, closest), lambda q=q, closest=closest: placement.capacitated_cover(
            q.matrix, q.people, q.p, q.rules, capacity=q.capacity, load=q.load, closest=closest,
            time_limit_s=60))  # fmt: skip


@pytest.mark.parametrize("chunk", CHUNKS)
def test_capacitated_set_cover_is_that_of_brute_force(chunk):
    for k, q in enumerate(questions(chunk)):
        counted, share, closest = ["CHWs", "cost"][k % 2], [0.0, 0.3, 0.5, 0.8, 1.0][k % 5], k % 3 == 0
        enough = q.choices[served(q, q.choices, closest) >= share * q.people.sum() * (1 - 1e-9) - 1e-9]
        value = enough.sum(axis=1) if counted == "CHWs" else money_of(enough, q.rules)
        holds(q, value, lambda q=q, counted=counted, share=share, closest=closest: placement.capacitated_set_cover(
            q.matrix, q.people, share, q.rules, capacity=q.capacity, load=q.load, closest=closest, counted=counted,
            time_limit_s=60), maximise=False)  # fmt: skip
