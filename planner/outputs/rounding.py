"""Numbers of people rounded for reading, so that what adds up still adds up as it is printed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def adding_up(parts: Sequence[float] | npt.NDArray[np.float64]) -> list[int]:
    """Whole numbers that add up to the rounded sum of the parts (largest remainder): each is off by less than one."""
    exact = np.asarray(parts, np.float64)
    whole = np.floor(exact)
    short = round(float(exact.sum())) - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:short]] += 1
    return [int(part) for part in whole]
