"""Text of a file, whichever way its letters were written as bytes."""

from __future__ import annotations

import codecs
import re

from planner.inputs.findings import File
from planner.inputs.text import examples

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
GUESSES = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS (code page 850)"}
# Letters and signs of French, Portuguese, Spanish, Swahili and English lists.
LETTERS = "àâäáãåçéèêëíìîïñóòôöõúùûüÿœæ"
WORDS = "àáèéêóô"  # alone, as in "à", "é", "ó"
SIGNS = "’‘“”«»–—°ºª·…€\u00a0"
TWICE = re.compile(r'[^\s,;|"]*(?:[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[™˜œ“”¦])[^\s,;|"]*')
LOST = re.compile(r"\w*\ufffd\S*")


def decode(content: bytes, file: File) -> str:
    """Text of the bytes: by their byte order mark, else UTF-8, else UTF-16 by its zero bytes, else a guess, noted.

    Letters that were spoilt before the file was written are a warning.
    """
    text = unmarked(content, file) if not content.startswith(tuple(MARKS)) else marked(content, file)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise file.fault(
            f"contains NUL bytes, first in line {line}: it is no text.", "Export it again as CSV in UTF-8."
        )
    garbled = {found: mended for found in TWICE.findall(text) if (mended := once(found))}
    if garbled:
        shown = examples(f'"{found}" for "{mended}"' for found, mended in garbled.items())
        file.note("warning", f"accents were spoilt before this file was written ({shown}): export it again in UTF-8",
                  len(garbled))  # fmt: skip
    lost = LOST.findall(text)
    if lost:
        shown = examples(f'"{word}"' for word in dict.fromkeys(lost))
        file.note("warning", f"letters were lost before this file was written: {shown}", len(lost))
    return text


def marked(content: bytes, file: File) -> str:
    """Text of bytes that begin with a byte order mark."""
    encoding = next(encoding for mark, encoding in MARKS.items() if content.startswith(mark))
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        what = f"begins as {encoding[:6].upper()}, but is damaged at byte {error.start}."
        raise file.fault(what, "Save it as CSV in UTF-8.") from None


def unmarked(content: bytes, file: File) -> str:
    """Text of bytes without a byte order mark."""
    zeros = content[::2].count(0), content[1::2].count(0)
    if 3 * max(zeros) > len(content) // 2 and 20 * min(zeros) <= max(zeros):  # most letters are Latin: half zero
        encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            pass
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return guessed(content, file)


def guessed(content: bytes, file: File) -> str:
    """Text of bytes of an old encoding: of the first whose letters all stand as in words, else Windows-1252."""
    texts = {}
    for encoding in GUESSES:
        try:
            texts[encoding] = content.decode(encoding)
        except UnicodeDecodeError:
            continue
    sensible = [encoding for encoding, text in texts.items() if all_in_words(text)]
    if not sensible and "cp1252" not in texts:
        raise file.fault("is in an unknown encoding.", "Save it as CSV in UTF-8.")
    encoding = sensible[0] if sensible else "cp1252"
    words = re.findall(r'[^\s,;|"]*[^\x00-\x7f][^\s,;|"]*', texts[encoding])
    shown = examples(f'"{word}"' for word in dict.fromkeys(words))
    file.note("repaired", f"is not UTF-8: read as {GUESSES[encoding]}; check the accents, as in {shown}", len(words))
    return texts[encoding]


def all_in_words(text: str) -> bool:
    """Whether all letters beyond ASCII are those of the languages known, in words, lower case after lower case."""
    for found in re.finditer(r"[^\x00-\x7f]", text):
        sign, before = found.group(), text[found.start() - 1 : found.start()]
        if sign in SIGNS:
            continue
        after = text[found.end() : found.end() + 1]
        if sign.lower() not in LETTERS or (sign.isupper() and before.islower()):
            return False
        if sign not in WORDS and not before.isalpha() and not after.isalpha():
            return False
    return True


def once(word: str) -> str:
    """A word whose UTF-8 was read as Windows-1252, as it was; "" where it was not."""
    try:
        return word.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""
