"""Street networks that OSMnx saved as GraphML."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from planner.inputs.findings import File
from planner.inputs.osm_tags import Tags
from planner.inputs.text import as_text
from planner.inputs.xml import check_xml
from planner.types.arrays import Objects

AGAIN = "Save it with osmnx.save_graphml."


def read_edges(file: File, wanted: Collection[str]) -> tuple[Objects, list[Tags], CRS | None]:
    """Lines, the wanted tags and the CRS of the edges; the two directions of one street are one line."""
    import osmnx

    with file.path.open("rb") as content:
        check_xml(file, "graphml", content, AGAIN)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of keys without a type: they are text
            graph = osmnx.load_graphml(file.path)
        edges = osmnx.graph_to_gdfs(graph, nodes=False).reset_index()
    except MemoryError:
        raise
    except Exception as error:  # what is no network makes its readers stumble anywhere
        raise file.fault(f"is no street network as OSMnx writes it: {error}.", AGAIN) from error
    geometry = np.asarray(edges.geometry.array, np.object_)
    ends = np.sort(edges[["u", "v"]].to_numpy(), axis=1)
    shape = shapely.to_wkb(shapely.normalize(geometry))
    # Of two directions, the one that was drawn comes first: its geometry runs the way "oneway" says.
    drawn_first = np.argsort(
        [as_text(value) == "True" for value in edges.get("reversed", [""] * len(edges))], kind="stable"
    )
    streets: dict[tuple[int, int, bytes], int] = {}
    for at in drawn_first.tolist():
        streets.setdefault((*ends[at].tolist(), shape[at]), at)
    kept = sorted(streets.values())
    columns = {tag: edges[tag].tolist() for tag in wanted if tag in edges}
    return (
        geometry[kept],
        [{tag: one(cells[at]) for tag, cells in columns.items()} for at in kept],
        edges.crs and CRS(edges.crs),
    )


def one(value: Any) -> str:
    """Text of an attribute; of a street merged from several ways, the first way's."""
    return as_text(value[0] if isinstance(value, list) else value)
