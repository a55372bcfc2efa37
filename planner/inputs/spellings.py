"""The ways in which a place of one name may be written: in two scripts, with another name in brackets."""

from __future__ import annotations

import re
import unicodedata

from planner.inputs.text import fold

BETWEEN = re.compile(r"[/;|()\[\]]| - ")


def ways(name: str) -> list[str]:
    """The name as it is, then its parts: "Nzwani أنجوان" is "Nzwani" too, "Hahaya (Bandas)" also "Hahaya"."""
    found = [name, *(part.strip() for part in BETWEEN.split(name) if part.strip())]
    for part in tuple(found):
        words = part.split()
        latin = [word for word in words if _is_latin(word)]
        if 0 < len(latin) < len(words):
            found += [" ".join(latin), " ".join(word for word in words if word not in latin)]
    return list(dict.fromkeys(found))


def spellings(name: str) -> list[str]:
    """The same, folded for comparisons, each once; parts of one letter are none."""
    folded = dict.fromkeys(map(fold, ways(name)))
    return [text for text in folded if len(text) > 1 or text == fold(name) != ""]


def latin(name: str) -> str:
    """The name's words in Latin letters, the whole name where it has none."""
    return " ".join(word for word in name.split() if _is_latin(word)) or name


def _is_latin(word: str) -> bool:
    """Whether the word's letters are Latin; marks and digits have no script."""
    return all(unicodedata.name(c, "").startswith("LATIN") for c in word if c.isalpha())
