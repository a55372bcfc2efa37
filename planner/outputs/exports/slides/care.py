"""Slides of what stands behind the CHWs: referral, supervision, supply."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from planner.outputs.exports.run import Run
from planner.outputs.exports.slides.deck import BODY_BOX, FOOT, MARGIN, TOP, WIDE, Box, Column, Deck, Series
from planner.outputs.language import exact, number, say
from planner.outputs.names import village_name
from planner.outputs.palette import CHW_EDGE, FACILITY, km_text, minutes_text, whole
from planner.types.arrays import Doubles


def tell(deck: Deck, run: Run) -> None:
    """Add the slides; what the run does not have is left out."""
    _referral(deck, run)
    _supervision(deck, run)
    _supply(deck, run)


def _referral(deck: Deck, run: Run) -> None:
    """How long it takes from the CHWs to the first facility, and to the next tier."""
    rows: Any = run.table("referral_chain")
    if rows.empty:
        return
    traveller = rows["traveller"].iloc[0]
    rows = rows[rows["traveller"] == traveller]
    first, chain = (rows[column].astype(float).fillna(math.inf).to_numpy() for column in ("minutes", "chain_minutes"))
    half = minutes_text(float(np.median(first)))
    goes = say(traveller)
    title = say("Half of the CHWs are up to {minutes} {going} from the facility that they refer to", minutes=half,
                going=goes)  # fmt: skip
    series = [Series(say("To the first facility"), _counts(first, run), CHW_EDGE)]
    if np.isfinite(chain).any():
        title += say(", and up to {minutes} from the next tier", minutes=minutes_text(float(np.median(chain))))
        series.append(Series(say("On to the next tier of care"), _counts(chain, run), FACILITY))
    farthest = rows.assign(far=first).sort_values("far", ascending=False, kind="stable").head(10)
    notes = [say("Farthest from the first facility:")]
    notes += [f"{village_name(row.village) or row.post_id} – {row.facility or say('no way')}: {minutes_text(row.far)}"
              for row in farthest.itertuples()]  # fmt: skip
    slide = deck.slide(title, notes)
    slide.text(Box(MARGIN, TOP, WIDE - 2 * MARGIN, 7), say("CHWs by time to care, {going}", going=goes), lines=1)
    box = Box(MARGIN, TOP + 7, WIDE - 2 * MARGIN, FOOT - TOP - 9)
    slide.bars(box, _classes(run), series, title, form="#,##0")


def _classes(run: Run) -> list[str]:
    ends = run.scenario.reach.thresholds
    between = [f"{exact(low)}–{exact(high)} min" for low, high in pairwise(ends)]
    return [
        say("up to {minutes} min", minutes=exact(ends[0])), *between,
        say("over {minutes} min", minutes=exact(ends[-1])), say("no way"),
    ]  # fmt: skip


def _counts(minutes: Doubles, run: Run) -> list[int]:
    """CHWs of each class of minutes, those without a way last."""
    ends = run.scenario.reach.thresholds
    finite = minutes[np.isfinite(minutes)]
    found = np.bincount(np.searchsorted(ends, finite), minlength=len(ends) + 1).tolist()
    return [*found, int(len(minutes) - len(finite))]


def _supervision(deck: Deck, run: Run) -> None:
    """Who visits the CHWs, and how long a round takes."""
    rows: Any = run.table("supervisors")
    rows = rows[rows["posts"] > 0].sort_values("posts", ascending=False, kind="stable")
    if rows.empty:
        return
    supervisors, posts = int(rows["supervisors"].sum()), int(rows["posts"].sum())
    days, km = int(rows["round_days"].sum()), float(rows["round_km"].sum())
    one = supervisors == 1
    title = (
        say("1 supervisor visits {posts} posts of CHWs: a round takes {days} days and {km}", posts=number(posts),
            days=number(days), km=km_text(km))
        if one
        else say("{count} supervisors visit {posts} posts of CHWs: a round takes {days} days and {km} in all",
                 count=number(supervisors), posts=number(posts), days=number(days), km=km_text(km))
    )  # fmt: skip
    columns = (
        Column(say("Facility"), 96), Column(say("Area"), 62), Column(say("Posts"), 26, number=True),
        Column(say("Supervisors"), 46, number=True), Column(say("Days of a round"), 50, number=True),
        Column(say("Way of a round"), 44, number=True),
    )  # fmt: skip
    cells = [
        (row.facility, row.area, number(row.posts), number(row.supervisors), number(row.round_days),
         km_text(row.round_km))
        for row in rows.itertuples()
    ]  # fmt: skip
    alone = run.table("supervision")
    nobody = int((alone["facility_id"] == "").sum())
    notes = [
        say("Days are working days of one supervisor, added up over all of them."),
        say("Posts that no facility can supervise within the limit: {count}", count=number(nobody)),
    ]
    deck.slide(title, notes).rows(BODY_BOX, columns, cells, title)


def _supply(deck: Deck, run: Run) -> None:
    """How many ill children are expected, and what they need."""
    cases: Any = run.table("expected_cases")
    rows: Any = run.table("supply_by_post")
    if cases.empty or rows.empty:
        return
    use, need = float(cases["use_month"].sum()), float(cases["need_month"].sum())
    title = say("About {use} illnesses a month would be treated by the CHWs, {need} if every ill child were brought",
                use=whole(use), need=whole(need))  # fmt: skip
    items = rows.groupby(["item", "unit"], sort=False)[["units_use_month", "units_month", "units_delivery"]].sum()
    columns = (
        Column(say("Item"), 150), Column(say("Unit"), 40), Column(say("A month, as expected"), 44, number=True),
        Column(say("A month, if all come"), 44, number=True), Column(say("Each delivery"), 40, number=True),
    )  # fmt: skip
    cells = [
        (say(str(item)), say(str(unit)), whole(row.units_use_month), whole(row.units_month), whole(row.units_delivery))
        for (item, unit), row in zip(items.index, items.itertuples(), strict=True)
    ]
    by_illness = cases.groupby("illness", sort=False)[
        ["use_month", "use_month_low", "use_month_high", "need_month"]
    ].sum()
    notes = [
        say("{illness}: {use} a month ({low} to {high}), {need} if all come", illness=say(str(illness)),
            use=whole(row.use_month), low=whole(row.use_month_low), high=whole(row.use_month_high),
            need=whole(row.need_month))
        for illness, row in zip(by_illness.index, by_illness.itertuples(), strict=True)
    ]  # fmt: skip
    notes.append(say("Expected use is uncertain; needs are upper limits for planning. No lives saved are computed."))
    deck.slide(title, notes).rows(BODY_BOX, columns, cells, title)
