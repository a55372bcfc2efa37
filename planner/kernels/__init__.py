"""Loops over arrays: numpy and numba only, each file alone (numba's disk cache does not see a change in an import).

Compiled loops are kept beside the package, or, where it cannot be written to, in the cache of the user. An account
without either compiles them for each run.
"""

import atexit
import shutil
import tempfile
from typing import Any

from numba import config, njit

# How loops are compiled: without a wrapper for callers in C, of whom there are none, and, where other loops alone call
# them, without one for Python. Wrappers may take as long to compile as the loop. A loop that allocates nothing adds
# `_nrt=False`: no references are counted.
LOOP: dict[str, Any] = {"cache": True, "error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True}
INNER_LOOP = LOOP | {"no_cpython_wrapper": True}


def _any_loop():
    """Asks numba for a place: compiled by nobody."""


try:
    njit(cache=True)(_any_loop)
except RuntimeError:  # numba has no place, and would refuse every loop
    config.CACHE_DIR = tempfile.mkdtemp(prefix="planner-")  # of this run alone: a known name would be open to others
    atexit.register(shutil.rmtree, config.CACHE_DIR, ignore_errors=True)
