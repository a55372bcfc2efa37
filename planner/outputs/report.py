"""The report for a ministry: one page of answers first, then the lists, then how sure they are."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from planner.outputs import (
    audit_rows,
    care_tables,
    choice_tables,
    list_rows,
    people_rows,
    people_tables,
    reach_tables,
    rows,
    why_tables,
    wording,
)
from planner.outputs.choice import how_many, placed_best, price_of_fairness, told, under_conditions
from planner.outputs.figures import REST, STEPS, kilometres_wide, picture
from planner.outputs.grids import Grid, Show, grid, same, svg, two, upto
from planner.outputs.headline import headline
from planner.outputs.language import exact, retold, say, speaking
from planner.outputs.names import area_name, role, village_name
from planner.outputs.pages import page
from planner.outputs.palette import (
    NO_WAY,
    km_text,
    minutes_text,
    time_classes,
    whole,
)
from planner.outputs.rounding import adding_up
from planner.scenario.report import Language
from planner.types.results import Plan

MOST_WAYS = 10  # of the ways in words
MOST_CHANGES = 10  # of what was repaired or left out, row by row, in each note
MOST_ROWS = 25  # of a list in the report; tables.xlsx has all


def report_html(plan: Plan, language: Language | None = None) -> str:
    """The report as one HTML page: no network, no script, and it prints on A4. None = in the scenario's language."""
    with speaking(language or plan.scenario.report.language):
        return _page(plan)


def _page(plan: Plan) -> str:
    steps = _steps(plan)
    return page(
        "report.html",
        plan=plan,
        n={figure.key: figure.amount for figure in headline(plan)},
        warnings=sum(note.level == "warning" for note in plan.notes),
        rule=wording.rule(plan.scenario.reach),
        wording=wording,
        steps=steps,
        headline_bar=svg([share for *_, share in steps], colours=[colour for _, colour, _ in steps]),
        rest=REST,
        pictures=_pictures(plan),
        classes=time_classes(plan.scenario.reach.thresholds),
        no_way=NO_WAY,
        kilometres=kilometres_wide(plan),
        coverage=_coverage(plan),
        areas=_areas(plan),
        reached=reach_tables.told(plan),
        why=why_tables.told(plan),
        audit=audit_rows.sentence(plan),
        hard=_hard(plan),
        posts=choice_tables.posts(plan),
        choice=told(plan),
        placed_best=placed_best(plan),
        how_many=how_many(plan),
        growth=choice_tables.growth(plan),
        years=choice_tables.years(plan),
        fairness=price_of_fairness(plan),
        shares=choice_tables.shares(plan),
        conditions=under_conditions(plan),
        moves=choice_tables.moves(plan),
        tiers=care_tables.tiers(plan),
        referrals=care_tables.referrals(plan),
        chains=care_tables.chains(plan),
        ways=care_tables.ways(plan),
        supervisors=care_tables.supervisors(plan),
        rounds=care_tables.rounds(plan),
        round_days=int(plan.rounds.days.sum()),
        fewest_days=int(plan.rounds.fewest_days.sum()),
        round_km=sum(trip.metres for trip in plan.rounds.trips) / 1000,
        cut_off=care_tables.cut_off(plan),
        unsupervised=int(((plan.supervision.facility < 0) & plan.posts.works).sum()),
        supply=care_tables.supply(plan),
        cases=care_tables.cases(plan),
        received=care_tables.received(plan),
        hours=care_tables.hours(plan),
        balance=people_tables.balance(plan),
        joined_words=people_tables.joined(plan),
        village_list=people_tables.village_list(plan),
        rescaled=people_tables.rescaled(plan),
        moved=people_tables.moved(plan),
        balance_by_area=people_tables.balance_by_area(plan),
        scattered=people_rows.scattered(plan)[["people", "under_fives", "hard_people"]].sum().to_dict(),
        other_speeds=_other_speeds(plan),
        lists=_lists(plan),
        checks=_checks(plan),
        changes=_changes(plan),
        assumptions=_assumptions(plan),
        sources=_sources(plan),
    )


def _steps(plan: Plan) -> list[tuple[str, str, float]]:
    """The headline bar: words, colour, percent of each kind of care that there is."""
    figures = {figure.key: figure for figure in headline(plan)}
    there = {"facility": True, "today": not plan.posts.proposed.all(), "plan": plan.posts.proposed.any()}
    return [
        (figures[f"{key}_share"].words, colour, figures[f"{key}_share"].amount)
        for key, colour in zip(there, STEPS, strict=True)
        if there[key]
    ]


def _pictures(plan: Plan) -> list[tuple[Markup, str]]:
    classes = time_classes(plan.scenario.reach.thresholds)
    going = wording.going(plan.scenario)
    today, everybody = ~plan.posts.proposed, np.ones(len(plan.posts), bool)
    return [
        (Markup(picture(plan, time.minutes, classes, posts, words)), words)
        for time, posts, words in (
            (plan.with_chws, today, say("Today: minutes {going} to a facility or CHW", going=going)),
            (plan.with_plan, everybody, say("With the plan: minutes {going} to a facility or CHW", going=going)),
        )
    ]


def _wide(frame: pd.DataFrame, care: Sequence[str]) -> pd.DataFrame:
    """One row for each place or threshold, its kinds of care side by side."""
    parts = [frame[frame["care"] == name].reset_index(drop=True) for name in care]
    wide = parts[0].copy()
    for position, part in enumerate(parts):
        pairs = zip(part["share_percent"], part["people_within"], strict=True)
        wide[f"care_{position}"] = [two(share, people) for share, people in pairs]
    shares = zip(*(part["share_percent"] for part in parts), strict=True)
    wide["bar"] = [svg(share) for share in shares]
    wide["beyond"] = parts[0]["people"] - parts[-1]["people_within"]
    return wide


def _care_columns(plan: Plan) -> dict[str, tuple[str, Show]]:
    today: dict[str, tuple[str, Show]] = (
        {} if plan.posts.proposed.all() else {"care_1": (say("With CHWs today"), Markup)}
    )
    return {
        "care_0": (say("Facilities"), Markup),
        **today,
        "care_2": (say("With the plan"), Markup),
        "bar": ("", Markup),
    }


def _coverage(plan: Plan) -> Grid:
    wide = _wide(rows.coverage(plan), plan.coverage.care)
    return grid(wide, {"within_minutes": (wording.heading(plan.scenario), upto), **_care_columns(plan)})


def _areas(plan: Plan) -> tuple[float, Grid]:
    """Coverage by area at the scenario's own threshold, or the reported one nearest to it."""
    thresholds = plan.coverage.thresholds
    at = float(thresholds[np.argmin(np.abs(thresholds - plan.scenario.reach.max_minutes))])
    frame = rows.coverage_by_area(plan)
    wide = _wide(frame[(frame["within_minutes"] == at) & (frame["people"] > 0)], plan.coverage.care)
    wide = wide.sort_values("beyond", ascending=False, kind="stable")
    wide["people"] = adding_up(wide["people"].to_numpy())
    above: dict[str, tuple[str, Show]] = {"parent": (say("In"), str)} if any(plan.areas.parent_name) else {}
    columns: dict[str, tuple[str, Show]] = {
        "area": (say("Area"), area_name),
        **above,
        "people": (say("People"), whole),
        **_care_columns(plan),
    }
    return at, grid(wide, {**columns, "beyond": (say("Still beyond"), whole)}, 2 * MOST_ROWS)


def _hard(plan: Plan) -> Grid:
    return grid(
        rows.hard(plan),
        {
            "village": (say("Village"), village_name),
            "area": (say("Area"), area_name),
            "under_fives": (say("Under five"), whole),
            "people": (say("People"), whole),
            "facility": (say("Nearest facility {traveller}", traveller=say(plan.scenario.reach.traveller)), str),
            "minutes_to_facility": (wording.heading(plan.scenario), minutes_text),
            "km_to_facility": (say("Straight line"), km_text),
            "minutes_with_chws": (say("To care today"), minutes_text),
            "minutes_with_plan": (say("With the plan"), minutes_text),
        },
        MOST_ROWS,
    )


def _other_speeds(plan: Plan) -> Grid:
    """One row a threshold, the two tables of walking speeds side by side."""
    frame = rows.other_speeds(plan)
    names = frame["speeds"].unique().tolist()
    wide = frame[frame["speeds"].isin(names[:1])].reset_index(drop=True)
    columns: dict[str, tuple[str, Show]] = {"within_minutes": (wording.heading(plan.scenario), upto)}
    for position, name in enumerate(names):
        part = frame[frame["speeds"] == name]
        pairs = zip(part["share_percent"], part["people_within"], strict=True)
        wide[f"table_{position}"] = [two(share, people) for share, people in pairs]
        columns[f"table_{position}"] = (name, Markup)
    wide["fewer"] = wide["people_within"] - frame["people_within"].to_numpy()[len(wide) :]
    wide["moved"] = [_moved(people) for people in wide["fewer"]]
    return grid(wide, {**columns, "moved": (say("With the other table"), Markup)})


def _moved(fewer: float) -> Markup:
    """People who come within reach, or drop out of it, with the other table."""
    return Markup.escape(say("{people} fewer" if fewer > 0 else "{people} more", people=whole(abs(fewer))))


def _lists(plan: Plan) -> Grid:
    frame = list_rows.side_by_side(plan)
    fates: dict[str, tuple[str, Show]] = {fate: (wording.capital(say(fate)), whole) for fate in frame.columns[3:]}
    columns: dict[str, tuple[str, Show]] = {
        "list": (say("List"), role),
        "file": (say("File"), str),
        "rows": (say("Rows"), whole),
    }
    return grid(frame, {**columns, **fates})


def _checks(plan: Plan) -> Grid:
    columns: dict[str, tuple[str, Show]] = {
        "level": ("", say),
        "where": (say("Where"), str),
        "what": (say("What"), str),
        "count": (say("Count"), whole),
    }
    frame = rows.checks(plan)
    return grid(frame[frame["place"] == ""], columns)


def _changes(plan: Plan) -> list[tuple[str, Grid]]:
    """Each note that has changes in a few words, and the first of its changes."""
    columns: dict[str, tuple[str, Show]] = {
        "place": (say("Which"), retold),
        "before": (say("As found"), retold),
        "after": (say("As used"), retold),
    }
    return [
        (
            say("{where}: {what}", where=say(retold(note.where)), what=retold(note.what)),
            grid(pd.DataFrame([vars(each) for each in note.changes], dtype=object), columns, MOST_CHANGES),
        )
        for note in plan.notes
        if note.changes
    ]


def _assumptions(plan: Plan) -> Grid:
    frame = rows.assumptions(plan)
    for column, words in (("number", _number), ("amount", _amount), ("told", _told)):
        frame[column] = [words(row) for row in frame.to_dict("records")]
    columns: dict[str, tuple[str, Show]] = {
        "number": (say("Number"), same),
        "amount": (say("Value"), same),
        "told": (say("Source"), same),
    }
    return grid(frame, columns)


def _number(row: dict[Hashable, Any]) -> Markup:
    form = "{meaning}<br><code>{key}</code>" if row["meaning"] else "<code>{key}</code>"
    return Markup(form).format(meaning=say(row["meaning"]), key=row["key"])


def _amount(row: dict[Hashable, Any]) -> str:
    between = "" if np.isnan(row["low"]) else f" ({exact(row['low'])}–{exact(row['high'])})"
    return f"{exact(row['value'])}{between} {say(row['unit'])}"


def _told(row: dict[Hashable, Any]) -> Markup:
    mark = Markup("" if row["verified"] else "<mark>{}</mark> ").format(say("unverified"))
    return Markup("{}{}").format(mark, row["source"])


def _sources(plan: Plan) -> Grid:
    columns: dict[str, tuple[str, Show]] = {
        "role": (say("Layer"), role),
        "file": (say("File"), str),
        "citation": (say("Cite as"), str),
        "sha256": (say("sha256 (first 12)"), lambda text: str(text)[:12]),
    }
    return grid(rows.sources(plan), columns)
