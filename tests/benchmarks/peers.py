"""The peers that are Python libraries, measured in a process of their own, each on the same cells.

scikit-image and xarray-spatial know 8 neighbours and one friction surface; scipy searches any graph that is given to
it, so it also serves as the float64 answer that the others are compared with.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import measure
import numpy as np
from measure import read

CELL_METRES = 100.0
SITES_AT_ONCE = 50


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
    from graphs import explicit_graph
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
    from graphs import explicit_graph
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


if __name__ == "__main__":
    measure.answer(
        {
            "scikit-image": scikit_image,
            "xarray-spatial": xarray_spatial,
            "nearest": scipy_nearest,
            "within": scipy_within,
        }
    )
