"""Plan to geographic layers: the rows of the tables with their points, lines and polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from planner.outputs import people_rows, reach_rows, referral_rows, rows, visits, why_rows
from planner.types.arrays import Ints
from planner.types.frame import Frame
from planner.types.results import Plan

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

WGS84 = "EPSG:4326"
WITHIN = ("within_facilities_percent", "within_today_percent", "within_plan_percent")


def layers(plan: Plan) -> dict[str, GeoDataFrame]:
    """All layers in longitude and latitude (WGS 84), by name.

    Points ``facilities``, ``villages``, ``posts``, ``bridges`` (where one would save most); polygons ``areas`` and
    ``catchments`` (``kind`` "facility": who reaches it first of all facilities; "CHW": who is served by the post);
    lines ``referral_routes`` (from the post along the cells to the facility; a post without a way has none),
    ``supervision_rounds`` (a trip from the facility along its posts and back), ``roads``, ``water``. Columns are those
    of the tables (`planner.outputs.columns`).
    """
    return {
        "areas": areas(plan),
        "facilities": _points(rows.facilities(plan)),
        "villages": _points(rows.villages(plan)),
        "posts": _points(rows.posts(plan)),
        "bridges": _points(why_rows.bridges(plan)),
        "catchments": catchments(plan),
        "referral_routes": referral_routes(plan),
        "supervision_rounds": supervision_rounds(plan),
        "roads": roads(plan),
        "water": water(plan),
    }


def areas(plan: Plan) -> GeoDataFrame:
    """Areas with their people: each line of the balance, those outside every village, the shares within reach."""
    count = len(plan.areas)
    reached = reach_rows.by_place(plan).query("place_level == 'area'").reset_index(drop=True)
    balance = people_rows.balance_by_area(plan)[:count]
    alone = people_rows.scattered(plan).set_index("area_code")["people"]
    return on_frame(
        plan.land.frame,
        {
            "area_code": list(plan.areas.code),
            "area": list(plan.areas.name),
            "parent": list(plan.areas.parent_name),
            "people": plan.coverage.area_people[:count],
            "under_fives": plan.coverage.area_under_fives[:count],
            **balance.drop(columns=["area_code", "area", "parent", "people", "under_fives"]),
            "scattered": [alone.get(code, 0.0) for code in plan.areas.code],
            **reached[list(WITHIN)],
        },
        plan.areas.geometry,
    )


def catchments(plan: Plan) -> GeoDataFrame:
    """Where the people of each facility and of each post live; a place that serves no cell has no polygon.

    ``proposed`` says whether it is a post that the plan proposes.
    """
    facilities, posts = rows.facilities(plan), rows.posts_in_order(plan)
    parts = (
        (
            "facility",
            plan.to_facility.nearest,
            facilities[["facility_id", "facility", "people_first", "under_fives_first"]],
        ),
        ("CHW", plan.chw_catchment, posts[["post_id", "village", "catchment_people", "catchment_under_fives"]]),
    )
    frames, polygons = [], list[Any]()
    for kind, labels, names in parts:
        shapes = polygons_of(plan.land.frame, labels)
        frame = names.iloc[list(shapes)].set_axis(["id", "name", "people", "under_fives"], axis=1)
        frame.insert(0, "kind", kind)
        frame["proposed"] = plan.posts.proposed[list(shapes)] if kind == "CHW" else np.zeros(len(frame), bool)
        frames.append(frame)
        polygons += shapes.values()
    return on_frame(plan.land.frame, pd.concat(frames, ignore_index=True), polygons)


def polygons_of(frame: Frame, labels: Ints) -> dict[int, Any]:
    """One (Multi)Polygon in the frame's CRS for each label that occurs, ascending; cells at -1 belong to none."""
    from affine import Affine
    from rasterio.features import shapes

    grid = labels.reshape(frame.shape)
    pieces: dict[int, list[Any]] = {}
    for shape, label in shapes(grid, mask=grid >= 0, connectivity=4, transform=Affine(*frame.gdal_transform)):
        pieces.setdefault(int(label), []).append(shapely.geometry.shape(shape))
    whole = {label: shapely.multipolygons(pieces[label]) for label in sorted(pieces)}
    return {label: shapely.make_valid(shape, method="structure") for label, shape in whole.items()}


def referral_routes(plan: Plan) -> GeoDataFrame:
    """The way from each post to its facilities, one line a row of the referral table that has a way."""
    table = referral_rows.referrals(plan)
    lines = [line for referral in plan.referrals for line in referral.line[plan.posts.works]]
    there = np.array([line is not None for line in lines], bool)
    return on_frame(plan.land.frame, table[there].reset_index(drop=True), [line for line in lines if line is not None])


def supervision_rounds(plan: Plan) -> GeoDataFrame:
    """The way of each trip of the round of visits, one line a row of the table of rounds that leaves the facility."""
    lines = [trip.line for trip in plan.rounds.trips]
    there = np.array([line is not None for line in lines], bool)
    table = visits.rounds(plan)[there].reset_index(drop=True)
    return on_frame(plan.land.frame, table, [line for line in lines if line is not None])


def roads(plan: Plan) -> GeoDataFrame:
    """Roads and paths as read."""
    read = plan.roads
    columns = {
        "highway": list(read.highway),
        "name": list(read.name),
        "surface": list(read.surface),
        "bridge": read.bridge,
        "ford": read.ford,
        "oneway": read.oneway,
    }
    return on_frame(plan.land.frame, columns, read.geometry)


def water(plan: Plan) -> GeoDataFrame:
    """Rivers and lakes as read."""
    read = plan.water
    columns = {"kind": list(read.kind), "name": list(read.name), "seasonal": read.seasonal}
    return on_frame(plan.land.frame, columns, read.geometry)


def on_frame(frame: Frame, columns: Any, geometry: Any) -> GeoDataFrame:
    """Columns with their shapes, given in the frame's CRS (None = no shape), in longitude and latitude."""
    from geopandas import GeoDataFrame, GeoSeries

    shapes = GeoSeries(list(geometry), crs=frame.pyproj_crs).to_crs(WGS84)
    return GeoDataFrame(columns, geometry=shapes)


def _points(frame: pd.DataFrame) -> GeoDataFrame:
    from geopandas import GeoDataFrame, points_from_xy

    places = frame.drop(columns=["lon", "lat"])
    return GeoDataFrame(places, geometry=points_from_xy(frame["lon"], frame["lat"], crs=WGS84))
