"""All tables as a workbook: one sheet a table. Names are text, whatever they begin with; there is no formula in it.

Tables have English names, columns and words, by which the CSV files go; the workbook says them in the language spoken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from planner.outputs import (
    alternatives,
    audit_rows,
    community_rows,
    list_rows,
    people_rows,
    reach_rows,
    referral_rows,
    rows,
    supply_rows,
    visits,
    why_rows,
)
from planner.outputs.cells import NO_WAY, UNKNOWN, shown
from planner.outputs.columns import COLUMNS
from planner.outputs.headline import summary
from planner.outputs.language import day, number, say
from planner.outputs.palette import SEQUENTIAL, SERVED
from planner.outputs.wording import going
from planner.types.results import Plan

MOST_ROWS = 1_048_575  # of a sheet, below its header
WIDEST = 48
NAMES = {"village", "facility", "area", "post_id", "figure", "care"}  # columns that name a row
NOTES = (
    "People and under-fives are sums of the population raster: shown rounded, stored in full.",
    "'no way' = cannot be reached; '–' = unknown, or a share of nobody.",
    "Within a number of minutes means up to and including it.",
    "Posts carry the name of the village, never that of the lay worker; 'CHW contacts', where there is one, says who.",
    "Expected episodes and supply are what is needed were every ill child brought to the post: plan for less use.",
)


@dataclass(frozen=True)
class Table:
    """Rows with a name (at most 31 characters, a sheet's limit) and what they say."""

    name: str
    about: str
    rows: pd.DataFrame


def tables(plan: Plan) -> tuple[Table, ...]:
    """All tables of the plan, in the order in which a planner reads them."""
    weighted = plan.scenario.placement.weighted
    return (
        Table("Summary", "The plan in a few numbers.", summary(plan)),
        Table("Coverage", "People within each travel time of care, in all areas together.", rows.coverage(plan)),
        Table(
            "Coverage by area", "The same for each area, people outside all areas last.", rows.coverage_by_area(plan)
        ),
        Table(
            "Hard to reach", "Villages hard to reach by the scenario's rule, most under-fives first.", rows.hard(plan)
        ),
        Table(
            "Why hard to reach", "What the ways of these villages are made of, and what would help.", why_rows.why(plan)
        ),
        Table("CHWs of today", "The CHWs there are, held against the rules.", audit_rows.audit(plan)),
        Table("Bridges", "Where one bridge for walkers would save most, each alone.", why_rows.bridges(plan)),
        Table("Reach by place", "How long people need, who finds room, who would use care.", reach_rows.by_place(plan)),
        Table("Coverage by season", "Coverage by place in the dry and in the wet season.", reach_rows.by_season(plan)),
        Table("Coverage by tier", "Within reach of each tier of facilities, or of none.", reach_rows.by_tier(plan)),
        Table("People by minutes", "People within any number of minutes of care.", reach_rows.curve(plan)),
        Table("Remoteness", "Tenths of the people by their way to a facility.", reach_rows.remoteness(plan)),
        Table("Unevenness", "How unevenly care is spread: 0 = all alike.", reach_rows.unevenness(plan)),
        Table("Zones", "People by straight-line km from a facility.", reach_rows.zones(plan)),
        Table("Posts", "Where lay workers live today, and where the plan proposes them, best first.", rows.posts(plan)),
        Table(
            "Number of CHWs",
            "Who is newly within reach with any number of new CHWs, weighted as in the choice."
            if weighted
            else "Who is newly within reach with any number of new CHWs.",
            alternatives.growth(plan),
        ),
        Table(
            "Years",
            "The plan by years, people weighted as in the choice: the posts of each contain those before."
            if weighted
            else "The plan by years: the posts of each contain those before.",
            alternatives.years(plan),
        ),
        Table(
            "CHWs placed best",
            "Who leaves, and where to, if as many CHWs as today lived best.",
            alternatives.relocation(plan),
        ),
        Table(
            "Fairness by area",
            "The fairest choice beside the one that reaches most people.",
            alternatives.fairness(plan),
        ),
        Table(
            "Villages",
            "Villages of the list, settlements found in the population, and the scattered: all people of the plan.",
            people_rows.villages_and_scattered(plan),
        ),
        Table(
            "Village sheets", "A row for the sheet of each CHW: for community meetings.", community_rows.sheets(plan)
        ),
        *_contacts(plan),
        Table("Villages served", "Whom each CHW serves, village by village.", community_rows.served(plan)),
        Table(
            "Village list",
            "The list of villages beside the settlements of the raster: what was joined to what, and how.",
            people_rows.village_list(plan),
        ),
        Table("Facilities", "Places with trained staff, and who reaches them first.", rows.facilities(plan)),
        Table(
            "Referral", "From each post to the nearest facility of each tier or above.", referral_rows.referrals(plan)
        ),
        Table("Referral chain", "To the first facility, and from there to the next tier.", referral_rows.chains(plan)),
        Table("Onward referral", "From each facility to the next tier.", referral_rows.onward(plan)),
        Table("Ambulance", "A vehicle that is called to the post and comes back.", referral_rows.ambulances(plan)),
        Table("Supervision", "The facility that supervises each post.", rows.supervision(plan)),
        Table("Supervisors", "What supervision asks of each facility.", visits.supervisors(plan)),
        Table("Rounds", "One round of visits to all CHWs: who goes where on which day.", visits.rounds(plan)),
        Table(
            "Expected cases", "Cases a month: those that arise, and those brought to the CHW.", supply_rows.cases(plan)
        ),
        Table("Supply by post", "What each post needs a month, and at each delivery.", supply_rows.supply(plan)),
        Table("Supply by facility", "The same, for the posts that a facility supervises.", supply_rows.store(plan)),
        Table("Work", "Cases and hours a week of the CHWs, and what a delivery weighs.", supply_rows.work(plan)),
        Table("Referrals received", "Children whom CHWs refer to each facility.", supply_rows.received(plan)),
        Table(
            "People balance", "Every person of the population raster in exactly one line.", people_rows.balance(plan)
        ),
        Table("Balance by area", "The same for each area: rows and columns add up.", people_rows.balance_by_area(plan)),
        Table("Rescaled people", "Areas multiplied to add up to a table, or to grow.", people_rows.rescaled(plan)),
        Table("Moved people", "Who was moved from closed cells to open ground.", people_rows.moved(plan)),
        Table("Other speeds", "Reach of facilities with two tables of walking speeds.", rows.other_speeds(plan)),
        Table("Rows of lists", "Every row of every list in exactly one line.", list_rows.accounts(plan)),
        Table("Checks", "What was found, repaired or left out.", rows.checks(plan)),
        Table("Assumptions", "Every number that entered the answer, with its source.", rows.assumptions(plan)),
        Table("Sources", "Files that were read, and whom to cite.", rows.sources(plan)),
    )


def _contacts(plan: Plan) -> list[Table]:
    """The CHWs by name, where the plan includes them."""
    about = "Names and telephone numbers of the CHWs: only for those who need them."
    return [Table("CHW contacts", about, community_rows.contacts(plan))] if plan.contacts else []


def write_workbook(plan: Plan, sheets: tuple[Table, ...], path: Path) -> None:
    """Write tables.xlsx: a README sheet, then one sheet a table. The same plan gives the same bytes.

    In the language that is spoken; where that is not English, make the tables in it as well, for they say some words.
    """
    book = xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties(
        {"title": plan.scenario.title, "created": datetime.fromisoformat(plan.provenance.date), "author": "planner"}
    )
    _write_readme(book, plan, sheets)
    for table in sheets:
        _write_sheet(book, table)
    book.close()


def _write_readme(book: xlsxwriter.Workbook, plan: Plan, sheets: tuple[Table, ...]) -> None:
    sheet = book.add_worksheet(say("README"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    title, bold = book.add_format({"bold": True, "font_size": 16}), book.add_format({"bold": True})
    sheet.write_string(0, 0, plan.scenario.title, title)
    made = say("Plan of {day}, run {run}", day=day(plan.provenance.date), run=plan.provenance.run_id)
    sheet.write_string(1, 0, made)
    sheet.write_row(3, 0, [say("Sheet"), say("What it says")], bold)
    row = 4
    for table in sheets:
        name, about = say(table.name), say(table.about)
        left_out = len(table.rows) - MOST_ROWS
        cut = say(" {count} more rows do not fit on a sheet: see tables/.", count=number(left_out))
        rows_there = say("{about} ({count} rows)", about=about, count=number(len(table.rows)))
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        sheet.write_string(row, 1, rows_there + (cut if left_out > 0 else ""))
        row += 1
    sheet.write_string(row + 1, 0, say("How to read it"), bold)
    one_way = say("A travel time is one way, {going}.", going=going(plan.scenario))
    for position, note in enumerate((one_way, *map(say, NOTES))):
        sheet.write_string(row + 2 + position, 0, note)


def _write_sheet(book: xlsxwriter.Workbook, table: Table) -> None:
    sheet = book.add_worksheet(say(table.name))
    frame = table.rows.iloc[:MOST_ROWS]
    names = [say(COLUMNS[name].header) for name in frame.columns]
    header = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for position, name in enumerate(frame.columns):
        column, values = COLUMNS[name], [shown(name, value) for value in frame[name].tolist()]
        form = book.add_format({"num_format": column.number_format, "valign": "top", **_text_or_number(values)})
        sheet.set_column(position, position, _width(names[position], values))
        for row, value in enumerate(values, start=1):
            sheet.write(row, position, value, form)
    headers = [{"header": name, "header_format": header} for name in names]
    options = {"name": table.name.replace(" ", "_"), "columns": headers, "style": "Table Style Light 1"}
    sheet.add_table(0, 0, max(1, len(frame)), len(frame.columns) - 1, options)
    sheet.set_row(0, 45)
    sheet.freeze_panes(1, _named_by(frame))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for position, name in enumerate(frame.columns):
        _mark(book, sheet, COLUMNS[name].header, (1, position, max(1, len(frame)), position))


def _named_by(frame: pd.DataFrame) -> int:
    """How many columns stay where the others move: up to the first that names a row, where it is near the front."""
    names = [position for position, name in enumerate(frame.columns[:4]) if name in NAMES]
    return names[0] + 1 if names else 0


def _mark(book: xlsxwriter.Workbook, sheet: Any, header: str, cells: tuple[int, int, int, int]) -> None:
    """Let the eye find what matters: bars of shares, the long ways darker, and words that are no number."""
    if header.endswith("[%]"):
        limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 100}
        sheet.conditional_format(*cells, {"type": "data_bar", "bar_color": SERVED, **limits})
    elif header.endswith("[min]"):
        far = {"min_color": SEQUENTIAL[0], "max_color": SEQUENTIAL[4]}
        sheet.conditional_format(*cells, {"type": "2_color_scale", **far})
    for words, colour in ((say(NO_WAY), "#993404"), (say("warning"), "#993404"), (UNKNOWN, "#7d7d7d")):
        marked = book.add_format({"font_color": colour, "bold": words != UNKNOWN})
        sheet.conditional_format(*cells, {"type": "cell", "criteria": "==", "value": f'"{words}"', "format": marked})


def _text_or_number(values: list[str | float | int]) -> dict[str, str | bool]:
    if all(isinstance(value, str) for value in values):
        return {"align": "left", "text_wrap": True}
    return {"align": "right"}


def _width(header: str, values: list[str | float | int]) -> int:
    longest = max((len(value) if isinstance(value, str) else 10 for value in values), default=0)
    words = max(len(word) for word in header.split()) + 4  # the filter's button stands in the header
    return min(WIDEST, max(longest + 2, words, min(len(header), 14)))
