"""Layers to what the map's script draws: short lists of whole numbers, texts ready to read, and the legend.

Coordinates are whole 1e-5 degrees (about a metre), latitude before longitude, each point as the step from the one
before: a third of the size of GeoJSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.outputs import palette, referral_rows, rows, wording
from planner.outputs.layers import layers
from planner.outputs.palette import km_text, minutes_text, percent, whole
from planner.types.results import Plan

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

METRES_PER_DEGREE = 111_320.0  # of the equator, on the ellipsoid WGS 84; only the size of a map's detail hangs on it
MAJOR = {"motorway", "trunk", "primary", "secondary"}
PATH = {"path", "footway", "track", "steps", "bridleway", "cycleway", "pedestrian", "ferry"}

Feature = dict[str, Any]


def map_layers(plan: Plan) -> list[dict[str, Any]]:
    """All layers of the map that hold anything, from the lowest to the topmost.

    Each has a ``key``, a ``name`` and a ``heading`` for the layer control, the ``labels`` of its popups, and
    ``features``: ``t`` title, ``s`` style, ``k`` what it is, ``v`` values in the order of the labels, and one of
    ``p`` point, ``l`` lines, ``a`` polygons; points may have a radius ``r`` (pixels) and a short ``n`` text on them.
    """
    given = layers(plan)
    detail = cell_degrees(plan) / 2
    made = [
        _layer("water", "Rivers and lakes", "Base map", [], water_features(given["water"], detail)),
        _layer("roads", "Roads and paths", "Base map", [], road_features(given["roads"], detail)),
        _layer("areas", "Areas", "Base map", area_labels(plan), area_features(plan, given["areas"], detail)),
        _layer(
            "catchments", "CHW catchments", "Community health workers", ["People", "Under-fives"],
            catchment_features(plan, given["catchments"], 1.5 * detail), show=False,
        ),
        _layer(
            "referrals", "Referral ways", "Community health workers",
            ["To", wording.heading(plan.scenario), "Distance", "Way"],
            referral_features(given["referral_routes"], detail), show=False,
        ),
        _layer(
            "rounds", "Supervision rounds", "Community health workers", ["Day", "Posts", "Under way", "Distance"],
            round_features(given["supervision_rounds"], detail), show=False,
        ),
        _layer(
            "villages", "Villages", "People and care", village_labels(plan), village_features(given["villages"])
        ),
        _layer("facilities", "Facilities", "People and care", FACILITY_LABELS, facility_features(given["facilities"])),
        *_post_layers(plan, given["posts"]),
    ]  # fmt: skip
    return [layer for layer in made if layer["features"]]


def _layer(
    key: str, name: str, heading: str, labels: list[str], features: list[Feature], *, show: bool = True
) -> dict[str, Any]:
    return {"key": key, "name": name, "heading": heading, "labels": labels, "features": features, "show": show}


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


def area_labels(plan: Plan) -> list[str]:
    """Labels of an area's popup: the reporting step that comes closest to the CHWs' reach stands for coverage."""
    minutes = f"{plan.coverage.thresholds[_step(plan)]:g} min"
    return [
        "People", "Under-fives", f"Under-fives within {minutes} of a facility", "… of a facility or CHW today",
        "… with the plan",
    ]  # fmt: skip


def _step(plan: Plan) -> int:
    return int(np.argmin(np.abs(plan.coverage.thresholds - plan.scenario.placement.max_minutes)))


def area_features(plan: Plan, frame: GeoDataFrame, detail: float) -> list[Feature]:
    """Outlines with people and coverage."""
    within = plan.coverage.under_fives[:, :, _step(plan)]
    polygons = encode_coverage(frame.geometry.to_numpy(), detail)
    features = []
    for position, row in enumerate(frame.itertuples(index=False)):
        shares = rows.percent(within[:, position], np.full(len(within), row.under_fives)) / 100
        values = [whole(row.people), whole(row.under_fives), *(percent(share) for share in shares)]
        kind = f"Area in {row.parent}" if row.parent else "Area"
        features.append({"t": row.area, "k": kind, "s": "area", "v": values, "a": polygons[position]})
    return features


def catchment_features(plan: Plan, frame: GeoDataFrame, detail: float) -> list[Feature]:
    """Where the people of each CHW live."""
    chws = frame[frame["kind"] == "CHW"]
    new = dict(zip(plan.posts.id, plan.posts.proposed.tolist(), strict=True))
    return [
        {
            "t": row.name or row.id,
            "k": f"Catchment of {row.id}",
            "s": "catchment-new" if new[row.id] else "catchment",
            "v": [whole(row.people), whole(row.under_fives)],
            "a": polygons,
        }
        for row, polygons in zip(
            chws.itertuples(index=False), encode_polygons(chws.geometry.to_numpy(), detail), strict=True
        )
    ]


def referral_features(frame: GeoDataFrame, detail: float) -> list[Feature]:
    """The way from each post to a facility of each tier."""
    shapes = frame.geometry.to_numpy()
    return [
        {
            "t": row.village or row.post_id,
            "k": f"Referral to a facility of tier {row.tier} or above",
            "s": "referral",
            "v": [row.facility, minutes_text(row.minutes), km_text(row.km), row.way],
            "l": encode_lines(shapely.get_parts(shape), detail),
        }
        for row, shape in zip(frame.itertuples(index=False), shapes, strict=True)
    ]


def round_features(frame: GeoDataFrame, detail: float) -> list[Feature]:
    """The trips of the round of visits."""
    shapes = frame.geometry.to_numpy()
    return [
        {
            "t": row.facility,
            "k": f"Supervision round, supervisor {row.supervisor}",
            "s": "round",
            "v": [f"{row.day}", row.stops, minutes_text(row.travel_minutes), km_text(row.round_km)],
            "l": encode_lines(shapely.get_parts(shape), detail),
        }
        for row, shape in zip(frame.itertuples(index=False), shapes, strict=True)
    ]


def village_labels(plan: Plan) -> list[str]:
    """Labels of a village's popup."""
    return [
        "People", "Under-fives", f"Nearest facility {plan.scenario.reach.traveller}", "Time to it",
        "Nearest in a straight line", "Time to care today", "Time with the plan", "Served by CHW", "Area",
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
                whole(row.people), whole(row.under_fives), row.facility, minutes_text(row.minutes_to_facility),
                km_text(row.km_to_facility), minutes_text(row.minutes_with_chws), minutes_text(row.minutes_with_plan),
                row.served_by, row.area,
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


FACILITY_LABELS = [
    "Tier", "People who reach it first", "Under-fives who reach it first", "CHWs it supervises", "Supervisors needed",
    "Area",
]  # fmt: skip


def facility_features(frame: GeoDataFrame) -> list[Feature]:
    """Facilities by tier, the highest on top."""
    frame = frame.sort_values("tier", kind="stable")
    points = encode_points(frame.geometry.to_numpy())
    return [
        {
            "t": row.facility,
            "k": row.type or "Facility",
            "s": facility_style(row.tier),
            "v": [
                str(row.tier), whole(row.people_first), whole(row.under_fives_first), whole(row.posts),
                whole(row.supervisors), row.area,
            ],
            "p": point,
        }
        for row, point in zip(frame.itertuples(index=False), points, strict=True)
    ]  # fmt: skip


def facility_style(tier: int) -> str:
    """Style of a tier: from the third on they look alike."""
    return f"tier{min(max(int(tier), 1), 3)}"


def _kind(row: Any) -> str:
    """What a post is, and how many CHWs live there or that they leave, where that is not one who stays."""
    chws = f", {row.chws} CHWs" if row.chws > 1 else "" if row.chws else ", leaves with the plan"
    what = f"Proposed CHW, no. {row.rank:.0f}" if row.proposed else "CHW today"
    return f"{what} ({row.post_id}){chws}"


def _post_layers(plan: Plan, frame: GeoDataFrame) -> list[dict[str, Any]]:
    told, more = _more_of_posts(plan)
    points = encode_points(frame.geometry.to_numpy())
    today, proposed = list[Feature](), list[Feature]()
    for row, point in zip(frame.itertuples(index=False), points, strict=True):
        gain = [whole(row.new_people), whole(row.new_under_fives)] if row.proposed else ["", ""]
        feature: Feature = {
            "t": row.village or row.post_id,
            "s": "chw-new" if row.proposed else "chw",
            "k": _kind(row),
            "v": [
                *gain, whole(row.catchment_people), whole(row.catchment_under_fives),
                minutes_text(row.minutes_to_facility), *more.get(row.post_id, [""] * len(told)),
            ],
            "p": point,
        }  # fmt: skip
        if row.proposed:
            feature["n"] = f"{row.rank:.0f}"
        (proposed if row.proposed else today).append(feature)
    labels = [
        "New people covered", "New under-fives covered", "People in its catchment", "Under-fives in its catchment",
        f"To a facility {plan.scenario.reach.traveller}", *told,
    ]  # fmt: skip
    heading = "Community health workers"
    return [
        _layer("chws", "CHWs today", heading, labels, today),
        _layer("proposed", "Proposed CHWs", heading, labels, proposed[::-1]),  # the best choice is drawn on top
    ]


def _more_of_posts(plan: Plan) -> tuple[list[str], dict[str, list[str]]]:
    """What other stages say of each post with a CHW: supervision, expected episodes, referral by tier."""
    works = plan.posts.works
    supervised = [row.facility or "nobody within the limit" for row in rows.supervision(plan).itertuples()]
    columns = [supervised, [whole(episodes) for episodes in plan.supply.use[0].sum(axis=1)[works]]]
    table = referral_rows.referrals(plan)
    first = referral_rows.of_first(plan)
    table = table[table["traveller"] == plan.referrals[0].traveller] if first else table
    below = np.full(len(plan.posts), -1, np.int32)
    for referral in first:
        tier, told = table[table["tier"] == referral.tier], (referral.facility == below)[works].tolist()
        columns.append([_referral_text(row, known) for row, known in zip(tier.itertuples(), told, strict=True)])
        below = referral.facility
    tiers = [f"Referral, tier {referral.tier} or above" for referral in first]
    labels = ["Supervised from", "Expected cases a month", *tiers]
    working = [name for name, lives in zip(plan.posts.id, works, strict=True) if lives]
    return labels, dict(zip(working, map(list, zip(*columns, strict=True)), strict=True))


def _referral_text(row: Any, known: bool) -> str:
    """The facility, how far it is, and on a line of its own the way in words, unless the tier below told it."""
    if not row.facility_id:
        return "no way"
    far = f"{row.facility}, {minutes_text(row.minutes)}, {km_text(row.km)}"
    return far if known or not row.way else f"{far}\n{row.way}"


def encode_points(shapes: npt.NDArray[np.object_]) -> list[list[int]]:
    """Points as ``[latitude, longitude]`` in whole 1e-5 degrees."""
    whole_degrees: list[list[int]] = np.rint(shapely.get_coordinates(shapes)[:, ::-1] * 1e5).astype(np.int64).tolist()
    return whole_degrees


def encode_lines(parts: npt.NDArray[np.object_], detail: float) -> list[list[int]]:
    """Lines or rings, simplified (Douglas and Peucker 1973) to ``detail`` degrees, each as one flat list of steps."""
    parts = shapely.simplify(parts, detail, preserve_topology=True)
    degrees, line = shapely.get_coordinates(parts, return_index=True)
    points = np.rint(degrees[:, ::-1] * 1e5).astype(np.int64)
    first = np.diff(line, prepend=-1) != 0
    steps = np.where(first[:, None], points, np.diff(points, axis=0, prepend=0))
    kept = first | (steps != 0).any(axis=1)
    cuts = np.flatnonzero(np.diff(line[kept])) + 1
    return [piece.ravel().tolist() for piece in np.split(steps[kept], cuts)] if len(line) else []


def encode_polygons(shapes: npt.NDArray[np.object_], detail: float) -> list[list[list[list[int]]]]:
    """For each shape its polygons, for each polygon its rings: the outer one, then holes."""
    polygons, shape_of = shapely.get_parts(shapes, return_index=True)
    rings, polygon_of = shapely.get_rings(polygons, return_index=True)
    coded = pd.Series(encode_lines(rings, detail), dtype=object)
    by_polygon = coded.groupby(polygon_of).agg(list)
    by_shape = by_polygon.groupby(shape_of).agg(list)
    return [by_shape.get(position, []) for position in range(len(shapes))]


def encode_coverage(shapes: npt.NDArray[np.object_], detail: float) -> list[list[list[list[int]]]]:
    """As `encode_polygons`, of areas that are simplified together (Visvalingam and Whyatt 1993), to one border.

    What lies across each other is simplified each by itself.
    """
    return encode_polygons(shapely.coverage_simplify(shapes, detail) if len(shapes) else shapes, 0.0)


def styles() -> dict[str, dict[str, Any]]:
    """How each style is drawn, on the map and in the legend (widths and radii in pixels)."""
    dot = {"shape": "circle", "r": 5, "edge": "#ffffff", "width": 1.2}
    cross = {"edge": "#ffffff", "width": 1.5, "fill": palette.FACILITY}
    return {
        "lake": {"shape": "line", "colour": palette.WATER, "width": 0.8, "fill": palette.WATER},
        "river": {"shape": "line", "colour": palette.RIVER, "width": 1.4},
        "seasonal": {"shape": "line", "colour": palette.RIVER, "width": 0.9, "dash": [2, 3]},
        "major": {"shape": "line", "colour": "#ffffff", "width": 2.2, "casing": palette.ROAD},
        "minor": {"shape": "line", "colour": palette.ROAD, "width": 1.1},
        "path": {"shape": "line", "colour": palette.ROAD, "width": 0.7, "dash": [3, 3]},
        "area": {"shape": "line", "colour": palette.AREA, "width": 1.6, "hollow": True},
        "catchment": _patch(palette.CHW_EDGE),
        "catchment-new": _patch(palette.PROPOSED),
        "referral": {"shape": "line", "colour": palette.FACILITY, "width": 1.8, "dash": [6, 4]},
        "round": {"shape": "line", "colour": palette.CHW_EDGE, "width": 1.8, "dash": [1, 5]},
        "within": dot | {"fill": palette.WITHIN_REACH, "edge": palette.VILLAGE_EDGE, "width": 0.8},
        "served": dot | {"fill": palette.CHW_EDGE},
        "served-new": dot | {"fill": palette.SERVED, "edge": palette.FACILITY},
        "waiting": dot | {"fill": palette.HARD_TO_REACH},
        "tier1": cross | {"shape": "clinic", "r": 6.5},
        "tier2": cross | {"shape": "hospital", "r": 7.5},
        "tier3": cross | {"shape": "hospital", "r": 9.5},
        "chw": {"shape": "person", "r": 6, "fill": palette.CHW, "edge": palette.CHW_EDGE, "width": 1.5},
        "chw-new": {"shape": "pin", "r": 9, "fill": palette.PROPOSED, "edge": palette.FACILITY, "width": 1.2},
    }


def _patch(colour: str) -> dict[str, Any]:
    return {"shape": "line", "colour": colour, "width": 1.5, "fill": colour}
