"""What each post is expected to see a month, what that takes in supplies, and how long the CHWs work for it.

Need is every episode in the catchment; use is what is brought to the CHW: of the children next door the share that
seeks care, of those further away less with each km (Evans et al. 2022 for CHWs: consultations fall by 28.1 % a km):

    use of a cell = need x seeking x (1 - decay)^km
"""

from __future__ import annotations

import numpy as np

from planner.scenario import SupplyRule, Workload
from planner.types.arrays import CELL, PEOPLE, Doubles, Floats, Ints
from planner.types.care import CareNumbers, Commodity, Range, Supply
from planner.types.land import Land

MONTHS_PER_YEAR = 12.0
WEEKS_PER_YEAR = 52.0
MINUTES_PER_HOUR = 60.0
GRAMS_PER_KG = 1000.0


def monthly(
    catchment: Ints, km: Doubles, chws: Ints, fetch_minutes: Floats, land: Land, care: CareNumbers, rule: SupplyRule,
    work: Workload,
) -> Supply:  # fmt: skip
    """Reckon episodes, supplies and hours of work of each post.

    Parameters
    ----------
    catchment
        Post that serves each cell; -1 = none. Cells without a post are counted nowhere.
    km
        From each cell to its post, in a straight line; NaN without one.
    chws
        CHWs who live at each post.
    fetch_minutes
        One way from each post to where supplies are kept; inf = no way.
    land
        The cells and their people.
    care
        Episodes, commodities, and how many seek care.
    rule, work
        Deliveries, and what a CHW does in a week.

    Returns
    -------
    Supply
        Illnesses and items in the order of `care`. An item that several illnesses take is the sum over them.

    Raises
    ------
    ValueError
        An item treats an illness without a number of episodes, or has two units.
    """
    n = len(chws)
    served = catchment >= 0
    post = catchment[served]
    people, under_fives = (np.bincount(post, of[served], n).astype(PEOPLE) for of in (land.people, land.under_fives))
    by_illness = np.array([_three(each) for each in care.episodes.values()]).reshape(-1, 3)
    episodes = np.ascontiguousarray(by_illness.T) / MONTHS_PER_YEAR
    need = under_fives[None, :, None] * episodes[:, None, :]
    # Few come where the share is low and falls steeply: low goes with the high decay.
    decay = care.decay_per_km.value, care.decay_per_km.high, care.decay_per_km.low
    coming = np.array(
        [
            seeking * np.bincount(post, land.under_fives[served] * (1.0 - fall) ** km[served], n)
            for seeking, fall in zip(_three(care.seeking), decay, strict=True)
        ]
    ).reshape(3, n)
    use = coming[:, :, None] * episodes[:, None, :]
    items, takes = _takes(care)
    packs, units = (np.array([getattr(each, name) for each in items.values()]) for name in ("pack_units", "grams"))
    planned = (need if rule.plan_for == "need" else use)[0] @ takes
    filled = planned * rule.resupply_months * (1.0 + rule.buffer)
    issued = np.ceil(filled / packs - 1e-9).astype(CELL)  # 30.000000000000004 of 30 is one pack
    fetched = fetch_minutes if rule.delivery == "fetched" else np.zeros(n, np.float32)
    return Supply(
        people=people,
        under_fives=under_fives,
        illnesses=tuple(care.episodes),
        items=tuple(items),
        item_units=tuple(each.unit for each in items.values()),
        pack_units=packs.astype(CELL),
        need=need,
        use=use,
        referred=use.sum(axis=2) * np.array(_three(care.referred))[:, None],
        units_need=need[0] @ takes,
        units_use=use[0] @ takes,
        packs=issued,
        kg=(issued * packs * units).sum(axis=1) / GRAMS_PER_KG,
        hours_week=_hours(use[0].sum(axis=1), people, chws, fetched, rule, work),
    )


def _three(number: Range) -> tuple[float, float, float]:
    return number.value, number.low, number.high


def _takes(care: CareNumbers) -> tuple[dict[str, Commodity], Doubles]:
    """Items by name, and units of each (column) that an episode of each illness (row) takes."""
    illnesses = list(care.episodes)
    items: dict[str, Commodity] = {}
    for need in care.commodities:
        if need.illness not in care.episodes or items.setdefault(need.item, need).unit != need.unit:
            raise ValueError(f"commodity {need}: illness without episodes, or a second unit for one item")
    takes = np.zeros((len(illnesses), len(items)))
    for need in care.commodities:
        takes[illnesses.index(need.illness), list(items).index(need.item)] += need.units_per_episode
    return items, takes


def _hours(
    cases: Doubles, people: Doubles, chws: Ints, fetch_minutes: Floats, rule: SupplyRule, work: Workload
) -> Doubles:
    """Hours a week of each CHW: ill children, visits to households, supplies that are fetched, and all else."""
    monthly_minutes = cases * work.minutes_per_case + people * _visit_minutes(work)
    shared = np.where(chws > 0, monthly_minutes / np.maximum(chws, 1), np.nan)
    own = 2.0 * np.where(np.isfinite(fetch_minutes), fetch_minutes, 0.0) / rule.resupply_months
    return (shared + own) * MONTHS_PER_YEAR / WEEKS_PER_YEAR / MINUTES_PER_HOUR + work.other_hours_per_week


def _visit_minutes(work: Workload) -> float:
    """Minutes a month of visits to households, for each person who lives there."""
    return work.visits_per_month * work.minutes_per_visit / work.people_per_household


def people_per_chw(under_five_share: float, care: CareNumbers, work: Workload) -> float:
    """People that one CHW can serve in the hours of a week (WHO guideline on CHW programmes 2018, recommendation 10).

    Parameters
    ----------
    under_five_share
        Children under five, of the people.
    care, work
        Episodes and who seeks care, next door; what a CHW does in a week, and for how long.

    Returns
    -------
    People; 0 where all hours are taken by other work.
    """
    cases = under_five_share * sum(each.value for each in care.episodes.values()) / MONTHS_PER_YEAR * care.seeking.value
    minutes_per_person = cases * work.minutes_per_case + _visit_minutes(work)
    hours = max(work.hours_per_week - work.other_hours_per_week, 0.0)
    return hours * MINUTES_PER_HOUR * WEEKS_PER_YEAR / MONTHS_PER_YEAR / minutes_per_person
