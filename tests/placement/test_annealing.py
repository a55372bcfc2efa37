"""Runs of annealing: as many sites, the same by any number of processors, none without time."""

import numpy as np
import pytest

from placement.clusters import clustered, covered_by, matrix_of, random_case
from planner.placement import annealing, mclp, relaxation
from planner.placement.presolve import presolve

FOREVER = float("inf")


@pytest.fixture(scope="module")
def country():
    reach, people = clustered(120, 900)
    cover = presolve(matrix_of(reach), people)
    return cover, mclp.greedy(cover, 12), relaxation.solve(cover, 12, 1e-4, 60.0)


def test_runs_are_the_same_by_any_number_of_processors(country, monkeypatch):
    cover, chosen, relaxed = country
    runs = []
    for processors in (1, 2, 5):
        monkeypatch.setattr(annealing.os, "cpu_count", lambda n=processors: n)
        runs.append(
            annealing.Annealing.among(cover, relaxed, annealing.QUICKLY, chosen).runs(chosen, 40, 6, 9, FOREVER)
        )
    assert len(runs[0]) == 6
    for other in runs[1:]:
        assert all(map(np.array_equal, runs[0], other))


def test_each_run_has_a_seed_of_its_own(country):
    cover, chosen, relaxed = country
    some = annealing.Annealing.among(cover, relaxed, annealing.Pace(1.0, 2.0, 1.0, 1.0), chosen)
    found = some.runs(chosen, 2, 6, 9, FOREVER)
    assert len({one.tobytes() for one in found}) > 1
    assert all(map(np.array_equal, found[2:5], some.runs(chosen, 2, 3, 11, FOREVER)))


def test_sites_that_are_priced_out_stay_out(country):
    cover, chosen, relaxed = country
    some = annealing.Annealing.among(cover, relaxed, annealing.QUICKLY, chosen)
    assert len(some.sites) < len(cover.sites)
    for found in some.runs(chosen, 40, 4, 9, FOREVER):
        assert set(found.tolist()) <= set(some.sites.tolist())
        assert cover.covered(found) > 0.95 * cover.covered(chosen)


@pytest.mark.parametrize("seed", range(30))
def test_a_run_keeps_the_number_of_sites(seed):
    reach, people, new = random_case(seed)
    cover = presolve(matrix_of(reach), people)
    if not 0 < new < len(cover.sites):
        return
    chosen = mclp.greedy(cover, new)
    relaxed = relaxation.solve(cover, new, 1e-4, 60.0)
    for found in annealing.Annealing.among(cover, relaxed, annealing.QUICKLY, chosen).runs(chosen, 20, 2, 1, FOREVER):
        assert len(set(found.tolist())) == len(found) == len(chosen)
        assert cover.covered(found) == pytest.approx(covered_by(reach, people, cover.sites[found]))


def test_without_time_there_are_no_runs_and_with_little_they_are_short(country):
    cover, chosen, relaxed = country
    assert annealing.annealed(cover, chosen, relaxed, 0.0) == []
    some = annealing.Annealing.among(cover, relaxed, annealing.QUICKLY, chosen)
    assert some.runs(chosen, 10**12, 1, 1, annealing.time.perf_counter() + 1.0)
