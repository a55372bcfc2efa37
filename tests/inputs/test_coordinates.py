"""Coordinates as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inputs.scene import FRAME, notes_of

from planner.errors import InputFaults
from planner.inputs.angles import angle
from planner.inputs.coordinates import split
from planner.inputs.findings import Findings
from planner.inputs.village_list import read_villages
from planner.scenario import Roads, VillagesTable
from planner.types.frame import Frame

UTM = Frame("EPSG:32737", west=600_000, north=8_890_000, dx=1000, dy=1000, ny=20, nx=20)
SIDES = {
    "S": ("S", "s", "South", "Sud", "Sul", "sur"),
    "N": ("N", "North", "Nord", "Norte"),
    "E": ("E", "e", "Est", "Este", "Leste", "L", "East"),
    "W": ("W", "w", "West", "Ouest", "Oeste", "O"),
}


def villages_of(tmp_path, text, frame=FRAME, **options):
    (tmp_path / "v.csv").write_text(text, encoding="utf-8")
    findings = Findings(tmp_path)
    return read_villages(VillagesTable(file="v.csv", **options), Roads(), None, frame, findings)[0], findings


def fault_of(*args, **options):
    with pytest.raises(InputFaults) as raised:
        villages_of(*args, **options)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("-13.5", -13.5),
        ("−13,5", -13.5),
        ("13.5 S", -13.5),
        ("S 13,5°", -13.5),
        ("-13.5 S", -13.5),
        ("13.5° Sul", -13.5),
        ("44.25E", 44.25),
        ("44°15'00\" E", 44.25),
        ("44º15’00” Leste", 44.25),
        ("12°30′36″S", -12.51),
        ("-12°30'", -12.5),
        ("13 30 00 S", -13.5),
        ("13:30:00S", -13.5),
        ("13-30-00 S", -13.5),
        ("S13 30.5", -13.508333),
        ("13° 30,5' S", -13.508333),
        ("13d30m00s", 13.5),
        ("13d30m00sS", -13.5),
        ("13 deg 30 min 36 sec South", -13.51),
        ("5°12' Ouest", -5.2),
        ("-0°30'", -0.5),
        ("12°59'60\"N", 13.0),
        ("2.86e-05", 0.0000286),
        ("-1,123945E+01", -11.23945),
        ("3.5E1", 35.0),
        ("-9e-06", -0.000009),
    ],
)
def test_degrees_are_read_as_people_write_them(text, degrees):
    assert angle(text).degrees == pytest.approx(degrees)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "S", "12.3.4", "N 12 S", "12°75'", "1e400", "inf", "nan", "0x1F", "13.5°30'", "-13.5 N", "+13.5 S",
     "13.30.00 S", "3E30", "13.5e1", "13D30M00S", "13 30 00 00", "13.5 34.2", "lat 13.5"],
)  # fmt: skip
def test_what_is_no_angle_is_not_guessed(text):
    assert angle(text) is None


def as_dms(value, side, style, comma):
    seconds = round(abs(value) * 3600, 3)
    degrees, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [f"{degrees:.0f}", f"{minutes:.0f}", f"{seconds:.3f}"]
    text = {
        "signs": "{}°{}'{}\"",
        "true signs": "{}° {}′ {}″",
        "words": "{} deg {} min {} sec",
        "colons": "{}:{}:{}",
        "spaces": "{} {} {}",
        "minutes": "{}°{}'",
        "degrees": "{}°",
    }[style]
    if style == "minutes":
        parts = [parts[0], f"{minutes + seconds / 60:.6f}"]
    if style == "degrees":
        parts = [f"{abs(value):.7f}"]
    text = text.format(*parts)
    return text.replace(".", ",") if comma else text


@given(
    value=st.floats(-89.9, 89.9),
    style=st.sampled_from(["signs", "true signs", "words", "colons", "spaces", "minutes", "degrees"]),
    comma=st.booleans(),
    north_south=st.booleans(),
    data=st.data(),
)
def test_every_writing_comes_back_as_the_angle_it_was_written_from(value, style, comma, north_south, data):
    side = ("S" if value < 0 else "N") if north_south else ("W" if value < 0 else "E")
    word = data.draw(st.sampled_from(SIDES[side]))
    text = as_dms(value, side, style, comma)
    where = data.draw(st.sampled_from(["before", "after", "sign"]))
    if where == "sign":
        text = f"{'-' if value < 0 else ''}{text}"
    else:
        text = f"{word} {text}" if where == "before" else f"{text} {word}"
    read = angle(text)
    assert read is not None
    assert read.degrees == pytest.approx(value, abs=2e-6)
    assert where == "sign" or read.side in {side, "O"}


@given(text=st.text(st.sampled_from("0123456789.,-+ °'\":NSEWOLdms′″SudeEst;()[]"), max_size=14) | st.text(max_size=8))
def test_no_text_breaks_the_reader_of_angles_or_of_pairs(text):
    read = angle(text)
    assert read is None or math.isfinite(read.degrees)
    split(text)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("-13.5, 34.2", ("-13.5", "34.2")),
        ("-13,5, 34,2", ("-13,5", "34,2")),
        ("-13,5 34,2", ("-13,5", "34,2")),
        ("-13,5,34,2", ("-13,5", "34,2")),
        ("-13.5;34.2", ("-13.5", "34.2")),
        ("(-13.5, 34.2)", ("-13.5", "34.2")),
        ("13 30 00 S 34 12 00 E", ("13 30 00 S", "34 12 00 E")),
        ("13 30 34 12", ("13 30", "34 12")),
        ("S13 30.5 E34 12.1", ("S13 30.5", "E34 12.1")),
        ("E34.2 S13.5", ("S13.5", "E34.2")),
        ("-13.5 34.2 1050 4.0", ("-13.5", "34.2")),
        ("[34.2,-13.5]", ("-13.5", "34.2")),
        ("POINT (34.2 -13.5)", ("-13.5", "34.2")),
        ("Mbale", ("Mbale", "Mbale")),
    ],
)
def test_latitude_and_longitude_in_one_cell_are_parted(cell, parts):
    assert split(cell) == parts


@given(lat=st.floats(-89, 89), lon=st.floats(-179, 179), between=st.sampled_from([", ", ",", " ", ";", " | "]))
def test_pairs_come_back_in_any_writing(lat, lon, between):
    written = f"{lat:.6f}", f"{lon:.6f}"
    assert split(between.join(written)) == written
    commas = tuple(part.replace(".", ",") for part in written)
    assert split(between.join(commas)) == commas


def test_other_writings_of_coordinates_are_repaired_and_listed_cell_by_cell(tmp_path):
    read, findings = villages_of(
        tmp_path, "name;lat;lon\nMbale;-10,005;40°00'18\"E\nMoya;10.015 S;40.005\nKaa;n.d.;-\n"
    )
    assert FRAME.cell_of(read.x, read.y).tolist() == [0, 5]
    [note] = [note for note in findings.notes if note.level == "repaired"]
    assert [(change.place, change.before, change.after) for change in note.changes] == [
        ('row 2 "Mbale", lat', "-10,005", "-10.005"),
        ('row 2 "Mbale", lon', "40°00'18\"E", "40.005"),
        ('row 3 "Moya", lat', "10.015 S", "-10.015"),
    ]


def test_cells_that_are_no_coordinates_are_all_told_with_their_rows(tmp_path):
    said = fault_of(tmp_path, "name,lat,lon\nA,near the river,40.005\nB,-10.005,40.005\nC,-10.005,4O.005\nD,inf,40\n")
    assert '"lat" holds no latitude in 2 of 4 rows: row 2 "A": "near the river", row 5 "D": "inf".' in said
    assert '"lon" holds no longitude in 1 of 4 rows: row 4 "C": "4O.005".' in said


def test_letters_of_the_other_axis_say_which_column_is_which(tmp_path):
    text = "name,lat,lon\nA,40.005 E,10.005 S\nB,40.015 E,10.005 S\n"
    assert 'columns = { lat = "lon", lon = "lat" }' in fault_of(tmp_path, text)
    read, _ = villages_of(tmp_path, text, columns={"lat": "lon", "lon": "lat"})
    assert FRAME.cell_of(read.x, read.y).tolist() == [0, 1]


def test_o_is_the_west_but_not_where_the_west_has_its_own_letter(tmp_path):
    west = Frame("EPSG:4326", west=-5.0, north=10.0, dx=0.01, dy=0.01, ny=4, nx=5)
    read, _ = villages_of(tmp_path, "name;lat;lon\nA;9,995 N;4,995 O\n", frame=west)
    assert west.cell_of(read.x, read.y).tolist() == [0]
    said = fault_of(tmp_path, "name;lat;lon\nA;9,995 N;4,995 O\nB;9,995 N;4,995 W\n", frame=west)
    assert 'holds no longitude in 1 of 2 rows: row 2 "A": "4,995 O"' in said


def test_metres_in_columns_of_degrees_are_refused_with_the_keys_to_say(tmp_path):
    text = "name,latitude,longitude\nA,8889500,600500\nB,8888500,600500\n"
    said = fault_of(tmp_path, text, frame=UTM)
    assert '"latitude" and "longitude" hold no degrees, but numbers beyond 360 in 2 rows: row 2 "A" (8889500' in said
    assert 'columns = { x = "longitude", y = "latitude" }' in said
    columns = {"x": "longitude", "y": "latitude"}
    read, _ = villages_of(tmp_path, text, frame=UTM, columns=columns)
    assert UTM.cell_of(read.x, read.y).tolist() == [0, 20]
    wide = Frame("EPSG:4326", west=39.0, north=-9.0, dx=0.1, dy=0.1, ny=20, nx=20)
    read, findings = villages_of(tmp_path, text, frame=wide, columns=columns, crs="EPSG:32737")
    lon, lat = UTM.lonlat([600_500.0, 600_500.0], [8_889_500.0, 8_888_500.0])
    assert read.x == pytest.approx(lon, abs=1e-9) and read.y == pytest.approx(lat, abs=1e-9)
    assert "reference system" in notes_of(findings, "repaired")[0]


def test_one_column_of_both_is_found_by_what_it_holds(tmp_path):
    text = 'name,location,GPS\nA,Mbale,"-10.005, 40.005"\nB,Moya,"10°00\'54""S 40°00\'18""E"\n'
    read, findings = villages_of(tmp_path, text)
    assert FRAME.cell_of(read.x, read.y).tolist() == [0, 5]
    assert '"GPS" holds both latitude and longitude' in notes_of(findings, "info")


def test_degrees_called_x_and_y_are_no_metres_of_a_raster_in_metres(tmp_path):
    lon, lat = UTM.lonlat([600_500.0], [8_889_500.0])
    read, _ = villages_of(tmp_path, f"X,Y,osm_id,name\n{lon[0]:.7f},{lat[0]:.7f},17,A\n", frame=UTM)
    assert UTM.cell_of(read.x, read.y).tolist() == [0]
