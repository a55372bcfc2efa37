"""Workbooks as ministries keep them."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from xml.sax.saxutils import escape

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inputs.scene import file_of, notes_of
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from planner.errors import InputFaults
from planner.inputs.text import as_text, clean
from planner.inputs.workbook import read_workbook

HEADER = ["Code", "Nom", "Latitude", "Longitude"]


def book(rows, **sheets):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    for name, more in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in more:
            sheet.append(row)
    return workbook


def read(tmp_path, workbook, sheet="", name="l.xlsx", wanted=()):
    if isinstance(workbook, bytes):
        (tmp_path / name).write_bytes(workbook)
    else:
        workbook.save(tmp_path / name)
    file = file_of(tmp_path / name)
    return read_workbook(file, sheet, wanted), file.findings


def changes_of(findings, level="repaired"):
    notes = [note for note in findings.notes if note.level == level]
    return [(change.place, change.before, change.after) for note in notes for change in note.changes]


def rows_of(table):
    return [table.header, *zip(*table.columns, strict=True)]


def ods(rows):
    """An open document by hand: text and numbers in one table."""
    kinds = {True: 'office:value-type="float" office:value="{0}"', False: 'office:value-type="string"'}
    cell = "<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"
    lines = []
    for row in rows:
        kind = [kinds[isinstance(value, int | float)].format(value) for value in row]
        cells = (cell.format(kind=k, text=escape(str(value))) for k, value in zip(kind, row, strict=True))
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{short}="{urn}:{short}:1.0"' for short in ("office", "table", "text"))
    return (
        f'<office:document-content {names} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Liste">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )


def save_ods(path, rows):
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    names = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", ods(rows))
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {names}>{entry}</manifest:manifest>")
    return path.read_bytes()


texts = st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=12).map(clean).filter(bool)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(texts, texts, st.floats(-90, 90).map(lambda v: round(v, 6)), st.integers(0, 10**12)),
        min_size=1,
        max_size=6,
    )
)
def test_a_workbook_comes_back_as_it_was_written(tmp_path, rows):
    workbook = Workbook()
    workbook.active.append(["Code", "Name", "Latitude", "People"])
    for row in rows:
        workbook.active.append([*row])
        for cell in workbook.active[workbook.active.max_row][:2]:
            cell.data_type = "s"  # "=1" is a name here
    table, _ = read(tmp_path, workbook)
    kept = [tuple(map(as_text, row)) for row in rows]
    assert [row for row in rows_of(table)[1:] if row in kept] == rows_of(table)[1:]
    assert len(table) + sum(note.count for note in table.file.findings.notes if note.level == "left out") == len(rows)


def test_titles_blank_rows_and_notes_stand_around_the_table(tmp_path):
    rows = [
        ["MINISTÈRE DE LA SANTÉ"], [], ["Liste des formations sanitaires", None, None, 2024], HEADER,
        ["0101", "CS Mbale", -13, 34], [], ["0102", "CS Moya", -13, 34], ["TOTAL", 2], [], ["Source : DHIS2"],
    ]  # fmt: skip
    table, findings = read(tmp_path, book(rows))
    assert table.header == tuple(HEADER)
    assert table.row == [5, 7]
    assert [before for _, before, _ in changes_of(findings, "left out")] == ["Source : DHIS2", "TOTAL | 2"]


def test_two_header_rows_with_merged_groups_are_joined(tmp_path):
    workbook = book([["Code", "Nom", "GPS", None, "Lits"], [None, None, "Latitude", "Longitude", None],
                     ["1", "A", -13, 34, 5]])  # fmt: skip
    for area in ("A1:A2", "B1:B2", "E1:E2", "C1:D1"):
        workbook.active.merge_cells(area)
    table, findings = read(tmp_path, workbook)
    assert table.header == ("Code", "Nom", "GPS / Latitude", "GPS / Longitude", "Lits")
    assert table.row == [3]
    assert not changes_of(findings)


def test_a_title_merged_over_the_table_is_no_group(tmp_path):
    workbook = book([["Liste 2024"], HEADER, ["1", "A", -13, 34]])
    workbook.active.merge_cells("A1:D1")
    assert read(tmp_path, workbook)[0].header == tuple(HEADER)


def test_cells_merged_over_rows_count_in_each_and_are_listed(tmp_path):
    workbook = book([["District", *HEADER], ["Dowa", "1", "A", -13, 34], [None, "2", "B", -13, 34],
                     [None, "3", "C", -13, 34], ["Lobi", "4", "D", -13, 34]])  # fmt: skip
    workbook.active.merge_cells("A2:A4")
    table, findings = read(tmp_path, workbook)
    assert table.cells("District") == ["Dowa", "Dowa", "Dowa", "Lobi"]
    assert changes_of(findings) == [("rows 3 to 4, District", "merged with row 2", "Dowa")]


def test_headings_merged_over_the_table_are_left_out_and_listed(tmp_path):
    workbook = book([HEADER, ["District de Dowa"], ["1", "A", -13, 34], ["District de Lobi"], ["2", "B", -13, 34]])
    workbook.active.merge_cells("A2:D2")
    workbook.active.merge_cells("A4:D4")
    table, findings = read(tmp_path, workbook)
    assert table.cells("Code") == ["1", "2"]
    assert [before for _, before, _ in changes_of(findings, "left out")] == ["District de Dowa", "District de Lobi"]


def test_hidden_rows_count_with_a_warning_and_hidden_columns_are_told(tmp_path):
    workbook = book([HEADER, ["1", "A", -13, 34], ["2", "B", -13, 34]])
    workbook.active.row_dimensions[3].hidden = True
    workbook.active.column_dimensions["C"].hidden = True
    table, findings = read(tmp_path, workbook)
    assert table.cells("Code") == ["1", "2"]
    assert "hidden rows count as well, first row 3" in notes_of(findings, "warning")[0]
    assert "hidden columns are read as well" in notes_of(findings, "info")


def test_the_sheet_with_the_usual_names_is_read_and_the_others_are_told(tmp_path):
    workbook = book([["How to fill this in"], ["Colour", "Meaning"]], Codes=[["Code", "Nom"], ["CS", "Centre"]],
                    Liste=[HEADER, ["1", "A", -13, 34]])  # fmt: skip
    table, findings = read(tmp_path, workbook)
    assert table.header == tuple(HEADER)
    assert 'read its sheet "Liste", not Sheet, Codes (`sheet` chooses)' in notes_of(findings, "info")
    assert read(tmp_path, workbook, "Codes")[0].header == ("Code", "Nom")
    with pytest.raises(InputFaults, match=r'no sheet "liste"; found Sheet, Codes, Liste\. Did you mean "Liste"'):
        read(tmp_path, workbook, "liste")


def test_a_hidden_sheet_is_not_chosen(tmp_path):
    workbook = book([["Code", "Nom"], ["1", "A"]], Old=[HEADER, ["9", "Z", -13, 34]])
    workbook["Old"].sheet_state = "hidden"
    assert read(tmp_path, workbook)[0].cells("Nom") == ["A"]


def test_numbers_are_text_as_people_see_it_with_the_zeros_of_their_format(tmp_path):
    workbook = book(
        [["Code", "Nom", "Latitude"], [7, "NA", -10.5], [12, 5, "10,5 S"], [1.2e16, date(2026, 3, 2), None]]
    )
    workbook.active["A2"].number_format = "0000"
    workbook.active["B4"].value = datetime(2026, 3, 2)
    table, findings = read(tmp_path, workbook)
    assert rows_of(table)[1:] == [
        ("0007", "NA", "-10.5"),
        ("12", "5", "10,5 S"),
        ("12000000000000000", "2026-03-02", ""),
    ]
    assert changes_of(findings) == [("cell A2", "7", "0007")]


def test_cells_beside_the_table_are_told(tmp_path):
    table, findings = read(tmp_path, book([HEADER, ["1", "A", -13, 34, None, "moved in 2019"]]))
    assert len(table) == 1
    assert 'row 2 "moved in 2019"' in notes_of(findings, "info")[0]


def test_old_workbooks_are_read_as_people_see_them(tmp_path):
    old = xlwt.Workbook()
    old.add_sheet("Notes").write(0, 0, "Read me")
    page = old.add_sheet("Liste")
    zeros, day = (xlwt.easyxf(num_format_str=form) for form in ("0000", "dd/mm/yyyy"))
    for row, cells in enumerate([["Titre"], HEADER, [101, "CS Mbalé", -13.5, 34], [None, "CS Moya", -13, 34]]):
        for column, cell in enumerate(cells):
            if cell is not None:
                page.write(row, column, cell, zeros if cell == 101 else xlwt.Style.default_style)
    page.write(4, 0, True)
    page.write(4, 1, date(2026, 3, 2), day)
    page.merge(2, 3, 0, 0)
    page.row(3).hidden = True
    table, findings = read(tmp_path, old, name="l.xls")
    assert rows_of(table)[:3] == [tuple(HEADER), ("0101", "CS Mbalé", "-13.5", "34"), ("0101", "CS Moya", "-13", "34")]
    assert rows_of(table)[3] == ("True", "2026-03-02", "", "")
    assert changes_of(findings) == [("cell A3", "101", "0101"), ("row 4, Code", "merged with row 3", "0101")]
    assert "hidden rows count as well, first row 4" in notes_of(findings, "warning")[0]


def test_open_documents_are_read_by_their_values(tmp_path):
    content = save_ods(tmp_path / "x.ods", [HEADER, ["0101", "CS Mbalé", -13.5, 34]])
    table, findings = read(tmp_path, content, name="l.ods")
    assert rows_of(table) == [tuple(HEADER), ("0101", "CS Mbalé", "-13.5", "34")]
    assert "zeros that lead numbers" in notes_of(findings, "info")[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"id,name\n1,a\n", "is text under the name of a workbook"),
        (b"<html><table><tr><td>Code</td></tr></table></html>", "is a web page"),
        (b"\x89PNG\0\n", "is no workbook by its content"),
        (b"PK\x03\x04 broken", "cannot be read as a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "is locked by a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot be read as a workbook"),
    ],
)
@pytest.mark.parametrize("name", ["l.xlsx", "l.xls", "l.ods"])
def test_what_is_no_workbook_is_a_fault_that_says_what_it_is(tmp_path, content, said, name):
    with pytest.raises(InputFaults, match=said):
        read(tmp_path, content, name=name)


@pytest.mark.parametrize("rows", [[], [[None, None]]])
def test_a_workbook_without_cells_is_a_fault(tmp_path, rows):
    with pytest.raises(InputFaults, match="is empty"):
        read(tmp_path, book(rows))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["whole.xlsx", "whole.xls"]), at=st.integers(0, 6000), bits=st.integers(1, 255))
def test_a_damaged_workbook_is_read_or_a_fault(tmp_path, name, at, bits):
    path = tmp_path / name
    rows = [HEADER, *([str(k), "A", -13, 34] for k in range(20))]
    if not path.exists():
        old = xlwt.Workbook()
        page = old.add_sheet("Liste")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                page.write(row, column, cell)
        (book(rows) if name.endswith("x") else old).save(path)
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= bits
    try:
        read(tmp_path, bytes(content), name=f"damaged{path.suffix}")
    except InputFaults as told:
        assert told.faults


def test_columns_far_to_the_right_are_found(tmp_path):
    workbook = Workbook()
    for column, (name, value) in enumerate(zip(HEADER, ["1", "A", -13, 34], strict=True), start=30):
        workbook.active[f"{get_column_letter(column)}7"] = name
        workbook.active[f"{get_column_letter(column)}8"] = value
    table, _ = read(tmp_path, workbook)
    assert table.header[-4:] == tuple(HEADER)
    assert table.row == [8]
