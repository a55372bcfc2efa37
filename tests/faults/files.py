"""Sections F and G of the fault table: the machine, files and runs; what files could do to the computer."""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import openpyxl
from faults.corpus import FIX, SAME, STOP, fault
from faults.scene import Scene

from planner import memory
from planner.outputs import place

RUN = ["run", "scenario.toml", "--out", "plan"]
TRAVEL = ["travel", "scenario.toml", "--to", "facilities", "--what", "minutes", "--out", "minutes.tif"]


def room(scene: Scene, *megabytes: int) -> None:
    """The disk has so much room, whenever it is asked."""
    asked = [SimpleNamespace(free=each * 10**6) for each in megabytes]
    scene.around.enter_context(mock.patch.object(place.shutil, "disk_usage", side_effect=asked))


def failing(scene: Scene, target: str, error: Exception) -> None:
    """A function of the planner fails with an error."""
    scene.around.enter_context(mock.patch(target, side_effect=error))


def setting(scene: Scene, **variables: str) -> None:
    """Variables of the environment."""
    scene.around.enter_context(mock.patch.dict(os.environ, variables))


@fault("R69", STOP, "the disk has too little room for a run folder")
def _(scene: Scene):
    scene.command = RUN
    room(scene, 5)


@fault("R69", STOP, "the disk is full while the run folder is written")
def _(scene: Scene):
    scene.command = RUN
    failing(scene, "planner.outputs.place.flush", OSError(errno.ENOSPC, "No space left on device"))
    room(scene, 40, 7)


@fault("R69", STOP, "the disk is full while a single file is written")
def _(scene: Scene):
    scene.command = TRAVEL
    failing(scene, "planner.outputs.place.flush", OSError(errno.ENOSPC, "No space left on device"))
    room(scene, 40, 0)


@fault("R71", STOP, "a plan needs more memory than is allowed")
def _(scene: Scene):
    scene.command = [*RUN, "--memory", "100MB"]


@fault("R71", STOP, "travel times need more memory than is free")
def _(scene: Scene):
    scene.command = TRAVEL
    scene.around.enter_context(mock.patch.object(memory, "free", lambda: 200_000_000))


@fault("R71", STOP, "the memory ends in spite of what was foreseen")
def _(scene: Scene):
    scene.command = RUN
    failing(scene, "planner.travel.Search.nearest", MemoryError())


@fault("R72", STOP, "the folder for the plan has a name that Windows keeps for a device")
def _(scene: Scene):
    scene.command = ["run", "scenario.toml", "--out", "runs/aux"]


@fault("R72", STOP, "its name ends in a dot")
def _(scene: Scene):
    scene.command = ["run", "scenario.toml", "--out", "plan."]


@fault("R72", STOP, "its name has signs that Windows does not allow")
def _(scene: Scene):
    scene.command = ["run", "scenario.toml", "--out", "plan 10:30?"]


@fault("R72", STOP, "its name is longer than any disk has")
def _(scene: Scene):
    scene.command = ["run", "scenario.toml", "--out", "plan" * 70]


@fault("R72", STOP, "a file is where it should be")
def _(scene: Scene):
    scene.command = ["run", "scenario.toml", "--out", "villages.csv"]


@fault("R72", STOP, "a file is where a folder above it should be")
def _(scene: Scene):
    scene.command = ["run", "scenario.toml", "--out", "villages.csv/plan"]


@fault("R72", STOP, "it holds somebody's work")
def _(scene: Scene):
    scene.command = ["run", "scenario.toml", "--out", "work"]
    (scene.folder / "work").mkdir()
    (scene.folder / "work" / "thesis.docx").write_text("years", encoding="utf-8")


@fault("R72", STOP, "the disk may only be read")
def _(scene: Scene):
    scene.command = RUN
    failing(scene, "planner.outputs.place._locked", OSError(errno.EROFS, "Read-only file system"))


@fault("R72", STOP, "an input has a name that is longer than any disk has")
def _(scene: Scene):
    scene.scenario["villages"]["file"] = "villages" * 40 + ".csv"


@fault("R72", SAME, "the folder of the inputs has accents and spaces")
def _(scene: Scene):
    folder = scene.folder / "Amélie Ndiaye (été) ማእከል"
    folder.mkdir()
    scene.write_scenario()
    for path in list(scene.folder.iterdir()):
        if path.is_file():
            path.rename(folder / path.name)
    scene.command = ["check", str(folder / "scenario.toml")]


def held(scene: Scene, name: str) -> None:
    """As Excel holds a file on Windows: it cannot be replaced, nor a folder renamed that it is in."""
    rename, replace = Path.rename, Path.replace

    def unless_held(act, self: Path, target: Path):
        if name in (self.name, target.name):
            raise PermissionError(errno.EACCES, "The process cannot access the file")
        return act(self, target)

    scene.around.enter_context(mock.patch.object(Path, "rename", lambda *paths: unless_held(rename, *paths)))
    scene.around.enter_context(mock.patch.object(Path, "replace", lambda *paths: unless_held(replace, *paths)))
    scene.around.enter_context(mock.patch("planner.files.time.sleep"))


@fault("R73", STOP, "the run folder before has its workbook open in Excel")
def _(scene: Scene):
    scene.command = RUN
    (scene.folder / "plan").mkdir()
    (scene.folder / "plan" / "plan.json").write_text("{}", encoding="utf-8")
    held(scene, "plan")


@fault("R73", STOP, "the table before is open in Excel")
def _(scene: Scene):
    scene.command = ["travel", "scenario.toml", "--to", "facilities", "--what", "routes", "--out", "routes.csv"]
    (scene.folder / "routes.csv").write_text("old", encoding="utf-8")
    held(scene, "routes.csv")


@fault("R73", STOP, "the table and the one beside it are open")
def _(scene: Scene):
    scene.command = ["travel", "scenario.toml", "--to", "facilities", "--what", "routes", "--out", "routes.csv"]
    for name in ("routes.csv", "routes (2).csv"):
        (scene.folder / name).write_text("old", encoding="utf-8")
    held(scene, "routes.csv")


@fault("R73", STOP, "an input is locked by another program")
def _(scene: Scene):
    locked = PermissionError(errno.EACCES, "The process cannot access the file, another program uses it")
    failing(scene, "planner.inputs.findings.sha256_of", locked)


def locked_by(scene: Scene, name: str, text: str) -> None:
    """Another run holds a place."""
    import fcntl

    file = scene.around.enter_context((scene.folder / f".{name}.lock").open("w+", encoding="utf-8"))
    file.write(text)
    file.flush()
    fcntl.flock(file, fcntl.LOCK_EX)


@fault("R74", STOP, "another run makes the same folder")
def _(scene: Scene):
    scene.command = RUN
    locked_by(scene, "plan", "process 1204 on laptop-7, since 2026-11-01 09:30 UTC\n")


@fault("R74", STOP, "another run has just begun to make the same folder")
def _(scene: Scene):
    scene.command = RUN
    locked_by(scene, "plan", "")


@fault("R74", STOP, "another run writes the same file")
def _(scene: Scene):
    scene.command = TRAVEL
    locked_by(scene, "minutes.tif", "process 1204 on laptop-7, since 2026-11-01 09:30 UTC\n")


for _language in ("C", "de_DE.UTF-8", "fr_FR", "pt_MZ", "tr_TR.UTF-8"):
    fault("R75", SAME, f"the computer speaks {_language}")(
        lambda scene, language=_language: setting(scene, LC_ALL=language, LC_NUMERIC=language, LANG=language)
    )


@fault("R76", SAME, "PostGIS has set PROJ_LIB for its own PROJ")
def _(scene: Scene):
    setting(scene, PROJ_LIB="/opt/postgis/share/proj", PROJ_DATA="/opt/postgis/share/proj")


@fault("R76", SAME, "QGIS has set GDAL_DATA for its own GDAL")
def _(scene: Scene):
    setting(scene, GDAL_DATA="/opt/qgis/share/gdal")


@fault("R76", SAME, "OSGeo4W has set its own drivers")
def _(scene: Scene):
    setting(scene, GDAL_DRIVER_PATH="/opt/osgeo4w/gdalplugins")


@fault("R80", STOP, "the scenario is of a newer planner")
def _(scene: Scene):
    scene.scenario["schema_version"] = 2


@fault("R80", STOP, "the scenario is of a planner that never was")
def _(scene: Scene):
    scene.scenario["schema_version"] = 0


@fault("R80", STOP, "the version is text")
def _(scene: Scene):
    scene.scenario["schema_version"] = "1"


@fault("R80", STOP, "the version is newer, and has keys that this planner does not know")
def _(scene: Scene):
    scene.scenario |= {"schema_version": 3, "drones": {"file": "drones.csv"}}


@fault("R80", SAME, "the version is not said: the first")
def _(scene: Scene):
    del scene.scenario["schema_version"]


@fault("R81", STOP, "a key is misspelt")
def _(scene: Scene):
    scene.scenario["placement"]["new_chw"] = scene.scenario["placement"].pop("new_chws")


@fault("R81", STOP, "a section is misspelt")
def _(scene: Scene):
    scene.scenario["vilages"] = scene.scenario.pop("villages")


@fault("R81", STOP, "a key stands in another section")
def _(scene: Scene):
    scene.scenario["placement"]["nodata"] = 0
    scene.scenario["population"]["new_chws"] = 5


@fault("R81", STOP, "a word is misspelt")
def _(scene: Scene):
    scene.scenario["reach"] = {"rule": "minuts"}


@fault("R81", STOP, "a key has a capital letter and a hyphen")
def _(scene: Scene):
    scene.scenario["placement"] = {"New-CHWs": 2}


@fault("R81", STOP, "a repair is misspelt")
def _(scene: Scene):
    scene.command = ["check", "scenario.toml", "--fix", "swap-lat-lon"]


@fault("R87", STOP, "inputs are misspelt")
def _(scene: Scene):
    scene.scenario["villages"]["file"] = "Villages.CSV"
    scene.scenario["elevation"]["file"] = "elevations.tif"
    scene.scenario["walking"] = {"speeds": "my_speeds.csv"}


@fault("R87", STOP, "an input is named by a path that leads out of the folder to nothing")
def _(scene: Scene):
    scene.scenario["villages"]["file"] = "../../../x/villages.csv"


@fault("R87", STOP, "an input is named by a path of another computer")
def _(scene: Scene):
    scene.scenario["villages"]["file"] = r"C:\Users\amina\villages.csv"
    scene.scenario["chws"]["file"] = r"\\server\health\chws.csv"


@fault("R87", STOP, "an input is an address of the internet")
def _(scene: Scene):
    scene.scenario["villages"]["file"] = "https://example.org/villages.csv"


@fault("R87", STOP, "an input is a path of GDAL's that reads other files")
def _(scene: Scene):
    scene.scenario["elevation"]["file"] = "/vsicurl/https://example.org/elevation.tif"
    scene.scenario["areas"]["file"] = "/vsizip/areas.zip/areas.geojson"


@fault("R87", STOP, "an input is a folder")
def _(scene: Scene):
    scene.scenario["villages"]["file"] = "."


@fault("R87", STOP, "an input has a zero byte in its name")
def _(scene: Scene):
    scene.scenario["villages"]["file"] = "villages\0.csv"


def packed(scene: Scene, name: str, parts: dict[str, bytes], key: str) -> None:
    """A zip of these parts, as the file of a section."""
    with zipfile.ZipFile(scene.folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    scene.scenario[key]["file"] = name


@fault("R88", STOP, "a small workbook unpacks to hundreds of megabytes")
def _(scene: Scene):
    parts = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(210_000_000)}
    packed(scene, "villages.xlsx", parts, "villages")


@fault("R88", STOP, "a small archive unpacks to hundreds of megabytes")
def _(scene: Scene):
    packed(scene, "areas.zip", {"areas.geojson": b" " * 210_000_000}, "areas")


@fault("R88", STOP, "an archive holds thousands of files")
def _(scene: Scene):
    packed(scene, "areas.zip", {f"{k}.geojson": b"{}" for k in range(3000)}, "areas")


@fault("R88", STOP, "an archive holds an archive")
def _(scene: Scene):
    packed(scene, "inner.zip", {"areas.geojson": (scene.folder / "areas.geojson").read_bytes()}, "areas")
    packed(scene, "areas.zip", {"inner.zip": (scene.folder / "inner.zip").read_bytes()}, "areas")


@fault("R88", STOP, "a file of an archive would be written elsewhere")
def _(scene: Scene):
    packed(scene, "areas.zip", {"../../areas.geojson": b"{}"}, "areas")


@fault("R88", STOP, "a file of an archive is a link to elsewhere")
def _(scene: Scene):
    link = zipfile.ZipInfo("areas.geojson")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(scene.folder / "areas.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    scene.scenario["areas"]["file"] = "areas.zip"


@fault("R88", FIX, "a workbook has a stray cell in its last row and column")
def _(scene: Scene):
    book = openpyxl.Workbook()
    rows = scene.rows("villages.csv")
    for cells in [list(rows[0]), *(list(row.values()) for row in rows)]:
        book.active.append(cells)
    book.active["XFD1048576"] = "x"
    book.save(scene.folder / "villages.xlsx")
    scene.scenario["villages"]["file"] = "villages.xlsx"


@fault("R90", STOP, "a GeoJSON names its reference system by an address of the internet")
def _(scene: Scene):
    document = scene.features("areas.geojson")
    link = {"href": "https://example.org/crs", "type": "ogcwkt"}
    scene.write_features("areas.geojson", document | {"crs": {"type": "link", "properties": link}})


@fault("R90", STOP, "a GeoJSON is a programme of GDAL's that reads an address")
def _(scene: Scene):
    line = "gdal vector pipeline ! read https://example.org/areas.geojson"
    scene.write_features("areas.geojson", {"type": "gdal_streamed_alg", "command_line": line})


@fault("R90", STOP, "OpenStreetMap XML has entities from elsewhere")
def _(scene: Scene):
    path = scene.folder / "roads.osm"
    text = path.read_text(encoding="utf-8")
    entity = '<!DOCTYPE osm [<!ENTITY far SYSTEM "https://example.org/far.txt">]>'
    path.write_text(text.replace("<osm", f"{entity}<osm", 1).replace("M1", "&far;"), encoding="utf-8")


@fault("R90", STOP, "a GeoTIFF is a virtual raster that reads another file")
def _(scene: Scene):
    source = "<SimpleSource><SourceFilename>/etc/passwd</SourceFilename></SimpleSource>"
    band = f'<VRTRasterBand dataType="Byte" band="1">{source}</VRTRasterBand>'
    text = f'<VRTDataset rasterXSize="50" rasterYSize="40">{band}</VRTDataset>'
    (scene.folder / "elevation.tif").write_text(text, encoding="utf-8")


@fault("R95", STOP, "the terminal would be steered by the name of a column")
def _(scene: Scene):
    scene.scenario["villages"]["columns"] = {"name": "\x1b[2J\x1b]0;title\x07name\u202e\r\nplanner: all is well"}


@fault("R95", STOP, "a key of the scenario would write a line of its own")
def _(scene: Scene):
    scene.scenario["reach"] = {"max_minuts\r\n     all is well": 60}


@fault("R95", STOP, "an option would write a line of its own")
def _(scene: Scene):
    scene.command = [*TRAVEL, "--traveller", "on foot\nWrote minutes.tif\x1b[1A"]


@fault("R92", FIX, "a CHW has no place: her name and phone stay in the register")
def _(scene: Scene):
    rows = [row | {"phone": f"+265 999 77660{k}"} for k, row in enumerate(scene.rows("chws.csv"))]
    rows[0] |= {"latitude": "", "longitude": ""}
    scene.write_rows("chws.csv", rows)


@fault("R92", FIX, "the CHWs' coordinates have decimal commas: they are told to a thousandth of a degree")
def _(scene: Scene):
    rows = scene.rows("chws.csv")
    for row in rows:
        row["latitude"] = row["latitude"].replace(".", ",")
    scene.write_rows("chws.csv", rows)


@fault("R92", FIX, "a remark on a CHW stands below the register")
def _(scene: Scene):
    path = scene.folder / "chws.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\nEsther is on leave until May,,,,\n", encoding="utf-8")
