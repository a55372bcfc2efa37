"""The people of a whole country: rescaled to a census, moved off the sea, and in villages known by name only."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import tomli_w

from planner import pipeline, scenario_file

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data" / "comoros"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data are absent: {DATA}")

PEOPLE = 869_595.0284086764  # the raster's own float64 sum
ON_CLOSED_CELLS = 34_839.57859745622
# Rounded from the census of 2017 as it is remembered. The raster of WorldPop has the people of two islands exchanged.
CENSUS = {"Ngazidja": 379_000, "NZWANI": 327_000, "Mwali": 52_000}
ISLANDS = {"01": "Nzwani", "02": "Ngazidja", "03": "Mwali"}  # by the codes of GeoNames


def check(folder: Path, **sections):
    """The Comoros with other sections; paths of the country's own files stay as they are."""
    asked = scenario_file.load(HERE / "comoros.toml").model_dump(exclude_none=True)
    for section in asked.values():
        if isinstance(section, dict) and section.get("file"):
            section["file"] = str((HERE / section["file"]).resolve())
    for name, keys in sections.items():
        asked[name] = {**asked[name], **keys} if name == "population" else keys
    (folder / "scenario.toml").write_text(tomli_w.dumps(asked), encoding="utf-8")
    return pipeline.check(folder / "scenario.toml")


def test_people_on_the_sea_are_moved_ashore_and_nobody_is_lost_or_leaves_his_island(tmp_path):
    before = check(tmp_path)
    after = check(tmp_path, population={"off_barriers_metres": 300.0})
    moved = after.people.moved
    assert before.balance.people[1] == pytest.approx(ON_CLOSED_CELLS, rel=1e-9)
    assert moved.people.sum() + moved.left.sum() == pytest.approx(ON_CLOSED_CELLS, rel=1e-9)
    assert after.balance.people[1] == pytest.approx(moved.left.sum(), rel=1e-9)
    assert moved.people.sum() > 0.6 * ON_CLOSED_CELLS
    assert np.nanmax(moved.max_metres) <= 300.0
    assert after.balance.total == pytest.approx(PEOPLE, rel=1e-9)
    assert after.balance.by_area.sum(axis=1) == pytest.approx(before.balance.by_area.sum(axis=1), rel=1e-9)


def test_the_islands_add_up_to_the_census_and_factors_that_no_growth_explains_are_told(tmp_path):
    rows = [["Île", "Population 2017"], *CENSUS.items()]
    with (tmp_path / "census.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    asked = {"totals": "census.csv", "totals_columns": {"people": "Population 2017"}, "off_barriers_metres": 300.0}
    base = check(tmp_path, population=asked)
    people = dict(zip(base.found.areas.name, base.balance.by_area.sum(axis=1), strict=False))
    assert [round(n) for n in people.values()] == list(CENSUS.values())
    assert base.balance.total == pytest.approx(sum(CENSUS.values()), rel=1e-9)
    assert base.balance.raster == pytest.approx(PEOPLE, rel=1e-9)
    [doubt] = [note for note in base.notes if note.level == "warning" and "less than half" in note.what]
    assert [change.after.split(" (x ")[1] for change in doubt.changes] == ["4.96)", "0.147)"]
    scattered = base.land.people[base.settled.of_cell < 0].sum()
    assert base.settled.people.sum() + scattered == pytest.approx(base.balance.total, rel=1e-9)


def test_villages_known_by_name_only_are_found_where_they_are(tmp_path):
    places = json.loads((DATA / "settlements" / "places_geonames_500plus.geojson").read_text(encoding="utf-8"))
    known = [(each["properties"], each["geometry"]["coordinates"]) for each in places["features"]]
    with (tmp_path / "names.csv").open("w", encoding="utf-8", newline="") as file:
        lines = [(said["name"], ISLANDS[said["admin1code"]], said["population"]) for said, _ in known]
        csv.writer(file).writerows([("Village", "Ile", "Habitants"), *lines])
    base = check(tmp_path, villages={"file": "names.csv", "min_people_per_cell": 2.0, "min_people": 200.0})
    listed, frame = base.found.villages, base.land.frame
    assert len(listed) + len(base.found.unplaced) == len(known)
    assert 55 <= len(listed) <= 75
    assert set(listed.how) == {"name", "similar name"}
    lon, lat = np.array([known[origin.row - 2][1] for origin in listed.origin]).T
    metres = frame.metres_between(listed.x, listed.y, lon, lat)
    assert np.median(metres) < 1000  # the positions of GeoNames are whole minutes, often
    assert (metres < 2000).mean() > 0.95  # GeoNames has places of its own wrong
    assert all(each.why for each in base.found.unplaced)
    areas = np.array(base.found.areas.name)[base.settled.area[: len(listed)]]
    assert all(said in area for said, area in zip(listed.area, areas, strict=True))
