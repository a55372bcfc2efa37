from __future__ import annotations

import csv
import math

import pytest
from inputs.scene import make_scenario

from planner import inputs, scenario
from planner.errors import InputFaults
from planner.files import data_folder
from planner.types.inputs import Commodity

GENERIC = {
    "built_up", "bare", "cropland", "grass", "savanna", "shrub", "open_forest", "closed_forest", "wetland", "moss",
    "sparse", "snow_ice", "permanent_water", "seasonal_water",
}  # fmt: skip
TABLES = sorted([*(data_folder() / "speeds").glob("*.csv"), *(data_folder() / "iccm").glob("*.csv")])
LEGENDS = ["worldcover", "copernicus_lc100", "copernicus_dominant"]
WALKING = ["weiss_2020", "accessmod_manual", "accessmod_gpp", "geohealthaccess"]


def numbers_of(tmp_path, codes=(), roads=(), **sections):
    return inputs.read_numbers(make_scenario(tmp_path, **sections), tmp_path, codes, roads)


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
    numbers = numbers_of(tmp_path, [40, 80, -1], {"path", "motorway", "ferry"})
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
    assert numbers.care.episodes == {"pneumonia": 0.29, "diarrhoea": 2.8, "fever": 5.0}
    by_key = {each.key: each for each in numbers.assumptions}
    amoxicillin = (10 * 10 + 48 * 20) / 58
    lumefantrine = 0.43 * (34 * 6 + 24 * 12) / 58
    assert by_key["care.commodities.amoxicillin"].value == pytest.approx(amoxicillin, abs=0.005)
    assert by_key["care.commodities.al"].value == pytest.approx(lumefantrine, abs=0.005)
    assert by_key["care.commodities.ors"].unit == "sachets per episode"
    assert not by_key["care.episodes.fever"].verified
    assert by_key["care.episodes.pneumonia"].verified
    assert Commodity("zinc tablet 20 mg", "diarrhoea", 10.0, "tablets", 10) in numbers.care.commodities
    assert {each.illness for each in numbers.care.commodities} == set(numbers.care.episodes)


def test_codes_without_legend_and_classes_without_speed_are_told_together(tmp_path):
    (tmp_path / "l.csv").write_text("code,name,land_cover\n1,Town,built_up\n2,Sand,desert\n", encoding="utf-8")
    with pytest.raises(InputFaults) as raised:
        numbers_of(tmp_path, [1, 2, 3, 9], land_cover={"legend": "l.csv"})
    said = str(raised.value)
    assert "no entry for the land cover 3, 9" in said
    assert "no speed for the land cover desert" in said


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


@pytest.mark.parametrize("row", ["1.5,Half,shrub", "1,Again,shrub\n1,Twice,shrub", "x,None,shrub", "3,Blank,"])
def test_a_legend_with_doubtful_codes_is_a_fault(tmp_path, row):
    (tmp_path / "l.csv").write_text(f"code,name,land_cover\n{row}\n", encoding="utf-8")
    with pytest.raises(InputFaults, match="no whole number, repeated or without land_cover"):
        numbers_of(tmp_path, [1], land_cover={"legend": "l.csv"})
