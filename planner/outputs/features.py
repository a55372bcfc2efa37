"""Layers to what the map's script draws: short lists of numbers, names, and phrases that it says in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from planner.outputs import post_features, rows
from planner.outputs.encode import (
    count,
    encode_coverage,
    encode_lines,
    encode_points,
    encode_polygons,
    km,
    minutes,
    share,
)
from planner.outputs.language import exact, say
from planner.outputs.layers import layers
from planner.outputs.phrases import phrase
from planner.outputs.post_features import Columns, Feature
from planner.types.results import Plan

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

METRES_PER_DEGREE = 111_320.0  # of the equator, on the ellipsoid WGS 84; only the size of a map's detail hangs on it
MAJOR = {"motorway", "trunk", "primary", "secondary"}
PATH = {"path", "footway", "track", "steps", "bridleway", "cycleway", "pedestrian", "ferry"}

WORKERS, CARE, BASE = "Community health workers", "People and care", "Base map"
# Key, name and heading of each layer, from the lowest to the topmost, and whether it is shown at first.
LAYERS = (
    ("water", "Rivers and lakes", BASE, True),
    ("roads", "Roads and paths", BASE, True),
    ("areas", "Areas", BASE, True),
    ("catchments", "CHW catchments", WORKERS, False),
    ("referrals", "Referral ways", WORKERS, False),
    ("rounds", "Supervision rounds", WORKERS, False),
    ("villages", "Villages", CARE, True),
    ("facilities", "Facilities", CARE, True),
    ("chws", "CHWs today", WORKERS, True),
    ("proposed", "Proposed CHWs", WORKERS, True),
)


def map_layers(plan: Plan) -> list[dict[str, Any]]:
    """All layers of the map that hold anything, from the lowest to the topmost.

    Each has a ``key``, a ``name`` and a ``heading`` for the layer control, the ``labels`` of its popups, the ``forms``
    that the script tells the values in, and ``features``: ``t`` title (and ``T``, where it is a phrase), ``s`` style,
    ``k`` what it is, ``v`` values in the order of the labels, and one of ``p`` point, ``l`` lines, ``a`` polygons;
    points may have a radius ``r`` (pixels) and a short ``n`` text on them.
    """
    given = layers(plan)
    detail = cell_degrees(plan) / 2
    today, proposed = post_features.post_features(plan, given["posts"])
    features = {
        "water": water_features(given["water"], detail),
        "roads": road_features(given["roads"], detail),
        "areas": area_features(plan, given["areas"], detail),
        "catchments": post_features.catchment_features(plan, given["catchments"], 1.5 * detail),
        "referrals": post_features.referral_features(given["referral_routes"], detail),
        "rounds": post_features.round_features(given["supervision_rounds"], detail),
        "villages": village_features(given["villages"]),
        "facilities": facility_features(given["facilities"]),
        "chws": today,
        "proposed": proposed,
    }
    columns = columns_of(plan)
    names = post_features.titles(plan)
    return [
        {
            "key": key, "name": name, "heading": heading, "show": show,
            "labels": [label for label, _ in columns.get(key, [])], "forms": [form for _, form in columns.get(key, [])],
            "features": [post_features.titled(feature, names) for feature in features[key]],
        }
        for key, name, heading, show in LAYERS if features[key]
    ]  # fmt: skip


def columns_of(plan: Plan) -> dict[str, Columns]:
    """Columns of the popups of each layer that has any."""
    posts = post_features.post_columns(plan)
    return {
        "areas": area_columns(plan),
        "catchments": post_features.catchment_columns(),
        "referrals": post_features.referral_columns(plan),
        "rounds": post_features.round_columns(),
        "villages": village_columns(plan),
        "facilities": facility_columns(),
        "chws": posts,
        "proposed": posts,
    }


def cell_degrees(plan: Plan) -> float:
    """Size of a cell in degrees: no line needs more detail than the grid has."""
    frame = plan.land.frame
    return min(frame.dx, frame.dy) / (1.0 if frame.geographic else METRES_PER_DEGREE)


def water_features(frame: GeoDataFrame, detail: float) -> list[Feature]:
    """Lakes as polygons; rivers as lines, seasonal ones apart."""
    shapes = frame.geometry.to_numpy()
    flat = shapely.get_dimensions(shapes) == 2
    seasonal = frame["seasonal"].to_numpy(bool)
    return [
        *({"s": "lake", "a": polygons} for polygons in encode_polygons(shapes[flat], detail)),
        *_merged("river", shapes[~flat & ~seasonal], detail),
        *_merged("seasonal", shapes[~flat & seasonal], detail),
    ]


def road_features(frame: GeoDataFrame, detail: float) -> list[Feature]:
    """Roads in three classes, each one feature: paths below, major roads on top."""
    shapes = frame.geometry.to_numpy()
    kinds = np.array([_road_class(str(highway)) for highway in frame["highway"]], object)
    return [feature for kind in ("path", "minor", "major") for feature in _merged(kind, shapes[kinds == kind], detail)]


def _road_class(highway: str) -> str:
    name = highway.removesuffix("_link")
    return "major" if name in MAJOR else "path" if name in PATH else "minor"


def _merged(style: str, shapes: npt.NDArray[np.object_], detail: float) -> list[Feature]:
    """All lines of one style as one feature: pieces that meet end to end are joined before they are simplified."""
    if not len(shapes):
        return []
    joined = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(shapes)))
    return [{"s": style, "l": encode_lines(shapely.get_parts(joined), detail)}]


def area_columns(plan: Plan) -> Columns:
    """Columns of an area's popup: the reporting step that comes closest to the CHWs' reach stands for coverage."""
    step = exact(plan.coverage.thresholds[coverage_step(plan)])
    return [
        (say("People"), "people"), (say("Under-fives"), "people"),
        (say("Under-fives within {minutes} min of a facility", minutes=step), "share"),
        (say("… of a facility or CHW today"), "share"), (say("… with the plan"), "share"),
        (say("Under-fives hard to reach"), "people"),
    ]  # fmt: skip


def coverage_step(plan: Plan) -> int:
    """Position of the reporting step that stands for coverage."""
    return int(np.argmin(np.abs(plan.coverage.thresholds - plan.scenario.placement.max_minutes)))


def area_features(plan: Plan, frame: GeoDataFrame, detail: float) -> list[Feature]:
    """Outlines with people and coverage."""
    within = plan.coverage.under_fives[:, :, coverage_step(plan)]
    hard = rows.sum_by(plan.land.area, np.where(plan.hard_to_reach, plan.land.under_fives, 0.0), len(plan.areas))
    polygons = encode_coverage(frame.geometry.to_numpy(), detail)
    features = []
    for position, row in enumerate(frame.itertuples(index=False)):
        shares = rows.percent(within[:, position], np.full(len(within), row.under_fives)) / 100
        values = [count(row.people), count(row.under_fives), *(share(part) for part in shares), count(hard[position])]
        kind = phrase("Area in {parent}", parent=row.parent) if row.parent else phrase("Area")
        features.append({"t": row.area, "k": kind, "s": "area", "v": values, "a": polygons[position]})
    return features


def village_columns(plan: Plan) -> Columns:
    """Columns of a village's popup."""
    return [
        (say("People"), "people"), (say("Under-fives"), "people"),
        (say("Nearest facility {traveller}", traveller=say(plan.scenario.reach.traveller)), "text"),
        (say("Time to it"), "minutes"), (say("Nearest in a straight line"), "km"),
        (say("Time to care today"), "minutes"), (say("Time with the plan"), "minutes"),
        (say("Served by CHW"), "text"), (say("Area"), "text"),
    ]  # fmt: skip


def village_features(frame: GeoDataFrame) -> list[Feature]:
    """Villages by class, sized by people; small ones last, so that they are drawn on top."""
    frame = frame.sort_values(["people", "village_id"], ascending=[False, True])
    points = encode_points(frame.geometry.to_numpy())
    return [
        {
            "t": row.village,
            "s": _village_class(row),
            "r": village_radius(row.people),
            "v": [
                count(row.people), count(row.under_fives), row.facility, minutes(row.minutes_to_facility),
                km(row.km_to_facility), minutes(row.minutes_with_chws), minutes(row.minutes_with_plan),
                row.served_by, outside(row.area),
            ],
            "p": point,
        }
        for row, point in zip(frame.itertuples(index=False), points, strict=True)
    ]  # fmt: skip


def _village_class(row: Any) -> str:
    if not row.hard_to_reach:
        return "within"
    return "served-new" if row.served_by_proposed else "served" if row.served_by else "waiting"


def village_radius(people: float) -> float:
    """Radius in pixels: area in proportion to people, between what can be seen and what hides its neighbours."""
    return round(float(np.clip(np.sqrt(max(people, 0.0)) / 4, 2.5, 10)), 1)


def outside(area: str) -> str | list[Any]:
    """The name of an area, or that a place is outside all of them, which is said in the reader's language."""
    return phrase("outside all areas") if area == rows.OUTSIDE else area


def facility_columns() -> Columns:
    """Columns of a facility's popup."""
    return [
        (say("Tier"), "text"), (say("People who reach it first"), "people"),
        (say("Under-fives who reach it first"), "people"), (say("CHWs it supervises"), "people"),
        (say("Supervisors needed"), "people"), (say("Area"), "text"),
    ]  # fmt: skip


def facility_features(frame: GeoDataFrame) -> list[Feature]:
    """Facilities by tier, the highest on top."""
    frame = frame.sort_values("tier", kind="stable")
    points = encode_points(frame.geometry.to_numpy())
    return [
        {
            "t": row.facility,
            "k": row.type or phrase("Facility"),
            "s": facility_style(row.tier),
            "v": [
                str(row.tier), count(row.people_first), count(row.under_fives_first), count(row.posts),
                count(row.supervisors), outside(row.area),
            ],
            "p": point,
        }
        for row, point in zip(frame.itertuples(index=False), points, strict=True)
    ]  # fmt: skip


def facility_style(tier: int) -> str:
    """Style of a tier: from the third on they look alike."""
    return f"tier{min(max(int(tier), 1), 3)}"
