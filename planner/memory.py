"""How much memory an answer needs, told before anything large is read, and how much there is.

The bytes a cell are those of the arrays that live together when most of them do; what was measured with them stands in
``tests/benchmarks/README.md``, and ``tests/test_memory.py`` compares a real run. Not foreseen are the travel times
between candidates and the people near them, whose number is known only when villages are found: 8 bytes a pair.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from planner.errors import Fault, InputFaults
from planner.files import is_file
from planner.scenario import Scenario
from planner.types.frame import Frame

READ = 8 + 8 + 4 + 2  # bytes a cell: people, children, elevation, land cover
LAND = 8 + 8 + 4 + 4 + 1 + 1  # people, children, pace, area, known, way
SEARCH = 20  # minutes, pace, elevation, queue, waiting, direction: 16, and the margins of the tiles
RESULT = 4 + 4 + 4  # minutes, nearest, back
PLAN = READ + LAND + SEARCH + 3 * RESULT + (LAND + SEARCH + 2 * RESULT + 4)  # in brackets: the other season
TRAVEL = READ + LAND + SEARCH + RESULT + 40  # people on their way, polygons, rasters as they are written
BURNED = 10  # by neighbour: steps over roads burned in, while they are sorted (measured where 6 % of cells have a road)
WHILE_READING = 40  # a cell of the raster itself, before cells are made coarser
PROGRAM = 500_000_000  # Python, libraries, compiled loops
THREAD = 34_000_000  # queues of one thread of a search
TILE = 60_000  # cells that one thread searches at a time
ROADS = 20  # bytes for each byte of the files of roads and water
MB = 1_000_000
COARSEST = 100
KERNEL, CONTAINER = Path("/proc/meminfo"), Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Need:
    """What an answer needs.

    Attributes
    ----------
    raster
        The population raster's own cells.
    cell_bytes
        Bytes a cell of the plan: `PLAN` or `TRAVEL`.
    roads_bytes
        Size of the files of roads and water.
    """

    raster: Frame
    cell_bytes: int
    roads_bytes: int

    def cells(self, times: int) -> int:
        """Cells of the plan, each of `times` x `times` cells of the raster."""
        return -(-self.raster.ny // times) * -(-self.raster.nx // times)

    def bytes(self, times: int) -> int:
        """Bytes in all."""
        threads = min(os.cpu_count() or 1, 1 + self.cells(times) // TILE)
        per_cell = max(self.cell_bytes * self.cells(times), WHILE_READING * self.raster.n)
        return PROGRAM + THREAD * threads + ROADS * self.roads_bytes + per_cell


def need_of(scenario: Scenario, folder: Path, raster: Frame, cell_bytes: int) -> Need:
    """What the answer to a scenario needs, whose files are relative to `folder`."""
    walking, burned = scenario.walking, any(each.roads == "burned" for each in scenario.travellers.values())
    if scenario.friction.file:
        cell_bytes += 4
    elif burned and scenario.elevation.file and walking.slope != "none":
        cell_bytes += BURNED * walking.neighbours
    if cell_bytes >= PLAN:
        cell_bytes += SEARCH * (len(_travellers(scenario)) - 1) * (2 if scenario.reach.both_seasons else 1)
    files = {folder / name for name in (scenario.roads.file, scenario.water.file) if name}
    return Need(raster, cell_bytes, sum(path.stat().st_size for path in files if is_file(path)))


def _travellers(scenario: Scenario) -> set[str]:
    """Names of those who travel in a plan, each of whom has a search that is kept."""
    caring = (*scenario.referral.travellers, scenario.referral.ambulance, scenario.supervision.traveller)
    return {scenario.reach.traveller, *filter(None, caring)}


def check(need: Need, times: int, allowed: int | None) -> str:
    """Say what is needed and what is there.

    Parameters
    ----------
    need, times
        What the answer needs, with ``[population] cell`` as the scenario has it.
    allowed
        Bytes that may be used; None = what the machine has free, or, where it does not say, any number.

    Raises
    ------
    InputFaults
        More is needed; the message names the cells that would do.
    """
    there = free() if allowed is None else allowed
    needed, cells = need.bytes(times), need.cells(times)
    have = "" if there is None else f"{_mb(there)} {'are free' if allowed is None else 'are allowed (--memory)'}"
    if there is None or needed <= there:
        return f"about {_mb(needed)} of memory are needed for {cells:,} cells{have and f'; {have}'}"
    coarser = next((k for k in range(times + 1, COARSEST + 1) if need.bytes(k) <= there), None)
    advice = "Cut the population raster to your area, close other programs, or use a machine with more memory."
    if coarser:
        advice = f"Write cell = {coarser} under [population]: about {_mb(need.bytes(coarser))}. {advice}"
    raise InputFaults([Fault("memory", f"{cells:,} cells need about {_mb(needed)}, and {have}.", advice)])


def _mb(size: int) -> str:
    return f"{size / MB:,.0f} MB"


def free() -> int | None:
    """Bytes of memory that this process can still take; None where the machine does not say.

    Linux: what the kernel calls available, or what is left of the container's limit; Windows: available; elsewhere all
    memory of the machine.
    """
    if sys.platform == "win32":
        return _free_on_windows()
    available = _table(KERNEL).get("MemAvailable:")
    if available is None:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if "SC_PHYS_PAGES" in os.sysconf_names else None
    limit, used = (_number(CONTAINER / name) for name in ("memory.max", "memory.current"))
    if limit is None or used is None:
        return available * 1024
    return min(available * 1024, limit - used + _table(CONTAINER / "memory.stat").get("inactive_file", 0))


def _table(path: Path) -> dict[str, int]:
    """Names and numbers of a file of the kernel; none where it is missing."""
    if not path.is_file():
        return {}
    lines = (line.split() for line in path.read_text(encoding="ascii", errors="replace").splitlines())
    return {words[0]: int(words[1]) for words in lines if len(words) > 1 and words[1].isdigit()}


def _number(path: Path) -> int | None:
    text = path.read_text(encoding="ascii", errors="replace").strip() if path.is_file() else ""
    return int(text) if text.isdigit() else None


def _free_on_windows() -> int | None:
    import ctypes

    class Status(ctypes.Structure):  # MEMORYSTATUSEX
        _fields_ = (
            ("size", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *(
                (name, ctypes.c_ulonglong)
                for name in ("all", "free", "page_all", "page_free", "own", "own_free", "more")
            ),
        )

    status = Status(size=ctypes.sizeof(Status))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):  # type: ignore[attr-defined]
        return None
    return int(status.free)
