"""Every text that is said stands in the catalogue in every language, with the same values; numbers and dates too."""

import ast
import csv
import string
from itertools import pairwise
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from planner.files import data_folder
from planner.outputs import palette
from planner.outputs.features import LAYERS
from planner.outputs.language import LANGUAGES, counted, day, exact, number, say, speaking, spoken
from planner.outputs.phrases import said_by

PACKAGE = Path(palette.__file__).parents[1]
SAYING = {"say": 1, "phrase": 1, "counted": 2}  # how many texts each is given


def texts(node):
    """The texts that a call is given: one, or one of two."""
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, nodes.CondExpr):
        yield from texts(node.expr1)
        yield from texts(node.expr2)
    elif isinstance(node, ast.Constant | nodes.Const):
        yield node.value


def said():
    """Texts given to `say`, `counted` and `phrase` in the code, in templates and in scripts, with their place."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in SAYING:
                yield from ((f"{path.name}:{node.lineno}", text) for arg in node.args[: SAYING[name]]
                            for text in texts(arg))  # fmt: skip
    for path in sorted((PACKAGE / "outputs" / "templates").glob("*.html")):
        for call in jinja2.Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            name = getattr(call.node, "name", "")
            if name in SAYING:
                yield from ((f"{path.name}:{call.lineno}", text) for arg in call.args[: SAYING[name]]
                            for text in texts(arg))  # fmt: skip
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
        ("fr", ("12\u202f345,6", "1er novembre 2026", "aucun accès", "3,4 km", "moins de 1\u00a0%", "2\u202f000")),
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


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["0 new CHWs", "1 new CHW", "2 new CHWs"]),
        ("fr", ["0 nouvel ASC", "1 nouvel ASC", "2 nouveaux ASC"]),
        ("pt", ["0 novos ACS", "1 novo ACS", "2 novos ACS"]),
    ],
)
def test_each_language_counts_in_its_own_way(language, told):
    with speaking(language):
        assert [counted("{count} new CHW", "{count} new CHWs", count) for count in (0, 1, 2)] == told


def test_french_marks_have_spaces_that_do_not_break():
    for row in catalogue():
        with speaking("fr"):
            assert not {" :", " ;", " !", " ?", " %", " »", "« "} & set(map("".join, pairwise(say(row["en"]))))


def test_numbers_of_the_scenario_keep_their_digits():
    assert [exact(number) for number in (60.0, 2.5, 1e-5, 1.5e-6, 12e6)] == [
        "60", "2.5", "0.00001", "0.0000015", "12,000,000",
    ]  # fmt: skip
