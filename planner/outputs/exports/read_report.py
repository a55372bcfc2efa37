"""report.html, read as the document that it is: headings, paragraphs, tables and pictures, as data for a template.

The report is written once (report.html); what prints it reads it here. An element or class that is not known is a
fault: nothing that the page says can be missing from the print.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

from planner.errors import Fault, InputFaults

Block = dict[str, Any]
Run = dict[str, Any]  # a text of one kind, or a picture, inside a paragraph

VOID = {"meta", "br", "input"}
INLINE = {"b", "small", "code", "mark", "a", "br", "svg"}
SPACE = re.compile(r"[^\S\u00a0\u202f]+")  # what HTML joins to one space; not the spaces that keep numbers whole
DRAWN = {"svg", "g", "rect", "path", "circle", "line", "polyline", "text", "image"}
PROPER = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}
DRAWN_WITH = {
    "viewbox", "preserveaspectratio", "x", "y", "width", "height", "rx", "cx", "cy", "r", "x1", "x2", "y1", "y2",
    "points", "d", "fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor", "font-size", "href",
}  # fmt: skip
OF_SCREENS = {"class", "role", "aria-label", "aria-hidden"}  # of an SVG: what is said of it stands beside it
FONT = "DejaVu Sans"


def read_report(html: str) -> dict[str, Any]:
    """The report as data: language, title, the lines about it, and its blocks in their order.

    Raises
    ------
    InputFaults
        Where the page has an element that the print does not know.
    """
    page = _Page()
    page.feed(html)
    root = page.root()
    header, main, footer = (_the(root, f"body/{tag}") for tag in ("header", "main", "footer"))
    lines = [_inline(line) for line in _the(header, "div")]
    if [line.tag for line in _the(header, "div")] != ["p", "h1", "p"]:
        raise _unknown(header, "of another form")
    blocks = _all_blocks(_bare(main))
    known = {block["id"] for block in blocks if block.get("id")}
    _unlink({"blocks": blocks}, known)
    return {
        "language": root.get("lang", "en"),
        "title": plain(lines[1]),
        "kicker": lines[0],
        "about": lines[2],
        "blocks": blocks,
        "colophon": _inline(_the(footer, "div")),
    }


class _Page(HTMLParser):
    """Builds a tree of elements; what is not closed or not opened is a fault of the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._tree = ET.TreeBuilder()
        self._open: list[str] = []
        self._any = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._any = True
        self._tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self._tree.end(tag)
        else:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tree.start(tag, {name: value or "" for name, value in attrs})
        self._tree.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise _fault(f"closes <{tag}>, which is not the element that is open.")
        self._tree.end(tag)

    def handle_data(self, data: str) -> None:
        if self._open:
            self._tree.data(data)

    def root(self) -> ET.Element:
        """The whole page, once all of it was fed."""
        self.close()
        if self._open or not self._any:
            raise _fault("ends before its elements do.")
        return self._tree.close()


def _the(parent: ET.Element, path: str) -> ET.Element:
    found = parent.find(path)
    if found is None:
        raise _fault(f"has no {path.replace('/', ' with ')}.")
    return found


def _blocks(element: ET.Element) -> list[Block]:
    """What an element of the page is in print."""
    form = FORMS.get((element.tag, element.get("class", "")))
    if form is None:
        raise _unknown(element)
    return form(element)


def _all_blocks(elements: Iterable[ET.Element]) -> list[Block]:
    return [block for element in elements for block in _blocks(element)]


def _nothing(_: ET.Element) -> list[Block]:
    """The links at the top of the page: a table of contents stands for them."""
    return []


def _paragraph(element: ET.Element) -> list[Block]:
    return [{"kind": "p", "style": element.get("class", "text"), "text": _inline(element)}]


def _heading(element: ET.Element) -> list[Block]:
    level = int(element.tag[1]) - 1
    return [{"kind": "heading", "level": level, "id": element.get("id", ""), "text": _inline(element)}]


def _list(element: ET.Element) -> list[Block]:
    return [{"kind": element.get("class", "list"), "items": [_inline(each) for each in _all(element, "li")]}]


def _cards(element: ET.Element) -> list[Block]:
    return [{"kind": "cards", "items": [_card(each) for each in _all(element, "div")]}]


def _headline(element: ET.Element) -> list[Block]:
    bar, *others = _bare(element)
    return [{"kind": "bar", "image": _drawn(bar)}, *_all_blocks(others)]


def _pictures(element: ET.Element) -> list[Block]:
    return [{"kind": "pictures", "figures": [_figure(each) for each in _all(element, "figure")]}]


def _picture(element: ET.Element) -> list[Block]:
    return [{"kind": "pictures", "figures": [_figure(element)]}]


def _tables(element: ET.Element) -> list[Block]:
    return [_table(each) for each in _all(element, "table")]


def _say(element: ET.Element) -> list[Block]:
    return [{"kind": "say", "blocks": _all_blocks(_bare(element))}]


def _details(element: ET.Element) -> list[Block]:
    """What is folded on the page stands open on paper."""
    head, *others = _bare(element)
    if head.tag != "summary":
        raise _unknown(head)
    return [{"kind": "heading", "level": 3, "id": "", "text": _inline(head)}, *_all_blocks(others)]


FORMS: dict[tuple[str, str], Callable[[ET.Element], list[Block]]] = {
    ("nav", ""): _nothing,
    **{("p", name): _paragraph for name in ("", "lead", "note", "more")},
    **{(tag, ""): _heading for tag in ("h2", "h3", "h4")},
    ("ul", ""): _list,
    ("ul", "key"): _list,
    ("div", "cards"): _cards,
    ("div", "headline"): _headline,
    ("div", "pictures"): _pictures,
    ("figure", "scroll"): _picture,
    ("div", "scroll"): _tables,
    ("div", "say"): _say,
    ("details", ""): _details,
}  # by element and class


def _card(element: ET.Element) -> Block:
    runs = _inline(element)
    return {"number": plain([run for run in runs if run.get("b")]), "words": [run for run in runs if not run.get("b")]}


def _figure(element: ET.Element) -> Block:
    caption, picture = element.find("figcaption"), _the(element, "svg")
    if len(_bare(element)) != (1 if caption is None else 2):
        raise _unknown(element, "with more than a caption and a picture")
    return {
        "caption": [] if caption is None else _inline(caption),
        "image": _drawn(picture),
        "alt": picture.get("aria-label", ""),
    }


def _table(element: ET.Element) -> Block:
    heads = [head for row in _all(_the(element, "thead"), "tr") for head in _all(row, "th")]
    numeric = [head.get("class") == "number" for head in heads]
    rows = _all(_the(element, "tbody"), "tr")
    return {
        "kind": "table",
        "headers": [_inline(head) for head in heads],
        "numeric": numeric,
        "rows": [
            [_inline(cell, whole=right) for cell, right in zip(_all(row, "td"), numeric, strict=True)] for row in rows
        ],
        "total": bool(rows) and rows[-1].get("class") == "total",
    }


def _all(element: ET.Element, tag: str) -> list[ET.Element]:
    """The children, all of one kind, and no text between them."""
    for child in _bare(element):
        if child.tag != tag:
            raise _unknown(child)
    return list(element)


def _bare(element: ET.Element) -> list[ET.Element]:
    """The children, and no text between them."""
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        raise _unknown(element, "with text of its own")
    return list(element)


def _inline(element: ET.Element, *, whole: bool = False) -> list[Run]:
    """Texts of a paragraph or cell; where it is to stay `whole`, its spaces do not break."""
    runs: list[Run] = []
    for run in _runs(element, {}):
        if "text" in run:
            run["text"] = SPACE.sub("\N{NO-BREAK SPACE}" if whole else " ", run["text"])
            if not runs or runs[-1].get("text", " ")[-1:].isspace() or "break" in runs[-1]:
                run["text"] = run["text"].lstrip()
        if run.get("text") != "":
            runs.append(run)
    if runs and "text" in runs[-1]:
        runs[-1]["text"] = runs[-1]["text"].rstrip()
    return [run for run in runs if run.get("text") != ""]


def _runs(element: ET.Element, form: Run) -> Iterator[Run]:
    if element.text:
        yield {**form, "text": element.text}
    for child in element:
        if child.tag not in INLINE:
            raise _unknown(child)
        if child.tag == "br":
            yield {"break": True}
        elif child.tag == "svg":
            yield {"image": _drawn(child), "bar": child.get("class") == "bar"}
        elif child.tag == "a":
            yield from _runs(child, {**form, "to": child.get("href", "")})
        else:
            yield from _runs(child, {**form, child.tag: True})
        if child.tail:
            yield {**form, "text": child.tail}


def plain(runs: list[Run]) -> str:
    """The words of a paragraph alone; a bar or a new line is a space."""
    return "".join(run.get("text", " ") for run in runs)


def _unlink(node: Any, known: set[str]) -> None:
    """Where a link leads to a heading, leave the heading's name; where the document has none, leave the text alone."""
    if isinstance(node, dict):
        if "to" in node:
            target = node.pop("to").removeprefix("#")
            if target in known:
                node["to"] = target
        for value in node.values():
            _unlink(value, known)
    elif isinstance(node, list):
        for value in node:
            _unlink(value, known)


def _drawn(element: ET.Element) -> str:
    """A picture as SVG, of shapes that we draw and no others; pictures inside it are in it."""
    picture = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", attrib={"font-family": FONT})
    _draw(element, picture)
    return ET.tostring(picture, "unicode")


def _draw(element: ET.Element, into: ET.Element) -> None:
    for name, value in element.items():
        if name in OF_SCREENS:
            continue
        if name not in DRAWN_WITH or (name == "href" and not value.startswith("data:image/png;base64,")):
            raise _unknown(element, f"with {name}")
        into.set(PROPER.get(name, name), value)
    into.text = element.text
    for child in element:
        if child.tag not in DRAWN:
            raise _unknown(child)
        copy = ET.SubElement(into, child.tag)
        _draw(child, copy)


def _unknown(element: ET.Element, how: str = "") -> InputFaults:
    classes = element.get("class", "")
    what = " ".join(filter(None, (f"<{element.tag}>", classes and f"of class {classes}", how)))
    return _fault(f"has an element that the print does not know: {what}.")


def _fault(what: str) -> InputFaults:
    return InputFaults([Fault("report.html", what, "Run the scenario again with this version of planner.")])
