from __future__ import annotations

import numpy as np
import openpyxl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from inputs.scene import notes_of

from planner.errors import InputFaults
from planner.inputs.area_tables import read_totals, read_under_fives
from planner.inputs.findings import Findings
from planner.inputs.spellings import spellings
from planner.scenario import Population
from planner.types.inputs import Areas

AREAS = Areas(
    np.array([shapely.Point()] * 3, object), code=("01", "02", "03"), name=("Île Mohéli موهيلي", "Nzwani", "Ngazidja"),
    parent_code=("N", "N", "S"), parent_name=("North", "North", "South"),
)  # fmt: skip


def totals_of(tmp_path, text, fixes=(), areas=AREAS, **columns):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    findings = Findings(tmp_path, fixes)
    return read_totals(Population(file="p.tif", totals="t.csv", totals_columns=columns), areas, findings), findings


def shares_of(tmp_path, text, fixes=()):
    (tmp_path / "u.csv").write_text(text, encoding="utf-8")
    findings = Findings(tmp_path, fixes)
    return read_under_fives(Population(file="p.tif", under_five_table="u.csv"), AREAS, findings), findings


def test_without_a_table_there_is_none(tmp_path):
    assert read_totals(Population(file="p.tif"), AREAS, Findings(tmp_path)) is None
    assert read_under_fives(Population(file="p.tif"), AREAS, Findings(tmp_path)) is None


def test_rows_find_their_areas_by_code_in_any_order(tmp_path):
    table, findings = totals_of(tmp_path, "Pcode;Population totale;U5\n03;1 234;200\n01;10;2\n02;20,5;3\n")
    assert table.of_area.tolist() == [1, 2, 0]
    assert table.people.tolist() == [1234, 10, 20.5]
    assert table.under_fives.tolist() == [200, 2, 3]
    assert table.code == ("03", "01", "02") and np.isnan(table.share).all()
    assert not notes_of(findings, "repaired") + notes_of(findings, "warning")
    assert [source.role for source in findings.sources] == ["totals"]


def test_rows_find_their_areas_by_name_without_accents_case_and_the_other_script(tmp_path):
    table, _ = totals_of(tmp_path, "ILE,Habitants\nile moheli,1\nNZWANI,2\nngazidja,3\n")
    assert table.of_area.tolist() == [0, 1, 2]
    assert table.name == AREAS.name and table.code == AREAS.code


def test_a_table_of_the_level_above_counts_its_areas_together(tmp_path):
    table, _ = totals_of(tmp_path, "province,people\nSouth,5\nNorth,7\n")
    assert table.of_area.tolist() == [1, 1, 0]
    assert table.people.tolist() == [5, 7] and table.name == ("South", "North")


def test_columns_may_be_named(tmp_path):
    table, _ = totals_of(tmp_path, "a,b,people\n01,4,9\n02,5,9\n03,6,9\n", code="a", people="b")
    assert table.people.tolist() == [4, 5, 6]


@pytest.mark.parametrize(("cells", "read"), [
    (("379,367", "327,382", "51,567"), [379367, 327382, 51567]),
    (("379.367", "327.382", "51.567"), [379367, 327382, 51567]),
    (("379367.5", "327.382", "51.567"), [379367.5, 327.382, 51.567]),
    (("379 367", "1\N{NO-BREAK SPACE}327\N{NO-BREAK SPACE}382", "0"), [379367, 1327382, 0]),
])  # fmt: skip
def test_people_are_whole_where_a_mark_can_mean_two_things(tmp_path, cells, read):
    rows = "".join(f'{code},"{cell}"\n' for code, cell in zip(("01", "02", "03"), cells, strict=True))
    assert totals_of(tmp_path, "code,people\n" + rows)[0].people.tolist() == read


def test_shares_may_be_in_percent_and_are_told(tmp_path):
    table, findings = shares_of(tmp_path, "code,share\n01,16.5 %\n02,15 %\n03,17\n")
    assert table.share.tolist() == pytest.approx([0.165, 0.15, 0.17])
    assert notes_of(findings, "repaired") == ['"share" is in percent: divided by 100']
    table, findings = shares_of(tmp_path, "code,share\n01,0.165\n02,0.150\n03,0.170\n")
    assert table.share.tolist() == [0.165, 0.15, 0.17] and not findings.notes


def test_shares_of_three_decimals_with_a_comma_are_no_thousands(tmp_path):
    table, _ = shares_of(tmp_path, "code;share\n01;0,165\n02;0,150\n03;0,170\n")
    assert table.share.tolist() == [0.165, 0.15, 0.17]


def test_shares_that_are_neither_are_a_fault(tmp_path):
    with pytest.raises(InputFaults, match=r"shares of under-fives above 0\.6 \(1\): row 3: 17"):
        shares_of(tmp_path, "code,share\n01,0.165\n02,17\n03,0.17\n")


def test_a_workbook_is_read_as_well(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Census of 2017"], ["District", "Population"], ["Nzwani", 327382], ["Ngazidja", 379367.5],
                ["Ile Moheli", 51567]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    table = read_totals(Population(file="p.tif", totals="t.xlsx"), AREAS, Findings(tmp_path))
    assert table.of_area.tolist() == [2, 0, 1]
    assert table.people.tolist() == [327382, 379367.5, 51567]


def test_all_faults_of_a_table_are_told_at_once(tmp_path):
    with pytest.raises(InputFaults) as told:
        totals_of(tmp_path, "name,people\nNzwany,10\nNzwani,20\nNZWANI,30\nNgazidja,-4\n")
    what = "\n".join(fault.what for fault in told.value.faults)
    assert '"people" holds what is no number from 0 (1): row 5 "Ngazidja": "-4".' in what
    assert 'has rows of none of the areas (1): row 2 "Nzwany"; the areas are 01 Île Mohéli موهيلي, 02' in what
    assert 'has several rows for one area (2): row 3 "Nzwani", row 4 "NZWANI".' in what
    assert "has no row for 1 of the 3 areas: 01 Île Mohéli" in what
    assert any('Did you mean "Nzwani"?' in fault.way_out for fault in told.value.faults)
    assert len(told.value.faults) == 4


def test_a_name_of_several_areas_needs_a_code(tmp_path):
    twice = Areas(AREAS.geometry, AREAS.code, ("Centre", "Centre", "Est"), AREAS.parent_code, AREAS.parent_name)
    with pytest.raises(InputFaults, match=r'rows whose area there is more than once \(1\): row 2 "Centre" \(01, 02\)'):
        totals_of(tmp_path, "name,people\nCentre,1\nEst,3\n", areas=twice)


def test_on_request_other_areas_are_left_out_and_missing_ones_stay(tmp_path):
    text = "name,people\nMayotte,10\nNzwani,20\nNgazidja,4\n"
    table, findings = totals_of(tmp_path, text, ("keep-missing-areas", "ignore-other-areas"))
    assert table.of_area.tolist() == [-1, 0, 1]
    assert table.people.tolist() == [20, 4]
    changes = {note.level: [change.place for change in note.changes] for note in findings.notes if note.changes}
    assert changes == {"left out": ['row 2 "Mayotte"'], "warning": ["01 Île Mohéli موهيلي"]}


def test_without_its_columns_a_table_is_refused(tmp_path):
    with pytest.raises(InputFaults) as told:
        totals_of(tmp_path, "x,y\n1,2\n")
    assert [fault.what.split(";")[0] for fault in told.value.faults] == [
        "has no column for code or area", "has no column for people"
    ]  # fmt: skip
    with pytest.raises(InputFaults, match="has no column for share or under_fives"):
        shares_of(tmp_path, "code,people\n01,2\n")


def test_where_the_areas_were_not_read_the_numbers_are_checked_all_the_same(tmp_path):
    assert totals_of(tmp_path, "code,people\n9,2\n", areas=None)[0] is None
    with pytest.raises(InputFaults, match="no number from 0"):
        totals_of(tmp_path, "code,people\n9,many\n", areas=None)


def test_a_name_in_two_scripts_or_with_another_in_brackets_is_each_of_them():
    assert spellings("Nzwani أنجوان") == ["nzwaniانجوان", "nzwani", "انجوان"]
    assert spellings("Hahaya (Bandas)") == ["hahayabandas", "hahaya", "bandas"]
    assert spellings("Île Mohéli") == ["ilemoheli"]
    assert spellings("B") == ["b"] and spellings("?") == []


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(("code,people", "name,people", "District;Pop;U5", "area\tshare", "")),
    st.lists(st.lists(st.sampled_from(("01", "Nzwani", "1,234", "x", "-", "", "12 %", "1e9", '"', "NaN", "inf"))
                      | st.text(max_size=6), max_size=4), max_size=5),
)  # fmt: skip
def test_any_rows_are_a_table_or_told_faults(tmp_path_factory, header, rows):
    sign = next((sign for sign in ",;\t" if sign in header), ",")
    text = "\n".join([header, *(sign.join(row) for row in rows)]).encode("utf-8", "replace").decode("utf-8")
    for read in (totals_of, shares_of):
        try:
            table, _ = read(tmp_path_factory.mktemp("any"), text, ("keep-missing-areas", "ignore-other-areas"))
        except InputFaults as told:
            assert all(fault.what and fault.way_out for fault in told.faults)
        else:
            said = np.column_stack([table.people, table.under_fives, table.share])
            assert (np.nan_to_num(said, nan=0.0) >= 0).all() and np.isfinite(np.nan_to_num(said)).all()
            assert table.of_area.max(initial=-1) + 1 == len(table.name)
