"""The review that a planner gives back: what to do with each row, done row by row and recorded."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Sequence

import numpy as np

from planner.errors import (
    DECISIONS,
    KEEP,
    LEAVE_OUT,
    MERGE,
    MOVE,
    SET_ID,
    SET_TIER,
    SWAP,
    TURN_SIGN,
    Doubt,
    Fault,
    InputFaults,
)
from planner.inputs.angles import angle
from planner.inputs.crs import DEGREES
from planner.inputs.doubles import merged
from planner.inputs.entries import MOVES, Entry, standing, to_frame, told
from planner.inputs.extent import Extent
from planner.inputs.findings import File, Findings
from planner.inputs.formats import read_table
from planner.inputs.misplaced import EXCHANGED, TURNED, fitting, moved
from planner.inputs.table import Table
from planner.inputs.text import did_you_mean, examples, fold
from planner.scenario import PlacesTable
from planner.scenario import Table as TableFile
from planner.types.inputs import Change
from planner.types.lists import DECIDED, REVIEW, UNPLACED
from planner.types.text import Text

MOST_FAULTS = 20  # of a review that a message lists
MOST_TIERS = 9


class Unfit(Exception):
    """Why a decision cannot be followed."""


def decide(
    entries: Sequence[Entry], layer: PlacesTable, role: str, extent: Extent, findings: Findings
) -> Iterator[Fault]:
    """Do what the review of a list decides; the fault of those decisions that are none, or no longer fit the list."""
    if not layer.review:
        return
    file = findings.open(Text("review of {role}", role=Text(role)), layer, layer.review)
    decisions, unfit = _decisions(read_review(file, role), entries)
    changes: dict[str, dict[Entry, Change]] = {"repaired": {}, "left out": {}, "info": {}}
    for entry, wanted in decisions.items():
        before = entry.coordinates if wanted.decision in MOVES else Text("{found:; }", found=tuple(entry.found))
        try:
            after = _follow(entry, wanted, entries, extent)
        except Unfit as why:
            unfit.append(f"{entry.place}: {why}")
            continue
        level = {KEEP: "info", LEAVE_OUT: "left out", MERGE: "left out"}.get(wanted.decision, "repaired")
        changes[level][entry] = entry.change(before, after)
    for level, done in changes.items():
        told(done, level, Text("rows decided in the review ({review})", review=layer.review))
    if unfit:
        yield Fault(
            file.where,
            f"has {len(unfit)} decision{'' if len(unfit) == 1 else 's'} that cannot be followed: "
            f"{examples(unfit, MOST_FAULTS)}.",
            "Correct them in the review, or blank them to decide later.",
        )


def read_review(file: File, role: str) -> Table:
    """The sheet of a list. Raise InputFaults where it is no sheet of a review."""
    table = read_table(TableFile(file=file.path.name, sheet=role, columns=REVIEW), file)
    absent = [table.missing(name) for name in REVIEW.values() if table.find(name) is None]
    if absent:
        raise InputFaults(absent)
    return table


def _decisions(table: Table, entries: Sequence[Entry]) -> tuple[dict[Entry, Doubt], list[str]]:
    """What is decided of which row, merges last; and in words what is not to be understood or fits no row."""
    unfit: list[str] = []
    decided: dict[Entry, Doubt] = {}
    columns = [table.cells(name) for name in REVIEW.values()]
    for row, *cells in zip(table.row, *columns, strict=True):
        said = dict(zip(REVIEW, cells, strict=True))
        if not said["decision"]:
            continue
        try:
            wanted = _read(said)
            entry = _entry(wanted, entries, decided)
        except Unfit as why:
            unfit.append(f'row {row} "{said["name"] or said["id"]}": {why}')
        else:
            decided[entry] = wanted
            entry.found, entry.given, entry.comment = [wanted.found], wanted.decision, wanted.comment
            entry.decision, entry.to_id = wanted.decision, wanted.to_id
    merges_last = sorted(decided.items(), key=lambda pair: pair[1].decision == MERGE)
    return dict(merges_last), unfit


def _read(said: dict[str, str]) -> Doubt:
    """A row of the review. Raise Unfit where it is not to be understood."""
    decision = said["decision"].casefold()
    if decision not in DECISIONS:
        known = did_you_mean(decision, DECISIONS) or f"Decisions are {', '.join(DECISIONS)}."
        raise Unfit(f'there is no decision "{said["decision"]}". {known}')
    found = angle(said["lat"]), angle(said["lon"])
    lat, lon = (math.nan if each is None else each.degrees for each in found)
    if (
        decision in MOVES
        and (said["lat"] or said["lon"] or decision == MOVE)
        and not (abs(lat) <= 90 and abs(lon) <= 180)
    ):
        shown = f"{said['lat'] or 'blank'}, {said['lon'] or 'blank'}"
        raise Unfit(f"latitude and longitude are to be degrees, found {shown}")
    tier = said["tier"]
    if (tier or decision == SET_TIER) and not (tier.isdigit() and 1 <= int(tier) <= MOST_TIERS):
        raise Unfit(f"the tier is to be a whole number from 1 to {MOST_TIERS}, found {tier or 'blank'}")
    if decision in (MERGE, SET_ID) and not said["to_id"]:
        raise Unfit(f'"{decision}" needs an id in the column "{REVIEW["to_id"]}"')
    row = int(said["row"]) if said["row"].isdigit() else 0
    texts = {key: said[key] for key in ("file", "id", "name", "coordinates", "found", "to_id", "comment")}
    return Doubt(role="", row=row, decision=decision, lat=lat, lon=lon, tier=int(tier or 0), **texts)


def _entry(wanted: Doubt, entries: Sequence[Entry], decided: Container[Entry]) -> Entry:
    """The row that a decision is about: by its id, else by its number and name. Raise Unfit where there is none."""
    lists = {entry.list_name for entry in entries}
    here = [entry for entry in entries if entry.list_name == wanted.file or len(lists) == 1]
    found = [entry for entry in here if wanted.id and entry.listed_id == wanted.id]
    if len(found) != 1:
        found = [entry for entry in here if entry.row == wanted.row and entry.listed_id == wanted.id]
    if not found:
        raise Unfit("there is no such row in the list any more")
    [entry] = found
    if fold(entry.label) != fold(wanted.name):
        raise Unfit(f'its name in the list is "{entry.label}" now')
    if entry.coordinates != wanted.coordinates:
        raise Unfit(f"its coordinates in the list were {wanted.coordinates}, and are {entry.coordinates} now")
    if entry in decided:
        raise Unfit("it is decided twice")
    return entry


def _follow(entry: Entry, wanted: Doubt, entries: Sequence[Entry], extent: Extent) -> str:
    """Do what is decided of a row, and say in words what became of it. Raise Unfit where that cannot be."""
    decision = wanted.decision
    if decision == LEAVE_OUT:
        entry.fate = DECIDED if entry.placed else UNPLACED
        return "left out"
    if decision == MERGE:
        others = [other for other in standing(entries) if other is not entry and wanted.to_id == other.id]
        if not others:
            raise Unfit(f'there is no other row with the id "{wanted.to_id}" to merge it into')
        return merged(entry, others[0])
    done = []
    if decision in MOVES:
        done.append(_move(entry, wanted, extent))
    elif not entry.placed:
        raise Unfit("it has no usable coordinates: leave it out, or move it to where it is")
    if wanted.tier:
        entry.tier = entry.to_tier = wanted.tier
        done.append(f"tier {wanted.tier}")
    if wanted.to_id:
        entry.id = wanted.to_id
        done.append(f"id {wanted.to_id}")
    return ", ".join(done) or "kept as it is"


def _move(entry: Entry, wanted: Doubt, extent: Extent) -> str:
    """Move a row to the coordinates of the review, or, where it has none, as the decision says."""
    if not math.isnan(wanted.lat):
        x, y = to_frame(np.array([wanted.lon]), np.array([wanted.lat]), DEGREES, extent.frame)
        entry.x, entry.y = float(x[0]), float(y[0])
        return f"{wanted.lat:.9g}, {wanted.lon:.9g}"
    ways = {SWAP: EXCHANGED, TURN_SIGN: TURNED}[wanted.decision]
    position = fitting(entry, extent, 0.0, ways)
    if position is None:
        raise Unfit(f'"{wanted.decision}" does not bring it into {extent.name}')
    return moved(entry, *position, extent)
