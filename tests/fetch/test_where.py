"""Places: countries by any of their names, boxes, names that Nominatim knows."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetch import world
from planner.errors import InputFaults
from planner.fetch import areas, fetch, healthsites, preview
from planner.fetch.catalogue import countries, sources, tile
from planner.fetch.downloads import Downloads
from planner.fetch.lock import Lock
from planner.fetch.stick import Stick
from planner.fetch.where import Request, find, find_country


def told(act, *args) -> str:
    with pytest.raises(InputFaults) as raised:
        act(*args)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("COM", "COM"), ("km", "COM"), ("Comoros", "COM"), ("Comores", "COM"), ("COMOROS", "COM"),
        ("côte d'ivoire", "CIV"), ("Moçambique", "MOZ"), ("Tanzania", "TZA"), ("Chade", "TCD"), ("Níger", "NER"),
        ("Bolivia", "BOL"), ("République démocratique du Congo", "COD"), ("  madagascar ", "MDG"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_codes_and_its_names_in_five_languages(text, code):
    assert find_country(text).iso3 == code


def test_a_country_that_is_not_known_is_told_with_what_was_meant():
    assert "Did you mean MDG (Madagascar)?" in told(find_country, "Madagasgar")
    assert "Did you mean" not in told(find_country, "xyzzy")


def test_every_country_has_a_code_and_a_box_within_the_earth():
    assert len(countries()) == 240
    for country in countries().values():
        if country.box:
            west, south, east, north = country.box
            assert -180.1 <= west < east <= 180.1
            assert -90 <= south < north <= 90


def test_every_address_of_the_catalogue_is_secure_and_every_product_says_its_licence():
    for source in sources().values():
        assert all(url.startswith("https://") for url in source.urls)
        assert source.licence
        assert source.citation
        assert source.typical_mb > 0


@pytest.mark.parametrize(
    ("corner", "name"),
    [
        ((-12, 43), "Copernicus_DSM_COG_10_S12_00_E043_00_DEM.tif"),
        ((0, -9), "Copernicus_DSM_COG_10_N00_00_W009_00_DEM.tif"),
        ((51, 0), "Copernicus_DSM_COG_10_N51_00_E000_00_DEM.tif"),
    ],
)
def test_tiles_are_named_by_their_south_west_corner(corner, name):
    assert tile(sources()["copernicus_dem"], *corner).name == name


@pytest.mark.parametrize(
    "box", [(44.6, -12, 43.2, -11), (43, -11, 44, -12), (-190, 0, 1, 1), (0, 0, 1, 91), (float("nan"), 0, 1, 1)]
)
def test_what_is_no_box_is_told(box, tmp_path):
    assert "is no box on the earth" in told(fetch, Request(tmp_path / "a", country="COM", box=box), str)


def test_a_box_beside_the_country_is_told(server, tmp_path):
    text = told(fetch, Request(tmp_path / "a", country="COM", box=(10.0, 10.0, 10.2, 10.2)), str)
    assert "the box: lies outside com_pop_2025_CN_100m_R2025A_v1.tif, which reaches from 43.97,-12.02 to 44.02" in text


def answer(server, body) -> None:
    server.files[world.SEARCH].body = json.dumps(body).encode()


def test_a_place_without_an_outline_is_told_with_a_box_around_it(server, tmp_path):
    answer(server, [world.found_place(geojson={"type": "Point", "coordinates": [43.97, -11.97]})])
    text = told(fetch, Request(tmp_path / "a", place="Mbeni"), str)
    assert "as a point only" in text
    assert "--bbox 43.77,-12.17,44.17,-11.77" in text


def test_the_first_place_that_has_an_outline_counts(server, tmp_path):
    point = world.found_place(display_name="A bus stop", geojson={"type": "Point", "coordinates": [1, 1]})
    answer(server, [point, world.found_place()])
    assert fetch(Request(tmp_path / "a", place="Mbeni"), str).place == "Mbeni, Ngazidja, Comoros"


def test_a_place_that_nobody_knows_or_that_lies_in_no_country_is_told(server, tmp_path):
    answer(server, [])
    assert "knows no such place" in told(fetch, Request(tmp_path / "a", place="Nowhere"), str)
    answer(server, [world.found_place()])
    assert fetch(Request(tmp_path / "a", place="Nowhere"), str).people > 0  # the first answer was not kept
    answer(server, [world.found_place(address={})])
    text = told(fetch, Request(tmp_path / "b", place="Atlantis"), str)
    assert "lies in no country" in text
    assert "--country COM" in text


def test_a_box_in_the_sea_is_told_with_the_way_out(server, tmp_path):
    server.files[world.REVERSE].body = b'{"error":"Unable to geocode"}'
    text = told(fetch, Request(tmp_path / "a", box=(43.98, -12.0, 44.0, -11.98)), str)
    assert "the middle of the box lies in no country" in text


def test_the_name_of_a_place_cannot_steer_the_terminal_or_the_scenario(server, tmp_path):
    evil = 'Mbeni"\nrm -rf \x1b[31m = [x] \\'
    answer(server, [world.found_place(display_name=evil)])
    found = fetch(Request(tmp_path / "a", place="Mbeni"), str)
    assert "\x1b" not in found.place
    assert "\n" not in found.place
    from planner.scenario_file import load

    assert load(found.scenario).title == 'Mbeni"rm -rf [31m = [x] \\'


def test_a_place_smaller_than_any_area_is_an_area_of_its_own(server, tmp_path):
    import shapely

    small = shapely.box(43.979, -11.981, 43.983, -11.977)
    answer(server, [world.found_place(geojson=shapely.geometry.mapping(small))])
    fetch(Request(tmp_path / "a", place="Mbeni"), str)
    [area] = json.loads((tmp_path / "a" / "areas.geojson").read_bytes())["features"]
    assert area["properties"]["code"] == "PLACE"
    assert "parent_name" not in (tmp_path / "a" / "scenario.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (Request(Path("x")), "no place is given"),
        (Request(Path("x"), country="COM", population="2019"), "Say r2025a or 2020"),
        (Request(Path("x"), country="COM", year=2031), "It has 2015 to 2030"),
        (Request(Path("x"), country="COM", population="2020", year=2021), "It has 2020"),
        (Request(Path("x"), country="COM", osm="overpass"), "--osm geofabrik"),
        (Request(Path("x"), country="Dominica"), "Geofabrik has no extract of Dominica"),
    ],
)
def test_what_cannot_be_had_is_told_before_anything_is_fetched(server, tmp_path, monkeypatch, request_, text):
    monkeypatch.chdir(tmp_path)
    assert text in told(fetch, request_, str)
    assert server.asked == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["features", "properties", "geometry", "type", "coordinates", "geojson", "address", "country_code", "lat",
             "lon", "display_name", "boundaryType", "gjDownloadURL", "amenity", "osm_id"]
        ),
        inner | st.sampled_from(["Polygon", "Point", "km", "ADM1", "hospital", "https://x.org/a"]),
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_an_answer_of_any_form_is_understood_or_told_and_never_a_traceback(tmp_path_factory, value):
    folder = tmp_path_factory.mktemp("json")
    path = folder / "downloads" / "place_x.json"
    path.parent.mkdir()
    path.write_text(json.dumps(value), encoding="utf-8")
    comoros = countries()["COM"]
    downloads = Downloads(path.parent, Lock(folder, "x"), str, Stick(path.parent))
    for act in (
        lambda: areas.read(path),
        lambda: areas.files(comoros, path, small=True),
        lambda: healthsites.rows(path),
        lambda: find(Request(folder, place="x"), downloads),
    ):
        with contextlib.suppress(InputFaults):
            act()


def test_a_country_across_the_date_line_has_its_tiles_once_its_people_are_there(server, tmp_path):
    found = preview(Request(tmp_path / "a", country="Fiji"), str)
    assert not any("DEM" in row.file.name for row in found.rows)
    assert "The tiles of Fiji are known once fji_pop_2025_CN_100m_R2025A_v1.tif is here." in found.notes
