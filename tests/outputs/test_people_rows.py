from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outputs.tiny import bare_plan, tiny_plan
from planner.outputs import layers, people_rows, people_tables
from planner.outputs.plan_json import plan_json
from planner.outputs.report import report_html
from planner.outputs.rounding import adding_up, adding_up_both_ways
from planner.outputs.tables import tables
from planner.types.people import Moving, PeopleRecord, Rescaling
from planner.types.results import Plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return tiny_plan()


def test_the_lines_of_the_people_balance_add_up_to_the_raster(plan):
    frame = people_rows.balance(plan)
    lines, total = frame.iloc[:-1], frame.iloc[-1]
    assert lines["people"].sum() == pytest.approx(total["people"], rel=1e-12)
    assert total["people"] == plan.land.people.sum() == 2614.0
    assert lines["share_percent"].sum() == pytest.approx(100)
    assert lines["cells"].sum() == total["cells"] == plan.land.frame.n


def prepared(plan: Plan) -> Plan:
    """The tiny plan, as if its people had been rescaled and some of them moved."""
    by = [np.array(each, float) for each in ([1000, 1600], [1014, 1600], [160, 256], [170, 256])]
    moving = Moving(300.0, *(np.array(each, float) for each in ([5, 0, 0], [1, 0, 0])), np.array([2, 0, 0], np.int32),
                    *(np.array(each) for each in ([120.0, np.nan, np.nan], [200.0, np.nan, np.nan], [1.0, 2, 0],
                                                  [0.2, 0.4, 0])))  # fmt: skip
    step = Rescaling("totals of census.csv", ("W", ""), ("West", "everybody else"), *by)
    return replace(plan, people=PeopleRecord((step,), moving), balance=replace(plan.balance, raster=2600.0))


def test_where_people_were_rescaled_the_balance_leads_back_to_the_raster(plan):
    frame = people_rows.balance(prepared(plan))
    assert frame["line"].tolist()[-3:] == ["total", "added by rescaling", "total of the raster"]
    assert frame["people"].tolist()[-3:] == [2614.0, 14.0, 2600.0]
    assert frame["under_fives"].tolist()[-1] == 416
    assert frame["under_fives"].tolist()[-2] == pytest.approx(plan.land.under_fives.sum() - 416)


def test_who_was_rescaled_and_who_was_moved_stands_in_tables_and_report(plan):
    done = prepared(plan)
    frame = people_rows.rescaled(done)
    assert frame["area"].tolist() == ["West", "everybody else"]
    assert frame["factor"].tolist() == pytest.approx([1.014, 1.0])
    assert frame["people_added"].sum() == 14
    assert people_rows.moved(done)["left_people"].tolist() == [1, 2]
    names = {table.name for table in tables(done)}
    assert {"Rescaled people", "Moved people", "Balance by area"} <= names
    page, plain = report_html(done), report_html(plan)
    assert "× 1.01" in page and 'id="rescaled"' in page and 'id="moved"' in page
    assert 'id="rescaled"' not in plain and 'id="moved"' not in plain
    assert json.loads(plan_json(done, {}))["moved_people"][1]["mean_metres"] is None


def test_the_balance_by_area_adds_up_in_rows_and_columns(plan):
    frame = people_rows.balance_by_area(plan)
    assert frame["area"].tolist() == ["West", "East", "outside all areas", "total"]
    lines = [name.replace(" ", "_") for name in plan.balance.lines]
    assert frame[lines].sum(axis=1).tolist() == pytest.approx(frame["people"].tolist(), rel=1e-12)
    numbers = frame.drop(columns=["area_code", "area", "parent"])
    assert numbers.iloc[:-1].sum().tolist() == pytest.approx(numbers.iloc[-1].tolist(), rel=1e-12)
    assert frame["people"].iloc[-1] == 2614.0
    assert frame["on_a_barrier"].tolist() == [0, 4.5, 0, 4.5]


def test_the_table_of_villages_adds_up_to_all_people_and_all_who_are_hard_to_reach(plan):
    frame = people_rows.villages_and_scattered(plan)
    assert frame["village"].tolist()[-3:] == ["scattered"] * 3
    assert frame["area"].tolist()[-3:] == ["West", "East", "outside all areas"]
    assert frame["people"].sum() == pytest.approx(2614.0, rel=1e-12)
    assert frame["under_fives"].sum() == pytest.approx(plan.land.under_fives.sum(), rel=1e-12)
    assert frame["hard_people"].sum() == pytest.approx(plan.land.people[plan.hard_to_reach].sum(), rel=1e-12)


def test_without_areas_and_villages_all_people_are_scattered_in_one_row():
    plan = bare_plan()
    frame = people_rows.villages_and_scattered(plan)
    assert frame[["village", "area"]].to_numpy().tolist() == [["scattered", "outside all areas"]]
    assert frame["people"].sum() == pytest.approx(plan.land.people.sum(), rel=1e-12)
    assert people_rows.balance_by_area(plan)["people"].tolist() == pytest.approx([2614.0, 2614.0])


def test_the_layer_of_areas_says_who_is_scattered_and_who_stands_on_a_barrier(plan):
    areas = layers.areas(plan)
    alone = people_rows.scattered(plan).set_index("area")["people"]
    assert areas["scattered"].tolist() == [alone["West"], alone["East"]]
    assert areas["on_a_barrier"].tolist() == [0, 4.5]


def test_the_printed_lines_add_up_to_the_printed_total(plan):
    printed = people_tables.balance(plan)
    people = [int(row[1].replace(",", "")) for row in printed.rows]
    assert sum(people[:-1]) == people[-1] == 2614


def test_the_printed_areas_add_up_down_the_page_too(plan):
    printed = people_tables.balance_by_area(plan)
    for column in np.flatnonzero(printed.numeric):
        people = [int(row[column].replace(",", "")) for row in printed.rows]
        assert sum(people[:-1]) == people[-1], printed.headers[column]


@given(st.lists(st.floats(0, 1e9), max_size=12))
def test_rounded_parts_add_up_to_the_rounded_sum_and_none_is_off_by_one(parts):
    rounded = adding_up(parts)
    assert sum(rounded) == round(float(np.sum(parts)))
    assert all(abs(whole - part) < 1 + 1e-6 for whole, part in zip(rounded, parts, strict=True))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 8), st.integers(1, 6))
def test_a_rounded_table_adds_up_across_and_down_and_no_number_is_off_by_one(seed, rows, columns):
    dice = np.random.default_rng(seed)
    exact = dice.lognormal(2, 3, (rows, columns)) * (dice.random((rows, columns)) < 0.7)
    whole = adding_up_both_ways(exact)
    assert (np.abs(whole - exact) < 1).all() and (whole == np.round(whole)).all()
    assert (np.abs(whole.sum(axis=1) - exact.sum(axis=1)) < 1).all()
    assert (np.abs(whole.sum(axis=0) - exact.sum(axis=0)) < 1).all()
    assert abs(whole.sum() - exact.sum()) < 1
    assert whole[exact == np.floor(exact)].tolist() == exact[exact == np.floor(exact)].tolist()


def test_the_table_by_area_adds_up_as_it_is_printed(plan):
    printed = people_tables.balance_by_area(plan)
    numbers = np.array([[int(cell.replace(",", "")) for cell in row[2:]] for row in printed.rows])
    assert numbers[:, 1:].sum(axis=1).tolist() == numbers[:, 0].tolist()
    assert numbers[:-1].sum(axis=0).tolist() == numbers[-1].tolist()
    lines = {row[0]: int(row[1].replace(",", "")) for row in people_tables.balance(plan).rows}
    assert numbers[-1, 1:].tolist() == [n for line, n in lines.items() if n and line != "total"]
