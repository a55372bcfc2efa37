"""Pages made of our templates: what these may call, in the language that is spoken, and the page's own style."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from planner.outputs import language, offline
from planner.outputs.grids import pct, unbroken
from planner.outputs.palette import km_text, minutes_text, whole
from planner.outputs.wording import capital

TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, *, script: str = "", **values: object) -> str:
    """A page, styled as the report is, which loads nothing and runs no script but the asset that is named."""
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    run = offline.asset(script) if script else ""
    policy = f"default-src 'none'; img-src data:; style-src {_digest(style)}"
    blank = _environment().get_template(template)
    return blank.render(
        language=language.spoken(),
        style=Markup(style),  # our own file
        script=Markup(run),  # an asset of ours
        policy=f"{policy}; script-src {_digest(run)}" if run else policy,
        **values,
    )


@cache
def _environment() -> jinja2.Environment:
    """Our templates, each read and compiled once: a page is made in every language."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES, encoding="utf-8"), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(
        whole=whole, minutes=minutes_text, km=km_text, pct=pct, capital=capital, unbroken=unbroken
    )
    environment.globals.update(say=say, counted=counted, number=language.number, exact=language.exact, day=language.day)
    return environment


def _digest(text: str) -> str:
    """A style or script of the page, as its policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def say(text: str, /, **values: object) -> Markup:
    """A text as `language.say` says it, safe in a page: values are escaped, but for those that are marked up."""
    return _safe(language.say(text), values)


def counted(one: str, many: str, count: float, /, **values: object) -> Markup:
    """The text for one or for many (`language.counted`), safe in a page."""
    kept = {name: f"{{{name}}}" for name in values}
    return _safe(language.counted(one, many, count, **kept), values)


def _safe(told: str, values: dict[str, object]) -> Markup:
    text = Markup.escape(told)
    return text.format(**values) if values else text
