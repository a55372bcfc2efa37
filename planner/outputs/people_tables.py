"""The people of the raster in the report: where they went, line by line and area by area."""

from __future__ import annotations

from planner.outputs import people_rows
from planner.outputs.grids import Grid, Show, grid, pct
from planner.outputs.palette import whole
from planner.outputs.rounding import adding_up
from planner.types.results import Plan


def balance(plan: Plan) -> Grid:
    """The people balance; as printed, the lines add up to their total."""
    frame = people_rows.balance(plan)
    count = len(plan.balance.lines)
    for column in ("people", "under_fives"):
        frame.loc[: count - 1, column] = [float(part) for part in adding_up(frame[column][:count].to_numpy())]
    columns: dict[str, tuple[str, Show]] = {
        "line": ("People who are", str),
        "people": ("People", whole),
        "share_percent": ("Share", pct),
        "under_fives": ("Under-fives", whole),
        "cells": ("Cells", whole),
    }
    return grid(frame, columns)


def balance_by_area(plan: Plan) -> Grid:
    """The same for each area; lines in which nobody stands are left out."""
    frame = people_rows.balance_by_area(plan)
    above: dict[str, tuple[str, Show]] = {"parent": ("In", str)} if any(plan.areas.parent_name) else {}
    lines = {name.replace(" ", "_"): name for name in plan.balance.lines}
    there = {key: (name.capitalize(), whole) for key, name in lines.items() if frame[key].iloc[-1] > 0}
    columns: dict[str, tuple[str, Show]] = {"area": ("Area", str), **above, "people": ("People", whole), **there}
    return grid(frame, columns)
