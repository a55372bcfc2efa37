"""Speeds on foot and by vehicle from their tables, as they are in the scenario's season and with its load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np

from planner.errors import Fault, InputFaults
from planner.files import data_folder
from planner.inputs.bicycle import read_bicycle
from planner.inputs.delimited import read_csv
from planner.inputs.findings import File, Findings
from planner.inputs.text import examples, number
from planner.inputs.values import Values, locate, needed, prefixed, read_values, shipped_tables
from planner.scenario import Scenario, Season, Walking
from planner.types.inputs import Assumption, Layers, Note, RideSpeeds, Roads, WalkingSpeeds
from planner.types.text import Text

FASTEST_ON_FOOT = 15.0  # km/h: above it the table is one of vehicles, or in other units
FASTEST_RIDE = 130.0
OF_RIDES = ("surface", "smoothness", "tracktype")
OFF_PATH = Assumption(
    "walking.off_path",
    3 / 5,
    "factor",
    np.nan,
    np.nan,
    "Tobler 1993: walking off the path is 3/5 as fast",
    verified=True,
)


Legend = dict[int, tuple[str, str]]  # name and class of land cover by raster code


@dataclass(frozen=True)
class Wet:
    """Factors of the wet season on speeds by class of land cover, road surface and road class; none = 1."""

    land_cover: Values
    surface: Values
    highway: Values


DRY = Wet({}, {}, {})


@dataclass(frozen=True)
class OnFoot:
    """Tables of speeds on foot: by land cover, the one it is compared with (empty: none), and by road class.

    ``legend`` has each code of land cover that occurs.
    """

    legend: Legend
    ground: Values
    other: Values
    roads: Values


def read_wet(season: Season, findings: Findings) -> Wet:
    """The factors of the wet season, whatever the season of the plan."""
    if not season.wet_factors:
        return DRY
    file = locate(season.wet_factors, "speeds", "wet", findings)
    return Wet(**split(read_values(read_csv(file)), ("land_cover", "surface", "highway"), file))


def read_on_foot(scenario: Scenario, layers: Layers, findings: Findings) -> OnFoot:
    """The tables of speeds on foot; what is wrong with them stands in the findings, and is empty here."""
    walking = scenario.walking
    legend: Legend = {}
    ground: Values = {}
    if scenario.friction.file:  # the speeds are in it; road classes still say which roads lead over water
        if scenario.season.name == "wet" and scenario.season.wet_factors:
            what = Text("the wet season closes water on it, and does not change its speeds")
            findings.notes.append(Note("info", "friction", what, 0.0))
    elif layers.land_cover is not None:
        legend = findings.attempt(read_cover, scenario, layers, findings) or {}
        ground = findings.attempt(read_ground, walking, legend, layers, findings) or {}
    elif scenario.land_cover.file:  # it could not be read: its table of speeds is still checked
        findings.attempt(read_speeds, walking.speeds, "walking", FASTEST_ON_FOOT, findings)
    on_roads = findings.attempt(read_speeds, walking.road_speeds, "roads_on_foot", FASTEST_ON_FOOT, findings) or {}
    other = findings.attempt(read_compared, walking, legend, findings) or {}
    return OnFoot(legend, ground, other, on_roads)


def walking_speeds(walking: Walking, tables: OnFoot, ground: Values, wet: Wet) -> WalkingSpeeds:
    """Speeds on foot with one of the tables of speeds by land cover (`ground`)."""
    load = walking.load_factor
    off_path = load * (OFF_PATH.value if walking.slope == "tobler_off_path" else 1.0)
    return WalkingSpeeds(
        land_cover={
            code: off_path * ground[land_cover].value * factor(wet.land_cover, land_cover)
            for code, (_, land_cover) in tables.legend.items()
        },
        land_cover_names={code: name for code, (name, _) in tables.legend.items()},
        roads={key: load * each.value * factor(wet.highway, key) for key, each in tables.roads.items()},
        surface={key: each.value for key, each in wet.surface.items()},
        open_kmh=off_path * walking.open_kmh,
        on_friction=load,
    )


def used_on_foot(scenario: Scenario, tables: OnFoot, roads: Roads, wet: Wet) -> list[Assumption]:
    """The numbers of the tables that speeds on foot are made of, here; none where a friction surface has the speeds."""
    if scenario.friction.file:
        return []
    there = {land_cover for _, land_cover in tables.legend.values()}
    return [
        *prefixed("walking.land_cover.", among(tables.ground, there)),
        *prefixed("walking.compared.", among(tables.other, there)),
        *prefixed("walking.road.", among(tables.roads, roads.highway)),
        *([OFF_PATH] if scenario.walking.slope == "tobler_off_path" else []),
        *prefixed("season.land_cover.", among(wet.land_cover, there)),
        *prefixed("season.surface.", among(wet.surface, roads.surface)),
        *prefixed("season.highway.", among(wet.highway, roads.highway)),
    ]


def read_rides(
    scenario: Scenario, roads: Roads, wet: Wet, findings: Findings
) -> tuple[dict[str, RideSpeeds], list[Assumption]]:
    """Speeds of the travellers' vehicles by the traveller's name, and the numbers of the tables that are used."""
    rides: dict[str, RideSpeeds] = {}
    used: dict[str, Assumption] = {}
    of_roads = {"surface": roads.surface, "smoothness": roads.smoothness, "tracktype": roads.tracktype}
    for name, traveller in scenario.travellers.items():
        if not traveller.ride:
            continue
        ride = findings.attempt(read_ride, traveller.ride, findings)
        if ride is None:
            continue
        on_roads, factors = ride
        surfaces = {**dict.fromkeys(wet.surface, 1.0), **{key: each.value for key, each in factors["surface"].items()}}
        rides[name] = RideSpeeds(
            roads={key: each.value * factor(wet.highway, key) for key, each in on_roads.items()},
            surface={key: value * factor(wet.surface, key) for key, value in surfaces.items()},
            smoothness={key: each.value for key, each in factors["smoothness"].items()},
            tracktype={key: each.value for key, each in factors["tracktype"].items()},
            season=scenario.season.name,
        )
        if traveller.slope == "bicycle_power":
            bicycle, power = read_bicycle(findings)
            rides[name] = replace(rides[name], bicycle=bicycle)
            used |= {each.key: each for each in power}
            if not scenario.elevation.file:
                what = Text("[elevation] names no file: the bicycle rides as if everything were level")
                findings.notes.append(Note("warning", f"travellers.{name}", what, 0.0))
        table = f"ride.{traveller.ride}."
        numbers = prefixed(f"{table}highway.", among(on_roads, roads.highway))
        for group, there in of_roads.items():
            numbers += prefixed(f"{table}{group}.", among(factors[group], there))
        used |= {each.key: each for each in numbers}
        bare = Counter(surface for surface in map(str, roads.surface) if surface and surface not in surfaces)
        if bare and numbers:
            what = Text(
                "road surfaces without a factor, ridden as if they had the factor 1: {examples}",
                examples=examples(sorted(bare)),
            )
            findings.notes.append(Note("info", Text("ride ({vehicle})", vehicle=traveller.ride), what, bare.total()))
    return rides, list(used.values())


def factor(factors: Values, key: str) -> float:
    """The factor of a class; 1 where it has none."""
    return factors[key].value if key in factors else 1.0


def among(values: Values, keys: Iterable[object]) -> list[Assumption]:
    """Those of the keys that occur, in the order of the table."""
    there = set(keys)
    return [each for key, each in values.items() if key in there]


def read_cover(scenario: Scenario, layers: Layers, findings: Findings) -> Legend:
    """Name and class of each code of land cover that occurs; codes that the legend lacks are told as a fault.

    Where the scenario has a speed for such land cover, each is a class of its own.
    """
    file = locate(scenario.land_cover.legend, "legends", "", findings)
    known = read_legend(file)
    codes = [code for code in np.unique(np.asarray(layers.land_cover)).tolist() if code != -1]
    unknown = [code for code in codes if code not in known]
    if unknown and scenario.walking.default_kmh is not None:
        known |= {code: (f"code {code}", f"code {code}") for code in unknown}
    elif unknown:
        told = examples((f"{code} ({share_of(layers, [code])})" for code in unknown), most=20)
        findings.faults.append(
            Fault(
                file.where,
                f"has no entry for the land cover {told}.",
                "Name the right legend under [land_cover] (the planner has "
                f"{', '.join(shipped_tables('legends', ''))}), or write your own CSV with the columns code, name, "
                'land_cover: legend = "legend.csv". Or give one speed for all that is lacking, under [walking]: '
                "default_kmh = 3.0.",
            )
        )
    return {code: known[code] for code in codes if code in known}


def share_of(layers: Layers, codes: list[int]) -> Text:
    """How much of the land cover's area has these codes, and how many people live there."""
    here = np.isin(np.asarray(layers.land_cover), codes)
    frame = layers.frame
    width = np.ones(frame.ny)
    if frame.geographic:  # cells narrow towards the poles
        width = np.cos(np.radians(frame.north - (np.arange(frame.ny) + 0.5) * frame.dy))
    cells, covered = (flags.reshape(frame.shape).sum(axis=1) for flags in (here, np.asarray(layers.land_cover) != -1))
    area = 100 * (cells * width).sum() / (covered * width).sum()
    people = np.nansum(layers.people[here])
    return Text("{area:.1f} % of the area, {people:,.0f} people", area=area, people=people)


def read_legend(file: File) -> Legend:
    """Name and class of land cover by raster code."""
    table = read_csv(file)
    legend: Legend = {}
    wrong: list[str] = []
    columns = needed(table, ("code", "name", "land_cover"))
    for row, code, name, land_cover in zip(table.row, *columns, strict=True):
        value = number(code)
        if not value.is_integer() or int(value) in legend or not land_cover:
            wrong.append(f'row {row} "{code}"')
        else:
            legend[int(value)] = (name or land_cover, land_cover)
    if wrong:
        raise file.fault(
            f"has codes that are no whole number, repeated or without land_cover: {examples(wrong)}.", "Correct them."
        )
    return legend


def read_ground(walking: Walking, legend: Legend, layers: Layers, findings: Findings) -> Values:
    """Speeds on foot by class of land cover; every class that occurs must have one, or the scenario one for others."""
    name = walking.speeds
    speeds = read_speeds(name, "walking", FASTEST_ON_FOOT, findings)
    file = locate(name, "speeds", "walking", findings)
    codes: dict[str, list[int]] = {}
    for code, (_, land_cover) in sorted(legend.items(), key=lambda entry: entry[1][1]):
        codes.setdefault(land_cover, []).append(code)
    told = {each: Text("{name} ({share})", name=Text(each), share=share_of(layers, codes[each])) for each in codes}
    lacking = [told[each] for each in codes if each not in speeds]
    if lacking and walking.default_kmh is None:
        raise InputFaults(
            [
                Fault(
                    f"walking.speeds ({name})",
                    f"has no speed for the land cover {examples(lacking, most=20)}; "
                    f"it has {', '.join(sorted(speeds))}.",
                    "Use these words in the legend, or write your own CSV with the columns key (land_cover of the "
                    'legend) and value (km/h, 0 = closed) and name it under [walking]: speeds = "speeds.csv". Or give '
                    "one speed for all that is lacking, under [walking]: default_kmh = 3.0.",
                )
            ]
        )
    if lacking:
        what = Text(
            "walked at {kmh:g} km/h (default_kmh), without a speed in the table: {examples}",
            kmh=walking.default_kmh,
            examples=examples(lacking, most=20),
        )
        file.note("repaired", what, len(lacking))
    speeds = with_default(speeds, codes, walking.default_kmh)
    closed = [told[each] for each in codes if not speeds[each].value]
    if closed:
        file.note("info", Text("closed, by a speed of 0: {examples}", examples=examples(closed, most=20)), len(closed))
    return speeds


def with_default(speeds: Values, classes: Iterable[str], kmh: float | None) -> Values:
    """Speeds with one for the classes that have none; as they are where the scenario says none."""
    if kmh is None:
        return speeds
    given = Assumption("", kmh, "km/h", np.nan, np.nan, "default_kmh of the scenario", verified=True)
    return {**{each: replace(given, key=each) for each in classes}, **speeds}


def read_compared(walking: Walking, legend: Legend, findings: Findings) -> Values:
    """The second table of speeds by land cover; empty where there is nothing to compare, or it lacks a class."""
    name = walking.compare_speeds
    if not legend or name in ("", walking.speeds):
        return {}
    there = {land_cover for _, land_cover in legend.values()}
    speeds = with_default(read_speeds(name, "walking", FASTEST_ON_FOOT, findings), there, walking.default_kmh)
    missing = sorted(there - set(speeds))
    if missing:
        what = Text("has no speed for {examples}: the answer is not compared with it", examples=examples(missing))
        locate(name, "speeds", "walking", findings).note("left out", what, len(missing))
        return {}
    return speeds


def read_speeds(name: str, prefix: str, fastest: float, findings: Findings) -> Values:
    """Speeds in km/h by class; 0 = closed."""
    file = locate(name, "speeds", prefix, findings)
    speeds = read_values(read_csv(file))
    check_limits(speeds, fastest, file)
    return speeds


def check_limits(speeds: Values, fastest: float, file: File) -> None:
    """Raise InputFaults where a speed is below 0 or above what the traveller can do."""
    wrong = [f"{key} {each.value:g}" for key, each in speeds.items() if not 0 <= each.value <= fastest]
    if wrong:
        who = "speeds on foot" if fastest == FASTEST_ON_FOOT else "speeds of a vehicle"
        raise file.fault(
            f"has {who} below 0 or above {fastest:g} km/h: {examples(wrong)}.", "Give km/h; 0 closes a class."
        )


def read_ride(name: str, findings: Findings) -> tuple[Values, dict[str, Values]]:
    """Speeds of a vehicle by road class, and factors of what the road is like: the table's own, else the planner's."""
    shipped = File(data_folder() / "speeds" / "ride_factors.csv", "speeds/ride_factors.csv", findings)
    factors = split(read_values(read_csv(shipped)), OF_RIDES, shipped)
    file = locate(name, "speeds", "ride", findings)
    table = read_values(read_csv(file))
    own = split({key: each for key, each in table.items() if "." in key}, OF_RIDES, file)
    speeds = {key: each for key, each in table.items() if "." not in key}
    check_limits(speeds, FASTEST_RIDE, file)
    return speeds, {group: {**factors[group], **own[group]} for group in OF_RIDES}


def split(values: Values, groups: Collection[str], file: File) -> dict[str, Values]:
    """Factors by group and what follows in their key: ``surface.gravel`` is gravel in the group surface."""
    parts: dict[str, Values] = {group: {} for group in groups}
    wrong = []
    for key, each in values.items():
        group, _, name = key.partition(".")
        if group in parts and name and 0 <= each.value <= 1:
            parts[group][name] = replace(each, key=name)
        else:
            wrong.append(f"{key} {each.value:g}")
    if wrong:
        raise file.fault(
            f"has factors below 0 or above 1, or keys that do not begin with {'., '.join(groups)}.: {examples(wrong)}.",
            "Correct them; 1 changes nothing, 0 is impassable.",
        )
    return parts
