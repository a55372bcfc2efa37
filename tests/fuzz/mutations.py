"""Bytes like those of sound files, but not quite: what cut downloads, bad sticks, other programs and ill will make."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

MOST_EDITS = 6
LONGEST_SPAN = 300
NUMBERS = [
    (value % (1 << 8 * size)).to_bytes(size, order)
    for size in (1, 2, 4, 8)
    for order in ("little", "big")
    for value in (0, 1, -1, 1 << 8 * size - 1, (1 << 8 * size - 1) - 1)
]


@st.composite
def mutated(draw: DrawFn, seeds: Sequence[bytes], tokens: Sequence[bytes] = ()) -> bytes:
    """One of the seeds with some bytes turned, cut out, put in, repeated, or taken from another."""
    content = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, MOST_EDITS))):
        at = draw(st.integers(0, len(content)))
        end = min(len(content), at + draw(st.integers(1, LONGEST_SPAN)))
        match draw(st.sampled_from(("flip", "number", "token", "cut", "repeat", "end", "splice", "bytes"))):
            case "flip" if at < len(content):
                content[at] ^= 1 << draw(st.integers(0, 7))
            case "number":
                number = draw(st.sampled_from(NUMBERS))
                content[at : at + len(number)] = number
            case "token" if tokens:
                token = draw(st.sampled_from(tokens))
                content[at : at + draw(st.sampled_from((0, len(token))))] = token
            case "cut":
                del content[at:end]
            case "repeat":
                content[at:at] = content[at:end] * draw(st.integers(1, 40))
            case "end":
                del content[at:]
            case "splice":
                other = draw(st.sampled_from(seeds))
                content[at:end] = other[at:end]
            case _:
                content[at:at] = draw(st.binary(min_size=1, max_size=12))
    return bytes(content)


@st.composite
def mutated_inside(draw: DrawFn, seeds: Sequence[bytes], tokens: Sequence[bytes] = ()) -> bytes:
    """A zip whose members are sound but for one: its checksums are right, so what is inside is read."""
    source = zipfile.ZipFile(io.BytesIO(draw(st.sampled_from(seeds))))
    members = {name: source.read(name) for name in source.namelist()}
    spoiled = draw(st.sampled_from(sorted(members)))
    if draw(st.integers(0, 9)):
        members[spoiled] = draw(mutated([members[spoiled]], tokens))
    else:
        del members[spoiled]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()
