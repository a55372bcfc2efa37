"""Workbooks, and what spreadsheets make of ids and names (R46, R47, R48)."""

from __future__ import annotations

from datetime import datetime

import xlwt
from faults.corpus import FIX, INFO, SAME, STOP, WARN, fault
from faults.scene import Scene
from openpyxl import Workbook


@fault("R46", SAME, "ids with zeros in front, in a CSV without quotes")
def _(scene: Scene):
    scene.rewrite("villages.csv", lambda row: row.update(code="000" + row["code"].strip("V")))


@fault("R46", FIX, "ids that pandas wrote as decimals")
def _(scene: Scene):
    scene.rewrite("facilities.csv", lambda row: row.update(code=f"{int(row['code'])}.0"))


@fault("R46", WARN, "ids that a spreadsheet wrote in short form")
def _(scene: Scene):
    scene.rewrite("villages.csv", lambda row: row.update(code=f"1.2345{row['code'][-1]}E+16"))


@fault("R46", WARN, "some ids that have lost their zero")
def _(scene: Scene):
    rows = scene.rows("facilities.csv")
    rows[-1]["code"] = "201"
    scene.write_rows("facilities.csv", rows)


@fault("R46", FIX, "a workbook that shows numbers with zeros in front")
def _(scene: Scene):
    book = workbook_of(scene, "facilities")
    for (cell,) in book.active.iter_rows(min_row=2, max_col=1):
        cell.value, cell.number_format = int(cell.value), "0000"
    save(scene, "facilities", book)


@fault("R46", WARN, "a workbook with ids of sixteen digits as numbers")
def _(scene: Scene):
    book = workbook_of(scene, "villages")
    for number, (cell,) in enumerate(book.active.iter_rows(min_row=2, max_col=1)):
        cell.value = 1234567890123450 + 10 * number
    save(scene, "villages", book)


@fault("R47", SAME, "a village that is called NA")
def _(scene: Scene):
    rows = scene.rows("villages.csv")
    rows[3]["name"] = "NA"
    scene.write_rows("villages.csv", rows)


@fault("R47", FIX, "words for nothing in a column of names")
def _(scene: Scene):
    rows = scene.rows("villages.csv")
    rows[2]["name"], rows[3]["name"] = "N/A", "sans objet"
    scene.write_rows("villages.csv", rows)


@fault("R47", FIX, "words for nothing in columns of numbers")
def _(scene: Scene):
    rows = scene.rows("villages.csv")
    rows[2]["latitude"], rows[2]["longitude"], rows[4]["latitude"] = "NA", "n.d.", "NULL"
    scene.write_rows("villages.csv", rows)


@fault("R47", STOP, "words for nothing in a column of ids")
def _(scene: Scene):
    rows = scene.rows("facilities.csv")
    rows[1]["code"] = "-"
    scene.write_rows("facilities.csv", rows)


def workbook_of(scene: Scene, name: str) -> Workbook:
    """A list as a workbook: coordinates are numbers in it, the rest is text."""
    book = Workbook()
    rows = scene.rows(f"{name}.csv")
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append([float(cell) if key.endswith("itude") else cell for key, cell in row.items()])
    return book


def save(scene: Scene, name: str, book: Workbook) -> None:
    """Let the scenario read a workbook in place of a CSV."""
    book.save(scene.folder / f"{name}.xlsx")
    scene.scenario[name]["file"] = f"{name}.xlsx"


@fault("R48", INFO, "titles and a blank row above the header")
def _(scene: Scene):
    book = workbook_of(scene, "facilities")
    book.active.insert_rows(1, 3)
    book.active["A1"], book.active["A2"], book.active["C2"] = "MINISTRY OF HEALTH", "Health facilities", "2026"
    save(scene, "facilities", book)


@fault("R48", INFO, "two header rows with merged groups")
def _(scene: Scene):
    book = workbook_of(scene, "facilities")
    page = book.active
    page.insert_rows(1)
    page["A1"], page["D1"] = "Facility", "Coordinates (WGS 84)"
    page.merge_cells("A1:C1")
    page.merge_cells("D1:E1")
    save(scene, "facilities", book)


@fault("R48", FIX, "cells merged over rows")
def _(scene: Scene):
    book = workbook_of(scene, "facilities")
    book.active["C2"], book.active["C3"] = "Health Centre", None
    book.active.merge_cells("C2:C3")
    save(scene, "facilities", book)


@fault("R48", FIX, "headings of districts merged over the table")
def _(scene: Scene):
    book = workbook_of(scene, "villages")
    book.active.insert_rows(2)
    book.active["A2"] = "Traditional Authority Chakhaza"
    book.active.merge_cells("A2:D2")
    save(scene, "villages", book)


@fault("R48", FIX, "totals, and notes below the table")
def _(scene: Scene):
    book = workbook_of(scene, "facilities")
    for row in (["TOTAL GENERAL", "4 facilities"], [], ["Source: DHIS2, 2026"], ["* provisional"]):
        book.active.append(row)
    save(scene, "facilities", book)


@fault("R48", WARN, "hidden rows, and a hidden column")
def _(scene: Scene):
    book = workbook_of(scene, "villages")
    book.active.row_dimensions[4].hidden = book.active.column_dimensions["A"].hidden = True
    save(scene, "villages", book)


@fault("R48", WARN, "names that became dates")
def _(scene: Scene):
    book = workbook_of(scene, "villages")
    book.active["B3"] = datetime(2026, 3, 2)
    save(scene, "villages", book)


@fault("R48", INFO, "several sheets, the list in the second, blank rows in it")
def _(scene: Scene):
    book = workbook_of(scene, "villages")
    book.active.title = "Villages 2026"
    book.active.insert_rows(4, 2)
    about = book.create_sheet("Read me", 0)
    about["A1"], about["A2"] = "How to fill in this form", "Ask the office"
    save(scene, "villages", book)


@fault("R48", SAME, "numbers stored as text")
def _(scene: Scene):
    book = workbook_of(scene, "villages")
    for row in book.active.iter_rows(min_row=2, min_col=3):
        for cell in row:
            cell.value = str(cell.value)
    save(scene, "villages", book)


@fault("R48", SAME, "an old workbook (.xls)")
def _(scene: Scene):
    old = xlwt.Workbook()
    page = old.add_sheet("Villages")
    for at, row in enumerate(workbook_of(scene, "villages").active.values):
        for column, value in enumerate(row):
            page.write(at, column, value)
    old.save(scene.folder / "villages.xls")
    scene.scenario["villages"]["file"] = "villages.xls"


@fault("R48", STOP, "a workbook locked by a password")
def _(scene: Scene):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    (scene.folder / "villages.xlsx").write_bytes(content)
    scene.scenario["villages"]["file"] = "villages.xlsx"


@fault("R48", STOP, "a web page under the name of a workbook")
def _(scene: Scene):
    (scene.folder / "villages.xls").write_text("<html><table><tr><td>Code</td></tr></table></html>")
    scene.scenario["villages"]["file"] = "villages.xls"
