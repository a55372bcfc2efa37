"""What the map says in each language: texts with their values, told apart so that the page can say them anew.

The English text is the key: the page holds, for each other language, what stands for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

from planner.outputs.language import LANGUAGES, number, say, speaking

Phrase = list[Any]  # a text of the catalogue, and its values by name
ATTRIBUTES = ("aria-label", "placeholder", "title")
IN_SCRIPTS = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"')


def phrase(text: str, /, **values: object) -> Phrase:
    """A text that the page says itself, with numbers in its reader's form; a value may be a phrase too."""
    return [text, values]


def spelled(told: Phrase | str | float) -> str:
    """A phrase in the language that is spoken here, for what is no page."""
    if isinstance(told, list):
        text, values = told
        return say(text, **{name: spelled(value) for name, value in values.items()})
    return told if isinstance(told, str) else number(told, 0 if float(told).is_integer() else 1)


def words(told: Callable[[], Any], texts: set[str]) -> dict[str, dict[str, str]]:
    """By language other than English: what stands for each English text.

    Parameters
    ----------
    told
        Gives lists, dictionaries and texts, alike in every language, which it says.
    texts
        Texts with their values still to come.
    """
    by_language = {}
    for language in LANGUAGES:
        with speaking(language):
            by_language[language] = [*_texts(told()), *(say(text) for text in sorted(texts))]
    english = by_language.pop("en")
    return {
        language: {text: said for text, said in zip(english, other, strict=True) if text != said}
        for language, other in by_language.items()
    }


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        yield from _texts(list(told.values()))
    elif isinstance(told, list | tuple):
        for each in told:
            yield from _texts(each)


def said_by(script: str) -> set[str]:
    """Texts that a script says."""
    return {text.replace('\\"', '"') for text in IN_SCRIPTS.findall(script)}


def templates(told: Any) -> set[str]:
    """Texts of the phrases that stand among values, also in the values of phrases."""
    if isinstance(told, dict):
        return templates(list(told.values()))
    if not isinstance(told, list):
        return set()
    if len(told) == 2 and isinstance(told[0], str) and isinstance(told[1], dict):
        return {told[0]} | templates(told[1])
    return set[str]().union(*map(templates, told))


def said_in(html: str) -> list[str]:
    """Texts of the elements with ``data-say``, and the labels of those with ``data-say-label``, in their order."""
    reader = _Said()
    reader.feed(html)
    reader.close()
    return reader.texts


class _Said(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        given = dict(attrs)
        if "data-say-label" in given:
            self.texts += [given[name] or "" for name in ATTRIBUTES if name in given]
        self._open = "data-say" in given
        if self._open:
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[-1] += data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._open = False
