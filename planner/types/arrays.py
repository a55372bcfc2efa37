"""Array types, fixed here once: a stage never chooses its own.

Flat cell index = ``row * nx + col``. "No such position" is -1, unknown is NaN, unreachable is inf.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int16]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]

CELL = np.int32  # flat cell indices and positions of sources, villages, areas
MINUTES = np.float32
PACE = np.float32  # minutes per metre; inf = closed
PEOPLE = np.float64


def check_array(name: str, array: npt.NDArray[Any], dtype: npt.DTypeLike, shape: tuple[int | None, ...]) -> None:
    """Raise ValueError unless the array is C-contiguous, of this dtype and this shape (None = any length)."""
    if array.dtype != np.dtype(dtype):
        raise ValueError(f"{name}: dtype {array.dtype}, expected {np.dtype(dtype)}")
    if array.ndim != len(shape) or any(
        want is not None and have != want for have, want in zip(array.shape, shape, strict=True)
    ):
        raise ValueError(f"{name}: shape {array.shape}, expected {shape}")
    if not array.flags.c_contiguous:
        raise ValueError(f"{name}: not C-contiguous")


def check_same_length(owner: str, **columns: Any) -> int:
    """Raise ValueError unless all columns are equally long; return that length."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"{owner}: columns of different lengths {lengths}")
    return next(iter(lengths.values()))
