"""One result in one file, and travel times as polygons."""

import csv
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lands import make_land
from planner.errors import InputFaults
from planner.outputs import single
from planner.outputs.isochrones import catchments, isochrones

UTM = "EPSG:32736"


def cells_of(layer):
    """How many cells of 100 m each shape covers."""
    return (layer.to_crs(UTM).area / 10_000).round(6).tolist()


def test_a_ring_holds_its_upper_end_and_the_people_in_it():
    frame = make_land(np.ones((1, 6))).frame
    minutes = np.array([0, 30, 30.5, 60, 61, np.inf], np.float32)
    rings = isochrones(frame, minutes, (30, 60), np.array([1.0, 2, 4, 8, 16, 32]))
    assert rings[["from_minutes", "to_minutes", "people"]].to_numpy().tolist() == [[0, 30, 3], [30, 60, 12]]
    assert cells_of(rings) == pytest.approx([2, 2], rel=1e-3)
    assert rings.crs.to_epsg() == 4326


def test_a_ring_around_another_has_a_hole_and_one_without_cells_is_left_out():
    frame = make_land(np.ones((5, 5))).frame
    minutes = np.full((5, 5), 45.0, np.float32)
    minutes[2, 2] = 5
    rings = isochrones(frame, minutes.ravel(), (10, 30, 60))
    assert rings[["from_minutes", "to_minutes"]].to_numpy().tolist() == [[0, 10], [30, 60]]
    assert "people" not in rings
    assert cells_of(rings) == pytest.approx([1, 24], rel=1e-3)


def test_rings_of_any_land_are_valid_do_not_overlap_and_lose_no_cell():
    rng = np.random.default_rng(1)
    frame = make_land(np.ones((30, 40))).frame
    minutes = rng.choice([10, 50, 100, np.inf], frame.n).astype(np.float32)
    rings = isochrones(frame, minutes, (30, 60, 120))
    assert rings.is_valid.all()
    assert cells_of(rings) == pytest.approx([np.count_nonzero(minutes == m) for m in (10, 50, 100)], rel=1e-3)
    shapes = rings.geometry.to_numpy()
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(shapely.area(shapes).sum(), rel=1e-6)


def test_a_site_that_is_nowhere_the_nearest_has_no_catchment():
    frame = make_land(np.ones((1, 4))).frame
    parts = catchments(frame, np.array([2, 2, 0, -1], np.int32), "ABC", ("a", "b", "c"), np.array([1.0, 2, 4, 8]))
    assert parts[["site_id", "site", "people"]].to_numpy().tolist() == [["A", "a", 4], ["C", "c", 3]]
    assert cells_of(parts) == pytest.approx([1, 2], rel=1e-3)


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-cmd", "@SUM(A1)", " =1"])
def test_text_cannot_act_as_a_formula(text):
    assert single.plain_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12", "+3.5", "", "Mbale", "a=b", "N'Zeto"])
def test_other_text_stays_as_it_is(text):
    assert single.plain_text(text) == text


def test_a_table_is_read_back_as_it_was_with_blanks_for_the_unknown(tmp_path):
    path = tmp_path / "t.csv"
    table = pd.DataFrame({"id": ["=A", 'N\'Djaména, "x"'], "minutes": np.array([1.5, np.nan], np.float32)})
    single.write_csv(table, path)
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["id", "minutes"], ["'=A", "1.5"], ['N\'Djaména, "x"', ""]]
    assert table["id"][0] == "=A"


@pytest.mark.parametrize("ending", [".gpkg", ".geojson"])
def test_a_layer_keeps_rows_without_a_shape_and_null_for_the_unknown(tmp_path, ending):
    layer = gpd.GeoDataFrame({"m": [1.5, np.nan]}, geometry=[shapely.Point(34, -13), None], crs="EPSG:4326")
    path = tmp_path / f"x{ending}"
    single.write_layer(layer, path, "routes", "2026-11-01")
    again = gpd.read_file(path, layer="routes")
    assert again["m"].isna().tolist() == [False, True]
    assert again.geometry.tolist() == [shapely.Point(34, -13), None]
    if ending == ".geojson":
        assert json.loads(path.read_text(encoding="utf-8"))["features"][1]["properties"] == {"m": None}


@pytest.mark.parametrize("ending", [".gpkg", ".geojson"])
def test_a_layer_of_nothing_is_written_too(tmp_path, ending):
    layer = gpd.GeoDataFrame({"m": np.empty(0)}, geometry=[], crs="EPSG:4326")
    single.write_layer(layer, tmp_path / f"x{ending}", "routes", "2026-11-01")
    assert len(gpd.read_file(tmp_path / f"x{ending}")) == 0


def test_a_file_takes_its_name_when_it_is_whole(tmp_path):
    path = tmp_path / "new folder" / "x.csv"
    with single.whole_file(path) as part:
        part.write_text("one", encoding="utf-8")
        assert not path.exists() and part.suffix == ".csv"
    assert path.read_text(encoding="utf-8") == "one"

    def fail():
        with single.whole_file(path) as part:
            part.write_text("half", encoding="utf-8")
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text(encoding="utf-8") == "one"
    assert [each.name for each in path.parent.iterdir()] == ["x.csv"]


def test_where_nothing_can_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputFaults, match=r"x\.csv: cannot be written"), single.whole_file(tmp_path / "file" / "x.csv"):
        pass
