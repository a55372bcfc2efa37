"""How each layer of the plan looks in QGIS: the map's colours, symbols and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from planner.outputs import palette
from planner.outputs.columns import COLUMNS
from planner.outputs.features import MAJOR, PATH, village_radius
from planner.outputs.language import say
from planner.outputs.map_legend import share_classes
from planner.outputs.map_styles import styles
from planner.outputs.qgis import elements
from planner.outputs.qgis.elements import MM, Kind, Labels, element

FAR, NEAR = 100_000, 50_000  # scales (1 : so many) down to which names of facilities, and of villages, are shown

PERSON = '<circle cx="0" cy="-.55" r=".5"/><path d="M-.95 1C-.95 -.15 .95 -.15 .95 1Z"/>'
PIN = '<path d="M-.84 -1.21A1 1 0 1 1 .84 -1.21Q.45 -.75 0 0Q-.45 -.75 -.84 -1.21Z"/>'
PIN_HEAD = 1.75  # radii of the pin's head from its tip to the head's middle


@dataclass(frozen=True)
class Style:
    """A style of a layer: its name, who is drawn how, and which names are written."""

    name: str
    renderer: Element
    labels: Labels | None = None


def layer_styles(layer: str, tiers: Sequence[int] = (1, 2, 3)) -> tuple[Style, ...]:
    """The styles of a layer by its name in layers.gpkg, the usual one first; `tiers` are those that occur."""
    made: dict[str, Callable[[], tuple[Style, ...]]] = {
        "areas": lambda: (
            outlines(),
            coverage(say("People within reach with the plan"), "within_plan_percent"),
            coverage(say("People within reach today"), "within_today_percent"),
        ),
        "facilities": lambda: (facilities(tiers),),
        "villages": lambda: (villages(),),
        "posts": lambda: (posts(),),
        "bridges": lambda: (bridges(),),
        "catchments": lambda: (catchments(),),
        "referral_routes": lambda: (_dashed(say("Referral ways"), "referral"),),
        "supervision_rounds": lambda: (_dashed(say("Supervision rounds"), "round"),),
        "roads": lambda: (roads(),),
        "water": lambda: (water(),),
    }
    return made[layer]()


def aliases(fields: Sequence[str]) -> Element:
    """The columns' headers with their units, as in the workbook."""
    return element(
        "aliases",
        {},
        [
            element(
                "alias", {"field": field, "index": k, "name": say(COLUMNS[field].header) if field in COLUMNS else ""}
            )
            for k, field in enumerate(fields)
        ],
    )


def document(style: Style, fields: Sequence[str]) -> str:
    """A style as the QML that stands in the table layer_styles."""
    attributes = {"version": "3.22.0", "styleCategories": "Symbology|Labeling|Fields|Forms",
                  "labelsEnabled": int(style.labels is not None)}  # fmt: skip
    return elements.text_of(element("qgis", attributes, parts(style, fields)))


def parts(style: Style, fields: Sequence[str]) -> list[Element]:
    """What a style says, in a style's own document or in a project."""
    names = [elements.labelling(style.labels)] if style.labels else []
    return [style.renderer, *names, aliases(fields)]


def outlines() -> Style:
    """Areas as outlines with their names."""
    symbol = elements.fill(elements.patch(palette.AREA, 0, palette.AREA, styles()["area"]["width"] * MM))
    return Style(say("Areas"), elements.one(symbol), Labels('"area"', 9, "#3b3b3b", "over", bold=True))


def coverage(name: str, column: str) -> Style:
    """Areas by the share of their people within reach: pale is near to care, as on the map."""
    classes = sorted(share_classes(), key=lambda each: float(each["from"]))
    ends = [*(100 * each["from"] for each in classes[1:]), 100.0]
    width = styles()["area"]["width"] * MM
    steps = [
        (
            100 * each["from"],
            end,
            each["label"],
            elements.fill(elements.patch(each["colour"], 0.8, palette.AREA, width)),
        )
        for each, end in zip(classes, ends, strict=True)
    ]
    return Style(name, elements.by_range(column, steps), Labels('"area"', 9, "#1a1a1a", "over", bold=True))


def facilities(tiers: Sequence[int]) -> Style:
    """Facilities by tier, as on the map: from the third on they look alike."""
    words = {1: say("tier 1"), 2: say("tier 2"), 3: say("tier 3 and above")}
    there = sorted({min(max(int(tier), 1), 3) for tier in tiers}, reverse=True)
    kinds = [Kind(str(tier), words[tier], _facility(f"tier{tier}")) for tier in there]
    return Style(
        say("Facilities"),
        elements.by_kind('min(max("tier", 1), 3)', kinds, first_on_top='-"tier"'),
        Labels('"facility"', 8, palette.FACILITY, smallest_scale=FAR),
    )


def _facility(style: str) -> Element:
    look = styles()[style]
    size, arm = 2 * look["r"] * MM, {"clinic": 1.1, "hospital": 1.2}[look["shape"]]
    name = {"clinic": "circle", "hospital": "square"}[look["shape"]]
    cross = elements.shape("cross", arm * look["r"] * MM, "#ffffff", "#ffffff", 0.3 * look["r"] * MM)
    return elements.marker(elements.shape(name, size, look["fill"], look["edge"], look["width"] * MM), cross)


def villages() -> Style:
    """Villages by who serves them, the area of the circle in proportion to their people."""
    words = {
        "waiting": say("hard to reach, no CHW in reach"),
        "served-new": say("hard to reach, served by a proposed CHW"),
        "served": say("hard to reach, served by a CHW of today"),
        "within": say("not hard to reach"),
    }
    least, most = village_radius(0.0), village_radius(float("inf"))
    size = f'{2 * MM:.4f} * min(max(sqrt(max("people", 0)) / 4, {least}), {most})'
    kinds = []
    for name, told in words.items():
        look = styles()[name]
        circle = elements.shape("circle", 2 * look["r"] * MM, look["fill"], look["edge"], look["width"] * MM,
                                {"size": size})  # fmt: skip
        kinds.append(Kind(name, told, elements.marker(circle)))
    which = (
        "CASE WHEN NOT \"hard_to_reach\" THEN 'within' WHEN \"served_by_proposed\" THEN 'served-new' "
        "WHEN \"served_by\" <> '' THEN 'served' ELSE 'waiting' END"
    )
    renderer = elements.by_kind(which, kinds, first_on_top='"people"')
    return Style(
        say("Villages by who serves them"), renderer, Labels(_village_name(), 7, "#1a1a1a", smallest_scale=NEAR)
    )


def _village_name() -> str:
    """The expression of a village's name as it is said: those of the raster are called by the nearest of the list."""
    near = say("near {village}", village="").replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
    return f"""CASE WHEN "listed" THEN "village" ELSE regexp_replace("village", '^near ', '{near}') END"""


def posts() -> Style:
    """CHWs of today, and those proposed as pins with their rank."""
    new, today = styles()["chw-new"], styles()["chw"]
    person = elements.drawing(_svg(PERSON, today, "-1.4 -1.4 2.8 2.8"), 2.8 * today["r"] * MM)
    kinds = [
        Kind("1", say("proposed CHW, numbered: 1 reaches most"), pin(stands=True)),
        Kind("0", say("CHW today"), elements.marker(person)),
    ]
    rank = 'CASE WHEN "proposed" THEN to_string(to_int("rank")) END'
    head = Labels(rank, 6.5, palette.FACILITY, "over", up=PIN_HEAD * new["r"] * MM, bold=True, halo=False, every=True)
    which = elements.by_kind('if("proposed", 1, 0)', kinds, first_on_top='coalesce("rank", 1e9)')
    return Style(say("Community health workers (CHWs)"), which, head)


def pin(*, stands: bool) -> Element:
    """The pin of a proposed CHW, its tip on the point; or about the point, as in a legend."""
    new = styles()["chw-new"]
    return elements.marker(elements.drawing(_svg(PIN, new, "-1.3 -3 2.6 3"), 2.6 * new["r"] * MM, stands=stands))


def _svg(shape: str, look: dict[str, object], box: str) -> str:
    """The map's symbol: a white halo, the fill, and an edge."""
    width = float(str(look["width"])) / float(str(look["r"]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">'
        f'<g stroke-linejoin="round" stroke="#ffffff" stroke-width="{width + 0.4:.2f}">{shape}</g>'
        f'<g stroke-linejoin="round" fill="{look["fill"]}" stroke="{look["edge"]}" stroke-width="{width:.2f}">{shape}'
        "</g></svg>"
    )


def bridges() -> Style:
    """Where one bridge for walkers would save most, with its rank."""
    diamond = elements.shape("diamond", 4, "#ffffff", palette.AREA, 0.5)
    labels = Labels('to_string("rank")', 6.5, palette.AREA, "over", bold=True, halo=False, every=True)
    return Style(say("Bridges that would save most"), elements.one(elements.marker(diamond)), labels)


def catchments() -> Style:
    """Who serves whom: CHWs proposed, CHWs of today, and facilities as outlines."""
    kinds = [
        Kind("new", say("served by a proposed CHW"), _patch(palette.PROPOSED, 0.35)),
        Kind("today", say("served by a CHW of today"), _patch(palette.CHW_EDGE, 0.35)),
        Kind("facility", say("reaches this facility first"), _patch(palette.FACILITY, 0)),
    ]
    which = "CASE WHEN \"kind\" = 'facility' THEN 'facility' WHEN \"proposed\" THEN 'new' ELSE 'today' END"
    return Style(say("Catchments"), elements.by_kind(which, kinds))


def _patch(colour: str, alpha: float) -> Element:
    return elements.fill(elements.patch(colour, alpha, colour, 1.5 * MM))


def _dashed(name: str, style: str) -> Style:
    look = styles()[style]
    dashes = [part * MM for part in look["dash"]]
    return Style(name, elements.one(elements.line(elements.stroke(look["colour"], look["width"] * MM, dashes))))


def roads() -> Style:
    """Roads in three classes; all casings lie below all roads, so that crossings are open."""
    major, minor, path = (styles()[name] for name in ("major", "minor", "path"))
    casing = elements.stroke(major["casing"], (major["width"] + 2) * MM)
    kinds = [
        Kind("major", say("main road"),
             elements.line(casing, elements.stroke(major["colour"], major["width"] * MM, level=1))),
        Kind("minor", say("other road"), elements.line(elements.stroke(minor["colour"], minor["width"] * MM))),
        Kind("path", say("track or path"),
             elements.line(elements.stroke(path["colour"], path["width"] * MM, [part * MM for part in path["dash"]]))),
    ]  # fmt: skip
    name = "replace(\"highway\", '_link', '')"
    which = (
        f"CASE WHEN {name} IN ({_quoted(MAJOR)}) THEN 'major' WHEN {name} IN ({_quoted(PATH)}) THEN 'path' "
        "ELSE 'minor' END"
    )
    return Style(
        say("Roads and paths"),
        elements.by_kind(which, kinds, levels=True),
        Labels('"name"', 7, palette.ROAD, "along", NEAR),
    )


def _quoted(names: set[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


def water(shapes: str = "") -> Style:
    """Rivers, seasonal ones dashed, and lakes; `shapes` "lines" or "polygons" where a layer has only these."""
    river, seasonal, lake = (styles()[name] for name in ("river", "seasonal", "lake"))
    flat = "geometry_type($geometry) = 'Polygon'"
    dashes = [part * MM for part in seasonal["dash"]]
    lines = [
        Kind(f'NOT "seasonal" AND NOT {flat}', say("river"),
             elements.line(elements.stroke(river["colour"], river["width"] * MM))),
        Kind(f'"seasonal" AND NOT {flat}', say("seasonal river"),
             elements.line(elements.stroke(seasonal["colour"], seasonal["width"] * MM, dashes))),
    ]  # fmt: skip
    polygons = [Kind(flat, say("lake or sea"), elements.fill(elements.patch(lake["fill"], 1, lake["colour"], 0.2)))]
    name, kinds = {
        "lines": (say("Rivers"), lines),
        "polygons": (say("Lakes and sea"), polygons),
    }.get(shapes, (say("Rivers and lakes"), lines + polygons))
    labels = Labels('"name"', 7, palette.RIVER, "over" if shapes == "polygons" else "along", FAR)
    return Style(name, elements.by_rule(kinds), labels)
