"""CHWs moved in the page: its numbers are those of a run with the list that it saves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from faults import scene

from outputs.browser import SETTLE
from planner import pipeline, scenario_file, travel
from planner.outputs.headline import headline
from planner.outputs.map import map_html

MODEL = """
    const cells = JSON.parse(document.getElementById("plan-cells").textContent);
    const grids = new planner.Grids(cells, () => JSON.parse(document.getElementById("plan-grids").textContent));
    const model = await planner.WhatIf.ready(grids, new planner.Frame(cells), () => {});
"""
LIMIT = 14.0


class District:
    """A small district with a hillside, a river with one bridge, and few facilities; its plan and its map."""

    def __init__(self, folder: Path, neighbours: int, snap_metres: float = 1000.0, traveller: str = "on foot") -> None:
        self.folder = folder
        made = scene.make(folder)
        made.write_rows("facilities.csv", made.rows("facilities.csv")[:1])
        made.scenario |= {
            "walking": {"neighbours": neighbours, "slope": "tobler", "snap_metres": snap_metres},
            "travellers": {"motorbike": {"ride": "motorbike", "wait_minutes": 1.0}},
            "reach": {"max_minutes": 10.0, "rule": "minutes", "traveller": traveller},
            "placement": {"new_chws": 2, "max_minutes": LIMIT, "min_people": 1.0},
        }
        self._made = made
        self.plan = self._plan()
        self.map = folder / "map.html"
        self.map.write_text(map_html(self.plan), encoding="utf-8")

    def _plan(self):
        self._made.write_scenario()
        return pipeline.make_plan(scenario_file.load(self.folder / "scenario.toml"), self.folder)

    def rerun(self, csv: str):
        """The plan with exactly these CHWs."""
        (self.folder / "edited.csv").write_bytes(csv.encode("utf-8"))
        known = self._made.scenario
        self._made.scenario = known | {
            "chws": {"file": "edited.csv"}, "placement": known["placement"] | {"new_chws": 0},
        }  # fmt: skip
        try:
            return self._plan()
        finally:
            self._made.scenario = known


@pytest.fixture(scope="module", params=[(8, "on foot"), (16, "on foot"), (32, "on foot"), (16, "motorbike")])
def district(request, tmp_path_factory):
    neighbours, traveller = request.param
    return District(tmp_path_factory.mktemp(f"district{neighbours}"), neighbours, traveller=traveller)


def figures(plan):
    return {figure.key: figure.amount for figure in headline(plan)}


def newly(plan, cells):
    """People who are hard to reach and within the limit of CHWs in these cells, on foot."""
    cells = np.asarray(cells, np.int32)
    minutes = travel.time_to_nearest(plan.land, cells, plan.scenario.walking, max_minutes=LIMIT).minutes
    return plan.land.people[plan.hard_to_reach & (minutes <= LIMIT)].sum()


def test_before_any_change_the_page_knows_what_the_plan_knows(browser, district):
    browser.open(district.map, 1400, 900)
    plan = district.plan
    near, now, change = browser.run(
        MODEL
        + """
        const near = [];
        for (let cell = 0; cell < model.land.ny * model.land.nx; cell++) {
          const at = model.land.inside(cell);
          const minutes = Math.min(model.toFacility.minutes[at], model.toChw.minutes[at]);
          near.push(minutes < Infinity ? minutes : null);
        }
        return [near, model.figures(), model.csv().split("\\r\\n").length - 2];
        """
    )
    told = figures(plan)
    minutes = np.where(plan.with_plan.minutes <= LIMIT, plan.with_plan.minutes.astype(float), np.nan)
    np.testing.assert_array_equal(np.array(near, float), minutes)
    assert now["people"]["now"] == now["people"]["plan"] == told["plan_people"]
    assert now["underFives"]["newly"] == told["new_under_fives"] > 0
    assert 0 < told["facility_people"] < told["today_people"] < told["plan_people"] < told["people"]
    assert change == len(plan.posts)


def test_after_changes_a_run_with_the_saved_list_reaches_the_same_people(browser, district):
    browser.open(district.map, 1400, 900)
    now, csv, cells, served = browser.run(
        MODEL
        + """
        const open = (row, col) => model.land.isOpen(row * model.land.nx + col);
        const [a, b, c] = model.posts.map((post) => post.key);
        model.begin();
        model.put(a, 11 * 50 + 11, "moved");
        model.remove(b);
        model.add(3 * 50 + 46, "=added, here");
        model.put(c, 20 * 50 + 30, "on the bridge");
        model.add(3 * 50 + 46, "=added, here");
        return [model.figures(), model.csv(), model.posts.map((post) => post.cell),
          model.posts.map((post) => model.catchment(post).people)];
        """
    )
    again = district.rerun(csv)
    told = figures(again)
    assert again.posts.cell.tolist() == cells
    assert again.posts.name[-1] == "'=added, here"
    assert now["people"]["now"] == pytest.approx(told["plan_people"], rel=1e-9)
    assert now["underFives"]["now"] == pytest.approx(told["plan_under_fives"], rel=1e-9)
    assert now["people"]["now"] == pytest.approx(
        now["people"]["plan"] + now["people"]["gained"] - now["people"]["lost"], rel=1e-9
    )
    assert told["plan_people"] != figures(district.plan)["plan_people"]
    today = district.plan.posts.cell[~district.plan.posts.proposed]
    assert now["people"]["newly"] == pytest.approx(newly(district.plan, cells) - newly(district.plan, today), rel=1e-9)
    own = again.chw_catchment >= 0
    each = np.bincount(again.chw_catchment[own], again.land.people[own], len(cells))
    assert served == pytest.approx(each.tolist(), rel=1e-9)
    assert served[-2] > 0 == served[-1]  # two live there: the first of the list serves
    near_facility = again.to_facility.minutes <= LIMIT
    inhabited = near_facility & (again.land.people > 0)
    assert (own & near_facility).any() and (~own & inhabited).any()


def test_any_number_of_changes_and_back_again(browser, district):
    """Forty changes at random: the numbers are those of a fresh search; undone one by one, they are the plan's."""
    browser.open(district.map, 1400, 900)
    seen, start, end, edited = browser.run(
        MODEL
        + """
        let seed = 7;
        const random = (below) => { seed = (seed * 48271) % 2147483647; return seed % below; };
        const start = model.figures();
        const seen = [];
        for (let k = 0; k < 40; k++) {
          let cell = random(model.land.ny * model.land.nx);
          while (!model.land.isOpen(cell)) cell = random(model.land.ny * model.land.nx);
          const key = model.posts.length ? model.posts[random(model.posts.length)].key : -1;
          const what = key < 0 ? 0 : random(3);
          if (what === 0) model.add(random(4) && key >= 0 ? model.posts[0].cell : cell, "new");
          if (what === 1) { model.begin(); model.put(key, cell, "moved"); }
          if (what === 2) model.remove(key);
          seen.push([model.posts.map((post) => post.cell), model.figures().people]);
        }
        while (model.undoable) model.undo();
        return [seen, start, model.figures(), model.edited];
        """
    )
    plan, inside = district.plan, district.plan.land.area >= 0
    today = newly(plan, plan.posts.cell[~plan.posts.proposed])
    for cells, told in seen[::4]:
        sources = np.array([*plan.facility_cell, *cells], np.int32)
        minutes = travel.time_to_nearest(plan.land, sources, plan.scenario.walking, network=plan.network).minutes
        assert told["now"] == pytest.approx(plan.land.people[inside & (minutes <= LIMIT)].sum(), rel=1e-9)
        assert told["newly"] == pytest.approx(newly(plan, cells) - today, rel=1e-9, abs=1e-9)
    assert not edited
    for who in ("people", "underFives"):
        assert end[who] == pytest.approx(start[who], rel=1e-12, abs=1e-9)


def test_thresholds_count_as_coverage_does(browser, district):
    browser.open(district.map, 1400, 900)
    told = browser.run(
        MODEL
        + """
        const counts = await planner.Counts.read(grids);
        return [1, 5, 14, 30, 60, 120].map((minutes) => counts.surfaces.map((name) =>
          [0, 1].map((area) => ["people", "underFives"].map((who) =>
            counts.within(name, who, counts.step(minutes), area)))));
        """
    )
    plan = district.plan
    surfaces = (plan.to_facility, plan.with_chws, plan.with_plan)
    for minutes, by_surface in zip((1, 5, 14, 30, 60, 120), told, strict=True):
        for time, by_area in zip(surfaces, by_surface, strict=True):
            for area, (people, under_fives) in enumerate(by_area):
                near = (time.minutes <= minutes) & (plan.land.area == area)
                assert people == pytest.approx(plan.land.people[near].sum(), rel=1e-6)
                assert under_fives == pytest.approx(plan.land.under_fives[near].sum(), rel=1e-6)


def test_a_chw_on_closed_ground_is_put_on_the_nearest_open_ground_or_refused(browser, district):
    browser.open(district.map, 1400, 900)
    plan = district.plan
    shut = np.flatnonzero(np.isinf(plan.land.pace))
    assert len(shut) > 10
    lon, lat = plan.land.frame.lonlat(*plan.land.frame.centre_of(shut[::9]))
    found = browser.run(
        MODEL
        + f"""
        const near = {json.dumps(list(zip(lat.tolist(), lon.tolist(), strict=True)))};
        const snapped = near.map(([lat, lon]) => model.cellAt(lat, lon));
        model.head.snap = 50;
        return [snapped, near.map(([lat, lon]) => model.cellAt(lat, lon)), model.cellAt(0, 0)];
        """
    )
    from planner.grid.reached import open_cells

    x, y = plan.land.frame.centre_of(shut[::9])
    metres = plan.land.frame.metres_between
    exact, moved = open_cells(plan.land, x, y, plan.scenario.walking.snap_metres)
    for cell, own, px, py, far in zip(found[0], exact, x, y, moved, strict=True):
        there = plan.land.frame.centre_of([cell])
        assert metres([px], [py], *there)[0] == pytest.approx(far, rel=1e-2)
        assert np.isfinite(plan.land.pace[cell]) and own >= 0
    assert set(found[1]) == {-1} and found[2] == -1


def test_where_vehicles_are_driven_over_cells_there_are_thresholds_and_it_is_said_why_no_what_if(
    browser, district, tmp_path
):
    plan = district.plan
    reach = plan.scenario.reach.model_copy(update={"traveller": "motorbike"})
    driving = {"ride": "motorbike", "roads": "burned"}
    taken = plan.scenario.travellers | {"motorbike": plan.scenario.travellers["on foot"].model_copy(update=driving)}
    ridden = replace(plan, scenario=plan.scenario.model_copy(update={"reach": reach, "travellers": taken}))
    (tmp_path / "map.html").write_text(map_html(ridden), encoding="utf-8")
    browser.open(tmp_path / "map.html", 1400, 900)
    told = browser.run(SETTLE + "return document.getElementById('cells').textContent")
    assert "Who is within reach" in told and "driven over cells" in told
