"""A choice annealed anew in a region: as many sites as before, and what no single exchange finds."""

import numpy as np
import pytest

from placement.clusters import clustered, matrix_of, random_case
from planner.placement import annealing, mclp, neighbourhoods, regions, relaxation
from planner.placement.annealing import Annealing, exchanged, walked
from planner.placement.presolve import Cover, presolve

FOREVER = float("inf")
EVERY_SITE = annealing.Pace(priced_out=10.0, hot=0.3, cold=0.01, least_unit=1.0)


def cover_of(reach, people):
    """A cover as it stands, without presolve."""
    matrix = matrix_of(np.asarray(reach, bool))
    return Cover(np.arange(len(reach), dtype=np.int32), matrix.indptr, matrix.indices, np.asarray(people, float))


def everywhere(cover, new):
    relaxed = relaxation.solve(cover, new, 1e-6, 60.0)
    return Annealing.among(cover, relaxed, EVERY_SITE, mclp.greedy(cover, new))


@pytest.mark.parametrize("seed", range(40))
def test_choices_have_as_many_sites_all_different(seed):
    reach, people, new = random_case(seed)
    cover = presolve(matrix_of(reach), people)
    if not 0 < new < len(cover.sites):
        return
    chosen = np.arange(new, dtype=np.int32)
    found = regions.annealed(cover, chosen, everywhere(cover, new), 20, seed, FOREVER)
    assert found
    for some in found:
        assert some.tolist() == sorted(set(some.tolist()))
        assert len(some) == new and some.max() < len(cover.sites)
        assert cover.covered(exchanged(cover, some)) == cover.covered(some)


# Places 0 to 8 stand in a row: three sites reach three of them each, two others four each, all but the first. So two
# can do nearly as much there as three, and the third go to the last place; but only if all three move.
ROW = [
    [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0],
    [0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
]
PEOPLE = [5, 10, 10, 10, 10, 10, 10, 10, 10, 30, 12]


def test_one_site_fewer_in_a_region_is_found_where_no_exchange_helps(monkeypatch):
    cover = cover_of(ROW, PEOPLE)
    chosen = np.array([0, 1, 2, 5], np.int32)
    assert exchanged(cover, chosen).tolist() == chosen.tolist()
    assert cover.covered(chosen) == 115
    monkeypatch.setattr(regions, "SHARE", (0.75, 0.75))
    seed = next(k for k in range(20) if 5 not in neighbourhoods.around_one(cover, chosen, 3, k))
    found = regions.annealed(cover, chosen, everywhere(cover, 4), 50, seed, FOREVER)
    best = max(found, key=cover.covered)
    assert (best.tolist(), cover.covered(best)) == ([3, 4, 5, 6], 122)
    monkeypatch.setattr(regions, "MORE", (0,))
    as_many = regions.annealed(cover, chosen, everywhere(cover, 4), 50, seed, FOREVER)
    assert max(map(cover.covered, as_many)) == 115


def test_one_site_more_in_a_region_takes_the_one_missed_least(monkeypatch):
    cover = cover_of(ROW, PEOPLE)
    chosen = np.array([3, 4, 5, 6], np.int32)
    monkeypatch.setattr(regions, "MORE", (1,))
    monkeypatch.setattr(regions, "SHARE", (0.5, 0.5))
    seed = next(k for k in range(40) if neighbourhoods.around_one(cover, chosen, 2, k).tolist() == [3, 4])
    found = regions.annealed(cover, chosen, everywhere(cover, 4), 50, seed, FOREVER)
    assert [0, 1, 2, 5] in [some.tolist() for some in found]  # 85 in the row, not 80: site 6 with 12 makes room


def test_without_time_nothing_is_found_and_with_it_always_the_same():
    reach, people = clustered(60, 300)
    cover = presolve(matrix_of(reach), people)
    chosen = mclp.greedy(cover, 10)
    whole = everywhere(cover, 10)
    assert regions.annealed(cover, chosen, whole, 50, 3, 0.0) == []
    found = regions.annealed(cover, chosen, whole, 50, 3, FOREVER)
    assert len(found) == regions.SEEDS
    assert all(map(np.array_equal, found, regions.annealed(cover, chosen, whole, 50, 3, FOREVER)))


def test_what_lies_outside_the_region_stays():
    reach, people = clustered(120, 900)
    cover = presolve(matrix_of(reach), people)
    chosen = mclp.greedy(cover, 12)
    whole = everywhere(cover, 12)
    block = neighbourhoods.around_one(cover, chosen, 5, 1)
    others = np.setdiff1d(chosen, block)
    part = whole.around(cover, block, others)
    assert set(block.tolist()) <= set(part.sites.tolist())
    assert not set(others.tolist()) & set(part.sites.tolist())
    assert np.array_equal(cover.sites[part.sites], part.part.sites)
    bare = cover.weights[~cover.covered_by(others)].sum()
    assert part.part.weights.sum() <= bare * (1 + 1e-12)
    held = np.searchsorted(part.sites, block)
    assert part.part.covered(held) == pytest.approx(cover.covered(chosen) - cover.covered(others))


def test_a_region_is_a_town_where_towns_lie_apart():
    town = np.kron(np.eye(4), np.ones((5, 3)))  # four towns of five sites, who reach the same three places
    cover = cover_of(town, np.ones(12))
    chosen = np.arange(20, dtype=np.int32)
    seen = set()
    for seed in range(20):
        region = neighbourhoods.around_one(cover, chosen, 5, seed)
        assert len(region) == 5 and len(set((region // 5).tolist())) == 1
        seen.add(int(region[0]) // 5)
    assert seen == {0, 1, 2, 3}
    assert len(neighbourhoods.around_one(cover, chosen, 8, 1)) == 8


@pytest.mark.parametrize("seed", range(20))
def test_walking_ends_with_so_many_sites(seed):
    reach, people, new = random_case(seed)
    cover = presolve(matrix_of(reach), people)
    n = len(cover.sites)
    if n < 3:
        return
    chosen = np.arange(min(new, n - 1), dtype=np.int32)
    for size in {1, len(chosen), n - 1}:
        found = walked(cover, chosen, size)[-1]
        assert len(set(found.tolist())) == len(found) == size
    assert cover.covered(walked(cover, chosen, n - 1)[-1]) >= cover.covered(chosen)


def test_each_run_has_a_seed_of_its_own(monkeypatch):
    told = []

    def runs(region, chosen, sweeps, runs, seed, deadline):
        told.extend(range(seed, seed + runs))
        return []

    monkeypatch.setattr(Annealing, "runs", runs)
    reach, people = clustered(60, 300)
    cover = presolve(matrix_of(reach), people)
    assert regions.annealed(cover, mclp.greedy(cover, 10), everywhere(cover, 10), 50, 70, FOREVER) == []
    assert told == list(range(70, 70 + regions.SEEDS))


def test_sites_that_are_priced_out_stay_out_of_a_region_as_well():
    reach, people = clustered(120, 900)
    cover = presolve(matrix_of(reach), people)
    chosen = mclp.greedy(cover, 12)
    cheap = Annealing.among(cover, relaxation.solve(cover, 12, 1e-4, 60.0), annealing.QUICKLY, chosen)
    block = neighbourhoods.around_one(cover, chosen, 8, 1)
    all_sites = everywhere(cover, 12).around(cover, block, np.setdiff1d(chosen, block)).sites
    some = cheap.around(cover, block, np.setdiff1d(chosen, block)).sites
    assert set(some.tolist()) == set(all_sites.tolist()) & set(cheap.sites.tolist())
    assert len(some) < len(all_sites)
