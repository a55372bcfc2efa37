"""The run folder, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from planner.errors import Fault, InputFaults
from planner.outputs import place
from planner.types.results import Plan

MARK = "plan.json"  # a folder that holds it is a run folder and may be replaced
REVIEW = "facilities_review.xlsx"  # written where there are rows to be looked at
LOGO = "logo.png"  # written where the scenario has one
REPORTS = "reports"  # the report in the languages that the scenario does not ask for
OURS = (
    MARK, "map.html", "report.html", "tables.xlsx", "tables", "layers.gpkg", "plan.qgz", "rasters", "scenario.toml",
    "log.txt", REVIEW, LOGO, REPORTS,
)  # fmt: skip
PASSING = (".", "~", "Thumbs.db", "desktop.ini")  # begin the names of what other programs leave in a folder
FIXED, A_CELL, OF_LINES = 20_000_000, 12, 2  # bytes; what two districts took stands in `size`


def size(cells: int, lines_bytes: int = 0) -> int:
    """Bytes that a run folder may take, by the cells of the plan and the size of the files of roads and water.

    Measured: 7.4 MB for the demo's 435,600 cells, nearly all of them within reach, 11 bytes a cell in its rasters;
    7.0 MB for the 2,001,520 cells of the Comoros, most of them sea, and 3.4 MB of roads.
    """
    return FIXED + A_CELL * cells + OF_LINES * lines_bytes


@contextmanager
def reserved(folder: Path, needed_bytes: int = 0) -> Iterator[None]:
    """Hold the place of a run folder from before hours of computing until it is written; see `place.reserved`.

    Raises InputFaults also where a run folder cannot stand: at a file, or a folder with other things in it.
    """
    with place.reserved(folder, needed_bytes) as whole_path:
        _check_content(whole_path)
        yield


def write(
    plan: Plan, folder: Path, *, scenario_toml: str, log: Sequence[str], tell: Callable[[str], None] = lambda _: None
) -> None:
    """Write the run folder: report, map, workbook, layers, rasters, plan.json, scenario and log.

    Parameters
    ----------
    plan
        What is written.
    folder
        Where it shall stand. A run folder that stands there is replaced; anything else is left alone.
    scenario_toml
        Text of the scenario as used.
    log
        Lines of log.txt.
    tell
        Called with what is left out of a file because it would be too large; may add to the log.

    Raises
    ------
    InputFaults
        Where the folder holds something else, or cannot be written. What stood there stands there still.
    """
    folder = Path(folder).resolve()
    _check_content(folder)
    part = place.passing(folder, "part")
    try:
        with place.told(folder, size(plan.land.frame.n)):
            folder.parent.mkdir(parents=True, exist_ok=True)
            part.mkdir()
            _write_files(plan, part, scenario_toml, log, tell)
            place.flush(part)
            place.settle(part, folder)
    finally:
        place.remove(part)


def _check_content(folder: Path) -> None:
    choose = "Choose another folder."
    if folder.is_dir():
        if any(folder.iterdir()) and not (folder / MARK).is_file():
            raise InputFaults([Fault(str(folder), f"is not empty and no run folder (it has no {MARK}).", choose)])
        others = sorted(path.name for path in folder.iterdir() if not path.name.startswith((*OURS, *PASSING)))
        if others:
            what = f"is a run folder, but also holds {', '.join(others[:3])}: all of it would be replaced."
            raise InputFaults([Fault(str(folder), what, "Move these files elsewhere, or choose another folder.")])
        if _edited(folder):
            what = f"holds {REVIEW} with changes that somebody made: it would be replaced."
            raise InputFaults(
                [Fault(str(folder), what, "Move it beside the scenario, and give it there as the review.")]
            )
    elif folder.exists():
        raise InputFaults([Fault(str(folder), "is a file, a folder is expected.", choose)])


def _edited(folder: Path) -> bool:
    """Whether somebody changed the review since the planner wrote it."""
    if not (folder / REVIEW).is_file():
        return False
    try:
        written = json.loads((folder / MARK).read_text(encoding="utf-8"))["files"][REVIEW]
    except (ValueError, KeyError):
        return True
    return bool(written != hashlib.sha256((folder / REVIEW).read_bytes()).hexdigest())


def _write_files(plan: Plan, folder: Path, scenario_toml: str, log: Sequence[str], tell: Callable[[str], None]) -> None:
    from planner.outputs.csv_tables import write_csv_tables
    from planner.outputs.geopackage import write_geopackage
    from planner.outputs.language import LANGUAGES, speaking, spoken
    from planner.outputs.layers import layers
    from planner.outputs.map import map_html
    from planner.outputs.plan_json import plan_json
    from planner.outputs.qgis import write_project, write_raster_styles
    from planner.outputs.rasters import write_rasters
    from planner.outputs.report import report_html
    from planner.outputs.review import write_review
    from planner.outputs.tables import tables, write_workbook
    from planner.outputs.verify import hashes

    write_rasters(plan, folder / "rasters")
    named = layers(plan)
    with speaking(plan.scenario.report.language):
        write_raster_styles(plan, folder / "rasters")
        write_geopackage(named, folder / "layers.gpkg", plan.provenance.date)
        write_project(plan, named, folder / "plan.qgz")
    sheets = tables(plan)  # in English, whatever is spoken: scripts go by their columns and words
    write_csv_tables(plan, sheets, folder / "tables")
    with speaking(plan.scenario.report.language):
        write_workbook(plan, sheets if spoken() == "en" else tables(plan), folder / "tables.xlsx")
    if plan.doubts:
        write_review(plan.doubts, folder / REVIEW, title=plan.scenario.title, date=plan.provenance.date)
    if plan.logo:
        (folder / LOGO).write_bytes(plan.logo)
    (folder / REPORTS).mkdir()
    others = [each for each in LANGUAGES if each != plan.scenario.report.language]
    for name, text in (
        ("map.html", map_html(plan, tell)),
        ("report.html", report_html(plan)),
        *((f"{REPORTS}/{language}.html", report_html(plan, language)) for language in others),
        ("scenario.toml", scenario_toml),
        ("log.txt", "".join(f"{line}\n" for line in log)),
    ):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / MARK).write_text(plan_json(plan, hashes(folder)), encoding="utf-8", newline="\n")
