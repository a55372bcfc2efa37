"""Fuzz the readers: whatever a file holds is read, or told as a fault that can be mended; soon, and in little memory.

    python tests/fuzz/hunt.py                        every reader, FUZZ_SECONDS (60) each, from a new seed
    python tests/fuzz/hunt.py gpkg pbf --seed 7      these, from this seed
    python tests/fuzz/hunt.py --examples 40          so many bytes each, always the same ones: what the tests do

Bytes are tried in processes of their own: one that ends by a signal (a crash in GDAL or libosmium), takes more than 10
seconds for one file, or more than 4 GB of memory, is a finding, as is every exception that is no InputFaults. Findings
are written to --save (default: runs/fuzz), the smallest that hypothesis makes of them; what was fixed moves to
tests/fuzz/found, where it is tried in every test run.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz.targets import TARGETS, Target
from hypothesis import HealthCheck, Phase, given, seed, settings

LONGEST_S = 10  # of the processor, for one file
MOST_MEMORY = 4 << 30
A_ROUND = 100  # tried from one seed
MOST_ENDS = 20  # of a reader's process, before it is given up
HERE = Path(__file__).resolve().parent


@dataclass
class Outcome:
    """What came of fuzzing a reader."""

    reader: str
    tried: int = 0
    found: list[str] = field(default_factory=list)


class TooLong(BaseException):
    """One file took too long."""


def try_bytes(target: Target, content: bytes, folder: Path) -> None:
    """Feed a reader, and raise TooLong where it does not end soon; where it cannot be stopped, the process ends."""
    (folder / "current").write_bytes(content)
    faulthandler.dump_traceback_later(20 * LONGEST_S, exit=True)  # on the clock: the machine may be busy
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    try:
        target.feed(content, folder)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()


def work(names: Sequence[str], first_seed: int, examples: int, seconds: float, folder: Path) -> None:
    """Try bytes on readers, one after the other; a line of JSON for each round, and for each finding."""
    import resource

    def too_long(*_: object) -> None:
        raise TooLong

    signal.signal(signal.SIGPROF, too_long)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for name in names:
        ends, left, number = time.monotonic() + seconds, examples, first_seed
        target, known = TARGETS[name](), set[str]()
        while left > 0 and time.monotonic() < ends:
            tried, error = a_round(target, number, min(left, A_ROUND), known, folder)
            line: dict[str, str | int] = {"reader": name, "tried": tried}
            if error is not None:
                known.add(where(error))
                line |= {"found": where(error), "content": (folder / "current").read_bytes().hex()}
                line |= {"traceback": "".join(traceback.format_tb(error.__traceback__)[-6:]) + str(error)[:2000]}
            print(json.dumps(line), flush=True)
            left, number = left - A_ROUND, number + 1


def a_round(
    target: Target, number: int, examples: int, known: Collection[str], folder: Path
) -> tuple[int, BaseException | None]:
    """Try bytes from one seed; how many were tried, and what was raised for the smallest that hypothesis made of them.

    What is `known` is passed over.
    """
    tried = 0

    @seed(number)
    @settings(max_examples=examples, deadline=None, database=None, report_multiple_bugs=False, derandomize=False,
              phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(target.tried)
    def attempt(content: bytes) -> None:
        nonlocal tried
        tried += 1
        try:
            try_bytes(target, content, folder)
        except (Exception, TooLong) as error:
            if where(error) not in known:
                raise

    try:
        attempt()
    except (Exception, TooLong) as error:
        return tried, error
    return tried, None


def where(error: BaseException) -> str:
    """What went wrong and where in the planner: findings that agree in it are one."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        frame
        for frame in frames
        if f"{os.sep}planner{os.sep}" in frame.filename and "site-packages" not in frame.filename
    ]
    at = f"{Path(ours[-1].filename).name}:{ours[-1].name}" if ours else "outside"
    return f"{type(error).__name__} in {at}"


def fuzz(names: Sequence[str], first_seed: int, examples: int, seconds: float, save: Path) -> Iterator[Outcome]:
    """Fuzz readers in processes of their own: how many bytes were tried on each, and what was found."""
    left, number = list(names), first_seed
    outcomes = {name: Outcome(name) for name in names}
    while left:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            options = ["--seed", str(number), "--examples", str(examples), "--seconds", str(seconds), "--save", folder]
            command = [sys.executable, __file__, "--child", *left, *options]
            at = left[0]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
                assert child.stdout is not None and child.stderr is not None
                for line in map(json.loads, child.stdout):
                    if line["reader"] != at:
                        yield outcomes[at]
                        left.remove(at)
                        at = line["reader"]
                    outcomes[at].tried += line["tried"]
                    if "found" in line:
                        content = bytes.fromhex(line["content"])
                        outcomes[at].found.append(keep(at, line["found"], content, line["traceback"], save))
                told = child.stderr.read()
            if not child.returncode:
                yield outcomes[at]
                return
            current = Path(folder) / "current"
            if not current.exists():
                raise RuntimeError(told)
            how = f"ended by signal {-child.returncode}" if child.returncode < 0 else f"ended with {child.returncode}"
            outcomes[at].found.append(keep(at, how, current.read_bytes(), told[-3000:], save))
        number += 1000
        if len(outcomes[at].found) > MOST_ENDS:
            yield outcomes[at]
            left.remove(at)


def keep(name: str, what: str, content: bytes, told: str, save: Path) -> str:
    """Write a finding to its place, once."""
    save.mkdir(parents=True, exist_ok=True)
    stem = "".join(letter if letter.isalnum() else "-" for letter in f"{name} {what}")
    (save / f"{stem}{TARGETS[name]().suffix}").write_bytes(content)
    (save / f"{stem}.txt").write_text(told, encoding="utf-8")
    return f"{what} ({save / stem})"


def main() -> int:
    """Fuzz the readers that are named, or all; exit code 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(TARGETS))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    parser.add_argument("--examples", type=int, default=sys.maxsize)
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("FUZZ_SECONDS", "60")))
    parser.add_argument("--save", type=Path, default=HERE.parents[1] / "runs" / "fuzz")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    names = asked.readers or list(TARGETS)
    if asked.child:
        work(names, asked.seed, asked.examples, asked.seconds, asked.save)
        return 0
    print(f"seed {asked.seed}")
    found = 0
    for outcome in fuzz(names, asked.seed, asked.examples, asked.seconds, asked.save):
        print(f"{outcome.reader:12}{outcome.tried:9,} tried, {len(outcome.found)} found", flush=True)
        for what in outcome.found:
            print(f"{'':12}{what}", flush=True)
        found += len(outcome.found)
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
