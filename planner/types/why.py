"""Why villages are hard to reach, and what a bridge or a CHW would change."""

from __future__ import annotations

from dataclasses import dataclass

from planner.types.arrays import Doubles, Floats, Ints, check_same_length


@dataclass(frozen=True, eq=False)
class Why:
    """What the quickest way of each hard-to-reach village is made of, in the plan's season.

    Attributes
    ----------
    village
        Position in `Villages`.
    minutes, km
        To the nearest facility, and along the way; inf = no way.
    ground, path, road
        Minutes off roads and paths, on paths and tracks, on roads: as on the flat. NaN where there is no way.
    ride, wait
        Minutes in a vehicle (on roads driven over cells too), and waiting for one and leaving it.
    hills
        Minutes that slope adds (below 0: saves). These six add up to `minutes`.
    bridged
        Minutes to a facility if all narrow water could be crossed; inf = no way.
    chw_people
        Hard-to-reach people, without a CHW within reach today, who would have one if one lived here; NaN where no new
        CHW may live.
    """

    village: Ints
    minutes: Floats
    km: Doubles
    ground: Doubles
    path: Doubles
    road: Doubles
    ride: Doubles
    wait: Doubles
    hills: Doubles
    bridged: Floats
    chw_people: Doubles

    def __post_init__(self) -> None:
        check_same_length("Why", **self.__dict__)

    def __len__(self) -> int:
        return len(self.village)


@dataclass(frozen=True, eq=False)
class Bridges:
    """Places where one bridge for walkers would save most walking to facilities, the best first; each is counted alone.

    Attributes
    ----------
    season
        That it was counted in.
    looked_at
        How many crossings were counted, of all that quickest ways would use if all narrow water could be crossed.
    x, y
        The middle of the bridge, in the frame's CRS.
    metres
        From bank to bank, between centres of cells.
    water, village
        Name of the water ("" = none known), and position in `Villages` of the nearest village (-1 = none).
    people
        People whose way gets shorter, those who have none today included.
    hours
        Hours saved, were all of these people to go once, one way; who has no way today counts as living at the longest
        threshold of the scenario.
    newly
        People who come within the rule's minutes of a facility.
    """

    season: str
    looked_at: int
    x: Doubles
    y: Doubles
    metres: Doubles
    water: tuple[str, ...]
    village: Ints
    people: Doubles
    hours: Doubles
    newly: Doubles

    def __post_init__(self) -> None:
        columns = ("x", "y", "metres", "water", "village", "people", "hours", "newly")
        check_same_length("Bridges", **{name: getattr(self, name) for name in columns})

    def __len__(self) -> int:
        return len(self.x)
