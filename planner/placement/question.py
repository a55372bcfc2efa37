"""Refuse a question that cannot be meant, before anything is solved."""

from __future__ import annotations

import numpy as np

from planner.types.arrays import Doubles
from planner.types.placement import Rules
from planner.types.travel import TravelMatrix


def check(matrix: TravelMatrix, people: Doubles, rules: Rules, p: int = 0) -> None:
    """Raise ValueError where arrays are of another length than the matrix, or numbers cannot be."""
    if len(rules.today) != matrix.n_sites:
        raise ValueError(f"rules: of {len(rules.today)} sites, the matrix has {matrix.n_sites}")
    check_column("people", people, matrix.n_demand)
    if p < 0:
        raise ValueError(f"p: {p} CHWs, expected none or more")


def check_column(name: str, column: Doubles, n_demand: int) -> None:
    """Raise ValueError unless the column has one finite number, not negative, for each demand position."""
    if column.shape != (n_demand,) or not np.all(np.isfinite(column)) or np.any(column < 0):
        raise ValueError(f"{name}: expected {n_demand} finite numbers, none negative")


def check_share(name: str, share: float) -> None:
    """Raise ValueError unless the number is from 0 to 1."""
    if not 0 <= share <= 1:
        raise ValueError(f"{name}: {share}, expected 0 to 1")


def work(people: Doubles, load: Doubles | None, capacity: float | Doubles, n_sites: int) -> tuple[Doubles, Doubles]:
    """The work of serving each demand position, and what one CHW of each site can do.

    The work is the people themselves where nothing else is said; who can do more than there is to do can do that.
    """
    if np.shape(capacity) not in ((), (n_sites,)) or not np.all(np.asarray(capacity) > 0):
        raise ValueError(f"capacity: {capacity}, expected one number or one of each of {n_sites} sites, all above 0")
    if load is None:
        load = people
    check_column("load", load, len(people))
    each = np.broadcast_to(np.asarray(capacity, np.float64), (n_sites,))
    return load, np.minimum(each, max(float(load.sum()), 1.0))
