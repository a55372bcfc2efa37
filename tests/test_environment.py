"""Whatever the computer's language, time zone and other programs, and without any network: the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from faults import scene

NETWORKLESS = ["unshare", "--net", "--map-root-user"]  # a namespace without even a loopback
OTHER_PROGRAMS = {"PROJ_LIB": "/opt/postgis/proj", "PROJ_DATA": "/opt/postgis/proj", "GDAL_DATA": "/opt/qgis/gdal"}
ENVIRONMENTS = {
    "C, 14 hours ahead, other hashes": {
        "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
        "PYTHONHASHSEED": "77",
    },
    "Turkish, 11 hours behind, one thread, with QGIS": {
        "LC_ALL": "tr_TR.UTF-8", "LC_NUMERIC": "de_DE", "TZ": "Pacific/Midway", "NUMBA_NUM_THREADS": "1",
        "COLUMNS": "20", "OGR_CURRENT_DATE": "1999-01-01T00:00:00Z", **OTHER_PROGRAMS,
    },
}  # fmt: skip


def without_network() -> list[str]:
    """The words that run a command without a network; none where the system does not let us."""
    there = shutil.which("unshare") and not subprocess.run([*NETWORKLESS, "true"], check=False).returncode
    return NETWORKLESS if there else []


@pytest.fixture(scope="module")
def district(tmp_path_factory) -> Path:
    """The scene of the fault corpus, with names in several alphabets and no date of its own."""
    made = scene.make(tmp_path_factory.mktemp("district"))
    rows = made.rows("villages.csv")
    for row, name in zip(rows, ("Mbàlé", "ማእከል", "İstanbul ı", "القرية", "Nkhoma", "Ñandú"), strict=True):
        row["name"] = name
    made.write_rows("villages.csv", rows)
    del made.scenario["date"]
    made.write_scenario()
    return made.folder


# Runs commands in one process, one after another: what they import takes as long as some of them.
IN_TURN = "import json, sys; from planner import cli; sys.exit(max(map(cli.main, json.loads(sys.argv[1]))))"


def planner(folder: Path, *words: str, environment: dict[str, str] | None = None) -> str:
    """Run a command in a process of its own, without a network where that can be; what it printed."""
    return python(folder, "-m", "planner", *words, environment=environment)


def python(folder: Path, *words: str, environment: dict[str, str] | None = None) -> str:
    """What a process of Python printed, without a network where that can be."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ"))}
    command = [*without_network(), sys.executable, "-W", "error::UserWarning", *words]
    done = subprocess.run(command, cwd=folder, env=clean | (environment or {}), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout.decode("utf-8", "replace")


def written(folder: Path) -> dict[str, bytes]:
    """The bytes of all files of a run, without the seconds that it took."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    del files["log.txt"]
    plan = json.loads(files["plan.json"])
    del plan["provenance"]["seconds"], plan["placement"]["seconds"], plan["files"]["log.txt"]
    return files | {"plan.json": json.dumps(plan, ensure_ascii=False).encode()}


def commands(folder: Path) -> list[list[str]]:
    """A run, all its exports, and a page that compares it with itself."""
    run = str(folder / "plan")
    return [
        ["run", "scenario.toml", "--out", run],
        ["export", run, "--out", str(folder / "exports")],
        ["compare", run, run, "--out", str(folder / "compare.html")],
    ]


def everything(folder: Path) -> dict[str, bytes]:
    """The bytes of what the commands wrote."""
    run = folder / "plan"
    beside = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*")
              if path.is_file() and not path.is_relative_to(run)}  # fmt: skip
    return written(run) | beside


@pytest.fixture(scope="module")
def usual(district, tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("usual")
    for words in commands(folder):
        planner(district, *words, environment={"LC_ALL": "C.UTF-8", "TZ": "UTC"})
    return everything(folder)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_run_and_its_exports_have_the_same_bytes_on_any_computer(district, usual, tmp_path, environment):
    python(district, "-c", IN_TURN, json.dumps(commands(tmp_path)), environment=ENVIRONMENTS[environment])
    there = everything(tmp_path)
    assert {name for name in usual if there.get(name) != usual[name]} == set()
    assert set(there) == set(usual)


@pytest.mark.skipif(not without_network(), reason="the network cannot be taken away here")
@pytest.mark.parametrize(
    "words",
    [["check", "scenario.toml"], ["speeds", "scenario.toml"], ["init", "new.toml"], ["doctor"], ["--version"],
     ["travel", "scenario.toml", "--to", "facilities", "--what", "isochrones", "--out", "rings.gpkg"],
     ["fetch", "--help"]],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_command_needs_no_network(district, words):
    assert planner(district, *words)
