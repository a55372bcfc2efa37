"""What large problems are solved with, on small ones where every choice can be looked at."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.clusters import clustered, covered_by, matrix_of, random_case
from planner import placement
from planner.kernels.cover import weights_covered
from planner.kernels.exchange import anneal, interchange
from planner.kernels.rows import groups_hold, row_hashes, transpose
from planner.placement import mclp
from planner.placement.annealing import exchanged
from planner.placement.presolve import Cover, distinct, presolve


def arrays(reach, people):
    matrix = matrix_of(reach)
    pairs = matrix.indptr, matrix.indices
    return (*pairs, *transpose(*pairs, reach.shape[1]), people)


@pytest.mark.parametrize("seed", range(60))
def test_interchange_ends_where_no_single_exchange_within_a_kind_helps(seed):
    reach, people, new = random_case(seed)
    kind = np.random.default_rng(seed).integers(0, 1 + seed % 3, len(reach)).astype(np.int32)
    start = np.arange(new, dtype=np.int32)
    found = interchange(arrays(reach, people), start, kind, 1e-9)
    assert np.array_equal(start, np.arange(new))
    assert len(set(found.tolist())) == new
    assert np.array_equal(kind[found], kind[start])
    covered = covered_by(reach, people, found)
    assert covered >= covered_by(reach, people, start) - 1e-9
    for place, site in itertools.product(range(new), set(range(len(reach))) - set(found.tolist())):
        other = found.copy()
        other[place] = site
        assert kind[site] != kind[found[place]] or covered_by(reach, people, other) <= covered + 1e-8


@pytest.mark.parametrize("seed", range(40))
def test_annealing_keeps_number_and_kinds_and_finds_the_best_of_small_problems(seed):
    reach, people, new = random_case(seed)
    kind = np.random.default_rng(seed).integers(0, 1 + seed % 3, len(reach)).astype(np.int32)
    start = np.arange(new, dtype=np.int32)
    found = anneal(arrays(reach, people), start, kind, 0.3 * people.sum(), 1e-4 * people.sum(), 300, seed)
    assert len(set(found.tolist())) == new
    assert np.array_equal(kind[found], kind[start])
    every = itertools.combinations(range(len(reach)), new)
    wanted = np.bincount(kind[start], minlength=3)
    best = max(
        covered_by(reach, people, some)
        for some in every
        if np.array_equal(np.bincount(kind[list(some)], minlength=3), wanted)
    )
    assert covered_by(reach, people, found) == pytest.approx(best, rel=0.02)


@pytest.mark.parametrize("seed", range(40))
def test_the_method_for_large_problems_finds_nearly_the_best_and_its_bound_is_true(seed):
    reach, people, new = random_case(seed)
    plain = placement.rules(len(reach), most=1)
    found = placement.maximal_cover(matrix_of(reach), people, new, plain, time_limit_s=60.0, method="large")
    best = max(covered_by(reach, people, some) for some in itertools.combinations(range(len(reach)), new))
    assert 0.99 * best <= found.objective <= best * (1 + 1e-12)
    assert found.bound >= best * (1 - 1e-12)
    assert found.objective == pytest.approx(covered_by(reach, people, np.flatnonzero(found.chws)), rel=1e-12)


@pytest.mark.parametrize("method", ["auto", "exact", "large", "greedy"])
@pytest.mark.parametrize("seed", range(25))
def test_fixed_and_forbidden_sites_are_kept_by_every_method(seed, method):
    reach, people, new = random_case(seed)
    rng = np.random.default_rng(seed)
    today = rng.choice([0, 0, 0, 1, 2], len(reach)).astype(np.int32)
    forbidden = rng.random(len(reach)) < 0.3
    rules = placement.rules(len(reach), most=1, today=today, forbidden=forbidden)
    p = int(today.sum()) + new
    found = placement.maximal_cover(matrix_of(reach), people, p, rules, time_limit_s=60.0, method=method)
    free = np.flatnonzero((today == 0) & ~forbidden)
    here = np.flatnonzero(today).tolist()
    best = max(covered_by(reach, people, [*here, *some]) for some in itertools.combinations(free, min(new, len(free))))
    assert found.chws.sum() <= p
    assert (found.chws >= today).all()
    assert not found.chws[forbidden & (today == 0)].any()
    assert found.bound >= best * (1 - 1e-12)
    assert found.objective <= best * (1 + 1e-12)
    if method in ("auto", "exact"):
        assert found.objective == pytest.approx(best, rel=1e-9)
        assert found.status == "best possible"


def test_a_method_without_rules_says_so_where_there_are_some():
    reach, people, new = random_case(1)
    rules = placement.rules(len(reach), most=1, apart=np.array([[0, 1]]))
    with pytest.raises(ValueError, match="'large' takes no rules but where"):
        placement.maximal_cover(matrix_of(reach), people, new, rules, time_limit_s=9.0, method="large")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.booleans(), min_size=9, max_size=9), min_size=1, max_size=6))
def test_rows_are_merged_exactly_where_they_have_the_same_sites(rows):
    reach, people = np.array(rows), np.arange(1.0, 10.0)
    cover = distinct(matrix_of(reach), people)
    columns = {}
    for row in range(9):
        if reach[:, row].any():
            columns.setdefault(tuple(reach[:, row]), []).append(people[row])
    assert cover.weights.tolist() == [sum(group) for group in columns.values()]
    merged = np.zeros((len(reach), len(columns)), bool)
    for site, (a, b) in enumerate(itertools.pairwise(cover.indptr)):
        merged[site, cover.indices[a:b]] = True
    assert merged.T.tolist() == [list(column) for column in columns]


def test_groups_of_unequal_rows_do_not_hold():
    matrix = matrix_of(np.array([[1, 1, 1, 0], [0, 1, 1, 1]], bool))
    pairs = matrix.indptr, matrix.indices
    assert groups_hold(*pairs, np.array([0, 1, 1, 2], np.int32), np.array([1, 2, 1]))
    assert not groups_hold(*pairs, np.array([0, 0, 1, 2], np.int32), np.array([2, 1, 1]))
    assert not groups_hold(*pairs, np.array([0, 1, 1, 0], np.int32), np.array([2, 2]))
    hashes = row_hashes(*pairs, 4, 0)
    assert hashes[1] == hashes[2] and len(set(hashes.tolist())) == 3


def test_rows_whose_hashes_collide_are_told_apart_by_another_hash(monkeypatch):
    from planner.kernels import rows

    honest = rows.row_hashes
    tried = []

    def colliding(indptr, indices, n_rows, seed):
        tried.append(seed)
        return np.zeros(n_rows, np.uint64) if seed < 2 else honest(indptr, indices, n_rows, seed)

    monkeypatch.setattr(rows, "row_hashes", colliding)
    reach, people, _ = random_case(3)
    cover = distinct(matrix_of(reach), people)
    assert tried == [0, 1, 2]
    assert len(cover.weights) == len({tuple(column) for column in reach.T if column.any()})


def test_both_ways_of_a_cover_say_the_same():
    reach, people, _ = random_case(4)
    cover = presolve(matrix_of(reach), people)
    start, sites = cover.by_row
    there = {
        (site, row) for site in range(len(cover.sites)) for row in cover.indices[slice(*cover.indptr[[site, site + 1]])]
    }
    back = {(site, row) for row in range(len(cover.weights)) for site in sites[slice(*start[[row, row + 1]])]}
    assert there == back
    assert all(np.all(np.diff(sites[a:b]) > 0) for a, b in itertools.pairwise(start))


@pytest.mark.parametrize("method", ["auto", "large"])
def test_a_problem_of_some_size_is_answered_twice_with_the_same_bytes(method, bred_briefly):
    reach, people = clustered(300, 3000)
    matrix, plain = matrix_of(reach), placement.rules(300, most=1)
    one, two = (placement.maximal_cover(matrix, people, 25, plain, time_limit_s=60.0, method=method) for _ in range(2))
    assert one.chws.tobytes() == two.chws.tobytes()
    assert (one.objective, one.bound, one.method) == (two.objective, two.bound, two.method)
    assert "annealing" in one.method


def test_each_step_covers_no_less_than_the_one_before(bred_briefly):
    reach, people = clustered(300, 3000)
    cover = presolve(matrix_of(reach), people)
    greedy = mclp.greedy(cover, 25)
    swapped = exchanged(cover, greedy)
    large, bound, _ = mclp.choose(cover, 25, 60.0, "large")
    steps = [cover.covered(chosen) for chosen in (greedy, swapped, large)]
    assert steps == sorted(steps)
    assert steps[2] > steps[0] * 1.005
    assert steps[2] <= bound <= steps[2] * 1.03


@pytest.mark.parametrize("seed", range(40))
def test_the_weights_of_choices_one_after_the_other_are_those_of_each_alone(seed):
    reach, people, _ = random_case(seed)
    rng = np.random.default_rng(seed)
    choices = [rng.permutation(len(reach))[: rng.integers(len(reach) + 1)] for _ in range(6)]
    flat, ends = np.concatenate(choices).astype(np.int32), np.cumsum([len(some) for some in choices])
    sums = weights_covered(*arrays(reach, people)[:2], people, flat, ends)
    assert sums == pytest.approx([covered_by(reach, people, some) for some in choices], rel=1e-12, abs=1e-9)


def test_kernels_leave_their_arguments_alone():
    reach, people, new = random_case(7)
    given = (*arrays(reach, people), np.arange(new, dtype=np.int32), np.zeros(len(reach), np.int32))
    before = [array.copy() for array in given]
    interchange(given[:5], given[5], given[6], 1e-9)
    anneal(given[:5], given[5], given[6], 10.0, 1.0, 5, 1)
    assert all(np.array_equal(a, b) for a, b in zip(given, before, strict=True))


def test_a_cover_of_no_sites_and_of_no_people_is_empty():
    nobody = presolve(matrix_of(np.ones((3, 4), bool)), np.zeros(4))
    assert isinstance(nobody, Cover)
    assert (len(nobody.sites), len(nobody.weights), len(nobody.indices)) == (0, 0, 0)
    assert len(presolve(matrix_of(np.zeros((0, 4), bool)), np.ones(4)).sites) == 0
