"""The scenario's question of placement on a strip of 30 cells: a village every 5 cells, two areas."""

from dataclasses import replace

import numpy as np
import pytest

from lands import make_land
from planner.errors import InputFaults, NoAnswer
from planner.pipeline import alternatives, placing, proposal
from planner.pipeline.provenance import scenario_assumptions
from planner.scenario import Scenario
from planner.scenario.placement import PlacementChoice
from planner.types.inputs import Areas
from planner.types.placement import Conditions
from planner.types.results import Villages

PEOPLE = {2: 100.0, 7: 400.0, 12: 60.0, 17: 300.0, 22: 200.0, 27: 90.0}
CELLS = np.array(list(PEOPLE), np.int32)


NAMES = ("A", "B", "C", "D", "E", "F")


def scene(chw_cells=(), names=NAMES, **choice):
    people = np.zeros((1, 30))
    people[0, CELLS] = list(PEOPLE.values())
    land = make_land(np.full((1, 30), 0.5), people=people, area=np.repeat([0, 1], 15))
    x, y = land.frame.centre_of(CELLS)
    settled = Villages(
        tuple(f"V{cell}" for cell in PEOPLE), names, np.ones(6, bool), ("",) * 6, CELLS, x, y,
        np.array(list(PEOPLE.values())), np.array(list(PEOPLE.values())) * 0.16, land.area[CELLS],
        np.where(land.people > 0, np.cumsum(land.people > 0) - 1, -1).astype(np.int32),
    )  # fmt: skip
    areas = Areas(np.zeros(2, object), ("W", "E"), ("West", "East"), ("", ""), ("", ""))
    scenario = Scenario.model_validate(
        {
            "title": "Strip",
            "population": {"file": "people.tif"},
            "facilities": {"file": "facilities.csv"},
            "walking": {"slope": "none", "neighbours": 8},
            "placement": {"new_chws": 2, "max_minutes": 62.0, "min_people": 70.0, **choice},
        }
    )
    chws = np.array(chw_cells, np.int32)
    asked = placing.question(land, areas, land.people > 0, chws, settled, scenario)
    return land, areas, settled, asked, scenario


def proposed(chw_cells=(), **choice):
    land, areas, settled, asked, scenario = scene(chw_cells, **choice)
    minutes = np.zeros(land.frame.n, np.float32)
    rules = placing.rules(asked, land, areas, settled, minutes, None, scenario.placement)
    answer = proposal.propose(asked, rules, scenario, ())
    proposal.recount(land, asked, answer, scenario)
    return {settled.name[k] for k in asked.village[answer.told.chosen]}, answer.told, asked


def test_each_village_reaches_its_neighbours_in_an_hour():
    *_, asked, _ = scene()
    reached = np.diff(asked.matrix.indptr).tolist()
    assert asked.cell.tolist() == [2, 7, 17, 22, 27]  # village C has fewer than 70 people
    assert reached == [2, 3, 3, 3, 2]


def test_without_rules_the_two_best_villages_are_found():
    names, told, _ = proposed()
    assert names == {"B", "E"}
    assert (told.covered, told.objective, told.bound, told.status) == (1150.0, 1150.0, 1150.0, "best possible")


def test_a_chw_who_stays_counts_for_the_plan_but_not_for_what_it_adds():
    names, told, _ = proposed([7], new_chws=1)
    assert names == {"E"}
    assert (told.covered, told.given_up, told.objective) == (590.0, 0.0, 590.0)


def test_a_chw_who_may_move_goes_where_more_people_are():
    names, told, asked = proposed([2], new_chws=1, today="move")
    assert names == {"B", "E"}
    assert told.gone[asked.cell == 2].tolist() == [1]
    assert (told.covered, told.given_up, told.objective) == (1150.0, 500.0, 650.0)
    assert proposal.stays(asked, told).tolist() == [0]


def test_of_two_chws_in_one_village_the_last_of_the_list_leaves():
    _, told, asked = proposed([7, 7, 22], new_chws=0, today="leave")
    assert told.gone[asked.cell == 7].tolist() == [1]
    assert proposal.stays(asked, told).tolist() == [1, 0, 1]


def test_forced_and_forbidden_villages_are_named_by_id_or_name():
    assert proposed(forced=("F",))[0] == {"B", "F"}
    assert proposed(forced=("V27",))[0] == {"B", "F"}
    assert proposed(forbidden=("V7",))[0] == proposed(forbidden=("B",))[0] == {"A", "E"}


def test_villages_nearer_than_the_least_distance_are_not_both_chosen():
    names, _, _ = proposed(new_chws=4, min_km=0.6)
    assert not {"D", "E"} <= names and not {"E", "F"} <= names and not {"A", "B"} <= names


def test_quotas_by_area_count_those_of_today_and_share_in_proportion():
    assert proposed(new_chws=2, area_least={"West": 2})[0] == {"A", "B"}
    names, _, _ = proposed(new_chws=2, area_most={"East": 0})
    assert names <= {"A", "B"}
    names, _, _ = proposed(new_chws=2, quota="proportional")
    assert len(names & {"A", "B"}) == 1 and len(names & {"D", "E", "F"}) == 1


def test_a_budget_buys_no_more_than_it_can_pay():
    _, told, _ = proposed(new_chws=2, budget=100.0, cost_per_chw=60.0)
    assert (told.chws.tolist(), told.covered) == ([1], 590.0)


def test_people_of_an_area_count_as_often_as_it_weighs():
    names, told, asked = proposed(new_chws=1, area_weight={"West": 3.0})
    assert names == {"B"}  # 3 x (100 + 400) + 3 x 60, against 590 of D and E
    assert (told.objective, told.bound, told.unit) == (1680.0, 1680.0, "weighted people")
    assert (told.covered, told.gain.tolist(), told.serves.tolist()) == (560.0, [560.0], [560.0])
    assert told.everybody == 3 * 560.0 + 590.0
    assert asked.counted[asked.area == 1].tolist() == asked.people[asked.area == 1].tolist()


def test_who_counts_nothing_is_served_all_the_same():
    names, told, _ = proposed(area_weight={"W": 0.0}, new_chws=3, counts="under_fives")
    assert names < {"D", "E", "F"} and len(names) == 1  # a second one would reach nobody who counts
    assert told.objective == pytest.approx(0.16 * 590.0) and told.unit == "weighted under-fives"
    names, told, _ = proposed(area_weight={"E": 0.0}, new_chws=1, forced=("C",), min_people=1.0)
    assert names == {"C"} and told.serves.tolist() == [60.0 + 400.0 + 300.0] and told.objective == 460.0


def test_weights_keep_to_what_a_chw_can_serve_in_people():
    _, told, _ = proposed(area_weight={"East": 5.0}, people_per_chw=250.0, chws_per_village=2, new_chws=3)
    assert told.serves.sum() == pytest.approx(590.0 + 60.0)  # from the east they reach C alone of the west
    assert (told.objective, told.unit) == (pytest.approx(5 * 590.0 + 60.0), "weighted people")
    assert (told.serves <= 250.0 * told.chws + 1e-6).all()


def test_weights_go_with_every_question_but_the_one_that_takes_each_area_by_itself():
    _, told, _ = proposed(model="p_median", new_chws=1, area_weight={"West": 3.0}, beyond_minutes=100.0)
    assert told.unit == "weighted person-minutes"
    assert told.objective == pytest.approx(60.0 * 3 * (100 + 60) + 100.0 * 590)
    _, told, _ = proposed(model="set_cover", reach_share=0.7, area_weight={"West": 3.0})
    assert (told.objective, told.unit) == (1.0, "CHWs")  # 1680 of 2270 are 74 %
    _, told, _ = proposed(yearly=(1, 1), area_weight={"West": 3.0})
    assert told.objective == told.bound == 1680.0 + 590.0
    names, _, _ = proposed(new_chws=1, quota="proportional", area_weight={"West": 3.0})
    assert names == {"B"}
    with pytest.raises(ValueError, match="area_weight has no meaning with fair"):
        PlacementChoice(fair=True, area_weight={"West": 3.0})


def test_areas_with_a_weight_are_there_and_somebody_counts():
    with pytest.raises(InputFaults, match=r'area_weight: no area has the id or name "North"[^\n]*$'):
        proposed(area_weight={"North": 2.0})
    with pytest.raises(InputFaults, match="nobody counts"):
        proposed(area_weight={"West": 0.0, "E": 0.0})
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        PlacementChoice(area_weight={"West": -1.0})


def test_a_village_with_a_cost_of_its_own_is_paid_for_at_that():
    names, told, _ = proposed(new_chws=2, budget=100.0, cost_per_chw=60.0, village_cost={"V22": 40.0})
    assert (names, told.covered) == ({"B", "E"}, 1150.0)  # E is "V22"
    names, _, _ = proposed(new_chws=1, budget=100.0, village_cost={"B": 101.0, "E": 101.0, "C": 1.0})
    assert names == {"D"}  # whoever has no cost is free; C has too few people for a CHW, whatever one costs
    with pytest.raises(ValueError, match="budget needs"):
        PlacementChoice(budget=5.0, village_cost={"B": 0.0})


def test_a_village_is_one_by_its_id_or_a_fault():
    with pytest.raises(InputFaults) as told:
        proposed(
            names=("A", "B", "V2", "D", "A", "A"), budget=1.0, forced=("A",), village_cost={"A": 1.0, "Z": 2.0},
            forbidden=("V2",), area_least={"West": 1, "W": 2}, area_most={"W": 1},
        )  # fmt: skip
    assert [str(fault).split("scenario, ")[1] for fault in told.value.faults] == [
        'forced: 3 villages are called "A". Say which by its id: V2, V22, V27.',
        'village_cost: 3 villages are called "A". Say which by its id: V2, V22, V27.',
        'village_cost: no village has the id or name "Z". Take it from the sheet Villages of tables.xlsx.',
        'area_least: "West" and "W" are one place, with 1 and 2. Leave one out.',
    ]


def test_a_village_named_twice_has_one_cost():
    with pytest.raises(InputFaults, match='"B" and "V7" are one place, with 1 and 2'):
        proposed(budget=1.0, village_cost={"B": 1.0, "V7": 2.0})


def test_under_fives_are_counted_where_the_scenario_asks_for_them():
    _, told, _ = proposed(counts="under_fives")
    assert (told.unit, told.objective) == ("under-fives", pytest.approx(0.16 * 1150.0))


def test_names_that_are_nowhere_are_all_told_at_once():
    with pytest.raises(InputFaults) as told:
        proposed(forced=("Z", "C"), forbidden=("Y",), area_most={"North": 1})
    text = str(told.value)
    assert [text.count(word) for word in ('"Z"', '"C" cannot have', '"Y"', '"North"')] == [1, 1, 1, 1]


def test_rules_that_cannot_be_kept_say_which_one_bites():
    with pytest.raises(NoAnswer, match="West needs at least 5 CHWs"):
        proposed(area_least={"West": 5})


def test_rules_that_contradict_each_other_under_two_names_are_faults():
    with pytest.raises(InputFaults) as told:
        proposed(forced=("B", "E"), forbidden=("V7",), area_least={"West": 3}, area_most={"W": 2, "East": 1})
    assert [str(fault).split("scenario, ")[1] for fault in told.value.faults] == [
        'forced: "B" is forbidden too. Leave one out.',
        'quota: "West" shall have at least 3 CHWs and at most 2. Change quota, area_least or area_most.',
    ]
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        PlacementChoice(area_least={"West": -1})


def test_keys_that_contradict_each_other_are_refused_together():
    with pytest.raises(ValueError, match=r"budget needs cost_per_chw.*forced and forbidden"):
        PlacementChoice(budget=5.0, forced=("A",), forbidden=("A",))


def test_as_few_chws_as_reach_the_share_are_placed():
    names, told, _ = proposed(model="set_cover", reach_share=0.9)
    assert names == {"B", "E"}
    assert (told.objective, told.bound, told.unit) == (2.0, 2.0, "CHWs")
    _, told, _ = proposed([7], model="set_cover", reach_share=0.9)
    assert (told.objective, told.chws.tolist()) == (1.0, [1])


def test_the_least_walking_counts_the_far_as_the_scenario_says():
    names, told, _ = proposed(model="p_median", new_chws=2, beyond_minutes=100.0)
    assert names == {"B", "D"}  # 60 minutes to each neighbour: 100 + 60 people by B, 60 + 200 by D, F is beyond
    assert told.objective == pytest.approx(60.0 * (100 + 60 + 200) + 100.0 * 90)


def test_nobody_has_a_longer_way_than_need_be():
    names, told, _ = proposed(model="p_center", new_chws=2, beyond_minutes=200.0)
    assert names == {"B", "E"} and told.unit == "minutes" and told.status == "best possible"
    assert told.objective == told.bound == pytest.approx(60.0)
    names, told, asked = proposed(model="p_center", new_chws=1, beyond_minutes=200.0)
    assert names == {"D"} and told.objective == pytest.approx(180.0)  # from A
    assert (told.covered, told.serves.tolist()) == (560.0, [560.0])  # within max_minutes, as with every model
    assert np.diff(asked.matrix.indptr).tolist() == [2, 3, 3, 3, 2] and np.diff(asked.wide.indptr)[0] == 4
    with pytest.raises(NoAnswer, match=r"100 people stay without.*beyond_minutes must have a CHW so near: raise that"):
        proposed(model="p_center", new_chws=1, beyond_minutes=150.0)


def shortest(chw_cells=(), **choice):
    land, areas, settled, asked, scenario = scene(chw_cells, model="p_center", **choice)
    rules = placing.rules(asked, land, areas, settled, np.zeros(land.frame.n, np.float32), None, scenario.placement)
    answer = proposal.propose(asked, rules, scenario, ())
    proposal.recount(land, asked, answer, scenario)
    return answer, land, asked, scenario


def test_whom_no_village_could_reach_is_left_out_and_told():
    answer, land, asked, scenario = shortest(min_people=300.0, beyond_minutes=100.0)
    assert answer.told.objective == pytest.approx(60.0)
    assert (answer.longest.today, answer.longest.without, answer.longest.beyond) == (
        0.0,
        1060.0,
        90.0,
    )  # F is 120 from D
    shorter = replace(answer, choice=replace(answer.choice, objective=59.0))
    with pytest.raises(AssertionError, match="have a longer way than 59"):
        proposal.recount(land, asked, shorter, scenario)
    forbidden, *_ = shortest(forbidden=("D",), min_people=300.0, beyond_minutes=100.0, new_chws=1)
    assert forbidden.longest.beyond == 300.0 + 200.0 + 90.0


def test_the_longest_way_of_today_is_told_with_who_has_none():
    answer, *_ = shortest([7], new_chws=1, beyond_minutes=130.0)
    assert answer.told.objective == pytest.approx(60.0)
    assert answer.longest.today == pytest.approx(120.0)
    assert (answer.longest.without, answer.longest.beyond) == (290.0, 0.0)


def test_more_chws_than_shorten_the_longest_way_are_not_placed():
    answer, _, asked, scenario = shortest(new_chws=5, beyond_minutes=200.0)
    assert answer.told.objective == pytest.approx(60.0)  # C, where nobody may live
    assert answer.told.chws.sum() == 2
    (note,) = proposal.notes(asked, answer.told, scenario)
    assert "would not make the longest way shorter" in note.what


def test_the_longest_way_goes_with_no_weights_and_no_capacity():
    with pytest.raises(ValueError, match="nobody counts more"):
        PlacementChoice(model="p_center", area_weight={"West": 2.0})
    with pytest.raises(ValueError, match="people_per_chw has no meaning"):
        PlacementChoice(model="p_center", people_per_chw=500.0)
    with pytest.raises(ValueError, match="beyond_minutes below max_minutes"):
        PlacementChoice(model="p_center", beyond_minutes=30.0)
    PlacementChoice(model="p_median", beyond_minutes=30.0)


def test_a_second_chw_counts_its_weight():
    _, told, _ = proposed(model="backup_cover", new_chws=3, backup_weight=0.5)
    # B, D and E reach all; C, D, E have two of them
    assert told.objective == pytest.approx(1150.0 + 0.5 * (60 + 300 + 200))


def test_a_chw_serves_no_more_than_the_scenario_allows():
    _, told, _ = proposed(people_per_chw=250.0, chws_per_village=2, new_chws=3)
    assert (told.objective, told.unit) == (pytest.approx(750.0), "people")
    assert told.serves.sum() == pytest.approx(750.0)
    assert (told.serves <= 250.0 * told.chws + 1e-6).all()


def test_a_chw_of_today_keeps_his_people_where_each_serves_only_so_many():
    _, told, _ = proposed([7], people_per_chw=250.0, new_chws=1)
    assert told.objective == pytest.approx(250.0)


def test_the_worst_off_area_comes_first_and_the_price_is_told():
    land, areas, settled, asked, scenario = scene(new_chws=1, fair=True)
    rules = placing.rules(asked, land, areas, settled, np.zeros(land.frame.n, np.float32), None, scenario.placement)
    fair = proposal.propose(asked, rules, scenario, ())
    assert settled.name[asked.village[fair.told.chosen[0]]] == "D"  # C of 560 in the west, D and E of 590 in the east
    assert fair.fairness.share.tolist() == pytest.approx([60 / 560, 500 / 590])
    assert fair.fairness.given_up == pytest.approx(590 - 560)


def test_a_robust_choice_is_told_beside_the_best_of_each_condition():
    land, areas, settled, asked, scenario = scene(new_chws=1, robust="worst")
    rules = placing.rules(asked, land, areas, settled, np.zeros(land.frame.n, np.float32), None, scenario.placement)
    cut_off = np.where(asked.demand > 15, 0.0, asked.people)  # nobody in the east can come in the other season
    several = (Conditions("dry", asked.matrix, asked.people), Conditions("wet", asked.matrix, cut_off))
    answer = proposal.propose(asked, rules, scenario, several)
    robust = answer.robustness
    assert settled.name[asked.village[answer.told.chosen[0]]] == "B"
    assert robust.conditions == ("dry", "wet")
    assert robust.covered.tolist() == [560.0, 560.0]
    assert robust.best.tolist() == [590.0, 560.0]
    assert robust.chosen_in.tolist() == [1]
    assert answer.told.objective == 560.0


def test_a_robust_choice_weighs_people_alike_under_all_conditions():
    land, areas, settled, asked, scenario = scene(new_chws=1, robust="average", area_weight={"West": 3.0})
    rules = placing.rules(asked, land, areas, settled, np.zeros(land.frame.n, np.float32), None, scenario.placement)
    several = (Conditions("dry", asked.matrix, asked.counted), Conditions("wet", asked.matrix, asked.counted))
    answer = proposal.propose(asked, rules, scenario, several)
    assert answer.robustness.covered.tolist() == [1680.0, 1680.0]
    assert (answer.told.covered, answer.told.unit) == (560.0, "weighted people")


def test_each_year_keeps_the_posts_of_the_years_before():
    names, told, asked = proposed(new_chws=2, yearly=(1, 1))
    assert names == {"B", "E"} and told.objective == told.bound == 1150.0
    land, areas, settled, asked, scenario = scene(new_chws=2, yearly=(1, 1))
    rules = placing.rules(asked, land, areas, settled, np.zeros(land.frame.n, np.float32), None, scenario.placement)
    years = proposal.propose(asked, rules, scenario, ()).years
    assert years.chws.tolist() == [1, 2]
    assert years.covered.tolist() == years.alone.tolist() == [590.0, 1150.0]
    begun = dict(zip(asked.village[told.chosen].tolist(), years.begins.tolist(), strict=True))
    assert begun == {settled.name.index("E"): 0, settled.name.index("B"): 1}


def test_the_growth_ends_where_no_other_chw_adds_anybody():
    *_, asked, scenario = scene([7])
    grown = alternatives.growth(asked, scenario)
    assert grown.covered.tolist() == grown.bound.tolist() == [0.0, 590.0]
    assert grown.everybody == 590.0
    *_, asked, scenario = scene([7], area_weight={"East": 2.0})
    assert alternatives.growth(asked, scenario).covered.tolist() == [0.0, 1180.0]


def test_as_many_chws_as_today_placed_best_is_told_with_who_leaves():
    *_, asked, scenario = scene([2, 22])
    moved = alternatives.relocation(asked, scenario)
    assert (moved.today, moved.best, moved.bound) == (1090.0, 1150.0, 1150.0)
    *_, weighing, weights = scene([2, 22], area_weight={"West": 2.0})
    weighed = alternatives.relocation(weighing, weights)
    assert (weighed.today, weighed.best) == (2 * 500.0 + 590.0, 2 * 560.0 + 590.0)
    assert moved.leaves.tolist() == [0] and moved.villages.tolist() == [1]
    *_, nobody, scenario = scene()
    assert alternatives.relocation(nobody, scenario) is None


def test_yearly_goes_with_no_rule_that_a_roll_out_cannot_keep():
    with pytest.raises(ValueError, match="adds up to 3, new_chws is 2"):
        PlacementChoice(new_chws=2, yearly=(1, 2))
    with pytest.raises(ValueError, match="with no other rule"):
        PlacementChoice(new_chws=2, yearly=(1, 1), min_km=3.0)


def test_rules_that_are_not_set_are_no_assumptions():
    *_, plain = scene()
    *_, ruled = scene(min_km=0.4)
    keys = [{one.key for one in scenario_assumptions(each)} for each in (plain, ruled)]
    assert "placement.max_minutes" in keys[0] and "placement.budget" not in keys[0] | keys[1]
    assert "placement.min_km" in keys[1] - keys[0]
    assert "facilities.people_per_capacity" not in keys[0] and "population.under_five_share" in keys[0]
    counted = plain.population.model_copy(update={"under_five_file": "children.tif"})
    told = scenario_assumptions(plain.model_copy(update={"population": counted}))
    assert "population.under_five_share" not in {one.key for one in told}
