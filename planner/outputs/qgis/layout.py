"""A page to print from QGIS: A4, the map with its message, legend, scale bar, north arrow and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from planner.outputs.language import day, say
from planner.outputs.panel import message
from planner.outputs.qgis.elements import Options, colour, element, options, text_of
from planner.types.results import Plan

WIDE, HIGH = 297, 210  # millimetres of A4, lying
MAP = "{00000000-0000-4000-9000-000000000001}"
ITEMS = {"map": 65639, "picture": 65640, "label": 65641, "legend": 65642, "scale bar": 65646}  # types in QGIS
FONTS = {"title": 11, "group": 10, "subgroup": 9, "symbol": 8, "symbolLabel": 8}  # points, in the legend
INK = "#1c2530"
NORTH = "arrows/NorthArrow_02.svg"  # comes with QGIS


@dataclass(frozen=True)
class Entry:
    """A layer in the legend: its id and name.

    `nodes` are the positions of what is shown of it, "" = all; `first` is a symbol that stands for its first class.
    """

    key: str
    title: str
    nodes: str = ""
    first: Element | None = None


Extent = tuple[float, float, float, float]
Box = tuple[float, float, float, float]  # from left and top, width and height in millimetres


def layout(plan: Plan, extent: Extent, shown: Sequence[Entry]) -> Element:
    """The page as QGIS keeps it; `shown` are the layers of its legend."""
    sources = "; ".join(dict.fromkeys(source.citation or source.file for source in plan.sources))
    made = say(
        "Travel times are computed, not measured; people are estimates. {day}, run {run}, made by planner.",
        day=day(plan.provenance.date), run=plan.provenance.run_id,
    )  # fmt: skip
    children = [
        _page(),
        _map((10, 28, 202, 162), extent),
        _label(plan.scenario.title, (10, 6, 277, 6), 10),
        _label(message(plan), (10, 12, 277, 14), 14, bold=True),
        _label(f"{say('Sources')}: {sources}. {made}", (10, 193, 277, 12), 7),
        _legend((215, 28, 72, 162), shown),
        _scale_bar((14, 176, 60, 12)),
        _item("picture", (198, 31, 10, 12), {"file": NORTH, "mode": 0, "resizeMode": 0, "northMode": 1,
                                             "mapUuid": MAP, "svgFillColor": colour(INK), "anchorPoint": 4}),
    ]  # fmt: skip
    return element("Layout", {"name": say("Map to print (A4)"), "units": "mm", "printResolution": 300}, children)


def _page() -> Element:
    size = {"type": 65638, "size": f"{WIDE},{HIGH},mm", "position": "0,0,mm", "positionOnPage": "0,0,mm",
            "background": "true"}  # fmt: skip
    return element("PageCollection", {}, [element("LayoutItem", size)])


def _item(kind: str, box: Box, more: Options, children: Sequence[Element] = ()) -> Element:
    left, top, width, height = box
    attributes = {
        "type": ITEMS[kind], "id": kind, "position": f"{left},{top},mm", "positionOnPage": f"{left},{top},mm",
        "size": f"{width},{height},mm", "referencePoint": 0, "visibility": 1, "background": "false",
        "frame": "false", "opacity": 1, **more,
    }  # fmt: skip
    return element("LayoutItem", attributes, children)


def _map(box: Box, extent: Extent) -> Element:
    """The map: its extent, widened to the shape of its box."""
    west, south, east, north = extent
    wide, high = east - west, north - south
    wider = max(wide, high * box[2] / box[3])
    higher = wider * box[3] / box[2]
    x, y = (west + east) / 2, (south + north) / 2
    sides = {"xmin": x - wider / 2, "xmax": x + wider / 2, "ymin": y - higher / 2, "ymax": y + higher / 2}
    return _item("map", box, {"uuid": MAP, "templateUuid": MAP, "frame": "true", "mapRotation": 0, "zValue": 1},
                 [element("Extent", {name: repr(value) for name, value in sides.items()})])  # fmt: skip


def _label(text: str, box: Box, points: float, *, bold: bool = False) -> Element:
    """A text as it is: QGIS would compute what stands between ``[%`` and ``%]``."""
    weight = 75 if bold else 50
    font = element("LabelFont", {"description": f"Sans Serif,{points:g},-1,5,{weight},0,0,0,0,0", "style": ""})
    style = {"fontSize": f"{points:g}", "fontSizeUnit": "Point", "fontWeight": weight, "textColor": colour(INK),
             "allowHtml": 0}  # fmt: skip
    settings = {"labelText": text.replace("[%", "[ %"), "htmlState": 0, "halign": 1, "valign": 32, "marginX": 0,
                "marginY": 0, "zValue": 2}  # fmt: skip
    return _item("label", box, settings, [font, element("text-style", style)])


def _legend(box: Box, shown: Sequence[Entry]) -> Element:
    leaves = [
        element("layer-tree-layer", {"id": entry.key, "name": entry.title, "checked": "Qt::Checked", "expanded": 1},
                [element("customproperties", {}, [options(_shown(entry))])])
        for entry in shown
    ]  # fmt: skip
    styles = [
        element("style", {"name": name, "marginTop": 1.5, "marginLeft": 1, "alignment": 1, "indent": 0}, [
            element("styleFont", {"description": f"Sans Serif,{points},-1,5,50,0,0,0,0,0", "style": ""}),
        ])
        for name, points in FONTS.items()
    ]  # fmt: skip
    settings = {"title": say("Legend"), "symbolWidth": 6, "symbolHeight": 3.5, "boxSpace": 1, "lineSpacing": 1,
                "resizeToContents": 1, "map_uuid": MAP, "wrapChar": "", "columnCount": 1, "fontColor": INK,
                "zValue": 3}  # fmt: skip
    return _item("legend", box, settings, [element("styles", {}, styles), element("layer-tree-group", {}, leaves)])


def _shown(entry: Entry) -> dict[str, str]:
    """What QGIS keeps of a layer's place in a legend."""
    order = {"legend/node-order": entry.nodes} if entry.nodes else {}
    return order | ({"legend/custom-symbol-0": text_of(entry.first)} if entry.first is not None else {})


def _scale_bar(box: Box) -> Element:
    settings = {
        "mapUuid": MAP, "style": "Single Box", "unitType": "km", "unitLabel": "km", "numSegments": 2,
        "numSegmentsLeft": 0, "segmentSizeMode": 1, "minBarWidth": 25, "maxBarWidth": 50, "height": 2,
        "numUnitsPerSegment": 5, "numMapUnitsPerScaleBarUnit": 1, "labelBarSpace": 1, "boxContentSpace": 1,
        "outlineWidth": 0.2, "background": "true", "zValue": 4,
    }  # fmt: skip
    style = element("text-style", {"fontSize": 8, "fontSizeUnit": "Point", "textColor": colour(INK)})
    return _item("scale bar", box, settings, [element("BackgroundColor", {"red": 255, "green": 255, "blue": 255,
                                                                          "alpha": 200}), style])  # fmt: skip
