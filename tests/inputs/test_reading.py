from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest
from inputs.scene import FRAME, PEOPLE, make_scenario, write_layer, write_tif
from shapely.geometry import LineString, box

from planner import inputs
from planner.errors import InputFaults


def everything(tmp_path):
    write_tif(tmp_path / "height.tif", PEOPLE + 100)
    write_tif(tmp_path / "cover.tif", np.full((4, 5), 40, np.uint8))
    line = LineString([(40, -10), (40.05, -10.02)])
    write_layer(tmp_path / "roads.gpkg", [{"highway": "track"}], [line])
    write_layer(tmp_path / "rivers.geojson", [{"waterway": "river"}], [line])
    write_layer(tmp_path / "areas.gpkg", [{"name": "North"}], [box(40, -10.02, 40.05, -10)])
    (tmp_path / "villages.csv").write_text("id,name,lat,lon\n1,Moya,-10.005,40.005\n", encoding="utf-8")
    (tmp_path / "chws.csv").write_text("id,name,village\n1,Asha,Moya\n", encoding="utf-8")
    return {
        "elevation": {"file": "height.tif", "source": "SRTM"},
        "land_cover": {"file": "cover.tif"},
        "roads": {"file": "roads.gpkg"},
        "water": {"file": "rivers.geojson"},
        "areas": {"file": "areas.gpkg"},
        "facilities": {"file": "facilities.csv", "outside_metres": 5000.0},  # people cross the border to one
        "villages": {"file": "villages.csv"},
        "chws": {"file": "chws.csv"},
    }


def test_everything_is_read_on_one_frame_and_cited(tmp_path):
    scenario = make_scenario(tmp_path, **everything(tmp_path))
    read = inputs.read(scenario, tmp_path)
    assert read.layers.frame == FRAME
    assert read.layers.people.sum() == 190
    assert read.layers.elevation.tolist() == list(range(100, 120))
    assert set(read.layers.land_cover.tolist()) == {40}
    assert [len(part) for part in (read.roads, read.water, read.areas, read.facilities, read.villages, read.chws)] == [
        1, 1, 1, 2, 1, 1,
    ]  # fmt: skip
    assert [source.role for source in read.sources] == [
        "population", "elevation", "land_cover", "roads", "water", "areas", "facilities", "villages", "chws",
    ]  # fmt: skip
    height = read.sources[1]
    assert (height.file, height.citation) == ("height.tif", "SRTM")
    assert height.sha256 == hashlib.sha256((tmp_path / "height.tif").read_bytes()).hexdigest()
    assert inputs.sha256(tmp_path / "height.tif") == height.sha256
    [note] = [note for note in read.notes if note.where != "population (people.tif)"]
    assert note.what == "rows outside the areas, by no more than 5 km: kept"


def test_people_and_facilities_are_enough(tmp_path):
    read = inputs.read(make_scenario(tmp_path), tmp_path)
    assert read.layers.elevation is None
    assert read.layers.land_cover is None
    assert len(read.roads) == len(read.water) == len(read.villages) == len(read.chws) == 0
    assert read.areas.code == ("ALL",)


def test_reading_twice_gives_the_same(tmp_path):
    scenario = make_scenario(tmp_path, **everything(tmp_path))
    first, second = inputs.read(scenario, tmp_path), inputs.read(scenario, tmp_path)
    assert first.sources == second.sources
    assert first.notes == second.notes
    assert first.layers.elevation.tobytes() == second.layers.elevation.tobytes()


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    sections = everything(tmp_path)
    write_tif(tmp_path / "people.tif", -PEOPLE)
    (tmp_path / "height.tif").write_bytes(b"II*\0 cut")
    sections["roads"]["file"] = "roads.osm"  # the water would come from it too
    (tmp_path / "villages.csv").write_text("id,nomm\n1,Moya\n", encoding="utf-8")
    (tmp_path / "facilities.csv").write_text("id,name,lat,lon\n1,Moya,-10,40\n", encoding="utf-8")
    sections["areas"]["name"] = "names"
    sections["walking"] = {"speeds": "weis_2020", "road_speeds": "roads.csv"}
    (tmp_path / "roads.csv").write_text("class,kmh\ntrack,4\n", encoding="utf-8")
    del sections["water"]
    with pytest.raises(InputFaults) as raised:
        inputs.read(make_scenario(tmp_path, **sections), tmp_path)
    assert sorted(fault.where for fault in raised.value.faults) == sorted(
        [
            "areas (areas.gpkg)",
            "elevation (height.tif)",
            "facilities (facilities.csv)",
            "population (people.tif)",
            "population (people.tif)",
            "roads (roads.osm)",
            "roads.csv",
            "walking (weis_2020)",
            "villages (villages.csv)",
        ]
    )


def test_heavy_libraries_wait_until_something_is_read():
    code = "import sys, planner.inputs; print([m for m in ('rasterio', 'geopandas', 'osmium') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
