"""No file has the planner ask a network: tried with a server that listens."""

from __future__ import annotations

import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import rasterio
from faults import scene

from planner import inputs
from planner.errors import InputFaults
from planner.scenario import Scenario

WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433]]'
)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that answers everything, and what it was asked for."""
    seen: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the names are those of http.server
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(WKT.encode())

        do_HEAD = do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()
    thread.join()


def linked(made: scene.Scene, crs: str) -> None:
    """Areas whose reference system is written so."""
    text = (made.folder / "areas.geojson").read_text(encoding="utf-8")
    (made.folder / "areas.geojson").write_text(text.replace("{", "{" + crs + ", ", 1), encoding="utf-8")


def by_link(made: scene.Scene, url: str) -> None:
    linked(made, f'"crs": {{"type": "link", "properties": {{"href": "{url}/crs", "type": "ogcwkt"}}}}')


def by_url(made: scene.Scene, url: str) -> None:
    linked(made, f'"crs": {{"type": "URL", "properties": {{"url": "{url}/crs"}}}}')


def by_link_spelled_out(made: scene.Scene, url: str) -> None:
    linked(made, f'"\\u0063rs": {{"type": "l\\u0069nk", "properties": {{"href": "{url}/crs"}}}}')


def by_link_beside_a_name(made: scene.Scene, url: str) -> None:
    by_link(made, url)
    linked(made, '"crs": {"type": "name", "properties": {"name": "EPSG:4326"}}')


def algorithm(made: scene.Scene, url: str) -> None:
    line = f"gdal vector pipeline ! read {url}/x.geojson"
    document = {"type": "gdal_streamed_alg", "command_line": line}
    (made.folder / "areas.geojson").write_text(json.dumps(document), encoding="utf-8")


def virtual_raster(made: scene.Scene, url: str) -> None:
    source = f'<SimpleSource><SourceFilename relativeToVRT="0">/vsicurl/{url}/x.tif</SourceFilename></SimpleSource>'
    text = (
        f'<VRTDataset rasterXSize="50" rasterYSize="40"><SRS>EPSG:4326</SRS><GeoTransform>34, 0.001, 0, -13, 0, -0.001'
        f'</GeoTransform><VRTRasterBand dataType="Float32" band="1">{source}</VRTRasterBand></VRTDataset>'
    )
    (made.folder / "elevation.tif").write_text(text, encoding="utf-8")


def raster_with_overviews_elsewhere(made: scene.Scene, url: str) -> None:
    for name in ("population.tif", "elevation.tif"):
        with rasterio.open(made.folder / name, "r+") as raster:
            raster.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=f"/vsicurl/{url}/x.ovr")
        beside = f'<Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">/vsicurl/{url}/y.ovr</MDI></Metadata>'
        (made.folder / f"{name}.aux.xml").write_text(f"<PAMDataset>{beside}</PAMDataset>", encoding="utf-8")


def map_with_links(made: scene.Scene, url: str) -> None:
    ring = "34,-13.03 34.04,-13.03 34.04,-13 34,-13 34,-13.03"
    text = (
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link><href>{url}/link.kml</href></Link>'
        f"</NetworkLink><GroundOverlay><Icon><href>{url}/over.png</href></Icon></GroundOverlay><Placemark><name>W1</name>"
        f"<styleUrl>{url}/style.kml#a</styleUrl><Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates>"
        f"</LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"
    )
    (made.folder / "areas.kml").write_text(text, encoding="utf-8")
    made.scenario["areas"] = {"file": "areas.kml", "code": "Name", "name": "Name"}


def database_with_views(made: scene.Scene, url: str) -> None:
    import pyogrio

    path = made.folder / "areas.gpkg"
    pyogrio.write_dataframe(pyogrio.read_dataframe(made.folder / "areas.geojson"), path, layer="wards")
    with sqlite3.connect(path) as database:
        pixel = f"gdal_get_pixel_value('/vsicurl/{url}/x.tif', 1, 'georef', 34.0, -13.0)"
        database.execute(f"CREATE VIEW evil AS SELECT fid, geom, code, name, {pixel} AS pixel FROM wards")
        columns = "table_name, data_type, identifier, srs_id"
        database.execute(f"INSERT INTO gpkg_contents ({columns}) VALUES ('evil', 'features', 'evil', 4326)")
        database.execute("INSERT INTO gpkg_geometry_columns VALUES ('evil', 'geom', 'POLYGON', 4326, 0, 0)")
    database.close()
    made.scenario["areas"] = {"file": "areas.gpkg", "layer": "evil", "code": "code"}


def entities(made: scene.Scene, url: str) -> None:
    path = made.folder / "roads.osm"
    kind = f'<!DOCTYPE osm [<!ENTITY far SYSTEM "{url}/far.txt"><!ENTITY near SYSTEM "file:///etc/passwd">]>'
    text = path.read_text(encoding="utf-8").replace("<osm", f"{kind}<osm", 1).replace("M1", "&far;&near;")
    path.write_text(text, encoding="utf-8")


def workbook_with_entities(made: scene.Scene, url: str) -> None:
    kind = f'<!DOCTYPE x [<!ENTITY far SYSTEM "{url}/far.txt">]>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("code", "name", "lat", "lon"))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" r:id="a"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="{office}/externalLink" '
        f'Target="{url}/book.xlsx" TargetMode="External"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{kind}<worksheet xmlns="{main}"><sheetData><row r="1">{head}</row>'
        '<row r="2"><c t="inlineStr"><is><t>&far;</t></is></c></row></sheetData></worksheet>',
    }  # fmt: skip
    with zipfile.ZipFile(made.folder / "villages.xlsx", "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    made.scenario["villages"]["file"] = "villages.xlsx"


def network_with_entities(made: scene.Scene, url: str) -> None:
    kind = f'<!DOCTYPE graphml SYSTEM "{url}/graphml.dtd">'
    (made.folder / "roads.graphml").write_text(
        f"<?xml version='1.0'?>{kind}<graphml><graph/></graphml>", encoding="utf-8"
    )
    made.scenario["roads"]["file"] = "roads.graphml"


EVIL: list[Callable[[scene.Scene, str], None]] = [
    by_link, by_url, by_link_spelled_out, by_link_beside_a_name, algorithm, virtual_raster,
    raster_with_overviews_elsewhere, map_with_links, database_with_views, entities, workbook_with_entities,
    network_with_entities,
]  # fmt: skip
READ_ALL_THE_SAME = {raster_with_overviews_elsewhere, map_with_links, database_with_views}


@pytest.mark.parametrize("evil", EVIL, ids=lambda evil: evil.__name__)
def test_nothing_is_asked_of_a_network_and_the_rest_is_refused(tmp_path, asked, evil):
    url, seen = asked
    made = scene.make(tmp_path)
    evil(made, url)
    scenario = Scenario.model_validate_json(json.dumps(made.scenario))
    if evil in READ_ALL_THE_SAME:
        inputs.read(scenario, tmp_path)
    else:
        with pytest.raises(InputFaults) as faults:
            inputs.read(scenario, tmp_path)
        assert len(faults.value.faults) == 1
    assert seen == []


def test_a_reference_system_that_is_named_is_read_beside_columns_called_link_and_url(tmp_path):
    made = scene.make(tmp_path)
    document = made.features("areas.geojson")
    document["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    for feature in document["features"]:
        feature["properties"] |= {"url": "https://example.org", "link": "url", "type": "link"}
    made.write_features("areas.geojson", document)
    found = inputs.read(Scenario.model_validate_json(json.dumps(made.scenario)), Path(tmp_path))
    assert len(found.areas) == 2
