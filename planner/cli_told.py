"""What the commands say of what they read and answered, as lines of text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from planner.errors import one_line
from planner.types.lists import USED

if TYPE_CHECKING:
    from planner.errors import Doubt
    from planner.pipeline.ground import Ground
    from planner.types.frame import Frame
    from planner.types.inputs import Note, Roads
    from planner.types.lists import ListAccount
    from planner.types.results import PeopleBalance, Plan

MOST_CHANGES = 5  # of a note; the report and tables.xlsx have all


def read_summary(base: Ground) -> Iterator[str]:
    """What was read, and what was found, repaired or left out."""
    import numpy as np

    inputs = base.found
    people, under_fives = np.nansum(inputs.layers.people), np.nansum(inputs.layers.under_fives)
    tiers = Counter(int(tier) for tier in inputs.facilities.tier)
    by_tier = ", ".join(f"{count:,} of tier {tier}" for tier, count in sorted(tiers.items()))
    yield "Everything was read; nothing has to be mended."
    yield f"{people:14,.0f}  people in the raster, {under_fives:,.0f} of them under five"
    yield from (f"{amount:>14}  {words}" for amount, words in balance_lines(base.balance))
    yield f"{len(inputs.facilities):14,}  facilities ({by_tier})"
    yield f"{len(inputs.villages):14,}  villages in the list"
    yield f"{len(inputs.chws):14,}  CHWs today"
    yield f"{_road_km(inputs.layers.frame, inputs.roads):14,.0f}  km of roads and paths"
    yield f"{len(inputs.areas):14,}  areas"
    yield from account_lines(base.accounts)
    yield from note_lines(base.notes)


def account_lines(accounts: Iterable[ListAccount]) -> Iterator[str]:
    """What became of the rows of each list, where they were not all used; a line a list."""
    for account in accounts:
        if account.rows[0] != (USED, account.total):
            parts = ", ".join(f"{count:,} {fate}" for fate, count in account.rows)
            yield f"{account.total:14,}  {one_line(f'rows in {account.file} ({account.role}): {parts}')}"


def review_hint(doubts: Sequence[Doubt]) -> Iterator[str]:
    """How to decide on rows of lists one by one, where there are any to be looked at."""
    if doubts:
        rows = f"{len(doubts):,} row{'' if len(doubts) == 1 else 's'}"
        yield ""
        yield f"{rows} of lists can be decided one by one, in a workbook to edit and give back:"
        yield "  planner check SCENARIO --review FILE.xlsx"


def _road_km(frame: Frame, roads: Roads) -> float:
    import shapely

    points, road = shapely.get_coordinates(roads.geometry, return_index=True)
    same = road[1:] == road[:-1]
    here, there = points[:-1][same], points[1:][same]
    return float(frame.metres_between(*here.T, *there.T).sum()) / 1000


def balance_lines(balance: PeopleBalance) -> Iterator[tuple[str, str]]:
    """Amounts and words that lead from the raster to every person in one line; as printed, they add up."""
    from planner.outputs.rounding import adding_up

    if balance.total != balance.raster:
        added = round(balance.total) - round(balance.raster)
        yield (
            f"{added:+,}",
            f"by rescaling: {balance.total:,.0f} in the plan, {balance.under_fives.sum():,.0f} under five",
        )
    parts = zip(adding_up(balance.people), balance.lines, strict=True)
    yield "=", " + ".join(f"{amount:,} {line}" for amount, line in parts)


def note_lines(notes: Iterable[Note]) -> Iterator[str]:
    """A line a note, with its count, and below it the first of its changes."""
    for note in notes:
        count = f" ({note.count:,.0f})" if note.count else ""
        yield f"{note.level:>14}  {one_line(f'{note.where}: {note.what}{count}')}"
        for change in note.changes[:MOST_CHANGES]:
            turned = f'"{change.before}" → "{change.after}"' if change.after else f'"{change.before}"'
            yield f"{'':18}{one_line(f'{change.place}: {turned}')}"
        if len(note.changes) > MOST_CHANGES:
            yield f"{'':18}and {len(note.changes) - MOST_CHANGES:,} more"


def plan_summary(plan: Plan) -> Iterator[str]:
    """The plan in a dozen lines."""
    from planner.outputs.headline import headline

    figure = {figure.key: figure for figure in headline(plan)}
    yield f"\n{one_line(plan.scenario.title)}, {plan.provenance.date}"
    yield f"{plan.balance.raster:12,.0f}    people in the raster"
    yield from (f"{amount:>12}    {words}" for amount, words in balance_lines(plan.balance))
    yield f"{figure['people'].amount:12,.0f}    people in the areas, {figure['under_fives'].amount:,.0f} under five"
    there = {"facility": True, "today": figure["chws_today"].amount, "plan": figure["chws_proposed"].amount}
    for key in (f"{care}_share" for care, any_there in there.items() if any_there):
        share = figure[key].amount
        yield f"{'-' if math.isnan(share) else f'{share:.1f}':>12} %  {figure[key].words}"
    hard, villages = figure["hard_people"].amount, figure["hard_villages"].amount
    yield f"{hard:12,.0f}    people are hard to reach, {figure['hard_under_fives'].amount:,.0f} under five"
    yield f"{villages:12,}    of {len(plan.villages):,} villages are hard to reach at their centre"
    leaving = figure["chws_leaving"].amount
    status = f", {leaving:,} of today's move or leave" if leaving else ""
    status += f"; {plan.placement.status}" if figure["chws_proposed"].amount else ""
    yield f"{figure['chws_proposed'].amount:12,}    CHWs proposed{status}"
    yield from note_lines(note for note in plan.notes if note.level == "warning")
    levels = Counter(note.level for note in plan.notes if note.level in ("repaired", "left out"))
    if levels:
        kinds = " and ".join(f"what was {level} ({count:,})" for level, count in sorted(levels.items()))
        yield f"The report lists {kinds}."
