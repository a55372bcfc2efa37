"""The main job on the bundled district, from the files to the run folder."""

import hashlib

import notebook_runs
import numpy as np
import pytest

from planner import pipeline
from planner.files import data_folder

SCENARIO = data_folder() / "demo" / "scenario.toml"


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory):
    """A plan, the folder of its run and of that of the first notebook, and what was told."""
    folder = tmp_path_factory.mktemp("demo")
    told = []
    plan = pipeline.run(SCENARIO, folder / "runs" / "first", told.append)
    notebook_runs.run(notebook_runs.QUICKSTART, folder)
    return plan, folder / "runs", told


def test_the_run_folder_holds_everything_and_nothing_else(two_runs):
    _, folder, _ = two_runs
    names = {path.relative_to(folder / "first").as_posix() for path in (folder / "first").rglob("*") if path.is_file()}
    rasters = {name for name in names if name.startswith("rasters/")}
    csv = {name for name in names if name.startswith("tables/")}
    assert names - rasters - csv == {
        "map.html", "report.html", "tables.xlsx", "layers.gpkg", "plan.json", "scenario.toml", "log.txt",
        "plan.qgz", "reports/fr.html", "reports/pt.html",
    }  # fmt: skip
    assert len(rasters) >= 4
    assert {path.name for path in folder.iterdir()} == {"first", "quickstart"}


def test_the_same_question_gives_the_same_bytes_in_a_notebook_too(two_runs):
    _, folder, _ = two_runs
    timed = {"log.txt", "plan.json"}  # they hold the seconds that each step took
    for path in (folder / "first").rglob("*"):
        if path.is_file() and path.name not in timed:
            again = folder / "quickstart" / path.relative_to(folder / "first")
            assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(again.read_bytes()).digest(), path.name


def test_every_step_is_told_as_it_begins(two_runs):
    _, folder, told = two_runs
    log = (folder / "first" / "log.txt").read_text(encoding="utf-8").splitlines()
    assert "of memory are needed for 435,600 cells" in told[0]
    assert told[1] == "reading the files" and told[-1] == "writing the run folder"
    assert [line[12:] for line in log] == told[:-1]


def test_people_add_up_by_balance_by_area_and_by_village(two_runs):
    plan, _, _ = two_runs
    total = plan.land.people.sum()
    scattered = plan.land.people[plan.villages.of_cell < 0].sum()
    assert plan.balance.people.sum() == pytest.approx(total, rel=1e-9)
    assert plan.coverage.area_people.sum() == pytest.approx(total, rel=1e-9)
    assert plan.villages.people.sum() + scattered == pytest.approx(total, rel=1e-9)


def test_more_care_never_covers_fewer_and_a_longer_walk_never_fewer(two_runs):
    plan, _, _ = two_runs
    people = plan.coverage.people.sum(axis=1)
    assert (np.diff(people, axis=0) >= 0).all() and (np.diff(people, axis=1) >= 0).all()


def test_coverage_told_in_more_ways_is_the_same_coverage(two_runs):
    plan, _, _ = two_runs
    told, first = plan.reached, [level == "area" for level in plan.reached.levels.level].index(True)
    assert told.seasons.seasons == ("dry", "wet")
    assert told.seasons.people[0][:, first:] == pytest.approx(plan.coverage.people, rel=1e-9)
    assert told.people[first:] == pytest.approx(plan.coverage.area_people, rel=1e-9)
    assert (told.seasons.people[1] <= told.seasons.people[0] * (1 + 1e-9)).all(), "nothing is quicker in the wet season"
    assert told.curve.people[0, :, 12] == pytest.approx(told.seasons.people[0, :, 0, 1]), "60 minutes"
    parts = (told.crossed.both, told.crossed.minutes_only, told.crossed.km_only, told.crossed.neither)
    assert sum(parts) == pytest.approx(told.people)
    hard = told.hard_people[0]  # the demo's rule: over 60 min or over 5 km
    assert hard == pytest.approx(told.people[0] - told.crossed.both[0], rel=1e-6)


def test_chws_are_shared_out_and_their_places_taken_once(two_runs):
    plan, _, _ = two_runs
    told, each = plan.reached, plan.scenario.audit.people_per_chw
    rows = [0, -1]  # all areas, and outside
    for k, count in enumerate((40, 60)):
        supplied = np.nansum(told.supplied.by_row[k, rows] * told.people[rows])
        enhanced = np.nansum(told.supplied.enhanced_by_row[k, rows] * told.people[rows])
        assert supplied == pytest.approx(count, rel=1e-6) and enhanced == pytest.approx(count, rel=1e-6)
    served, within = told.room.served, told.room.within
    assert (served <= within + 1e-6).all() and served[0] == pytest.approx(within[0])
    more = served[1:, rows].sum(axis=1) - served[0, rows].sum()
    assert (more <= np.array([40, 60]) * each).all()


def test_the_gain_of_the_plan_is_what_the_travel_times_say(two_runs):
    plan, _, _ = two_runs
    limit = plan.scenario.placement.max_minutes
    newly = (plan.with_plan.minutes <= limit) & ~(plan.with_chws.minutes <= limit) & (plan.land.area >= 0)
    hard_by_time = plan.to_facility.minutes > limit
    assert plan.land.people[newly & hard_by_time].sum() <= plan.placement.covered * (1 + 1e-9)
    assert plan.placement.covered <= plan.placement.bound * (1 + 1e-9)


def test_every_referral_starts_at_the_post_and_ends_at_its_facility(two_runs):
    plan, _, _ = two_runs
    assert [referral.tier for referral in plan.referrals] == [1, 2]
    for referral in plan.referrals:
        for post, facility in enumerate(referral.facility):
            if referral.line[post] is not None:
                start, end = referral.line[post].coords[0], referral.line[post].coords[-1]
                assert start == (plan.posts.x[post], plan.posts.y[post])
                assert end == (plan.facilities.x[facility], plan.facilities.y[facility])
            assert plan.facilities.tier[facility] >= referral.tier
        assert (referral.minutes >= plan.to_facility.minutes[plan.posts.cell] - 1e-6).all()
        assert (referral.metres >= 0).all()


def test_existing_chws_stay_and_proposed_ones_live_in_villages(two_runs):
    plan, _, _ = two_runs
    assert np.count_nonzero(~plan.posts.proposed) == 40
    proposed = plan.posts.village[plan.posts.proposed]
    assert (proposed >= 0).all() and len(set(proposed.tolist())) == len(proposed)
    assert (plan.villages.people[proposed] >= plan.scenario.placement.min_people).all()


def test_every_supervised_post_is_visited_once_within_a_working_day_and_by_a_supervisor_with_room(two_runs):
    plan, _, _ = two_runs
    rule, given, trips = plan.scenario.supervision, plan.supervision, plan.rounds.trips
    visited = sorted(post for trip in trips for post in trip.posts)
    assert visited == np.flatnonzero(given.facility >= 0).tolist()
    for trip in trips:
        assert {int(given.facility[post]) for post in trip.posts} == {trip.facility}
        assert trip.supervisor <= given.supervisors[trip.facility]
        assert trip.travel_minutes + trip.visit_minutes <= trip.days * rule.day_minutes + 0.1
        assert trip.days == 1 or len(trip.posts) == 1
        assert trip.metres <= 110 * trip.travel_minutes  # on foot
    assert (plan.rounds.days >= plan.rounds.fewest_days).all()
