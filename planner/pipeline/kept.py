"""What the expensive stages of a run came to, kept beside the run folder until it is whole.

A run that is stopped, by whatever, is taken up by the next one that asks the same of the same files. Kept are placement
and what follows from it, some megabytes. Travel times are not: one search of two million cells took 0.3 s, and its
answer would take 24 MB of disk; nor is the matrix of placement (0.2 s there, but half a gigabyte for a country).
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import planner
from planner.files import data_folder, is_file, sha256_of
from planner.pipeline import store
from planner.pipeline.steps import Steps
from planner.scenario import Scenario
from planner.scenario.files import texts

ENDING = ".kept"
Answer = TypeVar("Answer")


class Kept:
    """Answers by the name of their stage, in a folder of their own; None = nothing is kept."""

    def __init__(self, folder: Path | None, steps: Steps) -> None:
        self._folder, self._steps, self._key = folder, steps, b""

    def belongs_to(self, identity: str, scenario: Scenario, folder: Path) -> None:
        """Say what the answers depend on; those that were kept for anything else are removed.

        Parameters
        ----------
        identity
            Of the plan: see `planner.pipeline.provenance.identity`.
        scenario, folder
            Every file that the scenario names counts, and our own code.
        """
        if not self._folder:
            return
        self._key = _digest(identity, scenario, folder)
        others = [path for path in self._files() if not _begins_with(path, self._key)]
        _remove(others)
        if others:
            self._steps.tell(
                "begun anew: a run was stopped here, but of another scenario, other files or another version of planner"
            )

    def once(self, stage: str, kind: type[Answer], make: Callable[[], Answer]) -> Answer:
        """The answer of a stage, of a type: taken up where it was kept, else made and kept."""
        if not self._folder or not self._key:
            return make()
        path, seal = self._folder / f"{stage}{ENDING}", self._key + stage.encode()
        if is_file(path):
            try:
                answer: Answer = store.unpacked(path.read_bytes()[len(self._key) :], seal, kind)
            except (OSError, store.Damaged) as why:
                self._steps.tell(f"{stage} was kept by a run that was stopped, but is made anew: {why}")
            else:
                self._steps.tell(f"taken up from a run that was stopped: {stage}")
                return answer
        answer = make()
        self._write(path, self._key + store.packed(answer, seal))
        return answer

    def _write(self, path: Path, content: bytes) -> None:
        part = path.with_suffix(".part")
        try:
            path.parent.mkdir(exist_ok=True)
            _remove([part])
            part.write_bytes(content)
            part.replace(path)
        except OSError as why:
            self._steps.tell(f"what is done cannot be kept, in case that the run is stopped: {why.strerror}")
            _remove([part])
            self._key = b""  # told once, and not tried again

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{ENDING}")) if self._folder else []

    def remove(self) -> None:
        """Remove all that is kept."""
        if self._folder:
            _remove([*self._files(), *self._folder.glob("*.part")])
            with contextlib.suppress(OSError):  # there is none, or somebody put something else into it
                self._folder.rmdir()

    def told(self) -> str:
        """What to say to somebody whose run is stopped; "" where nothing is kept."""
        there = f"What is done so far is kept in {self._folder}: the same command goes on from there."
        return there if self._files() else ""


@contextmanager
def keeping(out: Path, steps: Steps, *, afresh: bool) -> Iterator[Kept]:
    """What is kept for the run folder `out`: removed when that is whole, or at once where all is to be made afresh."""
    out = Path(out).resolve()
    here = Kept(out.with_name(f".{out.name}.kept"), steps)
    if afresh:
        here.remove()
    try:
        yield here
    except BaseException as error:  # Ctrl-C too
        error.add_note(here.told())
        raise
    here.remove()


def _remove(paths: list[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def _begins_with(path: Path, key: bytes) -> bool:
    with contextlib.suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                return file.read(len(key)) == key
    return False


def _digest(identity: str, scenario: Scenario, folder: Path) -> bytes:
    digest = hashlib.sha256(identity.encode())
    named = sorted({text for text in texts(scenario.model_dump()) if text and is_file(folder / text)})
    for path in [*(folder / text for text in named), *_code()]:
        digest.update(sha256_of(path).encode())
    return digest.digest()


def _code() -> Iterator[Path]:
    yield from sorted(Path(planner.__file__).parent.rglob("*.py"))
    yield from sorted(path for path in data_folder().glob("*/*.csv") if path.parent.name != "demo")
