"""Kill runs while they write: what stands in their place is whole, whenever the kill comes.

    python tests/outputs/kill.py 200

A process writes one plan again and again to one folder, with a number of its own in scenario.toml and log.txt, and is
killed (SIGKILL) at a random moment of the first writing, or, every fifth time, just after it. Every time, the folder
has to hold the bytes of one whole run, or, where the kill came between the two renames, the run before has to be put
back by the next. Prints what was found as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from outputs.tiny import bare_plan
from planner import outputs
from planner.errors import InputFaults
from planner.outputs.verify import verify
from planner.types.results import Plan


def write(plan: Plan, folder: Path, number: int) -> None:
    with outputs.reserved(folder):
        outputs.write(plan, folder, scenario_toml=f"{number}\n", log=[str(number)])


def number_of(folder: Path) -> int:
    return int((folder / "scenario.toml").read_text(encoding="utf-8"))


def wrong(folder: Path) -> bool:
    """Whether a run folder is not as one run wrote it, by the checksums that it holds."""
    try:
        verify(folder, None)
    except InputFaults:
        return True
    return False


def wait_for_new(folder: Path, before: int, seconds: float) -> None:
    """Wait until a later run stands there than one, for so many seconds at most."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError):  # between two renames
            if number_of(folder) > before:
                return
        time.sleep(0.005)


def kill_runs(times: int, folder: Path, seed: int) -> dict[str, int]:
    plan, place, chance = bare_plan(), folder / "run", random.Random(seed)
    write(plan, place, 0)
    began = time.perf_counter()
    write(plan, place, 1)
    seconds = time.perf_counter() - began
    found = {"kills": 0, "left something": 0, "between two renames": 0, "new": 0, "wrong": 0}
    for kill in range(times):
        before = number_of(place)
        child = os.fork()
        if not child:
            number = before
            while True:
                write(plan, place, number := number + 1)
        if kill % 5 == 4:  # what is done last takes no time: a random moment would hardly ever meet it
            wait_for_new(place, before, 20 * seconds)
            time.sleep(chance.uniform(0, 0.05))
        else:
            time.sleep(chance.uniform(0, seconds))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found["kills"] += 1
        found["left something"] += len(list(folder.iterdir())) > 1 + (folder / ".run.lock").exists()
        if place.exists():
            found["wrong"] += wrong(place)
        else:
            found["between two renames"] += 1
        with outputs.reserved(place):  # the next run begins
            alone = sorted(path.name for path in folder.iterdir()) == [".run.lock", "run"]
            found["wrong"] += not alone or wrong(place)
        found["new"] += number_of(place) > before
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(kill_runs(int(sys.argv[1]), Path(name), seed=int(sys.argv[2]) if sys.argv[2:] else 1)))
