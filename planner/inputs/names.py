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
    """Folded names that columns usually have, by key, the most telling first."""
    names: dict[str, list[str]] = {}
    with (data_folder() / "lists" / "columns.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names.setdefault(row["key"], []).append(fold(row["name"]))
    return names


@cache
def keys_of_names() -> dict[str, str]:
    """The key that each usual name, folded, stands for."""
    return {name: key for key, names in usual_names().items() for name in names}


def forms(name: str) -> list[str]:
    """Folded forms of a header, the fullest first: whole; without brackets; behind its group; the axis at its end.

    "GPS / Latitude (dd)" is "gpslatitudedd", "gpslatitude", "latitudedd" and "latitude".
    """
    bare = BRACKETS.sub("", name)
    found = [name, bare, name.rpartition("/")[2], bare.rpartition("/")[2]]
    if match := AXIS.fullmatch(bare):
        found.append(match[1])
    return list(dict.fromkeys(filter(None, map(fold, found))))


def key_of(name: str) -> str:
    """The key that a header stands for, "" where it is not a usual name."""
    return next((keys_of_names()[form] for form in forms(name) if form in keys_of_names()), "")
