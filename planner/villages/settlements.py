"""Villages: settlements found in the population raster, joined with the list of names; who lives there, how far it is.

A settlement is a connected group of populated cells (8 neighbours). A listed point names the settlement it stands in or
near; a settlement with several names is split between them, each cell to the nearest point. Settlements without a name
are villages too, if enough people live there. Where people live everywhere, a settlement would be a whole country: one
that is wider than a village is cut, so that every village is a place that one CHW can live in and walk through. What is
left is scattered: it belongs to no village, and is not lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.scenario import VillagesTable
from planner.types.arrays import CELL, Bools, Doubles, Ints
from planner.types.inputs import Places, VillageList
from planner.types.land import Land
from planner.types.results import Villages
from planner.types.text import Text


@dataclass(frozen=True, eq=False)
class Found:
    """Villages, and the settlements that they are.

    Attributes
    ----------
    villages
        The listed ones first.
    settlement
        Number of the settlement that each village is, or is a part of, from 0, int32; -1 = none.
    settlement_people
        People of each settlement.
    metres
        From each listed point to the nearest populated cell, 0 within one; NaN without a point, or where nobody lives.
    """

    villages: Villages
    settlement: Ints
    settlement_people: Doubles
    metres: Doubles


def find(land: Land, listed: VillageList, listed_cell: Ints, rules: VillagesTable) -> Found:
    """Find the settlements of the raster and name them by the list.

    Parameters
    ----------
    land
        The people, cell by cell.
    listed, listed_cell
        The list of villages, and the cell that each of them is reached at (-1 = off the grid or on closed ground).
    rules
        How many people make a settlement, and how far a name reaches.
    """
    populated = np.flatnonzero(land.people >= rules.min_people_per_cell).astype(CELL)
    settlement = _settlements(land, populated)
    named, metres = _name_settlements(land, listed, populated, settlement, rules.name_metres)
    piece, wide = _cut(land, populated, settlement, rules.widest_metres)
    reach = np.where(wide, rules.widest_metres / 2, np.inf)
    of_populated = _split_by_name(land, listed, populated, settlement, named, reach)
    unnamed, of_populated = _add_unnamed(land, populated, piece, of_populated, len(listed), rules.min_people)

    of_cell = np.full(land.frame.n, -1, np.int32)
    of_cell[populated] = of_populated
    lonely = np.flatnonzero((named < 0) & (listed_cell >= 0)).astype(CELL)
    free = lonely[of_cell[listed_cell[lonely]] < 0]
    of_cell[listed_cell[free]] = free  # a name away from any settlement keeps the few people of its own cell

    found_cell = _central_cells(land, of_cell, len(listed), unnamed)
    found_x, found_y = land.frame.centre_of(found_cell)
    n = len(listed) + unnamed
    cell = np.concatenate([listed_cell, found_cell]).astype(CELL)
    x, y = np.concatenate([listed.x, found_x]), np.concatenate([listed.y, found_y])
    under = land.frame.cell_of(x, y)
    village = of_cell[of_cell >= 0]
    villages = Villages(
        id=(*listed.id, *(f"R{k + 1:04d}" for k in range(unnamed))),
        name=(*listed.name, *_names_of_found(land, listed, found_x, found_y)),
        listed=np.arange(n) < len(listed),
        carried=(*listed.carried, *("",) * unnamed),
        cell=cell,
        x=x,
        y=y,
        people=np.bincount(village, land.people[of_cell >= 0], n).astype(np.float64),
        under_fives=np.bincount(village, land.under_fives[of_cell >= 0], n).astype(np.float64),
        area=np.where(under >= 0, land.area[under], -1).astype(CELL),
        of_cell=of_cell,
    )
    at = np.full(land.frame.n, -1, np.int32)
    at[populated] = settlement
    return Found(
        villages=villages,
        settlement=np.concatenate([named, at[found_cell]]).astype(np.int32),
        settlement_people=np.bincount(settlement, land.people[populated]).astype(np.float64),
        metres=metres,
    )


def _settlements(land: Land, populated: Ints) -> Ints:
    """Number of the connected group (8 neighbours) of each populated cell, from 0."""
    from scipy import ndimage

    mask = np.zeros(land.frame.n, bool)
    mask[populated] = True
    labels, _ = ndimage.label(mask.reshape(land.frame.shape), structure=np.ones((3, 3)))
    return np.asarray(labels.ravel()[populated] - 1, np.int32)


def _name_settlements(
    land: Land, listed: Places, populated: Ints, settlement: Ints, name_metres: float
) -> tuple[Ints, Doubles]:
    """The settlement that each listed point names, that of the nearest populated cell; -1 beyond `name_metres`.

    Returns metres to that cell as well, 0 within one.
    """
    from scipy.spatial import KDTree

    named, away = np.full(len(listed), -1, np.int32), np.full(len(listed), np.nan)
    on_earth = np.flatnonzero(np.isfinite(listed.x) & np.isfinite(listed.y))
    if len(populated) and len(on_earth):
        frame = land.frame
        tree = KDTree(frame.earth_centred(*frame.centre_of(populated)))
        points = frame.earth_centred(listed.x[on_earth], listed.y[on_earth])
        metres, nearest = tree.query(points)
        inside = np.isin(frame.cell_of(listed.x[on_earth], listed.y[on_earth]), populated)
        away[on_earth] = np.where(inside, 0.0, metres)
        close = inside | (metres <= name_metres)
        named[on_earth[close]] = settlement[np.asarray(nearest)[close]]
    return named, away


def _cut(land: Land, populated: Ints, settlement: Ints, widest_metres: float) -> tuple[Ints, Bools]:
    """Cut settlements wider than `widest_metres` into equal rectangles, no wider than that.

    Returns the piece of each populated cell, numbered from 0, and whether each settlement is cut. Metres are those of
    the grid's middle row.
    """
    groups = int(settlement.max(initial=-1)) + 1
    metres = land.step_metres[land.frame.ny // 2]
    piece, wide = settlement.astype(np.int64), np.zeros(groups, bool)
    for along, step in zip(np.divmod(populated, land.frame.nx), (metres[0], metres[2]), strict=True):
        first, last = np.full(groups, land.frame.n), np.full(groups, -1)
        np.minimum.at(first, settlement, along)
        np.maximum.at(last, settlement, along)
        cells = last - first + 1
        parts = np.ceil(cells / max(widest_metres // step, 1)).astype(np.int64)
        part = (along - first[settlement]) * parts[settlement] // cells[settlement]
        piece = piece * (parts.max(initial=0) + 1) + part
        wide |= parts > 1
    return np.unique(piece, return_inverse=True)[1].astype(CELL), wide


def _split_by_name(land: Land, listed: Places, populated: Ints, settlement: Ints, named: Ints, reach: Doubles) -> Ints:
    """The listed village of each populated cell: the nearest point that names its settlement; -1 = nameless.

    `reach` is how many metres a name reaches in each settlement.
    """
    from scipy.spatial import KDTree

    frame = land.frame
    village = np.full(len(populated), -1, np.int32)
    by_settlement = np.argsort(settlement, kind="stable")
    starts = np.searchsorted(settlement[by_settlement], np.arange(settlement.max(initial=-1) + 2))
    for group in np.unique(named[named >= 0]):
        names = np.flatnonzero(named == group)
        members = by_settlement[starts[group] : starts[group + 1]]
        tree = KDTree(frame.earth_centred(listed.x[names], listed.y[names]))
        metres, nearest = tree.query(frame.earth_centred(*frame.centre_of(populated[members])))
        village[members] = np.where(metres <= reach[group], names[np.asarray(nearest)], -1)
    return village


def _add_unnamed(
    land: Land, populated: Ints, piece: Ints, village: Ints, first: int, min_people: float
) -> tuple[int, Ints]:
    """Number the nameless pieces of enough people from `first`, the largest first; the others stay -1."""
    nameless = village < 0
    groups = int(piece.max(initial=-1)) + 1
    people = np.bincount(piece[nameless], land.people[populated[nameless]], groups)
    kept = np.flatnonzero(people >= max(min_people, 1e-9))
    kept = kept[np.argsort(-people[kept], kind="stable")]
    number = np.full(groups, -1, np.int32)
    number[kept] = first + np.arange(len(kept), dtype=np.int32)
    return len(kept), np.where(nameless, number[piece], village).astype(np.int32)


def _central_cells(land: Land, of_cell: Ints, first: int, count: int) -> Ints:
    """For each found village, its open cell nearest to the middle of its people (any cell where none is open)."""
    members = np.flatnonzero(of_cell >= first)
    village = of_cell[members] - first
    x, y = land.frame.centre_of(members)
    weight = land.people[members]
    total = np.bincount(village, weight, count)
    middle_x, middle_y = (np.bincount(village, weight * along, count) / total for along in (x, y))
    off_x = (x - middle_x[village]) / land.frame.dx
    off_y = (y - middle_y[village]) / land.frame.dy
    closed = np.isinf(land.pace[members])
    best = np.lexsort((members, off_x**2 + off_y**2, closed, village))
    first_of = np.searchsorted(village[best], np.arange(count))
    return members[best[first_of]].astype(CELL)


def _names_of_found(land: Land, listed: Places, x: Doubles, y: Doubles) -> Sequence[str]:
    """Name each found village "near" the nearest listed one that has a name, or by its number where there is none."""
    from scipy.spatial import KDTree

    has_name = np.array([name != own for name, own in zip(listed.name, listed.id, strict=True)], bool)
    usable = np.flatnonzero(has_name & np.isfinite(listed.x) & np.isfinite(listed.y))
    if not len(usable):
        return [Text("settlement {number}", number=k + 1) for k in range(len(x))]
    if not len(x):
        return []
    tree = KDTree(land.frame.earth_centred(listed.x[usable], listed.y[usable]))
    nearest = usable[np.asarray(tree.query(land.frame.earth_centred(x, y))[1])]
    return [Text("near {village}", village=listed.name[k]) for k in nearest]
