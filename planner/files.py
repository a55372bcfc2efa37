"""Files on this computer: the planner's own data, whether there is a file of a name, and giving a file its name."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from planner.errors import Fault, InputFaults

WAITS_S = (0.05, 0.1, 0.2, 0.5, 1.0)  # Windows: virus scanners hold new files for a moment


def data_folder() -> Path:
    """Folder with ``speeds/``, ``legends/``, ``lists/``, ``iccm/``, ``messages/`` and ``demo/``.

    It stands beside the package in the repository, and inside it in an installed wheel.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent / "data"):
        if (folder / "speeds").is_dir():
            return folder
    raise InputFaults([Fault(str(package), "the planner's data files are missing.", "Install the package again.")])


def is_file(path: Path) -> bool:
    """Whether there is such a file; False for a name that no file can have, or where nobody may look."""
    with contextlib.suppress(OSError):
        return path.is_file()
    return False


def is_folder(path: Path) -> bool:
    """Whether there is such a folder, as `is_file`."""
    with contextlib.suppress(OSError):
        return path.is_dir()
    return False


def sha256_of(path: Path) -> str:
    """Sha256 of a file, as hexadecimal text; the file is streamed."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def patiently(rename: Callable[[Path], object], target: Path) -> None:
    """Rename to the target, again after a moment where another program holds one of the two."""
    for wait in WAITS_S:
        with contextlib.suppress(PermissionError):
            rename(target)
            return
        time.sleep(wait)
    rename(target)
