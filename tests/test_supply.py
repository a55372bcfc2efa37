import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import supply
from planner.types.frame import Frame
from planner.types.inputs import CareNumbers, Commodity
from planner.types.land import Land

CARE = CareNumbers(
    episodes={"malaria": 1.2, "diarrhoea": 2.4},
    commodities=(
        Commodity("ACT", "malaria", 6.0, "tablet", 12),
        Commodity("gloves", "malaria", 2.0, "pair", 50),
        Commodity("zinc", "diarrhoea", 10.0, "tablet", 100),
        Commodity("gloves", "diarrhoea", 1.0, "pair", 50),
    ),
)


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


def test_a_month_of_two_posts_reckoned_by_hand():
    land = land_of([50, 100, 200, 400], [10, 20, 40, 80])
    need = supply.monthly(np.array([0, 0, 2, -1], np.int32), 3, land, CARE)
    assert need.people.tolist() == [150, 0, 200]
    assert need.under_fives.tolist() == [30, 0, 40]
    assert need.illnesses == ("malaria", "diarrhoea")
    assert need.episodes == pytest.approx(np.array([[3, 6], [0, 0], [4, 8]]))
    assert need.items == ("ACT", "gloves", "zinc")
    assert need.item_units == ("tablet", "pair", "tablet")
    assert need.units == pytest.approx(np.array([[18, 12, 60], [0, 0, 0], [24, 16, 80]]))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_the_posts_together_serve_the_people_of_all_catchments(seed):
    rng = np.random.default_rng(seed)
    people = rng.lognormal(0, 3, 300)
    land = land_of(people, people * rng.random(300))
    catchment = rng.integers(-1, 7, 300).astype(np.int32)
    need = supply.monthly(catchment, 7, land, CARE)
    assert math.isclose(need.people.sum(), math.fsum(people[catchment >= 0]), rel_tol=1e-12)
    assert math.isclose(need.under_fives.sum(), math.fsum(land.under_fives[catchment >= 0]), rel_tol=1e-12)
    malaria, diarrhoea = need.episodes.T
    assert np.array_equal(need.units.T, [malaria * 6.0, malaria * 2.0 + diarrhoea * 1.0, diarrhoea * 10.0])
    assert need.episodes.sum() == pytest.approx(need.under_fives.sum() * 3.6 / 12, rel=1e-12)


def test_posts_without_a_catchment_need_nothing():
    need = supply.monthly(np.array([-1, -1], np.int32), 2, land_of([5.0, 5.0], [1.0, 1.0]), CARE)
    assert (need.people.dtype, need.under_fives.dtype) == (np.float64, np.float64)
    assert need.units.tolist() == [[0.0] * 3] * 2


def test_without_posts_there_are_no_rows():
    need = supply.monthly(np.array([-1], np.int32), 0, land_of([5.0], [1.0]), CARE)
    assert (need.people.shape, need.episodes.shape, need.units.shape) == ((0,), (0, 2), (0, 3))


@pytest.mark.parametrize(
    "wrong", [Commodity("amoxicillin", "pneumonia", 10.0, "tablet", 10), Commodity("ACT", "diarrhoea", 1.0, "box", 1)]
)
def test_an_item_without_episodes_or_with_two_units_is_refused(wrong):
    care = CareNumbers(CARE.episodes, (*CARE.commodities, wrong))
    with pytest.raises(ValueError, match=wrong.item):
        supply.monthly(np.array([0], np.int32), 1, land_of([5.0], [1.0]), care)
