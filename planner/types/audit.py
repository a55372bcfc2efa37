"""The CHWs there are, held against the rules."""

from __future__ import annotations

from dataclasses import dataclass

from planner.types.arrays import Doubles, Ints, check_same_length


@dataclass(frozen=True, eq=False)
class Audit:
    """One row a CHW of today, in the order of the posts.

    ``people`` have her as their nearest care, within the minutes of [placement]; ``near`` counts the other CHWs within
    near_minutes on foot of her, and ``nearest`` is the post of the nearest of them (-1 = none). ``alone`` are the
    hard-to-reach people whom no other CHW reaches; if she alone moved, to ``better`` (position in `Villages`, -1 = no
    move reaches more), ``gain`` more would have a CHW within reach.
    """

    people: Doubles
    near: Ints
    nearest: Ints
    alone: Doubles
    better: Ints
    gain: Doubles

    def __post_init__(self) -> None:
        check_same_length("Audit", **self.__dict__)
