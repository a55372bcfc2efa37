"""OpenStreetMap PBF before it is read: whether it is one, whole, and sound; else the byte at which it is not."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from planner.inputs.findings import File

AGAIN = "Download it again, e.g. from download.geofabrik.de."
LARGEST_HEADER, LARGEST_BLOCK = 64 * 1024, 32 * 1024 * 1024  # bytes, by the format's own rules
# Wire types of protocol buffers, and the fields read here.
VARINT, BYTES = 0, 2
KIND, SIZE = 1, 3  # of a block's header
RAW, ZLIB = 1, 3  # of a block
STRINGS = 1  # of what is packed in a block: all texts of it
BLANK = b"\n\0"  # the first text of a block, by custom


class Block(NamedTuple):
    """A block: the byte where it begins, its kind ("OSMHeader", "OSMData"), and where its content begins and ends."""

    at: int
    kind: bytes
    start: int
    end: int


def check_pbf(file: File) -> None:
    """Raise InputFaults where a file is no PBF, is cut short, or differs from the checksum that lies beside it."""
    checksum = file.path.with_name(f"{file.path.name}.md5")
    if checksum.is_file():
        with file.path.open("rb") as content:
            found = hashlib.file_digest(content, "md5").hexdigest()
        wanted = checksum.read_text(encoding="utf-8", errors="replace").split()[:1]
        if [found] != wanted:
            raise file.fault(f"differs from its checksum in {checksum.name}: it is cut short or damaged.", AGAIN)
    with file.path.open("rb") as content:
        whole = file.path.stat().st_size
        for number, block in enumerate(blocks(file, content)):
            if number == 0 and block.kind != b"OSMHeader":
                raise file.fault("is no OpenStreetMap PBF: it does not begin with its header.", AGAIN)
            if block.end > whole:
                raise file.fault(
                    f"is cut short: the block at byte {block.at:,} ends at byte {block.end:,}, the file at {whole:,}.",
                    AGAIN,
                )
            content.seek(block.start)
            if block.kind == b"OSMData" and zero_in_text(content.read(block.end - block.start)):
                raise file.fault(f"is damaged: a text in the block at byte {block.at:,} has a zero byte in it.", AGAIN)


def zero_in_text(packed: bytes) -> bool:
    """Whether a text of a block has a zero byte in it: libosmium takes that for its end, and reads what is beyond."""
    known = fields(packed)
    content = known.get(RAW, b"")
    try:
        if isinstance(deflated := known.get(ZLIB), bytes):
            content = zlib.decompressobj().decompress(deflated, LARGEST_BLOCK)
    except zlib.error:
        return False  # told when it is read, with its place
    texts = fields(content).get(STRINGS) if isinstance(content, bytes) else None
    if not isinstance(texts, bytes) or b"\0" not in texts.removeprefix(BLANK):  # nearly all blocks
        return False
    at = 0
    while at < len(texts):
        length, start = varint(texts, at + 1)
        if b"\0" in texts[start : start + length]:
            return True
        at = start + length
    return False


def blocks(file: File, content: BinaryIO) -> Iterator[Block]:
    """The blocks of a file, one after the other, by their headers alone; the last one may end beyond the file."""
    at = 0
    while size := content.read(4):
        length = int.from_bytes(size, "big")
        header = content.read(length) if length <= LARGEST_HEADER else b""
        known = fields(header)
        kind, content_size = known.get(KIND), known.get(SIZE)
        if not isinstance(kind, bytes) or not isinstance(content_size, int) or content_size > LARGEST_BLOCK:
            what = (
                "is no OpenStreetMap PBF by its content." if not at else f"is damaged: no block begins at byte {at:,}."
            )
            raise file.fault(what, AGAIN)
        block = Block(at, kind, at + 4 + length, at + 4 + length + content_size)
        yield block
        at = block.end
        content.seek(at)


def fields(message: bytes) -> dict[int, int | bytes]:
    """Numbers and byte strings of a protocol buffer, by field; what follows something else is not read."""
    found: dict[int, int | bytes] = {}
    at = 0
    while at < len(message):
        tag, at = varint(message, at)
        value, at = varint(message, at)
        if tag & 7 == BYTES:
            found[tag >> 3] = message[at : at + value]
            at += value
        elif tag & 7 == VARINT:
            found[tag >> 3] = value
        else:
            break
    return found


def varint(message: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and the position after it."""
    value = shift = 0
    while at < len(message):
        value |= (message[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if message[at - 1] < 128:
            break
    return value, at


def damaged_at(file: File) -> int | None:
    """Byte of the first block whose content cannot be unpacked; None where all can."""
    with file.path.open("rb") as content:
        for block in blocks(file, content):
            content.seek(block.start)
            packed = fields(content.read(block.end - block.start)).get(ZLIB)
            try:
                if isinstance(packed, bytes):
                    zlib.decompress(packed)
            except zlib.error:
                return block.at
    return None
