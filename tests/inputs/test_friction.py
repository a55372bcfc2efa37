"""Friction surfaces: the unit that their speeds tell, and values that are no time to cross a metre."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inputs.scene import FRAME, file_of, make_scenario, notes_of, write_tif

from planner import inputs
from planner.errors import InputFaults
from planner.inputs.findings import Findings
from planner.inputs.friction import read_friction, recognised
from planner.scenario import Friction
from planner.types.frame import Frame

# km/h: half of the cells at 3 or less, a road, and a swamp
SPEEDS = np.array([[2, 3, 3, 4, 5]] * 3 + [[0.5, 1.5, 3, 3, 5]], np.float32)
PEOPLE = np.ones(FRAME.n)


def read(folder, values, unit="recognised", findings=None, **profile):
    write_tif(folder / "f.tif", np.asarray(values, np.float32), **profile)
    return read_friction(Friction(file="f.tif", unit=unit), FRAME, PEOPLE, findings or Findings(folder))


def fault(folder, values, unit="recognised", **profile):
    with pytest.raises(InputFaults) as raised:
        read(folder, values, unit, **profile)
    return str(raised.value)


@pytest.mark.parametrize(("unit", "one"), [("min/m", 0.06), ("s/m", 3.6)])
def test_minutes_and_seconds_per_metre_are_told_apart_and_come_out_the_same(tmp_path, unit, one):
    findings = Findings(tmp_path)
    friction = read(tmp_path, one / SPEEDS, findings=findings)
    assert friction.dtype == np.float32
    np.testing.assert_allclose(friction, (0.06 / SPEEDS).ravel(), rtol=1e-6)
    assert notes_of(findings, "info") == [
        f"{unit}, recognised by the speeds that it means: 0.5 to 5 km/h, median 3; it stands for land cover, roads and "
        "slope"
    ]
    assert notes_of(findings, "warning") == []
    np.testing.assert_array_equal(read(tmp_path, one / SPEEDS, unit), friction)


@given(st.floats(1.001, 19.99), st.sampled_from(["min/m", "s/m"]))
def test_half_the_land_between_1_and_20_kmh_is_recognised(tmp_path_factory, kmh, unit):
    median = {"min/m": 0.06, "s/m": 3.6}[unit] / kmh
    assert recognised(median, file_of(tmp_path_factory.getbasetemp() / "f.tif")) == unit


@pytest.mark.parametrize("median", [0.06 / 0.9, 3.6 / 50, 4.0, 0.06 / 25, 100.0, 1e-6])
def test_a_unit_that_is_not_sure_is_asked_for(tmp_path, median):
    """0.9 km/h in minutes may be 54 km/h in seconds; 4.0 may be km/h; and 25 km/h is no median of a land."""
    said = fault(tmp_path, np.full(FRAME.shape, median))
    assert "does not tell its unit" in said and 'unit = "min/m" or unit = "s/m"' in said
    findings = Findings(tmp_path)
    friction = read(tmp_path, np.full(FRAME.shape, median), "s/m", findings)
    np.testing.assert_allclose(friction, median / 60, rtol=1e-6)
    assert notes_of(findings, "info")[0].startswith("s/m, as the scenario says: ")


@pytest.mark.parametrize("value", [0.0, -0.02, -np.inf])
def test_a_metre_crossed_in_no_time_is_a_fault_unless_it_is_tagged_as_no_data(tmp_path, value):
    values = 0.06 / SPEEDS
    values[1, 2] = values[2, 0] = value
    said = fault(tmp_path, values)
    assert f"has 2 cells with a friction of 0 or less (lowest {value:g})" in said and f"nodata = {value:g}" in said
    friction = read(tmp_path, values, nodata=value).reshape(FRAME.shape)
    assert np.argwhere(np.isnan(friction)).tolist() == [[1, 2], [2, 0]]


def test_what_is_wrong_outside_the_population_raster_is_no_fault(tmp_path):
    wider = Frame("EPSG:4326", west=39.0, north=-9.0, dx=0.01, dy=0.01, ny=204, nx=205)
    values = np.full(wider.shape, 0.02, np.float32)
    values[:50] = 0
    assert read(tmp_path, values, frame=wider) == pytest.approx(np.full(FRAME.n, 0.02))
    values[100, 101] = 0  # under the second cell
    assert "has 1 cells" in fault(tmp_path, values, frame=wider)


def test_no_data_is_unknown_however_it_is_written_and_the_people_there_are_told(tmp_path):
    values = 0.06 / SPEEDS
    for unknown, profile in ((np.nan, {}), (np.nan, {"nodata": np.nan}), (-9999, {}), (-1, {"nodata": -1})):
        values[0, 0] = unknown
        findings = Findings(tmp_path)
        friction = read(tmp_path, values, findings=findings, **profile)
        assert np.flatnonzero(np.isnan(friction)).tolist() == [0]
        assert "has no data for 5.00% of the people" in notes_of(findings, "warning")
    assert "has no data where the population raster is" in fault(tmp_path, np.full((4, 5), -1.0), nodata=-1)


def test_infinite_friction_is_closed_ground(tmp_path):
    values = 0.06 / SPEEDS
    values[3, 4] = np.inf
    findings = Findings(tmp_path)
    friction = read(tmp_path, values, findings=findings)
    assert np.flatnonzero(np.isinf(friction)).tolist() == [19]
    assert "cells that are closed (inf)" in notes_of(findings, "info")
    assert "is closed (inf) everywhere" in fault(tmp_path, np.full((4, 5), np.inf))


def test_a_finer_surface_is_averaged_and_a_coarser_one_repeated(tmp_path):
    finer = np.kron(0.06 / SPEEDS, [[0.5, 1.5], [1.0, 1.0]]).astype(np.float32)
    fine = Frame(FRAME.crs, FRAME.west, FRAME.north, FRAME.dx / 2, FRAME.dy / 2, 8, 10)
    np.testing.assert_allclose(read(tmp_path, finer, frame=fine), (0.06 / SPEEDS).ravel(), rtol=1e-5)
    coarse = Frame(FRAME.crs, FRAME.west, FRAME.north, 0.05, 0.04, 1, 1)
    np.testing.assert_allclose(read(tmp_path, [[0.02]], frame=coarse), np.full(FRAME.n, 0.02), rtol=1e-6)


def test_speeds_of_vehicles_are_told_with_the_cells_that_have_them(tmp_path):
    findings = Findings(tmp_path)
    speeds = SPEEDS.copy()
    speeds[0, :2] = 80
    read(tmp_path, 0.06 / speeds, findings=findings)
    (note,) = [note for note in findings.notes if note.level == "warning"]
    assert "more than 15 km/h, which is not on foot" in note.what and note.count == 2


def test_a_friction_surface_is_cited_and_needs_no_speeds_of_land_cover(tmp_path):
    write_tif(tmp_path / "f.tif", 0.06 / SPEEDS)
    write_tif(tmp_path / "cover.tif", np.full((4, 5), 77, np.uint8))  # a code that no legend has
    sections = {
        "friction": {"file": "f.tif", "source": "Weiss 2020"},
        "land_cover": {"file": "cover.tif"},
        "season": {"name": "wet"},
        "walking": {"slope": "tobler_off_path", "load_factor": 0.8},
    }
    scenario = make_scenario(tmp_path, **sections)
    found = inputs.read(scenario, tmp_path)
    assert [(source.role, source.citation) for source in found.sources][2] == ("friction", "Weiss 2020")
    numbers = inputs.read_numbers(scenario, tmp_path, found.layers, found.roads)
    assert (numbers.compared, numbers.walking.on_friction) == (None, 0.8)
    assert not [each.key for each in numbers.assumptions if each.key.startswith(("walking.", "season."))]
    assert [note.where for note in numbers.notes] == ["friction"]


def test_faults_of_the_friction_are_told_with_the_others(tmp_path):
    write_tif(tmp_path / "f.tif", np.full(FRAME.shape, 9.0, np.float32))
    with pytest.raises(InputFaults) as raised:
        inputs.read(make_scenario(tmp_path, friction={"file": "f.tif"}, elevation={"file": "none.tif"}), tmp_path)
    assert [fault.where for fault in raised.value.faults] == ["elevation (none.tif)", "friction (f.tif)"]
