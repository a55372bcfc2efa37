"""Latitudes and longitudes as people write them: plain degrees, degrees and minutes, degrees, minutes and seconds."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

SIDES = {
    "N": ("n", "north", "nord", "norte"),
    "S": ("s", "south", "sud", "sul", "sur"),
    "E": ("e", "l", "east", "est", "este", "leste"),
    "W": ("w", "west", "ouest", "oeste"),
    "O": ("o",),  # ouest, oeste; but Ost
}
SIDE_OF = {word: side for side, words in SIDES.items() for word in words}

# One sign for each mark, whatever the keyboard had.
ALIKE = {"-": "−–—‐‑", "°": "º˚⁰∘", "'": "′’‘`´ʹ", '"': "″”“„ʺ"}
MARKS = str.maketrans({sign: mark for mark, signs in ALIKE.items() for sign in signs})
WORDS = {
    "°": re.compile(r"(?<=\d)\s*deg(rees?|rés?)?\.?", re.IGNORECASE),
    "'": re.compile(r"(?<=\d)\s*min(utes?)?\.?", re.IGNORECASE),
    '"': re.compile(r"(?<=\d)\s*sec(onds?|ondes?)?\.?|''", re.IGNORECASE),
}
# Only where all three letters stand is "s" seconds: else it is the south.
LETTERED = re.compile(r"(?<=\d)\s*d\s*(\d+(?:[.,]\d+)?)\s*m\s*(?:(\d+(?:[.,]\d+)?)\s*s)?(?![a-z])")

NUMBER = r"\d+(?:[.,]\d+)?"
# As programs write numbers near 0: "4.15e-05"; "3E30", which may be 3°30' east, is none.
SCIENTIFIC = re.compile(r"[+-]?(?:\d[.,]\d+[eE][+-]?\d{1,2}|\d[eE][+-]\d{1,2})")
ANGLE = re.compile(
    rf"""(?P<first>[A-Za-z]*)\.?\s*:?\s* (?P<sign>[+-]?)\s*
    (?P<degrees>{NUMBER}|[.,]\d+)\s*°?
    (?: (?:(?<=°)|\s|:|-)\s* (?P<minutes>\d{{1,2}}(?:[.,]\d+)?) \s*'?
        (?: (?:(?<=')|\s|:|-)\s* (?P<seconds>\d{{1,2}}(?:[.,]\d+)?) \s*"? )?
    )?
    \s*(?P<last>[A-Za-z]*)\.?""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Angle:
    """Degrees, negative in the south and the west where the text said so; `side` is N, S, E, W, O (doubtful) or ""."""

    degrees: float
    side: str = ""


def angle(text: str) -> Angle | None:
    """The angle that the text says; None where it says none, or contradicts itself."""
    text = text.translate(MARKS).strip()
    if SCIENTIFIC.fullmatch(text):
        return Angle(float(text.replace(",", ".")))
    for mark, pattern in WORDS.items():
        text = pattern.sub(mark, text)
    text = LETTERED.sub(lambda match: f"°{match[1]}'" + (f'{match[2]}"' if match[2] else ""), text)
    match = ANGLE.fullmatch(text)
    if not match:
        return None
    sides = [word.casefold() for word in (match["first"], match["last"]) if word]
    given = [part.replace(",", ".") for part in match.group("degrees", "minutes", "seconds") if part]
    if len(sides) > 1 or not all(word in SIDE_OF for word in sides) or any("." in part for part in given[:-1]):
        return None
    side = SIDE_OF[sides[0]] if sides else ""
    whole, minutes, seconds = (*map(float, given), 0.0, 0.0)[:3]
    if minutes >= 60 or seconds > 60:  # 60.0 seconds: rounded up from 59.99
        return None
    value = whole + minutes / 60 + seconds / 3600
    south = side in {"S", "W", "O"}
    if not math.isfinite(value) or (match["sign"] and side and (match["sign"] == "-") != south):
        return None
    return Angle(-value if match["sign"] == "-" or south else value, side)
