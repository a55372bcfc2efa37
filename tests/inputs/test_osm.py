from __future__ import annotations

import bz2
import gzip
import hashlib
import math
from itertools import pairwise

import osmium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inputs.scene import FRAME, notes_of
from inputs.test_roads_water import osm, roads_of
from shapely.geometry import LineString

from planner.errors import InputFaults
from planner.inputs import osm_source
from planner.inputs.findings import Findings
from planner.inputs.osm_tags import at_node, closed_in, direction, speed_limit, vehicles_may
from planner.inputs.roads import read_roads
from planner.scenario import Roads

WAYS = [([k % 25 + 1, (k + 7) % 25 + 1], {"highway": "path", "name": f"way {k}"}) for k in range(300)]


def write_pbf(folder, content=None):
    (folder / "from.osm").write_text(content or osm(WAYS), encoding="utf-8")
    with osmium.SimpleWriter(folder / "r.osm.pbf", overwrite=True) as writer:
        for thing in osmium.FileProcessor(folder / "from.osm"):
            writer.add(thing)
    return folder / "r.osm.pbf"


@pytest.mark.parametrize(("name", "pack"), [("r.osm.gz", gzip.compress), ("r.osm.bz2", bz2.compress)])
def test_packed_xml_gives_the_same_roads(tmp_path, name, pack):
    plain, _ = roads_of(tmp_path, content=osm(WAYS))
    (tmp_path / name).write_bytes(pack(osm(WAYS).encode()))
    packed, _ = roads_of(tmp_path, name)
    assert [shape.wkb for shape in packed.geometry] == [shape.wkb for shape in plain.geometry]


def test_a_pbf_cut_anywhere_is_a_fault_that_says_where(tmp_path):
    whole = write_pbf(tmp_path).read_bytes()
    for size in [0, 1, 3, 4, 10, 60, *range(100, len(whole), 97), len(whole) - 1]:
        (tmp_path / "r.osm.pbf").write_bytes(whole[:size])
        with pytest.raises(InputFaults) as caught:
            roads_of(tmp_path, "r.osm.pbf")
        said = str(caught.value)
        assert (
            "cut short: the block at byte" in said
            or "no .osm.pbf by its content" in said
            or "damaged" in said
            or "no OpenStreetMap PBF" in said
        )


def test_a_damaged_block_is_named_by_its_byte(tmp_path):
    content = bytearray(write_pbf(tmp_path).read_bytes())
    content[-20] ^= 255
    (tmp_path / "r.osm.pbf").write_bytes(content)
    with pytest.raises(InputFaults, match=r"cannot be read as OpenStreetMap data from byte 194 on"):
        roads_of(tmp_path, "r.osm.pbf")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, 10_000), value=st.integers(0, 255))
def test_a_byte_changed_anywhere_is_read_or_a_fault(tmp_path, at, value):
    if not (tmp_path / "r.osm.pbf").exists():
        write_pbf(tmp_path)
    content = bytearray((tmp_path / "r.osm.pbf").read_bytes())
    content[at % len(content)] = value
    (tmp_path / "changed.osm.pbf").write_bytes(content)
    try:
        roads_of(tmp_path, "changed.osm.pbf")
    except InputFaults as found:
        assert "Download it again" in str(found)


def test_the_checksum_beside_a_pbf_is_heeded(tmp_path):
    path = write_pbf(tmp_path)
    md5 = tmp_path / "r.osm.pbf.md5"
    md5.write_text(f"{hashlib.md5(path.read_bytes()).hexdigest()}  r.osm.pbf\n", encoding="utf-8")
    assert len(roads_of(tmp_path, "r.osm.pbf")[0])
    for wrong in ("0" * 32, ""):
        md5.write_text(wrong, encoding="utf-8")
        with pytest.raises(InputFaults, match=r"differs from its checksum in r\.osm\.pbf\.md5"):
            roads_of(tmp_path, "r.osm.pbf")


BOMB = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10 if k else "ha" * 99}">' for k in range(10))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("r.osm", b"", r"is no \.osm by its content"),
        ("r.osm", b"not xml", r"is no \.osm by its content"),
        ("r.osm", b"<osm", "is no XML"),
        ("r.osm", b"<osmChange/>", "begins with <osmChange>, not <osm>"),
        ("r.osm", f"<!DOCTYPE osm [{BOMB}]><osm version='0.6'>&a9;</osm>".encode(), "has a document type"),
        ("r.osm", b"<!DOCTYPE osm [<!ENTITY x SYSTEM 'secret'>]><osm version='0.6'>&x;</osm>", "has a document type"),
        ("r.osm", "<!DOCTYPE osm><osm/>".encode("utf-16"), r"no \.osm by its content"),
        ("r.osm", b"\n<!DOCTYPE HTML><p>Log in", "is a web page"),
        ("r.osm.pbf", b"<html>Too many requests", "is a web page") ,
        ("r.osm.pbf", osm(WAYS).encode(), r"is \.osm by its content, not \.osm\.pbf\. Give its name the ending \.osm"),
        ("r.osm", gzip.compress(osm(WAYS).encode()), r"is \.osm\.gz by its content, not \.osm"),
        ("r.pbf", b"PK\3\4", r"is \.zip by its content, not \.osm\.pbf\. Unpack it"),
        ("r.osm.gz", gzip.compress(osm(WAYS).encode())[:-20], "cannot be unpacked"),
        ("r.osm.bz2", b"BZh9nothing", "cannot be unpacked"),
        ("r.osm", b"<osm version='0.6'><node id='x'/></osm>", "cannot be read as OpenStreetMap data: illegal id"),
        ("r.osm", osm(WAYS)[:9000].encode(), "cannot be read as OpenStreetMap data: XML parsing error at line"),
        ("r.osm", osm(WAYS).replace("</osm>", "<remark> runtime error: Query timed out </remark></osm>").encode(),
         'is incomplete, as its own remark says: "runtime error: Query timed out"'),
    ],
)  # fmt: skip
def test_a_wrong_broken_or_hostile_file_is_a_fault(tmp_path, name, content, said):
    (tmp_path / "secret").write_text("1234", encoding="utf-8")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputFaults, match=said):
        roads_of(tmp_path, name)


def test_xml_that_is_too_large_or_grows_too_much_is_a_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(osm_source, "FREE_BYTES", 1_000_000)
    (tmp_path / "r.osm.gz").write_bytes(gzip.compress(b"<osm version='0.6'>" + b" " * 9_000_000 + b"</osm>"))
    with pytest.raises(InputFaults, match=r"holds more than 0.0 GB of XML"):
        roads_of(tmp_path, "r.osm.gz")
    monkeypatch.setattr(osm_source, "MOST_XML_BYTES", 1000)
    with pytest.raises(InputFaults, match=r"holds more than 0.0 GB of XML"):
        roads_of(tmp_path, content=osm(WAYS))


def test_nodes_in_any_order_are_found_and_ways_before_nodes_are_a_fault(tmp_path):
    plain, _ = roads_of(tmp_path, content=osm(WAYS))
    lines = osm(WAYS).splitlines()
    nodes, ways = (
        [line for line in lines if line.startswith("<node")],
        [k for k in lines if k.startswith("<way") or k == "</way>"],
    )
    mixed, _ = roads_of(tmp_path, content="\n".join([lines[0], *nodes[::-1], *ways, "</osm>"]))
    assert [shape.wkb for shape in mixed.geometry] == [shape.wkb for shape in plain.geometry]
    with pytest.raises(InputFaults, match="has its ways before their nodes, or without them: way 100, way 101"):
        roads_of(tmp_path, content="\n".join([lines[0], *ways, *nodes, "</osm>"]))


def test_a_draft_that_was_never_uploaded_is_a_fault(tmp_path):
    content = osm([([1, 2], {"highway": "path"}), ([2, -3], {"highway": "path"})])
    with pytest.raises(InputFaults, match="has 1 ways whose nodes have no number yet, as a draft of JOSM has: way 101"):
        roads_of(tmp_path, content=content.replace('id="3"', 'id="-3"'))


@pytest.mark.parametrize(
    ("value", "kmh"),
    [
        ("", math.inf), ("none", math.inf), ("50", 50), ("50 mph", 80.4672), ("30mph", 48.28032), ("40 km/h", 40),
        ("10 knots", 18.52), ("50;30", 30), ("80|50 mph", 80), ("RO:urban", 50), ("ZA:rural", math.inf),
        ("de:living_street", 20), ("DE:zone:30", 30), ("FR:zone30", 30), ("zone:20", 20), ("walk", 7), ("7.5", 7.5),
        ("signals", math.nan), ("fast", math.nan), ("50 cows", math.nan), ("0", math.nan), ("-30", math.nan),
        ("30;signals", math.nan), ("9" * 400, math.inf),
    ],
)  # fmt: skip
def test_limits_of_speed_are_read_with_their_units_zones_and_lists(value, kmh):
    assert speed_limit(value) == pytest.approx(kmh, nan_ok=True)


@given(st.text())
def test_any_text_is_a_limit_or_not_understood(value):
    limit = speed_limit(value)
    assert math.isnan(limit) or limit > 0


@pytest.mark.parametrize(
    ("tags", "way"),
    [({"oneway": "-1"}, -1), ({"oneway": "reverse"}, -1), ({"oneway": "reversible"}, 0), ({"oneway": "Yes"}, 1),
     ({"oneway": "alternating"}, 0), ({"oneway": "perhaps"}, 0)],
)  # fmt: skip
def test_reversible_roads_are_open_both_ways_each_at_its_time(tags, way):
    assert direction(tags) == way


@pytest.mark.parametrize(
    ("tags", "given_tags"),
    [
        ({"barrier": "gate"}, {}),
        ({"barrier": "gate", "access": "private"}, {}),
        ({"barrier": "gate", "access": "no"}, {"motor_vehicle": "no"}),
        ({"barrier": "gate", "access": "no", "motor_vehicle": "yes"}, {}),
        ({"barrier": "gate", "locked": "yes"}, {"motor_vehicle": "no"}),
        ({"barrier": "gate", "locked": "yes", "access": "permissive"}, {}),
        ({"barrier": "block"}, {"motor_vehicle": "no"}),
        ({"barrier": "cattle_grid"}, {}),
        ({"ford": "yes"}, {"ford": "yes"}),
        ({"ford": "no"}, {}),
        ({"access": "no"}, {}),
    ],
)
def test_a_gate_that_is_shut_keeps_vehicles_off_and_an_open_one_does_not(tags, given_tags):
    assert at_node(tags) == given_tags


def test_vehicles_are_kept_off_farm_tracks_that_are_for_farmers_only():
    assert not vehicles_may({"highway": "track", "access": "agricultural"})
    assert vehicles_may({"highway": "track", "access": "destination"})


def test_seasonal_roads_are_closed_in_the_other_season():
    assert [closed_in(value) for value in ("", "no", "yes", "dry_season", "winter", "wet_season", "spring")] == [
        "", "", "wet", "wet", "wet", "dry", "",
    ]  # fmt: skip


def test_gates_and_fords_at_nodes_cut_their_road_into_pieces_that_meet(tmp_path):
    ways = [([1, 2, 3, 4], {"highway": "track", "name": "Rue"}), ([2, 7], {"highway": "path"})]
    content = osm(ways).replace(
        '<node id="2" version="1" lat="-10.0" lon="40.01"/>',
        '<node id="2" version="1" lat="-10.0" lon="40.01"><tag k="barrier" v="block"/></node>',
    )
    content = content.replace(
        '<node id="4" version="1" lat="-10.0" lon="40.03"/>',
        '<node id="4" version="1" lat="-10.0" lon="40.03"><tag k="ford" v="yes"/></node>',
    )
    roads, _ = roads_of(tmp_path, content=content)
    track = roads.highway == "track"
    assert roads.motor[track].tolist() == [True, False, True, True]
    assert roads.ford[track].tolist() == [False, False, False, True]
    assert set(roads.name[track]) == {"Rue"}
    pieces = roads.geometry[track]
    assert sum(piece.length for piece in pieces) == pytest.approx(0.03)
    assert all(one.coords[-1] == other.coords[0] for one, other in pairwise(pieces))
    assert LineString(pieces[1]).length == pytest.approx(0.0004)
    assert roads.motor[~track].tolist() == [False, True]  # the block stands at the end of the path, too
    assert roads.geometry[~track][0].coords[0] == (40.01, -10.0)


def test_tags_that_say_nothing_and_limits_are_told(tmp_path):
    ways = [
        ([1, 2], {"highway": "primary", "maxspeed": "50 mph"}),
        ([2, 3], {"highway": "primary", "maxspeed": "30"}),
        ([3, 4], {"highway": "primary", "maxspeed": "signals", "seasonal": "sometimes", "oneway": "si"}),
    ]
    roads, findings = roads_of(tmp_path, content=osm(ways))
    assert roads.max_kmh.tolist() == pytest.approx([80.4672, 30, math.inf])
    assert notes_of(findings, "info") == [
        "tags that are not understood, so that the class of the road decides: oneway=si (1), seasonal=sometimes (1), "
        "maxspeed=signals (1)",
        "roads with a limit of 30 to 80.5 km/h (maxspeed): vehicles go no faster",
    ]


def test_what_is_left_out_is_named_by_its_number(tmp_path):
    ways = [([1, 2], {"highway": "path"}), ([1, 99], {"highway": "path"}), ([1, 1], {"highway": "path"})]
    (tmp_path / "r.osm").write_text(osm(ways), encoding="utf-8")
    findings = Findings(tmp_path)
    read_roads(Roads(file="r.osm"), FRAME, findings)
    assert [[change.place for change in note.changes] for note in findings.notes] == [["way 101"], ["way 102"]]
