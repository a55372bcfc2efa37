"""An independent reference for the search over cells and roads: a forward graph in networkx, float64."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np

from lands import all_steps


def forward_graph(land, network, *, neighbours=16, slope="tobler", open_corners=False):
    """Minutes of each step, boarding, ride and alighting, in the direction that people move."""
    graph = nx.DiGraph()
    n = land.frame.n
    graph.add_nodes_from(range(n + len(network)))
    steps = all_steps(land, neighbours, slope, open_corners)
    graph.add_weighted_edges_from(zip(*(each.tolist() for each in steps), strict=True))
    for vertex, cell in enumerate(network.cell.tolist()):
        if math.isfinite(network.board[vertex]):
            graph.add_edge(cell, n + vertex, weight=float(network.board[vertex]))
        if math.isfinite(network.alight[vertex]):
            graph.add_edge(n + vertex, cell, weight=float(network.alight[vertex]))
        for ride in range(network.indptr[vertex], network.indptr[vertex + 1]):
            graph.add_edge(n + vertex, n + int(network.indices[ride]), weight=float(network.minutes[ride]))
    return graph


def least_minutes(graph, sources, *, towards=True):
    """Least minutes from every node to the nearest source (or from it), and the way from the start to the end.

    Returns
    -------
    minutes
        A value a node; inf = unreachable.
    ways
        By node: the nodes of the way in the direction of travel.
    """
    if towards:
        graph = graph.reverse(copy=False)
    found, ways = nx.multi_source_dijkstra(graph, {int(source) for source in sources}, weight="weight")
    minutes = np.full(len(graph), np.inf)
    minutes[list(found)] = list(found.values())
    return minutes, {node: way[::-1] if towards else way for node, way in ways.items()}
