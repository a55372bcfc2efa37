"""Supervision: which facility supervises each CHW, and the round that its supervisors make."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np

from planner import supervision
from planner.pipeline.going import Chain, Going
from planner.scenario import SupervisionRule
from planner.types.arrays import CELL, Doubles, Ints
from planner.types.inputs import Change, Facilities, Note
from planner.types.network import line_through
from planner.types.results import Posts
from planner.types.supervision import Rounds, Supervision, Trip
from planner.types.text import Text


def supervised(
    by: Going,
    other: Going | None,
    facilities: Facilities,
    cells: tuple[Ints, Ints],
    posts: Posts,
    rule: SupervisionRule,
) -> Supervision:
    """Give every post with a CHW to a facility that supervises.

    Parameters
    ----------
    by, other
        Who supervises in the plan's season, and in the other one where that is asked for.
    cells
        Where the facilities are reached in the two seasons.
    """
    serves, other_serves = (np.where(facilities.tier >= rule.min_tier, each, -1).astype(CELL) for each in cells)
    cell = np.where(posts.works, posts.cell, -1)
    to_nearest = by.search.nearest(serves)
    nearest = np.where(cell >= 0, to_nearest.nearest[cell], -1).astype(CELL)
    minutes = np.where(cell >= 0, to_nearest.minutes[cell], np.float32(np.inf))
    if rule.prefer == "near" and not rule.supervisors:
        given = supervision.by_nearest(nearest, minutes, posts.chws, len(serves), rule)
    else:
        given = supervision.assign(by.reach(cell, serves, rule.max_minutes), minutes, posts.chws, rule)
    if other is None:
        return given
    then = other.search.nearest(other_serves).minutes
    return replace(given, other_minutes=np.where(posts.cell >= 0, then[posts.cell], np.float32(np.inf)))


def rounds(by: Going, facility_cell: Ints, posts: Posts, given: Supervision, rule: SupervisionRule) -> Rounds:
    """Plan the visits of every facility to the posts that it supervises: all of them once."""
    trips: list[Trip] = []
    days, fewest = np.zeros(len(facility_cell), CELL), np.zeros(len(facility_cell), CELL)
    for facility in np.flatnonzero(given.posts):
        own = np.flatnonzero(given.facility == facility).astype(CELL)
        planned, fewest[facility] = _round_of(by, int(facility), facility_cell, posts, own, given, rule)
        days[facility] = sum(trip.days for trip in planned)
        trips += planned
    km = sum(trip.metres for trip in trips) / 1000.0
    return Rounds(tuple(trips), days, fewest, km * rule.litres_per_100km / 100.0 if by.rides else 0.0)


def _between(by: Going, cells: Ints, home: Doubles) -> tuple[Doubles, list[list[tuple[Chain, ...]]]]:
    """Minutes from place to place of one facility (the first), and the ways: ``ways[to][from]``, in one part or two.

    No leg is of use that takes longer than the way by the facility: so far is searched, and a longer leg takes that
    way. `home` are the minutes of each place to the facility.
    """
    minutes, ways = np.zeros((len(cells), len(cells))), list[list[tuple[Chain, ...]]]()
    for column, cell in enumerate(cells):
        limit = float(home.max() + 2.0 * home[column])
        time = by.search.nearest(np.array([cell], CELL), limit, asked=cells)
        if (out := float(time.minutes[cells[0]])) + home.max() > limit:
            time = by.search.nearest(np.array([cell], CELL), out + float(home.max()), asked=cells)
        minutes[:, column] = time.minutes[cells]
        ways.append([(chain,) for chain in by.chains(time, cells)])
    by_facility = minutes[:, :1] + minutes[:1]
    for start, end in np.argwhere(by_facility < minutes).tolist():
        ways[end][start] = ways[0][start] + ways[end][0]
    return np.minimum(minutes, by_facility), ways


def _round_of(
    by: Going,
    facility: int,
    facility_cell: Ints,
    posts: Posts,
    own: Ints,
    given: Supervision,
    rule: SupervisionRule,
) -> tuple[list[Trip], int]:
    """Trips of one facility, and the fewest days that they can take."""
    import shapely

    cells = np.concatenate([facility_cell[[facility]], posts.cell[own]]).astype(CELL)
    minutes, ways = _between(by, cells, np.append(0.0, given.minutes[own]))
    visits = posts.chws[own].astype(np.float64) * rule.visit_minutes
    planned, days, fewest = supervision.one_round(minutes, visits, rule.day_minutes)
    chws = [int(posts.chws[own[list(trip)]].sum()) for trip in planned]
    supervisors = int(given.supervisors[facility])
    who = supervision.shared(days, chws, supervisors, rule.chws_per_supervisor)
    next_day = [1] * supervisors
    trips = []
    for trip, taken, supervisor in zip(planned, days, who, strict=True):
        stops = [0, *(stop + 1 for stop in trip), 0]
        legs = list(pairwise(stops))
        way = [leg for start, end in legs for chain in ways[end][start] for leg in by.told(chain)]
        trips.append(
            Trip(
                facility=facility,
                supervisor=supervisor + 1,
                day=next_day[supervisor],
                days=taken,
                posts=tuple(int(own[stop]) for stop in trip),
                travel_minutes=float(sum(minutes[leg] for leg in legs)),
                visit_minutes=float(visits[list(trip)].sum()),
                metres=float(sum(leg.metres for leg in way)),
                line=line_through(shapely.get_coordinates([leg.geometry for leg in way])),
            )
        )
        next_day[supervisor] += taken
    return trips, fewest


def notes(given: Rounds, facilities: Facilities, posts: Posts, rule: SupervisionRule) -> tuple[Note, ...]:
    """Supervisors who are asked for more than the rule allows, by facility: days of a month, or CHWs."""
    days, chws = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for trip in given.trips:
        days[trip.facility, trip.supervisor] += trip.days
        chws[trip.facility, trip.supervisor] += int(posts.chws[list(trip.posts)].sum())
    found = []
    for amount, most, unit in (
        (days, rule.days_per_month, Text("working days")), (chws, rule.chws_per_supervisor, Text("CHWs")),
    ):  # fmt: skip
        over = sorted(who for who in amount if amount[who] > most)
        changes = tuple(
            Change(
                Text("{facility}, supervisor {number}", facility=facilities.name[facility], number=number),
                Text("{amount} {unit}", amount=amount[facility, number], unit=unit),
                "",
            )
            for facility, number in over
        )
        if over:
            text = Text("supervisors whose round has more than {most} {unit}", most=most, unit=unit)
            found.append(Note("warning", "supervision", text, float(len(over)), changes))
    return tuple(found)
