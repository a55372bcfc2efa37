"""Slides of how sure the plan is, and of what it was made from."""

from __future__ import annotations

from typing import Any

from planner.outputs import wording
from planner.outputs.exports.atlas.words import role
from planner.outputs.exports.run import Run
from planner.outputs.exports.slides.deck import BODY_BOX, FOOT, MARGIN, ROW, TOP, WIDE, Box, Column, Deck
from planner.outputs.language import exact, number, say
from planner.outputs.palette import percent, whole

HALF = (WIDE - 2 * MARGIN - 10) / 2
SMALL = 12  # points of the sources


def tell(deck: Deck, run: Run) -> None:
    """Add the slides."""
    _sure(deck, run)
    _sources(deck, run)


def _sure(deck: Deck, run: Run) -> None:
    """The balance of people, and what other assumptions would change."""
    placement, other = run.plan["placement"], _other_speeds(run)
    status = wording.sureness(placement["status"])
    if other:
        (_, low), (_, high) = sorted(other, key=lambda each: each[1])[:: len(other) - 1]
        title = say("Within reach of a facility are {low} to {high} of the people, by the walking speeds taken",
                    low=percent(low), high=percent(high))  # fmt: skip
    else:
        title = say("Choice of villages: {status}.", status=status)
    assumed = run.table("assumptions")
    unverified = int((~assumed["verified"]).sum())
    warnings = sum(note["level"] == "warning" for note in run.plan["notes"])
    facts = [
        (say("Choice of villages"), status),
        (say("Newly reached by the plan"), say("{people} people", people=whole(placement["covered"]))),
        *(
            [(say("No plan could reach more than"), say("{people} people", people=whole(placement["bound"])))]
            if placement["unit"] == "people"
            else []
        ),
        *((say("Within reach, speeds of {name}", name=name), percent(share)) for name, share in other),
        (say("Numbers taken without a checked source"), f"{number(unverified)} / {number(len(assumed))}"),
        (say("Warnings about the files"), number(warnings)),
    ]
    balance: Any = run.table("people_balance")
    lines = [(_line(row.line), whole(row.people), percent(row.share_percent / 100)) for row in balance.itertuples()]
    slide = deck.slide(title, [*(f"{name}: {told}" for name, told in facts), *(" – ".join(line) for line in lines)])
    slide.text(Box(MARGIN, TOP, HALF, 8), say("Where every person of the map was counted"), bold=True, lines=1)
    columns = (Column("", 58), Column(say("People"), 38, number=True), Column("%", 36, number=True))
    slide.rows(Box(MARGIN, TOP + 8, HALF, FOOT - TOP - 10), columns, lines, say("The balance of people"))
    left = MARGIN + HALF + 10
    slide.text(Box(left, TOP, HALF, 8), say("How sure the answer is"), bold=True, lines=1)
    y = TOP + 9.0
    for name, told in facts:
        high = max(slide.text(Box(left, y, HALF - 62, 2 * ROW), name, lines=2),
                   slide.text(Box(left + HALF - 60, y, 60, 3 * ROW), told, bold=True, right=True, lines=3))  # fmt: skip
        y += high + 3


def _other_speeds(run: Run) -> list[tuple[str, float]]:
    """Who is within the rule's minutes of a facility, by table of walking speeds; none where there is one table."""
    rows = run.table("other_speeds")
    rows = rows[rows["within_minutes"] == run.scenario.reach.max_minutes]
    return list(zip(rows["speeds"], (rows["share_percent"] / 100).tolist(), strict=True)) if len(rows) > 1 else []


def _line(name: str) -> str:
    return {
        "reachable": say("reachable"),
        "unreachable": say("unreachable"),
        "on a barrier": say("on a barrier"),
        "outside the areas": say("outside the areas"),
        "unknown": say("unknown"),
        "total": say("all of them"),
    }.get(name, name)


def _sources(deck: Deck, run: Run) -> None:
    """Whom to cite, and what travel times and people are."""
    cited: dict[str, list[str]] = {}
    sources: Any = run.table("sources")
    for row in sources.itertuples():
        cited.setdefault(row.citation or row.file, []).append(role(row.role) or row.role)
    texts = [f"{', '.join(roles)}: {source}" for source, roles in cited.items()]
    scenario = run.scenario
    about = [
        say("Travel times {going} are computed on the cells of the population raster, not measured.",
            going=wording.going(scenario)),
        say("People are estimates of the population raster; under-fives are {share} of them where no map says more.",
            share=percent(scenario.population.under_five_share)),
        say("Hard to reach: {rule}.", rule=wording.rule(scenario.reach)),
        say("A CHW reaches who lives within {minutes} min on foot.", minutes=exact(scenario.placement.max_minutes)),
        say("CHWs may raise care-seeking; how many lives that saves is not known, and is not computed here."),
    ]  # fmt: skip
    slide = deck.slide(say("What the plan is made of, and how to read it"), [*about, *texts])
    slide.bullets(Box(MARGIN, TOP, WIDE - 2 * MARGIN, 54), about)
    slide.text(Box(MARGIN, TOP + 58, WIDE - 2 * MARGIN, 7), say("Sources"), bold=True, lines=1)
    box = Box(MARGIN, TOP + 66, WIDE - 2 * MARGIN, BODY_BOX.height - 66)
    slide.bullets(box, texts, points=SMALL)
