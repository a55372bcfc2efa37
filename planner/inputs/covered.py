"""How much of the areas the population raster covers: people beyond its edge would be missing without a word.

Areas that lie wholly beyond the edge take no part, which is told elsewhere: of them no number is shown that is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from planner.inputs.findings import File
from planner.inputs.text import examples
from planner.types.arrays import Doubles, Objects
from planner.types.frame import Frame
from planner.types.text import Text

WHOLE, MOST = 0.99, 0.90  # of the areas' size: less is told as a warning; a fault


def check_covered(geometry: Objects, names: Sequence[str], frame: Frame, file: File) -> None:
    """Tell, area by area, what lies beyond the raster's edge; a fault where it is much, unless it was agreed to.

    A cell without data counts as covered: the raster says that nobody is known there.
    """
    west, south, east, north = frame.bounds
    reach = shapely.bounds(geometry)
    beyond = (reach[:, :2] < (west, south)).any(axis=1) | (reach[:, 2:] > (east, north)).any(axis=1)
    clipped = geometry.copy()
    # Not by clip_by_rect, which fails on outlines that touch the edge in a point.
    clipped[beyond] = shapely.intersection(geometry[beyond], shapely.box(*frame.bounds))
    sizes, inside = sizes_of(geometry, frame), sizes_of(clipped, frame)
    share = inside.sum() / sizes.sum()
    if share >= WHOLE:
        return
    missing = sizes - inside
    worst = np.argsort(-missing, kind="stable")[: np.count_nonzero(missing > sizes / 1000)].tolist()
    told = examples(Text("{name} ({share:.0%})", name=names[at], share=inside[at] / sizes[at]) for at in worst)
    what = Text(
        "the population raster covers {share:.1%} of their area, so that people are missing: {told}",
        share=share,
        told=told,
    )
    if share >= MOST or file.agreed("part-of-areas"):
        file.note("warning", what, len(worst))
        return
    raise file.fault(
        f"{what}.",
        "Give a raster of the whole place, or choose the areas that it covers (where, under [areas]). If it lacks only "
        "sea, or you mean a plan of the part that it covers, agree with --fix part-of-areas.",
    )


def sizes_of(geometry: Objects, frame: Frame) -> Doubles:
    """Sizes of polygons, up to a factor: in degrees on the sphere, by Lambert's cylinder of equal areas."""
    if frame.geographic:
        geometry = shapely.transform(geometry, lambda xy: np.column_stack([xy[:, 0], np.sin(np.radians(xy[:, 1]))]))
    return np.asarray(shapely.area(geometry), np.float64)
