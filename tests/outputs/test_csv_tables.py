"""The tables as CSV: valid by the reference validator, with the numbers of the workbook, safe in a spreadsheet."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from frictionless import Package

from outputs.tiny import bare_plan, tiny_plan
from planner.outputs.csv_tables import write_csv_tables
from planner.outputs.single import as_it_was, plain_text
from planner.outputs.tables import tables


@pytest.mark.parametrize("make", [tiny_plan, bare_plan])
def test_the_package_is_valid_by_the_reference_validator(make, tmp_path, monkeypatch):
    plan = make()
    write_csv_tables(plan, tables(plan), tmp_path / "tables")
    monkeypatch.chdir(tmp_path)
    report = Package("tables/datapackage.json").validate()
    assert report.valid, report.flatten(["title", "note", "rowNumber", "fieldName"])[:3]
    assert {path.name for path in (tmp_path / "tables").iterdir()} == {
        "datapackage.json", *(resource["path"] for resource in package_of(tmp_path)["resources"]),
    }  # fmt: skip


def package_of(folder):
    return json.loads((folder / "tables" / "datapackage.json").read_text(encoding="utf-8"))


def test_every_number_is_that_of_the_table_to_the_last_digit(tmp_path):
    plan = tiny_plan()
    sheets = tables(plan)
    write_csv_tables(plan, sheets, tmp_path / "tables")
    for table, resource in zip(sheets, package_of(tmp_path)["resources"], strict=True):
        read = pd.read_csv(tmp_path / "tables" / resource["path"], dtype=str)
        for name, column in table.rows.select_dtypes("number").items():
            np.testing.assert_array_equal(read[name].astype(column.dtype), column, err_msg=f"{table.name}: {name}")


def test_no_way_is_told_apart_from_unknown(tmp_path):
    plan = tiny_plan()
    write_csv_tables(plan, tables(plan), tmp_path / "tables")
    onward = pd.read_csv(tmp_path / "tables" / "referral.csv")
    assert math.isinf(onward["second_minutes"][0])
    assert onward["second_costs"].isna().all()


def test_a_name_that_is_a_formula_is_text(tmp_path):
    plan = tiny_plan(facility="=HYPERLINK(1)")
    write_csv_tables(plan, tables(plan), tmp_path / "tables")
    assert "'=HYPERLINK(1)" in (tmp_path / "tables" / "facilities.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''=1+1", "' @x", "-12", "'-12", "'>name", "'", "", "O'Neil", "= '"])
def test_a_text_comes_back_from_its_plain_form_as_it_was(text):
    assert as_it_was(plain_text(text)) == text
    assert not plain_text(text).lstrip().startswith("=")
