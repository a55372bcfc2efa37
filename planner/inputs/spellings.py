"""The ways in which a place of one name may be written: in two scripts, with another name in brackets."""

from __future__ import annotations

import re
import unicodedata

from planner.inputs.text import fold

BETWEEN = re.compile(r"[/;|()\[\]]| - ")


def spellings(name: str) -> list[str]:
    """The name as it is and its parts, folded, each once: "Nzwani أنجوان" is "Nzwani" too, "Hahaya (Bandas)" "Hahaya".

    Parts of one letter are none.
    """
    parts = [part for part in BETWEEN.split(name) if part.strip()]
    for part in (name, *parts):
        words = part.split()
        latin = [word for word in words if _is_latin(word)]
        if 0 < len(latin) < len(words):
            parts += [" ".join(latin), " ".join(word for word in words if word not in latin)]
    folded = dict.fromkeys([fold(name), *(fold(part) for part in parts)])
    return [text for text in folded if len(text) > 1 or text == fold(name) != ""]


def _is_latin(word: str) -> bool:
    """Whether the word's letters are Latin; marks and digits have no script."""
    return all(unicodedata.name(c, "").startswith("LATIN") for c in word if c.isalpha())
