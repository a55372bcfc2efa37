"""The people of the raster beside the number that the planner knows from a census or the United Nations."""

from __future__ import annotations

from planner.errors import Fault, InputFaults
from planner.scenario import Population
from planner.types.inputs import Note
from planner.types.land import Land
from planner.types.text import Text

NEAR, FAR = 0.2, 0.5  # differences, as shares of the number known: told as a warning; a fault


def compare(land: Land, population: Population) -> tuple[Note, ...]:
    """Compare the people in the areas with the number known; no note where none is given.

    Raises InputFaults where they are less than half or more than one and a half as many.
    """
    known = population.known_people
    if known is None:
        return ()
    inside = land.area >= 0
    people = float(land.people[inside].sum())
    off = people / known - 1
    told = Text(
        "{people:,.0f} people in the areas, {times:.3g} times the {known:,.0f} known",
        people=people,
        times=people / known,
        known=known,
    )
    if abs(off) <= FAR:
        return (Note("warning" if abs(off) > NEAR else "info", "population", told, 0.0),)
    km2 = (land.step_metres[:, 0] * land.step_metres[:, 2]).repeat(land.frame.nx) / 1e6 / population.cell**2
    by_area = float((land.people * km2)[inside].sum())
    way_out = (
        "Correct known_people, or give a raster of all people in this place and year; it may be one of an age or sex."
    )
    if abs(by_area / known - 1) <= NEAR:
        told = Text("{told}; as people per km2 they would be {people:,.0f}", told=told, people=by_area)
        way_out = "Its values are people per km2: multiply them by the area of a cell in km2."
    raise InputFaults([Fault(f"population ({population.file})", f"has {told}.", way_out)])
