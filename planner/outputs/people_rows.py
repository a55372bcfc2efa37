"""Where the people of the raster went, as tables: every person in one line, one area, and one village or scattered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from planner.outputs import rows
from planner.outputs.language import retold
from planner.outputs.rows import OUTSIDE, percent, pick
from planner.types.arrays import Ints
from planner.types.inputs import NO_POSITION
from planner.types.results import Plan

TOTAL = "total"
SCATTERED = "scattered"


def balance(plan: Plan) -> pd.DataFrame:
    """The people balance with its total; where people were rescaled, what that added and the raster's own sum."""
    lines, more = plan.balance, []
    if plan.people.rescaled:
        children = plan.people.rescaled[0].under_fives_before.sum()
        more = [
            ("added by rescaling", lines.total - lines.raster, lines.under_fives.sum() - children, np.nan),
            ("total of the raster", lines.raster, children, np.nan),
        ]
    frame = pd.DataFrame(
        [
            *zip(lines.lines, lines.people, lines.under_fives, lines.cells, strict=True),
            (TOTAL, lines.total, lines.under_fives.sum(), lines.cells.sum()),
            *more,
        ],
        columns=["line", "people", "under_fives", "cells"],
    )
    share = percent(frame["people"].to_numpy(), np.full(len(frame), lines.total))
    frame.insert(2, "share_percent", np.where(np.arange(len(frame)) > len(lines.lines), np.nan, share))
    return frame


def balance_by_area(plan: Plan) -> pd.DataFrame:
    """The lines of the people balance side by side, a row an area, those outside all areas and the total last."""
    lines = plan.balance
    numbers = {
        "people": lines.by_area.sum(axis=1),
        "under_fives": lines.under_fives_by_area.sum(axis=1),
        **{name.replace(" ", "_"): lines.by_area[:, k] for k, name in enumerate(lines.lines)},
    }
    names = _area_names(plan)
    total = {"area_code": "", "area": TOTAL, "parent": ""}
    return pd.DataFrame(
        {
            **{name: [*cells, total[name]] for name, cells in names.items()},
            **{name: [*cells, cells.sum()] for name, cells in numbers.items()},
        }
    )


def rescaled(plan: Plan) -> pd.DataFrame:
    """Who was multiplied, by what, area by area; everybody else stands in the last row of each step."""
    columns = ["why", "area_code", "area", "people_before", "factor", "people", "people_added", "under_fives_before",
               "under_fives"]  # fmt: skip
    steps = [
        zip([step.why] * len(step.name), step.code, step.name, step.people_before,
            percent(step.people, step.people_before) / 100, step.people, step.people - step.people_before,
            step.under_fives_before, step.under_fives, strict=True)
        for step in plan.people.rescaled
    ]  # fmt: skip
    return pd.DataFrame([row for step in steps for row in step], columns=columns)


def moved(plan: Plan) -> pd.DataFrame:
    """Who was moved from closed cells to open ground, and who stays there, area by area, where there were any."""
    record = plan.people.moved
    columns = {"moved_people": "people", "moved_under_fives": "under_fives", "moved_cells": "cells",
               "mean_metres": "mean_metres", "max_metres": "max_metres", "left_people": "left",
               "left_under_fives": "left_under_fives"}  # fmt: skip
    names = _area_names(plan)
    if record is None:
        return pd.DataFrame(columns=[*names, *columns])
    frame = pd.DataFrame({**names, **{column: getattr(record, name) for column, name in columns.items()}})
    return frame[frame["moved_people"] + frame["left_people"] > 0].reset_index(drop=True)


def scattered(plan: Plan) -> pd.DataFrame:
    """The people outside every village, a row an area, those outside all areas last; areas without any are left out."""
    land, alone = plan.land, plan.villages.of_cell < 0
    area = np.where(land.area < 0, len(plan.areas), land.area)
    sums = {
        "people": land.people,
        "under_fives": land.under_fives,
        "hard_people": np.where(plan.hard_to_reach, land.people, 0.0),
    }
    frame = pd.DataFrame(
        {
            **_area_names(plan),
            **{name: np.bincount(area[alone], of[alone], len(plan.areas) + 1) for name, of in sums.items()},
        }
    )
    return frame[frame["people"] > 0].reset_index(drop=True)


def villages_and_scattered(plan: Plan) -> pd.DataFrame:
    """All villages, then the scattered people of each area: together all people of the plan."""
    villages, alone = rows.villages(plan), scattered(plan)
    alone.insert(0, "village", SCATTERED)
    return pd.DataFrame(
        {
            name: [*villages[name], *(alone[name] if name in alone else [_nothing(villages[name])] * len(alone))]
            for name in map(str, villages)
        }
    )


def _nothing(column: pd.Series[Any]) -> bool | float | str:
    """What stands in a column of villages for people who live in none."""
    if pd.api.types.is_bool_dtype(column):
        return False
    return np.nan if pd.api.types.is_numeric_dtype(column) else ""


def village_list(plan: Plan) -> pd.DataFrame:
    """The list of villages beside the settlements of the raster, those not in it last; none without a list."""
    columns = ["row", "village_id", "village", "area", "list_area", "how", "matched", "similarity", "settlement",
               "metres", "people", "list_people", "people_ratio", "remarks"]  # fmt: skip
    rows_of = plan.village_join if any(each.row for each in plan.village_join) else ()
    areas = pick(plan.areas.name, np.array([each.area for each in rows_of], np.int32), OUTSIDE)
    lines = [
        (retold(each.row), each.village_id, each.name, "" if each.how == NO_POSITION else area,
         each.list_area, each.how, each.matched, each.similarity, each.settlement or np.nan, each.metres, each.people,
         each.list_people, each.people / each.list_people if each.list_people > 0 else np.nan,
         "; ".join(map(retold, each.remarks)))
        for each, area in zip(rows_of, areas, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=columns)


def _area_names(plan: Plan) -> dict[str, list[str]]:
    """Code and names of each area, and of those outside all areas, who come last."""
    area: Ints = np.append(np.arange(len(plan.areas)), -1).astype(np.int32)
    return {
        "area_code": pick(plan.areas.code, area),
        "area": pick(plan.areas.name, area, OUTSIDE),
        "parent": pick(plan.areas.parent_name, area),
    }
