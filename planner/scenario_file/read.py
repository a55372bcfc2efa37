"""A scenario file, read and checked: every fault with its line, what was expected there, and the way out."""

from __future__ import annotations

import datetime
import difflib
import json
import math
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, from_json

from planner.errors import Fault, InputFaults
from planner.files import is_folder
from planner.scenario import Scenario
from planner.scenario.fixes import known_fixes
from planner.scenario_file.form import (
    Form,
    choices,
    example,
    expected,
    groups,
    headings,
    pairs,
    resolved,
    sections,
    top_keys,
    whole,
)

Loc = tuple[int | str, ...]  # where a value stands: section, key, then key or position inside the value

KNOWN_VERSION = Scenario.model_fields["schema_version"].default
LONGEST_SHOWN = 60


def load(path: Path, fixes: Iterable[str] = (), *, include_names: bool = False) -> Scenario:
    """Read and check a scenario file; `fixes` are names of repairs agreed to, beside its own.

    `include_names` lets names of persons into the plan, as the scenario itself may.

    Raises
    ------
    InputFaults
        The file cannot be read, is not TOML, or a section, key or value is not as it should be: all faults at once.
    """
    text = _text(path)
    data, as_json = _parsed(path, text)
    version = data.get("schema_version")
    if isinstance(version, int) and version > KNOWN_VERSION:
        raise InputFaults([_newer(path, version)])
    try:
        scenario = Scenario.model_validate_json(as_json)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
    else:
        return _with_names(_with_fixes(scenario, fixes), include_names)
    lines = _lines_of_keys(text)
    found = [(_line(lines, detail["loc"]), detail) for detail in _innermost(details)]
    found.sort(key=lambda line_detail: line_detail[0] or math.inf)  # in the order of the file, missing sections last
    raise InputFaults(_fault(path, line, detail) for line, detail in found)


def _with_fixes(scenario: Scenario, fixes: Iterable[str]) -> Scenario:
    try:
        agreed = known_fixes((*scenario.fixes, *fixes))
    except ValueError as error:
        raise InputFaults([Fault("--fix", f"{error}.", "Correct the name.")]) from None
    return scenario.model_copy(update={"fixes": agreed})


def _with_names(scenario: Scenario, include_names: bool) -> Scenario:
    named = scenario.report.model_copy(update={"include_names": scenario.report.include_names or include_names})
    return scenario.model_copy(update={"report": named})


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")  # Windows editors put a mark at the start
    except FileNotFoundError:
        fault = Fault(str(path), "there is no such file.", f"Check the name, or begin with: planner init {path.name}")
    except UnicodeDecodeError as error:
        where = f"{path.name}, byte {error.start + 1}"
        fault = Fault(where, "the file is not UTF-8 text.", "Save it in a text editor with the encoding UTF-8.")
    except OSError as error:  # for a folder, each system says something else
        what = "this is a folder." if is_folder(path) else f"the file cannot be read: {error.strerror}."
        fault = Fault(str(path), what, "Give a scenario file (TOML) that you may read.")
    raise InputFaults([fault])


def _parsed(path: Path, text: str) -> tuple[dict[str, Any], str]:
    """The tables of the file, and the same as JSON: there a list is right for a tuple, and nothing else is."""
    try:
        data = tomllib.loads(text)
        as_json = json.dumps(data, default=_iso)
        from_json(as_json)
    except (ValueError, RecursionError) as error:  # not TOML, a number of thousands of digits, lists too deep in lists
        message = str(error)
    else:
        return data, as_json
    where, hint = path.name, "Text stands in double quotes, numbers without; a decimal point, not a comma."
    if found := re.search(r" \(at line (\d+), column (\d+)\)$", message):
        where = f"{path.name}, line {found[1]}, column {found[2]}"
        line = text.split("\n")[int(found[1]) - 1].strip()
        message = f"{message[: found.start()]}: {_cut(line)}"
        if "\\" in line:
            hint = "Write paths with / instead of \\, or put them in single quotes."
    raise InputFaults([Fault(where, f"this is not TOML: {message}", hint)])


def _newer(path: Path, version: int) -> Fault:
    return Fault(
        f"{path.name}: schema_version",
        f"this file has form {_cut(str(version))}; this planner knows forms up to {KNOWN_VERSION}.",
        "Install a newer planner, or begin again with: planner init",
    )


def _iso(value: datetime.date | datetime.time) -> str:
    """Dates and times, the only values of TOML that JSON does not have."""
    return value.isoformat()


def _innermost(details: list[ErrorDetails]) -> Iterable[ErrorDetails]:
    """Without those that only follow from a fault inside them (a list is 'too short' when its items are wrong)."""
    locs = [detail["loc"] for detail in details]
    for detail in details:
        loc = detail["loc"]
        if not any(len(other) > len(loc) and other[: len(loc)] == loc for other in locs):
            yield detail


def _line(lines: dict[Loc, int], loc: Loc) -> int | None:
    """Line of the value, else of what it stands in."""
    return next((lines[loc[:n]] for n in range(len(loc), 0, -1) if loc[:n] in lines), None)


def _fault(path: Path, line: int | None, detail: ErrorDetails) -> Fault:
    loc = detail["loc"]
    where = f"{path.name}, line {line}: {_place(loc)}" if line else f"{path.name}: {_place(loc)}"
    if detail["type"] == "extra_forbidden":
        return Fault(where, *_unknown(loc, detail["input"]))
    if detail["type"] == "missing" and len(loc) == 1 and loc[0] in sections():
        return Fault(where, *_missing_section(str(loc[0])))
    if len(loc) <= _depth(loc):
        if detail["type"] == "value_error":
            return Fault(where, f"{detail['msg'].removeprefix('Value error, ')}.", "Correct the one or the other.")
        return Fault(
            where,
            f"found {_shown(detail['input'])}; expected a section.",
            f"Write {_heading(loc)} once, in a line of its own, and its keys below it.",
        )
    return Fault(where, *_wrong_value(loc, detail))


def _depth(loc: Loc) -> int:
    """How many parts of the place name the section: 0 above the first section, 2 for [travellers.NAME]."""
    return 2 if loc[0] in groups() else int(loc[0] in sections())


def _heading(loc: Loc) -> str:
    """The section of a place, as it is written in the file."""
    if loc[0] not in groups():
        return f"[{loc[0]}]"
    return f"[{loc[0]}.{json.dumps(loc[1], ensure_ascii=False) if len(loc) > 1 else 'NAME'}]"


def _wrong_value(loc: Loc, detail: ErrorDetails) -> tuple[str, str]:
    depth = _depth(loc)
    key = loc[: depth + 1]
    name, form, wanted = key[-1], _form_of(key), _form_of(loc)
    text = f"expected {expected(wanted)}: {form['description']}."
    if detail["type"] == "missing":
        place = f"below {_heading(key)}" if depth else "above the first [section]"
        return f"missing; {text}", f"Add {place}: {name} = {example(form)}"
    why = f", but {detail['msg'].removeprefix('Value error, ')}" if detail["type"] == "value_error" else ""
    what = f"found {_shown(detail['input'])}{why}; {text}"
    possible = {str(choice): json.dumps(choice) for choice in choices(wanted)}
    if guess := difflib.get_close_matches(str(detail["input"]), possible, n=1):
        return what, f"Did you mean {name} = {possible[guess[0]]}?"
    return what, f"For example: {name} = {pairs(form) or example(form)}"


def _unknown(loc: Loc, value: Any) -> tuple[str, str]:
    """What and way out for a section or key that the scenario does not have."""
    key = str(loc[-1])
    if len(loc) == 1 and isinstance(value, dict | list):
        return "there is no such section.", _nearest(key, list(headings()), "Sections")
    siblings = list(top_keys() if len(loc) == 1 else _form_of(loc[:-1])["properties"])
    homes = [heading for heading, form in headings().items() if key in form["properties"]]
    if key in top_keys():
        return "there is no such key here.", f"Write {key} above the first [section]."
    if close := difflib.get_close_matches(key.casefold().replace("-", "_").replace(" ", "_"), siblings, n=1):
        return "there is no such key.", f"Did you mean {close[0]}?"
    if homes:
        return "there is no such key here.", f"Write it below {' or '.join(homes)}."
    return "there is no such key.", f"Keys here: {', '.join(siblings)}."


def _nearest(name: str, known: list[str], kind: str) -> str:
    close = difflib.get_close_matches(f"[{name}]", known, n=1)
    return f"Did you mean {close[0]}?" if close else f"{kind}: {', '.join(known)}."


def _missing_section(name: str) -> tuple[str, str]:
    form = sections()[name]
    keys = " and ".join(f"{key} = {example(form['properties'][key])}" for key in form["required"])
    return f"missing: {form['description']}", f"Add a line [{name}], and below it {keys}"


def _form_of(loc: Loc) -> Form:
    """The form of the value at this place."""
    form = whole()
    for part in loc:
        inner = form["items"] if isinstance(part, int) else form.get("properties", {}).get(part)
        form = resolved(inner or form["additionalProperties"])
    return form


def _place(loc: Loc) -> str:
    """'[reach] thresholds, item 2'."""
    depth = _depth(loc)
    head = [_heading(loc)] if depth else []
    inside = [f"item {part + 1}" if isinstance(part, int) else f'"{part}"' for part in loc[depth + 1 :]]
    return ", ".join([" ".join([*head, *map(str, loc[depth : depth + 1])]), *inside])


def _shown(value: Any) -> str:
    """A value as it stands in the file, cut where it is long."""
    spelled = json.dumps(value, ensure_ascii=False)
    return _cut(spelled.replace("Infinity", "inf").replace("NaN", "nan") if isinstance(value, float) else spelled)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _lines_of_keys(text: str) -> dict[Loc, int]:
    """Line number of each section and key; those written in an unusual way are missing."""
    lines: dict[Loc, int] = {}
    section: Loc = ()
    for number, line in enumerate(text.split("\n"), start=1):
        left = line.split("=")[0].strip()
        try:
            inner = tomllib.loads(left if left.startswith("[") else f"{left} = 0")
        except ValueError:
            continue
        loc: Loc = ()
        while isinstance(inner, dict) and inner:
            key, inner = next(iter(inner.items()))
            loc += (key,)
        if left.startswith("["):
            section = loc
        else:
            loc = section + loc
        for n in range(1, len(loc) + 1):
            lines.setdefault(loc[:n], number)
    return lines
