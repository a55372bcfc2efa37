"""A run that is stopped is taken up where it was, to the same bytes; what is kept is checked and never trusted."""

from __future__ import annotations

import io
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from faults import scene
from test_environment import written

from outputs.test_place import disk_of
from planner import cli, pipeline, scenario_file
from planner.pipeline import store
from planner.pipeline.kept import Kept, keeping
from planner.pipeline.steps import Steps
from planner.types.arrays import Doubles, Ints, Objects
from planner.types.text import Text

STAGES = ("placement", "alternatives", "reasons", "coverage", "supervision", "rounds", "referral", "onward")
UP = "taken up from a run that was stopped: "
FAIR = {"placement": {"new_chws": 2, "fair": True}, "reach": {"season": "either"}}
BIKE = {"travellers": {"motorbike": {"ride": "motorbike", "wait_minutes": 5.0}}}
ROBUST = {**BIKE, "placement": {"new_chws": 2, "robust": "worst"}, "referral": {"ambulance": "motorbike"}}
YEARLY = {**BIKE, "placement": {"new_chws": 3, "yearly": [1, 2]}, "supervision": {"traveller": "motorbike"}}
FULL = {"placement": {"model": "maximal_cover", "new_chws": 2, "people_per_chw": 200.0, "min_people": 50.0}}


class Stopped(Exception):
    """As a kill would, but seen."""


def district(folder: Path, more: dict[str, Any] | None = None) -> Path:
    made = scene.make(folder)
    for section, keys in (more or {}).items():
        made.scenario[section] = made.scenario.get(section, {}) | keys
    made.write_scenario()
    return folder / "scenario.toml"


def run(scenario: Path, out: Path, stop_after: str = "", monkeypatch: Any = None, **how: Any) -> list[str]:
    """What a run tells; stopped after one stage is kept."""
    told: list[str] = []
    write = Kept._write

    def then_stop(self: Kept, path: Path, content: bytes) -> None:
        write(self, path, content)
        if path.stem == stop_after:
            raise Stopped

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Kept, "_write", then_stop)
        if stop_after:
            with pytest.raises(Stopped) as stopped:
                pipeline.run(scenario, out, told.append, **how)
            assert "the same command goes on from there" in stopped.value.__notes__[0]
        else:
            pipeline.run(scenario, out, told.append, **how)
    return told


def taken_up(told: list[str]) -> list[str]:
    return [text.removeprefix(UP) for text in told if text.startswith(UP)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Path, dict[str, bytes]]:
    """A scenario, and the files of a run that nobody stopped."""
    folder = tmp_path_factory.mktemp("whole")
    scenario = district(folder)
    told = run(scenario, folder / "out")
    assert taken_up(told) == []
    return scenario, written(folder / "out")


def test_a_run_that_is_stopped_twice_is_taken_up_to_the_same_bytes(whole, tmp_path):
    scenario, expected = whole
    before: list[str] = []
    for stage in ("placement", "rounds"):
        assert taken_up(run(scenario, tmp_path / "out", stop_after=stage)) == before
        assert sorted(path.name for path in tmp_path.iterdir()) == [".out.kept"]
        before = list(STAGES[: STAGES.index(stage) + 1])
    told = run(scenario, tmp_path / "out")
    assert taken_up(told) == before
    assert {name for name, content in written(tmp_path / "out").items() if content != expected.get(name)} == set()
    log = (tmp_path / "out" / "log.txt").read_text(encoding="utf-8")
    assert all(f"{UP}{stage}\n" in log for stage in before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def plan(scenario: Path, out: Path) -> tuple[Any, list[str]]:
    """A plan without its folder, and what was told; what is kept stays there."""
    told: list[str] = []
    kept = Kept(out.with_name(f".{out.name}.kept"), Steps(told.append))
    return pipeline.make_plan(scenario_file.load(scenario), scenario.parent, None, kept), told


def same(first: Any, second: Any) -> bool:
    """Whether two answers are alike to the last bit and type, but for seconds."""
    if type(first) is not type(second) and not isinstance(first, float | int | str):
        return False
    if is_dataclass(first):
        return all(same(getattr(first, each.name), getattr(second, each.name)) for each in fields(first)
                   if each.name != "seconds")  # fmt: skip
    if isinstance(first, np.ndarray) and first.dtype != object:
        return first.dtype == second.dtype and first.shape == second.shape and first.tobytes() == second.tobytes()
    if isinstance(first, tuple | np.ndarray):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, shapely.Geometry):
        return bool(shapely.to_wkb(first) == shapely.to_wkb(second))
    return repr(first) == repr(second) or first == second


@pytest.mark.parametrize("more", [FAIR, ROBUST, YEARLY, FULL], ids=["fair", "robust", "yearly", "full"])
def test_every_answer_of_every_kind_of_question_comes_back_as_it_was(tmp_path, more):
    scenario = district(tmp_path, more)
    first, told = plan(scenario, tmp_path / "out")
    assert taken_up(told) == []
    second, told = plan(scenario, tmp_path / "out")
    assert taken_up(told) == list(STAGES)
    for each in fields(first):
        if each.name not in ("scenario", "provenance"):
            assert same(getattr(first, each.name), getattr(second, each.name)), each.name


@pytest.mark.parametrize("what", ["scenario", "input", "table"])
def test_what_was_kept_for_another_question_is_removed_and_told(tmp_path, what):
    scenario = district(tmp_path, {"season": {"wet_factors": "wet.csv"}})
    factors = "key,value\nland_cover.cropland,0.5\nsurface.ground,0.5\nhighway.path,0.5\n"
    (tmp_path / "wet.csv").write_text(factors)
    plan(scenario, tmp_path / "out")
    if what == "scenario":
        scenario.write_text(scenario.read_text(encoding="utf-8").replace("new_chws = 2", "new_chws = 1"), "utf-8")
    elif what == "input":
        rows = (tmp_path / "villages.csv").read_text(encoding="utf-8")
        (tmp_path / "villages.csv").write_text(rows.replace("Lobi", "Lobo"), encoding="utf-8")
    else:  # it says nothing of the plan's own season, but of the other one
        (tmp_path / "wet.csv").write_text(factors.replace("cropland,0.5", "cropland,0.9"))
    _, told = plan(scenario, tmp_path / "out")
    assert taken_up(told) == []
    assert [text for text in told if "of another scenario, other files or another version" in text]
    _, told = plan(scenario, tmp_path / "out")
    assert taken_up(told) == list(STAGES)


def test_other_code_takes_nothing_up(tmp_path, monkeypatch):
    scenario = district(tmp_path)
    plan(scenario, tmp_path / "out")
    (tmp_path / "code.py").write_text("")
    monkeypatch.setattr("planner.pipeline.kept._code", lambda: [tmp_path / "code.py"])
    assert taken_up(plan(scenario, tmp_path / "out")[1]) == []


def test_afresh_takes_nothing_up(whole, tmp_path, capsys):
    scenario, _ = whole
    run(scenario, tmp_path / "out", stop_after="placement")
    assert cli.main(["run", str(scenario), "--out", str(tmp_path / "out"), "--afresh"]) == 0
    assert UP not in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


# The door, with an answer of its own.
@dataclass(frozen=True, eq=False)
class Found:
    """Something of each kind."""

    name: str
    minutes: Doubles
    cell: Ints
    ways: Objects
    parts: tuple[tuple[str, float], ...]
    best: float | None
    line: shapely.LineString | None = None


LINE = shapely.LineString([(0.1, 1e-300), (2.0, -3.0)])
FOUND = Found(
    "Mbálé \ud800 <b>", np.array([1.5, np.nan, np.inf]), np.arange(4, dtype=np.int32),
    np.array([LINE, None], object), (("a", -0.0), ("b", 1e-17)), None, LINE,
)  # fmt: skip


class Runs:
    """Pickled, it makes a file when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, int]]:
        return os.mkdir, (str(self.path), 0o777)


def door(folder: Path) -> tuple[Kept, list[str]]:
    told: list[str] = []
    kept = Kept(folder, Steps(told.append))
    kept._key = b"k" * 32
    return kept, told


def never() -> Found:
    raise AssertionError("made again")


def test_an_answer_comes_back_as_it_was(tmp_path):
    kept, told = door(tmp_path / "kept")
    assert kept.once("found", Found, lambda: FOUND) is FOUND
    assert same(kept.once("found", Found, never), FOUND)
    assert told == [f"{UP}found"]


def spoiled(content: bytes) -> dict[str, bytes]:
    middle = len(content) // 2
    sealed = content[:32] + store.packed(FOUND, b"another seal")
    return {
        "empty": b"", "cut": content[:-1], "half": content[:middle], "longer": content + b"\0",
        "a bit": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "another stage": sealed, "zeros": bytes(len(content)),
    }  # fmt: skip


def test_what_is_cut_or_damaged_is_told_and_made_anew(tmp_path):
    kept, told = door(tmp_path / "kept")
    kept.once("found", Found, lambda: FOUND)
    path = tmp_path / "kept" / "found.kept"
    whole = path.read_bytes()
    for name, content in spoiled(whole).items():
        path.write_bytes(content)
        told.clear()
        assert kept.once("found", Found, lambda: FOUND) is FOUND, name
        assert told == ["found was kept by a run that was stopped, but is made anew: it is cut or changed"], name
        assert path.read_bytes() == whole, name


def forged(said: Any, *arrays: np.ndarray, seal: bytes = b"s") -> bytes:
    """As a stranger could write it, with a checksum that holds."""
    import hashlib

    file = io.BytesIO(json.dumps(said).encode() + b"\n")
    file.seek(0, io.SEEK_END)
    for array in arrays:
        np.lib.format.write_array(file, array, allow_pickle=True)
    return file.getvalue() + hashlib.sha256(seal + file.getvalue()).digest()


def test_nothing_that_a_stranger_wrote_runs_or_passes_for_another_type(tmp_path):
    none, shapes = np.empty(0, np.uint8), np.frombuffer(shapely.to_wkb(shapely.Point(0, 0)), np.uint8)
    whole = {"name": "", "minutes": 0, "cell": 1, "ways": [], "parts": [], "best": None, "line": None}
    minutes, cell = np.zeros(1), np.zeros(1, np.int32)
    store.unpacked(forged(whole, minutes, cell, none), b"s", Found)
    runs = np.array([Runs(tmp_path / "ran")], object)
    for content in (
        forged(whole, runs, cell, none),
        pickle.dumps(Runs(tmp_path / "ran")),
        forged(whole, minutes.astype(np.float32), cell, none),
        forged(whole, minutes, none),
        forged(whole | {"name": 1}, minutes, cell, none),
        forged(whole | {"best": "1"}, minutes, cell, none),
        forged(whole | {"parts": [["a"]]}, minutes, cell, none),
        forged(whole | {"ways": [[0, 9]]}, minutes, cell, none),
        forged(whole | {"line": [0, len(shapes)]}, minutes, cell, shapes),
        forged({"name": ""}, minutes, cell, none),
        forged([], none),
        forged(whole, minutes, cell),
        forged({"__class__": "os.system"}, none),
    ):
        with pytest.raises(store.Damaged):
            store.unpacked(content, b"s", Found)
    assert not (tmp_path / "ran").exists()


def test_a_full_disk_or_a_file_in_the_way_stops_nothing_and_is_told_once(tmp_path):
    (tmp_path / "file").write_text("in the way")
    big = Found("", np.zeros(50_000), FOUND.cell, FOUND.ways, (), None)
    with disk_of(tmp_path / "disk", 64) as disk:
        for folder, why in ((disk / "kept", "No space left on device"), (tmp_path / "file", "File exists")):
            kept, told = door(folder)
            for stage in ("first", "second"):
                assert kept.once(stage, Found, lambda: big) is big
            assert told == [f"what is done cannot be kept, in case that the run is stopped: {why}"]
        kept.remove()
        assert sorted(path.name for path in (disk / "kept").iterdir()) == []


def test_leaving_well_removes_what_is_kept_but_nothing_else(tmp_path):
    with keeping(tmp_path / "out", Steps(), afresh=False) as kept:
        kept._key = b"k" * 32
        kept.once("found", Found, lambda: FOUND)
        (tmp_path / ".out.kept" / "notes.txt").write_text("somebody's own")
    assert [path.name for path in (tmp_path / ".out.kept").iterdir()] == ["notes.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_runs_killed_at_any_moment_leave_nothing_half_and_end_in_the_same_bytes():
    kills = os.environ.get("KILLS", "2")
    script = Path(__file__).parent / "outputs" / "kill_runs.py"
    done = subprocess.run([sys.executable, script, kills], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["kills"] == int(kills) and found["wrong"] == 0 and found["runs that ended"] > 0


def test_a_text_for_translators_is_not_kept_for_it_would_lose_its_values():
    with pytest.raises(TypeError, match="translators"):
        store.packed((1, Text("{count} rows", count=3)), b"seal")
