from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lands import make_land, reference_minutes
from planner import travel
from planner.kernels import many, reachable
from planner.scenario import Walking

SLOPES = {"none": many.LEVEL, "tobler": many.TOBLER, "irmischer_clarke": many.IRMISCHER}


@dataclass(frozen=True)
class Way:
    """How people walk: the options of a search."""

    neighbours: int = 16
    slope: str = "tobler"
    towards: bool = True
    open_corners: bool = False


def cells(*positions):
    return np.array(positions, np.int32)


def search(land, sites, demand, limit, way=Way(), **options):
    return reachable.reachable(
        sites,
        demand,
        limit,
        nx=land.frame.nx,
        step_metres=land.step_metres,
        pace=land.pace,
        way=land.way,
        elevation=land.elevation,
        neighbours=way.neighbours,
        slope=SLOPES[way.slope],
        towards=way.towards,
        open_corners=way.open_corners,
        **options,
    )


def dense(found, n_demand):
    indptr, indices, minutes = found
    table = np.full((len(indptr) - 1, n_demand), np.inf)
    table[np.repeat(np.arange(len(indptr) - 1), np.diff(indptr)), indices] = minutes
    return table


def check_table(minutes, exact, limit):
    """Equal to 1e-5, and the same reach but for times that close to the limit."""
    clear = ~np.isclose(exact, limit, rtol=1e-5)
    np.testing.assert_array_equal(np.isfinite(minutes)[clear], (exact <= limit)[clear])
    reached = np.isfinite(minutes)
    np.testing.assert_allclose(minutes[reached], exact[reached], rtol=1e-5)


def same(found, other):
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in zip(found, other, strict=True))


def random_land(seed, *, geographic=False, shape=None):
    rng = np.random.default_rng(seed)
    ny, nx = shape or (int(k) for k in rng.integers(4, 12, 2))
    kmh = rng.choice([0.0, 2.0, 3.24, 5.0, 40.0], (ny, nx), p=[0.25, 0.25, 0.2, 0.25, 0.05])
    way = np.where(rng.random((ny, nx)) < 0.3, 1, 0)
    way = np.where((way == 1) & (kmh == 0), 2, way)
    kmh = np.where(way == 2, 4.0, kmh)
    elevation = rng.normal(500, 30, (ny, nx))
    elevation[rng.random((ny, nx)) < 0.05] = np.nan
    place = {"crs": "EPSG:4326", "cell": 1 / 1200, "west": 34.0, "north": 60.0 - seed % 120} if geographic else {}
    return make_land(kmh, elevation=elevation, way=way, **place), rng


WAYS = st.builds(
    Way,
    st.sampled_from([8, 16, 32]),
    st.sampled_from(sorted(SLOPES)),
    towards=st.booleans(),
    open_corners=st.booleans(),
)


@pytest.mark.parametrize("geographic", [False, True])
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), way=WAYS)
def test_times_equal_an_exact_dijkstra_on_the_explicit_graph(geographic, seed, way):
    land, rng = random_land(seed, geographic=geographic)
    sites = rng.integers(-1, land.frame.n, 4).astype(np.int32)
    sites[-1] = sites[0]
    demand = rng.permutation(land.frame.n)[: land.frame.n // 2].astype(np.int32)
    exact = np.full((4, land.frame.n), np.inf)
    walked = np.flatnonzero((sites >= 0) & np.isfinite(land.pace[sites]))
    exact[walked] = reference_minutes(
        land, sites[walked], neighbours=way.neighbours, slope=way.slope, towards=way.towards,
        open_corners=way.open_corners,
    )  # fmt: skip
    exact = exact[:, demand]
    limit = float(rng.uniform(1, 15))
    found = search(land, sites, demand, limit, way, block=int(rng.integers(1, 8)))
    assert all(np.all(np.diff(row) > 0) for row in np.split(found[1], found[0][1:-1]))
    check_table(dense(found, len(demand)), exact, limit)


@pytest.fixture(scope="module")
def wide_land():
    """Hills, bridges, closed cells, and a quarter of the cells at riding speed."""
    rng = np.random.default_rng(5)
    ny, nx = 300, 300
    relief = np.cumsum(np.cumsum(rng.normal(0, 0.5, (ny, nx)), 0), 1) / 10
    kmh = rng.choice([0.0, 2.5, 4.0, 5.0], (ny, nx), p=[0.15, 0.25, 0.3, 0.3])
    way = np.zeros((ny, nx), int)
    way[::25] = way[:, ::30] = 1
    way = np.where((way == 1) & (kmh == 0), 2, way)
    kmh = np.where(way > 0, 5.0, kmh)
    kmh[100] = np.where(way[100] > 0, 60.0, kmh[100])
    land = make_land(kmh, elevation=relief, way=way)
    open_cells = np.flatnonzero(np.isfinite(land.pace)).astype(np.int32)
    return land, rng.choice(open_cells, 60, replace=False), rng.choice(open_cells, 3000, replace=False)


def test_each_row_agrees_with_the_search_from_that_place_alone(wide_land):
    land, sites, demand = wide_land
    minutes = dense(search(land, sites, demand, 45.0), len(demand))
    walking = Walking(neighbours=16)
    alone = [travel.time_to_nearest(land, cells(site), walking).minutes[demand] for site in sites[:15]]
    check_table(minutes[:15], np.array(alone), 45.0)
    assert np.isfinite(minutes).sum() > 5000


@pytest.mark.parametrize("way", [Way(), Way(8, "none"), Way(32, "irmischer_clarke", towards=False)])
def test_blocks_and_threads_give_the_same_bytes(wide_land, way):
    land, sites, demand = wide_land
    once = search(land, sites, demand, 30.0, way, threads=1)
    assert once[0][-1] > 0
    for block, threads in [(1, 2), (7, 3), (1000, 1)]:
        assert same(once, search(land, sites, demand, 30.0, way, block=block, threads=threads))


def test_small_windows_buffers_stores_and_wide_buckets_give_the_same_bytes(wide_land, monkeypatch):
    land, sites, demand = wide_land
    once = search(land, sites, demand, 40.0)
    windows = []
    search_window = reachable._search_window
    monkeypatch.setattr(reachable, "_search_window", lambda *args: windows.append(args[-1]) or search_window(*args))
    monkeypatch.setattr(reachable, "QUICK", 0.999)  # the first windows are too small
    monkeypatch.setattr(reachable, "WINDOW_BYTES", 0)
    monkeypatch.setattr(reachable, "PAIRS_AT_ONCE", 1)
    monkeypatch.setattr(many, "STEPS_BYTES", 100_000)
    assert same(once, search(land, sites, demand, 40.0))
    assert len(windows) > len(
        {(site // 300 // reachable.BLOCK, site % 300 // reachable.BLOCK) for site in sites.tolist()}
    )
    monkeypatch.setattr(reachable, "MOST_BUCKETS", 2)
    assert same(once, search(land, sites, demand, 40.0))


def test_a_full_queue_is_written_anew_without_its_void_entries(wide_land, monkeypatch):
    land, sites, demand = wide_land
    made, work_arrays = [], many.work_arrays

    def short_of_room(*sizes):
        minutes, queue, *others = work_arrays(*sizes)
        made.append(queue[-1])
        return minutes, (queue[0], queue[1][:room], queue[2][:room], *queue[3:]), *others

    monkeypatch.setattr(reachable, "work_arrays", short_of_room)
    monkeypatch.setattr(many, "BATCH", 8)
    room = None
    once = search(land, sites[:1], demand, 40.0)
    entries = int(made[-1][0])
    room = entries // 4
    assert same(once, search(land, sites[:1], demand, 40.0))
    assert 0 < made[-1][0] <= room


def test_a_fast_road_is_followed_out_of_the_first_window():
    kmh = np.full((41, 2000), 3.0)
    kmh[20] = 80.0
    land = make_land(kmh)
    site, far = 20 * 2000 + 5, 20 * 2000 + 805  # 80 km in an hour
    _, indices, minutes = search(land, cells(site), cells(far + 1, far), 60.001, Way(slope="none"))
    assert indices.tolist() == [1]
    assert minutes == pytest.approx([60.0], rel=1e-5)


def test_without_a_limit_all_that_is_connected_is_reached():
    kmh = np.full((9, 40), 5.0)
    kmh[:, 30] = 0
    found = search(make_land(kmh), cells(0), np.arange(360, dtype=np.int32), np.inf, Way(slope="none"))
    assert (found[1] % 40).max() == 29 and len(found[1]) == 9 * 30


def test_the_limit_is_inclusive():
    found = search(make_land([[6.0] * 5]), cells(0), cells(0, 1, 2, 3, 4), 2.0, Way(8, "none"))
    assert found[1].tolist() == [0, 1, 2] and found[2].tolist() == [0, 1, 2]


def test_at_a_limit_of_nothing_a_site_reaches_the_demand_in_its_own_cell():
    assert search(make_land([[6.0] * 5]), cells(3), cells(2, 3), 0.0)[1].tolist() == [1]


def test_sites_off_the_grid_or_closed_reach_nothing_and_the_same_site_twice_reaches_the_same():
    land = make_land([[5.0, 5.0, 0.0]])
    indptr, indices, minutes = search(land, cells(-1, 1, 2, 1), cells(1, 0, 2), 5.0)
    assert indptr.tolist() == [0, 0, 2, 2, 4]
    assert indices.tolist() == [0, 1, 0, 1]
    assert minutes.tolist() == pytest.approx([0, 1.2, 0, 1.2])


@pytest.mark.parametrize(("sites", "demand"), [((), (0,)), ((0,), ()), ((), ()), ((2, -1), (0,))])
def test_no_sites_or_no_demand_give_empty_rows(sites, demand):
    land = make_land([[5.0, 5.0, 0.0]])
    indptr, indices, minutes = search(land, cells(*sites), cells(*demand), 5.0)
    assert indptr.tolist() == [0] * (len(sites) + 1)
    assert (indptr.dtype, indices.dtype, minutes.dtype) == (np.int64, np.int32, np.float32)
    assert len(indices) == len(minutes) == 0


def test_a_land_that_is_closed_everywhere_is_searched_without_a_word():
    assert search(make_land(np.zeros((3, 3))), cells(4), cells(4, 5), 5.0)[0].tolist() == [0, 0]


def test_demand_that_shares_a_cell_is_found_twice():
    assert search(make_land([[5.0, 5.0]]), cells(0), cells(1, 1, 0), 5.0)[1].tolist() == [0, 1, 2]
