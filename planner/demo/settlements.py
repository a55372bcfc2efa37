"""Where people live: one town, market villages, villages, hamlets, and the cells that they fill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.demo.areas import DISTRICTS, SUBAREAS
from planner.demo.grid import (
    BLOCK_METRES,
    BLOCKS,
    CELLS,
    CELLS_PER_BLOCK,
    block_xy,
    metres_from,
    noise,
    steady,
)
from planner.demo.terrain import Terrain
from planner.types.arrays import Bools, Doubles, Ints, Longs

PEOPLE = 250_000.0
TOWN_PEOPLE = 30_000.0
VILLAGES = 300  # named places, the town and the twelve market villages among them
HAMLETS = 340
LONE_FARMS = 420
TOWN, MARKET, VILLAGE, HAMLET = "town", "market", "village", "hamlet"


@dataclass(frozen=True, eq=False)
class Settlements:
    """Settlements, the town first, then market villages, villages and hamlets.

    ``block`` is the block at the heart, ``people`` how many live there, ``subarea`` the number of the sub-area.
    """

    kind: tuple[str, ...]
    block: Longs
    people: Doubles
    subarea: Ints

    def __len__(self) -> int:
        return len(self.block)

    @property
    def xy(self) -> Doubles:
        """Points in cells."""
        return block_xy(self.block)

    def which(self, *kinds: str) -> Longs:
        """Positions of the settlements of these kinds."""
        return np.flatnonzero(np.isin(self.kind, kinds))


def seats(settlements: Settlements) -> dict[int, int]:
    """The seat of each district (0, 1, 2): the town in its own, elsewhere a large market village far from the town."""
    places = settlements.which(TOWN, MARKET)
    district = (settlements.subarea[places] - 1) // SUBAREAS
    far = np.hypot(*(settlements.xy[places] - settlements.xy[places[0]]).T)
    rank = np.where(places == places[0], np.inf, steady(settlements.people[places] * far))
    found = {}
    for part in range(DISTRICTS):
        members = np.flatnonzero(district == part)
        found[part] = int(places[members[rank[members].argmax()]])
    return found


def settle(rng: np.random.Generator, terrain: Terrain, subarea: Ints, bridge_xy: Doubles, closed: Bools) -> Settlements:
    """Choose places on gentle slopes near water; some families live far up the valleys all the same.

    Parameters
    ----------
    rng
        Source of the randomness.
    terrain
        The landscape.
    subarea
        Number of the sub-area of each block; 0 = outside.
    bridge_xy
        The point, in cells, that the town grew from.
    closed
        Blocks too near to water to build on.
    """
    liking = _liking(rng, terrain, subarea, closed)
    free = liking > 0
    row, col = np.indices((BLOCKS, BLOCKS))
    far_from_bridge = np.hypot(row - bridge_xy[1] / CELLS_PER_BLOCK, col - bridge_xy[0] / CELLS_PER_BLOCK - 4.5)
    chosen = {TOWN: _pick(rng, steady(liking**0.3 * np.exp(-((far_from_bridge / 2.5) ** 2))), free, 1, 9)}
    markets = []
    for number in range(1, int(subarea.max()) + 1):
        if number == subarea.flat[chosen[TOWN][0]]:
            continue
        rows, cols = np.nonzero(subarea == number)
        middle = np.hypot(row - rows.mean(), col - cols.mean()) / np.sqrt(len(rows))
        wanted = np.where(subarea == number, liking * np.exp(-((middle / 0.16) ** 2)), 0)
        markets += _pick(rng, steady(wanted * 1e3), free, 1, 7)
    chosen[MARKET] = markets
    count = VILLAGES - 1 - len(markets)
    chosen[VILLAGE] = _pick(rng, liking, free, round(0.8 * count), 5)
    chosen[VILLAGE] += _pick(rng, liking**0.3, free, count - len(chosen[VILLAGE]), 5)
    chosen[HAMLET] = _pick(rng, steady(liking**0.45), free, HAMLETS, 3)
    kind = [name for name, blocks in chosen.items() for _ in blocks]
    block = np.array([each for blocks in chosen.values() for each in blocks])
    return Settlements(tuple(kind), block, _sizes(rng, kind, liking.flat[block]), subarea.flat[block])


def _liking(rng: np.random.Generator, terrain: Terrain, subarea: Ints, closed: Bools) -> Doubles:
    """How gladly people settle in each block; 0 = nobody."""
    streams = np.zeros((BLOCKS, BLOCKS), dtype=np.bool_)
    streams.flat[[block for edge in terrain.streams for block in edge]] = True
    to_water = metres_from(streams | terrain.base, BLOCK_METRES)
    to_border = metres_from(subarea == 0, BLOCK_METRES)
    liking = (
        np.exp(-((terrain.block_slope / 0.12) ** 2))
        * (0.2 + np.exp(-to_water / 900))
        * np.exp(-(terrain.block_elevation - 300) / 900)
        * np.exp(0.5 * noise(rng, BLOCKS, 1.5, 70))
    )
    return steady(np.where((to_border > 1200) & ~closed & (terrain.block_slope < 0.3), liking + 1e-5, 0))


def _pick(rng: np.random.Generator, weight: Doubles, free: Bools, count: int, gap: int) -> list[int]:
    """Draw blocks by weight, at least ``gap`` blocks apart; ``free`` is marked as they are taken."""
    with np.errstate(divide="ignore"):
        key = steady(np.log(weight.ravel()) + rng.gumbel(size=weight.size))
    row, col = np.indices((BLOCKS, BLOCKS))
    chosen: list[int] = []
    for block in np.argsort(-key, kind="stable"):
        if len(chosen) == count or key[block] == -np.inf:
            break
        if free.flat[block]:
            chosen.append(int(block))
            at = divmod(int(block), BLOCKS)
            free[np.hypot(row - at[0], col - at[1]) < gap] = False
    return chosen


def _sizes(rng: np.random.Generator, kind: list[str], liking: Doubles) -> Doubles:
    """People of each settlement: lognormal, more where the land is better; villages fill up to the district's sum."""
    kinds = np.array(kind)
    rank = liking.argsort().argsort() / len(liking)
    draw = rng.standard_normal(len(kind))
    people = np.select(
        [kinds == TOWN, kinds == MARKET, kinds == HAMLET],
        [TOWN_PEOPLE, np.clip(2900 * np.exp(0.35 * draw), 1800, 6000), np.clip(52 * np.exp(0.5 * draw), 20, 120)],
        (0.6 + 0.8 * rank) * np.exp(0.6 * draw),
    )
    villages = kinds == VILLAGE
    left = PEOPLE - people[~villages].sum() - 4.5 * LONE_FARMS
    for _ in range(8):
        people[villages] = np.clip(people[villages] * left / people[villages].sum(), 150, 2600)
    return np.asarray(np.round(people), dtype=np.float64)


def spread(rng: np.random.Generator, settlements: Settlements, buildable: Bools, to_road: Doubles) -> Doubles:
    """People in each cell, NaN where nobody lives; houses keep together, near roads.

    Parameters
    ----------
    rng
        Source of the randomness.
    settlements
        Who lives where.
    buildable
        Cells where houses may stand.
    to_road
        Metres from each cell to the nearest road.
    """
    people = np.full((CELLS, CELLS), np.nan)
    free = buildable.copy()
    ragged = noise(rng, CELLS, 1.2, 14)
    attraction = 0.65 + 0.35 * np.minimum(to_road / 300, 1)
    for position in np.argsort(-settlements.people, kind="stable"):
        count = settlements.people[position]
        cells = max(3, round(count / np.clip(2.0 * count**0.31, 4, 46)))
        radius = np.sqrt(cells / np.pi)
        reach = int(2.4 * radius) + 4
        col, row = settlements.xy[position].astype(int)
        window = np.s_[max(row - reach, 0) : row + reach + 1, max(col - reach, 0) : col + reach + 1]
        rows, cols = np.mgrid[window]
        far = np.hypot(rows - row, cols - col)
        cost = steady((far + 0.4 * radius * (1 + 0.5 * ragged[window])) * attraction[window])
        cost[~free[window]] = np.inf
        nearest = np.argsort(cost, axis=None, kind="stable")[:cells]
        nearest = nearest[np.isfinite(cost.flat[nearest])]
        share = np.exp(-1.1 * far.flat[nearest] / radius + 0.35 * rng.standard_normal(len(nearest)))
        share = np.maximum(share, 1.3 * share.sum() / count)
        filled = people[window]
        filled.flat[nearest] = count * share / share.sum()
        taken = free[window]
        taken.flat[nearest] = False
    lone = rng.choice(np.flatnonzero(free & np.isnan(people)), LONE_FARMS, replace=False)
    people.flat[lone] = rng.uniform(2, 7, LONE_FARMS)
    return np.asarray(np.round(people, 2), dtype=np.float64)
