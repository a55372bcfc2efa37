"""A place for results: nothing half on a full disk, after a kill, with two runs at once, or where Excel holds it."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lands import make_land
from outputs.tiny import bare_plan
from planner import outputs
from planner.errors import InputFaults
from planner.outputs import place
from planner.outputs.rasters import write_raster
from planner.outputs.single import write_layer

HERE = Path(__file__).parent
PAGE = 4096  # bytes: a disk in memory gives files whole pages
HOLD = """
import sys
from pathlib import Path
from planner import outputs
with outputs.reserved(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def take(path: Path, needed_bytes: int = 0) -> None:
    with outputs.reserved(path, needed_bytes):
        pass


def write(folder: Path, number: str = "") -> None:
    """A run folder of few rows: what is tried is where it stands."""
    outputs.write(bare_plan(), folder, scenario_toml=number, log=[number])


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A run folder that was written once for all tests."""
    folder = tmp_path_factory.mktemp("written") / "run"
    write(folder, "old")
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_a_run_killed_at_any_moment_leaves_the_run_before_or_the_new_one_whole():
    kills = int(os.environ.get("KILLS", "10"))
    done = subprocess.run([sys.executable, HERE / "kill.py", str(kills)], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["wrong"] == 0
    assert found["kills"] == kills and found["left something"] > 0 and found["new"] > 0


def test_a_kill_between_the_two_renames_is_put_right_by_the_next_run(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "plan.json").write_text("whole")
    run.rename(tmp_path / ".run.123.old")
    (tmp_path / ".run.123.part").mkdir()
    (tmp_path / ".run.extra").write_text("not ours")
    with outputs.reserved(run):
        assert (run / "plan.json").read_text() == "whole"
    assert names(tmp_path) == [".run.extra", "run"]


def test_what_killed_runs_left_is_removed_but_not_what_others_call_alike(tmp_path):
    for name in (".x.csv.77.part.csv", ".x.csv.77.part.csv-journal", ".x.csv.part", "x.csv.77.part", ".y.csv.77.part"):
        (tmp_path / name).write_text("")
    (tmp_path / ".x.csv.78.gone").mkdir()
    with outputs.whole_file(tmp_path / "x.csv") as part:
        part.write_text("new")
    assert names(tmp_path) == [".x.csv.part", ".y.csv.77.part", "x.csv", "x.csv.77.part"]


def test_of_two_runs_at_once_the_second_stops_and_names_the_first(tmp_path):
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert first.stdout.readline() == "held\n"
        with pytest.raises(InputFaults, match=rf"another run is making it: process {first.pid} on .+, since 2"):
            take(tmp_path / "run")
        take(tmp_path / "other")
    finally:
        first.communicate("")
    take(tmp_path / "run")
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_a_run_that_was_killed_holds_nothing(tmp_path):
    first = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path / "run"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert first.stdout.readline() == "held\n"
    first.kill()
    first.communicate()
    assert names(tmp_path) == [".run.lock"]
    take(tmp_path / "run")
    assert names(tmp_path) == []


RACE = """
import sys, time
from pathlib import Path
from planner.errors import InputFaults
from planner.outputs import place
folder, own = Path(sys.argv[1]), sys.argv[2]
held = 0
for _ in range(400):
    try:
        with place.reserved(folder / "run"):
            (folder / "inside").open("x").close()  # fails where the other is inside too
            held += 1
            (folder / "inside").unlink()
    except InputFaults as faults:
        assert "another run" in str(faults), faults
print(held)
"""


def test_two_that_race_for_a_place_are_never_both_inside(tmp_path):
    racers = [
        subprocess.Popen([sys.executable, "-c", RACE, tmp_path, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True)
        for name in "ab"
    ]  # fmt: skip
    answers = [racer.communicate() for racer in racers]
    assert [errors for _, errors in answers] == ["", ""]
    assert all(int(held) > 0 for held, _ in answers)
    assert names(tmp_path) == []


@contextlib.contextmanager
def disk_of(folder: Path, kilobytes: int):
    """A disk of its own in memory; skipped where none may be mounted."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


AS_WRITTEN = ("rasters", "layers.gpkg", "plan.qgz", "tables", "tables.xlsx", "facilities_review.xlsx", "map.html",
              "report.html", "reports", "plan.json")  # fmt: skip


def disks_full_within(run: Path) -> Iterator[int]:
    """Kilobytes of disks, each full in the middle of another of the files or folders of a run, and one for all."""
    before = 0
    for name in AS_WRITTEN:
        files = [path for path in (run / name, *(run / name).rglob("*")) if path.is_file()]
        own = sum(-(-path.stat().st_size // PAGE) * PAGE for path in files) // 1024
        yield before + own // 2
        before += own
    yield before + 400


def test_a_disk_that_is_full_at_any_point_of_writing_is_told_and_left_as_it_was(whole, tmp_path):
    outcomes = []
    for kilobytes in disks_full_within(whole):
        with disk_of(tmp_path / "disk", kilobytes) as disk:
            try:
                write(disk / "run", "old")
            except InputFaults as faults:
                outcomes.append("told")
                assert "the disk has too little room: 0 MB are free, about 21 MB are needed" in str(faults)
                assert names(disk) == []
            else:
                outcomes.append("written")
                assert names(disk / "run") == names(whole)
    assert outcomes == ["told"] * len(AS_WRITTEN) + ["written"]


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".tif", ".csv"])
def test_a_single_file_is_told_and_removed_too_where_the_disk_is_full(tmp_path, ending):
    import geopandas as gpd
    import shapely

    shapes = shapely.buffer(shapely.points(np.random.default_rng(1).random((2000, 2))), 0.01)
    layer = gpd.GeoDataFrame({"m": np.arange(2000.0)}, geometry=shapes, crs="EPSG:4326")
    noise = np.random.default_rng(1).random(160_000).astype(np.float32)

    def write_to(part: Path) -> None:
        if ending == ".tif":
            write_raster(make_land(np.ones((400, 400))).frame, part, noise, unit="", about="", tags={})
        elif ending == ".csv":
            part.write_bytes(bytes(400_000))
        else:
            write_layer(layer, part, "x", "2026-11-01")

    with disk_of(tmp_path / "disk", 256) as disk:
        with (
            pytest.raises(InputFaults, match="the disk has too little room: 0 MB are free"),
            outputs.whole_file(disk / f"x{ending}") as part,
        ):
            write_to(part)
        assert names(disk) == []


def test_too_little_room_is_told_before_anything_is_computed(tmp_path):
    with pytest.raises(InputFaults, match="MB are free, about 1,000,000,000,000 MB are needed"):
        take(tmp_path / "new" / "run", 10**18)
    assert names(tmp_path) == []


def test_a_disk_that_cannot_be_written_is_no_full_one(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputFaults, match=r"cannot be written: Read-only file system\. Choose a place that you may"):
        take(tmp_path / "run", 1000)


@pytest.mark.parametrize(
    ("name", "what"),
    [("CON", "a device"), ("aux.csv", "a device"), ("Lpt1", "a device"), ("plan.", "ends in a dot"),
     ("plan ", "ends in a dot or a space"), ("10:30", "no name may have on Windows: ':'"), ("a\tb", "no name may have"),
     ("runs\\base", "no name may have on Windows"), ("nul/run", "a device"), ("what?/run", "no name may have")],
)  # fmt: skip
def test_names_that_windows_cannot_have_are_refused_everywhere(tmp_path, name, what):
    with pytest.raises(InputFaults, match=what):
        take(tmp_path / name)
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["Amélie Ndiaye (été)", "மாவட்டம்", "console", "a.b", "com10", ".hidden", "x" * 200])
def test_other_names_are_as_good_as_any(tmp_path, name):
    with outputs.whole_file(tmp_path / name) as part:
        part.write_text("whole")
    assert names(tmp_path) == [name]


def test_a_folder_that_has_an_odd_name_already_can_be_written_into(tmp_path):
    (tmp_path / "10:30").mkdir()
    take(tmp_path / "10:30" / "run")


def test_a_path_that_is_too_long_for_the_computer_is_told(tmp_path, monkeypatch):
    long = tmp_path / ("x" * 300)
    for path in (long, long / "y"):
        with pytest.raises(InputFaults, match="cannot be written: File name too long"):
            take(path)
    monkeypatch.setattr(place, "LONGEST", len(str(tmp_path)) + 64)  # as Windows
    with pytest.raises(InputFaults, match=r"characters, too many for this computer\. Choose a shorter"):
        take(tmp_path / "plan")


@pytest.fixture
def open_in_excel(monkeypatch):
    """As on Windows: what is open in another program can be neither replaced nor renamed."""
    held: list[Path] = []
    rename, replace = Path.rename, Path.replace

    def refusing(act):
        def acting(self: Path, target: Path):
            if {self, Path(target)} & set(held):
                raise PermissionError(errno.EACCES, "The process cannot access the file")
            return act(self, target)

        return acting

    monkeypatch.setattr("planner.files.time.sleep", lambda _: None)
    monkeypatch.setattr(Path, "rename", refusing(rename))
    monkeypatch.setattr(Path, "replace", refusing(replace))
    return held


def test_a_run_folder_that_is_open_elsewhere_is_left_and_the_new_one_stands_beside_it(whole, tmp_path, open_in_excel):
    run = shutil.copytree(whole, tmp_path / "run")
    open_in_excel.append(run)
    with pytest.raises(InputFaults, match=r'The new one is whole, and called "run \(2\)". Close Excel'):
        write(run, "new")
    assert names(tmp_path) == ["run", "run (2)"]
    assert (run / "log.txt").read_text() == "old\n"
    assert (tmp_path / "run (2)" / "log.txt").read_text() == "new\n"
    assert names(tmp_path / "run (2)") == names(run)
    with pytest.raises(InputFaults, match=r"run \(3\)"):
        write(run, "newer")


def test_a_table_that_is_open_in_excel_is_left_and_the_new_one_stands_beside_it(tmp_path, open_in_excel):
    path = tmp_path / "referral.csv"
    path.write_text("old")
    open_in_excel.append(path)
    with pytest.raises(InputFaults, match=r'called "referral \(2\).csv"'), outputs.whole_file(path) as part:
        part.write_text("new")
    assert names(tmp_path) == ["referral (2).csv", "referral.csv"]
    assert path.read_text() == "old"
    assert (tmp_path / "referral (2).csv").read_text() == "new"


def test_a_file_never_takes_the_place_of_a_folder(tmp_path):
    (tmp_path / "x.csv").mkdir()
    (tmp_path / "x.csv" / "thesis.docx").write_text("years of work")
    with pytest.raises(InputFaults), outputs.whole_file(tmp_path / "x.csv") as part:
        part.write_text("new")
    assert names(tmp_path) == ["x.csv"]
    assert (tmp_path / "x.csv" / "thesis.docx").read_text() == "years of work"
