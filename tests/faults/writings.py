"""Coordinates and numbers as people write them (R9, R44)."""

from __future__ import annotations

from faults.corpus import FIX, INFO, STOP, fault
from faults.scene import Row, Scene
from pyproj import Transformer


def dms(degrees: float, template: str) -> str:
    """Degrees, minutes and seconds of a number, in the words of a template."""
    seconds = round(abs(degrees) * 3600, 2)
    whole, rest = divmod(seconds, 3600)
    return template.format(int(whole), int(rest // 60), round(rest % 60, 2))


@fault("R9", FIX, "degrees, minutes and seconds")
def _(scene: Scene):
    def change(row):
        row["latitude"] = dms(float(row["latitude"]), "{}°{:02d}'{:05.2f}\"S")
        row["longitude"] = dms(float(row["longitude"]), "{}°{:02d}'{:05.2f}\"E")

    scene.rewrite("villages.csv", change)


@fault("R9", FIX, "letters before the degrees, minutes with decimal commas")
def _(scene: Scene):
    rows = scene.rows("facilities.csv")
    rows[0]["latitude"], rows[0]["longitude"] = "S 13 00,325", "E 34 00,425"
    scene.write_rows("facilities.csv", rows)


@fault("R9", FIX, "decimal commas, and Portuguese letters behind")
def _(scene: Scene):
    def change(row):
        row["latitude"] = row["latitude"].strip("-").replace(".", ",") + " S"
        row["longitude"] = row["longitude"].replace(".", ",") + " L"

    scene.rewrite("chws.csv", change)


@fault("R9", INFO, "one column with latitude and longitude")
def _(scene: Scene):
    scene.rewrite("villages.csv", lambda row: row.update(GPS=f"{row.pop('latitude')}, {row.pop('longitude')}"))


@fault("R9", STOP, "metres of UTM in the columns of degrees")
def _(scene: Scene):
    scene.rewrite("villages.csv", lambda row: row.update(latitude="8561500", longitude="608500"))


@fault("R9", STOP, "words, and a letter among the digits")
def _(scene: Scene):
    rows = scene.rows("facilities.csv")
    rows[1]["latitude"], rows[2]["longitude"] = "near the river", "34.O12"
    scene.write_rows("facilities.csv", rows)


@fault("R9", STOP, "letters that say the other axis")
def _(scene: Scene):
    def change(row):
        row["latitude"], row["longitude"] = f"{row['longitude']} E", f"{row['latitude'].strip('-')} S"

    scene.rewrite("villages.csv", change)


def in_metres(scene: Scene, template: str) -> None:
    """Villages in UTM, written by a template with marks."""
    onto = Transformer.from_crs("EPSG:4326", "EPSG:32736", always_xy=True)

    def change(row: Row) -> None:
        x, y = onto.transform(float(row.pop("longitude")), float(row.pop("latitude")))
        row["X"], row["Y"] = (template.format(value) for value in (x, y))

    scene.rewrite("villages.csv", change)
    scene.scenario["villages"] |= {"crs": "EPSG:32736", "columns": {"x": "X", "y": "Y"}}


@fault("R44", FIX, "commas part thousands, points decimals")
def _(scene: Scene):
    in_metres(scene, "{:,.2f}")


@fault("R44", FIX, "spaces that do not break part thousands")
def _(scene: Scene):
    in_metres(scene, "{:,.2f}")
    scene.rewrite("villages.csv", lambda row: row.update(X=french(row["X"]), Y=french(row["Y"])))


def french(number: str) -> str:
    return number.replace(",", "\u202f").replace(".", ",")


@fault("R44", FIX, "apostrophes part thousands")
def _(scene: Scene):
    in_metres(scene, "{:,.1f}")
    scene.rewrite("villages.csv", lambda row: row.update(X=row["X"].replace(",", "’"), Y=row["Y"].replace(",", "’")))


@fault("R44", STOP, "a point that may part thousands or decimals")
def _(scene: Scene):
    in_metres(scene, "{:.3f}")
    scene.rewrite("villages.csv", lambda row: row.update(X=row["X"][:3] + ".125"))


@fault("R44", FIX, "a point that may part thousands or decimals, and the scenario says it")
def _(scene: Scene):
    in_metres(scene, "{:,.0f}")
    scene.rewrite("villages.csv", lambda row: row.update(X=row["X"].replace(",", "."), Y=row["Y"].replace(",", ".")))
    scene.scenario["villages"]["decimal"] = ","


@fault("R44", STOP, "words among the numbers")
def _(scene: Scene):
    in_metres(scene, "{:.1f} m")
