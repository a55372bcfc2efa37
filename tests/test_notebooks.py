"""Every notebook runs from top to bottom, as a reader runs it, and is kept without what came out."""

import pytest
from notebook_runs import NOTEBOOKS, QUICKSTART, run


def test_there_are_five():
    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


# The quickstart makes the plan of the demo: test_demo_run runs it, and looks at the plan too.
@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path != QUICKSTART], ids=lambda path: path.stem)
def test_a_notebook_runs_and_keeps_no_outputs(path, tmp_path):
    run(path, tmp_path)
