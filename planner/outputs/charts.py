"""Charts of the report, as SVG that needs no script: what each further CHW adds."""

from __future__ import annotations

import numpy as np

from planner.outputs.palette import CHW_EDGE, PROPOSED, whole
from planner.types.alternatives import Growth

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 24, 18, 46  # room for what stands on the axes
MOST_POINTS = 360  # of a line: half a pixel each
SHARES = (0, 25, 50, 75, 100)
INK, LINE = "#5b6874", "#dde3e8"


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
    title = "Share of the hard-to-reach without a CHW today who come within reach, by number of new CHWs"
    last = len(people) - 1
    marks = [f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">']
    for share in SHARES:
        y = _y(share / 100)
        marks.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{LINE}"/>')
        marks.append(_text(LEFT - 8, y + 4, f"{share} %", "end"))
    marks += [_text(_x(count, last), HEIGHT - BOTTOM + 20, whole(count), "middle") for count in _ticks(last)]
    marks.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "new CHWs", "middle"))
    shown = np.unique(np.linspace(0, last, min(last + 1, MOST_POINTS)).round().astype(int))
    for values, stroke in ((bound, f'stroke="{CHW_EDGE}" stroke-width="1.5" stroke-dasharray="5 4"'),
                           (people, f'stroke="{PROPOSED}" stroke-width="3"')):  # fmt: skip
        points = " ".join(f"{_x(k, last):.1f},{_y(values[k] / everybody):.1f}" for k in shown.tolist())
        marks.append(f'<polyline points="{points}" fill="none" {stroke}/>')
    x, y = _x(min(chosen, last), last), _y(people[min(chosen, last)] / everybody)
    marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{PROPOSED}" stroke="#ffffff" stroke-width="2"/>')
    to_left = x > WIDTH / 2
    marks.append(
        _text(x - 12 if to_left else x + 12, y + 22, f"this plan: {whole(chosen)}", "end" if to_left else "start")
    )
    return "".join(marks) + "</svg>"


def _x(count: float, last: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * count / max(last, 1)


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="13" fill="{INK}">{words}</text>'


def _ticks(last: int) -> list[int]:
    """Round numbers of CHWs along the axis, about six of them."""
    if last <= 6:
        return list(range(last + 1))
    rough = last / 6
    size = 10 ** int(np.floor(np.log10(rough)))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    return list(range(0, last + 1, step))
