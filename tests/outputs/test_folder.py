from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from outputs.tiny import bare_plan, tiny_plan
from planner import outputs
from planner.errors import InputFaults
from planner.types.results import Plan

FILES = [
    "facilities_review.xlsx", "layers.gpkg", "log.txt", "map.html", "plan.json", "plan.qgz", "rasters",
    "report.html", "reports", "scenario.toml", "tables", "tables.xlsx",
]  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A plan of few rows: nearly all tests here are of the folder, not of what is in its files."""
    return bare_plan()


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Path:
    """A folder with a run folder, base, that was written once for all tests: tests that write over it take a copy."""
    folder = tmp_path_factory.mktemp("written") / "runs"
    before = os.umask(0o022)
    try:
        write(tiny_plan(), folder / "base")
    finally:
        os.umask(before)
    return folder


@pytest.fixture
def base(runs, tmp_path) -> Path:
    """A run folder of the test's own."""
    return shutil.copytree(runs / "base", tmp_path / "base")


def write(plan: Plan, folder: Path, scenario_toml: str = 'title = "Tiny"\n') -> None:
    outputs.write(plan, folder, scenario_toml=scenario_toml, log=["read", "wrote"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def take(folder: Path) -> None:
    with outputs.reserved(folder):
        pass


def fail(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_run_folder_holds_all_its_files(runs):
    assert names(runs) == ["base"]
    assert names(runs / "base") == FILES
    assert (runs / "base" / "scenario.toml").read_bytes() == b'title = "Tiny"\n'
    assert (runs / "base" / "log.txt").read_bytes() == b"read\nwrote\n"


def test_a_run_folder_is_replaced_whole(plan, base, tmp_path):
    (base / "rasters" / "left over.tif").write_text("of the run before")
    write(plan, base, 'title = "Second"\n')
    assert names(tmp_path) == ["base"]
    assert names(tmp_path / "base") == FILES
    assert "left over.tif" not in names(tmp_path / "base" / "rasters")
    assert "Second" in (tmp_path / "base" / "scenario.toml").read_text()


def test_a_review_that_somebody_edited_is_not_replaced(plan, base, tmp_path):
    write(plan, base)  # nobody did
    book = load_workbook(tmp_path / "base" / "facilities_review.xlsx")
    book["facilities"]["L2"] = "rang the nurse"
    book.save(tmp_path / "base" / "facilities_review.xlsx")
    with pytest.raises(InputFaults, match=r"holds facilities_review\.xlsx with changes that somebody made"):
        take(tmp_path / "base")
    (tmp_path / "base" / "facilities_review.xlsx").unlink()
    take(tmp_path / "base")


def test_a_plan_without_rows_to_look_at_has_no_review(plan, tmp_path):
    write(replace(plan, doubts=()), tmp_path / "base")
    assert names(tmp_path / "base") == FILES[1:]


def test_an_empty_folder_is_filled(plan, tmp_path):
    (tmp_path / "base").mkdir()
    write(plan, tmp_path / "base")
    assert names(tmp_path / "base") == FILES


@pytest.mark.parametrize(
    "writer",
    ["rasters.write_rasters", "geopackage.write_geopackage", "qgis.write_project", "tables.write_workbook",
     "report.report_html", "map.map_html", "plan_json.plan_json"],
)  # fmt: skip
def test_a_writer_that_fails_leaves_nothing_and_the_old_run_intact(plan, base, tmp_path, monkeypatch, writer):
    monkeypatch.setattr(f"planner.outputs.{writer}", fail)
    with pytest.raises(InputFaults, match="the disk has too little room"):
        write(plan, base, "new\n")
    assert names(tmp_path) == ["base"]
    assert (base / "scenario.toml").read_text() == 'title = "Tiny"\n'
    with pytest.raises(InputFaults):
        write(plan, tmp_path / "other")
    assert names(tmp_path) == ["base"]


def test_a_bug_in_a_writer_is_no_fault_of_the_user_and_leaves_nothing(plan, tmp_path, monkeypatch):
    monkeypatch.setattr("planner.outputs.report.report_html", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(plan, tmp_path / "base")
    assert names(tmp_path) == []


def test_the_old_run_comes_back_when_the_new_one_cannot_take_its_place(plan, base, tmp_path, monkeypatch):
    rename = Path.rename

    def only_aside(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", only_aside)
    with pytest.raises(InputFaults, match="Input/output error"):
        write(plan, base, "new\n")
    assert names(tmp_path) == ["base"]
    assert (base / "scenario.toml").read_text() == 'title = "Tiny"\n'


def test_a_lock_that_lasts_a_moment_is_waited_for(plan, base, monkeypatch):
    rename, waits = Path.rename, []

    def locked_twice(self: Path, target: Path) -> Path:
        if len(waits) < 2:
            raise PermissionError(13, "The process cannot access the file")
        return rename(self, target)

    monkeypatch.setattr("planner.files.time.sleep", waits.append)
    monkeypatch.setattr(Path, "rename", locked_twice)
    write(plan, base, "new\n")
    assert waits == [0.05, 0.1]
    assert names(base) == FILES
    assert (base / "scenario.toml").read_text() == "new\n"


def test_a_folder_with_other_things_is_left_alone(plan, tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(InputFaults, match=r"is not empty and no run folder \(it has no plan.json\)"):
        write(plan, tmp_path)
    assert names(tmp_path) == ["thesis.docx"]


def test_a_file_in_the_way_is_told_before_anything_is_computed(tmp_path):
    (tmp_path / "base").write_text("a file")
    with pytest.raises(InputFaults, match="is a file, a folder is expected"):
        take(tmp_path / "base")


def test_others_may_read_what_was_written(runs):
    if os.name == "posix":
        assert (runs / "base").stat().st_mode & 0o777 == 0o755


def test_a_run_folder_with_files_of_somebody_else_is_left_alone(plan, base):
    (base / "layers.gpkg-wal").write_text("left by QGIS", encoding="utf-8")
    write(plan, base)
    (base / "minutes of the meeting.docx").write_text("dear minister", encoding="utf-8")
    with pytest.raises(InputFaults, match=r"minutes of the meeting\.docx"):
        take(base)
    with pytest.raises(InputFaults):
        write(plan, base)
    assert (base / "minutes of the meeting.docx").read_text(encoding="utf-8") == "dear minister"
