"""Where the table begins and ends among titles, groups of columns, totals and notes."""

from __future__ import annotations

import pytest
from inputs.scene import file_of, notes_of

from planner.errors import InputFaults
from planner.inputs.delimited import read_csv


def table_of(tmp_path, text, wanted=()):
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    file = file_of(tmp_path / "list.csv")
    return read_csv(file, wanted), file.findings


def left_out(findings):
    return {
        note.what: [change.before for change in note.changes] for note in findings.notes if note.level == "left out"
    }


def test_the_header_is_the_row_of_usual_names_not_the_first_of_two_cells(tmp_path):
    text = "Ministère de la Santé,2024\nDistrict:,Dowa\n\nCode,Nom,Latitude,Longitude\n1,Mbale,-13,34\n"
    table, findings = table_of(tmp_path, text)
    assert table.header == ("Code", "Nom", "Latitude", "Longitude")
    assert table.row == [5]
    assert notes_of(findings, "info") == ["the header was found in row 4"]


def test_names_that_the_scenario_uses_find_the_header_too(tmp_path):
    text = "Liste,2024\nKennung,Ort,B,L\n1,Mbale,-13,34\n"
    with pytest.raises(InputFaults, match="more cells than the header"):
        table_of(tmp_path, text)
    assert table_of(tmp_path, text, ["Kennung", "B"])[0].header == ("Kennung", "Ort", "B", "L")


def test_two_header_rows_are_joined_where_the_lower_one_alone_lacks_names(tmp_path):
    text = "Code,Nom,Coordonnées GPS,,Type\n,,Latitude,Longitude,\n1,Mbale,-13,34,CS\n"
    table, findings = table_of(tmp_path, text)
    assert table.header == ("Code", "Nom", "Coordonnées GPS / Latitude", "Coordonnées GPS / Longitude", "Type")
    assert "the header has two rows, 1 and 2: their names were joined" in notes_of(findings, "info")


def test_groups_are_joined_where_a_name_comes_twice(tmp_path):
    text = "Poste,,Village,\nNom,Code,Nom,Code\nA,1,B,2\n"
    assert table_of(tmp_path, text)[0].header == ("Poste / Nom", "Poste / Code", "Village / Nom", "Village / Code")


def test_a_title_row_above_is_no_group(tmp_path):
    table, _ = table_of(tmp_path, "List of facilities\nCode,Name,Lat,Long\n1,A,-13,34\n")
    assert table.header == ("Code", "Name", "Lat", "Long")


@pytest.mark.parametrize(
    "total", ["Total", "TOTAL GENERAL", "Sous-total", "Sous total CS", "Ensemble", "Subtotal:", "Total Geral", "Jumla"]
)
def test_rows_of_totals_are_left_out_and_told(tmp_path, total):
    table, findings = table_of(tmp_path, f"Nom,Lat,Long,Lits\nA,-13,34,5\nB,-13,34,6\n{total},,,11\n")
    assert table.cells("Nom") == ["A", "B"]
    assert left_out(findings) == {"rows of totals": [f"{total} | 11"]}


@pytest.mark.parametrize("name", ["Total Health Clinic", "Ensemble", "Totalité", "Soma"])
def test_a_place_with_such_a_name_stays(tmp_path, name):
    table, findings = table_of(tmp_path, f"Nom,Lat,Long\nA,-13,34\n{name},-13,34\nB,-13,34\n")
    assert table.cells("Nom") == ["A", name, "B"]
    assert not left_out(findings)


def test_notes_below_the_table_are_left_out_and_told(tmp_path):
    text = "Code,Nom,Type\n1,A,CS\n2,B,CS\n\nSource: DHIS2\n* provisional\n"
    table, findings = table_of(tmp_path, text)
    assert table.cells("Code") == ["1", "2"]
    assert left_out(findings) == {"notes below the table": ["Source: DHIS2", "* provisional"]}


def test_a_last_entry_of_one_cell_is_no_note(tmp_path):
    table, findings = table_of(tmp_path, "Nom,Lat,Long\nA,-13,34\nCS Perdu,,\n")
    assert table.cells("Nom") == ["A", "CS Perdu"]
    assert not left_out(findings)


def test_a_header_that_is_repeated_on_every_page_is_left_out(tmp_path):
    table, findings = table_of(tmp_path, "Nom,Lat,Long\nA,-13,34\nNom,Lat,Long\nB,-13,34\n")
    assert table.cells("Nom") == ["A", "B"]
    assert left_out(findings) == {"rows that repeat the header": ["Nom | Lat | Long"]}


def test_tags_below_the_header_are_no_entry(tmp_path):
    table, _ = table_of(tmp_path, "Nom,Lat,Long\n#adm1+name,#geo+lat,#geo+lon\nA,-13,34\n")
    assert table.cells("Nom") == ["A"]
