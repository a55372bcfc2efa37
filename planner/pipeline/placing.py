"""The scenario's question of placement as the library takes it: sites, people to serve, and the rules.

Sites are the cells where CHWs live today or may live; to be served are the people who are hard to reach, on foot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner import placement, travel
from planner.errors import Fault, InputFaults
from planner.pipeline.going import Going
from planner.pipeline.named import SECTION, Named
from planner.scenario import Scenario
from planner.scenario.placement import PlacementChoice
from planner.types.arrays import PEOPLE, Bools, Doubles, Floats, Ints
from planner.types.inputs import Areas
from planner.types.land import Land
from planner.types.placement import Rules, Supervisors
from planner.types.results import Villages
from planner.types.travel import TravelMatrix


@dataclass(frozen=True, eq=False)
class Question:
    """Who is to be served, and from where.

    Attributes
    ----------
    cell, village
        By site: the flat cell, and the position in `Villages` (-1 = CHWs of today who live in none).
    candidate
        Whether new CHWs may live at the site.
    post_site
        Site of each CHW of today; -1 = off the grid.
    demand
        Cells of the people to be served.
    area
        Of each demand cell, position in `Areas`.
    people, under_fives, counted
        At each demand cell; `counted` is what the choice counts: one of the two, times the weight of the area.
    matrix, wide
        Minutes on foot from demand to sites within max_minutes; with p_center, `wide` has those within beyond_minutes.
    """

    cell: Ints
    village: Ints
    candidate: Bools
    post_site: Ints
    demand: Ints
    area: Ints
    people: Doubles
    under_fives: Doubles
    counted: Doubles
    matrix: TravelMatrix
    wide: TravelMatrix

    @property
    def today(self) -> Ints:
        """CHWs who live at each site today."""
        here = self.post_site[self.post_site >= 0]
        return np.bincount(here, minlength=len(self.cell)).astype(np.int32)

    @property
    def as_today(self) -> Rules:
        """The CHWs of today where they live, and nobody else."""
        return placement.rules(len(self.cell), most=0, today=self.today)

    def soonest(self, sites: Bools) -> Floats:
        """Minutes from each demand cell to the nearest of some sites, as `wide` has them; inf = none so near."""
        pairs = np.repeat(sites, np.diff(self.wide.indptr))
        minutes = np.full(len(self.demand), np.inf, np.float32)
        np.minimum.at(minutes, self.wide.indices[pairs], self.wide.minutes[pairs])
        return minutes


def question(land: Land, areas: Areas, hard: Bools, chw_cell: Ints, settled: Villages, scenario: Scenario) -> Question:
    """Collect the sites and the people to serve, and search the times between them.

    Areas that the scenario names and that are nowhere are told by `rules`.
    """
    asked = scenario.placement
    enough = settled.people >= asked.min_people
    inside = (settled.cell >= 0) & (settled.area >= 0)
    villages = np.flatnonzero(enough & inside & (land.pace[settled.cell] < np.inf)).astype(np.int32)
    candidate_cell, first = np.unique(settled.cell[villages], return_index=True)
    cell = np.union1d(candidate_cell, chw_cell[chw_cell >= 0]).astype(np.int32)
    village = np.where(cell >= 0, settled.of_cell[cell], -1).astype(np.int32)
    village[np.searchsorted(cell, candidate_cell)] = villages[first]
    demand = np.flatnonzero(hard & (land.area >= 0) & (land.pace < np.inf)).astype(np.int32)
    people, under_fives = land.people[demand], land.under_fives[demand]
    weight = _weight(_areas(areas), asked)[land.area[demand]]
    longest = asked.beyond_minutes if asked.model == "p_center" else asked.max_minutes
    wide = travel.within(land, cell, demand, scenario.walking, max_minutes=longest)
    return Question(
        cell=cell,
        village=village,
        candidate=np.isin(cell, candidate_cell),
        post_site=np.where(chw_cell >= 0, np.searchsorted(cell, chw_cell), -1).astype(np.int32),
        demand=demand,
        area=land.area[demand],
        people=people,
        under_fives=under_fives,
        counted=weight * (under_fives if asked.counts == "under_fives" else people),
        matrix=wide if longest == asked.max_minutes else wide.within(asked.max_minutes),
        wide=wide,
    )


def rules(
    asked: Question,
    land: Land,
    areas: Areas,
    settled: Villages,
    minutes_to_facility: Floats,
    supervisors: Supervisors | None,
    choice: PlacementChoice,
) -> Rules:
    """What the scenario asks every choice to keep to; InputFaults where it names what is not there.

    Parameters
    ----------
    minutes_to_facility
        By cell, as the plan's traveller goes.
    supervisors
        Of the sites; None = not asked.
    """
    villages, named = _villages(settled), _areas(areas)
    forced, forbidden = _forced_and_forbidden(asked, villages, choice)
    least, most = _quota(asked, land, named, choice)
    cost = _cost(asked, villages, minutes_to_facility, choice)
    _weight(named, choice)
    if faults := [*villages.faults, *named.faults]:
        raise InputFaults(faults)
    x, y = land.frame.centre_of(asked.cell)
    apart = placement.pairs_nearer_than(choice.min_km * 1000.0, *land.frame.earth_centred(x, y).T)
    both_today = (asked.today[apart] > 0).all(axis=1)
    return placement.rules(
        len(asked.cell),
        most=choice.chws_per_village,
        today=asked.today,
        today_may=choice.today,
        forbidden=~asked.candidate | forbidden,
        forced=forced,
        cost=cost,
        leave_cost=choice.move_cost,
        budget=choice.budget or np.inf,
        max_moves=choice.max_moves,
        apart=apart[~both_today],
        area=land.area[asked.cell],
        area_least=least,
        area_most=most,
        supervisors=supervisors,
        site_names=tuple(settled.name[k] if k >= 0 else f"post {j + 1}" for j, k in enumerate(asked.village)),
        area_names=tuple(areas.name),
    )


def supervisors_of(asked: Question, by: Going, facility_cell: Ints, scenario: Scenario) -> Supervisors | None:
    """Facilities within a supervision visit of each site, with their places; None where the scenario asks for none."""
    each = scenario.placement.supervisors_per_facility
    if not each:
        return None
    places = np.full(len(facility_cell), each * scenario.supervision.chws_per_supervisor, np.int32)
    return Supervisors(by.reach(asked.cell, facility_cell, scenario.supervision.max_minutes), places)


def _villages(settled: Villages) -> Named:
    """The villages, as cells."""
    hint = "Take it from the sheet Villages of tables.xlsx."
    return Named("village", settled.id, settled.name, settled.cell.tolist(), hint)


def _areas(areas: Areas) -> Named:
    """The areas, as positions."""
    return Named("area", areas.code, areas.name, range(len(areas)), f"Areas: {', '.join(areas.name[:3])} ...")


def _weight(named: Named, choice: PlacementChoice) -> Doubles:
    """How many times the people of each area count."""
    weight = np.ones(len(named.ids))
    for area, times in named.amounts("area_weight", choice.area_weight).items():
        weight[area] = times
    if choice.area_weight and not weight.any():
        named.faults.append(
            Fault(f"{SECTION}, area_weight", "is 0 for every area: nobody counts.", "Give one area more.")
        )
    return weight


def _sites(asked: Question, cells: dict[str, int]) -> Bools:
    """Mark the sites at these cells."""
    return np.isin(asked.cell, np.array(list(cells.values()), np.int32))


def _forced_and_forbidden(asked: Question, villages: Named, choice: PlacementChoice) -> tuple[Bools, Bools]:
    """Mark the sites that must have a CHW, and may have no new one; those that must and cannot are faults."""
    closed = villages.places("forbidden", choice.forbidden)
    cells = villages.places("forced", choice.forced)
    for name, cell in cells.items():
        if cell not in asked.cell[asked.candidate]:
            what = f'"{name}" cannot have a CHW: outside the areas, on closed ground, or fewer people than min_people.'
            villages.faults.append(Fault(f"{SECTION}, forced", what, "Leave it out."))
        if cell in closed.values():
            villages.faults.append(Fault(f"{SECTION}, forced", f'"{name}" is forbidden too.', "Leave one out."))
    return _sites(asked, cells) & asked.candidate, _sites(asked, closed)


def _cost(asked: Question, villages: Named, minutes_to_facility: Floats, choice: PlacementChoice) -> Doubles:
    """What a new CHW costs at each site; villages that cannot have one may be among those with a cost of their own."""
    hours = minutes_to_facility[asked.cell] / 60.0
    away = np.where(np.isfinite(hours), hours, 0.0)  # nobody supervises from where there is no way
    own = villages.amounts("village_cost", choice.village_cost)
    reckoned = choice.cost_per_chw + choice.cost_per_hour * away
    return np.array([own.get(cell, cost) for cell, cost in zip(asked.cell.tolist(), reckoned.tolist(), strict=True)])


def _quota(asked: Question, land: Land, named: Named, choice: PlacementChoice) -> tuple[Ints | None, Ints | None]:
    """Fewest and most CHWs by area, those of today among them; None where no quota is asked for."""
    if not (choice.area_least or choice.area_most or choice.quota == "proportional"):
        return None, None
    n = len(named.ids)
    inside = land.area[asked.cell] >= 0
    here = np.bincount(land.area[asked.cell[inside]], asked.today[inside], n).astype(np.int32)
    least, most = np.zeros(n, np.int32), np.full(n, np.iinfo(np.int32).max, np.int32)
    if choice.quota == "proportional":
        people = np.bincount(land.area[asked.demand], asked.counted, n).astype(PEOPLE)
        least = (here + placement.proportional(choice.new_chws, people)).astype(np.int32)
        most = least.copy()
    for key, target, pairs in (("area_least", least, choice.area_least), ("area_most", most, choice.area_most)):
        for area, count in named.amounts(key, pairs).items():
            target[area] = count
    for area in np.flatnonzero(least > most).tolist():
        what = f'"{named.names[area]}" shall have at least {least[area]} CHWs and at most {most[area]}.'
        named.faults.append(Fault(f"{SECTION}, quota", what, "Change quota, area_least or area_most."))
    return least, most
