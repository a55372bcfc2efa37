"""Runs side by side: what differs in the question, in the answer, in the villages reached and where CHWs live.

Made from the run folders alone. Villages and posts of different runs are the same where their ids are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import Fault, InputFaults
from planner.outputs.compare_map import both, classes_of
from planner.outputs.exports.run import Run
from planner.outputs.grids import Grid, Show, grid
from planner.outputs.headline import words as headline_words
from planner.outputs.language import number, say, speaking
from planner.outputs.names import area_name, village_name
from planner.outputs.pages import page
from planner.outputs.palette import minutes_text, whole
from planner.outputs.single import whole_file

MOST_VILLAGES = 50  # in each list; the tables of the runs have all
SHOWN = (
    "people", "under_fives", "facility_share", "today_share", "plan_share", "hard_people", "hard_under_fives",
    "hard_villages", "facilities", "chws_today", "chws_proposed", "new_people", "new_under_fives", "supervisors",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Difference:
    """One run beside the first: villages that come within reach of care with its plan, and those that drop out."""

    name: str
    won: pd.DataFrame
    lost: pd.DataFrame


def compare(folders: Sequence[Path], out: Path) -> str:
    """Write the comparison as one HTML page; returns the headline in lines.

    Raises
    ------
    InputFaults
        Fewer than two runs, folders that are no run folders, or nothing can be written there.
    """
    if len(folders) < 2:
        fault = Fault("planner compare", "expected two run folders or more.", "For example: planner compare a b")
        raise InputFaults([fault])
    runs, names = [Run.open(folder) for folder in folders], _names(folders)
    with speaking(runs[0].language):
        text = _page(runs, names)
    with whole_file(out) as path:
        path.write_text(text, encoding="utf-8", newline="\n")
    return "\n".join(_lines(headline_rows(runs, names), names))


def _page(runs: Sequence[Run], names: Sequence[str]) -> str:
    """The comparison in the language that is spoken."""
    of_runs: dict[str, tuple[str, Show]] = {name: (name, str) for name in names}
    return page(
        "compare.html",
        script="compare.js",
        classes=classes_of(runs[0]),
        maps=[
            {"name": name, "svg": both(runs[0], run, (names[0], name), place)}
            for place, (run, name) in enumerate(zip(runs[1:], names[1:], strict=True))
        ],
        runs=[{"name": name, **run.plan} for name, run in zip(names, runs, strict=True)],
        question=grid(question_rows(runs, names), {"key": (say("Key"), str), **of_runs}),
        headline=grid(headline_rows(runs, names), {"figure": ("", str), **of_runs}),
        villages=[_shown(runs[0], names[0], run, name) for run, name in zip(runs[1:], names[1:], strict=True)],
        posts=grid(post_rows(runs, names), {"village": (say("Village"), village_name), **of_runs}, MOST_VILLAGES),
    )


def _lines(headline: pd.DataFrame, names: Sequence[str]) -> Iterator[str]:
    """The headline as text, its columns below each other."""
    table = [["", *names], *headline.to_numpy().tolist()]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for title, *values in table:
        cells = (f"{value:>{width}}" for value, width in zip(values, widths[1:], strict=True))
        yield "  ".join([f"{title:{widths[0]}}", *cells])


def _names(folders: Sequence[Path]) -> list[str]:
    """What the runs are called: by their folders, numbered where two are called alike."""
    names = [folder.resolve().name for folder in folders]
    return [name if names.count(name) == 1 else f"{name} ({k})" for k, name in enumerate(names, start=1)]


def question_rows(runs: Sequence[Run], names: Sequence[str]) -> pd.DataFrame:
    """Keys of the scenario that differ, with the value of each run; "not set" where a run does not have it."""
    asked = [dict(_flat(_scenario(run))) for run in runs]
    keys = sorted({key for each in asked for key in each})
    rows = [[key, *(_value(each.get(key)) for each in asked)] for key in keys]
    return pd.DataFrame([row for row in rows if len(set(row[1:])) > 1], columns=["key", *names])


def _scenario(run: Run) -> dict[str, Any]:
    return tomllib.loads((run.folder / "scenario.toml").read_text(encoding="utf-8"))


def _flat(section: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _value(value: Any) -> str:
    return say("not set") if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def headline_rows(runs: Sequence[Run], names: Sequence[str]) -> pd.DataFrame:
    """Headline figures of each run; the others with their difference to the first."""
    figures = [run.plan["headline"] for run in runs]
    words = _words(runs[0])
    rows = []
    for key in (key for key in SHOWN if all(key in each for each in figures)):
        values = [np.nan if each[key]["value"] is None else float(each[key]["value"]) for each in figures]
        percent = figures[0][key]["unit"].startswith("%")
        shown = [_amount(value, percent) for value in values]
        more = [f" ({_more(value - values[0], percent)})" if value != values[0] else "" for value in values]
        unit = "" if percent else say(figures[0][key]["unit"])
        title = words[key] if unit in ("", words[key]) or words[key].startswith(unit) else f"{words[key]} [{unit}]"
        rows.append([title, *(a + b for a, b in zip(shown, more, strict=True))])
    return pd.DataFrame(rows, columns=["figure", *names])


def _words(run: Run) -> dict[str, str]:
    """What each headline figure is; as the run itself says it where its scenario is not understood any more."""
    try:
        return headline_words(run.scenario)
    except InputFaults:
        return dict(zip(run.plan["headline"], run.table("summary")["figure"], strict=True))


def _amount(value: float, percent: bool) -> str:
    if np.isnan(value):
        return say("unknown")
    return f"{number(value, 1)} %" if percent else number(value)


def _more(value: float, percent: bool) -> str:
    if np.isnan(value):
        return say("unknown")
    sign = "+" if value > 0 else ""
    return say("{more} points", more=sign + number(value, 1)) if percent else sign + number(value)


def difference(first: Run, run: Run, name: str) -> Difference:
    """Villages that the plan of a run brings within reach of care and that of the first does not, and the other way.

    Within reach: up to the minutes of each run's own ``[placement] max_minutes``, of a facility or CHW with the plan.
    """
    sides = []
    for each in (first, run):
        table = each.table("villages").set_index("village_id")
        limit = _scenario(each).get("placement", {}).get("max_minutes", np.inf)
        sides.append(table.assign(reached=table["minutes_with_plan"] <= limit))
    before, after = sides
    both = before.index.intersection(after.index)
    was, now = before.loc[both, "reached"], after.loc[both, "reached"]
    columns = ["village", "area", "people", "under_fives", "minutes_with_plan"]
    beside = after.loc[both, columns].assign(minutes_before=before.loc[both, "minutes_with_plan"])
    order = beside.sort_values("people", ascending=False, kind="stable").index
    beside, was, now = beside.loc[order], was.loc[order], now.loc[order]
    return Difference(name, beside[now & ~was].reset_index(), beside[was & ~now].reset_index())


def _shown(first: Run, first_name: str, run: Run, name: str) -> dict[str, Any]:
    found = difference(first, run, name)
    return {
        "name": name,
        **{
            kind: {
                "count": len(table),
                "people": float(table["people"].sum()),
                "under_fives": float(table["under_fives"].sum()),
                "table": _villages(table, first_name, name),
            }
            for kind, table in (("won", found.won), ("lost", found.lost))
        },
    }


def _villages(table: pd.DataFrame, first: str, name: str) -> Grid:
    columns: dict[str, tuple[str, Show]] = {
        "village": (say("Village"), village_name),
        "area": (say("Area"), area_name),
        "people": (say("People"), whole),
        "under_fives": (say("Under five"), whole),
        "minutes_before": (say("To care, {run}", run=first), minutes_text),
        "minutes_with_plan": (say("To care, {run}", run=name), minutes_text),
    }
    return grid(table, columns, MOST_VILLAGES)


def post_rows(runs: Sequence[Run], names: Sequence[str]) -> pd.DataFrame:
    """Villages that have a proposed CHW in some run and not in all, with the rank in each; "-" = none there."""
    ranks = []
    for run in runs:
        posts = run.table("posts")
        proposed = posts[posts["proposed"] & (posts["chws"] > 0)]
        columns = (proposed[name] for name in ("village_id", "post_id", "village", "rank"))
        ranks.append(
            {
                village_id or post: (village, say("no. {rank}", rank=number(rank)))
                for village_id, post, village, rank in zip(*columns, strict=True)
            }
        )
    places = list(dict.fromkeys(key for each in ranks for key in each))
    title = {key: each[key][0] for each in reversed(ranks) for key in each}
    rows = [[title[key], *(each[key][1] if key in each else "-" for each in ranks)] for key in places]
    return pd.DataFrame([row for row in rows if "-" in row[1:]], columns=["village", *names])
