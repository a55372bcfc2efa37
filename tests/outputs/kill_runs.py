"""Kill whole runs, from reading to writing, until one ends: what it wrote has the bytes of a run that nobody killed.

    python tests/outputs/kill_runs.py 200

Each run is a process that is killed (SIGKILL) at a random moment; the next takes up what it left. Prints what was found
as JSON.
"""

from __future__ import annotations

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

from faults import scene
from test_environment import written

from planner import outputs, pipeline

assert outputs.write  # imported before any fork, so that a child begins at once


def started(scenario: Path, out: Path) -> int:
    """A process that makes a run."""
    child = os.fork()
    if not child:
        pipeline.run(scenario, out)
        os._exit(0)
    return child


def ended(child: int, seconds: float) -> bool:
    """Whether a run ended by itself within so many seconds; else it is killed."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert status == 0, "a run failed"
            return True
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def kill_runs(times: int, folder: Path, seed: int) -> dict[str, int]:
    """Kill so many runs."""
    chance, out = random.Random(seed), folder / "out"
    scene.make(folder).write_scenario()
    scenario = folder / "scenario.toml"
    began = time.monotonic()
    assert ended(started(scenario, folder / "whole"), 600)
    seconds, expected = time.monotonic() - began, written(folder / "whole")
    found = dict.fromkeys(("kills", "with stages kept", "taken up", "runs that ended", "wrong"), 0)
    while found["kills"] < times or not found["runs that ended"]:
        last = found["kills"] >= times
        if ended(started(scenario, out), 600 if last else chance.uniform(0, 1.1 * seconds)):
            found["runs that ended"] += 1
            found["wrong"] += written(out) != expected or (folder / ".out.kept").exists()
            found["taken up"] += "taken up" in (out / "log.txt").read_text(encoding="utf-8")
            for path in sorted(out.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            out.rmdir()
        else:
            found["kills"] += 1
            found["with stages kept"] += any(folder.glob(".out.kept/*.kept"))
            found["wrong"] += out.exists() and written(out) != expected
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(kill_runs(int(sys.argv[1]), Path(name), seed=int(sys.argv[2]) if sys.argv[2:] else 1)))
