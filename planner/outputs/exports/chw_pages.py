"""``chw_pages.pdf``: a page for the wall of every CHW, and before those of a supervisor one about them and the round.

A page says whom the CHW serves, who supervises, where a child goes who is too ill, and what a delivery brings. CHWs
are called by their village; their own names and phones stand on it only where the run holds them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from planner.outputs.exports import typeset
from planner.outputs.exports.run import Run
from planner.outputs.exports.sketch import Mark, Sketches
from planner.outputs.language import day, number, say, spoken
from planner.outputs.names import stops, village_name
from planner.outputs.palette import CHW_EDGE, FACILITY, PROPOSED, km_text, minutes_text, whole
from planner.outputs.phrases import spelled
from planner.outputs.ways import steps

PAGE_SKETCH, COVER_SKETCH = (74.0, 66.0), (182.0, 118.0)  # mm, wide and high
DOTTED = "." * 34  # to write on
MOST_VILLAGES = 12  # of those served, by name
LONG_WORD = 16  # letters of a word that may run over two lines
SMALL_MINUTES = 10.0  # less is no other way in another season


def write(run: Run, folder: Path) -> None:
    """Write chw_pages.pdf into a folder."""
    said = typeset.breakable(content(run), LONG_WORD)
    made = typeset.pdf("chw_pages.typ", said, date=run.plan["date"], logo=run.logo)
    (folder / "chw_pages.pdf").write_bytes(made)


def content(run: Run) -> dict[str, Any]:
    """What chw_pages.typ sets, in the language that is spoken: its words, and the supervisors with their posts."""
    title = say("Pages for CHWs and supervisors")
    return {
        "language": spoken(),
        "title": f"{title}: {run.plan['title']}",
        "plan": typeset.short(run.plan["title"], 64),
        "ministry": run.ministry,
        "logo": run.logo is not None,
        "foot": say("Plan of {day} · run {run}", day=day(run.plan["date"]), run=run.plan["run_id"]),
        "sources": typeset.short(_sources(run), 100),
        "words": _words(),
        "supervisors": list(Pages(run).supervisors()),
    }


def _sources(run: Run) -> str:
    """Whom the sketches are owed to."""
    sources = run.table("sources")
    cited = sources.loc[sources["role"].isin(["roads", "water"]), "citation"]
    told = "; ".join(dict.fromkeys(text for text in cited if text))
    return say("Sketches: {sources}", sources=told) if told else ""


def _words() -> dict[str, Any]:
    return {
        "chw": say("Community health worker"),
        "proposed": say("proposed"),
        "served": say("People you serve"),
        "village": say("Village"),
        "people": say("People"),
        "under_fives": say("Under five"),
        "way": say("Way to you"),
        "referral": say("When a child is too ill for you"),
        "supplies": say("What a delivery brings"),
        "item": say("Medicine or test"),
        "packs": say("Packs"),
        "units": say("Units"),
        "supervisor": say("Who supervises you"),
        "call": say("Whom to call"),
        "name": say("Name"),
        "phone": say("Phone"),
        "next_visit": say("Next visit"),
        "supervision": say("Supervision"),
        "posts": say("CHWs"),
        "post": say("Post"),
        "from_you": say("One way"),
        "round": say("One round of visits"),
        "visits": say("Visits, in their order"),
        "under_way": say("Under way"),
        "key": {
            "facility": [FACILITY, say("health facility")],
            "chw": [PROPOSED, say("CHW")],
            "village": ["#ffffff", say("village")],
            "way": [CHW_EDGE, say("way")],
        },
    }


class Pages:
    """The pages of a run, from its tables and layers."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.sheets = run.table("village_sheets")
        self.referral = _of_first_traveller(run.table("referral"))
        self.chain = _of_first_traveller(run.table("referral_chain")).set_index("post_id")
        self.supervised = run.table("supervision").set_index("post_id")
        self.rounds = run.table("rounds")
        self.served = run.table("villages_served")
        self.supply = run.table("supply_by_post")
        self.work = run.table("work").set_index("post_id")
        self.proposed = run.table("posts").set_index("post_id")["proposed"]
        self.contacts = run.table("chw_contacts").set_index("post_id") if "chw_contacts" in run.fields else None
        self.sketches = Sketches(run)
        self.trips = run.layer("supervision_rounds")
        self.at = {
            kind: dict(zip(layer[key], layer.geometry, strict=True))
            for kind, key in (("posts", "post_id"), ("facilities", "facility_id"))
            for layer in [run.layer(kind)]
        }
        self.ways = {
            (row.post_id, row.facility_id): row.geometry
            for row in _of_first_traveller(run.layer("referral_routes")).itertuples()
        }
        self.dry = run.scenario.season.name == "dry"

    def supervisors(self) -> Iterable[dict[str, Any]]:
        """Each facility that supervises, with the pages of its posts; posts that none supervises come last."""
        facilities = self.run.table("facilities").set_index("facility_id")
        by = self.sheets["post_id"].map(self.supervised["facility_id"])
        for facility in [*sorted(set(by) - {""}), *({""} & set(by))]:
            own = self.sheets[(by == facility).to_numpy()]
            trips = self.rounds[self.rounds["facility_id"] == facility] if facility else self.rounds.iloc[:0]
            name = str(facilities["facility"][facility]) if facility else say("Without a supervisor")
            several = len(trips) > 0 and trips["supervisor"].max() > 1
            yield {
                "facility": name,
                "where": _where(facilities.loc[facility]) if facility else "",
                "about": self._about(own, trips) if facility else say(
                    "No supervisor reaches these posts within the time that the plan allows: "
                    "they need another way of supervision."
                ),
                "posts": [self._listed(row) for row in _rows(own)],
                "day": say("Supervisor, day") if several else say("Day"),
                "trips": [self._trip(row, several) for row in _rows(trips)],
                "sketch": self._round_sketch(facility, name, own) if facility else [],
                "pages": [self._page(row, name if facility else "", trips) for row in _rows(own)],
            }  # fmt: skip

    def _about(self, own: pd.DataFrame, trips: pd.DataFrame) -> str:
        chws = int(own["chws"].sum())
        told = say("1 CHW to supervise") if chws == 1 else say("{count} CHWs to supervise", count=number(chws))
        if not len(trips):
            return told
        days, km = int(trips["days"].sum()), km_text(trips["round_km"].sum())
        if days == 1:
            return f"{told} · " + say("one round: 1 working day, {km}", km=km)
        return f"{told} · " + say("one round: {days} working days, {km}", days=number(days), km=km)

    def _listed(self, row: Any) -> list[str]:
        """A post in the list of a supervisor; whom to call is written by hand where the run does not hold it."""
        way = _time(self.supervised["minutes"][row.post_id])
        called = ", ".join(self._contact(row.post_id)) or DOTTED
        return [_place(row), row.post_id, way, whole(row.people), called]

    def _trip(self, row: Any, several: bool) -> list[str]:
        days = number(row.day) if row.days <= 1 else f"{number(row.day)}–{number(row.day + row.days - 1)}"
        who = f"{number(row.supervisor)}, {days}" if several else days
        return [who, stops(row.stops), f"{_time(row.travel_minutes)}, {km_text(row.round_km)}"]

    def _page(self, row: Any, supervisor: str, trips: pd.DataFrame) -> dict[str, Any]:
        served, more = self._villages(row.post_id)
        first = self.referral[self.referral["post_id"] == row.post_id].iloc[:1]
        counted = [
            [whole(row.people), say("people")],
            [whole(row.under_fives), say("children under five")],
            [number(row.villages_served), say("villages")],
        ]
        return {
            "post": row.post_id,
            "village": _place(row),
            "where": _where(row),
            "proposed": bool(self.proposed[row.post_id]),
            "several": say("{count} CHWs live here", count=number(row.chws)) if row.chws > 1 else "",
            "contact": self._contact(row.post_id),
            "numbers": counted if row.people > 0 else [],
            "nobody": ""
            if row.people > 0
            else say("Nobody has the nearest care here: everybody is nearer to a health facility or to another CHW."),
            "villages": served,
            "more": more,
            "referral": [line for each in _rows(first) for line in self._referral(each)],
            "sketch": [self._sketch(each) for each in _rows(first) if each.facility_id],
            "supplies": self._supplies(row.post_id),
            "supervisor": supervisor,
            "supervised": self._supervised(row, supervisor, trips),
        }

    def _contact(self, post: str) -> list[str]:
        if self.contacts is None or post not in self.contacts.index:
            return []
        return [str(text) for text in self.contacts.loc[post, ["chw_name", "chw_phone"]] if text]

    def _villages(self, post: str) -> tuple[list[list[str]], str]:
        """Those with most people by name, and how many more there are."""
        own = self.served[self.served["post_id"] == post].sort_values("people", ascending=False, kind="stable")
        shown, rest = own.iloc[:MOST_VILLAGES], own.iloc[MOST_VILLAGES:]
        lines = [
            [village_name(row.served_village), whole(row.people), whole(row.under_fives), _time(row.mean_minutes)]
            for row in _rows(shown)
        ]
        if not len(rest):
            return lines, ""
        count, people = number(len(rest)), whole(rest["people"].sum())
        return lines, say("and {count} more places with {people} people", count=count, people=people)

    def _referral(self, row: Any) -> Iterable[list[str]]:
        """Where to, how, and what else: lines of a heading and a text; the first is the most important."""
        if not row.facility_id:
            yield [say("There is no way to a health facility"), ""]
            return
        how = say("{how}: {time}, {km}", how=say(row.traveller), time=_time(row.minutes), km=km_text(row.km))
        yield [row.facility, how[:1].upper() + how[1:]]
        if row.way:
            yield [say("The way"), in_words(row.way)]
        chain = self.chain.loc[[row.post_id]] if row.post_id in self.chain.index else self.chain.iloc[:0]
        for onward in _rows(chain):
            if onward.next_facility and onward.next_facility != row.facility and math.isfinite(onward.next_minutes):
                yield [say("From there"), f"{onward.next_facility} ({_time(onward.next_minutes)})"]
        if row.second:
            yield [say("If it is closed"), f"{row.second} ({_time(row.second_minutes)})"]
        if not math.isnan(row.other_minutes):
            yield [say("In the wet season") if self.dry else say("In the dry season"), self._season(row)]

    def _season(self, row: Any) -> str:
        if math.isinf(row.other_minutes):
            return say("There is no way to a health facility")
        if row.other_facility != row.facility:
            return say("Go to {facility}: {time}", facility=row.other_facility, time=_time(row.other_minutes))
        if abs(row.other_minutes - row.minutes) < SMALL_MINUTES:
            return say("The same way, about as long")
        longer = row.other_minutes > row.minutes
        told = _time(row.other_minutes)
        return (
            say("The way takes longer: {time}", time=told) if longer else say("The way is shorter: {time}", time=told)
        )

    def _sketch(self, row: Any) -> dict[str, Any]:
        """The way from a post to the facility that it refers to."""
        post, facility = self.at["posts"][row.post_id], self.at["facilities"][row.facility_id]
        way = self.ways.get((row.post_id, row.facility_id), shapely.LineString([post, facility]))
        served = self.served.loc[self.served["post_id"] == row.post_id, "village_id"].tolist()
        marks = [Mark(row.facility, facility, FACILITY), Mark(_place(row), post, PROPOSED)]
        said = say("Sketch of the way from {village} to {facility}", village=_place(row), facility=row.facility)
        return self._drawn(marks, [way], served, PAGE_SKETCH, said)

    def _round_sketch(self, facility: str, name: str, own: pd.DataFrame) -> list[dict[str, Any]]:
        """The ways of the round."""
        layer = self.trips[self.trips["facility_id"] == facility]
        posts = [Mark(_place(row), self.at["posts"][row.post_id], PROPOSED) for row in _rows(own)]
        marks = [Mark(name, self.at["facilities"][facility], FACILITY), *posts]
        said = say("Sketch of the round of visits from {facility}", facility=name)
        return [self._drawn(marks, layer.geometry.tolist(), (), COVER_SKETCH, said)]

    def _drawn(
        self, marks: list[Mark], ways: list[Any], served: Sequence[str], size: tuple[float, float], said: str
    ) -> dict[str, Any]:
        drawn = self.sketches.of(marks, ways, served, *size)
        km = drawn["bar_km"]
        return {**drawn, "bar_km": f"{number(km, 0 if km >= 1 else 1)} km", "alt": said}

    def _supplies(self, post: str) -> dict[str, Any]:
        own = self.supply[(self.supply["post_id"] == post) & (self.supply["units_delivery"] > 0)]
        rows = [[say(row.item), whole(row.packs), f"{whole(row.units_delivery)} {say(row.unit)}"] for row in _rows(own)]
        kg = self.work["kg_delivery"].get(post, math.nan)
        weight = say("Together about {kg} kg", kg=number(kg, 1)) if rows and math.isfinite(kg) else ""
        return {"rows": rows, "weight": weight}

    def _supervised(self, row: Any, supervisor: str, trips: pd.DataFrame) -> list[str]:
        if not supervisor:
            return [say("No supervisor is near enough: ask your health facility.")]
        lines = [say("{time} away", time=_time(self.supervised["minutes"][row.post_id]))]
        for trip in _rows(trips):
            if f"{row.village} ({row.post_id})" in trip.stops:
                told = say("Day {day} of the round of visits", day=number(trip.day))
                several = trips["supervisor"].max() > 1
                who = say("Supervisor {supervisor}", supervisor=number(trip.supervisor))
                return [*lines, f"{who}: {told}" if several else told]
        return lines


def in_words(way: str) -> str:
    """A way as sentences."""
    return " ".join(f"{spelled(step)}." for step in steps(way))


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples()


def _of_first_traveller(frame: Any) -> Any:
    return frame[frame["traveller"] == frame["traveller"].iloc[0]] if len(frame) else frame


def _place(row: Any) -> str:
    return village_name(row.village) or str(row.post_id)


def _time(minutes: float) -> str:
    """Minutes that do not break over two lines."""
    return minutes_text(minutes).replace(" ", "\N{NO-BREAK SPACE}")


def _where(row: Any) -> str:
    return ", ".join(dict.fromkeys(filter(None, (row.area, row.parent))))
