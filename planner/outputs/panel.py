"""What stands beside the map: the one message, the shares behind it, tables, sources; each text can be said anew."""

from __future__ import annotations

from planner.outputs import palette
from planner.outputs.escape import escape
from planner.outputs.headline import headline
from planner.outputs.language import LANGUAGES, day, exact, number, say
from planner.outputs.names import role
from planner.outputs.palette import percent, whole
from planner.outputs.wording import going, proposed, rule, sureness, within
from planner.types.results import Plan

NAMES = {"en": "English", "fr": "Français", "pt": "Português"}


def panel(plan: Plan) -> str:
    """The panel as HTML; the scripts fill the tables and the search.

    A text with ``data-say`` is said anew by the page when its reader chooses another language; so are the labels of an
    element with ``data-say-label``.
    """
    find = escape(say("Find a village, facility, CHW or area"))
    tabs = (
        ("summary", say("Summary"), _summary(plan)),
        ("by-area", say("Areas"), '<div id="area-table"></div>'),
        ("hard", say("Villages"), '<div id="hard-list"></div>'),
        ("what-if", say("What if"), '<div id="cells"></div>'),
    )
    return f"""<aside id="panel">
<header><h1>{escape(plan.scenario.title)}</h1>
<div id="languages" role="group" aria-label="{escape(say("Language"))}" data-say-label>{_languages()}</div></header>
<p id="message" aria-live="polite" data-say>{escape(message(plan))}</p>
<div id="finder">
<input id="search" type="search" role="combobox" aria-expanded="false" aria-controls="found" autocomplete="off"
 placeholder="{find}" aria-label="{find}" data-say-label>
<ul id="found" role="listbox" aria-label="{find}" data-say-label hidden></ul>
</div>
{_tabs(tabs)}
</aside>"""


def _languages() -> str:
    return "".join(
        f'<button type="button" lang="{language}" title="{NAMES[language]}">{language.upper()}</button>'
        for language in LANGUAGES
    )


def _tabs(tabs: tuple[tuple[str, str, str], ...]) -> str:
    """Tabs with their panels: key, name, content; the first is open."""
    buttons = "".join(
        f'<button type="button" role="tab" id="tab-{key}" aria-controls="{key}" data-say>{escape(name)}</button>'
        for key, name, _ in tabs
    )
    panels = "".join(
        f'<section role="tabpanel" id="{key}" aria-labelledby="tab-{key}" tabindex="0">\n{content}\n</section>\n'
        for key, _, content in tabs
    )
    label = escape(say("Parts of the plan"))
    return f'<div id="tabs" role="tablist" aria-label="{label}" data-say-label>{buttons}</div>\n{panels}'


def _summary(plan: Plan) -> str:
    return f"""{_bars(plan)}
<p class="note" data-say>{escape(note(plan))}</p>
{_sources(plan)}"""


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
    of_facility = say("of a facility") if reach == limit else say("of a facility ({minutes} min)", minutes=exact(reach))
    bars = (
        (of_facility, "facility", palette.FACILITY),
        (say("or a CHW today") if figures["chws_today"] else "", "today", palette.CHW_EDGE),
        (say("with the plan") if figures["chws_proposed"] else "", "plan", palette.PROPOSED),
    )
    lines = []
    for words, key, colour in bars:
        if not words:
            continue
        share = figures[f"{key}_under_fives"] / children
        lines.append(
            f'<tr><th scope="row" data-say>{escape(words)}</th><td><svg viewBox="0 0 100 10" '
            f'preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="10" fill="#e3e8ed"></rect>'
            f'<rect width="{100 * share:.1f}" height="10" fill="{colour}"></rect></svg></td>'
            f"<td data-say>{escape(percent(share))}</td></tr>"
        )
    caption = say("Under-fives within {minutes} min {going}", minutes=exact(limit), going=going(plan.scenario))
    return f'<table class="bars"><caption data-say>{escape(caption)}</caption>{"".join(lines)}</table>'


def _sources(plan: Plan) -> str:
    roles: dict[str, list[str]] = {}
    for source in plan.sources:
        roles.setdefault(source.citation or source.file, []).append(role(source.role))
    items = "".join(
        f"<li><span data-say>{escape(', '.join(names))}</span>: {escape(said)}</li>" for said, names in roles.items()
    )
    origin = plan.provenance
    computed = say("Travel times {going} are computed, not measured. People are estimates.", going=going(plan.scenario))
    made = say("made by planner {version}", version=origin.versions.get("planner", ""))
    return (
        f'<details id="sources"><summary data-say>{escape(say("Sources"))}</summary><ul>{items}</ul>'
        f"<p data-say>{escape(computed)}</p><p><span data-say>{escape(day(origin.date))}</span> · run "
        f"{escape(origin.run_id)} · <span data-say>{escape(made)}</span></p></details>"
    )
