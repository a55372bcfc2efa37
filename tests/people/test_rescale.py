import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lands import make_land
from planner import people
from planner.errors import InputFaults
from planner.types.people import AreaTable

NAN = np.nan
LAND = make_land([[5.0] * 6], people=[[10, 30, 0, 60, 5, 7]], area=[[0, 0, 0, 1, 2, -1]])


def table(of_area, people=NAN, under_fives=NAN, share=NAN):
    """A table of as many rows as `of_area` names, with these numbers in each."""
    count = max(of_area) + 1
    names = tuple(f"A{k}" for k in range(count))
    columns = (np.broadcast_to(np.array(each, float), count).copy() for each in (people, under_fives, share))
    return AreaTable("census.csv", names, names, np.array(of_area, np.int32), *columns)


def test_the_people_of_each_area_add_up_to_the_table_and_keep_their_places():
    land, step, notes = people.by_table(LAND, table([0, 1, -1], [80, 30]), "totals")
    assert land.people.tolist() == [20, 60, 0, 30, 5, 7]
    assert land.under_fives == pytest.approx(land.people * 0.16)
    assert step.name == ("A0", "A1", "everybody else")
    assert step.people_before.tolist() == [40, 60, 12] and step.people.tolist() == [80, 30, 12]
    assert [note.level for note in notes] == ["repaired", "info"]
    assert [change.after for change in notes[0].changes] == ["80 (x 2)", "30 (x 0.5)"]
    assert notes[1].count == 7  # outside all areas


def test_factors_beyond_half_and_twice_are_warned_of():
    _, _, notes = people.by_table(LAND, table([0, 1, -1], [81, 29]), "totals")
    [warned] = [note for note in notes if note.level == "warning"]
    assert [change.place for change in warned.changes] == ["A0", "A1"]


def test_areas_of_one_row_are_multiplied_together():
    land, step, _ = people.by_table(LAND, table([0, 0, 1], [200, 5]), "totals")
    assert land.people.tolist() == [20, 60, 0, 120, 5, 7]
    assert step.people.tolist() == [200, 5, 7]


def test_under_fives_come_from_shares_or_numbers_as_the_people_live():
    land, _, _ = people.by_table(LAND, table([0, 1, -1], share=[0.2, 0.1]), "under-fives")
    assert land.people.tolist() == LAND.people.tolist()
    assert land.under_fives == pytest.approx([2, 6, 0, 6, 0.8, 1.12])
    land, _, _ = people.by_table(LAND, table([0, 1, -1], under_fives=[4, 30]), "under-fives")
    assert land.under_fives == pytest.approx([1, 3, 0, 30, 0.8, 1.12])


def test_totals_with_under_fives_rescale_both_and_totals_without_keep_the_share():
    land, step, _ = people.by_table(LAND, table([0, 1, -1], [80, 60], [8, NAN]), "totals")
    assert land.under_fives == pytest.approx([2, 6, 0, 9.6, 0.8, 1.12])
    assert step.under_fives == pytest.approx([8, 9.6, 1.92])


def test_shares_beside_totals_are_of_the_rescaled_people():
    land, step, _ = people.by_table(LAND, table([0, 1, -1], [80, 30], share=[0.2, 0.1]), "totals")
    assert step.under_fives[:2] == pytest.approx([16, 3])
    assert land.under_fives.sum() == pytest.approx(16 + 3 + 12 * 0.16)


def test_children_are_spread_as_the_people_where_the_raster_has_none():
    childless = make_land([[5.0] * 3], people=[[10, 30, 60]], area=[[0, 0, 1]])
    childless.under_fives[:2] = 0
    land, _, _ = people.by_table(childless, table([0, 1], under_fives=[8, 12]), "under-fives")
    assert land.under_fives == pytest.approx([2, 6, 12])


def test_shares_that_no_people_has_are_warned_of():
    _, _, notes = people.by_table(LAND, table([0, 1, -1], share=[0.31, 0.3]), "under-fives")
    assert [change.place for note in notes if note.level == "warning" for change in note.changes] == ["A0"]


def test_people_where_the_raster_has_none_and_more_children_than_people_are_faults_told_at_once():
    empty = make_land([[5.0] * 3], people=[[0, 30, 60]], area=[[0, 1, 2]])
    with pytest.raises(InputFaults) as told:
        people.by_table(empty, table([0, 1, 2], [5, 30, 60], [NAN, 31, NAN]), "totals")
    assert [(fault.where, "A0" in fault.what, "A1" in fault.what) for fault in told.value.faults] == [
        ("census.csv", True, False), ("census.csv", False, True)
    ]  # fmt: skip


def test_growth_multiplies_all_people_and_tells_it():
    land, step, [note] = people.by_growth(LAND, 1.02**5, "growth of 5 years")
    assert land.people == pytest.approx(LAND.people * 1.1040808032)
    assert step.people[0] == pytest.approx(land.people.sum()) and step.people_before[0] == 112
    assert note.what == "growth of 5 years: multiplied by 1.104" and note.changes[0].after == "124"


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5), st.integers(1, 200))
def test_rescaled_people_add_up_to_the_table_and_everybody_else_stays(seed, n_areas, n):
    dice = np.random.default_rng(seed)
    area = dice.integers(-1, n_areas, (1, n))
    land = make_land(np.full((1, n), 5.0), people=dice.lognormal(0, 4, (1, n)), area=area)
    of_area = np.arange(n_areas)
    of_area[dice.integers(n_areas)] = -1  # one area is not in the table
    before = np.bincount(area.ravel() + 1, land.people, n_areas + 1)[1:]
    wanted = np.where((before > 0) & (of_area >= 0), dice.lognormal(3, 2, n_areas), 0.0)
    asked = AreaTable("t.csv", ("",) * n_areas, ("",) * n_areas, of_area.astype(np.int32), wanted,
                      np.full(n_areas, NAN), np.full(n_areas, NAN))  # fmt: skip
    found, step, _ = people.by_table(land, asked, "totals")
    after = np.bincount(area.ravel() + 1, found.people, n_areas + 1)[1:]
    assert after == pytest.approx(np.where(of_area < 0, before, wanted), rel=1e-9)
    assert found.people[area.ravel() < 0].tolist() == land.people[area.ravel() < 0].tolist()
    assert step.people.sum() == pytest.approx(found.people.sum(), rel=1e-9)
    assert step.people_before.sum() == pytest.approx(land.people.sum(), rel=1e-9)
    assert step.under_fives.sum() == pytest.approx(found.under_fives.sum(), rel=1e-9)
