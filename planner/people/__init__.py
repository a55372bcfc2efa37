"""What is done to the people of the raster before the plan is made: rescaled, given an age, moved off closed cells.

Nobody is added or lost without a record of it: each step says what it found and what it made of that, area by area.
"""

from __future__ import annotations

from planner.people.move import off_barriers
from planner.people.rescale import by_growth, by_table
from planner.scenario import Population
from planner.types.inputs import Areas, Note
from planner.types.land import Land
from planner.types.people import AreaTable, PeopleRecord
from planner.types.text import Text

__all__ = ["by_growth", "by_table", "off_barriers", "prepare"]


def prepare(
    land: Land, areas: Areas, totals: AreaTable | None, under_fives: AreaTable | None, asked: Population
) -> tuple[Land, PeopleRecord, tuple[Note, ...]]:
    """Rescale the people, say how many are children, and move those on closed cells, as the scenario asks.

    Parameters
    ----------
    land
        The people of the raster, cell by cell.
    areas
        In the order of ``land.area``.
    totals, under_fives
        Tables of people, and of children under five, by area; None = none.
    asked
        What the scenario asks for.

    Returns
    -------
    The land with its new people, the record of what was done, and notes on it.

    Raises
    ------
    InputFaults
        A table wants people, or more children than people, where the raster has none to multiply.
    """
    rescaled, notes = [], list[Note]()
    if asked.growth_per_year and asked.year is not None and asked.to_year is not None:
        years = asked.to_year - asked.year
        land, step, told = by_growth(
            land, (1 + asked.growth_per_year) ** years, Text("growth of {years} years", years=years)
        )
        rescaled.append(step)
        notes += told
    for table, why in ((totals, "totals"), (under_fives, "under-fives")):
        if table is not None:
            land, step, told = by_table(land, table, why)
            rescaled.append(step)
            notes += told
    moved = None
    if asked.off_barriers_metres:
        land, moved, told = off_barriers(land, areas, asked.off_barriers_metres)
        notes += told
    return land, PeopleRecord(tuple(rescaled), moved), tuple(notes)
