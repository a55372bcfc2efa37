"""The report as the run folder has it (report.html), and set on A4: contents, links, numbered pages (report.pdf)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from planner.outputs.exports import typeset
from planner.outputs.exports.read_report import Block, plain, read_report
from planner.outputs.exports.run import Run
from planner.outputs.language import day, say, spoken

PROBED = 6  # words and cells of a column that are measured to know how wide it has to be: those with most letters
LONG_ROW, LONG_WORD = 700, 26  # letters of a row of a table that may run over two pages, of a word over two lines


def write(run: Run, folder: Path) -> None:
    """Write report.html and report.pdf into a folder, in the language that is spoken."""
    html = run.report(spoken())
    made = typeset.pdf("report.typ", content(run, html), date=run.plan["date"], logo=run.logo)
    (folder / "report.html").write_text(html, encoding="utf-8", newline="\n")
    (folder / "report.pdf").write_bytes(made)


def content(run: Run, html: str) -> dict[str, Any]:
    """What report.typ sets: the report, parted where its first page ends."""
    report = typeset.breakable(read_report(html), LONG_WORD)
    for block in report["blocks"]:
        if block["kind"] == "table":
            _probe(block)
    first = next(k for k, block in enumerate(report["blocks"]) if block["kind"] == "heading")
    return {
        **report,
        "summary": report["blocks"][:first],
        "blocks": report["blocks"][first:],
        "foot": say("Plan of {day} · run {run}", day=day(run.plan["date"]), run=run.plan["run_id"]),
        "page": say("page {page} of {pages}", page="{page}", pages="{pages}"),
        "head": typeset.short(report["title"], 80),
        "contents": say("Contents"),
        "description": plain(report["kicker"]),
        "ministry": run.ministry,
        "logo": run.logo is not None,
    }


def _probe(table: Block) -> None:
    """Add what the template measures to share out the width of a page: by column, its longest words and cells."""
    table["long"] = [sum(len(plain(cell)) for cell in row) > LONG_ROW for row in table["rows"]]
    table["probes"] = []
    for column, header in enumerate(table["headers"]):
        cells = [row[column] for row in table["rows"]]
        words = {word for cell in cells for word in re.split(rf"[ \n{typeset.BREAK}]", plain(cell))}
        bold = table["total"] or any("b" in run for cell in cells for run in cell)
        table["probes"].append(
            {
                "header": plain(header),
                "head": sorted(plain(header).split(" "), key=lambda word: (-len(word), word))[:PROBED],
                "words": sorted(words, key=lambda word: (-len(word), word))[:PROBED],
                "cells": sorted(cells, key=lambda cell: (-len(plain(cell)), plain(cell)))[:PROBED],
                "bold": bold,
            }
        )
