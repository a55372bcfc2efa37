"""The command line: what it says, and every exit code."""

from __future__ import annotations

import errno
import importlib
import json
import os
import subprocess
import sys
import types
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import planner
from outputs.tiny import tiny_plan
from planner import cli, cli_told, coverage
from planner.errors import Fault, InputFaults, NoAnswer
from planner.pipeline.steps import Steps
from planner.scenario_file import load
from planner.types.inputs import Change, Inputs, Layers, Note
from planner.types.lists import ListAccount

SPOILT = """\
title = "Mbale"
new_chws = 5
[population]
fil = "pop.tif"
under_five_share = 17
[facilities]
file = "sites.csv"
[reach]
max_minuts = 60
rule = "eithr"
"""

TOLD = """\
planner: 6 things to mend

  1. scenario.toml, line 2: new_chws
     there is no such key here.
     Write it below [placement].

  2. scenario.toml, line 3: [population] file
     missing; expected text that is not empty: GeoTIFF of people per cell, relative to this
       scenario.
     Add below [population]: file = "population.tif"

  3. scenario.toml, line 4: [population] fil
     there is no such key.
     Did you mean file?

  4. scenario.toml, line 5: [population] under_five_share
     found 17; expected a number above 0 and below 1 (share of people): share of people under five
       where no raster of them is given.
     For example: under_five_share = 0.16

  5. scenario.toml, line 9: [reach] max_minuts
     there is no such key.
     Did you mean max_minutes?

  6. scenario.toml, line 10: [reach] rule
     found "eithr", but "eithr" is none of minutes, km, road_km, water, cut_off (did you mean
       "either"?); expected text: hard to reach when beyond these limits: minutes (max_minutes), km
       (max_km), road_km (max_road_km), water (the quickest way crosses water that is a barrier in
       the wet season, on a bridge or ford too), cut_off (the quickest way of the dry season is
       closed in the wet season); joined by and, or, with ( ) where both stand: "minutes or km" (the
       same as "either"), "minutes and km" (the same as "both"), "km or cut_off".
     For example: rule = "either"
"""


@pytest.fixture(autouse=True)
def own_process(monkeypatch):
    """What main() changes in the process is put back."""
    for name in (*cli.OF_OTHER_PROGRAMS, "PROJ_NETWORK", "OMP_WAIT_POLICY"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def stages(monkeypatch):
    """The pipeline, replaced: the test says what its two doors do."""
    pipeline = types.ModuleType("planner.pipeline")
    monkeypatch.setitem(sys.modules, "planner.pipeline", pipeline)
    monkeypatch.setattr(planner, "pipeline", pipeline, raising=False)
    return pipeline


def raising(error: BaseException):
    def act(*_, **__):
        raise error

    return act


def run(scenario: str = "s.toml") -> int:
    return cli.main(["run", scenario, "--out", "plan"])


def test_init_writes_a_scenario_that_loads(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["init"]) == 0
    assert load(Path("scenario.toml")).reach.max_minutes == 60
    assert "planner check scenario.toml" in capsys.readouterr().out
    assert b"\r" not in Path("scenario.toml").read_bytes()


def test_init_leaves_a_file_that_exists_alone(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text("mine", encoding="utf-8")
    assert cli.main(["init", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert "it exists already and was left alone" in capsys.readouterr().err


def test_init_names_the_folder_that_is_missing(tmp_path, capsys):
    assert cli.main(["init", str(tmp_path / "no" / "mine.toml")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_init_prints_the_schema_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["init", "--schema"]) == 0
    assert "reach" in json.loads(capsys.readouterr().out)["properties"]
    assert not list(tmp_path.iterdir())


def test_all_faults_are_told_at_once(tmp_path, stages, capsys):
    (tmp_path / "scenario.toml").write_text(SPOILT, encoding="utf-8")
    stages.check = lambda path, fixes, **_: load(path, fixes)
    assert cli.main(["check", str(tmp_path / "scenario.toml")]) == 2
    captured = capsys.readouterr()
    assert captured.err == TOLD
    assert captured.out == ""


def test_one_fault_is_one_thing(stages, capsys):
    stages.run = raising(InputFaults([Fault("roads.pbf", "it ends early.", "Download it again.")]))
    assert run() == 2
    assert capsys.readouterr().err == (
        "planner: 1 thing to mend\n\n  1. roads.pbf\n     it ends early.\n     Download it again.\n"
    )


def test_names_from_files_cannot_steer_the_terminal(stages, capsys):
    stages.run = raising(InputFaults([Fault("a.csv", 'found "\x1b[31mred\u202e\r\nrow 2".', "Mend it.")]))
    run()
    assert 'found " [31mred row 2".' in capsys.readouterr().err


def test_names_from_files_cannot_forge_a_line_of_the_log():
    steps = Steps()
    steps.begin("to 3 facilities, by car\r\n     0.1 s  all is well\x1b[2J")
    steps.tell("about\n1 MB")
    steps.end()
    assert len(steps.log) == 2 and all(line.isprintable() for line in steps.log)
    assert list(steps.seconds) == ["to 3 facilities, by car 0.1 s all is well [2J"]


def test_no_answer_is_told_apart_from_faults(stages, capsys):
    stages.run = raising(NoAnswer("no village has as many people as min_people."))
    assert run() == 3
    assert capsys.readouterr().err == "planner: no answer: no village has as many people as min_people.\n"


def test_our_bug_is_one_line_without_a_traceback(stages, capsys):
    stages.run = raising(KeyError("spam\neggs"))
    assert run() == 1
    err = capsys.readouterr().err
    assert err.startswith("planner: internal error: KeyError: 'spam")
    assert err.count("\n") == 1
    assert "--debug" in err


@pytest.mark.parametrize("arguments", [["--debug", "check", "s.toml"], ["check", "s.toml", "--debug"]])
def test_debug_shows_the_traceback(stages, capsys, arguments):
    stages.check = raising(KeyError("spam"))
    assert cli.main(arguments) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_ctrl_c_stops_with_a_line(stages, capsys):
    stages.run = raising(KeyboardInterrupt())
    assert run() == 130
    assert capsys.readouterr().err == "planner: stopped\n"


def test_too_little_memory_comes_with_advice(stages, capsys):
    stages.run = raising(MemoryError())
    assert run() == 2
    assert "cut the population raster" in capsys.readouterr().err


def test_a_full_disk_and_a_locked_file_come_with_advice(stages, capsys):
    stages.run = raising(OSError(errno.ENOSPC, "No space left on device", "plan/map.html"))
    assert run() == 2
    assert "plan/map.html\n     No space left on device.\n     Free some space" in capsys.readouterr().err
    stages.run = raising(PermissionError(errno.EACCES, "Permission denied", "plan/tables.xlsx"))
    assert run() == 2
    assert "Close it where it is open in another program" in capsys.readouterr().err


def test_other_faults_of_the_system_are_our_bug(stages):
    stages.run = raising(OSError(errno.EBADF, "Bad file descriptor"))
    assert run() == 1


@pytest.mark.parametrize("arguments", [["run", "s.toml"], ["check"], ["walk"], ["run", "s.toml", "--ou", "x"]])
def test_a_wrong_command_is_a_thing_to_mend(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert "usage: planner" in capsys.readouterr().err


def test_no_command_shows_how_to_begin(capsys):
    assert cli.main([]) == 2
    assert "planner demo" in capsys.readouterr().err


def test_version_is_the_package_version(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"planner {planner.__version__}\n"


def test_a_plan_is_told_in_a_few_lines(stages, capsys):
    plan = tiny_plan()
    calls = []

    def make(scenario, out, tell, **_):
        calls.append((scenario, out))
        tell("reading files")
        tell("travel time to 2 facilities")
        return plan

    stages.run = make
    assert cli.main(["run", "s.toml", "--out", "plan"]) == 0
    captured = capsys.readouterr()
    assert calls == [(Path("s.toml"), Path("plan"))]
    assert [line.split(" s  ")[1] for line in captured.err.splitlines()] == [
        "reading files",
        "travel time to 2 facilities",
    ]
    assert plan.scenario.title in captured.out
    inside = plan.land.area >= 0
    people = plan.land.people[inside]
    for minutes, care in (
        (plan.to_facility.minutes, "a facility\n"),
        (plan.with_plan.minutes, "a facility or CHW with the plan\n"),
    ):
        share = 100 * people[minutes[inside] <= 60].sum() / people.sum()
        assert f" {share:.1f} %  within 60 min on foot of {care}" in captured.out
    assert f"of {len(plan.villages)} villages are hard to reach" in captured.out
    assert plan.placement.status in captured.out
    assert str(Path("plan") / "map.html") in captured.out
    assert str(Path("plan") / "report.html") in captured.out


def test_on_a_terminal_stages_are_ticked_off(stages, capsys, monkeypatch):
    def make(_scenario, _out, tell, **_):
        tell("reading [files]")
        tell("placing CHWs")
        return tiny_plan()

    stages.run = make
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run() == 0
    err = capsys.readouterr().err
    assert err.index("reading [files]") < err.rindex("placing CHWs")
    assert err.count("✓") == 2


def test_the_demo_runs_its_own_scenario(stages, capsys):
    calls = []

    def make(scenario, out, _tell, **_):
        calls.append((scenario.parts[-2:], out))
        return tiny_plan()

    stages.run = make
    assert cli.main(["demo"]) == 0
    assert cli.main(["demo", "--out", "elsewhere"]) == 0
    assert calls == [(("demo", "scenario.toml"), Path("planner-demo")), (("demo", "scenario.toml"), Path("elsewhere"))]
    assert "planner init" in capsys.readouterr().out


def test_check_says_what_was_read(stages, capsys):
    plan = tiny_plan()
    land = plan.land
    people = np.where(np.arange(land.frame.n) == 0, np.nan, 2.0)
    found = Inputs(
        layers=Layers(land.frame, people, people / 5, None, None),
        roads=plan.roads,
        water=plan.water,
        no_go=np.empty(0, object),
        areas=plan.areas,
        facilities=plan.facilities,
        villages=plan.facilities,
        chws=plan.facilities,
        sources=(),
        notes=(),
    )
    lost = tuple(Change(f"row {row}", "blank", "") for row in range(2, 9))
    notes = (Note("left out", "sites.csv", "rows without\ncoordinates", 7, lost),)
    agreed = []
    balance = coverage.people_balance(land, len(plan.areas), float(land.people.sum()))
    accounts = (*plan.accounts, ListAccount("villages", "v.csv", (("used", 0), ("outside", 4))))
    base = SimpleNamespace(found=found, balance=balance, accounts=accounts, notes=notes, doubts=plan.doubts)
    stages.check = lambda _, fixes, **_others: agreed.extend(fixes) or base
    assert cli.main(["check", "s.toml", "--fix", "swap-latlon"]) == 0
    assert agreed == ["swap-latlon"]
    lines = capsys.readouterr().out.splitlines()
    total = 2 * (land.frame.n - 1)
    assert lines[1].strip() == f"{total:,}  people in the raster, {total / 5:,.0f} of them under five"
    assert lines[2].split()[0] == "=" and lines[2].endswith(" unknown")
    assert sum(int(word.replace(",", "")) for word in lines[2].split() if word[0].isdigit()) == land.people.sum()
    assert lines[3].strip().startswith(f"{len(plan.facilities)}  facilities (")
    assert [line.strip() for line in lines[8:]] == [
        "4  rows in facilities.csv (facilities): 3 used, 1 without coordinates",
        "4  rows in v.csv (villages): 0 used, 4 outside",
        "left out  sites.csv: rows without coordinates (7)",
        *(f'row {row}: "blank"' for row in range(2, 7)),
        "and 2 more",
        "",
        "1 row of lists can be decided one by one, in a workbook to edit and give back:",
        "planner check SCENARIO --review FILE.xlsx",
    ]


SPEEDS = """\
title = "Mbale"
[population]
file = "pop.tif"
[facilities]
file = "sites.csv"
[walking]
speeds = "ground.csv"
road_speeds = "roads.csv"
load_factor = 0.8
slope = "tobler_off_path"
[season]
name = "wet"
wet_factors = "wet.csv"
"""

SHOWN = """\
on foot by land cover: ground.csv
          km/h dry    wet  range      source
cropland       2.5   1.25  1.5-4      [1] fields UNVERIFIED
town             4      4             [2]
[1] Survey 2023
[2] Atlas, page 4

on foot by road class: roads.csv
      km/h dry    wet  range      source
path         4      3             [1] UNVERIFIED
[1] roads.csv, no source given

wet season, times: wet.csv
                       factor  range      source
land_cover.cropland       0.5             [1] UNVERIFIED
highway.path             0.75             [1] UNVERIFIED
[1] wet.csv, no source given

on slopes, in the direction of travel
                              -20 %   -10 %    -5 %    flat    +5 %   +10 %   +20 %
on foot (tobler_off_path)      70 %   100 %   119 %   100 %    84 %    70 %    50 %
source: Tobler 1993

The season of the plan is wet.
On foot, all speeds are multiplied by 0.8 ([walking] load_factor).
On ground that is no road or path, speeds on foot are multiplied by 3/5 ([walking] slope).
"""


def test_the_speeds_in_use_are_shown_with_ranges_and_sources(tmp_path, capsys):
    (tmp_path / "s.toml").write_text(SPEEDS, encoding="utf-8")
    head = "key,value,low,high,source,status\n"
    ground = f'{head}cropland,2.5,1.5,4,Survey 2023: fields,recalled\ntown,4,,,"Atlas, page 4",read\n'
    (tmp_path / "ground.csv").write_text(ground, encoding="utf-8")
    (tmp_path / "roads.csv").write_text("key,value\npath,4\n", encoding="utf-8")
    (tmp_path / "wet.csv").write_text("key,value\nland_cover.cropland,0.5\nhighway.path,0.75\n", encoding="utf-8")
    assert cli.main(["speeds", str(tmp_path / "s.toml")]) == 0
    assert capsys.readouterr().out == SHOWN


def test_what_many_rows_cite_is_told_once_within_the_width(capsys):
    assert cli.main(["speeds"]) == 0
    told = capsys.readouterr().out
    assert told.count("Weiss et al. 2020 Nat Med") == 1
    assert max(map(len, told.splitlines())) <= 100
    assert "cropland              2.5   1.67  1.5-4      [1] cropland; a mosaic with" in told
    assert told.endswith("The season of the plan is dry.\n")


def test_the_tables_of_speeds_that_come_with_the_planner_are_listed(capsys):
    assert cli.main(["speeds", "--list"]) == 0
    assert capsys.readouterr().out == (
        "walking.speeds          accessmod_gpp, accessmod_manual, geohealthaccess, niger, rwanda, weiss_2020\n"
        "walking.road_speeds     accessmod_gpp\n"
        "season.wet_factors      niger\n"
        "travellers.NAME.ride    bicycle, car, car_accessmod_gpp, car_gost, motorbike\n"
    )


def test_a_table_of_speeds_that_is_not_there_is_a_thing_to_mend(tmp_path, capsys):
    (tmp_path / "s.toml").write_text(SPEEDS, encoding="utf-8")
    assert cli.main(["speeds", str(tmp_path / "s.toml")]) == 2
    assert capsys.readouterr().err.startswith("planner: 3 things to mend\n\n  1. wet.csv\n     there is no such file")


def test_roads_are_measured_on_the_ground():
    import shapely

    from planner.types.frame import Frame

    plan = tiny_plan()
    frame = Frame("EPSG:4326", 30.0, 1.0, 0.1, 0.1, 20, 20)
    lines = [shapely.LineString([(30, 0), (30.5, 0), (31, 0)]), shapely.LineString([(30, 1), (30, 0)])]
    count = len(lines)
    roads = type(plan.roads)(
        geometry=np.array(lines, dtype=object),
        **{name: np.resize(column, count) for name, column in vars(plan.roads).items() if name != "geometry"},
    )
    assert cli_told._road_km(frame, roads) == pytest.approx(111.319 + 110.574, abs=0.001)  # a degree, WGS 84


def test_what_other_programs_set_for_proj_and_gdal_is_dropped(monkeypatch, stages):
    for name in ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA"):
        monkeypatch.setenv(name, "/other/program")
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    seen = {}
    stages.run = lambda *_, **__: seen.update(os.environ) or tiny_plan()
    run()
    assert not {"PROJ_LIB", "PROJ_DATA", "GDAL_DATA"} & set(seen)
    assert seen["PROJ_NETWORK"] == "OFF"
    assert seen["OMP_WAIT_POLICY"] == "active"  # the user's own choice


def in_process(*arguments: str, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, cwd=folder, env={**os.environ, **environment}, check=False
    )


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["speeds", "--help"], ["--version"]])
def test_help_loads_no_heavy_library(arguments):
    code = (
        "import sys\nfrom planner.cli import main\n"
        f"try: main({arguments})\nexcept SystemExit as stop: assert stop.code == 0\n"
        "print(sorted({'numpy', 'pydantic', 'rich', 'shapely', 'tomli_w'} & set(sys.modules)))"
    )
    done = in_process("-c", code)
    assert done.stdout.splitlines()[-1] == b"[]", done.stderr


def test_an_old_code_page_cannot_stop_it(tmp_path):
    done = in_process("-m", "planner", "init", "日本.toml", folder=tmp_path, PYTHONIOENCODING="cp1252")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"Wrote ??.toml.")
    assert (tmp_path / "日本.toml").exists()


def test_a_reader_that_leaves_early_is_no_fault():
    code = "import sys\nfrom planner.cli import main\nsys.exit(main(['init', '--schema']))"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdout.close()
    error = child.stderr.read()
    child.stderr.close()
    assert child.wait() == cli.NOBODY_LISTENS
    assert error == b""


def test_python_dash_m_is_the_same_program():
    done = in_process("-m", "planner", "--version")
    assert done.stdout.strip().decode() == f"planner {planner.__version__}"
    assert importlib.import_module("planner.__main__").main is cli.main
