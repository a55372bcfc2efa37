"""PDF as others read it: its text by poppler, and what stands in its objects."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext here: PDF is not read back")
WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">')
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">')

# Hostile to typst: markup, code, mathematics, labels, and letters that our font has or has not.
MARKUP = (
    '#import "@preview/x:1.0.0": *', '#read("/etc/passwd")', '#panic("ran")', "#(1+1)", "$x^2$", "@nobody", "<label>",
    "*strong* _weak_ `raw`", "= heading", "- list", "\\#", "\\u{41}", "[x](y)", "//gone", "/*gone", "~",
    "ሰላም", "سلام عليكم", "😀", "https://example.org/x", "x" * 300,

)  # fmt: skip


def pages(path: Path) -> list[str]:
    """Text of each page, lines joined."""
    text = subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, check=True).stdout.decode()
    return [" ".join(page.split()) for page in text.split("\f")[:-1]]


def letters(text: str) -> str:
    """A text without its spaces, which lines and columns move."""
    return re.sub(r"[\s\u200b]+", "", text)


def outside(path: Path) -> list[tuple[str, ...]]:
    """Words that are cut by the edge of their page."""
    text = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True).stdout.decode(
        "utf-8", "replace"
    )  # its titles have surrogates
    found = []
    for page in text.split("<page ")[1:]:
        width, height = map(float, PAGE.match("<page " + page).groups())
        for word in WORD.findall(page):
            left, top, right, bottom = map(float, word)
            if left < 20 or top < 15 or right > width - 20 or bottom > height - 15:
                found.append(word)
    return found


def objects(path: Path) -> bytes:
    """All that a PDF holds, streams unpacked."""
    content = path.read_bytes()
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    unpacked = [content]
    for stream in streams:
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(unpacked)
