"""Names that columns of lists usually have, in several languages, and which of them a header stands for."""

from __future__ import annotations

import csv
import re
from functools import cache

from planner.files import data_folder
from planner.inputs.text import fold

BRACKETS = re.compile(r"\s*[(\[].*?[)\]]")
AXIS = re.compile(r".*[\s_./:-](lat|lon|long|lng|latitude|longitude)", re.IGNORECASE)


@cache
def usual_names() -> dict[str, list[str]]:
    """Names that columns usually have, by key, the most telling first."""
    names: dict[str, list[str]] = {}
    with (data_folder() / "lists" / "columns.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names.setdefault(row["key"], []).append(row["name"])
    return names


@cache
def ranks() -> dict[str, dict[str, int]]:
    """The keys that each usual name, folded, can stand for, and its rank among the names of that key."""
    found: dict[str, dict[str, int]] = {}
    for key, names in usual_names().items():
        for rank, name in enumerate(names):
            found.setdefault(fold(name), {}).setdefault(key, rank)
    return found


def forms(header: str) -> list[str]:
    """Folded forms of a header, the fullest first: whole; without brackets; behind its group; the axis at its end.

    "GPS / Latitude (dd)" is "gpslatitudedd", "gpslatitude", "latitudedd" and "latitude". What only the program of a
    survey wants to know (its group is "meta") has none.
    """
    group, _, last = header.rpartition("/")
    if fold(group) == "meta":
        return []
    bare = BRACKETS.sub("", header)
    found = [header, bare, last, bare.rpartition("/")[2]]
    if match := AXIS.fullmatch(bare):
        found.append(match[1])
    return list(dict.fromkeys(filter(None, map(fold, found))))


def usual_name(header: str) -> str:
    """The usual name, folded, that a header is a form of; "" where it is none."""
    return next((form for form in forms(header) if form in ranks()), "")


def fitness(header: str, key: str) -> tuple[int, int] | None:
    """How little of a header says this key, and the rank of the name that says it: less is better; None = none."""
    for depth, form in enumerate(forms(header)):
        if key in ranks().get(form, ()):
            return depth, ranks()[form][key]
    return None
