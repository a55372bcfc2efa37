"""What the stages answer, and the plan that holds all of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.errors import Doubt
from planner.scenario import Scenario
from planner.types.alternatives import Alternatives
from planner.types.arrays import Bools, Doubles, Floats, Ints, check_array, check_same_length
from planner.types.audit import Audit
from planner.types.care import Supply
from planner.types.community import Committees, Served
from planner.types.coverage import Reached
from planner.types.inputs import Areas, Assumption, Facilities, Note, Roads, Source, Water
from planner.types.land import Land
from planner.types.lists import ListAccount
from planner.types.network import Network
from planner.types.people import JoinRow, PeopleRecord
from planner.types.referral import Ambulance, Onward, Referral
from planner.types.supervision import Rounds, Supervision
from planner.types.travel import TravelTime
from planner.types.why import Bridges, Why


@dataclass(frozen=True, eq=False)
class PeopleBalance:
    """Every person in exactly one line, and one area: the lines add up to the total, and so do the areas.

    ``lines`` are "reachable", "unreachable", "on a barrier", "outside the areas", "unknown" (cells without data: their
    people are 0, their number stands in ``cells``); before anybody travels, "on open ground" stands for the first two.
    ``by_area`` and ``under_fives_by_area`` are ``(area, line)``, those outside all areas last. ``total`` is the plan's
    people; ``raster`` the population raster's own sum, which differs where people were rescaled.
    """

    lines: tuple[str, ...]
    people: Doubles
    under_fives: Doubles
    cells: Ints
    by_area: Doubles
    under_fives_by_area: Doubles
    total: float
    raster: float

    def __post_init__(self) -> None:
        check_same_length(
            "PeopleBalance", lines=self.lines, people=self.people, under_fives=self.under_fives, cells=self.cells
        )
        check_array("by_area", self.by_area, np.float64, (None, len(self.lines)))
        check_array("under_fives_by_area", self.under_fives_by_area, np.float64, self.by_area.shape)


@dataclass(frozen=True, eq=False)
class Coverage:
    """People within each threshold of care.

    Attributes
    ----------
    care
        What counts as care: "facilities", "facilities and CHWs today", "facilities, CHWs today and proposed".
    thresholds
        Minutes, ascending; within means ``<=``.
    people, under_fives
        ``(care, area, threshold)``; the last area row is "outside all areas".
    area_people, area_under_fives
        ``(area,)``, the denominators: all people of the area, those on barriers and unreachable ones included.
    """

    care: tuple[str, ...]
    thresholds: Doubles
    people: Doubles
    under_fives: Doubles
    area_people: Doubles
    area_under_fives: Doubles

    def __post_init__(self) -> None:
        shape = (len(self.care), len(self.area_people), len(self.thresholds))
        check_array("people", self.people, np.float64, shape)
        check_array("under_fives", self.under_fives, np.float64, shape)


@dataclass(frozen=True, eq=False)
class SpeedComparison:
    """How many people are within reach of a facility, with the walking speeds in use and with another table's.

    Attributes
    ----------
    tables
        Names of the two tables of walking speeds by land cover: the one in use, then the other.
    thresholds
        Minutes, ascending; within means ``<=``.
    people, under_fives
        ``(table, threshold)``, in all areas together, people outside the areas excluded.
    """

    tables: tuple[str, str]
    thresholds: Doubles
    people: Doubles
    under_fives: Doubles

    def __post_init__(self) -> None:
        shape = (2, len(self.thresholds))
        check_array("people", self.people, np.float64, shape)
        check_array("under_fives", self.under_fives, np.float64, shape)


@dataclass(frozen=True, eq=False)
class Villages:
    """Settlements: those of the list and those found in the raster.

    Attributes
    ----------
    id, name
        Of the list; found ones are "R0001" and "near <the nearest listed name>", or "settlement 1" without a list.
    listed
        Whether the village stands in the list.
    carried
        What the list says beside, in the columns that the scenario carries through; "" = nothing.
    cell
        Flat cell of its centre, int32: the list's point, or the found settlement's central cell; -1 = off the grid.
    x, y
        Coordinates of the centre in the frame's CRS.
    people, under_fives
        Of its cells.
    area
        Position in `Areas`; -1 = outside.
    of_cell
        Position of the village that a cell belongs to, int32 a cell; -1 = scattered or empty.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    listed: Bools
    carried: tuple[str, ...]
    cell: Ints
    x: Doubles
    y: Doubles
    people: Doubles
    under_fives: Doubles
    area: Ints
    of_cell: Ints

    def __post_init__(self) -> None:
        columns = {name: value for name, value in self.__dict__.items() if name != "of_cell"}
        check_same_length("Villages", **columns)

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, eq=False)
class VillageAccess:
    """How each village reaches care (one row a village, in the order of `Villages`).

    ``minutes`` of the plan's traveller to the nearest facility (inf = no way); ``km`` straight-line to the nearest
    facility as the crow flies; ``nearest`` the facility reached first (-1 = none); ``hard_to_reach`` by the scenario's
    rule; ``minutes_with_chws`` to the nearest facility or CHW of today.
    """

    minutes: Floats
    km: Doubles
    nearest: Ints
    hard_to_reach: Bools
    minutes_with_chws: Floats


@dataclass(frozen=True, eq=False)
class Posts:
    """Where lay workers live: those of today first, then the proposed ones in the order of their gain.

    ``village`` is the position in `Villages` (-1 = none); ``proposed`` is False for those of today. ``chws`` live there
    with the plan: 1 for each of today, 0 for one who leaves, any number at a proposed post.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    proposed: Bools
    cell: Ints
    x: Doubles
    y: Doubles
    village: Ints
    chws: Ints

    def __post_init__(self) -> None:
        check_same_length("Posts", **self.__dict__)

    @property
    def works(self) -> Bools:
        """Whether a CHW lives at the post with the plan."""
        return self.chws > 0

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, eq=False)
class Placement:
    """Where new CHWs should live, and how good the choice is.

    Attributes
    ----------
    model, method
        The field's name, such as "maximal cover (MCLP)"; what solved it, in words.
    chosen
        Positions of the sites with new CHWs, int32, in the order of marginal gain (greatest first).
    chws
        New CHWs at each of them.
    gone
        CHWs of today who leave, by site (0 where those of today stay).
    gain, gain_under_fives
        People (under-fives) whom each chosen site brings within reach of a CHW, beyond those before it and the CHWs
        who stay. They sum to `covered`.
    serves
        People whom the CHWs of each chosen site serve: those nearest to it, or its share where CHWs have a capacity.
    covered
        People within reach of a proposed CHW and of none who stays.
    everybody
        What all who are to be served count: people or under-fives, times the weights of their areas.
    given_up, given_up_under_fives
        People (under-fives) who have a CHW today and none who stays: the plan reaches `covered - given_up` more than
        today.
    objective, unit, bound
        What the model counts beyond the CHWs of today ("people", "under-fives", "CHWs", "person-minutes"; "weighted
        people" where areas have weights), and what no choice that keeps the rules can better.
    gap
        ``|bound - objective| / |objective|``; 0 = best possible.
    status
        In plain words: "best possible", or "best found: at most 0.4 % better exists".
    seconds
        Of the solve (not part of any table or raster).
    """

    model: str
    method: str
    chosen: Ints
    chws: Ints
    gone: Ints
    gain: Doubles
    gain_under_fives: Doubles
    serves: Doubles
    covered: float
    everybody: float
    given_up: float
    given_up_under_fives: float
    objective: float
    unit: str
    bound: float
    gap: float
    status: str
    seconds: float

    def __post_init__(self) -> None:
        columns = ("chosen", "chws", "gain", "gain_under_fives", "serves")
        check_same_length("Placement", **{name: getattr(self, name) for name in columns})


@dataclass(frozen=True)
class Provenance:
    """How a plan came about: written to plan.json.

    ``seconds`` by stage; ``versions`` of the planner, Python and the libraries that compute; ``date`` is the
    scenario's, or today's where it gives none; ``run_id`` is derived from scenario, inputs and versions.
    """

    run_id: str
    date: str
    versions: dict[str, str]
    seconds: dict[str, float]


@dataclass(frozen=True, eq=False)
class OtherSeason:
    """Minutes of the plan's traveller in the season that is not the plan's, a value a cell.

    To the nearest facility, to the nearest facility or CHW of today, and with the CHWs of the plan; ``season`` is "dry"
    or "wet".
    """

    season: str
    to_facility: Floats
    with_chws: Floats
    with_plan: Floats


@dataclass(frozen=True, eq=False)
class Plan:
    """The answer: all results of one scenario, and where they came from. ``areas`` is in the order of `Land.area`.

    ``reached`` is coverage told in more ways, in both seasons where the scenario asks for them; ``bridges`` are counted
    in the wet season where it asks for that.
    ``other_season`` is None where the scenario asks for the plan's season alone.
    ``other_speeds`` is None where the answer is not compared with another table of walking speeds.
    ``network`` are the roads that patients ride, without vertices where they walk.
    ``facility_cell`` is the flat cell that each facility is reached at (-1 = off the grid: it takes no part).
    ``hard_to_reach`` says of each cell whether the people in it are hard to reach by the scenario's rule (False where
    nobody lives); ``access`` says the same of each village, judged at its centre.
    ``people`` is what was done to the people of the raster before; ``village_join`` the list of villages beside it;
    ``accounts`` say what became of the rows of each list, ``doubts`` are rows of lists to be looked at.
    ``chw_catchment`` is the post that a cell is served by (-1 = none within the limit); ``with_chws`` is the
    travel time to the nearest facility or CHW of today, ``with_plan`` to the nearest facility or CHW, today's or
    proposed (sources: facilities, then posts). ``logo`` of the ministry is a PNG, empty = none.
    ``contacts`` are names and telephone numbers of the CHWs of today, in their order; () = they are not included.
    """

    scenario: Scenario
    land: Land
    areas: Areas
    roads: Roads
    network: Network
    water: Water
    facilities: Facilities
    facility_cell: Ints
    villages: Villages
    village_join: tuple[JoinRow, ...]
    access: VillageAccess
    hard_to_reach: Bools
    to_facility: TravelTime
    with_chws: TravelTime
    with_plan: TravelTime
    other_season: OtherSeason | None
    people: PeopleRecord
    balance: PeopleBalance
    coverage: Coverage
    reached: Reached
    why: Why
    bridges: Bridges
    audit: Audit
    other_speeds: SpeedComparison | None
    posts: Posts
    placement: Placement
    alternatives: Alternatives
    chw_catchment: Ints
    referrals: tuple[Referral, ...]
    onward: tuple[Onward, ...]
    ambulances: tuple[Ambulance, ...]
    supervision: Supervision
    rounds: Rounds
    supply: Supply
    served: Served
    committees: Committees
    sources: tuple[Source, ...]
    notes: tuple[Note, ...]
    accounts: tuple[ListAccount, ...]
    doubts: tuple[Doubt, ...]
    assumptions: tuple[Assumption, ...]
    provenance: Provenance
    logo: bytes = b""
    contacts: tuple[tuple[str, str], ...] = ()
