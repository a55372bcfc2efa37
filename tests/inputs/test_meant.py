"""Ids and names that a spreadsheet, a program or a person did not leave as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inputs.scene import file_of, notes_of

from planner.inputs.meant import meant
from planner.inputs.table import Table
from planner.inputs.text import as_text


def meant_of(tmp_path, **columns):
    (tmp_path / "f.csv").touch()
    file = file_of(tmp_path / "f.csv")
    cells = tuple([cell if isinstance(cell, str) else as_text(cell) for cell in column] for column in columns.values())
    label = "name" if "name" in columns else ""
    table = Table(file, tuple(columns), cells, range(2, len(cells[0]) + 2), label=label)
    return meant(table, {name: name for name in columns}), file.findings


def test_words_for_nothing_are_blank_but_na_is_a_name(tmp_path):
    table, findings = meant_of(tmp_path, id=["1", "N/A", "3"], name=["NA", "Moya", "-"])
    assert (table.cells("id"), table.cells("name")) == (["1", "", "3"], ["NA", "Moya", ""])
    changes = [(each.place, each.before, each.after) for note in findings.notes for each in note.changes]
    assert changes == [('row 3 "Moya", id', "N/A", ""), ("row 4, name", "-", "")]


def test_ids_that_a_program_wrote_as_decimals_are_whole_again(tmp_path):
    table, findings = meant_of(tmp_path, id=["101.0", "", "7.0"], name=["A", "B", "C"])
    assert table.cells("id") == ["101", "", "7"]
    assert notes_of(findings, "repaired") == ['"id": ids written as decimals']


@pytest.mark.parametrize("ids", [["1.0", "1.1"], ["1.0", "A"], ["0101", "0102"], ["101", "102"]])
def test_ids_are_left_as_they_are_where_they_may_mean_it(tmp_path, ids):
    table, findings = meant_of(tmp_path, id=ids)
    assert table.cells("id") == ids and not findings.notes


@pytest.mark.parametrize("cell", ["2026-03-02", "2-Mar", "02/03/2026", "Mar-02", "5-mai", "1-août", "3-dez."])
def test_names_that_became_dates_are_a_warning(tmp_path, cell):
    _, findings = meant_of(tmp_path, id=["1", "2"], name=["Mbale", cell])
    assert (
        f'"name" holds dates: a spreadsheet makes them of names such as 2-Mar; write them as text (row 3 = "{cell}"'
        in (notes_of(findings, "warning")[0])
    )


@pytest.mark.parametrize("cell", ["Cité du 5 Mai", "Zone 2-3", "Marzo", "2-B", "12"])
def test_other_names_with_numbers_are_names(tmp_path, cell):
    assert not meant_of(tmp_path, id=["1"], name=[cell])[1].notes


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (
            ["1.23457E+11", "1,2E+11"],
            'that have lost digits: export them again as text (row 2 "A" = ',
        ),
        ([1.2345678901234567e16, "A"], "ids held as numbers, of which a spreadsheet keeps 15 digits only"),
        (
            ["0101", "102"],
            'one digit short beside others that begin with 0: theirs may be lost (row 3 "B" = "102")',
        ),
    ],
)
def test_ids_that_have_lost_digits_are_a_warning(tmp_path, ids, said):
    _, findings = meant_of(tmp_path, id=ids, name=["A", "B"])
    assert said in notes_of(findings, "warning")[0]


@given(ids=st.lists(st.text(max_size=8), max_size=6))
def test_no_ids_break_it_and_none_is_lost(ids, tmp_path_factory):
    table, findings = meant_of(tmp_path_factory.getbasetemp(), id=ids)
    changed = sum(note.count for note in findings.notes if note.level == "repaired")
    assert len(table) == len(ids)
    assert sum(a != b for a, b in zip(ids, table.cells("id"), strict=True)) == changed
