"""Answers of stages as bytes, and back: typed, checked, and nothing in them can run.

An answer is a frozen dataclass, or a tuple, of arrays, texts, numbers and shapes. The bytes are a line of JSON that
says which value stands where, the arrays one after the other as ``.npy`` (the last holds all shapes, as WKB), and a
sha256 of all that and of a seal. Reading goes by the type that is asked for and never by what the bytes say of
themselves: nothing is imported or called for them (no pickle), and the dataclasses check their arrays as they are made.
"""

from __future__ import annotations

import hashlib
import io
import json
import types
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
import shapely

from planner.types.text import Text

DIGEST = hashlib.sha256().digest_size
OF_ANOTHER_FORM = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, MemoryError, RecursionError,
    shapely.errors.ShapelyError,
)  # fmt: skip


class Damaged(Exception):
    """Bytes that are not, or not any more, an answer of the type asked for."""


@dataclass
class Apart:
    """What stands beside the JSON: arrays, and the bytes of shapes."""

    arrays: list[np.ndarray[Any, Any]] = field(default_factory=list)
    shapes: bytearray = field(default_factory=bytearray)


def packed(answer: Any, seal: bytes) -> bytes:
    """Bytes of an answer; `seal` is what it is the answer to."""
    apart, file = Apart(), io.BytesIO()
    said = json.dumps(_out(answer, apart))
    file.write(said.encode("ascii") + b"\n")
    for array in [*apart.arrays, np.frombuffer(apart.shapes, np.uint8)]:
        np.lib.format.write_array(file, array, allow_pickle=False)
    return file.getvalue() + hashlib.sha256(seal + file.getvalue()).digest()


def unpacked(content: bytes, seal: bytes, kind: Any) -> Any:
    """The answer of the type `kind`; `Damaged` where the bytes do not hold one with this seal."""
    body = content[:-DIGEST]
    if hashlib.sha256(seal + body).digest() != content[-DIGEST:]:
        raise Damaged("it is cut or changed")
    file, arrays = io.BytesIO(body), []
    try:
        said = json.loads(file.readline())
        while file.tell() < len(body):
            arrays.append(np.lib.format.read_array(file, allow_pickle=False))
        return _in(said, kind, Apart(arrays[:-1], bytearray(arrays[-1])))
    except OF_ANOTHER_FORM as error:
        raise Damaged("it is of another form") from error


def _out(value: Any, apart: Apart) -> Any:
    """What JSON says of a value."""
    if isinstance(value, Text):
        raise TypeError("a text for translators would lose its values")
    if is_dataclass(value):
        return {each.name: _out(getattr(value, each.name), apart) for each in fields(value)}
    if isinstance(value, tuple) or (isinstance(value, np.ndarray) and value.dtype == object):
        return [_out(each, apart) for each in value]
    if isinstance(value, np.ndarray):
        apart.arrays.append(value)
        return len(apart.arrays) - 1
    if isinstance(value, shapely.Geometry):
        start = len(apart.shapes)
        apart.shapes += shapely.to_wkb(value)
        return [start, len(apart.shapes)]
    return value.item() if isinstance(value, np.generic) else value


def _in(said: Any, kind: Any, apart: Apart) -> Any:
    """The value of a type, by what JSON says of it."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is types.UnionType:
        return None if said is None else _in(said, next(each for each in inside if each is not types.NoneType), apart)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind, localns={"LineString": shapely.LineString})  # named there for type checkers only
        return kind(**{each.name: _in(said[each.name], hints[each.name], apart) for each in fields(kind)})
    if origin is tuple:
        kinds = inside[:1] * len(said) if inside[-1] is Ellipsis else inside
        return tuple(_in(each, one, apart) for each, one in zip(said, kinds, strict=True))
    if origin is np.ndarray:
        return _array(said, np.dtype(get_args(inside[1])[0]), apart)
    if isinstance(kind, type) and issubclass(kind, shapely.Geometry):
        start, end = said
        said = shapely.from_wkb(bytes(apart.shapes[start:end]))
    if not isinstance(said, int if kind is float and type(said) is int else kind):
        raise TypeError(f"{type(said).__name__}, expected {kind}")
    return said


def _array(said: Any, dtype: Any, apart: Apart) -> np.ndarray[Any, Any]:
    if dtype.hasobject:
        found = np.empty(len(said), object)
        found[:] = [_in(each, shapely.LineString | None, apart) for each in said]
        return found
    array: np.ndarray[Any, Any] = apart.arrays[said]
    if array.dtype != dtype:
        raise TypeError(f"{array.dtype}, expected {dtype}")
    return array
