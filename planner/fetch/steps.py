"""The way from a place to a folder that is ready to run: get, cut, lay, list, write the scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import shapely
from rasterio.warp import Resampling

from planner.errors import Fault, InputFaults
from planner.fetch import areas, healthsites, osm, rasters, scenario, web
from planner.fetch.catalogue import Box, Source, Wanted, of_box, sources, tile, wanted
from planner.fetch.downloads import Downloads
from planner.fetch.lock import Lock
from planner.fetch.stick import Stick
from planner.fetch.where import Place, Request, find, in_words, with_usual_year
from planner.files import sha256_of

SMALL = 1.0  # square degrees, about 12,000 km2: larger boxes are not asked of Overpass
BEYOND = 0.05  # degrees around a country: facilities just over the border are reached too
SCENARIO = "scenario.toml"
OTHER_ROADS = "Or take the roads from the country's extract: --osm geofabrik."
TILED = ("copernicus_dem", "worldcover")


@dataclass
class Fetched:
    """What the folder has now.

    Attributes
    ----------
    scenario
        Its scenario file.
    place
        Name of the place.
    people
        In the population raster.
    facilities, villages
        In the lists.
    downloads_mb
        Size of what was downloaded.
    notes
        What the user should know.
    """

    scenario: Path
    place: str
    people: float = 0.0
    facilities: int = 0
    villages: int = 0
    downloads_mb: float = 0.0
    notes: list[str] = field(default_factory=list)


def fetch(request: Request, tell: Callable[[str], None]) -> Fetched:
    """Get everything, and make the folder; see `planner.fetch.fetch`."""
    request = with_usual_year(request)
    source = Stick(request.from_dir) if request.from_dir else web.Web(tell, web.PATIENCE)
    with closing(source):
        lock = Lock(request.out, in_words(request))
        folder = request.out / "downloads"
        folder.mkdir(parents=True, exist_ok=True)
        downloads = Downloads(folder, lock, tell, source, update=request.update)
        place = find(request, downloads)
        tell(f"the place is {place.title}")
        return _Folder(request, place, downloads, tell).fill()


def population_file(request: Request, place: Place) -> Wanted:
    """The country's population raster."""
    source, iso3 = sources()[f"worldpop_{request.population}"], place.country.iso3
    return wanted(source, ISO3=iso3, iso3=iso3.lower(), year=request.year)


def osm_file(request: Request, place: Place, stick: Stick | None) -> Wanted:
    """The extract of the country, or the answer of Overpass for a small box; of a stick, what lies there.

    Raises
    ------
    InputFaults
        There is neither an extract of the country, nor is the box small.
    """
    box, source, extract = place.box, sources()["overpass"], place.country.extract
    small = box is not None and (box[2] - box[0]) * (box[3] - box[1]) <= SMALL
    if box is not None and small and request.osm != "geofabrik":
        answer = Wanted(of_box("overpass.osm", box), source, source.urls, form=osm.query(box))
        if request.osm == "overpass" or stick is None or stick.has(answer.name):
            return answer
    if request.osm == "overpass":
        what = "Overpass answers for small boxes only."
        raise InputFaults([Fault("--osm overpass", what, "Say --osm geofabrik: the country's extract is cut.")])
    if not extract:
        what = f"Geofabrik has no extract of {place.title} that is known here."
        raise InputFaults([Fault("OpenStreetMap", what, "Ask for a part of it with --bbox, at most 1 x 1 degree.")])
    return wanted(sources()["geofabrik"], extract=extract)


@contextmanager
def _or(other: str) -> Iterator[None]:
    """Add another way out to the faults of a product that can be done without."""
    try:
        yield
    except InputFaults as found:
        if not other:
            raise
        raise InputFaults(replace(fault, way_out=f"{fault.way_out} {other}") for fault in found.faults) from None


class _Folder:
    """The folder while it is filled."""

    def __init__(self, request: Request, place: Place, downloads: Downloads, tell: Callable[[str], None]) -> None:
        self.request = request
        self.place = place
        self.downloads = downloads
        self.lock = downloads.lock
        self.tell = tell
        self.changed: set[str] = set()
        self.told = Fetched(request.out / SCENARIO, place.title)

    def fill(self) -> Fetched:
        people_file = population_file(self.request, self.place)
        roads_file = osm_file(self.request, self.place, self.downloads.stick)
        self.downloads.check_space([people_file, roads_file])
        raw_people = self.downloads.get(people_file)
        tiles = self._tiles(people_file, raw_people) if raw_people else self._tiles_of_box()
        levels = areas.get(self.place, self.downloads)
        with _or(OTHER_ROADS if roads_file.form else ""):
            raw_osm = self.downloads.get(roads_file)
        box = rasters.bounds_of(self._path("population.tif")) if raw_people else (0.0, 0.0, 0.0, 0.0)
        with _or(f"Or unset {healthsites.KEY}: facilities are then taken from OpenStreetMap."):
            raw_health = healthsites.get(box, self.downloads)
        self.downloads.check_stick()
        assert raw_osm is not None and raw_people is not None
        elevation = self._lay("elevation.tif", "copernicus_dem", tiles, Resampling.average)
        land_cover = self._lay("land_cover.tif", "worldcover", tiles, Resampling.mode)
        if levels:
            write = partial(areas.write, levels, self.place)
            files = [path for path in (levels.fine, levels.coarse) if path]
            self._make("areas.geojson", files, write, self.place.title, str(self.place.shape))
        else:
            self.told.notes.append(
                "geoBoundaries has no areas of this country: the plan has one area. Add yours under [areas]."
            )
        self._make("roads.osm.pbf", [raw_osm], partial(osm.reduce, raw_osm, self.place.box))
        facilities, source = self._lists(raw_health, self._ground(box, levels), roads_file.source)
        self._write_scenario(people_file.source, elevation, land_cover, roads_file.source, levels, facilities, source)
        self._sum_up()
        if not facilities and "facilities.xlsx" not in self.changed:
            what = "neither OpenStreetMap nor healthsites.io knows a place of care here."
            raise InputFaults(
                [Fault(str(self._path("facilities.xlsx")), what, "Put your list there: id, name, type, lat, lon.")]
            )
        return self.told

    def _path(self, name: str) -> Path:
        return self.request.out / name

    def _make(self, name: str, of: Sequence[Path], write: Callable[[Path], None], *also: str) -> None:
        """Make a file of others, unless it is there already."""
        parts = [sha256_of(path) for path in of] + [repr(self.place.box), *also]
        self.tell(f"making {name}")
        if self.lock.make(name, parts, write) == "changed":
            self.changed.add(name)
            self.told.notes.append(
                f"{name} was changed by somebody and is left as it is; delete it to have it made again."
            )

    def _tiles(self, people_file: Wanted, raw: Path) -> dict[str, list[Path]]:
        """Cut the people, and get the tiles they live in, by product."""
        cut = partial(rasters.cut_people, raw, self.place.box, people_file.source)
        self._make("population.tif", [raw], cut)
        asked = {
            key: [
                tile(sources()[key], *corner, spare=not inhabited)
                for corner, inhabited in rasters.tiles_of_people(
                    self._path("population.tif"), sources()[key].tile_degrees
                ).items()
            ]
            for key in TILED
        }
        self.downloads.check_space([each for tiles in asked.values() for each in tiles])
        got = {}
        for key, tiles in asked.items():
            found = {each: self.downloads.get(each) for each in tiles}
            got[key] = [path for path in found.values() if path]
            none = [each.name for each, path in found.items() if path is None and not each.spare]
            if none and self.downloads.web:
                self.told.notes.append(
                    f"{sources()[key].title} has no tile for some places where people live: {', '.join(none[:3])}."
                )
        return got

    def _tiles_of_box(self) -> dict[str, list[Path]]:
        """Ask the stick for all tiles of the place, so that those missing are told together with the people."""
        box = self.place.box or self.place.country.box
        for key in TILED:
            for corner in rasters.tiles_of_box(box, sources()[key].tile_degrees) if box else ():
                self.downloads.get(tile(sources()[key], *corner))
        return {}

    def _lay(self, name: str, key: str, tiles: dict[str, list[Path]], how: Resampling) -> Source | None:
        source, people = sources()[key], self._path("population.tif")
        if not tiles[key]:
            self.told.notes.append(f"{source.title} has no tile here: there is no {name}.")
            return None
        self._make(name, [people, *tiles[key]], partial(rasters.lay, tiles[key], people, source, how))
        return source

    def _ground(self, box: Box, levels: areas.Levels | None) -> shapely.Geometry:
        """Where facilities and villages are listed: the raster, of a country no farther than its borders."""
        frame = shapely.box(*box)
        if self.place.box is not None or levels is None:
            return frame
        country = shapely.union_all(areas.read(levels.fine).shapes)
        return shapely.intersection(shapely.buffer(country, BEYOND), frame)

    def _lists(
        self, raw_health: Path | None, ground: shapely.Geometry, roads: Source
    ) -> tuple[list[osm.Listed], Source]:
        """Write the facilities and villages; returns the facilities and where they are from."""
        ways = self._path("roads.osm.pbf")
        source, of = roads, [ways]
        facilities = osm.within(healthsites.rows(raw_health), ground) if raw_health else []
        if facilities:
            assert raw_health is not None
            source, of = sources()["healthsites"], [raw_health]
        else:
            facilities = osm.within(osm.points(ways, osm.care_of), ground)
        villages = osm.within(osm.points(ways, osm.place_of), ground)
        self._make("facilities.xlsx", of, partial(osm.write_list, facilities), shapely.to_wkt(ground))
        self._make("villages.xlsx", [ways], partial(osm.write_list, villages), shapely.to_wkt(ground))
        self.told.facilities, self.told.villages = len(facilities), len(villages)
        return facilities, source

    def _write_scenario(
        self,
        population: Source,
        elevation: Source | None,
        land_cover: Source | None,
        roads: Source,
        levels: areas.Levels | None,
        facilities: Sequence[osm.Listed],
        facilities_source: Source,
    ) -> None:
        assert self.request.year is not None
        parts = scenario.Parts(
            title=self.place.title,
            year=self.request.year,
            population=population,
            elevation=elevation,
            land_cover=land_cover,
            roads=roads,
            areas=self._areas_cited(levels) if levels else None,
            two_levels=levels is not None and areas.has_parents(self._path("areas.geojson")),
            whole_country=self.place.box is None,
            facilities=facilities_source,
            types=[row.type for row in facilities],
            villages=self.told.villages > 0,
        )
        text = scenario.text(parts)
        self._make(SCENARIO, [], lambda path: _write_text(path, text), text)

    def _areas_cited(self, levels: areas.Levels) -> str:
        """The citation of the areas, with the licence and source of each level."""
        names = [path.name for path in (levels.fine, levels.coarse) if path]
        licences = dict.fromkeys(str(self.lock.files[name]["licence"]) for name in names)
        return f"{sources()['geoboundaries'].citation} ({'; '.join(licences)})"

    def _sum_up(self) -> None:
        self.told.people = rasters.people_in(self._path("population.tif"))
        self.told.downloads_mb = sum(entry.get("bytes", 0) for entry in self.lock.files.values()) / web.MB


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
