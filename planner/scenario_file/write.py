"""Scenario files, written: one to start from, one as used, and their JSON Schema."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator

import tomli_w

from planner.scenario import Scenario
from planner.scenario_file.form import Form, example, expected, groups, resolved, sections, tables, top_keys, whole

COLUMNS = 100
HEAD = (
    "The question that the planner answers, and every number that changes the answer. Lines that begin with # are "
    "not read. Required are the title and the files of [population] and [facilities]; every other key and section "
    "may be left out and then counts with the default. Paths are relative to the folder of this file and are written "
    "with / on Windows too."
)


def dump(scenario: Scenario) -> str:
    """The scenario as used, defaults written out: TOML that loads to the same scenario."""
    return tomli_w.dumps(scenario.model_dump(exclude_none=True))


def schema() -> str:
    """JSON Schema of the scenario, for editors that check a TOML file while it is written."""
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **whole()}, indent=2) + "\n"


def defaults() -> Scenario:
    """The scenario with every key at its default; only the title and the names of the required files are made up."""
    required = {name: form for name, form in sections().items() if "required" in form}
    return Scenario.model_validate(
        {
            **{name: form["examples"][0] for name, form in top_keys().items() if "default" not in form},
            **{name: {key: form["properties"][key]["examples"][0] for key in form["required"]}
               for name, form in required.items()},
        }
    )  # fmt: skip


def commented() -> str:
    """A scenario to start from: every section and key, explained, with its default.

    It loads as it stands, to the defaults; only the names of the required files are made up.
    """
    blocks = [[_comment(HEAD)], list(_keys(top_keys()))]
    for name, form in sections().items():
        blocks.append([_comment(form["description"]), f"[{name}]", *_keys(form["properties"])])
    for name, form in groups().items():
        about = f"{_sentence(form['description'])} {_sentence(whole()['properties'][name]['description'])}"
        blocks += [
            [_comment(about), f"[{name}.{json.dumps(member)}]", *_keys(form["properties"])]
            for member in whole()["properties"][name]["default"]
        ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _keys(forms: dict[str, Form]) -> Iterator[str]:
    for name, form in forms.items():
        yield _comment(_explained(resolved(form)))
        # a key that may be absent has no TOML value for that, and one that a preset fills must not be given: so their
        # lines are examples, switched off; tables are easier to write below a heading of their own
        off = "# " if form.get("default", ...) is None or "by_preset" in form or tables(form) else ""
        yield f"{off}{name} = {example(form)}"


def _explained(form: Form) -> str:
    facts = []
    if "default" not in form:
        facts.append("required")
    if "enum" in form or form["type"] in ("integer", "number", "array"):
        facts.append(expected(form))
    if "default" in form and form["default"] not in ("", None, {}) and not tables(form):
        facts.append(f"default {example(form)}")
    source = f"source: {form['source']}" if "source" in form else ""
    sentences = [sentence for sentence in (form["description"], "; ".join(facts), source) if sentence]
    return " ".join(map(_sentence, sentences))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].removesuffix('.')}."


def _comment(text: str) -> str:
    return textwrap.fill(text, COLUMNS, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)
