from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from outputs.tiny import bare_plan, tiny_plan
from planner.outputs.figures import bar
from planner.outputs.palette import whole
from planner.outputs.report import report_html
from planner.scenario import Season

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{ 7 * 7 }}",
    "</title></style><b>x",
)


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def hostile() -> Page:
    plan = tiny_plan(names=PAYLOADS, facility=PAYLOADS[0])
    scenario = plan.scenario.model_copy(update={"title": PAYLOADS[4]})
    sources = tuple(replace(source, citation=PAYLOADS[1], file=PAYLOADS[2]) for source in plan.sources)
    notes = tuple(replace(note, what=PAYLOADS[0], where=PAYLOADS[1]) for note in plan.notes)
    assumptions = tuple(replace(row, source=PAYLOADS[0], unit=PAYLOADS[1], key=PAYLOADS[2]) for row in plan.assumptions)
    areas = replace(plan.areas, name=PAYLOADS[:2], parent_name=PAYLOADS[2:4])
    return Page(
        report_html(
            replace(plan, scenario=scenario, sources=sources, notes=notes, assumptions=assumptions, areas=areas)
        )
    )


def test_names_stay_text():
    page, calm = hostile(), Page(report_html(tiny_plan()))
    assert all(payload in page.text for payload in PAYLOADS)
    assert set(page.tags) == set(calm.tags)
    assert "script" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]


def test_the_page_asks_for_nothing_from_outside():
    page = Page(report_html(tiny_plan()))
    links = [value for name, value in page.attributes if name in ("href", "src", "xlink:href")]
    assert links
    assert all(link.startswith(("#", "data:image/png;base64,")) for link in links)


def test_the_policy_allows_the_style_of_the_page_and_no_other():
    html = report_html(tiny_plan())
    style = re.search(r"<style>(.*?)</style>", html, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in html
    assert "style=" not in html  # an inline style would be refused by the policy


def test_the_summary_says_the_headline():
    text = re.sub(r"[ \n]+", " ", Page(report_html(tiny_plan())).text)
    assert "2,596 people live here, 415 of them under five." in text
    assert "Today 38\N{NO-BREAK SPACE}% live within 60 min on foot of a health facility" in text
    assert "Beside those of today, 2 new CHWs reach 734 hard-to-reach people" in text
    assert "How good is this choice? Best possible." in text


def test_an_answer_that_is_not_proved_says_so():
    plan = tiny_plan()
    unproved = replace(plan.placement, status="best found: at most 0.4 % better exists", bound=741.0, gap=0.004)
    text = Page(report_html(replace(plan, placement=unproved))).text
    assert "Best found: at most 0.4\N{NO-BREAK SPACE}% better exists." in text
    assert "can reach more than 741." in text


def test_a_number_from_memory_is_marked_unverified():
    assert re.search(r"<mark>unverified</mark> Walker 2013", report_html(tiny_plan()))
    assert not re.search(r"<mark>unverified</mark> Rudan 2008", report_html(tiny_plan()))


def test_the_answer_with_another_table_of_speeds_stands_beside_it():
    plan = tiny_plan()
    html = report_html(plan)
    text = re.sub(r"\s+", " ", Page(html).text)
    assert "with the speeds of this plan (weiss_2020) and with another table (accessmod_manual)" in text
    people = plan.other_speeds.people
    at_60 = plan.other_speeds.thresholds.tolist().index(60)
    assert people[0, at_60] > people[1, at_60]
    assert f">{whole(people[0, at_60] - people[1, at_60])} fewer<" in html


def test_without_a_second_table_nothing_is_said_of_one():
    text = Page(report_html(replace(tiny_plan(), other_speeds=None))).text
    assert "another table of walking speeds" not in text


def test_the_season_of_the_plan_is_said():
    plan = tiny_plan()
    wet = plan.scenario.model_copy(update={"season": Season(name="wet")})
    assert "on foot, in the dry season" in Page(report_html(plan)).text
    text = Page(report_html(replace(plan, scenario=wet))).text
    assert "on foot, in the wet season" in text
    assert "Blanford JI and others (2012)" in text


def test_effects_on_deaths_are_not_claimed():
    text = Page(report_html(tiny_plan())).text.lower()
    assert "lives saved" not in text
    assert "it may make no difference to deaths" in text


@pytest.mark.parametrize("make", [tiny_plan, bare_plan])
def test_nothing_stands_in_the_report_as_nan_or_inf_or_none(make):
    words = set(re.findall(r"[\w.]+", Page(report_html(make())).text))
    assert not words & {"nan", "NaN", "inf", "None", "Infinity"}


def test_a_long_list_is_cut_and_says_how_much_is_left(monkeypatch):
    monkeypatch.setattr("planner.outputs.report.MOST_ROWS", 3)
    text = Page(report_html(tiny_plan())).text
    assert "1 more in tables.xlsx." in text  # of four hard-to-reach villages


def test_parts_of_a_bar_stand_end_to_end():
    rects = re.findall(r'x="([\d.]+)" width="([\d.]+)"', bar([10.0, float("nan"), 60.0]))
    assert rects == [("0.00", "10.00"), ("10.00", "0.00"), ("10.00", "50.00")]
