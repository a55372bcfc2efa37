"""The plan as one interactive page that needs no network: folium's map, filled by the planner's own script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import folium
import numpy as np
from branca.element import Element, Figure
from folium.elements import JSCSSMixin
from folium.template import Template

from planner.outputs import offline, overlay, rows
from planner.outputs.escape import escape, to_json
from planner.outputs.features import map_layers, styles
from planner.outputs.palette import TimeClass, time_classes
from planner.outputs.panel import kinds, legend, panel
from planner.types.arrays import Floats
from planner.types.results import Plan

HEADINGS = ("Community health workers", "People and care", "Base map")
SURFACE_OPACITY = 0.8

# Instead of folium's own lists: no icons, no Bootstrap, no address elsewhere. Names are unique over both kinds.
FOLIUM_JS = (("leaflet", "leaflet.js"), ("jquery", "jquery.min.js"))
FOLIUM_CSS = (("leaflet_css", "leaflet.css"),)
OWN_JS = (("symbols", "symbols.js"), ("labels", "labels.js"), ("search", "search.js"), ("map", "map.js"))
OWN_CSS = (("map_css", "map.css"),)


def map_html(plan: Plan) -> str:
    """The whole map as one HTML page: nothing is loaded, the same plan gives the same text.

    Raises
    ------
    planner.outputs.offline.NotOffline
        Where folium asks for an asset that the planner does not carry (another version of folium).
    """
    classes = time_classes(plan.scenario.reach.thresholds)
    surfaces = _surfaces(plan)
    layers = map_layers(plan)
    page = folium.Map(
        tiles=None, location=[0.0, 0.0], zoom_start=2, prefer_canvas=True, zoom_snap=0.25, zoom_delta=1,
        attribution_control=False, zoom_control="bottomleft",
    )  # fmt: skip
    page.default_js, page.default_css = list(FOLIUM_JS), list(FOLIUM_CSS)
    figure = cast(Figure, page.get_root())
    figure.title = escape(plan.scenario.title)
    figure.html.add_child(_Text(panel(plan, surfaces)))
    figure.html.add_child(_Text(_data(plan, layers, classes)))
    pictures = [_picture(plan, name, minutes, classes) for name, minutes in surfaces.items()]
    for position, picture in enumerate(pictures):
        picture.show = position == 0
        picture.add_to(page)
    groups = {layer["key"]: folium.FeatureGroup(layer["name"], show=layer["show"]) for layer in layers}
    for heading in HEADINGS:
        for layer in layers[::-1]:
            if layer["heading"] == heading:
                groups[layer["key"]].add_to(page)
    page.keep_in_front(*(groups[layer["key"]] for layer in layers))
    control = folium.LayerControl(collapsed=False)
    control.add_to(page)
    _Start(page, control, pictures, groups).add_to(page)
    return offline.seal(_render(page, figure))


class _Text(Element):
    """HTML that is already safe, put in as it is: folium would read a plain string as a template."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class _Start(JSCSSMixin):
    """Hands folium's objects to the planner's script, after all of them are made."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            planner.start(
                {{ this.page.get_name() }}, {{ this.control.get_name() }},
                [{% for picture in this.pictures %}{{ picture.get_name() }}, {% endfor %}],
                { {% for key, group in this.groups.items() %}{{ key }}: {{ group.get_name() }}, {% endfor %} }
            );
        {% endmacro %}
        """
    )

    def __init__(
        self,
        page: folium.Map,
        control: folium.LayerControl,
        pictures: list[folium.raster_layers.ImageOverlay],
        groups: dict[str, folium.FeatureGroup],
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.default_js, self.default_css = list(OWN_JS), list(OWN_CSS)
        self.page, self.control, self.pictures, self.groups = page, control, pictures, groups


def _surfaces(plan: Plan) -> dict[str, Floats]:
    """Travel times shown, by name; those with CHWs only where there are any."""
    surfaces = {"Facility today": plan.to_facility.minutes}
    if not plan.posts.proposed.all():
        surfaces["Facility or CHW today"] = plan.with_chws.minutes
    if plan.posts.proposed.any():
        surfaces["With the plan"] = plan.with_plan.minutes
    return surfaces


def _picture(
    plan: Plan, name: str, minutes: Floats, classes: tuple[TimeClass, ...]
) -> folium.raster_layers.ImageOverlay:
    """Travel time inside the areas: what lies beyond is not asked for, and would draw the eye."""
    west, south, east, north = overlay.lonlat_bounds(plan.land.frame)
    inside = replace(plan.land, pace=np.where(rows.in_areas(plan), plan.land.pace, np.float32(np.inf)))
    return folium.raster_layers.ImageOverlay(
        offline.data_uri(overlay.travel_time_png(inside, minutes, classes), "image/png"),
        [[south, west], [north, east]],
        name=name, overlay=False, opacity=SURFACE_OPACITY, alt=f"Travel time: {name}", pane="tilePane",
    )  # fmt: skip


def _data(plan: Plan, layers: list[dict[str, Any]], classes: tuple[TimeClass, ...]) -> str:
    """All that the script draws, as one block of data that no browser runs."""
    used = {feature["s"] for layer in layers for feature in layer["features"]}
    headings = {layer["name"]: layer["heading"] for layer in layers}
    data = {
        "view": _view(plan),
        "layers": layers,
        "styles": styles(),
        "kinds": kinds(plan),
        "legend": legend(plan, classes, used),
        "headings": headings | dict.fromkeys(_surfaces(plan), "Time to care"),
    }
    return f'<script type="application/json" id="plan-data">{to_json(data)}</script>'


def _view(plan: Plan) -> list[list[float]]:
    """South-west and north-east of what the map shows at first: the areas, or the whole frame where there are none."""
    if not len(plan.areas):
        west, south, east, north = overlay.lonlat_bounds(plan.land.frame)
    else:
        import shapely

        frame = plan.land.frame
        x0, y0, x1, y1 = shapely.total_bounds(plan.areas.geometry)
        lon, lat = frame.lonlat([x0, x0, x1, x1], [y0, y1, y0, y1])
        west, south, east, north = min(lon), min(lat), max(lon), max(lat)
    return [[round(float(south), 5), round(float(west), 5)], [round(float(north), 5), round(float(east), 5)]]


def _render(page: folium.Map, figure: Figure) -> str:
    """The page with names by position: folium draws them at random, and the same plan must give the same text."""
    for position, element in enumerate(_walk(page)):
        element._id = str(position)
    return figure.render().replace("<html>", '<html lang="en">', 1)


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _walk(child)
