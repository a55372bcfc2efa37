from __future__ import annotations

import numpy as np
import pytest
from inputs.scene import FRAME, notes_of, write_layer, write_points
from openpyxl import Workbook
from shapely.geometry import GeometryCollection, MultiPoint, Point, box

from planner.errors import InputFaults
from planner.inputs.facilities import read_facilities
from planner.inputs.findings import Findings
from planner.inputs.places import read_chws
from planner.inputs.village_list import read_villages
from planner.scenario import ChwsTable, FacilitiesTable, Roads, VillagesTable
from planner.types.frame import Frame
from planner.types.inputs import Places

UTM = Frame("EPSG:32737", west=600_000, north=8_890_000, dx=1000, dy=1000, ny=20, nx=20)


def facilities_of(tmp_path, text=None, frame=FRAME, fixes=(), **options):
    if text is not None:
        (tmp_path / "f.csv").write_text(text, encoding="utf-8")
    findings = Findings(tmp_path, fixes)
    return read_facilities(FacilitiesTable(**{"file": "f.csv", **options}), None, frame, findings), findings


def villages_of(tmp_path, text, **options):
    (tmp_path / "v.csv").write_text(text, encoding="utf-8")
    findings = Findings(tmp_path)
    return read_villages(VillagesTable(file="v.csv", **options), Roads(), None, FRAME, findings)[0], findings


def chws_of(tmp_path, text, villages):
    (tmp_path / "c.csv").write_text(text, encoding="utf-8")
    findings = Findings(tmp_path)
    return read_chws(ChwsTable(file="c.csv"), villages, FRAME, findings), findings


def changes_of(findings, level):
    return [
        (change.place, change.before, change.after)
        for note in findings.notes if note.level == level for change in note.changes
    ]  # fmt: skip


def fault_of(reader, *args, **options):
    with pytest.raises(InputFaults) as raised:
        reader(*args, **options)
    return str(raised.value)


def test_a_plain_list_is_read_as_it_stands(tmp_path):
    text = "id,name,lat,lon,type,tier\n007,NA,-10.005,40.005,CS,1\nF 2,HD Moya,-10.035,40.045,HD,2\n"
    read, findings = facilities_of(tmp_path, text)
    assert read.id == ("007", "F 2")
    assert read.name == ("NA", "HD Moya")
    assert FRAME.cell_of(read.x, read.y).tolist() == [0, 19]
    assert read.type == ("CS", "HD")
    assert read.tier.tolist() == [1, 2]
    assert read.tier.dtype == np.int16
    assert not findings.notes


@pytest.mark.parametrize(
    "header",
    [
        "Code,Facility name,Lat,Long,LL source,Tier",
        "CODE;Nom de la Formation Sanitaire;Latitude;Longitude;source LL;Niveau",
        "Código\tNome da unidade\tLATITUDE\tLONGITUDE\tfonte\tNível",
        "código|Establecimiento|latitud|longitud|fuente|nivel",
        "MFL_Code,HEALTH FACILITY,gps_latitude,gps_longitude,LL source,facility level",
    ],
)
def test_columns_are_found_by_their_usual_names(tmp_path, header):
    delimiter = next(c for c in ";\t|," if c in header)
    row = delimiter.join(["A1", "Mbale", "-10.005", "40.005", "GPS", "2"])
    read, _ = facilities_of(tmp_path, f"{header}\n{row}\n")
    assert (read.id, read.name, read.tier.tolist()) == (("A1",), ("Mbale",), [2])
    assert FRAME.cell_of(read.x, read.y).tolist() == [0]


def test_the_scenario_names_the_columns_where_they_are_unusual(tmp_path):
    text = "Kennung,Bezeichnung,B,L,Stufe,name\nA1,Mbale,-10.005,40.005,Tier 2,other\n"
    columns = {"id": "Kennung", "name": "bezeichnung", "lat": "B", "lon": "L", "tier": "Stufe"}
    read, _ = facilities_of(tmp_path, text, columns=columns)
    assert (read.id, read.name, read.tier.tolist()) == (("A1",), ("Mbale",), [2])


def test_a_column_serves_one_key_only(tmp_path):
    text = "Code,lat,lon,tier\nMbale,-10.005,40.005,1\nMbale,-10.035,40.045,1\n"
    read, _ = facilities_of(tmp_path, text, columns={"name": "Code"})
    assert (read.id, read.name) == (("F001", "F002"), ("Mbale", "Mbale"))


def test_a_missing_column_lists_what_is_there_and_what_was_meant(tmp_path):
    text = "id,nam,latt,lon,tier\nA1,Mbale,-10.005,40.005,1\n"
    said = fault_of(facilities_of, tmp_path, text)
    assert 'no column for name (such as "facility name", "health facility name"); found "id", "nam", "latt"' in said
    assert 'Did you mean "nam"?' in said
    said = fault_of(facilities_of, tmp_path, text.replace("nam", "name"))
    assert "no column for lat and lon" in said
    assert 'Did you mean "latt"?' in said
    said = fault_of(facilities_of, tmp_path, text, columns={"name": "Nam e", "tipe": "x", "lat": "nowhere"})
    assert 'unknown key "tipe"' in said
    assert 'no column "nowhere"' in said


def test_without_a_column_of_ids_they_come_from_the_order_of_rows(tmp_path):
    text = "name,lat,lon,tier\nMbale,-10.005,40.005,1\nlost,,,1\nMoya,-10.035,40.045,2\n"
    read, findings = facilities_of(tmp_path, text)
    assert read.id == ("F001", "F003")
    assert "no column of ids" in notes_of(findings, "info")[0]
    assert changes_of(findings, "left out") == [('row 3 "lost"', "blank, blank", "")]


def test_a_column_of_ids_can_be_set_aside(tmp_path):
    text = "code,name,lat,lon,tier\nX,Mbale,-10.005,40.005,1\nX,Moya,-10.035,40.045,2\n"
    said = fault_of(facilities_of, tmp_path, text)
    assert 'has 1 row with the id of another place: row 2 "Mbale" and row 3 "Moya" = X' in said
    assert facilities_of(tmp_path, text, columns={"id": ""})[0].id == ("F001", "F002")


def test_blank_ids_are_a_fault_with_their_rows(tmp_path):
    text = "id,name,lat,lon,tier\n,Mbale,-10.005,40.005,1\nB,Moya,-10.035,40.045,2\n"
    assert 'has 1 row without an id: row 2 "Mbale"' in fault_of(facilities_of, tmp_path, text)


def test_rows_without_a_usable_position_are_left_out_and_named(tmp_path):
    bad = ["n.d.,-", ",", "95,40", "-10,200", "0,0"]
    text = "id,name,lat,lon,tier\nA,Mbale,-10.005,40.005,1\n" + "".join(f"{k},P{k},{p},1\n" for k, p in enumerate(bad))
    read, findings = facilities_of(tmp_path, text)
    assert read.id == ("A",)
    assert notes_of(findings, "left out") == [
        "rows without usable coordinates", "rows more than 1 km outside the population raster (outside_metres)",
    ]  # fmt: skip
    assert [change[:2] for change in changes_of(findings, "left out")] == [
        ('row 3 "P0"', "n.d., -"), ('row 4 "P1"', "blank, blank"), ('row 5 "P2"', "95, 40"), ('row 7 "P4"', "0, 0"),
        ('row 6 "P3"', "-10, 200: 16,886.3 km outside the population raster"),
    ]  # fmt: skip


def test_places_off_the_raster_are_left_out_with_their_distance_or_kept_where_that_is_small(tmp_path):
    text = "id,name,lat,lon,tier\nA,Mbale,-10.005,40.005,1\nB,Far,-12,41,1\nC,Shore,-10.005,39.995,1\n"
    read, findings = facilities_of(tmp_path, text)
    assert read.id == ("A", "C")
    assert changes_of(findings, "left out") == [('row 3 "Far"', "-12, 41: 240.4 km outside the population raster", "")]
    assert changes_of(findings, "warning") == [
        ('row 4 "Shore"', "-10.005, 39.995: 548 m outside the population raster", "kept")
    ]


def test_a_list_of_another_place_is_a_fault(tmp_path):
    text = "id,name,lat,lon,tier\nA,Mbale,-11.5,42.5,1\n"
    assert "none of its 1 rows lies on the population raster" in fault_of(facilities_of, tmp_path, text)


@pytest.mark.parametrize("swapped", [[1], [0, 1]])
def test_latitude_and_longitude_exchanged_are_a_fault_with_the_way_out(tmp_path, swapped):
    rows = [["A", "Mbale", "-10.005", "40.005", "1"], ["B", "Moya", "-10.035", "40.045", "2"]]
    for at in swapped:
        rows[at][2:4] = rows[at][3:1:-1]
    text = "id,name,lat,lon,tier\n" + "\n".join(",".join(row) for row in rows)
    said = fault_of(facilities_of, tmp_path, text)
    shown = "1 row" if len(swapped) == 1 else "2 rows"
    assert f"{shown} outside the population raster, inside when latitude and longitude are exchanged" in said
    assert "--fix swap-latlon" in said
    read, findings = facilities_of(tmp_path, text, fixes=["swap-latlon"])
    assert FRAME.cell_of(read.x, read.y).tolist() == [0, 19]
    assert changes_of(findings, "repaired")[-1] == ('row 3 "Moya"', "40.045, -10.035", "-10.035, 40.045")


def test_geometry_exchanged_is_a_fault_too(tmp_path):
    write_points(tmp_path / "f.geojson", [{"name": "a", "tier": 1}], [(-10.005, 40.005)])
    assert "inside when latitude and longitude are exchanged" in fault_of(facilities_of, tmp_path, file="f.geojson")


@pytest.mark.parametrize(("cell", "tier"), [("1", 1), ("2.0", 2), ("2,0", 2), ("Tier 3", 3), ("Niveau 2 ", 2)])
def test_tiers_are_read_as_people_write_them(tmp_path, cell, tier):
    read, _ = facilities_of(tmp_path, f"id;name;lat;lon;tier\nA;Mbale;-10.005;40.005;{cell}\n")
    assert read.tier.tolist() == [tier]


@pytest.mark.parametrize("cell", ["", "0", "1.5", "high", "1-2", "-1x2"])
def test_what_is_no_tier_is_a_fault(tmp_path, cell):
    text = f"id;name;lat;lon;tier\nA;Mbale;-10.005;40.005;{cell}\n"
    assert f'row 2 "Mbale": "{cell}"' in fault_of(facilities_of, tmp_path, text)


def test_tiers_come_from_the_types_where_the_scenario_says_so(tmp_path):
    text = "id,name,lat,lon,type\nA,Mbale,-10.005,40.005,Poste de Santé\nB,Moya,-10.035,40.045,Hôpital\n"
    read, _ = facilities_of(tmp_path, text, tiers={"Poste de Sante\u0301": 1, "Hôpital": 2})
    assert read.tier.tolist() == [1, 2]
    said = fault_of(facilities_of, tmp_path, text + "C,Kaa,-10.035,40.045,Hôpital\n", tiers={"Poste de Santé": 1})
    assert 'types of facility without a tier: "Hôpital" (2)' in said


def test_coordinates_in_the_crs_of_the_raster_can_be_named(tmp_path):
    text = "id,name,E,N,tier\nA,Mbale,600500,8889500,1\n"
    read, _ = facilities_of(tmp_path, text, frame=UTM, columns={"x": "E", "y": "N"})
    assert (read.x.tolist(), read.y.tolist()) == ([600500.0], [8889500.0])


def test_degrees_are_projected_to_the_crs_of_the_raster(tmp_path):
    lon, lat = UTM.lonlat([605_250.0], [8_880_750.0])
    text = f"id,name,lat,lon,tier\nA,Mbale,{lat[0]:.9f},{lon[0]:.9f},1\n"
    read, _ = facilities_of(tmp_path, text, frame=UTM)
    assert read.x == pytest.approx([605_250], abs=0.01)
    assert read.y == pytest.approx([8_880_750], abs=0.01)


def test_the_geometry_of_a_layer_goes_before_its_columns(tmp_path):
    rows = [{"name": "a", "tier": 1.0, "lat": -10.035, "lon": 40.045}, {"name": "b", "tier": 2.0, "lat": 0, "lon": 0}]
    points = [MultiPoint([(40.005, -10.005)]), None]
    write_layer(tmp_path / "f.gpkg", rows, points)
    read, findings = facilities_of(tmp_path, file="f.gpkg")
    assert FRAME.cell_of(read.x, read.y).tolist() == [0]
    assert changes_of(findings, "left out") == [('row 2 "b"', "no geometry", "")]
    read, _ = facilities_of(tmp_path, file="f.gpkg", columns={"lat": "lat", "lon": "lon"})
    assert FRAME.cell_of(read.x, read.y).tolist() == [19]


def test_small_outlines_stand_for_a_point_inside_and_large_ones_or_lines_are_a_fault(tmp_path):
    small, beside = (
        box(40.004, -10.006, 40.006, -10.004),
        GeometryCollection([Point(40.045, -10.035), Point(40, -10).buffer(1)]),
    )
    rows = [{"name": "a", "tier": 1}, {"name": "b", "tier": 1}]
    write_layer(tmp_path / "f.gpkg", rows, [small, beside])
    read, findings = facilities_of(tmp_path, file="f.gpkg")
    assert FRAME.cell_of(read.x, read.y).tolist() == [0, 19]
    assert [(note.level, [(c.place, c.before, c.after) for c in note.changes]) for note in findings.notes[:2]] == [
        ("left out", [('row 2 "b", geometry', "GeometryCollection", "its only point")]),
        ("repaired", [('row 1 "a", geometry', "Polygon", "a point inside: 40.005, -10.005")]),
    ]
    several = [MultiPoint([(40, -10), (40.1, -10)]), box(40, -10.05, 40.05, -10)]
    write_layer(tmp_path / "f.gpkg", rows, several)
    said = fault_of(facilities_of, tmp_path, file="f.gpkg")
    assert '2 features that are no points: row 1 "a" is a MultiPoint, row 2 "b" is a Polygon' in said


def test_a_workbook_holds_a_list_as_well(tmp_path):
    workbook = Workbook()
    for row in [["Facility name", "Lat", "Long", "Tier"], ["Mbale", -10.005, 40.005, 1]]:
        workbook.active.append(row)
    workbook.save(tmp_path / "f.xlsx")
    read, _ = facilities_of(tmp_path, file="f.xlsx")
    assert (read.name, read.tier.tolist()) == (("Mbale",), [1])


def test_other_kinds_of_file_are_a_fault(tmp_path):
    (tmp_path / "f.pdf").write_bytes(b"x")
    assert 'of a kind that is not read (".pdf")' in fault_of(facilities_of, tmp_path, file="f.pdf")


def test_villages_are_named_by_a_column_called_village_too(tmp_path):
    read, _ = villages_of(tmp_path, "village,lat,lon\nÉcrin,-10.005,40.005\n,-10.015,40.005\n")
    assert read.name == ("Écrin", "V002")
    assert read.id == ("V001", "V002")


def test_no_file_means_nobody(tmp_path):
    assert len(read_villages(VillagesTable(), Roads(), None, FRAME, Findings(tmp_path))[0]) == 0
    assert len(read_chws(ChwsTable(), None, FRAME, Findings(tmp_path))) == 0


def villages(*names):
    n = len(names)
    return Places(tuple(f"V{k}" for k in range(n)), names, 40.005 + 0.01 * np.arange(n), np.full(n, -10.005))


def test_chws_stand_where_their_coordinates_are(tmp_path):
    read, _ = chws_of(tmp_path, "name,village,lat,lon\nAsha Ali,Mbale,-10.005,40.005\n", villages())
    assert (read.id, read.name, read.village) == (("C001",), ("Asha Ali",), ("Mbale",))
    assert FRAME.cell_of(read.x, read.y).tolist() == [0]


def test_chws_without_coordinates_stand_in_the_village_they_name(tmp_path):
    text = "id,name,village\n1,Asha,ecrin\n2,Bako,nowhere\n3,Caro,MOYA \n"
    read, findings = chws_of(tmp_path, text, villages("Écrin", "Moya"))
    assert (read.id, read.name, read.village) == (("1", "3"), ("Asha", "Caro"), ("ecrin", "MOYA"))
    assert FRAME.cell_of(read.x, read.y).tolist() == [0, 1]
    # the name of a CHW is nobody's business
    assert changes_of(findings, "left out") == [('row 3 "nowhere"', 'no village "nowhere" in the list', "")]


def test_a_village_name_that_occurs_twice_places_nobody(tmp_path):
    said = fault_of(chws_of, tmp_path, "id,village\n1,Moya\n", villages("Moya", "moya", "Kaa"))
    assert 'occurs more than once in the list: row 2 "Moya" (V0, V1)' in said


def test_chws_by_village_need_a_list_of_villages(tmp_path):
    assert "there is no list of villages" in fault_of(chws_of, tmp_path, "id,village\n1,Moya\n", villages())
    assert "no column for lat and lon" in fault_of(chws_of, tmp_path, "id,nam\n1,Moya\n", villages("Moya"))


def test_facilities_without_tiers_are_told_their_types_to_fill_in(tmp_path):
    text = "id,name,lat,lon,type\nA1,Mbale,-10.005,40.005,Health Centre\nA2,Moya,-10.005,40.005,Dispensary\n"
    said = fault_of(facilities_of, tmp_path, text)
    assert 'tiers = { "Health Centre" = 1, "Dispensary" = 1 }' in said


def test_a_list_of_facilities_with_a_header_alone_is_a_fault(tmp_path):
    assert "has a header but no rows" in fault_of(facilities_of, tmp_path, "id,name,lat,lon,tier\n")
