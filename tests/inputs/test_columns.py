"""Which column holds what: headers as ministries, surveys and registries write them."""

from __future__ import annotations

import csv

import pytest
from inputs.scene import file_of, notes_of

from planner.files import data_folder
from planner.inputs.columns import find_columns
from planner.inputs.names import forms
from planner.inputs.places import PLACE
from planner.inputs.table import Table
from planner.inputs.text import fold
from planner.scenario import VillagesTable

FACILITY = (*PLACE, "type", "tier", "village")


def columns_of(tmp_path, header, cells=None, keys=FACILITY, **named):
    (tmp_path / "f.csv").touch()
    file = file_of(tmp_path / "f.csv")
    columns = tuple([cell] for cell in cells or ["x"] * len(header))
    table = Table(file, tuple(header), columns, [2])
    return find_columns(table, VillagesTable(file="f.csv", columns=named), keys), file.findings


# Header, with the names that stand for id, name, latitude, longitude and type marked by their keys.
HEADERS = """
en  id=Code; name=Facility name; lat=Lat; lon=Long; type=Facility type; LL source
en  id=MFL Code; name=HEALTH FACILITY; lat=gps_latitude; lon=gps_longitude; type=Type of facility
en  id=facility_id; name=facility_name; lat=latitude; lon=longitude; type=facility_type; ward; district
en  id=UID; name=Name; lat=Latitude (DD); lon=Longitude (DD); type=Category
en  No.; id=HF code; name=HF name; type=HF type; lat=Y (Lat); lon=X (Long)
en  id=Site ID; name=Site name; lat=Lat_DD; lon=Long_DD; Ownership; type=Site type
en  Country; Admin1; name=Facility name; type=Facility type; Ownership; lat=Lat; lon=Long; LL source
en  id=Facility Number; name=Name of Health Facility; type=Level of care; lat=GPS Lat; lon=GPS Long
en  id=osm_id; osm_type; completeness; type=amenity; healthcare; name=name; x=X; y=Y
en  id=uuid; name=name; lat=Decimal latitude; lon=Decimal longitude; type=nature-of-facility
en  id=Org unit ID; name=Organisation unit; Parent; lat=Latitude; lon=Longitude
en  id=P-Code; name=Settlement name; lat=LAT; lon=LON
en  id=geonameid; name=name; asciiname; lat=latitude; lon=longitude
en  id=CHW ID; name=CHW name; village=Village; lat=Village / Latitude; lon=Village / Longitude
en  id=Registration number; name=Name of CHW; village=Village of residence
en  S/N; name=Name of HSA; village=Name of village; Catchment
fr  id=Code FOSA; name=Nom FOSA; lat=Latitude; lon=Longitude; type=Type FOSA
fr  id=CODE; name=Nom de la Formation Sanitaire; lat=LATITUDE; lon=LONGITUDE; tier=Niveau; source
fr  N°; id=Identifiant; name=Nom de la structure; type=Type de structure; lat=Lat (WGS84); lon=Lon (WGS84)
fr  id=Code FS; name=Formation sanitaire; type=Catégorie; lat=Coord. lat; lon=Coord. long
fr  id=Matricule; name=Nom et prénoms; village=Village de résidence; Téléphone
fr  id=Code structure; name=Nom de l'établissement; type=Type d'établissement; lat=GPS Latitude; lon=GPS Longitude
fr  Région; District; Commune; name=CSB; type=Type de CSB; lat=Latitude Sud; lon=Longitude Est
fr  Commune; village=Fokontany; name=Nom AC; id=Code AC
fr  village=Nom du village; lat=Lat.; lon=Long.; Population
fr  id=Code localité; village=Localité; latlon=Coordonnées GPS
fr  name=Nom de l'ASC; village=Localité; id=ID ASC
fr  id=Code aire de santé; name=Centre de santé; type=Type; lat=Y (latitude); lon=X (longitude)
pt  id=Código; name=Nome da unidade; lat=LATITUDE; lon=LONGITUDE; tier=Nível; fonte
pt  id=Código da Unidade Sanitária; name=Unidade Sanitária; type=Tipo de US; lat=Latitude; lon=Longitude
pt  id=Cod US; name=Nome da US; type=Classificação; lat=Lat; lon=Lon
pt  id=ID; name=Nome da Unidade de Saúde; type=Tipo de unidade; latlon=Coordenadas GPS
pt  id=Código do APE; name=Nome do APE; village=Comunidade
pt  id=Código da aldeia; name=Nome da aldeia; lat=Latitude; lon=Longitude
pt  name=Posto de saúde; lat=Coordenada Y (Latitude); lon=Coordenada X (Longitude)
es  id=código; name=Establecimiento; lat=latitud; lon=longitud; tier=nivel; fuente
es  id=Código RENIPRESS; name=Nombre del establecimiento; type=Clasificación; lat=LATITUD; lon=LONGITUD
es  id=Código único; name=Nombre; type=Tipo de establecimiento; tier=Nivel de atención; latlon=Ubicación
es  id=Clave CLUES; name=Nombre de la unidad; type=Tipo de unidad; lat=Latitud; lon=Longitud
es  id=Cédula; name=Promotor de salud; village=Comunidad
es  name=Nombre de la comunidad; x=Este (X); y=Norte (Y)
sw  id=Namba ya kituo; name=Jina la kituo; type=Aina ya kituo; lat=Latitudo; lon=Longitudo
sw  village=Jina la kijiji; lat=latitude; lon=longitude
sw  name=Jina; village=Kijiji
utm id=Code; name=Nom; x=X_UTM; y=Y_UTM
utm id=Code; name=Name; x=UTM Easting; y=UTM Northing; Zone
survey  start; end; name=facility_name; lat=_gps_latitude; lon=_gps_longitude; _gps_altitude; _gps_precision; id=_uuid
survey  name=fiche/nom_structure; type=fiche/type_structure; lat=fiche/_gps_latitude; lon=fiche/_gps_longitude
survey  SubmissionDate; name=facility_name; lat=gps-Latitude; lon=gps-Longitude; gps-Altitude; meta/instanceID
group  id=Formation sanitaire / Code; name=Formation sanitaire / Nom; lat=GPS / Latitude; lon=GPS / Longitude
""".strip().splitlines()


@pytest.mark.parametrize("line", HEADERS)
def test_a_header_is_understood(tmp_path, line):
    parts = [part.strip() for part in line.split(None, 1)[1].split(";")]
    pairs = [part.split("=", 1) if "=" in part else ["", part] for part in parts]
    cells = ["-13.5, 34.2" if key == "latlon" else "x" for key, _ in pairs]
    found, _ = columns_of(tmp_path, [name for _, name in pairs], cells)
    assert found == {key: name for key, name in pairs if key}


def test_there_are_more_than_forty_header_sets():
    assert len(HEADERS) > 40


def test_a_usual_name_stands_once_for_a_key():
    with (data_folder() / "lists" / "columns.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["key"], fold(row["name"])) for row in csv.DictReader(file)]
    twice = {row for row in rows if rows.count(row) > 1}
    assert not twice


def test_what_was_understood_is_told_once_but_not_what_says_itself(tmp_path):
    _, findings = columns_of(tmp_path, ["Code", "Nom", "lat", "lon"])
    assert notes_of(findings, "info") == ['columns by their usual names: id = "Code", name = "Nom"']
    assert not columns_of(tmp_path, ["ID number", "name", "Latitude", "Long"])[1].notes
    assert not columns_of(tmp_path, ["Kennung"], id="Kennung")[1].notes


def test_a_whole_name_goes_before_a_part_of_one(tmp_path):
    found, _ = columns_of(tmp_path, ["district/name", "facility/name", "Name", "home_lat", "lat", "lon"])
    assert found == {"name": "Name", "lat": "lat", "lon": "lon"}


def test_forms_of_a_header_go_from_whole_to_part():
    assert forms("GPS / Latitude (dd)") == ["gpslatitudedd", "gpslatitude", "latitudedd", "latitude"]
    assert forms("meta/instanceID") == []
    assert forms("Nom d'État") == ["nomdetat"]


def test_a_column_that_names_places_holds_no_coordinates(tmp_path):
    assert columns_of(tmp_path, ["name", "location"], ["Asha", "Mbale"])[0] == {"name": "name"}
    assert columns_of(tmp_path, ["name", "location"], ["Asha", "-13.5, 34.2"])[0]["latlon"] == "location"
