"""The run folder, whole or not at all: written beside its place, then renamed into it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from planner.errors import Fault, InputFaults
from planner.types.results import Plan

MARK = "plan.json"  # a folder that holds it is a run folder and may be replaced
OURS = (MARK, "map.html", "report.html", "tables.xlsx", "layers.gpkg", "rasters", "scenario.toml", "log.txt")
PASSING = (".", "~", "Thumbs.db", "desktop.ini")  # begin the names of what other programs leave in a folder
WAITS_S = (0.05, 0.1, 0.2, 0.5, 1.0)  # Windows: virus scanners hold new files for a moment


def write(plan: Plan, folder: Path, *, scenario_toml: str, log: Sequence[str]) -> None:
    """Write the run folder: report, map, workbook, layers, rasters, plan.json, scenario and log.

    Parameters
    ----------
    plan
        What is written.
    folder
        Where it shall stand. A run folder that stands there is replaced; anything else is left alone.
    scenario_toml
        Text of the scenario as used.
    log
        Lines of log.txt.

    Raises
    ------
    InputFaults
        Where the folder holds something else, or cannot be written. What stood there stands there still.
    """
    folder = Path(folder).resolve()
    check_folder(folder)
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir()
        _write_files(plan, part, scenario_toml, log)
        _flush(part)
        _swap(part, folder)
    except OSError as error:
        what = f"cannot be written: {error}."
        way_out = "Check the disk's free space and your rights there, close files of it that are open, or choose --out."
        raise InputFaults([Fault(str(folder), what, way_out)]) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def check_folder(folder: Path) -> None:
    """Raise InputFaults where a run folder cannot stand: a file, a folder with other things in it, no right to write.

    Worth asking before hours of computing.
    """
    folder = Path(folder).resolve()
    choose = "Choose another folder."
    if folder.is_dir():
        if any(folder.iterdir()) and not (folder / MARK).is_file():
            raise InputFaults([Fault(str(folder), f"is not empty and no run folder (it has no {MARK}).", choose)])
        others = sorted(path.name for path in folder.iterdir() if not path.name.startswith((*OURS, *PASSING)))
        if others:
            what = f"is a run folder, but also holds {', '.join(others[:3])}: all of it would be replaced."
            raise InputFaults([Fault(str(folder), what, "Move these files elsewhere, or choose another folder.")])
    elif folder.exists():
        raise InputFaults([Fault(str(folder), "is a file, a folder is expected.", choose)])
    parent = next(parent for parent in folder.parents if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=parent):
            pass
    except OSError as error:
        raise InputFaults([Fault(str(parent), f"nothing can be written there: {error}.", choose)]) from error


def _write_files(plan: Plan, folder: Path, scenario_toml: str, log: Sequence[str]) -> None:
    from planner.outputs.geopackage import write_geopackage
    from planner.outputs.map import map_html
    from planner.outputs.plan_json import plan_json
    from planner.outputs.rasters import write_rasters
    from planner.outputs.report import report_html
    from planner.outputs.tables import write_workbook

    write_rasters(plan, folder / "rasters")
    write_geopackage(plan, folder / "layers.gpkg")
    write_workbook(plan, folder / "tables.xlsx")
    for name, text in (
        ("map.html", map_html(plan)),
        ("report.html", report_html(plan)),
        ("scenario.toml", scenario_toml),
        ("log.txt", "".join(f"{line}\n" for line in log)),
        (MARK, plan_json(plan)),
    ):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _flush(folder: Path) -> None:
    """Have the disk hold every byte before the name does: else a power cut leaves whole names on empty files."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _swap(part: Path, folder: Path) -> None:
    """Rename the new folder to its place; the one before is set aside, and put back should that fail."""
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    replaces = folder.exists()
    if replaces:
        _rename(folder, aside)
    try:
        _rename(part, folder)
    except BaseException:  # an interrupt too
        if replaces and not folder.exists():
            _rename(aside, folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _rename(old: Path, new: Path) -> None:
    for wait in WAITS_S:
        with contextlib.suppress(PermissionError):
            old.rename(new)
            return
        time.sleep(wait)
    old.rename(new)
