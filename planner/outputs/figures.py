"""Still pictures of the report, as SVG: bars, and maps of travel time that need no script and print well."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image

from planner.outputs.escape import escape
from planner.outputs.overlay import outlines, pixels, travel_time_picture
from planner.outputs.palette import AREA, CHW, CHW_EDGE, FACILITY, PROPOSED, TimeClass
from planner.outputs.rows import in_areas
from planner.types.arrays import Bools, Doubles, Floats
from planner.types.results import Plan

MOST_PIXELS = 760  # of a picture's longer side: two stand beside each other on a page
STEPS = (FACILITY, CHW_EDGE, PROPOSED)  # facilities, CHWs of today, proposed CHWs: as on the map
REST = "#e6e6e6"


def bar(percents: Sequence[float], *, colours: Sequence[str] = STEPS, height: int = 10) -> str:
    """Ascending percentages as one bar of 100 units; each adds its own colour to the one before. NaN adds nothing."""
    parts, start = [], 0.0
    for end, colour in zip(np.nan_to_num(percents).tolist(), colours, strict=False):
        parts.append(f'<rect x="{start:.2f}" width="{max(end - start, 0):.2f}" height="{height}" fill="{colour}"/>')
        start = max(start, end)
    return (
        f'<svg class="bar" viewBox="0 0 100 {height}" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="100" height="{height}" fill="{REST}"/>{"".join(parts)}</svg>'
    )


def picture(plan: Plan, minutes: Floats, classes: Sequence[TimeClass], posts: Bools, title: str) -> str:
    """Travel time inside the areas, with facilities and the chosen posts; ``title`` is read to those who cannot see."""
    inside = replace(plan.land, pace=np.where(in_areas(plan), plan.land.pace, np.float32(np.inf)))
    image = travel_time_picture(inside, minutes, classes)
    scale = MOST_PIXELS / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    out = io.BytesIO()
    image.resize((width, height), Image.Resampling.NEAREST).save(out, "PNG", optimize=True)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    marks = [
        *_areas(plan, width, height),
        *_circles(plan, plan.posts.x[posts & ~plan.posts.proposed], plan.posts.y[posts & ~plan.posts.proposed],
                  width, height, radius=5, fill=CHW, stroke=CHW_EDGE),
        *_circles(plan, plan.posts.x[posts & plan.posts.proposed], plan.posts.y[posts & plan.posts.proposed],
                  width, height, radius=7, fill=PROPOSED, stroke="#ffffff"),
        *_circles(plan, plan.facilities.x, plan.facilities.y, width, height, radius=5, fill=FACILITY, stroke="#ffffff"),
    ]  # fmt: skip
    return (
        f'<svg class="picture" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/>{"".join(marks)}</svg>'
    )


def kilometres_wide(plan: Plan) -> float:
    """Width of the pictures at half their height."""
    west, south, east, north = plan.land.frame.bounds
    middle = (south + north) / 2
    return float(plan.land.frame.metres_between(west, middle, east, middle)) / 1000


def _circles(
    plan: Plan, x: Doubles, y: Doubles, width: int, height: int, *, radius: int, fill: str, stroke: str
) -> list[str]:
    return [
        f'<circle cx="{column:.1f}" cy="{row:.1f}" r="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'
        for column, row in pixels(plan.land.frame, (width, height), x, y, plan.land.frame.pyproj_crs).tolist()
    ]


def _areas(plan: Plan, width: int, height: int) -> list[str]:
    frame = plan.land.frame
    lines = outlines(frame, (width, height), plan.areas.geometry, frame.pyproj_crs)
    return [f'<path d="{line}" fill="none" stroke="{AREA}" stroke-width="1"/>' for line in lines]
