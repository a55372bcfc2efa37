"""The ministry's logo, read whole and written anew: nothing else that the file may carry gets into the prints."""

from __future__ import annotations

import io
import warnings

from planner.inputs.findings import File, Findings
from planner.scenario import LayerFile, Reporting

MOST_BYTES = 20_000_000
FEWEST_PIXELS, MOST_PIXELS = 32, 8000  # of a side
KEPT_PIXELS = 1000  # of the longer side: 1.5 cm of paper ask for 200 at 300 dpi


def read_logo(report: Reporting, findings: Findings) -> bytes:
    """Read the logo as PNG; empty where there is none.

    Raises
    ------
    InputFaults
        No such file, no whole PNG or JPEG, or too small or too large.
    """
    if not report.logo:
        return b""
    file = findings.open("logo", LayerFile(file=report.logo))
    if file.path.stat().st_size > MOST_BYTES:
        what = f"has {file.path.stat().st_size / 1e6:,.0f} MB, which no logo has."
        raise file.fault(what, f"Save it smaller: {KEPT_PIXELS} pixels are enough.")
    return _as_png(file)


def _as_png(file: File) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError

    wanted = "Save the logo as PNG or JPEG in a program for pictures."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(file.path, formats=["PNG", "JPEG"])
        with opened:
            _check_size(file, *opened.size)
            upright = ImageOps.exif_transpose(opened)
            picture = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, Warning):
        raise file.fault("is no picture in PNG or JPEG that can be read whole.", wanted) from None
    picture.thumbnail((KEPT_PIXELS, KEPT_PIXELS))
    picture.info = {}
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _check_size(file: File, width: int, height: int) -> None:
    if min(width, height) < FEWEST_PIXELS or max(width, height) > MOST_PIXELS:
        what = f"is {width} x {height} pixels; expected {FEWEST_PIXELS} to {MOST_PIXELS} on each side."
        raise file.fault(what, f"Save the logo with about {KEPT_PIXELS // 2} pixels.")
