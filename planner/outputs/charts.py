"""Charts of the report, as SVG that needs no script: shares of people, along a number of CHWs, minutes or people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from planner.outputs.escape import escape
from planner.outputs.language import exact, say
from planner.outputs.palette import CHW_EDGE, FACILITY, PROPOSED, whole
from planner.types.alternatives import Growth
from planner.types.arrays import Doubles
from planner.types.coverage import Curve, Evenness

LEFT, RIGHT, TOP, BOTTOM = 52, 24, 18, 46  # room for what stands on the axes
MOST_POINTS = 360  # of a line: half a pixel each
SHARES = (0, 25, 50, 75, 100)
INK, LINE = "#5b6874", "#dde3e8"
OF_CARE = (FACILITY, CHW_EDGE, PROPOSED)  # facilities, CHWs of today, the plan: as on the map
NARROW = 500  # two such charts stand side by side, and one on a phone
DASHES = 'stroke-dasharray="5 4"'


@dataclass(frozen=True)
class Axes:
    """Shares (0 to 1) upwards, and a number from 0 to `last` to the right."""

    last: float
    width: int
    height: int

    def x(self, number: float) -> float:
        """Where a number stands."""
        return LEFT + (self.width - LEFT - RIGHT) * number / max(self.last, 1e-9)

    def y(self, share: float) -> float:
        """Where a share stands."""
        return TOP + (self.height - TOP - BOTTOM) * (1 - share)

    def drawn(self, title: str, label: str, ticks: Sequence[float], words: Callable[[float], str]) -> list[str]:
        """The beginning of the chart: lines and numbers of both axes, and what the lower one counts."""
        kind = "chart" if self.width > NARROW else "narrow chart"
        marks = [
            f'<svg class="{kind}" viewBox="0 0 {self.width} {self.height}" role="img" aria-label="{escape(title)}">'
        ]
        for percent in SHARES:
            y = self.y(percent / 100)
            marks.append(f'<line x1="{LEFT}" x2="{self.width - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{LINE}"/>')
            marks.append(_text(LEFT - 8, y + 4, f"{percent} %", "end"))
        marks += [_text(self.x(tick), self.height - BOTTOM + 20, words(tick), "middle") for tick in ticks]
        marks.append(_text((LEFT + self.width - RIGHT) / 2, self.height - 6, escape(label), "middle"))
        return marks

    def line(self, numbers: Doubles, shares: Doubles, colour: str, *, width: float = 3, dashes: str = "") -> str:
        """A line through points."""
        points = " ".join(f"{self.x(a):.1f},{self.y(b):.1f}" for a, b in zip(numbers, shares, strict=True))
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width:g}" {dashes}/>'


def growth_chart(growth: Growth, chosen: int) -> str:
    """People newly within reach with 0, 1, 2 ... new CHWs, as a share of those without one today.

    Parameters
    ----------
    growth
        By number of new CHWs.
    chosen
        The plan's number of new CHWs, marked.
    """
    people, bound, everybody = growth.covered, growth.bound, growth.everybody
    title = say("Share of the hard-to-reach without a CHW today who come within reach, by number of new CHWs")
    last = len(people) - 1
    axes = Axes(last, 720, 300)
    marks = axes.drawn(title, say("new CHWs"), _ticks(last), whole)
    shown = np.unique(np.linspace(0, last, min(last + 1, MOST_POINTS)).round().astype(int))
    marks.append(axes.line(shown, bound[shown] / everybody, CHW_EDGE, width=1.5, dashes=DASHES))
    marks.append(axes.line(shown, people[shown] / everybody, PROPOSED))
    at = min(chosen, last)
    x, y = axes.x(at), axes.y(people[at] / everybody)
    marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{PROPOSED}" stroke="#ffffff" stroke-width="2"/>')
    to_left = x > axes.width / 2
    words = say("as many as this plan: {count}", count=whole(chosen))
    marks.append(_text(x - 12 if to_left else x + 12, y + 22, words, "end" if to_left else "start"))
    return "".join(marks) + "</svg>"


def minutes_chart(curve: Curve, people: float, care: Sequence[int]) -> str:
    """Share of the people within any number of minutes of care; the other season is dashed.

    `care` are the positions of the kinds of care that are shown.
    """
    last = float(curve.minutes[-1])
    axes = Axes(last / 60, 460, 300)
    title = say("Share of people within so many hours of care")
    marks = axes.drawn(title, say("hours to care"), _ticks(int(last // 60)), exact)
    for season, dashes in zip(curve.people, ("", DASHES), strict=False):
        marks += [
            axes.line(curve.minutes / 60, season[kind] / people, OF_CARE[kind], width=1.8 if dashes else 3,
                      dashes=dashes)
            for kind in care
        ]  # fmt: skip
    return "".join(marks) + "</svg>"


def concentration_chart(even: Evenness, care: Sequence[int]) -> str:
    """Who has care within reach, the most remote people first: on the thin line, all would have it alike."""
    axes = Axes(100, 460, 300)
    title = say("Share of all people within reach whom the most remote make up")
    marks = axes.drawn(title, say("people, the most remote first"), SHARES, lambda share: f"{share:g} %")
    marks.append(axes.line(np.array([0.0, 100.0]), np.array([0.0, 1.0]), INK, width=1))
    marks += [axes.line(100 * even.share, even.curve[kind], OF_CARE[kind]) for kind in care]
    return "".join(marks) + "</svg>"


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="13" fill="{INK}">{words}</text>'


def _ticks(last: int) -> list[int]:
    """Round numbers along the axis, about six of them."""
    if last <= 6:
        return list(range(last + 1))
    rough = last / 6
    size = 10 ** int(np.floor(np.log10(rough)))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    return list(range(0, last + 1, step))
