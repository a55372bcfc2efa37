"""The rules of a placement from what a planner says: who stays, where nobody may live, quotas, distances, money."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from planner.types.arrays import Bools, Doubles, Ints
from planner.types.placement import NO_LIMIT, Rules, Supervisors

Today = Literal["stay", "move", "leave"]


def rules(
    n_sites: int,
    *,
    most: int | Ints,
    today: Ints | None = None,
    today_may: Today = "stay",
    forbidden: Bools | None = None,
    forced: Bools | None = None,
    cost: float | Doubles = 0.0,
    leave_cost: float = 0.0,
    budget: float = math.inf,
    max_moves: int = -1,
    apart: Ints | None = None,
    area: Ints | None = None,
    area_least: Ints | None = None,
    area_most: Ints | None = None,
    supervisors: Supervisors | None = None,
    site_names: tuple[str, ...] = (),
    area_names: tuple[str, ...] = (),
) -> Rules:
    """Make the rules of a placement; whatever is left out is no rule.

    Parameters
    ----------
    n_sites
        Number of sites: rows of the travel matrix.
    most
        Most CHWs at each site. Where more live today, as many as today may stay.
    today, today_may
        CHWs at each site today (none), and what may become of them: "stay" keeps each where he or she is; "move" lets
        each live at another site, at `leave_cost` plus the `cost` there, but sends nobody away; "leave" lets go.
    forbidden, forced
        Sites where no CHW more than today may live (too few households, say), and sites that must have one.
    cost, leave_cost, budget
        Of each CHW more than today at a site, of each CHW of today who leaves one, and the most that all of it may be.
    max_moves
        CHWs of today who may leave their site; -1 = any number.
    apart
        Pairs of sites that may not both have CHWs, ``(k, 2)``: `pairs_nearer_than`.
    area, area_least, area_most
        Area of each site (-1 = none), and the fewest and most CHWs in each; `proportional` gives both at once.
    supervisors
        Who must have room for every CHW.
    site_names, area_names
        What messages call them, instead of by their positions.

    Raises
    ------
    ValueError
        Numbers that cannot be, or rules that contradict each other at one site or in one area; all of them at once.
    """
    now = np.zeros(n_sites, np.int32) if today is None else np.asarray(today, np.int32)
    no = np.zeros(n_sites, np.bool_)
    closed, asked = no if forbidden is None else forbidden, no if forced is None else forced
    area_of = np.full(n_sites, -1, np.int32) if area is None else np.asarray(area, np.int32)
    n_areas = max((len(a) for a in (area_least, area_most) if a is not None), default=int(area_of.max(initial=-1)) + 1)
    room = np.maximum(np.where(closed, 0, most), now)
    made = Rules(
        today=now,
        least=np.maximum(now if today_may == "stay" else 0, asked).astype(np.int32),
        most=room.astype(np.int32),
        cost=np.broadcast_to(np.asarray(cost, np.float64), (n_sites,)).copy(),
        leave_cost=float(leave_cost),
        budget=float(budget),
        max_moves=int(max_moves),
        fewest=int(now.sum()) if today_may == "move" else 0,
        apart=np.empty((0, 2), np.int32) if apart is None else np.ascontiguousarray(apart, np.int32),
        area=area_of,
        area_least=np.zeros(n_areas, np.int32) if area_least is None else np.asarray(area_least, np.int32),
        area_most=np.full(n_areas, NO_LIMIT, np.int32) if area_most is None else np.asarray(area_most, np.int32),
        supervisors=supervisors,
        site_names=site_names,
        area_names=area_names,
    )
    if faults := _faults(made):
        raise ValueError("rules: " + "; ".join(faults))
    return made


def _faults(made: Rules) -> list[str]:
    """Say what cannot be or contradicts itself, each fault with its first place."""
    n_sites, n_areas = len(made.today), len(made.area_least)
    checks: dict[str, npt.NDArray[np.bool_]] = {
        "fewer than 0 CHWs today at site {}": made.today < 0,
        "at most fewer than 0 CHWs at site {}": made.most < 0,
        "site {} is forced and may have no CHW": made.least > made.most,
        "a cost below 0 or not known at site {}": ~((made.cost >= 0) & np.isfinite(made.cost)),
        "an area that does not exist at site {}": (made.area < -1) | (made.area >= n_areas),
        "more CHWs at least than at most in area {}": made.area_least > made.area_most,
        "at least fewer than 0 CHWs in area {}": made.area_least < 0,
        "a site that does not exist in pair {} of apart": np.any((made.apart < 0) | (made.apart >= n_sites), axis=1),
        "a site apart from itself in pair {} of apart": made.apart[:, 0] == made.apart[:, 1],
        "a leave_cost below 0 or not known": np.array([not (made.leave_cost >= 0 and math.isfinite(made.leave_cost))]),
        "a budget below 0 or not known": np.array([not made.budget >= 0]),
    }
    if made.supervisors is not None:
        checks["fewer than 0 supervisor places at facility {}"] = made.supervisors.places < 0
        reached_from = made.supervisors.reach.n_sites
        checks[f"supervisors of {reached_from} sites, not of {n_sites}"] = np.array([reached_from != n_sites])
    return [words.format(int(np.argmax(wrong))) for words, wrong in checks.items() if wrong.any()]


def is_plain(rules: Rules) -> bool:
    """Whether every site may have a CHW or none, and nothing else is asked: the textbook's own problem."""
    return not rules.least.any() and bool((rules.most >= 1).all()) and only_sites(rules)


def only_sites(rules: Rules) -> bool:
    """Whether there is no rule but where CHWs must live (`least`) and may not (`most`)."""
    return (
        (rules.max_moves < 0 or bool((rules.today <= rules.least).all()))
        and rules.fewest <= int(rules.least.sum())
        and not (math.isfinite(rules.budget) and (rules.cost.any() or rules.leave_cost))
        and not len(rules.apart)
        and not rules.area_least.any()
        and bool((rules.area_most == NO_LIMIT).all())
        and rules.supervisors is None
    )


def pairs_nearer_than(metres: float, *axes: Doubles) -> Ints:
    """Pairs of sites nearer to each other than so many metres, ``(k, 2)`` int32, for `rules(apart=...)`.

    The sites' coordinates along the `axes` are in metres: x and y in a projection that keeps distances over the area,
    or x, y and z from the centre of the earth.
    """
    from scipy.spatial import cKDTree

    points = np.column_stack(axes).astype(np.float64)
    pairs = cKDTree(points).query_pairs(metres, output_type="ndarray") if len(points) else np.empty((0, 2), np.int64)
    nearer = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1) < metres
    return _in_order(pairs[nearer])


def pairs_within(between: Any) -> Ints:
    """Pairs of sites that reach each other in a site x site `TravelMatrix`, as `pairs_nearer_than`."""
    site = np.repeat(np.arange(between.n_sites), np.diff(between.indptr))
    return _in_order(np.column_stack((site, between.indices))[site != between.indices])


def _in_order(pairs: npt.NDArray[Any]) -> Ints:
    unique = np.unique(np.sort(pairs, axis=1), axis=0) if len(pairs) else pairs
    return np.ascontiguousarray(unique.reshape(-1, 2), np.int32)


def proportional(chws: int, weights: Doubles) -> Ints:
    """Share so many CHWs among areas in proportion to `weights` (their people, say), int32 an area, summing to `chws`.

    By largest remainder (Hamilton's method); of equal remainders the first area's counts.
    """
    quota = chws * np.asarray(weights, np.float64) / np.sum(weights)
    shares = np.floor(quota * (1 + 1e-12)).astype(np.int32)
    left = chws - int(shares.sum())
    shares[np.argsort(-(quota - shares), kind="stable")[:left]] += 1
    return shares
