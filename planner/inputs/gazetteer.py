"""Named places of a second source, in which villages without coordinates are looked up by their names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import osmium
from osmium.filter import EntityFilter, KeyFilter
from osmium.osm import NODE

from planner.inputs.crs import DEGREES
from planner.inputs.entries import to_frame
from planner.inputs.findings import File, Findings
from planner.inputs.formats import read_rows
from planner.inputs.osm import sound
from planner.inputs.osm_source import check_source, is_osm
from planner.inputs.points import PLACE, cells, positions
from planner.inputs.spellings import latin
from planner.scenario import LayerFile, Roads, VillagesTable
from planner.scenario import Table as TableFile
from planner.types.arrays import Doubles
from planner.types.frame import Frame

# Kinds of places where people live; names of countries, islands, seas and farms' fields say nothing of a village.
SETTLED = frozenset(
    ("city", "town", "village", "hamlet", "isolated_dwelling", "suburb", "quarter", "neighbourhood", "farm", "locality")
)
NAMES = ("name", "int_name", "loc_name", "alt_name", "official_name", "old_name", "short_name")


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Places by name: ``said`` is their source, ``names`` all names of each."""

    said: str
    names: tuple[tuple[str, ...], ...]
    x: Doubles
    y: Doubles

    def called(self, at: int) -> str:
        """What messages call a place: its first name, in Latin letters where it has them."""
        return latin(self.names[at][0])


def read_gazetteer(villages: VillagesTable, roads: Roads, frame: Frame, findings: Findings) -> Gazetteer | None:
    """The places of the file that the scenario names, else those of the roads file where that is OpenStreetMap.

    Only places on the frame count. None where there is no such file, or the roads file has none.
    """
    if villages.gazetteer:
        layer: LayerFile = TableFile(file=villages.gazetteer, source=villages.gazetteer_source)
    elif is_osm(findings.folder / roads.file):
        layer = roads
    else:
        return None
    file = findings.open("gazetteer", layer)
    names, x, y = _of_osm(file, frame) if is_osm(file.path) else _of_list(file, layer, frame)
    on_frame = np.flatnonzero(frame.cell_of(x, y) >= 0)
    if not len(on_frame) and not villages.gazetteer:
        return None
    return Gazetteer(file.path.name, tuple(names[at] for at in on_frame), x[on_frame], y[on_frame])


def _of_list(file: File, layer: LayerFile, frame: Frame) -> tuple[list[tuple[str, ...]], Doubles, Doubles]:
    """Names and positions of a list of points."""
    assert isinstance(layer, TableFile)
    table, columns = read_rows(layer, file, (*PLACE, "village"))
    at = positions(table, layer, columns, frame)
    named = cells(table, columns, "name" if "name" in columns else "village")
    return [(name,) if name else () for name in named], *to_frame(at.first, at.second, at.crs, frame)


def _of_osm(file: File, frame: Frame) -> tuple[list[tuple[str, ...]], Doubles, Doubles]:
    """Names, in all languages, and positions of the nodes that are settlements."""
    check_source(file)
    nodes = osmium.FileProcessor(file.path, NODE).with_filter(EntityFilter(NODE)).with_filter(KeyFilter("place"))
    names: list[tuple[str, ...]] = []
    lonlat: list[tuple[float, float]] = []
    for node, tags in sound(file, nodes):
        if tags["place"] in SETTLED:
            said = [*(tags.get(key, "") for key in NAMES), *(tags[key] for key in tags if key.startswith("name:"))]
            names.append(tuple(dict.fromkeys(name for text in said for name in text.split(";") if name.strip())))
            lonlat.append((node.lon, node.lat))
    lon, lat = np.array(lonlat, np.float64).reshape(-1, 2).T
    return names, *to_frame(lon, lat, DEGREES, frame)
