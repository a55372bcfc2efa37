import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lands import make_land
from planner import people
from planner.types.inputs import Areas
from planner.types.land import BRIDGE

W, O = 0.0, 5.0  # noqa: E741  water, open


def areas(*names):
    return Areas(np.array([shapely.Point()] * len(names), object), names, names, ("",) * len(names), ("",) * len(names))


def off(kmh, people_, metres=250.0, **more):
    land = make_land(kmh, people=people_, **more)
    return people.off_barriers(land, areas("A", "B"), metres)


def test_people_on_water_move_to_the_nearest_open_cell_where_people_live():
    land, record, [note] = off([[O, W, O, O]], [[5, 8, 0, 3]])
    assert land.people.tolist() == [13, 0, 0, 3]
    assert land.under_fives == pytest.approx([13 * 0.16, 0, 0, 3 * 0.16])
    assert (record.people[0], record.cells[0], record.mean_metres[0]) == (8, 1, pytest.approx(100, rel=1e-3))
    assert note.level == "repaired" and note.count == 8
    assert note.changes[0].after == "8 moved, 100 m in the mean; 0 stay"


def test_where_nobody_lives_near_they_move_to_the_nearest_open_cell():
    land, _, _ = off([[O, W, W, O]], [[0, 8, 0, 0]])
    assert land.people.tolist() == [8, 0, 0, 0]
    far, _, _ = off([[O, W, O, O, O]], [[0, 8, 0, 0, 3]])  # people live 300 m away, the limit is 250 m
    assert far.people.tolist() in ([8, 0, 0, 0, 3], [0, 0, 8, 0, 3])


def test_who_has_no_open_ground_within_the_limit_stays_and_is_recorded():
    land, record, notes = off([[W, W, W, O]], [[8, 4, 0, 1]], 201.0)
    assert land.people.tolist() == [8, 0, 0, 5]
    assert (record.left[0], record.left_under_fives[0]) == (8, pytest.approx(8 * 0.16))
    assert record.max_metres[0] == pytest.approx(200, rel=1e-3)
    none, record, notes = off([[W, W, W, O]], [[8, 4, 0, 1]], 50.0)
    assert none.people.tolist() == [8, 4, 0, 1] and record.left[0] == 12 and not notes


def test_nobody_leaves_his_area():
    land, record, _ = off([[O, W, O]], [[0, 8, 9]], area=[[0, 0, 1]])
    assert land.people.tolist() == [8, 0, 9]
    outside, record, _ = off([[O, W, O]], [[0, 8, 9]], area=[[-1, -1, 1]])
    assert outside.people.tolist() == [8, 0, 9]
    assert record.people.tolist() == [0, 0, 8]


def test_nobody_is_moved_onto_a_bridge_or_into_the_unknown():
    land, _, _ = off([[O, W, O, O]], [[np.nan, 8, 0, 0]], way=[[0, 0, BRIDGE, 0]])
    assert land.people.tolist() == [0, 0, 0, 8]


def test_where_all_ground_is_open_nothing_is_done():
    land, record, notes = off([[O, O]], [[1, 2]])
    assert land.people.tolist() == [1, 2]
    assert record.people.sum() == record.left.sum() == 0 and not notes


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 2**32), st.floats(50, 900), st.booleans(), st.sampled_from((-60.0, -13.0, 0.004, 47.0)))
def test_each_is_moved_to_the_cell_that_measuring_all_cells_finds_and_nobody_is_lost(seed, metres, degrees, north):
    dice = np.random.default_rng(seed)
    ny, nx = dice.integers(1, 9, 2)
    place = {"crs": "EPSG:4326", "cell": 1 / 1200, "west": 34.0, "north": north} if degrees else {}
    folk = dice.lognormal(0, 3, (ny, nx)) * (dice.random((ny, nx)) < 0.6)
    folk[dice.random((ny, nx)) < 0.1] = np.nan
    land = make_land(
        np.where(dice.random((ny, nx)) < 0.4, W, O), people=folk, area=dice.integers(-1, 2, (ny, nx)),
        way=np.where(dice.random((ny, nx)) < 0.1, BRIDGE, 0), **place,
    )  # fmt: skip
    found, record, _ = people.off_barriers(land, areas("A", "B"), metres)

    expected = land.people.copy()
    closed = np.isinf(land.pace)
    ground = ~closed & (land.way != BRIDGE) & land.known
    x, y = land.frame.centre_of(np.arange(land.frame.n))
    left, tied = 0.0, False
    for cell in np.flatnonzero(closed & (land.people > 0)):
        away = land.frame.metres_between(np.full(land.frame.n, x[cell]), np.full(land.frame.n, y[cell]), x, y)
        near = ground & (land.area == land.area[cell]) & (away <= metres)
        near = near & (land.people > 0) if (near & (land.people > 0)).any() else near
        if not near.any():
            left += land.people[cell]
            continue
        best = np.flatnonzero(near & (away <= away[near].min() + 1e-3))
        tied |= len(best) > 1
        expected[cell] = 0
        expected[best[0]] += land.people[cell]
    assert record.left.sum() == pytest.approx(left)
    assert found.people[closed] == pytest.approx(expected[closed])
    assert tied or found.people == pytest.approx(expected)
    assert found.people.sum() == pytest.approx(land.people.sum(), rel=1e-12)
    assert found.under_fives.sum() == pytest.approx(land.under_fives.sum(), rel=1e-12)
    assert record.people.sum() + record.left.sum() == pytest.approx(land.people[closed].sum())
    for area in (-1, 0, 1):
        there = land.area == area
        assert found.people[there].sum() == pytest.approx(land.people[there].sum(), rel=1e-9, abs=1e-9)
    assert np.nanmax(record.max_metres, initial=0.0) <= metres * (1 + 1e-6)
