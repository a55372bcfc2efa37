"""Who supervises each CHW, and the rounds that supervisors make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.types.arrays import Floats, Ints, check_array

if TYPE_CHECKING:
    from shapely import LineString


@dataclass(frozen=True, eq=False)
class Supervision:
    """The facility that supervises each post, and what that asks of each facility.

    Attributes
    ----------
    facility
        Position by post; -1 = none: beyond the limit, or no supervisor has a place left.
    minutes
        One way by post, to that facility; to the nearest that supervises where there is none (inf = no way).
    posts
        CHWs supervised, by facility.
    supervisors
        Needed at the scenario's ratio, by facility.
    status
        In plain words: "best possible", or how much better an assignment could be.
    objective, bound
        Minutes one way of all supervised CHWs together, and what no assignment of so many CHWs can better.
    other_minutes
        One way by post in the other season, to the nearest facility that supervises (inf = no way); NaN where that
        season was not asked for.
    """

    facility: Ints
    minutes: Floats
    posts: Ints
    supervisors: Ints
    status: str
    objective: float
    bound: float
    other_minutes: Floats

    def __post_init__(self) -> None:
        check_array("facility", self.facility, np.int32, (None,))
        check_array("other_minutes", self.other_minutes, np.float32, (len(self.facility),))
        check_array("minutes", self.minutes, np.float32, (len(self.facility),))
        check_array("posts", self.posts, np.int32, (None,))
        check_array("supervisors", self.supervisors, np.int32, (len(self.posts),))


@dataclass(frozen=True)
class Trip:
    """One supervisor's way from a facility along some posts and back.

    Attributes
    ----------
    facility, supervisor, day
        Position of the facility; the supervisor's number there, and the working day of the round, both from 1.
    days
        Working days that it takes: more than 1 where one post alone is more than a day away.
    posts
        In the order of the visits.
    travel_minutes, visit_minutes, metres
        Under way, at the posts, and the length of the way.
    line
        The way in the frame's CRS; None where all posts are in the facility's own cell.
    """

    facility: int
    supervisor: int
    day: int
    days: int
    posts: tuple[int, ...]
    travel_minutes: float
    visit_minutes: float
    metres: float
    line: LineString | None


@dataclass(frozen=True, eq=False)
class Rounds:
    """All trips of one round of visits; each supervised post stands in exactly one.

    ``days`` are the working days of each facility's trips together, ``fewest_days`` what no plan of its trips can do
    with less; ``litres`` is the fuel of all trips, 0 where nobody rides.
    """

    trips: tuple[Trip, ...]
    days: Ints
    fewest_days: Ints
    litres: float
