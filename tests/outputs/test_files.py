from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import rasterio

from outputs.tiny import FRAME, bare_plan, tiny_plan
from planner.outputs import cells, tables
from planner.outputs.columns import COLUMNS
from planner.outputs.csv_tables import write_csv_tables
from planner.outputs.geopackage import write_geopackage
from planner.outputs.layers import layers
from planner.outputs.plan_json import plan_json
from planner.outputs.rasters import write_rasters
from planner.outputs.report import report_html
from planner.outputs.tables import write_workbook
from planner.types.results import Plan

NASTY = ("=1+1", "+cmd|'/c calc'!A0", "@SUM(A1)", "http://example.org/x", "<b>12</b>\u2028")

FILES = {
    "layers.gpkg", "plan.json", "report.html", "tables.xlsx", "rasters/minutes_to_facility.tif",
    "rasters/minutes_with_chws_today.tif", "rasters/minutes_with_plan.tif", "rasters/nearest_facility.tif",
    "rasters/chw_catchment.tif",
}  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return tiny_plan()


def write_all(plan: Plan, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    write_rasters(plan, folder / "rasters")
    write_geopackage(layers(plan), folder / "layers.gpkg", plan.provenance.date)
    write_workbook(plan, tables.tables(plan), folder / "tables.xlsx")
    write_csv_tables(plan, tables.tables(plan), folder / "tables")
    (folder / "plan.json").write_text(plan_json(plan, {}), encoding="utf-8")
    (folder / "report.html").write_text(report_html(plan), encoding="utf-8")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def csv_names(plan: Plan) -> set[str]:
    sheets = {f"{table.name.lower().replace(' ', '_')}.csv" for table in tables.tables(plan)}
    return sheets | {"datapackage.json"}


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    first, second = write_all(tiny_plan(), tmp_path / "a"), write_all(tiny_plan(), tmp_path / "b")
    assert set(first) == FILES | {f"tables/{name}" for name in csv_names(tiny_plan())}
    assert {name for name in first if first[name] != second[name]} == set()


def test_a_plan_of_nothing_can_be_written(tmp_path):
    names = {f"tables/{name}" for name in csv_names(bare_plan())}
    assert set(write_all(bare_plan(), tmp_path / "bare")) == FILES | names


def test_the_layers_read_from_the_geopackage_are_the_layers(plan, tmp_path):
    written = layers(plan)
    write_geopackage(written, tmp_path / "layers.gpkg", plan.provenance.date)
    listed = dict(pyogrio.list_layers(tmp_path / "layers.gpkg").tolist())
    assert list(listed) == [*written, "layer_styles"] and listed["layer_styles"] is None
    for name, layer in written.items():
        back = pyogrio.read_dataframe(tmp_path / "layers.gpkg", layer=name)
        assert back.crs.to_epsg() == 4326
        assert back.geometry.geom_equals(layer.geometry).all(), name
        pd.testing.assert_frame_equal(
            pd.DataFrame(back.drop(columns="geometry")), pd.DataFrame(layer.drop(columns="geometry")), check_dtype=False
        )


def test_no_way_and_unknown_are_told_apart_in_the_geopackage(plan, tmp_path):
    minutes = plan.access.minutes.copy()
    minutes[0] = np.inf
    changed = layers(replace(plan, access=replace(plan.access, minutes=minutes)))
    write_geopackage(changed, tmp_path / "layers.gpkg", plan.provenance.date)
    villages = pyogrio.read_dataframe(tmp_path / "layers.gpkg", layer="villages").set_index("village_id")
    assert villages.loc["V1", "minutes_to_facility"] == math.inf


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("minutes_to_facility", lambda plan: plan.to_facility.minutes),
        ("minutes_with_chws_today", lambda plan: plan.with_chws.minutes),
        ("minutes_with_plan", lambda plan: plan.with_plan.minutes),
        ("nearest_facility", lambda plan: plan.to_facility.nearest),
        ("chw_catchment", lambda plan: plan.chw_catchment),
    ],
)
def test_a_raster_lies_on_the_population_grid_with_the_same_numbers(plan, tmp_path, name, cells):
    write_rasters(plan, tmp_path / "rasters")
    with rasterio.open(tmp_path / "rasters" / f"{name}.tif") as raster:
        assert raster.shape == FRAME.shape
        assert raster.transform.to_gdal()[:1] == (FRAME.west,)
        assert raster.bounds == pytest.approx(FRAME.bounds)
        assert raster.crs.to_epsg() == 4326
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert "-1 = " in raster.descriptions[0]
        values = raster.read(1, masked=True)
    expected = cells(plan).reshape(FRAME.shape)
    unreachable = ~np.isfinite(expected) | (expected == -1)
    assert values.mask.tolist() == unreachable.tolist()
    assert values.filled(-1)[~unreachable].tolist() == expected[~unreachable].tolist()


def test_no_cell_of_the_workbook_is_a_formula_or_a_foreign_link(tmp_path):
    plan = tiny_plan(names=NASTY, facility="=HYPERLINK(1)")
    write_workbook(plan, tables.tables(plan), tmp_path / "tables.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.hyperlink for cell in cells if cell.hyperlink and not cell.hyperlink.location] == []
    assert {"=1+1", "=HYPERLINK(1)"} <= {cell.value for cell in cells}


def test_the_workbook_says_what_the_rows_say(plan, tmp_path):
    write_workbook(plan, tables.tables(plan), tmp_path / "tables.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    for table in tables.tables(plan):
        header, *lines = book[table.name].iter_rows(values_only=True)
        assert list(header) == [COLUMNS[name].header for name in table.rows.columns]
        for name, *got in zip(table.rows.columns, *lines, strict=True):
            want = [cells.shown(name, value) for value in table.rows[name].tolist()]
            for found, value in zip(got, want, strict=True):
                assert (found or "") == value if isinstance(value, str) else found == pytest.approx(value, rel=1e-15)


def test_the_eye_finds_shares_long_ways_and_words_that_are_no_number(plan, tmp_path):
    write_workbook(plan, tables.tables(plan), tmp_path / "tables.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    for table in tables.tables(plan):
        found = {str(area.sqref): rules for area, rules in book[table.name].conditional_formatting._cf_rules.items()}
        for position, name in enumerate(table.rows.columns, start=1):
            column = openpyxl.utils.get_column_letter(position)
            [rules] = [rules for area, rules in found.items() if area.split(":")[0] == f"{column}2"]
            header = COLUMNS[name].header
            wanted = "dataBar" if header.endswith("[%]") else "colorScale" if header.endswith("[min]") else "cellIs"
            assert rules[0].type == wanted, (table.name, header)
            told = {formula for rule in rules for formula in rule.formula}
            assert told == {'"no way"', '"warning"', '"–"'}  # nothing of the data
        assert book[table.name].freeze_panes.endswith("2")
    assert book["Villages"].freeze_panes == "C2"
    assert book["Villages"].print_title_rows == "$1:$1"


def test_rows_that_do_not_fit_on_a_sheet_are_said_to_be_left_out(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    write_workbook(plan, tables.tables(plan), tmp_path / "tables.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    assert book["Villages"].max_row == 4
    text = " ".join(str(cell.value) for row in book["README"].iter_rows() for cell in row)
    assert "(8 rows) 5 more rows do not fit on a sheet: see tables/." in text


def test_plan_json_is_strict_json_and_says_what_null_means(plan):
    read = json.loads(plan_json(plan, {}), parse_constant=pytest.fail)
    assert read["schema_version"] == 1
    assert "no way" in read["null_means"]
    assert read["placement"]["covered"] == plan.placement.covered
    assert read["headline"]["new_people"]["value"] == plan.placement.covered
    assert [post["post_id"] for post in read["placement"]["posts"] if post["proposed"]] == ["NEW-01", "NEW-02"]
    assert read["placement"]["posts"][2]["rank"] is None
    assert read["provenance"]["inputs"][0]["sha256"] == "0" * 64
    assert sum(line["people"] for line in read["people_balance"][:-1]) == pytest.approx(2614)


def test_numbers_that_are_not_finite_become_null(plan):
    endless = replace(plan.placement, gap=math.inf, bound=math.nan)
    read = json.loads(plan_json(replace(plan, placement=endless), {}), parse_constant=pytest.fail)
    assert (read["placement"]["gap"], read["placement"]["bound"]) == (None, None)
