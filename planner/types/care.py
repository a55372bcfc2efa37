"""Care by CHWs: the numbers it is reckoned from, and what each post is expected to see, to need and to work."""

from __future__ import annotations

from dataclasses import dataclass

from planner.types.arrays import Doubles, Ints, check_array


@dataclass(frozen=True)
class Range:
    """A number, and how low and high it may be: all the same where the source has no range."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Commodity:
    """``units_per_episode`` of ``item`` for one treated episode of ``illness``.

    ``pack_units`` units come in a pack; a unit weighs ``grams``, its share of the pack included.
    """

    item: str
    illness: str
    units_per_episode: float
    unit: str
    pack_units: int
    grams: float


@dataclass(frozen=True)
class CareNumbers:
    """What care is reckoned from.

    Attributes
    ----------
    episodes
        Per child under five and year, by illness.
    commodities
        What one treated episode takes.
    seeking
        Share of the ill children who are brought to a CHW next door.
    decay_per_km
        Share by which that falls with each km to the CHW.
    referred
        Share of the children seen whom the CHW refers.
    """

    episodes: dict[str, Range]
    commodities: tuple[Commodity, ...]
    seeking: Range
    decay_per_km: Range
    referred: Range


@dataclass(frozen=True)
class Decay:
    """How much less facilities are used farther away, as shares lost with each km or hour.

    ``facility_per_km`` is in a straight line, and no more is lost beyond ``facility_upto_km``;
    ``facility_per_hour_riding`` is for a traveller with a vehicle. ``e2sfca`` are the weights of people in equal parts
    of the reach, the nearest first.
    """

    facility_per_km: float
    facility_upto_km: float
    facility_per_hour: float
    facility_per_hour_riding: float
    e2sfca: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Supply:
    """What each post is expected to see, to need and to work, a month where nothing else is said.

    Attributes
    ----------
    people, under_fives
        In the post's catchment.
    illnesses, items, item_units, pack_units
        Names of the columns below; units of an item, and units in a pack.
    need
        Episodes a month were every ill child brought to the CHW, ``(3, post, illness)``: the number, its low, its high.
    use
        Episodes a month that are brought, for the distance: as `need`.
    referred
        Children referred a month, ``(3, post)``, of those brought.
    units_need, units_use
        Units a month ``(post, item)`` for `need` and for `use`.
    packs
        Whole packs in a delivery ``(post, item)``, safety stock included.
    kg
        Of a delivery, by post.
    hours_week
        Of work a week of each CHW at the post; NaN where no CHW lives.
    """

    people: Doubles
    under_fives: Doubles
    illnesses: tuple[str, ...]
    items: tuple[str, ...]
    item_units: tuple[str, ...]
    pack_units: Ints
    need: Doubles
    use: Doubles
    referred: Doubles
    units_need: Doubles
    units_use: Doubles
    packs: Ints
    kg: Doubles
    hours_week: Doubles

    def __post_init__(self) -> None:
        posts, illnesses, items = len(self.people), len(self.illnesses), len(self.items)
        for name, shape in (
            ("under_fives", (posts,)), ("need", (3, posts, illnesses)), ("use", (3, posts, illnesses)),
            ("referred", (3, posts)), ("units_need", (posts, items)), ("units_use", (posts, items)), ("kg", (posts,)),
            ("hours_week", (posts,)),
        ):  # fmt: skip
            check_array(name, getattr(self, name), "float64", shape)
        check_array("packs", self.packs, "int32", (posts, items))
        check_array("pack_units", self.pack_units, "int32", (items,))
