"""Names of a language that nobody speaks: a stem and an ending, always from the same sounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

COUNTRY = "Velmara"
REGION = "Upper Ishvel"
RIVER = "Ishvel"
LAKE = "Lake Ummarel"

_ONSETS = (
    "b",
    "br",
    "d",
    "dr",
    "g",
    "gr",
    "k",
    "kr",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "t",
    "tr",
    "v",
    "vr",
    "z",
    "zh",
)
_VOWELS = ("a", "e", "i", "o", "u")
_CODAS = ("l", "m", "n", "r", "v", "z", "lk", "ld", "lv", "mb", "nd", "nz", "rd", "rv", "st", "zm")
_PLACE_ENDINGS = ("avel", "orda", "umel", "ithe", "ozma", "urin", "aleth", "imbra", "undel", "ovash")
_FAMILY_ENDINGS = ("enu", "isha", "otha", "armo", "ulvi")
_GIVEN_ENDINGS = ("a", "e", "il", "o", "un", "ira", "eth")


def _distinct(rng: np.random.Generator, count: int, endings: Sequence[str], codas: Sequence[str]) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < count:
        parts = (rng.choice(part) for part in (_ONSETS, _VOWELS, codas, endings))
        names["".join(parts).capitalize()] = None
    return list(names)


def places(rng: np.random.Generator, count: int) -> list[str]:
    """Distinct names of places, such as Kelvavel or Drostorda."""
    return _distinct(rng, count, _PLACE_ENDINGS, _CODAS)


def persons(rng: np.random.Generator, count: int) -> list[str]:
    """Distinct names of persons: a given name and a family name."""
    families = _distinct(rng, count, _FAMILY_ENDINGS, _CODAS)
    given = _distinct(rng, count, _GIVEN_ENDINGS, ["l", "m", "n", "r", "s", "z"])
    return [f"{first} {last}" for first, last in zip(given, families, strict=True)]
