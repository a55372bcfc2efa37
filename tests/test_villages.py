import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lands import make_land, village_list
from planner import villages
from planner.scenario import VillagesTable
from planner.types.inputs import UnplacedVillage
from planner.types.lists import Origin

RULES = VillagesTable(min_people_per_cell=1.0, min_people=10.0, name_metres=150.0)


def listed(land, **cells):
    """A list of villages, each at the centre of a flat cell."""
    flat = np.array(list(cells.values()), np.int32)
    x, y = land.frame.centre_of(flat)
    return village_list([f"V{k}" for k in range(len(cells))], list(cells), x, y), flat


def land_with(people):
    people = np.array(people, float)
    return make_land(np.full(people.shape, 5.0), people=people)


def find(land, rules=RULES, **cells):
    """The villages, and the notes on them."""
    places, cell = listed(land, **cells)
    found = villages.find(land, places, cell, rules)
    return found.villages, villages.join(land, places, (), found, rules)[1]


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
    assert villages.find(land, places, cell, RULES).villages.name == ("Alpha", "V1", "near Alpha")


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


def joined(people, places, cell, rules=RULES, unplaced=(), area=None):
    land = make_land(np.full(np.shape(people), 5.0), people=people, area=area)
    return villages.join(land, places, unplaced, villages.find(land, places, cell, rules), rules)


def rows_of(note):
    return {change.place: change.after for change in note.changes}


def told(notes, word):
    [note] = [note for note in notes if word in note.what]
    return note


def test_the_join_tells_of_each_village_its_settlement_how_far_it_is_and_who_lives_there():
    land = land_with([[30, 0, 0, 0, 0, 0, 12, 12]])
    places, cell = listed(land, In=0, Near=1, Far=4)
    rows, notes = joined([[30, 0, 0, 0, 0, 0, 12, 12]], places, cell)
    told_of = {row.name: (row.settlement, round(row.metres), row.people) for row in rows}
    assert told_of == {"In": (1, 0, 30), "Near": (1, 100, 0), "Far": (0, 200, 0), "near Far": (2, 200, 24)}
    assert [row.how for row in rows] == ["position"] * 3 + ["found in the raster"]
    nobody = told(notes, "without people")
    assert nobody.level == "warning"
    assert rows_of(nobody) == {
        "Near": "all people near it live nearer to another name", "Far": "nobody lives within 150 m"
    }  # fmt: skip
    found = told(notes, "no name in the list")
    assert (found.count, rows_of(found)) == (24, {"R0001 near Far": "200 m from a listed village"})


def test_villages_of_one_name_are_told_where_they_are_of_one_area():
    people, area = [[30, 0, 30, 0, 0, 30]], [[0, 0, 0, 0, 1, 1]]
    x, y = land_with(people).frame.centre_of([0, 2, 5])
    places = village_list("ABC", ["Mbeni", "MBENI", "Mbeni"], x, y)
    _, notes = joined(people, places, np.array([0, 2, 5], np.int32), area=area)
    assert rows_of(told(notes, "one name in one area")) == {
        "Mbeni": "same name as MBENI",
        "MBENI": "same name as Mbeni",
    }


def test_numbers_of_people_that_disagree_more_than_the_factor_are_told_worst_first():
    people = [[30, 0, 40, 0, 50, 0, 60]]
    cell = np.array([0, 2, 4, 6], np.int32)
    x, y = land_with(people).frame.centre_of(cell)
    places = village_list("ABCD", ["Three", "Under", "Over", "Unsaid"], x, y, people=[10, 125, 10, np.nan])
    rows, notes = joined(people, places, cell, RULES.model_copy(update={"name_metres": 50.0}))
    assert list(rows_of(told(notes, "differ")).items()) == [
        ("Over", "50 in the raster, 5.0 times more"), ("Under", "40 in the raster, 3.1 times fewer")
    ]  # fmt: skip
    assert [row.list_people for row in rows[:3]] == [10, 125, 10]
    assert rows[2].remarks == ("50 in the raster, 5.0 times more",) and rows[0].remarks == ()


def test_villages_without_a_position_are_rows_of_the_join():
    people = [[30, 0]]
    x, y = land_with(people).frame.centre_of([0])
    lost = UnplacedVillage(Origin("v.csv", 9, "V9", "Dowa", "no coordinates"), "East", 70.0, "perhaps Dova (75 %)")
    rows, _ = joined(people, village_list("A", ["Mbeni"], x, y), np.array([0], np.int32), unplaced=[lost])
    assert (rows[1].row, rows[1].how, rows[1].list_people, rows[1].settlement) == ('row 9 "Dowa"', "no position", 70, 0)
    assert rows[1].remarks == ("perhaps Dova (75 %)",)


def test_without_a_list_settlements_are_not_told_one_by_one():
    _, notes = find(land_with([[30, 0, 0, 40]]))
    assert told(notes, "no name in the list").changes == ()
