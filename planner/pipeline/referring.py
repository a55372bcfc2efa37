"""Referral of the plan: every traveller's ways from posts to each tier, from tier to tier, and the ambulance's."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from planner import referral, routing
from planner.pipeline.going import Going
from planner.scenario import ReferralRule
from planner.types.arrays import CELL, Ints
from planner.types.inputs import Change, Facilities, Note
from planner.types.network import Leg
from planner.types.referral import Ambulance, Onward, Referral
from planner.types.results import Posts, Villages
from planner.types.text import Text

MOST_PASSED = 2  # villages named on one leg


def referrals(
    by: Going,
    other: Going | None,
    facilities: Facilities,
    cells: tuple[Ints, Ints],
    posts: Posts,
    settled: Villages,
    rule: ReferralRule,
) -> tuple[Referral, ...]:
    """For each tier, the way from every post to the nearest facility of that tier or above: one search a tier.

    Parameters
    ----------
    by, other
        The traveller in the plan's season, and in the other one where that is asked for.
    cells
        Where the facilities are reached in the two seasons.
    """
    facility_cell, other_cell = cells
    between = by.between(posts.cell, facility_cell, rule.second_within_minutes)
    answers = []
    for tier in _tiers(facilities):
        time = by.search.nearest(_of_tier(facilities, facility_cell, tier))
        ways = by.legs(time, posts.cell)
        words = [_in_words(way, by, settled) for way in ways]
        then = other.search.nearest(_of_tier(facilities, other_cell, tier)) if other else None
        answers.append(referral.destinations(by.name, tier, facilities, posts, time, ways, words, between, then))
    return tuple(answers)


def onward(by: Going, facilities: Facilities, facility_cell: Ints, settled: Villages) -> Onward:
    """From every facility to the nearest of a higher tier: one search a tier."""
    tiers = _tiers(facilities)
    steps = []
    for tier, higher in pairwise(tiers):
        time = by.search.nearest(_of_tier(facilities, facility_cell, higher))
        ways = by.legs(time, facility_cell)
        steps.append((tier, time, ways, [_in_words(way, by, settled) for way in ways]))
    return referral.onward(by.name, facilities, facility_cell, steps)


def ambulances(by: Going, facilities: Facilities, facility_cell: Ints, posts: Posts) -> tuple[Ambulance, ...]:
    """For each tier, the minutes of a vehicle that is called to each post, and back."""
    there = posts.cell >= 0
    answers = []
    for tier in _tiers(facilities):
        cells = _of_tier(facilities, facility_cell, tier)
        out, back = by.from_places(cells).minutes, by.search.nearest(cells).minutes
        both = [np.where(there, minutes[posts.cell], np.float32(np.inf)) for minutes in (out, back)]
        answers.append(Ambulance(by.name, tier, both[0], both[1]))
    return tuple(answers)


def notes(told: Sequence[Referral], posts: Posts) -> tuple[Note, ...]:
    """A warning for each traveller and tier that some posts with a CHW cannot refer to, with the posts and why."""
    found = []
    for each in told:
        lost = np.flatnonzero(posts.works & (each.facility < 0))
        changes = tuple(
            Change(Text("{post} {village}", post=posts.id[k], village=posts.name[k]), Text(each.words[k]), "")
            for k in lost.tolist()
        )
        if changes:
            what = Text(
                "posts that cannot refer to tier {tier} or above, {traveller}",
                tier=each.tier,
                traveller=Text(each.traveller),
            )
            found.append(Note("warning", "referral", what, float(len(changes)), changes))
    return tuple(found)


def _tiers(facilities: Facilities) -> list[int]:
    return sorted({int(tier) for tier in facilities.tier})


def _of_tier(facilities: Facilities, facility_cell: Ints, tier: int) -> Ints:
    """Cells of the facilities of this tier or above; -1 for the others, so that positions stay those of the list."""
    return np.where(facilities.tier >= tier, facility_cell, -1).astype(CELL)


def _in_words(way: Sequence[Leg], by: Going, settled: Villages) -> str:
    return "; ".join(routing.turns(way, [_passed(leg, by, settled) for leg in way]))


def _passed(leg: Leg, by: Going, settled: Villages) -> list[str]:
    """Listed villages that a walk leads through, in order, without those where it begins and ends; a few of many."""
    import shapely

    if leg.mode != "walk":
        return []
    cells = by.land.frame.cell_of(*shapely.get_coordinates(leg.geometry).T)
    through = list(dict.fromkeys(settled.of_cell[cells[cells >= 0]].tolist()))
    ends = {through[0], through[-1], -1} if through else set()
    named = [settled.name[village] for village in through if village not in ends and settled.listed[village]]
    return [named[k] for k in _spread(len(named))]


def _spread(count: int) -> list[int]:
    """A few positions of so many, evenly apart."""
    few = min(count, MOST_PASSED)
    return [(2 * k + 1) * count // (2 * few) for k in range(few)]
