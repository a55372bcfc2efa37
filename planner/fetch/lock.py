"""The lock file: what was fetched from where, with sha256; and what was made of it, so that it is not made twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from planner import __version__
from planner.errors import Fault, InputFaults
from planner.fetch import LOCK
from planner.files import patiently, sha256_of

VERSION = 1

Entry = dict[str, Any]


class Lock:
    """The lock file of a folder.

    Attributes
    ----------
    place
        The place the folder is of, in words.
    files
        What was fetched, by name.
    made
        What was made of it, by name.
    """

    def __init__(self, folder: Path, place: str) -> None:
        self.path = folder / LOCK
        self.place = place
        self.files: dict[str, Entry] = {}
        self.made: dict[str, Entry] = {}
        if self.path.is_file():
            self._read()

    def _read(self) -> None:
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
            version, place = told["lock_version"], told["place"]
            self.files, self.made = told["files"], told["made"]
        except (ValueError, KeyError, TypeError) as error:
            what = f"cannot be read ({type(error).__name__}: {error})."
            raise self._fault(what, "Delete it; the files are then fetched and checked anew.") from None
        if version != VERSION:
            raise self._fault(
                f"has the form {version}, expected {VERSION}.", "Choose another folder, or update planner."
            )
        if place != self.place:
            raise self._fault(f"is of {place}, not of {self.place}.", "Choose another folder with --out.")

    def save(self) -> None:
        """Write the file, whole or not at all."""
        told = {
            "lock_version": VERSION, "planner": __version__, "place": self.place,
            "files": dict(sorted(self.files.items())), "made": dict(sorted(self.made.items())),
        }  # fmt: skip
        part = self.path.with_name(f".{LOCK}.part")
        part.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
        patiently(part.replace, self.path)

    def sha256(self, name: str) -> str:
        """Sha256 of a file that was fetched, "" where it is not there."""
        return str(self.files.get(name, {}).get("sha256", ""))

    def make(self, name: str, of: Sequence[str], write: Callable[[Path], None]) -> str:
        """Make a file in the folder, unless it was made of the same before.

        Parameters
        ----------
        name
            Name of the file.
        of
            All that it is made of: sha256 of files, options. The same gives the same file.
        write
            Writes it to the path it is given, which ends as the name does.

        Returns
        -------
        ``made``, ``kept`` as it was made before, or ``changed``: somebody has worked on it, it is left as it is.
        """
        path = self.path.with_name(name)
        entry = self.made.get(name, {})
        recipe = hashlib.sha256("\n".join((__version__, *of)).encode()).hexdigest()
        if path.exists():
            if sha256_of(path) != entry.get("sha256"):
                return "changed"
            if entry.get("recipe") == recipe:
                return "kept"
        part = path.with_name(f".part.{name}")
        part.unlink(missing_ok=True)
        try:
            write(part)
            self.made[name] = {"sha256": sha256_of(part), "recipe": recipe}
            patiently(part.replace, path)
        finally:
            part.unlink(missing_ok=True)
        self.save()
        return "made"

    def _fault(self, what: str, way_out: str) -> InputFaults:
        return InputFaults([Fault(str(self.path), what, way_out)])
