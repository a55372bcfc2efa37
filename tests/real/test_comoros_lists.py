<<<<<<< HEAD
"""The facilities of the Comoros by the WHO's list, by healthsites.io, and by both made one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner import inputs, scenario_file
from planner.errors import InputFaults

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data" / "comoros"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data are absent: {DATA}")

WHO = "facilities_who_kwtrp_2019.geojson"
HEALTHSITES = "facilities_healthsites_io.geojson"
SITES = {
    "file": f"../../../shared/data/comoros/facilities/{HEALTHSITES}",
    "columns": {"id": "uuid", "type": "amenity"},
    "tiers": {"doctors": 1, "clinic": 1, "hospital": 3},
}
OF_CARE = {"where": {"amenity": ["doctors", "clinic", "hospital"]}}


def read(**facilities):
    """The country, its facilities given otherwise; of all other files only what places them."""
    scenario = scenario_file.load(HERE / "comoros.toml")
    told = scenario.facilities.model_copy(update={}).model_dump() if "also" in facilities else {}
    layer = type(scenario.facilities).model_validate_json(json.dumps({**told, **facilities}))
    less = {"facilities": layer, "roads": type(scenario.roads)(), "land_cover": type(scenario.land_cover)(),
            "elevation": type(scenario.elevation)()}  # fmt: skip
    return inputs.read(scenario.model_copy(update=less), HERE)


def accounts(found):
    return {Path(account.file).name: dict(account.rows) for account in found.accounts if account.role == "facilities"}


def test_the_health_post_that_lost_a_sign_is_where_it_should_be():
    found = read(**scenario_file.load(HERE / "comoros.toml").facilities.model_dump())
    assert accounts(found) == {WHO: {"used": 65}}
    at = found.facilities.name.index("Nkangani Postes de Santé")
    assert found.facilities.y[at] == pytest.approx(-12.349437)


def test_pharmacies_and_dentists_are_proposed_to_be_left_out():
    with pytest.raises(InputFaults) as raised:
        read(**SITES)
    [fault] = raised.value.faults
    assert '"pharmacy" (24), "dentist" (1), none, in row' in fault.what
    assert 'where = { "amenity" = ["doctors", "clinic", "hospital"] }' in fault.way_out
    assert [doubt.decision for doubt in raised.value.doubts if "pharmacy" in doubt.found] == ["leave out"] * 24
    assert accounts(read(**SITES, **OF_CARE)) == {HEALTHSITES: {"used": 29, "not asked for (where)": 26}}


def test_both_lists_are_one_in_which_every_row_is_accounted_for():
    found = read(also=[{**SITES, **OF_CARE}])
    assert accounts(found) == {
        WHO: {"used": 65},
        HEALTHSITES: {"used": 25, "not asked for (where)": 26, "merged into another row": 4},
    }
    assert len(found.facilities) == 65 + 25
    [merged] = [note for note in found.notes if "places of an earlier list, by name" in note.what]
    assert [change.place for change in merged.changes] == [
        'row 32 "CMC Mitsamiouli"', 'row 38 "Hôpital El Maarouf"', 'row 49 "Centre de santé de Mitsoudjé"',
        'row 54 "PS Ivembeni"',
    ]  # fmt: skip
=======
"""The two public lists of health facilities of a country, as they are published and as people save them."""

from pathlib import Path

import geopandas as gpd
import pytest

from planner.errors import InputFaults
from planner.inputs.facilities import read_facilities
from planner.inputs.findings import Findings
from planner.scenario import FacilitiesTable
from planner.types.frame import Frame

DATA = Path(__file__).parents[3] / "shared" / "data" / "comoros" / "facilities"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data are absent: {DATA}")

COMOROS = Frame("EPSG:4326", west=43.2, north=-11.3, dx=0.001, dy=0.001, ny=1200, nx=1400)
WHO, HEALTHSITES = "facilities_who_kwtrp_2019.geojson", "facilities_healthsites_io.geojson"
AS_PUBLISHED = ["Country", "Admin1", "Facility name", "Facility type", "Ownership", "Lat", "Long", "LL source"]
KEPT = {"same_place_metres": 0.0, "same_name_metres": 0.0}  # doubles are not what is tested here


def tiers_asked_for(folder, name):
    with pytest.raises(InputFaults) as told:
        read_facilities(FacilitiesTable(file=name), None, COMOROS, Findings(folder))
    way_out = told.value.faults[0].way_out
    return way_out[way_out.index("tiers = {") :]


def places(folder, name, **options):
    findings = Findings(folder, ["turn-sign"])  # the list of WHO has a place north of the equator
    read = read_facilities(FacilitiesTable(file=name, **KEPT, **options), None, COMOROS, findings)
    return sorted(zip(read.name, read.type, read.x.round(5).tolist(), read.y.round(5).tolist(), strict=True))


def test_the_list_of_who_is_the_same_as_geojson_csv_and_workbook(tmp_path):
    table = gpd.read_file(DATA / WHO)[AS_PUBLISHED]
    table.to_csv(tmp_path / "who.csv", sep=";", decimal=",", index=False, encoding="cp1252")
    table.to_excel(tmp_path / "who.xlsx", index=False, startrow=3)
    tiers = dict.fromkeys(table["Facility type"], 1)
    whole = places(DATA, WHO, tiers=tiers)
    assert len(whole) == 65
    assert places(tmp_path, "who.csv", tiers=tiers) == whole
    assert places(tmp_path, "who.xlsx", tiers=tiers) == whole
    assert '"Poste de Santé" = 1' in tiers_asked_for(tmp_path, "who.xlsx")
    assert len(places(DATA, WHO)) == 65  # this copy of the list has a column of tiers of its own


def test_the_list_of_healthsites_is_the_same_as_geojson_and_csv(tmp_path):
    table = gpd.read_file(DATA / HEALTHSITES)
    csv = table.drop(columns=["geometry", "lon", "lat"])
    csv.insert(0, "X", table.geometry.x)
    csv.insert(1, "Y", table.geometry.y)
    csv.to_csv(tmp_path / "healthsites.csv", index=False)
    kinds = tuple(table["amenity"].dropna().unique())
    options = {"tiers": dict.fromkeys(kinds, 1), "where": {"amenity": kinds}}
    whole = places(DATA, HEALTHSITES, **options)
    assert len(whole) == table["amenity"].notna().sum() > 50
    assert places(tmp_path, "healthsites.csv", **options) == whole
    assert '"hospital" = ' in tiers_asked_for(DATA, HEALTHSITES)
>>>>>>> c76182a (Say in the README how lists are read; try the two public lists of a country in each format; fuzz old workbooks and DHIS2 too)
