"""From a place to a folder that runs, against a server on this machine in place of the internet."""

from __future__ import annotations

import dataclasses
import json
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import openpyxl
import osmium
import pytest
import rasterio
import shapely

from fetch import world
from fetch.server import Server, cut, portal, status
from planner import cli
from planner.fetch import fetch, preview, web
from planner.fetch.where import Request

MADE = (
    "areas.geojson", "elevation.tif", "facilities.xlsx", "land_cover.tif", "population.tif", "roads.osm.pbf",
    "scenario.toml", "sources.lock.json", "villages.xlsx",
)  # fmt: skip
TOTAL = 16 * 12.5 + 12 * 40.25 + 8 * 7.75


def planner(capsys, *words: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    code = cli.main(list(words))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture(scope="module")
def fetched(made, tmp_path_factory):
    """The folder of the whole country, fetched once."""
    folder = tmp_path_factory.mktemp("fetched") / "com"
    with pytest.MonkeyPatch.context() as patch, closing(Server()) as server:
        server.files = {path: dataclasses.replace(file, tricks=[]) for path, file in made.items()}
        patch.setenv(web.MIRROR, server.url)
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.delenv("HEALTHSITES_API_KEY", raising=False)
        fetch(Request(folder, country="COM"), str)
    return folder


@pytest.fixture
def country(fetched, server, tmp_path):
    """A copy of that folder."""
    return shutil.copytree(fetched, tmp_path / "com")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def rows(path: Path) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path).active.iter_rows(min_row=2, values_only=True))


def cells(path: Path) -> np.ndarray:
    with rasterio.open(path) as raster:
        return raster.read(1)


def test_a_country_is_fetched_and_the_plan_of_it_is_made(country, tmp_path, capsys):
    assert sorted(path.name for path in country.iterdir() if path.is_file()) == sorted(MADE)
    code, out, told = planner(capsys, "check", str(country / "scenario.toml"))
    assert code == 0, told
    assert "3  facilities (2 of tier 1, 1 of tier 2)" in out
    assert "4  areas" in out
    code, out, told = planner(capsys, "run", str(country / "scenario.toml"), "--out", str(tmp_path / "plan"))
    assert code == 0, told
    assert f"{TOTAL:,.0f}    people in the raster" in out
    report = (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")
    assert "WorldPop" in report
    assert "geoBoundaries" in report


def test_the_people_of_a_country_are_the_bytes_that_were_fetched(country, made):
    assert (country / "population.tif").read_bytes() == made[world.POPULATION].body


def test_elevation_and_land_cover_lie_on_the_cells_of_the_people_across_four_tiles(country):
    row, col = np.arange(world.SIZE) + 0.5, np.arange(world.SIZE) + 0.5
    lat, lon = world.NORTH - row * world.CELL, world.WEST + col * world.CELL
    assert np.allclose(cells(country / "elevation.tif"), world.elevation(lat[:, None], lon[None, :]), atol=0.02)
    assert (cells(country / "land_cover.tif")[:32] == 30).all()
    assert (cells(country / "land_cover.tif")[33:] == 40).all()  # row 32 lies on the border of two tiles


def test_roads_water_care_and_villages_are_kept_and_the_rest_is_not(country):
    tags = [dict(thing.tags) for thing in osmium.FileProcessor(str(country / "roads.osm.pbf")) if thing.tags]
    assert {"highway": "tertiary", "name": "Route 1"} in tags
    lakes = osmium.FileProcessor(str(country / "roads.osm.pbf")).with_areas()
    assert [thing.tags["name"] for thing in lakes if thing.is_area() and thing.tags.get("natural")] == ["Ziwa"]  # whole
    assert not any("building" in each or each.get("amenity") == "pharmacy" for each in tags)
    assert [row[:3] for row in rows(country / "facilities.xlsx")] == [
        ("node/21", "Hôpital", "hospital"), ("node/23", None, "centre"), ("way/5", "Clinique", "clinic"),
    ]  # fmt: skip
    names = [row[1] for row in rows(country / "villages.xlsx")]
    assert names == ["Mbeni", "Moroni", "=cmd|'/c calc'!A1"]  # text, though Excel would take it for a formula
    assert openpyxl.load_workbook(country / "villages.xlsx").active["B4"].data_type == "s"


def test_areas_are_districts_in_their_regions(country):
    told = json.loads((country / "areas.geojson").read_bytes())
    names = [(each["properties"]["name"], each["properties"]["parent_name"]) for each in told["features"]]
    assert names == [
        ("ADM2 00", "ADM1 00"), ("ADM2 01", "ADM1 01"), ("ADM2 10", "ADM1 00"), ("ADM2 11", "ADM1 01"),
    ]  # fmt: skip


def test_the_lock_file_says_what_came_from_where(country):
    files = json.loads((country / "sources.lock.json").read_bytes())["files"]
    pbf = files["comores-latest.osm.pbf"]
    assert pbf["url"] == f"https://{world.PBF}"
    assert pbf["licence"] == "ODbL 1.0"
    assert len(pbf["sha256"]) == 64
    assert set(files) == {path.name for path in (country / "downloads").iterdir()}


def test_a_second_fetch_asks_for_nothing_and_changes_nothing(country, server, capsys):
    before = contents(country)
    server.asked.clear()
    assert planner(capsys, "fetch", "--country", "Comores", "--out", str(country))[0] == 0
    assert server.asked == []
    assert contents(country) == before


def test_the_same_folder_comes_from_a_stick_without_any_network(country, server, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PLANNER_FETCH_MIRROR", "http://127.0.0.1:9")
    server.asked.clear()
    for at, stick in enumerate((country, country / "downloads")):
        out = tmp_path / f"again{at}"
        code, _, told = planner(capsys, "fetch", "--country", "COM", "--out", str(out), "--from-dir", str(stick))
        assert code == 0, told
        assert {name: (out / name).read_bytes() for name in MADE[:5]} == {
            name: (country / name).read_bytes() for name in MADE[:5]
        }
        assert planner(capsys, "check", str(out / "scenario.toml"))[0] == 0
    assert server.asked == []


def test_a_place_comes_from_a_colleagues_stick_and_another_place_does_not(server, tmp_path, capsys, monkeypatch):
    stick = tmp_path / "mbeni"
    assert planner(capsys, "fetch", "--place", "Mbeni, Comoros", "--out", str(stick))[0] == 0
    monkeypatch.setenv("PLANNER_FETCH_MIRROR", "http://127.0.0.1:9")
    words = ("fetch", "--from-dir", str(stick / "downloads"), "--out")
    code, _, told = planner(capsys, *words, str(tmp_path / "same"), "--place", "MBENI, comoros")
    assert code == 0, told
    for name in MADE[:7]:
        assert (tmp_path / "same" / name).read_bytes() == (stick / name).read_bytes()
    code, _, told = planner(capsys, *words, str(tmp_path / "other"), "--place", "Moroni")
    assert code == 2
    assert "a name cannot be looked up without internet" in told


def test_what_is_not_on_the_stick_is_told_all_at_once(country, tmp_path, capsys):
    (country / "downloads" / "comores-latest.osm.pbf").unlink()
    (country / "downloads" / "Copernicus_DSM_COG_10_S13_00_E043_00_DEM.tif").unlink()
    stick = country / "downloads"
    code, _, told = planner(
        capsys, "fetch", "--country", "COM", "--out", str(tmp_path / "b"), "--from-dir", str(stick)
    )  # fmt: skip
    told = " ".join(told.split())
    assert code == 2
    assert "2 files are not there: Copernicus_DSM_COG_10_S13_00_E043_00_DEM.tif, comores-latest.osm.pbf" in told
    assert "--dry-run tells the addresses" in told


def test_a_place_by_its_name_is_cut_on_the_cells_and_has_its_own_areas(server, tmp_path, capsys, made):
    out = tmp_path / "mbeni"
    code, _, told = planner(capsys, "fetch", "--place", "Mbeni, Comoros", "--out", str(out))
    assert code == 0, told
    assert "the place is Mbeni, Ngazidja, Comoros" in told
    areas = json.loads((out / "areas.geojson").read_bytes())["features"]
    assert [each["properties"]["name"] for each in areas] == ["ADM3 00", "ADM3 01", "ADM3 10", "ADM3 11"]
    assert planner(capsys, "check", str(out / "scenario.toml"))[0] == 0
    [form] = server.forms
    assert "out%3Axml" in form  # Overpass, for a small place
    assert server.times()[world.PBF] == 0


def test_a_box_is_cut_exactly_on_the_cells_of_the_country(server, tmp_path, capsys):
    out, (west, south, east, north) = tmp_path / "box", (43.9801, -12.0153, 43.9998, -11.9805)
    code, _, told = planner(capsys, "fetch", f"--bbox={west},{south},{east},{north}", "--out", str(out))
    assert code == 0, told
    with rasterio.open(out / "population.tif") as cut:
        t, values = cut.transform, cut.read(1)
        assert cut.nodata == world.NOBODY
    left, top = round((t.c - world.WEST) / world.CELL), round((world.NORTH - t.f) / world.CELL)
    assert np.isclose(t.c, world.WEST + left * world.CELL, rtol=0, atol=1e-12)
    assert (values == world.people()[top : top + values.shape[0], left : left + values.shape[1]]).all()
    assert t.c <= west < t.c + world.CELL
    assert t.f - world.CELL < north <= t.f
    assert planner(capsys, "check", str(out / "scenario.toml"))[0] == 0


def test_a_box_takes_its_roads_from_the_extract_too_and_none_from_beyond(server, tmp_path, capsys):
    out = tmp_path / "box"
    box = "43.974,-11.995,44.02,-11.974"  # the path and the river, not the south
    assert (
        planner(capsys, "fetch", f"--bbox={box}", "--country", "COM", "--osm", "geofabrik", "--out", str(out))[0] == 0
    )
    assert server.times()[world.REVERSE] == 0  # the country was said
    tags = [dict(thing.tags) for thing in osmium.FileProcessor(str(out / "roads.osm.pbf")) if thing.tags]
    assert any(each.get("highway") == "path" for each in tags)
    assert any(each.get("highway") == "tertiary" for each in tags)  # it begins inside
    assert not any(each.get("natural") == "water" or each.get("amenity") == "hospital" for each in tags)


def test_overpass_that_could_not_finish_is_asked_again_and_never_kept(server, tmp_path, capsys):
    remark = b'<?xml version="1.0"?><osm version="0.6"><remark> runtime error: Query timed out </remark></osm>'
    server.files[world.OVERPASS].tricks = [status(200, remark), status(504), status(429, Retry_After="0")]
    words = ("fetch", "--place", "Mbeni", "--out", str(tmp_path / "m"))
    assert planner(capsys, *words)[0] == 0
    server.files[world.OVERPASS].tricks = [status(200, remark)] * 9
    code, _, told = planner(capsys, "fetch", "--place", "Mbeni", "--out", str(tmp_path / "n"))
    told = " ".join(told.split())
    assert code == 2
    assert "the server could not finish: runtime error: Query timed out" in told
    assert "--osm geofabrik" in told
    assert not list((tmp_path / "n" / "downloads").glob("overpass*.osm"))
    assert planner(capsys, "fetch", "--place", "Mbeni", "--out", str(tmp_path / "n"), "--osm", "geofabrik")[0] == 0


def test_facilities_come_from_healthsites_with_a_key_that_is_written_nowhere(server, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HEALTHSITES_API_KEY", world.KEY)
    out = tmp_path / "com"
    code, said, told = planner(capsys, "fetch", "--country", "COM", "--out", str(out), "--debug")
    assert code == 0, told
    assert [row[:3] for row in rows(out / "facilities.xlsx")] == [
        ("node/1", "Health post A", "health_post"), ("node/2", "Hospital B", "hospital"),
    ]  # fmt: skip
    assert planner(capsys, "check", str(out / "scenario.toml"))[0] == 0
    assert "Healthsites.io" in (out / "scenario.toml").read_text(encoding="utf-8")
    assert not any(world.KEY.encode() in body for body in contents(out).values())
    assert world.KEY not in said + told
    server.files[world.HEALTHSITES].tricks = [status(403)]
    code, said, told = planner(capsys, "fetch", "--country", "COM", "--out", str(tmp_path / "no"), "--debug")
    assert code == 2
    assert "the server refuses (403)" in told
    assert world.KEY not in said + told


def test_a_file_that_changed_where_it_comes_from_stops_until_it_is_welcome(country, server, capsys):
    words = ("fetch", "--country", "COM", "--out", str(country))
    old = (country / "downloads" / "com_pop_2025_CN_100m_R2025A_v1.tif").read_bytes()
    doubled = np.where(world.people() > 0, world.people() * 2, world.NOBODY)
    newer = world.raster(country.parent, doubled, world.WEST, world.NORTH, world.CELL, world.NOBODY)
    server.files[world.POPULATION].body, server.files[world.POPULATION].etag = (
        newer.replace(b"-99999", b"-99999"),
        '"2"',
    )
    (country / "downloads" / "com_pop_2025_CN_100m_R2025A_v1.tif").unlink()
    before = (country / "population.tif").read_bytes()
    code, _, told = planner(capsys, *words)
    told = " ".join(told.split())
    assert code == 2
    assert "it has been changed where it comes from" in told
    assert "--update" in told
    assert (country / "population.tif").read_bytes() == before == old
    code, out, told = planner(capsys, *words, "--update")
    assert code == 0, told
    assert f"{TOTAL * 2:,.0f}  people" in out
    asked = server.times()
    assert planner(capsys, *words, "--update")[0] == 0
    assert server.times()[world.POPULATION] == asked[world.POPULATION]  # the same version: not read again


def test_a_file_that_is_gone_where_it_came_from_is_told_when_newer_ones_are_welcome(country, server, capsys):
    del server.files[world.dem(-12, 43)]
    del server.files[world.POPULATION]
    code, _, told = planner(capsys, "fetch", "--country", "COM", "--out", str(country), "--update")
    assert code == 2
    assert "has no com_pop_2025_CN_100m_R2025A_v1.tif" in " ".join(told.split())
    assert "--population 2020" in told


def test_a_damaged_download_is_told_and_mended_by_deleting_it(country, capsys):
    path = country / "downloads" / "comores-latest.osm.pbf"
    path.write_bytes(path.read_bytes()[:-10])
    code, _, told = planner(capsys, "fetch", "--country", "COM", "--out", str(country))
    assert code == 2
    assert "is not the file that was fetched on" in " ".join(told.split())
    path.unlink()
    assert planner(capsys, "fetch", "--country", "COM", "--out", str(country))[0] == 0


def test_what_somebody_changed_is_left_as_it_is(country, capsys):
    scenario = country / "scenario.toml"
    scenario.write_text(scenario.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    (country / "elevation.tif").unlink()
    code, out, _ = planner(capsys, "fetch", "--country", "COM", "--out", str(country), "--population", "2020")
    assert code == 0
    assert "scenario.toml was changed by somebody and is left as it is" in out
    assert scenario.read_text(encoding="utf-8").endswith("# mine\n")
    assert (country / "elevation.tif").exists()


def test_a_folder_of_another_place_is_refused(country, capsys):
    code, _, told = planner(capsys, "fetch", "--country", "Madagascar", "--out", str(country))
    assert code == 2
    assert "is of COM, not of MDG" in told


def test_the_login_page_of_a_hotel_stops_everything_and_leaves_no_file(server, tmp_path, capsys):
    for file in server.files.values():
        file.tricks = [portal] * 9
    code, _, told = planner(capsys, "fetch", "--country", "COM", "--out", str(tmp_path / "com"))
    assert code == 2
    assert "a web page came in place of the file" in told
    assert not any((tmp_path / "com" / "downloads").iterdir())


def test_a_geofabrik_file_with_another_md5_than_published_is_not_taken(server, tmp_path, capsys):
    server.files[f"{world.PBF}.md5"].body = b"0" * 32 + b"  comores-latest.osm.pbf\n"
    code, _, told = planner(capsys, "fetch", "--country", "COM", "--out", str(tmp_path / "com"))
    assert code == 2
    assert "its md5 sum is not the published one" in " ".join(told.split())


def test_a_tile_at_sea_is_none_and_one_with_people_is_told(server, tmp_path, capsys):
    del server.files[world.dem(-13, 44)]  # nobody lives there, they only walk near it
    del server.files[world.dem(-12, 43)]
    code, out, told = planner(capsys, "fetch", "--country", "COM", "--out", str(tmp_path / "com"))
    assert code == 0, told
    assert "has no tile for some places where people live: Copernicus_DSM_COG_10_S12_00_E043_00_DEM.tif" in out
    void = cells(tmp_path / "com" / "elevation.tif") == -32767
    assert void[0, 0]
    assert not void[0, -1]
    assert planner(capsys, "check", str(tmp_path / "com" / "scenario.toml"))[0] == 0


def test_a_dry_run_lists_names_sizes_licences_and_addresses_and_gets_nothing_large(server, tmp_path, capsys):
    out = tmp_path / "com"
    code, said, told = planner(capsys, "fetch", "--country", "COM", "--out", str(out), "--dry-run")
    assert code == 0, told
    assert not out.exists()
    assert f"https://{world.POPULATION}" in said
    assert "CC BY 4.0" in said
    assert "ODbL 1.0" in said
    assert "2.8 MB  Copernicus_DSM_COG_10_S12_00_E043_00_DEM.tif" in said
    assert " MB to get; " in said
    assert "about" not in said
    assert set(server.times()) - {world.LEVELS} <= {path for path, count in server.times().items() if not count}


def test_a_dry_run_without_internet_says_typical_sizes(server, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PLANNER_FETCH_MIRROR", "http://127.0.0.1:9")
    code, said, told = planner(capsys, "fetch", "--country", "COM", "--out", str(tmp_path / "com"), "--dry-run")
    assert code == 0, told
    assert "~30.0 MB  com_pop_2025_CN_100m_R2025A_v1.tif" in said
    assert "https://github.com/wmgeolab/geoBoundaries/raw/main/releaseData/gbOpen/COM/ADM2/" in said
    assert "The servers were not asked" in said


def test_a_dry_run_of_a_stick_knows_the_tiles_in_which_people_live(country, tmp_path, capsys):
    words = ("fetch", "--country", "COM", "--out", str(tmp_path / "b"), "--dry-run")
    code, said, told = planner(capsys, *words, "--from-dir", str(country))
    assert code == 0, told
    assert said.count("Copernicus_DSM_COG_10_S12_00_E043_00_DEM.tif\n") == 2  # name and address
    assert "Tiles in which nobody lives" not in said


def test_no_internet_is_said_with_the_way_out(server, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PLANNER_FETCH_MIRROR", "http://no-such-host.invalid")
    code, _, told = planner(capsys, "fetch", "--country", "COM", "--out", str(tmp_path / "com"))
    assert code == 2
    assert "no internet" in told
    assert "--from-dir" in told


KILLED = """
import sys
sys.path.insert(0, {tests!r})
from fetch.conftest import QUICK
from planner.fetch import web
from planner.cli import main
web.PATIENCE = QUICK
sys.exit(main(["fetch", "--country", "COM", "--out", sys.argv[1]]))
"""


def test_a_fetch_that_is_killed_anywhere_goes_on_and_ends_with_the_same_bytes(country, server, tmp_path):
    out, script = tmp_path / "killed", tmp_path / "script.py"
    script.write_text(KILLED.format(tests=str(Path(__file__).parents[1])))
    wait, kills, code = 0.35, 0, None
    for _ in range(40):
        for file in server.files.values():  # slow enough to be killed within files too
            if isinstance(file.body, bytes):
                file.tricks = [cut(len(file.body) // 2)]
        with subprocess.Popen(
            [sys.executable, script, out], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        ) as run:
            try:
                code = run.wait(wait)
                break
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                kills += 1
                wait += 0.3
    assert code == 0
    assert kills > 2
    assert contents(out) == contents(country)


def test_the_lists_stay_on_the_ground_of_the_country(server, tmp_path, capsys):
    """The raster of a country is a box, and its neighbours lie in it too."""
    west = shapely.box(world.WEST - 0.1, world.SOUTH - 0.1, world.WEST + 20 * world.CELL, world.NORTH + 0.1)
    feature = {"type": "Feature", "properties": {"shapeName": "West", "shapeID": "W"}}
    feature["geometry"] = shapely.geometry.mapping(west)
    told = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    for level in ("ADM1", "ADM2"):
        server.files[world.boundaries(level)].body = told
    request = Request(tmp_path / "com", country="COM")
    assert fetch(request, str).facilities == 3  # within 0.05 degrees of the border: all of this tiny country
    assert preview(request, str).rows[0].here
