"""People multiplied to add up to a table's totals, children by a table's shares or numbers: area by area, recorded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.errors import Fault, InputFaults
from planner.types.arrays import Doubles, Longs
from planner.types.inputs import Change, Note
from planner.types.land import Land
from planner.types.people import AreaTable, Rescaling
from planner.types.text import Text

# Planner's choice: beyond these, a table and a raster are rarely of the same place and time.
PLAUSIBLE = (0.5, 2.0)
PLAUSIBLE_SHARE = (0.05, 0.3)
EVERYBODY_ELSE = "everybody else"


def by_table(land: Land, table: AreaTable, why: str) -> tuple[Land, Rescaling, list[Note]]:
    """Multiply the people of each area of a table, and their children, so that they add up to it.

    People of areas that the table does not have, and of no area, stay as they are. Children keep their share of the
    people where the table does not say how many they are; where it does, they are multiplied cell by cell, or spread as
    the people are where the raster has none.

    Raises
    ------
    InputFaults
        The table has people in an area where the raster has none, or more children than people.
    """
    rest = len(table.name)
    row = np.append(np.where(table.of_area < 0, rest, table.of_area), rest).astype(np.int64)[land.area]
    people_before, before = _sums(row, land.people, rest + 1), _sums(row, land.under_fives, rest + 1)
    wanted = np.append(table.people, np.nan)
    people = np.where(np.isnan(wanted), people_before, wanted)
    factor = _divided(people, people_before)
    said = np.append(np.where(np.isnan(table.under_fives), table.share * people[:-1], table.under_fives), np.nan)
    under_fives = np.where(np.isnan(said), before * factor, said)
    _check(table, people_before, people, under_fives)
    new_people = land.people * factor[row]
    children = np.where(
        (before > 0)[row], land.under_fives * _divided(under_fives, before)[row],
        new_people * _divided(under_fives, people)[row],
    )  # fmt: skip
    step = Rescaling(
        f"{why} of {table.said}", (*table.code, ""), (*table.name, EVERYBODY_ELSE), people_before, people, before,
        under_fives,
    )  # fmt: skip
    return replace(land, people=new_people, under_fives=children), step, _notes(step, land, why)


def by_growth(land: Land, factor: float, why: str) -> tuple[Land, Rescaling, list[Note]]:
    """Multiply all people and their children by one factor."""
    grown = replace(land, people=land.people * factor, under_fives=land.under_fives * factor)
    sums = (np.array([of.sum()]) for of in (land.people, grown.people, land.under_fives, grown.under_fives))
    step = Rescaling(why, ("",), ("everybody",), *sums)
    change = Change(
        Text("all people"),
        Text("{people:,.0f}", people=step.people_before[0]),
        Text("{people:,.0f}", people=step.people[0]),
    )
    return (
        grown,
        step,
        [Note("repaired", "people", Text("{why}: multiplied by {factor:.4g}", why=why, factor=factor), 1, (change,))],
    )


def _sums(row: Longs, of: Doubles, count: int) -> Doubles:
    return np.bincount(row, of, count).astype(np.float64)


def _divided(part: Doubles, whole: Doubles) -> Doubles:
    """Part / whole; 1 where the whole is nobody."""
    return np.divide(part, whole, out=np.ones_like(part), where=whole > 0)


def _check(table: AreaTable, people_before: Doubles, people: Doubles, under_fives: Doubles) -> None:
    """Raise InputFaults for people where nobody lives, and for more children than people."""
    faults = []
    for at, name in enumerate(table.name):
        if people[at] > 0 and people_before[at] == 0:
            what = f'has {people[at]:,.0f} people in "{name}", where the population raster has none to multiply.'
            faults.append(Fault(table.said, what, "Check that raster, areas and table are of the same place."))
        elif under_fives[at] > people[at] * (1 + 1e-9):
            what = f'has {under_fives[at]:,.0f} children under five in "{name}", of {people[at]:,.0f} people.'
            faults.append(Fault(table.said, what, "Correct the number, or give totals of the people as well."))
    if faults:
        raise InputFaults(faults)


def _notes(step: Rescaling, land: Land, why: str) -> list[Note]:
    """What was multiplied, area by area, what is hardly plausible, and who stays as they were."""
    notes = []
    factor = _divided(step.people, step.people_before)
    share = _divided(step.under_fives, step.people)
    areas = range(len(step.name) - 1)
    if why == "totals":
        what = Text("people of the raster multiplied to add up to it, by area")
        changes = {
            at: Change(step.name[at], Text("{people:,.0f} people", people=step.people_before[at]),
                       Text("{people:,.0f} (x {factor:.3g})", people=step.people[at], factor=factor[at]))
            for at in areas
        }  # fmt: skip
        doubtful = [at for at in areas if step.people_before[at] > 0 and not _between(factor[at], PLAUSIBLE)]
        doubt = Text("totals are less than half or more than twice the people of the raster")
    else:
        what = Text("children under five, by area")
        changes = {
            at: Change(step.name[at], Text("{children:,.0f} under five", children=step.under_fives_before[at]),
                       Text("{children:,.0f} ({share:.1%} of the people)",
                            children=step.under_fives[at], share=share[at]))
            for at in areas
        }  # fmt: skip
        doubtful = [at for at in areas if step.people[at] > 0 and not _between(share[at], PLAUSIBLE_SHARE)]
        doubt = Text("less than 5 % or more than 30 % of the people are under five")
    notes.append(Note("repaired", step.why, what, len(areas), tuple(changes.values())))
    if doubtful:
        notes.append(Note("warning", step.why, doubt, len(doubtful), tuple(changes[at] for at in doubtful)))
    outside = float(land.people[land.area < 0].sum())
    if outside > 0:
        notes.append(Note("info", step.why, Text("people outside all areas, who stay as the raster has them"), outside))
    return notes


def _between(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
