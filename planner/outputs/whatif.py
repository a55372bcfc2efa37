"""What the map has to know to answer "what if": the cells, their people and how they are walked, in short.

Nothing is rounded while the page stays small: the page then counts the same people as a run would. Where that takes too
much room heights and people are rounded. A page that is large all the same is told; where even that is too much the
page goes without.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.kernels.neighbours import KINDS, NEIGHBOURS, SHARES, corner, crossed
from planner.outputs import rows
from planner.outputs.escape import to_json
from planner.outputs.headline import headline
from planner.outputs.packing import packed, packed_bits, packed_few, trimmed
from planner.scenario import Walking
from planner.types.arrays import Bools, Doubles
from planner.types.frame import Frame
from planner.types.land import Land
from planner.types.network import Network
from planner.types.results import Plan

SMALL_BYTES = 25_000_000  # of the whole page: phones and old laptops open a larger one slowly
MOST_BYTES = 60_000_000  # beyond, they may not open it
LONGEST = 120  # minutes that the threshold can be set to, at least
HEIGHT_STEP, PEOPLE_BITS = 0.125, 12  # metres; bits of a cell's people: what is rounded to where room is short
SAME_SHARE = 1e-12  # relative: under-fives are this near to one share of the people
LATTICE_ERROR = 0.02  # cells: places between the points of the lattice are no further off
LEFT_OUT = "map.html: {} left out, the map would be larger than 60 MB with them"
LARGE = "map.html has {megabytes:.0f} MB: phones and old laptops open it slowly"
ROUNDED = "map.html: to keep it small, what-if rounds heights to 1/8 m and the people of a cell to 1 in 8,000"
FIGURES = ("people", "under_fives", "plan_people", "plan_under_fives", "new_people", "new_under_fives")
EMPTY = '<script type="application/json" id="plan-cells"></script>'  # where `filled` puts the cells

SCRIPTS = (
    "dom", "grids", "land", "walk", "rides", "cells", "whatif", "threshold", "whatif_markers", "whatif_panel",
    "whatif_part",
)  # fmt: skip

Grids = dict[str, Any]  # arrays packed, by name


@dataclass(frozen=True)
class Carried:
    """What a page carries: `head` is read when it opens, `grids` when they are asked for; `told` what is amiss."""

    head: dict[str, Any]
    grids: Grids
    told: str
    most: int  # bytes that the page may have with it

    def text(self) -> str:
        """The two elements that hold it."""
        head = to_json(self.head | {"names": list(self.grids)})
        return EMPTY.replace("><", f">{head}<") + EMPTY.replace("cells", "grids").replace(
            "><", f">{to_json(self.grids)}<"
        )


def filled(page: str, plan: Plan, tell: Callable[[str], None]) -> str:
    """The page with the cells in the place of `EMPTY`; what was rounded or left out is told in words."""
    for carried in _versions(plan):
        text = carried.text()
        size = len(page) + len(text)
        if size <= carried.most:
            for told in (carried.told, LARGE.format(megabytes=size / 1e6) if size > SMALL_BYTES else ""):
                if told:
                    tell(told)
            return page.replace(EMPTY, text, 1)
    tell(LEFT_OUT.format("the thresholds and what-if are"))
    return page


def _versions(plan: Plan) -> Iterator[Carried]:
    """The data as it is, with heights and people rounded, and without what only a search needs."""
    head, times = _head(plan), _times(plan)
    traveller = plan.scenario.travellers[plan.scenario.reach.traveller]
    if traveller.ride and traveller.roads == "burned":
        share, people = _people(plan, True)
        yield Carried(head | share | {"without": "driven"}, times | people, "", MOST_BYTES)
        return
    for exact, told, most in ((True, "", SMALL_BYTES), (False, ROUNDED, MOST_BYTES)):
        share, people = _people(plan, exact)
        walk, ground = _walk(plan, exact)
        yield Carried(head | share | walk | {"exact": exact}, times | people | ground, told, most)
    told = LEFT_OUT.format("the what-if grids are")
    yield Carried(head | share | {"without": "room"}, times | people, told, MOST_BYTES)


def _head(plan: Plan) -> dict[str, Any]:
    """Everything that is no grid: the numbers of the plan, its lists, and how steps are reckoned."""
    scenario, land = plan.scenario, plan.land
    figures = {figure.key: float(figure.amount) for figure in headline(plan) if figure.key in FIGURES}
    return {
        "ny": land.frame.ny,
        "nx": land.frame.nx,
        "lattice": lattice(land.frame),
        "minutes": _steps(plan).tolist(),
        "longest": _longest(plan),
        "limit": scenario.placement.max_minutes,
        "season": scenario.season.name,
        "snap": scenario.walking.snap_metres,
        "figures": figures,
        "areas": list(plan.areas.name),
        "people": plan.coverage.area_people[:-1].tolist(),
        "underFives": plan.coverage.area_under_fives[:-1].tolist(),
        "facilities": sorted({int(cell) for cell in plan.facility_cell if cell >= 0}),
        "posts": _posts(plan),
    }


def _posts(plan: Plan) -> list[dict[str, Any]]:
    """Posts where a CHW lives with the plan: today's, then the proposed ones in their order."""
    posts = plan.posts
    lon, lat = plan.land.frame.lonlat(posts.x, posts.y)
    village = rows.pick(plan.villages.name, posts.village)
    return [
        {
            "id": posts.id[k],
            "name": village[k] or posts.id[k],
            "cell": int(posts.cell[k]),
            "chws": int(posts.chws[k]),
            "new": bool(posts.proposed[k]),
            "at": [round(float(lat[k]), 6), round(float(lon[k]), 6)],
        }
        for k in np.flatnonzero(posts.works)
    ]


def _longest(plan: Plan) -> int:
    """Minutes that the threshold can be set to."""
    return max(LONGEST, math.ceil(max(plan.scenario.placement.max_minutes, plan.scenario.reach.max_minutes)))


def _steps(plan: Plan) -> Doubles:
    """Minutes that are told apart: every whole one that the threshold can be set to, and the limits of the scenario."""
    limits = [plan.scenario.placement.max_minutes, plan.scenario.reach.max_minutes, *plan.scenario.reach.thresholds]
    return np.union1d(np.arange(1, _longest(plan) + 1), limits).astype(np.float64)


def _times(plan: Plan) -> dict[str, Any]:
    """Of the open cells: area, and for each surface the number of the first threshold that its minutes are within.

    With CHWs, and with the plan, as what they are less than without: mostly nothing.
    """
    is_open = _open(plan)
    steps = _steps(plan).astype(np.float32)
    kind = np.uint8 if len(steps) < 256 else np.uint16
    area_kind = np.uint8 if len(plan.areas) < 255 else np.uint16
    inside = rows.in_areas(plan)[is_open]
    facility, today, planned = (
        np.searchsorted(steps, time.minutes[is_open], side="left")
        for time in (plan.to_facility, plan.with_chws, plan.with_plan)
    )
    return {
        "open": packed_bits(is_open),
        "area": packed(np.where(inside, np.maximum(plan.land.area[is_open], 0) + 1, 0).astype(area_kind)),
        "facility": packed(facility.astype(kind)),
        "today": packed((facility - today).astype(kind)) | {"lessThan": "facility"},
        "plan": packed((facility - planned).astype(kind)) | {"lessThan": "facility"},
    }


def _people(plan: Plan, exact: bool) -> tuple[dict[str, Any], Grids]:
    """People and under-fives of the open cells; under-fives as a share, in the head, where they are one."""
    is_open = _open(plan)
    people, under_fives = (each[is_open] for each in (plan.land.people, plan.land.under_fives))
    whole = people.sum()
    share = float(under_fives.sum() / whole) if whole > 0 else 0.0
    even = bool((np.abs(under_fives - share * people) <= SAME_SHARE * people).all())

    def short(amounts: Doubles) -> dict[str, Any]:
        return packed(amounts.astype(np.float32) if exact else trimmed(amounts, PEOPLE_BITS))

    grids = {"people": short(people)}
    return ({"share": share}, grids) if even else ({}, grids | {"underFives": short(under_fives)})


def _walk(plan: Plan, exact: bool) -> tuple[dict[str, Any], Grids]:
    """All that a search needs, and whose people are hard to reach."""
    land = plan.land
    if not exact and land.elevation is not None:
        height = (np.rint(land.elevation / HEIGHT_STEP) * HEIGHT_STEP).astype(np.float32)
        land = replace(land, elevation=height)
    hard = plan.hard_to_reach & (land.area >= 0)
    head, grids = walked(land, plan.scenario.walking)
    return head, grids | ridden(plan.network) | {"hard": packed_bits(hard[_open(plan)])}


def walked(land: Land, walking: Walking) -> tuple[dict[str, Any], Grids]:
    """How a land is walked: each step's direction and cells for the head; its open cells, and metres by row."""
    is_open, n = np.isfinite(land.pace), walking.neighbours
    metres, metres_of = np.unique(land.step_metres[:, :n].T, axis=0, return_inverse=True)
    level = bool((metres == metres[:, :1]).all())
    walk = {
        "slope": walking.slope,
        "open": walking.corners == "open",
        "moves": NEIGHBOURS[:n].tolist(),
        "kinds": KINDS[:n].tolist(),
        "crossed": [crossed(q) for q in range(n)],
        "corner": [corner(q) for q in range(n)],
        "shares": [[SHARES[kind][0], *SHARES[kind][1]] for kind in KINDS[:n].tolist()],
        "metresOf": metres_of.ravel().tolist(),
    }
    grids = {
        "open": packed_bits(is_open),
        "pace": packed_few(land.pace[is_open]),
        "way": packed(land.way[is_open]),
        **({} if land.elevation is None else {"height": packed(land.elevation[is_open])}),
        "metres": packed(metres[:, :1] if level else metres),
    }
    return {"ny": land.frame.ny, "nx": land.frame.nx, "walk": walk}, grids


def ridden(network: Network) -> Grids:
    """The roads that are ridden: stops and rides, as `assets/rides.js` takes them; none where everybody walks."""
    if not len(network):
        return {}
    return {
        "stops": packed(network.cell),
        "board": packed_few(network.board),
        "alight": packed_few(network.alight),
        "rides": packed(np.diff(network.indptr).astype(np.uint32)),
        "ends": packed(network.indices.astype(np.uint32)),
        "rideMinutes": packed(network.minutes),
    }


def _open(plan: Plan) -> Bools:
    """Cells that people walk on, in order: all grids hold these alone."""
    return np.isfinite(plan.land.pace)


def lattice(frame: Frame) -> dict[str, Any]:
    """Latitudes and longitudes of corners of cells, evenly spread over the frame: the script finds places between them.

    As few points as keep every place within `LATTICE_ERROR` of a cell; four where the frame is in degrees.
    """
    parts = 1
    while True:
        at_row, at_col = np.linspace(0, frame.ny, 2 * parts + 1), np.linspace(0, frame.nx, 2 * parts + 1)
        x, y = np.meshgrid(frame.west + at_col * frame.dx, frame.north - at_row * frame.dy)
        lon, lat = (axis.reshape(x.shape) for axis in frame.lonlat(x.ravel(), y.ravel()))
        off = max(_bulge(lat) / _cell(lat, frame.ny), _bulge(lon) / _cell(lon.T, frame.nx))
        if off <= LATTICE_ERROR or parts >= 128:
            return {"parts": parts, "lat": _flat(lat[::2, ::2]), "lon": _flat(lon[::2, ::2])}
        parts *= 2


def _bulge(grid: Doubles) -> float:
    """How far, at most, points in the middle of each patch lie from where its corners let them be expected."""
    a, b, c, d = grid[:-2:2, :-2:2], grid[:-2:2, 2::2], grid[2::2, :-2:2], grid[2::2, 2::2]
    middle, top, left = grid[1::2, 1::2], grid[:-2:2, 1::2], grid[1::2, :-2:2]
    return float(max(np.abs(middle - (a + b + c + d) / 4).max(), np.abs(top - (a + b) / 2).max(),
                     np.abs(left - (a + c) / 2).max()))  # fmt: skip


def _cell(grid: Doubles, count: int) -> float:
    """The least step from cell to cell along the first axis."""
    return float(np.abs(np.diff(grid, axis=0)).min() * (len(grid) - 1) / count)


def _flat(grid: Doubles) -> list[float]:
    return [round(float(value), 9) for value in grid.ravel()]
