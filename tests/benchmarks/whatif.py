"""What map.html weighs, how long it takes to open, and how soon a moved CHW is answered, in headless Chromium.

python tests/benchmarks/whatif.py [demo] [comoros] [rides] [large]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from outputs.browser import Browser, program  # noqa: E402
from planner import pipeline, scenario_file  # noqa: E402
from planner.outputs.map import map_html  # noqa: E402
from planner.scenario import Traveller  # noqa: E402

COMOROS = ROOT / "tests/real/comoros.toml"
SCENARIOS = {"demo": ROOT / "data/demo/scenario.toml", "comoros": COMOROS, "rides": COMOROS}
TILES = 5  # the large land is the demo's, so often from west to east and from north to south: 10.9 million cells
MEASURE = """
    const load = performance.getEntriesByType("navigation")[0].loadEventEnd;
    let start = performance.now();
    const head = JSON.parse(document.getElementById("plan-cells").textContent);
    if (!head.names) return [load];
    const grids = new planner.Grids(head, () => JSON.parse(document.getElementById("plan-grids").textContent));
    await planner.Counts.read(grids);
    const thresholds = performance.now() - start;
    if (!grids.has("pace")) return [load, thresholds];
    start = performance.now();
    const frame = new planner.Frame(head);
    const model = await planner.WhatIf.ready(grids, frame, () => {});
    const ready = performance.now() - start;
    const moves = [];
    let seed = 1;
    for (let k = 0; k < 60; k++) {
      const post = model.posts[(7 * k) % model.posts.length];
      seed = (seed * 48271) % 2147483647;
      const [row, col] = [Math.floor(post.cell / head.nx) + (seed % 41) - 20, (post.cell % head.nx) + (seed % 37) - 18];
      const cell = model.cellAt(...frame.at(row + 0.5, col + 0.5));
      start = performance.now();
      model.put(post.key, cell);
      model.figures();
      moves.push(performance.now() - start);
    }
    return [load, thresholds, ready, moves];
"""


def tiled(plan, times):
    """The plan many times over: grids, facilities and CHWs side by side."""
    land, frame = plan.land, plan.land.frame
    large = replace(frame, ny=frame.ny * times, nx=frame.nx * times)

    # Each tile is moved down by its own rows: beside each other they are not alike, which would compress too well.
    moved = [[(97 * (i * times + j)) % frame.ny for j in range(times)] for i in range(times)]

    def grid(values):
        values = values.reshape(frame.shape)
        return np.block([[np.roll(values, by, axis=0) for by in row] for row in moved]).ravel()

    def cells(own):
        row, col = np.divmod(own, frame.nx)
        places = [
            (i * frame.ny + (row + moved[i][j]) % frame.ny) * large.nx + j * frame.nx + col
            for i in range(times)
            for j in range(times)
        ]
        return np.concatenate([np.where(own >= 0, each, -1) for each in places]).astype(np.int32)

    def several(texts):
        return tuple(f"{text}-{k}" for k in range(times * times) for text in texts)

    def longer(time):
        n = large.n
        return replace(time, minutes=grid(time.minutes), nearest=grid(time.nearest), back=np.full(n, -1, np.int32))

    order = np.argsort(np.tile(plan.posts.proposed, times * times), kind="stable")
    cell = cells(plan.posts.cell)[order]
    x, y = large.centre_of(cell)
    repeated = {
        name: np.tile(getattr(plan.posts, name), times * times)[order] for name in ("proposed", "village", "chws")
    }
    names = several(plan.posts.id)
    posts = replace(
        plan.posts,
        id=tuple(names[k] for k in order),
        name=tuple(names[k] for k in order),
        cell=cell,
        x=x,
        y=y,
        **repeated,
    )
    fields = ("people", "under_fives", "known", "pace", "way", "elevation", "area")
    land = replace(
        land, frame=large, step_metres=np.tile(land.step_metres, (times, 1)),
        **{name: grid(getattr(land, name)) for name in fields},
    )  # fmt: skip
    return land, posts, cells(plan.facility_cell), longer, grid


def large_page(plan):
    """The page of the demo with the cells of the large land in the place of its own."""
    from planner.outputs import map as pages
    from planner.outputs import whatif

    land, posts, facility_cell, longer, grid = tiled(plan, TILES)
    large = replace(
        plan, land=land, posts=posts, facility_cell=facility_cell, hard_to_reach=grid(plan.hard_to_reach),
        to_facility=longer(plan.to_facility), with_chws=longer(plan.with_chws), with_plan=longer(plan.with_plan),
    )  # fmt: skip
    kept = whatif.filled
    try:
        whatif.filled = lambda page, _, tell: kept(page, large, tell)
        return pages.map_html(plan, print)
    finally:
        whatif.filled = kept


def page_of(name):
    """The page of one of `SCENARIOS`, or the large one."""
    base = SCENARIOS.get(name, SCENARIOS["demo"])
    scenario = scenario_file.load(base)
    if name == "rides":  # the caregiver takes a motorbike taxi
        reach = scenario.reach.model_copy(update={"traveller": "motorbike"})
        travellers = scenario.travellers | {"motorbike": Traveller(ride="motorbike")}
        scenario = scenario.model_copy(update={"reach": reach, "travellers": travellers})
    plan = pipeline.make_plan(scenario, base.parent)
    return map_html(plan, print) if name in SCENARIOS else large_page(plan)


def main(names):
    folder = Path(tempfile.mkdtemp())
    for name in names:
        began = time.perf_counter()
        page = page_of(name)
        file = folder / f"{name}.html"
        file.write_text(page, encoding="utf-8")
        print(f"{name}: {len(page) / 1e6:.1f} MB, made in {time.perf_counter() - began:.0f} s")
        browser = Browser(program(), folder / f"profile-{name}")
        try:
            browser.open(file, 1400, 900)
            told = browser.run(MEASURE)
            print(f"  opened {told[0] / 1000:.2f} s", end="")
            if len(told) > 1:
                print(f"; thresholds read {told[1] / 1000:.2f} s", end="")
            if len(told) > 2:
                moves = sorted(told[3])
                at_most = moves[int(0.95 * len(moves))]
                print(f"; what-if ready {told[2] / 1000:.2f} s; a moved CHW", end="")
                print(f": median {statistics.median(moves):.0f} ms, 19 of 20 within {at_most:.0f} ms", end="")
            print()
        finally:
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:] or [*SCENARIOS, "large"])
