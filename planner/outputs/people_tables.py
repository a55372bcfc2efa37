"""The people of the raster in the report: where they went, line by line and area by area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from markupsafe import Markup

from planner.outputs import people_rows
from planner.outputs.grids import Grid, Show, grid, pct, same
from planner.outputs.palette import whole
from planner.outputs.rounding import adding_up, adding_up_both_ways
from planner.types.inputs import FROM_RASTER, NAME, NO_POSITION, POSITION, SIMILAR_NAME
from planner.types.results import Plan

MOST_AREAS, MOST_VILLAGES = 50, 25  # in the report; tables.xlsx has all


def balance(plan: Plan) -> Grid:
    """The people balance; as printed, the lines add up to their total."""
    frame = _as_printed(people_rows.balance(plan)[: len(plan.balance.lines) + 1], ("people", "under_fives"))
    columns: dict[str, tuple[str, Show]] = {
        "line": ("People who are", str),
        "people": ("People", whole),
        "share_percent": ("Share", pct),
        "under_fives": ("Under-fives", whole),
        "cells": ("Cells", whole),
    }
    return grid(frame, columns)


def balance_by_area(plan: Plan) -> Grid:
    """The same for each area, adding up across and down the page; lines in which nobody stands are left out."""
    frame = people_rows.balance_by_area(plan)
    above: dict[str, tuple[str, Show]] = {"parent": ("In", str)} if any(plan.areas.parent_name) else {}
    lines = {name.replace(" ", "_"): name for name in plan.balance.lines}
    there = {key: (name.capitalize(), whole) for key, name in lines.items() if frame[key].iloc[-1] > 0}
    columns: dict[str, tuple[str, Show]] = {"area": ("Area", str), **above, "people": ("People", whole), **there}
    if len(frame) > MOST_AREAS:  # where only some of the rows are shown, nothing can be added up
        return replace(grid(pd.concat([frame[: MOST_AREAS - 1], frame[-1:]]), columns), more=len(frame) - MOST_AREAS)
    printed = adding_up_both_ways(frame[list(lines)].to_numpy(np.float64)[:-1])
    frame[list(lines)] = np.vstack([printed, printed.sum(axis=0)])
    frame["people"] = frame[list(lines)].sum(axis=1)
    return grid(frame, columns)


def _as_printed(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """A table whose last row is the total of the others, with whole people that still add up to it."""
    frame = frame.copy()
    for column in columns:
        parts = frame[column].to_numpy(np.float64)[:-1]
        frame[column] = [*map(float, adding_up(parts)), frame[column].iloc[-1]]
    return frame


def rescaled(plan: Plan) -> Grid:
    """Which areas were multiplied, by what; everybody else where there is anybody else."""
    frame = people_rows.rescaled(plan)
    frame = frame[frame["people_before"] > 0].copy()
    frame["factor"] = [Markup(f"× {factor:.3g}") for factor in frame["factor"]]  # a number only
    columns: dict[str, tuple[str, Show]] = {
        "area": ("Area", str),
        "people_before": ("People before", whole),
        "factor": ("Factor", Markup),
        "people": ("People", whole),
        "under_fives_before": ("Under-fives before", whole),
        "under_fives": ("Under-fives", whole),
        "why": ("Multiplied by", str),
    }
    return grid(frame, columns, MOST_AREAS)


def moved(plan: Plan) -> Grid:
    """Who was moved off closed cells, how far, and who stays there."""
    columns: dict[str, tuple[str, Show]] = {
        "area": ("Area", str),
        "moved_people": ("People moved", whole),
        "moved_cells": ("From so many cells", whole),
        "mean_metres": ("Metres, mean", whole),
        "max_metres": ("Longest", whole),
        "left_people": ("People who stay", whole),
    }
    return grid(people_rows.moved(plan), columns, MOST_AREAS)


def village_list(plan: Plan) -> Grid:
    """Villages of the list of which something is doubtful, and those found by a name spelled alike; worst first."""
    frame = people_rows.village_list(plan)
    doubtful = frame[(frame["remarks"] != "") | (frame["how"] == SIMILAR_NAME)].copy()
    doubtful["remarks"] = [
        remarks or f"taken for {matched}: {similarity:.0f} % alike"
        for remarks, matched, similarity in zip(
            *(doubtful[k] for k in ("remarks", "matched", "similarity")), strict=True
        )
    ]
    doubtful["said"] = doubtful[["people", "list_people"]].max(axis=1).fillna(0)
    columns: dict[str, tuple[str, Show]] = {
        "row": ("Village of the list", str),
        "area": ("Area", str),
        "list_people": ("People in the list", Markup),
        "people": ("In the raster", Markup),
        "remarks": ("What is doubtful", same),
    }
    doubtful = doubtful.sort_values("said", ascending=False, kind="stable")
    for column in ("list_people", "people"):
        doubtful[column] = [
            Markup("–" if np.isnan(people) else whole(people)) for people in doubtful[column]
        ]  # numbers
    return grid(doubtful, columns, MOST_VILLAGES)


def joined(plan: Plan) -> str:
    """How many villages of the list were joined in each way, in words; "" where there is no list."""
    count = Counter(people_rows.village_list(plan)["how"].tolist())
    if not count:
        return ""
    ways = {POSITION: "by position", NAME: "by name", SIMILAR_NAME: "by a name spelled alike"}
    said = " and ".join(f"{whole(count[how])} {way}" for how, way in ways.items() if count[how])
    lost = f" {whole(count[NO_POSITION])} have no position and take no part." if count[NO_POSITION] else ""
    return (
        f"Villages of the list joined with settlements of the raster: {said or 'none'}.{lost} "
        f"{whole(count[FROM_RASTER])} settlements of the raster are not in the list."
    )
