"""Tables of the report as text: which columns are shown, how a value is written, which stand on the right."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from planner.outputs.figures import bar
from planner.outputs.language import number, say
from planner.outputs.palette import km_text, minutes_text, percent, whole

Show = Callable[[Any], str]


@dataclass(frozen=True)
class Grid:
    """A table as text: ``numeric`` says which columns stand on the right; ``more`` rows are in tables.xlsx only."""

    headers: list[str]
    numeric: list[bool]
    rows: list[list[str]]
    more: int


def grid(frame: pd.DataFrame, columns: Mapping[str, tuple[str, Show]], most: int | None = None) -> Grid:
    """The first rows of a table as text: for each column its header and how a value is shown."""
    shown = frame.iloc[:most]
    cells = [[show(value) for value in shown[column].tolist()] for column, (_, show) in columns.items()]
    return Grid(
        headers=[header for header, _ in columns.values()],
        numeric=[show in NUMERIC for _, show in columns.values()],
        rows=[list(row) for row in zip(*cells, strict=True)],
        more=len(frame) - len(shown),
    )


def pct(value: float) -> str:
    """A percentage that does not break over two lines."""
    return percent(value / 100).replace(" ", "\N{NO-BREAK SPACE}")


def same(text: str) -> str:
    """Text as it is."""
    return text


def plain(amount: float) -> str:
    """A whole number, which may be below 0; "–" for NaN."""
    return "–" if math.isnan(amount) else number(amount)


def tens(amount: float) -> str:
    """A number to the nearest ten."""
    return number(round(amount, -1))


def unbroken(text: str) -> str:
    """Text whose percentages do not break over two lines."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def upto(minutes: float) -> str:
    """A threshold in words."""
    return say("up to {time}", time=minutes_text(minutes).replace(" ", "\N{NO-BREAK SPACE}"))


NUMERIC = (whole, minutes_text, km_text, pct, plain, tens, Markup)  # stand on the right


def svg(percents: Sequence[float], **kwargs: Any) -> Markup:
    """Ascending percentages as a bar."""
    return Markup(bar(percents, **kwargs))  # numbers and colours only


def two(share: float, people: float) -> Markup:
    """A share, and the people that it is."""
    return Markup("<b>{}</b> <small>{}</small>").format(pct(share), whole(people))
