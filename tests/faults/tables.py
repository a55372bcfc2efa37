"""Section C of the fault table, and coordinates as people write them: tables as they come."""

from __future__ import annotations

from collections.abc import Callable

from faults.corpus import FIX, INFO, STOP, fault
from faults.scene import Row, Scene


def rewrite(scene: Scene, name: str, change: Callable[[Row], object]) -> None:
    """Change every row of a CSV."""
    rows = scene.rows(name)
    for row in rows:
        change(row)
    scene.write_rows(name, rows)


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

    rewrite(scene, "villages.csv", change)


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

    rewrite(scene, "chws.csv", change)


@fault("R9", INFO, "one column with latitude and longitude")
def _(scene: Scene):
    rewrite(scene, "villages.csv", lambda row: row.update(GPS=f"{row.pop('latitude')}, {row.pop('longitude')}"))


@fault("R9", STOP, "metres of UTM in the columns of degrees")
def _(scene: Scene):
    rewrite(scene, "villages.csv", lambda row: row.update(latitude="8561500", longitude="608500"))


@fault("R9", STOP, "words, and a letter among the digits")
def _(scene: Scene):
    rows = scene.rows("facilities.csv")
    rows[1]["latitude"], rows[2]["longitude"] = "near the river", "34.O12"
    scene.write_rows("facilities.csv", rows)


@fault("R9", STOP, "letters that say the other axis")
def _(scene: Scene):
    def change(row):
        row["latitude"], row["longitude"] = f"{row['longitude']} E", f"{row['latitude'].strip('-')} S"

    rewrite(scene, "villages.csv", change)
