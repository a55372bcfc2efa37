"""Choices bred from one another: nothing gets worse, and children are the best of their parents' sites."""

import itertools
import time

import numpy as np
import pytest

from placement.clusters import clustered, covered_by, matrix_of, random_case
from planner.placement import mclp, recombination, relaxation
from planner.placement.presolve import presolve

FOREVER = float("inf")


def choices_of(cover, new, n, seed):
    rng = np.random.default_rng(seed)
    return [rng.choice(len(cover.sites), new, replace=False).astype(np.int32) for _ in range(n)]


def best_of(reach, people, sites, new):
    return max(covered_by(reach, people, some) for some in itertools.combinations(sites, new))


@pytest.mark.parametrize("seed", range(40))
def test_the_child_of_two_is_the_best_choice_of_their_sites(seed, monkeypatch):
    monkeypatch.setattr(recombination, "exchanged", lambda cover, chosen: chosen)
    reach, people, new = random_case(seed)
    cover = presolve(matrix_of(reach), people)
    if new < len(cover.sites):
        given = choices_of(cover, new, 2, seed)
        found = recombination.recombined(cover, given, FOREVER, seed)
        best = best_of(reach, people, cover.sites[np.unique(given)], new)
        assert max(map(cover.covered, found)) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(40))
def test_recombined_choices_differ_and_the_best_is_no_worse(seed):
    reach, people, new = random_case(seed)
    cover = presolve(matrix_of(reach), people)
    if new < len(cover.sites):
        given = choices_of(cover, new, 6, seed)
        before = [some.copy() for some in given]
        found = recombination.recombined(cover, given, FOREVER, seed)
        assert 1 <= len(found) <= len(given)
        assert len({some.tobytes() for some in found}) == len(found)
        assert all(len(some) == new and some.tolist() == sorted(set(some.tolist())) for some in found)
        assert max(map(cover.covered, found)) >= max(map(cover.covered, given))
        assert all(map(np.array_equal, given, before))


@pytest.mark.parametrize(("seed", "draw"), [(121, 7), (189, 7), (264, 2)])
def test_three_have_a_child_where_no_two_have_a_better_one(seed, draw, monkeypatch):
    monkeypatch.setattr(recombination, "exchanged", lambda cover, chosen: chosen)
    reach, people, new = random_case(seed)
    cover = presolve(matrix_of(reach), people)
    given = choices_of(cover, new, 3, 1000 * seed + draw)
    most = max(map(cover.covered, given))
    for pair in itertools.combinations(given, 2):
        assert best_of(reach, people, cover.sites[np.unique(pair)], new) <= most * (1 + 1e-9)
    of_all = best_of(reach, people, cover.sites[np.unique(given)], new)
    assert of_all > most * (1 + 1e-4)
    assert max(map(cover.covered, recombination.recombined(cover, given, FOREVER, seed))) == pytest.approx(of_all)


def test_a_child_takes_the_place_of_the_parent_most_like_it(monkeypatch):
    monkeypatch.setattr(recombination, "exchanged", lambda cover, chosen: chosen)
    people = np.array([8.0, 4, 2, 1, 7])
    cover = presolve(matrix_of(np.eye(5, dtype=bool)), people)  # a row for each site
    given = [np.array(some, np.int32) for some in ([0, 1, 3], [2, 3, 4])]
    found = recombination.recombined(cover, given, FOREVER)
    assert sorted(some.tolist() for some in found) == [[0, 1, 4], [2, 3, 4]]


def test_without_time_choices_stay_as_they_are():
    reach, people, new = random_case(3)
    cover = presolve(matrix_of(reach), people)
    given = choices_of(cover, new, 4, 3)
    found = recombination.recombined(cover, given, 0.0)
    assert {some.tobytes() for some in found} == {np.sort(some).tobytes() for some in given}


@pytest.mark.parametrize("seed", range(12))
def test_what_is_bred_is_the_best_choice_of_a_small_problem(seed, monkeypatch):
    quick = [of._replace(sweeps=200, runs=3) for of in recombination.GENERATIONS]
    monkeypatch.setattr(recombination, "GENERATIONS", quick)
    monkeypatch.setattr(recombination, "SWEEPS", 100)
    monkeypatch.setattr(recombination, "REGIONS", 2)
    reach, people, new = random_case(seed)
    cover = presolve(matrix_of(reach), people)
    if new < len(cover.sites):
        relaxed, start = relaxation.solve(cover, new, 1e-4, 60.0), np.arange(new, dtype=np.int32)
        everyone = float(cover.weights.sum())
        found = recombination.bred(cover, start, start, relaxed, everyone, time.perf_counter() + 60.0)
        assert len(set(found.tolist())) == len(found) == new
        assert cover.covered(found) == pytest.approx(best_of(reach, people, cover.sites, new))
        late = recombination.bred(cover, start, start, relaxed, everyone, time.perf_counter())
        assert cover.covered(late) >= cover.covered(start)


def test_turns_get_slower_and_in_vain_it_ends(monkeypatch):
    told = []

    def runs(annealing, chosen, sweeps, runs, seed, deadline):
        told.append((sweeps, runs, seed))
        return [chosen]

    monkeypatch.setattr(recombination.Annealing, "runs", runs)
    monkeypatch.setattr(recombination, "MOST_IDLE", 9)
    monkeypatch.setattr(recombination, "REGIONS", 0)
    reach, people = clustered(60, 300)
    cover = presolve(matrix_of(reach), people)
    best = recombination.rechosen(cover, mclp.greedy(cover, 2), np.ones(len(cover.sites), bool), 0, FOREVER)
    relaxed = relaxation.solve(cover, 2, 1e-4, 60.0)
    found = recombination.bred(cover, best, best, relaxed, FOREVER, FOREVER)
    assert cover.covered(found) == cover.covered(best)
    first, slower = [(1_000, 64), (4_000, 16), (4_000, 8)], [(2_000, 64), (8_000, 16), (8_000, 8)]
    assert [(sweeps, runs) for sweeps, runs, _ in told] == first + first + slower
    assert np.all(np.diff([seed for *_, seed in told]) >= 64)


@pytest.mark.parametrize("seed", range(30))
def test_choosing_blocks_of_neighbours_anew_covers_no_less_with_as_many_sites(seed, monkeypatch):
    monkeypatch.setattr(recombination, "BLOCK", 2)
    reach, people, new = random_case(seed)
    cover = presolve(matrix_of(reach), people)
    if new < len(cover.sites):
        start, allowed = np.arange(new, dtype=np.int32), np.ones(len(cover.sites), bool)
        found = recombination.rechosen(cover, start, allowed, 0, FOREVER)
        assert len(set(found.tolist())) == len(found) == new
        assert cover.covered(found) >= cover.covered(start)


def test_one_block_of_all_chosen_sites_is_the_best_choice_around_them(monkeypatch):
    monkeypatch.setattr(recombination, "exchanged", lambda cover, chosen: chosen)
    cover = presolve(matrix_of(np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]], bool)), np.array([3.0, 4, 4, 3]))
    begin = np.array([0, 1], np.int32)
    found = recombination.rechosen(cover, begin, np.ones(3, bool), 0, FOREVER)
    assert (cover.sites[found].tolist(), cover.covered(found)) == ([0, 2], 14.0)
    assert recombination.rechosen(cover, begin, np.ones(3, bool), 0, 0.0).tolist() == begin.tolist()
    kept_out = recombination.rechosen(cover, begin, np.array([True, True, False]), 0, FOREVER)
    assert cover.sites[kept_out].tolist() == [0, 1]


def test_a_middling_problem_that_is_not_proved_is_bred():
    reach, people = clustered(300, 3000)
    _, _, how = mclp.choose(presolve(matrix_of(reach), people), 25, 8.0, "large")
    assert how.endswith("annealing, choices recombined exactly")


def test_regions_of_the_best_choices_are_annealed_and_recombined(monkeypatch):
    told = []

    def annealed(cover, chosen, annealing, sweeps, seed, deadline):
        told.append((chosen.tolist(), sweeps, seed))
        return [np.array([0, 1], np.int32)] if len(told) == 2 else []

    monkeypatch.setattr(recombination.regions, "annealed", annealed)
    monkeypatch.setattr(recombination, "exchanged", lambda cover, chosen: chosen)
    cover = presolve(matrix_of(np.eye(5, dtype=bool)), np.array([8.0, 4, 2, 1, 7]))
    given = [np.array(some, np.int32) for some in ([1, 2], [2, 3])]
    found = recombination._in_regions(cover, given, None, 30, 9, FOREVER)
    assert max(map(cover.covered, found)) == 12.0
    assert len(told) == recombination.REGIONS
    assert told[0][0] in ([1, 2], [2, 3])
    assert {sweeps for _, sweeps, _ in told} == {30}
    assert np.all(np.diff([seed for *_, seed in told]) == recombination.regions.SEEDS)
    assert recombination._in_regions(cover, given, None, 30, 9, 0.0) == given
