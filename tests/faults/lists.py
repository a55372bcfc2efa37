"""Lists of facilities, villages and CHWs: positions, ids, doubles, capacities (R6, R8, R10-R13, R20, R50, R52)."""

from __future__ import annotations

from faults.corpus import STOP, fault
from faults.scene import Scene


def swap(rows):
    for row in rows:
        row["latitude"], row["longitude"] = row["longitude"], row["latitude"]


@fault("R6", STOP, "latitude and longitude are swapped in one row")
def _(scene: Scene):
    rows = scene.rows("facilities.csv")
    swap(rows[1:2])
    scene.write_rows("facilities.csv", rows)


@fault("R6", STOP, "latitude and longitude are swapped in half of the rows")
def _(scene: Scene):
    rows = scene.rows("villages.csv")
    swap(rows[::2])
    scene.write_rows("villages.csv", rows)


@fault("R6", STOP, "the columns have each other's names")
def _(scene: Scene):
    rows = scene.rows("chws.csv")
    swap(rows)
    scene.write_rows("chws.csv", rows)
