"""Repairs that change what a file says: each is made only where the user agrees to it, by name."""

from __future__ import annotations

import difflib

FIXES = {
    "swap-latlon": "exchange latitude and longitude in the rows that lie inside the areas only then",
    "turn-sign": "turn the sign of latitude or longitude in the rows that lie inside the areas only then",
    "drop-duplicates": "of rows with one id, or that are one place by their name or position, keep the first",
    "leave-out-closed": "leave out facilities on closed ground that have no open ground near",
    "part-of-areas": "plan for the part of the areas that the population raster covers",
    "empty-blocks": "take the parts of a raster that were never written as cells without data",
    "mend-outlines": "mend outlines of areas even where that changes an area by more than 1 %",
    "keep-missing-areas": "areas that a table of totals or under-fives does not have stay as the raster has them",
    "ignore-other-areas": "rows of such a table that are of none of the areas are left out",
}


def known_fixes(fixes: tuple[str, ...]) -> tuple[str, ...]:
    """The names as they are, each once; ValueError where there is no such repair."""
    for name in fixes:
        if name not in FIXES:
            near = difflib.get_close_matches(name, FIXES, n=1)
            hint = f'the nearest is "{near[0]}"' if near else f"the repairs are {', '.join(FIXES)}"
            raise ValueError(f'there is no repair "{name}": {hint}')
    return tuple(dict.fromkeys(fixes))
