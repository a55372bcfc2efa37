"""A page that asks nobody for anything: every asset stands in it, and a policy forbids all else.

Assets come from pinned packages (XStatic-Leaflet, XStatic-jQuery) and from the planner's own ``assets`` folder.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from importlib.resources import files
from importlib.resources.abc import Traversable
from mimetypes import guess_type

ASSETS = {
    "leaflet.js": ("xstatic.pkg.leaflet", "data"),
    "leaflet.css": ("xstatic.pkg.leaflet", "data"),
    "images/layers.png": ("xstatic.pkg.leaflet", "data"),
    "images/layers-2x.png": ("xstatic.pkg.leaflet", "data"),
    "images/marker-icon.png": ("xstatic.pkg.leaflet", "data"),
    "jquery.min.js": ("xstatic.pkg.jquery", "data"),
    "compare.js": ("planner.outputs", "assets"),
    "symbols.js": ("planner.outputs", "assets"),
    "words.js": ("planner.outputs", "assets"),
    "parts.js": ("planner.outputs", "assets"),
    "readout.js": ("planner.outputs", "assets"),
    "labels.js": ("planner.outputs", "assets"),
    "search.js": ("planner.outputs", "assets"),
    "ground.js": ("planner.outputs", "assets"),
    "swipe.js": ("planner.outputs", "assets"),
    "key.js": ("planner.outputs", "assets"),
    "tables.js": ("planner.outputs", "assets"),
    "measure.js": ("planner.outputs", "assets"),
    "print.js": ("planner.outputs", "assets"),
    "map.js": ("planner.outputs", "assets"),
    "grids.js": ("planner.outputs", "assets"),
    "land.js": ("planner.outputs", "assets"),
    "walk.js": ("planner.outputs", "assets"),
    "rides.js": ("planner.outputs", "assets"),
    "cells.js": ("planner.outputs", "assets"),
    "dom.js": ("planner.outputs", "assets"),
    "threshold.js": ("planner.outputs", "assets"),
    "whatif.js": ("planner.outputs", "assets"),
    "whatif_markers.js": ("planner.outputs", "assets"),
    "whatif_panel.js": ("planner.outputs", "assets"),
    "whatif_part.js": ("planner.outputs", "assets"),
    "whatif.css": ("planner.outputs", "assets"),
    "map.css": ("planner.outputs", "assets"),
}

SCRIPT_LINK = re.compile(r'<script src="([^"]*)"></script>')
STYLE_LINK = re.compile(r'<link rel="stylesheet" href="([^"]*)"\s*/>')
CSS_URL = re.compile(r"""url\(\s*["']?([^"')]*)["']?\s*\)""")
NEEDS_NOTHING = ("data:", "#")


class NotOffline(ValueError):
    """The page would ask for something that does not stand in it: a fault of the planner, never of the user."""


def seal(page: str) -> str:
    """Put every asset into the page, check that nothing is left to load, and forbid the rest by policy.

    Raises
    ------
    NotOffline
        Where the page asks for an asset that is not known, or something would still be loaded.
    """
    page = SCRIPT_LINK.sub(lambda found: f"<script>{asset(found[1])}</script>", page)
    page = STYLE_LINK.sub(lambda found: f"<style>{inlined_css(asset(found[1]))}</style>", page)
    parts = _Parts()
    parts.feed(page)
    parts.close()
    if parts.loaded:
        raise NotOffline(f"The page would load {', '.join(parts.loaded[:3])}.")
    meta = f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy(parts)}">'
    return page.replace("<head>", f"<head>\n{meta}", 1)


def asset(name: str) -> str:
    """The text of a known asset, with line feeds as a browser reads them before it hashes."""
    return _file(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def inlined_css(css: str) -> str:
    """A style sheet with its images as data URIs."""
    return CSS_URL.sub(_data_url, css)


def data_uri(content: bytes, media_type: str) -> str:
    """Bytes as a ``data:`` URI."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"


def policy(parts: _Parts) -> str:
    """The content security policy: these scripts and styles, images that stand in the page, and nothing else.

    No style attribute is needed: Leaflet sets styles through the object model, which the policy leaves alone.
    """
    scripts = " ".join(_hashes(parts.scripts)) or "'none'"
    styles = " ".join(_hashes(parts.styles)) or "'none'"
    return (
        f"default-src 'none'; img-src data:; script-src {scripts}; style-src {styles}; "
        "base-uri 'none'; form-action 'none'"
    )


def _file(name: str) -> Traversable:
    if name not in ASSETS:
        raise NotOffline(f"The page asks for {name}, which is not among the assets of planner/outputs/offline.py.")
    package, folder = ASSETS[name]
    return files(package).joinpath(folder, *name.split("/"))


def _data_url(found: re.Match[str]) -> str:
    name = found[1]
    if name.startswith(NEEDS_NOTHING):
        return found[0]
    return f"url({data_uri(_file(name).read_bytes(), guess_type(name)[0] or 'application/octet-stream')})"


def _hashes(texts: list[str]) -> list[str]:
    digests = (hashlib.sha256(text.encode("utf-8")).digest() for text in texts)
    return sorted({f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests})


class _Parts(HTMLParser):
    """Inline scripts and styles of a page, and whatever a browser would load for it or let run from an attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.loaded: list[str] = []
        self._keep: Callable[[str], None] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            link = name in {"src", "srcset", "href", "xlink:href", "data", "poster", "background", "action"}
            if link and tag != "a" and not (value or "").startswith(NEEDS_NOTHING):
                self.loaded.append(f"<{tag} {name}={value!r}>")
            if name.startswith("on") or name == "style":
                self.loaded.append(f"<{tag} {name}={value!r}> (the policy does not let it run)")
        kind = dict(attrs).get("type")
        if tag == "script" and kind in {None, "text/javascript", "module"}:
            self._keep = self.scripts.append
        elif tag == "style":
            self._keep = self.styles.append

    def handle_data(self, data: str) -> None:
        if self._keep is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._keep is None:
            return
        self._keep(self._text)
        if tag == "style":
            urls = [url for url in CSS_URL.findall(self._text) if not url.startswith(NEEDS_NOTHING)]
            self.loaded += [f"url({url})" for url in urls]
            self.loaded += re.findall(r"@import[^;]*", self._text)
        self._keep, self._text = None, ""
