"""Files on this computer: the planner's own data, and whether there is a file of a name."""

from __future__ import annotations

import contextlib
from pathlib import Path

from planner.errors import Fault, InputFaults


def data_folder() -> Path:
    """Folder with ``speeds/``, ``legends/``, ``lists/``, ``iccm/`` and ``demo/``.

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
