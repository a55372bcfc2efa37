from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from inputs.scene import FRAME, notes_of, write_points

from planner.errors import InputFaults
from planner.inputs.by_name import match
from planner.inputs.findings import Findings
from planner.inputs.gazetteer import Gazetteer, read_gazetteer
from planner.inputs.village_list import read_villages
from planner.scenario import Roads, VillagesTable
from planner.types.inputs import Areas

WEST, EAST = shapely.box(40.0, -10.04, 40.02, -10.0), shapely.box(40.02, -10.04, 40.05, -10.0)
AREAS = Areas(
    np.array([WEST, EAST], object), code=("01", "02"), name=("Île Mohéli", "Nzwani أنجوان"), parent_code=("N", "N"),
    parent_name=("North", "North"),
)  # fmt: skip
PLACES = (  # name, longitude, latitude
    ("Mbéni", 40.005, -10.005), ("Mitsamihouli", 40.015, -10.005), ("Domoni I", 40.005, -10.015),
    ("Domoni II", 40.005, -10.035), ("Sima سيما", 40.015, -10.035), ("Mbéni", 40.045, -10.005),
    ("Dzahani", 40.025, -10.005), ("Dzahani", 40.025, -10.0055),
)  # fmt: skip


def list_of(tmp_path: Path, text: str, fixes=(), areas=AREAS, roads="", **options):
    (tmp_path / "v.csv").write_text(text, encoding="utf-8")
    if not (tmp_path / "p.geojson").exists():
        rows = [{"name": name} for name, *_ in PLACES]
        write_points(tmp_path / "p.geojson", rows, [xy for _, *xy in PLACES])
    asked = {"file": "v.csv", "gazetteer": "p.geojson"} | options
    findings = Findings(tmp_path, fixes)
    return (*read_villages(VillagesTable(**asked), Roads(file=roads), areas, FRAME, findings), findings)


def where(listed, name):
    at = listed.name.index(name)
    return round(float(listed.x[at]), 4), round(float(listed.y[at]), 4), listed.how[at], listed.matched[at]


def test_rows_without_coordinates_are_found_by_their_name_in_the_area_of_the_list(tmp_path):
    text = "village,ile\nmbeni,Nzwani\nMBENI,ile moheli\nSima,Mohéli\n"
    listed, unplaced, findings = list_of(tmp_path, text)
    assert where(listed, "mbeni") == (40.045, -10.005, "name", "Mbéni")
    assert where(listed, "MBENI") == (40.005, -10.005, "name", "Mbéni")
    assert listed.similarity.tolist() == [100, 100, 100] and not unplaced
    [note] = [note for note in findings.notes if "by their name in p.geojson" in note.what]
    assert note.level == "repaired"
    assert [(change.place, change.after) for change in note.changes][:2] == [
        ('row 2 "mbeni"', "at Mbéni (100 %)"), ('row 3 "MBENI"', "at Mbéni (100 %)")
    ]  # fmt: skip
    assert [source.role for source in findings.sources] == ["villages", "gazetteer"]


def test_an_area_that_is_none_of_the_areas_is_told_and_the_row_is_looked_up_in_all(tmp_path):
    listed, _, findings = list_of(tmp_path, "village,ile\nSima,Maore\n")
    assert where(listed, "Sima")[2:] == ("name", "Sima")
    assert notes_of(findings, "warning") == ["rows whose area is none of [areas]"]


def test_a_name_spelled_alike_is_taken_and_said_to_be(tmp_path):
    listed, _, findings = list_of(tmp_path, "name\nMitsamiouli\n")
    assert where(listed, "Mitsamiouli") == (40.015, -10.005, "similar name", "Mitsamihouli")
    assert listed.similarity[0] == pytest.approx(95.65, abs=0.01)
    assert any("spelled alike" in what for what in notes_of(findings, "repaired"))
    strict, unplaced, _ = list_of(tmp_path, "name\nMitsamiouli\n", name_similarity=100.0)
    assert len(strict) == 0 and unplaced[0].why == "perhaps Mitsamihouli (96 %, -10.0050, 40.0150)"


@pytest.mark.parametrize(("text", "why"), [
    ("name\nMbeni\n", "as good are Mbéni (100 %, -10.0050, 40.0050), Mbéni (100 %, -10.0050, 40.0450)"),
    ("name\nDomoni\n", "alike but for the number: Domoni I (92 %, -10.0150, 40.0050), Domoni II (86 %, "),
    ("name\nDomoni III\n", "alike but for the number: Domoni II (94 %, "),
    ("name\nKangani\n", "no place of p.geojson has a name like it"),
    ("name,ile\nSima,Nzwani\n", "perhaps outside its area: Sima (100 %, "),
    ("name\nMitsamihoulé\nMitsamihoulie\n", "the place most like it may be that of"),
])  # fmt: skip
def test_what_is_doubtful_is_never_used_and_told_with_its_candidates(tmp_path, text, why):
    listed, unplaced, findings = list_of(tmp_path, text)
    assert len(listed) == 0
    assert all(why in each.why for each in unplaced) and len(unplaced) == text.count("\n") - 1
    [note] = [note for note in findings.notes if note.level == "warning" and "not surely" in note.what]
    assert [change.after for change in note.changes] == [each.why for each in unplaced]
    assert "rows without usable coordinates" in notes_of(findings, "left out")


def test_numbers_in_names_are_never_taken_for_another_spelling(tmp_path):
    listed, unplaced, _ = list_of(tmp_path, "name\nDomoni I\nDomoni 2\n")
    assert where(listed, "Domoni I")[:2] == (40.005, -10.015)
    assert [each.origin.name for each in unplaced] == ["Domoni 2"]


def test_two_entries_of_one_place_near_each_other_are_one(tmp_path):
    listed, _, _ = list_of(tmp_path, "name\nDzahani\n")
    assert where(listed, "Dzahani")[:2] == (40.025, -10.005)


def test_a_place_goes_to_the_row_whose_name_is_clearly_most_like_it(tmp_path):
    listed, unplaced, _ = list_of(tmp_path, "name\nMitsamihouli\nMitsamihoulé\n")
    assert listed.name == ("Mitsamihouli",)
    assert unplaced[0].why == 'the place most like it is that of "Mitsamihouli"'


def test_rows_with_coordinates_stay_where_they_are_and_only_the_others_are_looked_up(tmp_path):
    text = "name,lat,lon,population\nSima,-10.025,40.035,250\nMitsamihouli,,,\nElsewhere,,,40\n"
    listed, unplaced, findings = list_of(tmp_path, text)
    assert where(listed, "Sima") == (40.035, -10.025, "position", "")
    assert where(listed, "Mitsamihouli")[2] == "name"
    assert np.isnan(listed.similarity[0]) and listed.people[0] == 250 and np.isnan(listed.people[1])
    assert [(each.origin.place, each.people) for each in unplaced] == [('row 4 "Elsewhere"', 40)]
    accounts = dict(findings.accounts[0].rows)
    assert (accounts["used"], accounts["without coordinates"]) == (2, 1)


def test_where_all_rows_have_coordinates_nothing_is_looked_up(tmp_path):
    _, _, findings = list_of(tmp_path, "name,lat,lon\nSima,-10.025,40.035\n", gazetteer="missing.geojson")
    assert [source.role for source in findings.sources] == ["villages"]


def test_without_coordinates_and_without_places_to_look_in_the_list_is_refused(tmp_path):
    with pytest.raises(InputFaults, match=r'no column for lat and lon.*Or name a list of places.*gazetteer = "\.\.\."'):
        list_of(tmp_path, "name\nSima\n", gazetteer="")


def test_people_of_the_list_that_are_no_number_are_told_and_not_compared(tmp_path):
    text = "name,lat,lon,Habitants\nSima,-10.025,40.035,1 250\nDomoni,-10.015,40.005,1000 à 3000\n"
    listed, _, findings = list_of(tmp_path, text)
    assert listed.people[0] == 1250 and np.isnan(listed.people[1])
    [note] = [note for note in findings.notes if note.level == "warning"]
    assert note.changes[0].before == "1000 à 3000"


OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
<node id="1" version="1" lat="-10.005" lon="40.005"><tag k="place" v="village"/><tag k="name" v="مبيني"/>
<tag k="name:fr" v="Mbéni"/><tag k="alt_name" v="M'Beni;Hamahamet"/></node>
<node id="2" version="1" lat="-10.015" lon="40.005"><tag k="place" v="island"/><tag k="name" v="Mwali"/></node>
<node id="3" version="1" lat="-10.015" lon="40.015"><tag k="place" v="hamlet"/></node>
<node id="4" version="1" lat="-19.015" lon="40.015"><tag k="place" v="hamlet"/><tag k="name" v="Far"/></node>
</osm>
"""


def test_the_places_of_the_roads_file_serve_with_all_their_names_where_it_is_openstreetmap(tmp_path):
    (tmp_path / "roads.osm").write_text(OSM, encoding="utf-8")
    text = "name\nMbeni\nHamahamet\nMwali\nFar\n"
    listed, unplaced, _ = list_of(tmp_path, text.replace("Hamahamet\n", ""), gazetteer="", roads="roads.osm")
    assert where(listed, "Mbeni") == (40.005, -10.005, "name", "مبيني")
    assert [each.origin.name for each in unplaced] == ["Mwali", "Far"]
    both, _, _ = list_of(tmp_path, "name\nHamahamet\n", gazetteer="", roads="roads.osm")
    assert both.name == ("Hamahamet",)


def test_a_gazetteer_holds_only_what_lies_on_the_raster(tmp_path):
    (tmp_path / "roads.osm").write_text(OSM, encoding="utf-8")
    found = read_gazetteer(VillagesTable(), Roads(file="roads.osm"), FRAME, Findings(tmp_path))
    assert [names[0] for names in found.names if names] == ["مبيني"]
    assert read_gazetteer(VillagesTable(), Roads(), FRAME, Findings(tmp_path)) is None


SYLLABLES = ("ba", "ko", "mi", "nda", "tsa", "u", "ri", "we", "dzo", "ni")
NAMES = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=4).map(lambda parts: "".join(parts).capitalize())


@settings(max_examples=100, deadline=None)
@given(st.lists(NAMES, max_size=8), st.lists(NAMES, max_size=8), st.data())
def test_a_match_is_alike_enough_clearly_the_best_and_of_its_area(names, places, data):
    dice = np.random.default_rng(data.draw(st.integers(0, 999)))
    gazetteer = Gazetteer("p", tuple((place,) for place in places), dice.uniform(40, 40.05, len(places)),
                          dice.uniform(-10.04, -10, len(places)))  # fmt: skip
    area = dice.integers(0, 2, len(places)).astype(np.int32)
    within = [data.draw(st.sampled_from((None, {0}, {1}, {0, 1}))) for _ in names]
    found = match(names, within, gazetteer, area, 85.0, 0.0, FRAME)
    taken = [each.place for each in found if each.place >= 0]
    assert len(set(taken)) == len(taken)
    for name, may_lie, each in zip(names, within, found, strict=True):
        if each.place < 0:
            assert each.why
            continue
        assert may_lie is None or area[each.place] in may_lie
        assert each.similarity >= 85
        assert (each.similarity == 100) == (places[each.place].casefold() == name.casefold())
        allowed = [at for at in range(len(places)) if may_lie is None or area[at] in may_lie]
        assert [at for at in allowed if places[at] == places[each.place]] == [each.place]  # no other is as good


def test_thousands_of_names_are_matched_in_seconds():
    dice = np.random.default_rng(1)
    called = sorted({"".join(dice.choice(SYLLABLES, 5)) for _ in range(6000)})
    x, y = dice.uniform(40, 40.05, len(called)), dice.uniform(-10.04, -10, len(called))
    gazetteer = Gazetteer("p", tuple((name,) for name in called), x, y)
    misspelled = [f"{name[:6]}h{name[6:]}" for name in called[::2]]
    began = time.perf_counter()
    found = match(misspelled, [None] * len(misspelled), gazetteer, np.zeros(len(called), np.int32), 88.0, 500.0, FRAME)
    assert time.perf_counter() - began < 60
    assert sum(each.place >= 0 for each in found) > len(found) / 4
