"""Coverage by season, tier, room, distance and evenness: by hand, by laws, and against brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planner import coverage
from planner.types.care import Decay
from planner.types.inputs import Areas
from planner.types.travel import TravelMatrix

inf = math.inf
DECAY = Decay(0.34, 4.0, 0.21, 0.48, (1.0, 0.68, 0.22))
seeds = st.integers(0, 10**6)


def areas_of(*parents: str) -> Areas:
    """Areas A, B, C ... with the codes of the level above."""
    names = tuple("ABCDEFG"[: len(parents)])
    return Areas(np.empty(len(parents), object), names, names, parents, tuple(f"above {code}" for code in parents))


def floats(*values: float):
    return np.array(values, np.float32)


def scene(seed: int, n: int = 60):
    rng = np.random.default_rng(seed)
    places = coverage.levels(areas_of("N", "N", "S", ""))
    area = rng.integers(0, 5, n).astype(np.int32)
    people = np.where(rng.random(n) < 0.2, 0.0, rng.lognormal(1, 1, n))
    minutes = np.where(rng.random(n) < 0.1, inf, rng.integers(0, 20, n) * 10.0).astype(np.float32)
    return rng, places, area, people, minutes


def members(places, area, row):
    return (places.rows[area] == row).any(axis=1)


def matrix_of(minutes, max_minutes=60.0) -> TravelMatrix:
    """A matrix from a table site x demand; inf = out of reach."""
    table = np.asarray(minutes, np.float64)
    site, demand = np.nonzero(table <= max_minutes)
    pairs = csr_array((table[site, demand] + 1.0, (site, demand)), shape=table.shape)
    pairs.data -= 1.0
    return TravelMatrix.from_csr(pairs, max_minutes)


def test_rows_are_all_areas_then_the_level_above_then_each_area_then_outside():
    places = coverage.levels(areas_of("N", "S", "N"))
    assert places.level == ("all", "above", "above", "area", "area", "area", "outside")
    assert places.name == ("", "above N", "above S", "A", "B", "C", "")
    assert places.parent == ("", "", "", "above N", "above S", "above N", "")
    sums = coverage.by_row(places, np.array([0, 1, 2, 3], np.int32), [1, 2, 4, 8])
    assert sums.tolist() == [7, 5, 2, 1, 2, 4, 8]


def test_without_areas_everybody_is_in_the_one_row():
    places = coverage.levels(areas_of())
    assert places.level == ("all",)
    assert coverage.by_row(places, np.zeros(2, np.int32), [1, 2]).tolist() == [3]


def test_half_of_the_people_need_no_more_than_the_median():
    places = coverage.levels(areas_of(""))
    area, people, minutes = np.zeros(4, np.int32), np.array([1.0, 1, 1, 7]), floats(90, 10, inf, 30)
    found = coverage.quantiles(places, area, people, minutes, (0.1, 0.5, 0.8, 0.9, 1.0))
    assert found[:, 0].tolist() == [10, 30, 30, 90, inf]
    assert np.isnan(found[:, -1]).all(), "nobody lives outside"


@settings(deadline=None)
@given(seeds)
def test_quantiles_are_those_of_lining_up_the_people_of_each_place(seed):
    _, places, area, people, minutes = scene(seed)
    found = coverage.quantiles(places, area, people, minutes, (0.5, 0.9))
    for row in range(len(places)):
        own = members(places, area, row) & (people > 0)
        if not own.any():
            assert np.isnan(found[:, row]).all()
            continue
        order = np.argsort(minutes[own], kind="stable")
        lined, so_far = minutes[own][order], np.cumsum(people[own][order])
        for k, share in enumerate((0.5, 0.9)):
            assert found[k, row] == lined[np.argmax(so_far >= share * so_far[-1] * (1 - 1e-9))]


@settings(deadline=None)
@given(seeds)
def test_people_by_season_and_tier_are_the_sums_of_the_cells_and_places_add_up(seed):
    _, places, area, people, minutes = scene(seed)
    steps = (30.0, 60.0, 100.0)
    by_season = {"dry": {"care": minutes}, "wet": {"care": minutes * np.float32(1.5)}}
    tiers = {"dry": {1: minutes, 2: minutes + np.float32(20)}, "wet": {1: minutes, 2: minutes + np.float32(40)}}
    found = coverage.in_seasons(places, area, people, 0.2 * people, by_season, tiers, steps)
    for row in range(len(places)):
        own = members(places, area, row)
        for k, step in enumerate(steps):
            assert found.people[0, 0, row, k] == pytest.approx(people[own & (minutes <= step)].sum())
            assert found.of_tier[1, 1, row, k] == pytest.approx(people[own & (minutes + 40 <= step)].sum())
    assert (np.diff(found.people, axis=-1) >= -1e-9).all()
    assert (found.people[1] <= found.people[0] + 1e-9).all(), "who walks slower reaches less"
    assert found.under_fives == pytest.approx(0.2 * found.people)
    above, each = (np.array(places.level) == level for level in ("above", "area"))
    with_parent = each & (np.array(places.parent) != "above ")
    assert found.people[..., above, :].sum(axis=2) == pytest.approx(found.people[..., with_parent, :].sum(axis=2))
    assert found.people[..., 0, :] == pytest.approx(found.people[..., each, :].sum(axis=2))


def test_the_curve_counts_people_at_each_five_minutes_and_only_grows():
    found = coverage.curve(np.array([1.0, 2, 4, 8]), {"dry": {"care": floats(0, 5, 6, inf)}}, 10.0)
    assert found.minutes.tolist() == [0, 5, 10]
    assert found.people.tolist() == [[[1, 3, 7]]]


def test_the_walk_and_the_straight_line_part_the_people_in_four_and_the_zones_in_three():
    places = coverage.levels(areas_of(""))
    found = coverage.crossed(
        places, np.zeros(5, np.int32), np.array([1.0, 2, 4, 8, 16]), floats(60, 50, 61, inf, 10),
        np.array([5.0, 6, 5, 6, 3]), max_minutes=60, max_km=5, zones_km=(3.0, 5.0),
    )  # fmt: skip
    assert [part[0] for part in (found.both, found.minutes_only, found.km_only, found.neither)] == [17, 2, 4, 8]
    assert found.zones[0].tolist() == [16, 5, 10]


def test_nearest_first_until_the_places_are_taken():
    # Two CHWs with room for 10; the second is nearer to the second village, whose people fill her and go on.
    near = matrix_of([[10.0, 30, inf], [40, 20, 5]])
    people = np.array([4.0, 9, 8])
    found, left = coverage.served(near, people, np.array([10.0, 10]), floats(inf, inf, inf), 60)
    assert found.tolist() == [4, 8, 8]  # 2 of the 9 with the second, 6 with the first
    assert left.tolist() == [0, 0]
    found, left = coverage.served(near, people, np.array([10.0, 10]), floats(inf, 60, 61), 60)
    assert found.tolist() == [4, 9, 8], "one goes to a facility, which has room for all"


def brute_served(table, people, room):
    """Pair by pair, the shortest first."""
    left, waiting = list(room), list(people)
    for _, i, j in sorted((table[i][j], i, j) for i in range(len(room)) for j in range(len(people))):
        if table[i][j] <= 60:
            given_now = min(left[i], waiting[j])
            left[i], waiting[j] = left[i] - given_now, waiting[j] - given_now
    return np.subtract(people, waiting), left


@settings(deadline=None)
@given(seeds)
def test_who_finds_room_is_who_a_queue_by_minutes_lets_in(seed):
    rng = np.random.default_rng(seed)
    table, people, room = rng.integers(0, 90, (4, 9)).astype(float), rng.uniform(0, 9, 9), rng.uniform(0, 9, 4)
    nowhere = np.full(9, inf, np.float32)
    found, left = coverage.served(matrix_of(table), people, room, nowhere, 60)
    by_hand, left_by_hand = brute_served(table.tolist(), people.tolist(), room.tolist())
    assert found == pytest.approx(by_hand) and left == pytest.approx(left_by_hand)
    assert found.sum() == pytest.approx((room - left).sum()), "who is served fills a place"
    assert (found <= people + 1e-9).all() and (left >= -1e-9).all()
    more, _ = coverage.served(matrix_of(table), people, room + 1, nowhere, 60)
    assert more.sum() >= found.sum() - 1e-9
    boundless, _ = coverage.served(matrix_of(table), people, np.full(4, inf), nowhere, 60)
    assert boundless == pytest.approx(np.where((table <= 60).any(axis=0), people, 0))


def test_floating_catchments_by_hand():
    # Luo and Wang 2003: ratio of a site = supply / people in reach; a place adds up the ratios that it reaches.
    near = matrix_of([[0.0, 50, inf], [inf, 10, 60]])
    found = coverage.floating_catchments(near, np.array([100.0, 300, 200]), np.array([1.0, 2.0]))
    assert found == pytest.approx([1 / 400, 1 / 400 + 2 / 500, 2 / 500])
    enhanced = coverage.floating_catchments(near, np.array([100.0, 300, 200]), np.array([1.0, 2.0]), DECAY.e2sfca)
    first, second = 1 / (100 + 0.22 * 300), 2 / (300 + 0.22 * 200)
    assert enhanced == pytest.approx([first, 0.22 * first + second, 0.22 * second])


@settings(deadline=None)
@given(seeds, st.sampled_from([(1.0,), DECAY.e2sfca]))
def test_floating_catchments_share_out_all_the_supply_that_anybody_reaches(seed, weights):
    rng = np.random.default_rng(seed)
    table, people, supply = rng.uniform(0, 120, (6, 12)), rng.uniform(0, 5, 12), rng.integers(0, 4, 6).astype(float)
    found = coverage.floating_catchments(matrix_of(table), people, supply, weights)
    reached = (table <= 60).any(axis=1)
    assert (found * people).sum() == pytest.approx(supply[reached].sum())


def test_use_falls_with_km_as_far_as_that_was_measured_and_with_hours():
    low, high = coverage.of_facilities(floats(0, 60, 120, inf), np.array([0.0, 2, 9, 1]), DECAY, rides=False)
    assert low == pytest.approx([1, 0.66**2, 0.66**4, 0])
    assert high == pytest.approx([1, 0.79, 0.79**2, 0])
    assert coverage.of_chws(np.array([0.0, 2, inf]), 0.281) == pytest.approx([1, 0.719**2, 0])
    _, ridden = coverage.of_facilities(floats(30), np.array([9.0]), DECAY, rides=True)
    assert ridden == pytest.approx([0.52**0.5])


def test_gini_by_hand():
    assert coverage.gini(np.array([5.0, 5, 5]), np.array([1.0, 2, 3])) == pytest.approx(0)
    assert coverage.gini(np.array([0.0, 1]), np.array([3.0, 1])) == pytest.approx(0.75)  # a quarter has all
    assert math.isnan(coverage.gini(np.zeros(2), np.ones(2)))


@settings(deadline=None)
@given(seeds)
def test_gini_is_half_the_mean_difference_between_two_people_by_the_mean(seed):
    rng = np.random.default_rng(seed)
    values, people = rng.integers(0, 6, 12).astype(float), rng.uniform(0.1, 3, 12)
    if not values.any():
        return
    pairs = people[:, None] * people * np.abs(values[:, None] - values)
    mean = (values * people).sum() / people.sum()
    expected = pairs.sum() / (2 * people.sum() ** 2 * mean)
    assert coverage.gini(values, people) == pytest.approx(expected)
    assert -1e-12 <= expected < 1


def test_tenths_and_concentration_by_hand():
    # Ten places of one person each, a facility near the first five: the most remote have nothing.
    people, minutes = np.ones(10), np.arange(10, dtype=np.float32)
    near, everybody = minutes < 5, np.ones(10, bool)
    of_areas = np.array([[5.0, 0], [5, 5], [5, 5]])
    found = coverage.evenness(people, minutes, [minutes, minutes], [near, everybody], of_areas)
    assert found.upto_minutes.tolist() == list(range(10))
    assert found.within[0].tolist() == [1] * 5 + [0] * 5
    assert found.concentration == pytest.approx([0.5, 0.0])
    assert found.curve[0, [0, 10, 15, 20]] == pytest.approx([0, 0, 0.5, 1])
    assert found.gini_areas == pytest.approx([0.5, 0.0])


@settings(deadline=None)
@given(seeds)
def test_tenths_hold_everybody_and_curves_rise_from_nobody_to_all(seed):
    rng, _, _, people, minutes = scene(seed)
    near = rng.random(len(people)) < 0.5
    found = coverage.evenness(people, minutes, [minutes], [near], np.array([[1.0, 2.0], [3.0, 3.0]]))
    assert found.people.sum() == pytest.approx(people.sum())
    assert found.within[0].sum() == pytest.approx(people[near].sum())
    assert (np.diff(found.upto_minutes[np.isfinite(found.upto_minutes)]) >= 0).all()
    if people[near].sum() > 0:
        assert found.curve[0, 0] == pytest.approx(0) and found.curve[0, -1] == pytest.approx(1)
        assert (np.diff(found.curve[0]) >= -1e-12).all()
        assert -1 <= found.concentration[0] <= 1


def test_matrices_are_joined_row_by_row():
    first, second = matrix_of([[1.0, inf], [inf, inf]]), matrix_of([[inf, 3.0]])
    both = coverage.joined(first, second)
    assert both.indptr.tolist() == [0, 1, 1, 2] and both.indices.tolist() == [0, 1] and both.minutes.tolist() == [1, 3]
