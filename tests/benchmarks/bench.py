"""What is measured on a country: planner's searches and the peers' on the same cells, and how far they differ."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import landscape
import numpy as np
from grass import Grass

HERE = Path(__file__).parent
FLAT8 = {"neighbours": 8, "slope": "none", "corners": "open"}
TOBLER16: dict[str, Any] = {"neighbours": 16}
PEERS, MODULES = ("scikit-image", "xarray-spatial"), ("r.cost", "r.walk")  # of Python, of GRASS
LIMIT_MINUTES = 60.0  # of the many-to-many search
Figures = dict[str, float]


@dataclass
class Case:
    """A line of the table: who searched what, its figures by size, and how far off it was at most.

    Attributes
    ----------
    key, title
        Short name, and what the table says.
    surface
        What the search knows about the land.
    reference
        Key of the case whose minutes are right.
    """

    key: str
    title: str
    surface: dict[str, Any]
    reference: str = ""
    figures: dict[int, Figures] = field(default_factory=dict)
    worst: float = 0.0
    unlike: int = 0  # cells that one of the two reached and the other did not

    def nanoseconds(self, cells: int, also: tuple[str, ...] = ()) -> float:
        figures = self.figures.get(cells)
        return 1e9 * sum(figures[name] for name in ("user", *also)) / cells if figures else np.nan


CASES = [
    Case("scipy8", "scipy dijkstra: 8 neighbours", FLAT8),
    Case("ours8", "**planner: 8 neighbours**", FLAT8 | {"numbered": False}, "scipy8"),
    Case("xarray-spatial", "xarray-spatial cost_distance: 8 neighbours", FLAT8, "scipy8"),
    Case("scikit-image", "scikit-image MCP_Geometric: 8 neighbours", FLAT8, "scipy8"),
    Case("r.cost", "GRASS r.cost: 8 neighbours", FLAT8, "scipy8"),
    Case("scipy16", "scipy dijkstra: 16 neighbours, Tobler", TOBLER16),
    Case("ours16", "**planner: 16 neighbours, Tobler**", TOBLER16, "scipy16"),
    Case("r.walk", "GRASS r.walk -k: 16 neighbours, its own slope formula", TOBLER16),
    Case(
        "ours16b", "planner: the same, bridges entered along roads only", TOBLER16 | {"land_as": "bridges"}, "scipy16b"
    ),
    Case("ours16r", "planner: the same, and roads that are ridden", TOBLER16 | {"land_as": "rides"}, "scipy16r"),
    Case("ours32", "planner: 32 neighbours, Tobler", {"neighbours": 32}, "scipy32"),
]
# Searched on the smallest land only, to compare with.
REFERENCES = {
    "scipy16b": TOBLER16 | {"land_as": "bridges"},
    "scipy16r": TOBLER16 | {"land_as": "rides"},
    "scipy32": {"neighbours": 32},
}


class Bench:
    """Measures cases on countries that it keeps in a folder."""

    def __init__(self, work: Path, times: int, geographic: bool, keys: list[str]) -> None:
        self.work, self.times, self.geographic = work, times, geographic
        one_size = (*PEERS, *MODULES) if geographic else ()  # these take cells of one size only
        self.cases = {case.key: case for case in CASES if case.key in keys and case.key not in one_size}
        self.peer_python = self._installed([peer for peer in PEERS if peer in self.cases])
        self.grass = any(module in self.cases for module in MODULES) and has_grass()
        self.sizes: list[int] = []

    def _installed(self, peers: list[str]) -> dict[str, str]:
        """The Python that has each peer; those that cannot be installed are said and left out."""
        folder = self.work / "peers"
        python = folder / "bin" / "python"
        if peers and not python.exists():
            venv.create(folder, with_pip=True)
        there = {}
        for peer in peers:
            words = [python, "-m", "pip", "install", "-q", peer]
            if subprocess.run(words, capture_output=True, check=False).returncode:
                print(f"{peer} is left out: pip could not install it.\n")
            else:
                there[peer] = str(python)
        return there

    def peer_versions(self) -> list[str]:
        """Names and versions of the peers that are measured."""
        said = []
        for peer, python in self.peer_python.items():
            words = [python, "-c", f"from importlib.metadata import version; print('{peer}', version('{peer}'))"]
            said.append(subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip())
        if self.grass:
            words = ["grass", "--config", "version"]
            said.append("GRASS " + subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip())
        return said

    def country(self, shape: tuple[int, int], seed: int) -> Path:
        folder = self.work / f"{shape[0]}x{shape[1]}"
        if not (folder / "ride_minutes.npy").exists():
            landscape.make(*shape, seed=seed).save(folder)
        return folder

    def measure(self, folder: Path, cells: int) -> None:
        """All cases on one country, and their minutes against the reference's."""
        first = not self.sizes
        self.sizes.append(cells)
        for case in self.cases.values():
            done = self._searched(case, folder)
            if done:
                case.figures[cells] = done
        for key, surface in REFERENCES.items() if first else ():
            if any(case.reference == key for case in self.cases.values()):
                self._python("peers.py", "nearest", folder, times=1, out=self._out(key), **self._on(surface))
        for case in self.cases.values():
            if cells in case.figures and (case.reference in self.cases or (first and case.reference in REFERENCES)):
                self._compare(case)

    def _searched(self, case: Case, folder: Path) -> Figures:
        """Figures of one case, none where it is left out; its minutes are written down."""
        out = self._out(case.key)
        if case.key.startswith(("ours", "scipy")):
            script = "ours.py" if case.key.startswith("ours") else "peers.py"
            return self._python(script, "nearest", folder, times=self.times, out=out, **self._on(case.surface))
        if case.key in self.peer_python:
            python = self.peer_python[case.key]
            return self._python("peers.py", case.key, folder, times=self.times, out=out, python=python)
        if case.key in MODULES and self.grass:
            location = Grass(self.work / "grass", folder)
            done = location.cost(self.times) if case.key == "r.cost" else location.walk(self.times)
            np.save(out, location.result())
            return done
        return {}

    def _on(self, surface: dict[str, Any]) -> dict[str, Any]:
        return surface | {"geographic": self.geographic}

    def _out(self, key: str) -> str:
        return str(self.work / f"{key}.npy")

    def _python(self, script: str, task: str, folder: Path, python: str = sys.executable, **arguments: Any) -> Figures:
        """Run a task in a process of its own, and say on standard error what it took."""
        words = [python, str(HERE / script), task, json.dumps({"folder": str(folder), **arguments})]
        path = os.pathsep.join([str(HERE.parent), str(HERE.parents[1])])
        environment = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=script == "ours.py")
        if done.returncode:
            print(f"{task} ({script}) is left out: it ended with {done.returncode}.\n")
            return {}
        print(" ".join([script, *words[2:]]), done.stdout.strip(), file=sys.stderr, flush=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))

    def _compare(self, case: Case) -> None:
        minutes, right = np.load(self._out(case.key)), np.load(self._out(case.reference))
        reached = np.isfinite(right)
        case.unlike += int((np.isfinite(minutes) != reached).sum())
        both = reached & np.isfinite(minutes) & (right > 0)
        case.worst = max(case.worst, float((np.abs(minutes[both] - right[both]) / right[both]).max()))

    def two_threads(self, folder: Path) -> float:
        """How many times less wall time two threads need than one."""
        surface = self._on(TOBLER16 | {"numbered": False})
        one, two = (self._python("ours.py", "nearest", folder, times=self.times, threads=n, **surface) for n in (1, 2))
        return one["wall"] / two["wall"]

    def add(self, folder: Path) -> Figures:
        """Adding a facility to a solved map."""
        return self._python("ours.py", "add", folder)

    def many(self, folder: Path, sites: int) -> tuple[Figures, Figures, float]:
        """Sites to villages within an hour: ours, scipy's, and the largest relative difference."""
        ours = self._python(
            "ours.py", "within", folder, sites=sites, max_minutes=LIMIT_MINUTES, out=str(self.work / "ours.npz")
        )
        theirs = self._python(
            "peers.py", "within", folder, sites=sites, max_minutes=LIMIT_MINUTES, out=str(self.work / "theirs.npz")
        )
        return ours, theirs, self._compare_many() if theirs else np.nan

    def _compare_many(self) -> float:
        found, right = np.load(self.work / "ours.npz"), np.load(self.work / "theirs.npz")
        indptr, indices, minutes = found["indptr"], found["indices"], found["minutes"]
        worst = 0.0
        for site, row in zip(right["some"], right["minutes"], strict=True):
            part = slice(indptr[site], indptr[site + 1])
            mine = np.full(len(row), np.inf)
            mine[indices[part]] = minutes[part]
            one_only = np.isfinite(mine) != np.isfinite(row)
            if (
                np.minimum(mine, row)[one_only] < LIMIT_MINUTES * (1 - 1e-5)
            ).any():  # else within rounding of the limit
                return np.inf
            both = np.isfinite(mine) & np.isfinite(row) & (row > 0)
            worst = max(worst, float((np.abs(mine[both] - row[both]) / row[both]).max(initial=0)))
        return worst


def has_grass() -> bool:
    """Whether GRASS is there, or root could get it from Debian."""
    if shutil.which("grass") is None and shutil.which("apt-get") and os.geteuid() == 0:
        words = ["apt-get", "install", "-y", "--no-install-recommends", "grass-core"]
        subprocess.run(words, capture_output=True, check=False)
    if shutil.which("grass") is None:
        print("GRASS is left out: it is not installed, and only root can install grass-core on Debian.\n")
        return False
    return True
