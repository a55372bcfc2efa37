"""Text of cells and headers: cleaned, compared without accents, shown in messages; plain numbers."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd

from planner.types.text import Text

# Control characters, overrides of direction, and marks without width that join no letters (soft hyphen, zero-width
# space, word joiner, byte order mark).
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
MIDNIGHT = time()
SHOWN = 80  # characters of a text in a message
SPACES = re.compile(r"\s+")
DECIMAL = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")

# A telephone number in a text: with the sign of a country, or with a nought before it, and at least eight digits.
PHONE = re.compile(r"(?<![\w.,-])(?:\+|0)(?:[ ()/-]{0,2}\d){7,14}(?!\w|[.,]\d)")


class Typed(str):
    """The text of a number that a program wrote: a point in it parts decimals, and nothing else."""

    __slots__ = ()


def clean(text: str) -> str:
    """One line of NFC text without control characters or direction overrides."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()  # nearly all cells: a national layer of roads has millions
    return SPACES.sub(" ", UNSEEN.sub("", unicodedata.normalize("NFC", text))).strip()


def unseen(text: str) -> str:
    """The text with its characters that nobody sees written out, where `clean` takes some of them out; else ""."""
    if not UNSEEN.search(text):
        return ""
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def as_text(value: Any) -> str:
    """Text of a cell as a person reads it: 7.0 is "7", a missing value is "", and "NA" stays "NA"."""
    if isinstance(value, str):
        return clean(value)
    if pd.isna(value):
        return ""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e22:
        return Typed(int(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Typed(value)
    if isinstance(value, datetime) and value.time() == MIDNIGHT:
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return clean(str(value))


def without_phones(text: str) -> str:
    """The text with a mark in the place of each telephone number."""
    return PHONE.sub("…", text)


def fold(text: str) -> str:
    """Text without accents, case, spaces and punctuation, for comparisons."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())


def examples(items: Iterable[object], most: int = 3) -> Text:
    """Up to three examples, and how many more there are."""
    found = [item if isinstance(item, Text) else str(item) for item in items]
    if len(found) > most:
        return Text("{shown} and {count} more", shown=tuple(found[:most]), count=len(found) - most)
    return Text("{shown}", shown=tuple(found))


def shortened(text: str) -> str:
    """A text as messages show it: its first characters where it is long."""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def did_you_mean(wanted: str, known: Sequence[str]) -> str:
    """A suggestion of the nearest known word, or ""."""
    by_fold = {fold(word): word for word in known}
    near = difflib.get_close_matches(fold(wanted), list(by_fold), n=1)
    return f'Did you mean "{by_fold[near[0]]}"?' if near else ""


def number(text: str) -> float:
    """A number as people write it, NaN where it is none: decimal point or comma, true minus, spaces around it."""
    text = text.replace("−", "-").strip()
    if not DECIMAL.fullmatch(text):
        return math.nan
    value = float(text.replace(",", "."))
    return value if math.isfinite(value) else math.nan


def is_plain(text: str) -> bool:
    """Whether a number is written as programs write it."""
    return PLAIN.fullmatch(text) is not None


def plain(value: float) -> str:
    """A number as programs write it, to ten digits, without zeros at the end."""
    return f"{value:.10g}"
