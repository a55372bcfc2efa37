"""planner's searches, measured in a process of their own."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

import landscape
import measure
import numpy as np

from planner import grid, travel
from planner.scenario import Walking
from planner.types.frame import Frame
from planner.types.land import Land
from planner.types.network import Network

WAIT_MINUTES, ALIGHT_MINUTES = 5.0, 0.5
DEGREES = 1 / 1200
SAMPLE = 300  # rows and columns of the land that everything is compiled on: several tiles


def read(folder: str, geographic: bool) -> tuple[landscape.Landscape, Land]:
    """The country, and the same as planner's stages have it."""
    country = landscape.load(Path(folder))
    return country, land_of(country, tuple(country.shape), geographic)


def land_of(country: landscape.Landscape, shape: tuple[int, int], geographic: bool) -> Land:
    """The first rows and columns of a country as a land; all its cells that are not water are open ground."""
    ny, nx = (int(length) for length in shape)
    crs, west, north, cell = ("EPSG:4326", 34.0, -9.0, DEGREES) if geographic else ("EPSG:32736", 0.0, 9e6, 100.0)
    frame = Frame(crs, west, north, cell, cell, ny, nx)

    def cut(values: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(values.reshape(country.shape)[:ny, :nx]).ravel()

    return Land(
        frame=frame,
        people=np.zeros(frame.n),
        under_fives=np.zeros(frame.n),
        known=np.ones(frame.n, np.bool_),
        pace=cut(country.pace),
        way=np.zeros(frame.n, np.uint8),
        elevation=cut(country.elevation),
        area=np.zeros(frame.n, np.int32),
        step_metres=grid.step_metres(frame),
    )


def with_bridges(country: landscape.Landscape, land: Land) -> Land:
    """The same land with its roads, and bridges that are entered along them only."""
    return Land(**{**land.__dict__, "way": country.way[: land.frame.n]})


def network_of(country: landscape.Landscape, land: Land) -> Network:
    """The country's roads, ridden both ways, boarded after a wait."""
    cell, vertex = np.unique(np.concatenate([country.ride_from, country.ride_to]), return_inverse=True)
    one, other = np.split(vertex, 2)
    start, end = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.lexsort((end, start))
    rides = len(order)
    x, y = land.frame.centre_of(cell)
    minutes = np.tile(country.ride_minutes, 2)[order]
    return Network(
        cell=cell.astype(np.int32),
        x=x,
        y=y,
        board=np.full(len(cell), WAIT_MINUTES, np.float32),
        alight=np.full(len(cell), ALIGHT_MINUTES, np.float32),
        indptr=np.searchsorted(start[order], np.arange(len(cell) + 1)).astype(np.int64),
        indices=end[order].astype(np.int32),
        minutes=minutes,
        metres=np.full(rides, landscape.CELL_METRES, np.float32),
        road=np.zeros(rides, np.int32),
        start=np.zeros(rides),
        end=np.ones(rides),
    )


def nearest(
    folder: str,
    *,
    neighbours: int = 16,
    slope: str = "tobler",
    corners: str = "closed",
    land_as: str = "cells",
    numbered: bool = True,
    geographic: bool = False,
    threads: int = 1,
    times: int = 3,
    out: str = "",
) -> dict[str, float]:
    """Every cell to its nearest facility: minutes, the way back, and, `numbered`, which one it is.

    `land_as`: cells, bridges or rides.
    """
    measure.pin(threads)
    country, land = read(folder, geographic)
    walking = Walking(neighbours=neighbours, slope=slope, corners=corners)  # type: ignore[arg-type]
    network = network_of(country, land) if land_as == "rides" else None
    if land_as == "bridges":
        land = with_bridges(country, land)
    compile_on_sample(country, walking, geographic, threads)

    def call() -> Any:
        time_of = travel.time_to_nearest(land, country.facilities, walking, network=network, threads=threads)
        return time_of, time_of.nearest if numbered else np.empty(0)

    seconds, (time_of, which) = measure.best(call, times)
    if out:
        np.save(out, time_of.minutes)
    return seconds | {"results": float(time_of.minutes.nbytes + which.nbytes + time_of.back.nbytes)}


def compile_on_sample(country: landscape.Landscape, walking: Walking, geographic: bool, threads: int = 1) -> None:
    sample = land_of(country, (SAMPLE, SAMPLE), geographic)
    sample_time = travel.Search(sample, walking, threads=threads).nearest(np.arange(4, dtype=np.int32))
    sample_time.nearest  # noqa: B018 - compiles


def add(folder: str, *, count: int = 200) -> dict[str, float]:
    """One more facility on a solved map, again and again: milliseconds, CPU and wall, median."""
    measure.pin(1)
    country, land = read(folder, False)
    search = travel.Search(land, Walking(neighbours=16), threads=1)
    search.nearest(country.facilities)
    chosen = np.random.default_rng(2).choice(country.villages, count, replace=False)
    cpu, wall = [], []
    for village in chosen:
        start_cpu, start = time.process_time(), time.perf_counter()
        search.add(np.array([village], np.int32))
        cpu.append(time.process_time() - start_cpu)
        wall.append(time.perf_counter() - start)
    grown = search.result()
    fresh = travel.Search(land, Walking(neighbours=16), threads=1).nearest(np.append(country.facilities, chosen))
    same = np.array_equal(grown.minutes, fresh.minutes)
    return {"cpu": 1e3 * statistics.median(cpu), "wall": 1e3 * statistics.median(wall), "same": float(same)}


def within(
    folder: str, *, sites: int, max_minutes: float, neighbours: int = 16, times: int = 2, out: str = ""
) -> dict[str, float]:
    """Each site to the villages within the limit."""
    measure.pin(1)
    country, land = read(folder, False)
    walking = Walking(neighbours=neighbours)  # type: ignore[arg-type]
    some = some_sites(country, sites)
    travel.within(land, some[:2], country.villages, walking, max_minutes=1.0)
    seconds, matrix = measure.best(
        lambda: travel.within(land, some, country.villages, walking, max_minutes=max_minutes), times
    )
    if out:
        np.savez(out, indptr=matrix.indptr, indices=matrix.indices, minutes=matrix.minutes)
    return seconds | {"pairs": float(len(matrix.indices)), "sites": float(len(some))}


def some_sites(country: landscape.Landscape, count: int) -> np.ndarray:
    """So many villages, or open cells where there are not so many."""
    rng = np.random.default_rng(3)
    if count <= len(country.villages):
        return np.sort(rng.choice(country.villages, count, replace=False))
    open_cells = np.flatnonzero(np.isfinite(country.pace)).astype(np.int32)
    return np.sort(rng.choice(open_cells, min(count, len(open_cells)), replace=False))


if __name__ == "__main__":
    measure.answer({"nearest": nearest, "add": add, "within": within})
