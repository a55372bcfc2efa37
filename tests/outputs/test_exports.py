"""Exports of a run folder: read back by other programs' readers, complete, the same every time, and without names."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import gpxpy
import pyogrio
import pytest

from outputs.for_exports import write_for_exports
from outputs.tiny import tiny_plan
from planner import cli, cli_runs, outputs, scenario_file
from planner.errors import InputFaults
from planner.outputs import language
from planner.outputs.exports import dhis2, export
from planner.outputs.exports.run import Run

NASTY = ("=1+1 <b>&", "N'tcheu ]]>", "Mbále\u200f", "Kwa/../Phiri", "near Mbále")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "base"
    plan = tiny_plan(names=NASTY)
    outputs.write(plan, folder, scenario_toml=scenario_file.dump(plan.scenario), log=())
    return folder


def exported(run, tmp_path, *kinds):
    export(run, kinds or list(cli_runs.KINDS), tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture(scope="module")
def everything(run, tmp_path_factory):
    """All kinds, written once: they take long."""
    return exported(run, tmp_path_factory.mktemp("everything"))


def files_of(folder):
    return [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]


def test_every_kind_that_the_command_offers_is_written(everything):
    assert {path.name for path in everything.iterdir()} == set(cli_runs.KINDS)
    assert all(any(path.iterdir()) for path in everything.iterdir())


def test_the_same_run_gives_the_same_bytes(run, everything, tmp_path):
    second = exported(run, tmp_path)
    files = files_of(everything)
    assert files
    assert [name for name in files if (everything / name).read_bytes() != (second / name).read_bytes()] == []


def test_tests_that_write_only_what_exports_read_write_it_as_a_run_does(run, tmp_path):
    part = write_for_exports(tiny_plan(names=NASTY), tmp_path / "part")
    files = {str(name) for name in files_of(part)}
    assert {"layers.gpkg", "scenario.toml", "tables/datapackage.json", "plan.json"} < files
    other = [name for name in files if (part / name).read_bytes() != (run / name).read_bytes()]
    assert other == ["plan.json"]  # the checksums of the files that are not there
    told, whole = (json.loads((folder / "plan.json").read_text(encoding="utf-8")) for folder in (part, run))
    assert told.pop("files").items() < whole.pop("files").items()
    assert told == whole


def test_a_chw_opens_the_post_the_facilities_and_the_ways(run, tmp_path):
    [path] = (exported(run, tmp_path, "phones") / "phones" / "chws").glob("new-01*.gpx")
    read = gpxpy.parse(path.read_text(encoding="utf-8"))
    assert read.waypoints[0].name == f"{NASTY[2]} (NEW-01)"
    assert len(read.waypoints) == 3  # the post, a facility of tier 1 and one of tier 2
    assert [track.name.split()[0] for track in read.tracks] == ["To", "To"]
    plan = tiny_plan(names=NASTY)
    start, way = read.waypoints[0], read.tracks[0].segments[0].points
    assert (start.longitude, start.latitude) == pytest.approx((plan.posts.x[2], plan.posts.y[2]), abs=1e-6)
    assert (way[0].longitude, way[0].latitude) == pytest.approx((plan.posts.x[2], plan.posts.y[2]), abs=1e-6)


def test_a_supervisor_opens_all_posts_and_trips(run, tmp_path):
    folder = exported(run, tmp_path, "phones") / "phones" / "supervisors"
    plan = tiny_plan(names=NASTY)
    for facility, own in zip(plan.facilities.id, plan.supervision.posts, strict=True):
        files = list(folder.glob(f"{facility.lower()}-*.gpx"))
        assert len(files) == (own > 0)
        for path in files:
            read = gpxpy.parse(path.read_text(encoding="utf-8"))
            assert (len(read.waypoints), len(read.tracks)) == (own + 1, own)


@pytest.mark.parametrize("ending", ["gpx", "kml"])
def test_gdal_reads_every_file_too(run, tmp_path, ending):
    files = list((exported(run, tmp_path, "phones") / "phones").rglob(f"*.{ending}"))
    assert files
    for path in files:
        layers = [pyogrio.read_dataframe(path, layer=name) for name, _ in pyogrio.list_layers(path)]
        assert sum(map(len, layers)) > 1


@pytest.mark.parametrize(
    ("language", "told"), [("fr", ("Vers ", "niveau 1", "ASC")), ("pt", ("Para ", "nível 1", "ACS"))]
)
def test_telephones_speak_the_language(run, tmp_path, language, told):
    export(run, ["phones"], tmp_path / "out", language=language)
    said = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob("*.kml"))
    assert [word for word in told if word not in said] == []
    assert not re.findall(r">(To |CHW|tier|Day |supervises|[^<]*(one way|under way))", said)


def test_names_stand_in_kml_as_they_are(run, tmp_path):
    [path] = (exported(run, tmp_path, "phones") / "phones" / "chws").glob("chw-02*.kml")
    [layer] = [name for name, _ in pyogrio.list_layers(path)]
    assert f"{NASTY[1]} (CHW-02)" in set(pyogrio.read_dataframe(path, layer=layer)["Name"])


def test_file_names_are_plain_and_stay_in_the_folder(run, tmp_path):
    for path in exported(run, tmp_path, "phones").rglob("*.*"):
        assert re.fullmatch(r"[a-z0-9-]+\.(gpx|kml)", path.name)


def test_dhis2_units_hang_below_the_codes_of_their_areas(run, tmp_path):
    out = exported(run, tmp_path, "dhis2") / "dhis2"
    units = json.loads((out / "organisation_units.json").read_text(encoding="utf-8"))["organisationUnits"]
    assert {unit["code"] for unit in units} == {"CHW-01", "CHW-02", "NEW-01", "NEW-02"}
    assert {unit["parent"]["code"] for unit in units} <= {"MW01", "MW02"}
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9]{10}", unit["id"]) for unit in units)
    assert len({unit["id"] for unit in units}) == len(units)
    assert all(len(unit["shortName"]) <= 50 for unit in units)


def test_dhis2_values_are_those_of_the_tables_and_every_element_is_described(run, tmp_path):
    out = exported(run, tmp_path, "dhis2") / "dhis2"
    elements = json.loads((out / "data_elements.json").read_text(encoding="utf-8"))["dataElements"]
    values = json.loads((out / "data_values.json").read_text(encoding="utf-8"))["dataValues"]
    assert {value["dataElement"] for value in values} == {element["code"] for element in elements}
    people = [int(value["value"]) for value in values if value["dataElement"] == "PLANNER_PEOPLE"]
    plan = tiny_plan(names=NASTY)
    assert people == [round(number) for number in plan.coverage.area_people[:2]]
    keys = [(value["dataElement"], value["orgUnit"], value["period"]) for value in values]
    assert len(set(keys)) == len(keys)
    assert {value["period"] for value in values} == {"2026"}


def test_an_identifier_is_always_the_same_and_of_its_text_alone():
    assert dhis2.uid("post CHW-01") == dhis2.uid("post CHW-01") != dhis2.uid("post CHW-02")


def test_the_names_of_chws_never_leave(everything):
    for path in everything.rglob("*.*"):
        assert b"Banda" not in path.read_bytes()


def test_words_are_in_the_language_of_the_scenario_or_of_the_command(tmp_path, run, monkeypatch):
    spoken = []
    monkeypatch.setattr(dhis2, "write", lambda *_: spoken.append(language.spoken()))
    plan = tiny_plan()
    report = plan.scenario.report.model_copy(update={"language": "pt", "ministry": "Ministério", "logo": "a.jpg"})
    scenario = plan.scenario.model_copy(update={"report": report})
    asked = tmp_path / "asked"
    outputs.write(replace(plan, scenario=scenario, logo=b"png"), asked, scenario_toml="", log=())
    for folder, options in ((run, []), (asked, []), (asked, ["--language", "fr"])):
        assert cli.main(["export", str(folder), "dhis2", "--out", str(tmp_path / "out"), *options]) == 0
    assert spoken == ["en", "pt", "fr"]
    assert (Run.open(asked).ministry, Run.open(asked).logo.read_bytes()) == ("Ministério", b"png")
    assert (Run.open(run).ministry, Run.open(run).logo) == ("", None)
    assert language.LANGUAGES == cli_runs.LANGUAGES


def test_what_is_no_run_folder_is_told(tmp_path):
    with pytest.raises(InputFaults, match="no run folder"):
        export(tmp_path, ["phones"], tmp_path / "out")


def test_a_run_folder_of_another_form_and_an_unknown_kind_are_told(run, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", str(run), "fax", "--out", "out"]) == 2
    told = f"there is no export fax. Choose from {', '.join(cli_runs.KINDS)}."
    assert told in " ".join(capsys.readouterr().err.split())
    plan = json.loads((run / "plan.json").read_text(encoding="utf-8"))
    copy = tmp_path / "copy"
    (copy / "tables").mkdir(parents=True)
    (copy / "plan.json").write_text(json.dumps({**plan, "schema_version": 9}), encoding="utf-8")
    (copy / "tables" / "datapackage.json").write_bytes((run / "tables" / "datapackage.json").read_bytes())
    with pytest.raises(InputFaults, match="has form 9"):
        export(copy, ["phones"], Path("out"))


def test_signs_that_xml_cannot_hold_break_no_file_for_phones(tmp_path):
    plan = tiny_plan(names=NASTY)
    plan = replace(plan, scenario=plan.scenario.model_copy(update={"title": "A\x1cB \ufffe\x07"}))
    write_for_exports(plan, tmp_path / "run")
    paths = list(exported(tmp_path / "run", tmp_path, "phones").rglob("*.*"))
    assert {path.suffix for path in paths} == {".gpx", ".kml"}
    for path in paths:
        assert ElementTree.parse(path).getroot() is not None
        assert "A?B ??" in path.read_text(encoding="utf-8")


def test_the_report_alone_is_written_in_the_language_that_is_asked_for(run, tmp_path, capsys):
    assert cli.main(["report", str(run), "--language", "pt", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"Wrote {tmp_path / 'report'}\n"
    assert {path.name for path in (tmp_path / "report").iterdir()} == {"report.html", "report.pdf"}
    assert '<html lang="pt">' in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert cli.main(["report", str(run), "--out", str(tmp_path)]) == 0
    assert (tmp_path / "report" / "report.html").read_bytes() == (run / "report.html").read_bytes()


@pytest.mark.parametrize(("asked", "written"), [
    ([], list(cli_runs.KINDS)),
    (["--pdf"], ["report", "atlas", "chw-pages"]),
    (["phones", "phones", "atlas", "--pdf"], ["phones", "atlas", "report", "chw-pages"]),
])  # fmt: skip
def test_what_is_to_be_printed_can_be_asked_for_in_a_word(asked, written, monkeypatch, run):
    seen = []
    monkeypatch.setattr("planner.outputs.exports.export", lambda _, kinds, *more, **named: seen.append(kinds) or [])
    assert cli.main(["export", str(run), *asked]) == 0
    assert seen == [written]
