"""How evenly care is spread: tenths of the people by remoteness, Gini coefficients, concentration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.types.arrays import Bools, Doubles, Floats
from planner.types.coverage import Evenness

TENTHS = 10
POINTS = 21  # of the concentration curve


def evenness(
    people: Doubles, remoteness: Floats, minutes: Sequence[Floats], within: Sequence[Bools], of_areas: Doubles
) -> Evenness:
    """Measure how evenly people have care within reach.

    Parameters
    ----------
    people, remoteness
        Of each cell: who lives there, and the minutes to a facility that say how remote it is.
    minutes, within
        By kind of care, of each cell: the minutes, and whether that is within reach.
    of_areas
        ``(care + 1, area)``: people of each area within reach of each kind of care, and all of them last.
    """
    order = np.argsort(remoteness, kind="stable")
    people, remoteness = people[order], remoteness[order]
    total = people.sum()
    middle = (np.cumsum(people) - people / 2) / max(total, 1e-300)
    tenth = np.minimum((middle * TENTHS).astype(np.int64), TENTHS - 1)
    upto = np.full(TENTHS, -np.inf)
    np.maximum.at(upto, tenth, remoteness)
    near = [of_care[order] for of_care in within]
    share = np.linspace(0.0, 1.0, POINTS)
    curves = [_from_the_most_remote(people, people * of_care, share) for of_care in near]
    everybody = of_areas[-1]
    shares = np.divide(of_areas[:-1], everybody, out=np.zeros_like(of_areas[:-1]), where=everybody > 0)
    return Evenness(
        upto_minutes=np.where(np.isneginf(upto), np.nan, upto),
        people=np.bincount(tenth, people, TENTHS).astype(np.float64),
        within=np.array([np.bincount(tenth, people * of_care, TENTHS) for of_care in near]),
        gini_minutes=np.array([_gini_of_reached(each[order], people) for each in minutes]),
        gini_areas=np.array([gini(each, everybody) for each in shares]),
        share=share,
        curve=np.array([curve for curve, _ in curves]),
        concentration=np.array([index for _, index in curves]),
    )


def _gini_of_reached(minutes: Floats, people: Doubles) -> float:
    reached = np.isfinite(minutes)
    return gini(minutes[reached].astype(np.float64), people[reached])


def gini(values: Doubles, people: Doubles) -> float:
    """Gini coefficient of a value that is not negative, weighted by people: 0 = all alike, near 1 = one has all.

    One minus twice the area below the Lorenz curve. NaN where nobody has anything.
    """
    order = np.argsort(values, kind="stable")
    people, held = people[order], (values * people)[order]
    if not held.sum() > 0:
        return np.nan
    x = np.append(0.0, np.cumsum(people) / people.sum())
    y = np.append(0.0, np.cumsum(held) / held.sum())
    return float(1.0 - 2.0 * np.trapezoid(y, x))


def _from_the_most_remote(people: Doubles, held: Doubles, share: Doubles) -> tuple[Doubles, float]:
    """Concentration curve at some shares of the people, and its index; `people` come with the nearest first."""
    if not held.sum() > 0:
        return np.full(len(share), np.nan), np.nan
    x = np.append(0.0, np.cumsum(people[::-1]) / people.sum())
    y = np.append(0.0, np.cumsum(held[::-1]) / held.sum())
    return np.interp(share, x, y), float(1.0 - 2.0 * np.trapezoid(y, x))
