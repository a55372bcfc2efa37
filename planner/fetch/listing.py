"""What a fetch would get: names, sizes, licences, addresses, without anything large."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from planner.errors import InputFaults
from planner.fetch import areas, healthsites, rasters, web
from planner.fetch.catalogue import Wanted, sources, tile
from planner.fetch.downloads import Downloads
from planner.fetch.lock import Lock
from planner.fetch.steps import TILED, osm_file, population_file
from planner.fetch.stick import Stick
from planner.fetch.web import MB, Missing
from planner.fetch.where import Place, Request, find, in_words, with_usual_year


@dataclass(frozen=True)
class Row:
    """A file that would be got: its size, whether its server said that size, whether it is here already."""

    file: Wanted
    mb: float
    said: bool
    here: bool


@dataclass(frozen=True)
class Preview:
    """Files that would be got, and what to know of them."""

    place: str
    rows: list[Row]
    notes: list[str]


def preview(request: Request, tell: Callable[[str], None]) -> Preview:
    """Tell what a fetch would get; see `planner.fetch.preview`."""
    request = with_usual_year(request)
    source = Stick(request.from_dir) if request.from_dir else web.Web(tell, replace(web.PATIENCE, tries=2))
    with tempfile.TemporaryDirectory() as small, closing(source):
        return _Preview(request, tell, source, Path(small)).look()


class _Preview:
    def __init__(self, request: Request, tell: Callable[[str], None], source: web.Web | Stick, small: Path) -> None:
        self.request = request
        self.tell = tell
        self.known = Lock(request.out, in_words(request))
        self.here = request.out / "downloads"
        self.downloads = Downloads(small, Lock(small, self.known.place), tell, source)
        self.online = self.downloads.web is not None
        self.notes: list[str] = []

    def look(self) -> Preview:
        place = find(self.request, self.downloads)
        people, roads = population_file(self.request, place), osm_file(self.request, place, self.downloads.stick)
        files = [people, *self._tiles(place, people), *self._areas(place), roads]
        if healthsites.asked() and (box := place.box or place.country.box):
            files.append(healthsites.wanted(box))
        rows = [row for row in map(self._row, files) if row is not None]
        if not self.online:
            self.notes.append(
                "The servers were not asked: sizes with ~ are typical ones, and tiles at sea do not exist."
            )
        return Preview(place.title, rows, self.notes)

    def _tiles(self, place: Place, people: Wanted) -> Iterator[Wanted]:
        """The tiles in which people live where their raster is here, else those of the whole box."""
        raster = self._population(place, people)
        box = place.box or place.country.box
        if raster is None and box is None:
            self.notes.append(f"The tiles of {place.title} are known once {people.name} is here.")
            return
        if raster is None:
            self.notes.append(f"Tiles in which nobody lives are left out once {people.name} is here.")
        for key in TILED:
            degrees = sources()[key].tile_degrees
            assert raster is not None or box is not None
            corners = rasters.tiles_of_people(raster, degrees) if raster else rasters.tiles_of_box(box, degrees)  # type: ignore[arg-type]
            yield from (tile(sources()[key], *corner) for corner in corners)

    def _population(self, place: Place, people: Wanted) -> Path | None:
        """The people of the place, where their raster is at hand."""
        raw, stick = self.here / people.name, self.downloads.stick
        if not raw.is_file():
            raw = self.downloads.folder / people.name
            if stick is None or not stick.copy(people.name, raw):
                return None
        cut = self.downloads.folder / "population.tif"
        rasters.cut_people(raw, place.box, people.source, cut)
        return cut

    def _areas(self, place: Place) -> list[Wanted]:
        listed = areas.listed(place.country)
        levels = None
        if self.online:
            try:
                levels = self.downloads.get(listed)
            except InputFaults as fault:
                self._offline(fault)
        return [listed, *areas.files(place.country, levels, small=place.box is not None)]

    def _offline(self, fault: InputFaults) -> None:
        self.online = False
        self.notes.append(f"No answer: {fault.faults[0].where} {fault.faults[0].what}")

    def _row(self, file: Wanted) -> Row | None:
        """The row of a file; None for a tile that does not exist."""
        entry = self.known.files.get(file.name, {})
        if entry.get("absent"):
            return None
        if (self.here / file.name).is_file():
            return Row(file, (self.here / file.name).stat().st_size / MB, said=True, here=True)
        size = None
        if self.online and not file.form and file.source.key != "healthsites":
            try:
                size = self._size(file)
            except Missing:
                return None
            except InputFaults as fault:
                self._offline(fault)
        return Row(file, file.source.typical_mb if size is None else size / MB, said=size is not None, here=False)

    def _size(self, file: Wanted) -> int | None:
        assert self.downloads.web is not None
        for url in file.urls[:-1]:
            try:
                return self.downloads.web.head(url).size
            except Missing:
                continue
        return self.downloads.web.head(file.urls[-1]).size
