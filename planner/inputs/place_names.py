"""Names of places compared, without the words for what kind of place it is, and the tier that such words stand for."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from rapidfuzz import fuzz, process

from planner.files import data_folder
from planner.types.arrays import Bools

NO_CARE = 0  # "tier" of a kind of place where ill children are not treated
ARTICLES = frozenset("of the and de du des la le les d l et da do das dos del el e y".split())  # noqa: SIM905
APOSTROPHES = "'’ʼ`´"
ELISION = re.compile(rf"\b[ld][{APOSTROPHES}]")  # l'Étoile is Étoile, but Ng'ombe is Ngombe
# "Mbale I" is not "Mbale II", nor is "Zone A" "Zone B".
ORDINAL = re.compile(r"\d+|[ivx]+|[abcfghjkmnpqrstuwz]")


def words(text: str) -> list[str]:
    """Words in small letters without accents and punctuation."""
    plain = unicodedata.normalize("NFKD", ELISION.sub(" ", text.casefold()))
    kept = "".join(c if c.isalnum() else "" if unicodedata.combining(c) or c in APOSTROPHES else " " for c in plain)
    return kept.split()


@cache
def kinds() -> dict[tuple[str, ...], int]:
    """Tier by the words for a kind of place, in four languages; `NO_CARE` where nobody is treated there."""
    with (data_folder() / "lists" / "facility_types.csv").open(encoding="utf-8", newline="") as file:
        return {tuple(words(row["words"])): int(row["tier"] or NO_CARE) for row in csv.DictReader(file)}


def usual_tier(*texts: str) -> int | None:
    """The tier that the first text with words for a kind of place stands for: the longest such words count."""
    for text in texts:
        said = words(text)
        phrases = {tuple(said[i:j]) for i in range(len(said)) for j in range(i + 1, len(said) + 1)}
        known = phrases & kinds().keys()
        if known:
            return kinds()[max(known, key=lambda phrase: (len(" ".join(phrase)), phrase))]
    return None


@cache
def _generic() -> frozenset[str]:
    return frozenset(ARTICLES.union(*kinds()))


def proper(name: str) -> str:
    """What is left of a name without articles and words for kinds of places: "mbale" of "Centre de santé de Mbale"."""
    return " ".join(word for word in words(name) if word not in _generic())


def alike(first: Sequence[str], second: Sequence[str], percent: float) -> Bools:
    """Which pairs of proper names are spelled alike by at least so many percent, and have the same numbers in them.

    The measure is rapidfuzz's ratio of the sorted words: 100 = the same. A name without words is like no other.
    """
    near = process.cpdist(first, second, scorer=fuzz.token_sort_ratio) >= percent
    pairs = zip(first, second, near.tolist(), strict=True)
    return np.array(
        [bool(close and a and ordinals(a.split()) == ordinals(b.split())) for a, b, close in pairs], np.bool_
    )


def ordinals(said: Sequence[str]) -> list[str]:
    """The numbers and letters among the words of a name that tell one place from another, sorted."""
    return sorted(word for word in said if ORDINAL.fullmatch(word))
