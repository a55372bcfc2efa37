"""The atlas of a plan, for print: a page of all areas and one of each, A4 and A3, and a picture of every page.

Pages are drawn in millimetres with matplotlib: words stay words (TrueType, to be searched and copied), lines stay
lines, and only the travel times are a picture. The same run gives the same bytes, on a computer with the same fonts.
"""

from __future__ import annotations

from pathlib import Path

from planner.outputs.exports.run import Run


def write(run: Run, folder: Path) -> None:
    """Write ``atlas_a4.pdf``, ``atlas_a3.pdf`` and ``png/`` into a folder."""
    from planner.outputs.exports.atlas.printing import print_atlas

    print_atlas(run, folder)
