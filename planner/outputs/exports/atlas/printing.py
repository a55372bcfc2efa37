"""Pages to PDF and PNG, with the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from PIL import Image

import planner
from planner.outputs.exports.atlas.book import Book
from planner.outputs.exports.atlas.figures import Place, all_areas, areas
from planner.outputs.exports.atlas.fonts import quiet, tidy
from planner.outputs.exports.atlas.pages import Pages, page
from planner.outputs.exports.atlas.sheet import A3, A4, Paper
from planner.outputs.exports.file_names import plain_name
from planner.outputs.exports.run import Run
from planner.outputs.language import say

DPI = 300
COLOURS = 255  # of a picture: its maps have a few flat colours, and the edges of letters

SETTINGS: dict[Any, Any] = {
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "path.simplify": True,
    "text.hinting": "no_hinting",
}


def print_atlas(run: Run, folder: Path) -> None:
    """Write every page once for each size of paper, and once as a picture."""
    with settings():
        book = Book.read(run)
        for paper in (A4, A3):
            print_pdf(book, paper, folder / f"atlas_{paper.name}.pdf")
        (folder / "png").mkdir()
        for position, (place, drawn) in enumerate(pages(book, A4), start=1):
            _picture(drawn, folder / "png" / f"{position:03d}-{plain_name(place.name or 'all')}.png")


def print_pdf(book: Book, paper: Paper, path: Path) -> None:
    """Write all pages on one size of paper as PDF."""
    with PdfPages(path, metadata=_about(book.run)) as pdf:
        for _, drawn in pages(book, paper):
            pdf.savefig(drawn)


def pages(book: Book, paper: Paper) -> Iterator[tuple[Place, Figure]]:
    """Draw the page of all areas together, and that of each area."""
    others = list(areas(book))
    for position, place in enumerate([all_areas(book), *others], start=1):
        yield place, page(book, paper, place, others, Pages(position, len(others) + 1))


def _about(run: Run) -> dict[str, Any]:
    return {
        "Title": tidy(run.plan["title"]),
        "Author": tidy(run.ministry) or "planner",
        "Subject": say("run {run}", run=run.plan["run_id"]),
        "Creator": f"planner {planner.__version__}",
        "Producer": f"matplotlib {mpl.__version__}",
        "CreationDate": datetime.fromisoformat(run.plan["date"]).replace(tzinfo=UTC),
    }


@contextmanager
def settings() -> Iterator[None]:
    """Matplotlib as it comes, whatever this computer has set, and quiet about weights that a font lacks."""
    with mpl.rc_context(), quiet():
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        yield


def _picture(figure: Figure, path: Path) -> None:
    """The page as a picture of few colours."""
    figure.set_dpi(DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    dots = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    picture = Image.fromarray(np.ascontiguousarray(dots[:, :, :3]))
    few = picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    colours = np.array(few.getpalette(), np.uint8).reshape(-1, 3)
    colours[np.bincount(np.asarray(few).ravel()).argmax()] = 255  # the paper: nearly white colours were joined with it
    few.putpalette(colours.ravel().tolist())
    few.save(path, "PNG", dpi=(DPI, DPI))
