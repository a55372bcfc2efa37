"""The words of the tables: a column has one name in every output, one header with its unit, and one number format."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE, TENTH, DEGREES, PLAIN = "#,##0", "#,##0.0", "0.00000", "General"


@dataclass(frozen=True)
class Column:
    """A header as people read it, and how a spreadsheet shows the numbers below it (they are stored unrounded)."""

    header: str
    number_format: str = PLAIN


COLUMNS = {
    "figure": Column("figure"),
    "amount": Column("value", WHOLE),
    "unit": Column("unit"),
    "area_code": Column("area code"),
    "area": Column("area"),
    "parent": Column("area above"),
    "care": Column("care"),
    "speeds": Column("walking speeds"),
    "within_minutes": Column("within [min]", WHOLE),
    "people": Column("people", WHOLE),
    "under_fives": Column("under-fives", WHOLE),
    "people_within": Column("people within", WHOLE),
    "under_fives_within": Column("under-fives within", WHOLE),
    "share_percent": Column("share of people [%]", TENTH),
    "under_fives_share_percent": Column("share of under-fives [%]", TENTH),
    "village_id": Column("village id"),
    "village": Column("village"),
    "listed": Column("in the village list"),
    "lon": Column("longitude [°]", DEGREES),
    "lat": Column("latitude [°]", DEGREES),
    "minutes_to_facility": Column("minutes to facility [min]", WHOLE),
    "km_to_facility": Column("straight line to facility [km]", TENTH),
    "hard_to_reach": Column("centre is hard to reach"),
    "hard_people": Column("people hard to reach where they live", WHOLE),
    "minutes_with_chws": Column("minutes to facility or CHW today [min]", WHOLE),
    "minutes_with_plan": Column("minutes to facility or CHW with the plan [min]", WHOLE),
    "served_by": Column("served by post"),
    "served_by_proposed": Column("served by a proposed CHW"),
    "facility_id": Column("facility id"),
    "facility": Column("facility"),
    "type": Column("type"),
    "tier": Column("tier"),
    "on_grid": Column("inside the map"),
    "people_first": Column("people who reach it first", WHOLE),
    "under_fives_first": Column("under-fives who reach it first", WHOLE),
    "posts": Column("CHWs supervised", WHOLE),
    "supervisors": Column("supervisors needed", WHOLE),
    "post_id": Column("post"),
    "proposed": Column("proposed"),
    "rank": Column("rank", WHOLE),
    "chws": Column("CHWs who live there with the plan", WHOLE),
    "move": Column("CHW of today"),
    "fair_share_percent": Column("hard-to-reach with a CHW within reach [%]", TENTH),
    "most_share_percent": Column("the same, were most people reached [%]", TENTH),
    "serves": Column("hard-to-reach people it serves", WHOLE),
    "new_people": Column("people newly covered", WHOLE),
    "new_under_fives": Column("under-fives newly covered", WHOLE),
    "catchment_people": Column("people in the catchment", WHOLE),
    "catchment_under_fives": Column("under-fives in the catchment", WHOLE),
    "minutes": Column("one way [min]", WHOLE),
    "km": Column("one way [km]", TENTH),
    "way": Column("the way"),
    "illness": Column("illness"),
    "episodes_month": Column("expected episodes [a month]", TENTH),
    "item": Column("item"),
    "units_month": Column("need [units a month]", TENTH),
    "units_delivery": Column("a delivery with safety stock [units, rounded up]", WHOLE),
    "position": Column("value in rasters"),
    "line": Column("people who are"),
    "cells": Column("cells", WHOLE),
    "level": Column("level"),
    "where": Column("where"),
    "what": Column("what"),
    "count": Column("count", TENTH),
    "key": Column("key"),
    "value": Column("value"),
    "low": Column("low"),
    "high": Column("high"),
    "source": Column("source"),
    "verified": Column("source verified"),
    "meaning": Column("meaning"),
    "role": Column("layer"),
    "file": Column("file"),
    "sha256": Column("sha256"),
    "citation": Column("citation"),
}
