"""The form of the scenario, from its JSON Schema: which key stands where, and what it expects, in plain words."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from planner.scenario import Scenario

Form = dict[str, Any]  # the part of the JSON Schema that describes one section or key

WORDS = {"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false"}
LIMITS = {
    "exclusiveMinimum": "above",
    "minimum": "of at least",
    "exclusiveMaximum": "below",
    "maximum": "of at most",
}
PAIRS = {
    "string": '{name = "text"}',
    "integer": "{name = 1}",
    "number": "{name = 1.5}",
    "array": '{name = ["text", "text"]}',
}


@cache
def whole() -> Form:
    """JSON Schema of the whole scenario."""
    return Scenario.model_json_schema()


def resolved(form: Form) -> Form:
    """The form itself where it is a reference to a section, or where the key may also be not given."""
    if "$ref" in form:
        return {**whole()["$defs"][form["$ref"].rsplit("/", 1)[1]], "section": True}
    if "anyOf" in form:
        given = next(choice for choice in form["anyOf"] if choice["type"] != "null")
        return {**given, **form}
    return form


def sections() -> dict[str, Form]:
    """All sections, by name."""
    return {name: resolved(form) for name, form in whole()["properties"].items() if "$ref" in form}


def groups() -> dict[str, Form]:
    """The groups of sections that the user names, as [travellers.NAME]: the form of one of them, by group."""
    members = {name: form.get("additionalProperties", {}) for name, form in whole()["properties"].items()}
    return {name: resolved(form) for name, form in members.items() if "$ref" in form}


def top_keys() -> dict[str, Form]:
    """The keys that stand above the first section."""
    named = whole()["properties"].items()
    return {name: form for name, form in named if "$ref" not in form and name not in groups()}


def headings() -> dict[str, Form]:
    """The form of every kind of section, by its heading as it is written in the file: [reach], [travellers.NAME]."""
    return {
        **{f"[{name}]": form for name, form in sections().items()},
        **{f"[{name}.NAME]": form for name, form in groups().items()},
    }


def choices(form: Form) -> list[Any]:
    """The values to choose from; empty where the key is free."""
    return [form["const"]] if "const" in form else form.get("enum", [])


def expected(form: Form) -> str:
    """What a key expects, in words: 'a number above 0 (min)'."""
    if choices(form):
        return ("one of " if len(choices(form)) > 1 else "") + ", ".join(map(json.dumps, choices(form)))
    kind = form["type"]
    if kind == "array":
        items = f"tables like {example(form)}" if tables(form) else f"each {expected(form['items'])}"
        return f"a list in [ ], {items}" + unit(form)
    if kind == "object":
        return f"pairs like {pairs(form)}"
    if "pattern" in form:
        return 'a date, as "2025-06-30"'
    if form.get("minLength"):
        return "text that is not empty"
    limits = [f"{word} {form[name]:g}" for name, word in LIMITS.items() if name in form]
    return " ".join([WORDS[kind], " and ".join(limits)]).rstrip() + unit(form)


def tables(form: Form) -> Form:
    """The form of the tables that a key wants a list of; empty where it wants none."""
    return resolved(form["items"]) if "$ref" in form.get("items", {}) else {}


def unit(form: Form) -> str:
    """The unit of a key in brackets, empty where it has none."""
    return f" ({form['unit']})" if "unit" in form else ""


def example(form: Form) -> str:
    """A value that would be right, as TOML: the default, or the form's own example where there is no default."""
    default = form.get("default")
    if table := tables(form):
        pairs_of = (f"{key} = {example(table['properties'][key])}" for key in table["required"])
        return f"[{{ {', '.join(pairs_of)} }}]"
    return json.dumps(form["examples"][0] if default is None else default, ensure_ascii=False)


def pairs(form: Form) -> str:
    """Pairs as this key wants them, as TOML; empty where it wants none."""
    return PAIRS[form["additionalProperties"]["type"]] if form["type"] == "object" else ""
