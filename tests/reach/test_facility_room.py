"""Facilities with so much room: a row of people between a full facility, one with room for all, and a CHW."""

import numpy as np
import pytest
from inputs.scene import make_scenario, write_tif

from planner import pipeline
from planner.errors import InputFaults
from planner.outputs import rows

LAT = -10.005


def plan_of(tmp_path, capacities, each=10.0, chws=()):
    # Ten people in each of 12 cells in a row, of 1.1 km and 13 minutes each; facilities at its ends.
    write_tif(tmp_path / "people.tif", np.full((1, 12), 10, np.float32))
    ends = zip(("A", "B"), (40.005, 40.115), capacities, strict=True)
    lines = [f"{name},{name},{LAT},{lon},1,{amount}" for name, lon, amount in ends]
    (tmp_path / "facilities.csv").write_text("\n".join(["id,name,lat,lon,tier,capacity", *lines]), encoding="utf-8")
    (tmp_path / "chws.csv").write_text("\n".join(["id,lat,lon", *(f"{i},{LAT},{lon}" for i, lon in chws)]))
    given = {"chws": {"file": "chws.csv"}} if chws else {}
    scenario = make_scenario(
        tmp_path, facilities={"file": "facilities.csv", "people_per_capacity": each}, walking={"slope": "none"},
        placement={"new_chws": 0}, reach={"max_minutes": 60.0}, audit={"people_per_chw": 25.0}, **given,
    )  # fmt: skip
    return pipeline.make_plan(scenario, tmp_path)


def test_a_full_facility_sends_people_to_the_next_one_within_reach(tmp_path):
    plan = plan_of(tmp_path, ("3", "100"))
    room = plan.reached.room
    assert room.of_facility.tolist() == [30, 1000]
    assert room.within[0, 0] == pytest.approx(100), "five cells at each end are within 60 min"
    assert room.served[0, 0] == pytest.approx(80) and room.at_facility == pytest.approx([30, 50])
    frame = rows.facilities(plan)
    assert frame["room_people"].tolist() == [30, 1000] and frame["room_taken"].tolist() == pytest.approx([30, 50])


def test_a_facility_without_a_capacity_has_room_for_all(tmp_path):
    room = plan_of(tmp_path, ("3", "")).reached.room
    assert room.of_facility.tolist() == [30, np.inf] and np.isnan(room.at_facility[1])
    assert room.served[0, 0] == pytest.approx(80)


def test_who_finds_no_room_at_the_facility_goes_to_a_chw(tmp_path):
    room = plan_of(tmp_path, ("3", "100"), chws=[("C", 40.045)]).reached.room
    assert room.served[1, 0] == pytest.approx(80 + 25), "the CHW serves 25, of whom the facility had no room for 20"
    assert room.full.tolist() == [0, 1, 1]


def test_as_many_people_find_room_as_room_is_taken(tmp_path):
    plan = plan_of(tmp_path, ("3", "2"))
    assert plan.reached.room.served[0, 0] == pytest.approx(plan.reached.room.at_facility.sum()) == pytest.approx(50)


def test_room_without_any_capacity_is_a_fault(tmp_path):
    with pytest.raises(InputFaults, match="no list of facilities has a capacity"):
        write_tif(tmp_path / "people.tif", np.full((1, 12), 10, np.float32))
        (tmp_path / "facilities.csv").write_text(f"id,name,lat,lon,tier\nA,A,{LAT},40.005,1\n", encoding="utf-8")
        asked = make_scenario(tmp_path, facilities={"file": "facilities.csv", "people_per_capacity": 1.0})
        pipeline.make_plan(asked, tmp_path)
