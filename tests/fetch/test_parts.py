"""The pieces: what a body must be, cells and tiles, the lock file, the disk, and that nobody else uses the network."""

from __future__ import annotations

import ast
import json
import shutil
import socket
from collections import namedtuple
from pathlib import Path

import numpy as np
import osmium
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.warp import Resampling

import planner
from fetch import world
from planner import cli
from planner.errors import InputFaults
from planner.fetch import LOCK, bodies, fetch, lock, osm, rasters
from planner.fetch.catalogue import sources
from planner.fetch.where import Request
from planner.outputs import place


@pytest.fixture(scope="module")
def good(made, tmp_path_factory):
    """A good file of each kind."""
    folder = tmp_path_factory.mktemp("bodies")
    bytes_of = {
        "tif": made[world.dem(-12, 43)].body, "pbf": made[world.PBF].body, "osm": made[world.OVERPASS].body,
        "json": world.levels(),
    }  # fmt: skip
    paths = {kind: folder / f"good.{kind}" for kind in bytes_of}
    for kind, path in paths.items():
        path.write_bytes(bytes_of[kind])
    return paths


@pytest.mark.parametrize("kind", ["tif", "pbf", "osm", "json"])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_body_that_ends_too_early_is_damaged_wherever_it_ends(good, tmp_path, kind, share):
    bodies.check(good[kind], kind)
    whole = good[kind].read_bytes()
    (tmp_path / "cut").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(bodies.Damaged):
        bodies.check(tmp_path / "cut", kind)


@pytest.mark.parametrize("kind", ["tif", "pbf", "osm", "json"])
def test_a_body_of_another_kind_is_damaged(good, kind):
    for other, path in good.items():
        if other != kind:
            with pytest.raises(bodies.Damaged):
                bodies.check(path, kind)


@given(st.sampled_from(["tif", "pbf", "osm", "json"]), st.binary(max_size=300))
def test_any_body_is_good_or_damaged_and_never_a_traceback(tmp_path_factory, kind, noise):
    magic = {"tif": b"II*\0", "pbf": b"\0\0\0\x0e\x0a\x09OSMHeader", "osm": b"<osm>", "json": b""}[kind]
    path = tmp_path_factory.mktemp("noise") / "body"
    path.write_bytes(magic + noise)
    try:
        bodies.check(path, kind)
    except bodies.Damaged as damage:
        assert str(damage)


@pytest.mark.parametrize(
    ("start", "page"),
    [
        (b"<!DOCTYPE html>", True), (b"\xef\xbb\xbf\n <html lang='en'>", True), (b"<!-- hi --><HTML>", True),
        (b"<?xml version='1.0'?><osm>", False), (b"<osm>", False), (b'{"html": 1}', False), (b"", False),
    ],
)  # fmt: skip
def test_a_web_page_is_known_by_its_first_bytes(start, page):
    assert bodies.is_page(start, "application/octet-stream") is page
    assert bodies.is_page(b"II*\0", "text/html; charset=utf-8")


def test_a_bomb_of_xml_entities_is_refused(tmp_path):
    bomb = '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    (tmp_path / "bomb.osm").write_text(f'{bomb}<osm version="0.6"><node id="1" user="&b;"/></osm>')
    with pytest.raises(bodies.Damaged, match="cannot be read to its end"):
        bodies.check(tmp_path / "bomb.osm", "osm")


def grid(folder: Path, west: float, north: float, cell: float, size: int) -> Path:
    body = world.raster(folder, np.ones((size, size), np.float32), west, north, cell, world.NOBODY)
    (folder / "people.tif").write_bytes(body)
    return folder / "people.tif"


def tiles_of(folder: Path, *bodies_of: bytes) -> list[Path]:
    paths = [folder / f"tile{at}.tif" for at in range(len(bodies_of))]
    for path, body in zip(paths, bodies_of, strict=True):
        path.write_bytes(body)
    return paths


def cells(path: Path) -> np.ndarray:
    with rasterio.open(path) as raster:
        return raster.read(1)


def test_the_most_frequent_class_of_fine_tiles_counts_also_across_their_border(tmp_path):
    """Cells of 10 x 10 of the tiles' cells; the border of the tiles runs through the middle of a column."""
    fine, cell = 1 / 100, 1 / 10
    left = np.full((100, 100), 10, np.uint8)
    right = np.full((100, 100), 20, np.uint8)
    right[:, :10] = 30  # the cell on the border has 5 columns of 10 and 5 of 30, and its row 0 one more of 30
    right[0, 0], left[0, -1] = 30, 30
    tiles = tiles_of(
        tmp_path, world.raster(tmp_path, left, 0, 1, fine, 0), world.raster(tmp_path, right, 1, 1, fine, 0)
    )  # fmt: skip
    people = grid(tmp_path, 0.05, 1.0, cell, 10)
    rasters.lay(tiles, people, sources()["worldcover"], Resampling.mode, tmp_path / "laid.tif")
    laid = cells(tmp_path / "laid.tif")
    assert (laid[:, :9] == 10).all()
    assert laid[0, 9] == 30


def test_parts_of_any_size_give_the_same_cells(tmp_path, monkeypatch):
    rng = np.random.default_rng(1)
    tile = rng.choice([10, 20, 30], (3000, 3000)).astype(np.uint8)
    tiles = tiles_of(tmp_path, world.raster(tmp_path, tile, 0, 1, 1 / 3000, 0))
    people = grid(tmp_path, 0.01, 0.99, 1 / 700, 600)
    source = sources()["worldcover"]
    rasters.lay(tiles, people, source, Resampling.mode, tmp_path / "whole.tif")
    monkeypatch.setattr(rasters, "PART", 256)
    rasters.lay(tiles, people, source, Resampling.mode, tmp_path / "parts.tif")
    assert (cells(tmp_path / "whole.tif") == cells(tmp_path / "parts.tif")).all()


def test_tiles_of_another_width_far_from_the_equator_are_joined(tmp_path):
    """North of 50 degrees the cells of Copernicus DEM are wider; a plane stays a plane."""

    def tile(south: int, width: int) -> bytes:
        lon = (np.arange(width) + 0.5) / width
        lat = south + 1 - (np.arange(600) + 0.5) / 600
        path = tmp_path / f"{south}.tif"
        with rasterio.open(
            path, "w", driver="GTiff", height=600, width=width, count=1, dtype="float32", crs="EPSG:4326",
            transform=rasterio.Affine(1 / width, 0, 0, 0, -1 / 600, south + 1),
        ) as made:  # fmt: skip
            made.write((100 * lon[None, :] + 1000 * (lat[:, None] - 49)).astype(np.float32), 1)
        return path.read_bytes()

    tiles = tiles_of(tmp_path, tile(49, 600), tile(50, 400))
    people = grid(tmp_path, 0.4, 50.1, 1 / 100, 20)
    rasters.lay(tiles, people, sources()["copernicus_dem"], Resampling.average, tmp_path / "laid.tif")
    lon, lat = 0.4 + (np.arange(20) + 0.5) / 100, 50.1 - (np.arange(20) + 0.5) / 100
    assert np.allclose(cells(tmp_path / "laid.tif"), 100 * lon[None, :] + 1000 * (lat[:, None] - 49), atol=1.0)


def test_cells_without_any_tile_have_nodata(tmp_path):
    tiles = tiles_of(tmp_path, world.raster(tmp_path, np.full((100, 100), 10, np.uint8), 0, 1, 1 / 100, 0))
    people = grid(tmp_path, 0.5, 0.9, 1 / 10, 10)
    rasters.lay(tiles, people, sources()["worldcover"], Resampling.mode, tmp_path / "laid.tif")
    laid = cells(tmp_path / "laid.tif")
    assert (laid[:9, :5] == 10).all()
    assert (laid[:, 5:] == 0).all()


def test_what_a_tile_says_is_no_data_is_none(tmp_path):
    body = np.full((100, 100), 500, np.float32)
    body[:, 50:] = -9999
    tiles = tiles_of(tmp_path, world.raster(tmp_path, body, 0, 1, 1 / 100, -9999))
    people = grid(tmp_path, 0.0, 1.0, 1 / 10, 10)
    rasters.lay(tiles, people, sources()["copernicus_dem"], Resampling.average, tmp_path / "laid.tif")
    laid = cells(tmp_path / "laid.tif")
    assert (laid[:, :5] == 500).all()
    assert (laid[:, 5:] == -32767).all()


@given(st.integers(0, 59), st.integers(0, 59), st.integers(1, 60), st.integers(1, 60), st.floats(0.01, 0.99))
def test_a_cut_has_the_cells_that_touch_the_box_and_their_very_values(
    made, tmp_path_factory, top, left, high, wide, off
):
    folder = tmp_path_factory.mktemp("cut")
    (folder / "all.tif").write_bytes(made[world.POPULATION].body)
    bottom, right = min(60, top + high), min(60, left + wide)
    box = (
        world.WEST + (left + off) * world.CELL, world.NORTH - (bottom - off) * world.CELL,
        world.WEST + (right - off) * world.CELL, world.NORTH - (top + off) * world.CELL,
    )  # fmt: skip
    box = (min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3]))
    rasters.cut_people(folder / "all.tif", box, sources()["worldpop_r2025a"], folder / "cut.tif")
    with rasterio.open(folder / "cut.tif") as cut:
        first_col, first_row = (cut.transform.c - world.WEST) / world.CELL, (world.NORTH - cut.transform.f) / world.CELL
        assert abs(first_col - round(first_col)) < 1e-6
        assert abs(first_row - round(first_row)) < 1e-6
        row, col = round(first_row), round(first_col)
        assert (cut.read(1) == world.people()[row : row + cut.height, col : col + cut.width]).all()
        assert cut.bounds.left <= box[0] + 1e-9
        assert cut.bounds.right >= box[2] - 1e-9
        assert cut.bounds.left > box[0] - world.CELL - 1e-9
        assert cut.bounds.right < box[2] + world.CELL + 1e-9


def test_a_raster_without_a_nodata_tag_gets_the_one_of_the_catalogue(tmp_path):
    (tmp_path / "all.tif").write_bytes(
        world.raster(tmp_path, world.people(), world.WEST, world.NORTH, world.CELL, None)
    )
    rasters.cut_people(tmp_path / "all.tif", None, sources()["worldpop_r2025a"], tmp_path / "cut.tif")
    with rasterio.open(tmp_path / "cut.tif") as cut:
        assert cut.nodata == -99999
        assert (cut.read(1) == world.people()).all()


def test_of_an_extract_cut_to_a_box_every_way_is_whole(made, tmp_path):
    (tmp_path / "all.osm.pbf").write_bytes(made[world.PBF].body)
    west, south, east, north = world.WEST, world.NORTH - 35 * world.CELL, world.EAST, world.NORTH
    osm.reduce(tmp_path / "all.osm.pbf", (west, south, east, north), tmp_path / "cut.osm.pbf")
    nodes = {thing.id for thing in osmium.FileProcessor(str(tmp_path / "cut.osm.pbf")) if thing.is_node()}
    for thing in osmium.FileProcessor(str(tmp_path / "cut.osm.pbf")):
        if thing.is_way():
            assert {node.ref for node in thing.nodes} <= nodes


def test_overpass_is_asked_for_all_that_is_kept():
    text = osm.query((43.0, -12.0, 44.0, -11.0))
    assert "[bbox:-12.000000,43.000000,-11.000000,44.000000]" in text  # south, west, north, east
    for kept in ("way[highway]", "way[route=ferry]", "natural=water", "landuse=reservoir", *osm.PLACES, *osm.CARE):
        assert kept in text
    assert all(word in text for word in osm.WATERWAYS)


def test_a_lock_file_that_cannot_be_read_or_is_newer_is_told(tmp_path):
    path = tmp_path / LOCK
    for text, words in (("{", "cannot be read"), ('{"lock_version": 1}', "cannot be read"), ("[]", "cannot be read")):
        path.write_text(text)
        with pytest.raises(InputFaults, match=words):
            lock.Lock(tmp_path, "COM")
    path.write_text(json.dumps({"lock_version": 2, "place": "COM", "files": {}, "made": {}}))
    with pytest.raises(InputFaults, match="has the form 2, expected 1"):
        lock.Lock(tmp_path, "COM")


def test_a_file_that_cannot_be_made_leaves_the_one_that_was_there(tmp_path):
    kept = lock.Lock(tmp_path, "COM")
    assert kept.make("a.txt", ["1"], lambda path: path.write_text("old")) == "made"

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        kept.make("a.txt", ["2"], fail)
    assert (tmp_path / "a.txt").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", LOCK]


def test_a_disk_without_the_space_is_told_before_anything_is_fetched(server, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 50_000_000))
    with pytest.raises(InputFaults, match="about 310 MB are needed, 50 MB are free"):
        fetch(Request(tmp_path / "com", country="COM"), str)
    assert server.asked == []


def test_a_place_without_any_care_has_its_folder_and_is_told_to_bring_a_list(server, tmp_path):
    made = world.Osm()
    made.way((5, 12), (29, 31), highway="path")
    server.files[world.PBF].body = made.save(tmp_path / "bare.osm.pbf")
    del server.files[f"{world.PBF}.md5"]
    with pytest.raises(InputFaults, match=r"facilities\.xlsx: neither OpenStreetMap nor healthsites"):
        fetch(Request(tmp_path / "com", country="COM"), str)
    assert (tmp_path / "com" / "scenario.toml").exists()


def test_out_that_is_a_file_is_told(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert cli.main(["fetch", "--country", "COM", "--out", str(tmp_path / "file")]) == 2
    assert "there is a file where a folder above it should be" in capsys.readouterr().err


def test_a_box_with_a_negative_west_is_no_option(server, tmp_path, capsys):
    assert cli.main(["fetch", "--bbox", "-10.5,6.1,-10.4,6.2", "--country", "LBR", "--out", str(tmp_path / "a")]) == 2
    assert "has no lbr_pop_2025" in capsys.readouterr().err  # the box was understood
    with pytest.raises(SystemExit):
        cli.main(["fetch", "--bbox", "1;2", "--out", str(tmp_path / "a")])
    assert "west,south,east,north" in capsys.readouterr().err


def test_only_fetch_uses_the_network():
    """No other module imports what could."""
    package = Path(planner.__file__).parent
    able = {"requests", "urllib3", "urllib.request", "http.client", "socket", "ftplib"}
    for path in package.rglob("*.py"):
        if package / "fetch" in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else getattr(node, "names", [])
            found = {getattr(name, "name", name) for name in names}
            assert not found & able, path


def test_check_and_speeds_work_where_no_socket_can_be_opened(monkeypatch, capsys):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    demo = Path(planner.__file__).parents[1] / "data" / "demo" / "scenario.toml"
    assert cli.main(["check", str(demo)]) == 0
    assert cli.main(["speeds", str(demo)]) == 0


def test_of_two_fetches_into_one_folder_the_second_is_told(server, tmp_path, capsys):
    with place.reserved(tmp_path / "com" / LOCK):
        assert cli.main(["fetch", "--country", "COM", "--out", str(tmp_path / "com")]) == 2
    assert "another run is making it" in capsys.readouterr().err
    assert server.asked == []


def test_a_disk_that_fills_up_on_the_way_is_told_and_the_fetch_goes_on_later(server, tmp_path, capsys, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    words = ["fetch", "--country", "COM", "--out", str(tmp_path / "com")]
    with monkeypatch.context() as patch:
        patch.setattr(rasters, "lay", full)
        assert cli.main(words) == 2
    assert "the disk has too little room" in capsys.readouterr().err
    assert cli.main(words) == 0
