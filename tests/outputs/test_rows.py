from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from outputs.tiny import bare_plan, tiny_plan
from planner.outputs import referral_rows, rows, supply_rows
from planner.outputs.columns import COLUMNS
from planner.outputs.headline import headline
from planner.outputs.tables import tables
from planner.scenario import Traveller
from planner.types.inputs import Note
from planner.types.results import Plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return tiny_plan()


def test_gains_of_the_proposed_posts_add_up_to_what_the_placement_covers(plan):
    frame = rows.posts(plan)
    assert frame["new_people"].sum() == pytest.approx(plan.placement.covered)
    assert frame["rank"].dropna().tolist() == [1, 2]
    assert frame.loc[~frame["proposed"], ["rank", "new_people", "new_under_fives"]].isna().all(axis=None)


def test_coverage_by_area_adds_up_to_coverage_of_all_areas(plan):
    by_area = rows.coverage_by_area(plan)
    inside = by_area[by_area["area"] != rows.OUTSIDE]
    sums = inside.groupby(["care", "within_minutes"], sort=False)
    total = rows.coverage(plan)
    for column in ("people_within", "people", "under_fives_within", "under_fives"):
        assert sums[column].sum().tolist() == pytest.approx(total[column].tolist())


def test_coverage_of_areas_and_of_those_outside_adds_up_to_the_raster(plan):
    one = rows.coverage_by_area(plan)
    one = one[(one["care"] == "facilities") & (one["within_minutes"] == 60)]
    assert one["area"].tolist() == ["West", "East", rows.OUTSIDE]
    assert one["people"].sum() == pytest.approx(plan.land.people.sum())


def test_the_table_in_use_has_the_coverage_of_the_facilities(plan):
    both, cover = rows.other_speeds(plan), rows.coverage(plan)
    in_use = both[both["speeds"] == "weiss_2020"].drop(columns="speeds").reset_index(drop=True)
    facilities = cover[cover["care"] == "facilities"].drop(columns="care").reset_index(drop=True)
    for column in in_use:
        assert in_use[column].tolist() == pytest.approx(facilities[column].tolist()), column
    assert both["speeds"].unique().tolist() == ["weiss_2020", "accessmod_manual"]
    assert rows.other_speeds(bare_plan()).empty


def test_the_headline_says_what_coverage_says(plan):
    said = {figure.key: figure.amount for figure in headline(plan)}
    frame = rows.coverage(plan)
    at_60 = frame[frame["within_minutes"] == 60]["people_within"].tolist()
    assert [said["facility_people"], said["today_people"], said["plan_people"]] == pytest.approx(at_60)
    assert said["people"] == pytest.approx(frame["people"][0])


def test_people_are_hard_to_reach_where_they_live_and_villages_at_their_centre(plan):
    said = {figure.key: figure.amount for figure in headline(plan)}
    everybody_in_the_east = 640 + 410.5 + 275 + 120 + 4.5 + 12 + 69 * 1.5  # villages, barrier, island, other cells
    west = np.flatnonzero(plan.hard_to_reach & (plan.land.area == 0))
    assert (plan.land.people[west] == 1.5).all() and len(west) == 34  # none of them in a village
    assert said["hard_people"] == everybody_in_the_east + 34 * 1.5
    assert said["hard_under_fives"] == pytest.approx(0.16 * said["hard_people"])
    assert said["hard_villages"] == 4
    assert rows.villages(plan).set_index("village_id")["hard_people"].to_dict() == {
        "V2": 640, "V3": 410.5, "V4": 275, "R0001": 120, "V1": 0,
    }  # fmt: skip


def test_headline_keys_are_unique(plan):
    keys = [figure.key for figure in headline(plan)]
    assert len(set(keys)) == len(keys)


def test_hard_to_reach_villages_come_first_by_under_fives(plan):
    frame = rows.villages(plan)
    assert frame["village_id"].tolist() == ["V2", "V3", "V4", "R0001", "V1"]
    assert rows.hard(plan)["village_id"].tolist() == ["V2", "V3", "V4", "R0001"]


def test_a_village_says_which_post_serves_it(plan):
    served = rows.villages(plan).set_index("village_id")
    assert served["served_by"].to_dict() == {
        "V1": "CHW-01",
        "V2": "CHW-02",
        "V3": "NEW-01",
        "V4": "NEW-02",
        "R0001": "",
    }
    assert served.index[served["served_by_proposed"]].tolist() == ["V3", "V4"]


def test_a_village_off_the_grid_is_served_by_nobody():
    plan = tiny_plan()
    cell = plan.villages.cell.copy()
    cell[0] = -1
    village = rows.villages(replace(plan, villages=replace(plan.villages, cell=cell))).set_index("village_id").loc["V1"]
    assert village["served_by"] == ""
    assert not village["served_by_proposed"]
    assert np.isnan(village["minutes_with_plan"])


def test_a_post_without_a_way_to_a_facility_keeps_its_row(plan):
    stranded = replace(
        plan.referrals[0],
        facility=np.full(4, -1, np.int32),
        minutes=np.full(4, np.inf, np.float32),
        metres=np.full(4, np.inf),
    )
    frame = referral_rows.referrals(replace(plan, referrals=(stranded,)))
    assert frame["post_id"].tolist() == list(plan.posts.id)
    assert frame["facility"].eq("").all()
    assert np.isinf(frame[["minutes", "km"]]).all(axis=None)


def test_people_who_reach_a_facility_first_add_up_to_those_who_reach_any(plan):
    reached = np.isfinite(plan.to_facility.minutes)
    assert rows.facilities(plan)["people_first"].sum() == pytest.approx(plan.land.people[reached].sum())


def test_what_the_facilities_hand_out_is_what_the_posts_need(plan):
    by_post, by_facility = supply_rows.supply(plan), supply_rows.store(plan)
    for column in ("units_month", "units_use_month", "packs", "units_delivery"):
        assert by_facility.groupby("item")[column].sum().to_dict() == pytest.approx(
            by_post.groupby("item")[column].sum().to_dict()
        )


def test_all_children_who_are_referred_are_received_by_a_facility_or_have_no_way(plan):
    table = supply_rows.received(plan)
    for k, end in enumerate(supply_rows.ENDS):
        assert table[f"referred_year{end}"].sum() == pytest.approx(12 * plan.supply.referred[k].sum())


def test_the_share_of_nobody_is_unknown_and_not_nought():
    assert np.isnan(rows.percent(0.0, 0.0))


def test_a_key_of_the_scenario_says_what_it_means_and_whose_minutes_it_counts(plan):
    keys = ("reach.max_minutes", "placement.max_minutes", "supervision.max_minutes", "speeds.made_up")
    numbers = tuple(replace(plan.assumptions[0], key=key) for key in keys)
    frame = rows.assumptions(replace(plan, assumptions=numbers))
    assert frame["meaning"].tolist() == [
        "to the nearest facility, as the plan's traveller goes",
        "on foot to a CHW",
        "one way, as that traveller goes, for a visit within a day",
        "",
    ]


def test_a_number_of_a_traveller_says_what_it_means(plan):
    scenario = plan.scenario.model_copy(update={"travellers": {"moto no. 1": Traveller(ride="motorbike")}})
    number = replace(plan.assumptions[0], key="travellers.moto no. 1.wait_minutes")
    frame = rows.assumptions(replace(plan, scenario=scenario, assumptions=(number,)))
    assert frame["meaning"].tolist() == ["for a vehicle, each time one is boarded; none on burned roads"]


def test_the_own_name_of_a_post_never_leaves(plan):
    secret = replace(plan, posts=replace(plan.posts, name=("Grace Banda",) * 4))
    for table in tables(secret):
        assert "Grace Banda" not in table.rows.to_csv(), table.name


@pytest.mark.parametrize("make", [tiny_plan, bare_plan])
def test_every_column_has_one_header_and_every_table_a_sheet_name(make):
    all_tables = tables(make())
    assert {column for table in all_tables for column in table.rows.columns} <= set(COLUMNS)
    assert all(0 < len(table.name) <= 31 for table in all_tables)
    for table in all_tables:
        headers = [COLUMNS[column].header for column in table.rows.columns]
        assert len(set(headers)) == len(headers), table.name


def test_every_note_stands_in_the_checks(plan):
    notes = (*plan.notes, Note("info", "roads.gpkg", "read", 7))
    assert len(rows.checks(replace(plan, notes=notes))) == 4
