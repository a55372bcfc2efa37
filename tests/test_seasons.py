"""A whole plan of a small place in two seasons, with areas closed, a load, and another table of speeds."""

from __future__ import annotations

import numpy as np
import pytest
from inputs.scene import PEOPLE, make_scenario, write_layer, write_tif
from shapely.geometry import LineString, box

from planner import pipeline

COVER = np.array([[40, 40, 40, 40, 40], [40, 60, 60, 60, 40], [40, 60, 20, 20, 40], [50, 50, 50, 50, 50]], np.uint8)
STREAM = LineString([(40.025, -10.0), (40.025, -10.04)])  # parts the place: a facility on each side


def plan_of(folder, **sections):
    write_tif(folder / "people.tif", PEOPLE)
    write_tif(folder / "cover.tif", COVER)
    write_layer(folder / "water.gpkg", [{"waterway": "river", "intermittent": "yes"}], [STREAM])
    scenario = make_scenario(
        folder,
        **{
            "land_cover": {"file": "cover.tif"},
            "water": {"file": "water.gpkg"},
            "placement": {"new_chws": 0},
            **sections,
        },
    )
    return pipeline.make_plan(scenario, folder)


def test_the_wet_season_is_slower_everywhere_and_seasonal_rivers_part_the_land(tmp_path):
    dry, wet = (plan_of(tmp_path, season={"name": season}) for season in ("dry", "wet"))
    there = np.isfinite(wet.to_facility.minutes)
    assert np.flatnonzero(~there).tolist() == [2, 7, 12, 17]  # the river's own cells
    assert np.isfinite(dry.to_facility.minutes).all()
    assert (wet.to_facility.minutes[there] >= dry.to_facility.minutes[there]).all()
    keys = {each.key: each.value for each in wet.assumptions}
    assert keys["season.land_cover.cropland"] == 0.667
    assert "season.land_cover.cropland" not in {each.key for each in dry.assumptions}


def test_a_closed_area_is_told_with_its_people_who_stand_on_a_barrier(tmp_path):
    write_layer(tmp_path / "flood.geojson", [{"id": 1}], [box(40.041, -10.009, 40.049, -10.001)])
    plan = plan_of(tmp_path, season={"no_go": "flood.geojson", "no_go_source": "made by hand"})
    assert np.flatnonzero(np.isinf(plan.to_facility.minutes)).tolist() == [4]
    assert dict(zip(plan.balance.lines, plan.balance.people, strict=True))["on a barrier"] == 4
    assert [(note.what, note.count) for note in plan.notes if note.where == "no-go areas"] == [
        ("people in areas that are closed to everybody in this season", 4)
    ]
    assert ("no-go areas", "made by hand") in [(source.role, source.citation) for source in plan.sources]


def test_a_load_of_a_half_doubles_every_walk(tmp_path):
    plain, loaded = (plan_of(tmp_path, walking={"load_factor": factor}) for factor in (1.0, 0.5))
    assert loaded.to_facility.minutes == pytest.approx(2 * plain.to_facility.minutes, rel=1e-5)


def test_the_comparison_is_what_a_plan_with_the_other_table_says(tmp_path):
    first = plan_of(tmp_path, walking={"compare_speeds": "rwanda"}).other_speeds
    second = plan_of(tmp_path, walking={"speeds": "rwanda", "compare_speeds": "weiss_2020"}).other_speeds
    assert first.tables == ("weiss_2020", "rwanda")
    assert first.people.tolist() == second.people[::-1].tolist()
    assert first.under_fives.tolist() == second.under_fives[::-1].tolist()
    assert (first.people[0] != first.people[1]).any()
    in_use = plan_of(tmp_path, walking={"speeds": "rwanda"})
    assert first.people[1].tolist() == in_use.coverage.people[0, :-1].sum(axis=0).tolist()
    assert plan_of(tmp_path, walking={"compare_speeds": ""}).other_speeds is None


def test_the_waits_of_a_traveller_with_a_vehicle_stand_among_the_numbers(tmp_path):
    plan = plan_of(tmp_path, travellers={"moto": {"ride": "motorbike", "wait_minutes": 5.0}})
    told = {each.key: (each.value, each.source) for each in plan.assumptions if each.key.startswith("travellers.")}
    assert told == {
        "travellers.moto.wait_minutes": (5.0, "set in the scenario"),
        "travellers.moto.alight_minutes": (1.0, "planner's choice"),
        "travellers.moto.ferry_wait_minutes": (60.0, "planner's choice"),
    }
