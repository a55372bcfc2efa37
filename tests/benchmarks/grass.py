"""GRASS GIS (r.cost, r.walk) on the same cells: a location of its own, each module run as a process of its own.

r.walk's formula (Aitken 1977, Langmuir 1984) is not Tobler's, so its minutes are its own; the cells, the neighbours and
the work of the search are the same.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from functools import partial
from pathlib import Path

import measure
import numpy as np

CELL_METRES = 100
MEMORY_MB = 8000  # for everything to stay in memory: GRASS's 300 make it slower


class Grass:
    """A location without projection that holds one country.

    Parameters
    ----------
    work
        Folder to make it in.
    folder
        The country's arrays.
    """

    def __init__(self, work: Path, folder: Path) -> None:
        self._shape = tuple(int(length) for length in np.load(folder / "shape.npy"))
        self._folder = work
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        base = subprocess.run(["grass", "--config", "path"], check=True, capture_output=True, text=True).stdout.strip()
        subprocess.run(["grass", "-c", "XY", str(work / "country"), "-e"], check=True, capture_output=True)
        settings = work / "settings"
        settings.write_text(f"GISDBASE: {work}\nLOCATION_NAME: country\nMAPSET: PERMANENT\n", encoding="utf-8")
        self._environment = os.environ | {
            "GISBASE": base,
            "GISRC": str(settings),
            "PATH": f"{base}/bin:{base}/scripts:{os.environ['PATH']}",
            "LD_LIBRARY_PATH": f"{base}/lib",
            "GRASS_VERBOSE": "0",
        }
        ny, nx = self._shape
        self.run("g.region", f"n={ny * CELL_METRES}", "s=0", "w=0", f"e={nx * CELL_METRES}", f"res={CELL_METRES}")
        pace = np.load(folder / "pace.npy")
        places = np.full(len(pace), -1, np.float32)
        places[np.load(folder / "facilities.npy")] = 1
        self._bring("height", np.load(folder / "elevation.npy"))
        self._bring("minutes_a_cell", np.where(np.isinf(pace), -1, pace * np.float32(CELL_METRES)))
        self._bring("seconds_a_metre", np.where(np.isinf(pace), -1, pace * 60))
        self._bring("places", places)

    def cost(self, times: int) -> dict[str, float]:
        """r.cost with 8 neighbours: minutes and nearest facility."""
        return self._best(times, "r.cost", "input=minutes_a_cell", "nearest=nearest")

    def walk(self, times: int) -> dict[str, float]:
        """r.walk with 16 neighbours (-k): its seconds, nearest facility, and the direction back."""
        return self._best(
            times, "r.walk", "-k", "elevation=height", "friction=seconds_a_metre", "nearest=nearest", "outdir=back"
        )

    def result(self) -> np.ndarray:
        """What the last search gave, flat, float64; inf = unreached."""
        raw = self._folder / "out.bin"
        self.run("r.out.bin", "input=out", f"output={raw}", "null=-1", "bytes=8", "-f")
        values = np.fromfile(raw, np.float64)
        raw.unlink()
        return np.where(values < 0, np.inf, values)

    def run(self, *words: str) -> dict[str, float]:
        """Run a module on one processor; the CPU seconds it used."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            words,
            env=self._environment,
            preexec_fn=partial(measure.pin, 1),
            capture_output=True,
            text=True,
            check=False,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise RuntimeError(f"{words[0]}: {done.stderr}")
        return {"user": after.ru_utime - before.ru_utime, "system": after.ru_stime - before.ru_stime}

    def _bring(self, name: str, values: np.ndarray) -> None:
        raw = self._folder / f"{name}.bin"
        values.astype(np.float32).tofile(raw)
        ny, nx = self._shape
        edges = [f"north={ny * CELL_METRES}", "south=0", f"east={nx * CELL_METRES}", "west=0"]
        self.run(
            "r.in.bin",
            "-f",
            f"input={raw}",
            f"output={name}",
            "bytes=4",
            "anull=-1",
            *edges,
            f"rows={ny}",
            f"cols={nx}",
        )
        raw.unlink()

    def _best(self, times: int, module: str, *words: str) -> dict[str, float]:
        words = (module, *words, "start_raster=places", "output=out", f"memory={MEMORY_MB}", "--overwrite")
        runs = [self.run(*words) for _ in range(times)]
        return {name: min(run[name] for run in runs) for name in ("user", "system")}
