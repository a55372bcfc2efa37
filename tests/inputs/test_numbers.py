from __future__ import annotations

import csv
import math
from dataclasses import replace

import numpy as np
import pytest
from inputs.scene import FRAME, make_scenario

from planner import inputs, scenario
from planner.errors import InputFaults
from planner.files import data_folder
from planner.inputs.roads import build
from planner.types.care import Commodity, Range
from planner.types.inputs import Layers

GENERIC = {
    "built_up", "bare", "cropland", "grass", "savanna", "shrub", "open_forest", "closed_forest", "wetland", "moss",
    "sparse", "snow_ice", "permanent_water", "seasonal_water",
}  # fmt: skip
TABLES = sorted([*(data_folder() / "speeds").glob("*.csv"), *(data_folder() / "iccm").glob("*.csv")])
TABLES = [path for path in TABLES if path.stem != "reach_presets"]  # rules of countries: words and numbers
LEGENDS = ["worldcover", "copernicus_lc100", "copernicus_dominant"]
WALKING = ["weiss_2020", "accessmod_manual", "accessmod_gpp", "geohealthaccess", "niger", "rwanda"]
RIDES = ["motorbike", "car", "bicycle", "car_gost", "car_accessmod_gpp"]
WET = {"season": {"name": "wet"}}


def layers_of(codes):
    """Each code on the same number of cells, row by row from the north; 2 people a cell."""
    people = np.full(FRAME.n, 2.0)
    land_cover = np.resize(np.asarray(codes, np.int16), FRAME.n) if len(codes) else None
    return Layers(FRAME, people, people / 4, None, land_cover)


def numbers_of(tmp_path, codes=(), roads=(), **sections):
    """Numbers of a place with these codes of land cover, and roads given by class or by tags."""
    tags = [{"highway": road} if isinstance(road, str) else road for road in roads]
    lines = np.full(len(tags), None, object)
    return inputs.read_numbers(make_scenario(tmp_path, **sections), tmp_path, layers_of(codes), build(lines, tags))


def used(numbers, *prefixes):
    return {each.key: each.value for each in numbers.assumptions if each.key.startswith(prefixes)}


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_every_shipped_number_has_unit_source_status_and_lies_in_its_range(path):
    for row in rows_of(path):
        assert row["unit"], row
        assert row["source"], row
        assert row["status"] in {"read", "recalled"}, row
        if row["low"]:
            assert float(row["low"]) <= float(row["value"]) <= float(row["high"]), row


@pytest.mark.parametrize("name", WALKING)
def test_every_walking_table_knows_every_class_of_every_legend(name):
    speeds = {row["key"]: float(row["value"]) for row in rows_of(data_folder() / "speeds" / f"walking_{name}.csv")}
    assert set(speeds) == GENERIC
    assert speeds["permanent_water"] == 0
    for legend in LEGENDS:
        assert {row["land_cover"] for row in rows_of(data_folder() / "legends" / f"{legend}.csv")} <= GENERIC


@pytest.mark.parametrize(
    ("section", "key", "names"),
    [
        (scenario.LandCover, "legend", LEGENDS),
        (scenario.Walking, "speeds", WALKING),
        (scenario.Walking, "road_speeds", ["accessmod_gpp"]),
    ],
)
def test_the_scenario_names_every_table_that_ships(section, key, names):
    shipped = {path.stem for path in [*TABLES, *(data_folder() / "legends").glob("*.csv")]}
    assert all(any(stem.endswith(name) for stem in shipped) for name in names)
    assert all(name in section.model_fields[key].description for name in names)


@pytest.mark.parametrize(
    ("legend", "codes"),
    [
        ("worldcover", {*range(10, 101, 10), 95}),
        ("copernicus_lc100", {*range(20, 101, 10), *range(111, 117), *range(121, 127), 200}),
        ("copernicus_dominant", set(range(1, 11))),
    ],
)
def test_legends_have_the_codes_of_their_product(legend, codes):
    assert {int(row["code"]) for row in rows_of(data_folder() / "legends" / f"{legend}.csv")} == codes


def test_codes_get_their_speeds_and_only_used_numbers_are_assumptions(tmp_path):
    numbers = numbers_of(tmp_path, [40, 80, -1], ["path", "motorway", "ferry"], walking={"compare_speeds": ""})
    assert numbers.walking.land_cover == {40: 2.5, 80: 0.0}
    assert numbers.walking.land_cover_names == {40: "Cropland", 80: "Permanent water bodies"}
    assert numbers.walking.roads["steps"] == 2
    assert "ferry" not in numbers.walking.roads
    assert numbers.walking.open_kmh == 5
    keys = [each.key for each in numbers.assumptions]
    assert [key for key in keys if key.startswith("walking.")] == [
        "walking.land_cover.cropland",
        "walking.land_cover.permanent_water",
        "walking.road.motorway",
        "walking.road.path",
    ]
    cropland = numbers.assumptions[0]
    assert (cropland.value, cropland.unit, cropland.low, cropland.high) == (2.5, "km/h", 1.5, 4)
    assert cropland.verified
    assert "Weiss et al. 2020" in cropland.source


def test_without_land_cover_no_speed_of_one_is_assumed(tmp_path):
    numbers = numbers_of(tmp_path, land_cover={"legend": "nothing of the kind"})
    assert numbers.walking.land_cover == {}
    assert {each.key.split(".")[0] for each in numbers.assumptions} == {"care"}


def test_care_numbers_add_up_by_hand(tmp_path):
    numbers = numbers_of(tmp_path)
    assert numbers.care.episodes == {
        "pneumonia": Range(0.29, 0.22, 0.29),
        "diarrhoea": Range(2.8, 2.7, 2.9),
        "fever": Range(5.0, 1.95, 5.0),
    }
    by_key = {each.key: each for each in numbers.assumptions}
    amoxicillin = (10 * 10 + 48 * 20) / 58
    lumefantrine = 0.43 * (34 * 6 + 24 * 12) / 58
    assert by_key["care.commodities.amoxicillin"].value == pytest.approx(amoxicillin, abs=0.005)
    assert by_key["care.commodities.al"].value == pytest.approx(lumefantrine, abs=0.005)
    assert by_key["care.commodities.ors"].unit == "sachets per episode"
    assert not by_key["care.episodes.fever"].verified
    assert by_key["care.episodes.pneumonia"].verified
    assert Commodity("zinc tablet 20 mg", "diarrhoea", 10.0, "tablets", 10, 0.5) in numbers.care.commodities
    assert {each.illness for each in numbers.care.commodities} == set(numbers.care.episodes)


def test_codes_without_legend_and_classes_without_speed_are_told_together(tmp_path):
    (tmp_path / "l.csv").write_text("code,name,land_cover\n1,Town,built_up\n2,Sand,desert\n", encoding="utf-8")
    with pytest.raises(InputFaults) as raised:
        numbers_of(tmp_path, [1, 2, 3, 9], land_cover={"legend": "l.csv"})
    said = str(raised.value)
    assert "land cover 3 (25.0 % of the area, 10 people), 9 (25.0 % of the area, 10 people)." in said
    assert (
        "walking.speeds (weiss_2020): has no speed for the land cover desert (25.0 % of the area, 10 people);" in said
    )


def test_tables_of_the_user_need_only_keys_and_values(tmp_path):
    (tmp_path / "l.csv").write_text("code;name;land_cover\n1;Town;town\n", encoding="utf-8")
    (tmp_path / "s.csv").write_text("key;value\ntown;4,5\n", encoding="utf-8")
    (tmp_path / "r.csv").write_text("key,value,source,status\nMain,5,Survey 2023,read\n", encoding="utf-8")
    walking = {"speeds": "s.csv", "road_speeds": "r.csv"}
    numbers = numbers_of(tmp_path, [1], ["Main"], land_cover={"legend": "l.csv"}, walking=walking)
    assert numbers.walking.land_cover == {1: 4.5}
    town, main, *_ = numbers.assumptions
    assert (town.source, town.verified) == ("s.csv, no source given", False)
    assert math.isnan(town.low)
    assert (main.source, main.verified) == ("Survey 2023", True)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("town,-1,,", "speeds on foot below 0 or above 15 km/h: town -1"),
        ("town,15.5,,", "town 15.5"),
        ("town,nan,,", 'row 2 "town"'),
        ("town,inf,,", 'row 2 "town"'),
        ("town,,,", 'row 2 "town"'),
        ("town,4,x,", 'row 2 "town"'),
        ("town,4,,guessed", 'row 2 "town"'),
        ("town,4,,\ntown,5,,", 'row 3 "town"'),
    ],
)
def test_numbers_that_cannot_be_are_faults(tmp_path, rows, said):
    (tmp_path / "r.csv").write_text(f"key,value,low,status\n{rows}\n", encoding="utf-8")
    with pytest.raises(InputFaults) as raised:
        numbers_of(tmp_path, walking={"road_speeds": "r.csv"})
    assert said in str(raised.value)


def test_unknown_names_of_tables_are_faults_with_a_suggestion(tmp_path):
    with pytest.raises(InputFaults) as raised:
        numbers_of(
            tmp_path, [10], land_cover={"legend": "worldcove"}, walking={"speeds": "weis", "road_speeds": "none.csv"}
        )
    said = str(raised.value)
    assert (
        "legend (worldcove): the planner has no such table; it has copernicus_dominant, copernicus_lc100, worldcover"
        in said
    )
    assert 'Did you mean "worldcover"?' in said
    assert "none.csv: there is no such file" in said
    assert "walking (weis): the planner has no such table; it has accessmod_gpp, accessmod_manual," in said
    assert 'Did you mean "weiss_2020"?' in said


@pytest.mark.parametrize("row", ["1.5,Half,shrub", "1,Again,shrub\n1,Twice,shrub", "x,None,shrub", "3,Blank,"])
def test_a_legend_with_doubtful_codes_is_a_fault(tmp_path, row):
    (tmp_path / "l.csv").write_text(f"code,name,land_cover\n{row}\n", encoding="utf-8")
    with pytest.raises(InputFaults, match="no whole number, repeated or without land_cover"):
        numbers_of(tmp_path, [1], land_cover={"legend": "l.csv"})


def test_the_share_of_a_class_is_one_of_the_area_and_not_of_the_cells(tmp_path):
    frame = replace(FRAME, north=80.0, dy=20.0, ny=4, nx=1)  # centres at 70, 50, 30 and 10 degrees north
    codes = np.array([3, 40, 40, -1], np.int16)
    people = np.array([7.0, np.nan, 1.0, 1.0])
    layers = Layers(frame, people, people, None, codes)
    width = np.cos(np.radians([70, 50, 30]))
    with pytest.raises(InputFaults, match=rf"3 \({100 * width[0] / width.sum():.1f} % of the area, 7 people\)"):
        inputs.read_numbers(make_scenario(tmp_path), tmp_path, layers, build(np.empty(0, object), []))


@pytest.mark.parametrize("name", RIDES)
def test_every_ride_has_the_common_classes_of_roads_and_none_is_faster_than_its_kind(name):
    speeds = {row["key"]: float(row["value"]) for row in rows_of(data_folder() / "speeds" / f"ride_{name}.csv")}
    common = {"trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "service", "track", "ferry"}
    assert common <= set(speeds)
    assert not {"footway", "steps"} & set(speeds)
    assert max(speeds.values()) <= (15 if name == "bicycle" else 130)
    assert ("path" in speeds) == (name in {"motorbike", "bicycle", "car_gost"})


def test_the_wet_season_of_niger_is_the_published_pair(tmp_path):
    dry, wet = (
        numbers_of(tmp_path, [50, 40, 20], ["path"], walking={"speeds": "niger"}, season={"name": season}).walking
        for season in ("dry", "wet")
    )
    assert dry.land_cover == {50: 4.0, 40: 3.0, 20: 1.5}
    assert wet.land_cover == pytest.approx({50: 3.0, 40: 2.0, 20: 1.0}, rel=0.001)
    assert wet.roads == dry.roads


def test_factors_of_the_wet_season_stand_among_the_numbers_where_they_are_used(tmp_path):
    (tmp_path / "w.csv").write_text(
        "key,value\nland_cover.cropland,0.5\nland_cover.moss,0\nsurface.mud,0.25\nsurface.sand,0.5\n"
        "highway.track,0\nhighway.path,0.75\n",
        encoding="utf-8",
    )
    wet = {"season": {"name": "wet", "wet_factors": "w.csv"}}
    roads = [{"highway": "track", "surface": "mud"}, "primary"]
    walking = {"compare_speeds": ""}
    numbers = numbers_of(tmp_path, [40], roads, walking=walking, **wet)
    assert numbers.walking.land_cover == {40: 1.25}
    assert (numbers.walking.roads["track"], numbers.walking.roads["path"]) == (0.0, 3.0)
    assert numbers.walking.surface == {"mud": 0.25, "sand": 0.5}
    assert used(numbers, "season.") == {
        "season.land_cover.cropland": 0.5, "season.surface.mud": 0.25, "season.highway.track": 0.0,
    }  # fmt: skip
    dry = numbers_of(tmp_path, [40], roads, walking=walking, season={"name": "dry", "wet_factors": "w.csv"})
    assert (dry.walking.land_cover, dry.walking.surface, used(dry, "season.")) == ({40: 2.5}, {}, {})


@pytest.mark.parametrize("rows", ["surface.mud,1.5", "surface.mud,-1", "mud,0.5", "weather.rain,0.5", "surface.,0.5"])
def test_factors_that_cannot_be_are_faults(tmp_path, rows):
    (tmp_path / "w.csv").write_text(f"key,value\n{rows}\n", encoding="utf-8")
    with pytest.raises(InputFaults) as raised:
        numbers_of(tmp_path, season={"name": "wet", "wet_factors": "w.csv"})
    key, value = rows.split(",")
    assert str(raised.value) == (
        "w.csv: has factors below 0 or above 1, or keys that do not begin with land_cover., surface., highway.: "
        f"{key} {value}. Correct them; 1 changes nothing, 0 is impassable."
    )


def test_a_load_slows_every_step_and_off_the_path_ground_but_not_roads(tmp_path):
    plain = numbers_of(tmp_path, [40], ["path"]).walking
    loaded = numbers_of(tmp_path, [40], ["path"], walking={"load_factor": 0.8}).walking
    off_path = numbers_of(tmp_path, [40], ["path"], walking={"slope": "tobler_off_path"})
    assert loaded.land_cover[40] == pytest.approx(0.8 * plain.land_cover[40])
    assert (loaded.roads["path"], loaded.open_kmh) == (pytest.approx(0.8 * plain.roads["path"]), pytest.approx(4.0))
    assert off_path.walking.land_cover[40] == pytest.approx(0.6 * plain.land_cover[40])
    assert (off_path.walking.roads, off_path.walking.open_kmh) == (plain.roads, pytest.approx(3.0))
    assert used(off_path, "walking.off_path") == {"walking.off_path": 0.6}


def test_a_traveller_rides_at_the_speeds_of_the_table_and_what_the_road_is_like(tmp_path):
    roads = [{"highway": "primary", "surface": "gravel", "smoothness": "bad"}, "path", "footway"]
    travellers = {"moto": {"ride": "motorbike"}, "walker": {}}
    numbers = numbers_of(tmp_path, [], roads, travellers=travellers)
    assert list(numbers.rides) == ["moto"]
    ride = numbers.rides["moto"]
    assert (ride.roads["primary"], ride.roads["path"], ride.roads["ferry"]) == (70, 10, 5)
    assert "footway" not in ride.roads
    assert (ride.surface["gravel"], ride.smoothness["impassable"], ride.tracktype["grade5"]) == (0.7, 0, 0.6)
    assert used(numbers, "ride.") == {
        "ride.motorbike.highway.primary": 70, "ride.motorbike.highway.path": 10, "ride.motorbike.surface.gravel": 0.7,
        "ride.motorbike.smoothness.bad": 0.6,
    }  # fmt: skip


def test_a_bicycle_that_feels_the_slope_brings_its_numbers_and_asks_for_heights(tmp_path):
    travellers = {"bike": {"ride": "bicycle", "slope": "bicycle_power"}, "moto": {"ride": "motorbike"}}
    level = numbers_of(tmp_path, [], travellers=travellers)
    assert level.rides["moto"].bicycle is None
    assert (level.rides["bike"].bicycle.rider_kg, level.rides["bike"].bicycle.rolling_resistance) == (80, 0.012)
    assert used(level, "ride.bicycle_power.rider_kg") == {"ride.bicycle_power.rider_kg": 80}
    assert [(note.level, note.where) for note in level.notes] == [("warning", "travellers.bike")]
    hilly = numbers_of(tmp_path, [], travellers=travellers, elevation={"file": "dem.tif"})
    assert hilly.notes == ()


def test_road_surfaces_without_a_factor_are_noted(tmp_path):
    roads = [{"highway": "track", "surface": surface} for surface in ("sand", "gravel", "", "earth", "sand")]
    numbers = numbers_of(tmp_path, [], roads, travellers={"moto": {"ride": "motorbike"}})
    assert [(note.where, note.what, note.count) for note in numbers.notes] == [
        ("ride (motorbike)", "road surfaces without a factor, ridden as if they had the factor 1: earth, sand", 3)
    ]


def test_the_wet_season_slows_rides_by_road_class_and_surface(tmp_path):
    (tmp_path / "w.csv").write_text(
        "key,value\nsurface.mud,0.25\nsurface.gravel,0.5\nhighway.track,0\nland_cover.moss,0\n", encoding="utf-8"
    )
    wet = {"name": "wet", "wet_factors": "w.csv"}
    ride = numbers_of(tmp_path, travellers={"car": {"ride": "car"}}, season=wet).rides["car"]
    assert (ride.roads["track"], ride.roads["primary"]) == (0, 70)
    assert ride.surface["gravel"] == pytest.approx(0.35)
    assert (ride.surface["mud"], ride.surface["asphalt"]) == (0.25, 1)


def test_a_table_of_rides_of_the_user_may_have_its_own_factors(tmp_path):
    (tmp_path / "donkey.csv").write_text("key,value\ntrack,6\nsurface.gravel,1\n", encoding="utf-8")
    ride = numbers_of(tmp_path, travellers={"donkey": {"ride": "donkey.csv"}}).rides["donkey"]
    assert ride.roads == {"track": 6}
    assert (ride.surface["gravel"], ride.surface["ground"]) == (1, 0.7)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("track,131", "speeds of a vehicle below 0 or above 130 km/h: track 131"),
        ("surface.gravel,7", "surface., smoothness., tracktype.: surface.gravel 7"),
    ],
)
def test_rides_that_cannot_be_are_faults(tmp_path, row, said):
    (tmp_path / "r.csv").write_text(f"key,value\n{row}\n", encoding="utf-8")
    with pytest.raises(InputFaults) as raised:
        numbers_of(tmp_path, travellers={"x": {"ride": "r.csv"}})
    assert said in str(raised.value)


def test_unknown_rides_and_seasons_are_told_with_what_there_is(tmp_path):
    with pytest.raises(InputFaults) as raised:
        numbers_of(tmp_path, travellers={"x": {"ride": "motorbik"}}, season={"name": "wet", "wet_factors": "nigeria"})
    assert [str(fault) for fault in raised.value.faults] == [
        'wet (nigeria): the planner has no such table; it has niger. Did you mean "niger"?',
        "ride (motorbik): the planner has no such table; it has bicycle, car, car_accessmod_gpp, car_gost, motorbike. "
        'Did you mean "motorbike"?',
    ]


def test_a_second_table_is_read_to_compare_with_and_is_as_wet_and_loaded(tmp_path):
    numbers = numbers_of(tmp_path, [40], ["path"], walking={"load_factor": 0.5}, **WET)
    assert numbers.walking.land_cover[40] == pytest.approx(2.5 * 0.5 * 0.667)
    assert numbers.compared.land_cover[40] == pytest.approx(4 * 0.5 * 0.667)
    assert numbers.compared.roads == numbers.walking.roads
    assert used(numbers, "walking.compared.") == {"walking.compared.cropland": 4}


@pytest.mark.parametrize("walking", [{"compare_speeds": ""}, {"speeds": "accessmod_manual"}])
def test_nothing_is_compared_with_nothing_or_with_itself(tmp_path, walking):
    assert numbers_of(tmp_path, [40], walking=walking).compared is None
    assert numbers_of(tmp_path).compared is None


def test_a_second_table_that_lacks_a_class_is_left_out_and_that_is_noted(tmp_path):
    (tmp_path / "s.csv").write_text("key,value\nshrub,3\n", encoding="utf-8")
    numbers = numbers_of(tmp_path, [40, 20], walking={"compare_speeds": "s.csv"})
    assert numbers.compared is None
    assert [(note.level, note.where, note.what, note.count) for note in numbers.notes] == [
        ("left out", "s.csv", "has no speed for cropland: the answer is not compared with it", 1)
    ]


def test_the_tables_in_use_are_shown_dry_and_wet(tmp_path):
    scenario = make_scenario(tmp_path, travellers={"moto": {"ride": "motorbike"}, "taxi": {"ride": "motorbike"}})
    tables = {table.title: table for table in inputs.speed_tables(scenario, tmp_path)}
    assert list(tables) == [
        "on foot by land cover: weiss_2020",
        "on foot by road class: accessmod_gpp",
        "moto, taxi by road class: motorbike",
        "moto, taxi, times what the road is like",
        "wet season, times: niger",
    ]
    ground = tables["on foot by land cover: weiss_2020"]
    crop = [row.key for row in ground.rows].index("cropland")
    assert (ground.rows[crop].value, ground.wet[crop]) == (2.5, pytest.approx(1.667, abs=0.001))
    assert tables["wet season, times: niger"].rows[0].key == "land_cover.built_up"
    assert tables["moto, taxi, times what the road is like"].wet == ()


def test_the_shipped_tables_are_listed_by_the_key_that_takes_them():
    listed = inputs.shipped_speeds()
    assert listed["walking.speeds"] == sorted(WALKING)
    assert listed["walking.road_speeds"] == ["accessmod_gpp"]
    assert listed["season.wet_factors"] == ["niger"]
    assert listed["travellers.NAME.ride"] == sorted(RIDES)
