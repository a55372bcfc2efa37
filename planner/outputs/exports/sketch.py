"""A small sketch of ways between posts and a facility: the ways, villages beside them, roads and water."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from planner.outputs.exports.run import Run
from planner.outputs.names import village_name
from planner.outputs.palette import CHW_EDGE, RIVER, WATER

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

EDGE = 9.0  # mm that stay free for the names at the edge
MOST_NAMES = 14  # of villages that are tried
BESIDE_KM = 1.0  # a village so near to the way is on it
LETTER, BOLD, LINE, WIDEST = 1.5, 1.8, 3.3, 46.0  # mm of a name: a letter, a line, all of it before it is broken
KM_A_DEGREE = 111.32
ROUND_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


class Mark(NamedTuple):
    """A post or facility: its name, place (longitude, latitude) and colour."""

    name: str
    at: Any
    colour: str


@dataclass(frozen=True)
class Scale:
    """From longitude and latitude to mm of a sketch, north up."""

    wide: float  # mm of paper
    high: float
    west: float
    north: float
    across: float  # mm for each degree of longitude
    down: float  # and of latitude

    @classmethod
    def around(cls, shapes: Iterable[Any], wide: float, high: float) -> Scale:
        """The largest that shows all shapes."""
        west, south, east, north = shapely.total_bounds(list(shapes))
        squeeze = max(np.cos(np.radians((south + north) / 2)), 0.05)
        along, up = (east - west) * squeeze, north - south
        mm = min((wide - 2 * EDGE) / max(along, 1e-3), (high - 2 * EDGE) / max(up, 1e-3))
        left, top = (wide - along * mm) / 2, (high - up * mm) / 2
        return cls(wide, high, west - left / (mm * squeeze), north + top / mm, mm * squeeze, mm)

    def mm(self, shape: Any) -> Any:
        """A shape on paper, cut at the edge of the sketch."""
        shown = shapely.clip_by_rect(shape, *self.window)
        return shapely.transform(shown, lambda xy: (xy - (self.west, self.north)) * (self.across, -self.down))

    @property
    def window(self) -> tuple[float, float, float, float]:
        """What the sketch shows: west, south, east, north."""
        south, east = self.north - self.high / self.down, self.west + self.wide / self.across
        return self.west, south, east, self.north

    def bar(self) -> tuple[float, float]:
        """Km and mm of the scale bar: the longest round number within a quarter of the width."""
        fits = [km for km in ROUND_KM if km * self.down / KM_A_DEGREE <= self.wide / 4]
        km = fits[-1] if fits else ROUND_KM[0]
        return km, km * self.down / KM_A_DEGREE


class Sketches:
    """Sketches of a run, whose layers are read once."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def _layers(self) -> list[tuple[shapely.STRtree, str, str]]:
        """What lies below the ways: shapes, and how areas and lines are drawn."""
        looks = {
            "areas": ("#ffffff", "#b9c2ca", 0.2), "water": (WATER, RIVER, 0.5), "roads": ("none", "#c9c9c9", 0.35),
        }  # fmt: skip
        return [
            (shapely.STRtree(self.run.layer(name).geometry.to_numpy()), fill,
             f'stroke="{colour}" stroke-width="{width:g}"')
            for name, (fill, colour, width) in looks.items()
        ]  # fmt: skip

    @cached_property
    def _villages(self) -> GeoDataFrame:
        villages = self.run.layer("villages")
        return villages[villages["village"] != ""].reset_index(drop=True)

    def of(
        self, marks: Sequence[Mark], ways: Sequence[Any], served: Sequence[str], wide: float, high: float
    ) -> dict[str, Any]:
        """A sketch as SVG, names with their places [mm], and its scale bar.

        Parameters
        ----------
        marks
            Posts and facilities: all are named.
        ways
            Lines between them.
        served
            Ids of villages that are named before others, where there is room.
        wide, high
            Of the sketch [mm].
        """
        scale = Scale.around([*ways, *(mark.at for mark in marks)], wide, high)
        spots = [scale.mm(mark.at) for mark in marks]
        lines = [scale.mm(way) for way in ways]
        labels = Labels(wide, high, spots, lines)
        named = [labels.put(spot, mark.name, bold=True) for spot, mark in zip(spots, marks, strict=True)]
        dots = []
        for name, at in self._beside(ways, [mark.at for mark in marks], served):
            spot = scale.mm(at)
            label = None if spot.is_empty else labels.put(spot, name, bold=False)
            if label is not None:
                dots.append(_dot(spot, 0.8, "#ffffff", CHW_EDGE))
                named.append(label)
        drawn = [f'<path d="{_path(line)}" fill="none" stroke="{CHW_EDGE}" stroke-width="1"/>' for line in lines]
        ends = [_dot(spot, 1.5, mark.colour, "#ffffff") for spot, mark in zip(spots, marks, strict=True)]
        km, length = scale.bar()
        shapes = "".join([*self._ground(scale), *drawn, *dots, *ends])
        return {
            "svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}">{shapes}</svg>',
            "wide": wide,
            "high": high,
            "labels": [label for label in named if label is not None],
            "bar_km": km,
            "bar": length,
        }

    def _ground(self, scale: Scale) -> list[str]:
        """Areas, water and roads."""
        marks = []
        for tree, fill, stroke in self._layers:
            for shape in tree.geometries[np.sort(tree.query(shapely.box(*scale.window)))]:
                placed = scale.mm(shape)
                inside = fill if placed.geom_type.endswith("Polygon") else "none"
                if not placed.is_empty:
                    marks.append(f'<path d="{_path(placed)}" fill="{inside}" fill-rule="evenodd" {stroke}/>')
        return marks

    def _beside(self, ways: Sequence[Any], ends: Sequence[Any], served: Sequence[str]) -> list[tuple[str, Any]]:
        """Villages on the ways, then those that are served: names that the sketch may have room for."""
        villages = self._villages
        at = villages.geometry.to_numpy()
        to_way = shapely.distance(at, shapely.union_all(list(ways))) if len(ways) else np.full(len(at), np.inf)
        free = shapely.distance(at, shapely.union_all(list(ends))) * KM_A_DEGREE > BESIDE_KM / 2
        on_way = free & (to_way * KM_A_DEGREE <= BESIDE_KM) & villages["listed"].to_numpy(bool)
        own = free & villages["village_id"].isin(served).to_numpy()
        order = np.argsort(-villages["people"].to_numpy(), kind="stable").tolist()
        chosen = [k for k in order if on_way[k]] + [k for k in order if own[k] and not on_way[k]]
        return [(village_name(str(villages["village"][k])), at[k]) for k in chosen[:MOST_NAMES]]


class Labels:
    """Names on a sketch that stand on no other and on no mark, and on a way only where they must."""

    def __init__(self, wide: float, high: float, marks: Sequence[Any], ways: Sequence[Any]) -> None:
        self.wide, self.high = wide, high - 6  # above the scale bar
        self.taken = [shapely.box(mark.x - 2, mark.y - 2, mark.x + 2, mark.y + 2) for mark in marks]
        self.ways = shapely.buffer(shapely.union_all(list(ways)), 0.6)

    def put(self, at: Any, name: str, *, bold: bool) -> dict[str, Any] | None:
        """Where a name stands beside its place; None where there is no room for it, but for one in `bold`."""
        letter = BOLD if bold else LETTER
        wide = min(len(name) * letter + 1, WIDEST)
        high = LINE * int(np.ceil(len(name) * letter / wide))
        spots = [
            (at.x + 2.2, at.y - high / 2), (at.x - 2.2 - wide, at.y - high / 2), (at.x - wide / 2, at.y - 2.2 - high),
            (at.x - wide / 2, at.y + 2.2), (at.x + 1.5, at.y - 1.5 - high), (at.x - 1.5 - wide, at.y - 1.5 - high),
            (at.x + 1.5, at.y + 1.5), (at.x - 1.5 - wide, at.y + 1.5),
        ]  # fmt: skip
        boxes = [shapely.box(x, y, x + wide, y + high) for x, y in spots]
        free = [
            own
            for own in boxes
            if shapely.box(0, 0, self.wide, self.high).contains(own)
            and not any(own.intersects(other) for other in self.taken)
        ]
        if not free and not bold:
            return None
        own = next((each for each in free if not each.intersects(self.ways)), free[0] if free else boxes[0])
        self.taken.append(own)
        x, y, east, _ = shapely.bounds(own).tolist()
        x, y = min(max(x, 0), self.wide - wide), min(max(y, 0), self.high - high)
        return {"x": x, "y": y, "wide": wide, "name": name, "bold": bold, "left": x >= at.x, "right": east <= at.x}


def _path(shape: Any) -> str:
    lines = []
    for part in shapely.get_parts(shape):
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        for ring in rings:
            points = shapely.get_coordinates(ring).tolist()
            lines.append("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + ("Z" if part is not ring else ""))
    return "".join(lines)


def _dot(at: Any, radius: float, fill: str, stroke: str) -> str:
    return (
        f'<circle cx="{at.x:.2f}" cy="{at.y:.2f}" r="{radius:g}" fill="{fill}" stroke="{stroke}" stroke-width="0.4"/>'
    )
