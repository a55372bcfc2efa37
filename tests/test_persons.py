"""What the register says of CHWs stays in it: no file of a run has a name, a number, or the place of a home."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from pathlib import Path

import numpy as np
import pytest
from faults import corpus, scene

from planner.inputs.findings import File, Findings
from planner.inputs.persons import KEPT, withhold
from planner.inputs.table import Table
from planner.types.frame import Frame
from planner.types.inputs import Change

NAMES = ("Zubeda Kachingwe", "Wisdom Mkwezalamba", "Thokozani Phiri", "Mphatso Banda", "Chisomo Zgambo", "Lonjezo Gamá")
SECRETS = [*(word for name in NAMES for word in name.split()), "265 999", "77661", "chikondi"]


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


def texts(path: Path) -> str:
    """All text of a file, of what is packed in it too."""
    content = path.read_bytes()
    if path.suffix in (".xlsx", ".kmz"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    elif path.suffix == ".gpkg":
        with sqlite3.connect(path) as layers:
            content += "\n".join(layers.iterdump()).encode()
    return content.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory) -> tuple[Path, str]:
    made = scene.make(tmp_path_factory.mktemp("persons"))
    register(made)
    made.write_scenario()
    code, said = corpus.run(made.folder, ["run", "scenario.toml", "--out", "plan"])
    assert code == 0, said
    return made.folder / "plan", said


def test_no_file_of_a_run_has_a_name_or_a_number_of_a_person(run_folder):
    folder, said = run_folder
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "scenario.toml"]
    assert len(files) > 10
    found = {
        (path.name, secret)
        for path in files
        for text in [texts(path).casefold()]
        for secret in SECRETS
        if secret.casefold() in text
    }
    assert found == set()
    assert [secret for secret in SECRETS if secret.casefold() in said.casefold()] == []


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
