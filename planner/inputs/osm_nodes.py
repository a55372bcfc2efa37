"""Gates and fords that OpenStreetMap marks at a node of a road: a short piece of the road there has tags of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from shapely.ops import substring

from planner.inputs.osm_tags import Tags
from planner.types.arrays import Doubles, Longs, Objects

HALF = 0.0002  # degrees: the piece reaches some 20 m to both sides
PLACES = 1e7  # OpenStreetMap keeps so many places a degree


class Spot(NamedTuple):
    """A node, and the tags that it gives to the piece of road on it."""

    lon: float
    lat: float
    tags: Tags


def cut_at(lines: Objects, tags: list[Tags], spots: Sequence[Spot]) -> tuple[Objects, list[Tags]]:
    """The lines, cut where a vertex of theirs stands on a spot: the piece around it takes the spot's tags."""
    if not spots or not len(lines):
        return lines, tags
    tags_of = dict(
        zip(keys(np.array([spot[:2] for spot in spots])).tolist(), (spot.tags for spot in spots), strict=True)
    )
    known = np.sort(np.array(list(tags_of), np.int64))
    xy, line = shapely.get_coordinates(lines, return_index=True)
    key = keys(xy)
    on_spot = np.flatnonzero(known[np.minimum(np.searchsorted(known, key), len(known) - 1)] == key)
    first = np.searchsorted(line, np.arange(len(lines)))
    whole = np.setdiff1d(np.arange(len(lines)), line[on_spot])
    drawn, kept = [lines[at] for at in whole], [tags[at] for at in whole]
    for at in np.unique(line[on_spot]).tolist():
        begin = first[at]
        length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy[line == at], axis=0).T))])
        done = 0.0
        for vertex in on_spot[line[on_spot] == at].tolist():
            start, end = max(length[vertex - begin] - HALF, done), min(length[vertex - begin] + HALF, length[-1])
            if start > done:
                drawn.append(substring(lines[at], done, start))
                kept.append(tags[at])
            if end > start:
                drawn.append(substring(lines[at], start, end))
                kept.append({**tags[at], **tags_of[key[vertex]]})
            done = max(done, end)
        if done < length[-1]:
            drawn.append(substring(lines[at], done, length[-1]))
            kept.append(tags[at])
    return np.array(drawn, np.object_), kept


def keys(xy: Doubles) -> Longs:
    """One number for each place, as OpenStreetMap keeps it."""
    lon, lat = np.rint(xy * PLACES).astype(np.int64).T
    return np.asarray((lon << 32) + lat, np.int64)
