"""What the page carries for what-if: to the bit, rounded where room is short, left out and told where there is none."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from outputs.tiny import tiny_plan
from planner.outputs import offline, whatif
from planner.outputs.map import map_html
from planner.outputs.packing import packed, packed_bits, packed_few, trimmed
from planner.types.frame import Frame

RNG = np.random.default_rng(5)
ARRAYS = {
    "float32": RNG.normal(800, 300, 5000).astype(np.float32),
    "float64": np.linspace(92.3, 92.9, 700),
    "uint16": RNG.integers(0, 60000, 300).astype(np.uint16),
    "uint8": np.repeat(np.arange(250, dtype=np.uint8), 4),
    "one": np.array([np.inf], np.float32),
    "none": np.empty(0, np.float32),
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    scripts = "".join(f"<script>{offline.asset(name)}</script>" for name in ("leaflet.js", "grids.js", "cells.js"))
    file = tmp_path_factory.mktemp("grids") / "grids.html"
    file.write_text(f"<!doctype html><script>window.planner = {{}};</script>{scripts}", encoding="utf-8")
    return file


def test_arrays_come_out_of_the_page_as_they_went_in(browser, page):
    flags = RNG.random(77) < 0.4
    few = RNG.choice(np.array([0.012, 0.06, 0.02], np.float32), 900)
    grids = {name: packed(values) for name, values in ARRAYS.items()}
    grids |= {"few": packed_few(few), "flags": packed_bits(flags)}
    browser.open(page, 400, 300)
    found = browser.run(
        f"""
        const packed = {json.dumps(grids)};
        const grids = new planner.Grids({{ names: Object.keys(packed) }}, () => packed);
        const found = {{}};
        for (const name of Object.keys(packed)) {{
          found[name] = Array.from(await grids.grid(name), (each) => (each === Infinity ? "inf" : each));
        }}
        return [found, await grids.grid("absent")];
        """
    )
    for name, values in (ARRAYS | {"few": few, "flags": flags}).items():
        assert np.array(found[0][name], float).tolist() == values.astype(float).tolist(), name
    assert found[1] is None


def test_rounded_people_are_near_theirs():
    people = RNG.lognormal(1, 2, 10_000).astype(np.float32)
    near = trimmed(people, 12)
    assert 0 < np.abs(near / people - 1).max() <= 2**-13
    assert abs(near.sum(dtype=float) / people.sum(dtype=float) - 1) < 1e-5


def uneven_plan():
    """The tiny plan with heights, and people that no two cells have alike."""
    plan = tiny_plan()
    people = np.where(plan.land.people > 0, RNG.lognormal(3, 1, plan.land.frame.n), 0)
    heights = RNG.normal(900, 50, plan.land.frame.n).astype(np.float32)
    return replace(plan, land=replace(plan.land, people=people, under_fives=0.16 * people, elevation=heights))


def size_without(plan):
    """Bytes of the page without its cells."""
    page = map_html(plan)
    return len(page) - sum(map(len, blocks(page)))


def carried(monkeypatch, plan, plain, small, most):
    """What the page carries, by the bytes that the cells may have in a small page and at most, and what is told."""
    told = []
    monkeypatch.setattr(whatif, "SMALL_BYTES", plain + small)
    monkeypatch.setattr(whatif, "MOST_BYTES", plain + most)
    return blocks(map_html(plan, told.append)), told


def blocks(page):
    return re.findall(r'<script type="application/json" id="plan-(?:cells|grids)">(.*?)</script>', page, re.S)


def test_where_room_is_short_what_is_rounded_or_left_out_is_told(monkeypatch):
    plan, seen = uneven_plan(), []
    plain = size_without(plan)
    for room in range(6500, 1500, -500):
        texts, told = carried(monkeypatch, plan, plain, room, room)
        head = json.loads(texts[0] or "{}")
        seen.append((head.get("exact", head.get("without")), *told))
    assert list(dict.fromkeys(seen)) == [
        (True,),
        (False, whatif.ROUNDED),
        ("room", "map.html: the what-if grids are left out, the map would be larger than 60 MB with them"),
        (None, "map.html: the thresholds and what-if are left out, the map would be larger than 60 MB with them"),
    ]


def test_a_large_page_has_all_of_it_rounded_and_says_that_it_is_large(monkeypatch):
    plan = uneven_plan()
    texts, told = carried(monkeypatch, plan, size_without(plan), 500, 9000)
    assert json.loads(texts[0])["exact"] is False and "pace" in json.loads(texts[1])
    assert told[0] == whatif.ROUNDED
    assert re.fullmatch(r"map.html has \d+ MB: phones and old laptops open it slowly", told[1])
    assert len(told) == 2


@pytest.mark.parametrize(
    "frame",
    [
        Frame("EPSG:32736", 300_000.0, 8_700_000.0, 500.0, 500.0, 700, 900),
        Frame("EPSG:4326", 34.0, -13.0, 1 / 1200, 1 / 1200, 1000, 1500),
    ],
)
def test_places_on_the_map_are_the_cells_of_the_frame(browser, page, frame):
    row, col = RNG.uniform(0, frame.ny, 400), RNG.uniform(0, frame.nx, 400)
    x, y = frame.west + col * frame.dx, frame.north - row * frame.dy
    lon, lat = frame.lonlat(x, y)
    head = {"ny": frame.ny, "nx": frame.nx, "lattice": whatif.lattice(frame)}
    browser.open(page, 400, 300)
    places, centre, beyond = browser.run(
        f"""
        const frame = new planner.Frame({json.dumps(head)});
        const at = {json.dumps(np.column_stack([lat, lon]).tolist())};
        return [at.map(([lat, lon]) => frame.place(lat, lon)), frame.centre(5), frame.cell(60, 60)];
        """
    )
    off = np.abs(np.array(places) - np.column_stack([row, col]))
    assert off.max() <= (1e-6 if frame.geographic else 2 * whatif.LATTICE_ERROR)
    assert len(json.dumps(head)) < 60_000
    exact = [axis[0] for axis in frame.lonlat(*frame.centre_of([5]))][::-1]
    assert centre == pytest.approx(exact, abs=1e-4)
    assert beyond == -1
