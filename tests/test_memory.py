"""The memory that an answer needs: told before it is read, and compared with what real runs take."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from planner import cli, inputs, memory, scenario_file
from planner.errors import InputFaults
from planner.types.frame import Frame

CELL = 1 / 1200  # degrees
NY, NX = 1250, 1300
SCENARIO = """schema_version = 1
title = "A large made-up country"
[population]
file = "population.tif"
[elevation]
file = "elevation.tif"
[land_cover]
file = "land_cover.tif"
[roads]
file = "roads.geojson"
[areas]
file = "areas.geojson"
name = "name"
[facilities]
file = "facilities.csv"
[placement]
new_chws = 5
max_minutes = 30.0
"""


def at(row, col):
    """Longitude and latitude of the upper left corner of a cell."""
    return 34.0 + col * CELL, -5.0 - row * CELL


def write_raster(path, values):
    transform = Affine(CELL, 0, 34.0, 0, -CELL, -5.0)
    shape = {"width": values.shape[1], "height": values.shape[0], "count": 1, "dtype": values.dtype}
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4326", transform=transform, compress="LZW", **shape) as to:
        to.write(values, 1)


def write_features(path, kind, features):
    listed = [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
        for properties, coordinates in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": listed}))


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """Hills, villages of a few cells, a river, roads to and fro, and some facilities: 1.6 million cells."""
    folder = tmp_path_factory.mktemp("country")
    rng = np.random.default_rng(1)
    people = np.zeros((NY, NX), np.float32)
    rows, cols = rng.integers(0, NY, 300), rng.integers(0, NX, 300)
    people[rows, cols] = rng.uniform(50, 300, 300)
    row, col = np.mgrid[:NY, :NX]
    land_cover = rng.choice(np.array([10, 20, 30, 40], np.uint8), (NY, NX))
    land_cover[NY // 3, NX // 2 :] = 80
    write_raster(folder / "population.tif", people)
    write_raster(folder / "elevation.tif", (500 + 200 * np.sin(col / 40) * np.cos(row / 50)).astype(np.float32))
    write_raster(folder / "land_cover.tif", land_cover)
    across = [({"highway": "tertiary"}, [at(k, 0), at(k, NX)]) for k in range(60, NY, 150)]
    along = [({"highway": "tertiary"}, [at(0, k), at(NY, k)]) for k in range(60, NX, 150)]
    write_features(folder / "roads.geojson", "LineString", across + along)
    corners = [at(0, 0), at(NY, 0), at(NY, NX), at(0, NX), at(0, 0)]
    write_features(folder / "areas.geojson", "Polygon", [({"name": "All"}, [corners])])
    places = [at(rows[k] + 0.5, cols[k] + 0.5) for k in range(20)]
    lines = [f"F{k},Post {k},{1 + (k == 0)},{lat},{lon}" for k, (lon, lat) in enumerate(places)]
    (folder / "facilities.csv").write_text("\n".join(["id,name,tier,lat,lon", *lines]))
    (folder / "scenario.toml").write_text(SCENARIO)
    return folder


# ru_maxrss would count what the process that started this one held: the kernel hands that on to its children.
MEASURE = """
import re, sys
from pathlib import Path
from planner import cli
code = cli.main(sys.argv[1:])
print("peak", 1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]))
sys.exit(code)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.parametrize("what", ["run", "travel"])
def test_a_run_takes_less_memory_than_was_told_before_it_and_not_far_less(country, tmp_path, what):
    scenario = country / "scenario.toml"
    words = ["travel", scenario, "--to", "facilities", "--what", "minutes", "--out", tmp_path / "minutes.tif"]
    words = ["run", scenario, "--out", tmp_path / "plan"] if what == "run" else words
    done = subprocess.run([sys.executable, "-c", MEASURE, *map(str, words)], capture_output=True, text=True, check=True)
    told = re.search(r"about ([\d,]+) MB of memory are needed for ([\d,]+) cells", done.stderr)
    assert int(told[2].replace(",", "")) == NY * NX
    share = int(re.search(r"peak (\d+)", done.stdout)[1]) / (float(told[1].replace(",", "")) * memory.MB)
    assert 0.4 < share < 1.0
    if what == "run":
        assert told[0] in (tmp_path / "plan" / "log.txt").read_text()


def said_by(capsys, scenario, *options):
    """What is said about a run that has to stop before anything is read."""
    out = scenario.parent / "never"
    assert cli.main(["run", str(scenario), "--out", str(out), *options]) == cli.MEND
    assert not out.exists()
    return " ".join(capsys.readouterr().err.split())


@pytest.fixture
def nothing_is_read(monkeypatch):
    def read(*_):
        raise AssertionError("something was read")

    monkeypatch.setattr(inputs, "read", read)


def test_over_the_limit_it_says_what_is_needed_and_there_and_which_cells_would_do(capsys, country, nothing_is_read):
    raster = inputs.population_frame(scenario_file.load(country / "scenario.toml"), country)
    need = memory.Need(raster, memory.PLAN, (country / "roads.geojson").stat().st_size)
    assert raster.shape == (NY, NX)
    told = said_by(capsys, country / "scenario.toml", "--memory", f"{need.bytes(2) / 1e6 + 1:.0f}MB")
    assert f"1,625,000 cells need about {need.bytes(1) / 1e6:,.0f} MB, and {need.bytes(2) / 1e6 + 1:,.0f} MB" in told
    assert f"Write cell = 2 under [population]: about {need.bytes(2) / 1e6:,.0f} MB." in told
    assert "Write cell" not in said_by(capsys, country / "scenario.toml", "--memory", "100 MB")


def test_a_header_that_promises_a_giant_raster_is_not_believed_into_memory(capsys, tmp_path, nothing_is_read):
    shape = {"width": 40_000, "height": 40_000, "count": 1, "dtype": "float32", "sparse_ok": True, "tiled": True}
    transform = Affine(CELL, 0, 0, 0, -CELL, 20)
    rasterio.open(
        tmp_path / "population.tif", "w", driver="GTiff", crs="EPSG:4326", transform=transform, **shape
    ).close()
    assert (tmp_path / "population.tif").stat().st_size < 10_000_000
    (tmp_path / "scenario.toml").write_text(SCENARIO)
    told = said_by(capsys, tmp_path / "scenario.toml", "--memory", "16GB")
    assert "1,600,000,000 cells need about 285," in told


@pytest.mark.parametrize(("free", "goes_on"), [(10**12, True), (10**6, False), (None, True)])
def test_without_a_limit_it_is_what_the_machine_has_free_where_that_is_known(monkeypatch, free, goes_on):
    monkeypatch.setattr(memory, "free", lambda: free)
    need = memory.Need(Frame("EPSG:4326", 30.0, 0.0, CELL, CELL, 1000, 1000), memory.TRAVEL, 0)
    if not goes_on:
        with pytest.raises(InputFaults, match="1 MB are free"):
            memory.check(need, 1, None)
        return
    told = memory.check(need, 1, None)
    assert "needed for 1,000,000 cells" in told
    assert ("are free" in told) == (free is not None)


def test_this_machine_says_how_much_is_free():
    assert memory.free() > 100 * memory.MB


@pytest.mark.skipif(sys.platform == "win32", reason="Windows is asked otherwise")
def test_a_container_has_free_what_is_left_of_its_limit_and_a_silent_kernel_all_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "KERNEL", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "CONTAINER", tmp_path)
    assert memory.free() > 100 * memory.MB  # the files are missing
    (tmp_path / "meminfo").write_text("MemTotal:  8000000 kB\nMemAvailable:   2000000 kB\nHugePages_Free:\n")
    assert memory.free() == 2_000_000 * 1024
    (tmp_path / "memory.current").write_text("400000000\n")
    (tmp_path / "memory.stat").write_text("anon 300000000\ninactive_file 100000000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.free() == 2_000_000 * 1024
    (tmp_path / "memory.max").write_text("1000000000\n")
    assert memory.free() == 700_000_000


@pytest.mark.parametrize("size", ["4", "4XB", "GB", "-1GB", "1e3MB"])
def test_a_size_without_megabytes_or_gigabytes_is_not_guessed(capsys, size):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["run", "scenario.toml", "--out", "plan", f"--memory={size}"])
    assert stopped.value.code == cli.MEND
    assert "expected megabytes or gigabytes" in capsys.readouterr().err


def test_roads_burned_in_need_more_where_slope_counts(tmp_path):
    """Cells of a road are searched as a graph then, and its steps are many."""
    raster = Frame("EPSG:4326", 34.0, -5.0, CELL, CELL, 100, 100)
    plain = "[elevation]\nfile = 'dem.tif'\n[travellers.car]\nride = 'car'\n"
    start = "title = 'A'\n[population]\nfile = 'p.tif'\n[facilities]\nfile = 'f.csv'\n"

    def bytes_of(text):
        (tmp_path / "s.toml").write_text(start + text, encoding="utf-8")
        return memory.need_of(scenario_file.load(tmp_path / "s.toml"), tmp_path, raster, memory.PLAN).cell_bytes

    burned = f"{plain}roads = 'burned'\n"
    assert bytes_of(plain) == memory.PLAN
    assert bytes_of(burned) == memory.PLAN + 160
    assert bytes_of(f"{burned}[walking]\nneighbours = 32\n") == memory.PLAN + 320
    assert bytes_of(f"{burned}[walking]\nslope = 'none'\n") == memory.PLAN
    assert bytes_of(f"{burned}[friction]\nfile = 'f.tif'\n") == memory.PLAN + 4


def test_each_traveller_beside_the_first_has_a_search_of_its_own(tmp_path):
    raster = Frame("EPSG:4326", 34.0, -5.0, CELL, CELL, 100, 100)
    start = "title = 'A'\n[population]\nfile = 'p.tif'\n[facilities]\nfile = 'f.csv'\n[travellers.car]\nride = 'car'\n"

    def bytes_of(text, of=memory.PLAN):
        (tmp_path / "s.toml").write_text(start + text, encoding="utf-8")
        return memory.need_of(scenario_file.load(tmp_path / "s.toml"), tmp_path, raster, of).cell_bytes

    one = "[referral]\ntravellers = ['car', 'on foot']\n"
    assert bytes_of(one) == memory.PLAN + 2 * memory.SEARCH
    assert bytes_of(one + "ambulance = 'car'\n") == bytes_of(one)
    assert bytes_of("[reach]\nboth_seasons = false\n" + one) == memory.PLAN + memory.SEARCH
    assert bytes_of(one, memory.TRAVEL) == memory.TRAVEL
