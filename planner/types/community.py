"""Whom each CHW serves, village by village."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.types.arrays import Doubles, Floats, Ints, check_array


@dataclass(frozen=True, eq=False)
class Committees:
    """The committee or leader nearest to each post in a straight line: ``name`` and ``km``; "" and NaN = none."""

    name: tuple[str, ...]
    km: Doubles

    def __post_init__(self) -> None:
        check_array("km", self.km, np.float64, (len(self.name),))


@dataclass(frozen=True, eq=False)
class Served:
    """Parts of villages in the catchments of posts: a row for each post and village, the scattered among them.

    Attributes
    ----------
    post, village
        Positions; ``village`` is -1 for people who live outside every village. Ascending by post, the most people of
        a post first.
    people, under_fives
        Of that village in that post's catchment.
    minutes
        On the way to the CHW, the mean over these people.
    """

    post: Ints
    village: Ints
    people: Doubles
    under_fives: Doubles
    minutes: Floats

    def __post_init__(self) -> None:
        rows = (len(self.post),)
        check_array("post", self.post, np.int32, rows)
        check_array("village", self.village, np.int32, rows)
        check_array("people", self.people, np.float64, rows)
        check_array("under_fives", self.under_fives, np.float64, rows)
        check_array("minutes", self.minutes, np.float32, rows)
