"""What tags of OpenStreetMap mean for those who travel, in whatever file of roads they stand.

As in the routers that are made for OpenStreetMap, roads and gates that are "private" or for those with a destination
there stay open: somebody lives behind them.
"""

from __future__ import annotations

import math
import re

Tags = dict[str, str]

NO = frozenset({"", "no", "false", "0"})
CLOSED = frozenset({"no", "agricultural", "forestry"})  # to vehicles
SOLID = frozenset({"block", "debris", "fence", "jersey_barrier", "log", "wall"})  # barriers that nothing drives through
ONEWAY = {"yes": 1, "1": 1, "true": 1, "-1": -1, "reverse": -1}
TWO_WAYS = NO | {"reversible", "alternating"}  # each at its time
KMH = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z/]*)")
ZONE = re.compile(
    r"(?:[a-z]{2}(?:-[a-z]+)?:|zone:?)(?:(urban)|(rural|trunk|motorway)|(living_street)|(?:zone:?)?(\d+))"
)
URBAN_KMH, LIVING_STREET_KMH, WALK_KMH = 50.0, 20.0, 7.0  # the usual ones where a limit is named and not numbered
SEASONS = {"yes": "wet", "dry_season": "wet", "winter": "wet", "wet_season": "dry"}  # in which the road is closed


def yes(value: str) -> bool:
    """Whether the value of a tag such as bridge=viaduct or intermittent=yes says that it is so."""
    return value.strip().casefold() not in NO


def access(tags: Tags, keys: tuple[str, ...] = ("motor_vehicle", "vehicle", "access")) -> str:
    """Who may use a road or gate: its most particular access tag, "" where it has none."""
    return next((tags[key] for key in keys if tags.get(key)), "").casefold()


def vehicles_may(tags: Tags) -> bool:
    """Whether vehicles may use a road. A ferry that takes no vehicles still takes people: only ``access`` counts."""
    return (access(tags, ("access",)) if tags.get("highway") == "ferry" else access(tags)) not in CLOSED


def at_node(tags: Tags) -> Tags:
    """Tags that a node gives to the piece of road on it: a ford, or no way for vehicles through a gate or barrier."""
    if yes(tags.get("ford", "")):
        return {"ford": "yes"}
    shut = tags.get("barrier") in SOLID or yes(tags.get("locked", ""))
    said = access(tags)
    return {"motor_vehicle": "no"} if tags.get("barrier") and (said in CLOSED or (shut and not said)) else {}


def direction(tags: Tags) -> int:
    """1 or -1 on a one-way road, along or against its line; motorways and roundabouts are one-way unless said."""
    if said := tags.get("oneway"):
        return ONEWAY.get(said.casefold(), 0)
    return int(tags.get("highway") == "motorway" or tags.get("junction") == "roundabout")


def speed_limit(value: str) -> float:
    """Limit of speed (maxspeed), km/h: of several the lowest; inf = none, NaN = not understood."""
    limits = [one_limit(each) for each in re.split(r"[;|]", value.casefold())]
    return math.nan if any(map(math.isnan, limits)) else min(limits)


def one_limit(value: str) -> float:
    """The limit of one value such as 50, "30 mph", "RO:urban"."""
    value = value.strip()
    if value in {"", "none"}:
        return math.inf
    if value == "walk":
        return WALK_KMH
    if (number := SPEED.fullmatch(value)) and number[2] in KMH and float(number[1]) > 0:
        return float(number[1]) * KMH[number[2]]
    if not (zone := ZONE.fullmatch(value)):
        return math.nan
    urban, open_road, living_street, kmh = zone.groups()
    return URBAN_KMH if urban else math.inf if open_road else LIVING_STREET_KMH if living_street else float(kmh)


def closed_in(value: str) -> str:
    """Season in which vehicles do not pass a road with this value of ``seasonal``; "" = none."""
    return SEASONS.get(value.casefold(), "")


def not_understood(tags: Tags) -> list[str]:
    """Tags with values that say nothing here, as in the file."""
    oneway, seasonal, limit = (tags.get(key, "") for key in ("oneway", "seasonal", "maxspeed"))
    return [
        *([f"oneway={oneway}"] if oneway.casefold() not in ONEWAY.keys() | TWO_WAYS else []),
        *([f"seasonal={seasonal}"] if seasonal.casefold() not in SEASONS.keys() | NO else []),
        *([f"maxspeed={limit}"] if math.isnan(speed_limit(limit)) else []),
    ]
