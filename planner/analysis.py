"""One result of the travel-time engine, alone in one file: for scripts, without a plan."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planner import grid, inputs, memory, outputs, people, routing, scenario_file, villages
from planner.errors import Fault, InputFaults
from planner.files import is_file, is_folder
from planner.scenario import Scenario
from planner.travel import Search, results, within
from planner.types.arrays import CELL, MINUTES, Doubles, Floats, Ints
from planner.types.inputs import Inputs, Note, Places
from planner.types.land import Land
from planner.types.network import Network, line_through
from planner.types.travel import TravelMatrix, TravelTime

if TYPE_CHECKING:
    import pandas as pd

RASTER, LAYER, TABLE = (".tif", ".tiff"), (".gpkg", ".geojson"), (".csv",)
ENDINGS = {
    "minutes": RASTER,
    "nearest": RASTER,
    "kth": RASTER,
    "isochrones": LAYER,
    "catchments": LAYER,
    "routes": (*LAYER, *TABLE),
    "flows": RASTER,
    "matrix": TABLE,
}
LISTS = ("facilities", "chws", "villages")
PAIRWISE = ("kth", "matrix")  # each site is searched from alone
NO_WAY = "no way within the limit"


@dataclass(frozen=True)
class Request:
    """What is asked of a scenario.

    Attributes
    ----------
    what
        One of ``ENDINGS``.
    to
        Where people travel to: one of ``LISTS``, or a file of points.
    out
        The file to write; its ending says the format.
    starts
        Where routes start, and the demand of a matrix: as `to`.
    tier
        Only facilities of this tier or above; None = all.
    towards
        False: people travel from `to`.
    traveller, season
        Who travels, and when; "" = as the scenario says.
    k
        Which nearest site: 2 = the second.
    max_minutes
        The limit of the search, inclusive.
    thresholds
        Upper ends of the isochrones, minutes, ascending; none = those of the scenario.
    """

    what: str
    to: str
    out: Path
    starts: str = "villages"
    tier: int | None = None
    towards: bool = True
    traveller: str = ""
    season: str = ""
    k: int = 2
    max_minutes: float = math.inf
    thresholds: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class Sites:
    """Points in the frame's CRS, with the cell that each is reached at; -1 takes no part."""

    id: tuple[str, ...]
    name: tuple[str, ...]
    x: Doubles
    y: Doubles
    cell: Ints


@dataclass(frozen=True, eq=False)
class Job:
    """A request with all that it needs, read and laid on the cells."""

    request: Request
    scenario: Scenario
    found: Inputs
    land: Land
    network: Network
    sites: Sites
    starts: Sites | None
    search: Search


def travel(
    scenario_path: Path,
    request: Request,
    progress: Callable[[str], None] | None = None,
    *,
    memory_bytes: int | None = None,
    fixes: Iterable[str] = (),
) -> tuple[Note, ...]:
    """Answer a request and write its file, whole or not at all.

    Parameters
    ----------
    scenario_path
        The TOML file; the files it names are relative to its folder.
    request
        What is asked.
    progress
        Called with a short text at the beginning of each step.
    memory_bytes
        Stop before anything large is read if more is needed; None = what the machine has free.
    fixes
        Repairs agreed to, beside those of the scenario: see `planner.scenario.fixes`.

    Returns
    -------
    What was found, repaired and left out.

    Raises
    ------
    InputFaults
        Something in the request, the scenario or its files is to be mended, or there is too little memory.
    """
    tell = progress or (lambda _: None)
    scenario = scenario_file.load(scenario_path, fixes)
    if faults := _faults(request, scenario):
        raise InputFaults(faults)
    raster = inputs.population_frame(scenario, scenario_path.parent)
    if raster:
        need = memory.need_of(scenario, scenario_path.parent, raster, memory.TRAVEL)
        tell(memory.check(need, scenario.population.cell, memory_bytes))
    tell("reading the files")
    job, notes = _prepare(request, scenario, scenario_path.parent, tell)
    with outputs.whole_file(request.out) as path:
        tell(f"searching from {np.count_nonzero(job.sites.cell >= 0)} places")
        WRITERS[request.what](job, path)
    return notes


def _faults(request: Request, scenario: Scenario) -> list[Fault]:
    """What is wrong with a request, told at once."""
    limit, steps = request.max_minutes, request.thresholds
    possible = ENDINGS.get(request.what, ())
    riders = ", ".join(f'"{name}"' for name in scenario.travellers)
    checks = [
        (request.what in ENDINGS, "--what", f'there is no "{request.what}".', f"Choose from {', '.join(ENDINGS)}."),
        (not possible or request.out.suffix.lower() in possible, f"--out {request.out}",
         f"{request.what} is not written in this format.", f"Let the name end in {' or '.join(possible)}."),
        (not is_folder(request.out), f"--out {request.out}", "is a folder, a file is expected.", "Name a file in it."),
        (request.tier is None or request.to == "facilities", "--tier", f'"{request.to}" has no tiers.',
         "Leave it out, or say --to facilities."),
        (request.traveller in ("", *scenario.travellers), "--traveller",
         f'the scenario has no traveller "{request.traveller}".', f"It has {riders}; add others as [travellers.NAME]."),
        (request.season in ("", "dry", "wet"), "--season", f"there is no season {request.season}.", "Say dry or wet."),
        (request.k >= 1, "--k", f"found {request.k}; expected a whole number from 1.", "For example: --k 2"),
        (limit > 0, "--max-minutes", f"found {limit:g}; expected a number above 0.", "For example: --max-minutes 120"),
        (math.isfinite(limit) or request.what not in PAIRWISE, "--max-minutes",
         f"is missing: {request.what} searches from each place alone, and without a limit as far as the map goes.",
         "For example: --max-minutes 120"),
        (all(0 < step < math.inf for step in steps) and all(a < b for a, b in pairwise(steps)), "--thresholds",
         f"found {', '.join(f'{step:g}' for step in steps)}; expected minutes above 0, ascending.",
         "For example: --thresholds 30,60,120"),
        *((name in LISTS or is_file(Path(name)), f"{option} {name}", f"is neither {', '.join(LISTS)} nor a file.",
           "Name one of them, or a CSV, XLSX, GeoPackage or GeoJSON of points.")
          for option, name in (("--to", request.to), ("--starts", request.starts))),
    ]  # fmt: skip
    return [Fault(where, what, way_out) for good, where, what, way_out in checks if not good]


def _prepare(
    request: Request, scenario: Scenario, folder: Path, tell: Callable[[str], None]
) -> tuple[Job, tuple[Note, ...]]:
    season = scenario.season.model_copy(update={"name": request.season or scenario.season.name})
    scenario = scenario.model_copy(update={"season": season})
    found = inputs.read(scenario, folder)
    numbers = inputs.read_numbers(scenario, folder, found.layers, found.roads)
    tell("laying roads and water on the population raster")
    land, land_notes = grid.land_of(found, numbers.walking, scenario)
    land, _, people_notes = people.prepare(land, found.areas, found.totals, found.under_fives, scenario.population)
    name = request.traveller or scenario.reach.traveller
    rider = numbers.rides.get(name), scenario.travellers[name]
    ridden = grid.ridden_land(land, found, *rider)
    network = grid.network_of(ridden, found, *rider)
    sites, site_notes = _sites(request.to, found, land, scenario, request.tier or 0)
    starts, start_notes = None, tuple[Note, ...]()
    if request.what in ("routes", "matrix"):
        starts, start_notes = _sites(request.starts, found, land, scenario)
    if not (sites.cell >= 0).any():
        tier = f" of tier {request.tier} or above" if request.tier else ""
        what = f"there are none{tier} on open ground of the population raster."
        raise InputFaults([Fault(f"--to {request.to}", what, "Name other places.")])
    search = Search(ridden, scenario.walking, network=network, towards=request.towards)
    notes = found.notes + numbers.notes + land_notes + people_notes + site_notes + start_notes
    return Job(request, scenario, found, ridden, network, sites, starts, search), tuple(dict.fromkeys(notes))


def _sites(name: str, found: Inputs, land: Land, scenario: Scenario, tier: int = 0) -> tuple[Sites, tuple[Note, ...]]:
    """The places of a list or of a file; villages are those of the plan: listed, or found in the population."""
    metres = scenario.walking.snap_metres
    if name == "villages":
        listed = grid.reached_at(land, found.villages, name, metres)
        settlements = villages.find(land, found.villages, listed.cell, scenario.villages)
        _, more = villages.join(land, found.villages, found.unplaced, settlements, scenario.villages)
        settled = settlements.villages
        return Sites(settled.id, settled.name, settled.x, settled.y, settled.cell), listed.notes + more
    notes: tuple[Note, ...] = ()
    if name == "facilities":
        places: Places = found.facilities
    elif name == "chws":  # their own names stay in the register
        called = tuple(village or own for village, own in zip(found.chws.village, found.chws.id, strict=True))
        places = Places(found.chws.id, called, found.chws.x, found.chws.y, origin=found.chws.origin)
    else:
        places, notes = inputs.read_points(Path(name), land.frame)
    required = name == "facilities" and "leave-out-closed" not in scenario.fixes
    reached = grid.reached_at(land, places, name, metres, grid.no_go_cells(land.frame, found.no_go), required=required)
    if reached.faults:
        raise InputFaults(reached.faults)
    kept = np.flatnonzero(found.facilities.tier >= tier) if name == "facilities" else np.arange(len(places))
    ids, names = (tuple(texts[k] for k in kept) for texts in (places.id, places.name))
    return Sites(ids, names, places.x[kept], places.y[kept], reached.cell[kept]), notes + reached.notes


def _solved(job: Job, limit: float = math.inf) -> TravelTime:
    return job.search.nearest(job.sites.cell, min(job.request.max_minutes, limit))


def _matrix_to(job: Job, demand: Ints) -> TravelMatrix:
    """Travel times between each site and distinct cells, within the limit."""
    limit, towards, walking = job.request.max_minutes, job.request.towards, job.scenario.walking
    if not len(job.network) and job.land.driven is None:
        return within(job.land, job.sites.cell, demand, walking, max_minutes=limit, towards=towards)
    rows = [job.search.nearest(job.sites.cell[k : k + 1], limit).minutes[demand] for k in range(len(job.sites.cell))]
    reached = [np.flatnonzero(np.isfinite(row)).astype(CELL) for row in rows]
    return TravelMatrix(
        indptr=np.cumsum([0, *map(len, reached)]).astype(np.int64),
        indices=np.concatenate(reached),
        minutes=np.concatenate([row[at] for row, at in zip(rows, reached, strict=True)]).astype(MINUTES),
        n_demand=len(demand),
        max_minutes=limit,
    )


def _write_raster(job: Job, path: Path, cells: Floats | Doubles | Ints, unit: str, about: str, **tags: str) -> None:
    from planner.outputs.rasters import write_raster

    traveller = job.request.traveller or job.scenario.reach.traveller
    tags |= {
        "TITLE": job.scenario.title,
        "DATE": _date(job.scenario),
        "TRAVELLER": traveller,
        "SEASON": job.scenario.season.name,
        "NODATA_MEANS": NO_WAY,
    }
    write_raster(job.land.frame, path, cells, unit=unit, about=f"{about}; -1 = {NO_WAY}", tags=tags)


def _date(scenario: Scenario) -> str:
    return scenario.date or datetime.datetime.now(datetime.UTC).date().isoformat()


def _which(job: Job) -> str:
    """The sites in words: "to the nearest of facilities"."""
    return f"{'to' if job.request.towards else 'from'} the nearest of {Path(job.request.to).name}"


def _minutes(job: Job, path: Path) -> None:
    _write_minutes(job, path, _solved(job).minutes, f"minutes {_which(job)}")


def _kth(job: Job, path: Path) -> None:
    cells = np.flatnonzero(np.isfinite(job.land.pace)).astype(CELL)
    minutes = np.full(job.land.frame.n, np.inf, MINUTES)
    minutes[cells], _ = results.kth_nearest(_matrix_to(job, cells), job.request.k)
    _write_minutes(job, path, minutes, f"minutes {_which(job)}, number {job.request.k} in order")


def _write_minutes(job: Job, path: Path, minutes: Floats, about: str) -> None:
    from planner.outputs.rasters import with_nodata

    _write_raster(job, path, with_nodata(minutes), "min", about)


def _nearest(job: Job, path: Path) -> None:
    ids = json.dumps(job.sites.id, ensure_ascii=False)
    _write_raster(job, path, _solved(job).nearest, "", f"position in SITES, from 0, {_which(job)}", SITES=ids)


def _flows(job: Job, path: Path) -> None:
    time = _solved(job)
    passing = results.flows_on_cells(time, results.flows(time, job.land.people), job.network.cell)
    passing[np.isinf(time.minutes) & (passing == 0)] = -1
    _write_raster(job, path, passing, "people", f"people who pass on the way {_which(job)}")


def _isochrones(job: Job, path: Path) -> None:
    from planner.outputs.isochrones import isochrones
    from planner.outputs.single import write_layer

    steps = job.request.thresholds or job.scenario.reach.thresholds
    rings = isochrones(job.land.frame, _solved(job, steps[-1]).minutes, steps, job.land.people)
    write_layer(rings, path, "isochrones", _date(job.scenario))


def _catchments(job: Job, path: Path) -> None:
    from planner.outputs.isochrones import catchments
    from planner.outputs.single import write_layer

    sites, land = job.sites, job.land
    parts = catchments(land.frame, _solved(job).nearest, sites.id, sites.name, land.people)
    write_layer(parts, path, "catchments", _date(job.scenario))


def _routes(job: Job, path: Path) -> None:
    from planner.outputs.layers import on_frame
    from planner.outputs.single import write_csv, write_layer

    table, points = _ways(job)
    if path.suffix.lower() in TABLE:
        write_csv(table, path)
    else:
        write_layer(on_frame(job.land.frame, table, map(line_through, points)), path, "routes", _date(job.scenario))


def _ways(job: Job) -> tuple[pd.DataFrame, list[Doubles]]:
    """The way of each start in words, and the points it leads through; a start without a way has none."""
    import pandas as pd
    from shapely import get_coordinates

    assert job.starts is not None
    time, sites, starts = _solved(job), job.sites, job.starts
    offsets, nodes = results.ways(time, starts.cell)
    at_node = np.concatenate([time.minutes, time.vertex_minutes])
    onward = 1 if job.request.towards else -1
    rows, lines = [], []
    for k in range(len(starts.id)):
        way = nodes[offsets[k] : offsets[k + 1]][::onward]
        if not len(way):
            rows.append((starts.id[k], starts.name[k], "", "", math.nan, math.nan, ""))
            lines.append(np.empty((0, 2)))
            continue
        site = int(time.nearest[starts.cell[k]])
        legs = routing.legs(job.network, job.found.roads, job.land, way, at_node[way])
        told = "; ".join(routing.turns(legs))
        km = sum(leg.metres for leg in legs) / 1000
        rows.append((starts.id[k], starts.name[k], sites.id[site], sites.name[site], at_node[starts.cell[k]], km, told))
        first, last = [(starts.x[k], starts.y[k]), (sites.x[site], sites.y[site])][::onward]
        lines.append(np.vstack([first, *(get_coordinates(leg.geometry) for leg in legs), last]))
    return pd.DataFrame(rows, columns=["start_id", "start", "site_id", "site", "minutes", "km", "legs"]), lines


def _matrix(job: Job, path: Path) -> None:
    import pandas as pd

    from planner.outputs.single import write_csv

    assert job.starts is not None
    there = np.flatnonzero(job.starts.cell >= 0)
    cells, at = np.unique(job.starts.cell[there], return_inverse=True)
    matrix = _matrix_to(job, cells)
    site = np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr))
    pairs = pd.DataFrame({"site": site, "at": matrix.indices, "minutes": matrix.minutes})
    pairs = pairs.merge(pd.DataFrame({"start": there, "at": at})).sort_values(["site", "start"])
    table = {
        "site_id": [job.sites.id[k] for k in pairs["site"]],
        "demand_id": [job.starts.id[k] for k in pairs["start"]],
        "minutes": pairs["minutes"].to_numpy(),
    }
    write_csv(pd.DataFrame(table), path)


WRITERS = {
    "minutes": _minutes,
    "nearest": _nearest,
    "kth": _kth,
    "isochrones": _isochrones,
    "catchments": _catchments,
    "routes": _routes,
    "flows": _flows,
    "matrix": _matrix,
}
