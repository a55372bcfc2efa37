"""A plan small enough to check by hand: 12 x 16 cells of about 0.9 km near 34 E, 13 S.

The river in column 8 (closed, bridge in row 6) parts two areas; all three facilities stand in the west. The cell in the
north-east corner is an island: its people reach nothing. Three cells in the south-west are unknown; the last row lies
outside both areas.
"""

from __future__ import annotations

import heapq
from dataclasses import replace

import numpy as np
from roads import no_rides
from shapely.geometry import LineString, box

from outputs.tiny_reached import tiny_audit, tiny_bridges, tiny_reached, tiny_why
from planner import community
from planner.errors import Doubt
from planner.scenario import Scenario
from planner.types.alternatives import Alternatives, Growth, Relocation
from planner.types.arrays import Bools, Doubles, Floats, Ints
from planner.types.care import Supply
from planner.types.community import Committees
from planner.types.frame import Frame
from planner.types.inputs import Areas, Assumption, Facilities, Note, Roads, Source, Water
from planner.types.land import BRIDGE, GROUND, ROAD, Land
from planner.types.lists import ListAccount, row_in_words
from planner.types.people import JoinRow, PeopleRecord
from planner.types.referral import Onward, Referral
from planner.types.results import (
    Coverage,
    OtherSeason,
    PeopleBalance,
    Placement,
    Plan,
    Posts,
    Provenance,
    SpeedComparison,
    VillageAccess,
    Villages,
)
from planner.types.supervision import Rounds, Supervision, Trip
from planner.types.text import Text
from planner.types.travel import TravelTime

NY, NX = 12, 16
FRAME = Frame(crs="EPSG:4326", west=34.0, north=-13.0, dx=1 / 120, dy=1 / 120, ny=NY, nx=NX)
STEPS = [(dr, dc) for dr in (-1, 0, 1) for dc in (-1, 0, 1) if (dr, dc) != (0, 0)]
PACE = 60 / 2500  # minutes per metre: everybody walks 2.5 km/h
NAMES = ("Chisomo", "N'tcheu", "Mbále", "Kwa Phiri", "near Mbále")
CARE = ("facilities", "facilities and CHWs today", "facilities, CHWs today and proposed")
VILLAGE_CELLS = ((2, 4), (5, 10), (9, 13), (2, 12), (10, 10))
EPISODES = {"pneumonia": 0.29, "diarrhoea": 2.7, "fever": 1.95}


def flat(*cells: tuple[int, int]) -> Ints:
    return np.array([row * NX + col for row, col in cells], np.int32)


def tiny_plan(names: tuple[str, str, str, str, str] = NAMES, facility: str = "Mlambe") -> Plan:
    """The plan; names of the five villages and of the first facility can be chosen."""
    scenario = tiny_scenario()
    land = tiny_land()
    areas = Areas(
        np.array([area_box(0, 8), area_box(8, NX)], object),
        ("MW01", "MW02"), ("West", "East"), ("MW", "MW"), ("Malawi", "Malawi"),
    )  # fmt: skip
    facility_cell = flat((3, 3), (9, 5), (8, 2))
    fx, fy = FRAME.centre_of(facility_cell)
    facilities = Facilities(
        ("F1", "F2", "F3"), (facility, "Nkhoma", "Saint Luke's"), fx, fy,
        ("Health centre", "Health centre", "Hospital"), np.array([1, 1, 2], np.int16),
    )  # fmt: skip
    villages = tiny_villages(land, names)
    posts = tiny_posts(villages)
    today = posts.cell[~posts.proposed]
    to_facility = search(land, facility_cell)
    with_chws = search(land, np.r_[facility_cell, today])
    with_plan = search(land, np.r_[facility_cell, posts.cell])
    hard = hard_cells(scenario, land, facilities, to_facility)
    limit = scenario.placement.max_minutes
    served = (with_plan.nearest >= len(facilities)) & (with_plan.minutes <= limit)
    catchment = np.where(served, with_plan.nearest - len(facilities), -1).astype(np.int32)
    supervised = tiny_supervision(posts, facilities, to_facility)
    access = tiny_access(scenario, villages, facilities, to_facility, with_chws)
    return Plan(
        scenario=scenario, land=land, areas=areas, roads=tiny_roads(), network=no_rides(), water=tiny_water(),
        facilities=facilities, facility_cell=facility_cell, villages=villages, village_join=tiny_join(villages),
        access=access, why=tiny_why(access), bridges=tiny_bridges(villages), audit=tiny_audit(2),
        hard_to_reach=hard, to_facility=to_facility, with_chws=with_chws, with_plan=with_plan,
        other_season=tiny_other_season(to_facility, with_chws, with_plan),
        people=PeopleRecord(), balance=tiny_balance(land, to_facility),
        coverage=tiny_coverage(scenario, land, (to_facility, with_chws, with_plan)),
        other_speeds=tiny_other_speeds(scenario, land, to_facility),
        reached=tiny_reached(
            scenario, land, areas, dict(zip(CARE, (to_facility.minutes, with_chws.minutes, with_plan.minutes),
                                            strict=True)),
            search(land, flat((8, 2))).minutes, hard, km_to_nearest(*FRAME.centre_of(np.arange(FRAME.n)), facilities),
            len(facilities),
        ),
        posts=posts, placement=tiny_placement(land, hard, posts, limit),
        alternatives=tiny_alternatives(),
        chw_catchment=catchment,
        referrals=tuple(referral(land, posts, facilities, facility_cell, tier) for tier in (1, 2)),
        onward=(tiny_onward(facilities),), ambulances=(),
        supervision=supervised, rounds=tiny_rounds(posts, supervised), supply=tiny_supply(land, posts, catchment),
        committees=Committees(("Kwa Phiri committee",) * len(posts), np.full(len(posts), 1.5)),
        served=community.served(catchment, villages.of_cell, with_plan.minutes, land),
        sources=(
            Source("population", "people.tif", "0" * 64, "made by hand"),
            Source("facilities", "facilities.csv", "1" * 64, "made by hand"),
        ),
        notes=(
            Note("repaired", "facilities.csv", Text("coordinates with a decimal comma"), 1),
            Note("left out", "roads.gpkg", Text("lines of no length"), 2),
            Note("warning", "people.tif", Text("people on closed cells"), 4.5),
        ),
        accounts=(
            ListAccount("facilities", "facilities.csv", (("used", 3), ("without coordinates", 1))),
            ListAccount("chws", "chws.csv", (("used", 2),)),
        ),
        doubts=(
            Doubt("facilities", "facilities.csv", 5, "F4", "<b>Kaa</b>", "blank, blank", "no usable coordinates",
                  "leave out"),
        ),
        assumptions=(
            Assumption("episodes: pneumonia", 0.29, "episodes per child under five and year", np.nan, np.nan,
                       "Rudan 2008", verified=True),
            Assumption("episodes: diarrhoea", 2.7, "episodes per child under five and year", 2.7, 2.9,
                       "Walker 2013", verified=False),
        ),
        provenance=Provenance("tiny-0001", "2026-01-31", {"planner": "0.1.0", "python": "3.11"}, {"travel": 0.5}),
    )  # fmt: skip


def tiny_scenario() -> Scenario:
    return Scenario.model_validate(
        {
            "title": "Tiny district",
            "date": "2026-01-31",
            "population": {"file": "people.tif", "source": "made by hand", "year": 2020},
            "facilities": {"file": "facilities.csv"},
            "placement": {"new_chws": 2},
            "supply": {"resupply_months": 2.0},
        }
    )


def area_box(first: int, last: int):
    west, north = FRAME.west, FRAME.north
    return box(west + first * FRAME.dx, north - (NY - 1) * FRAME.dy, west + last * FRAME.dx, north)


def tiny_land() -> Land:
    people = np.full((NY, NX), 1.5)
    for people_here, (row, col) in zip((900, 640, 410.5, 275, 120), VILLAGE_CELLS, strict=True):
        people[row, col] = people_here
    people[:, 8] = 0
    people[0, 8] = 4.5  # people on a barrier
    people[0, 15] = 12  # the island
    known = np.ones((NY, NX), bool)
    known[11, :3] = False
    people[~known] = 0
    pace = np.full((NY, NX), PACE, np.float32)
    pace[:, 8] = np.inf
    pace[6, 8] = PACE
    pace[0, 14] = pace[1, 14] = pace[1, 15] = np.inf
    people[0, 14] = people[1, 14] = people[1, 15] = 0
    way = np.full((NY, NX), GROUND, np.uint8)
    way[6, :] = ROAD
    way[6, 8] = BRIDGE
    area = np.zeros((NY, NX), np.int32)
    area[:, 8:] = 1
    area[-1, :] = -1
    return Land(
        FRAME, people.ravel(), people.ravel() * 0.16, known.ravel(), pace.ravel(), way.ravel(), None, area.ravel(),
        np.zeros((NY, 16)),
    )  # fmt: skip


def search(land: Land, sources: Ints) -> TravelTime:
    """Dijkstra over 8 neighbours, edge = mean of the two cells' paces, every 120th of a degree 925 m."""
    n, pace = land.frame.n, land.pace.astype(float)
    minutes, back = np.full(n, np.inf), np.full(n, -1, np.int32)
    done = np.zeros(n, bool)
    minutes[sources] = 0
    queue = [(0.0, cell) for cell in np.unique(sources).tolist()]
    while queue:
        _, cell = heapq.heappop(queue)
        if done[cell]:
            continue
        done[cell] = True
        row, col = divmod(cell, NX)
        for dr, dc in STEPS:
            if 0 <= row + dr < NY and 0 <= col + dc < NX:
                other = cell + dr * NX + dc
                time = minutes[cell] + 925 * np.hypot(dr, dc) * (pace[cell] + pace[other]) / 2
                if time < minutes[other]:
                    minutes[other], back[other] = time, cell
                    heapq.heappush(queue, (time, other))
    return TravelTime(minutes.astype(np.float32), back, sources)


def tiny_villages(land: Land, names: tuple[str, ...]) -> Villages:
    cell = flat(*VILLAGE_CELLS)
    of_cell = np.full(land.frame.n, -1, np.int32)
    of_cell[cell] = np.arange(len(cell))
    x, y = FRAME.centre_of(cell)
    return Villages(
        ("V1", "V2", "V3", "V4", "R0001"), names, np.array([True, True, True, True, False]),
        ("language: Yao", "", "", "", ""), cell, x, y,
        land.people[cell], land.under_fives[cell], land.area[cell], of_cell,
    )  # fmt: skip


def tiny_join(villages: Villages) -> tuple[JoinRow, ...]:
    hows = ["position", "name", "similar name", "position", "found in the raster"]
    rows = [
        JoinRow(row_in_words(k + 2, name) if k < 4 else "", villages.id[k], name, int(villages.area[k]), "", how,
                "" if how == "position" else "Mponela", 100.0 - k, k + 1, 0.0, float(villages.people[k]),
                200.0 if k == 0 else np.nan, ("900 in the raster (x 4.5)",) if k == 0 else ())
        for k, (name, how) in enumerate(zip(villages.name, hows, strict=True))
    ]  # fmt: skip
    lost = JoinRow(row_in_words(9, "Dowa"), "V9", "Dowa", -1, "East", "no position", "", np.nan, 0, np.nan, np.nan,
                   70.0, ("perhaps Dova (75 %)",))  # fmt: skip
    return (*rows[:4], lost, rows[4])


def tiny_access(
    scenario: Scenario, villages: Villages, facilities: Facilities, to_facility: TravelTime, with_chws: TravelTime
) -> VillageAccess:
    minutes = to_facility.minutes[villages.cell]
    km = km_to_nearest(villages.x, villages.y, facilities)
    hard = (minutes > scenario.reach.max_minutes) | (km > scenario.reach.max_km)
    return VillageAccess(minutes, km, to_facility.nearest[villages.cell], hard, with_chws.minutes[villages.cell])


def km_to_nearest(x: Doubles, y: Doubles, facilities: Facilities) -> Doubles:
    (x, to_x), (y, to_y) = np.meshgrid(x, facilities.x), np.meshgrid(y, facilities.y)
    return np.min(FRAME.metres_between(x, y, to_x, to_y), axis=0) / 1000


def tiny_balance(land: Land, to_facility: TravelTime, areas: int = 2) -> PeopleBalance:
    closed, outside = np.isinf(land.pace), land.area < 0
    reached = np.isfinite(to_facility.minutes)
    line = np.select([~land.known, outside, closed, ~reached], [4, 3, 2, 1], 0)
    area = np.where(outside, areas, land.area)
    by_area = [[of[(area == a) & (line == k)].sum() for a in range(areas + 1) for k in range(5)]
               for of in (land.people, land.under_fives)]  # fmt: skip
    return PeopleBalance(
        ("reachable", "unreachable", "on a barrier", "outside the areas", "unknown"),
        np.bincount(line, land.people, 5), np.bincount(line, land.under_fives, 5),
        np.bincount(line, minlength=5).astype(np.int32), *(np.array(each).reshape(areas + 1, 5) for each in by_area),
        total=float(land.people.sum()), raster=float(land.people.sum()),
    )  # fmt: skip


def tiny_other_season(*dry: TravelTime) -> OtherSeason:
    """Everybody walks half as fast in the wet season."""
    return OtherSeason("wet", *(2 * each.minutes for each in dry))


def tiny_coverage(scenario: Scenario, land: Land, times: tuple[TravelTime, ...]) -> Coverage:
    thresholds = np.array(scenario.reach.thresholds)
    area = np.where(land.area < 0, 2, land.area)

    def by_area(of: Doubles, within: Bools) -> Doubles:
        return np.bincount(area[within], of[within], 3)

    def within(of: Doubles) -> Doubles:
        return np.array([np.stack([by_area(of, t.minutes <= m) for m in thresholds], axis=1) for t in times])

    every = np.ones(land.frame.n, bool)
    return Coverage(
        CARE, thresholds, within(land.people), within(land.under_fives),
        by_area(land.people, every), by_area(land.under_fives, every),
    )  # fmt: skip


def tiny_other_speeds(scenario: Scenario, land: Land, to_facility: TravelTime) -> SpeedComparison:
    """Everybody walks half as fast with the other table."""
    slow = TravelTime(to_facility.minutes * 2, to_facility.back, to_facility.sources)
    cover = tiny_coverage(scenario, land, (to_facility, slow, slow))
    within = (of[:2, :2].sum(axis=1) for of in (cover.people, cover.under_fives))
    return SpeedComparison(("weiss_2020", "accessmod_manual"), cover.thresholds, *within)


def tiny_posts(villages: Villages) -> Posts:
    village = np.array([0, 1, 2, 3], np.int32)
    return Posts(
        ("CHW-01", "CHW-02", "NEW-01", "NEW-02"), tuple(villages.name[v] for v in village),
        np.array([False, False, True, True]), villages.cell[village], villages.x[village], villages.y[village], village,
        np.ones(4, np.int32),
    )  # fmt: skip


def hard_cells(scenario: Scenario, land: Land, facilities: Facilities, to_facility: TravelTime) -> Bools:
    x, y = FRAME.centre_of(np.arange(land.frame.n))
    far = km_to_nearest(x, y, facilities) > scenario.reach.max_km
    return (far | (to_facility.minutes > scenario.reach.max_minutes)) & (land.people > 0)


def tiny_placement(land: Land, hard: Bools, posts: Posts, limit: float) -> Placement:
    without = search(land, posts.cell[~posts.proposed]).minutes > limit
    waiting = hard & without & (land.area >= 0) & np.isfinite(land.pace)
    gain, gain_under_fives = [], []
    reached = [search(land, posts.cell[[p]]).minutes for p in np.flatnonzero(posts.proposed)]
    for minutes in reached:
        new = waiting & (minutes <= limit)
        waiting &= ~new
        gain.append(land.people[new].sum())
        gain_under_fives.append(land.under_fives[new].sum())
    covered = float(sum(gain))
    return Placement(
        "maximal cover (MCLP)", "HiGHS branch and bound", np.array([2, 3], np.int32), np.ones(2, np.int32),
        np.zeros(5, np.int32), np.array(gain), np.array(gain_under_fives), np.array(gain), covered, covered, 0.0, 0.0,
        covered, "people", covered, 0.0, "best possible", 0.01,
    )  # fmt: skip


def tiny_alternatives() -> Alternatives:
    moved = Relocation(
        640.0, 900.0, 910.0, "best found: at most 1.2 % better exists", np.array([1], np.int32), np.array([2], np.int32)
    )
    growth = Growth(np.array([0.0, 411.0, 734.0, 740.0]), np.array([0.0, 411.0, 740.0, 760.0]), 800.0)
    return Alternatives(growth, moved)


def referral(land: Land, posts: Posts, facilities: Facilities, facility_cell: Ints, tier: int) -> Referral:
    able = np.flatnonzero(facilities.tier >= tier)
    travel = search(land, facility_cell[able])
    ways = [way(travel, cell) for cell in posts.cell.tolist()]
    metres = np.array([metres_along(cells) for cells in ways])
    facility = able[travel.nearest[posts.cell]].astype(np.int32)
    minutes: Floats = travel.minutes[posts.cell]
    lines = np.array([LineString(np.column_stack(FRAME.centre_of(cells))) for cells in ways], object)
    words = tuple(f"Walk {length / 1000:.1f} km" for length in metres)
    none, no_way = np.full(len(posts), -1, np.int32), np.full(len(posts), np.inf, np.float32)
    return Referral(facility, minutes, metres, lines, words, "on foot", tier, none, no_way, none, no_way)


def tiny_onward(facilities: Facilities) -> Onward:
    """The two health centres refer to the hospital, an hour and two away."""
    minutes, metres = np.array([60, 120, np.inf], np.float32), np.array([4000.0, 8000.0, np.inf])
    lines = np.array([LineString([(facilities.x[k], facilities.y[k]), (facilities.x[2], facilities.y[2])])
                      for k in (0, 1)] + [None], object)  # fmt: skip
    words = ("Walk 4.0 km", "Walk 8.0 km", "")
    return Onward(np.array([2, 2, -1], np.int32), minutes, metres, lines, words, "on foot")


def way(travel: TravelTime, cell: int) -> list[int]:
    cells = [cell]
    while travel.back[cells[-1]] >= 0:
        cells.append(int(travel.back[cells[-1]]))
    return cells


def metres_along(cells: list[int]) -> float:
    x, y = FRAME.centre_of(cells)
    return float(FRAME.metres_between(x[:-1], y[:-1], x[1:], y[1:]).sum())


def tiny_supervision(posts: Posts, facilities: Facilities, to_facility: TravelTime) -> Supervision:
    facility = to_facility.nearest[posts.cell]
    per_facility = np.bincount(facility, minlength=len(facilities)).astype(np.int32)
    supervisors = np.ceil(per_facility / 10).astype(np.int32)
    minutes = to_facility.minutes[posts.cell]
    total = float(minutes.sum())
    return Supervision(facility, minutes, per_facility, supervisors, "best possible", total, total, minutes)


def tiny_rounds(posts: Posts, supervised: Supervision) -> Rounds:
    """Every post is visited on a day of its own."""
    trips = []
    days = np.zeros(len(supervised.posts), np.int32)
    for post, facility in enumerate(supervised.facility.tolist()):
        days[facility] += 1
        way = 2 * float(supervised.minutes[post])
        line = LineString([(posts.x[post], posts.y[post]), (posts.x[post] + FRAME.dx, posts.y[post])])
        trips.append(Trip(facility, 1, int(days[facility]), 1, (post,), way, 90.0, 80.0 * way, line))
    return Rounds(tuple(trips), days, days, 0.0)


def tiny_supply(land: Land, posts: Posts, catchment: Ints) -> Supply:
    served = catchment >= 0
    people = np.bincount(catchment[served], land.people[served], len(posts)).astype(float)
    under_fives = np.bincount(catchment[served], land.under_fives[served], len(posts)).astype(float)
    need = np.repeat((under_fives[:, None] * np.array(list(EPISODES.values())) / 12)[None], 3, axis=0)
    takes = np.array([[15.0, 0, 0, 0], [0, 2, 10, 0], [0, 0, 0, 1]])
    items = ("Amoxicillin DT 250 mg", "ORS", "Zinc 20 mg", "Malaria rapid test")
    in_pack = np.array([10, 1, 10, 25], np.int32)
    units = need[0] @ takes
    return Supply(
        people, under_fives, tuple(EPISODES), items, ("tablet", "sachet", "tablet", "test"), in_pack, need, need / 4,
        need.sum(axis=2) / 16, units, units / 4, np.ceil(units * 1.25 / in_pack).astype(np.int32),
        units.sum(axis=1) / 1000, np.full(len(posts), 12.0),
    )  # fmt: skip


def tiny_roads() -> Roads:
    y = FRAME.north - 6.5 * FRAME.dy
    lines, blank = [LineString([(34.0, y), (34.0 + NX * FRAME.dx, y)])], np.array([""], object)
    return Roads(
        np.array(lines, object), np.array(["tertiary"], object), np.array(["M5"], object), blank, blank, blank,
        np.array([True]), np.array([False]), np.array([True]), np.array([0], np.int16), np.array([np.inf]), blank,
    )  # fmt: skip


def tiny_water() -> Water:
    x = FRAME.west + 8.5 * FRAME.dx
    lines = [LineString([(x, FRAME.north), (x, FRAME.north - NY * FRAME.dy)])]
    return Water(np.array(lines, object), np.array(["river"], object), np.array(["Shire"], object), np.array([False]))


def bare_plan() -> Plan:
    """The same land with its facilities, but nothing else: no areas, villages, posts, roads, water, notes."""
    plan = tiny_plan()
    none, nobody, text = np.zeros(0, np.int32), np.zeros(0), np.zeros(0, object)
    of_none = np.full(FRAME.n, -1, np.int32)
    land = replace(plan.land, area=of_none)
    times = (plan.to_facility,) * 3
    count = len(plan.facilities)
    flags, minutes = np.zeros(0, bool), np.zeros(0, np.float32)
    access = VillageAccess(minutes, nobody, none, flags, minutes)
    villages = Villages((), (), flags, (), none, nobody, nobody, nobody, nobody, none, of_none)
    return replace(
        plan, why=tiny_why(access), bridges=tiny_bridges(villages), audit=tiny_audit(0),
        land=land, areas=Areas(text, (), (), (), ()), with_chws=plan.to_facility, with_plan=plan.to_facility,
        other_season=None,
        roads=Roads(*[text] * 6, flags, flags, flags, np.zeros(0, np.int16), np.empty(0), text),
        water=Water(text, text, text, flags),
        villages=villages, village_join=(),
        access=access, balance=tiny_balance(land, plan.to_facility, 0),
        coverage=bare_coverage(plan.scenario, land, times),
        reached=tiny_reached(
            plan.scenario, land, Areas(text, (), (), (), ()), dict.fromkeys(CARE, plan.to_facility.minutes),
            plan.to_facility.minutes, plan.hard_to_reach, np.zeros(FRAME.n), len(plan.facilities),
        ),
        other_speeds=None, alternatives=Alternatives(),
        posts=Posts((), (), flags, none, nobody, nobody, none, none),
        placement=replace(
            plan.placement, chosen=none, chws=none, gain=nobody, gain_under_fives=nobody, serves=nobody, covered=0.0,
            objective=0.0, bound=0.0,
        ),
        chw_catchment=of_none,
        referrals=tuple(
            Referral(none, minutes, nobody, text, (), "on foot", tier, none, minutes, none, minutes) for tier in (1, 2)
        ),
        onward=(), ambulances=(),
        supervision=Supervision(
            none, minutes, np.zeros(count, np.int32), np.zeros(count, np.int32), "best possible", 0.0, 0.0, minutes
        ),
        rounds=Rounds((), np.zeros(count, np.int32), np.zeros(count, np.int32), 0.0),
        supply=tiny_supply(land, Posts((), (), flags, none, nobody, nobody, none, none), of_none),
        committees=Committees((), np.zeros(0)),
        served=community.served(of_none, of_none, plan.to_facility.minutes, land),
        sources=(), notes=(), assumptions=(),
    )  # fmt: skip


def bare_coverage(scenario: Scenario, land: Land, times: tuple[TravelTime, ...]) -> Coverage:
    """Without areas, everybody stands in the one row "outside all areas"."""
    whole = tiny_coverage(scenario, land, times)
    return replace(
        whole, people=whole.people[:, 2:].copy(), under_fives=whole.under_fives[:, 2:].copy(),
        area_people=whole.area_people[2:], area_under_fives=whole.area_under_fives[2:],
    )  # fmt: skip
