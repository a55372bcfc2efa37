"""Whom each CHW serves: by hand, and nobody twice or never."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from faults import scene
from hypothesis import given, settings
from hypothesis import strategies as st

from lands import make_land
from planner import community, pipeline, scenario_file
from planner.errors import InputFaults
from planner.outputs import community_rows, rows


def test_a_village_between_two_chws_is_counted_with_each_by_its_people():
    land = land_of(np.array([[10.0, 20, 30, 0, 5]]))
    catchment = np.array([0, 0, 1, 1, 1], np.int32)
    village = np.array([2, 2, 2, 2, -1], np.int32)
    found = community.served(catchment, village, np.array([0, 30, 15, 5, 60], np.float32), land)
    assert found.post.tolist() == [0, 1, 1]
    assert found.village.tolist() == [2, 2, -1]
    assert found.people.tolist() == [30, 30, 5]
    assert found.under_fives.tolist() == pytest.approx([6, 6, 1])
    assert found.minutes.tolist() == [20, 15, 60]  # 20 people walk 30 minutes, 10 none


def land_of(people):
    """Level land with these people, a fifth of them under five."""
    land = make_land(np.full(people.shape, 5.0))
    return replace(land, people=people.ravel(), under_fives=people.ravel() / 5)


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_everybody_of_a_catchment_stands_in_one_row(seed):
    dice = np.random.default_rng(seed)
    land = land_of(np.where(dice.random((4, 6)) < 0.3, 0, dice.lognormal(0, 2, (4, 6))))
    catchment, village = (dice.integers(-1, most, 24).astype(np.int32) for most in (4, 5))
    found = community.served(catchment, village, dice.random(24).astype(np.float32), land)
    rows = list(zip(found.post.tolist(), found.village.tolist(), strict=True))
    assert len(set(rows)) == len(rows)
    for post in range(4):
        own = found.post == post
        assert found.people[own].sum() == pytest.approx(land.people[catchment == post].sum(), rel=1e-12)
        assert found.under_fives[own].sum() == pytest.approx(land.under_fives[catchment == post].sum(), rel=1e-12)
        assert (np.diff(found.people[own]) <= 0).all()


def test_without_posts_nobody_is_served():
    none = np.full(24, -1, np.int32)
    found = community.served(none, none, np.zeros(24, np.float32), land_of(np.ones((4, 6))))
    assert len(found.post) == 0


COMMITTEES = "name,lat,lon\nCommittee of Lobi,-13.0121,34.0129\nChief of Dowa,-13.0171,34.0213\n"


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """The small district of the fault corpus, with committees and a list of villages that says more."""
    folder = tmp_path_factory.mktemp("district")
    made = scene.make(folder)
    (folder / "committees.csv").write_text(COMMITTEES, encoding="utf-8")
    rows = made.rows("villages.csv")
    for row in rows:
        row |= {"Language": "Yao" if row["name"] == "Lobi" else "", "Nomads": "yes" if row["name"] == "Lobi" else "n/a"}
    made.write_rows("villages.csv", rows)
    made.scenario["committees"] = {"file": "committees.csv"}
    made.scenario["report"] = {"include_names": True}
    made.scenario["villages"] |= {"carry": ["Language", "nomads"]}
    made.write_scenario()
    return pipeline.make_plan(scenario_file.load(folder / "scenario.toml"), folder)


def test_the_nearest_committee_stands_in_the_sheet_of_each_chw(plan):
    sheet = community_rows.sheets(plan).set_index("post_id")
    assert sheet.loc["C02", "committee"] == "Committee of Lobi"
    assert sheet.loc["C02", "committee_km"] == pytest.approx(0, abs=0.01)
    east = sheet.loc["C01"]  # Chipunga, 25 cells further east than Lobi
    assert east["committee"] == "Chief of Dowa"
    assert east["committee_km"] == pytest.approx(np.hypot(15 * 0.0903, 14 * 0.0922), rel=0.01)


def test_what_the_list_says_of_a_village_is_carried_to_its_tables(plan):
    villages = rows.villages(plan).set_index("village")["carried"]
    assert villages["Lobi"] == "Language: Yao; nomads: yes"
    assert villages["Dowa"] == ""
    assert community_rows.sheets(plan).set_index("post_id").loc["C02", "carried"] == "Language: Yao; nomads: yes"


def test_a_column_to_carry_that_is_not_there_is_told(tmp_path):
    made = scene.make(tmp_path)
    made.scenario["villages"]["carry"] = ["languge"]
    made.write_scenario()
    with pytest.raises(InputFaults, match='no column "languge"'):
        pipeline.check(tmp_path / "scenario.toml")
