"""Kill runs while they write: what stands in their place is whole, whenever the kill comes.

    python tests/outputs/kill.py 200

A process writes one plan again and again to one folder, with a number of its own in scenario.toml and log.txt, and is
killed (SIGKILL) at a random moment. Every time, the folder has to hold the bytes of one whole run, or, where the kill
came between the two renames, the run before has to be put back by the next. Prints what was found as JSON.
"""

from __future__ import annotations

import hashlib
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

from outputs.tiny import tiny_plan
from planner import outputs
from planner.types.results import Plan

NUMBERED = ("scenario.toml", "log.txt")


def write(plan: Plan, folder: Path, number: int) -> None:
    with outputs.reserved(folder):
        outputs.write(plan, folder, scenario_toml=f"{number}\n", log=[str(number)])


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in NUMBERED)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def number_of(folder: Path) -> str:
    """The number of a run; "" where its files are of two runs."""
    first, second = ((folder / name).read_text(encoding="utf-8") for name in NUMBERED)
    return first.strip() if first == second else ""


def kill_runs(times: int, folder: Path, seed: int) -> dict[str, int]:
    plan, place, chance = tiny_plan(), folder / "run", random.Random(seed)
    write(plan, place, 0)
    began = time.perf_counter()
    write(plan, place, 1)
    seconds, whole = time.perf_counter() - began, digests(place)
    found = {"kills": 0, "left something": 0, "between two renames": 0, "new": 0, "wrong": 0}
    for _ in range(times):
        before = int(number_of(place))
        child = os.fork()
        if not child:
            number = before
            while True:
                write(plan, place, number := number + 1)
        time.sleep(chance.uniform(0, 2 * seconds))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found["kills"] += 1
        found["left something"] += len(list(folder.iterdir())) > 1 + (folder / ".run.lock").exists()
        if place.exists():
            found["wrong"] += digests(place) != whole
        else:
            found["between two renames"] += 1
        with outputs.reserved(place):  # the next run begins
            alone = sorted(path.name for path in folder.iterdir()) == [".run.lock", "run"]
            found["wrong"] += not alone or digests(place) != whole or not number_of(place)
        found["new"] += int(number_of(place)) > before
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(kill_runs(int(sys.argv[1]), Path(name), seed=int(sys.argv[2]) if sys.argv[2:] else 1)))
