"""The pieces of QGIS's XML: symbols, renderers and labels, as QGIS 3.22 and later read them.

The forms are those that QGIS itself writes (QgsSymbolLayerUtils, QgsFeatureRenderer, QgsPalLayerSettings). Sizes are
millimetres, which print as they look on a screen.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from planner.outputs.escape import fit_for_xml
from planner.outputs.palette import rgb

MM = 25.4 / 96  # of a pixel, in which the map's symbols are measured

Options = Mapping[str, object]


def text_of(element: Element) -> str:
    """The element as XML, one element a line. Signs that no XML can hold become a question mark."""
    indent(element, " ")
    return fit_for_xml(tostring(element, "unicode")) + "\n"


def element(tag: str, attributes: Options | None = None, children: Iterable[Element] = (), text: str = "") -> Element:
    """An element with its attributes, and its children or its text."""
    made = Element(tag, {key: str(value) for key, value in (attributes or {}).items()})
    made.extend(children)
    made.text = text or None
    return made


def options(values: Options) -> Element:
    """What QGIS writes for a map of settings."""
    made = Element("Option", type="Map")
    for name, value in values.items():
        SubElement(made, "Option", name=name, type="QString", value=str(value))
    return made


def colour(code: str, alpha: float = 1.0) -> str:
    """``#rrggbb`` as QGIS writes it."""
    return ",".join(str(part) for part in (*rgb(code), round(255 * alpha)))


def layer(kind: str, settings: Options, expressions: Mapping[str, str] | None = None, level: int = 0) -> Element:
    """A layer of a symbol; `expressions` are the settings that hang on the feature."""
    children = [options(settings)]
    if expressions:
        children.append(element("data_defined_properties", {}, [_by_feature(expressions)]))
    return element("layer", {"class": kind, "enabled": 1, "locked": 0, "pass": level}, children)


def _by_feature(expressions: Mapping[str, str]) -> Element:
    properties = Element("Option", name="properties", type="Map")
    for name, expression in expressions.items():
        entry = SubElement(properties, "Option", name=name, type="Map")
        SubElement(entry, "Option", name="active", type="bool", value="true")
        SubElement(entry, "Option", name="expression", type="QString", value=expression)
        SubElement(entry, "Option", name="type", type="int", value="3")  # an expression
    made = Element("Option", type="Map")
    SubElement(made, "Option", name="name", type="QString", value="")
    made.append(properties)
    SubElement(made, "Option", name="type", type="QString", value="collection")
    return made


def marker(*layers: Element) -> Element:
    """A symbol of points."""
    return element("symbol", {"type": "marker", "alpha": 1, "clip_to_extent": 1, "force_rhr": 0}, layers)


def line(*layers: Element) -> Element:
    """A symbol of lines."""
    return element("symbol", {"type": "line", "alpha": 1, "clip_to_extent": 1, "force_rhr": 0}, layers)


def fill(*layers: Element) -> Element:
    """A symbol of polygons."""
    return element("symbol", {"type": "fill", "alpha": 1, "clip_to_extent": 1, "force_rhr": 0}, layers)


def shape(
    name: str, size: float, inside: str, edge: str, width: float, expressions: Mapping[str, str] | None = None
) -> Element:
    """A circle, square, cross ... of `size` and an edge of `width` millimetres."""
    settings = {
        "name": name, "size": f"{size:.3g}", "size_unit": "MM", "color": colour(inside), "outline_color": colour(edge),
        "outline_width": f"{width:.3g}", "outline_width_unit": "MM", "outline_style": "solid", "joinstyle": "round",
    }  # fmt: skip
    return layer("SimpleMarker", settings, expressions)


def drawing(svg: str, size: float, *, stands: bool = False) -> Element:
    """A drawing of our own, `size` millimetres wide, its middle or its foot on the point; it travels in the file."""
    code = base64.b64encode(svg.encode()).decode("ascii")
    settings = {"name": f"base64:{code}", "size": f"{size:.3g}", "size_unit": "MM", "offset": "0,0",
                "vertical_anchor_point": 2 if stands else 1}  # fmt: skip
    return layer("SvgMarker", settings)


def stroke(code: str, width: float, dashes: Sequence[float] = (), level: int = 0) -> Element:
    """A line of `width` millimetres, with dashes and gaps of so many."""
    settings = {
        "line_color": colour(code), "line_width": f"{width:.3g}", "line_width_unit": "MM", "line_style": "solid",
        "capstyle": "flat" if dashes else "round", "joinstyle": "round", "use_custom_dash": int(bool(dashes)),
        "customdash": ";".join(f"{part:.3g}" for part in dashes) or "5;2", "customdash_unit": "MM",
    }  # fmt: skip
    return layer("SimpleLine", settings, level=level)


def patch(inside: str, alpha: float, edge: str, width: float) -> Element:
    """An area that lets through what lies below; `alpha` 0 is only an outline."""
    settings = {
        "color": colour(inside, alpha), "style": "solid" if alpha else "no", "outline_color": colour(edge),
        "outline_width": f"{width:.3g}", "outline_width_unit": "MM", "outline_style": "solid", "joinstyle": "round",
    }  # fmt: skip
    return layer("SimpleFill", settings)


@dataclass(frozen=True)
class Kind:
    """One class of a layer: the value of the layer's expression, what it means, its symbol."""

    value: str
    label: str
    symbol: Element


def one(symbol: Element) -> Element:
    """All features alike."""
    return element("renderer-v2", {"type": "singleSymbol"}, [_symbols([symbol])])


def by_kind(expression: str, kinds: Sequence[Kind], *, levels: bool = False, first_on_top: str = "") -> Element:
    """Features by the value of an expression.

    `levels` draws the lower layers of all symbols first; with `first_on_top`, an expression, smaller values are drawn
    later.
    """
    categories = [
        element("category", {"symbol": k, "value": kind.value, "label": kind.label, "render": "true", "type": "string"})
        for k, kind in enumerate(kinds)
    ]
    children = [element("categories", {}, categories), _symbols([kind.symbol for kind in kinds])]
    if first_on_top:
        clause = element("orderByClause", {"asc": 0, "nullsFirst": 0}, text=first_on_top)
        children.append(element("orderby", {}, [clause]))
    attributes = {"type": "categorizedSymbol", "attr": expression, "symbollevels": int(levels),
                  "enableorderby": int(bool(first_on_top))}  # fmt: skip
    return element("renderer-v2", attributes, children)


def by_rule(kinds: Sequence[Kind]) -> Element:
    """Features by rules: each kind's value is a condition. Kinds may have symbols of unlike geometry."""
    rules = [
        element("rule", {"key": _key(k + 1), "symbol": k, "filter": kind.value, "label": kind.label})
        for k, kind in enumerate(kinds)
    ]
    children = [element("rules", {"key": _key(0)}, rules), _symbols([kind.symbol for kind in kinds])]
    return element("renderer-v2", {"type": "RuleRenderer", "symbollevels": 0}, children)


def _key(number: int) -> str:
    """A key such as QGIS gives to a rule; within a renderer they differ."""
    return f"{{00000000-0000-4000-8000-{number:012d}}}"


def by_range(field: str, steps: Sequence[tuple[float, float, str, Element]]) -> Element:
    """Features by a number: lower end, upper end, label and symbol of each class."""
    ranges = [
        element("range", {"lower": lower, "upper": upper, "label": label, "symbol": k, "render": "true"})
        for k, (lower, upper, label, _) in enumerate(steps)
    ]
    children = [element("ranges", {}, ranges), _symbols([symbol for *_, symbol in steps])]
    attributes = {"type": "graduatedSymbol", "attr": field, "graduatedMethod": "GraduatedColor", "symbollevels": 0}
    return element("renderer-v2", attributes, children)


def _symbols(symbols: Iterable[Element]) -> Element:
    made = Element("symbols")
    for k, symbol in enumerate(symbols):
        symbol.set("name", str(k))
        made.append(symbol)
    return made


PLACES = {"beside": 6, "over": 1, "along": 2}  # QGIS: cartographic, offset from point, parallel


@dataclass(frozen=True)
class Labels:
    """Names on the map: an expression, their size in points, where they stand.

    `smallest_scale` (1 : so many) is the smallest at which they are shown, 0 = all. `up` moves what stands over a
    point, in millimetres. `every` writes all of them, even across each other; `halo` is white round the signs.
    """

    expression: str
    points: float
    colour: str
    place: str = "beside"
    smallest_scale: int = 0
    up: float = 0.0
    bold: bool = False
    halo: bool = True
    every: bool = False


def labelling(labels: Labels) -> Element:
    """How QGIS writes names, in the font of the computer; marks of HTML in them stay marks."""
    style = {
        "fieldName": labels.expression, "isExpression": 1, "fontSize": f"{labels.points:g}", "fontSizeUnit": "Point",
        "fontWeight": 75 if labels.bold else 50, "textColor": colour(labels.colour), "textOpacity": 1, "allowHtml": 0,
    }  # fmt: skip
    halo = {"bufferDraw": int(labels.halo), "bufferSize": 0.8, "bufferSizeUnits": "MM",
            "bufferColor": colour("#ffffff"), "bufferOpacity": 1, "bufferNoFill": 1}  # fmt: skip
    placement = {
        "placement": PLACES[labels.place], "dist": 0.6, "distUnits": "MM", "quadOffset": 4, "centroidInside": 1,
        "centroidWhole": 1, "predefinedPositionOrder": "TR,TL,BR,BL,R,L,TSR,BSR", "offsetType": 1,
        "offsetUnits": "MM", "xOffset": 0, "yOffset": f"{-labels.up:.3g}", "placementFlags": 10,
    }  # fmt: skip
    rendering = {
        "scaleVisibility": int(labels.smallest_scale > 0), "scaleMax": labels.smallest_scale, "scaleMin": 0,
        "obstacle": int(labels.place == "beside"), "displayAll": int(labels.every), "drawLabels": 1,
    }  # fmt: skip
    written = element("text-style", style, [element("text-buffer", halo)])
    children = [written, element("placement", placement), element("rendering", rendering)]
    return element("labeling", {"type": "simple"}, [element("settings", {"calloutType": "simple"}, children)])
