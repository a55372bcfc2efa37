"""The report in French and Portuguese: nothing is left in English, and numbers and dates have the language's form."""

import re
from dataclasses import replace
from functools import partial
from typing import get_args

import numpy as np
import pytest

from outputs.test_choice import plan_with
from outputs.test_language import catalogue
from outputs.test_report import Page
from outputs.test_wording import rider_plan
from outputs.tiny import bare_plan, tiny_plan
from planner.outputs.language import speaking, spoken
from planner.outputs.report import report_html
from planner.scenario import Scenario
from planner.types.alternatives import Alternatives, Fairness, LongestWay, Robustness, Years
from planner.types.results import Plan

OF_MODELS = [
    partial(plan_with, model="set_cover", people_per_chw=500.0), partial(plan_with, model="p_median", new_chws=1),
    partial(plan_with, model="backup_cover"), partial(plan_with, area_weight={"East": 2.0}),
    partial(plan_with, model="p_median", counts="under_fives", area_weight={"East": 2.0}),
    partial(plan_with, model="p_center"), partial(plan_with, {"unit": "under-fives"}, counts="under_fives"),
]  # fmt: skip


def rich_plan() -> Plan:
    """Every alternative, an assignment that is not proved, posts that are cut off, children who go nowhere."""
    plan = plan_with(fair=True, robust="worst")
    beside = Alternatives(
        fairness=Fairness(np.array([0.55, 0.5]), np.array([0.9, 0.1]), 120.0),
        robustness=Robustness(
            ("dry season", "speeds of weiss_2020"), np.array([7.0, 4.0]), np.array([7.5, 4.5]),
            np.array([2, 1], np.int32),
        ),
        years=Years(np.array([1, 2], np.int32), *(np.array([400.0, 700.0]),) * 3, np.array([0, 1], np.int32)),
        relocation=plan.alternatives.relocation, growth=plan.alternatives.growth,
    )  # fmt: skip
    supervision = replace(
        plan.supervision, status="best found: at most 0.4% better exists",
        facility=np.array([0, -1, 0, 1], np.int32), other_minutes=np.full(4, 1e4, np.float32),
    )  # fmt: skip
    asked = plan.scenario.supervision.model_copy(update={"prefer": "few"})
    supply = plan.scenario.supply.model_copy(update={"delivery": "rounds", "plan_for": "need", "resupply_months": 3.0})
    scenario = plan.scenario.model_copy(update={"supervision": asked, "supply": supply})
    return replace(plan, alternatives=beside, supervision=supervision, scenario=scenario)


def many_rules() -> Plan:
    return plan_with(
        chws_per_village=2, today="leave", max_moves=3, min_km=2.5, forced=("V1",), forbidden=("V2",),
        quota="proportional", area_least={"East": 1}, area_most={"West": 2}, budget=1e4, supervisors_per_facility=2,
        village_cost={"V1": 1e3, "V2": 2e3}, area_weight={"East": 0.5},
    )  # fmt: skip


def longest_way(*left: float) -> Plan:
    return replace(
        plan_with({"unit": "minutes"}, model="p_center"), alternatives=Alternatives(longest=LongestWay(*left))
    )


def told_in(language: str, plan: Plan) -> str:
    report = plan.scenario.report.model_copy(update={"language": language})
    return report_html(replace(plan, scenario=plan.scenario.model_copy(update={"report": report})))


def english_texts():
    """Texts of the catalogue of more than three words, as the pieces between their values."""
    for row in catalogue():
        for piece in re.split(r"\{\w+\}", row["en"]):
            if len(piece.split()) > 3 and piece not in row["fr"] and piece not in row["pt"]:
                yield piece


def words(html: str) -> str:
    return re.sub(r"[ \n]+", " ", Page(re.sub(r"<style>.*?</style>", "", html, flags=re.S)).text)


OF_WAYS = [partial(longest_way, *left) for left in ((90.0, 0.0, 0.0), (90.0, 5.0, 6.0), (0.0, 5.0, 6.0))]


@pytest.mark.parametrize("language", ["fr", "pt"])
@pytest.mark.parametrize("make", [tiny_plan, bare_plan, rider_plan, rich_plan, many_rules, *OF_MODELS, *OF_WAYS])
def test_no_english_is_left(language, make):
    html = told_in(language, make())
    assert f'<html lang="{language}">' in html
    text = words(html)
    assert [piece for piece in english_texts() if piece in text] == []


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_every_header_and_heading_is_in_the_language(language):
    english, other = (re.findall(r"<(th|h[2-4])(?: [^>]*)?>(.*?)</\1>", told_in(each, tiny_plan()))
                      for each in ("en", language))  # fmt: skip
    assert len(english) == len(other) > 60
    alike = {"weiss_2020", "accessmod_manual", "Village", "Rang", "Distance", "Source", "Supervision", "Supervisor"}
    same = {text for (_, text), (_, said) in zip(english, other, strict=True) if text == said and text}
    assert same <= alike


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ["Plan du 31 janvier 2026", "2\u202f596 personnes", "0,29 ", "Aujourd’hui, 38\u00a0%", "1,2\u00a0%"]),
        ("pt", ["Plano de 31 de janeiro de 2026", "2\u00a0596 pessoas", "0,29 ", "Hoje, 38\u00a0%", "1,2\u00a0%"]),
    ],
)
def test_numbers_and_dates_have_the_form_of_the_language(language, told):
    text = words(told_in(language, tiny_plan()))
    assert [each for each in told if each not in text] == []
    numbers = re.sub(r"TR|doi\S+|\d+\.\d+\.\d+", "", text)
    assert not re.findall(r"\d,\d{3}\b", numbers)


def test_the_report_leaves_the_language_as_it_was():
    told_in("fr", tiny_plan())
    assert spoken() == "en"
    with speaking("pt"):
        assert '<html lang="fr">' in told_in("fr", tiny_plan())


def numbers(model):
    """Fields of a scenario that hold a number, with their unit."""
    for field in model.model_fields.values():
        for part in (field.annotation, *get_args(field.annotation)):
            if hasattr(part, "model_fields"):
                yield from numbers(part)
        if "unit" in (field.json_schema_extra or {}):
            yield field.description, field.json_schema_extra["unit"]


def test_what_every_number_of_the_scenario_means_is_in_every_language():
    known = {row["en"] for row in catalogue()} | {"m", "%", "km/h", "min", "km", "s", "h"}
    assert len(set(numbers(Scenario))) > 60
    assert [text for pair in numbers(Scenario) for text in pair if text not in known] == []


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_names_stay_text_in_every_language(language):
    names = ("{count} {people}", "{0.__class__}", "<b>{run}</b>", "10 % {{ 7 * 7 }}", "near <script>")
    plan = tiny_plan(names=names, facility="{name}")
    shown = Page(told_in(language, plan))
    assert all(name.removeprefix("near ") in shown.text for name in (*names[2:], "{name}"))
    assert "script" not in shown.tags and set(shown.tags) == set(Page(told_in(language, tiny_plan())).tags)
