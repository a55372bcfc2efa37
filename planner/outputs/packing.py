"""Arrays as short texts that a page carries and its script reads back, to the bit.

An array is cut into planes of bytes (all first bytes, then all second ones: neighbours are alike there), as it is or
as differences from one value to the next, whichever is shorter; then deflated, and written in base64.
"""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

LEVEL = 6  # of zlib: the highest took five times as long for a hundredth less
FEW = 65536  # different values up to which each cell holds the number of its value


def packed(values: Array) -> dict[str, Any]:
    """An array of numbers as the page's script takes it (`assets/grids.js`): kind, count, and the text."""
    flat = np.ascontiguousarray(values).ravel()
    whole = flat.view(f"u{flat.itemsize}")
    first, steps = np.zeros(1, whole.dtype), np.empty_like(whole)
    np.subtract(whole[1:], whole[:-1], out=steps[1:])
    steps[:1] = whole[:1] - first
    texts = [zlib.compress(_planes(each), LEVEL) for each in (whole, steps)]
    shorter = int(len(texts[1]) < len(texts[0]))
    return {
        "kind": flat.dtype.str[1:],
        "count": len(flat),
        "steps": shorter,
        "text": base64.b64encode(texts[shorter]).decode("ascii"),
    }


def packed_bits(flags: Array) -> dict[str, Any]:
    """Yes or no for each cell, eight to a byte, the first in the highest bit."""
    return packed(np.packbits(flags)) | {"bits": len(flags)}


def packed_few(values: Array) -> dict[str, Any]:
    """An array that may have few different values: each once, and its number a cell; else as it is."""
    different, number = np.unique(values, return_inverse=True)
    if len(different) > FEW:
        return packed(values)
    kind = np.uint8 if len(different) <= 256 else np.uint16
    return packed(number.astype(kind)) | {"values": packed(different)}


def trimmed(values: Array, bits: int) -> Array:
    """float32 with so many bits after the leading one, rounded: within 2^-(bits + 1) of each value, relative."""
    spare = np.uint32(23 - bits)
    whole = np.ascontiguousarray(values, np.float32).view(np.uint32)
    half = np.uint32(1) << (spare - np.uint32(1))
    return ((whole + half) >> spare << spare).view(np.float32)


def _planes(whole: Array) -> bytes:
    return np.ascontiguousarray(whole.view(np.uint8).reshape(-1, whole.itemsize).T).tobytes()
