"""How each raster looks in QGIS: classes of minutes, and a colour for each place whose number stands in a cell."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from planner.outputs.language import say
from planner.outputs.palette import TimeClass, time_classes
from planner.outputs.qgis.elements import element, text_of
from planner.types.results import Plan

OPACITY = 0.8  # of travel time, as on the map
GOLDEN = (math.sqrt(5) - 1) / 2  # of the circle of hues between two places: neighbours in a list differ most


def raster_styles(plan: Plan) -> dict[str, tuple[str, Element]]:
    """Title and renderer of each raster, by the name of its file without .tif; those first that lie on top."""
    classes = time_classes(plan.scenario.reach.thresholds)
    posts = [f"{village} ({post})" if village else post
             for village, post in zip(plan.posts.name, plan.posts.id, strict=True)]  # fmt: skip
    return {
        "minutes_with_plan": (say("Minutes to a facility or CHW, with the plan"), minutes_renderer(classes)),
        "minutes_with_chws_today": (say("Minutes to a facility or CHW, today"), minutes_renderer(classes)),
        "minutes_to_facility": (say("Minutes to a facility"), minutes_renderer(classes)),
        "chw_catchment": (say("CHW who serves the cell"), places_renderer(posts)),
        "nearest_facility": (say("Facility reached first"), places_renderer(plan.facilities.name)),
    }


def minutes_renderer(classes: Sequence[TimeClass]) -> Element:
    """Classes of minutes with their labels; a class holds its upper end."""
    items = [
        element("item", {"value": _end(entry.upto), "color": entry.colour, "label": entry.label, "alpha": 255})
        for entry in classes
    ]
    shader = element(
        "colorrampshader",
        {"colorRampType": "DISCRETE", "classificationMode": 1, "clip": 0, "minimumValue": 0,
         "maximumValue": classes[-1].above, "labelPrecision": 0},
        items,
    )  # fmt: skip
    attributes = {"type": "singlebandpseudocolor", "band": 1, "opacity": OPACITY, "alphaBand": -1,
                  "classificationMin": 0, "classificationMax": classes[-1].above}  # fmt: skip
    return element("rasterrenderer", attributes, [element("rastershader", {}, [shader])])


def _end(upto: float) -> str:
    return "inf" if math.isinf(upto) else f"{upto:g}"


def places_renderer(names: Sequence[str]) -> Element:
    """A colour and a name for each number that stands in the cells."""
    entries = [
        element("paletteEntry", {"value": number, "color": _shade(number), "label": name, "alpha": 255})
        for number, name in enumerate(names)
    ]
    attributes = {"type": "paletted", "band": 1, "opacity": 0.6, "alphaBand": -1}
    return element("rasterrenderer", attributes, [element("colorPalette", {}, entries)])


def _shade(number: int) -> str:
    parts = colorsys.hsv_to_rgb(number * GOLDEN % 1, 0.55 if number % 2 else 0.35, 0.85)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def pipe(renderer: Element) -> Element:
    """A renderer as it stands in a style or project; cells keep their edges."""
    sharp = element("rasterresampler", {"maxOversampling": 1, "zoomedInResampler": "nearestNeighbour"})
    return element("pipe", {}, [renderer, sharp])


def write_raster_styles(plan: Plan, folder: Path) -> None:
    """Write ``name.qml`` beside each raster: QGIS takes it when the raster is opened."""
    for name, (_, renderer) in raster_styles(plan).items():
        attributes = {"version": "3.22.0", "styleCategories": "Symbology", "hasScaleBasedVisibilityFlag": 0}
        text = text_of(element("qgis", attributes, [pipe(renderer)]))
        (folder / f"{name}.qml").write_text(text, encoding="utf-8", newline="\n")
