"""Who is within reach of care, told in more than one way: by season, tier, room, distance, and how evenly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.types.arrays import Doubles, Ints, check_array, check_same_length


@dataclass(frozen=True, eq=False)
class Levels:
    """The places that tables have a row for: all areas together, the level above, each area, and outside all areas.

    Attributes
    ----------
    level
        "all", "above", "area" or "outside" of each row.
    code, name, parent
        Of each row; "" where there is none.
    rows
        By area (those outside all areas last) and level: the row that its people belong to, -1 = none. Without areas
        everybody belongs to "all".
    """

    level: tuple[str, ...]
    code: tuple[str, ...]
    name: tuple[str, ...]
    parent: tuple[str, ...]
    rows: Ints

    def __post_init__(self) -> None:
        check_same_length("Levels", level=self.level, code=self.code, name=self.name, parent=self.parent)
        check_array("rows", self.rows, np.int32, (None, 3))

    def __len__(self) -> int:
        return len(self.level)


@dataclass(frozen=True, eq=False)
class InSeasons:
    """People within each threshold of care, the plan's season first.

    Attributes
    ----------
    seasons, care, tiers, thresholds
        "dry", "wet"; kinds of care; tiers of facilities, ascending; minutes, ascending (within means ``<=``).
    people, under_fives
        ``(season, care, row of Levels, threshold)``.
    of_tier, under_fives_of_tier
        The same ``(season, tier, row, threshold)``, within reach of a facility of the tier or above.
    minutes
        Half and nine tenths of the people of each row need no more, ``(season, care, 2, row)``; inf = no way, NaN =
        nobody lives there.
    """

    seasons: tuple[str, ...]
    care: tuple[str, ...]
    tiers: tuple[int, ...]
    thresholds: Doubles
    people: Doubles
    under_fives: Doubles
    of_tier: Doubles
    under_fives_of_tier: Doubles
    minutes: Doubles


@dataclass(frozen=True, eq=False)
class Curve:
    """People inside the areas within any number of minutes of care: ``(season, care, minutes)``."""

    minutes: Doubles
    people: Doubles


@dataclass(frozen=True, eq=False)
class Crossed:
    """A walk within the rule's minutes against a straight line within its km, ``(row of Levels,)``.

    ``zones`` are people by zone of straight-line km ``(row, zone)``, the limits of which are ``zones_km``.
    """

    both: Doubles
    minutes_only: Doubles
    km_only: Doubles
    neither: Doubles
    zones_km: tuple[float, ...]
    zones: Doubles


@dataclass(frozen=True, eq=False)
class Room:
    """Who is within reach, and who finds room: accessibility and geographic coverage (AccessMod's two words).

    ``(care, row of Levels)`` of people; ``full`` is the number of CHWs whose places are all taken, by kind of care.
    ``of_facility`` is the people each facility has room for (inf = for all), and ``at_facility`` those who find it with
    the plan (NaN where there is room for all: nobody counted them).
    """

    within: Doubles
    served: Doubles
    full: Ints
    of_facility: Doubles
    at_facility: Doubles


@dataclass(frozen=True, eq=False)
class Supplied:
    """CHWs for each person within reach: two-step floating catchment areas, and the enhanced ones.

    ``(when, row of Levels)`` and ``(when, village)``, where "when" is today and with the plan; NaN = nobody lives
    there.
    """

    by_row: Doubles
    enhanced_by_row: Doubles
    by_village: Doubles
    enhanced_by_village: Doubles


@dataclass(frozen=True, eq=False)
class Used:
    """Care that people would use if distance alone decided, as a share of what they would next door to it.

    ``low`` and ``high`` are ``(care, row of Levels)``, by the steepest and the mildest fall that was measured; NaN =
    nobody lives there.
    """

    low: Doubles
    high: Doubles


@dataclass(frozen=True, eq=False)
class Evenness:
    """How evenly care is spread over people, inside the areas.

    Attributes
    ----------
    upto_minutes
        Longest way to a facility in each tenth of the people, the nearest tenth first; inf = no way.
    people, within
        Of each tenth, and those of them within reach, ``(care, tenth)``.
    gini_minutes, gini_areas
        Gini coefficients by kind of care: of the minutes of those who have a way, and of the share within reach in each
        area; 0 = all alike. NaN where there is nobody, or no area.
    share, curve
        Shares of the people, the most remote first, and ``(care, share)`` the part of all within reach whom they are.
    concentration
        Concentration index by kind of care: above 0, those who live near have more of it.
    """

    upto_minutes: Doubles
    people: Doubles
    within: Doubles
    gini_minutes: Doubles
    gini_areas: Doubles
    share: Doubles
    curve: Doubles
    concentration: Doubles


@dataclass(frozen=True, eq=False)
class Reached:
    """All of it. ``care`` names the kinds of care of every part."""

    care: tuple[str, ...]
    levels: Levels
    people: Doubles
    under_fives: Doubles
    hard_people: Doubles
    seasons: InSeasons
    curve: Curve
    crossed: Crossed
    room: Room
    supplied: Supplied
    used: Used
    evenness: Evenness
