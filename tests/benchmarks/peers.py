"""The peers that are Python libraries, measured in a process of their own, each on the same cells.

scikit-image and xarray-spatial know 8 neighbours and one friction surface; scipy searches any graph that is given to
it, so it also serves as the float64 answer that the others are compared with.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import measure
import numpy as np

CELL_METRES = 100.0
SITES_AT_ONCE = 50


def read(folder: str, *names: str) -> list[np.ndarray]:
    return [np.load(Path(folder) / f"{name}.npy") for name in names]


def read_cost(folder: str) -> tuple[np.ndarray, np.ndarray]:
    """Minutes to cross each cell, ``(ny, nx)``, inf = closed; and the facilities."""
    shape, pace, facilities = read(folder, "shape", "pace", "facilities")
    return (pace * np.float32(CELL_METRES)).reshape(shape), facilities


def scikit_image(folder: str, *, times: int, out: str) -> dict[str, float]:
    """MCP_Geometric: 8 neighbours, no slope, diagonals pass between closed cells."""
    measure.pin(1)
    from skimage.graph import MCP_Geometric

    cost, facilities = read_cost(folder)
    cost = cost.astype(np.float64)
    starts = np.column_stack(np.divmod(facilities, cost.shape[1]))
    seconds, found = measure.best(lambda: MCP_Geometric(cost, fully_connected=True).find_costs(starts), times)
    np.save(out, found[0].ravel())
    return seconds


def xarray_spatial(folder: str, *, times: int, out: str) -> dict[str, float]:
    """cost_distance: 8 neighbours, no slope, diagonals pass between closed cells; minutes only."""
    measure.pin(1)
    import xarray
    from xrspatial import cost_distance

    cost, facilities = read_cost(folder)
    cost[np.isinf(cost)] = np.nan
    places = np.zeros(cost.size, np.float32)
    places[facilities] = 1

    def layer(values: np.ndarray) -> Any:
        ny, nx = values.shape
        return xarray.DataArray(values, dims=["y", "x"], coords={"y": np.arange(ny) + 0.5, "x": np.arange(nx) + 0.5})

    places = places.reshape(cost.shape)
    cost_distance(layer(places[:32, :32].copy()), layer(cost[:32, :32].copy())).values  # noqa: B018 - compiles
    source, friction = layer(places), layer(cost)
    seconds, found = measure.best(lambda: cost_distance(source, friction).values, times)
    minutes = found.ravel()
    np.save(out, np.where(np.isnan(minutes), np.inf, minutes))
    return seconds


def scipy_nearest(folder: str, *, times: int, out: str, **surface: Any) -> dict[str, float]:
    """csgraph.dijkstra on the explicit graph: minutes, facility and way back; and the making of the graph."""
    measure.pin(1)
    from scipy.sparse.csgraph import dijkstra

    (facilities,) = read(folder, "facilities")
    made, graph = measure.best(lambda: explicit_graph(folder, **surface), 1)
    seconds, found = measure.best(
        lambda: dijkstra(graph, indices=facilities, min_only=True, return_predecessors=True), times
    )
    np.save(out, found[0][: int(np.prod(read(folder, "shape")[0]))])
    return seconds | {"made": made["user"], "made_system": made["system"]}


def scipy_within(
    folder: str, *, sites: int, max_minutes: float, out: str, compare: int = 200, **surface: Any
) -> dict[str, float]:
    """csgraph.dijkstra with a limit, many sites at a time, of which the villages' minutes are kept."""
    measure.pin(1)
    import landscape
    import ours
    from scipy.sparse.csgraph import dijkstra

    country = landscape.load(Path(folder))
    graph = explicit_graph(folder, **surface)
    some = np.random.default_rng(4).permutation(sites)[:compare]
    places = ours.some_sites(country, sites)[some]

    def call() -> list[np.ndarray]:
        rows = []
        for first in range(0, len(places), SITES_AT_ONCE):
            found = dijkstra(graph, indices=places[first : first + SITES_AT_ONCE], limit=max_minutes)
            rows.append(found[:, country.villages])
        return rows

    seconds, rows = measure.best(call, 1)
    np.savez(out, some=some, minutes=np.concatenate(rows))
    return seconds | {"sites": float(len(some))}


def explicit_graph(
    folder: str,
    *,
    neighbours: int = 16,
    slope: str = "tobler",
    corners: str = "closed",
    land_as: str = "cells",
    geographic: bool = False,
) -> Any:
    """Every step of the land as an arc from its end to its start, float64 minutes: the graph of the way to care.

    Written from the definitions and apart from planner: a step takes its metres in each cell times that cell's pace,
    times Tobler's factor; a step that meets a corner between two closed cells is closed.
    """
    from scipy.sparse import csr_array

    from lands import corners_met, line_shares
    from planner.kernels.neighbours import NEIGHBOURS

    shape, pace, height, way = read(folder, "shape", "pace", "elevation", "way")
    ny, nx = (int(length) for length in shape)
    pace, height = pace.reshape(ny, nx).astype(np.float64), height.reshape(ny, nx).astype(np.float64)
    way = way.reshape(ny, nx) if land_as == "bridges" else np.zeros((ny, nx), np.uint8)
    moves = sorted((tuple(move) for move in NEIGHBOURS[:neighbours].tolist()), key=lambda move: move[0] * nx + move[1])
    table = np.full((ny, nx, neighbours), np.inf)
    for q, (down, right) in enumerate(moves):
        top, bottom = max(0, -down), ny - max(0, down)
        left, end = max(0, -right), nx - max(0, right)

        def beside(values: np.ndarray, cell: tuple[int, int], box=(top, bottom, left, end)) -> np.ndarray:
            """The cells that lie so many rows and columns from the starts of the steps."""
            return values[box[0] + cell[0] : box[1] + cell[0], box[2] + cell[1] : box[3] + cell[1]]

        shares = line_shares((down, right))
        metres = step_metres(ny, (down, right), geographic)[top:bottom]
        minutes = metres * sum(share * beside(pace, cell) for cell, share in shares.items())
        if slope == "tobler":
            rise = (beside(height, (0, 0)) - beside(height, (down, right))) / metres
            minutes *= np.exp(3.5 * (np.abs(rise + 0.05) - 0.05))
        for pair in corners_met((down, right)) if corners == "closed" else ():
            closed = [np.isinf(beside(pace, cell)) | (beside(way, cell) == 2) for cell in pair]
            minutes[closed[0] & closed[1]] = np.inf
        if land_as == "bridges":
            ways = [beside(way, cell) for cell in shares]
            minutes[np.any([w == 2 for w in ways], axis=0) & np.any([w == 0 for w in ways], axis=0)] = np.inf
        table[top:bottom, left:end, q] = minutes
    table = table.reshape(-1, neighbours)
    is_open = np.isfinite(table)
    steps = np.array([down * nx + right for down, right in moves], np.int32)
    ends = (np.arange(ny * nx, dtype=np.int32)[:, None] + steps)[is_open]
    indptr = np.append(0, np.cumsum(is_open.sum(axis=1))).astype(np.int32)
    graph = csr_array((table[is_open], ends, indptr), shape=(ny * nx, ny * nx))
    return with_rides(folder, graph) if land_as == "rides" else graph


def with_rides(folder: str, graph: Any) -> Any:
    """The same with a node for each cell that a road runs through: boarded, ridden both ways, left; all reversed."""
    from ours import ALIGHT_MINUTES, WAIT_MINUTES
    from scipy.sparse import block_array, csr_array

    one, other, minutes = read(folder, "ride_from", "ride_to", "ride_minutes")
    cells, node = np.unique(np.concatenate([one, other]), return_inverse=True)
    start, end = np.split(node, 2)
    m, n = len(cells), graph.shape[0]
    ends = (np.concatenate([start, end]), np.concatenate([end, start]))
    rides = csr_array((np.tile(minutes.astype(np.float64), 2), ends), shape=(m, m))
    alight = csr_array((np.full(m, ALIGHT_MINUTES), (cells, np.arange(m))), shape=(n, m))
    wait = csr_array((np.full(m, WAIT_MINUTES), (np.arange(m), cells)), shape=(m, n))
    return block_array([[graph, alight], [wait, rides]], format="csr")


def step_metres(ny: int, move: tuple[int, int], geographic: bool) -> np.ndarray:
    """Metres of a step from each row, ``(ny, 1)``."""
    if not geographic:
        return np.full((ny, 1), CELL_METRES * math.hypot(*move))
    from pyproj import Geod

    latitude = -9.0 - (np.arange(ny) + 0.5) / 1200
    down, right = move
    ends = np.full(ny, 34.0 + right / 1200), latitude - down / 1200
    return Geod(ellps="WGS84").inv(np.full(ny, 34.0), latitude, *ends)[2][:, None]


if __name__ == "__main__":
    measure.answer(
        {
            "scikit-image": scikit_image,
            "xarray-spatial": xarray_spatial,
            "nearest": scipy_nearest,
            "within": scipy_within,
        }
    )
