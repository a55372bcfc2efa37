"""A sentence for people that can still be told in another language: its English template and the values in it.

Whoever finds something says it in English here, without knowing who will read it; the outputs say the template and its
values in the reader's language (see `planner.outputs.language`).
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any, Self


class Form(string.Formatter):
    """Fills templates: several values are a list, with commas or what the template says: ``{names:; }``."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value in a template: a tuple as a list, anything else as Python writes it."""
        if isinstance(value, tuple):
            return (format_spec or ", ").join(self.format_field(each, "") for each in value)
        return format(value, format_spec)


ENGLISH = Form()


class Text(str):
    """English words for all who read it as a text; the template and values of which they are made for translators.

    Parameters
    ----------
    template
        Text with ``{values}`` as `str.format` takes them, such as ``"{people:,.0f} people"``: the key of the catalogue.
    values
        By name: numbers, names (never translated), other `Text`, or tuples of these, which become lists. Without any,
        the template is the text, whatever braces it has.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """English words; see above."""
        english = template
        if any(isinstance(value, tuple) for value in values.values()):
            english = ENGLISH.vformat(template, (), values)
        elif values:
            english = template.format(**values)  # half the time, and lists have many rows
        text = super().__new__(cls, english)
        text.template, text.values = template, values
        return text

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """What a copy is made of."""
        return (self.template,), dict(self.values)
