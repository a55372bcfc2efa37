"""People: on barriers (R40), rescaled to totals by area, children by area, and the list of their villages."""

from __future__ import annotations

from faults.corpus import FIX, INFO, STOP, WARN, fault
from faults.scene import CENTRES, STEP, WEST, Scene, at


def flood(scene: Scene, *towns: str) -> None:
    """Put villages under the permanent water of the land cover."""
    cover, _ = scene.raster("cover.tif")
    for town in towns:
        row, col = CENTRES[town]
        cover[row - 1 : row + 2, col - 1 : col + 2] = 80
    scene.write_raster("cover.tif", cover)


def write(scene: Scene, name: str, text: str) -> None:
    (scene.folder / name).write_text(text, encoding="utf-8")


@fault("R40", WARN, "a village lies in a lake of the land cover")
def _(scene: Scene):
    flood(scene, "Lobi")


@fault("R40", WARN, "a closed area lies over half of the district")
def _(scene: Scene):
    ring = [at(row, col) for row, col in ((-1, -1), (-1, 24), (41, 24), (41, -1), (-1, -1))]
    closed = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    scene.write_features("closed.geojson", {"type": "FeatureCollection", "features": [closed]})
    scene.scenario["season"] = {"no_go": "closed.geojson"}


@fault("R40", FIX, "a village in a lake is moved to the shore on request")
def _(scene: Scene):
    flood(scene, "Lobi")
    scene.scenario["population"]["off_barriers_metres"] = 300.0


@fault("R40", WARN, "the shore is farther than people are moved")
def _(scene: Scene):
    flood(scene, "Lobi", "Dowa")
    scene.scenario["population"]["off_barriers_metres"] = 95.0


@fault("R40", WARN, "the areas leave out a village")
def _(scene: Scene):
    areas = scene.features("areas.geojson")
    west, _ = areas["features"]
    for corner in west["geometry"]["coordinates"][0]:
        corner[0] = max(corner[0], WEST + 12 * STEP)
    scene.write_features("areas.geojson", areas)


@fault("R40", WARN, "a village stands on an island without a facility: the run counts it as unreachable")
def _(scene: Scene):
    cover, _ = scene.raster("cover.tif")
    row, col = CENTRES["Nkhoma"]
    cover[row - 3 : row + 4, col - 3 : col + 4] = 80
    cover[row - 1 : row + 2, col - 1 : col + 2] = 40
    scene.write_raster("cover.tif", cover)
    scene.write_rows("facilities.csv", [each for each in scene.rows("facilities.csv") if "Nkhoma" not in each["name"]])
    scene.command = ["run", "scenario.toml", "--out", "plan"]


@fault("P1", FIX, "people are multiplied to the totals of a census")
def _(scene: Scene):
    write(scene, "census.csv", "Ward;Population 2026\nWEST;800\nEast;900\n")
    scene.scenario["population"] |= {"totals": "census.csv", "totals_columns": {"people": "Population 2026"}}


@fault("P1", WARN, "a total is five times the people of the raster")
def _(scene: Scene):
    write(scene, "census.csv", "code,people\nW1,540\nW2,3000\n")
    scene.scenario["population"]["totals"] = "census.csv"


@fault("P1", STOP, "an area is missing, another is misspelled, a third stands twice")
def _(scene: Scene):
    write(scene, "census.csv", "code,name,people\nW1,West,540\nW1,West,600\n,Est,700\n")
    scene.scenario["population"]["totals"] = "census.csv"


@fault("P1", WARN, "other areas are left out and missing ones stay, on request")
def _(scene: Scene):
    write(scene, "census.csv", "code,name,people\nW1,West,540\nX9,Elsewhere,600\n")
    scene.scenario["population"]["totals"] = "census.csv"
    scene.command += ["--fix", "keep-missing-areas", "--fix", "ignore-other-areas"]


@fault("P1", STOP, "numbers that are none, and a table without the people")
def _(scene: Scene):
    write(scene, "census.csv", "code,people\nW1,about 500\nW2,-3\n")
    write(scene, "u5.csv", "code,kids\nW1,80\nW2,70\n")
    scene.scenario["population"] |= {"totals": "census.csv", "under_five_table": "u5.csv"}


@fault("P1", STOP, "growth without the year of the raster")
def _(scene: Scene):
    del scene.scenario["population"]["year"]
    scene.scenario["population"] |= {"growth_per_year": 0.03, "to_year": 2030}


@fault("P1", FIX, "the raster's people grow to the year of the plan")
def _(scene: Scene):
    scene.scenario["population"] |= {"year": 2020, "growth_per_year": 0.03, "to_year": 2026}


@fault("P2", FIX, "under-fives by area in percent")
def _(scene: Scene):
    write(scene, "u5.csv", "Ward,Under five share\nWest,17.5 %\nEast,15 %\n")
    scene.scenario["population"]["under_five_table"] = "u5.csv"


@fault("P2", WARN, "half of the people of an area are under five")
def _(scene: Scene):
    write(scene, "u5.csv", "code,under fives\nW1,360\nW2,60\n")
    scene.scenario["population"]["under_five_table"] = "u5.csv"


@fault("P2", STOP, "more children than people")
def _(scene: Scene):
    write(scene, "u5.csv", "code,under fives\nW1,3600\nW2,60\n")
    scene.scenario["population"]["under_five_table"] = "u5.csv"


@fault("P2", STOP, "shares and percents in one column")
def _(scene: Scene):
    write(scene, "u5.csv", "code,share\nW1,17\nW2,0.15\n")
    scene.scenario["population"]["under_five_table"] = "u5.csv"


@fault("P2", STOP, "a raster and a table of children")
def _(scene: Scene):
    write(scene, "u5.csv", "code,share\nW1,0.17\nW2,0.16\n")
    scene.scenario["population"] |= {"under_five_table": "u5.csv", "under_five_file": "population.tif"}


def without_coordinates(scene: Scene, *towns: str) -> None:
    """Take the coordinates out of rows of the list, and give the places of a second source."""
    rows = scene.rows("villages.csv")
    places = [{**row, "name": row["name"].upper()} for row in rows]
    for row in rows:
        if row["name"] in towns or not towns:
            row["latitude"] = row["longitude"] = ""
    scene.write_rows("villages.csv", rows)
    scene.write_rows("places.csv", places)
    scene.scenario["villages"]["gazetteer"] = "places.csv"


@fault("P3", FIX, "two villages of the list have no coordinates and are found by name")
def _(scene: Scene):
    without_coordinates(scene, "Lobi", "Dowa")


@fault("P3", FIX, "the list has no coordinates at all, and one name is spelled in another way")
def _(scene: Scene):
    without_coordinates(scene)
    rows = scene.rows("villages.csv")
    for row in rows:
        del row["latitude"], row["longitude"]
    rows[1]["name"] = "Chipungah"
    scene.write_rows("villages.csv", rows)


@fault("P3", WARN, "two places have the name of a village without coordinates")
def _(scene: Scene):
    without_coordinates(scene, "Lobi")
    places = scene.rows("places.csv")
    scene.write_rows("places.csv", [*places, {**places[0], "code": "V9", "name": "LOBI"}])


@fault("P3", WARN, "the name is only a little like one, and another is in another ward")
def _(scene: Scene):
    without_coordinates(scene, "Lobi", "Mponela")
    rows = [row | {"ward": "West"} for row in scene.rows("villages.csv")]
    rows[5]["name"] = "Loby"
    scene.write_rows("villages.csv", rows)


@fault("P3", STOP, "the list has no coordinates, and there is nothing to look its names up in")
def _(scene: Scene):
    rows = scene.rows("villages.csv")
    for row in rows:
        del row["latitude"], row["longitude"]
    scene.write_rows("villages.csv", rows)
    scene.scenario["roads"] = {}


@fault("P4", WARN, "a village stands where nobody lives")
def _(scene: Scene):
    rows = scene.rows("villages.csv")
    rows[5]["longitude"], rows[5]["latitude"] = at(28, 25)
    scene.write_rows("villages.csv", rows)


@fault("P4", WARN, "a name stands twice in one ward")
def _(scene: Scene):
    rows = scene.rows("villages.csv")
    rows[5]["name"] = "mbale"
    scene.write_rows("villages.csv", rows)


@fault("P4", WARN, "the list says five times as many people as the raster")
def _(scene: Scene):
    scene.write_rows("villages.csv", [row | {"population": "900"} for row in scene.rows("villages.csv")])


@fault("P4", INFO, "people live where the list has no village")
def _(scene: Scene):
    scene.write_rows("villages.csv", scene.rows("villages.csv")[:4])


@fault("P4", WARN, "numbers of people that are none")
def _(scene: Scene):
    rows = [row | {"population": "180"} for row in scene.rows("villages.csv")]
    rows[0]["population"], rows[1]["population"] = "about 200", "-5"
    scene.write_rows("villages.csv", rows)
