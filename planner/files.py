"""Where the planner's own data files are: beside the package in the repository, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from planner.errors import Fault, InputFaults


def data_folder() -> Path:
    """Folder with ``speeds/``, ``legends/``, ``lists/``, ``iccm/`` and ``demo/``."""
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent / "data"):
        if (folder / "speeds").is_dir():
            return folder
    raise InputFaults([Fault(str(package), "the planner's data files are missing.", "Install the package again.")])
