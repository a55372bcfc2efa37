"""What each slide says: one message as a sentence, what shows it, and for the speaker the numbers behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from planner.outputs import wording
from planner.outputs.exports.atlas import words
from planner.outputs.exports.atlas.book import Book
from planner.outputs.exports.atlas.figures import CARE, Place, all_areas, areas
from planner.outputs.exports.atlas.printing import settings
from planner.outputs.exports.run import Run
from planner.outputs.exports.slides import care, sure
from planner.outputs.exports.slides.chart_map import chart_map
from planner.outputs.exports.slides.deck import BODY_BOX, FOOT, MARGIN, TOP, WIDE, Box, Column, Deck, Series
from planner.outputs.language import day, exact, number, say
from planner.outputs.names import village_name
from planner.outputs.palette import CHW_EDGE, FACILITY, PROPOSED, minutes_text, percent, whole

MOST_AREAS = 10  # bars of a chart
PERCENT = '0" %"'
COUNT = "#,##0"


@dataclass(frozen=True)
class Told:
    """The run as the slides tell it: its tables, all areas together, and each of them."""

    run: Run
    book: Book
    whole: Place
    areas: tuple[Place, ...]

    @property
    def who(self) -> str:
        """Whose shares are told."""
        return say("Under-fives") if self.whole.of_children else say("People")

    def rows(self, name: str) -> Any:
        """A table of the run (DataFrame)."""
        return self.run.table(name)


def tell(run: Run) -> bytes:
    """The slides of a run, as a file."""
    with settings():  # quiet about weights that fonts lack
        book = Book.read(run)
    told = Told(run, book, all_areas(book), tuple(areas(book)))
    plan = run.plan
    foot = " · ".join(
        filter(None, [run.ministry, plan["title"], day(plan["date"]), say("run {run}", run=plan["run_id"])])
    )
    about = {"title": plan["title"], "author": run.ministry or "planner",
             "subject": say("run {run}", run=plan["run_id"])}  # fmt: skip
    deck = Deck(about, plan["date"], foot)
    for story in (_message, _today, _hard, _villages, _by_area, _new_posts, _enough):
        story(deck, told)
    care.tell(deck, run)
    sure.tell(deck, run)
    return deck.bytes()


def _headline(told: Told) -> dict[str, float]:
    return {key: entry["value"] for key, entry in told.run.plan["headline"].items()}


def _message(deck: Deck, told: Told) -> None:
    """What the plan comes to."""
    n, plan = _headline(told), told.run.plan
    slide = deck.slide(
        words.message(told.book, told.whole),
        [
            say("{count} people live in the areas, {children} of them under five.", count=whole(n["people"]),
                children=whole(n["under_fives"])),
            *_care_notes(told),
            say("Hard to reach: {rule}.", rule=wording.rule(told.run.scenario.reach)),
        ],
        opening=True,
    )  # fmt: skip
    room = WIDE - 2 * MARGIN - (66 if told.run.logo else 0)
    if told.run.logo:
        slide.picture(Box(WIDE - MARGIN - 60, 12, 60, 32), told.run.logo, say("Logo of the ministry"))
    head = list(filter(None, [told.run.ministry, plan["title"], day(plan["date"])]))
    for position, text in enumerate(head):
        slide.text(
            Box(MARGIN, 12 + 10.5 * position, room, 10), text, points=20 if position < len(head) - 1 else 16, lines=1
        )
    gained = n["new_under_fives"] if told.whole.of_children else n["new_people"]
    cards = [
        (whole(n["people"]), say("people in the areas")),
        (whole(n["hard_people"]), say("people who are hard to reach")),
        (number(n["facilities"]), say("facilities")),
        (number(n["chws_today"]), say("CHWs today")),
        (number(n["chws_proposed"]), say("new CHWs")),
        (whole(gained), say("under-fives newly reached") if told.whole.of_children else say("people newly reached")),
    ]
    slide.cards(Box(MARGIN, 128, WIDE - 2 * MARGIN, 42), cards)


def _care_notes(told: Told) -> list[str]:
    """Who is within reach of each kind of care, in words."""
    limit, reach = told.run.scenario.placement.max_minutes, told.run.scenario
    places = ("a facility", "a facility or CHW today", "a facility or CHW with the plan")
    who = say("Under-fives") if told.whole.of_children else say("People")
    return [
        f"{who} {wording.within(reach, limit, place)}: {percent(share)}"
        for place, share in zip(places, told.whole.shares, strict=True)
    ]


def _today(deck: Deck, told: Told) -> None:
    """Who is within reach today, by minutes."""
    rows = told.rows("coverage")
    column = "under_fives_share_percent" if told.whole.of_children else "share_percent"
    thresholds = list(dict.fromkeys(rows["within_minutes"]))
    chws = told.whole.chws_today > 0
    names = [say("Facilities"), say("Facilities and CHWs of today")]
    series = [
        Series(name, rows.loc[rows["care"] == care_, column].tolist(), colour)
        for name, care_, colour in list(zip(names, CARE, (FACILITY, CHW_EDGE), strict=False))[: 2 if chws else 1]
    ]
    near = wording.within(told.run.scenario, told.run.scenario.placement.max_minutes, "a facility")
    text = "{share} of under-fives live {near}." if told.whole.of_children else "{share} of people live {near}."
    title = say(text, share=percent(told.whole.shares[0]), near=near)
    if chws:
        title += " " + say("With the CHWs of today it is {share}.", share=percent(told.whole.shares[1]))
    steps = [say("up to {minutes} min", minutes=exact(minutes)) for minutes in thresholds]
    numbers = [
        f"{each.name}: " + "; ".join(f"{step} {value:.1f} %" for step, value in zip(steps, each.values, strict=True))
        for each in series
    ]
    slide = deck.slide(title, [*numbers, *_care_notes(told)])
    heading = say("{who} within reach {going} [%]", who=told.who, going=wording.going(told.run.scenario))
    slide.text(Box(MARGIN, TOP, WIDE - 2 * MARGIN, 7), heading, lines=1)
    slide.bars(Box(MARGIN, TOP + 7, WIDE - 2 * MARGIN, FOOT - TOP - 9), steps, series, title, form=PERCENT, most=110)


def _hard(deck: Deck, told: Told) -> None:
    """Where the hard-to-reach are, on a map."""
    n = _headline(told)
    places = told.rows("reach_by_place")
    own = places[places["place_level"] == "area"].sort_values("hard_people", ascending=False, kind="stable")
    people = whole(n["hard_people"])
    if len(own) > 1 and own["hard_people"].iloc[0] > 0:
        title = say("{people} people are hard to reach, {most} of them in {area}", people=people,
                    most=whole(own["hard_people"].iloc[0]), area=_short(own["area"].iloc[0]))  # fmt: skip
    else:
        title = say("{people} people are hard to reach", people=people)
    rule = say("Hard to reach: {rule}.", rule=wording.rule(told.run.scenario.reach))
    by_area = [f"{row.area}: {whole(row.hard_people)} / {whole(row.people)}" for row in own.itertuples()]
    slide = deck.slide(title, [rule, *by_area[:MOST_AREAS]])
    box, left = Box(MARGIN, TOP, 196, FOOT - TOP - 2), MARGIN + 202
    room = WIDE - MARGIN - left
    y = TOP + slide.text(Box(left, TOP, room, 20), words.legend_title(told.book), bold=True, lines=3) + 2
    drawn = chart_map(told.book, told.whole, box.width, box.height, FOOT - y - 24)
    slide.picture(box, drawn.map, say("Map of travel time to care today, with the hard-to-reach villages"))
    high = drawn.step * len(drawn.texts)
    slide.picture(Box(left, y, 10, high), drawn.keys, say("Marks of the legend"))
    for position, text in enumerate(drawn.texts):
        slide.text(Box(left + 11, y + position * drawn.step + drawn.step / 2 - 3, room - 11, 6), text, lines=1)
    slide.text(Box(left, y + high + 2, room, FOOT - 2 - y - high), rule)


def _villages(deck: Deck, told: Told) -> None:
    """The villages that are hard to reach."""
    rows = told.rows("hard_to_reach")
    if rows.empty:
        return
    still = int((rows["minutes_with_plan"] > told.run.scenario.placement.max_minutes).sum())
    count, limit = number(len(rows)), exact(told.run.scenario.placement.max_minutes)
    title = say("{count} villages are hard to reach; with the plan {still} of them stay over {minutes} min from care",
                count=count, still=number(still), minutes=limit)  # fmt: skip
    columns = (
        Column(say("Village"), 78), Column(say("Area"), 62), Column(say("Under-fives"), 46, number=True),
        Column(say("To a facility"), 42, number=True), Column(say("To care today"), 40, number=True),
        Column(say("With the plan"), 38, number=True),
    )  # fmt: skip
    cells = [
        (village_name(row.village) or row.village_id, row.area, whole(row.under_fives),
         *map(minutes_text, (row.minutes_to_facility, row.minutes_with_chws, row.minutes_with_plan)))
        for row in rows.itertuples()
    ]  # fmt: skip
    notes = [say("Villages with most under-fives come first."), say("Hard to reach: {rule}.",
             rule=wording.rule(told.run.scenario.reach))]  # fmt: skip
    deck.slide(title, notes).rows(BODY_BOX, columns, cells, title)


def _by_area(deck: Deck, told: Told) -> None:
    """Coverage of each area, today and with the plan, the least first."""
    own = sorted((place for place in told.areas if math.isfinite(place.shares[1])), key=lambda place: place.shares[1])
    if len(own) < 2:
        return
    least = own[0]
    title = say("{area} has the least care within reach: {share} today, {then} with the plan", area=_short(least.name),
                share=percent(least.shares[1]), then=percent(least.shares[2]))  # fmt: skip
    told_all = [f"{place.name}: {percent(place.shares[1])} → {percent(place.shares[2])}" for place in own]
    slide = deck.slide(title, told_all)
    shown = own[:MOST_AREAS]
    series = [
        Series(say("Today"), [100 * place.shares[1] for place in shown], CHW_EDGE),
        Series(say("With the plan"), [100 * place.shares[2] for place in shown], PROPOSED),
    ]
    limit, going = exact(told.run.scenario.placement.max_minutes), say(told.run.scenario.reach.traveller)
    heading = say("Under-fives within {minutes} min {going}") if least.of_children else (
        say("People within {minutes} min {going}")
    )  # fmt: skip
    heading = f"{heading.format(minutes=limit, going=going)} [%]"
    if len(own) > len(shown):
        heading += f" · {say('{count} areas, the least first', count=len(shown))}"
    slide.text(Box(MARGIN, TOP, WIDE - 2 * MARGIN, 7), heading, lines=1)
    slide.bars(Box(MARGIN, TOP + 7, WIDE - 2 * MARGIN, FOOT - TOP - 9), [place.name for place in shown], series, title,
               form=PERCENT, across=True, most=110)  # fmt: skip


def _new_posts(deck: Deck, told: Told) -> None:
    """Where new CHWs should live."""
    rows = told.rows("posts")
    rows = rows[rows["proposed"]]
    if rows.empty:
        return
    n, children = _headline(told), told.whole.of_children
    gained = n["new_under_fives"] if children else n["new_people"]
    chws = wording.proposed(int(n["chws_proposed"]), int(n["chws_leaving"]), "new")
    title = (
        say("{chws} in these villages newly reach {count} under-fives", chws=chws, count=whole(gained))
        if children
        else say("{chws} in these villages newly reach {count} people", chws=chws, count=whole(gained))
    )
    column = "new_under_fives" if children else "new_people"
    columns = (
        Column(say("No."), 14, number=True), Column(say("Village"), 84), Column(say("Area"), 70),
        Column(say("CHWs"), 22, number=True),
        Column(say("Under-fives newly reached") if children else say("People newly reached"), 50, number=True),
        Column(say("To a facility"), 42, number=True),
    )  # fmt: skip
    cells = [
        (f"{row.rank:.0f}", village_name(row.village) or row.post_id, row.area, number(row.chws),
         whole(getattr(row, column)), minutes_text(row.minutes_to_facility))
        for row in rows.itertuples()
    ]  # fmt: skip
    notes = [say("Choice of villages: {status}.", status=wording.sureness(told.run.plan["placement"]["status"]))]
    notes += [f"{cell[0]}. {cell[1]} ({cell[2]}): {cell[4]}" for cell in cells]
    deck.slide(title, notes).rows(BODY_BOX, columns, cells, title)


def _enough(deck: Deck, told: Told) -> None:
    """How many CHWs are enough."""
    rows = told.rows("number_of_chws")
    if len(rows) < 3 or not rows["newly"].max() > 0:
        return
    chosen = min(int(_headline(told)["chws_proposed"]), int(rows["chws_new"].iloc[-1]))
    reached = float(rows.loc[rows["chws_new"] == chosen, "newly"].iloc[0])
    who = wording.counted_in(told.run.scenario.placement)
    last, most = int(rows["chws_new"].iloc[-1]), float(rows["newly"].iloc[-1])
    needed = int(rows.loc[rows["newly"] >= 0.9 * most, "chws_new"].iloc[0])
    title = say(
        "{count} new CHWs reach {share} of the {who} whom {last} could reach; {needed} would reach 90 %",
        count=number(chosen), who=who, share=percent(reached / most), last=number(last), needed=number(needed),
    )  # fmt: skip
    points = [
        Series(say("Best plan found"), _pairs(rows, "newly"), PROPOSED),
        Series(say("No plan can reach more"), _pairs(rows, "bound"), CHW_EDGE, dashed=True),
        Series(say("As many CHWs as this plan"), [(chosen, reached)], FACILITY, dots=True),
    ]
    few = rows[rows["chws_new"] % max(1, last // 10) == 0]
    notes = [
        say("{count} new CHWs: {people} {who} newly reached, at most {bound} can be.", count=number(row.chws_new),
            people=whole(row.newly), who=who, bound=whole(row.bound))
        for row in few.itertuples()
    ]  # fmt: skip
    deck.slide(title, notes).lines(
        BODY_BOX, points, title, form=COUNT, axis=say("new CHWs"), upwards=say("{who} newly reached", who=who)
    )


def _pairs(rows: Any, column: str) -> list[tuple[float, float]]:
    return list(zip(rows["chws_new"].astype(float).tolist(), rows[column].astype(float).tolist(), strict=True))


def _short(name: str) -> str:
    return name if len(name) <= words.LONGEST_NAME else name[: words.LONGEST_NAME - 1].rstrip() + "…"
