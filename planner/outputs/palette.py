"""Colours and number formats that map and report share.

Blue is care (facilities, CHWs, villages they serve), yellow to brown is distance from care: the one opposition that
people with any common kind of colour blindness see (Okabe and Ito 2008), and it survives a grey print.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from planner.outputs.language import exact, number, say

FACILITY = "#0b2a5b"
CHW = "#ffffff"
CHW_EDGE = "#1f6fb5"
PROPOSED = "#00a7e1"
WITHIN_REACH = "#ffffff"
SERVED = "#8fdcf7"
HARD_TO_REACH = "#1a1a1a"
VILLAGE_EDGE = "#777777"
WATER = "#b7d3e3"
RIVER = "#7fb0cc"
ROAD = "#7d7d7d"
AREA = "#555555"
NO_WAY = "#9a9a9a"

# YlOrBr of Cynthia Brewer's ColorBrewer (2003), colour-blind safe; its palest step is left out: it is lost on white.
SEQUENTIAL = ("#fff7bc", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#993404", "#662506")


@dataclass(frozen=True)
class TimeClass:
    """Travel times over ``above`` and up to ``upto`` minutes (inf = no upper limit), with a colour."""

    above: float
    upto: float
    colour: str

    @property
    def label(self) -> str:
        """The class in words."""
        if math.isinf(self.upto):
            return say("over {minutes} min", minutes=exact(self.above))
        if not self.above:
            return say("up to {minutes} min", minutes=exact(self.upto))
        return f"{exact(self.above)}–{exact(self.upto)} min"


def time_classes(thresholds: Sequence[float]) -> tuple[TimeClass, ...]:
    """Classes of travel time between the ascending thresholds (minutes), from pale (near) to dark (far)."""
    limits = (0.0, *(float(minutes) for minutes in thresholds), math.inf)
    colours = sequential(len(limits) - 1)
    return tuple(
        TimeClass(above, upto, colour) for (above, upto), colour in zip(pairwise(limits), colours, strict=True)
    )


def sequential(count: int) -> tuple[str, ...]:
    """``count`` colours (at least two), evenly spread over the sequential palette."""
    last = len(SEQUENTIAL) - 1
    return tuple(_between(position * last / (count - 1)) for position in range(count))


def _between(position: float) -> str:
    low = min(int(position), len(SEQUENTIAL) - 2)
    part = position - low
    pairs = zip(rgb(SEQUENTIAL[low]), rgb(SEQUENTIAL[low + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green, blue (0–255) of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def whole(people: float) -> str:
    """A count for reading, e.g. ``12,345``; "under 1" where it is not quite nothing, "unknown" for NaN."""
    if not math.isfinite(people):
        return say("unknown")
    if 0 < people < 0.5:
        return say("under 1")
    return number(people)


def percent(share: float) -> str:
    """A share (0 to 1) for reading, e.g. ``62 %``; only all is 100 %, only nothing 0 %; "–" for NaN."""
    if not math.isfinite(share):
        return "–"
    if 0 < share < 0.005:
        return say("under 1 %")
    if 0.995 <= share < 1 - 1e-9:  # sums of the same people in another order differ in the last digits
        return say("over 99 %")
    return f"{100 * share:.0f} %"


def minutes_text(minutes: float) -> str:
    """A travel time for reading, e.g. ``75 min``, ``3 h 20 min``; inf = "no way", NaN = "unknown"."""
    if math.isnan(minutes):
        return say("unknown")
    if math.isinf(minutes):
        return say("no way")
    hours, rest = divmod(round(minutes), 60)
    return f"{round(minutes)} min" if hours < 2 else f"{hours} h {rest:02d} min"


def km_text(km: float) -> str:
    """A distance for reading, e.g. ``3.4 km``; "unknown" for NaN, "no way" for inf."""
    if math.isnan(km):
        return say("unknown")
    return say("no way") if math.isinf(km) else f"{number(km, 1)} km"
