"""Where CHWs refer a child who is too ill for them, and how the child gets there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.types.arrays import Doubles, Floats, Ints, Objects, check_array, check_same_length


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways to one facility each, from posts or from facilities.

    Attributes
    ----------
    facility
        Position of where it leads; -1 = no way, or none is needed.
    minutes, metres
        inf = no way.
    line
        shapely LineStrings in the frame's CRS; None where there is no way, or the place is the facility itself.
    words
        The way leg by leg; "" where none is needed, and where there is none, why.
    """

    facility: Ints
    minutes: Floats
    metres: Doubles
    line: Objects
    words: tuple[str, ...]

    def __post_init__(self) -> None:
        names = ("facility", "minutes", "metres", "line", "words")
        check_same_length(type(self).__name__, **{name: getattr(self, name) for name in names})


@dataclass(frozen=True, eq=False)
class Referral(Ways):
    """For each post, the way of a traveller to the nearest facility of one tier and above.

    ``second`` is the next best facility of that tier (-1 = none within the scenario's limit), for the day that the
    first is closed, and ``second_minutes`` the minutes to it (inf). ``other_facility`` is the nearest in the other
    season, and ``other_minutes`` the minutes to it then (inf); -1 and NaN where that season was not asked for.
    """

    traveller: str
    tier: int
    second: Ints
    second_minutes: Floats
    other_facility: Ints
    other_minutes: Floats

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("second", "other_facility"):
            check_array(name, getattr(self, name), np.int32, (len(self.facility),))
        for name in ("second_minutes", "other_minutes"):
            check_array(name, getattr(self, name), np.float32, (len(self.facility),))


@dataclass(frozen=True, eq=False)
class Onward(Ways):
    """For each facility, the way of a traveller to the nearest facility of a higher tier; none from the highest."""

    traveller: str


@dataclass(frozen=True, eq=False)
class Ambulance:
    """A vehicle called from a facility of ``tier`` or above to each post, and back with the child.

    ``out_minutes`` to the post from the facility that is there soonest, ``back_minutes`` from there to the nearest
    facility of that tier; inf = no way.
    """

    traveller: str
    tier: int
    out_minutes: Floats
    back_minutes: Floats
