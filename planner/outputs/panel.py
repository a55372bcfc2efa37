"""What stands beside the map: the one message, the shares behind it, the legend's words, the sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from planner.outputs import palette
from planner.outputs.escape import escape
from planner.outputs.features import facility_style, village_radius
from planner.outputs.headline import headline
from planner.outputs.language import number, say
from planner.outputs.palette import TimeClass, percent, whole
from planner.outputs.wording import going, proposed, rule, sureness, within
from planner.types.results import Plan

SAMPLES = (100, 400, 1600)  # people of the legend's three sizes of villages


def panel(plan: Plan, surfaces: Iterable[str]) -> str:
    """The panel as HTML; the script fills the legend and the search."""
    buttons = "".join(f'<button type="button">{escape(name)}</button>' for name in surfaces)
    return f"""<aside id="panel">
<h1>{escape(plan.scenario.title)}</h1>
<p id="message">{escape(message(plan))}</p>
<div id="finder">
<input id="search" type="search" role="combobox" aria-expanded="false" aria-controls="found" autocomplete="off"
 placeholder="Find a village, facility, CHW or area" aria-label="Find a village, facility, CHW or area">
<ul id="found" role="listbox" hidden></ul>
</div>
<details id="more"><summary>Legend and numbers</summary>
{_bars(plan)}
<p class="note">{escape(note(plan))}</p>
<div id="surfaces" role="group" aria-label="Travel time shown">{buttons}</div>
<div id="legend"></div>
{_sources(plan)}
</details>
</aside>"""


def message(plan: Plan) -> str:
    """The one sentence that the plan comes to, for under-fives; for all people where no under-fives are known."""
    figures = {figure.key: figure.amount for figure in headline(plan)}
    key = "under_fives" if figures["under_fives"] > 0 else "people"
    everybody, new = figures[key], int(figures["chws_proposed"])
    if not everybody > 0:
        return say("The population raster has nobody in these areas.")
    today, then = (percent(figures[f"{when}_{key}"] / everybody) for when in ("today", "plan"))
    near = within(plan.scenario, plan.scenario.placement.max_minutes, "care today")
    text = "{share} of under-fives live {near}." if key == "under_fives" else "{share} of people live {near}."
    now = say(text, share=today, near=near)
    if new == 0:
        return f"{now} {say('No new CHWs are proposed.')}"
    chws = proposed(new, int(figures["chws_leaving"]), "more")
    if today != then:
        text = "{chws} raise it to {share}." if new > 1 else "{chws} raises it to {share}."
        return f"{now} {say(text, chws=chws, share=then)}"
    gain = figures[f"new_{key}"]
    if gain > 0:
        text = "{chws} reach {people} more." if new > 1 else "{chws} reaches {people} more."
        return f"{now} {say(text, chws=chws, people=whole(gain))}"
    return f"{now} {say('{chws} would not change that.', chws=chws)}"


def note(plan: Plan) -> str:
    """What lies behind the message: who is hard to reach, and how sure the choice is."""
    figures = {figure.key: figure.amount for figure in headline(plan)}
    people, children, villages = (figures[f"hard_{what}"] for what in ("people", "under_fives", "villages"))
    centres = (
        say("the centre of 1 village")
        if villages == 1
        else say("the centres of {villages} villages", villages=number(villages))
    )
    text = say(
        "{people} people, {children} of them under five, are hard to reach where they live ({rule}), and so are "
        "{centres}.",
        people=whole(people), children=whole(children), rule=rule(plan.scenario.reach), centres=centres,
    )  # fmt: skip
    if figures["chws_proposed"]:
        text += " " + say(
            "The proposed CHWs newly cover {children} under-fives. Choice of villages: {status}.",
            children=whole(figures["new_under_fives"]), status=sureness(plan.placement.status),
        )  # fmt: skip
    return text


def _bars(plan: Plan) -> str:
    """Shares of under-fives within reach, as bars that need no script."""
    figures = {figure.key: figure.amount for figure in headline(plan)}
    children = figures["under_fives"]
    if not children > 0:
        return ""
    reach, limit = plan.scenario.reach.max_minutes, plan.scenario.placement.max_minutes
    bars = (
        (f"of a facility ({reach:g} min)" if reach != limit else "of a facility", "facility", palette.FACILITY),
        ("or a CHW today" if figures["chws_today"] else "", "today", palette.CHW_EDGE),
        ("with the plan" if figures["chws_proposed"] else "", "plan", palette.PROPOSED),
    )
    lines = []
    for words, key, colour in bars:
        if not words:
            continue
        share = figures[f"{key}_under_fives"] / children
        lines.append(
            f'<tr><th scope="row">{escape(words)}</th><td><svg viewBox="0 0 100 10" preserveAspectRatio="none" '
            f'aria-hidden="true"><rect width="100" height="10" fill="#e3e8ed"></rect><rect width="{100 * share:.1f}" '
            f'height="10" fill="{colour}"></rect></svg></td><td>{escape(percent(share))}</td></tr>'
        )
    caption = f"<caption>Under-fives within {limit:g} min {escape(going(plan.scenario))}</caption>"
    return f'<table class="bars">{caption}{"".join(lines)}</table>'


def _sources(plan: Plan) -> str:
    roles: dict[str, list[str]] = {}
    for source in plan.sources:
        roles.setdefault(source.citation or source.file, []).append(source.role.replace("_", " "))
    items = "".join(f"<li>{escape(', '.join(names))}: {escape(said)}</li>" for said, names in roles.items())
    origin = plan.provenance
    version = origin.versions.get("planner", "")
    return (
        f'<details id="sources"><summary>Sources</summary><ul>{items}</ul>'
        f"<p>Travel times {escape(plan.scenario.reach.traveller)}, in the {plan.scenario.season.name} season, are "
        "computed, not measured. People are estimates of the population raster.</p>"
        f"<p>{escape(origin.date)} · run {escape(origin.run_id)} · made by planner {escape(version)}</p></details>"
    )


def legend(plan: Plan, classes: Iterable[TimeClass], used: set[str]) -> list[dict[str, Any]]:
    """Sections of the legend: only styles that occur on the map, each with its words and unit."""
    times = [{"colour": entry.colour, "label": entry.label} for entry in classes]
    times.append({"colour": palette.NO_WAY, "label": f"no way {plan.scenario.reach.traveller}"})
    sizes = [
        {"style": "within", "r": village_radius(people), "label": f"{whole(people)}{more} people"}
        for people, more in zip(SAMPLES, ("", "", " and more"), strict=True)
    ]
    words = kinds(plan)
    base = ["area", "referral", "round", "major", "minor", "path", "river", "seasonal", "lake"]
    sections = [
        (f"Time to care {going(plan.scenario)}", times),
        ("Community health workers (CHWs)", _entries(used, ["chw-new", "chw", "catchment-new", "catchment"], words)),
        ("Facilities", _entries(used, ["tier3", "tier2", "tier1"], words)),
        ("Villages", _entries(used, ["waiting", "served-new", "served", "within"], words)),
        ("Size of villages", sizes if used & {"waiting", "served-new", "served", "within"} else []),
        ("Base map", _entries(used, base, words)),
    ]  # fmt: skip
    return [{"title": title, "entries": entries} for title, entries in sections if entries]


def _entries(used: set[str], styles: list[str], words: dict[str, str]) -> list[dict[str, Any]]:
    return [{"style": style, "label": words[style]} for style in styles if style in used]


def kinds(plan: Plan) -> dict[str, str]:
    """What each style means, in words."""
    limit = f"{plan.scenario.placement.max_minutes:g} min"
    return {
        "chw-new": "proposed CHW, numbered: 1 reaches most",
        "chw": "CHW today",
        "catchment-new": f"served by a proposed CHW (within {limit})",
        "catchment": f"served by a CHW of today (within {limit})",
        **_tier_words(plan),
        "waiting": "hard to reach, no CHW in reach",
        "served-new": "hard to reach, served by a proposed CHW",
        "served": "hard to reach, served by a CHW of today",
        "within": "not hard to reach",
        "area": "area",
        "referral": f"referral way {plan.scenario.reach.traveller}",
        "round": "supervision round",
        "major": "main road",
        "minor": "other road",
        "path": "track or path",
        "river": "river",
        "seasonal": "seasonal river",
        "lake": "lake or sea",
    }


def _tier_words(plan: Plan) -> dict[str, str]:
    """The facility types that share a symbol."""
    words: dict[str, list[str]] = {}
    for kind, tier in sorted(set(zip(plan.facilities.type, plan.facilities.tier.tolist(), strict=True))):
        known = words.setdefault(facility_style(tier), [])
        if kind and kind not in known:
            known.append(kind)
    plain = {"tier1": "tier 1", "tier2": "tier 2", "tier3": "tier 3 and above"}
    return {
        style: f"{plain[style]}: {', '.join(words[style])}" if words.get(style) else plain[style] for style in plain
    }
