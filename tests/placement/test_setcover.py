import itertools

import numpy as np
import pytest

from planner import placement
from planner.errors import NoAnswer
from planner.kernels.setcover import fewer_sites, minimal_rows
from planner.placement import setcover_at_size, setcover_search
from planner.placement.presolve import presolve
from planner.placement.setcover_relaxation import relax
from planner.types.travel import TravelMatrix


def matrix_of(minutes):
    """A travel matrix from minutes site x demand, inf = out of reach."""
    site, demand = np.nonzero(np.isfinite(minutes))
    indptr = np.append(0, np.bincount(site, minlength=len(minutes)).cumsum())
    flat = minutes[site, demand].astype(np.float32)
    return TravelMatrix(indptr, demand.astype(np.int32), flat, minutes.shape[1], 1e6)


def random_case(seed, n_sites=11, n_demand=30):
    """Sites that reach some of the demand, each position reached by one at least; ties in minutes."""
    rng = np.random.default_rng(seed)
    minutes = np.round(rng.uniform(0, 100, (n_sites, n_demand)), int(rng.integers(-1, 2)))
    minutes[rng.random(minutes.shape) < rng.choice([0.5, 0.7, 0.85])] = np.inf
    minutes[rng.integers(n_sites, size=n_demand), np.arange(n_demand)] = 50.0
    return minutes.astype(np.float32).astype(np.float64), rng.lognormal(3, 2, n_demand)


def cover_of(minutes):
    return presolve(matrix_of(minutes), np.ones(minutes.shape[1]))


def fewest(minutes):
    reach = np.isfinite(minutes)
    for n in range(1, len(minutes) + 1):
        if any(reach[list(some)].any(axis=0).all() for some in itertools.combinations(range(len(minutes)), n)):
            return n
    return None


@pytest.mark.parametrize("seed", range(100))
def test_the_fewest_sites_are_those_of_brute_force(seed):
    minutes, _ = random_case(seed)
    chosen, least, _ = setcover_search.solve(cover_of(minutes), time_limit_s=60)
    assert np.isfinite(minutes[chosen]).any(axis=0).all()
    assert len(chosen) == least == fewest(minutes)


@pytest.mark.parametrize("seed", range(60))
def test_asked_whether_so_many_are_enough_the_answer_is_right_either_way(seed):
    minutes, _ = random_case(seed)
    best = fewest(minutes)
    for enough in range(1, 8):
        chosen, least, _ = setcover_search.solve(cover_of(minutes), time_limit_s=60, enough=enough)
        assert np.isfinite(minutes[chosen]).any(axis=0).all()
        assert least <= best <= len(chosen)
        assert len(chosen) <= enough if best <= enough else least > enough


@pytest.mark.parametrize("seed", range(100))
def test_leaving_out_what_does_not_matter_keeps_the_least_number(seed):
    minutes, _ = random_case(seed)
    reduced = setcover_search.reduce(cover_of(minutes))
    cover = reduced.cover
    left = np.full((len(cover.sites), len(cover.weights)), np.inf)
    left[cover.site_of_pair(), cover.indices] = 1.0
    assert len(reduced.needed) + (fewest(left) if left.size else 0) == fewest(minutes)


@pytest.mark.parametrize("seed", range(60))
def test_a_row_goes_exactly_where_its_sites_hold_all_of_another(seed):
    minutes, _ = random_case(seed, 6, 20)
    matrix = matrix_of(minutes)
    cover = placement_cover(matrix)
    kept = minimal_rows(cover.indptr, cover.indices, *cover.by_row)
    sets = [set(np.flatnonzero(np.isfinite(column))) for column in minutes.T]
    for i, row in enumerate(sets):
        holds = any(other < row or (other == row and j < i) for j, other in enumerate(sets))
        assert kept[i] == (not holds)


def placement_cover(matrix):
    """The matrix as it is, equal rows and all."""
    everywhere = np.arange(matrix.n_sites, dtype=np.int32)
    return setcover_search.Cover(everywhere, matrix.indptr, matrix.indices, np.ones(matrix.n_demand))


def towns(n_sites, n_demand, reach):
    rng = np.random.default_rng(3)
    centres = rng.uniform(0, 100, (15, 2))
    points = centres[rng.integers(0, 15, n_demand)] + rng.normal(0, 9, (n_demand, 2))
    sites = points[rng.choice(n_demand, n_sites, replace=False)]
    minutes = np.hypot(*(sites[:, None] - points).transpose(2, 0, 1)).astype(np.float32)
    minutes = np.where(minutes <= reach, minutes, np.inf)
    reached = np.isfinite(minutes).any(axis=0)
    return minutes[:, reached].astype(np.float64), rng.lognormal(3, 1, int(reached.sum()))


def test_the_relaxation_is_that_of_a_simplex_solver_and_never_above_a_cover():
    from scipy.optimize import linprog

    minutes, _ = towns(150, 1500, 9.0)
    cover = cover_of(minutes)
    rows = np.zeros((len(cover.weights), len(cover.sites)))
    rows[cover.indices, cover.site_of_pair()] = -1.0
    right = linprog(np.ones(len(cover.sites)), rows, np.full(len(rows), -1.0), bounds=(0, 1)).fun
    relaxed = relax(cover, len(cover.sites), 60.0)
    assert right * (1 - 2e-3) <= relaxed.bound <= right * (1 + 1e-9)
    assert np.all(relaxed.values >= 0)
    values = np.bincount(cover.site_of_pair(), relaxed.multipliers[cover.indices], len(cover.sites))
    assert relaxed.values == pytest.approx(values)


def test_local_search_leaves_a_cover_of_no_more_sites_and_its_arguments_alone():
    minutes, _ = towns(120, 1500, 12.0)
    cover = placement_cover(matrix_of(minutes))
    everywhere = np.arange(120, dtype=np.int32)
    arguments = [cover.indptr, cover.indices, *cover.by_row, everywhere]
    before = [argument.copy() for argument in arguments]
    found = fewer_sites(*arguments, 0, 3000, 50, 1)
    assert all(np.array_equal(a, b) for a, b in zip(arguments, before, strict=True))
    assert np.isfinite(minutes[found]).any(axis=0).all()
    assert len(set(found.tolist())) == len(found)
    best, least, _ = setcover_search.solve(cover_of(minutes), time_limit_s=60)
    assert len(best) == least <= len(found) <= least + 2


@pytest.mark.parametrize("seed", range(40))
def test_block_by_block_the_bound_and_the_cover_are_true(seed, monkeypatch):
    monkeypatch.setattr(setcover_at_size, "CHOSEN", 3)
    monkeypatch.setattr(setcover_at_size, "ROWS", (4, 12))
    minutes, _ = random_case(seed, 14, 40)
    cover = placement_cover(matrix_of(minutes))
    relaxed, start = relax(cover, 14, 60.0), np.arange(14, dtype=np.int32)
    best, forever = fewest(minutes), float("inf")
    least = setcover_at_size.bound(cover, relaxed, 14, forever)
    assert relaxed.least <= least <= best
    chosen = setcover_at_size.improved(cover, relaxed, start, least, forever)
    assert best <= len(chosen) < len(start)
    assert np.isfinite(minutes[chosen]).any(axis=0).all()
    assert setcover_at_size.bound(cover, relaxed, 14, 0.0) == relaxed.least
    assert setcover_at_size.improved(cover, relaxed, start, least, 0.0).tolist() == start.tolist()


def test_what_is_too_large_for_the_exact_search_gains_by_blocks_on_both_sides(monkeypatch):
    minutes, _ = towns(200, 2500, 9.0)
    cover = cover_of(minutes)
    best, proved, _ = setcover_search.solve(cover, time_limit_s=60)
    assert len(best) == proved
    monkeypatch.setattr(setcover_search, "EXACT_PAIRS", 0)
    monkeypatch.setattr(setcover_search, "EXCHANGES", (0, 0))
    one, two = (setcover_search.solve(cover, time_limit_s=1e6) for _ in range(2))
    assert one[0].tolist() == two[0].tolist() and one[1:] == two[1:]
    chosen, least, method = one
    assert "block by block" in method
    assert np.isfinite(minutes[chosen]).any(axis=0).all()
    assert least == proved
    assert len(chosen) <= len(best) + 1


def test_of_middle_size_all_three_are_proved_and_the_same_twice():
    minutes, people = towns(80, 1000, 14.0)
    matrix, plain = matrix_of(minutes), placement.rules(80, most=1)
    for solve in (
        lambda: placement.set_cover(matrix, people, plain, time_limit_s=120),
        lambda: placement.partial_set_cover(matrix, people, 0.8, plain, time_limit_s=120),
        lambda: placement.p_center(matrix, people, 45, plain, time_limit_s=120),
    ):
        one, two = solve(), solve()
        assert one.status == "best possible"
        assert one.chws.tolist() == two.chws.tolist()


@pytest.mark.parametrize("seed", range(20))
def test_more_people_never_take_fewer_chws_and_more_chws_never_longer(seed):
    minutes, people = random_case(seed, 10, 25)
    matrix, plain = matrix_of(minutes), placement.rules(10, most=1)
    needed = [
        placement.partial_set_cover(matrix, people, share, plain, time_limit_s=60).objective
        for share in (0.3, 0.6, 0.9, 1.0)
    ]
    assert needed == sorted(needed)
    assert needed[-1] == placement.set_cover(matrix, people, plain, time_limit_s=60).objective == fewest(minutes)
    ways = [placement.p_center(matrix, people, p, plain, time_limit_s=60).objective for p in range(fewest(minutes), 11)]
    assert ways == sorted(ways, reverse=True)


def test_forced_and_forbidden_sites_are_kept_to():
    minutes = np.array([[10.0, 20.0, np.inf], [30.0, 5.0, np.inf], [np.inf, np.inf, 7.0], [1.0, 1.0, 1.0]])
    matrix, people = matrix_of(minutes), np.ones(3)
    forbidden, forced = np.array([False, False, False, True]), np.array([False, True, False, False])
    rules = placement.rules(4, most=1, forbidden=forbidden, forced=forced)
    assert placement.set_cover(matrix, people, rules, time_limit_s=9).chws.tolist() == [0, 1, 1, 0]
    center = placement.p_center(matrix, people, 3, rules, time_limit_s=9)
    assert (center.chws.tolist(), center.objective) == ([1, 1, 1, 0], 10.0)
    with pytest.raises(NoAnswer):
        placement.p_center(matrix, people, 1, rules, time_limit_s=9)


def test_without_time_the_bound_stays_true_and_nothing_reads_as_best():
    minutes, people = towns(300, 4000, 7.0)
    matrix, plain = matrix_of(minutes), placement.rules(300, most=1)
    best = placement.set_cover(matrix, people, plain, time_limit_s=120)
    hasty = placement.set_cover(matrix, people, plain, time_limit_s=0.0)
    assert hasty.bound <= best.objective <= hasty.objective
    assert hasty.bound == hasty.objective or hasty.status.startswith("best found: at most ")
