"""500 hostile texts in every text of every input, through a run, all exports and a comparison, opened as readers do.

    python tests/outputs/attack.py [RUNS]

Each of RUNS (25) districts has a share of the payloads in every text, another one in each; over all runs every payload
was everywhere. Then ten runs of one district, in other processes, languages, time zones and threads: the same bytes.
Prints what was found; the exit code is 1 where that is not nothing.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, cycle
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import openpyxl
import pyogrio
from faults import scene
from lxml import etree
from test_environment import ENVIRONMENTS, everything

from outputs import hostile_run, payloads
from outputs.browser import SETTLE, Browser, program
from outputs.pdfs import letters, objects, pages
from outputs.test_hostile import ALL_TEXT, SHOW_ALL
from planner.outputs.exports.run import Run
from planner.outputs.single import FORMULA_SIGNS, plain_text

STRICT = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
PLANTED = (
    "iframe, object, embed, video, marquee, base, math, template, noscript, [http-equiv=refresh], [onerror], [onload], "
    "[ontoggle], [onfocus], [onmouseover], [onclick], [onstart], [href^='javascript'], [href*='example.org'], "
    "[src*='example.org'], [src=x], [style*=expression]"
)
ACTS_IN_PDF = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/OpenAction", b"/EmbeddedFile", b"/SubmitForm")
SECRET = b"root:x:0:0"  # how /etc/passwd begins
CALC = (".csv", ".xlsx")
Found = Iterator[str]


def shares(all_texts: tuple[str, ...], runs: int) -> list[str]:
    """The payloads, parted: every one stands in one share, and each share begins with one of another kind."""
    return [" ".join(all_texts[k::runs]) for k in range(runs)]


def seen(text: str) -> str:
    """What stays of a text wherever it is shown: no spaces, nothing that cannot be seen."""
    return "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char)[0] not in "CZ")


def wrong_in(folder: Path, browser: Browser | None) -> Found:
    """What is not as it should be in a folder that `hostile_run.everything` filled."""
    run = Run.open(folder / "run")
    files = [path for path in folder.rglob("*") if path.is_file() and path.is_relative_to(folder)]
    outputs = [path for path in files if {"run", "exports"} & set(path.relative_to(folder).parts[:1])]
    yield from stolen([*outputs, folder / "compare.html"])
    yield from lists(folder, run)
    yield from of_xml(outputs)
    yield from of_tables(folder, run)
    yield from of_layers(folder, run)
    yield from of_pdf(outputs, run)
    yield from of_packages(path for path in outputs if path.suffix in (".xlsx", ".pptx"))
    for path in outputs:
        if path.suffix in (".json", ".geojson"):
            json.loads(path.read_text(encoding="utf-8"))
    if browser:
        yield from in_browser(folder, run, browser)


def stolen(files: Iterable[Path]) -> Found:
    """Something read, or run."""
    for path in files:
        contents = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                contents += [packed.read(name) for name in packed.namelist()]
        if any(SECRET in content for content in contents):
            yield f"{path.name} holds /etc/passwd"
    if Path("ran").exists():
        yield "a command ran"


def names(run: Run, table: str, column: str) -> list[str]:
    return [str(name) for name in run.table(table)[column] if name != "scattered"]


def told(run: Run) -> list[str]:
    """Names that every report tells: of the facilities that CHWs refer to."""
    return [name for name in names(run, "referral", "facility") if name]


def lists(folder: Path, run: Run) -> Found:
    """Names of the lists that are not in the plan as they were."""
    (villages,) = (path for path in folder.glob("*.csv") if ",language" in path.read_text(encoding="utf-8"))
    for table, column, path in (
        ("facilities", "facility", folder / "facilities.csv"),
        ("villages", "village", villages),
    ):
        known = {seen(name) for name in names(run, table, column)}
        with path.open(encoding="utf-8", newline="") as file:
            yield from (
                f"{table}: {row['name'][:80]!r} is not there"
                for row in csv.DictReader(file)
                if seen(row["name"]) not in known
            )


def of_xml(files: Iterable[Path]) -> Found:
    """XML that does not parse, or has what only a payload writes."""
    for path in files:
        documents = [path.read_bytes()] if path.suffix in (".gpx", ".kml", ".qml", ".sld", ".svg", ".xml") else []
        if path.suffix == ".qgz":
            with zipfile.ZipFile(path) as packed:
                documents += [packed.read(name) for name in packed.namelist() if name.endswith((".qgs", ".xml"))]
        for document in documents:
            try:
                root = etree.fromstring(document, STRICT)
            except etree.XMLSyntaxError as error:
                yield f"{path.name}: {error}"
                continue
            if root.getroottree().docinfo.internalDTD is not None and path.suffix not in (".qml", ".qgz"):
                yield f"{path.name} has a document type"
            tags = {etree.QName(each).localname for each in root.iter(etree.Element)}
            if planted := tags & {"script", "iframe", "img", "b", "font", "include", "x", "a"}:
                yield f"{path.name} has {planted}"


def of_tables(folder: Path, run: Run) -> Found:
    """Cells that act, and names that the workbook does not have."""
    book = openpyxl.load_workbook(folder / "run" / "tables.xlsx", rich_text=True)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    yield from (f"tables.xlsx: {cell.value!r} is live" for cell in cells if cell.data_type not in "snb")
    yield from (
        f"tables.xlsx leads to {cell.hyperlink.target}"
        for cell in cells
        if cell.hyperlink and not cell.hyperlink.location
    )
    written = {seen(re.sub(r"_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), str(cell.value))) for cell in cells}
    for table, column in (("villages", "village"), ("facilities", "facility"), ("posts", "village")):
        yield from (
            f"tables.xlsx: {name[:80]!r} is not there"
            for name in names(run, table, column)
            if seen(name) not in written
        )
    for path in (folder / "run" / "tables").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        yield from (f"{path.name}: a row of {len(row)}" for row in rows if len(row) != len(rows[0]))
        yield from (f"{path.name}: {cell[:80]!r} is live" for row in rows for cell in row if live(cell))


def live(cell: str) -> bool:
    """Whether a spreadsheet takes a cell of a CSV for a formula."""
    return cell.lstrip().startswith(FORMULA_SIGNS) and plain_text(cell) != cell


def of_layers(folder: Path, run: Run) -> Found:
    """GeoPackage and GeoJSON, read back."""
    path = folder / "run" / "layers.gpkg"
    with sqlite3.connect(path) as database:
        if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            yield "layers.gpkg is damaged"
    for layer, column, table in (
        ("villages", "name", "village"),
        ("facilities", "name", "facility"),
        ("posts", "name", "village"),
    ):
        read = pyogrio.read_dataframe(path, layer=layer)
        have = {seen(str(name)) for name in read[column if column in read else table]}
        yield from (
            f"layers.gpkg: {name[:80]!r} is not there" for name in names(run, layer, table) if seen(name) not in have
        )
    for path in (folder / "exports" / "dhis2").glob("*.geojson"):
        pyogrio.read_dataframe(path)


def of_pdf(files: Iterable[Path], run: Run) -> Found:
    """PDF that acts, or has not the names."""
    for path in files:
        if path.suffix != ".pdf":
            continue
        held = objects(path)
        yield from (f"{path.name} has {act.decode()}" for act in ACTS_IN_PDF if act in held)
        if b"example.org" in b"".join(re.findall(rb"/URI ?\(.*?\)", held)):
            yield f"{path.name} leads to example.org"
        if path.name == "report.pdf" and shutil.which("pdftotext"):
            text = letters(" ".join(pages(path)))
            words = [word for name in told(run) for word in re.findall(r"[!-~]{4,24}", name)]
            lost = [word for word in words if word not in text]
            if len(lost) > 0.02 * len(words):  # a page may end within a word
                yield f"report.pdf has not {lost[:5]}"


def of_packages(files: Iterable[Path]) -> Found:
    """Links to elsewhere, and XML that does not parse, in workbooks and slides."""
    for path in files:
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                if name.endswith((".rels", ".xml")):
                    root = etree.fromstring(packed.read(name), STRICT)
                    yield from (
                        f"{path.name} leads to {each.get('Target')}"
                        for each in root.iter()
                        if each.get("TargetMode") == "External"
                    )
                if name.endswith((".bin", ".vml")) and "printerSettings" not in name:
                    yield f"{path.name} has {name}"


def in_browser(folder: Path, run: Run, browser: Browser) -> Found:
    """Pages in Chromium: nothing ran, complained, was asked for or planted, and names are as they were."""
    named = {
        "run/map.html": (SHOW_ALL, (*names(run, "villages", "village"), *names(run, "facilities", "facility"))),
        "run/report.html": (ALL_TEXT, told(run)),
        **{f"run/reports/{path.name}": (ALL_TEXT, ()) for path in (folder / "run" / "reports").iterdir()},
        "compare.html": (ALL_TEXT, (run.plan["title"],)),
    }
    for page, (script, wanted) in named.items():
        path = folder / page
        browser.open(path, 1400, 900)
        texts = browser.run(f"{SETTLE} {script} return texts;")
        planted = browser.run(
            f'return Array.from(document.querySelectorAll("{PLANTED}"), (each) => each.outerHTML.slice(0, 120))'
        )
        yield from (f"{page} has {each}" for each in planted)
        if browser.run("return window.ran") is not None:
            yield f"{page} ran a payload"
        yield from (f"{page} complains: {json.dumps(each)[:300]}" for each in browser.complaints())
        asked = [url for url in browser.asked_for() if not url.startswith(("data:", "blob:", path.as_uri()))]
        yield from (f"{page} asked for {url}" for url in asked)
        if any(event.get("method") == "Page.javascriptDialogOpening" for event in browser.events):
            yield f"{page} opened a dialog"
        shown = seen(" ".join(texts))
        yield from (f"{page}: {name[:80]!r} is not shown" for name in wanted if seen(name) not in shown)


def in_office(folder: Path) -> Found:
    """Workbooks, tables and slides in LibreOffice: they open, and nothing in them is a formula."""
    opened = folder / "opened"
    office = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to"]
    tables = sorted((folder / "run" / "tables").glob("*.csv"))
    asked = [(("fods", folder / "run" / "tables.xlsx", *tables), "fods")]
    asked += [(("pdf", path), "pdf") for path in folder.glob("exports/*/*.pptx")]
    for (kind, *paths), ending in asked:
        done = subprocess.run(
            [*office, kind, "--outdir", opened, *paths], capture_output=True, check=False, timeout=300
        )
        for path in paths:
            made = opened / f"{path.stem}.{ending}"
            if not made.exists():
                yield f"LibreOffice does not open {path.name}: {done.stderr.decode()[-200:]}"
            elif ending == "fods" and (live := re.findall(r'table:formula="[^"]*"', made.read_text(encoding="utf-8"))):
                yield f"{path.name} in LibreOffice: {live[0]}"


def attack(texts: tuple[str, ...], runs: int, folder: Path, browser: Browser | None) -> Found:
    """So many districts, one after the other."""
    parts = shares(texts, runs)
    for number in range(runs):
        place = folder / str(number)
        place.mkdir()
        try:
            scenario = hostile_run.make(place, lambda n, first=number: parts[(n + first) % runs])
            hostile_run.everything(scenario, place)
            yield from (f"run {number}: {what}" for what in wrong_in(place, browser))
            if shutil.which("soffice"):
                yield from (f"run {number}: {what}" for what in in_office(place))
        except Exception as error:  # whatever it is, it is what was looked for
            yield f"run {number}: {type(error).__name__}: {str(error)[-1500:]}"
        print(f"run {number} of {runs}", file=sys.stderr, flush=True)
        shutil.rmtree(place, ignore_errors=True)


def ten_runs(folder: Path) -> Found:
    """What differs between ten runs of one district, with their exports, in other processes and surroundings."""
    made = scene.make(folder)
    made.write_scenario()
    seeds = [{"PYTHONHASHSEED": str(seed), "NUMBA_NUM_THREADS": str(1 + seed % 2)} for seed in range(10)]
    surroundings = [seed | surrounding for seed, surrounding in zip(seeds, cycle([{}, *ENVIRONMENTS.values()]))]
    first: dict[str, bytes] = {}
    for number, surrounding in enumerate(surroundings):
        (folder / str(number)).mkdir()
        there = everything(folder, folder / str(number), surrounding)
        first = first or there
        names_there = sorted(name for name in first.keys() | there.keys() if first.get(name) != there.get(name))
        yield from (f"{name} is not the same in run {number}" for name in names_there)
        print(f"the same bytes: {number}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    count, found = int(sys.argv[1]) if sys.argv[1:] else 25, 0
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        chromium = Browser(program(), Path(name) / "chromium") if program() else None
        (Path(name) / "same").mkdir()
        for what in chain(attack(payloads.ALL, count, Path(name), chromium), ten_runs(Path(name) / "same")):
            print(what, flush=True)
            found += 1
        if chromium:
            chromium.close()
    print(f"{len(payloads.ALL)} payloads in every text of {count} districts: {found} found")
    sys.exit(bool(found))
