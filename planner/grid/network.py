"""Roads as a graph on the cells: where a vehicle is boarded, and how long each ride from cell to cell takes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.grid.bicycle import bicycle_kmh
from planner.grid.burn import Visits, visits
from planner.types.arrays import Bools, Codes, Doubles, Floats, Ints, Longs, Objects
from planner.types.frame import Frame
from planner.types.inputs import Bicycle, RideSpeeds, Roads
from planner.types.land import BRIDGE, Land
from planner.types.network import Network

METRES_PER_MINUTE = 1000 / 60  # at 1 km/h
SAME_PLACE_DIGITS = 9  # vertices are one node where they agree to so many digits after the point, in units of the CRS


def network(
    frame: Frame,
    land: Land,
    roads: Roads,
    speeds: RideSpeeds,
    *,
    elevation: Floats | None = None,
    wait_minutes: float,
    alight_minutes: float,
    ferry_wait_minutes: float,
) -> Network:
    """Make the graph that vehicles and ferries ride on.

    There is a vertex for each node that ridden roads share, for each end of a road, and one in the middle of each
    stretch of a road in a cell that has neither; of a ferry, only where it ends or shares a node. A ride follows one
    road from vertex to vertex. So roads are joined where the file joins them, and a road that comes back into a cell,
    by a hairpin or over another road, is not cut short there. Roads that are closed in the season, or in too bad a
    state, have their vertices too, without rides: so people get on and off at the same places in every season.

    Parameters
    ----------
    frame, land
        The cells, and what is open ground on them.
    roads, speeds
        The roads, and the speeds of the vehicle on them.
    elevation
        Metres a cell; NaN = void, None = none is known, both ridden as if level. Only a bicycle feels it.
    wait_minutes, alight_minutes
        For a vehicle, and for getting off it. People get on and off on open ground, not on bridges. Where nothing but a
        ferry lands they wait for the ferry only; ferries are boarded on piers (bridges) too.
    ferry_wait_minutes
        For the ferry, at each landing.
    """
    kmh = ride_kmh(roads, speeds)
    ridden = np.flatnonzero(_class_kmh(roads, speeds) > 0)
    ferry = roads.highway[ridden] == "ferry"
    stops = _stops(frame, visits(frame, roads.geometry[ridden]), ferry)
    first, vertex = _vertices(stops)
    cell = stops.cell[first]
    has_road, has_ferry = np.zeros(len(cell), np.bool_), np.zeros(len(cell), np.bool_)
    by_ferry, rode = ferry[stops.line], kmh[ridden[stops.line]] > 0
    has_road[vertex[rode & ~by_ferry]] = has_ferry[vertex[rode & by_ferry]] = True
    walked: Bools = np.isfinite(land.pace[cell])
    boarded = walked & (has_ferry | (has_road & (land.way[cell] != BRIDGE)))
    landing = walked | has_road
    rides = _rides(
        vertex,
        stops,
        oneway=roads.oneway[ridden],
        kmh=kmh[ridden],
        bicycle=speeds.bicycle,
        height=np.where(by_ferry, np.nan, _heights(frame, elevation if speeds.bicycle else None, stops.xy)),
        # A ferry that is mapped in pieces is not waited for where they meet at sea.
        wait=np.where(by_ferry & landing[vertex], ferry_wait_minutes, 0.0),
    )
    indptr = np.searchsorted(rides.origin, np.arange(len(cell) + 1)).astype(np.int64)
    return Network(
        cell=cell.astype(np.int32),
        x=np.ascontiguousarray(stops.xy[first, 0]),
        y=np.ascontiguousarray(stops.xy[first, 1]),
        board=np.where(boarded, np.where(has_road, wait_minutes, 0.0), np.inf).astype(np.float32),
        alight=np.where(boarded, alight_minutes, np.inf).astype(np.float32),
        indptr=indptr,
        indices=rides.target.astype(np.int32),
        minutes=rides.minutes.astype(np.float32),
        metres=rides.metres.astype(np.float32),
        road=ridden[rides.line].astype(np.int32),
        start=rides.start,
        end=rides.end,
    )


def ride_kmh(roads: Roads, speeds: RideSpeeds) -> Doubles:
    """Speed on each road, km/h: by its class, times the factors of what it is like, up to its limit; 0 = not ridden."""
    kmh = _class_kmh(roads, speeds)
    for values, factors in (
        (roads.surface, speeds.surface),
        (roads.smoothness, speeds.smoothness),
        (roads.tracktype, speeds.tracktype),
    ):
        kmh *= _looked_up(values, factors, 1.0)
    closed = (roads.closed_in == speeds.season) | (roads.ford & (speeds.season == "wet"))
    return np.asarray(np.where(closed, 0.0, np.minimum(kmh, roads.max_kmh)), np.float64)


def _class_kmh(roads: Roads, speeds: RideSpeeds) -> Doubles:
    return _looked_up(roads.highway, speeds.roads, 0.0) * roads.motor


def _looked_up(values: Objects, table: dict[str, float], otherwise: float) -> Doubles:
    return np.array([table.get(str(value), otherwise) for value in values], np.float64)


class Stops(NamedTuple):
    """Places on lines where rides begin and end, in the order of the lines.

    ``line`` is the line's position among the ridden roads; ``node`` is one number for all stops at one node; ``xy`` the
    place; ``part`` the part of the line's length before it (in units of the CRS, as shapely measures it), ``metres``
    those of all lines put end to end.
    """

    cell: Ints
    line: Ints
    node: Longs
    xy: Doubles
    part: Doubles
    metres: Doubles


def _stops(frame: Frame, found: Visits, ferry: Bools) -> Stops:
    """The stops of lines: nodes that they share, their ends, and the middle of stretches in a cell that have neither.

    A ferry has no such middles: nobody changes from a road to a ferry that passes by.
    """
    if not len(found.cell):
        nothing = np.empty(0, np.int64)
        return Stops(found.cell, found.line, nothing, found.xy, found.entry, found.entry)
    length, metres = _lengths(frame, found)
    starts = np.ones(len(found.cell), np.bool_)
    starts[1:] = (np.diff(found.cell) != 0) | (np.diff(found.line) != 0)
    of_vertex = (np.cumsum(starts) - 1)[found.of_vertex]
    cell, line, entry = found.cell[starts], found.line[starts], found.entry[starts]

    node, is_node = _nodes(found.xy)
    is_node[found.first[:-1]] = is_node[found.first[1:] - 1] = True
    vertices = np.flatnonzero(is_node)
    passed = ~ferry[line]
    passed[of_vertex[vertices]] = False
    leave = np.append(entry[1:], 0.0)
    leave[np.append(np.diff(line) != 0, True)] = found.first[1:] - 1
    middle = (_at(length, entry[passed]) + _at(length, leave[passed])) / 2
    middles = _place_at(length, middle, found.first, line[passed])

    stretch = np.concatenate([of_vertex[vertices], np.flatnonzero(passed)])
    place = np.concatenate([vertices, middles])
    number = np.concatenate([node[vertices], len(node) + np.arange(len(middles))])
    order = np.lexsort((place, stretch))
    order = order[cell[stretch[order]] >= 0]
    stretch, place, number = stretch[order], place[order], number[order]
    begin, end = length[found.first[line[stretch]]], length[found.first[line[stretch] + 1] - 1]
    part = np.divide(_at(length, place) - begin, end - begin, out=np.zeros(len(place)), where=end > begin)
    xy = np.column_stack([_at(found.xy[:, 0], place), _at(found.xy[:, 1], place)])
    return Stops(cell[stretch], line[stretch], number, xy, part, _at(metres, place))


def _heights(frame: Frame, elevation: Floats | None, xy: Doubles) -> Doubles:
    """Metres above the sea at places: between the centres of four cells, so that short rides have no steps in them.

    NaN where one of the four is void, or no elevation is given; beyond the outermost centres as at the edge.
    """
    if elevation is None:
        return np.full(len(xy), np.nan)
    from scipy import ndimage

    row, col = (frame.north - xy[:, 1]) / frame.dy - 0.5, (xy[:, 0] - frame.west) / frame.dx - 0.5
    metres = ndimage.map_coordinates(elevation.reshape(frame.shape), [row, col], np.float64, order=1, mode="nearest")
    return np.asarray(metres, np.float64)


def _vertices(stops: Stops) -> tuple[Longs, Longs]:
    """The first stop at each vertex, by cell and then in the order of the stops, and the vertex of each stop."""
    _, first, vertex = np.unique(stops.node, return_index=True, return_inverse=True)
    order = np.lexsort((first, stops.cell[first]))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return first[order].astype(np.int64), rank[vertex]


def _lengths(frame: Frame, found: Visits) -> tuple[Doubles, Doubles]:
    """Length before each vertex, in units of the CRS and in metres, of all lines put end to end."""
    x, y = found.xy[:, 0].copy(), found.xy[:, 1].copy()
    length = np.hypot(np.diff(x), np.diff(y))
    metres = frame.metres_on_grid(x[:-1], y[:-1], x[1:], y[1:])
    between = found.first[1:-1] - 1
    length[between] = metres[between] = 0.0
    return np.concatenate([[0.0], np.cumsum(length)]), np.concatenate([[0.0], np.cumsum(metres)])


def _at(values: Doubles, place: Doubles) -> Doubles:
    """Values of vertices at places between them."""
    vertex = np.minimum(place.astype(np.int64), len(values) - 2)
    return np.asarray(values[vertex] + (place - vertex) * (values[vertex + 1] - values[vertex]), np.float64)


def _place_at(length: Doubles, at_length: Doubles, first: Longs, line: Ints) -> Doubles:
    """Places that lie at a length: position of the vertex before, plus the part of its segment."""
    vertex = np.searchsorted(length, at_length, side="right") - 1
    vertex = np.clip(vertex, first[line], np.maximum(first[line + 1] - 2, first[line]))
    segment = length[np.minimum(vertex + 1, len(length) - 1)] - length[vertex]
    part = np.divide(at_length - length[vertex], segment, out=np.zeros(len(vertex)), where=segment > 0)
    return np.asarray(vertex + np.clip(part, 0.0, 1.0), np.float64)


def _nodes(xy: Doubles) -> tuple[Longs, Bools]:
    """One number for all vertices that stand in one place, and whether a vertex shares its place."""
    rounded = np.round(xy, SAME_PLACE_DIGITS)
    order = np.lexsort((rounded[:, 1], rounded[:, 0]))
    same = (np.diff(rounded[order], axis=0) == 0).all(axis=1)
    node, shared = np.empty(len(xy), np.int64), np.zeros(len(xy), np.bool_)
    node[order] = np.cumsum(np.append(True, ~same)) - 1
    shared[order[1:][same]] = shared[order[:-1][same]] = True
    return node, shared


class Rides(NamedTuple):
    """Rides from vertex to vertex, sorted by origin and target: the fastest one of each pair."""

    origin: Longs
    target: Longs
    line: Ints
    metres: Doubles
    minutes: Doubles
    start: Doubles
    end: Doubles


def _rides(
    vertex: Longs,
    stops: Stops,
    *,
    oneway: Codes,
    kmh: Doubles,
    bicycle: Bicycle | None,
    height: Doubles,
    wait: Doubles,
) -> Rides:
    """Rides between neighbouring stops of each line, in the directions that it is open to; `wait` as one leaves."""
    follows = np.flatnonzero((np.diff(stops.line) == 0) & (np.diff(vertex) != 0) & (kmh[stops.line[:-1]] > 0))
    way = oneway[stops.line[follows]]
    ahead, against = follows[way >= 0], follows[way <= 0]
    leave, reach = np.concatenate([ahead, against + 1]), np.concatenate([ahead + 1, against])
    origin, target, line, start = vertex[leave], vertex[reach], stops.line[leave], stops.part[leave]
    metres = np.abs(stops.metres[reach] - stops.metres[leave])
    along = kmh[line]
    if bicycle is not None:
        rise = np.divide(height[reach] - height[leave], metres, out=np.zeros(len(metres)), where=metres > 0)
        along = bicycle_kmh(along, rise, bicycle)
    minutes = metres / (along * METRES_PER_MINUTE) + wait[leave]
    pair = origin * (int(vertex.max(initial=0)) + 1) + target
    order = np.lexsort((minutes, pair))
    fastest = np.ones(len(order), np.bool_)
    fastest[1:] = np.diff(pair[order]) != 0
    kept = order[fastest]
    return Rides(
        origin[kept], target[kept], line[kept], metres[kept], minutes[kept], start[kept], stops.part[reach[kept]]
    )
