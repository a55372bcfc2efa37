"""What a call costs: user CPU, system CPU and wall seconds, and the memory it took. Needs POSIX."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any


def pin(processors: int) -> None:
    """Keep this process on so many processors."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-processors:])


def best(call: Callable[[], Any], times: int) -> tuple[dict[str, float], Any]:
    """The least of several calls, and what the last one gave.

    Returns
    -------
    seconds
        ``user``, ``system``, ``wall``: each the least of all calls; ``grown``: bytes by which the first call raised the
        most memory that this process ever held.
    result
        Of the last call; the one before is dropped before the next begins.
    """
    seconds: dict[str, list[float]] = {"user": [], "system": [], "wall": []}
    before = _peak_bytes()
    grown = 0.0
    for attempt in range(times):
        result = None  # the last one's memory is free now
        start, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        result = call()
        end = resource.getrusage(resource.RUSAGE_SELF)
        seconds["wall"].append(time.perf_counter() - wall)
        seconds["user"].append(end.ru_utime - start.ru_utime)
        seconds["system"].append(end.ru_stime - start.ru_stime)
        if attempt == 0:
            grown = _peak_bytes() - before
    return {name: min(values) for name, values in seconds.items()} | {"grown": grown}, result


def _peak_bytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


def answer(tasks: dict[str, Callable[..., dict[str, float]]]) -> None:
    """Do the task that the command line names, with its arguments as JSON, and print what it measured as JSON."""
    print(json.dumps(tasks[sys.argv[1]](**json.loads(sys.argv[2]))))
