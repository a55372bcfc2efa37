"""The plan as slides for a meeting: PowerPoint, with charts and tables that can be edited there."""

from __future__ import annotations

from pathlib import Path

from planner.outputs.exports.run import Run


def write(run: Run, folder: Path) -> None:
    """Write ``slides.pptx`` into a folder."""
    from planner.outputs.exports.slides.stories import tell

    (folder / "slides.pptx").write_bytes(tell(run))
