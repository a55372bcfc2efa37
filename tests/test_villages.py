import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lands import make_land
from planner import villages
from planner.scenario import VillagesTable
from planner.types.inputs import Places

RULES = VillagesTable(min_people_per_cell=1.0, min_people=10.0, name_metres=150.0)


def listed(land, **cells):
    """A list of villages, each at the centre of a flat cell."""
    flat = np.array(list(cells.values()), np.int32)
    x, y = land.frame.centre_of(flat)
    ids = tuple(f"V{k}" for k in range(len(cells)))
    return Places(ids, tuple(cells), x, y), flat


def land_with(people):
    people = np.array(people, float)
    return make_land(np.full(people.shape, 5.0), people=people)


def find(land, rules=RULES, **cells):
    return villages.find(land, *listed(land, **cells), rules)


def test_a_name_takes_the_whole_settlement_it_stands_in():
    found, _ = find(land_with([[9, 9, 0, 0, 20]]), Alpha=0)
    assert found.name == ("Alpha", "near Alpha")
    assert found.people.tolist() == [18, 20]
    assert found.of_cell.tolist() == [0, 0, -1, -1, 1]
    assert found.listed.tolist() == [True, False]


def test_two_names_split_a_settlement_between_them():
    found, _ = find(land_with([[4, 4, 4, 4, 4, 4]]), West=0, East=4)
    assert found.of_cell[[0, 1, 3, 4, 5]].tolist() == [0, 0, 1, 1, 1]
    assert found.people.sum() == 24


def test_a_name_close_by_names_the_settlement_and_a_name_far_off_does_not():
    land = land_with([[30, 0, 0, 0]])
    near, _ = find(land, Near=1)
    assert near.people.tolist() == [30]
    far, notes = find(land, Far=3)
    assert far.people.tolist() == [0, 30]
    assert far.name == ("Far", "near Far")
    assert any(note.level == "warning" and note.count == 1 for note in notes)


def test_a_found_village_is_not_called_after_one_that_has_only_a_number():
    land = land_with([[0, 30, 0, 0, 0, 0, 0, 0]])
    places, cell = listed(land, Alpha=7, V1=4)
    assert villages.find(land, places, cell, RULES)[0].name == ("Alpha", "V1", "near Alpha")


def test_a_settlement_of_few_people_without_a_name_is_scattered():
    found, notes = find(land_with([[5, 0, 0, 12, 0.5]]))
    assert found.id == ("R0001",) and found.name == ("settlement 1",)
    assert found.people.tolist() == [12]
    scattered = [note.count for note in notes if "scattered" in note.what]
    assert scattered == [5.5]


def test_a_found_village_lies_in_an_open_cell_near_the_middle_of_its_people():
    land = land_with([[1, 1, 50, 1, 1]])
    assert find(land)[0].cell.tolist() == [2]
    closed = make_land([[5.0, 5.0, 0.0, 5.0, 5.0]], people=[[1, 1, 50, 1, 1]])
    assert find(closed)[0].cell.tolist() == [1]


def test_a_settlement_wider_than_a_village_is_cut_into_equal_parts():
    rules = RULES.model_copy(update={"widest_metres": 300.0})
    found, _ = find(land_with([[5] * 8]), rules)
    assert found.of_cell.tolist() == [0, 0, 0, 1, 1, 1, 2, 2]
    assert found.people.tolist() == [15, 15, 10]
    assert found.cell.tolist() == [1, 4, 6]
    whole, _ = find(land_with([[5] * 3]), rules)
    assert whole.people.tolist() == [15]


def test_in_a_wide_settlement_a_name_reaches_half_the_width_of_a_village():
    rules = RULES.model_copy(update={"widest_metres": 420.0})
    found, _ = find(land_with([[20] * 8]), rules, Alpha=1)
    assert found.name == ("Alpha", "near Alpha")
    assert found.of_cell.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    narrow, _ = find(land_with([[20] * 4]), rules, Alpha=0)
    assert narrow.of_cell.tolist() == [0, 0, 0, 0]


def test_settlements_touch_on_the_diagonal():
    assert find(land_with([[20, 0], [0, 20]]))[0].people.tolist() == [40]


@given(
    st.integers(0, 10_000),
    st.lists(st.integers(0, 47), max_size=5, unique=True),
    st.floats(0.1, 20),
    st.floats(0, 60),
    st.floats(50, 1000),
)
def test_every_person_is_in_one_village_or_scattered(seed, cells, per_cell, min_people, widest):
    people = np.random.default_rng(seed).gamma(0.3, 15, (6, 8))
    land = land_with(people)
    rules = VillagesTable(min_people_per_cell=per_cell, min_people=min_people, name_metres=120.0, widest_metres=widest)
    found, _ = find(land, rules, **{f"N{cell}": cell for cell in cells})
    scattered = land.people[found.of_cell < 0].sum()
    assert found.people.sum() + scattered == pytest.approx(people.sum(), rel=1e-9)
    assert found.under_fives.sum() == pytest.approx(found.people.sum() * 0.16)
    for k in np.flatnonzero(~found.listed):
        assert found.of_cell[found.cell[k]] == k
        assert found.people[k] >= min_people
        row, col = np.divmod(np.flatnonzero(found.of_cell == k), 8)
        assert 100 * (1 + max(np.ptp(row), np.ptp(col))) <= max(widest, 100)
