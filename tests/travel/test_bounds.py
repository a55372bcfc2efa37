"""No loop reads or writes beyond its arrays: compiled code does not look, so here it is told to."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import numpy as np
from lands import rough_land, some_cells
from planner import travel
from planner.scenario import Walking

for geographic in (False, True):
    land = rough_land(600, 600, 1, geographic=geographic)
    for walking in (Walking(neighbours=16), Walking(neighbours=32), Walking(neighbours=8, slope="none")):
        travel.time_to_nearest(land, some_cells(land, 40), walking, threads=1).nearest
    travel.within(land, some_cells(land, 9), some_cells(land, 200, seed=1), Walking(), max_minutes=90.0)
"""


def test_no_loop_leaves_its_arrays(tmp_path):
    tests = Path(__file__).parents[1]
    path = os.pathsep.join([str(tests), str(tests.parent)])
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
