"""The map in a real browser: nothing is asked for, nothing complained about, no name runs. Skipped without Chromium."""

from pathlib import Path

import numpy as np
import pytest

from outputs.browser import SETTLE
from outputs.test_map import FACILITY, PAYLOADS
from outputs.tiny import tiny_plan
from planner.outputs.map import map_html


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("map") / "map.html"
    file.write_text(map_html(tiny_plan()), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("hostile") / "map.html"
    file.write_text(map_html(tiny_plan(names=PAYLOADS, facility=FACILITY)), encoding="utf-8")
    return file


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844)])
def test_the_map_opens_without_network_and_without_complaint(browser, page, width, height):
    browser.open(page, width, height)
    browser.run(SETTLE)
    assert browser.complaints() == []
    assert [url for url in browser.asked_for() if not url.startswith(("data:", page.as_uri()))] == []


def test_no_name_runs_when_everything_that_shows_names_is_shown(browser, hostile):
    browser.open(hostile, 1400, 900)
    titles = browser.run(
        SETTLE
        + """
        const titles = [];
        for (const box of document.querySelectorAll(".leaflet-control-layers input[type=checkbox]")) {
          if (!box.checked) box.click();
        }
        const places = Object.values(map_0._layers).filter((layer) => layer.getPopup && layer.getPopup());
        for (const place of places) {
          place.openTooltip();
          place.openPopup();
          titles.push(place.getPopup().getElement().querySelector("h3").textContent);
        }
        const search = document.getElementById("search");
        for (const asked of ["<", ">", "script", "$", "a"]) {
          search.value = asked;
          search.dispatchEvent(new Event("input"));
        }
        await new Promise(done => setTimeout(done, 300));
        return titles;
        """
    )
    assert set(PAYLOADS) | {FACILITY} <= set(titles)
    assert browser.run("return window.ran === undefined && document.images.length === 1")
    assert browser.complaints() == []


def test_search_finds_without_accents_flies_there_and_opens_the_popup(browser, page):
    browser.open(page, 1400, 900)
    found = browser.run(
        SETTLE
        + """
        const search = document.getElementById("search");
        search.value = "MBALE";
        search.dispatchEvent(new Event("input"));
        const first = document.querySelector("#found li").textContent;
        search.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
        await new Promise(done => setTimeout(done, 2500));
        return [first, document.querySelector(".leaflet-popup-content").textContent, map_0.getCenter().lng];
        """
    )
    assert found[0] == "Mbále Village, East"
    assert "411" in found[1] or "410" in found[1]
    assert found[2] == pytest.approx(34 + 13.5 / 120, abs=0.03)


def test_the_colour_on_the_screen_is_the_cell_under_it(browser, page):
    """The far corner of the east is over 180 min from a facility: its colour stands exactly up to the cell's edge."""
    browser.open(page, 1400, 900)
    edge = browser.run(
        SETTLE
        + """
        for (const box of document.querySelectorAll(".leaflet-control-layers-overlays input")) box.click();
        for (const box of document.querySelectorAll(".leaflet-control-layers-overlays input:checked")) box.click();
        await new Promise(done => setTimeout(done, 400));
        const box = map_0.getContainer().getBoundingClientRect();
        return [[2, 3], [2, 2], [7, 12]].map(([row, col]) => {
          const at = map_0.latLngToContainerPoint([-13 - row / 120, 34 + (col + 0.5) / 120]);
          return [Math.round(box.left + at.x), Math.round(box.top + at.y)];
        });
        """
    )
    image = browser.screenshot().astype(int)
    minutes = tiny_plan().to_facility.minutes.reshape(12, 16)
    for (x, y), (row, col) in zip(edge, [(2, 3), (2, 2), (7, 12)], strict=True):
        above, below = image[y - 3, x], image[y + 3, x]
        classes = np.searchsorted([30, 60, 90, 120, 180], minutes[row - 1 : row + 1, col])
        assert (np.abs(above - below).max() > 8) == (classes[0] != classes[1])


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844)])
def test_nothing_lies_on_anything_else(browser, page, width, height):
    browser.open(page, width, height)
    boxes = browser.run(
        SETTLE
        + """
        const parts = ["#panel", ".leaflet-control-layers", ".leaflet-control-zoom", ".leaflet-control-scale"];
        return parts.map((part) => {
          const box = document.querySelector(part).getBoundingClientRect();
          return [box.left, box.top, box.right, box.bottom];
        });
        """
    )
    for i, a in enumerate(boxes):
        assert a[0] >= 0
        assert a[2] <= width
        for b in boxes[i + 1 :]:
            assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])
    assert browser.run("return document.documentElement.scrollWidth") <= width
    assert browser.run('return document.getElementById("summary").hidden') == (width <= 760)


def test_no_name_is_cut_at_the_side_of_the_map_or_lies_under_a_control(browser, page):
    browser.open(page, 390, 844)
    chisomo = -13 - 2.5 / 120, 34 + 4.5 / 120
    names, controls, sides = browser.run(
        SETTLE
        + f"""
        map_0.setView({list(chisomo)}, 13, {{ animate: false }});
        map_0.panBy([map_0.getSize().x / 2 - 4, 0], {{ animate: false }});
        await new Promise(done => setTimeout(done, 400));
        const boxes = (what) => Array.from(document.querySelectorAll(what), (each) => {{
          const box = each.getBoundingClientRect();
          return [box.left, box.top, box.right, box.bottom, each.textContent];
        }});
        return [boxes(".place-names > *"), boxes(".leaflet-control"), boxes("#map_0, .folium-map")];
        """
    )
    assert "Chisomo" in {name[4] for name in names}
    for left, top, right, bottom, _ in names:
        assert left >= sides[0][0] - 1 and right <= sides[0][2] + 1
        for control in controls:
            assert not (left < control[2] and control[0] < right and top < control[3] and control[1] < bottom)
