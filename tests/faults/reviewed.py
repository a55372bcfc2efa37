"""What a planner does with a review: have it written, edit it, name it in the scenario, check again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from faults.scene import Scene
from openpyxl import load_workbook

from planner import pipeline
from planner.errors import Doubt, InputFaults
from planner.pipeline.ground import Ground
from planner.types.lists import REVIEW

Edit = Callable[[dict[str, list[dict]]], None]


def check(scene: Scene, review: Path | None = None) -> tuple[Ground | None, tuple, tuple[Doubt, ...]]:
    """What was read (None where there are faults), the faults, and the rows to be looked at."""
    scene.write_scenario()
    try:
        base = pipeline.check(scene.folder / "scenario.toml", review=review)
    except InputFaults as found:
        return None, found.faults, found.doubts
    return base, (), base.doubts


def reviewed(scene: Scene, name: str = "review.xlsx", edit: Edit = lambda sheets: None) -> dict[str, list[dict]]:
    """Have the review written, edited and named in the scenario; its rows by sheet, as given back."""
    path = scene.folder / name
    check(scene, path)
    if not path.exists():
        return {}
    book = load_workbook(path)
    sheets = {sheet.title: rows_of(sheet) for sheet in book if sheet.title != "README"}
    edit(sheets)
    for role, rows in sheets.items():
        page = book[role]
        page.delete_rows(2, page.max_row)
        for row in rows:
            page.append([row[key] for key in REVIEW])
        scene.scenario[role]["review"] = name
    book.save(path)
    return sheets


def rows_of(sheet) -> list[dict]:
    """Rows of a sheet by the keys of their columns."""
    header, *rows = sheet.iter_rows(values_only=True)
    assert list(header) == list(REVIEW.values())
    return [dict(zip(REVIEW, row, strict=True)) for row in rows]


def told_rows(notes, role: str) -> list[str]:
    """The rows that notes on a list name: ``row 14 "CS Mbale"``."""
    return [change.place for note in notes if note.where.startswith(role) for change in note.changes]
