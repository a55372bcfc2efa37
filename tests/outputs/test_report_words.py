"""The report in French and Portuguese: nothing is left in English, and numbers and dates have the language's form."""

import re
from dataclasses import replace
from typing import get_args

import pytest

from outputs.test_language import catalogue
from outputs.test_report import Page
from outputs.tiny import bare_plan, tiny_plan
from planner.outputs.language import speaking, spoken
from planner.outputs.report import report_html
from planner.scenario import Scenario
from planner.types.results import Plan


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


@pytest.mark.parametrize("language", ["fr", "pt"])
@pytest.mark.parametrize("make", [tiny_plan, bare_plan])
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
