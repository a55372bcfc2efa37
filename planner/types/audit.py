"""The CHWs there are, held against the rules."""

from __future__ import annotations

from dataclasses import dataclass

from planner.types.arrays import Doubles, Ints, check_same_length


@dataclass(frozen=True, eq=False)
class Audit:
    """One row a CHW of today, in the order of the posts.

    ``people`` have her as their nearest care, within the minutes of [placement]; ``near`` counts the other CHWs within
    near_minutes on foot of her, and ``nearest`` is the post of the nearest of them (-1 = none).
    """

    people: Doubles
    near: Ints
    nearest: Ints

    def __post_init__(self) -> None:
        check_same_length("Audit", **self.__dict__)
