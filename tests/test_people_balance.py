"""Nobody is lost or counted twice between the population raster and the tables, whatever the land looks like."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lands import village_list
from planner import coverage, grid, travel, villages
from planner.inputs import roads, water
from planner.scenario import VillagesTable, Walking
from planner.types.frame import Frame
from planner.types.inputs import Areas, Chws, Facilities, Inputs, Layers, WalkingSpeeds

FRAMES = (
    Frame("EPSG:4326", west=43.2, north=-11.4, dx=1 / 1200, dy=1 / 1200, ny=11, nx=14),
    Frame("EPSG:4326", west=-0.004, north=0.004, dx=1 / 1200, dy=1 / 900, ny=11, nx=14),
    Frame("EPSG:32736", west=500_000.0, north=8_500_000.0, dx=100.0, dy=100.0, ny=11, nx=14),
    Frame("EPSG:32636", west=700_000.0, north=8_400_000.0, dx=1000.0, dy=500.0, ny=11, nx=14),
)
SPEEDS = WalkingSpeeds({1: 5.0, 2: 2.5, 3: 0.0}, {1: "Built", 2: "Forest", 3: "Water"}, {"path": 4.0}, {}, 5.0)
NOWHERE = np.empty(0)


@st.composite
def questions(draw):
    """Inputs of one question: a raster with holes, areas that overlap and leave gaps, water, a path, facilities."""
    frame = draw(st.sampled_from(FRAMES))
    dice = np.random.default_rng(draw(st.integers(0, 2**32)))
    people = dice.lognormal(0, draw(st.sampled_from((0.1, 3.0, 12.0))), frame.n)
    people[dice.random(frame.n) < draw(st.sampled_from((0.0, 0.3, 0.9)))] = np.nan
    people[dice.random(frame.n) < 0.2] = 0
    people[dice.integers(frame.n)] = 1.0  # a raster without people is refused while it is read
    cover = dice.choice(np.array([-1, 1, 2, 3], np.int16), frame.n, p=[0.1, 0.5, 0.3, 0.1])
    points = [_points(dice, frame, 2) for _ in range(draw(st.integers(1, 4)))]
    boxes = [shapely.box(*corners.min(0), *corners.max(0)) for corners in points]
    names = tuple(f"A{k}" for k in range(len(boxes)))
    lines = [shapely.LineString(_points(dice, frame, 3)) for _ in range(3)]
    facilities = _points(dice, frame, draw(st.integers(1, 3)))
    ids = tuple(f"F{k}" for k in range(len(facilities)))
    return Inputs(
        layers=Layers(
            frame, people, people * 0.16,
            draw(st.sampled_from((None, dice.normal(500, 80, frame.n).astype(np.float32)))),
            draw(st.sampled_from((None, cover))),
        ),
        roads=roads.build(np.array(lines[:1], object), [{"highway": "path"}]),
        water=water.build(np.array(lines[1:], object), [{"kind": "river"}, {"kind": "stream"}]),
        no_go=np.empty(0, object),
        areas=Areas(np.array(boxes, object), names, names, names, names),
        facilities=Facilities(ids, ids, *facilities.T.copy(), type=ids, tier=np.ones(len(ids), np.int16)),
        villages=village_list((), (), NOWHERE, NOWHERE),
        chws=Chws((), (), NOWHERE, NOWHERE, village=()),
        sources=(),
        notes=(),
    )  # fmt: skip


def _points(dice, frame, count):
    west, south, east, north = frame.bounds
    return np.column_stack([dice.uniform(west, east, count), dice.uniform(south, north, count)])


@settings(max_examples=60, deadline=None)
@given(questions(), st.sampled_from((0.0, 150.0, 3000.0)))
def test_every_person_of_the_raster_stands_in_one_line_one_area_and_one_village_or_none(asked, metres):
    raster = float(np.nansum(asked.layers.people))
    land, _ = grid.lay(asked, SPEEDS, {"river"}, seasonal_water=False, fill_metres=metres, edge_metres=metres)
    facility_cell, _ = grid.open_cells(land, asked.facilities.x, asked.facilities.y, 1000.0)
    time = travel.time_to_nearest(land, facility_cell, Walking())

    balance = coverage.people_balance(land, len(asked.areas), raster, time.minutes)
    assert balance.total == pytest.approx(raster, rel=1e-9)
    assert balance.people.sum() == pytest.approx(raster, rel=1e-9)
    assert balance.under_fives.sum() == pytest.approx(0.16 * raster, rel=1e-9)
    assert balance.cells.sum() == land.frame.n
    assert balance.cells[-1] == np.isnan(asked.layers.people).sum()

    assert balance.by_area.sum() == pytest.approx(raster, rel=1e-9)
    assert balance.by_area.sum(axis=0) == pytest.approx(balance.people, rel=1e-9)

    cover = coverage.within(land, len(asked.areas), {"facilities": time.minutes}, (30.0, 1e6))
    assert cover.area_people.sum() == pytest.approx(raster, rel=1e-9)
    assert cover.area_people[-1] == pytest.approx(balance.people[3], rel=1e-9)  # outside the areas, nobody unknown
    assert balance.by_area.sum(axis=1) == pytest.approx(cover.area_people, rel=1e-9)
    reachable = cover.people[0, :-1, -1].sum()
    assert reachable == pytest.approx(balance.people[0], rel=1e-9)

    rules = VillagesTable(min_people_per_cell=0.5, min_people=3.0, widest_metres=500.0)
    found = villages.find(land, asked.villages, np.empty(0, np.int32), rules).villages
    scattered = land.people[found.of_cell < 0].sum()
    assert found.people.sum() + scattered == pytest.approx(raster, rel=1e-9)
