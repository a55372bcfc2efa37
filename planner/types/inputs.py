"""What was read from files: layers on the population raster's own cells, points and lines in its CRS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from planner.errors import Doubt
from planner.types.arrays import Bools, Codes, Doubles, Floats, Objects, check_array, check_same_length
from planner.types.care import CareNumbers, Decay
from planner.types.frame import Frame
from planner.types.lists import ListAccount, Origin
from planner.types.people import AreaTable
from planner.types.text import Text


@dataclass(frozen=True)
class Source:
    """Where a layer came from: its role, file name (no folder), sha256, and the citation the scenario gives."""

    role: str
    file: str
    sha256: str
    citation: str


@dataclass(frozen=True)
class Change:
    """One thing that was repaired or left out.

    ``place`` says which (``row 14 "CS Mbale", Latitude``); ``before`` and ``after`` what was found there and what
    counts now, "" where nothing does. Each is a `Text` where it says it in words.
    """

    place: str
    before: str
    after: str


@dataclass(frozen=True)
class Note:
    """Something found, repaired or left out while reading: it stands in the checks table of every output.

    ``level`` is "repaired", "left out", "warning" or "info"; ``where`` a `Text` too where words stand in
    it, or one of planner's own words; ``count`` is the number of rows, cells or people;
    ``changes`` are its rows one by one, where it is about rows.
    """

    level: str
    where: str
    what: Text
    count: float
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Assumption:
    """One number that entered the answer. ``low``/``high`` are NaN where the source has no range.

    ``verified`` is False where the source was recalled and not read: printed as 'unverified'.
    """

    key: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    verified: bool


@dataclass(frozen=True, eq=False)
class Layers:
    """Rasters on the frame. Rows from north to south, flat order.

    Attributes
    ----------
    people, under_fives
        People in each cell, float64; NaN = unknown (nodata of the raster). Never resampled.
    elevation
        Metres, float32, mean over the cell; NaN = void. None where no file is given.
    land_cover
        Class code, int16, most frequent in the cell; -1 = no data. None where no file is given.
    friction
        Minutes to cross a metre, float32, mean over the cell; NaN = no data, inf = closed. None where no file is given.
    """

    frame: Frame
    people: Doubles
    under_fives: Doubles
    elevation: Floats | None
    land_cover: Codes | None
    friction: Floats | None = None

    def __post_init__(self) -> None:
        n = self.frame.n
        check_array("people", self.people, np.float64, (n,))
        check_array("under_fives", self.under_fives, np.float64, (n,))
        if self.elevation is not None:
            check_array("elevation", self.elevation, np.float32, (n,))
        if self.land_cover is not None:
            check_array("land_cover", self.land_cover, np.int16, (n,))
        if self.friction is not None:
            check_array("friction", self.friction, np.float32, (n,))


@dataclass(frozen=True, eq=False)
class Roads:
    """Roads and paths as read, in the frame's CRS.

    ``geometry`` holds shapely LineStrings; ``highway`` the OSM class (or the class column of the file), "ferry" for a
    ferry's line; ``name``, ``surface``, ``smoothness``, ``tracktype`` are "" where unknown; ``bridge``, ``ford`` are
    flags; ``motor`` is False where vehicles are forbidden; ``oneway`` is 1, -1 (against the line) or 0; ``max_kmh`` the
    limit of speed, inf where there is none; ``closed_in`` the season in which vehicles do not pass ("dry", "wet"), "".
    """

    geometry: Objects
    highway: Objects
    name: Objects
    surface: Objects
    smoothness: Objects
    tracktype: Objects
    bridge: Bools
    ford: Bools
    motor: Bools
    oneway: Codes
    max_kmh: Doubles
    closed_in: Objects

    def __post_init__(self) -> None:
        check_same_length("Roads", **self.__dict__)

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(frozen=True, eq=False)
class Water:
    """Rivers (LineStrings) and lakes, sea (Polygons), in the frame's CRS.

    ``kind`` is the OSM value ("river", "stream", "canal", "lake", …); ``seasonal`` marks intermittent water.
    """

    geometry: Objects
    kind: Objects
    name: Objects
    seasonal: Bools

    def __post_init__(self) -> None:
        check_same_length("Water", **self.__dict__)

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(frozen=True, eq=False)
class Areas:
    """The lowest level of administrative areas (shapely Polygons or MultiPolygons) and the level above.

    ``parent_code`` and ``parent_name`` are "" where the file has one level only.
    """

    geometry: Objects
    code: tuple[str, ...]
    name: tuple[str, ...]
    parent_code: tuple[str, ...]
    parent_name: tuple[str, ...]

    def __post_init__(self) -> None:
        check_same_length("Areas", **self.__dict__)

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, eq=False)
class Places:
    """Named points in the frame's CRS: what facilities, villages and CHWs have in common. ids are text, unique.

    ``origin`` says in which list and row each stands; None where they come from no list.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    x: Doubles
    y: Doubles
    origin: tuple[Origin, ...] | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        given = {name: column for name, column in self.__dict__.items() if column is not None}
        check_same_length(type(self).__name__, **given)
        if len(set(self.id)) != len(self.id):
            raise ValueError(f"{type(self).__name__}: ids are not unique")

    def __len__(self) -> int:
        return len(self.id)

    def row(self, k: int) -> str:
        """Where one stands in its list, in words (``row 14 "Mbale"``); its name where it comes from no list."""
        return self.name[k] if self.origin is None else self.origin[k].place


NO_PLACES = Places((), (), np.empty(0), np.empty(0))


@dataclass(frozen=True, eq=False)
class Facilities(Places):
    """Places with trained staff. ``tier`` 1 = health post or centre, 2 = hospital, ...; ``type`` as the list says.

    ``capacity`` is how much each can do, in the list's own unit, NaN = unknown; None where the list does not say it.
    """

    type: tuple[str, ...]
    tier: Codes
    capacity: Doubles | None = field(default=None, kw_only=True)


@dataclass(frozen=True, eq=False)
class Chws(Places):
    """Existing CHWs. ``village`` is the village's name as the register has it, "" where unknown.

    ``contact`` is the name and the telephone number of each; None where the scenario does not include them.
    """

    village: tuple[str, ...]
    contact: tuple[tuple[str, str], ...] | None = field(default=None, kw_only=True)


# How it is known where a village lies; the first three are those of a list.
POSITION, NAME, SIMILAR_NAME, NO_POSITION, FROM_RASTER = (
    "position", "name", "similar name", "no position", "found in the raster"
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class VillageList(Places):
    """The list of villages.

    Attributes
    ----------
    folded
        Names for comparisons, without accents, case and spaces; "" = it has none.
    area, people
        As the list says; "" and NaN where it does not.
    how, matched, similarity
        How the position is known: `POSITION` = the list says it; by `NAME` or `SIMILAR_NAME`: it is that of a place
        elsewhere, called ``matched``, whose name is spelled alike by so many percent (NaN for positions).
    carried
        What the columns that are carried through say of it, e.g. "language: Chewa; nomads: yes".
    """

    folded: tuple[str, ...]
    area: tuple[str, ...]
    people: Doubles
    how: tuple[str, ...]
    matched: tuple[str, ...]
    similarity: Doubles
    carried: tuple[str, ...]


@dataclass(frozen=True)
class UnplacedVillage:
    """A row of the list of villages without a position; ``why`` says what was found. See `VillageList`."""

    origin: Origin
    area: str
    people: float
    why: str


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything read for one scenario.

    ``no_go`` holds the shapely polygons that are closed in its season; ``accounts`` say what became of the rows of each
    list, ``doubts`` are rows to be looked at; ``totals`` and ``under_fives`` are tables of people and children by area,
    None = none; ``unplaced`` are the villages of the list that have no position; ``logo`` is a PNG, empty = none.
    """

    layers: Layers
    roads: Roads
    water: Water
    no_go: Objects
    areas: Areas
    facilities: Facilities
    villages: VillageList
    chws: Chws
    sources: tuple[Source, ...]
    notes: tuple[Note, ...]
    accounts: tuple[ListAccount, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    totals: AreaTable | None = None
    under_fives: AreaTable | None = None
    unplaced: tuple[UnplacedVillage, ...] = ()
    committees: Places = NO_PLACES
    logo: bytes = b""


@dataclass(frozen=True)
class WalkingSpeeds:
    """Speeds on foot in use, in the scenario's season, with its load, km/h on the flat; 0 = closed.

    ``land_cover`` by class code of the raster (every code that occurs has an entry), ``land_cover_names`` their names;
    ``roads`` by highway class (a class without entry, or with 0, is not walked), times the factor of the road's
    ``surface`` (1 where that is missing or has no entry); ``open_kmh`` where no land cover is given; ``on_friction`` is
    a factor: times this, the speeds that a friction surface means.
    """

    land_cover: dict[int, float]
    land_cover_names: dict[int, str]
    roads: dict[str, float]
    surface: dict[str, float]
    open_kmh: float
    on_friction: float = 1.0


@dataclass(frozen=True)
class Bicycle:
    """What a cyclist's speed on a slope is made of.

    ``drag_area_m2`` is the frontal area times the drag coefficient; ``rolling_resistance`` a share of the weight. Going
    down is at most ``most_times_flat`` as fast as on the flat; where pushing is faster than riding, the bicycle is
    pushed, at ``pushing_kmh`` on the flat.
    """

    rider_kg: float
    bicycle_kg: float
    rolling_resistance: float
    drag_area_m2: float
    air_kg_m3: float
    most_times_flat: float
    pushing_kmh: float


@dataclass(frozen=True)
class RideSpeeds:
    """Speeds of a vehicle in one season, km/h: by road class, times the factors of what the road is like.

    ``roads`` by highway class (a class without entry, or with 0, is not ridden; "ferry" is a class of its own);
    ``surface``, ``smoothness``, ``tracktype`` are factors by tag value (1 where the tag is missing or has no entry; 0 =
    impassable). ``bicycle``: these are speeds on the flat, and change with slope; None = slope changes nothing.
    ``season``: roads that are closed in it are not ridden, nor fords in the wet season.
    """

    roads: dict[str, float]
    surface: dict[str, float]
    smoothness: dict[str, float]
    tracktype: dict[str, float]
    bicycle: Bicycle | None = None
    season: Literal["dry", "wet"] = "dry"


@dataclass(frozen=True)
class Numbers:
    """All numbers read from the planner's data files for one scenario, with the assumptions they stand for.

    ``compared`` is as ``walking``, with the second table of walking speeds by land cover; None where none is compared.
    ``rides`` are by the name of the traveller; one on foot all the way has none.
    """

    walking: WalkingSpeeds
    compared: WalkingSpeeds | None
    rides: dict[str, RideSpeeds]
    care: CareNumbers
    decay: Decay
    assumptions: tuple[Assumption, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class SpeedTable:
    """A table of speeds as it is shown: ``rows`` hold the speed in the dry season with its range and source.

    ``wet`` is the speed in the wet season, row by row; empty for a table of factors.
    """

    title: str
    rows: tuple[Assumption, ...]
    wet: tuple[float, ...]
