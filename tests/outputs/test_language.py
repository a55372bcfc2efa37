"""Every text that is said stands in the catalogue in every language, with the same values; numbers and dates too."""

import ast
import csv
import string
from pathlib import Path

import pytest

from planner.files import data_folder
from planner.outputs import palette
from planner.outputs.features import LAYERS
from planner.outputs.language import LANGUAGES, day, number, say, speaking, spoken
from planner.outputs.phrases import said_by

PACKAGE = Path(palette.__file__).parents[1]


def said():
    """Texts given to `say` and `phrase` as they stand in the code, and to `say` in scripts, with their place."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in {"say", "phrase"}:
                first = node.args[0]
                for text in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                    if isinstance(text, ast.Constant):
                        yield f"{path.name}:{node.lineno}", text.value
    for path in sorted((PACKAGE / "outputs" / "assets").glob("*.js")):
        for text in said_by(path.read_text(encoding="utf-8")):
            yield path.name, text
    yield from (("features.py", text) for _, name, heading, _ in LAYERS for text in (name, heading))


def catalogue():
    for path in sorted((data_folder() / "messages").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def values(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_every_text_that_is_said_is_in_the_catalogue():
    known = {row["en"] for row in catalogue()}
    assert [(place, text) for place, text in said() if text not in known] == []


def test_every_row_has_all_languages_and_the_same_values():
    rows = list(catalogue())
    assert rows
    for row in rows:
        assert list(row) == list(LANGUAGES) and all(row.values()), row
        assert values(row["en"]) == values(row["fr"]) == values(row["pt"]), row


def test_no_text_has_two_translations():
    rows = {}
    for row in catalogue():
        assert rows.setdefault(row["en"], row) == row


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("12,345.6", "1 November 2026", "no way", "3.4 km", "under 1 %", "2,000")),
        ("fr", ("12\u202f345,6", "1er novembre 2026", "aucun accès", "3,4 km", "moins de 1 %", "2\u202f000")),
        ("pt", ("12\u00a0345,6", "1 de novembro de 2026", "sem acesso", "3,4 km", "menos de 1 %", "2\u00a0000")),
    ],
)
def test_numbers_dates_and_words_are_in_the_language(language, told):
    with speaking(language):
        assert (
            number(12345.6, 1), day("2026-11-01"), palette.minutes_text(float("inf")), palette.km_text(3.42),
            palette.percent(0.001), palette.whole(2000),
        ) == told  # fmt: skip
    assert spoken() == "en"


def test_what_is_no_date_or_not_in_the_catalogue_stays_as_it_is():
    with speaking("fr"):
        assert (day("soon"), say("{name} is in no catalogue", name="N'Tcheu")) == ("soon", "N'Tcheu is in no catalogue")
