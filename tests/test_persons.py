"""What the register says of CHWs stays in it: no file of a run has a name, a number, or the place of a home."""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest
from faults import corpus, scene

from planner.inputs.findings import File, Findings
from planner.inputs.persons import KEPT, of_persons, withhold
from planner.inputs.table import Table
from planner.inputs.text import without_phones
from planner.types.frame import Frame
from planner.types.inputs import Change

NAMES = ("Zubeda Kachingwe", "Wisdom Mkwezalamba", "Thokozani Phiri", "Mphatso Banda", "Chisomo Zgambo", "Lonjezo Gamá")
SECRETS = [*(word for name in NAMES for word in name.split()), "265 999", "77661", "chikondi"]
LEADERS = ["Kanyumbu", "Msonthi", "888 55"]  # of villages and committees, and how to call them


COMMITTEES = (("K1", "Dowa"), ("K2", "Lobi"))


def register(made: scene.Scene) -> None:
    """Six CHWs with phones; their rows have faults of several kinds."""
    towns = ("Chipunga", "Lobi", "Dowa", "Nkhoma", "Mbale", "Mponela")
    rows = [
        scene.place(f"C{k:02}", name, at=town, village=town, phone=f"+265 999 7766{k}", remark="married to Chikondi")
        for k, (name, town) in enumerate(zip(NAMES, towns, strict=True))
    ]
    rows[2] |= {"latitude": "", "longitude": ""}  # nowhere
    rows[3]["latitude"] = "-3.5"  # off the raster
    rows[4]["latitude"] = "-13,00542"
    rows[5]["code"] = "N/A"
    made.write_rows("chws.csv", rows)
    path = made.folder / "chws.csv"
    text = path.read_text(encoding="utf-8") + "Total 6,,,,,,\nChikondi reported this,,,,,,\n"
    path.write_bytes(text.encode("cp1252"))
    made.scenario["chws"]["columns"] = {"id": ""}
    villages = [row | {"chief": "Grey Kanyumbu", "tel": "+265 888 551", "language": "Yao"}
                for row in made.rows("villages.csv")]  # fmt: skip
    made.write_rows("villages.csv", villages)
    made.write_text("villages.csv", made.text("villages.csv") + "Total 6,,,,,+265 888 552,\n")
    made.scenario["villages"]["carry"] = ["chief", "tel", "language"]
    leaders = [scene.place(own, "Ruth Msonthi", at=town, phone="+265 888 553") for own, town in COMMITTEES]
    made.write_rows("committees.csv", [*leaders, {**leaders[0], "code": "K9", "latitude": ""}])
    made.scenario["committees"] = {"file": "committees.csv"}


def texts(path: Path) -> str:
    """All text of a file, of what is packed in it too."""
    content = path.read_bytes()
    if path.suffix in (".xlsx", ".kmz", ".pptx", ".qgz", ".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    elif path.suffix == ".pdf" and shutil.which("pdftotext"):
        content = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout
    elif path.suffix == ".gpkg":
        with sqlite3.connect(path) as layers:
            content += "\n".join(layers.iterdump()).encode()
    return content.decode("utf-8", "replace")


def planned(folder: Path, *options: str) -> tuple[Path, str]:
    """The run folder, with all that is exported from it inside, and what was said."""
    made = scene.make(folder)
    register(made)
    made.write_scenario()
    code, said = corpus.run(folder, ["run", "scenario.toml", "--out", "plan", *options])
    assert code == 0, said
    code, more = corpus.run(folder, ["export", "plan", "--out", "plan/exports"])
    assert code == 0, more
    return folder / "plan", said + more


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory) -> tuple[Path, str]:
    return planned(tmp_path_factory.mktemp("persons"))


@pytest.fixture(scope="module")
def named_folder(tmp_path_factory) -> tuple[Path, str]:
    return planned(tmp_path_factory.mktemp("named"), "--include-names")


def holding(folder: Path, secrets: list[str]) -> set[tuple[str, str]]:
    """Files, and which of the secrets they hold."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 20 and any(path.suffix == ".pdf" for path in files)
    return {
        (path.name, secret)
        for path in files
        for text in [texts(path).casefold()]
        for secret in secrets
        if secret.casefold() in text
    }


def test_no_file_of_a_run_has_a_name_or_a_number_of_a_person(run_folder):
    folder, said = run_folder
    secrets = [*SECRETS, *LEADERS]
    assert holding(folder, secrets) == set()
    assert [secret for secret in secrets if secret.casefold() in said.casefold()] == []


def test_what_stays_in_the_lists_is_told_and_the_rest_is_carried(run_folder):
    folder, said = run_folder
    assert "these say who somebody is or how to call them: chief, tel; they stay in the list" in " ".join(said.split())
    villages = texts(folder / "tables" / "villages.csv")
    assert "language: Yao" in villages and "chief" not in villages
    assert re.search(r",K[12],", texts(folder / "tables" / "village_sheets.csv"))


def test_names_that_are_asked_for_stand_in_one_table_and_on_the_chws_pages_only(named_folder):
    folder, _ = named_folder
    used = [NAMES[0], NAMES[1], "77660", "77661"]  # of rows that are used
    pages = {"chw_pages.pdf"} if shutil.which("pdftotext") else set()
    assert {file for file, _ in holding(folder, used)} == {"chw_contacts.csv", "tables.xlsx"} | pages
    assert {secret for _, secret in holding(folder, used)} == set(used)
    contacts = texts(folder / "tables" / "chw_contacts.csv").splitlines()
    assert contacts[0] == "post_id,village,chw_name,chw_phone"
    assert contacts[1] == "C001,Chipunga,Zubeda Kachingwe,'+265 999 77660"
    assert {file for file, _ in holding(folder, ["chikondi"])} == set()  # remarks are never taken


def test_that_names_are_in_the_plan_is_said_on_screen_in_the_report_and_in_its_scenario(named_folder):
    folder, said = named_folder
    told = 'name and phone of CHWs stand in the table "CHW contacts": share the plan with care'
    assert told in " ".join(said.split())
    assert told.replace('"', "&#34;") in texts(folder / "report.html")
    assert "include_names = true" in texts(folder / "scenario.toml")
    assert "Ruth Msonthi" in texts(folder / "tables" / "village_sheets.csv")
    assert "chief: Grey Kanyumbu; tel: +265 888 551" in texts(folder / "tables" / "villages.csv")


def test_names_that_are_asked_for_and_not_there_are_told(tmp_path):
    made = scene.make(tmp_path)
    made.write_rows("chws.csv", [{"code": "C1", "village": "Lobi"}])
    made.scenario["report"] = {"include_names": True}
    made.write_scenario()
    code, said = corpus.run(tmp_path, ["check", "scenario.toml"])
    assert code == 0 and "but no column holds them: say which" in " ".join(said.split())


@pytest.mark.parametrize(("header", "cells", "personal"), [
    ("Téléphone", [], True), ("nom_chef", [], True), ("Contact", [], True), ("tel", [], True), ("CHW name", [], True),
    ("notes", ["", "+265 999 77660"], True), ("notes", ["0999 776 601"], True), ("notes", ["a@b.org"], True),
    ("language", ["Yao"], False), ("Chef-lieu", ["Dowa"], False), ("osm_id", ["4269799439"], False),
    ("people", ["1 200 300"], False), ("place", ["-13.00542, 34.01292"], False), ("pcode", ["0203040"], False),
])  # fmt: skip
def test_columns_of_persons_are_known_by_their_header_or_cells(header, cells, personal):
    assert of_persons(header, cells) == personal


def test_numbers_to_call_are_taken_out_of_a_text_and_other_numbers_stay():
    assert without_phones("Total 7 | 0777 999 999 | +265(0)888-55 21") == "Total 7 | … | …"
    for text in ("34,0129; -13,0054", "0.123456789", "2026-11-01", "MW0203040506", "12 345 678", "0 people"):
        assert without_phones(text) == text


def test_what_was_left_out_is_told_all_the_same(run_folder):
    folder, _ = run_folder
    plan = texts(folder / "plan.json")
    assert "chws (chws.csv)" in plan and KEPT in plan and re.search(r"row 4\b", plan)


def test_a_post_is_told_as_the_middle_of_a_cell():
    frame = Frame("EPSG:32736", west=500_000.0, north=9_000_000.0, dx=100.0, dy=100.0, ny=10, nx=10)
    x, y = frame.centre_near(np.array([500_012.0, 499_999.0]), np.array([8_999_999.0, 9_000_210.0]))
    assert (x.tolist(), y.tolist()) == ([500_050.0, 499_950.0], [8_999_950.0, 9_000_250.0])


def test_notes_on_a_register_quote_ids_villages_and_columns_only(tmp_path):
    findings = Findings(tmp_path)
    file = File(tmp_path / "a", "chws (a)", findings)
    table = Table(file, ("code", "who", "village", "Latitude"),
                  (["C1"], ["Grace Phiri"], ["Phiri Village"], ["-13.00542"]), [3])  # fmt: skip
    place = 'row 3 "Grace Phiri", Latitude'
    what = 'no place: row 3 "Grace Phiri" = "C1" in "Latitude" of row 3 "Phiri Village"'
    changes = [
        Change(place, "-13.00542", "Phiri"),
        Change("row 4", "Grace reported", ""),
        Change("row 3", "by Grace", "x"),
    ]
    file.note("left out", what, 1, changes)
    File(tmp_path / "b", "facilities (b)", findings).note("left out", what, 1, changes)
    withhold(table, ["code", "village", "Latitude"])
    told, untouched = findings.notes
    assert told.what == 'no place: row 3 = "C1" in "Latitude" of row 3 "Phiri Village"'
    assert told.changes == (
        Change("row 3, Latitude", "-13.005", "Phiri"), Change("row 4", KEPT, ""), Change("row 3", KEPT, "x"),
    )  # fmt: skip
    assert (untouched.what, untouched.changes) == (what, tuple(changes))
