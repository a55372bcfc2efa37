"""The choice in words: what was asked, what came out, and which rules were kept."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from outputs.tiny import tiny_plan
from planner.outputs import alternatives, layers, post_features, referral_rows, rows, wording
from planner.outputs.charts import growth_chart
from planner.outputs.choice import how_many, placed_best, price_of_fairness, told, under_conditions
from planner.outputs.choice_tables import posts
from planner.outputs.map import map_html
from planner.outputs.phrases import spelled
from planner.outputs.report import report_html
from planner.types.alternatives import Alternatives, Fairness, Growth, LongestWay, Robustness, Years


def plan_with(placement=None, **choice):
    plan = tiny_plan()
    asked = plan.scenario.placement.model_copy(update=choice)
    scenario = plan.scenario.model_copy(update={"placement": asked})
    return replace(plan, scenario=scenario, placement=replace(plan.placement, **(placement or {})))


def test_maximal_cover_is_told_with_what_no_other_choice_can_better():
    said = told(plan_with({"objective": 686.4, "bound": 690.2}))
    assert said.question == "Where do 2 new CHWs bring most hard-to-reach people within 60 minutes on foot of a CHW?"
    assert said.answer == (
        "Beside those of today, 2 new CHWs reach 686 hard-to-reach people; no choice of as many can reach more "
        "than 690."
    )
    assert said.rules == () and "Church R" in said.source


def test_a_share_of_the_people_is_told_with_how_few_are_enough():
    said = told(plan_with({"objective": 2.0, "bound": 1.2, "gap": 0.4, "unit": "CHWs"}, model="set_cover"))
    assert said.question == "How few CHWs bring 90 % of the hard-to-reach people within 60 minutes on foot of a CHW?"
    assert said.answer == "2 new CHWs are enough. Fewer than 2 are not enough."
    proved = told(plan_with({"objective": 2.0, "bound": 2.0, "unit": "CHWs"}, model="set_cover", chws_per_village=2))
    assert proved.answer == "2 new CHWs are enough, with the rules kept. No fewer are enough."


def test_walking_is_told_as_minutes_on_average():
    plan = plan_with(model="p_median")
    placed = replace(plan.placement, objective=50.0 * 734, bound=48.0 * 734, everybody=734.0, unit="person-minutes")
    said = told(replace(plan, placement=placed))
    assert "they need 50.0 minutes on average; no choice of as many comes below 48.0" in said.answer


def test_the_longest_way_is_told_with_that_of_today_and_who_is_left_out():
    plan = plan_with({"objective": 97.49, "bound": 95.0, "unit": "minutes"}, model="p_center")

    def answer(*left):
        return told(replace(plan, alternatives=Alternatives(longest=LongestWay(*left)))).answer

    with_plan = "With 2 new CHWs the longest way is 97.5 minutes; no choice of as many comes below 95.0."
    assert answer(110.0, 0.0, 0.0) == f"{with_plan} Today it is 110.0 minutes."
    assert answer(110.0, 1234.0, 0.0) == (
        f"{with_plan} Today 1,234 people have no CHW within 120 minutes; of all others, the longest way is 110.0 "
        "minutes."
    )
    assert answer(0.0, 1234.0, 56.0) == (
        f"{with_plan} Today nobody has a CHW within 120 minutes. 56 people do not count here: they live over 120 "
        "minutes from every village that may have a CHW."
    )
    assert told(plan).question == (
        "Where should 2 new CHWs live so that the longest way on foot of hard-to-reach people to a CHW is as short as "
        "can be?"
    )
    assert "Minieka" in told(plan).source


def test_capacity_is_told_in_question_answer_and_source():
    said = told(plan_with(people_per_chw=500.0))
    assert "when one CHW serves at most 500 people?" in said.question
    assert "can serve more than" in said.answer
    assert "Current JR" in said.source


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"today": "move"}, "CHWs of today may move"),
        ({"today": "move", "max_moves": 3}, "at most 3 CHWs of today move"),
        ({"min_km": 2.5}, "villages with CHWs are at least 2.5 km apart"),
        ({"area_least": {"North": 2}}, "at least 2 CHWs in North"),
        ({"budget": 12000.0}, "new CHWs and moves cost at most 12,000"),
        ({"forced": ("A", "B")}, "a CHW in A, B"),
    ],
)
def test_each_rule_that_is_set_is_named(choice, words):
    said = told(plan_with(**choice))
    assert said.rules == (words,)
    assert "that keeps the rules" in said.answer


WEIGHTS = {"East": 2.0, "West": 1.0, "North": 0.5}


def test_weights_of_areas_are_told_wherever_they_count():
    plan = plan_with({"objective": 900.4, "bound": 950.0, "unit": "weighted people"}, area_weight=WEIGHTS)
    said = told(plan)
    assert said.question == (
        "Where do 2 new CHWs bring most hard-to-reach people within 60 minutes on foot of a CHW? In the choice, people "
        "of East count 2 times, people of North count 0.5 times, all others once."
    )
    assert "2 new CHWs reach 900 hard-to-reach people (weighted); no choice" in said.answer
    assert placed_best(plan).startswith("The 2 CHWs of today reach 640 hard-to-reach people (weighted) where")
    grown = Growth(np.array([0.0, 400.0, 760.0]), np.array([0.0, 400.0, 760.0]), 800.0)
    enough = how_many(replace(plan, alternatives=Alternatives(growth=grown)))
    assert enough.startswith("800 hard-to-reach people (weighted) have no CHW within reach")
    assert "; 40 (weighted) live beyond reach" in enough
    several = Robustness(("dry season",), np.array([700.0]), np.array([734.0]), np.array([1, 1], np.int32))
    weighed = replace(plan, alternatives=Alternatives(robustness=several))
    assert "Hard-to-reach people (weighted) with a CHW within reach" in under_conditions(weighed)
    average = told(plan_with({"unit": "weighted person-minutes"}, model="p_median", area_weight=WEIGHTS))
    assert "minutes on average (weighted); no choice" in average.answer
    children = told(plan_with(counts="under_fives", area_weight=WEIGHTS))
    assert "children under five of East count 2 times" in children.question
    assert "hard-to-reach children under five (weighted)" in children.answer
    in_proportion = told(plan_with(quota="proportional", area_weight=WEIGHTS))
    assert in_proportion.rules == ("new CHWs by area in proportion to its hard-to-reach people, weighted",)
    assert report_html(plan).count("People count with the weights of their areas") == 1


def test_an_area_that_is_called_by_its_code_is_told_by_its_name():
    plan = plan_with(area_weight={"E": 2.0}, area_most={"W": 1})
    plan = replace(plan, areas=replace(plan.areas, code=("W", "E"), name=("West", "East")))
    assert "people of East count 2 times" in told(plan).question
    assert told(plan).rules == ("at most 1 CHWs in West",)


def test_weights_of_1_are_none():
    plain, ones = (told(plan_with(area_weight=each)) for each in ({}, {"East": 1.0}))
    assert plain == ones


def test_bars_of_the_posts_end_where_their_people_do():
    weighed = plan_with({"objective": 1500.0, "bound": 1500.0, "unit": "weighted people"}, area_weight=WEIGHTS)
    assert posts(weighed).rows == posts(plan_with()).rows


def test_villages_with_a_cost_of_their_own_are_counted_in_the_question():
    costs = {"N'tcheu": 10.0, "Mbále": 20.0}
    said = told(plan_with(budget=5e3, cost_per_chw=300.0, village_cost=costs))
    assert said.question.endswith("of a CHW? 2 villages have a cost of their own for a new CHW.")
    assert told(plan_with(cost_per_chw=300.0, village_cost=costs)).question.endswith(
        "of a CHW?"
    )  # no budget: no matter


def test_one_new_chw_is_told_in_the_singular():
    said = told(plan_with({"chws": np.array([1, 0], np.int32)}, new_chws=1))
    assert said.question.startswith("Where does 1 new CHW bring")


def test_the_chws_of_today_are_told_beside_as_many_placed_best():
    assert placed_best(plan_with()) == (
        "The 2 CHWs of today reach 640 hard-to-reach people where they live. The same number of CHWs, placed best, "
        "would reach 900, 41 % more (best found: at most 1.2 % better exists); one of them would live elsewhere."
    )
    plan = plan_with()
    moved = replace(plan.alternatives.relocation, best=641.0)
    assert placed_best(replace(plan, alternatives=Alternatives(relocation=moved))).endswith("where they should.")
    assert placed_best(replace(plan, alternatives=Alternatives())) == ""


def test_who_would_leave_and_where_to_are_two_lists():
    moves = alternatives.relocation(plan_with())
    assert moves["move"].tolist() == ["leaves", "goes to"]
    assert moves["village"].tolist() == ["N'tcheu", "Mbále"]
    assert alternatives.relocation(replace(plan_with(), alternatives=Alternatives())).empty


def test_fairness_is_told_with_its_price_by_area():
    fair = Fairness(np.array([0.55, 0.5]), np.array([0.9, 0.1]), 120.0)
    plan = replace(plan_with(fair=True), alternatives=Alternatives(fairness=fair))
    assert price_of_fairness(plan) == (
        "Of the hard-to-reach people, at least 50 % have a CHW within reach in every area. The choice that reaches "
        "most people would leave East at 10 %. The price of fairness: 120 people fewer in all."
    )
    assert alternatives.fairness(plan)["area"].tolist() == ["East", "West"]
    assert "lift the area where fewest" in told(plan).question
    assert price_of_fairness(plan_with()) == "" and alternatives.fairness(plan_with()).empty


def test_conditions_are_told_with_the_villages_that_are_never_wrong():
    several = Robustness(
        ("dry season", "wet season"), np.array([700.0, 400.0]), np.array([734.0, 420.0]), np.array([2, 1], np.int32)
    )
    plan = replace(plan_with(robust="average"), alternatives=Alternatives(robustness=several))
    assert "dry season: 700 of at most 734; wet season: 400 of at most 420." in under_conditions(plan)
    assert "1 of the 2 villages are in the best choice for every condition" in under_conditions(plan)
    assert told(plan).question.endswith("on average over all conditions?")
    assert under_conditions(plan_with()) == ""


def test_how_many_are_enough_is_told_in_steps_with_who_cannot_be_served():
    grown = Growth(np.array([0.0, 400.0, 700.0, 760.0]), np.array([0.0, 400.0, 700.0, 760.0]), 800.0)
    plan = replace(plan_with(), alternatives=Alternatives(growth=grown))
    assert how_many(plan) == (
        "800 hard-to-reach people have no CHW within reach today. New CHWs needed: 1 for 50 %, 2 for 75 %, 3 for 90 %, "
        "3 for 95 %. 3 bring a CHW within reach of everybody whom any village can serve; 40 live beyond reach of every "
        "village that may have one."
    )
    nobody = Growth(np.zeros(1), np.zeros(1), 0.0)
    assert how_many(replace(plan, alternatives=Alternatives(growth=nobody))) == ""


def test_the_chart_marks_the_plan_and_draws_both_lines():
    grown = Growth(np.array([0.0, 400.0, 700.0, 760.0]), np.array([0.0, 410.0, 720.0, 780.0]), 800.0)
    svg = growth_chart(grown, 2)
    assert svg.count("<polyline") == 2 and ">as many as this plan: 2<" in svg
    chart = ET.fromstring(svg)
    covered = chart.findall("polyline")[1].get("points").split()
    heights = [float(point.split(",")[1]) for point in covered]
    assert len(covered) == 4 and heights == sorted(heights, reverse=True)
    many = Growth(np.linspace(0, 1, 3001), np.linspace(0, 1, 3001), 1.0)
    assert len(ET.fromstring(growth_chart(many, 20)).findall("polyline")[1].get("points").split()) == 360


def test_the_years_say_when_each_post_begins():
    rolled = Years(np.array([1, 2], np.int32), np.array([300.0, 734.0]), np.array([411.0, 734.0]),
                   np.array([411.0, 734.0]), np.array([1, 0], np.int32))  # fmt: skip
    plan = replace(plan_with(), alternatives=Alternatives(years=rolled))
    assert rows.posts_in_order(plan)["year"].tolist()[2:] == [2.0, 1.0]
    assert alternatives.years(plan)["newly_by_then"].tolist() == [300.0, 734.0]
    assert alternatives.years(plan_with()).empty


def test_moves_are_told_apart_from_new_chws():
    assert wording.proposed(20, 0, "new") == "20 new CHWs"
    assert wording.proposed(1, 0, "more") == "1 more CHW"
    assert wording.proposed(25, 5, "new") == "25 CHWs (5 of today's move)"
    assert wording.proposed(3, 5, "new") == "3 CHWs (3 of today's move, 2 leave)"


def test_a_chw_who_leaves_has_no_referral_and_no_supervisor():
    plan = plan_with()
    posts = replace(plan.posts, chws=np.array([1, 0, 2, 1], np.int32))
    kept = tuple(trip for trip in plan.rounds.trips if 1 not in trip.posts)
    plan = replace(plan, posts=posts, rounds=replace(plan.rounds, trips=kept))
    assert "CHW-02" not in set(referral_rows.referrals(plan)["post_id"]) | set(rows.supervision(plan)["post_id"])
    assert rows.posts_in_order(plan)["chws"].tolist() == [1, 0, 2, 1]
    kinds = [spelled(post_features._kind(row)) for row in rows.posts_in_order(plan).itertuples(index=False)]
    assert kinds[1] == "CHW today (CHW-02), leaves with the plan"
    assert kinds[2] == "Proposed CHWs, no. 1 (NEW-01): 2"
    assert report_html(plan).count("CHW-02") == report_html(plan).count("The one move that would do most: CHW-02")
    assert "leaves with the plan" in map_html(plan)
    assert "CHW-02" not in set(layers.referral_routes(plan)["post_id"])
