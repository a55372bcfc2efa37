"""Words, numbers and dates in the language of whoever reads.

The English text is the key of the catalogue: ``data/messages/*.csv`` with the columns ``en``, ``fr``, ``pt``, one file
for each kind of output. A text without a row stands in English; a test holds that every text of ``say``, and every
`planner.types.text.Text` that a stage leaves for the outputs to say, has one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, get_args

from planner.files import data_folder
from planner.scenario.report import Language
from planner.types.text import Form, Text

LANGUAGES: tuple[Language, ...] = get_args(Language)

# Marks of thousands and of decimals: Unicode CLDR, locales en, fr and pt-PT, which all of lusophone Africa follows.
THOUSANDS = {"en": ",", "fr": "\N{NARROW NO-BREAK SPACE}", "pt": "\N{NO-BREAK SPACE}"}
DECIMAL = {"en": ".", "fr": ",", "pt": ","}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}

# Spaces that French sets before some marks and no line breaks at (Lexique de l'Imprimerie nationale), as typed here.
FRENCH_SPACES = {
    **dict.fromkeys((" ;", " !", " ?"), "\N{NARROW NO-BREAK SPACE}"),
    **dict.fromkeys((" :", " %", " »", "« "), "\N{NO-BREAK SPACE}"),
}

_spoken: ContextVar[Language] = ContextVar("language", default="en")


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Everything that is said, counted or dated within is in this language."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> Language:
    """The language that is spoken here."""
    return _spoken.get()


def say(text: str, /, **values: object) -> str:
    """The text in the language that is spoken, with its ``{values}``; keep plural forms as texts of their own."""
    told = _catalogue(spoken()).get(text, text)
    return told.format(**values) if values else told


def retold(text: str) -> str:
    """What a stage said, in the language that is spoken; a text that is no `Text` (a name, a cell of a list) stays.

    Numbers among its values get the marks of the language, texts are told again, names stay.
    """
    if not isinstance(text, Text) or spoken() == "en":
        return text
    template = _catalogue(spoken()).get(text.template, text.template)
    return SPOKEN.vformat(template, (), text.values) if text.values else template


def counted(one: str, many: str, count: float, /, **values: object) -> str:
    """The text for one or that for many, as the language counts, with the ``{count}`` and other ``{values}``."""
    singular = abs(count) < 2 if spoken() == "fr" else count == 1  # Unicode CLDR, plural rules of en, fr and pt-PT
    return say(one if singular else many, count=number(count), **values)


def number(amount: float, digits: int = 0) -> str:
    """A finite number with its marks, e.g. "12,345.6", in French "12 345,6"."""
    rounded = round(amount, digits) + 0.0  # nought has no minus
    return _marked(f"{rounded:,.{digits}f}")


def _marked(english: str) -> str:
    """A number as English writes it with the marks of the language; French and Portuguese part it from "%"."""
    language = spoken()
    marks = {",": THOUSANDS[language], ".": DECIMAL[language]}
    if language != "en":
        marks["%"] = "\N{NO-BREAK SPACE}%"
    return "".join(marks.get(sign, sign) for sign in english)


class _Spoken(Form):
    """Fills the templates of a `Text` in the language that is spoken."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Text):
            value = retold(value)
        filled = super().format_field(value, format_spec)
        return _marked(filled) if isinstance(value, int | float) or hasattr(value, "dtype") else filled


SPOKEN = _Spoken()


def exact(amount: float) -> str:
    """A number of the scenario with the digits that it has, e.g. "60" or "2.5", in French "2,5"."""
    last = Decimal(f"{amount:g}").as_tuple().exponent
    return number(amount, max(0, -int(last)))


def day(iso: str) -> str:
    """A date (ISO 8601) in words, e.g. "27 November 2026"; a text that is no date stays as it is."""
    try:
        when = date.fromisoformat(iso)
    except ValueError:
        return iso
    language = spoken()
    month = MONTHS[language].split()[when.month - 1]
    first = "1er" if language == "fr" and when.day == 1 else str(when.day)
    joined = " de " if language == "pt" else " "
    return joined.join((first, month, str(when.year)))


@cache
def _catalogue(language: Language) -> dict[str, str]:
    """Texts of a language by their English; a blank cell counts as none."""
    found: dict[str, str] = {}
    for path in sorted((data_folder() / "messages").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {row["en"]: row[language] for row in csv.DictReader(file) if row[language]}
    if language == "fr":
        return {text: _spaced(told) for text, told in found.items()}
    return found


def _spaced(french: str) -> str:
    """French with its no-break spaces."""
    for typed, space in FRENCH_SPACES.items():
        french = french.replace(typed, typed.replace(" ", space))
    return french
