"""`planner travel` on a small plain with a river of closed ground, a bridge and a road: every answer known by hand."""

import csv
import json

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from inputs.scene import write_layer, write_tif
from shapely.geometry import LineString, box

from planner import analysis, cli
from planner.analysis import Request
from planner.errors import InputFaults
from planner.types.frame import Frame

# 6 x 40 cells of 100 m, walked at 6 km/h: a minute a cell. People live in the cells of the villages.
FRAME = Frame("EPSG:32736", west=500_000.0, north=8_500_000.0, dx=100.0, dy=100.0, ny=6, nx=40)
RIVER = 20
SCENARIO = """\
title = "A small plain"
date = "2026-11-01"
[population]
file = "people.tif"
[roads]
file = "roads.gpkg"
[water]
file = "water.gpkg"
[facilities]
file = "facilities.csv"
[villages]
file = "villages.csv"
[walking]
open_kmh = 6.0
road_speeds = "foot.csv"
[travellers.moto]
ride = "moto.csv"
wait_minutes = 3.0
"""


def at(row, col):
    """Coordinates of the centre of a cell."""
    return FRAME.west + (col + 0.5) * FRAME.dx, FRAME.north - (row + 0.5) * FRAME.dy


def points(*rows):
    return "id,name,x,y,tier\n" + "".join(f"{own},{name},{x},{y},{tier}\n" for own, name, (x, y), tier in rows)


@pytest.fixture(autouse=True)
def own_process(monkeypatch):
    """What main() changes in the process is put back."""
    for name in (*cli.OF_OTHER_PROGRAMS, "PROJ_NETWORK", "OMP_WAIT_POLICY"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.fixture
def plain(tmp_path):
    """Facilities at both ends of row 2, villages in between; the river is crossed on the bridge in row 2 only."""
    people = np.zeros(FRAME.shape, np.float32)
    people[2, [5, 15, 30]] = 100, 200, 400
    write_tif(tmp_path / "people.tif", people, frame=FRAME)
    line = LineString([at(2, 0), at(2, 39)])
    write_layer(tmp_path / "roads.gpkg", [{"highway": "primary", "name": "RN2"}], [line], FRAME.crs)
    river = box(at(0, RIVER)[0] - 50, at(5, 0)[1] - 50, at(0, RIVER)[0] + 50, at(0, 0)[1] + 50)
    write_layer(tmp_path / "water.gpkg", [{"waterway": "river"}], [river], FRAME.crs)
    for name, text in {
        "facilities.csv": points(("W", "=West", at(2, 0), 1), ("E", "East", at(2, 39), 2)),
        "villages.csv": points(("a", "A", at(2, 5), 0), ("b", "B", at(2, 15), 0), ("c", "C", at(2, 30), 0)),
        "sites.csv": points(("S", "South", at(5, 5), 0)),
        "foot.csv": "key,value,unit,low,high,source,status\nprimary,6,km/h,,,made up,read\n",
        "moto.csv": "key,value,unit,low,high,source,status\nprimary,60,km/h,,,made up,read\n",
        "scenario.toml": SCENARIO,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def ask(folder, what, ending, to="facilities", **more):
    path = folder / f"answer{ending}"
    analysis.travel(folder / "scenario.toml", Request(what, to, path, **more))
    return path


def raster(path):
    with rasterio.open(path) as file:
        assert file.crs.to_epsg() == 32736 and file.nodata == -1
        return file.read(1)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_minutes_and_the_nearest_place(plain):
    minutes = raster(ask(plain, "minutes", ".tif"))
    assert minutes[2, [0, 5, 15, 19, 30, 39]] == pytest.approx([0, 5, 15, 19, 9, 0])
    assert minutes[0, RIVER] == -1 and minutes[2, RIVER] == pytest.approx(19)
    path = ask(plain, "nearest", ".tif")
    assert raster(path)[2, [0, 19, 21, 39]].tolist() == [1, 1, 0, 0]
    with rasterio.open(path) as file:
        assert json.loads(file.tags()["SITES"]) == ["E", "W"]


def test_on_a_friction_surface_slope_and_speeds_do_not_count_and_the_river_does(plain):
    """0.02 min/m are 2 minutes a cell, uphill and down, on the road and beside it."""
    write_tif(plain / "heights.tif", np.tile(np.arange(40, dtype=np.float32) * 20, (6, 1)), frame=FRAME)
    write_tif(plain / "friction.tif", np.full(FRAME.shape, 1.2, np.float32), frame=FRAME)  # seconds
    more = '[elevation]\nfile = "heights.tif"\n[friction]\nfile = "friction.tif"\n'
    (plain / "scenario.toml").write_text(SCENARIO + more, encoding="utf-8")
    there = raster(ask(plain, "minutes", ".tif", tier=2))
    assert there[2, [0, 19, 20, 30]] == pytest.approx([78, 40, 38, 18])
    assert there[3, 30] == pytest.approx(14 + 2 * np.sqrt(5), rel=1e-5)  # seven cells and a knight's move
    assert (there[:, RIVER] >= 0).tolist() == [False, False, True, False, False, False]
    np.testing.assert_array_equal(raster(ask(plain, "minutes", ".tif", tier=2, towards=False)), there)
    second = raster(ask(plain, "kth", ".tif", max_minutes=80.0))
    assert second[2, 0] == pytest.approx(78)


def with_burned_roads(plain):
    """A hill, 20 m up a cell to the east, and one who drives at a tenth of a minute a cell where there is a road."""
    write_tif(plain / "heights.tif", np.tile(np.arange(40, dtype=np.float32) * 20, (6, 1)), frame=FRAME)
    more = '[elevation]\nfile = "heights.tif"\n[travellers."by car"]\nride = "moto.csv"\nroads = "burned"\n'
    (plain / "scenario.toml").write_text(SCENARIO + more, encoding="utf-8")
    return plain


def test_burned_roads_are_driven_without_a_wait_and_without_slope_and_the_rest_is_walked_uphill(plain):
    minutes = raster(ask(with_burned_roads(plain), "minutes", ".tif", tier=2, traveller="by car"))
    assert minutes[2, [39, 20, 19, 0]] == pytest.approx([0, 1.9, 2.0, 3.9], abs=1e-4)
    assert (minutes[:, RIVER] >= 0).tolist() == [False, False, True, False, False, False]
    assert minutes[3, 10] == pytest.approx(2.9 + 0.5 + 0.05, abs=0.01)  # north: half a cell on foot, half driven
    on_foot = raster(ask(plain, "minutes", ".tif", tier=2))
    assert on_foot[2, 0] == pytest.approx(39 * np.exp(3.5 * 0.25) / np.exp(3.5 * 0.05), rel=1e-4)


def test_each_facility_is_searched_from_alone_where_roads_are_burned(plain):
    table = rows(ask(with_burned_roads(plain), "matrix", ".csv", max_minutes=15.0, traveller="by car"))
    pairs = {(row["site_id"], row["demand_id"]): float(row["minutes"]) for row in table}
    minutes = {("E", "a"): 34, ("E", "b"): 24, ("E", "c"): 9, ("W", "a"): 5, ("W", "b"): 15, ("W", "c"): 30}
    assert pairs == pytest.approx({pair: m / 10 for pair, m in minutes.items()}, rel=1e-4)


def test_a_way_over_burned_roads_is_told_as_walked_and_driven(plain):
    starts = str(with_burned_roads(plain) / "sites.csv")
    (told,) = rows(ask(plain, "routes", ".csv", tier=2, traveller="by car", starts=starts))
    walk, ride = told["legs"].split("; ")
    assert walk == "Walk 300 m north to the road (3 min)"
    assert ride.startswith("Ride 3.") and ride.endswith(" km east on roads (3 min)")
    assert float(told["km"]) == pytest.approx(3.7, abs=0.3)


def test_a_tier_leaves_the_others_out_and_a_limit_is_inclusive(plain):
    minutes = raster(ask(plain, "minutes", ".tif", tier=2, max_minutes=24.0))
    assert minutes[2, [15, 14]].tolist() == [pytest.approx(24), -1]


def test_the_second_nearest_on_foot_and_riding(plain):
    second = raster(ask(plain, "kth", ".tif", max_minutes=39.0))
    assert second[2, [0, 5, 39]] == pytest.approx([39, 34, 39])
    assert (raster(ask(plain, "kth", ".tif", max_minutes=39.0, k=3)) == -1).all()
    riding = raster(ask(plain, "kth", ".tif", max_minutes=39.0, traveller="moto"))
    assert riding[2, [0, 5, 39]] == pytest.approx([3 + 3.9 + 1, 3 + 3.4 + 1, 3 + 3.9 + 1], rel=1e-5)


@pytest.mark.parametrize("walking", ['slope = "irmischer_clarke"', 'slope = "tobler_off_path"', "neighbours = 32"])
@pytest.mark.parametrize("towards", [True, False])
def test_the_first_of_the_kth_is_the_nearest_however_people_walk(plain, walking, towards):
    heights = np.add.outer(np.arange(6) * 9, np.arange(40) * 4).astype(np.float32)
    write_tif(plain / "heights.tif", heights, frame=FRAME)
    scenario = SCENARIO.replace("[walking]", f"[walking]\n{walking}") + '[elevation]\nfile = "heights.tif"\n'
    (plain / "scenario.toml").write_text(scenario, encoding="utf-8")
    nearest = raster(ask(plain, "minutes", ".tif", max_minutes=25.0, towards=towards))
    first = raster(ask(plain, "kth", ".tif", max_minutes=25.0, k=1, towards=towards))
    assert first == pytest.approx(nearest, rel=1e-5)


def test_people_cross_the_bridge_to_the_facility_that_is_left(plain):
    flow = raster(ask(plain, "flows", ".tif", tier=2))
    assert flow[2, [5, 10, RIVER, 30, 39]] == pytest.approx([100, 100, 300, 700, 700])
    assert flow[0, RIVER] == -1 and flow[0, 0] == 0
    riding = raster(ask(plain, "flows", ".tif", tier=2, traveller="moto"))
    assert riding[2, [5, 10, RIVER, 30, 39]] == pytest.approx([100, 100, 300, 700, 700])


@pytest.mark.parametrize("ending", [".gpkg", ".geojson"])
def test_isochrones_hold_all_people_within_the_last_one(plain, ending):
    rings = gpd.read_file(ask(plain, "isochrones", ending, thresholds=(7.0, 15.0)))
    assert rings[["from_minutes", "to_minutes", "people"]].to_numpy().tolist() == [[0, 7, 100], [7, 15, 600]]
    assert rings.crs.to_epsg() == 4326 and rings.is_valid.all()
    plans = gpd.read_file(ask(plain, "isochrones", ending))
    assert plans["to_minutes"].tolist() == [30]


def test_catchments_hold_the_people_of_each_site(plain):
    parts = gpd.read_file(ask(plain, "catchments", ".geojson"))
    assert parts[["site_id", "site", "people"]].to_numpy().tolist() == [["E", "East", 400], ["W", "=West", 300]]
    near = gpd.read_file(ask(plain, "catchments", ".geojson", max_minutes=9.0))
    assert near["people"].tolist() == [400, 100]


def test_routes_on_foot_in_words_and_as_lines(plain):
    told = rows(ask(plain, "routes", ".csv"))
    assert [row["start_id"] for row in told] == ["a", "b", "c"]
    assert told[0] == {
        "start_id": "a", "start": "A", "site_id": "W", "site": "'=West", "minutes": "5.0", "km": "0.5",
        "legs": "Walk 500 m west (5 min)",
    }  # fmt: skip
    lines = gpd.read_file(ask(plain, "routes", ".gpkg")).to_crs(FRAME.crs)
    assert lines["minutes"].tolist() == pytest.approx([5, 15, 9])
    assert lines.length.tolist() == pytest.approx([500, 1500, 900], rel=1e-5)
    assert lines.geometry[0].coords[0] == pytest.approx(at(2, 5)) and lines.geometry[0].coords[-1] == pytest.approx(
        at(2, 0)
    )


def test_a_route_by_road_has_its_wait_and_its_ride(plain):
    (told,) = rows(ask(plain, "routes", ".csv", tier=2, starts=str(plain / "sites.csv"), traveller="moto"))
    assert float(told["minutes"]) == pytest.approx(3 + 3 + 3.4 + 1, rel=1e-5)
    assert told["legs"].startswith(
        "Walk 300 m north to the road (3 min); Wait for a vehicle (3 min); Ride 3.4 km east on"
    )


def test_routes_from_the_facilities_run_the_other_way(plain):
    lines = gpd.read_file(ask(plain, "routes", ".geojson", towards=False)).to_crs(FRAME.crs)
    assert lines["legs"][0] == "Walk 500 m east (5 min)"
    assert lines.geometry[0].coords[0] == pytest.approx(at(2, 0), abs=0.05)
    assert lines.geometry[0].coords[-1] == pytest.approx(at(2, 5), abs=0.05)


def test_a_start_without_a_way_keeps_its_row(plain):
    told = rows(ask(plain, "routes", ".csv", max_minutes=10.0))
    assert [(row["start_id"], row["site_id"], row["minutes"], row["legs"]) for row in told][1] == ("b", "", "", "")
    lines = gpd.read_file(ask(plain, "routes", ".gpkg", max_minutes=10.0))
    assert lines.geometry.isna().tolist() == [False, True, False] and lines["minutes"].isna().tolist()[1]


@pytest.mark.parametrize("traveller", ["on foot", "moto"])
def test_a_matrix_has_a_row_for_each_pair_within_the_limit(plain, traveller):
    table = rows(ask(plain, "matrix", ".csv", max_minutes=15.0, traveller=traveller))
    pairs = {(row["site_id"], row["demand_id"]): float(row["minutes"]) for row in table}
    expected = {("E", "c"): 9.0, ("W", "a"): 5.0, ("W", "b"): 15.0}
    if traveller == "moto":
        minutes = {("E", "a"): 34, ("E", "b"): 24, ("E", "c"): 9, ("W", "a"): 5, ("W", "b"): 15, ("W", "c"): 30}
        expected = {pair: min(m, 3 + m / 10 + 1) for pair, m in minutes.items()}
    assert pairs == pytest.approx(expected, rel=1e-5)
    assert list(pairs) == list(expected)


def test_villages_that_share_a_cell_each_have_their_row(plain):
    (plain / "sites.csv").write_text(points(("p", "P", at(2, 5), 0), ("q", "Q", at(2, 5), 0)), encoding="utf-8")
    table = rows(ask(plain, "matrix", ".csv", max_minutes=15.0, starts=str(plain / "sites.csv")))
    assert [(row["site_id"], row["demand_id"]) for row in table] == [("W", "p"), ("W", "q")]


def test_places_come_from_a_file_too(plain):
    minutes = raster(ask(plain, "minutes", ".tif", to=str(plain / "sites.csv")))
    assert minutes[5, 0] == pytest.approx(5)


def test_lay_workers_go_by_their_village_not_by_their_name(plain):
    (plain / "chws.csv").write_text("id,name,village,x,y\nC1,Ana,Mbale,500550,8499750\nC2,Ida,,501550,8499750\n")
    with (plain / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write('[chws]\nfile = "chws.csv"\n')
    told = rows(ask(plain, "routes", ".csv", starts="chws"))
    assert [(row["start_id"], row["start"]) for row in told] == [("C1", "Mbale"), ("C2", "C2")]


def test_the_wet_season_closes_seasonal_water(plain):
    river = gpd.read_file(plain / "water.gpkg").assign(intermittent="yes")
    river.to_file(plain / "water.gpkg")
    dry, wet = (raster(ask(plain, "minutes", ".tif", season=season)) for season in ("dry", "wet"))
    assert dry[0, RIVER] > 0 and wet[0, RIVER] == -1


@pytest.mark.parametrize(
    ("what", "ending"),
    [("minutes", ".tif"), ("nearest", ".tif"), ("kth", ".tif"), ("flows", ".tif"), ("isochrones", ".gpkg"),
     ("isochrones", ".geojson"), ("catchments", ".gpkg"), ("routes", ".gpkg"), ("routes", ".geojson"),
     ("routes", ".csv"), ("matrix", ".csv")],
)  # fmt: skip
def test_the_same_request_gives_the_same_bytes(plain, what, ending):
    first = ask(plain, what, ending, max_minutes=60.0, traveller="moto").read_bytes()
    assert ask(plain, what, ending, max_minutes=60.0, traveller="moto").read_bytes() == first
    assert not list(plain.glob(".*"))


def test_all_that_is_wrong_with_a_request_is_told_at_once(plain):
    request = Request("kth", "villages", plain / "x.csv", "nowhere", 2, traveller="bus", season="hot", k=0,
                      thresholds=(60.0, 30.0))  # fmt: skip
    with pytest.raises(InputFaults) as found:
        analysis.travel(plain / "scenario.toml", request)
    told = {fault.where.split(" ")[0]: str(fault) for fault in found.value.faults}
    assert list(told) == [
        "--out",
        "--tier",
        "--traveller",
        "--season",
        "--k",
        "--max-minutes",
        "--thresholds",
        "--starts",
    ]
    assert ".tif or .tiff" in told["--out"] and '"on foot", "moto"' in told["--traveller"]
    assert not (plain / "x.csv").exists()


@pytest.mark.parametrize("what", list(analysis.ENDINGS))
def test_each_result_has_its_own_formats(plain, what):
    with pytest.raises(InputFaults) as found:
        analysis.travel(plain / "scenario.toml", Request(what, "facilities", plain / "x.png", max_minutes=60.0))
    (fault,) = found.value.faults
    assert all(ending in fault.way_out for ending in analysis.ENDINGS[what])


@pytest.mark.parametrize(
    ("more", "told"),
    [({"to": "chws"}, "there are none on open ground"), ({"tier": 3}, "none of tier 3 or above")],
)
def test_a_search_needs_a_place_to_search_from(plain, more, told):
    with pytest.raises(InputFaults, match=told):
        ask(plain, "minutes", ".tif", **more)


def test_the_command_line_asks_for_all_of_it(plain, capsys):
    scenario, out = str(plain / "scenario.toml"), plain / "deep" / "rings.geojson"
    options = ["--to", "facilities", "--tier", "2", "--from-them", "--traveller", "moto", "--season", "wet",
               "--thresholds", "2,4", "--max-minutes", "60"]  # fmt: skip
    assert cli.main(["travel", scenario, *options, "--what", "isochrones", "--out", str(out)]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"Wrote {out}\n"
    assert "reading the files" in captured.err
    assert gpd.read_file(out)["to_minutes"].tolist() == [2, 4]
    assert cli.main(["travel", scenario, *options, "--what", "matrix", "--out", str(out)]) == 2
    assert "Let the name end in .csv." in capsys.readouterr().err


def test_what_was_left_out_is_said(plain, capsys):
    sites = points(("S", "South", at(5, 5), 0), ("T", "Far", at(500, 5), 0))
    (plain / "sites.csv").write_text(sites, encoding="utf-8")
    arguments = ["--to", str(plain / "sites.csv"), "--what", "minutes", "--out", str(plain / "x.tif")]
    assert cli.main(["travel", str(plain / "scenario.toml"), *arguments]) == 0
    said = capsys.readouterr().err
    assert "left out  points (sites.csv): rows more than 1 km outside the population raster" in said
    assert 'row 3 "Far": "500550.0, 8449950.0: 49.5 km outside the population raster"' in said


@pytest.mark.parametrize("thresholds", ["a", "30,", ""])
def test_thresholds_that_are_no_numbers_are_refused(thresholds, capsys):
    with pytest.raises(SystemExit):
        cli.main(["travel", "s.toml", "--to", "chws", "--what", "isochrones", "--out", "x", "--thresholds", thresholds])
    assert "expected minutes with commas between" in capsys.readouterr().err
