"""What stands beside a map: key numbers, bars, and tables of villages, posts and areas."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner.outputs import wording
from planner.outputs.exports.atlas import words
from planner.outputs.exports.atlas.book import Book
from planner.outputs.exports.atlas.figures import Place
from planner.outputs.exports.atlas.grid import Column, head_height, row_height, table
from planner.outputs.exports.atlas.sheet import BODY, FAINT, NAVY, SMALL, Box, Sheet
from planner.outputs.exports.atlas.words import one
from planner.outputs.language import exact, number, say
from planner.outputs.palette import CHW_EDGE, FACILITY, PROPOSED, minutes_text, percent, whole

BIG = 13.0  # points of key numbers
HEADING = 8.5
BAR_GROUND = "#e3e7eb"


@dataclass(frozen=True)
class Table:
    """A table with its heading, and what is said where it is empty or cut short."""

    heading: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    empty: str


def numbers(sheet: Sheet, box: Box, place: Place, *, columns: int) -> float:
    """Write the key numbers of a place, so many beside each other; returns where they end."""
    villages, facilities = len(place.villages), len(place.sites)
    today, new = place.chws_today, place.new_chws
    told = [
        (whole(place.people), say("people")),
        (whole(place.under_fives) if place.under_fives > 0 else say("unknown"), say("under-fives")),
        (number(villages), say("hard-to-reach village") if one(villages) else say("hard-to-reach villages")),
        (number(facilities), say("facility") if one(facilities) else say("facilities")),
        (number(today), say("CHW today") if one(today) else say("CHWs today")),
        (number(new), say("new CHW") if one(new) else say("new CHWs")),
    ]
    width, y = box.width / columns, box.y
    for first in range(0, len(told), columns):
        names = [
            sheet.letters.lines(name, SMALL * sheet.paper.text, width - 2.0, 2)
            for _, name in told[first : first + columns]
        ]
        for position, ((amount, _), lines) in enumerate(zip(told[first : first + columns], names, strict=True)):
            x = box.x + position * width
            sheet.text(x, y, amount, BIG, bold=True, colour=NAVY, room=width - 2.0)
            for number_of_line, line in enumerate(lines):
                below = y + sheet.line(BIG) - sheet.mm(0.4) + number_of_line * sheet.line(SMALL)
                sheet.text(x, below, line, SMALL, colour=FAINT)
        y += sheet.line(BIG) + max(map(len, names)) * sheet.line(SMALL) + sheet.mm(1.2)
    return y


def bars(sheet: Sheet, box: Box, book: Book, place: Place) -> float:
    """Draw who is within reach of care, step by step; returns where the bars end."""
    limit, going = exact(book.scenario.placement.max_minutes), say(words.traveller(book))
    heading = say("Under-fives within {minutes} min {going}") if place.of_children else (
        say("People within {minutes} min {going}")
    )  # fmt: skip
    y = _heading(sheet, box, heading.format(minutes=limit, going=going))
    steps = [say("of a facility"), say("or of a CHW today"), say("or of a new CHW")]
    # a step that nobody takes is left out
    shown = [True, place.shares[1] != place.shares[0] or place.chws_today > 0, place.shares[2] != place.shares[1]]
    name_width = max(sheet.width(step, BODY) for step in steps) + sheet.mm(2.5)
    room = box.width - name_width - sheet.mm(13.0)
    high, step_height = sheet.mm(2.9), sheet.mm(4.7)
    for told, share, fill, there in zip(steps, place.shares, (FACILITY, CHW_EDGE, PROPOSED), shown, strict=True):
        if not there:
            continue
        sheet.text(box.x, y + sheet.mm(0.45), told, BODY)
        left = box.x + name_width
        sheet.rectangle(Box(left, y, room, high), BAR_GROUND)
        sheet.rectangle(Box(left, y, room * float(np.nan_to_num(share)), high), fill, zorder=1.1)
        sheet.text(left + room + sheet.mm(1.6), y + sheet.mm(0.45), _share(share), BODY, bold=True)
        y += step_height
    return y


def _heading(sheet: Sheet, box: Box, text: str) -> float:
    sheet.text(box.x, box.y, text, HEADING, bold=True, colour=NAVY, room=box.width)
    return box.y + sheet.line(HEADING) + sheet.mm(0.6)


def tables(sheet: Sheet, box: Box, told: Sequence[Table]) -> float:
    """Draw tables below each other, each with as many rows as there is room for; returns where they end."""
    gap, note = sheet.mm(2.6), sheet.line(SMALL)
    heading = sheet.line(HEADING) + sheet.mm(0.6)
    whole_head = heading + gap + head_height(sheet) + note
    room = box.height - sum(whole_head if table.rows else heading + gap + note for table in told)
    counts = _share_out([len(table.rows) for table in told], int(room / row_height(sheet)))
    y = box.y
    for each, count in zip(told, counts, strict=True):
        y = _heading(sheet, Box(box.x, y, box.width, 0.0), each.heading)
        if count:
            y = table(sheet, Box(box.x, y, box.width, 0.0), each.columns, each.rows[:count]) + sheet.mm(0.8)
        more = say("and {count} more: see tables.xlsx", count=number(len(each.rows) - count))
        if count < len(each.rows) or not each.rows:
            sheet.text(box.x, y, more if each.rows else each.empty, SMALL, colour=FAINT, room=box.width)
            y += note
        y += gap
    return y


def height_of(sheet: Sheet, rows: int) -> float:
    """Millimetres that a table with so many rows takes, with what stands around it."""
    around = sheet.line(HEADING) + sheet.line(SMALL) + sheet.mm(4.0)
    return around + head_height(sheet) + rows * row_height(sheet)


def _share_out(wanted: Sequence[int], room: int) -> list[int]:
    """How many rows of each table are shown: the same for all, but for what a short one leaves to the others."""
    counts = [0] * len(wanted)
    left = max(room, 0)
    while left > 0 and any(count < want for count, want in zip(counts, wanted, strict=True)):
        for position, want in enumerate(wanted):
            if left > 0 and counts[position] < want:
                counts[position] += 1
                left -= 1
    return counts


def posts(place: Place) -> Table:
    """The proposed posts, with the numbers that they have on the map."""
    columns = (
        Column(say("No."), 7, number=True), Column(say("Village"), 34), Column(say("CHWs"), 10, number=True),
        Column(say("People newly reached"), 20, number=True), Column(say("To a facility"), 20, number=True),
    )  # fmt: skip
    rows = [
        (f"{rank:.0f}", village or own, number(chws), whole(people), minutes_text(_minutes(minutes)))
        for rank, village, own, chws, people, minutes in _rows(
            place.posts, "rank", "village", "post_id", "chws", "new_people", "minutes_to_facility"
        )
    ]
    return Table(say("Where new CHWs live"), columns, rows, say("No new CHW is proposed here."))


def villages(place: Place) -> Table:
    """The hard-to-reach villages: how long people need to a facility, and to care with the plan."""
    columns = (
        Column(say("Village"), 36), Column(say("Under 5"), 15, number=True),
        Column(say("To a facility"), 20, number=True), Column(say("To care with the plan"), 20, number=True),
    )  # fmt: skip
    rows = [
        (village or own, whole(children), minutes_text(_minutes(today)), minutes_text(_minutes(plan)))
        for village, own, children, today, plan in _rows(
            place.villages, "village", "village_id", "under_fives", "minutes_to_facility", "minutes_with_plan"
        )
    ]
    return Table(say("Hard-to-reach villages, most under-fives first"), columns, rows, say("There are none."))


def facilities(place: Place) -> Table:
    """The facilities, and who has none nearer."""
    columns = (
        Column(say("Facility"), 40),
        Column(say("Type"), 30),
        Column(say("People nearest to it"), 21, number=True),
    )
    rows = [
        (name or own, kind, whole(people))
        for name, own, kind, people in _rows(place.sites, "facility", "facility_id", "type", "people_first")
    ]
    return Table(say("Facilities"), columns, rows, say("There are none."))


def areas(places: Sequence[Place], first_page: int) -> Table:
    """The areas, those with most people far from care first, and the page of each."""
    columns = (
        Column(say("Area"), 25), Column(say("Under 5"), 15, number=True),
        Column(say("Far today"), 15, number=True), Column(say("With the plan"), 16, number=True),
        Column(say("New CHWs"), 19, number=True), Column(say("Page"), 12, number=True),
    )  # fmt: skip
    pages = {id(place): first_page + position for position, place in enumerate(places)}
    rows = [
        (place.name, whole(place.under_fives), _share(place.far[0]), _share(place.far[1]),
         number(place.new_chws), number(pages[id(place)]))
        for place in sorted(places, key=lambda place: -_far(place))
    ]  # fmt: skip
    return Table(say("Areas, most people far from care first"), columns, rows, say("There are none."))


def _far(place: Place) -> float:
    share = place.far[0]
    return place.people * share if math.isfinite(share) else 0.0


def _share(share: float) -> str:
    """A share where there is little room: "under 1 %" is "< 1 %"."""
    if 0 < share < 0.005:
        return "< 1 %"
    return "> 99 %" if 0.995 <= share < 1 - 1e-9 else percent(share)


def _rows(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(frame[column].tolist() for column in columns), strict=True)


def _minutes(value: float | None) -> float:
    """A layer has no value where there is no way."""
    return math.inf if value is None or pd.isna(value) else float(value)


def about_far(book: Book) -> str:
    """What is meant by far from care, and by hard to reach."""
    limit, going = exact(book.scenario.placement.max_minutes), say(words.traveller(book))
    far = say("Far from care: over {minutes} min {going} from a facility or CHW.", minutes=limit, going=going)
    rule = book.letters.clean(wording.rule(book.scenario.reach))
    hard = say("Hard to reach: {rule}.", rule=rule)
    return f"{far} {hard}"
