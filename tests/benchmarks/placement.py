"""How good and how fast planner's placements are, beside spopt's: a table in Markdown on standard output.

    python tests/benchmarks/placement.py --long

Every solve runs in a process of its own. What is told of an answer is recounted here from the sites alone, never taken
from the solver's status; seconds are CPU of one thread, building included, compiling left out. spopt is installed here,
in a folder of its own. Nothing is asserted: times depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import countries
import numpy as np
import public_instances
from measure import read

HERE = Path(__file__).parent
SPOPT = ("spopt==0.7.0", "highspy")
SOLVERS = ("CBC", "HiGHS")
MOST_SECONDS = 900  # wall clock of a process
TEN_SECONDS, TIMES = 10.0, 10.0  # where spopt takes longer than this, planner shall take so many times less


@dataclass(frozen=True)
class Instance:
    """A question: where it is from (a country's size, or pmed and its number), the model, and how many sites.

    `alone` are those that no peer is asked: its matrix would not fit.
    """

    name: str
    model: str
    p: int
    long: bool = False
    alone: bool = False

    @property
    def key(self) -> str:
        return f"{self.name}-{self.model}"


def instances() -> list[Instance]:
    """All of them, those of OR-Library where it is."""
    made = [
        Instance(name, model, countries.SIZES[name].new if model == "MCLP" else 0, long)
        for name, long in (("300x5000", False), ("1000x20000", True))
        for model in ("MCLP", "LSCP")
    ]
    made.append(Instance("10000x100000", "LSCP", 0, long=True, alone=True))
    if not public_instances.FOLDER.is_dir():
        print(f"pmed is left out: {public_instances.FOLDER} is absent.\n")
        return made
    made += [Instance(f"pmed{k}", "p-median", public_instances.pmed(k)[1], k > 11) for k in (1, 6, 11, 16)]
    return [*made, *(Instance(f"pmed{k}", "p-center", public_instances.pmed(k)[1], k > 1) for k in (1, 6))]


def store(instance: Instance, folder: Path) -> None:
    """Write the instance down for the processes."""
    folder.mkdir(parents=True)
    if instance.name.startswith("pmed"):
        minutes = public_instances.pmed(int(instance.name[4:]))[0].astype(np.float32)
        n = len(minutes)
        indptr, indices = np.arange(n + 1, dtype=np.int64) * n, np.tile(np.arange(n, dtype=np.int32), n)
        flat, people, limit = minutes.ravel(), np.ones(n), float(minutes.max())
    else:
        matrix, people = countries.country(countries.SIZES[instance.name])
        indptr, indices, flat, limit = matrix.indptr, matrix.indices, matrix.minutes, matrix.max_minutes
        if instance.model == "LSCP":  # everybody has to be within reach of some site
            reached = np.bincount(indices, minlength=len(people)) > 0
            indices, people = (np.cumsum(reached) - 1)[indices].astype(np.int32), people[reached]
    np.savez(folder / "instance.npz", indptr=indptr, indices=indices, minutes=flat, people=people, limit=limit)


def recount(instance: Instance, folder: Path, chosen: np.ndarray) -> float:
    """What the sites are worth; nan where they are too many, or leave somebody out who must be reached."""
    it = np.load(folder / "instance.npz")
    soonest = np.full(len(it["people"]), np.inf)
    for site in chosen:
        row = slice(it["indptr"][site], it["indptr"][site + 1])
        np.minimum.at(soonest, it["indices"][row], it["minutes"][row].astype(np.float64))
    reached = np.isfinite(soonest)
    if instance.model == "MCLP":
        return float(it["people"][reached].sum()) if len(chosen) <= instance.p else math.nan
    if not reached.all() or (instance.model != "LSCP" and len(chosen) > instance.p):
        return math.nan
    if instance.model == "LSCP":
        return float(len(chosen))
    return float(soonest.max()) if instance.model == "p-center" else float(it["people"] @ soonest)


def run(python: str, who: str, instance: Instance, folder: Path, **arguments: Any) -> dict[str, Any]:
    """One solve in a process of its own, its answer recounted."""
    out = folder / "chosen.npy"
    asked = {"folder": str(folder), "model": instance.model, "p": instance.p, "out": str(out), **arguments}
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    environment = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    words = [python, str(HERE / "placement_runs.py"), who, json.dumps(asked)]
    try:
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return {"said": f"stopped after {MOST_SECONDS} s", "seconds": math.inf, "value": math.nan}
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
        return {"said": last[:80], "seconds": math.nan, "value": math.nan}
    (chosen,) = read(str(folder), "chosen")
    return json.loads(done.stdout.splitlines()[-1]) | {"value": recount(instance, folder, chosen)}


def with_spopt(work: Path) -> str | None:
    """The Python that has spopt; None, with a line that says so, where it cannot be installed."""
    folder = work / "spopt"
    python = str(folder / "bin" / "python")
    if not folder.exists():
        venv.create(folder, with_pip=True)
    if subprocess.run([python, "-m", "pip", "install", "-q", *SPOPT], capture_output=True, check=False).returncode:
        print("spopt is left out: pip could not install it.\n")
        return None
    return python


def rows(instance: Instance, work: Path, peer: str | None, limit: float, peer_limit: float) -> list[str]:
    """Rows of the table for one instance: planner's, then each solver's."""
    folder = work / instance.key
    store(instance, folder)
    ours = run(sys.executable, "planner", instance, folder, limit=limit)
    what = f"{instance.model} {instance.name}" + (f", {instance.p} sites" if instance.p else "")
    lines = [_own_row(what, "**planner**", ours)]
    quickest = math.inf
    for solver in SOLVERS if peer and not instance.alone else ():
        theirs = run(peer, "spopt", instance, folder, limit=peer_limit, solver=solver)
        said = f"says '{theirs['said']}'" + (f"; {theirs['built']:.0f} s to build" if "built" in theirs else "")
        times = theirs["seconds"] / ours["seconds"]
        verdict = f"{times:.0f} times less time" + ("" if _as_good(instance, ours, theirs) else ", **but worse**")
        lines.append(f"| | spopt, {solver} | {_number(theirs)} | {said} | {theirs['seconds']:.1f} | {verdict} |")
        quickest = min(quickest, theirs["seconds"])
    if TEN_SECONDS < quickest < TIMES * ours["seconds"]:  # planner went on to prove, or to look for better
        stopped = run(sys.executable, "planner", instance, folder, limit=quickest / TIMES)
        lines.append(_own_row("", "planner, stopped at a tenth of that", stopped))
    return lines


def _own_row(what: str, who: str, found: dict[str, Any]) -> str:
    proof = f"{found['said']} (bound {found['bound']:,.0f})" if "bound" in found else found["said"]
    return f"| {what} | {who} | {_number(found)} | {proof} | {found['seconds']:.2f} | |"


def _number(found: dict[str, Any]) -> str:
    return "no answer" if math.isnan(found["value"]) else f"{found['value']:,.0f}"


def _as_good(instance: Instance, ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether the peer's answer is no better than planner's."""
    if math.isnan(theirs["value"]):
        return True
    better = theirs["value"] - ours["value"] if instance.model == "MCLP" else ours["value"] - theirs["value"]
    return better <= 1e-6 * abs(ours["value"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="the larger instances as well")
    parser.add_argument("--only", nargs="+", metavar="WORD", help="instances with one of these words, such as pmed6")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for planner")
    parser.add_argument("--peer-limit", type=float, default=60.0, help="seconds for the solvers behind spopt")
    parser.add_argument("--without-peer", action="store_true", help="planner alone")
    parser.add_argument("--work", type=Path, help="folder that keeps spopt for the next run")
    options = parser.parse_args()
    asked = [
        instance
        for instance in instances()
        if (options.long or not instance.long or options.only)
        and (not options.only or any(word in instance.key for word in options.only))
    ]
    with tempfile.TemporaryDirectory() as temporary:
        keep = (options.work or Path(temporary)).absolute()
        keep.mkdir(parents=True, exist_ok=True)
        peer = None if options.without_peer else with_spopt(keep)
        print("| instance | solver | recounted | says | CPU seconds | planner takes |")
        print("| --- | --- | --- | --- | --- | --- |")
        for instance in asked:
            lines = rows(instance, Path(temporary), peer, options.limit, options.peer_limit)
            print(*lines, sep="\n", flush=True)


if __name__ == "__main__":
    main()
