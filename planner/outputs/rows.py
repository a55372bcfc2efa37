"""Plan to tables: the one place where results become rows. Map, report, workbook and layers all show these rows.

Columns have the names of `planner.outputs.columns`. Minutes are inf where there is no way; NaN is unknown, or a share
of nobody. The name of a lay worker never leaves: a post has an id and the name of its village.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.outputs.language import retold, say
from planner.scenario import Scenario
from planner.types.arrays import Bools, Doubles, Floats, Ints
from planner.types.results import Plan

OUTSIDE = "outside all areas"

OF_TABLES = {  # what numbers of tables mean, by the begin of their keys
    "walking.land_cover": "walking speed, land cover: {what}",
    "walking.compared": "walking speed in the table compared, land cover: {what}",
    "walking.road": "walking speed, class of road: {what}",
    "season.land_cover": "factor of speeds in the wet season, land cover: {what}",
    "season.surface": "factor of speeds in the wet season, surface of road: {what}",
    "season.highway": "factor of speeds in the wet season, class of road: {what}",
    "care.episodes": "expected episodes: {what}",
    "care.commodities": "supply for one episode: {what}",
}


def coverage(plan: Plan) -> pd.DataFrame:
    """People within each threshold of each kind of care, in all areas together (outside excluded, if there are any)."""
    last = len(plan.areas) or 1
    frame = _coverage_rows(
        plan,
        plan.coverage.people[:, :last].sum(axis=1, keepdims=True),
        plan.coverage.under_fives[:, :last].sum(axis=1, keepdims=True),
        plan.coverage.area_people[:last].sum(keepdims=True),
        plan.coverage.area_under_fives[:last].sum(keepdims=True),
    )
    return frame.drop(columns="area_position")


def coverage_by_area(plan: Plan) -> pd.DataFrame:
    """People within each threshold of each kind of care, area by area, the people outside all areas last."""
    cover, areas = plan.coverage, plan.areas
    frame = _coverage_rows(plan, cover.people, cover.under_fives, cover.area_people, cover.area_under_fives)
    position = frame.pop("area_position").to_numpy()
    position = np.where(position == len(areas), -1, position)
    frame.insert(0, "area_code", pick(areas.code, position))
    frame.insert(1, "area", pick(areas.name, position, OUTSIDE))
    frame.insert(2, "parent", pick(areas.parent_name, position))
    return frame


def _coverage_rows(
    plan: Plan, people: Doubles, under_fives: Doubles, of_people: Doubles, of_under_fives: Doubles
) -> pd.DataFrame:
    n_care, n_area, n_minutes = people.shape
    area, care, minutes = (
        axis.ravel() for axis in np.meshgrid(np.arange(n_area), np.arange(n_care), np.arange(n_minutes), indexing="ij")
    )
    within, within_under_fives = people[care, area, minutes], under_fives[care, area, minutes]
    return pd.DataFrame(
        {
            "area_position": area,
            "care": pick(plan.coverage.care, care),
            "within_minutes": plan.coverage.thresholds[minutes],
            "people_within": within,
            "people": of_people[area],
            "share_percent": percent(within, of_people[area]),
            "under_fives_within": within_under_fives,
            "under_fives": of_under_fives[area],
            "under_fives_share_percent": percent(within_under_fives, of_under_fives[area]),
        }
    )


def other_speeds(plan: Plan) -> pd.DataFrame:
    """People within each threshold of a facility with two tables of walking speeds, in all areas together."""
    columns = [
        "speeds", "within_minutes", "people_within", "people", "share_percent", "under_fives_within", "under_fives",
        "under_fives_share_percent",
    ]  # fmt: skip
    told = plan.other_speeds
    if told is None:
        return pd.DataFrame(columns=columns)
    last = len(plan.areas) or 1
    table, minutes = pairs(2, len(told.thresholds))
    of_people = np.full(len(table), plan.coverage.area_people[:last].sum())
    of_under_fives = np.full(len(table), plan.coverage.area_under_fives[:last].sum())
    people, under_fives = told.people.ravel(), told.under_fives.ravel()
    values = (
        pick(told.tables, table), told.thresholds[minutes], people, of_people, percent(people, of_people), under_fives,
        of_under_fives, percent(under_fives, of_under_fives),
    )  # fmt: skip
    return pd.DataFrame(dict(zip(columns, values, strict=True)))


def villages(plan: Plan) -> pd.DataFrame:
    """All villages: hard-to-reach ones first, most under-fives first."""
    places, access = plan.villages, plan.access
    lon, lat = plan.land.frame.lonlat(places.x, places.y)
    post = at(plan.chw_catchment, places.cell, -1)
    frame = pd.DataFrame(
        {
            "village_id": list(places.id),
            "village": list(places.name),
            **area_names(plan, places.area),
            "listed": places.listed,
            "carried": list(places.carried),
            "lon": lon,
            "lat": lat,
            "people": places.people,
            "under_fives": places.under_fives,
            "hard_to_reach": access.hard_to_reach,
            "hard_people": sum_by(places.of_cell, np.where(plan.hard_to_reach, plan.land.people, 0.0), len(places)),
            "minutes_to_facility": access.minutes,
            "km_to_facility": access.km,
            "facility": pick(plan.facilities.name, access.nearest),
            "minutes_with_chws": access.minutes_with_chws,
            "minutes_with_plan": at(plan.with_plan.minutes, places.cell, np.nan),
            "served_by": pick(plan.posts.id, post),
            "served_by_proposed": np.asarray(plan.posts.proposed[post] & (post >= 0)) if len(plan.posts) else False,
        }
    )
    by = ["hard_to_reach", "under_fives", "village_id"]
    return frame.sort_values(by, ascending=[False, False, True], ignore_index=True)


def hard(plan: Plan) -> pd.DataFrame:
    """Hard-to-reach villages, most under-fives first."""
    frame = villages(plan)
    return frame[frame["hard_to_reach"]].drop(columns="hard_to_reach")


def facilities(plan: Plan) -> pd.DataFrame:
    """Facilities, with the people who reach each of them first."""
    places, nearest = plan.facilities, plan.to_facility.nearest
    lon, lat = plan.land.frame.lonlat(places.x, places.y)
    room = plan.reached.room.of_facility
    return pd.DataFrame(
        {
            "facility_id": list(places.id),
            "facility": list(places.name),
            "type": list(places.type),
            "tier": places.tier,
            **area_names(plan, at(plan.land.area, plan.facility_cell, -1)),
            "lon": lon,
            "lat": lat,
            "on_grid": plan.facility_cell >= 0,
            "people_first": sum_by(nearest, plan.land.people, len(places)),
            "under_fives_first": sum_by(nearest, plan.land.under_fives, len(places)),
            "room_people": np.where(np.isfinite(room), room, np.nan),
            "room_taken": plan.reached.room.at_facility,
            "posts": plan.supervision.posts,
            "supervisors": plan.supervision.supervisors,
            "position": np.arange(len(places)),
        }
    )


def posts(plan: Plan) -> pd.DataFrame:
    """Proposed posts in the order of their gain, then those of today."""
    frame = posts_in_order(plan)
    return pd.concat([frame[frame["proposed"]], frame[~frame["proposed"]]], ignore_index=True)


def posts_in_order(plan: Plan) -> pd.DataFrame:
    """All posts in the plan's own order."""
    places, new = plan.posts, plan.posts.proposed
    lon, lat = plan.land.frame.lonlat(places.x, places.y)
    gain, gain_under_fives = np.full(len(places), np.nan), np.full(len(places), np.nan)
    gain[new], gain_under_fives[new] = plan.placement.gain, plan.placement.gain_under_fives
    serves = np.full(len(places), np.nan)
    serves[new] = plan.placement.serves
    rolled = plan.alternatives.years
    year = np.full(len(places), np.nan)
    year[new] = 1 if rolled is None else rolled.begins + 1
    return pd.DataFrame(
        {
            "proposed": new,
            "rank": np.where(new, np.cumsum(new), np.nan),
            **post_names(plan),
            "village_id": pick(plan.villages.id, places.village),
            **area_names(plan, at(plan.land.area, places.cell, -1)),
            "lon": lon,
            "lat": lat,
            "year": year,
            "chws": places.chws,
            "new_people": gain,
            "new_under_fives": gain_under_fives,
            "serves": serves,
            "catchment_people": plan.supply.people,
            "catchment_under_fives": plan.supply.under_fives,
            "minutes_to_facility": at(plan.to_facility.minutes, places.cell, np.nan),
            "position": np.arange(len(places)),
        }
    )


def supervision(plan: Plan) -> pd.DataFrame:
    """For each post where a CHW lives with the plan: the facility that supervises it ("" = none within the limit)."""
    rule = plan.supervision
    frame = pd.DataFrame(
        {
            **post_names(plan),
            **facility_names(plan, rule.facility),
            "minutes": rule.minutes,
            "other_minutes": rule.other_minutes,
        }
    )
    return frame[plan.posts.works].reset_index(drop=True)


def checks(plan: Plan) -> pd.DataFrame:
    """Notes: what was found, repaired, left out; below each its changes one by one, without a count."""
    columns = ["level", "where", "what", "count", "place", "before", "after"]
    lines: list[list[object]] = []
    for note in plan.notes:
        said = [note.level, say(retold(note.where)), retold(note.what)]
        lines.append([*said, note.count, "", "", ""])
        lines += [[*said, np.nan, *map(retold, (change.place, change.before, change.after))] for change in note.changes]
    return pd.DataFrame(lines, columns=columns)


def assumptions(plan: Plan) -> pd.DataFrame:
    """Every number that entered the answer; one whose source was recalled and not read is not verified."""
    columns = ["key", "value", "unit", "low", "high", "source", "verified"]
    frame = pd.DataFrame([[getattr(row, column) for column in columns] for row in plan.assumptions], columns=columns)
    frame["source"] = [say(source) for source in frame["source"]]  # a remark of our own; citations stay as they are
    frame.insert(1, "meaning", [_meaning(plan.scenario, row.key) for row in plan.assumptions])
    return frame


def _meaning(scenario: Scenario, key: str) -> str:
    """What a key means, of the scenario ("reach.max_minutes") or of a table; "" where its unit says it all."""
    section, _, name = key.rpartition(".")
    if section in OF_TABLES:
        return say(OF_TABLES[section], what=say(name))
    group, _, member = section.partition(".")
    found = getattr(scenario, group, None)
    fields = getattr(type(found.get(member) if isinstance(found, dict) else found), "model_fields", {})
    return str(fields[name].description) if name in fields else ""


def sources(plan: Plan) -> pd.DataFrame:
    """Files that were read."""
    columns = ["role", "file", "citation", "sha256"]
    return pd.DataFrame([[getattr(source, column) for column in columns] for source in plan.sources], columns=columns)


def in_areas(plan: Plan) -> Bools:
    """Cells inside the areas; all of them where there are no areas."""
    return plan.land.area >= 0 if len(plan.areas) else np.ones(plan.land.frame.n, bool)


def pick(values: Sequence[str], positions: Ints | npt.NDArray[np.int64], missing: str = "") -> list[str]:
    """Text at each position; ``missing`` at -1."""
    return [values[position] if position >= 0 else missing for position in positions.tolist()]


def at(values: Floats | Ints, cells: Ints, missing: float) -> Any:
    """Value of each cell; ``missing`` where the cell is -1."""
    return np.where(cells >= 0, values[cells], np.asarray(missing, values.dtype))


def sum_by(position: Ints, of: Doubles, count: int) -> Doubles:
    """Sum of ``of`` over the cells of each position; cells at -1 belong to none."""
    own = position >= 0
    return np.bincount(position[own], of[own], count).astype(np.float64)


def percent(part: npt.ArrayLike, whole: npt.ArrayLike) -> Doubles:
    """100 part / whole; NaN where the whole is nobody."""
    part, whole = np.asarray(part, float), np.asarray(whole, float)
    share: Doubles = np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
    return 100 * share


def area_names(plan: Plan, positions: Ints) -> dict[str, list[str]]:
    """Names of areas by position, and of the areas above; -1 = outside."""
    return {
        "area": pick(plan.areas.name, positions, OUTSIDE),
        "parent": pick(plan.areas.parent_name, positions),
    }


def post_names(plan: Plan) -> dict[str, list[str]]:
    """Id of each post, and its village: the CHW's own name stays in the register."""
    return {"post_id": list(plan.posts.id), "village": pick(plan.villages.name, plan.posts.village)}


def facility_names(plan: Plan, positions: Ints) -> dict[str, list[str]]:
    """Ids and names of facilities by position; "" for -1."""
    return {
        "facility_id": pick(plan.facilities.id, positions),
        "facility": pick(plan.facilities.name, positions),
    }


def pairs(first: int, second: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions of all pairs of two lists, the second running faster."""
    return np.repeat(np.arange(first), second), np.tile(np.arange(second), first)
