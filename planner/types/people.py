"""What is done to the people of the raster before the plan is made, and what is said of their villages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.types.arrays import Doubles, Ints, check_array, check_same_length


@dataclass(frozen=True, eq=False)
class AreaTable:
    """Numbers by area, as a table has them: a row an area, or an area one level up.

    Attributes
    ----------
    said
        What the table is, for people: ``census.csv``.
    code, name
        Of the areas of the rows.
    of_area
        The row that each area of `Areas` belongs to, int32; -1 = none.
    people, under_fives, share
        People; children under five; their share of the people. NaN = not said.
    """

    said: str
    code: tuple[str, ...]
    name: tuple[str, ...]
    of_area: Ints
    people: Doubles
    under_fives: Doubles
    share: Doubles

    def __post_init__(self) -> None:
        columns = ("code", "name", "people", "under_fives", "share")
        check_same_length("AreaTable", **{name: getattr(self, name) for name in columns})
        check_array("of_area", self.of_area, np.int32, (None,))


@dataclass(frozen=True, eq=False)
class Rescaling:
    """People before and after they were multiplied, a row an area of a table, everybody else last.

    ``why`` says by what: ``totals of census.csv``.
    """

    why: str
    code: tuple[str, ...]
    name: tuple[str, ...]
    people_before: Doubles
    people: Doubles
    under_fives_before: Doubles
    under_fives: Doubles

    def __post_init__(self) -> None:
        columns = {name: value for name, value in self.__dict__.items() if name != "why"}
        check_same_length("Rescaling", **columns)


@dataclass(frozen=True, eq=False)
class Moving:
    """People moved from closed cells to open ones, by area, those outside all areas last.

    Attributes
    ----------
    most_metres
        How far they were moved at most.
    people, under_fives, cells
        Who was moved, and from how many cells.
    mean_metres, max_metres
        How far, the mean by people; NaN where nobody was moved.
    left, left_under_fives
        Who stays on closed cells: there is no open one near enough.
    """

    most_metres: float
    people: Doubles
    under_fives: Doubles
    cells: Ints
    mean_metres: Doubles
    max_metres: Doubles
    left: Doubles
    left_under_fives: Doubles

    def __post_init__(self) -> None:
        columns = {name: value for name, value in self.__dict__.items() if name != "most_metres"}
        check_same_length("Moving", **columns)


@dataclass(frozen=True, eq=False)
class PeopleRecord:
    """What was done to the people of the raster, in this order; none and None = nothing."""

    rescaled: tuple[Rescaling, ...] = ()
    moved: Moving | None = None


@dataclass(frozen=True)
class JoinRow:
    """A village of the list and what was joined to it, or a settlement of the raster that the list does not have.

    Attributes
    ----------
    row
        Where it stands in the list: ``row 14 "Mbale"``; "" = not in the list.
    village_id, name
        As in `Villages`.
    area, list_area
        Position in `Areas`, -1 = outside; and the area that the list names, "" = none.
    how, matched, similarity
        How its position is known: see `VillageList`, and ``NO_POSITION`` and ``FROM_RASTER``.
    settlement
        Number of the settlement of the raster, from 1; 0 = none.
    metres
        From the listed point to the settlement; for one that is not in the list, to the nearest listed village.
    people, list_people
        Of the raster and of the list; NaN = not said.
    remarks
        What is doubtful about it.
    """

    row: str
    village_id: str
    name: str
    area: int
    list_area: str
    how: str
    matched: str
    similarity: float
    settlement: int
    metres: float
    people: float
    list_people: float
    remarks: tuple[str, ...]
