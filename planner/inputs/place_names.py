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
BETWEEN = re.compile(r"[/;|()\[\]]| - ")  # another name of the place
# "Mbale I" is not "Mbale II", nor is "Zone A" "Zone B".
ORDINAL = re.compile(r"\d+|\b[ivx]+\b|\b[abcfghjkmnpqrstuwz]\b")


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


def proper(name: str) -> tuple[str, ...]:
    """What is left of a name, and of its parts, without articles and words for kinds of places; none may be left.

    "Hambou (Mitsoudjé) Centre de Santé" is called "hambou mitsoudje", "hambou" and "mitsoudje".
    """
    said = (" ".join(word for word in words(part) if word not in _generic()) for part in (name, *BETWEEN.split(name)))
    return tuple(dict.fromkeys(filter(None, said)))


def alike(first: Sequence[tuple[str, ...]], second: Sequence[tuple[str, ...]], percent: float) -> Bools:
    """Which pairs of names are spelled alike, one proper name each, by at least so many percent.

    The measure is rapidfuzz's ratio of the sorted words, 100 = the same; numbers in the names have to be the same.
    """
    pairs = [
        (k, a, b) for k, (ones, others) in enumerate(zip(first, second, strict=True)) for a in ones for b in others
    ]
    near = process.cpdist([a for _, a, _ in pairs], [b for _, _, b in pairs], scorer=fuzz.token_sort_ratio) >= percent
    found = np.zeros(len(first), np.bool_)
    for (k, a, b), close in zip(pairs, near.tolist(), strict=True):
        found[k] |= close and ordinals(a) == ordinals(b)
    return found


def ordinals(name: str) -> list[str]:
    """The numbers and letters in a name that tell one place from another, sorted."""
    return sorted(ORDINAL.findall(name))
