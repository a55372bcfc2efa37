"""No text of a file can act: not in the map, not in the report, not in a spreadsheet. 115 payloads in every text.

Each page has several payloads in every text, so that a few pages try all of them everywhere; PAGES=115 in the
environment tries one at a time (ten minutes).
"""

from __future__ import annotations

import csv
import os

import openpyxl
import pandas as pd
import pytest

from outputs.browser import SETTLE
from outputs.hostile import FORMULAS, PAYLOADS, hostile_plan, texts_of
from planner.outputs import single
from planner.outputs.map import map_html
from planner.outputs.report import report_html
from planner.outputs.tables import tables, write_workbook

PAGES = int(os.environ.get("PAGES", "6"))
CHUNKS = [" ".join(PAYLOADS[k::PAGES]) for k in range(PAGES)]

# What no text of ours makes, in the page and in what its scripts put there.
ACTIVE = (
    "script, style, link, base, meta, img, iframe, object, embed, video, source, form, input, textarea, math, svg, a"
)
COUNTED = f'Array.from(document.querySelectorAll("{ACTIVE}"), (each) => each.localName).sort().join(" ")'
SHOW_ALL = """
    const texts = [];
    for (const box of document.querySelectorAll(".leaflet-control-layers input[type=checkbox]")) {
      if (!box.checked) box.click();
    }
    for (const place of Object.values(map_0._layers).filter((layer) => layer.getPopup && layer.getPopup())) {
      if (place.getTooltip()) place.openTooltip();
      place.openPopup();
      texts.push(place.getPopup().getElement().textContent);
    }
    const search = document.getElementById("search");
    for (const asked of ["<", ">", "script", "$", "a"]) {
      search.value = asked;
      search.dispatchEvent(new Event("input"));
    }
    for (const more of document.querySelectorAll("details")) more.open = true;
    const until = async (what) => {
      for (let k = 0; k < 200 && !document.querySelector(what); k++) await new Promise(done => setTimeout(done, 50));
    };
    await until("#threshold tbody");
    document.getElementById("whatif").open = true; // the other one closes
    await until("#whatif option");
    await new Promise(done => setTimeout(done, 200));
"""


ALL_TEXT = "const texts = [document.body.textContent];"


def harmless(n: int) -> str:
    return f"text {n}"


def opened(browser, path, page: str, script: str) -> tuple[str, list[str]]:
    """The active elements of a page, and the texts that its script collected; nothing ran, nothing was asked for."""
    path.write_text(page, encoding="utf-8")
    browser.open(path, 1400, 900)
    found, texts = browser.run(f"{SETTLE} {script} return [{COUNTED}, texts];")
    assert browser.run("return window.ran") is None
    assert browser.complaints() == []
    assert [url for url in browser.asked_for() if not url.startswith(("data:", path.as_uri()))] == []
    return found, texts


@pytest.fixture(scope="module")
def sound_map(browser, tmp_path_factory) -> str:
    page = map_html(hostile_plan(harmless))
    return opened(browser, tmp_path_factory.mktemp("sound") / "map.html", page, SHOW_ALL)[0]


@pytest.fixture(scope="module")
def sound_report(browser, tmp_path_factory) -> str:
    page = report_html(hostile_plan(harmless))
    return opened(browser, tmp_path_factory.mktemp("sound") / "report.html", page, ALL_TEXT)[0]


@pytest.mark.parametrize("page", range(PAGES))
def test_no_payload_runs_or_makes_an_element_in_the_map(browser, tmp_path, sound_map, page):
    plan = hostile_plan(lambda n: CHUNKS[(n + page) % PAGES])
    found, texts = opened(browser, tmp_path / "map.html", map_html(plan), SHOW_ALL)
    assert found == sound_map
    shown = " ".join(texts)
    assert all(name in shown for name in (*plan.villages.name, *plan.facilities.name))


@pytest.mark.parametrize("page", range(PAGES))
def test_no_payload_runs_or_makes_an_element_in_the_report(browser, tmp_path, sound_report, page):
    plan = hostile_plan(lambda n: CHUNKS[(n + page) % PAGES])
    found, (text,) = opened(browser, tmp_path / "report.html", report_html(plan), ALL_TEXT)
    assert found == sound_report
    notes = (each for note in plan.notes for each in (note.where, note.what))
    assert all(name in text for name in (plan.scenario.title, *plan.facilities.name, *notes))


@pytest.mark.parametrize("texts", [FORMULAS, PAYLOADS])
def test_no_cell_of_the_workbook_is_a_formula_or_leads_anywhere(tmp_path, texts):
    plan = hostile_plan(lambda n: texts[n % len(texts)])
    write_workbook(plan, tables(plan), tmp_path / "tables.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx", rich_text=True)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.hyperlink for cell in cells if cell.hyperlink and not cell.hyperlink.location] == []
    written = {str(cell.value) for cell in cells}
    wanted = {name.replace("\r", "\n") for name in (*plan.villages.name, *plan.facilities.name)}
    assert wanted <= {text.replace("\r", "\n") for text in written}


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_of_a_csv_is_a_formula(tmp_path, text):
    single.write_csv(pd.DataFrame({"name": [text], "minutes": [-1.5]}), tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        _, (name, minutes) = csv.reader(file)
    assert name == f"'{text}" and minutes == "-1.5"


def test_the_payloads_reach_the_texts_of_files():
    """Else the tests above would test less than they say."""
    plan = hostile_plan(lambda n: "EVIL")
    hostile = {text for text in texts_of(plan) if text.startswith("EVIL")}
    assert len(hostile) > 60
    for texts in (plan.areas.name, plan.roads.name, plan.water.name, plan.posts.name, plan.supply.items):
        assert all(text.startswith("EVIL") for text in texts)
    assert all(note.what.startswith("EVIL") and note.where.startswith("EVIL") for note in plan.notes)
