from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from outputs.tiny import tiny_plan
from planner import outputs
from planner.errors import InputFaults
from planner.types.results import Plan

FILES = [
    "facilities_review.xlsx", "layers.gpkg", "log.txt", "map.html", "plan.json", "plan.qgz", "rasters",
    "report.html", "reports", "scenario.toml", "tables", "tables.xlsx",
]  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return tiny_plan()


def write(plan: Plan, folder: Path, scenario_toml: str = 'title = "Tiny"\n') -> None:
    outputs.write(plan, folder, scenario_toml=scenario_toml, log=["read", "wrote"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def take(folder: Path) -> None:
    with outputs.reserved(folder):
        pass


def fail(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_run_folder_holds_all_its_files(plan, tmp_path):
    write(plan, tmp_path / "runs" / "base")
    assert names(tmp_path / "runs") == ["base"]
    assert names(tmp_path / "runs" / "base") == FILES
    assert (tmp_path / "runs" / "base" / "scenario.toml").read_bytes() == b'title = "Tiny"\n'
    assert (tmp_path / "runs" / "base" / "log.txt").read_bytes() == b"read\nwrote\n"


def test_a_run_folder_is_replaced_whole(plan, tmp_path):
    write(plan, tmp_path / "base")
    (tmp_path / "base" / "rasters" / "left over.tif").write_text("of the run before")
    write(plan, tmp_path / "base", 'title = "Second"\n')
    assert names(tmp_path) == ["base"]
    assert names(tmp_path / "base") == FILES
    assert "left over.tif" not in names(tmp_path / "base" / "rasters")
    assert "Second" in (tmp_path / "base" / "scenario.toml").read_text()


def test_a_review_that_somebody_edited_is_not_replaced(plan, tmp_path):
    write(plan, tmp_path / "base")
    write(plan, tmp_path / "base")  # nobody did
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
def test_a_writer_that_fails_leaves_nothing_and_the_old_run_intact(plan, tmp_path, monkeypatch, writer):
    write(plan, tmp_path / "base", "old\n")
    monkeypatch.setattr(f"planner.outputs.{writer}", fail)
    with pytest.raises(InputFaults, match="the disk has too little room"):
        write(plan, tmp_path / "base", "new\n")
    assert names(tmp_path) == ["base"]
    assert (tmp_path / "base" / "scenario.toml").read_text() == "old\n"
    with pytest.raises(InputFaults):
        write(plan, tmp_path / "other")
    assert names(tmp_path) == ["base"]


def test_a_bug_in_a_writer_is_no_fault_of_the_user_and_leaves_nothing(plan, tmp_path, monkeypatch):
    monkeypatch.setattr("planner.outputs.report.report_html", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(plan, tmp_path / "base")
    assert names(tmp_path) == []


def test_the_old_run_comes_back_when_the_new_one_cannot_take_its_place(plan, tmp_path, monkeypatch):
    write(plan, tmp_path / "base", "old\n")
    rename = Path.rename

    def only_aside(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", only_aside)
    with pytest.raises(InputFaults, match="Input/output error"):
        write(plan, tmp_path / "base", "new\n")
    assert names(tmp_path) == ["base"]
    assert (tmp_path / "base" / "scenario.toml").read_text() == "old\n"


def test_a_lock_that_lasts_a_moment_is_waited_for(plan, tmp_path, monkeypatch):
    write(plan, tmp_path / "base", "old\n")
    rename, waits = Path.rename, []

    def locked_twice(self: Path, target: Path) -> Path:
        if len(waits) < 2:
            raise PermissionError(13, "The process cannot access the file")
        return rename(self, target)

    monkeypatch.setattr("planner.files.time.sleep", waits.append)
    monkeypatch.setattr(Path, "rename", locked_twice)
    write(plan, tmp_path / "base")
    assert waits == [0.05, 0.1]
    assert names(tmp_path / "base") == FILES


def test_a_folder_with_other_things_is_left_alone(plan, tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(InputFaults, match=r"is not empty and no run folder \(it has no plan.json\)"):
        write(plan, tmp_path)
    assert names(tmp_path) == ["thesis.docx"]


def test_a_file_in_the_way_is_told_before_anything_is_computed(tmp_path):
    (tmp_path / "base").write_text("a file")
    with pytest.raises(InputFaults, match="is a file, a folder is expected"):
        take(tmp_path / "base")


def test_others_may_read_what_was_written(plan, tmp_path):
    before = os.umask(0o022)
    try:
        write(plan, tmp_path / "base")
    finally:
        os.umask(before)
    if os.name == "posix":
        assert (tmp_path / "base").stat().st_mode & 0o777 == 0o755


def test_a_run_folder_with_files_of_somebody_else_is_left_alone(tmp_path):
    run = tmp_path / "run"
    outputs.write(tiny_plan(), run, scenario_toml="", log=[])
    (run / "layers.gpkg-wal").write_text("left by QGIS", encoding="utf-8")
    outputs.write(tiny_plan(), run, scenario_toml="", log=[])
    (run / "minutes of the meeting.docx").write_text("dear minister", encoding="utf-8")
    with pytest.raises(InputFaults, match=r"minutes of the meeting\.docx"):
        take(run)
    with pytest.raises(InputFaults):
        outputs.write(tiny_plan(), run, scenario_toml="", log=[])
    assert (run / "minutes of the meeting.docx").read_text(encoding="utf-8") == "dear minister"
