"""Pictures on a pane: each pixel stays a square, on paper and on the screen."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.transforms import Affine2D, Bbox

Pixels = npt.NDArray[np.uint8]  # (rows from the top, columns, RGBA)


class Picture(Artist):
    """A picture that fills a rectangle: its left, lower, right and upper edge (mm).

    matplotlib's own images are resampled in floating point for every format: that took a quarter of the time of a page.
    """

    def __init__(self, pixels: Pixels, extent: tuple[float, float, float, float]) -> None:
        super().__init__()
        self._pixels = np.ascontiguousarray(pixels[::-1])
        self._box = Bbox.from_extents(*extent)
        self.set_zorder(0.9)

    def draw(self, renderer: RendererBase) -> None:
        """Draw it: as it is where the format takes pictures of any size, else pixel by pixel."""
        x0, y0, x1, y1 = (float(edge) for edge in self._box.transformed(self.get_transform()).extents)
        rows, columns, _ = self._pixels.shape
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.get_clip_box())
        if renderer.option_scale_image():
            fit = Affine2D().scale(x1 - x0, y1 - y0)
            renderer.draw_image(gc, x0, y0, self._pixels, fit)
        else:
            left, bottom = round(x0), round(y0)
            across = _under(round(x1) - left, columns)
            upwards = _under(round(y1) - bottom, rows)
            renderer.draw_image(gc, left, bottom, np.ascontiguousarray(self._pixels[upwards][:, across]))
        gc.restore()


def _under(count: int, pixels: int) -> Any:
    """The pixel of the picture that lies under each of so many dots."""
    return ((np.arange(count) + 0.5) * pixels / count).astype(np.int64)
