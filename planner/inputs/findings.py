"""What comes up while reading: faults to tell at once, notes to print, files to cite."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ParamSpec, TypeVar

from planner.errors import Doubt, Fault, InputFaults
from planner.files import is_file, is_folder, sha256_of
from planner.inputs.text import did_you_mean
from planner.scenario import LayerFile
from planner.scenario.fixes import FIXES
from planner.types.inputs import Change, Note, Source
from planner.types.lists import ListAccount
from planner.types.text import Text

P = ParamSpec("P")
T = TypeVar("T")


class Findings:
    """Gathers faults, notes and sources of all readers.

    Attributes
    ----------
    folder
        Folder of the scenario: paths in it are relative to this one.
    day
        The day of the plan (YYYY-MM-DD), "" = today: what is closed by then is left out.
    fixes
        Names of the repairs that the user agreed to; see `planner.scenario.fixes`.
    faults, notes, sources, doubts, accounts
        In the order they came up; doubts are rows of lists to be decided, accounts what became of all rows.
    """

    def __init__(self, folder: Path, fixes: Iterable[str] = (), day: str = "") -> None:
        self.folder = folder
        self.day = day or date.today().isoformat()
        self.fixes = frozenset(fixes)
        self.faults: list[Fault] = []
        self.notes: list[Note] = []
        self.sources: list[Source] = []
        self.doubts: list[Doubt] = []
        self.accounts: list[ListAccount] = []
        self._hashes: dict[Path, str] = {}

    def attempt(self, reader: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Call a reader and keep its faults, so that the other files are checked too."""
        try:
            return reader(*args, **kwargs)
        except InputFaults as found:
            self.faults.extend(found.faults)
            return None

    def open(self, role: str, layer: LayerFile, name: str = "") -> File:
        """A layer's file (or the file `name`, under its citation), which is then cited as a source.

        Raises InputFaults where the name is a URL or a GDAL path, or no such file is there or readable.
        """
        name = name or layer.file
        path = self.folder / name
        of = role if isinstance(role, Text) else Text(role)
        file = File(path, Text("{role} ({name})", role=of, name=name), self, layer.crs)
        if "://" in name or name.startswith("/vsi"):
            raise file.fault("is not a file on this computer.", "Download it and give the path of the file.")
        if is_folder(path):
            raise file.fault("is a folder.", "Give the path of the file in it.")
        if not is_file(path):
            raise file.fault(f"there is no such file in {self.folder.absolute()}.", self._near(path))
        try:
            if path not in self._hashes:
                self._hashes[path] = sha256_of(path)
        except OSError as error:
            way_out = "Close it where it is open in another program, and see that you may read it."
            raise file.fault(f"cannot be read: {error.strerror}.", way_out) from error
        self.sources.append(Source(role, path.name, self._hashes[path], layer.source))
        return file

    def _near(self, path: Path) -> str:
        """The way out where there is no such file: the one in its folder that is named most like it."""
        there = [each.name for each in path.parent.iterdir()] if is_folder(path.parent) else []
        return f"{did_you_mean(path.name, there)} Correct the path in the scenario.".strip()


@dataclass(frozen=True)
class File:
    """A file being read: its path, its role and name in messages, and where notes go.

    ``crs`` is the reference system that the scenario says it has, "" where it says none: see `planner.inputs.crs`.
    """

    path: Path
    where: str
    findings: Findings
    crs: str = ""

    def note(self, level: str, what: Text, count: float = 0.0, changes: Iterable[Change] = ()) -> None:
        """Keep a note; `level` is "repaired", "left out", "warning" or "info"; `changes` are its rows one by one."""
        self.findings.notes.append(Note(level, self.where, what, float(count), tuple(changes)))

    def agreed(self, fix: str) -> bool:
        """Whether the user agreed to this repair (``--fix``, or ``fixes`` of the scenario)."""
        if fix not in FIXES:
            raise KeyError(fix)
        return fix in self.findings.fixes

    def fault(self, what: str, way_out: str) -> InputFaults:
        """One fault, to be raised."""
        return InputFaults([Fault(self.where, what, way_out)])
