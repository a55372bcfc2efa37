"""Lists of facilities, villages and CHWs: positions, ids, doubles, capacities (R6, R8, R10-R13, R20, R50, R52)."""

from __future__ import annotations

from faults.corpus import FIX, SAME, STOP, WARN, fault
from faults.scene import CENTRES, NORTH, NX, NY, STEP, WEST, Row, Scene, at


def spoil(scene: Scene, change, name: str = "facilities.csv") -> None:
    """Let a function change the rows of a list."""
    rows = scene.rows(name)
    scene.write_rows(name, change(rows) or rows)


def put(row: Row, cell: tuple[float, float]) -> None:
    """Move a row to a cell, which may lie off the raster."""
    row["longitude"], row["latitude"] = at(*cell)


def swap(rows: list[Row]) -> None:
    for row in rows:
        row["latitude"], row["longitude"] = row["longitude"], row["latitude"]


@fault("R6", STOP, "latitude and longitude are swapped in one row")
def _(scene: Scene):
    spoil(scene, lambda rows: swap(rows[1:2]))


@fault("R6", STOP, "latitude and longitude are swapped in half of the rows")
def _(scene: Scene):
    spoil(scene, lambda rows: swap(rows[::2]), "villages.csv")


@fault("R6", STOP, "the columns have each other's names")
def _(scene: Scene):
    spoil(scene, swap, "chws.csv")


@fault("R6", FIX, "swapped in all rows, and the user agrees to swap them")
def _(scene: Scene):
    spoil(scene, swap)
    scene.command += ["--fix", "swap-latlon"]


@fault("R6", FIX, "swapped in a GeoJSON, and the scenario agrees to swap them")
def _(scene: Scene):
    rows = scene.rows("facilities.csv")
    swap(rows[:1])
    scene.write_features("facilities.geojson", points(rows))
    scene.scenario["facilities"]["file"] = "facilities.geojson"
    scene.scenario["fixes"] = ["swap-latlon"]


@fault("R6", STOP, "the minus of the latitude is lost in one row")
def _(scene: Scene):
    spoil(scene, lambda rows: rows[2].update(latitude=str(rows[2]["latitude"]).lstrip("-")))


@fault("R6", FIX, "the minus of all latitudes is lost, and the user agrees to turn them")
def _(scene: Scene):
    spoil(scene, lambda rows: [row.update(latitude=str(row["latitude"]).lstrip("-")) for row in rows] and None)
    scene.command += ["--fix", "turn-sign"]


@fault("R6", STOP, "the other repair is agreed to, not this one")
def _(scene: Scene):
    spoil(scene, lambda rows: swap(rows[:1]))
    scene.command += ["--fix", "turn-sign"]


def points(rows: list[Row]) -> dict:
    """The rows as GeoJSON, where "" is a feature without geometry."""
    features = []
    for row in rows:
        there = row["longitude"] != ""
        geometry = (
            {"type": "Point", "coordinates": [float(row["longitude"]), float(row["latitude"])]} if there else None
        )
        said = {key: value for key, value in row.items() if key not in ("latitude", "longitude")}
        features.append({"type": "Feature", "properties": said, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


for lat, lon, named in (
    ("", "", "blank"),
    ("0", "0", "0, 0"),
    ("NaN", "NaN", "NaN"),
    ("None", "-", "the words None and -"),
    ("-13.01", "", "a latitude alone"),
    ("999", "999", "numbers that are nowhere on earth"),
):

    @fault("R8", FIX, f"coordinates are {named} in one row")
    def _(scene: Scene, lat=lat, lon=lon):
        spoil(scene, lambda rows: rows[1].update(latitude=lat, longitude=lon))


@fault("R8", STOP, "coordinates are text in one row")
def _(scene: Scene):
    spoil(scene, lambda rows: rows[1].update(latitude="near the church"))


@fault("R8", FIX, "a GeoJSON feature has no geometry")
def _(scene: Scene):
    rows = scene.rows("facilities.csv")
    rows[1]["longitude"] = ""
    scene.write_features("facilities.geojson", points(rows))
    scene.scenario["facilities"]["file"] = "facilities.geojson"


@fault("R8", FIX, "a CHW's village is in no list, and there are no coordinates")
def _(scene: Scene):
    without = [{"code": row["code"], "name": row["name"], "village": row["village"]} for row in scene.rows("chws.csv")]
    without[1]["village"] = "Nowhere"
    scene.write_rows("chws.csv", without)


@fault("R8", STOP, "no row has coordinates")
def _(scene: Scene):
    spoil(scene, lambda rows: [row.update(latitude="", longitude="") for row in rows] and None)


for metres, outcome in ((10, WARN), (300, WARN), (950, WARN), (1_100, FIX), (10_000, FIX), (100_000, FIX)):

    @fault("R10", outcome, f"a facility lies {metres:,} m west of the areas and of the raster")
    def _(scene: Scene, metres=metres):
        longitude = WEST - metres / 108_460  # metres in a degree of longitude at 13 S
        spoil(scene, lambda rows: rows[2].update(longitude=f"{longitude:.6f}"))


@fault("R10", FIX, "a facility lies on the raster, 1.8 km outside the areas")
def _(scene: Scene):
    keep_west(scene)


@fault("R10", WARN, "a facility across the border is wanted")
def _(scene: Scene):
    keep_west(scene)
    scene.scenario["facilities"]["outside_metres"] = 5_000.0


def keep_west(scene: Scene) -> None:
    document = scene.features("areas.geojson")
    document["features"] = document["features"][:1]
    scene.write_features("areas.geojson", document)


@fault("R10", FIX, "villages and CHWs lie in another country")
def _(scene: Scene):
    for name in ("villages.csv", "chws.csv"):
        spoil(scene, lambda rows: put(rows[1], (9_000, 9_000)), name)


@fault("R10", STOP, "all facilities lie in another country")
def _(scene: Scene):
    spoil(scene, lambda rows: [put(row, (9_000 + k, 9_000)) for k, row in enumerate(rows)] and None)


def lake(scene: Scene, centre: tuple[int, int], radius: int) -> None:
    """Water around a cell: cells of the sea, that cannot be walked."""
    cover, _ = scene.raster("cover.tif")
    row, col = centre
    cover[max(row - radius, 0) : row + radius + 1, max(col - radius, 0) : col + radius + 1] = 80
    scene.write_raster("cover.tif", cover)


@fault("R11", FIX, "a facility stands in a river")
def _(scene: Scene):
    spoil(scene, lambda rows: put(rows[1], (10, 30)))


@fault("R11", FIX, "a facility stands in a lake, 400 m from its shore")
def _(scene: Scene):
    lake(scene, CENTRES["Nkhoma"], 4)


@fault("R11", STOP, "a facility stands in a lake, too far from its shore")
def _(scene: Scene):
    lake(scene, CENTRES["Nkhoma"], 4)
    scene.scenario["walking"] = {"snap_metres": 300.0}


@fault("R11", FIX, "a facility stands in a lake, too far from its shore, and the user agrees to leave it out")
def _(scene: Scene):
    lake(scene, CENTRES["Nkhoma"], 4)
    scene.scenario["walking"] = {"snap_metres": 300.0}
    scene.command += ["--fix", "leave-out-closed"]


@fault("R11", FIX, "a CHW and a village stand in a lake, too far from its shore")
def _(scene: Scene):
    lake(scene, CENTRES["Chipunga"], 4)
    scene.scenario["walking"] = {"snap_metres": 300.0}


@fault("R11", STOP, "no facility stands on open ground")
def _(scene: Scene):
    scene.scenario["walking"] = {"snap_metres": 0.0}
    spoil(scene, lambda rows: [put(row, (k, 30)) for k, row in enumerate(rows)] and None)


# Off the grid at each edge and corner: none of these may come out at the opposite one.
for row, col, where in (
    (-1, 10, "north"),
    (NY, 10, "south"),
    (10, -1, "west"),
    (10, NX, "east"),
    (-1, -1, "north-west"),
):

    @fault("R12", WARN, f"a facility lies one cell off the raster in the {where}")
    def _(scene: Scene, row=row, col=col):
        spoil(scene, lambda rows: put(rows[2], (row, col)))


@fault("R12", FIX, "a CHW and a village lie far off the raster")
def _(scene: Scene):
    for name in ("chws.csv", "villages.csv"):
        spoil(scene, lambda rows: put(rows[1], (-NY, -NX)), name)


def again(rows: list[Row], which: int, **changed) -> list[Row]:
    """The rows, and one of them once more, changed."""
    return [*rows, {**rows[which], **changed}]


@fault("R13", STOP, "a row stands twice")
def _(scene: Scene):
    spoil(scene, lambda rows: again(rows, 0))


@fault("R13", FIX, "a row stands twice, and the user agrees to keep the first")
def _(scene: Scene):
    spoil(scene, lambda rows: again(rows, 0))
    scene.command += ["--fix", "drop-duplicates"]


@fault("R13", STOP, "two places have one id, and the user agrees to drop duplicates")
def _(scene: Scene):
    spoil(scene, lambda rows: rows[1].update(code=rows[0]["code"]))
    scene.command += ["--fix", "drop-duplicates"]


@fault("R13", WARN, "a health centre stands twice, spelled otherwise, 200 m away")
def _(scene: Scene):
    spoil(scene, lambda rows: again(rows, 0, code="0109", name="Centre de santé de M'balé", latitude="-13.0071"))


@fault("R13", FIX, "the same, and the user agrees to keep the first, which takes what it lacks")
def _(scene: Scene):
    def change(rows):
        rows = [{**row, "capacity": "" if row["code"] == "0101" else "90"} for row in rows]
        return again(rows, 0, code="0109", name="Centre de santé de M'balé", latitude="-13.0071", capacity="120")

    spoil(scene, change)
    scene.command += ["--fix", "drop-duplicates"]


@fault("R13", WARN, "two facilities of one tier stand 20 m apart")
def _(scene: Scene):
    spoil(scene, lambda rows: again(rows, 0, code="0109", name="Saint Luke", latitude="-13.0052"))


@fault("R13", SAME, "a hospital and its health centre share a compound")
def _(scene: Scene):
    spoil(scene, lambda rows: [{**row, "name": "CS Dowa"} if row["code"] == "0102" else row for row in rows])
    spoil(scene, lambda rows: put(rows[1], CENTRES["Dowa"]))


@fault("R13", SAME, "Mbale I and Mbale II are two places")
def _(scene: Scene):
    def change(rows):
        rows[0]["name"] = "CS Mbale I"
        rows[1]["name"] = "CS Mbale II"
        put(rows[1], (8, 10))

    spoil(scene, change)


@fault("R13", WARN, "a village stands twice")
def _(scene: Scene):
    spoil(scene, lambda rows: again(rows, 2, code="V99", name="DOWA"), "villages.csv")


@fault("R13", WARN, "a CHW is registered twice")
def _(scene: Scene):
    spoil(scene, lambda rows: again(rows, 0, code="C99"), "chws.csv")


@fault("R13", FIX, "a second list has some of the places again, and one more")
def _(scene: Scene):
    scene.scenario["facilities"]["also"] = [{"file": "ngo.csv", "tiers": {"clinic": 1, "hospital": 2}}]
    ngo = [
        {"code": "7", "name": "Mbale Clinic", "type": "clinic", "latitude": "-13.00550", "longitude": "34.01"},
        {"code": "8", "name": "", "type": "hospital", "latitude": "-13.01710", "longitude": "34.02126"},
        {"code": "0101", "name": "Lobi Clinic", "type": "clinic", "latitude": "-13.01208", "longitude": "34.01292"},
    ]
    scene.write_rows("ngo.csv", ngo)


@fault("R13", STOP, "a second list has types of its own")
def _(scene: Scene):
    scene.scenario["facilities"]["also"] = [{"file": "ngo.csv", "tiers": {"clinic": 1}}]
    kinds = ("clinic", "Hôpital", "pharmacie", "", "Kiosk")
    spots = [{"code": f"N{k}", "name": f"Place {k}", "type": kind} for k, kind in enumerate(kinds)]
    for k, row in enumerate(spots):
        put(row, (20, 2 + 5 * k))
    scene.write_rows("ngo.csv", spots)


@fault("R20", WARN, "a facility lies between the areas")
def _(scene: Scene):
    gap(scene, 23, 27)


@fault("R20", WARN, "villages, CHWs and facilities lie in no area")
def _(scene: Scene):
    gap(scene, 5, 45)


@fault("R20", WARN, "the areas are of the neighbouring district")
def _(scene: Scene):
    gap(scene, 0, NX)
    scene.scenario["facilities"]["outside_metres"] = 5_000.0


def gap(scene: Scene, first: int, last: int) -> None:
    """Cut the columns from `first` to `last` out of the areas."""
    document = scene.features("areas.geojson")
    south, north = NORTH - NY * STEP, NORTH
    for feature, (left, right) in zip(document["features"], ((-2, first), (last, NX + 2)), strict=True):
        west, east = WEST + left * STEP, WEST + right * STEP
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        feature["geometry"]["coordinates"] = [ring]
    scene.write_features("areas.geojson", document)
    scene.scenario["fixes"] = ["part-of-areas"]  # they reach beyond the raster


@fault("R50", STOP, "two facilities have no id")
def _(scene: Scene):
    spoil(scene, lambda rows: [row.update(code="") for row in rows[:2]] and None)


@fault("R50", STOP, "ids repeat in all lists")
def _(scene: Scene):
    for name in ("facilities.csv", "villages.csv", "chws.csv"):
        spoil(scene, lambda rows: [row.update(code="1") for row in rows] and None, name)


@fault("R50", FIX, "a row without an id has no coordinates either")
def _(scene: Scene):
    spoil(scene, lambda rows: rows[1].update(code="", latitude=""))


@fault("R50", WARN, "ids repeat, and the scenario has the rows numbered")
def _(scene: Scene):
    spoil(scene, lambda rows: again([{**row, "code": "1"} for row in rows], 0))
    scene.scenario["facilities"]["columns"] = {"id": ""}


for cell, named in (("", "missing"), ("0", "0"), ("-5", "below 0"), ("many", "no number")):

    @fault("R52", WARN, f"the capacity of a facility is {named}")
    def _(scene: Scene, cell=cell):
        spoil(scene, lambda rows: [{**row, "capacity": cell if k == 1 else "120"} for k, row in enumerate(rows)])


@fault("R52", WARN, "no facility says its capacity, in a column named by the scenario")
def _(scene: Scene):
    spoil(scene, lambda rows: [{**row, "lits": ""} for row in rows])
    scene.scenario["facilities"]["columns"] = {"capacity": "lits"}
