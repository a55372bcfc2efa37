"""CHWs and what they need, as the map's script draws them: posts, catchments, referral ways, supervision rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planner.outputs import encode, referral_rows, rows, ways
from planner.outputs.language import say
from planner.outputs.phrases import Phrase, phrase
from planner.outputs.wording import going, heading
from planner.types.results import Plan

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

NEAR, SETTLEMENT = "near ", "settlement "  # how the names of villages begin that no list has

Feature = dict[str, Any]
Columns = list[tuple[str, str]]  # of a popup: its label, and how the script tells the value (words.js)


def titles(plan: Plan) -> dict[str, Phrase]:
    """Names of villages that are found in the population and named after others, as phrases."""
    listed = {name for name, known in zip(plan.villages.name, plan.villages.listed, strict=True) if known}
    found = dict[str, Phrase]()
    for name in set(plan.villages.name) - listed:
        if name.startswith(NEAR):
            found[name] = phrase("near {village}", village=name.removeprefix(NEAR))
        elif name.startswith(SETTLEMENT):
            found[name] = phrase("settlement {number}", number=name.removeprefix(SETTLEMENT))
    return found


def titled(feature: Feature, names: dict[str, Phrase]) -> Feature:
    """The feature, with its title as a phrase too (``T``) where that differs by language."""
    return feature | {"T": names[feature["t"]]} if feature.get("t") in names else feature


def catchment_columns() -> Columns:
    """Columns of a catchment's popup."""
    return [(say("People"), "people"), (say("Under-fives"), "people")]


def catchment_features(plan: Plan, frame: GeoDataFrame, detail: float) -> list[Feature]:
    """Where the people of each CHW live."""
    chws = frame[frame["kind"] == "CHW"]
    new = dict(zip(plan.posts.id, plan.posts.proposed.tolist(), strict=True))
    return [
        {
            "t": row.name or row.id,
            "k": phrase("Catchment of {id}", id=row.id),
            "s": "catchment-new" if new[row.id] else "catchment",
            "v": [encode.count(row.people), encode.count(row.under_fives)],
            "a": polygons,
        }
        for row, polygons in zip(
            chws.itertuples(index=False), encode.encode_polygons(chws.geometry.to_numpy(), detail), strict=True
        )
    ]


def referral_columns(plan: Plan) -> Columns:
    """Columns of a referral way's popup."""
    return [
        (say("To"), "text"), (heading(plan.scenario), "minutes"), (say("Distance"), "km"), (say("Way"), "steps"),
    ]  # fmt: skip


def referral_features(frame: GeoDataFrame, detail: float) -> list[Feature]:
    """The way from each post to a facility of each tier."""
    shapes = frame.geometry.to_numpy()
    return [
        {
            "t": row.village or row.post_id,
            "k": phrase("Referral to a facility of tier {tier} or above", tier=int(row.tier)),
            "s": "referral",
            "v": [row.facility, encode.minutes(row.minutes), encode.km(row.km), ways.steps(row.way)],
            "l": encode.encode_lines(shapely.get_parts(shape), detail),
        }
        for row, shape in zip(frame.itertuples(index=False), shapes, strict=True)
    ]


def round_columns() -> Columns:
    """Columns of a supervision round's popup."""
    return [(say("Day"), "text"), (say("Posts"), "text"), (say("Under way"), "minutes"), (say("Distance"), "km")]


def round_features(frame: GeoDataFrame, detail: float) -> list[Feature]:
    """The trips of the round of visits."""
    shapes = frame.geometry.to_numpy()
    return [
        {
            "t": row.facility,
            "k": phrase("Supervision round, supervisor {number}", number=int(row.supervisor)),
            "s": "round",
            "v": [str(row.day), row.stops, encode.minutes(row.travel_minutes), encode.km(row.round_km)],
            "l": encode.encode_lines(shapely.get_parts(shape), detail),
        }
        for row, shape in zip(frame.itertuples(index=False), shapes, strict=True)
    ]


def post_columns(plan: Plan) -> Columns:
    """Columns of a CHW's popup."""
    return [
        (say("New people covered"), "people"), (say("New under-fives covered"), "people"),
        (say("People in its catchment"), "people"), (say("Under-fives in its catchment"), "people"),
        (say("To a facility {going}", going=going(plan.scenario)), "minutes"),
        (say("Supervised from"), "text"), (say("Expected cases a month"), "people"),
        *((say("Referral, tier {tier} or above", tier=each.tier), "way") for each in referral_rows.of_first(plan)),
    ]  # fmt: skip


def post_features(plan: Plan, frame: GeoDataFrame) -> tuple[list[Feature], list[Feature]]:
    """CHWs of today, and proposed ones, the best choice last: it is drawn on top."""
    told = _of_other_stages(plan)
    blank = [""] * (2 + len(referral_rows.of_first(plan)))
    points = encode.encode_points(frame.geometry.to_numpy())
    today, proposed = list[Feature](), list[Feature]()
    for row, point in zip(frame.itertuples(index=False), points, strict=True):
        gain = [encode.count(row.new_people), encode.count(row.new_under_fives)] if row.proposed else ["", ""]
        feature: Feature = {
            "t": row.village or row.post_id,
            "s": "chw-new" if row.proposed else "chw",
            "k": _kind(row),
            "v": [
                *gain, encode.count(row.catchment_people), encode.count(row.catchment_under_fives),
                encode.minutes(row.minutes_to_facility), *told.get(row.post_id, blank),
            ],
            "p": point,
        }  # fmt: skip
        if row.proposed:
            feature["n"] = f"{row.rank:.0f}"
        (proposed if row.proposed else today).append(feature)
    return today, proposed[::-1]


def _kind(row: Any) -> Phrase:
    """What a post is, and how many CHWs live there or that they leave, where that is not one who stays."""
    if not row.proposed:
        return phrase("CHW today ({id})" if row.chws else "CHW today ({id}), leaves with the plan", id=row.post_id)
    if row.chws > 1:
        return phrase("Proposed CHWs, no. {rank} ({id}): {chws}", rank=int(row.rank), id=row.post_id, chws=row.chws)
    return phrase("Proposed CHW, no. {rank} ({id})", rank=int(row.rank), id=row.post_id)


def _of_other_stages(plan: Plan) -> dict[str, list[Any]]:
    """What other stages say of each post with a CHW: supervision, expected episodes, referral by tier."""
    works = plan.posts.works
    nobody = phrase("nobody within the limit")
    supervised = [row.facility or nobody for row in rows.supervision(plan).itertuples()]
    columns: list[list[Any]] = [supervised, [encode.count(use) for use in plan.supply.use[0].sum(axis=1)[works]]]
    table = referral_rows.referrals(plan)
    first = referral_rows.of_first(plan)
    table = table[table["traveller"] == plan.referrals[0].traveller] if first else table
    below = np.full(len(plan.posts), -1, np.int32)
    for referral in first:
        tier, told = table[table["tier"] == referral.tier], (referral.facility == below)[works].tolist()
        columns.append([_referral(row, known) for row, known in zip(tier.itertuples(), told, strict=True)])
        below = referral.facility
    working = [name for name, lives in zip(plan.posts.id, works, strict=True) if lives]
    return dict(zip(working, map(list, zip(*columns, strict=True)), strict=True))


def _referral(row: Any, known: bool) -> list[Any] | int:
    """The facility, how far it is, and the way in steps, unless the tier below told it; -1 = no way."""
    if not row.facility_id:
        return -1
    return [row.facility, encode.minutes(row.minutes), encode.km(row.km), [] if known else ways.steps(row.way)]
