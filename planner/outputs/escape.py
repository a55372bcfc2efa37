"""The one place where text and data become safe to stand in an HTML page, or in XML."""

from __future__ import annotations

import html
import json
import re

UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # signs that XML 1.0 cannot hold


def escape(text: object) -> str:
    """Text as HTML: safe between tags and inside a quoted attribute, whatever a name holds."""
    return html.escape(str(text), quote=True)


def to_json(data: object) -> str:
    r"""Data as JSON that can stand inside a ``<script>`` element.

    Everything beyond ASCII is escaped (U+2028 and U+2029 would end a line of JavaScript), and so are ``<``, ``>`` and
    ``&``: no name can close the element or open a comment.

    Raises
    ------
    ValueError
        Where a number is NaN or infinite: JSON has no word for it, the caller says what it means.
    """
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    for sign in "<>&":  # JSON has these signs inside strings only
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def fit_for_xml(text: str) -> str:
    """Text whose signs that no XML can hold, escaped or not, are question marks."""
    return UNFIT.sub("?", text)
