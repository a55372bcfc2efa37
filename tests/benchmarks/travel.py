"""How fast and how exact planner's travel times are, beside those of others: tables in Markdown on standard output.

    python tests/benchmarks/travel.py --sizes 1000 2000

Each figure is the least CPU of one thread over a few runs, in a process of its own, of the whole call: arrays of cells
in, arrays of results out; compiling is left out everywhere. Peers are installed here, in a virtual environment beside
the country (scikit-image, xarray-spatial), and from Debian's packages by root (GRASS); one that is not there is left
out, with a line that says so. Nothing is asserted: times depend on the machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from bench import CASES, Bench

HYBRID_AT_MOST, WARM_MILLISECONDS, BYTES_A_CELL, SPREAD = 1.4, 2.0, 25.0, 1.3
SITES_A_SECOND, TIMES_SCIPY_LIMIT, TWO_THREADS = 4_000, 10.0, 1.7
LARGEST, MOST_GIB, MOST_SECONDS = 230_000_000, 8.0, 60.0  # cells of the largest country, and what it may take
# A peer against a case of ours: how many times less CPU ours should take, by cells from which on.
RATIOS = [
    ("r.walk", "ours16", (), {4_000_000: 12, 16_000_000: 18}),
    ("scipy16", "ours16", (), {1: 6}),
    ("scipy16", "ours16", ("made",), {1: 12}),
    ("r.cost", "ours8", (), {}),
    ("scikit-image", "ours8", (), {1: 20}),
    ("xarray-spatial", "ours8", (), {1: 10}),
    ("scipy8", "ours8", (), {}),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", default=["1000", "2000"], help="cells along a side, or rows x columns")
    parser.add_argument("--times", type=int, default=3, help="runs of each, of which the least counts")
    parser.add_argument("--sites", type=int, default=10_000, help="sites of the many-to-many search")
    parser.add_argument("--seed", type=int, default=1, help="of the countries")
    parser.add_argument(
        "--geographic", action="store_true", help="cells of 3 seconds of arc; scipy is the only peer then"
    )
    keys = [case.key for case in CASES]
    parser.add_argument("--cases", nargs="+", default=keys, choices=keys, metavar="CASE", help=f"of {', '.join(keys)}")
    parser.add_argument("--work", type=Path, help="folder that keeps countries and peers for the next run")
    options = parser.parse_args()
    shapes = sorted((_shape(size) for size in options.sizes), key=lambda shape: shape[0] * shape[1])
    with tempfile.TemporaryDirectory() as temporary:
        work = (options.work or Path(temporary)).absolute()
        work.mkdir(parents=True, exist_ok=True)
        bench = Bench(work, options.times, options.geographic, options.cases)
        folders = [bench.country(shape, options.seed) for shape in shapes]
        for folder, (ny, nx) in zip(folders, shapes, strict=True):
            bench.measure(folder, ny * nx)
        print(machine(bench), *times_table(bench), *ratio_table(bench), sep="\n")
        print(*other_table(bench, folders, options.sites), sep="\n")


def _shape(size: str) -> tuple[int, int]:
    rows, _, columns = size.partition("x")
    return int(rows), int(columns or rows)


def machine(bench: Bench) -> str:
    """Processors and versions that the figures are of."""
    processor = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    versions = [f"{name} {version(name)}" for name in ("numpy", "numba", "scipy")] + bench.peer_versions()
    return f"{os.cpu_count()} processors ({processor}), Python {platform.python_version()}, {', '.join(versions)}\n"


def times_table(bench: Bench) -> list[str]:
    """Nanoseconds a cell, user and in brackets system, and how far from float64."""
    lines = ["Nanoseconds of CPU a cell (user, and system in brackets):\n"]
    lines += _header("search", *(millions(cells) for cells in bench.sizes), "largest relative difference")
    for case in bench.cases.values():
        if case.figures:
            figures = [_nanoseconds(case.figures.get(cells), cells) for cells in bench.sizes]
            apart = f", {case.unlike} cells reached by one only" if case.unlike else ""
            lines.append(_row(case.title, *figures, f"{case.worst:.0e}{apart}" if case.worst else "-"))
            if "made" in next(iter(case.figures.values())):
                made = [_nanoseconds(case.figures.get(cells), cells, "made") for cells in bench.sizes]
                lines.append(_row("... making its graph", *made, "-"))
    return [*lines, ""]


def ratio_table(bench: Bench) -> list[str]:
    """How many times less CPU planner takes, and what was aimed at."""
    lines = ["Times less user CPU than the peer:\n"]
    lines += _header("peer", *(millions(cells) for cells in bench.sizes), "goal")
    for peer, own, also, goals in RATIOS:
        theirs, ours = bench.cases.get(peer), bench.cases.get(own)
        if not (theirs and ours and theirs.figures):
            continue
        found = []
        for cells in bench.sizes:
            ratio = theirs.nanoseconds(cells, also) / ours.nanoseconds(cells)
            goal = next((goals[start] for start in sorted(goals, reverse=True) if cells >= start), None)
            found.append(f"{ratio:.1f}" + (f" ({_met(ratio >= goal)})" if goal else ""))
        asked = ", ".join(
            str(goal) + (f" from {millions(start)}" if start > 1 else "") for start, goal in goals.items()
        )
        lines.append(_row(theirs.title + (" and making its graph" if also else ""), *found, asked or "-"))
    return [*lines, ""] if len(lines) > 3 else []


def other_table(bench: Bench, folders: list[Path], sites: int) -> list[str]:
    """What is no ratio to a peer's search for the nearest facility."""
    ours, hybrid = bench.cases.get("ours16"), bench.cases.get("ours16r")
    if not ours:
        return []
    lines = _header("what", "on", "measured", "goal")
    large = [cells for cells in bench.sizes if cells >= 1_000_000]
    if len(large) > 1:
        spread = [ours.nanoseconds(cells) for cells in large]
        growth = max(spread) / min(spread)
        where = f"{millions(large[0])} to {millions(large[-1])}"
        lines.append(_goal("slowest a cell / fastest", where, f"{growth:.2f}", f"{SPREAD}", growth <= SPREAD))
    for cells, folder in zip(bench.sizes, folders, strict=True):
        where, figures = millions(cells), ours.figures[cells]
        held = (figures["grown"] - figures["results"]) / cells
        lines.append(_goal("bytes a cell beside inputs and results", where, f"{held:.1f}", "25", held <= BYTES_A_CELL))
        if cells >= LARGEST:
            gib, cpu = figures["peak"] / 2**30, figures["user"]
            lines.append(_goal("GiB in all, inputs and results with it", where, f"{gib:.1f}", "8", gib <= MOST_GIB))
            lines.append(_goal("seconds of user CPU", where, f"{cpu:.0f}", "60", cpu <= MOST_SECONDS))
        if hybrid:
            more = hybrid.nanoseconds(cells) / ours.nanoseconds(cells)
            lines.append(_goal("with roads ridden / without", where, f"{more:.2f}", "1.4", more <= HYBRID_AT_MOST))
        if cells < LARGEST:
            faster = bench.two_threads(folder)
            lines.append(_goal("wall time, 1 thread / 2", where, f"{faster:.2f}", "1.7", faster >= TWO_THREADS))
    if not bench.geographic and bench.sizes[0] < LARGEST:
        lines += _on_one(bench, folders[0], millions(bench.sizes[0]), sites)
    return lines


def _on_one(bench: Bench, folder: Path, where: str, sites: int) -> list[str]:
    """Adding a facility, and many sites to many villages, on the smallest country."""
    added = bench.add(folder)
    measured = f"{added['cpu']:.2f} ms CPU, {added['wall']:.2f} ms wall" + ("" if added["same"] else ", WRONG")
    lines = [_goal("one facility more, median of 200", where, measured, "2 ms", added["cpu"] <= WARM_MILLISECONDS)]
    ours, theirs, worst = bench.many(folder, sites)
    rate = ours["sites"] / ours["user"]
    title = f"sites a CPU-second: {ours['sites']:,.0f} sites to all villages within 60 minutes"
    lines.append(_goal(title, where, f"{rate:,.0f}", f"{SITES_A_SECOND:,}", rate >= SITES_A_SECOND))
    if theirs:
        ratio = rate * theirs["user"] / theirs["sites"]
        own, other = ((each["user"] + each["system"]) / each["sites"] for each in (ours, theirs))
        measured = f"{ratio:.1f} ({other / own:.0f} with the system's), largest relative difference {worst:.0e}"
        lines.append(_goal("... times scipy's, with its limit", where, measured, "10", ratio >= TIMES_SCIPY_LIMIT))
    return lines


def _nanoseconds(figures: dict[str, float] | None, cells: int, also: str = "") -> str:
    if figures is None:
        return "-"
    parts = (also, f"{also}_system") if also else ("user", "system")
    user, system = (1e9 * figures[part] / cells for part in parts)
    return f"{user:.0f} ({system:.0f})"


def _goal(what: str, where: str, measured: str, asked: str, met: bool) -> str:
    return _row(what, where, measured, f"{asked} ({_met(met)})")


def _met(met: bool) -> str:
    return "met" if met else "not met"


def _header(*columns: str) -> list[str]:
    return [_row(*columns), _row(*["---"] * len(columns))]


def _row(*columns: str) -> str:
    return f"| {' | '.join(columns)} |"


def millions(cells: int) -> str:
    return f"{cells / 1e6:.3g} M"


if __name__ == "__main__":
    sys.exit(main())
