"""Cases, supplies and hours of CHWs: by hand, and what always adds up."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import supply
from planner.scenario import SupplyRule, Workload
from planner.types.care import CareNumbers, Commodity, Range
from planner.types.frame import Frame
from planner.types.land import Land

CARE = CareNumbers(
    episodes={"malaria": Range(1.2, 0.6, 2.4), "diarrhoea": Range(2.4, 2.4, 2.4)},
    commodities=(
        Commodity("ACT", "malaria", 6.0, "tablet", 12, 1.0),
        Commodity("gloves", "malaria", 2.0, "pair", 50, 10.0),
        Commodity("zinc", "diarrhoea", 10.0, "tablet", 100, 0.5),
        Commodity("gloves", "diarrhoea", 1.0, "pair", 50, 10.0),
    ),
    seeking=Range(0.5, 0.25, 1.0),
    decay_per_km=Range(0.2, 0.1, 0.4),
    referred=Range(0.25, 0.1, 0.5),
)
IDLE = Workload(minutes_per_case=30, visits_per_month=0, other_hours_per_week=0)


def land_of(people, under_fives):
    n = len(people)
    return Land(
        frame=Frame("EPSG:32736", 0.0, 0.0, 100.0, 100.0, 1, n),
        people=np.array(people, float),
        under_fives=np.array(under_fives, float),
        known=np.ones(n, bool),
        pace=np.full(n, 0.012, np.float32),
        way=np.zeros(n, np.uint8),
        elevation=None,
        area=np.zeros(n, np.int32),
        step_metres=np.full((1, 16), 100.0),
    )


def of(catchment, posts, land, km=None, care=CARE, rule=None, work=IDLE, chws=None, fetch=0.0):
    """What the posts need; everybody next door where no km are given."""
    catchment = np.array(catchment, np.int32)
    km = np.zeros(len(catchment)) if km is None else np.array(km, float)
    chws = np.ones(posts, np.int32) if chws is None else np.array(chws, np.int32)
    fetch = np.full(posts, fetch, np.float32)
    return supply.monthly(catchment, km, chws, fetch, land, care, rule or SupplyRule(buffer=0), work)


def test_a_month_of_two_posts_reckoned_by_hand():
    land = land_of([50, 100, 200, 400], [10, 20, 40, 80])
    need = of([0, 0, 2, -1], 3, land)
    assert need.people.tolist() == [150, 0, 200]
    assert need.under_fives.tolist() == [30, 0, 40]
    assert need.illnesses == ("malaria", "diarrhoea")
    assert need.need[0] == pytest.approx(np.array([[3, 6], [0, 0], [4, 8]]))
    assert need.need[1:, 0] == pytest.approx(np.array([[1.5, 6], [6, 6]]))  # low and high of malaria
    assert need.use[0] == pytest.approx(need.need[0] / 2)
    assert need.items == ("ACT", "gloves", "zinc")
    assert need.item_units == ("tablet", "pair", "tablet")
    assert need.units_need == pytest.approx(np.array([[18, 12, 60], [0, 0, 0], [24, 16, 80]]))
    assert need.units_use == pytest.approx(need.units_need / 2)
    assert need.packs.tolist() == [[2, 1, 1], [0, 0, 0], [2, 1, 1]]
    assert need.kg.tolist() == pytest.approx([0.024 + 0.5 + 0.05, 0, 0.024 + 0.5 + 0.05])
    assert need.referred[0] == pytest.approx([4.5 / 4, 0, 6 / 4])


def test_fewer_come_from_further_away_and_fewest_where_little_is_sought_and_it_falls_steeply():
    land = land_of([100, 100], [12, 12])
    need = of([0, 0], 1, land, km=[0, 2])
    assert need.use[0, 0].tolist() == pytest.approx([0.5 * (1.2 + 1.2 * 0.64), 0.5 * (2.4 + 2.4 * 0.64)])
    assert need.use[1, 0, 0] == pytest.approx(0.25 * (0.6 + 0.6 * 0.36))
    assert need.use[2, 0, 0] == pytest.approx(1.0 * (2.4 + 2.4 * 0.81))


def test_a_delivery_is_whole_packs_for_its_months_with_the_safety_stock():
    land = land_of([100], [30])
    rule = SupplyRule(resupply_months=3, buffer=0.5)
    assert of([0], 1, land, rule=rule).packs.tolist() == [[7, 2, 3]]  # 81 of 12, 54 of 50, 270 of 100
    use = SupplyRule(resupply_months=3, buffer=0.5, plan_for="use")
    assert of([0], 1, land, rule=use).packs.tolist() == [[4, 1, 2]]


def test_exactly_full_packs_are_not_rounded_up():
    care = replace(CARE, episodes={"malaria": Range(0.1, 0.1, 0.1), "diarrhoea": Range(0, 0, 0)})
    assert of([0], 1, land_of([100], [2400]), care=care).packs[0, 0] == 10  # 20 episodes x 6 of 12, a hair above 10


def test_hours_are_cases_visits_fetching_and_the_rest_shared_by_those_who_live_there():
    land = land_of([500], [80])
    work = Workload(minutes_per_case=30, visits_per_month=0.5, minutes_per_visit=20, people_per_household=5,
                    other_hours_per_week=3)  # fmt: skip
    rule = SupplyRule(delivery="fetched", resupply_months=2)
    cases = 80 * 3.6 / 12 / 2
    expected = ((cases * 30 + 500 * 0.5 * 20 / 5) / 2 + 2 * 90 / 2) * 12 / 52 / 60 + 3
    assert of([0], 1, land, work=work, rule=rule, chws=[2], fetch=90.0).hours_week == pytest.approx([expected])
    with_rounds = of([0], 1, land, work=work, chws=[2], fetch=90.0).hours_week
    assert with_rounds == pytest.approx([expected - 90 * 12 / 52 / 60])
    assert math.isnan(of([0], 1, land, chws=[0]).hours_week[0])


def test_as_many_people_as_one_chw_can_serve_fill_her_week_exactly():
    work = Workload(hours_per_week=20, visits_per_month=0.5)
    people = supply.people_per_chw(0.16, CARE, work)
    assert of([0], 1, land_of([people], [0.16 * people]), work=work).hours_week == pytest.approx([20.0])
    assert supply.people_per_chw(0.16, CARE, Workload(hours_per_week=2, other_hours_per_week=3)) == 0


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_the_posts_together_serve_the_people_of_all_catchments(seed):
    rng = np.random.default_rng(seed)
    people = rng.lognormal(0, 3, 300)
    land = land_of(people, people * rng.random(300))
    catchment = rng.integers(-1, 7, 300).astype(np.int32)
    need = of(catchment, 7, land, km=rng.uniform(0, 9, 300))
    assert math.isclose(need.people.sum(), math.fsum(people[catchment >= 0]), rel_tol=1e-12)
    assert math.isclose(need.under_fives.sum(), math.fsum(land.under_fives[catchment >= 0]), rel_tol=1e-12)
    malaria, diarrhoea = need.need[0].T
    np.testing.assert_allclose(need.units_need.T, [malaria * 6, malaria * 2 + diarrhoea, diarrhoea * 10], rtol=1e-12)
    assert need.need[0].sum() == pytest.approx(need.under_fives.sum() * 3.6 / 12, rel=1e-12)
    assert (need.use <= need.need + 1e-12).all()
    for of_three in (need.need, need.use, need.referred):
        assert (of_three[1] <= of_three[0] + 1e-12).all() and (of_three[0] <= of_three[2] + 1e-12).all()
    enough = need.packs * need.pack_units
    assert (enough >= need.units_need - 1e-6).all() and (enough - need.pack_units < need.units_need + 1e-6).all()


def test_posts_without_a_catchment_need_nothing():
    need = of([-1, -1], 2, land_of([5.0, 5.0], [1.0, 1.0]))
    assert (need.people.dtype, need.under_fives.dtype) == (np.float64, np.float64)
    assert need.packs.tolist() == [[0] * 3] * 2


def test_without_posts_there_are_no_rows():
    need = of([-1], 0, land_of([5.0], [1.0]))
    assert (need.people.shape, need.need.shape, need.packs.shape) == ((0,), (3, 0, 2), (0, 3))


@pytest.mark.parametrize(
    "wrong",
    [Commodity("amoxicillin", "pneumonia", 10.0, "tablet", 10, 1.0), Commodity("ACT", "diarrhoea", 1.0, "box", 1, 1.0)],
)
def test_an_item_without_episodes_or_with_two_units_is_refused(wrong):
    care = replace(CARE, commodities=(*CARE.commodities, wrong))
    with pytest.raises(ValueError, match=wrong.item):
        of([0], 1, land_of([5.0], [1.0]), care=care)
