"""Compiled loops are kept where the package cannot be written to: an install by the administrator, used by others."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import planner

CODE = """
import numpy as np
from planner.kernels import sweep
assert sweep.__file__.startswith({install!r})
number = np.array([7, -1, -1], np.int32)
sweep.hand_back(np.array([-1, 0, 1], np.int32), number)
assert number.tolist() == [7, 7, 7]
print(sum(sweep.hand_back.stats.cache_hits.values()), sweep.hand_back.stats.cache_path)
"""


POWERLESS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]  # root that obeys modes
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def is_almighty():
    """Whether this account writes to what is read-only, and cannot do without."""
    return IS_ROOT and not (
        shutil.which("setpriv") and subprocess.run([*POWERLESS, "true"], check=False).returncode == 0
    )


@pytest.mark.skipif(sys.platform == "win32", reason="folders are made read-only as POSIX does")
@pytest.mark.skipif(is_almighty(), reason="nothing is read-only to root")
def test_a_read_only_install_keeps_compiled_loops_in_the_cache_of_the_user_or_compiles_them_each_time(tmp_path):
    install, home, no_home = (tmp_path / name for name in ("install", "home", "no_home"))
    shutil.copytree(Path(planner.__file__).parent, install / "planner", ignore=shutil.ignore_patterns("__pycache__"))
    home.mkdir()
    no_home.mkdir()
    folders = [no_home, install, *(path for path in install.rglob("*") if path.is_dir())]
    words = [*(POWERLESS if IS_ROOT else ()), sys.executable, "-c", CODE.format(install=str(install))]

    def call(home):
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(install)}
        done = subprocess.run(words, env=environment, cwd="/", capture_output=True, text=True, check=True)
        hits, folder = done.stdout.split(maxsplit=1)
        return int(hits), Path(folder.strip())

    for folder in folders:
        folder.chmod(0o555)
    try:
        first, second, nowhere = call(home), call(home), call(no_home)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert (first[0], second[0]) == (0, 1)  # compiled once, then found
    assert home in second[1].parents
    assert not list(install.rglob("*.nbi"))
    assert nowhere[0] == 0 and not nowhere[1].exists()  # it was for that run alone
