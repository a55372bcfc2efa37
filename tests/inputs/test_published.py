"""Lists as DHIS2, ODK, KoboToolbox, healthsites.io and WHO publish them."""

from __future__ import annotations

import copy
import json

import pytest
from inputs.scene import FRAME, notes_of
from openpyxl import Workbook

from planner.errors import InputFaults
from planner.inputs.areas import read_areas
from planner.inputs.facilities import read_facilities
from planner.inputs.findings import Findings
from planner.inputs.places import read_chws
from planner.inputs.village_list import read_villages
from planner.scenario import AreasFile, ChwsTable, FacilitiesTable, Roads, VillagesTable

HERE, THERE = [40.005, -10.005], [40.045, -10.035]
OUTLINE = [[[40.0, -10.04], [40.05, -10.04], [40.05, -10.0], [40.0, -10.0], [40.0, -10.04]]]
GROUPS = [
    {"id": "EYbopBOJWsW", "name": "Health centres", "organisationUnits": [{"id": "Rp268JB6Ne4"}]},
    {"id": "CXw2yu5fodb", "name": "Hospitals", "organisationUnits": [{"id": "cDw53Ej8rju"}]},
    {"id": "gzcv65VyaGq", "name": "Public", "organisationUnits": [{"id": "Rp268JB6Ne4"}, {"id": "cDw53Ej8rju"}]},
]
UNITS = [
    {"id": "ImspTQPwCqd", "name": "Country", "path": "/ImspTQPwCqd", "openingDate": "1994-01-01T00:00:00.000"},
    {"id": "O6uvpzGd5pu", "name": "Bo", "code": "OU_264", "parent": {"id": "ImspTQPwCqd"},
     "path": "/ImspTQPwCqd/O6uvpzGd5pu", "geometry": {"type": "Polygon", "coordinates": OUTLINE}},
    {"id": "Rp268JB6Ne4", "name": "Adonkia CHP", "code": "OU_651071", "parent": {"id": "O6uvpzGd5pu"},
     "path": "/ImspTQPwCqd/O6uvpzGd5pu/Rp268JB6Ne4", "geometry": {"type": "Point", "coordinates": HERE}},
    {"id": "cDw53Ej8rju", "name": "Afro Arab Clinic", "parent": {"id": "O6uvpzGd5pu"},
     "path": "/ImspTQPwCqd/O6uvpzGd5pu/cDw53Ej8rju", "geometry": {"type": "Point", "coordinates": THERE}},
    {"id": "GvFqTavdpGE", "name": "Agape CHP", "parent": {"id": "O6uvpzGd5pu"}, "closedDate": "2019-06-30T00:00:00.000",
     "path": "/ImspTQPwCqd/O6uvpzGd5pu/GvFqTavdpGE", "geometry": {"type": "Point", "coordinates": HERE}},
]  # fmt: skip
METADATA = {
    "system": {"version": "2.40.2"},
    "organisationUnits": UNITS,
    "organisationUnitGroups": GROUPS,
    "organisationUnitGroupSets": [
        {
            "id": "J5jldMd8OHv",
            "name": "Facility Type",
            "organisationUnitGroups": [{"id": "EYbopBOJWsW"}, {"id": "CXw2yu5fodb"}],
        }
    ],
}
TIERS = {"Health centres": 1, "Hospitals": 2}


def old(units):
    """Units as versions before 2.30 have them: coordinates are a text."""
    units = copy.deepcopy(units)
    for unit in units:
        geometry = unit.pop("geometry", None)
        if geometry:
            nested = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
            unit["featureType"] = "POINT" if geometry["type"] == "Point" else "MULTI_POLYGON"
            unit["coordinates"] = json.dumps(nested)
    return units


def facilities_of(tmp_path, name, content, day="2026-11-01", **options):
    if isinstance(content, str):
        (tmp_path / name).write_text(content, encoding="utf-8")
    else:
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    findings = Findings(tmp_path, day=day)
    return read_facilities(FacilitiesTable(**{"file": name, **options}), None, FRAME, findings), findings


def villages_of(layer, findings):
    return read_villages(layer, Roads(), None, FRAME, findings)[0]


def left_out(findings):
    notes = [note for note in findings.notes if note.level == "left out"]
    return {note.what: [(change.place, change.before) for change in note.changes] for note in notes}


@pytest.mark.parametrize("name", ["units.json", "units.geojson"])
@pytest.mark.parametrize("units", [UNITS, old(UNITS)])
def test_metadata_of_dhis2_is_a_list_of_the_open_places(tmp_path, name, units):
    document = {**METADATA, "organisationUnits": units}
    read, findings = facilities_of(tmp_path, name, document, tiers=TIERS, where={"level": ("2", "3")})
    assert read.id == ("Rp268JB6Ne4", "cDw53Ej8rju")
    assert (read.type, read.tier.tolist()) == (("Health centres", "Hospitals"), [1, 2])
    assert FRAME.cell_of(read.x, read.y).tolist() == [0, 19]
    kind = "Polygon" if "geometry" in units[1] else "MultiPolygon"
    assert left_out(findings) == {
        "organisation units that are closed": [('row 5 "Agape CHP"', "closed 2019-06-30")],
        "organisation units that are areas, not places": [('row 2 "Bo"', kind)],
    }


def test_a_unit_that_closes_after_the_day_of_the_plan_is_open(tmp_path):
    (tmp_path / "u.json").write_text(json.dumps(METADATA), encoding="utf-8")
    layer = VillagesTable(file="u.json", where={"level": ("3",)}, same_place_metres=0.0, same_name_metres=0.0)
    for day, count in (("2019-06-29", 3), ("2019-06-30", 2)):
        assert len(villages_of(layer, Findings(tmp_path, day=day))) == count


def test_the_level_of_a_unit_is_no_tier_and_its_types_are_told_to_fill_in(tmp_path):
    with pytest.raises(InputFaults, match='"Health centres" = 1, "Hospitals" = 1'):
        facilities_of(tmp_path, "u.json", METADATA, where={"level": ("3",)})


def test_the_areas_of_the_same_export_are_areas(tmp_path):
    (tmp_path / "u.json").write_text(json.dumps(METADATA), encoding="utf-8")
    findings = Findings(tmp_path)
    layer = AreasFile(file="u.json", where={"level": ("2",)}, code="id", parent_name="parent name")
    areas = read_areas(layer, FRAME, findings)
    assert (areas.code, areas.name, areas.parent_name) == (("O6uvpzGd5pu",), ("Bo",), ("Country",))


def test_units_as_geojson_are_places_by_their_points(tmp_path):
    def feature(unit):
        groups = [group["id"] for group in GROUPS if {"id": unit["id"]} in group["organisationUnits"]]
        properties = {"code": unit.get("code"), "name": unit["name"], "level": str(unit["path"].count("/")),
                      "parent": "O6uvpzGd5pu", "parentGraph": "ImspTQPwCqd/O6uvpzGd5pu", "groups": groups}  # fmt: skip
        return {"type": "Feature", "id": unit["id"], "geometry": unit["geometry"], "properties": properties}

    content = {"type": "FeatureCollection", "features": [feature(unit) for unit in UNITS[1:4]]}
    tiers = {"EYbopBOJWsW; gzcv65VyaGq": 1, "CXw2yu5fodb; gzcv65VyaGq": 2}
    read, findings = facilities_of(tmp_path, "u.geojson", content, tiers=tiers)
    assert (read.id, read.tier.tolist()) == (("Rp268JB6Ne4", "cDw53Ej8rju"), [1, 2])
    assert left_out(findings) == {"organisation units that are areas, not places": [('row 1 "Bo"', "Polygon")]}


def test_units_as_csv_of_the_metadata_import_are_places_by_their_coordinates(tmp_path):
    text = (
        "name,uid,code,parent,short name,description,opening date,closed date,comment,feature type,coordinates\n"
        'Bo,O6uvpzGd5pu,OU_264,ImspTQPwCqd,Bo,,1994-01-01,,,MULTI_POLYGON,"[[[[40.0,-10.04],[40.05,-10.0]]]]"\n'
        'Adonkia CHP,Rp268JB6Ne4,,O6uvpzGd5pu,Adonkia,,2010-01-01,,,POINT,"[40.005,-10.005]"\n'
        'Afro Arab,cDw53Ej8rju,,O6uvpzGd5pu,Afro,,2010-01-01,,,POINT,"[40.045,-10.035]"\n'
        'Agape CHP,GvFqTavdpGE,,O6uvpzGd5pu,Agape,,2010-01-01,2019-06-30,,POINT,"[40.025,-10.025]"\n'
    )
    findings = Findings(tmp_path, day="2026-11-01")
    (tmp_path / "u.csv").write_text(text, encoding="utf-8")
    read = villages_of(VillagesTable(file="u.csv"), findings)
    assert read.id == ("Rp268JB6Ne4", "cDw53Ej8rju")
    assert FRAME.cell_of(read.x, read.y).tolist() == [0, 19]
    assert set(left_out(findings)) == {
        "organisation units that are closed", "organisation units that are areas, not places"
    }  # fmt: skip


@pytest.mark.parametrize(
    "content", ['{"organisationUnits": [', '{"organisationUnits": 5}', '{"organisationUnits": [{"name": "A"}]}',
                '{"organisationUnits": [[]]}', '{"a": {"organisationUnits": []}}']
)  # fmt: skip
def test_broken_metadata_is_a_fault(tmp_path, content):
    with pytest.raises(InputFaults, match="is no metadata of DHIS2 that can be read"):
        facilities_of(tmp_path, "u.json", content)


KOBO = (
    '"start";"end";"fiche/nom_structure";"fiche/type_structure";"fiche/services";"fiche/services/paludisme";"fiche/gps";'
    '"fiche/_gps_latitude";"fiche/_gps_longitude";"fiche/_gps_altitude";"fiche/_gps_precision";"meta/instanceID";"_id";'
    '"_uuid";"_submission_time";"_validation_status";"_notes";"_status";"_submitted_by";"_tags";"_index"\n'
    '"2026-01-05";"2026-01-05";"CS Mbale";"Centre";"paludisme";"1";"-10.005 40.005 12 4";"-10.005";"40.005";"12";"4";'
    '"uuid:1";"61";"48583952-1892";"2026-01-05";"";"";"submitted_via_web";"asha";"";"1"\n'
    '"2026-01-05";"2026-01-05";"HD Moya";"Hopital";"paludisme";"1";"-10.035 40.045 12 4";"-10.035";"40.045";"12";"4";'
    '"uuid:2";"62";"317ba7b7-bea4";"2026-01-05";"";"";"submitted_via_web";"asha";"";"2"\n'
)


def test_an_export_of_kobotoolbox_is_read_by_its_answers(tmp_path):
    read, findings = facilities_of(tmp_path, "k.csv", KOBO, tiers={"Centre": 1, "Hopital": 2})
    cells = FRAME.cell_of(read.x, read.y).tolist()
    assert set(zip(read.id, read.name, cells, read.tier.tolist(), strict=True)) == {
        ("48583952-1892", "CS Mbale", 0, 1),
        ("317ba7b7-bea4", "HD Moya", 19, 2),
    }
    assert any("columns of its program are not read" in note for note in notes_of(findings, "info"))


def test_a_geopoint_in_one_column_is_a_place(tmp_path):
    text = "nom;gps;_uuid;_submission_time\nMbale;-10.005 40.005 0 0;a1;2026\nMoya;-10.035 40.045 12.5 4.8;a2;2026\n"
    (tmp_path / "v.csv").write_text(text, encoding="utf-8")
    read = villages_of(VillagesTable(file="v.csv"), Findings(tmp_path))
    assert (read.id, FRAME.cell_of(read.x, read.y).tolist()) == (("a1", "a2"), [0, 19])


def test_an_export_of_odk_central_is_read_by_its_answers(tmp_path):
    text = (
        "SubmissionDate,start,chw-name,chw-village,chw-home-Latitude,chw-home-Longitude,chw-home-Altitude,"
        "chw-home-Accuracy,meta-instanceID,KEY,SubmitterID,SubmitterName,AttachmentsPresent,Status,DeviceID,Edits\n"
        "2026-01-31T04:15:00.000Z,2026-01-31,Asha,Mbale,-10.005,40.005,3.2,4.1,uuid:a,uuid:a,22,Team 1,0,,x,0\n"
    )
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    read = read_chws(ChwsTable(file="c.csv"), None, FRAME, Findings(tmp_path))
    assert (read.id, read.name, read.village) == (("uuid:a",), ("Asha",), ("Mbale",))
    assert FRAME.cell_of(read.x, read.y).tolist() == [0]


def test_healthsites_are_read_as_csv_as_geojson_and_as_their_api_answers(tmp_path):
    tiers = {"clinic": 1, "hospital": 2}
    text = "X,Y,osm_id,osm_type,completeness,amenity,healthcare,name\n40.0051234,-10.0051234,17,node,9,clinic,,A\n"
    read, _ = facilities_of(tmp_path, "h.csv", text, tiers=tiers)
    assert (read.id, read.type, FRAME.cell_of(read.x, read.y).tolist()) == (("17",), ("clinic",), [0])
    facts = {"amenity": "hospital", "name": "B", "healthcare": "hospital"}
    for properties in ({"osm_id": 18, **facts, "lon": 1.5}, {"osm_id": 18, "osm_type": "node", "attributes": facts}):
        feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": THERE}}
        content = {"type": "FeatureCollection", "features": [feature]}
        read, _ = facilities_of(tmp_path, "h.json", content, tiers=tiers)
        assert (read.id, read.name, read.tier.tolist()) == (("18",), ("B",), [2])
        assert FRAME.cell_of(read.x, read.y).tolist() == [19]


def test_the_list_of_who_is_read_as_its_workbook_and_asks_for_tiers(tmp_path):
    book = Workbook()
    book.active.append(["Country", "Admin1", "Facility name", "Facility type", "Ownership", "Lat", "Long", "LL source"])
    book.active.append(["Comoros", "Anjouan", "Adda Poste", "Poste de Santé", "MoH", -10.005, 40.005, "Google Earth"])
    book.active.append(["Comoros", "Anjouan", "Hôpital", "Hôpital", "MoH", None, None, None])
    book.save(tmp_path / "w.xlsx")
    findings = Findings(tmp_path)
    with pytest.raises(InputFaults, match=r'tiers = \{ "Poste de Santé" = 1, "Hôpital" = 2 \}'):
        read_facilities(FacilitiesTable(file="w.xlsx"), None, FRAME, findings)
    layer = FacilitiesTable(file="w.xlsx", tiers={"Poste de Santé": 1, "Hôpital": 2})
    read = read_facilities(layer, None, FRAME, findings)
    assert (read.name, read.tier.tolist()) == (("Adda Poste",), [1])
