import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from lands import make_land
from planner import coverage
from planner.scenario.reach import CRITERIA, Reach
from planner.types.frame import Frame
from planner.types.land import Land

DEGREES = Frame("EPSG:4326", 30.0, -10.0, 0.01, 0.01, 2, 4)
UTM = Frame("EPSG:32736", 500_000.0, 8_000_000.0, 1000.0, 1000.0, 3, 3)
WGS84 = Geod(ellps="WGS84")


def land_of(people, area=None, known=None, pace=None, under_fives=None):
    people = np.array(people, float)
    n = len(people)
    return Land(
        frame=Frame("EPSG:32736", 0.0, 0.0, 100.0, 100.0, 1, n),
        people=people,
        under_fives=people * 0.2 if under_fives is None else np.array(under_fives, float),
        known=np.ones(n, bool) if known is None else np.array(known),
        pace=np.full(n, 0.012, np.float32) if pace is None else np.array(pace, np.float32),
        way=np.zeros(n, np.uint8),
        elevation=None,
        area=np.zeros(n, np.int32) if area is None else np.array(area, np.int32),
        step_metres=np.full((1, 16), 100.0),
    )


def floats(*values):
    return np.array(values, np.float32)


inf = math.inf


def test_each_cell_stands_in_the_first_line_that_fits():
    land = land_of(
        people=[1, 2, 4, 8, 16, 0, 0],
        area=[0, 0, 0, -1, -1, -1, 0],
        known=[True, True, True, True, True, False, False],
        pace=[0.1, 0.1, inf, inf, 0.1, inf, 0.1],
    )
    balance = coverage.people_balance(land, 1, 31.0, floats(5, inf, inf, inf, 3, inf, 5))
    people = dict(zip(balance.lines, balance.people, strict=True))
    cells = dict(zip(balance.lines, balance.cells, strict=True))
    assert people == {
        "reachable": 1, "unreachable": 2, "on a barrier": 4, "outside the areas": 24, "unknown": 0
    }  # fmt: skip
    assert cells == {"reachable": 1, "unreachable": 1, "on a barrier": 1, "outside the areas": 2, "unknown": 2}
    assert balance.total == 31
    assert balance.by_area.tolist() == [[1, 2, 4, 0, 0], [0, 0, 0, 24, 0]]
    before = coverage.people_balance(land, 1, 31.0)
    assert before.lines == ("on open ground", "on a barrier", "outside the areas", "unknown")
    assert before.people.tolist() == [3, 4, 24, 0]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 7, 5000]))
def test_nobody_is_lost_or_counted_twice(seed, n):
    rng = np.random.default_rng(seed)
    known = rng.random(n) < 0.9
    people = np.where(known, rng.lognormal(0, 6, n), 0.0)
    land = land_of(people, rng.integers(-1, 3, n), known, np.where(rng.random(n) < 0.2, inf, 0.01))
    balance = coverage.people_balance(land, 3, 0.0, np.where(rng.random(n) < 0.2, inf, 9.0).astype(np.float32))
    assert math.isclose(math.fsum(balance.people), math.fsum(people), rel_tol=1e-12)
    assert math.isclose(math.fsum(balance.people), balance.total, rel_tol=1e-12)
    assert math.isclose(math.fsum(balance.under_fives), math.fsum(land.under_fives), rel_tol=1e-12)
    assert balance.cells.sum() == n
    assert balance.by_area.sum(axis=0) == pytest.approx(balance.people, rel=1e-12)
    assert balance.under_fives_by_area.sum(axis=0) == pytest.approx(balance.under_fives, rel=1e-12)


def test_people_at_the_threshold_are_within_it_and_the_last_row_is_outside_all_areas():
    land = land_of([1, 2, 4, 8, 16], area=[0, 0, 1, -1, 1], under_fives=[0, 1, 0, 2, 4])
    care = {"facilities": floats(30, 60.001, 60, 10, inf), "with CHWs": floats(0, 0, 0, 61, 0)}
    found = coverage.within(land, 2, care, [30.0, 60.0])
    assert found.care == ("facilities", "with CHWs")
    assert found.people.tolist() == [[[1, 1], [0, 4], [8, 8]], [[3, 3], [20, 20], [0, 0]]]
    assert found.under_fives.tolist() == [[[0, 0], [0, 0], [2, 2]], [[1, 1], [4, 4], [0, 0]]]
    assert found.area_people.tolist() == [3, 20, 8]
    assert found.area_under_fives.tolist() == [1, 4, 2]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_coverage_is_the_sum_of_the_cells_within_and_grows_with_the_threshold(seed):
    rng = np.random.default_rng(seed)
    land = land_of(rng.lognormal(0, 2, 200), rng.integers(-1, 4, 200))
    minutes = np.where(rng.random(200) < 0.1, inf, np.round(rng.uniform(0, 200, 200))).astype(np.float32)
    thresholds = [0.1, 30.0, 60.0, 180.0]
    found = coverage.within(land, 4, {"care": minutes}, thresholds)
    for a in range(5):
        inside = land.area == (a if a < 4 else -1)
        for t, threshold in enumerate(thresholds):
            assert found.people[0, a, t] == pytest.approx(math.fsum(land.people[inside & (minutes <= threshold)]))
    assert np.all(np.diff(found.people, axis=2) >= 0)
    assert found.area_people.sum() == pytest.approx(math.fsum(land.people), rel=1e-12)
    assert np.all(found.people[..., -1] <= found.area_people * (1 + 1e-12))


def test_without_areas_everyone_is_in_the_last_row():
    found = coverage.within(land_of([1, 2], area=[-1, -1]), 0, {"care": floats(1, 99)}, [60.0])
    assert found.people.tolist() == [[[1.0]]]
    assert found.area_people.tolist() == [3.0]


@pytest.mark.parametrize("thresholds", [[60.0, 30.0], [60.0, 60.0], [60.0, inf], [math.nan]])
def test_thresholds_out_of_order_are_refused(thresholds):
    with pytest.raises(ValueError, match="ascending"):
        coverage.within(land_of([1]), 1, {"care": floats(1)}, thresholds)


def test_one_degree_along_the_equator_is_111_km():
    km = coverage.straight_km(DEGREES, [0.0, 0.5], [0.0, 0.0], [1.0], [0.0])
    assert km == pytest.approx([111.3194908, 55.6597454])  # 2 pi 6378.137 / 360


def test_on_a_projected_grid_the_straight_line_runs_on_the_ellipsoid():
    km = coverage.straight_km(UTM, [500_000.0], [8_000_000.0], [500_000.0], [7_990_000.0])
    assert km == pytest.approx([10 / 0.9996], rel=1e-6)  # the scale of UTM on its central meridian


def test_without_places_the_straight_line_is_infinite():
    assert coverage.straight_km(DEGREES, [30.0], [-10.0], [], []).tolist() == [inf]
    assert coverage.straight_km(DEGREES, [], [], [30.0], [-10.0]).tolist() == []


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from([(0.0, 0.0, 3.0), (179.9, -17.0, 2.0), (-60.0, 80.0, 8.0), (20.0, 45.0, 0.05), (0.0, 0.0, 60.0)]),
)
def test_the_nearest_place_is_that_of_measuring_every_pair(seed, middle):
    lon, lat, spread = middle
    rng = np.random.default_rng(seed)
    x, to_x = lon + rng.uniform(-spread, spread, 40), lon + rng.uniform(-spread, spread, 15)
    y, to_y = lat + rng.uniform(-spread, spread, 40), lat + rng.uniform(-spread, spread, 15)
    pairs = [WGS84.inv(np.full(15, a), np.full(15, b), to_x, to_y)[2].min() / 1000 for a, b in zip(x, y, strict=True)]
    found = coverage.straight_km(DEGREES, x, y, to_x, to_y)
    assert np.all(found >= np.array(pairs) - 1e-9)
    assert found == pytest.approx(pairs, rel=1e-3 if spread > 10 else 1e-6)


@pytest.mark.parametrize(
    ("rule", "hard"),
    [
        ("minutes", [False, False, True, True, True]),
        ("km", [False, True, False, True, False]),
        ("either", [False, True, True, True, True]),
        ("both", [False, False, False, True, False]),
        ("water", [True, False, False, False, False]),
        ("minutes and (km or road_km)", [False, False, False, True, True]),
        ("water or (km and road_km)", [True, False, False, True, False]),
    ],
)
def test_hard_to_reach_follows_the_rule_and_the_limit_itself_is_near(rule, hard):
    measures = {
        "minutes": floats(60, 60, 61, inf, inf),
        "km": np.array([5.0, 5.1, 5.0, 9.0, 5.0]),
        "road_km": np.array([8.0, 8.0, 7.9, inf, inf]),
        "water": np.array([True, False, False, False, False]),
    }
    reach = Reach(max_minutes=60.0, max_km=5.0, max_road_km=8.0, rule=rule)
    assert coverage.hard_to_reach(reach, measures).tolist() == hard


trees = st.recursive(
    st.sampled_from(CRITERIA),
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)),
    max_leaves=6,
)


def spelled(tree):
    return tree if isinstance(tree, str) else "(" + f" {tree[0]} ".join(map(spelled, tree[1])) + ")"


@settings(deadline=None)
@given(trees, st.integers(0, 31))
def test_a_rule_is_judged_as_python_would(tree, bits):
    beyond = {name: bool(bits >> k & 1) for k, name in enumerate(CRITERIA)}
    measures = {name: np.array([1e9 if is_beyond else 0.0]) for name, is_beyond in beyond.items()}
    reach = Reach.model_construct(rule=spelled(tree), max_minutes=1.0, max_km=1.0, max_road_km=1.0)
    assert bool(coverage.hard_to_reach(reach, measures)[0]) is eval(spelled(tree), {}, beyond)


def test_the_recount_counts_those_at_the_limit_and_not_those_unreachable():
    assert coverage.people_within(np.array([1.0, 2.0, 4.0, 8.0]), floats(59, 60, 60.1, inf), 60.0) == 3.0


def test_more_than_one_percent_of_people_outside_or_on_water_is_a_warning():
    land = make_land([[5.0, 5.0, 0.0]], people=[[97, 0.9, 2.1]], area=[[0, -1, 0]])
    balance = coverage.people_balance(land, 1, 100.0, np.array([0, 5, np.inf], np.float32))
    [note] = coverage.balance_notes(balance)
    assert (note.level, note.what, note.count) == ("warning", "2.1% of the people are on a barrier", 2.1)
