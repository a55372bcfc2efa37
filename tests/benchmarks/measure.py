"""What a call costs: user CPU, system CPU and wall seconds, and the memory it took. Needs Linux.

It needs numpy and nothing of planner: peers are measured where planner is not installed.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


def read(folder: str, *names: str) -> list[np.ndarray]:
    """Arrays of the country."""
    return [np.load(Path(folder) / f"{name}.npy") for name in names]


def pin(processors: int) -> None:
    """Keep this process on so many processors."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-processors:])


def best(call: Callable[[], Any], times: int) -> tuple[dict[str, float], Any]:
    """The least of several calls, and what the last one gave.

    Returns
    -------
    seconds
        ``user``, ``system``, ``wall``: each the least of all calls; ``peak``: most bytes held in the first call;
        ``grown``: the same less those held before.
    result
        Of the last call; the one before is dropped before the next begins.
    """
    seconds: dict[str, list[float]] = {"user": [], "system": [], "wall": []}
    before = _forget_peak()
    peak = before
    for attempt in range(times):
        result = None  # the last one's memory is free now
        start, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        result = call()
        end = resource.getrusage(resource.RUSAGE_SELF)
        seconds["wall"].append(time.perf_counter() - wall)
        seconds["user"].append(end.ru_utime - start.ru_utime)
        seconds["system"].append(end.ru_stime - start.ru_stime)
        if attempt == 0:
            peak = _peak_bytes()
    return {name: min(values) for name, values in seconds.items()} | {"grown": peak - before, "peak": peak}, result


def _forget_peak() -> float:
    """Begin to watch for the most memory that is held; bytes held now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return _peak_bytes()


def _peak_bytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return 1024.0 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def answer(tasks: dict[str, Callable[..., dict[str, float]]]) -> None:
    """Do the task that the command line names, with its arguments as JSON, and print what it measured as JSON."""
    print(json.dumps(tasks[sys.argv[1]](**json.loads(sys.argv[2]))))
