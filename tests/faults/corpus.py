"""The fault corpus: faults made by code in a sound district, and what the planner says of each of them.

    python tests/faults/corpus.py             the table: rows x variants, outcome, tracebacks, silent changes
    python tests/faults/corpus.py --accept    writes the goldens anew, to be read by a person
    python tests/faults/corpus.py R6 R8       these rows only

A case is a function that spoils a scene. Its outcome is one of

    STOP    exit code 2, nothing computed, a message that says where, what, and the way out
    FIX     exit code 0, and "repaired" or "left out" says what
    WARN    exit code 0, and a warning
    INFO    exit code 0, and an information: nothing was changed, but how it was understood is told
    SAME    exit code 0, and word for word what is said of the sound district: read as it should be

FIX, WARN and INFO that say nothing beside what is said of the sound district would be silent, and fail.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults import scene
from faults.scene import Scene

from planner import cli

STOP, FIX, WARN, INFO, SAME = "STOP", "FIX", "WARN", "INFO", "SAME"
SECTIONS = (
    "lists", "coordinates", "rasters", "writings", "tables", "workbooks", "network", "files", "downloads", "people",
)  # fmt: skip
GOLDEN = Path(__file__).parent / "golden"
NEEDED = {FIX: ("repaired", "left out"), WARN: ("warning",), INFO: ("info",)}

Spoil = Callable[[Scene], None]


@dataclass(frozen=True)
class Case:
    """One variant of a row of the fault table, R1 to R95, or of a row beside it, such as P1."""

    row: str
    name: str
    outcome: str
    spoil: Spoil


@dataclass(frozen=True)
class Said:
    """What a command answered: its exit code, and its text without what is said of the sound district."""

    code: int
    text: str


CASES: list[Case] = []


def fault(row: str, outcome: str, name: str) -> Callable[[Spoil], Spoil]:
    """Enter a function that spoils a scene as a variant of a row."""

    def enter(spoil: Spoil) -> Spoil:
        CASES.append(Case(row, name, outcome, spoil))
        return spoil

    return enter


def cases() -> list[Case]:
    """All cases, in the order of their rows."""
    for section in SECTIONS:
        if (Path(__file__).parent / f"{section}.py").exists():
            importlib.import_module(f"faults.{section}")
    return sorted(CASES, key=lambda case: (case.row[0] != "R", case.row[0], int(case.row[1:])))  # R of the table first


def answer(spoil: Spoil) -> Said:
    """Spoil a new scene and run its command in its folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        made = scene.make(folder)
        spoil(made)
        if "scenario.toml" in made.command and not (folder / "scenario.toml").exists():
            made.write_scenario()
        with made.around:
            code, text = run(folder, made.command)
    return Said(code, without_paths(text, folder))


def run(folder: Path, command: list[str]) -> tuple[int, str]:
    """Exit code and text of a command, as it is read on a terminal of 100 columns."""
    told = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    before, environment = Path.cwd(), dict(os.environ)
    os.environ["COLUMNS"] = "100"
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            try:
                code = cli.main(command)
            except SystemExit as stopped:  # argparse
                code = int(str(stopped.code))
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(environment)
    return code, told.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def without_paths(text: str, folder: Path) -> str:
    """Text without what differs from machine to machine."""
    text = text.replace(str(folder), "FOLDER")
    return re.sub(r"^ *\d+\.\d s  .*\n", "", text, flags=re.MULTILINE)  # progress


def without_endings(text: str) -> str:
    """Text where a file is the same in any format: "facilities (facilities.gpkg)" as "facilities (facilities.csv)"."""
    return re.sub(r"\((\w+)\.\w+\):", r"(\1):", text)


@cache
def sound() -> str:
    """What is said of the sound district by `planner check`."""
    said = answer(lambda _: None)
    if said.code:
        raise AssertionError(said.text)
    return said.text


def new_lines(text: str) -> Iterator[str]:
    """Lines that are not said of the sound district."""
    known = set(sound().splitlines())
    return (line for line in text.splitlines() if line not in known)


def trouble(case: Case, said: Said) -> str:
    """What is wrong with an answer, beside its words; "" = nothing."""
    if "Traceback" in said.text or "internal error" in said.text:
        return "traceback"
    if said.code != (2 if case.outcome == STOP else 0):
        return f"exit code {said.code}"
    if case.outcome == SAME:
        same = without_endings(said.text) == without_endings(sound())
        return "" if same else "not the same"
    news = "\n".join(new_lines(said.text))
    if not news:
        return "silent"
    if case.outcome in NEEDED and not any(
        re.search(rf"^ *{level}  ", news, re.MULTILINE) for level in NEEDED[case.outcome]
    ):
        return "not told"
    return ""


def golden(row: str, said: dict[Case, Said]) -> str:
    """What the user reads for all variants of a row."""
    parts = [row]
    for case, each in said.items():
        news = "\n".join(new_lines(each.text)).strip("\n")
        parts.append(f"== {case.name}: {case.outcome}\n{news}".rstrip())
    return "\n\n".join(parts) + "\n"


def main(arguments: list[str]) -> int:
    """Print the table; with --accept, write the goldens. Exit code 1 where a case went wrong."""
    rows: dict[str, dict[Case, Said]] = {}
    asked = [argument for argument in arguments if argument != "--accept"]
    for case in cases():
        if asked and case.row not in asked:
            continue
        rows.setdefault(case.row, {})[case] = answer(case.spoil)
    wrong: Counter[str] = Counter()
    for row, said in rows.items():
        troubles = {case: trouble(case, each) for case, each in said.items()}
        outcomes = Counter(case.outcome for case in said)
        print(f"{row:5}{len(said):3} variants  {', '.join(f'{n} {outcome}' for outcome, n in outcomes.items())}")
        for case, what in troubles.items():
            if what:
                wrong[what] += 1
                print(f"      {what}: {case.name} (expected {case.outcome})")
        if "--accept" in arguments:
            (GOLDEN / f"{row}.txt").write_text(golden(row, said), encoding="utf-8")
    count = sum(map(len, rows.values()))
    print(f"\n{len(rows)} rows, {count} variants: {wrong['traceback']} tracebacks, {wrong['silent']} silent changes, "
          f"{wrong.total() - wrong['traceback'] - wrong['silent']} other than they should be")  # fmt: skip
    return int(bool(wrong))


if __name__ == "__main__":
    from faults import corpus  # the module that the sections enter their cases in

    sys.exit(corpus.main(sys.argv[1:]))
