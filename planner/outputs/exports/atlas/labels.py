"""Where names stand on a map: beside their places, on no other name and no mark, or not at all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

# Directions tried, best first (Imhof 1975, "Positioning names on maps"): right, above and below it, left, above, below.
AROUND = ((1, 0.2), (1, 1), (1, -1), (-1, 0.2), (-1, 1), (-1, -1), (0, 1), (0, -1))
FAR = (2.5, 5.0, 8.0)  # millimetres further away, where a line leads to the place

Boxes = npt.NDArray[np.float64]  # left, bottom, right, top (mm), one box a row


class Spot(NamedTuple):
    """Where a name stands: the middle of its box (mm), and whether a line leads from there to its place."""

    x: float
    y: float
    led: bool


class Room:
    """What is taken of a map (mm from its lower left corner)."""

    def __init__(self, width: float, height: float) -> None:
        self.size = width, height
        self._names = np.empty((0, 4))
        self._marks = np.empty((0, 4))

    def mark(self, points: npt.NDArray[np.float64], radius: float) -> None:
        """Keep names off marks."""
        self._marks = np.vstack([self._marks, np.hstack([points - radius, points + radius])])

    def take(self, box: tuple[float, float, float, float]) -> None:
        """Keep names off a box."""
        self._names = np.vstack([self._names, box])

    def place(
        self, x: float, y: float, width: float, height: float, radius: float, *, on_it: bool = False, far: bool = True
    ) -> Spot | None:
        """Find and take room for a name beside a mark of a radius, or right on its place; None where there is none.

        Marks are kept free where that is possible; a name that a line leads to covers none.
        """
        spots = self._spots(x, y, width, height, radius, on_it=on_it, far=far)
        middles = np.array([(spot.x, spot.y) for spot in spots])
        half = np.array([width, height]) / 2
        boxes = np.hstack([middles - half, middles + half])
        inside = (boxes[:, :2] >= 0.4).all(axis=1) & (boxes[:, 2:] <= np.array(self.size) - 0.4).all(axis=1)
        free = inside & ~_any_overlap(boxes, self._names)
        clear = free & ~_any_overlap(boxes, self._around(x, y, radius))
        near = np.array([not spot.led for spot in spots])
        for possible in (clear, free & near):
            if possible.any():
                chosen = int(np.argmax(possible))
                self.take(tuple(boxes[chosen].tolist()))
                return spots[chosen]
        return None

    def _around(self, x: float, y: float, radius: float) -> Boxes:
        """All marks but the place's own."""
        own = (np.abs(self._marks.reshape(-1, 2, 2).mean(axis=1) - (x, y)) < radius / 2).all(axis=1)
        return np.asarray(self._marks[~own])

    def _spots(
        self, x: float, y: float, width: float, height: float, radius: float, *, on_it: bool, far: bool
    ) -> list[Spot]:
        spots = [Spot(x, y, False)] if on_it else []
        for further in (0.0, *(FAR if far else ())):
            away = radius + further
            for right, up in AROUND:
                # diagonal ones come nearer: their corner is what touches
                near = 0.75 if right and abs(up) == 1 else 1.0
                at_x = x + right * (away * near + width / 2)
                at_y = y + up * (away * near + height / 2)
                spots.append(Spot(at_x, at_y, further > 0.0))
        return spots


def _any_overlap(boxes: Boxes, others: Boxes) -> npt.NDArray[np.bool_]:
    """Of each box, whether it overlaps any of the others."""
    apart = (
        (boxes[:, None, 2] <= others[None, :, 0])
        | (boxes[:, None, 0] >= others[None, :, 2])
        | (boxes[:, None, 3] <= others[None, :, 1])
        | (boxes[:, None, 1] >= others[None, :, 3])
    )
    return np.asarray(~apart.all(axis=1))
