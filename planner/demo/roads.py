"""Roads as people build them: big ones first, round the steep ground, over two bridges, and paths to who is left."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise, product

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from planner.demo.grid import (
    BLOCK_METRES,
    BLOCKS,
    CELLS,
    CELLS_PER_BLOCK,
    NEIGHBOURS,
    block_of,
    block_xy,
    nearest,
    steady,
)
from planner.demo.lines import chains, smooth
from planner.demo.settlements import HAMLET, MARKET, TOWN, VILLAGE, Settlements
from planner.demo.terrain import Terrain
from planner.types.arrays import Bools, Doubles, Longs

KEEP_OFF_CELLS = 4.5  # roads and houses keep so far from the middle of the river
BRIDGE_REACHES = ((0.40, 0.56), (0.74, 0.86))  # of the river's length: where a bridge may stand


@dataclass(frozen=True)
class Road:
    """What OSM says of a road."""

    highway: str
    surface: str = "ground"
    name: str = ""
    ref: str = ""
    bridge: bool = False


@dataclass(frozen=True, eq=False)
class Bridge:
    """The blocks at both ends, west first, and the two points, in cells, between which the bridge spans the river."""

    blocks: tuple[int, int]
    deck: Doubles


@dataclass
class Network:
    """The roads so far, as edges between nodes: blocks, and two more nodes for each bridge."""

    graph: csr_array
    points: Doubles
    edges: dict[tuple[int, int], Road] = field(default_factory=dict)
    nodes: set[int] = field(default_factory=set)

    def costs(self) -> tuple[Doubles, Longs]:
        """From the roads so far to each node: cost, about metres of flat road, and the node before it."""
        cost, before, _ = dijkstra(self.graph, indices=sorted(self.nodes), min_only=True, return_predecessors=True)
        return np.asarray(cost), np.asarray(before, dtype=np.int64)

    def extend(self, targets: Longs, road: Road) -> None:
        """Join targets to the roads, nearest first, so that later ones meet earlier ones."""
        left = np.array(targets, dtype=np.int64)
        while len(left):
            cost, before = self.costs()
            left = left[np.argsort(cost[left], kind="stable")]
            count = (len(left) + 1) // 2
            for target in left[:count].tolist():
                node = target
                while before[node] >= 0 and node not in self.nodes:
                    self.add(node, int(before[node]), road)
                    self.nodes.add(node)
                    node = int(before[node])
            left = left[count:]

    def add(self, a: int, b: int, road: Road) -> None:
        """Build one edge, unless there is a road already."""
        self.edges.setdefault((min(a, b), max(a, b)), road)

    def lines(self) -> list[tuple[Road, list[int], Doubles]]:
        """Road, nodes and points of each line; lines meet in shared nodes only."""
        return [
            (road, nodes, smooth(self.points[nodes], 3))
            for road, nodes in sorted(chains(self.edges), key=lambda line: line[1])
        ]


def closed_blocks(terrain: Terrain) -> Bools:
    """Blocks under or beside the river and the lake, where nothing is built."""
    centres = block_xy(np.arange(BLOCKS**2))
    to_river, _ = nearest(terrain.river, centres)
    lake = np.pad(terrain.lake, 1)
    beside = np.logical_or.reduce(
        [lake[1 + row : 1 + row + BLOCKS, 1 + col : 1 + col + BLOCKS] for row, col in NEIGHBOURS]
    )
    return np.asarray((to_river < KEEP_OFF_CELLS).reshape(BLOCKS, BLOCKS) | beside | terrain.lake)


def bridges(terrain: Terrain, closed: Bools) -> list[Bridge]:
    """Two bridges, each where the river is straight and its banks are gentle."""
    course = terrain.river
    ahead = np.gradient(course, axis=0)
    ahead /= np.hypot(*ahead.T)[:, None]
    bend = np.hypot(*np.gradient(ahead, axis=0).T)
    found = []
    for first, last in BRIDGE_REACHES:
        reach = np.arange(int(first * len(course)), int(last * len(course)))
        banks = [
            terrain.block_slope.flat[block_of(course[reach] + side * 9 * _right(ahead[reach]))] for side in (-1, 1)
        ]
        best = reach[steady(sum(banks) + 3 * bend[reach]).argmin()]
        across = _right(ahead[best])
        if across[0] < 0:
            across = -across
        half = terrain.river_width[best] / 2 + 1.2
        deck = np.stack([course[best] - half * across, course[best] + half * across])
        found.append(Bridge((_bank(closed, course[best], -across), _bank(closed, course[best], across)), deck))
    return found


def _right(direction: Doubles) -> Doubles:
    return np.stack([-direction[..., 1], direction[..., 0]], -1)


def _bank(closed: Bools, point: Doubles, across: Doubles) -> int:
    """The first open block away from the river."""
    for far in np.arange(KEEP_OFF_CELLS, 30, 0.5):
        block = int(block_of((point + far * across)[None])[0])
        if not closed.flat[block]:
            return block
    raise ValueError("the river has no bank here")


def _graph(terrain: Terrain, closed: Bools, spans: list[Bridge]) -> csr_array:
    """Cost of building between neighbouring open blocks, and over the bridges."""
    blocks = np.arange(BLOCKS**2).reshape(BLOCKS, BLOCKS)
    starts, ends, costs = [], [], []
    height, slope = terrain.block_elevation, terrain.block_slope
    for row, col in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here = np.s_[: BLOCKS - row, max(-col, 0) : BLOCKS - max(col, 0)]
        there = np.s_[row:, max(col, 0) : BLOCKS + min(col, 0)]
        metres = BLOCK_METRES * np.hypot(row, col)
        climb = np.abs(height[here] - height[there]) / metres
        cost = metres * (1 + (climb / 0.07) ** 2 + 4 * (slope[here] + slope[there]))
        keep = ~closed[here] & ~closed[there]
        starts.append(blocks[here][keep])
        ends.append(blocks[there][keep])
        costs.append(steady(cost[keep]))
    for position, span in enumerate(spans):
        nodes = _bridge_nodes(position, span)
        starts.append(np.array(nodes[:-1]))
        ends.append(np.array(nodes[1:]))
        costs.append(np.full(3, 2 * BLOCK_METRES))
    start, end, cost = np.concatenate(starts), np.concatenate(ends), np.concatenate(costs)
    size = BLOCKS**2 + 2 * len(spans)
    rows, cols = np.concatenate([start, end]), np.concatenate([end, start])
    return coo_array((np.concatenate([cost, cost]), (rows, cols)), shape=(size, size)).tocsr()


def _bridge_nodes(position: int, span: Bridge) -> list[int]:
    first = BLOCKS**2 + 2 * position
    return [span.blocks[0], first, first + 1, span.blocks[1]]


def build(
    rng: np.random.Generator,
    terrain: Terrain,
    settlements: Settlements,
    closed: Bools,
    spans: list[Bridge],
    names: list[str],
) -> Network:
    """Build the roads, the great ones first; some hamlets and a few villages are left without.

    Parameters
    ----------
    rng
        Source of the randomness.
    terrain, settlements
        The land, and who lives where.
    closed
        Blocks where nothing is built.
    spans
        The bridges; the first one belongs to the great road, the second to a lesser one.
    names
        Name of each settlement.
    """
    # A little off the middle of the blocks: roads are not drawn with a ruler.
    points = block_xy(np.arange(BLOCKS**2)) + rng.uniform(-1, 1, (BLOCKS**2, 2))
    points = np.vstack([points, *(span.deck for span in spans)])
    network = Network(_graph(terrain, closed, spans), points)
    town = int(settlements.block[settlements.which(TOWN)[0]])
    network.nodes.add(town)
    primary = Road("primary", "asphalt", "Great Western Road", "N1")
    _bridge_road(network, 0, spans[0], primary)
    network.extend(np.array(_exits(network, col=0)), primary)
    network.extend(np.array(_exits(network, col=BLOCKS - 1)), replace(primary, name="Great Eastern Road"))
    _bridge_road(network, 1, spans[1], Road("secondary", "gravel", "South Bridge Road", "R2"))
    markets = settlements.which(MARKET)
    by_size = markets[np.argsort(-settlements.people[markets], kind="stable")]
    for number, market in enumerate(by_size[:4].tolist(), 3):
        network.extend(settlements.block[[market]], Road("secondary", "gravel", f"{names[market]} Road", f"R{number}"))
    for market in by_size[4:].tolist():
        network.extend(settlements.block[[market]], Road("tertiary", "gravel", f"{names[market]} Road"))
    _streets(rng, network, town, closed)
    _village_roads(rng, network, settlements)
    _short_cuts(network, settlements)
    return network


def _bridge_road(network: Network, position: int, span: Bridge, road: Road) -> None:
    """Lead a road to both ends of a bridge, and over it."""
    nodes = _bridge_nodes(position, span)
    for a, b in pairwise(nodes):
        network.add(a, b, replace(road, bridge=min(a, b) >= BLOCKS**2))
    cost, _ = network.costs()
    near, far = sorted((nodes[0], nodes[3]), key=lambda node: float(cost[node]))
    network.extend(np.array([near]), road)
    network.nodes.update((*nodes[1:3], far))


def _exits(network: Network, col: int) -> list[int]:
    """The block of an edge of the map, in its middle part, that is cheapest to reach."""
    cost, _ = network.costs()
    blocks = np.arange(int(0.3 * BLOCKS), int(0.7 * BLOCKS)) * BLOCKS + col
    return [int(blocks[cost[blocks].argmin()])]


def _streets(rng: np.random.Generator, network: Network, town: int, closed: Bools) -> None:
    """A net of streets in the town."""
    row, col = divmod(town, BLOCKS)
    for down in range(-4, 5):
        for right in range(-4, 5):
            for step in ((0, 1), (1, 0)):
                ends = (row + down, col + right), (row + down + step[0], col + right + step[1])
                far = max(np.hypot(end[0] - row, end[1] - col) for end in ends)
                a, b = (end[0] * BLOCKS + end[1] for end in ends)
                if far <= 4 and not closed.flat[a] and not closed.flat[b] and rng.random() < 0.9:
                    network.add(a, b, Road("residential"))
                    network.nodes.update((a, b))


def _village_roads(rng: np.random.Generator, network: Network, settlements: Settlements) -> None:
    """Roads to large villages, tracks to middling ones that lie near, paths to most of the others."""
    villages, hamlets = settlements.which(VILLAGE), settlements.which(HAMLET)
    for smallest, dearest, highway in ((700, 14000, "unclassified"), (330, 8000, "track")):
        cost = network.costs()[0][settlements.block[villages]]
        worth = (settlements.people[villages] >= smallest) & (cost < dearest)
        network.extend(settlements.block[villages[worth]], Road(highway))
    walked = np.concatenate([villages[rng.random(len(villages)) < 0.93], hamlets[rng.random(len(hamlets)) < 0.55]])
    network.extend(settlements.block[walked], Road("path"))


def _short_cuts(network: Network, settlements: Settlements) -> None:
    """Paths between neighbouring villages where the way along the roads is a long way round."""
    villages = settlements.which(MARKET, VILLAGE)
    block = settlements.block[villages]
    _, near = cKDTree(block_xy(block)).query(block_xy(block), k=4)
    rows, cols = np.array(list(network.edges)).T
    cost = np.asarray(network.graph[rows, cols]).ravel()
    built = coo_array((cost, (rows, cols)), shape=network.graph.shape).tocsr()
    around = dijkstra(built, directed=False, indices=block, limit=60000)
    straight, before = dijkstra(network.graph, indices=block, limit=9000, return_predecessors=True)
    pairs = {(min(pair), max(pair)) for row in np.asarray(near).tolist() for pair in product(row[:1], row[1:])}
    for start, end in sorted(pairs):
        if around[start, block[end]] > 3 * straight[start, block[end]]:
            _walk_back(network, before[start], int(block[end]))


def _walk_back(network: Network, before: Longs, node: int) -> None:
    while before[node] >= 0:
        network.add(node, int(before[node]), Road("path"))
        node = int(before[node])


def cells_of(lines: list[tuple[Road, list[int], Doubles]]) -> Bools:
    """Cells that a road or path runs through."""
    mask = np.zeros((CELLS, CELLS), dtype=np.bool_)
    for _, _, points in lines:
        steps = np.linspace(0, len(points) - 1, (len(points) - 1) * 2 * CELLS_PER_BLOCK + 1)
        at = np.stack([np.interp(steps, np.arange(len(points)), axis) for axis in points.T]).astype(int)
        mask[np.clip(at[1], 0, CELLS - 1), np.clip(at[0], 0, CELLS - 1)] = True
    return mask
