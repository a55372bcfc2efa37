"""Two plans on one map: travel time with each, parted by a line that is moved; made from the run folders alone."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from affine import Affine
from markupsafe import Markup
from PIL import Image
from rasterio.features import geometry_mask

from planner.outputs.escape import escape
from planner.outputs.exports.run import Run
from planner.outputs.language import say
from planner.outputs.overlay import mercator, mercator_bounds, outlines, pixels
from planner.outputs.palette import AREA, CHW, CHW_EDGE, FACILITY, PROPOSED, TimeClass, rgb, time_classes
from planner.types.frame import Frame

WGS84 = "EPSG:4326"
MOST_PIXELS = 1400  # of the picture's longer side: it fills the page
MINUTES = "minutes_with_plan"


def classes_of(run: Run) -> tuple[TimeClass, ...]:
    """The classes of travel time that a run reports."""
    return time_classes(sorted(set(run.table("coverage")["within_minutes"].tolist())))


def both(first: Run, run: Run, names: Sequence[str], number: int) -> Markup | None:
    """The two plans as one SVG, with places and outlines; None where they stand on different cells.

    The line stands in the middle; the script of the page moves the two rectangles of class "cut" and the line.
    """
    (frame, before), (other, after) = first.raster(MINUTES), run.raster(MINUTES)
    if frame != other:
        return None
    width, height = _size(frame)
    classes = classes_of(first)
    sides = []
    for side, (each, minutes) in enumerate(((first, before), (run, after))):
        png = base64.b64encode(_png(each, minutes, frame, classes, (width, height))).decode("ascii")
        image = f'<image width="{width}" height="{height}" href="data:image/png;base64,{png}"/>'
        sides.append(f'<g clip-path="url(#cut-{number}-{side})">{image}{_places(each, frame, (width, height))}</g>')
    cuts = "".join(
        f'<clipPath id="cut-{number}-{side}"><rect class="cut" x="{side * width / 2:g}" width="{width / 2:g}" '
        f'height="{height}"/></clipPath>'
        for side in (0, 1)
    )
    areas = outlines(frame, (width, height), first.layer("areas").geometry.to_numpy(), WGS84)
    lines = f'<path d="{"".join(areas)}" fill="none" stroke="{AREA}" stroke-width="1.2"/>'
    words = escape(
        say(
            "Travel time with the plan: {one} on the left of the line, {other} on the right",
            one=names[0], other=names[1],
        )
    )  # fmt: skip
    size = f'width="{width}" height="{height}"'
    return Markup(
        f'<svg class="picture both" {size} viewBox="0 0 {width} {height}" role="img" aria-label="{words}">'
        f'<defs>{cuts}</defs>{sides[0]}{sides[1]}{lines}<path class="line" d="M{width / 2:g} 0V{height}"/></svg>'
    )


def _size(frame: Frame) -> tuple[int, int]:
    """Pixels of the picture across and down."""
    west, south, east, north = mercator_bounds(frame)
    scale = MOST_PIXELS / max(east - west, north - south)
    return max(1, round((east - west) * scale)), max(1, round((north - south) * scale))


def _png(
    run: Run,
    minutes: npt.NDArray[np.float32],
    frame: Frame,
    classes: Sequence[TimeClass],
    size: tuple[int, int],
) -> bytes:
    """Travel time inside the areas; transparent where there is no way, or nobody walks."""
    areas = run.layer("areas").to_crs(frame.pyproj_crs).geometry
    code = 1 + np.searchsorted([each.upto for each in classes[:-1]], minutes, side="left")
    code[minutes < 0] = 0
    if len(areas):
        code[geometry_mask(areas, frame.shape, Affine(*frame.gdal_transform))] = 0
    picture = Image.fromarray(mercator(frame, code.astype(np.uint8).ravel()))
    picture = picture.resize(size, Image.Resampling.NEAREST)
    picture.putpalette([part for colour in ((0, 0, 0), *(rgb(each.colour) for each in classes)) for part in colour])
    out = io.BytesIO()
    picture.save(out, "PNG", transparency=0, optimize=True)
    return out.getvalue()


def _places(run: Run, frame: Frame, size: tuple[int, int]) -> str:
    """Facilities, CHWs of today and proposed ones, as circles with their names."""
    posts, facilities = run.table("posts"), run.table("facilities")
    posts = posts[posts["chws"] > 0]
    circles = []
    for rows, name, radius, fill, stroke in (
        (posts[~posts["proposed"]], "village", 6, CHW, CHW_EDGE),
        (posts[posts["proposed"]], "village", 9, PROPOSED, "#ffffff"),
        (facilities, "facility", 6, FACILITY, "#ffffff"),
    ):
        at = pixels(frame, size, rows["lon"].to_numpy(), rows["lat"].to_numpy(), WGS84)
        circles += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="2">'
            f"<title>{escape(title)}</title></circle>"
            for (x, y), title in zip(at[np.isfinite(at).all(axis=1)].tolist(), rows[name], strict=False)
        ]
    return "".join(circles)
