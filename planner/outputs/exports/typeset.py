"""From data to PDF, by typst.

Templates are our own files; whatever a run says goes in as data (JSON, SVG that we drew, a logo), never as markup, so
no name can act. Fonts are DejaVu Sans as it comes with matplotlib: the same letters, and so the same bytes, on every
computer. Where a text has letters that it lacks (Amharic, Chinese), fonts of the computer help out.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parents[1] / "templates"
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf")
BREAK = "\N{ZERO WIDTH SPACE}"
WORD = re.compile(r"\S+")
JOINTS = re.compile(r"(?<=[._/,;:-])(?=\w)")
WHOLE = {"id", "to", "image", "svg", "kind", "style", "language"}
UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}  # categories of letters that need no glyph


def pdf(template: str, data: Mapping[str, Any], *, date: str, logo: Path | None = None, strict: bool = False) -> bytes:
    """A document: `template` is a file of ours, which finds `data` in data.json and the logo in logo.png.

    Parameters
    ----------
    template
        Name of the file.
    data
        What the document says.
    date
        The day (ISO 8601) on which it says that it was made.
    logo
        A picture (PNG).
    strict
        Hold it to PDF/UA-1 (accessible to all): an error of typst where it breaks a rule. Documents are made by these
        rules, but not written so: a letter that no font has would stop them.
    """
    import typst

    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    with tempfile.TemporaryDirectory() as name:  # all that a template can read
        folder = Path(name)
        for path in (TEMPLATES / template, TEMPLATES / "shared.typ", *(_fonts() / font for font in FONTS)):
            shutil.copy(path, folder)
        if logo is not None:
            shutil.copy(logo, folder / "logo.png")
        (folder / "data.json").write_text(text, encoding="utf-8")
        compiler = typst.Compiler(
            folder / template, root=folder, font_paths=[folder], ignore_system_fonts=has_letters(text),
            package_path=folder, package_cache_path=folder,
        )  # fmt: skip
        made = compiler.compile(
            format="pdf",
            timestamp=datetime.fromisoformat(date).replace(tzinfo=UTC),
            pdf_standards="ua-1" if strict else None,
        )
    assert isinstance(made, bytes)  # one document, not one for each page
    return made


def breakable(node: Any, longest: int) -> Any:
    """The same data, whose long words may break: at their joints, or anywhere. Ids and pictures stay as they are."""
    if isinstance(node, dict):
        return {key: value if key in WHOLE else breakable(value, longest) for key, value in node.items()}
    if isinstance(node, list):
        return [breakable(each, longest) for each in node]
    if isinstance(node, str):
        return WORD.sub(lambda word: _broken(word[0], longest), node)
    return node


def short(text: str, most: int) -> str:
    """A text for the head or foot of a page, which has one line for it."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _broken(word: str, longest: int) -> str:
    if len(word) < longest:
        return word
    parts = JOINTS.split(word)
    return BREAK.join(BREAK.join(part) if len(part) >= longest else part for part in parts)


def has_letters(text: str) -> bool:
    """Whether our own font has all letters of a text."""
    from matplotlib.ft2font import FT2Font

    letters = FT2Font(str(_fonts() / FONTS[0])).get_charmap()
    return all(ord(sign) in letters or unicodedata.category(sign) in UNSEEN for sign in set(text))


@cache
def _fonts() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"
