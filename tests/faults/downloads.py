"""Rows of the fault table that concern downloads: `planner fetch` against a server that behaves as real ones do."""

from __future__ import annotations

import dataclasses
import os
import stat
import tempfile
import zipfile
from contextlib import closing
from functools import cache
from pathlib import Path
from unittest import mock

from faults.corpus import STOP, fault
from faults.scene import Scene

from fetch import world
from fetch.conftest import QUICK
from fetch.server import File, Server, cut, portal, stall, status
from planner import fetch
from planner.fetch import downloads, web
from planner.fetch.where import Request

COUNTRY = ["fetch", "--country", "COM", "--out", "com"]
PLACE = ["fetch", "--place", "Mbeni, Comoros", "--out", "mbeni"]
STICK = [*COUNTRY, "--from-dir", "stick"]
TILE = "com_pop_2025_CN_100m_R2025A_v1.tif"
FOR_EVER = 99


@cache
def internet() -> dict[str, File]:
    """The tiny country, by host and path."""
    with tempfile.TemporaryDirectory() as folder:
        return world.country(Path(folder))


def served(scene: Scene, command: list[str], **variables: str) -> Server:
    """The internet of a scene, whose command is then run."""
    server = scene.around.enter_context(closing(Server()))
    server.files = {path: dataclasses.replace(file, tricks=[]) for path, file in internet().items()}
    setting = {web.MIRROR: server.url, "NO_PROXY": "127.0.0.1", "HEALTHSITES_API_KEY": "", **variables}
    scene.around.enter_context(mock.patch.dict(os.environ, setting))
    scene.around.enter_context(mock.patch.object(web, "PATIENCE", QUICK))
    scene.around.enter_context(mock.patch.object(downloads, "_today", lambda: "2026-11-26"))
    scene.command = command
    return server


def fetched(scene: Scene) -> Server:
    """A scene in which the country was fetched once, and is fetched again."""
    server = served(scene, COUNTRY)
    fetch.fetch(Request(scene.folder / "com", country="COM"), lambda _: None)
    return server


def stick(scene: Scene, name: str | zipfile.ZipInfo, body: bytes, how: int = zipfile.ZIP_STORED) -> None:
    """A stick with a zip file that has one member."""
    served(scene, STICK)
    (scene.folder / "stick").mkdir()
    with zipfile.ZipFile(scene.folder / "stick" / "worldpop.zip", "w", how) as archive:
        archive.writestr(name, body)


@fault("R58", STOP, "Overpass is busy (429) and stays so")
def _(scene: Scene):
    served(scene, PLACE).files[world.OVERPASS].tricks = [status(429)] * FOR_EVER


@fault("R58", STOP, "Overpass asks to come back in half an hour")
def _(scene: Scene):
    served(scene, PLACE).files[world.OVERPASS].tricks = [status(429, Retry_After="1800")]


@fault("R58", STOP, "Overpass ends with 504 each time")
def _(scene: Scene):
    served(scene, PLACE).files[world.OVERPASS].tricks = [status(504)] * FOR_EVER


@fault("R58", STOP, "Overpass answers 200 with a remark in place of the data")
def _(scene: Scene):
    remark = b'<?xml version="1.0"?><osm version="0.6"><remark> runtime error: Query run out of memory </remark></osm>'
    served(scene, PLACE).files[world.OVERPASS].tricks = [status(200, remark)] * FOR_EVER


@fault("R58", STOP, "Overpass says nothing more")
def _(scene: Scene):
    served(scene, PLACE).files[world.OVERPASS].tricks = [stall(4)] * FOR_EVER
    scene.around.enter_context(mock.patch.object(web, "COMPUTES", 1))


@fault("R78", STOP, "the log-in page of a hotel with 200")
def _(scene: Scene):
    served(scene, COUNTRY).files[world.POPULATION].tricks = [portal] * FOR_EVER


@fault("R78", STOP, "the network asks to log in (511)")
def _(scene: Scene):
    served(scene, COUNTRY).files[world.POPULATION].tricks = [status(511)]


@fault("R78", STOP, "a connection that is cut before the first byte each time")
def _(scene: Scene):
    served(scene, COUNTRY).files[world.PBF].tricks = [cut(0)] * FOR_EVER


@fault("R78", STOP, "text of an error inside the data")
def _(scene: Scene):
    served(scene, COUNTRY).files[world.PBF].tricks = [status(200, b"Internal error, please try later")] * FOR_EVER


@fault("R78", STOP, "a file with another md5 than is published")
def _(scene: Scene):
    served(scene, COUNTRY).files[f"{world.PBF}.md5"].body = b"0" * 32


@fault("R78", STOP, "a file that has been changed where it comes from")
def _(scene: Scene):
    newer = world.openstreetmap()
    newer.node(3, 3, place="village", name="Chindini")
    server = fetched(scene)
    server.files[world.PBF] = File(newer.save(scene.folder / "newer.osm.pbf"), etag='"2"')
    del server.files[f"{world.PBF}.md5"]
    (scene.folder / "com" / "downloads" / "comores-latest.osm.pbf").unlink()


@fault("R78", STOP, "a file that was damaged after it was fetched")
def _(scene: Scene):
    fetched(scene)
    path = scene.folder / "com" / "downloads" / "geoBoundaries-COM-ADM1.geojson"
    path.write_bytes(path.read_bytes()[:-40])


@fault("R78", STOP, "a file that does not exist for this country")
def _(scene: Scene):
    del served(scene, COUNTRY).files[world.POPULATION]


@fault("R79", STOP, "no internet")
def _(scene: Scene):
    served(scene, COUNTRY, **{web.MIRROR: "http://no-such-host.invalid"})


@fault("R79", STOP, "no way to the servers")
def _(scene: Scene):
    served(scene, COUNTRY, **{web.MIRROR: "http://127.0.0.1:9"})


@fault("R79", STOP, "an empty stick")
def _(scene: Scene):
    served(scene, STICK)
    (scene.folder / "stick").mkdir()


@fault("R79", STOP, "the name of a place, and a stick that does not know it")
def _(scene: Scene):
    served(scene, [*PLACE, "--from-dir", "stick"])
    (scene.folder / "stick").mkdir()


@fault("R88", STOP, "a zip file that is small and unpacks to 50 MB")
def _(scene: Scene):
    stick(scene, TILE, bytes(50_000_000), zipfile.ZIP_DEFLATED)


@fault("R88", STOP, "a zip file with a name that leads out of it")
def _(scene: Scene):
    stick(scene, f"../../{TILE}", b"II*\0")


@fault("R88", STOP, "a zip file with a link")
def _(scene: Scene):
    link = zipfile.ZipInfo(TILE)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    stick(scene, link, b"/etc/passwd")


@fault("R88", STOP, "a zip file that is none")
def _(scene: Scene):
    served(scene, STICK)
    (scene.folder / "stick").mkdir()
    (scene.folder / "stick" / "worldpop.zip").write_bytes(b"PK\x03\x04" + bytes(100))


@fault("R94", STOP, "a key that healthsites.io refuses")
def _(scene: Scene):
    served(scene, COUNTRY, HEALTHSITES_API_KEY="s3cret-key").files[world.HEALTHSITES].tricks = [status(403)]


@fault("R94", STOP, "healthsites.io is down, and a key was sent to it")
def _(scene: Scene):
    server = served(scene, COUNTRY, HEALTHSITES_API_KEY="s3cret-key")
    server.files[world.HEALTHSITES].tricks = [status(503)] * FOR_EVER


@fault("R94", STOP, "a key, and a log-in page in place of healthsites.io")
def _(scene: Scene):
    served(scene, COUNTRY, HEALTHSITES_API_KEY="s3cret-key").files[world.HEALTHSITES].tricks = [portal]
