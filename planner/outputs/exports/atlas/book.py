"""What the atlas is made of: the run's layers and rasters as the maps draw them, its texts as they can be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.outputs.exports.atlas.fonts import APART, Lettering
from planner.outputs.exports.run import Run
from planner.outputs.language import say
from planner.outputs.post_features import NEAR, SETTLEMENT
from planner.scenario import Scenario
from planner.types.frame import Frame

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

LAYERS = ("areas", "facilities", "villages", "posts", "roads", "water")
TODAY, PLAN = "minutes_with_chws_today", "minutes_with_plan"
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Book:
    """A run, read for its maps.

    Attributes
    ----------
    run
        The run folder.
    frame
        The cells of its rasters.
    minutes
        By raster: the class of travel time of each cell; ``nowhere`` where there is no way, ``nowhere + 1`` where
        there is none and no area either (the sea, the neighbours).
    layers
        Layers in the reference system of the frame, their texts as they can be drawn.
    letters
        The fonts.
    tables
        Tables whose texts can be drawn, by name.
    whole
        All areas as one shape; None where there are none.
    """

    run: Run
    frame: Frame
    minutes: dict[str, Bytes]
    layers: dict[str, GeoDataFrame]
    letters: Lettering
    tables: dict[str, pd.DataFrame]
    whole: Any

    @classmethod
    def read(cls, run: Run) -> Book:
        """Read what the maps of a run draw."""
        layers = {name: run.layer(name) for name in LAYERS}
        tables = {name: run.table(name) for name in ("coverage", "coverage_by_area", "reach_by_place", "sources")}
        letters = Lettering(_texts([*layers.values(), *tables.values()], run))
        for frame in (*layers.values(), *tables.values()):
            for name in _text_columns(frame):
                frame[name] = [letters.clean(text) if isinstance(text, str) else "" for text in frame[name]]
        found = set(layers["villages"].loc[~layers["villages"]["listed"].astype(bool), "village"])
        for name in ("villages", "posts"):
            layers[name]["village"] = [_said(text) if text in found else text for text in layers[name]["village"]]
        rasters = {name: run.raster(name) for name in (TODAY, PLAN)}
        frame = rasters[PLAN][0]
        laid = {name: _on(frame, layer) for name, layer in layers.items()}
        shapes = shapely.make_valid(laid["areas"].geometry.to_numpy())
        whole = shapely.union_all(shapes) if len(shapes) else None
        beyond = _beyond(frame, whole)
        classes = {name: _classes(each, run.scenario.reach.thresholds, beyond) for name, (_, each) in rasters.items()}
        return cls(run, frame, classes, laid, letters, tables, whole)

    @property
    def scenario(self) -> Scenario:
        """The question."""
        return self.run.scenario

    @property
    def nowhere(self) -> int:
        """The class of cells without a way."""
        return len(self.scenario.reach.thresholds) + 1

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all areas; of the rasters where there are none."""
        return self.frame.bounds if self.whole is None else tuple(self.whole.bounds)

    def near(self, layer: str, bounds: tuple[float, float, float, float]) -> GeoDataFrame:
        """Rows of a layer whose shapes touch a rectangle (west, south, east, north)."""
        rows = self.layers[layer]
        found = rows.sindex.query(shapely.box(*bounds))
        return rows.iloc[np.sort(found)]


def _texts(frames: Sequence[pd.DataFrame], run: Run) -> list[str]:
    told = [text for frame in frames for name in _text_columns(frame) for text in frame[name] if isinstance(text, str)]
    return [*told, run.plan["title"], run.ministry, run.scenario.reach.traveller]


def _said(village: str) -> str:
    """The name of a village that was found in the raster, as it is said."""
    bare = village.strip(APART)
    if bare.startswith(NEAR):
        return village.replace(bare, say("near {village}", village=bare.removeprefix(NEAR)))
    if bare.startswith(SETTLEMENT):
        return say("settlement {number}", number=bare.removeprefix(SETTLEMENT))
    return village


def _text_columns(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame if name != "geometry" and frame[name].dtype.kind not in "bifu"]


def _beyond(frame: Frame, whole: Any) -> npt.NDArray[np.bool_]:
    """Cells outside all areas; none where there are no areas."""
    from affine import Affine
    from rasterio.features import rasterize

    if whole is None:
        return np.zeros(frame.shape, bool)
    transform = Affine(*frame.gdal_transform)
    return np.asarray(rasterize([whole], frame.shape, transform=transform, all_touched=True, dtype="uint8") == 0)


def _classes(minutes: npt.NDArray[np.float32], thresholds: Sequence[float], beyond: npt.NDArray[np.bool_]) -> Bytes:
    classes = np.searchsorted(np.array(thresholds, np.float32), minutes, side="left").astype(np.uint8)
    no_way = minutes < 0
    classes[no_way] = len(thresholds) + 1
    classes[no_way & beyond] = len(thresholds) + 2
    return classes


def _on(frame: Frame, layer: GeoDataFrame) -> GeoDataFrame:
    """The layer in the frame's reference system, beside its cells where degrees count on past 180."""
    laid = layer[~(layer.geometry.isna() | layer.geometry.is_empty)].to_crs(frame.pyproj_crs)
    if frame.geographic and len(laid):
        beside = (360.0 - frame.nx * frame.dx) / 2
        first = frame.west - beside
        west, _, east, _ = laid.total_bounds
        if west < first or east > first + 360.0:
            turned = shapely.transform(
                laid.geometry.to_numpy(),
                lambda at: np.column_stack([first + np.mod(at[:, 0] - first, 360.0), at[:, 1]]),
            )
            laid = laid.set_geometry(list(turned), crs=laid.crs)
    return laid.reset_index(drop=True)
