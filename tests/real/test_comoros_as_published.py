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
