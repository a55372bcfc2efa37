"""Text of a file, whichever way its letters were written as bytes."""

from __future__ import annotations

import codecs
import re

from planner.inputs.findings import File
from planner.inputs.text import examples
from planner.types.text import Text

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
GUESSES = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS (code page 850)"}
# Letters and signs of French, Portuguese, Spanish, Swahili and English lists.
LETTERS = "àâãáçéèêëíîïñóôõúùûüœ"
WORDS = "àáèéêóô"  # alone, as in "à", "é", "ó"
WITHIN, BETWEEN = "’ʼ·", "‘“”«»–—°ºª…€\u00a0"  # signs within words, and between them
WORD = re.compile(r'[^\s,;|"]+')
TWICE = re.compile(r"[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[™˜œ“”¦]")
LOST = re.compile("\ufffd")
FOREIGN = re.compile(r"[^\x00-\x7f]")  # to ASCII


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
    garbled = {found: mended for found in words_with(TWICE, text) if (mended := once(found))}
    if garbled:
        shown = examples(Text('"{found}" for "{mended}"', found=found, mended=garbled[found]) for found in garbled)
        what = Text("accents were spoilt before this file was written ({shown}): export it again in UTF-8", shown=shown)
        file.note("warning", what, len(garbled))
    lost = words_with(LOST, text)
    if lost:
        shown = examples(f'"{word}"' for word in dict.fromkeys(lost))
        file.note("warning", Text("letters were lost before this file was written: {shown}", shown=shown), len(lost))
    return text


def words_with(sign: re.Pattern[str], text: str) -> list[str]:
    """The words of a text that have such a sign in them."""
    return [word for word in WORD.findall(text) if sign.search(word)] if sign.search(text) else []


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
        try:
            text = content.decode("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be")
        except UnicodeDecodeError:
            pass
        else:
            file.note("repaired", Text("does not say its encoding: read as UTF-16, every other byte of it is zero"))
            return text
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return guessed(content, file)


def guessed(content: bytes, file: File) -> str:
    """Text of bytes of an old encoding: the one in which most letters stand as they do in words, Windows first."""
    texts = {}
    for encoding in GUESSES:
        try:
            texts[encoding] = content.decode(encoding)
        except UnicodeDecodeError:
            continue
    encoding = min(texts, key=lambda each: strange(texts[each]))
    if strange(texts[encoding]) and "cp1252" not in texts:
        raise file.fault("is in an unknown encoding.", "Save it as CSV in UTF-8.")
    words = words_with(FOREIGN, texts[encoding])
    shown = examples(f'"{word}"' for word in dict.fromkeys(words))
    file.note(
        "repaired",
        Text(
            "is not UTF-8: read as {encoding}; check the accents, as in {shown}",
            encoding=GUESSES[encoding],
            shown=shown,
        ),
        len(words),
    )
    return texts[encoding]


def strange(text: str) -> int:
    """How many letters and signs beyond ASCII stand where the languages known have none such."""
    count = 0
    for found in FOREIGN.finditer(text):
        sign, before = found.group(), text[found.start() - 1 : found.start()]
        after = text[found.end() : found.end() + 1]
        if sign in BETWEEN:
            count += all(near.isalpha() or near > "\x7f" for near in (before, after))
        elif sign not in WITHIN:
            known = sign.lower() in LETTERS and (before.isalpha() or after.isalpha() or sign in WORDS)
            humped = before.islower() and (sign.isupper() or after.isupper())
            count += not known or humped
    return count


def once(word: str) -> str:
    """A word whose UTF-8 was read as Windows-1252, as it was; "" where it was not."""
    try:
        return word.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""
