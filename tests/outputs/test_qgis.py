"""QGIS opens the project and the layers styled. Where QGIS is here (python3-qgis), its own reader says so."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from PIL import Image

from outputs.hostile import PAYLOADS, hostile_plan
from outputs.tiny import bare_plan, tiny_plan
from planner import outputs
from planner.outputs import palette
from planner.outputs.language import speaking
from planner.outputs.layers import layers
from planner.outputs.qgis import elements, style_rows, styles

# What QGIS says of a project: its layers, and a picture of what is shown.
READER = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import *
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
project, told = QgsProject.instance(), []
QgsApplication.messageLog().messageReceived.connect(lambda text, tag, level: told.append(text))
assert project.read(sys.argv[1]), project.error()
found = {}
for node in project.layerTreeRoot().findLayers():
    layer = node.layer()
    vector = layer.type() == QgsMapLayer.VectorLayer
    drawn = {}
    if vector:
        context, renderer = QgsRenderContext(), layer.renderer().clone()
        context.expressionContext().appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        renderer.startRender(context, layer.fields())
        labels = {item.ruleKey(): item.label() for item in renderer.legendSymbolItems()}
        for feature in layer.getFeatures():
            context.expressionContext().setFeature(feature)
            for key in renderer.legendKeysForFeature(feature, context):
                label = labels.get(key, key)
                drawn[label] = drawn.get(label, 0) + 1
        renderer.stopRender(context)
    found[node.layerId()] = {
        "valid": layer.isValid(), "shown": node.isVisible(), "renderer": layer.renderer().type(),
        "crs": layer.crs().authid(), "group": node.parent().name(),
        "alias": layer.attributeAlias(layer.fields().indexOf("people")) if vector else "",
        "legend": [item.label() for item in layer.renderer().legendSymbolItems()] if vector else
                  [label for label, _ in layer.renderer().legendSymbologyItems()],
        "drawn": drawn,
    }
settings = QgsMapSettings()
settings.setLayers([node.layer() for node in project.layerTreeRoot().findLayers() if node.isVisible()])
settings.setDestinationCrs(project.crs())
settings.setExtent(project.viewSettings().defaultViewExtent())
settings.setOutputSize(QSize(700, 500))
settings.setBackgroundColor(QColor("#ffffff"))
job = QgsMapRendererParallelJob(settings)
job.start(); job.waitForFinished(); job.renderedImage().save(sys.argv[2] + "/map.png")
page = project.layoutManager().printLayouts()[0]
export = QgsLayoutExporter.ImageExportSettings()
export.dpi = 60
assert QgsLayoutExporter(page).exportToImage(sys.argv[2] + "/page.png", export) == 0
labels = [item.currentText() for item in page.items() if isinstance(item, QgsLayoutItemLabel)]
alone = QgsVectorLayer(os.path.dirname(sys.argv[1]) + "/layers.gpkg|layername=villages", "", "ogr")
raster = QgsRasterLayer(os.path.dirname(sys.argv[1]) + "/rasters/minutes_with_plan.tif", "")
opened = [alone.renderer().type(), alone.labelsEnabled(), raster.renderer().type()]
json.dump([project.title(), project.crs().authid(), found, labels, opened, told], open(sys.argv[2] + "/said.json", "w"))
application.exitQgis()
"""


@pytest.fixture(scope="session")
def qgis() -> str:
    """The Python that has QGIS: that of the system, as a rule."""
    for python in filter(None, (shutil.which("python3", path="/usr/bin"), sys.executable)):
        if subprocess.run([python, "-c", "import qgis.core"], capture_output=True, env={}, check=False).returncode == 0:
            return python
    pytest.skip("no QGIS here (python3-qgis): the project is not opened in it")


def write(plan, folder: Path) -> Path:
    outputs.write(plan, folder, scenario_toml='title = "Tiny"\n', log=[])
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    return write(tiny_plan(), tmp_path_factory.mktemp("runs") / "base")


def project(run: Path) -> ET.Element:
    with zipfile.ZipFile(run / "plan.qgz") as archive:
        return ET.fromstring(archive.read("plan.qgs").decode())


def opened(qgis: str, run: Path, out: Path):
    """What QGIS says of the project of a run folder."""
    out.mkdir()
    (out / "reader.py").write_text(READER, encoding="utf-8")
    asked = [qgis, str(out / "reader.py"), str(run / "plan.qgz"), str(out)]
    home = {"XDG_RUNTIME_DIR": str(out), "HOME": str(out)}
    made = subprocess.run(asked, capture_output=True, text=True, env=home, check=False)
    assert (out / "said.json").is_file(), made.stderr
    return json.loads((out / "said.json").read_text(encoding="utf-8"))


def test_the_same_plan_gives_the_same_bytes(run, tmp_path):
    again = write(tiny_plan(), tmp_path / "again")
    names = ["plan.qgz", "layers.gpkg", *(f"rasters/{path.name}" for path in (run / "rasters").glob("*.qml"))]
    assert len(names) == 7
    assert [name for name in names if (run / name).read_bytes() != (again / name).read_bytes()] == []


def test_every_layer_has_one_usual_style_and_its_columns_are_those_of_qgis(run):
    with sqlite3.connect(run / "layers.gpkg") as base:
        columns = [row[1] for row in base.execute("PRAGMA table_info(layer_styles)")]
        usual = base.execute("SELECT f_table_name FROM layer_styles WHERE useAsDefault ORDER BY id").fetchall()
        tables = base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall()
        asked = base.execute(
            "SELECT styleQML FROM layer_styles WHERE f_table_schema='' AND f_table_name='areas' AND "
            "f_geometry_column='geom' ORDER BY CASE WHEN useAsDefault THEN 1 ELSE 2 END, update_time DESC LIMIT 1"
        ).fetchone()
    assert columns == [
        "id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML",
        "styleSLD", "useAsDefault", "description", "owner", "ui", "update_time",
    ]  # fmt: skip
    assert [name for (name,) in usual] == list(layers(tiny_plan()))
    assert sorted(tables) == sorted((name, "geom") for (name,) in usual)
    assert ET.fromstring(asked[0]).find("renderer-v2").get("type") == "singleSymbol"


def test_columns_have_headers_with_units_as_in_the_tables(run):
    with sqlite3.connect(run / "layers.gpkg") as base:
        [qml] = base.execute("SELECT styleQML FROM layer_styles WHERE f_table_name='villages'").fetchone()
    told = {alias.get("field"): alias.get("name") for alias in ET.fromstring(qml).iter("alias")}
    assert (told["minutes_to_facility"], told["km_to_facility"]) == (
        "minutes to facility [min]", "straight line to facility [km]",
    )  # fmt: skip


def test_the_project_names_files_beside_it_only(run):
    sources = [element.text for element in project(run).iter("datasource")]
    assert len(sources) == 17
    for source in sources:
        path = source.split("|")[0]
        assert path.startswith("./") and (run / path).is_file()
    text = ET.tostring(project(run), "unicode")
    assert str(run) not in text and str(run.parent) not in text


def test_every_leaf_of_the_tree_is_a_layer_with_an_id_that_qgis_keeps(run):
    read = project(run)
    ids = [element.find("id").text for element in read.iter("maplayer")]
    leaves = [leaf.get("id") for leaf in read.find("layer-tree-group").iter("layer-tree-layer")]
    assert leaves == ids and len(set(ids)) == len(ids)
    assert all(len(name) > 10 for name in ids)


def test_classes_of_minutes_are_those_of_the_map_and_hold_their_upper_end(run):
    plan = tiny_plan()
    items = ET.parse(run / "rasters" / "minutes_with_plan.qml").getroot().findall(".//item")
    classes = palette.time_classes(plan.scenario.reach.thresholds)
    assert [(item.get("color"), item.get("label")) for item in items] == [(c.colour, c.label) for c in classes]
    assert [float(item.get("value")) for item in items] == [c.upto for c in classes]


def test_a_raster_of_places_names_every_number_that_stands_in_it(run):
    plan = tiny_plan()
    for name, places in (("nearest_facility", plan.facilities.name), ("chw_catchment", plan.posts.id)):
        entries = ET.parse(run / "rasters" / f"{name}.qml").getroot().findall(".//paletteEntry")
        told = {int(entry.get("value")): entry.get("label") for entry in entries}
        with rasterio.open(run / "rasters" / f"{name}.tif") as raster:
            there = set(np.unique(raster.read(1)).tolist()) - {-1}
        assert there <= set(told)
        assert all(place in told[number] for number, place in enumerate(places))


def test_areas_carry_the_shares_by_which_they_are_coloured(run):
    read = layers(tiny_plan())["areas"]
    plan = tiny_plan()
    places = plan.reached.levels.level.index("area")
    for column, kind in (("within_facilities_percent", 0), ("within_plan_percent", 2)):
        inside = plan.reached.room.within[kind][places : places + 2]
        assert read[column].tolist() == pytest.approx(
            (100 * inside / plan.reached.people[places : places + 2]).tolist()
        )


def test_a_plan_of_nothing_has_a_project_of_what_there_is(tmp_path):
    read = project(write(bare_plan(), tmp_path / "bare"))
    ids = {element.find("id").text for element in read.iter("maplayer")}
    assert {name for name in ids if name.startswith("plan_layer_")} == {
        "plan_layer_facilities",
        "plan_layer_catchments",
    }
    assert len(ids) == 7


def test_signs_that_no_xml_can_hold_become_a_question_mark():
    text = elements.text_of(elements.element("a", {"b": "x\x00y\x1f"}, text="\ud800 ok \ufffe"))
    read = ET.fromstring(text)
    assert (read.get("b"), read.text) == ("x?y?", "? ok ?")


def test_names_of_the_project_are_in_the_language(tmp_path):
    with speaking("fr"):
        rows = style_rows(layers(tiny_plan()), "2026-11-01")
        assert "'^near ', 'près de '" in styles.villages().labels.expression
    assert "Formations sanitaires" in set(rows["styleName"])
    assert all(len(name) <= 30 for name in rows["styleName"])
    assert (rows["update_time"] == "2026-11-01T00:00:00.000Z").all()


def test_the_size_of_a_village_is_that_of_the_map():
    [expression] = set(
        re.findall(r'name="expression" type="QString" value="([^"]*)"', styles.document(styles.villages(), []))
    )
    least, most = re.search(r"/ 4, ([\d.]+)\), ([\d.]+)\)", expression).groups()
    assert (float(least), float(most)) == (2.5, 10)


def test_a_plan_with_hostile_names_makes_xml_that_reads_and_says_them(tmp_path):
    texts = [*PAYLOADS, "[% env('HOME') %]", "a\x01b"]
    plan = hostile_plan(lambda n: texts[n % len(texts)])
    plan = replace(plan, scenario=plan.scenario.model_copy(update={"title": "[% 6 * 7 %] <b>"}))
    run = write(plan, tmp_path / "hostile")
    read = project(run)
    assert read.find("title").text == "[% 6 * 7 %] <b>"
    page = [item.get("labelText") for item in read.iter("LayoutItem") if item.get("labelText")]
    assert page and not any("[%" in text for text in page)
    ET.parse(run / "rasters" / "nearest_facility.qml")


def test_qgis_opens_every_layer_with_its_renderer_and_draws_the_map(qgis, run, tmp_path):
    title, crs, found, labels, alone, told = opened(qgis, run, tmp_path / "out")
    assert (title, crs, told) == ("Tiny district", "EPSG:3857", [])
    assert all(layer["valid"] and layer["crs"] == "EPSG:4326" for layer in found.values())
    renderers = {name.removeprefix("plan_layer_"): layer["renderer"] for name, layer in found.items()
                 if name.startswith("plan_layer_")}  # fmt: skip
    assert renderers == {
        "posts": "categorizedSymbol", "facilities": "categorizedSymbol", "villages": "categorizedSymbol",
        "bridges": "singleSymbol", "referral_routes": "singleSymbol", "supervision_rounds": "singleSymbol",
        "catchments": "categorizedSymbol", "areas_0": "singleSymbol", "areas_1": "graduatedSymbol",
        "areas_2": "graduatedSymbol", "roads": "categorizedSymbol", "water_line": "RuleRenderer",
    }  # fmt: skip
    assert found["plan_layer_villages"]["alias"] == "people"
    assert found["plan_raster_minutes_with_plan"]["legend"][-6:] == [
        entry.label for entry in palette.time_classes(tiny_plan().scenario.reach.thresholds)
    ]
    counts = {"plan_layer_" + name: len(layer) for name, layer in layers(tiny_plan()).items()}
    for name, layer in found.items():
        if name in counts:
            assert sum(layer["drawn"].values()) == counts[name], name
    villages = layers(tiny_plan())["villages"]
    assert villages.query("hard_to_reach")["served_by"].tolist() == ["CHW-02", "NEW-01", "NEW-02", ""]
    assert found["plan_layer_villages"]["drawn"] == {
        "not hard to reach": 1, "hard to reach, served by a proposed CHW": 2, "hard to reach, no CHW in reach": 1,
        "hard to reach, served by a CHW of today": 1,
    }  # fmt: skip
    assert alone == ["categorizedSymbol", True, "singlebandpseudocolor"]
    assert any("under-fives" in text for text in labels)
    picture = Image.open(tmp_path / "out" / "map.png").convert("RGB")
    colours = {colour for _, colour in picture.getcolors(1 << 20)}
    assert palette.rgb(palette.PROPOSED) in colours and palette.rgb(palette.FACILITY) in colours
    assert len(colours) > 50
    page = np.asarray(Image.open(tmp_path / "out" / "page.png").convert("L"))
    assert (page < 250).mean() > 0.1


def test_qgis_shows_hostile_names_as_they_are_and_computes_none(qgis, tmp_path):
    texts = [*PAYLOADS, "[% 6 * 7 %]"]
    run = write(hostile_plan(lambda n: texts[n % len(texts)]), tmp_path / "hostile")
    _, _, found, labels, _, _ = opened(qgis, run, tmp_path / "out")
    assert all(layer["valid"] for layer in found.values())
    assert not any(re.search(r"\b42\b", text) for text in labels)
