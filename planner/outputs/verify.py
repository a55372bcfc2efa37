"""Whether a run folder is as it was written, and whether its inputs are still those that it was made from."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from planner.errors import Fault, InputFaults
from planner.files import sha256_of
from planner.scenario.files import texts


def hashes(folder: Path) -> dict[str, str]:
    """Sha256 of every file in a folder, by its path in it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in paths}


def verify(run: Path, inputs: Path | None) -> tuple[int, int]:
    """Hash again what a run folder holds and, where `inputs` is the folder of its scenario, what it was made from.

    Returns
    -------
    How many files of the run, and how many inputs, are as they were.

    Raises
    ------
    InputFaults
        No run folder; files that are changed, missing or not of this run; inputs that are changed or missing.
    """
    try:
        plan = json.loads((run / "plan.json").read_text(encoding="utf-8"))
        written, made_from = dict(plan["files"]), list(plan["provenance"]["inputs"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"is no run folder that can be verified: {type(error).__name__}: {error}."
        raise InputFaults([Fault(str(run), what, "Give a folder that this planner's run wrote.")]) from None
    here = {name: value for name, value in hashes(run).items() if name != "plan.json"}
    faults = [Fault(str(run / name), what, "Run the scenario again.") for name, what in _differences(written, here)]
    if inputs is not None:
        faults += [Fault(str(inputs), what, "Run the scenario again.") for what in _changed(run, inputs, made_from)]
    if faults:
        raise InputFaults(faults)
    return len(written) + 1, len(made_from) if inputs is not None else 0


def _differences(written: dict[str, str], here: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted(written.keys() | here.keys()):
        if name not in here:
            yield name, "is missing."
        elif name not in written:
            yield name, "was not written by this run."
        elif here[name] != written[name]:
            yield name, "is not as it was written."


def _changed(run: Path, inputs: Path, made_from: list[dict[str, Any]]) -> Iterator[str]:
    asked = list(texts(tomllib.loads((run / "scenario.toml").read_text(encoding="utf-8"))))
    for each in made_from:
        paths = [inputs / text for text in asked if Path(text).name == each["file"]]
        there = [path for path in paths if path.is_file()]
        if not there:
            yield f"{each['role']}: {each['file']} is not there any more."
        elif all(sha256_of(path) != each["sha256"] for path in there):
            yield f"{each['role']}: {each['file']} has changed since the run."
