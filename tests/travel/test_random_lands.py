"""Five hundred small lands with every option of a search: equal to Dijkstra in float64, and to itself cut otherwise."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hybrid_reference import forward_graph, least_minutes
from roads import CYCLIST, SPEEDS, make_roads, random_roads

from lands import assert_same, embedded, make_land, reference_minutes
from planner import grid, routing
from planner.kernels.tiles import TILE
from planner.scenario import Walking
from planner.travel import Search, regions
from planner.types.land import Land
from planner.types.network import Network
from planner.types.travel import TravelTime

LANDS = 500
SLOPES = ["none", "tobler", "tobler_off_path", "irmischer_clarke"]


@dataclass(frozen=True)
class Case:
    """A land, how it is searched, and what was found."""

    name: str
    land: Land
    roads: object
    network: Network
    sources: np.ndarray
    walking: Walking
    towards: bool
    max_minutes: float
    graph: nx.DiGraph
    time: TravelTime

    def exact(self):
        """Minutes of every node in float64, within no limit: scipy's on foot, networkx's where roads are ridden."""
        if len(self.network):
            return least_minutes(self.graph, self.sources, towards=self.towards)[0]
        walking = self.walking
        found = reference_minutes(
            self.land, self.sources, neighbours=walking.neighbours, slope=walking.slope, towards=self.towards,
            open_corners=walking.corners == "open",
        )  # fmt: skip
        return found.min(axis=0)


def random_case(seed):
    rng = np.random.default_rng(seed)
    ny, nx = (int(k) for k in rng.integers(5, 13, 2))
    load = rng.choice([1.0, 0.7])  # on the back: all are slower
    kmh = load * rng.choice([0.0, 0.5, 1.0, 3.0], (ny, nx), p=[0.3, 0.25, 0.25, 0.2])
    way = np.where(rng.random((ny, nx)) < 0.25, 1, 0)
    way = np.where((way == 1) & (kmh == 0), 2, way)
    kmh = np.where(way == 2, load * 4.0, kmh)
    driven = (way > 0) & (rng.random((ny, nx)) < 0.7) if seed % 4 == 1 or seed % 4 == 2 else None
    if driven is not None:
        kmh = np.where(driven, rng.choice([6.0, 60.0], (ny, nx)), kmh)
    elevation = rng.normal(500, 30, (ny, nx)) if rng.random() < 0.8 else None
    if elevation is not None:
        elevation[rng.random((ny, nx)) < 0.05] = np.nan
    place = {"crs": "EPSG:4326", "cell": 1 / 1200, "west": 34.0, "north": 60.0 - seed % 120} if seed % 2 else {}
    land = make_land(kmh, elevation=elevation, way=way, driven=driven, **place)
    roads = make_roads(*random_roads(rng, land.frame, int(rng.integers(1, 7)) if rng.random() < 0.6 else 0))
    waits = {"wait_minutes": float(rng.choice([0.0, 1.0, 15.0])), "alight_minutes": float(rng.choice([0.0, 0.5]))}
    speeds = replace(SPEEDS, bicycle=CYCLIST) if seed % 3 == 0 else SPEEDS
    network = grid.network(land.frame, land, roads, speeds, elevation=land.elevation, **waits, ferry_wait_minutes=3.0)
    open_cells = np.flatnonzero(np.isfinite(land.pace))
    sources = rng.choice(open_cells, min(3, len(open_cells)), replace=False).astype(np.int32)
    walking = Walking(
        neighbours=int(rng.choice([8, 16, 32])),
        slope=str(rng.choice(SLOPES)),
        corners=str(rng.choice(["open", "closed"])),
    )
    towards = bool(rng.integers(2))
    max_minutes = float(rng.choice([np.inf, rng.uniform(2, 40)]))
    graph = forward_graph(
        land, network, neighbours=walking.neighbours, slope=walking.slope, open_corners=walking.corners == "open"
    )
    time = Search(land, walking, network=network, towards=towards, threads=1).nearest(sources, max_minutes)
    return Case(f"land {seed}", land, roads, network, sources, walking, towards, max_minutes, graph, time)


@cache
def cases():
    return [random_case(seed) for seed in range(LANDS)]


def node_minutes(time):
    return np.concatenate([time.minutes, time.vertex_minutes])


def test_the_lands_have_every_option():
    for option in ("neighbours", "slope", "corners"):
        values = [getattr(case.walking, option) for case in cases()]
        assert min(values.count(value) for value in set(values)) > 50
    assert len({case.walking.slope for case in cases()}) == len(SLOPES)
    for is_so in (
        [case.towards for case in cases()],
        [case.land.frame.geographic for case in cases()],
        [len(case.network) > 0 for case in cases()],
        [case.land.driven is not None and case.land.elevation is not None for case in cases()],
        [np.isfinite(case.max_minutes) for case in cases()],
        [bool((case.time.back[: case.land.frame.n][case.land.way == 2] >= 0).any()) for case in cases()],
    ):
        assert 50 < sum(is_so) < LANDS - 50


def test_minutes_equal_dijkstra_in_float64_and_the_same_nodes_are_reached():
    for case in cases():
        exact, found = case.exact(), node_minutes(case.time)
        clear = ~np.isclose(exact, case.max_minutes, rtol=1e-5, atol=0)  # at the limit, rounding decides
        within = exact <= case.max_minutes
        np.testing.assert_array_equal(np.isfinite(found)[clear], within[clear], err_msg=case.name)
        both = within & np.isfinite(found)
        np.testing.assert_allclose(found[both], exact[both], rtol=1e-5, err_msg=case.name)


def test_every_way_back_ends_at_the_nearest_source_and_takes_as_long_as_it_says():
    for case in cases():
        time, minutes = case.time, node_minutes(case.time).astype(float)
        for start in np.flatnonzero(np.isfinite(time.minutes)).tolist():
            chain = [start]
            while time.back[chain[-1]] >= 0:
                chain.append(int(time.back[chain[-1]]))
                assert len(chain) <= len(case.graph), f"{case.name}: the way goes in a circle"
            assert chain[-1] == case.sources[time.nearest[start]], case.name
            way = chain if case.towards else chain[::-1]
            spent = sum(case.graph.edges[step]["weight"] for step in pairwise(way))
            assert spent == pytest.approx(minutes[start], rel=1e-5), case.name


def test_the_legs_of_ridden_ways_add_up():
    ridden = 0
    for case in cases():
        time, minutes = case.time, node_minutes(case.time)
        starts = np.flatnonzero(np.isfinite(time.minutes))[::5].astype(np.int32)
        for start in starts.tolist() if len(case.network) else ():
            chain = [start]
            while time.back[chain[-1]] >= 0:
                chain.append(int(time.back[chain[-1]]))
            if max(chain) >= case.land.frame.n:
                nodes = np.array(chain if case.towards else chain[::-1], np.int32)
                legs = routing.legs(case.network, case.roads, case.land, nodes, minutes[nodes])
                assert sum(leg.minutes for leg in legs) == pytest.approx(minutes[start], rel=1e-5), case.name
                ridden += 1
    assert ridden > 500


def test_the_order_puts_every_node_after_the_next_one_on_its_way():
    for case in cases():
        time = case.time
        position = np.full(len(time.back), -1)
        position[time.order] = np.arange(len(time.order))
        going_on = time.order[time.back[time.order] >= 0]
        assert (position[time.back[going_on]] < position[going_on]).all(), case.name


def test_other_tiles_and_two_or_three_threads_give_the_same_bytes():
    for seed, case in enumerate(cases()):
        rng = np.random.default_rng(seed)
        ny, nx = case.land.frame.shape
        core = TILE - 4 * {8: 1, 16: 2, 32: 3}[case.walking.neighbours]
        before = core - rng.integers(1, (ny, nx))  # so that four tiles meet within the land
        larger, inside = embedded(case.land, before, (3, 3))
        network = replace(case.network, cell=inside[case.network.cell].astype(np.int32))
        search = Search(larger, case.walking, network=network, towards=case.towards, threads=2 + seed % 2)
        time = search.nearest(inside[case.sources].astype(np.int32), case.max_minutes)
        np.testing.assert_array_equal(time.minutes[inside], case.time.minutes, err_msg=case.name)
        np.testing.assert_array_equal(time.vertex_minutes, case.time.vertex_minutes, err_msg=case.name)
        np.testing.assert_array_equal(time.nearest[inside], case.time.nearest, err_msg=case.name)
        node = np.concatenate([inside, larger.frame.n + np.arange(len(network)), [-1]])  # of a node, and of -1
        np.testing.assert_array_equal(time.back[node[:-1]], node[case.time.back], err_msg=case.name)


def test_a_search_for_some_cells_has_their_answer_and_ends_at_the_furthest_of_them():
    ended = 0
    for seed, case in enumerate(cases()):
        asked = np.random.default_rng(seed).choice(case.land.frame.n, 3).astype(np.int32)
        search = Search(case.land, case.walking, network=case.network, towards=case.towards)
        time = search.nearest(case.sources, case.max_minutes, asked=asked)
        furthest = min(case.time.minutes[asked].max(), case.max_minutes)
        near = case.time.minutes <= furthest
        np.testing.assert_array_equal(time.minutes, np.where(near, case.time.minutes, np.inf), err_msg=case.name)
        np.testing.assert_array_equal(time.nearest, np.where(near, case.time.nearest, -1), err_msg=case.name)
        n = case.land.frame.n
        np.testing.assert_array_equal(time.back[:n], np.where(near, case.time.back[:n], -1), err_msg=case.name)
        ended += int(near.sum() < np.isfinite(case.time.minutes).sum())
    assert ended > 50


def test_regions_give_the_same_bytes():
    for seed, case in enumerate(cases()):
        if not len(case.network) and seed % 3 == 0:
            split = (1 + seed % 3, 2 + seed % 2)
            time = regions.time_to_nearest(
                case.land, case.sources, case.walking, split=split, towards=case.towards, max_minutes=case.max_minutes,
                threads=1,
            )  # fmt: skip
            assert_same(time, case.time)


def walled_land(rng):
    """Open ground with a wall of side by side cells from west to east, the cells south of it, and a column."""
    ny, nx = (int(k) for k in rng.integers(8, 14, 2))
    kmh = rng.choice([1.0, 3.0, 5.0], (ny, nx))
    top = rng.integers(1, ny - 1, nx)
    south = np.zeros((ny, nx), bool)
    for col in range(nx):
        beside = top[max(col - 1, 0)]
        kmh[min(beside, top[col]) : max(beside, top[col]) + 1, col] = 0
        south[max(beside, top[col]) + 1 :, col] = True
    return kmh, south, int(rng.integers(1, nx - 1))


@pytest.mark.parametrize("neighbours", [8, 16, 32])
@pytest.mark.parametrize("corners", ["open", "closed"])
def test_a_wall_is_never_crossed_and_a_bridge_over_it_is(neighbours, corners):
    walking = Walking(neighbours=neighbours, corners=corners)
    for seed in range(25):
        rng = np.random.default_rng(seed)
        kmh, south, col = walled_land(rng)
        elevation = rng.normal(500, 30, kmh.shape)
        source = np.array([rng.choice(np.flatnonzero((kmh > 0) & ~south))], np.int32)
        minutes = Search(make_land(kmh, elevation=elevation), walking, threads=1).nearest(source).minutes
        assert np.isinf(minutes[south.ravel()]).all(), f"land {seed}"
        way = np.zeros(kmh.shape, int)
        way[:, col] = np.where(kmh[:, col] == 0, 2, 1)
        kmh[:, col] = 4.0
        minutes = Search(make_land(kmh, elevation=elevation, way=way), walking, threads=1).nearest(source).minutes
        assert np.isfinite(minutes[way.ravel() > 0]).all(), f"land {seed}"
        assert np.isfinite(minutes[south.ravel()]).any(), f"land {seed}"
