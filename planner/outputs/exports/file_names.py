"""Names of files that every computer and telephone takes."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 40


def plain_name(text: str) -> str:
    """The text in small letters, digits and hyphens: never blank, but of two texts it may be the same."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    short = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST].strip("-")
    return short or f"place-{sum(map(ord, text))}"
