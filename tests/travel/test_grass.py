"""GRASS GIS and AccessMod on a small land: a float64 reference gives what they give, and planner what their rules give.

The files in ``grass/`` are real output of ``r.cost`` and ``r.walk`` of GRASS GIS 8.2.1 with and without ``-k``, and
AccessMod's formula worked out in another way; ``make_grass_fixtures.py`` makes them, by hand.
"""

import heapq
import math
from pathlib import Path

import numpy as np
import pytest

from lands import make_land
from planner.scenario import Walking
from planner.travel import Search, regions

HERE = Path(__file__).parent / "grass"
CELL = 100.0
STARTS = [2 * 15 + 3, 9 * 15 + 12]
SIDES = [(-1, 0), (1, 0), (0, -1), (0, 1)]
DIAGONALS = [(i, j) for i in (-1, 1) for j in (-1, 1)]
KNIGHTS = [(i, j) for i in (-2, -1, 1, 2) for j in (-2, -1, 1, 2) if abs(i) != abs(j)]


def stored(name):
    """Values of a file, flat; NaN where it has none."""
    words = [line.split() for line in (HERE / f"{name}.txt").read_text().splitlines()[6:]]
    return np.array([[math.nan if word == "*" else float(word) for word in row] for row in words])


KMH, HEIGHT = stored("kmh"), stored("height")


def cells_passed(row, col, i, j):
    """The cells that a step from a cell by (i, j) passes, each for an equal part of its length; None off the land."""
    passed = [(row, col), (row + i, col + j)]
    if abs(i) == 2:
        passed += [(row + i // 2, col), (row + i // 2, col + j)]
    elif abs(j) == 2:
        passed += [(row, col + j // 2), (row + i, col + j // 2)]
    return passed if 0 <= row + i < KMH.shape[0] and 0 <= col + j < KMH.shape[1] else None


def cost(metres, _rise, kmh):
    """Minutes of r.cost on a map of minutes a cell: the mean of the cells times the length in cells."""
    return np.mean(CELL * 0.06 / kmh) * metres / CELL


def walk(metres, rise, kmh):
    """Seconds of r.walk: Langmuir's (1984) rules for the slope, and friction for the length; its default numbers."""
    factor = 6.0 if rise >= 0 else -1.9998 if rise / metres < -0.2125 else 1.9998
    return 0.72 * metres + factor * rise + np.mean(3.6 / kmh) * metres


def accessmod(metres, rise, kmh):
    """Seconds of AccessMod: each part at the speed of its cell, times Tobler's decay with the slope of the step."""
    return 3.6 * np.mean(metres / kmh) * math.exp(3.5 * abs(rise / metres + 0.05)) / math.exp(3.5 * 0.05)


def dijkstra(step, moves, towards=False):
    """Least sums of `step` from the starts, over cells in float64."""
    least = np.full(KMH.shape, np.inf)
    queue = [(0.0, *divmod(start, KMH.shape[1])) for start in STARTS]
    while queue:
        now, row, col = heapq.heappop(queue)
        if least[row, col] <= now:
            continue
        least[row, col] = now
        for i, j in moves:
            passed = cells_passed(row, col, i, j)
            kmh = np.array([KMH[cell] for cell in passed or ()])
            if passed is None or np.isnan(kmh).any():
                continue
            rise = HEIGHT[passed[1]] - HEIGHT[row, col]
            heapq.heappush(queue, (now + step(CELL * math.hypot(i, j), -rise if towards else rise, kmh), *passed[1]))
    return np.where(np.isinf(least), np.nan, least)


ALL16 = [*SIDES, *DIAGONALS, *KNIGHTS]
CASES = {
    "r_cost": (cost, ALL16[:8], False),
    "r_cost_k": (cost, ALL16, False),
    "r_walk": (walk, ALL16[:8], False),
    "r_walk_k": (walk, ALL16, False),
    "accessmod": (accessmod, ALL16[:8], False),
    "accessmod_t": (accessmod, ALL16[:8], True),
    "accessmod_k": (accessmod, ALL16, False),
    "accessmod_k_t": (accessmod, ALL16, True),
}


@pytest.mark.parametrize("name", CASES)
def test_the_float64_reference_gives_what_is_stored_to_its_last_digit(name):
    found, expected = dijkstra(*CASES[name]), stored(name)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1.1e-9 if name.startswith("acc") else 1e-8)
    assert np.isfinite(found).sum() > 150 and (found[np.isfinite(found)] > 0).sum() > 140


@pytest.mark.parametrize("split", [None, (2, 2)])
@pytest.mark.parametrize("name", [name for name in CASES if "walk" not in name])
def test_planner_gives_minutes_of_r_cost_and_of_accessmod_where_corners_are_open_as_theirs(name, split):
    _, moves, towards = CASES[name]
    is_cost = name.startswith("r_cost")
    land = make_land(np.nan_to_num(KMH), elevation=None if is_cost else HEIGHT)
    walking = Walking(neighbours=len(moves), slope="none" if is_cost else "tobler", corners="open")
    sources = np.array(STARTS, np.int32)
    if split:
        time = regions.time_to_nearest(land, sources, walking, split=split, towards=towards)
    else:
        time = Search(land, walking, towards=towards).nearest(sources)
    expected = stored(name).ravel() / (1 if is_cost else 60)
    np.testing.assert_allclose(time.minutes, np.where(np.isnan(expected), np.inf, expected), rtol=3e-6)


@pytest.mark.parametrize("neighbours", [8, 16])
def test_grass_passes_between_barriers_that_meet_at_a_corner_and_planner_does_not_unless_it_is_asked(neighbours):
    kmh = np.nan_to_num(KMH)
    for k in range(8, 12):
        kmh[k, 13 - k] = 0  # the river of cells that meet at corners runs on to the land's end
    land = make_land(kmh)
    east = np.array([STARTS[1]], np.int32)
    for corners, passes in (("open", True), ("closed", False)):
        walking = Walking(neighbours=neighbours, slope="none", corners=corners)
        assert np.isfinite(Search(land, walking).nearest(east).minutes[STARTS[0]]) == passes
