"""Tables of numbers: walking speeds, legends of land cover, episodes and commodities, each with its source."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from planner.errors import Fault, InputFaults
from planner.files import data_folder
from planner.inputs.delimited import read_csv
from planner.inputs.findings import File, Findings
from planner.inputs.table import Table
from planner.inputs.text import did_you_mean, examples, number
from planner.scenario import Scenario
from planner.types.inputs import Assumption, CareNumbers, Commodity, Numbers, WalkingSpeeds

FASTEST_ON_FOOT = 15.0  # km/h: above it the table is one of vehicles, or in other units
STATUS = ("read", "recalled")

Speeds = dict[str, Assumption]


def read_all_numbers(
    scenario: Scenario, folder: Path, land_cover_codes: Collection[int], highway_classes: Collection[str]
) -> Numbers:
    """Read the number tables of a scenario; see `planner.inputs.read_numbers`."""
    findings = Findings(folder)
    codes = sorted({int(code) for code in land_cover_codes} - {-1})
    ground = findings.attempt(ground_speeds, scenario, codes, findings) or ({}, {}, [])
    roads = findings.attempt(read_speeds, scenario.walking.road_speeds, "roads_on_foot", findings) or {}
    care = findings.attempt(read_care, findings)
    if findings.faults or care is None:
        raise InputFaults(findings.faults)
    by_code, names, used = ground
    walking = WalkingSpeeds(
        by_code, names, {key: speed.value for key, speed in roads.items()}, scenario.walking.open_kmh
    )
    used_roads = prefixed("walking.road.", (roads[key] for key in roads if key in set(highway_classes)))
    return Numbers(walking, care[0], (*used, *used_roads, *care[1]))


def ground_speeds(
    scenario: Scenario, codes: list[int], findings: Findings
) -> tuple[dict[int, float], dict[int, str], list[Assumption]]:
    """Speed and name of each code that occurs, and the speeds of the classes used."""
    if not codes and not scenario.land_cover.file:
        return {}, {}, []
    legend_file = locate(scenario.land_cover.legend, "legends", "", findings)
    legend = read_legend(legend_file)
    unknown = [code for code in codes if code not in legend]
    speeds = read_speeds(scenario.walking.speeds, "walking", findings)
    slow = sorted({legend[code][1] for code in codes if code in legend} - set(speeds))
    faults = []
    if unknown:
        faults.append(
            Fault(
                legend_file.where,
                f"has no entry for the land cover {examples(unknown, most=20)}.",
                f"Name the right legend under [land_cover] (the planner has {', '.join(shipped('legends', ''))}), "
                'or write your own CSV with the columns code, name, land_cover: legend = "legend.csv".',
            )
        )
    if slow:
        faults.append(
            Fault(
                f"walking.speeds ({scenario.walking.speeds})",
                f"has no speed for the land cover {examples(slow, most=20)}; it has {', '.join(sorted(speeds))}.",
                "Use these words in the legend, or write your own CSV with the columns key (land_cover of the legend) "
                'and value (km/h, 0 = closed) and name it under [walking]: speeds = "speeds.csv".',
            )
        )
    if faults:
        raise InputFaults(faults)
    names = {code: legend[code][0] for code in codes}
    classes = {legend[code][1] for code in codes}
    used = prefixed("walking.land_cover.", (speeds[key] for key in speeds if key in classes))
    return {code: speeds[legend[code][1]].value for code in codes}, names, used


def prefixed(prefix: str, numbers: Iterable[Assumption]) -> list[Assumption]:
    """The same numbers under keys that say what they are."""
    return [replace(each, key=prefix + each.key) for each in numbers]


def locate(name: str, folder: str, prefix: str, findings: Findings) -> File:
    """A table of the planner by name, or a CSV of the user's relative to the scenario."""
    if name.lower().endswith(".csv"):
        file = File(findings.folder / name, name, findings)
        if not file.path.is_file():
            raise file.fault(f"there is no such file in {findings.folder}.", "Correct the path in the scenario.")
        return file
    known = shipped(folder, prefix)
    if name not in known:
        raise InputFaults(
            [
                Fault(
                    f"{prefix or 'legend'} ({name})",
                    f"the planner has no such table; it has {', '.join(known)}.",
                    did_you_mean(name, list(known)) or "Give one of these names, or a path that ends in .csv.",
                )
            ]
        )
    return File(known[name], f"{folder}/{known[name].name}", findings)


def shipped(folder: str, prefix: str) -> dict[str, Path]:
    """The planner's own tables of a folder, by name."""
    start = f"{prefix}_" if prefix else ""
    paths = sorted((data_folder() / folder).glob(f"{start}*.csv"))
    return {path.stem.removeprefix(start): path for path in paths if path.stem != "columns"}


def needed(table: Table, columns: Sequence[str]) -> list[Sequence[str]]:
    """Cells of the columns that a table of numbers must have."""
    lacking = [name for name in columns if table.find(name) is None]
    if lacking:
        raise table.file.fault(
            f"has no column {' and '.join(lacking)}; found {table.shown_header}.",
            f"A CSV with the columns {', '.join(columns)} is needed.",
        )
    return [table.cells(name) for name in columns]


def read_legend(file: File) -> dict[int, tuple[str, str]]:
    """Name and class of land cover by raster code."""
    table = read_csv(file)
    legend: dict[int, tuple[str, str]] = {}
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


def read_speeds(name: str, prefix: str, findings: Findings) -> Speeds:
    """Speeds on foot in km/h by class; 0 = closed."""
    file = locate(name, "speeds", prefix, findings)
    speeds = read_values(read_csv(file))
    wrong = [f"{key} {each.value:g}" for key, each in speeds.items() if not 0 <= each.value <= FASTEST_ON_FOOT]
    if wrong:
        raise file.fault(
            f"has speeds on foot below 0 or above {FASTEST_ON_FOOT:g} km/h: {examples(wrong)}.",
            "Give km/h on foot; 0 closes a class.",
        )
    return speeds


def read_values(table: Table) -> dict[str, Assumption]:
    """The numbers of a table by key. Only key and value must be there; a number without a source is not verified."""
    keys, values = needed(table, ("key", "value"))
    more = [table.optional(name) for name in ("unit", "low", "high", "source", "status")]
    numbers: dict[str, Assumption] = {}
    wrong: list[str] = []
    for row, key, text, unit, low, high, source, status in zip(table.row, keys, values, *more, strict=True):
        value, ends = number(text), (number(low), number(high))
        bad_end = any(math.isnan(end) and word for end, word in zip(ends, (low, high), strict=True))
        if not key or key in numbers or math.isnan(value) or bad_end or (status and status not in STATUS):
            wrong.append(f'row {row} "{key}"')
            continue
        cited = source or f"{table.file.path.name}, no source given"
        numbers[key] = Assumption(key, value, unit, *ends, cited, verified=bool(source) and status == "read")
    if wrong:
        raise table.file.fault(
            f"has {len(wrong)} rows without a key, with a repeated key, a value, low or high that is no number, or a "
            f"status that is not {' or '.join(STATUS)}: {examples(wrong)}.",
            "Correct them.",
        )
    return numbers


def read_care(findings: Findings) -> tuple[CareNumbers, list[Assumption]]:
    """Episodes and commodities, as shipped with the planner."""
    episodes = read_values(read_csv(locate_care("episodes", findings)))
    table = read_csv(locate_care("commodities", findings))
    needs = read_values(table)
    items, illnesses, packs = (table.cells(name) for name in ("item", "illness", "pack_units"))
    commodities = tuple(
        Commodity(item, illness, need.value, need.unit, int(pack))
        for item, illness, pack, need in zip(items, illnesses, packs, needs.values(), strict=True)
    )
    care = CareNumbers({key: each.value for key, each in episodes.items()}, commodities)
    used = [
        *prefixed("care.episodes.", episodes.values()),
        *prefixed("care.commodities.", per_episode(needs)),
    ]
    return care, used


def per_episode(needs: Mapping[str, Assumption]) -> list[Assumption]:
    """Commodities with a unit that says what they are counted by."""
    return [replace(each, unit=f"{each.unit} per episode") for each in needs.values()]


def locate_care(name: str, findings: Findings) -> File:
    """A table of care."""
    return File(data_folder() / "iccm" / f"{name}.csv", f"iccm/{name}.csv", findings)
