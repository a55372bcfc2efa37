"""From the layers, roads and water of the inputs to the land: pace, ways and barriers, areas, metres."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from planner.grid.burn import line_cells, polygon_labels
from planner.grid.zones import gaps, zones
from planner.kernels.neighbours import NEIGHBOURS
from planner.types.arrays import CELL, PACE, Bools, Bytes, Doubles, Floats, Ints, Objects
from planner.types.frame import Frame
from planner.types.inputs import Inputs, Layers, Note, Roads, WalkingSpeeds, Water
from planner.types.land import BRIDGE, GROUND, ROAD, Land
from planner.types.text import Text

MINUTES_PER_METRE = 0.06  # at 1 km/h

Number = TypeVar("Number", np.int16, np.int32)


def lay(
    inputs: Inputs,
    speeds: WalkingSpeeds,
    barriers: Collection[str],
    *,
    seasonal_water: bool,
    fill_metres: float,
    edge_metres: float,
) -> tuple[Land, tuple[Note, ...]]:
    """Lay all inputs on the cells of the population raster.

    Parameters
    ----------
    inputs
        What was read.
    speeds
        Walking speeds, km/h.
    barriers
        Kinds of water that are crossed on roads only.
    seasonal_water
        Whether seasonal water of these kinds is a barrier too: in the wet season.
    fill_metres
        Cells of the population raster without land cover (or friction) take the nearest within this distance.
    edge_metres
        Cells of the population raster this close outside the areas belong to the nearest area.

    Returns
    -------
    The land, and notes with the people of the cells that took their class or their area from a neighbour, and of those
    in areas closed to everybody. Where there is a friction surface, its time is that of all directions: no elevation.
    """
    layers = inputs.layers
    frame = layers.frame
    known = np.isfinite(layers.people)
    metres = step_metres(frame)
    ground, filled = _ground_pace(layers, speeds, known, metres, fill_metres)
    people = np.where(known, layers.people, 0.0)
    area, zone_notes = zones(frame, inputs.areas, people)
    area, joined = _take_nearest(frame, area, known, metres, edge_metres)
    pace = ground.copy()
    pace[water_cells(frame, inputs.water, barriers, seasonal_water=seasonal_water)] = np.inf
    road_pace = pace_on_roads(frame, inputs.roads, _walked_kmh(inputs.roads, speeds))
    if layers.friction is not None:
        road_pace = np.where(road_pace < np.inf, ground, np.float32(np.inf))
    if seasonal_water:
        drown_fords(frame, inputs.roads, road_pace, pace)
    way = _lay_roads(road_pace, pace)
    no_go = no_go_cells(frame, inputs.no_go)
    pace[no_go], way[no_go] = np.inf, GROUND
    land = Land(
        frame=frame,
        people=people,
        under_fives=np.where(known, np.nan_to_num(layers.under_fives), 0.0),
        known=known,
        pace=pace,
        way=way,
        elevation=layers.elevation if layers.friction is None else None,
        area=area,
        step_metres=metres,
    )
    notes = (
        Note("left out", "under-fives", Text("children in cells where the population raster has no data"),
             float(np.nansum(layers.under_fives[~known]))),
        Note("repaired", "land cover" if layers.friction is None else "friction",
             Text("people in cells without data, which took what is nearest to them"),
             float(land.people[filled].sum())),
        Note("repaired", "areas", Text("people just outside all areas, who were counted in the nearest one"),
             float(land.people[joined].sum())),
        Note("info", "no-go areas", Text("people in areas that are closed to everybody in this season"),
             float(land.people[no_go].sum())),
    )  # fmt: skip
    notes_of_areas = (*zone_notes, *gaps(frame, inputs.areas, area, people))
    return land, (*notes_of_areas, *(note for note in notes if note.count > 0))


def _take_nearest(
    frame: Frame, values: npt.NDArray[Number], known: Bools, metres: Doubles, max_metres: float
) -> tuple[npt.NDArray[Number], Ints]:
    """Give known cells without a value (-1) the nearest value within `max_metres`; say which cells took one.

    Distances are between cell centres, with the metres of the grid's middle row.
    """
    from scipy import ndimage

    missing = values < 0
    if max_metres <= 0 or missing.all() or not (missing & known).any():
        return values, np.empty(0, CELL)
    middle = metres[frame.ny // 2]
    away, nearest = ndimage.distance_transform_edt(
        missing.reshape(frame.shape), sampling=(middle[0], middle[2]), return_indices=True
    )
    taking = np.flatnonzero(missing & known & (away.ravel() <= max_metres))
    row, col = (along.ravel()[taking] for along in nearest)
    values = values.copy()
    values[taking] = values[row * frame.nx + col]
    return values, taking.astype(CELL)


def _ground_pace(
    layers: Layers, speeds: WalkingSpeeds, known: Bools, metres: Doubles, fill_metres: float
) -> tuple[Floats, Ints]:
    """Minutes per metre by friction or land cover, and the cells that took what is nearest.

    inf where the speed is 0, or where neither the cell nor one near it has data.
    """
    frame, friction, land_cover = layers.frame, layers.friction, layers.land_cover
    if friction is not None:
        position = np.where(np.isnan(friction), -1, np.arange(frame.n)).astype(CELL)
        position, filled = _take_nearest(frame, position, known, metres, fill_metres)
        pace = np.where(position >= 0, friction[position] / speeds.on_friction, np.inf)
        return pace.astype(PACE), filled
    if land_cover is None:
        return np.full(frame.n, MINUTES_PER_METRE / speeds.open_kmh, PACE), np.empty(0, CELL)
    land_cover, filled = _take_nearest(frame, land_cover, known, metres, fill_metres)
    by_code = np.full(int(np.iinfo(np.int16).max) + 2, np.inf, PACE)  # the last entry serves code -1
    for code, kmh in speeds.land_cover.items():
        if kmh > 0:
            by_code[code] = MINUTES_PER_METRE / kmh
    return by_code[land_cover], filled


def no_go_cells(frame: Frame, polygons: Objects) -> Ints:
    """Every cell that an area closed to everybody touches, ascending: a strip of flood leaks nowhere."""
    from rasterio.features import rasterize
    from rasterio.transform import Affine

    if not len(polygons):
        return np.empty(0, CELL)
    touched = rasterize(polygons, frame.shape, transform=Affine(*frame.gdal_transform), all_touched=True)
    return np.flatnonzero(touched).astype(CELL)


def water_cells(frame: Frame, water: Water, barriers: Collection[str], *, seasonal_water: bool) -> Ints:
    """Cells of water that stands now: every cell a river runs through, and those with their centre in a lake."""
    import shapely

    counts = np.isin(water.kind.astype(str), list(barriers)) & (seasonal_water | ~water.seasonal)
    geometry = water.geometry[counts]
    is_line = np.isin(shapely.get_type_id(geometry), (1, 5))
    lines, _ = line_cells(frame, shapely.get_parts(geometry[is_line]))
    lakes = np.flatnonzero(polygon_labels(frame, geometry[~is_line]) >= 0)
    return np.union1d(lines, lakes).astype(CELL)


def _walked_kmh(roads: Roads, speeds: WalkingSpeeds) -> Doubles:
    """Speed on foot on each road, km/h; 0 = not walked."""
    return np.array(
        [
            speeds.roads.get(str(highway), 0.0) * speeds.surface.get(str(surface), 1.0)
            for highway, surface in zip(roads.highway, roads.surface, strict=True)
        ],
        np.float64,
    )


def pace_on_roads(frame: Frame, roads: Roads, kmh: Doubles) -> Floats:
    """Minutes per metre on the fastest road that runs through each cell, by the speed of each road; inf = none."""
    used = np.flatnonzero(kmh > 0)
    cells, line = line_cells(frame, roads.geometry[used])
    pace = np.full(frame.n, np.inf, PACE)
    np.minimum.at(pace, cells, (MINUTES_PER_METRE / kmh[used][line]).astype(PACE))
    return pace


def drown_fords(frame: Frame, roads: Roads, road_pace: Floats, pace: Floats) -> None:
    """Take the roads from closed cells (by `pace`) that they cross by a ford, and none by a bridge (in `road_pace`)."""
    fords, bridges = (line_cells(frame, roads.geometry[which])[0] for which in (roads.ford, roads.bridge))
    drowned = np.setdiff1d(fords, bridges)
    road_pace[drowned[np.isinf(pace[drowned])]] = np.inf


def _lay_roads(road_pace: Floats, pace: Floats) -> Bytes:
    """Lay roads on the cells they run through (changes `pace`); roads over closed cells are bridges."""
    way = np.full(len(pace), GROUND, np.uint8)
    on_road = road_pace < np.inf
    way[on_road] = ROAD
    way[on_road & (pace == np.inf)] = BRIDGE
    pace[on_road] = road_pace[on_road]
    return way


def step_metres(frame: Frame) -> Doubles:
    """Metres of each step by row, ``(ny, 16)``, in the order of `NEIGHBOURS`.

    Between cell centres: geodesic on the ellipsoid for geographic grids (Karney 2013, by pyproj), planar for projected
    ones.
    """
    moved_row, moved_col = NEIGHBOURS[:, 0], NEIGHBOURS[:, 1]
    if not frame.geographic:
        planar = np.hypot(moved_row * frame.dy, moved_col * frame.dx) * _metres_per_unit(frame)
        return np.ascontiguousarray(np.broadcast_to(planar, (frame.ny, len(planar))), dtype=np.float64)
    row = np.arange(frame.ny)[:, None]
    lat = np.broadcast_to(frame.north - (row + 0.5) * frame.dy, (frame.ny, len(NEIGHBOURS)))
    lon = np.zeros_like(lat)
    metres = frame.geod.inv(lon, lat, lon + moved_col * frame.dx, np.clip(lat - moved_row * frame.dy, -90, 90))[2]
    return np.ascontiguousarray(metres, dtype=np.float64)


def _metres_per_unit(frame: Frame) -> float:
    return float(frame.pyproj_crs.axis_info[0].unit_conversion_factor)
