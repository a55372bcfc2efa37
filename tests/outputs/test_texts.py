"""What stages leave for the outputs to say (`planner.types.text.Text`) is in the catalogue, and is told as its reader
counts and reads; names in it stay as they are.
"""

import ast
import copy
import csv
import re
import string
from dataclasses import asdict, replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

import planner
from outputs.test_language import catalogue, texts
from outputs.tiny import tiny_plan
from planner import coverage
from planner.files import data_folder
from planner.inputs.doubles import ITS
from planner.inputs.text import examples
from planner.outputs import rows
from planner.outputs.language import retold, speaking
from planner.outputs.rows import OF_TABLES
from planner.outputs.ways import NO_WAY, in_words
from planner.referral import NO_FACILITY, NO_GROUND
from planner.referral import NO_WAY as NOTHING_LEADS
from planner.scenario import Scenario
from planner.types.inputs import Assumption, Change, Note
from planner.types.lists import row_in_words
from planner.types.results import PeopleBalance
from planner.types.text import Text

PACKAGE = Path(planner.__file__).parent
LINES = ("unknown", "outside the areas", "on a barrier", "unreachable", "reachable")
ROLES = (
    "population", "under_fives", "elevation", "land_cover", "friction", "roads", "water", "areas", "facilities",
    "villages", "chws", "committees", "gazetteer", "points", "totals", "no-go areas",
)  # fmt: skip
LAND_COVER = (
    "bare", "built_up", "closed_forest", "cropland", "grass", "moss", "open_forest", "permanent_water", "savanna",
    "seasonal_water", "shrub", "snow_ice", "sparse", "wetland",
)  # fmt: skip
# Texts that are made of words from elsewhere, by file: all that these words can be.
WORDS = {
    ("balance.py", "line"): LINES,
    ("findings.py", "role"): ROLES, ("reached.py", "role"): ROLES, ("review.py", "role"): ROLES,
    ("doubles.py", "its"): tuple(ITS.values()),
    ("referring.py", "each.words[k]"): NO_WAY,
    ("referring.py", "each.traveller"): ("on foot", "by bicycle", "by motorbike", "by car", "by ambulance"),
    ("speeds.py", "each"): LAND_COVER,
    ("persons.py", "text.template"): (),  # that of another text
}  # fmt: skip
NO_WORDS = {"EPSG:4326 (", "travellers."}  # texts of rows and notes that are no English


def calls(*names):
    """Calls of these functions in the code, with the name of their file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        ours = any(isinstance(node, ast.ImportFrom) and node.module == "planner.types.text" for node in ast.walk(tree))
        for node in ast.walk(tree):
            name = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in names and (ours or name != "Text"):
                yield path.name, node


def says_words(template):
    """Whether there is anything to translate in a template, beside its values."""
    return any(any(char.isalpha() for char in piece) for piece, *_ in string.Formatter().parse(template))


def numbers(template):
    """How the numbers of a template are written, by their names."""
    pieces = string.Formatter().parse(template)
    return {name: spec for _, name, spec, _ in pieces if name and spec and re.fullmatch(r"[,.+\d]*[gf%]|,", spec)}


def test_every_text_that_a_stage_leaves_to_be_said_is_in_the_catalogue():
    known = {row["en"] for row in catalogue()}
    missing = []
    for file, call in calls("Text"):
        said = list(texts(call.args[0])) or WORDS[file, ast.unparse(call.args[0])]
        missing += [(file, text) for text in said if text not in known and (says_words(text) or "{" not in text)]
    assert missing == []


def test_a_note_and_its_rows_say_nothing_that_is_english_only():
    """The type of `Note.what` holds notes to that (mypy); here, where they are and what their rows say."""
    known, english = {row["en"] for row in catalogue()}, []
    for file, call in calls("Note", "note", "Change", "change"):
        for arg in call.args[1:] if call.func.__class__ is ast.Name and call.func.id == "Note" else call.args:
            for node in ast.walk(arg) if isinstance(arg, ast.IfExp) else [arg]:
                pieces = node.values if isinstance(node, ast.JoinedStr) else [node]
                said = [piece.value for piece in pieces if isinstance(piece, ast.Constant)]
                words = [text for text in said if isinstance(text, str) and any(map(str.isalpha, text))]
                english += [(file, text) for text in words if text not in known | NO_WORDS]
    levels = {"info", "warning", "repaired", "left out"}
    assert [each for each in english if each[1] not in levels] == []


def test_numbers_are_written_alike_in_every_language():
    for row in catalogue():
        assert numbers(row["en"]) == numbers(row["fr"]) == numbers(row["pt"]), row


def test_the_reasons_of_referral_are_those_that_ways_know():
    assert set(NO_WAY) == {NO_GROUND, NO_FACILITY, NOTHING_LEADS}
    with speaking("fr"):
        assert in_words(NO_FACILITY).startswith("aucun accès")


def test_numbers_of_tables_say_what_they_mean():
    known = {row["en"] for row in catalogue()}
    classes = {
        row["key"]
        for table in (data_folder() / "speeds").glob("*.csv")
        for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())
        if table.stem.partition("_")[0] in ("walking", "roads", "ride") and table.stem != "ride_factors"
    }
    assert set(LAND_COVER) <= classes
    assert [text for text in (*OF_TABLES.values(), *sorted(classes)) if text not in known] == []


def test_a_text_is_its_english_for_all_who_do_not_ask():
    text = Text("{people:,.0f} people in {year}", people=12345.6, year=2026)
    assert text == "12,346 people in 2026" and isinstance(text, str)
    assert Text("braces {stay} without values") == "braces {stay} without values"
    note = Note("info", "roads", text, 1.0, (Change(row_in_words(2, "{name}"), "", ""),))
    assert asdict(note)["what"] == text and copy.deepcopy(text).values == text.values
    assert note.changes[0].place == 'row 2 "{name}"'


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["12,346 people in 2026", 'row 2 "fever", row 3 and 2 more', "gap at 1, 2, beside A and B"]),
        ("fr", ["12\u202f346 habitants en 2026", "ligne 2 «\u00a0fever\u00a0», ligne 3 et 2 de plus",
                "vide en 1, 2, à côté de A et B"]),
        ("pt", ["12\u00a0346 habitantes em 2026", "linha 2 «fever», linha 3 e mais 2",
                "vazio em 1, 2, ao lado de A e B"]),
    ],
)  # fmt: skip
def test_values_are_told_in_the_language_and_names_stay(language, told):
    rows = [row_in_words(2, "fever"), row_in_words(3), row_in_words(4), row_in_words(5)]
    said = [
        Text("{people:,.0f} people in {year}", people=np.float64(12345.6), year=2026),
        examples(rows, most=2),
        Text("gap at {position}, beside {names: and }", position="1, 2", names=("A", "B")),
    ]
    with speaking(language):
        assert [retold(text) for text in said] == told
        assert retold("fever") == "fever"  # of a list: no word of planner


def test_a_warning_is_told_with_its_percent():
    balance = PeopleBalance(
        lines=("reachable", "on a barrier"), people=np.array([90.0, 10.0]), under_fives=np.zeros(2),
        cells=np.zeros(2, np.int32), by_area=np.zeros((1, 2)), under_fives_by_area=np.zeros((1, 2)), total=100.0,
        raster=100.0,
    )  # fmt: skip
    [note] = coverage.balance_notes(balance)
    with speaking("fr"):
        assert retold(note.what) == "10,0\u00a0% des habitants sont sur un obstacle"


def test_remarks_of_our_own_on_numbers_are_in_the_catalogue_and_are_made():
    def remarks(model):
        for field in model.model_fields.values():
            yield (field.json_schema_extra or {}).get("source") or ""
            for kind in (field.annotation, *get_args(field.annotation)):
                if hasattr(kind, "model_fields"):
                    yield from remarks(kind)

    with (data_folder() / "messages" / "sources.csv").open(encoding="utf-8", newline="") as file:
        known = {row["en"] for row in csv.DictReader(file)}
    made = set(remarks(Scenario)) | {"set in the scenario"}
    assert {text for text in made if text.startswith("planner's choice")} <= known <= made
    told = rows.assumptions(tiny_plan())["source"].tolist()
    with speaking("fr"):
        assumption = Assumption("reach.max_minutes", 60.0, "min", np.nan, np.nan, "set in the scenario", verified=True)
        plan = replace(tiny_plan(), assumptions=(*tiny_plan().assumptions, assumption))
        assert rows.assumptions(plan)["source"].tolist() == [*told, "fixé dans le scénario"]
