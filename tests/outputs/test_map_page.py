"""The map as an application, tried in a browser without network: languages, layers, tables, search, measure, print."""

from __future__ import annotations

import json
import math
import re
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest

from outputs.browser import SETTLE
from outputs.tiny import tiny_plan
from planner.outputs import palette, panel
from planner.outputs.encode import count, km, minutes, share
from planner.outputs.language import LANGUAGES, number, speaking
from planner.outputs.map import map_html
from planner.scenario.report import Reporting

FLOWN = "await new Promise(done => setTimeout(done, 2000));"
FRENCH = 'document.querySelector("#languages [lang=fr]").click();'
POPUP = 'document.querySelector(".leaflet-popup-content").textContent'
NAMES = ("Chisomo", "N'tcheu", "Mbále", "أَحمَد", "ሐምሌ ፀሐይ")


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("map") / "map.html"
    file.write_text(map_html(tiny_plan(names=NAMES)), encoding="utf-8")
    return file


def texts(browser, selector: str) -> list[str]:
    return browser.run(f"return Array.from(document.querySelectorAll({json.dumps(selector)}), (e) => e.textContent)")


def test_everything_is_said_in_the_language_that_is_chosen(opened):
    opened.run(FRENCH + SETTLE)
    with speaking("fr"):
        message = panel.message(tiny_plan())
    assert opened.run("return document.documentElement.lang") == "fr"
    assert texts(opened, "#message")[0].replace("\u00a0", " ") == message
    assert texts(opened, "#tabs button")[:3] == ["Résumé", "Zones", "Villages"]
    layers = [text.strip() for text in texts(opened, ".leaflet-control-layers-overlays label")]
    assert layers[:2] == ["ASC proposés", "ASC d’aujourd’hui"]
    assert "jusqu’à 30 min" in texts(opened, ".ground-legend span")
    assert texts(opened, ".by-area thead button")[0] == "Zone"
    assert opened.run('return document.getElementById("search").placeholder').startswith("Village,")
    opened.run(
        'const all = Object.values(map_0._layers); all.find((e) => e.getPopup && e.options.text === "1").openPopup();'
    )
    told = opened.run(f"return {POPUP}")
    assert "ASC proposé n° 1" in told and "Supervisé depuis" in told
    english = ("People", "Under-five", "CHW", "facility", "Time", "Show", "Layers")
    body = opened.run('return document.body.innerText + document.getElementById("hard").textContent')
    assert [word for word in english if word in body] == []


def test_an_open_popup_is_told_anew_in_another_language(opened):
    opened.run(
        'const all = Object.values(map_0._layers); all.find((e) => e.getPopup && e.options.text === "1").openPopup();'
    )
    assert "Supervised from" in opened.run(f"return {POPUP}")
    opened.run('document.querySelector("#languages [lang=pt]").click();')
    assert "Supervisionado" in opened.run(f"return {POPUP}")


def test_the_address_and_the_scenario_say_the_first_language(browser, tmp_path):
    plan = tiny_plan()
    scenario = plan.scenario.model_copy(update={"report": Reporting(language="pt")})
    file = tmp_path / "map.html"
    file.write_text(map_html(replace(plan, scenario=scenario)), encoding="utf-8")
    browser.open(file, 1400, 900)
    assert texts(browser, "#tabs button")[0] == "Resumo"
    browser.run('location.hash = "#lang=fr";' + SETTLE)
    assert texts(browser, "#tabs button")[0] == "Résumé"
    browser.run('location.hash = "#lang=xx";' + SETTLE)
    assert texts(browser, "#tabs button")[0] == "Résumé"


def test_numbers_on_the_page_have_the_same_form_as_in_the_report(opened):
    people = [0, 0.2, 0.5, 1.5, 2.5, 999.5, 12345.6, 1_234_567, math.nan]
    times = [0, 61.4, 119.6, 125, 600, math.inf, math.nan]
    ways = [0, 3.44, 12.06, 1234.5, math.inf, math.nan]
    parts = [0, 0.00001, 0.004, 0.625, 0.62, 0.9949, 0.9951, 0.999999, 1, math.nan]
    given = {
        "people": [count(each) for each in people], "minutes": [minutes(each) for each in times],
        "km": [km(each) for each in ways], "share": [share(each) for each in parts],
    }  # fmt: skip
    for language in LANGUAGES:
        told = opened.run(
            f"""
            planner.speak("{language}");
            return Object.fromEntries(Object.entries({json.dumps(given)}).map(
                ([form, values]) => [form, values.map((value) => planner.form(form, value))]));
            """
        )
        with speaking(language):
            assert told["people"] == [palette.whole(each) for each in people], language
            assert told["minutes"] == [palette.minutes_text(each) for each in times], language
            assert told["km"] == [palette.km_text(each) for each in ways], language
            assert told["share"] == [palette.percent(each) for each in parts], language
            assert opened.run("return planner.number(-1234.5, 1)") == number(-1234.5, 1), language


SPELLINGS = {
    "ntcheu": "N'tcheu", "N’TCHEU": "N'tcheu", "mbale": "Mbále", "احمد": "أَحمَد", "أحمد": "أَحمَد",
    "ሀምሌ ጸሀይ": "ሐምሌ ፀሐይ", "saint lukes": "Saint Luke's", "luke’s": "Saint Luke's",
}  # fmt: skip


def first_found(browser, asked: str) -> str:
    browser.run(
        f'const search = document.getElementById("search"); search.value = {json.dumps(asked)};'
        'search.dispatchEvent(new Event("input"));'
    )
    return next(iter(texts(browser, "#found li strong")), "")


def test_search_finds_any_spelling_of_marks_and_of_letters_that_read_alike(opened):
    found = {}
    for asked in SPELLINGS:
        assert first_found(opened, "nowhere at all") == "Nothing of that name"  # so that nothing is left of before
        found[asked] = first_found(opened, asked)
    assert found == SPELLINGS


def test_every_layer_stands_under_its_heading_with_its_legend_and_can_be_taken_away(opened):
    shown = opened.run(
        """
        const boxes = Array.from(document.querySelectorAll(".leaflet-control-layers-overlays input"));
        return boxes.map((_, i) => {
          const box = document.querySelectorAll(".leaflet-control-layers-overlays input")[i];
          const before = [box.checked, document.querySelectorAll(".place-names div").length];
          box.click();
          const now = document.querySelectorAll(".leaflet-control-layers-overlays input")[i];
          const list = now.closest("label").nextElementSibling;
          return [now.closest("label").textContent.trim(), before[0], now.checked,
                  list && list.localName === "ul" ? list.hidden : null];
        });
        """
    )
    headings = texts(opened, ".leaflet-control-layers-overlays h3")
    assert headings == ["Community health workers", "People and care", "Base map"]
    assert {name for name, *_ in shown} == {
        "Proposed CHWs", "CHWs today", "Supervision rounds", "Referral ways", "CHW catchments", "Facilities",
        "Villages", "Areas", "Roads and paths", "Rivers and lakes", "Names",
    }  # fmt: skip
    for name, before, now, legend_hidden in shown:
        assert now != before, name
        assert legend_hidden in (None, not now), name
    assert texts(opened, ".place-names div") == []


def areas_in_order(browser) -> list[str]:
    return texts(browser, ".by-area tbody th")


def test_the_table_of_areas_is_sorted_by_mouse_and_keys_and_says_so(opened):
    opened.run('document.getElementById("tab-by-area").click();')
    sorts = 'return Array.from(document.querySelectorAll(".by-area thead th"), (e) => e.getAttribute("aria-sort"))'
    assert areas_in_order(opened) == ["East", "West"]
    assert opened.run(sorts)[0] == "ascending"
    press = 'document.querySelectorAll(".by-area thead button")[{}].click();'
    opened.run(press.format(0))
    assert areas_in_order(opened) == ["West", "East"]
    opened.run(press.format(1))
    plan = tiny_plan()
    most = "West" if plan.coverage.area_under_fives[0] > plan.coverage.area_under_fives[1] else "East"
    assert areas_in_order(opened)[0] == most
    assert opened.run(sorts) == ["none", "descending", *["none"] * 4]
    opened.run('document.querySelectorAll(".by-area thead button")[1].focus();')
    opened.ask("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
    assert areas_in_order(opened)[1] == most
    assert opened.run("return document.activeElement.dataset.column") == "1"


def test_a_row_of_the_table_flies_to_its_area(opened):
    opened.run(
        'document.getElementById("tab-by-area").click(); document.querySelector(".by-area tbody button").click();'
    )
    opened.run(FLOWN)
    assert "East" in opened.run(f"return {POPUP}")


def test_hard_to_reach_villages_come_with_most_under_fives_first_and_fly(opened):
    opened.run('document.getElementById("tab-hard").click();')
    plan = tiny_plan(names=NAMES)
    hard = [k for k in range(5) if plan.access.hard_to_reach[k]]
    hard.sort(key=lambda k: -plan.villages.under_fives[k])
    assert texts(opened, "#hard-list .name") == [plan.villages.name[k] for k in hard]
    opened.run('document.querySelectorAll("#hard-list li button")[1].click();' + FLOWN)
    assert plan.villages.name[hard[1]] in opened.run(f"return {POPUP}")
    lon, lat = plan.land.frame.lonlat(plan.villages.x[hard[1]], plan.villages.y[hard[1]])
    centre = opened.run("const at = map_0.getCenter(); return [at.lng, at.lat]")
    assert centre == pytest.approx([float(lon), float(lat)], abs=0.02)


def test_the_list_of_villages_is_of_the_area_and_the_kind_that_are_chosen(opened):
    opened.run('document.getElementById("tab-hard").click();')
    plan = tiny_plan(names=NAMES)
    choose = """
        const select = document.querySelectorAll("#hard-list select")[{}];
        select.value = "{}";
        select.dispatchEvent(new Event("change"));
    """
    opened.run(choose.format(0, "East"))
    east = {plan.villages.name[k] for k in range(5) if plan.access.hard_to_reach[k] and plan.villages.area[k] == 1}
    assert set(texts(opened, "#hard-list .name")) == east
    opened.run(choose.format(1, "served-new"))
    found = texts(opened, "#hard-list .name")
    assert found and set(found) < east
    assert texts(opened, "#hard-list .note")[0].startswith(f"{len(found)} hard-to-reach village")


def click(browser, x: float, y: float) -> None:
    for kind in ("mousePressed", "mouseReleased"):
        browser.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)


def test_a_distance_is_measured_taken_back_and_ended(opened):
    opened.run('document.querySelectorAll(".tools button")[1].click();')
    at = opened.run(
        """
        const box = map_0.getContainer().getBoundingClientRect();
        return [[-13.02, 34.02], [-13.02, 34.06], [-13.06, 34.06]].map((place) => {
          const spot = map_0.latLngToContainerPoint(place);
          return [box.left + spot.x, box.top + spot.y];
        });
        """
    )
    for x, y in at:
        click(opened, x, y)
    frame = tiny_plan().land.frame
    long = frame.metres_between(34.02, -13.02, 34.06, -13.02) / 1000
    down = frame.metres_between(34.06, -13.02, 34.06, -13.06) / 1000
    told = lambda: float(texts(opened, ".measured strong")[0].removesuffix(" km"))  # noqa: E731
    assert told() == pytest.approx(float(long + down), abs=0.1)
    opened.run('document.querySelector(".measured button").click();')
    assert told() == pytest.approx(float(long), abs=0.1)
    assert opened.run('return document.querySelector(".leaflet-popup")') is None
    opened.ask("Input.dispatchKeyEvent", type="keyDown", key="Escape", code="Escape", windowsVirtualKeyCode=27)
    assert opened.run('return document.querySelector(".measured").hidden')


def test_a_distance_is_measured_with_keys(opened):
    opened.run("map_0.setZoom(map_0.getZoom() + 2, { animate: false });")  # the map pans freely within its bounds
    opened.run('document.querySelectorAll(".tools button")[1].click();')
    enter = {"type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    opened.ask("Input.dispatchKeyEvent", **enter)
    opened.run("window.first = map_0.getCenter(); map_0.panBy([200, 0], { animate: false });")
    opened.ask("Input.dispatchKeyEvent", **enter)
    metres = opened.run("return map_0.distance(first, map_0.getCenter())")
    told = texts(opened, ".measured strong")[0]
    assert float(told.split()[0]) == pytest.approx(metres / 1000, abs=0.1)


@pytest.mark.parametrize(("paper", "points"), [("", (842, 595)), ("a3", (1191, 842))])
def test_the_map_prints_on_one_sheet_with_all_that_a_map_needs(opened, paper, points):
    opened.run(FRENCH + f'document.body.classList.toggle("a3", {json.dumps(bool(paper))});' + SETTLE)
    pdf = b64decode(opened.ask("Page.printToPDF", preferCSSPageSize=True)["data"])
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(boxes) == 1
    assert [float(side) for side in boxes[0]] == pytest.approx(points, abs=1.5)
    opened.run('window.dispatchEvent(new Event("beforeprint"));' + SETTLE)
    plan = tiny_plan()
    with speaking("fr"):
        message = panel.message(plan)
    assert texts(opened, "#sheet-head h1")[0].replace("\u00a0", " ") == message
    assert texts(opened, "#sheet-head .title") == [plan.scenario.title]
    foot = texts(opened, "#sheet-foot")[0]
    assert "made by hand" in foot and plan.provenance.run_id in foot and plan.provenance.date[:4] in foot
    visible = """
        return ["#sheet-head h1", "#sheet-key", "#sheet-foot", "#sheet-north", ".leaflet-control-scale", "#panel",
                ".leaflet-control-layers", ".tools"].map((name) => {
          const box = document.querySelector(name).getBoundingClientRect();
          return [box.width > 0, box.left >= 0 && box.right <= document.body.offsetWidth + 1];
        });
    """
    shown = opened.run(visible)
    assert [each for each, _ in shown] == [True] * 5 + [False] * 3
    assert all(inside for _, inside in shown[:5])
    key = opened.run('const key = document.getElementById("sheet-key"); return [key.scrollHeight, key.clientHeight]')
    assert key[0] <= key[1]
    opened.run('window.dispatchEvent(new Event("afterprint"));' + SETTLE)
    assert opened.run('return document.getElementById("panel").offsetWidth') > 300


def test_everything_that_can_be_pressed_has_a_name_and_is_reached_by_keys(opened):
    opened.run('document.querySelector("[data-choice=change]").click();' + SETTLE)
    opened.ask("Accessibility.enable")
    nodes = opened.ask("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "checkbox", "combobox", "slider", "tab", "listbox", "link", "searchbox", "textbox"}
    pressed = [node for node in nodes if not node["ignored"] and node["role"]["value"] in roles]
    assert len(pressed) > 25
    assert [node for node in pressed if not node.get("name", {}).get("value")] == []
    unreached = opened.run(
        """
        const all = document.querySelectorAll("button, input, select, a[href], [role=slider]");
        return Array.from(all, (each) => [each, each.offsetParent !== null && each.tabIndex < 0])
          .filter(([each, lost]) => lost && each.getAttribute("role") !== "tab").map(([each]) => each.outerHTML);
        """
    )
    assert unreached == []


def test_a_popup_that_opens_is_read_out(opened):
    opened.run('document.getElementById("tab-hard").click(); document.querySelector("#hard-list li button").click();')
    opened.run(FLOWN)
    title = texts(opened, ".leaflet-popup-content h3")[0]
    assert opened.run('return document.querySelector(".unseen[aria-live]").textContent').startswith(f"{title}. ")
    opened.run(FRENCH)
    assert opened.run('return document.querySelector(".leaflet-control-zoom-in").title') == "Agrandir"


def test_the_tabs_are_walked_with_arrows(opened):
    opened.run('document.getElementById("tab-summary").focus();')
    opened.ask("Input.dispatchKeyEvent", type="keyDown", key="ArrowRight", code="ArrowRight", windowsVirtualKeyCode=39)
    assert opened.run("return document.activeElement.id") == "tab-by-area"
    assert opened.run('return document.getElementById("summary").hidden && !document.getElementById("by-area").hidden')


def test_on_a_phone_a_tab_opens_closes_and_gives_way_to_the_place_it_leads_to(browser, page):
    browser.open(page, 390, 844)
    height = 'return document.querySelector(".folium-map").offsetHeight'
    closed = browser.run(SETTLE + height)
    browser.run('document.getElementById("tab-hard").click();' + SETTLE)
    assert browser.run(height) < closed
    browser.run('document.querySelector("#hard-list li button").click();' + FLOWN)
    assert browser.run(height) == closed
    popup = browser.run(
        'const box = document.querySelector(".leaflet-popup").getBoundingClientRect();'
        'const map = document.querySelector(".folium-map").getBoundingClientRect();'
        "return [box.top - map.top, map.bottom - box.bottom, box.left, 390 - box.right]"
    )
    assert min(popup) >= -1
    assert browser.complaints() == []
