"""Rows of a list found among named places: by the same name, else by one that is spelled alike, else not at all.

A name counts for one place only: where two places, or two rows, are as good, none is taken, and all are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np

from planner.inputs.gazetteer import Gazetteer
from planner.inputs.place_names import ordinals, words
from planner.inputs.spellings import ways
from planner.inputs.text import fold
from planner.types.arrays import Ints
from planner.types.frame import Frame
from planner.types.text import Text

SAME = 100.0
CLEARLY = 5.0  # percent by which the best place has to be more alike than any other
SHOWN = 75.0  # percent: places that are less alike are no candidates to tell
MOST_SHOWN = 3
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Match:
    """The place of a row, position in the gazetteer, -1 = none; ``why`` says what was found instead."""

    place: int
    similarity: float
    why: str


Scores = dict[int, float]  # percent by place


def match(
    names: Sequence[str],
    within: Sequence[Set[int] | None],
    gazetteer: Gazetteer,
    area_of_place: Ints,
    percent: float,
    near_metres: float,
    frame: Frame,
) -> list[Match]:
    """Find each row's place.

    Parameters
    ----------
    names, within
        Of the rows; the areas that each may lie in, None = anywhere.
    gazetteer, area_of_place
        The places, and the area of each.
    percent
        How alike two names have to be: rapidfuzz's ratio of the folded names, 100 = the same. Numbers in them have to
        be the same: "Mbale I" is not "Mbale II".
    near_metres
        Places of one name nearer to each other than this are one place.
    """
    found = []
    for may_lie, (of_row, numbered) in zip(within, zip(*_scores(names, gazetteer), strict=True), strict=True):
        ranked = _ranked(of_row)
        inside = [(at, alike) for at, alike in ranked if may_lie is None or int(area_of_place[at]) in may_lie]
        if not ranked and numbered:
            found.append(
                Match(
                    -1,
                    0.0,
                    Text("alike but for the number: {places}", places=_told(_ranked(numbered), gazetteer, frame)),
                )
            )
        else:
            found.append(_decided(inside, ranked, gazetteer, percent, near_metres, frame))
    return _one_row_each(names, found)


def _ranked(scores: Scores) -> list[tuple[int, float]]:
    """Places and percents, the most alike first."""
    return sorted(scores.items(), key=lambda each: (-each[1], each[0]))


def _scores(names: Sequence[str], gazetteer: Gazetteer) -> tuple[list[Scores], list[Scores]]:
    """How alike each row's name and the names of places are; those of the same name alone where there are any.

    Places that are alike but for a number in their names stand apart, in the second list.
    """
    spelled = [
        (fold(way), ordinals(" ".join(words(way))), place)
        for place, called in enumerate(gazetteer.names)
        for name in called
        for way in ways(name)
        if fold(way)
    ]
    same = defaultdict[str, set[int]](set)
    for text, _, place in spelled:
        same[text].add(place)
    scores: list[Scores] = [
        dict.fromkeys(sorted(set().union(*(same.get(fold(way), ()) for way in ways(name)))), SAME) for name in names
    ]
    rest = [row for row, known in enumerate(scores) if not known]
    numbered = [Scores() for _ in names]
    written = [(at, way) for at in rest for way in ways(names[at])]
    for row, way, at, alike in _alike(written, spelled):
        _, numbers, place = spelled[at]
        of_row = (scores if ordinals(" ".join(words(way))) == numbers else numbered)[row]
        of_row[place] = max(of_row.get(place, 0.0), alike)
    return scores, numbered


def _alike(
    rows: list[tuple[int, str]], spelled: list[tuple[str, list[str], int]]
) -> Iterator[tuple[int, str, int, float]]:
    """Pairs of a row's way of writing and a place's, by at least `SHOWN` percent alike."""
    from rapidfuzz import fuzz, process

    texts = [text for text, _, _ in spelled]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        alike = process.cdist(
            [fold(way) for _, way in part], texts, scorer=fuzz.ratio, score_cutoff=SHOWN, dtype=np.float32, workers=-1
        )
        for k, at in zip(*(along.tolist() for along in np.nonzero(alike)), strict=True):
            yield (*part[k], at, float(alike[k, at]))


def _decided(
    inside: list[tuple[int, float]],
    ranked: list[tuple[int, float]],
    gazetteer: Gazetteer,
    percent: float,
    near_metres: float,
    frame: Frame,
) -> Match:
    """The best place inside the row's areas, where it is alike enough and clearly the best."""
    if not ranked:
        return Match(-1, 0.0, Text("no place of {gazetteer} has a name like it", gazetteer=gazetteer.said))
    if not inside or inside[0][1] < percent:
        if inside:
            return Match(-1, 0.0, Text("perhaps {places}", places=_told(inside, gazetteer, frame)))
        return Match(-1, 0.0, Text("perhaps outside its area: {places}", places=_told(ranked, gazetteer, frame)))
    best, alike = inside[0]
    least = SAME if alike == SAME else alike - CLEARLY
    rivals = [at for at, other in inside[1:] if other >= least]
    if any(_apart(best, at, gazetteer, frame) > near_metres for at in rivals):
        return Match(-1, 0.0, Text("as good are {places}", places=_told(inside, gazetteer, frame)))
    return Match(best, alike, "")


def _told(ranked: list[tuple[int, float]], gazetteer: Gazetteer, frame: Frame) -> Text:
    """The best places with their percents, latitude and longitude: what may be put into the list."""
    shown = ranked[:MOST_SHOWN]
    at = [place for place, _ in shown]
    lon, lat = frame.lonlat(gazetteer.x[at], gazetteer.y[at])
    said = [
        f"{gazetteer.called(place)} ({alike:.0f} %, {north:.4f}, {east:.4f})"
        for (place, alike), east, north in zip(shown, lon.tolist(), lat.tolist(), strict=True)
    ]
    if len(ranked) > MOST_SHOWN:
        return Text("{shown} and {count} more", shown=tuple(said), count=len(ranked) - MOST_SHOWN)
    return Text("{shown}", shown=tuple(said))


def _apart(one: int, other: int, gazetteer: Gazetteer, frame: Frame) -> float:
    x, y = gazetteer.x[[one, other]], gazetteer.y[[one, other]]
    return float(frame.metres_between(x[:1], y[:1], x[1:], y[1:])[0])


def _one_row_each(names: Sequence[str], found: list[Match]) -> list[Match]:
    """Of several rows that found one place, the one that is clearly most alike keeps it."""
    rows = defaultdict[int, list[int]](list)
    for row, each in enumerate(found):
        if each.place >= 0:
            rows[each.place].append(row)
    for several in rows.values():
        best, *others = sorted(several, key=lambda row: -found[row].similarity)
        if not others:
            continue
        clear = found[others[0]].similarity <= found[best].similarity - CLEARLY
        for row in others if clear else several:
            rivals = ", ".join(f'"{names[other]}"' for other in ([best] if clear else several) if other != row)
            found[row] = Match(-1, 0.0, f"the place most like it {'is' if clear else 'may be'} that of {rivals}")
    return found
