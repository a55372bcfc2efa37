"""The workbook in French and Portuguese: sheets, headings and planner's own words; the CSV files stay English."""

from dataclasses import replace
from functools import cache

import openpyxl
import pytest

from outputs.test_language import catalogue
from outputs.tiny import bare_plan, tiny_plan
from planner.outputs import cells, tables
from planner.outputs.columns import COLUMNS
from planner.outputs.folder import write
from planner.outputs.language import say, speaking


def in_language(plan, language):
    report = plan.scenario.report.model_copy(update={"language": language})
    return replace(plan, scenario=plan.scenario.model_copy(update={"report": report}))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The run folder in a language, written once for all tests."""
    folder = tmp_path_factory.mktemp("languages")

    @cache
    def in_folder(language):
        write(in_language(tiny_plan(), language), folder / language, scenario_toml="", log=())
        return folder / language

    return in_folder


def test_every_heading_sheet_and_what_it_says_is_in_the_catalogue():
    known = {row["en"] for row in catalogue()}
    sheets = tables.tables(tiny_plan())
    said = [text for table in sheets for text in (table.name, table.about)] + list(tables.NOTES)
    said += [column.header for column in COLUMNS.values()]
    assert [text for text in said if text not in known] == []


@pytest.mark.parametrize("language", ["en", "fr", "pt"])
@pytest.mark.parametrize("make", [tiny_plan, bare_plan])
def test_a_spreadsheet_takes_all_names_of_sheets_and_headings(make, language):
    with speaking(language):
        sheets = tables.tables(make())
        names = [say(table.name).casefold() for table in sheets]
        assert len({*names, say("README").casefold()}) == len(names) + 1
        assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
        for table in sheets:
            headings = [say(COLUMNS[name].header).casefold() for name in table.rows]
            assert len(set(headings)) == len(headings), table.name


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_no_word_of_planner_stays_english_in_the_workbook(language, written):
    """Cells that are the same in both are names, ids, files and citations, or words alike in both languages."""
    english, other = (openpyxl.load_workbook(written(each) / "tables.xlsx") for each in ("en", language))
    assert len(english.sheetnames) == len(other.sheetnames)
    same = set()
    for first, second in zip(english, other, strict=True):
        for row, told in zip(first.iter_rows(values_only=True), second.iter_rows(values_only=True), strict=True):
            same |= {value for value, said in zip(row, told, strict=True) if isinstance(value, str) and value == said}
    known = {row["en"] for row in catalogue() if row["en"] != row[language]}
    assert sorted(same & known - {"Chisomo"}) == []


def test_csv_files_are_the_same_in_every_language(written):
    files = [path.name for path in (written("en") / "tables").glob("*")]
    for name in files:
        assert (written("fr") / "tables" / name).read_bytes() == (written("en") / "tables" / name).read_bytes(), name


def test_words_of_a_list_are_not_taken_for_planners_own():
    with speaking("fr"):
        assert cells.shown("village", "fever") == "fever" and cells.shown("illness", "fever") == "fièvre"
        assert cells.shown("type", "road") == "road" and cells.shown("area", "outside all areas") != "outside all areas"
        assert cells.shown("listed", True) == "oui" and cells.shown("minutes", float("inf")) == "aucun accès"
