"""What lies under the symbols, in a browser: care, season, areas; two side by side; and what the cursor is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from outputs.browser import SETTLE
from outputs.test_map import data_of
from outputs.tiny import FRAME, NX, bare_plan, tiny_plan
from planner.outputs.map import map_html
from planner.outputs.palette import rgb, time_classes

CELLS = ((2, 3), (2, 12), (5, 10), (7, 12), (9, 13))
ALONE = """
    for (const box of document.querySelectorAll(".leaflet-control-layers-overlays input:checked")) box.click();
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("map") / "map.html"
    file.write_text(map_html(tiny_plan()), encoding="utf-8")
    return file


def spots(browser, cells=CELLS) -> list[list[float]]:
    """Where the centres of cells are in the window."""
    places = [[float(FRAME.north - (row + 0.5) * FRAME.dy), float(FRAME.west + (col + 0.5) * FRAME.dx)]
              for row, col in cells]  # fmt: skip
    return browser.run(
        f"""
        const box = map_0.getContainer().getBoundingClientRect();
        return {places}.map((at) => {{
          const spot = map_0.latLngToContainerPoint(at);
          return [Math.round(box.left + spot.x), Math.round(box.top + spot.y)];
        }});
        """
    )


def choose(browser, *choices: str) -> None:
    for choice in choices:
        browser.run(f'document.querySelector("[data-choice={choice}]").click();')
    browser.run(SETTLE)


def told_at(browser, x: float, y: float) -> str:
    browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    return browser.run('const box = document.querySelector(".readout"); return box.hidden ? "" : box.textContent')


def classes_of(minutes, cells=CELLS) -> list[str]:
    classes = time_classes(tiny_plan().scenario.reach.thresholds)
    flat = [row * NX + col for row, col in cells]
    return [next(each.label for each in classes if minutes[cell] <= each.upto) for cell in flat]


def under_the_cursor(browser) -> list[str]:
    at = spots(browser)
    told_at(browser, *at[0])  # minutes and picture are read now
    browser.run(SETTLE)
    return [told_at(browser, *spot) for spot in at]


@pytest.mark.parametrize(("choice", "care"), [("today", "with_chws"), ("plan", "with_plan")])
def test_the_cursor_is_told_the_minutes_of_the_cell_below_it_and_its_area(opened, choice, care):
    choose(opened, choice)
    minutes = getattr(tiny_plan(), care).minutes
    for told, (row, col) in zip(under_the_cursor(opened), CELLS, strict=True):
        time, area = told.rsplit(" ", 1)
        assert area == ("West" if col < 8 else "East")
        hours, _, rest = time.removesuffix(" min").rpartition(" h ")
        assert 60 * int(hours or 0) + int(rest) == pytest.approx(minutes[row * NX + col], abs=1)


def test_in_the_other_season_the_cursor_is_told_the_class_of_the_colour(opened):
    choose(opened, "plan", "wet")
    areas = ["West" if col < 8 else "East" for _, col in CELLS]
    wanted = classes_of(tiny_plan().other_season.with_plan)
    assert under_the_cursor(opened) == [f"{label} {area}" for label, area in zip(wanted, areas, strict=True)]


def test_areas_are_coloured_by_their_share_and_the_cursor_is_told_it(opened):
    opened.run(ALONE)
    choose(opened, "area", "today")
    plan = tiny_plan()
    step = list(plan.coverage.thresholds).index(60.0)
    shares = plan.coverage.under_fives[1, :2, step] / plan.coverage.area_under_fives[:2]
    at = spots(opened, [(2, 3), (2, 12)])
    for spot, share, area in zip(at, shares, ("West", "East"), strict=True):
        assert told_at(opened, *spot) == f"{100 * share:.0f} % {area}"
    section = next(each for each in data_of(map_html(plan))["legend"] if each["of"] == "area")
    image = opened.screenshot().astype(int)
    for (x, y), share in zip(at, shares, strict=True):
        colour = next(each["colour"] for each in section["entries"] if share >= each["from"])
        shown = 0.8 * np.array(rgb(colour)) + 0.2 * np.array([0xEE, 0xF1, 0xF4])
        assert np.abs(image[y, x] - shown).max() < 6


def test_shares_of_areas_are_those_of_the_table_in_every_season():
    plan = tiny_plan()
    data = data_of(map_html(plan))
    areas = next(layer for layer in data["layers"] if layer["key"] == "areas")["features"]
    dry = data["shares"]["dry"]
    assert [dry[care] for care in ("facility", "today", "plan")] == [
        [area["v"][k] for area in areas] for k in (2, 3, 4)
    ]
    assert all(wet <= own for wet, own in zip(data["shares"]["wet"]["plan"], dry["plan"], strict=True))
    assert data["shares"]["wet"] != dry


def test_a_plan_of_one_season_without_areas_or_chws_has_nothing_to_choose(browser, tmp_path):
    file = tmp_path / "map.html"
    file.write_text(map_html(bare_plan()), encoding="utf-8")
    browser.open(file, 1400, 900)
    browser.run(SETTLE)
    assert browser.run('return document.querySelectorAll("#surfaces button").length') == 0
    assert browser.run('return document.getElementById("area-table").textContent') == "The plan has no areas."
    assert browser.complaints() == []


def slider(browser) -> dict:
    return browser.run(
        """
        const handle = document.querySelector("[role=slider]");
        const box = handle.getBoundingClientRect();
        return { now: Number(handle.getAttribute("aria-valuenow")), said: handle.getAttribute("aria-valuetext"),
                 x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, shown: box.width > 0 };
        """
    )


def test_before_and_after_lie_side_by_side_and_each_has_its_own_colours(opened):
    assert not slider(opened)["shown"]
    opened.run(ALONE)
    alone = {}
    for care in ("today", "plan"):
        choose(opened, care)
        alone[care] = opened.screenshot().astype(int)
    choose(opened, "change")
    both, at = opened.screenshot().astype(int), slider(opened)
    assert at["shown"] and "Facility or CHW today" in at["said"] and "With the plan" in at["said"]
    left = opened.run("return map_0.getContainer().getBoundingClientRect().left")
    cut, rows = round(at["x"]), slice(60, 820)

    def differ(image, columns: slice, care: str) -> float:
        """The share of pixels that are others; a few at edges are, as the browser draws a cut picture anew."""
        return float((image[rows, columns] != alone[care][rows, columns]).any(axis=2).mean())

    assert differ(both, slice(round(left) + 40, cut - 25), "today") < 0.001
    assert differ(both, slice(cut + 25, 1080), "plan") < 0.001 < 0.01 < differ(both, slice(cut + 25, 1080), "today")
    for key, one, other in (("End", "today", "plan"), ("Home", "plan", "today")):
        opened.run('document.querySelector("[role=slider]").focus();')
        opened.ask("Input.dispatchKeyEvent", type="keyDown", key=key, code=key)
        opened.run(SETTLE)
        image = opened.screenshot().astype(int)
        middle = slice(round(left) + 40, 1080)
        assert differ(image, middle, one) < 0.001 < 0.01 < differ(image, middle, other)


def test_the_line_is_moved_by_keys(opened):
    choose(opened, "seasons")
    opened.run('document.querySelector("[role=slider]").focus();')
    start = slider(opened)["now"]
    for key, now in (("ArrowRight", start + 2), ("PageDown", start - 8), ("Home", 0), ("ArrowLeft", 0), ("End", 100)):
        opened.ask("Input.dispatchKeyEvent", type="keyDown", key=key, code=key)
        assert slider(opened)["now"] == now
    assert "Dry season" in slider(opened)["said"] and slider(opened)["said"].startswith("100 %")


@pytest.mark.parametrize("finger", [False, True])
def test_the_line_is_dragged_by_mouse_and_finger_and_the_map_stays(opened, finger):
    choose(opened, "change")
    opened.run('document.querySelector("[data-choice=change]").blur();')
    centre = opened.run("return map_0.getCenter().lng")
    at, to = slider(opened), 620.0
    if finger:
        opened.ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": at["x"], "y": at["y"]}])
        opened.ask("Input.dispatchTouchEvent", type="touchMove", touchPoints=[{"x": to, "y": at["y"]}])
        opened.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    else:
        mouse = {"y": at["y"], "button": "left", "buttons": 1, "clickCount": 1}
        opened.ask("Input.dispatchMouseEvent", type="mousePressed", x=at["x"], **mouse)
        opened.ask("Input.dispatchMouseEvent", type="mouseMoved", x=to, **mouse)
        opened.ask("Input.dispatchMouseEvent", type="mouseReleased", x=to, **mouse)
    assert slider(opened)["x"] == pytest.approx(to, abs=2)
    assert opened.run("return map_0.getCenter().lng") == centre


def test_the_cut_stays_where_it_is_when_the_map_moves(opened):
    choose(opened, "change")
    cut = """
        const pane = map_0.getPane("after");
        const left = Number(pane.style.clip.match(/-?[\\d.]+/g)[3]);
        return left + map_0.layerPointToContainerPoint([0, 0]).x;
    """
    before = opened.run(cut)
    opened.run("map_0.panBy([120, 30], { animate: false }); map_0.setZoom(map_0.getZoom() + 1, { animate: false });")
    assert opened.run(cut) == pytest.approx(before, abs=0.6)


def test_what_the_plan_brings_is_not_there_before_it(opened):
    """Proposed CHWs, and villages that they serve, are drawn as such on the right of the line only."""
    choose(opened, "change")
    drawn = """
        const all = Object.values(map_0._layers).filter((each) => each.styleNow);
        const count = (test) => all.filter(test).length;
        return [count((each) => each.options.before !== undefined), count((each) => each.styleNow() === null),
                count((each) => each.options.before && each.styleNow() === each.options.before)];
    """
    opened.run('document.querySelector("[role=slider]").focus();')
    opened.ask("Input.dispatchKeyEvent", type="keyDown", key="End", code="End")
    villages = tiny_plan().posts.proposed.sum()
    assert opened.run(SETTLE + drawn) == [4, villages, 4 - villages]
    opened.ask("Input.dispatchKeyEvent", type="keyDown", key="Home", code="Home")
    assert opened.run(SETTLE + drawn) == [4, 0, 0]
    choose(opened, "one")
    assert opened.run(drawn) == [4, 0, 0]
