"""The ministry's lists: facilities, villages that it knows of, and the CHWs that it has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.demo.grid import CELL_METRES
from planner.demo.names import persons
from planner.demo.roads import Network
from planner.demo.settlements import MARKET, TOWN, VILLAGE, Settlements, seats
from planner.types.arrays import Doubles

HOSPITAL, CENTRE, POST = "District Hospital", "Health Centre", "Health Post"
POSTS = 12
UNLISTED_VILLAGES = 25
CHWS = 40
WASTED = 13  # CHWs that live beside a facility


@dataclass(frozen=True, eq=False)
class Facility:
    """A row of the facility list; ``place`` is the settlement that it stands in."""

    code: str
    name: str
    type: str
    ownership: str
    place: int
    xy: Doubles


@dataclass(frozen=True, eq=False)
class Chw:
    """A row of the CHW register."""

    code: str
    name: str
    place: int
    xy: Doubles


def _beside(rng: np.random.Generator, settlements: Settlements, place: int, cells: float) -> Doubles:
    """A point near the heart of a settlement."""
    return np.asarray(settlements.xy[place] + rng.uniform(-cells, cells, 2))


def facilities(
    rng: np.random.Generator, settlements: Settlements, network: Network, names: list[str]
) -> list[Facility]:
    """Two hospitals, centres in the market villages, posts in large villages on the roads, away from each other.

    The district across the river has no hospital of its own.
    """
    town = int(settlements.which(TOWN)[0])
    markets = settlements.which(MARKET)
    second = next(seat for part, seat in seats(settlements).items() if part != 0 and seat != town)
    chosen = [(town, HOSPITAL), (second, HOSPITAL), (town, CENTRE)]
    chosen += [(int(market), CENTRE) for market in markets if market != second]
    on_road = {node for edge, road in network.edges.items() if road.highway not in ("track", "path") for node in edge}
    villages = settlements.which(VILLAGE)
    for village in villages[np.argsort(-settlements.people[villages], kind="stable")].tolist():
        taken = settlements.xy[[place for place, _ in chosen]]
        far = np.hypot(*(taken - settlements.xy[village]).T).min() * CELL_METRES
        if settlements.block[village] in on_road and far > 4500 and len(chosen) < 3 + len(markets) - 1 + POSTS:
            chosen.append((village, POST))
    owners = rng.choice(["Government", "Government", "Government", "Mission", "Private"], len(chosen))
    rows = []
    for number, ((place, kind), owner) in enumerate(zip(chosen, owners.tolist(), strict=True), 1):
        title = f"{names[place]} {kind}" if kind != CENTRE or place != town else f"{names[place]} East {kind}"
        owned = "Government" if kind == HOSPITAL else owner
        spot = _beside(rng, settlements, place, 2.0)
        if kind == CENTRE and place == town:
            spot += (9.0, 0.0)
        rows.append(Facility(f"HF{number:04d}", title, kind, owned, place, spot))
    return rows


def unlisted(rng: np.random.Generator, settlements: Settlements) -> frozenset[int]:
    """Villages that people live in and that the list of villages does not know."""
    return frozenset(rng.choice(settlements.which(VILLAGE), UNLISTED_VILLAGES, replace=False).tolist())


def chws(rng: np.random.Generator, settlements: Settlements, rows: list[Facility]) -> list[Chw]:
    """Most live in villages far from care, one each; some live where a facility is near at hand."""
    named = settlements.which(TOWN, MARKET, VILLAGE)
    gaps = settlements.xy[named][:, None] - np.array([row.xy for row in rows])
    far = np.hypot(gaps[..., 0], gaps[..., 1]).min(1) * CELL_METRES
    remote, near = named[far > 4500], named[far < 2500]
    weight = settlements.people[remote] / settlements.people[remote].sum()
    places = np.concatenate(
        [rng.choice(remote, CHWS - WASTED, replace=False, p=weight), rng.choice(near, WASTED, replace=False)]
    )
    people = persons(rng, len(places))
    return [
        Chw(f"CHW-{number:03d}", person, place, _beside(rng, settlements, place, 1.5))
        for number, (person, place) in enumerate(zip(people, np.sort(places).tolist(), strict=True), 1)
    ]
