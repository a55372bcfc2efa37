"""``planner doctor``: whether everything that the planner stands on works on this computer, tried on invented data."""

from __future__ import annotations

import math
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

from planner import __version__
from planner.errors import Fault, InputFaults, PlannerError, one_line

SUMMARY = "try everything that the planner stands on"
MORE = """\
Coordinates, files, travel times, placement, layers and room, on this computer and on the invented district.
Takes some seconds, leaves nothing behind. Send us what it says where something fails."""

LIBRARIES = ("numpy", "numba", "scipy", "highspy", "rasterio", "pyproj", "pyogrio", "shapely", "osmium", "openpyxl")
AGAIN = "Install planner again, in an environment of its own (python -m venv). If it fails again, send us this text."
MB = 1_000_000


def lines() -> Iterator[str]:
    """A line a check, as soon as it is made.

    Raises
    ------
    InputFaults
        After all checks, those that failed.
    """
    yield f"planner {__version__}, Python {platform.python_version()}, {platform.platform()}"
    yield ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    faults = []
    with tempfile.TemporaryDirectory() as temporary:
        for what, check in CHECKS.items():
            try:
                yield f"{'good':>10}  {what}: {check(Path(temporary))}"
            except Exception as error:  # whatever fails here has to be told, with the others
                said = str(error) if isinstance(error, PlannerError) else f"{type(error).__name__}: {error}"
                yield f"{'FAILED':>10}  {what}"
                faults.append(Fault(what, one_line(said)[:300], AGAIN))
    if faults:
        raise InputFaults(faults)


def _coordinates(_: Path) -> str:
    """A point on the central meridian of a zone: its northing is the arc of the meridian times 0.9996."""
    from planner.types.frame import Frame

    utm = Frame("EPSG:32736", west=0.0, north=10_000_000.0, dx=100.0, dy=100.0, ny=1, nx=1)
    lon, lat = utm.lonlat(500_000.0, 8_507_570.08583)
    if math.hypot(lon - 33, lat + 13.5) > 1e-7:
        raise ValueError(f"33, -13.5 in UTM zone 36 S comes out as {lon:.7f}, {lat:.7f}")
    return "degrees and UTM agree"


def _files(_: Path) -> str:
    from planner import pipeline

    found = pipeline.check(_demo()).found
    return f"a raster of {found.layers.frame.n:,} cells, {len(found.roads):,} roads, {len(found.facilities)} facilities"


def _travel(folder: Path) -> str:
    from planner import analysis

    for name, what in (("minutes.tif", "minutes"), ("rings.gpkg", "isochrones"), ("routes.csv", "routes")):
        analysis.travel(_demo(), analysis.Request(what, "facilities", folder / name))
    return "searched, and written as raster, layer and table"


def _placement(_: Path) -> str:
    import numpy as np
    from scipy.sparse import csr_array

    from planner import placement

    matrix = placement.TravelMatrix.from_csr(csr_array(np.array([[5.0, 20, 40], [20, 5, 15]])), max_minutes=30)
    people, rules = np.array([10.0, 20, 30]), placement.rules(2, most=1)
    choice = placement.capacitated_set_cover(matrix, people, 0.8, rules, capacity=60, time_limit_s=10)
    if choice.chws.tolist() != [0, 1]:
        raise ValueError(f"of two sites the one that reaches everybody is not chosen: {choice.chws.tolist()}")
    return f"{choice.method}, {choice.status}"


def _room(_: Path) -> str:
    from planner import memory

    free, disk = memory.free(), shutil.disk_usage(Path.cwd()).free // MB
    said = f"{free // MB:,} MB of memory" if free is not None else "the system does not say how much memory"
    return f"{said} and {disk:,} MB of this folder's disk are free"


def _here(_: Path) -> str:
    from planner import outputs

    with outputs.whole_file(Path(f"planner-doctor-{os.getpid()}.txt")) as part:
        part.write_text("written by planner doctor", encoding="utf-8")
    Path(f"planner-doctor-{os.getpid()}.txt").unlink()
    return "files can be written here"


def _letters(_: Path) -> str:
    return f"{sys.stdout.encoding}, {sys.getfilesystemencoding()} in the names of files"


def _demo() -> Path:
    from planner.files import data_folder

    return data_folder() / "demo" / "scenario.toml"


CHECKS: dict[str, Callable[[Path], str]] = {
    "coordinates": _coordinates,
    "files": _files,
    "travel times": _travel,
    "placement": _placement,
    "letters": _letters,
    "this folder": _here,
    "room": _room,
}
