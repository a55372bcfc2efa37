"""A way over cells and roads told in legs (walk, wait, ride, walk), with its line on the map, and in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from planner.types.arrays import Doubles, Ints, Longs
from planner.types.frame import Frame
from planner.types.inputs import Roads
from planner.types.land import Land
from planner.types.network import Leg, Network

if TYPE_CHECKING:
    from shapely import LineString

Points = list[tuple[float, ...]]

COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
UNNAMED = "unnamed "
SAME_PART = 1e-12  # of a road's length: rounding
WORTH_NAMING = 0.05  # of a leg: a road that is shorter is not told
KINDS = {"track": "track", "path": "path", "ferry": "ferry", "residential": "street", "living_street": "street"}


def legs(network: Network, roads: Roads, land: Land, nodes: Ints, minutes: npt.ArrayLike) -> tuple[Leg, ...]:
    """Tell a way in legs; a way that stays in one cell has none.

    Parameters
    ----------
    network, roads, land
        What the way was searched on; `roads` are those that the network was made from.
    nodes
        The way from start to end: flat cells, and vertices of the network (their position, plus the number of cells).
        It starts and ends in cells.
    minutes
        Travel time at each of these nodes, from the start or to the end.
    """
    frame, at = land.frame, np.asarray(minutes, np.float64)
    told: list[Leg] = []
    walked: list[int] = []  # positions of nodes
    begin: Points = []  # where the vehicle was left
    for riding, group in groupby(range(len(nodes)), key=lambda i: bool(nodes[i] >= frame.n)):
        run = list(group)
        if not riding:
            walked = run
            continue
        rides = _rides(network, roads, frame, nodes[run] - frame.n, np.append(at[run[:-1]], at[run[-1] + 1]))
        board: Points = [rides[0].geometry.coords[0]] if rides else []
        told += _walk(land, nodes[walked], at[walked], begin, board)
        told += _wait(abs(at[run[0]] - at[run[0] - 1]), rides)
        told += rides
        begin = [rides[-1].geometry.coords[-1]] if rides else []
    return (*told, *_walk(land, nodes[walked], at[walked], begin, []))


def _leg(
    frame: Frame,
    mode: Literal["walk", "ride", "ferry"],
    metres: float,
    minutes: float,
    points: Points,
    names: tuple[str, ...] = (),
) -> Leg:
    from shapely import LineString

    (x, y), (to_x, to_y) = points[0][:2], points[-1][:2]
    lon, lat = frame.lonlat([x, to_x], [y, to_y])
    bearing = float(frame.geod.inv(lon[0], lat[0], lon[1], lat[1])[0]) % 360 if (x, y) != (to_x, to_y) else np.nan
    return Leg(mode, metres, minutes, bearing, LineString(points), names)


def _walk(land: Land, cells: Ints, at: Doubles, begin: Points, end: Points) -> list[Leg]:
    """The way over cells, walked or driven; its line begins and ends where another vehicle is left and boarded."""
    if len(cells) < 2:
        return []
    x, y = land.frame.centre_of(cells)
    metres = land.frame.metres_on_grid(x[:-1], y[:-1], x[1:], y[1:])
    driven = np.zeros(len(cells), np.bool_) if land.driven is None else land.driven[cells]
    told = []
    for driving, group in groupby(range(len(metres)), key=lambda i: bool(driven[i] and driven[i + 1])):
        steps = list(group)
        first, last = steps[0], steps[-1] + 1
        points: Points = [*zip(x[first : last + 1], y[first : last + 1], strict=True)]
        points = [*(begin if first == 0 else []), *points, *(end if last == len(metres) else [])]
        length = float(metres[steps].sum())
        told.append(_leg(land.frame, "ride" if driving else "walk", length, abs(at[last] - at[first]), points))
    return told


def _wait(minutes: float, rides: Sequence[Leg]) -> list[Leg]:
    from shapely import Point

    if not rides or minutes == 0:
        return []
    return [Leg("wait", 0.0, minutes, np.nan, Point(rides[0].geometry.coords[0]), ())]


def _rides(network: Network, roads: Roads, frame: Frame, vertices: Ints, at: Doubles) -> list[Leg]:
    """Rides and ferries from vertex to vertex; the last one ends at the last of the minutes `at`."""
    pieces = _pieces(network, _taken(network, vertices)) if len(vertices) > 1 else []
    found: list[Leg] = []
    first = 0
    for ferry, group in groupby(pieces, key=lambda piece: bool(roads.highway[piece.road] == "ferry")):
        run = list(group)
        points = _drawn(roads, run)
        by_name: dict[str, float] = {}
        for piece in run:
            name = _name(roads, piece.road)
            by_name[name] = by_name.get(name, 0.0) + piece.metres
        metres, last = sum(by_name.values()), first + sum(piece.rides for piece in run)
        told = min(WORTH_NAMING * metres, max(by_name.values()))
        names = tuple(name for name, along in by_name.items() if along >= told)
        found.append(_leg(frame, "ferry" if ferry else "ride", metres, abs(at[last] - at[first]), points, names))
        first = last
    return found


def _taken(network: Network, vertices: Ints) -> Longs:
    """Positions of the rides from vertex to vertex."""
    first, last = network.indptr[vertices[:-1]], network.indptr[vertices[:-1] + 1]
    of = np.repeat(np.arange(len(first)), last - first)
    ride = np.arange(len(of)) + np.repeat(first - np.append(0, np.cumsum(last - first)[:-1]), last - first)
    there = network.indices[ride] == vertices[1:][of]
    if not np.array_equal(of[there], np.arange(len(first))):
        lost = int(np.setdiff1d(np.arange(len(first)), of[there])[0])
        raise ValueError(f"no ride leads from vertex {vertices[lost]} to vertex {vertices[lost + 1]}")
    return np.asarray(ride[there], np.int64)


@dataclass
class Piece:
    """Rides along one road, from the part `start` of its length to the part `end`."""

    road: int
    start: float
    end: float
    metres: float
    rides: int


def _pieces(network: Network, rides: Longs) -> list[Piece]:
    """Rides that go on along one road, as one piece."""
    road, start, end = network.road[rides], network.start[rides], network.end[rides]
    first = np.flatnonzero(np.append(True, (road[1:] != road[:-1]) | (start[1:] != end[:-1])))
    count = np.diff(np.append(first, len(rides)))
    metres = np.add.reduceat(network.metres[rides].astype(np.float64), first)
    told = zip(road[first], start[first], end[first + count - 1], metres, count, strict=True)
    return [Piece(int(r), float(s), float(e), float(m), int(n)) for r, s, e, m, n in told]


def _drawn(roads: Roads, pieces: Sequence[Piece]) -> Points:
    """The line of pieces of roads, each of which begins where the one before ends."""
    points: Points = []
    for piece in pieces:
        part = _between(roads.geometry[piece.road], piece.start, piece.end)
        points += part[1:] if points else part
    return points


def _between(line: LineString, start: float, end: float) -> Points:
    """The points of a line from one part of its length to another, against its direction where they fall."""
    xy = np.asarray(line.coords)
    if {start, end} == {0.0, 1.0}:
        whole: Points = [(x, y) for x, y, *_ in xy.tolist()]
        return whole if start < end else whole[::-1]
    part = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]) / line.length
    ends = np.array([min(start, end), max(start, end)])
    inside = (part > ends[0] + SAME_PART) & (part < ends[1] - SAME_PART)
    ends_xy = np.column_stack([np.interp(ends, part, xy[:, 0]), np.interp(ends, part, xy[:, 1])])
    points: Points = [(float(x), float(y)) for x, y in np.concatenate([ends_xy[:1], xy[inside], ends_xy[1:]])]
    return points if start <= end else points[::-1]


def _name(roads: Roads, road: int) -> str:
    return str(roads.name[road]) or f"{UNNAMED}{KINDS.get(str(roads.highway[road]), 'road')}"


def turns(way: Sequence[Leg], passed: Sequence[Sequence[str]] = ()) -> tuple[str, ...]:
    """A way in plain words, one sentence a leg, without full stops.

    Parameters
    ----------
    way
        The legs.
    passed
        Names of places that each leg leads through; none = no names are told.
    """
    after = [*(leg.mode for leg in way), "end"][1:]
    told = passed or [()] * len(way)
    return tuple(_sentence(leg, next_, by) for leg, next_, by in zip(way, after, told, strict=True))


def _sentence(leg: Leg, following: str, passed: Sequence[str]) -> str:
    heading = "" if np.isnan(leg.bearing) else f" {COMPASS[round(leg.bearing / 45) % 8]}"
    if leg.mode == "wait":
        return f"Wait for {'the ferry' if following == 'ferry' else 'a vehicle'} ({_minutes(leg.minutes)})"
    if leg.mode == "walk":
        aim = {"end": "", "ferry": " to the ferry"}.get(following, " to the road")
        by = f" through {_listed(passed)}" if passed else ""
        return f"Walk {_distance(leg.metres)}{heading}{by}{aim} ({_minutes(leg.minutes)})"
    if leg.mode == "ferry":
        names = _listed([f" {name}" for name in leg.names if not name.startswith(UNNAMED)])
        return f"Take the ferry{names} for {_distance(leg.metres)}{heading} ({_minutes(leg.minutes)} with the wait)"
    names = _listed([f"an {name}" if name.startswith(UNNAMED) else name for name in leg.names])
    return f"Ride {_distance(leg.metres)}{heading} on {names or 'roads'} ({_minutes(leg.minutes)})"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _distance(metres: float) -> str:
    if metres < 995:
        return f"{max(round(metres, -1), 10):.0f} m"
    return f"{metres / 1000:.1f} km" if metres < 99_950 else f"{metres / 1000:,.0f} km"


def _minutes(minutes: float) -> str:
    whole = max(round(minutes), 1)
    return f"{whole} min" if whole < 120 else f"{whole // 60} h {whole % 60:02d} min"
