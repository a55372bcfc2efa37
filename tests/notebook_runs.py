"""The notebooks, run from top to bottom as a reader runs them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
QUICKSTART = NOTEBOOKS[0]


def run(path: Path, folder: Path) -> None:
    """Run a notebook in a folder; it is kept without what came out, and complains of nothing."""
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code and not any(cell.outputs or cell.execution_count for cell in code)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MPLBACKEND", "agg")
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    said = [output for cell in code for output in cell.outputs]
    assert [output.text for output in said if output.get("name") == "stderr"] == []
