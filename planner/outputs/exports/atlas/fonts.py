"""Letters for every name: DejaVu Sans, and for what it lacks whatever fonts this computer has.

Names come from anywhere: what steers a terminal or a text (controls, marks of direction) is taken out, and a letter
that no font here has becomes U+FFFD, so that nothing is drawn as an empty box and no name stops the print.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from planner.errors import one_line

FAMILY = "DejaVu Sans"  # comes with matplotlib
LOST = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "…"
LEFTWARDS = {"R", "AL"}  # letters of Arabic, Hebrew and others
APART = "\N{LEFT-TO-RIGHT MARK}"  # around names with such letters: what stands beside them is drawn apart from them
MEASURED = 100.0  # points at which letters are measured
MM_PER_POINT = 25.4 / 72.0
BOXES = "Last Resort"  # fonts that draw a box for every letter
TRUETYPE = (b"\x00\x01\x00\x00", b"true")  # how files begin whose letters a PDF can hold as TrueType


class Lettering:
    """The fonts of one print, and its texts as they can be drawn with them.

    Attributes
    ----------
    families
        Names of fonts, each tried for the letters that those before it lack.
    lost
        Letters that none of them has.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        wanted = {char for text in set(texts) for char in tidy(text)}
        self.families = [FAMILY]
        self.lost = wanted - _drawn_by(FAMILY)
        for family in _others() if self.lost else ():
            if found := self.lost & _drawn_by(family):
                self.families.append(family)
                self.lost -= found
        self._losses = str.maketrans(dict.fromkeys(self.lost, LOST))
        self._fonts = {weight: self._font(weight) for weight in ("normal", "bold")}
        self._advances: dict[tuple[str, bool], float] = {}

    def _font(self, weight: str) -> FT2Font:
        paths = [_path(family, weight) for family in self.families]
        return font_manager.get_font(paths)

    def clean(self, text: str) -> str:
        """The text in one line, of letters that can be drawn, and marked where it is written from right to left."""
        shown = tidy(text).translate(self._losses)
        leftwards = any(unicodedata.bidirectional(char) in LEFTWARDS for char in shown)
        return f"{APART}{shown}{APART}" if leftwards else shown

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Millimetres that a clean text of a size (points) takes, without kerning: rather too much than too little."""
        return size * sum(self._advance(char, bold) for char in text)

    def _advance(self, char: str, bold: bool) -> float:
        """Millimetres that a letter of 1 point takes: measuring whole texts takes a hundred times as long."""
        key = char, bold
        if key not in self._advances:
            self._advances[key] = 0.0 if char == APART else self.drawn_width(char, 1.0, bold)
        return self._advances[key]

    def drawn_width(self, text: str, size: float, bold: bool = False) -> float:
        """Millimetres that a clean text takes as it is drawn, its letters joined."""
        font = self._fonts["bold" if bold else "normal"]
        font.set_size(MEASURED, 72.0)
        font.set_text(text, 0.0)
        return float(font.get_width_height()[0]) / 64 / MEASURED * MM_PER_POINT * size

    def cut(self, text: str, size: float, width: float, *, bold: bool = False) -> str:
        """The text, or as much of it as `width` (mm) has room for, and an ellipsis."""
        if self.width(text, size, bold) <= width:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self.width(text[:middle].rstrip() + ELLIPSIS, size, bold) <= width
            low, high = (middle, high) if fits else (low, middle - 1)
        return text[:low].rstrip() + ELLIPSIS

    def lines(self, text: str, size: float, width: float, most: int, *, bold: bool = False) -> list[str]:
        """The text in at most so many lines, broken between words; the last one is cut where there is more."""
        words, lines = text.split(" "), list[str]()
        while words and len(lines) < most - 1:
            count = 1
            while count < len(words) and self.width(" ".join(words[: count + 1]), size, bold) <= width:
                count += 1
            lines.append(self.cut(" ".join(words[:count]), size, width, bold=bold))
            words = words[count:]
        return [*lines, self.cut(" ".join(words), size, width, bold=bold)] if words else lines


def tidy(text: str) -> str:
    """The text in one line, without controls and marks of direction, its accents joined to their letters."""
    whole = unicodedata.normalize("NFC", text)
    return one_line("".join(char for char in whole if unicodedata.category(char) != "Cf"))


@contextmanager
def quiet() -> Iterator[None]:
    """Matplotlib without a word about weights that a font lacks."""
    log = logging.getLogger("matplotlib.font_manager")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def _others() -> list[str]:
    """Names of the other fonts of this computer, always in the same order."""
    names = {entry.name for entry in font_manager.fontManager.ttflist} - {FAMILY}
    return sorted(name for name in names if not name.startswith(BOXES))


def _path(family: str, weight: str = "normal") -> str:
    """The file of a font; "" where it cannot stand in a PDF as TrueType."""
    wanted = FontProperties(family=[family], weight=weight)
    with quiet():
        path = font_manager.findfont(wanted, fallback_to_default=family == FAMILY)
    with Path(path).open("rb") as file:
        return path if file.read(4) in TRUETYPE else ""


@lru_cache
def _drawn_by(family: str) -> frozenset[str]:
    """Letters that a font has, in its normal and its bold weight; none where it cannot be read or printed."""
    try:
        paths = [_path(family, weight) for weight in ("normal", "bold")]
        if not all(paths):
            return frozenset()
        normal, bold = ({chr(code) for code in font_manager.get_font([path]).get_charmap()} for path in paths)
    except (OSError, RuntimeError, ValueError):  # as matplotlib's reader of fonts fails
        return frozenset()
    return frozenset(normal & bold)
