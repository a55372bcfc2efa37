"""The plan as one interactive page that needs no network: folium's map, filled by the planner's own script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import folium
from branca.element import Element, Figure
from folium.elements import JSCSSMixin
from folium.template import Template

from planner.outputs import map_ground, offline, overlay, phrases, whatif
from planner.outputs.escape import escape, to_json
from planner.outputs.features import BASE, CARE, WORKERS, columns_of, map_layers
from planner.outputs.language import DECIMAL, LANGUAGES, THOUSANDS, speaking
from planner.outputs.map_legend import kinds, legend
from planner.outputs.map_styles import styles
from planner.outputs.palette import TimeClass, time_classes
from planner.outputs.panel import panel
from planner.types.results import Plan

HEADINGS = (WORKERS, CARE, BASE)

# Instead of folium's own lists: no icons, no Bootstrap, no address elsewhere. Names are unique over both kinds.
FOLIUM_JS = (("leaflet", "leaflet.js"), ("jquery", "jquery.min.js"))
FOLIUM_CSS = (("leaflet_css", "leaflet.css"),)
OWN_JS = tuple(
    (name, f"{name}.js")
    for name in (
        "symbols", "words", "parts", "labels", "search", "ground", "readout", "swipe", "key", "tables", "measure",
        "print", "map", *whatif.SCRIPTS,
    )
)  # fmt: skip
OWN_CSS = (("map_css", "map.css"), ("whatif_css", "whatif.css"))


def map_html(plan: Plan, tell: Callable[[str], None] = lambda _: None) -> str:
    """The whole map as one HTML page: nothing is loaded, the same plan gives the same text.

    The page is written in English, and holds what it says in the other languages; its script shows it at first in the
    scenario's. What had to be left out is told.

    Raises
    ------
    planner.outputs.offline.NotOffline
        Where folium asks for an asset that the planner does not carry (another version of folium).
    """
    with speaking("en"):
        return _page(plan, tell)


def _page(plan: Plan, tell: Callable[[str], None]) -> str:
    classes = time_classes(plan.scenario.reach.thresholds)
    surfaces = map_ground.surfaces(plan)
    layers = map_layers(plan)
    page = folium.Map(
        tiles=None, location=[0.0, 0.0], zoom_start=2, prefer_canvas=True, zoom_snap=0.25, zoom_delta=1,
        attribution_control=False, zoom_control="bottomleft",
    )  # fmt: skip
    page.default_js, page.default_css = list(FOLIUM_JS), list(FOLIUM_CSS)
    figure = cast(Figure, page.get_root())
    figure.title = escape(plan.scenario.title)
    figure.html.add_child(_Text(panel(plan)))
    figure.html.add_child(_Text(_data(plan, layers, surfaces, classes)))
    figure.html.add_child(_Text(whatif.EMPTY))
    pictures = [map_ground.picture(plan, surface, classes) for surface in surfaces]
    for picture in pictures:
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
    return whatif.filled(offline.seal(_render(page, figure)), plan, tell)


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


def _data(
    plan: Plan, layers: list[dict[str, Any]], surfaces: Sequence[map_ground.Surface], classes: tuple[TimeClass, ...]
) -> str:
    """All that the scripts draw and say, as one block of data that no browser runs."""
    used = {feature["s"] for layer in layers for feature in layer["features"]}
    data = {
        "view": _view(plan),
        "layers": layers,
        "styles": styles(),
        "kinds": kinds(plan),
        "legend": legend(plan, classes, used),
        "surfaces": [{"care": surface.care, "season": surface.season} for surface in surfaces],
        "shares": map_ground.shares(plan),
        "language": plan.scenario.report.language,
        "marks": {language: [THOUSANDS[language], DECIMAL[language]] for language in LANGUAGES},
        "words": _words(plan, layers, classes, used),
    }
    return f'<script type="application/json" id="plan-data">{to_json(data)}</script>'


def _words(
    plan: Plan, layers: list[dict[str, Any]], classes: tuple[TimeClass, ...], used: set[str]
) -> dict[str, dict[str, str]]:
    """What stands for each English text of the page in the other languages."""
    texts = phrases.templates(
        [[feature.get("k"), feature.get("v"), feature.get("T")] for layer in layers for feature in layer["features"]]
    )
    texts |= {layer[what] for layer in layers for what in ("name", "heading")}
    texts |= set().union(*(phrases.said_by(offline.asset(name)) for _, name in OWN_JS))

    def told() -> list[Any]:
        labels = [[label for label, _ in columns] for columns in columns_of(plan).values()]
        return [
            phrases.said_in(panel(plan)),
            labels,
            kinds(plan),
            [
                [section["title"], [each["label"] for each in section["entries"]]]
                for section in legend(plan, classes, used)
            ],
        ]

    return phrases.words(told, texts)


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
