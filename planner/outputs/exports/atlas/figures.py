"""The numbers of a page: of one area, or of all of them together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner.outputs.exports.atlas.book import Book

CARE = ("facilities", "facilities and CHWs today", "facilities, CHWs today and proposed")
BY_PLACE = ("within_facilities_percent", "within_today_percent", "within_plan_percent")


@dataclass(frozen=True, eq=False)
class Place:
    """An area, or all of them, and its numbers.

    Attributes
    ----------
    name, parent
        Its name and that of the area above; "" for all areas.
    shape
        Its outline in the reference system of the frame; None for all areas, or where it has none.
    people, under_fives
        Who lives there.
    of_children
        Whether the shares are those of under-fives; else of all people.
    shares
        Shares (0 to 1, NaN of nobody) within ``placement.max_minutes`` of a facility; of a facility or CHW today; and
        with the plan.
    chws_today, new_chws
        How many there are, or will be.
    leaving
        CHWs of today who move or leave.
    gain
        Under-fives whom the new CHWs newly reach; people where the shares are of people.
    villages, posts, sites
        Rows of hard-to-reach villages, of proposed posts, and of facilities, in the order of the tables.
    """

    name: str
    parent: str
    shape: Any
    people: float
    under_fives: float
    of_children: bool
    shares: tuple[float, float, float]
    chws_today: int
    new_chws: int
    leaving: int
    gain: float
    villages: pd.DataFrame
    posts: pd.DataFrame
    sites: pd.DataFrame

    @property
    def whole(self) -> bool:
        """Whether these are all areas together."""
        return not self.name

    @property
    def far(self) -> tuple[float, float]:
        """Shares (0 to 1, NaN of nobody) beyond the limit from care: today, and with the plan."""
        today, plan = (0.0 if share >= 1 - 1e-9 else 1 - share for share in self.shares[1:])
        return today, plan

    def holds(self, rows: Any) -> Any:
        """Of rows with their area, whether they are of this one."""
        if self.whole:
            return np.ones(len(rows), bool)
        return ((rows["area"] == self.name) & (rows["parent"] == self.parent)).to_numpy()


def all_areas(book: Book) -> Place:
    """The numbers of all areas together."""
    rows = book.tables["coverage"]
    by_place = book.tables["reach_by_place"]
    return _place(book, rows, by_place[by_place["place_level"] == "all"], "", "", None, {})


def areas(book: Book) -> Iterator[Place]:
    """The areas that have people, in the order of the tables."""
    table, by_place, shapes = book.tables["coverage_by_area"], book.tables["reach_by_place"], book.layers["areas"]
    outlines = dict(zip(shapes["area_code"], shapes.geometry, strict=True))
    for code, rows in table[table["area_code"] != ""].groupby("area_code", sort=False):
        first = rows.iloc[0]
        if first["people"] > 0:
            within = by_place[(by_place["place_level"] == "area") & (by_place["area_code"] == code)]
            own = {"area": first["area"], "parent": first["parent"]}
            yield _place(book, rows, within, first["area"], first["parent"], outlines.get(code), own)


def _place(
    book: Book, rows: pd.DataFrame, by_place: pd.DataFrame, name: str, parent: str, shape: Any, own: dict[str, str]
) -> Place:
    facilities, posts, villages = (_of(book.layers[layer], own) for layer in ("facilities", "posts", "villages"))
    of_children, shares = _shares(rows, by_place, book.scenario.placement.max_minutes)
    new = posts[posts["proposed"].astype(bool)]
    today = posts[~posts["proposed"].astype(bool)]
    return Place(
        name,
        parent,
        shape,
        float(rows["people"].iloc[0]),
        float(rows["under_fives"].iloc[0]),
        of_children,
        shares,
        len(today),
        int(new["chws"].sum()),
        int((today["chws"] == 0).sum()),
        float(new["new_under_fives" if of_children else "new_people"].sum()),
        villages[villages["hard_to_reach"].astype(bool)],
        new,
        facilities,
    )


def _of(rows: Any, own: dict[str, str]) -> Any:
    kept = np.ones(len(rows), bool)
    for column, value in own.items():
        kept &= (rows[column] == value).to_numpy()
    return rows[kept]


def _shares(rows: pd.DataFrame, by_place: pd.DataFrame, limit: float) -> tuple[bool, tuple[float, float, float]]:
    """Shares of under-fives within the limit; of people where none are known, or the tables lack the limit for them."""
    within = rows[rows["within_minutes"] == limit].set_index("care")
    if len(within):
        of_children = bool(rows["under_fives"].iloc[0] > 0)
        column = "under_fives_share_percent" if of_children else "share_percent"
        facility, today, plan = (within[column].astype(float)[care] / 100 for care in CARE)
    else:
        of_children = False
        facility, today, plan = (float(by_place[column].iloc[0]) / 100 for column in BY_PLACE)
    return of_children, (facility, today, plan)
