"""The page's own search: the minutes of the planner, to the last bit, on lands with every option."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from roads import no_rides
from travel.test_random_lands import random_case

from lands import rough_land, some_cells
from planner.outputs import offline
from planner.outputs.whatif import ridden, walked
from planner.scenario import Walking
from planner.travel import Search

SCRIPTS = ("grids.js", "land.js", "walk.js", "rides.js")


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    """The scripts of the map that search, without a map."""
    scripts = "".join(f"<script>{offline.asset(name)}</script>" for name in SCRIPTS)
    file = tmp_path_factory.mktemp("walk") / "walk.html"
    file.write_text(f"<!doctype html><script>window.planner = {{}};</script>{scripts}", encoding="utf-8")
    return file


@cache
def cases():
    """Lands, each with its way of walking, places, and roads that are ridden on some."""
    found = [random_case(seed) for seed in range(0, 200)]
    small = [(case.land, case.walking, case.sources, case.network) for case in found if case.land.driven is None]
    large = [
        (land := rough_land(50, 61, seed, geographic=seed % 2 == 1), Walking(neighbours=n, slope=slope),
         some_cells(land, 4, seed), no_rides())
        for seed, (n, slope) in enumerate([(8, "tobler"), (16, "irmischer_clarke"), (32, "tobler"), (16, "none")])
    ]  # fmt: skip
    return [*small, *large]


def in_browser(browser, land, walking, network, steps):
    """Minutes a cell after some steps with `times`; NaN = unreached."""
    head, grids = walked(land, walking)
    grids |= ridden(network)
    found = browser.run(
        f"""
        const head = {json.dumps(head | {"names": list(grids)})};
        const grids = new planner.Grids(head, () => ({json.dumps(grids)}));
        const land = await planner.Land.read(grids);
        const times = new planner.Times(land, Infinity, await planner.Rides.read(grids, land));
        {steps}
        times.run();
        const found = [];
        for (let cell = 0; cell < land.ny * land.nx; cell++) found.push(times.minutes[land.inside(cell)]);
        return found.map((each) => (each < Infinity ? each : null));
        """
    )
    return np.array(found, float)


def as_found(minutes):
    return np.where(np.isfinite(minutes), minutes.astype(float), np.nan)


def test_minutes_are_the_planners_to_the_last_bit(browser, page):
    browser.open(page, 400, 300)
    options = set()
    for land, walking, sources, network in cases():
        exact = Search(land, walking, network=network, threads=1).nearest(sources).minutes
        adds = "".join(f"times.add({cell}, {k});" for k, cell in enumerate(sources.tolist()))
        found = in_browser(browser, land, walking, network, adds)
        np.testing.assert_array_equal(found, as_found(exact))
        options |= {walking.neighbours, walking.slope, walking.corners, land.elevation is None, (land.way == 2).any()}
        options |= {"rides" if len(network) else "none"}
    assert options >= {8, 16, 32, "none", "tobler", "irmischer_clarke", "open", "closed", "rides", True, False}


def test_a_place_taken_away_leaves_what_the_others_reach(browser, page):
    browser.open(page, 400, 300)
    by_ride = 0
    for land, walking, sources, network in [case for case in cases() if len(case[3])] + cases()[-4:]:
        exact, on_foot = (
            Search(land, walking, network=rides, threads=1).nearest(sources[1:]).minutes for rides in (network, None)
        )
        adds = "".join(f"times.add({cell}, {k});" for k, cell in enumerate(sources.tolist()))
        found = in_browser(browser, land, walking, network, f"{adds} times.run(); times.remove({sources[0]}, 0);")
        np.testing.assert_array_equal(found, as_found(exact))
        by_ride += int((exact < on_foot).any())
    assert by_ride > 20
