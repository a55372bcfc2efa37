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
from planner.outputs.language import counted, exact, number, say
from planner.outputs.names import area_name
from planner.outputs.palette import whole
from planner.outputs.rounding import adding_up, adding_up_both_ways
from planner.outputs.wording import capital
from planner.types.inputs import FROM_RASTER, NAME, NO_POSITION, POSITION, SIMILAR_NAME
from planner.types.results import Plan

MOST_AREAS, MOST_VILLAGES = 50, 25  # in the report; tables.xlsx has all


def balance(plan: Plan) -> Grid:
    """The people balance; as printed, the lines add up to their total."""
    frame = _as_printed(people_rows.balance(plan)[: len(plan.balance.lines) + 1], ("people", "under_fives"))
    columns: dict[str, tuple[str, Show]] = {
        "line": (say("People who are"), say),
        "people": (say("People"), whole),
        "share_percent": (say("Share"), pct),
        "under_fives": (say("Under five"), whole),
        "cells": (say("Cells"), whole),
    }
    return grid(frame, columns)


def balance_by_area(plan: Plan) -> Grid:
    """The same for each area, adding up across and down the page; lines in which nobody stands are left out."""
    frame = people_rows.balance_by_area(plan)
    above: dict[str, tuple[str, Show]] = {"parent": (say("In"), str)} if any(plan.areas.parent_name) else {}
    lines = {name.replace(" ", "_"): name for name in plan.balance.lines}
    there = {key: (capital(say(name)), whole) for key, name in lines.items() if frame[key].iloc[-1] > 0}
    columns: dict[str, tuple[str, Show]] = {
        "area": (say("Area"), area_name),
        **above,
        "people": (say("People"), whole),
        **there,
    }
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
    frame["factor"] = [Markup(f"× {exact(float(f'{factor:.3g}'))}") for factor in frame["factor"]]  # a number only
    columns: dict[str, tuple[str, Show]] = {
        "area": (say("Area"), area_name),
        "people_before": (say("People before"), whole),
        "factor": (say("Factor"), Markup),
        "people": (say("People"), whole),
        "under_fives_before": (say("Under-fives before"), whole),
        "under_fives": (say("Under five"), whole),
        "why": (say("Multiplied by"), multiplied_by),
    }
    return grid(frame, columns, MOST_AREAS)


def moved(plan: Plan) -> Grid:
    """Who was moved off closed cells, how far, and who stays there."""
    columns: dict[str, tuple[str, Show]] = {
        "area": (say("Area"), area_name),
        "moved_people": (say("People moved"), whole),
        "moved_cells": (say("From so many cells"), whole),
        "mean_metres": (say("Metres, mean"), whole),
        "max_metres": (say("Longest"), whole),
        "left_people": (say("People who stay"), whole),
    }
    return grid(people_rows.moved(plan), columns, MOST_AREAS)


def village_list(plan: Plan) -> Grid:
    """Villages of the list of which something is doubtful, and those found by a name spelled alike; worst first."""
    frame = people_rows.village_list(plan)
    doubtful = frame[(frame["remarks"] != "") | (frame["how"] == SIMILAR_NAME)].copy()
    doubtful["remarks"] = [
        remarks or say("taken for {name}: {share} % alike", name=matched, share=number(similarity))
        for remarks, matched, similarity in zip(
            *(doubtful[k] for k in ("remarks", "matched", "similarity")), strict=True
        )
    ]
    doubtful["said"] = doubtful[["people", "list_people"]].max(axis=1).fillna(0)
    columns: dict[str, tuple[str, Show]] = {
        "row": (say("Village of the list"), same),
        "area": (say("Area"), area_name),
        "list_people": (say("People in the list"), Markup),
        "people": (say("In the raster"), Markup),
        "remarks": (say("What is doubtful"), same),
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
    ways = {
        POSITION: say("{count} by position", count=whole(count[POSITION])),
        NAME: say("{count} by name", count=whole(count[NAME])),
        SIMILAR_NAME: say("{count} by a name spelled alike", count=whole(count[SIMILAR_NAME])),
    }
    said = say(" and ").join(words for how, words in ways.items() if count[how]) or say("none")
    told = [say("Villages of the list joined with settlements of the raster: {ways}.", ways=said)]
    if count[NO_POSITION]:
        told.append(
            counted(
                "{count} has no position and takes no part.", "{count} have no position and take no part.",
                count[NO_POSITION],
            )
        )  # fmt: skip
    told.append(
        counted(
            "{count} settlement of the raster is not in the list.",
            "{count} settlements of the raster are not in the list.", count[FROM_RASTER],
        )
    )  # fmt: skip
    return " ".join(told)


def multiplied_by(text: str) -> str:
    """What people were multiplied by (`Rescaling.why`): the totals or children of a table, or years of growth."""
    kind, _, of = text.partition(" of ")
    if kind == "totals":
        return say("totals of {table}", table=of)
    if kind == "under-fives":
        return say("under-fives of {table}", table=of)
    years = float(of.removesuffix(" years"))
    return counted("growth of {count} year", "growth of {count} years", years)
