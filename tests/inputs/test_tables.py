from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from inputs.scene import file_of, notes_of

from planner.errors import InputFaults
from planner.inputs.delimited import read_csv
from planner.inputs.encodings import strange
from planner.inputs.text import as_text, clean, examples, fold


def csv_of(tmp_path, content: bytes | str):
    path = tmp_path / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    file = file_of(path)
    return read_csv(file), file.findings


def rows_of(table):
    return [table.header, *zip(*table.columns, strict=True)]


cells = st.text(st.characters(exclude_categories=("C",), exclude_characters="\0"), max_size=12).map(clean)
latin = st.text("abcdefghijklmnopqrstuvwxyzàâçéèêëîïôûüñãõ ,;|'\".-0123456789", max_size=12).map(clean)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(cells, cells, cells).filter(any), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_every_name_comes_back_through_every_encoding_and_delimiter(tmp_path, rows, delimiter, encoding, newline):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "name", "note"), *rows])
    table, _ = csv_of(tmp_path, text.getvalue().encode(encoding))
    assert rows_of(table) == [("id", "name", "note"), *rows]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(latin, latin), min_size=1, max_size=6))
def test_windows_text_is_read_with_a_note(tmp_path, rows):
    rows = [("clé", "santé"), *rows]
    assume(all(map(any, rows)))
    text = io.StringIO()
    csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    assume(not strange(text.getvalue()))
    table, findings = csv_of(tmp_path, text.getvalue().encode("cp1252"))
    assert rows_of(table) == rows
    assert "Windows-1252" in notes_of(findings, "repaired")[0]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_bytes_end_in_a_table_or_a_fault(tmp_path, content):
    try:
        table, _ = csv_of(tmp_path, content)
    except InputFaults as faults:
        assert faults.faults
    else:
        assert all(len(column) == len(table) for column in table.columns)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (7.0, "7"),
        (7.5, "7.5"),
        ("NA", "NA"),
        (" a\n b ", "a b"),
        ("\u202eevil\u0007", "evil"),
        ("e\u0301", "é"),
        ("a \u200b b\u00ad", "a b"),
        ("👩🏾\u200d⚕️", "👩🏾\u200d⚕️"),
        (date(2020, 1, 2), "2020-01-02"),
        (True, "True"),
    ],
)
def test_cells_become_the_text_people_see(value, text):
    assert as_text(value) == text


def test_words_are_compared_without_accents_case_and_spaces():
    assert fold(" Facility_Name ") == fold("FACILITY NAME") == "facilityname"
    assert fold("Código") == fold("CODIGO")
    assert fold("LL source") != fold("lon")


def test_examples_are_three_and_a_count():
    assert examples("abcde") == "a, b, c and 2 more"
    assert examples("abc") == "a, b, c"


def test_a_decimal_comma_does_not_split_the_cells(tmp_path):
    table, _ = csv_of(tmp_path, "name;lat;lon\nMbale;-10,5;40,5\nMoya;-10,25;40,75\n")
    assert rows_of(table) == [("name", "lat", "lon"), ("Mbale", "-10,5", "40,5"), ("Moya", "-10,25", "40,75")]


def test_commas_inside_a_header_do_not_win_over_semicolons(tmp_path):
    table, _ = csv_of(tmp_path, "name;lat, deg;lon, deg\nA, B, C;1;2\nD;3;4\n")
    assert table.header == ("name", "lat, deg", "lon, deg")


def test_a_list_of_one_column_is_a_table(tmp_path):
    table, _ = csv_of(tmp_path, "name\nMbale\nMoya\n")
    assert rows_of(table) == [("name",), ("Mbale",), ("Moya",)]


def test_titles_above_the_header_are_passed_over_and_rows_keep_their_numbers(tmp_path):
    table, findings = csv_of(tmp_path, "Register of 2024\n\nid,name\n1,Mbale\n\n2,Moya\n")
    assert table.header == ("id", "name")
    assert table.row == [4, 6]
    assert notes_of(findings, "info") == ["the header was found in row 3"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ('id,name\n1,"Mbale\n2,Moya\n', "row 2 opens a quote that nothing closes"),
        ('id,name\n1,"Mbale"x\n2,Moya\n', "row 2, line 2: ',' expected after '\"'"),
        ("id,name\n1,Mbale,5\n", "more cells than the header in 1 of 1 rows, first in row 2"),
        ("id,name\n1,Mb\0ale\n", "NUL"),
        (b"\xff\xfe\x00", "begins as UTF-16, but is damaged at byte"),
        (b"id,name\n1,\x81\n", "unknown encoding"),
    ],
)
def test_a_broken_csv_is_a_fault_that_says_where(tmp_path, content, said):
    with pytest.raises(InputFaults, match=said):
        csv_of(tmp_path, content)


def test_short_rows_are_filled_and_told(tmp_path):
    table, findings = csv_of(tmp_path, "id,name,type\n1,Mbale\n2,Moya,CS\n")
    assert rows_of(table)[1] == ("1", "Mbale", "")
    [note] = findings.notes
    assert (note.what, note.changes[0].place) == ("rows with fewer cells than the header", "row 2")


def test_two_columns_of_one_name_are_a_fault_only_when_asked_for(tmp_path):
    table, _ = csv_of(tmp_path, "id,name,name\n1,a,b\n")
    assert table.cells("id") == ["1"]
    with pytest.raises(InputFaults, match='2 columns named "name"'):
        table.cells("name")


def test_rows_are_kept_by_the_text_of_a_column(tmp_path):
    table, findings = csv_of(tmp_path, "id,kind\n1,NA\n2,x\n3,\n")
    assert table.filtered({"Kind": ("NA", "y")}).row == [2]
    assert findings.notes[0].count == 2
    with pytest.raises(InputFaults, match="no row where kind = z"):
        table.filtered({"kind": ("z",)})
    with pytest.raises(InputFaults, match=r'no column "kinds"; found "id", "kind". Did you mean "kind"\?'):
        table.filtered({"kinds": ("z",)})
