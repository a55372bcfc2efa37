"""What-if as people use it: with the mouse, by touch, by keys and from the list, without network or complaint."""

from __future__ import annotations

import time

import numpy as np
import pytest

from outputs.browser import SETTLE
from outputs.test_map import FACILITY, PAYLOADS
from outputs.test_whatif import LIMIT, District, figures
from outputs.tiny import tiny_plan
from planner.outputs.map import map_html

PRESS = """
    const press = (words) =>
      Array.from(document.querySelectorAll("#whatif button")).find((each) => each.textContent === words).click();
"""
OPEN = (
    SETTLE
    + PRESS
    + """
    document.getElementById("tab-what-if").click();
    document.getElementById("whatif").open = true;
    for (let k = 0; k < 200 && document.querySelector("#whatif > div").hidden; k++) {
      await new Promise((done) => setTimeout(done, 50));
    }
    const wait = () => new Promise((done) => setTimeout(done, 150));
    const chosen = document.getElementById("whatif-chw");
    const take = async (id) => {
      chosen.value = Array.from(chosen.options).find((each) => each.textContent.endsWith(id)).value;
      chosen.dispatchEvent(new Event("change"));
      await wait();
      const box = document.querySelector(".whatif-chw.chosen").getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    };
    const now = () => document.querySelectorAll("#whatif .figures tbody tr")[1].cells[2].firstChild.textContent;
    const said = () => document.querySelector("#whatif .said").textContent;
"""
)


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    return District(tmp_path_factory.mktemp("district"), 16)


@pytest.fixture(scope="module")
def strict_district(tmp_path_factory):
    """A district in which a CHW stands on open ground or not at all."""
    return District(tmp_path_factory.mktemp("strict"), 16, snap_metres=10.0)


def mouse(browser, kind, x, y):
    browser.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)


def finger(browser, kind, *at):
    browser.ask("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y} for x, y in at])


def shown(number):
    return f"{round(number):,}"


def saved(browser, folder):
    """What the page saves as a list."""
    browser.ask("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    browser.run(PRESS + 'press("Save the list (CSV)");')
    file = folder / "chws.csv"
    for _ in range(100):
        if file.is_file() and file.stat().st_size:
            break
        time.sleep(0.05)
    return file.read_text(encoding="utf-8")


def test_a_chw_dragged_on_the_map_changes_every_number_at_once_as_a_run_would(browser, district, tmp_path):
    browser.open(district.map, 1400, 900)
    x, y = browser.run(OPEN + 'return await take("NEW002");')
    mouse(browser, "mousePressed", x, y)
    for k in range(1, 6):
        mouse(browser, "mouseMoved", x + 30 * k, y + 24 * k)
    during = browser.run(SETTLE + 'return document.querySelector(".changes").textContent')
    mouse(browser, "mouseReleased", x + 150, y + 120)
    now, before, changes = browser.run(
        SETTLE
        + """
        const row = document.querySelectorAll("#whatif .figures tbody tr")[1];
        return [row.cells[2].firstChild.textContent, row.cells[1].firstChild.textContent,
          [document.getElementById("message").hidden, document.querySelector(".changes").textContent]];
        """
    )
    again = figures(district.rerun(saved(browser, tmp_path)))
    assert before == shown(figures(district.plan)["plan_people"]) != now
    assert now == shown(again["plan_people"])
    assert changes == [True, during] and f"within {LIMIT:g} min" in during
    assert browser.complaints() == []
    ours = ("data:", "blob:", district.map.as_uri())
    assert [url for url in browser.asked_for() if not url.startswith(ours)] == []


def test_a_finger_drags_too(browser, district):
    browser.open(district.map, 390, 844)
    browser.ask("Emulation.setTouchEmulationEnabled", enabled=True)
    x, y = browser.run(OPEN + 'return await take("NEW001");')
    finger(browser, "touchStart", (x, y))
    for k in range(1, 6):
        finger(browser, "touchMove", (x + 8 * k, y + 6 * k))
    finger(browser, "touchEnd")
    moved = browser.run(SETTLE + "return document.querySelectorAll('.changes:not([hidden])').length")
    browser.ask("Emulation.setTouchEmulationEnabled", enabled=False)
    assert moved == 1
    assert browser.complaints() == []


def test_by_keys_and_from_the_list_a_chw_is_moved_added_taken_away_and_put_back(browser, district):
    browser.open(district.map, 1400, 900)
    told = browser.run(
        OPEN
        + """
        const told = { plan: now() };
        await take("C01");
        press("Remove");
        told.removed = [now(), chosen.options.length, said()];
        const village = document.getElementById("whatif-village");
        village.value = "dowa";
        village.dispatchEvent(new Event("input"));
        village.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
        press("Add a CHW there");
        told.added = [now(), chosen.options.length, said()];
        const marker = document.querySelector(".whatif-chw.chosen");
        marker.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }));
        told.key = said();
        press("Undo");
        press("Undo");
        told.undone = now();
        press("Back to the plan");
        told.reset = [now(), document.querySelector(".changes").hidden, document.getElementById("message").hidden];
        return told;
        """
    )
    plan = figures(district.plan)
    assert told["plan"] == told["reset"][0] == shown(plan["plan_people"])
    assert told["removed"][0] == told["undone"] != told["plan"]
    assert told["removed"][1] == len(district.plan.posts) and "is taken away" in told["removed"][2]
    assert told["added"][1] == len(district.plan.posts) + 1 and "Dowa (ADDED001)" in told["added"][2]
    assert "Dowa (ADDED001)" in told["key"]
    assert told["reset"][1:] == [True, False]


def click(browser, land, cell):
    """Have the map wait for a click, and click the middle of a cell."""
    lon, lat = land.frame.lonlat(*land.frame.centre_of([cell]))
    x, y = browser.run(
        PRESS
        + f"""
        press("Add by a click on the map");
        map_0.setView([{lat[0]}, {lon[0]}], 15, {{ animate: false }});
        const box = map_0.getContainer().getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2];
        """
        + SETTLE
    )
    mouse(browser, "mousePressed", x, y)
    mouse(browser, "mouseReleased", x, y)
    return browser.run(
        SETTLE
        + """
        const list = document.getElementById("whatif-chw");
        return [list.options.length - 1, list.selectedOptions[0].textContent,
          document.querySelector("#whatif .said").textContent];
        """
    )


def test_a_chw_dropped_where_nobody_can_live_goes_back(browser, strict_district):
    land = strict_district.plan.land
    lon, lat = land.frame.lonlat(*land.frame.centre_of([int(np.flatnonzero(np.isinf(land.pace))[20])]))
    browser.open(strict_district.map, 1400, 900)
    x, y, to_x, to_y, before = browser.run(
        OPEN
        + f"""
        map_0.setView([{lat[0]}, {lon[0]}], 14, {{ animate: false }});
        chosen.value = Array.from(chosen.options).find((each) => each.textContent.endsWith("NEW001")).value;
        chosen.dispatchEvent(new Event("change"));
        await wait();
        const box = document.querySelector(".whatif-chw.chosen").getBoundingClientRect();
        const at = map_0.latLngToContainerPoint([{lat[0]}, {lon[0]}]);
        const corner = map_0.getContainer().getBoundingClientRect();
        // The point of the pin is at the middle of its foot, three pixels above its lower edge.
        const [x, y] = [box.left + box.width / 2, box.bottom - 3];
        return [x, y - 12, corner.left + at.x, corner.top + at.y - 12, now()];
        """
    )
    mouse(browser, "mousePressed", x, y)
    for k in (0.2, 0.6, 1.0):
        mouse(browser, "mouseMoved", x + k * (to_x - x), y + k * (to_y - y))
    mouse(browser, "mouseReleased", to_x, to_y)
    now, said, still = browser.run(
        SETTLE
        + """
        const row = document.querySelectorAll("#whatif .figures tbody tr")[1];
        return [row.cells[2].firstChild.textContent, document.querySelector("#whatif .said").textContent,
          document.querySelector(".changes").hidden];
        """
    )
    assert now == before and still
    assert "no open ground within 10 m" in said


def test_a_click_adds_a_chw_and_closed_ground_is_refused_in_words(browser, strict_district):
    land, posts = strict_district.plan.land, len(strict_district.plan.posts)
    is_open = np.isfinite(land.pace)
    browser.open(strict_district.map, 1400, 900)
    browser.run(OPEN)
    count, name, _ = click(browser, land, int(np.flatnonzero(is_open)[700]))
    assert count == posts + 1 and name.endswith("ADDED001")
    count, name, said = click(browser, land, int(np.flatnonzero(~is_open)[20]))
    assert count == posts + 1 and "no open ground within 10 m" in said


@pytest.mark.parametrize(("language", "words"), [("fr", "Et si les ASC"), ("pt", "E se os ACS")])
def test_it_speaks_the_readers_language(browser, district, language, words):
    browser.open(district.map, 1400, 900)
    told = browser.run(
        OPEN
        + f"""
        document.querySelector("#languages [lang={language}]").click();
        return document.getElementById("cells").textContent;
        """
    )
    assert words in told
    for english in ("Who is within", "Newly covered", "Drag a CHW", "Difference", "Save the list"):
        assert english not in told


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844)])
def test_thresholds_are_shown_on_the_map_and_nothing_is_wider_than_the_page(browser, district, width, height):
    browser.open(district.map, width, height)
    pictures, rows, wide = browser.run(
        SETTLE
        + """
        document.getElementById("tab-what-if").click();
        const box = document.getElementById("threshold");
        box.open = true;
        await new Promise((done) => setTimeout(done, 600));
        const slider = document.getElementById("minutes");
        const pictures = [], rows = [];
        for (const minutes of [2, 14, 120]) {
          slider.value = minutes;
          slider.dispatchEvent(new Event("input"));
          const canvas = document.querySelector(".leaflet-cells-pane canvas");
          const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          let within = 0;
          for (let i = 0; i < pixels.length; i += 4) within += pixels[i + 3] > 0 && pixels[i + 2] > pixels[i];
          pictures.push(within);
          rows.push(box.querySelector("tbody tr td").textContent);
        }
        return [pictures, rows, document.documentElement.scrollWidth];
        """
    )
    assert 0 < pictures[0] < pictures[1] < pictures[2]
    plan = district.plan
    inside = plan.land.area >= 0
    for minutes, said in zip((2, 14, 120), rows, strict=True):
        assert said == shown(plan.land.under_fives[inside & (plan.to_facility.minutes <= minutes)].sum())
    assert wide <= width


def test_no_name_runs_in_what_if(browser, tmp_path):
    file = tmp_path / "map.html"
    file.write_text(map_html(tiny_plan(names=PAYLOADS, facility=FACILITY)), encoding="utf-8")
    browser.open(file, 1400, 900)
    names = browser.run(
        OPEN
        + """
        for (let k = 1; k < chosen.options.length; k++) {
          chosen.value = chosen.options[k].value;
          chosen.dispatchEvent(new Event("change"));
          await wait();
        }
        const village = document.getElementById("whatif-village");
        for (const asked of ["<", "script", "$"]) {
          village.value = asked;
          village.dispatchEvent(new Event("input"));
        }
        document.getElementById("threshold").open = true;
        await new Promise((done) => setTimeout(done, 400));
        return Array.from(chosen.options, (each) => each.textContent);
        """
    )
    assert any(PAYLOADS[0] in name for name in names)
    assert browser.run("return window.ran === undefined")
    assert browser.complaints() == []
