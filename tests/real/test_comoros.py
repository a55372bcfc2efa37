"""A whole country at 100 m, from the files as they were found."""

from pathlib import Path

import numpy as np
import pytest

from planner import pipeline, travel

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data" / "comoros"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data are absent: {DATA}")

PEOPLE = 869_595.0284086764  # the raster's own float64 sum


@pytest.fixture(scope="module")
def plan_and_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "comoros"
    return pipeline.run(HERE / "comoros.toml", folder), folder


def test_every_person_of_the_country_is_in_one_line_of_the_balance(plan_and_folder):
    plan, _ = plan_and_folder
    assert plan.balance.total == pytest.approx(PEOPLE, rel=1e-9)
    assert plan.balance.people.sum() == pytest.approx(PEOPLE, rel=1e-9)
    assert plan.coverage.area_people.sum() == pytest.approx(PEOPLE, rel=1e-9)
    scattered = plan.land.people[plan.villages.of_cell < 0].sum()
    assert plan.villages.people.sum() + scattered == pytest.approx(PEOPLE, rel=1e-9)


def test_nobody_walks_from_island_to_island(plan_and_folder):
    plan, _ = plan_and_folder
    areas = plan.land.area
    for island in range(len(plan.areas)):
        there = plan.facility_cell[(plan.facility_cell >= 0) & (areas[plan.facility_cell] == island)]
        reached = travel.time_to_nearest(plan.land, there, plan.scenario.walking)
        assert len(reached.order) > 10_000
        assert set(np.unique(areas[reached.order])) <= {island, -1}


def test_the_plan_covers_more_people_and_says_how_good_it_is(plan_and_folder):
    plan, _ = plan_and_folder
    today, tomorrow = plan.coverage.people[1].sum(axis=0), plan.coverage.people[2].sum(axis=0)
    assert (tomorrow >= today).all() and tomorrow[1] > today[1]
    assert plan.placement.bound >= plan.placement.covered > 0
    assert len(plan.placement.chosen) == plan.scenario.placement.new_chws
    assert (np.diff(plan.placement.gain) <= 1e-6).all()


def test_the_map_of_the_country_is_small_enough_to_send(plan_and_folder):
    _, folder = plan_and_folder
    assert (folder / "map.html").stat().st_size < 10e6
    for name in ("report.html", "tables.xlsx", "layers.gpkg", "plan.json", "scenario.toml", "log.txt"):
        assert (folder / name).stat().st_size > 0
