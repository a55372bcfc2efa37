"""CSV files in every encoding and with every separator come back as they were written."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inputs.scene import file_of, notes_of

from planner.errors import InputFaults
from planner.inputs.delimited import read_csv
from planner.inputs.encodings import decode

QUOTING = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]
NAMES = ["Mbale", "Santé", "São João", "Peñón", "Hôpital, Nord", "a;b", 'the "old" post', "x|y", "Façade", "Àgbà"]
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
OLD = {"cp1252": "Windows-1252", "latin-1": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS"}


def table_of(tmp_path, content):
    (tmp_path / "list.csv").write_bytes(content)
    file = file_of(tmp_path / "list.csv")
    return read_csv(file, ()), file.findings


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 9999).map("{:04d}".format), st.sampled_from(NAMES), st.floats(-90, 90)), min_size=1
    ),
    encoding=st.sampled_from([*UNICODE, *OLD]),
    delimiter=st.sampled_from(",;\t|"),
    decimal=st.sampled_from(".,"),
    quoting=st.sampled_from(QUOTING),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_table_comes_back_through_encoding_separator_decimal_and_quoting(
    tmp_path, rows, encoding, delimiter, decimal, quoting, newline
):
    rows = [("0000", "Santé de référence à l’hôpital", -0.5), *rows]  # one accent alone says little of its encoding
    if encoding in {"latin-1", "cp850"}:
        rows = [(own, name.replace("’", "'"), lat) for own, name, lat in rows]
    rows = [(own, name, f"{lat:.5f}".replace(".", decimal)) for own, name, lat in rows]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=newline)
    writer.writerows([("Code", "Nom", "Latitude"), *rows])
    table, findings = table_of(tmp_path, text.getvalue().encode(encoding))
    assert table.header == ("Code", "Nom", "Latitude")
    assert list(zip(*table.columns, strict=True)) == rows
    assert not [note for note in findings.notes if note.level == "warning"]


@pytest.mark.parametrize(("encoding", "said"), OLD.items())
def test_an_old_encoding_is_guessed_and_told_with_the_words_to_look_at(tmp_path, encoding, said):
    table, findings = table_of(tmp_path, "code;nom\n1;Centre de Santé à Mbalé\n2;Hôpital\n".encode(encoding))
    assert table.cells("nom") == ["Centre de Santé à Mbalé", "Hôpital"]
    [note] = notes_of(findings, "repaired")
    assert f"read as {said}" in note and '"Santé", "à", "Mbalé" and 1 more' in note


def test_text_that_was_read_twice_is_a_warning_with_what_it_was(tmp_path):
    _, findings = table_of(tmp_path, "code,nom\n1,SantÃ© d’ici\n2,HÃ´pital\n".encode())
    [note] = notes_of(findings, "warning")
    assert '"SantÃ©" for "Santé", "HÃ´pital" for "Hôpital"' in note


def test_letters_that_are_lost_are_a_warning(tmp_path):
    _, findings = table_of(tmp_path, "code,nom\n1,Sant\ufffd\n".encode())
    assert notes_of(findings, "warning") == ['letters were lost before this file was written: "Sant\ufffd"']


@pytest.mark.parametrize("nothing_wrong", ["SÃO TOMÉ, IRMÃ", "Âge à Ânes", "100 % – «oui»", "Ã", "Mbalé"])
def test_true_accents_are_no_warning(tmp_path, nothing_wrong):
    assert not table_of(tmp_path, f'code,nom\n1,"{nothing_wrong}"\n'.encode())[1].notes


@given(content=st.binary(max_size=60) | st.text(max_size=30).map(lambda text: text.encode("utf-16-le")))
def test_no_bytes_break_the_decoder(content):
    from pathlib import Path

    try:
        assert isinstance(decode(content, file_of(Path("x.csv"))), str)
    except InputFaults as told:
        assert told.faults


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "SEP=;\n"])
def test_the_line_that_tells_excel_the_separator_is_obeyed_and_not_counted(tmp_path, first):
    table, _ = table_of(tmp_path, (first + "code;nom,x\n1;a,b\n").encode())
    assert (table.header, table.row) == (("code", "nom,x"), [2])


def test_decimal_commas_between_commas_are_refused_with_the_way_out(tmp_path):
    with pytest.raises(InputFaults, match="decimal commas"):
        table_of(tmp_path, b"name,lat,lon\nMbale,-13,5,34,2\nMoya,-13,6,34,3\n")


def test_a_quote_that_swallows_rows_is_a_warning(tmp_path):
    _, findings = table_of(tmp_path, b'id,name,lat,lon\n1,"Mbale,-13,34\n2,Moya",-13,34\n3,Kaa,-13,34\n')
    assert "row 2 has a cell of several lines that look like rows" in notes_of(findings, "warning")[0]


def test_separators_other_than_commas_are_told(tmp_path):
    assert notes_of(table_of(tmp_path, b"code\tname\n1\ta\n")[1], "info") == ["its cells are separated by tabs"]
    assert not table_of(tmp_path, b"code,name\n1,a\n")[1].notes
