"""What each post needs a month, were every episode in its catchment brought to it."""

from __future__ import annotations

import numpy as np

from planner.types.arrays import PEOPLE, Ints
from planner.types.inputs import CareNumbers
from planner.types.land import Land
from planner.types.results import Supply

MONTHS_PER_YEAR = 12.0


def monthly(catchment: Ints, n_posts: int, land: Land, care: CareNumbers) -> Supply:
    """Reckon people, expected episodes and units of each item for each post's catchment.

    Parameters
    ----------
    catchment
        Post that serves each cell; -1 = none. Cells without a post are counted nowhere.
    n_posts
        Number of posts, those without a cell included.
    land
        The cells and their people.
    care
        Episodes per child under five and year, and units per treated episode.

    Returns
    -------
    Supply
        Illnesses and items in the order of `care`. An item that several illnesses take is the sum over them.

    Raises
    ------
    ValueError
        An item treats an illness without a number of episodes, or has two units.
    """
    illnesses = tuple(care.episodes)
    units_of: dict[str, str] = {}
    for need in care.commodities:
        if need.illness not in care.episodes or units_of.setdefault(need.item, need.unit) != need.unit:
            raise ValueError(f"commodity {need}: illness without episodes, or a second unit for one item")
    items = tuple(units_of)

    served = catchment >= 0
    people = np.bincount(catchment[served], land.people[served], n_posts).astype(PEOPLE)
    under_fives = np.bincount(catchment[served], land.under_fives[served], n_posts).astype(PEOPLE)
    episodes = under_fives[:, None] * np.array(list(care.episodes.values())) / MONTHS_PER_YEAR
    units = np.zeros((n_posts, len(items)))
    for need in care.commodities:
        units[:, items.index(need.item)] += episodes[:, illnesses.index(need.illness)] * need.units_per_episode
    return Supply(
        people=people,
        under_fives=under_fives,
        illnesses=illnesses,
        episodes=episodes,
        items=items,
        item_units=tuple(units_of.values()),
        units=units,
    )
