import itertools
import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import placement
from planner.kernels.cover import greedy_cover, undominated
from planner.kernels.rows import transpose
from planner.placement import branches, mclp, relaxation
from planner.placement.presolve import Cover, presolve
from planner.types.travel import TravelMatrix


def matrix_of(rows, n_demand, minutes=None):
    """A travel matrix from the demand positions of each site; 10 minutes everywhere unless told."""
    indptr = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    indices = np.array([d for row in rows for d in row], np.int32)
    flat = np.full(len(indices), 10.0) if minutes is None else np.array([m for row in minutes for m in row])
    return TravelMatrix(indptr, indices, flat.astype(np.float32), n_demand, 60.0)


def random_case(seed):
    """Up to 12 sites and 25 demand rows: real weights, zero weights, equal rows, equal sites, empty ones of both."""
    rng = np.random.default_rng(seed)
    n_sites, n_demand = rng.integers(1, 13), rng.integers(1, 26)
    reach = rng.random((n_sites, n_demand)) < rng.choice([0.05, 0.2, 0.4])
    reach[rng.integers(n_sites)] = reach[0]
    reach[:, rng.integers(n_demand)] = reach[:, 0]
    reach[:, rng.integers(n_demand)] = False
    people = rng.choice([0.0, 1.0, 1.0], n_demand) * rng.lognormal(3, 2, n_demand)
    new = int(rng.integers(0, n_sites + 3))
    return matrix_of([np.flatnonzero(row).tolist() for row in reach], int(n_demand)), people, new


def covered_by(matrix, people, sites):
    reached = np.zeros(matrix.n_demand, bool)
    for site in sites:
        reached[matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]] = True
    return people[reached].sum()


def brute_force(matrix, people, new):
    sites = range(matrix.n_sites)
    return max(covered_by(matrix, people, some) for some in itertools.combinations(sites, min(new, matrix.n_sites)))


def solve(matrix, people, new, time_limit_s=60.0):
    return solve_for(matrix, people, people * 0.16, new, time_limit_s)


def solve_for(matrix, people, under_fives, new, time_limit_s):
    """The choice without rules, told post by post."""
    plain = placement.rules(matrix.n_sites, most=1)
    choice = placement.maximal_cover(matrix, people, new, plain, time_limit_s=time_limit_s)
    return placement.account(choice, plain.today, matrix, people, under_fives, base=0.0)


def greedy(matrix, people, new):
    everywhere = np.arange(matrix.n_sites, dtype=np.int32)
    covered = np.zeros(matrix.n_demand, bool)
    return greedy_cover(matrix.indptr, matrix.indices, people, everywhere, covered, new)


# Greedy takes the first site (6), then 2 more with either other: 8. The other two cover all 10.
TRAP = matrix_of([[0, 1, 2, 3], [0, 1, 4], [2, 3, 5]], 6)
TRAP_PEOPLE = np.array([1.0, 2.0, 2.0, 1.0, 2.0, 2.0])


def test_the_best_pair_is_found_where_the_best_single_site_leads_astray():
    assert greedy(TRAP, TRAP_PEOPLE, 2)[1].sum() == 8.0
    best = solve(TRAP, TRAP_PEOPLE, 2)
    assert sorted(best.chosen) == [1, 2]
    assert (best.covered, best.bound, best.gap, best.status) == (10.0, 10.0, 0.0, "best possible")


@pytest.mark.parametrize("seed", range(200))
def test_the_answer_is_that_of_brute_force(seed):
    matrix, people, new = random_case(seed)
    best = solve(matrix, people, new)
    assert best.covered == pytest.approx(brute_force(matrix, people, new), rel=1e-9)
    assert best.status == "best possible"
    assert len(best.chosen) <= new
    assert len(set(best.chosen)) == len(best.chosen)
    assert best.covered == pytest.approx(covered_by(matrix, people, best.chosen), rel=1e-12)
    assert best.bound >= best.objective == pytest.approx(best.covered, rel=1e-12)
    assert np.all(best.gain > 0)


@pytest.mark.parametrize("seed", range(200))
def test_presolve_leaves_the_optimum_as_it_is(seed):
    matrix, people, new = random_case(seed)
    cover = presolve(matrix, people)
    smaller = TravelMatrix(
        cover.indptr, cover.indices, np.zeros(len(cover.indices), np.float32), len(cover.weights), 60.0
    )
    assert brute_force(matrix, people, new) == pytest.approx(
        brute_force(smaller, cover.weights, new) if len(cover.sites) else 0.0, rel=1e-12
    )


def test_presolve_merges_equal_rows_and_leaves_out_sites_that_another_contains():
    rows = [[0, 1], [0, 1, 2], [2], [0, 1, 2], [3, 4], []]
    cover = presolve(matrix_of(rows, 6), np.array([1.0, 2.0, 4.0, 8.0, 0.0, 16.0]))
    assert cover.sites.tolist() == [1, 4]  # site 3 equals site 1, site 5 reaches nobody
    assert cover.weights.tolist() == [7.0, 8.0]  # rows 0, 1, 2 have the same site once 0, 2, 3 are gone
    assert [cover.indices[a:b].tolist() for a, b in itertools.pairwise(cover.indptr)] == [[0], [1]]


@settings(deadline=None)
@given(st.lists(st.sets(st.integers(0, 7)), min_size=1, max_size=10))
def test_a_site_is_left_out_exactly_where_another_contains_it(rows):
    matrix = matrix_of([sorted(row) for row in rows], 8)
    kept = undominated(matrix.indptr, matrix.indices, *transpose(matrix.indptr, matrix.indices, 8))
    for i, row in enumerate(rows):
        contained = any(row < other or (row == other and j < i) for j, other in enumerate(rows) if j != i)
        assert kept[i] == (bool(row) and not contained)


@pytest.mark.parametrize("seed", range(60))
def test_lazy_greedy_chooses_as_plain_greedy_does_ties_to_the_first(seed):
    matrix, people, new = random_case(seed)
    people = np.round(people / 10)  # ties
    left, plain = people.copy(), []
    for _ in range(min(new, matrix.n_sites)):
        gains = [left[matrix.indices[a:b]].sum() for a, b in itertools.pairwise(matrix.indptr)]
        site = int(np.argmax(gains))
        if gains[site] == 0:
            break
        plain.append(site)
        left[matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]] = 0
    assert greedy(matrix, people, new)[0].tolist() == plain


@pytest.mark.parametrize("seed", range(100))
def test_greedy_is_never_worse_than_63_percent_of_the_best(seed):
    matrix, people, new = random_case(seed)
    chosen, gain = greedy(matrix, people, new)
    assert gain.sum() == pytest.approx(covered_by(matrix, people, chosen), rel=1e-12)
    assert gain.sum() >= (1 - 1 / math.e) * brute_force(matrix, people, new) - 1e-9


def test_kernels_leave_their_arguments_alone():
    everywhere, covered = np.arange(3, dtype=np.int32), np.zeros(6, bool)
    arguments = [TRAP.indptr, TRAP.indices, TRAP_PEOPLE, everywhere, covered]
    before = [argument.copy() for argument in arguments]
    greedy_cover(*arguments, 2)
    undominated(TRAP.indptr, TRAP.indices, *transpose(TRAP.indptr, TRAP.indices, 6))
    assert all(np.array_equal(a, b) for a, b in zip(arguments, before, strict=True))


@pytest.mark.parametrize("seed", range(30))
def test_the_order_of_the_sites_does_not_change_what_is_covered(seed):
    matrix, people, new = random_case(seed)
    rows = [matrix.indices[a:b].tolist() for a, b in itertools.pairwise(matrix.indptr)]
    shuffled = [rows[k] for k in np.random.default_rng(seed).permutation(len(rows))]
    other = solve(matrix_of(shuffled, matrix.n_demand), people, new)
    assert other.covered == pytest.approx(solve(matrix, people, new).covered, rel=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_one_more_chw_never_covers_fewer(seed):
    matrix, people, new = random_case(seed)
    assert solve(matrix, people, new + 1).covered >= solve(matrix, people, new).covered * (1 - 1e-12)


def test_the_same_question_gets_the_same_answer_twice():
    matrix, people, new = clustered(80, 600), np.random.default_rng(5).lognormal(3, 1, 600), 10
    one, two = solve(matrix, people, new), solve(matrix, people, new)
    assert one.chosen.tolist() == two.chosen.tolist()
    assert (one.covered, one.bound, one.status) == (two.covered, two.bound, two.status)


def test_sites_come_in_the_order_of_what_they_add():
    rows = [[0], [1, 2], [2, 3, 4]]
    best = solve(matrix_of(rows, 5), np.array([2.0, 1.0, 5.0, 5.0, 5.0]), 3)
    assert best.chosen.tolist() == [2, 0, 1]
    assert best.gain.tolist() == [15.0, 2.0, 1.0]
    assert best.gain_under_fives.sum() == pytest.approx(0.16 * best.covered)


def test_under_fives_where_no_people_are_counted_go_with_the_site_that_reaches_them():
    matrix = matrix_of([[0, 1]], 2)
    best = solve_for(matrix, np.array([3.0, 0.0]), np.array([1.0, 2.0]), 1, 5.0)
    assert (best.gain.tolist(), best.gain_under_fives.tolist()) == ([3.0], [3.0])


def test_each_demand_is_served_by_the_nearest_site_and_ties_go_to_the_earlier():
    minutes = [[5, 20, 30], [20, 10, 3]]
    matrix = matrix_of([[0, 1, 2], [1, 2, 3]], 5, minutes)
    plain = placement.rules(2, most=1)
    best = placement.maximal_cover(matrix, np.array([9.0, 1.0, 1.0, 2.0, 4.0]), 2, plain, time_limit_s=5.0)
    assert best.chws.tolist() == [1, 1]
    assert best.assignment.demand.tolist() == [0, 1, 2, 3]
    assert best.assignment.site.tolist() == [0, 0, 1, 1]
    assert best.assignment.people.tolist() == [9.0, 1.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("matrix", "people", "new", "chosen"),
    [
        (TRAP, TRAP_PEOPLE, 0, []),
        (TRAP, np.zeros(6), 2, []),
        (matrix_of([], 4), np.ones(4), 3, []),
        (matrix_of([[], []], 4), np.ones(4), 1, []),
        (matrix_of([], 0), np.ones(0), 1, []),
        (TRAP, TRAP_PEOPLE, 9, [0, 1, 2]),
        (matrix_of([[0], [0, 1]], 2), np.ones(2), 2, [1]),
    ],
    ids=["none", "nobody", "no sites", "idle sites", "no demand", "more CHWs than sites", "one is enough"],
)
def test_edges_have_a_defined_answer(matrix, people, new, chosen):
    best = solve(matrix, people, new)
    assert set(best.chosen.tolist()) <= set(chosen)
    assert best.covered == covered_by(matrix, people, chosen)
    assert (best.gap, best.status) == (0.0, "best possible")
    assert best.serves.sum() == people[np.isin(np.arange(matrix.n_demand), reached_by(matrix, best.chosen))].sum()


def reached_by(matrix, chosen):
    return [d for s in chosen for d in matrix.indices[matrix.indptr[s] : matrix.indptr[s + 1]]]


@pytest.mark.parametrize("scale", [1e-12, 1e9])
def test_the_proof_does_not_depend_on_the_unit_of_the_weights(scale):
    best = solve(TRAP, TRAP_PEOPLE * scale, 2)
    assert best.covered == pytest.approx(10.0 * scale, rel=1e-12)
    assert best.status == "best possible"


@pytest.mark.parametrize("people", [[-1.0, 1, 1, 1, 1, 1], [np.nan, 1, 1, 1, 1, 1], [1.0]])
def test_people_that_cannot_be_are_refused(people):
    with pytest.raises(ValueError, match="people: expected 6 finite numbers"):
        solve(TRAP, np.array(people), 1)
    with pytest.raises(ValueError, match="p: -1"):
        solve(TRAP, TRAP_PEOPLE, -1)


def clustered(n_sites, n_demand, reach=6.0):
    rng = np.random.default_rng(1)
    towns = rng.uniform(0, 100, (12, 2))
    points = towns[rng.integers(0, 12, n_demand)] + rng.normal(0, 12, (n_demand, 2))
    sites = points[rng.choice(n_demand, n_sites, replace=False)]
    near = np.hypot(*(sites[:, None] - points).transpose(2, 0, 1)) <= reach
    return matrix_of([np.flatnonzero(row).tolist() for row in near], n_demand)


@pytest.mark.parametrize("time_limit_s", [1e-9, 0.5])
def test_running_out_of_time_never_reads_as_best_possible(time_limit_s):
    matrix, people = clustered(400, 6000, 9.0), np.random.default_rng(2).lognormal(3, 1, 6000)
    best = solve(matrix, people, 25, time_limit_s)
    assert best.bound > best.covered
    assert best.status.startswith("best found: at most ")
    stated = float(best.status.split()[4]) / 100
    assert best.gap <= stated < best.gap + 0.0011


@pytest.mark.parametrize("bound", [math.inf, 1e9])
@pytest.mark.parametrize("seed", range(40))
def test_where_the_exact_search_fails_a_good_choice_stands_with_a_true_bound(monkeypatch, bound, seed):
    matrix, people, new = random_case(seed)
    monkeypatch.setattr(mclp.branches, "search", lambda cover, new, chosen, *_: (chosen, bound))
    found, best = solve(matrix, people, new), brute_force(matrix, people, new)
    assert greedy(matrix, people, new)[1].sum() * (1 - 1e-12) <= found.covered <= best * (1 + 1e-12)
    assert found.bound >= best * (1 - 1e-12)
    assert found.status != "best possible" or found.covered == pytest.approx(best, rel=2e-9)


def test_without_highs_there_is_still_an_answer(monkeypatch):
    monkeypatch.setitem(sys.modules, "highspy", None)
    best = solve(TRAP, TRAP_PEOPLE, 2)
    assert best.covered >= 8.0
    assert best.method == "greedy, linear relaxation, interchange"


@pytest.mark.parametrize("seed", range(60))
def test_the_relaxation_bounds_every_choice_and_drops_no_site_of_a_better_one(seed):
    cases = (presolve(*random_case(k)[:2]) for k in itertools.count(1000 * seed))
    cover = next(cover for cover in cases if len(cover.sites) > 2)
    new = 1 + seed % (len(cover.sites) - 1)
    relaxed = relaxation.solve(cover, new, 1e-5, 10.0)
    choices = list(itertools.combinations(range(len(cover.sites)), new))
    covered = np.array([cover.weights[cover.covered_by(choice)].sum() for choice in choices])
    assert relaxed.bound >= covered.max() * (1 - 1e-12)
    # Ageev and Sviridenko 2004, doi:10.1023/B:JOCO.0000038913.96607.c2: the relaxation is never above e / (e - 1).
    assert relaxed.bound <= covered.max() * math.e / (math.e - 1) * 1.001
    for level in (covered.max() * 0.9, covered.max() * (1 - 1e-9)):
        could = relaxed.could_improve(new, level)
        assert all(could[site] for k in np.flatnonzero(covered > level) for site in choices[k])


@pytest.mark.parametrize("seed", range(60))
def test_the_exact_search_ends_at_the_optimum_from_the_worst_start(seed):
    cases = (presolve(*random_case(k)[:2]) for k in itertools.count(1000 * seed))
    cover = next(cover for cover in cases if len(cover.sites) > 2)
    new = 1 + seed % (len(cover.sites) - 1)
    choices = list(itertools.combinations(range(len(cover.sites)), new))
    covered = [cover.weights[cover.covered_by(choice)].sum() for choice in choices]
    worst = np.array(choices[int(np.argmin(covered))], np.int32)
    chosen, bound = branches.search(cover, new, worst, 60.0)
    assert len(set(chosen.tolist())) == len(chosen) <= new
    assert cover.weights[cover.covered_by(chosen)].sum() == pytest.approx(max(covered), rel=1e-9)
    assert bound == pytest.approx(max(covered), rel=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_the_exact_search_splits_branches_and_ends_where_highs_does(seed):
    # A row for each edge of a random graph, covered from either end: the relaxation is loose, half of each end.
    rng = np.random.default_rng(seed)
    n, new = 24, 8
    ends = np.array([pair for pair in itertools.combinations(range(n), 2) if rng.random() < 0.3])
    people = np.round(rng.lognormal(3, 1, len(ends)), seed % 2) + 1.0
    matrix = matrix_of([np.flatnonzero((ends == k).any(axis=1)) for k in range(n)], len(ends))
    rival = placement.maximal_cover(matrix, people, new, placement.rules(n, most=1), time_limit_s=60.0, method="exact")
    cover = presolve(matrix, people)
    chosen, bound = branches.search(cover, new, mclp.greedy(cover, new), 60.0)
    assert rival.status == "best possible"
    assert cover.weights[cover.covered_by(chosen)].sum() == pytest.approx(rival.objective, rel=1e-9)
    assert bound == pytest.approx(rival.objective, rel=1e-9)


def test_an_exact_search_never_chooses_a_site_that_covers_nobody():
    cover = Cover(np.arange(4, dtype=np.int32), np.array([0, 0, 1, 3, 3]), np.array([0, 0, 1], np.int32), np.ones(2))
    for new in (1, 2, 3):
        chosen, bound = branches.search(cover, new, np.array([1], np.int32), 60.0)
        assert (set(chosen.tolist()) <= {1, 2}, 2 in chosen, bound) == (True, True, 2.0)


def test_an_exact_search_out_of_time_hands_back_its_start_and_a_true_bound():
    cover = presolve(matrix_of([[0, 1], [1, 2], [0, 2]], 3), np.array([3.0, 4.0, 5.0]))
    chosen, bound = branches.search(cover, 1, np.array([0], np.int32), 0.0)
    assert chosen.tolist() == [0]
    assert bound >= 9.0


def test_the_relaxation_is_solved_to_its_known_optimum():
    # Three rows, each covered by two of three sites: one site covers 2 of 3; half of each of three sites is 1.5 sites,
    # so one site spread evenly, a third each, covers two thirds of each row: 2. The relaxation is tight.
    cover = presolve(matrix_of([[0, 1], [1, 2], [0, 2]], 3), np.ones(3))
    assert relaxation.solve(cover, 1, 1e-5, 10.0).bound == pytest.approx(2.0, rel=2e-4)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_what_the_sites_add_sums_to_what_is_covered(seed):
    matrix, people, new = random_case(seed)
    best = solve(matrix, people, new)
    assert best.gain.sum() == best.covered
    assert best.gain_under_fives.sum() == pytest.approx(0.16 * best.covered, rel=1e-9)
    assert best.serves.sum() == pytest.approx(best.covered, rel=1e-12)


def test_the_solver_prints_nothing(capfd):
    solve(TRAP, TRAP_PEOPLE, 2)
    assert capfd.readouterr() == ("", "")


def test_a_choice_is_told_beyond_the_chws_of_today_with_what_leavers_give_up():
    matrix = matrix_of([[0, 1], [1, 2, 3], [4]], 5)
    people = np.array([4.0, 1.0, 8.0, 2.0, 3.0])
    today = np.array([1, 0, 0], np.int32)
    free = placement.rules(3, most=1, today=today, today_may="move")
    choice = placement.maximal_cover(matrix, people, 2, free, time_limit_s=5.0)
    assert choice.chws.tolist() == [1, 1, 0]
    told = placement.account(choice, today, matrix, people, people, base=5.0)
    assert (told.chosen.tolist(), told.gain.tolist(), told.serves.tolist()) == ([1], [10.0], [10.0])
    assert (told.objective, told.bound, told.covered, told.given_up) == (10.0, 10.0, 10.0, 0.0)
    moved = placement.maximal_cover(matrix, people, 1, free, time_limit_s=5.0)
    told = placement.account(moved, today, matrix, people, people, base=5.0)
    assert (told.chosen.tolist(), told.gone.tolist(), told.covered) == ([1], [1, 0, 0], 11.0)
    assert (told.given_up, told.objective) == (5.0, 6.0)
