"""Loops over arrays: numpy and numba only, each file alone (numba's disk cache does not see a change in an import).

Compiled loops are kept beside the package, or, where it cannot be written to, in the cache of the user. An account
without either compiles them for each run.
"""

import atexit
import shutil
import tempfile

from numba import config, njit


def _any_loop():
    """Asks numba for a place: compiled by nobody."""


try:
    njit(cache=True)(_any_loop)
except RuntimeError:  # numba has no place, and would refuse every loop
    config.CACHE_DIR = tempfile.mkdtemp(prefix="planner-")  # of this run alone: a known name would be open to others
    atexit.register(shutil.rmtree, config.CACHE_DIR, ignore_errors=True)
