"""The slides: one message each, the numbers of the tables, nothing cut or too small, no name that acts, same bytes."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Emu

from outputs.for_exports import write_for_exports
from outputs.hostile import FORMULAS, PAYLOADS, hostile_plan
from outputs.tiny import bare_plan, tiny_plan
from planner.outputs.exports.run import Run
from planner.outputs.exports.slides import deck as decks
from planner.outputs.exports.slides import write
from planner.outputs.language import LANGUAGES, speaking


def made(plan, folder, language="en"):
    """The slides of a plan, made of a run folder that is written where there is none."""
    run, out = folder / "run", folder / language
    if not run.exists():
        write_for_exports(plan, run)
    out.mkdir()
    with speaking(language):
        write(Run.open(run), out)
    return out / "slides.pptx"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return made(tiny_plan(), tmp_path_factory.mktemp("slides"))


@pytest.fixture(scope="module")
def slides(path):
    return list(Presentation(path).slides)


def titles(slides):
    return [slide.shapes.title.text_frame.text for slide in slides]


def charts(slides):
    return [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]


def frames(slide):
    """Each text of a slide with its box in millimetres: texts, and cells of tables."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame, Emu(shape.width).mm, Emu(shape.height).mm
        elif shape.has_table:
            for row in shape.table.rows:
                for column, cell in zip(shape.table.columns, row.cells, strict=True):
                    wide, high = Emu(column.width).mm - 2 * decks.PADDING, Emu(row.height).mm - 1.2
                    yield cell.text_frame, wide, high


def test_every_slide_has_its_message_its_notes_and_a_foot(slides):
    assert len(slides) == 12
    assert all(len(title) > 20 for title in titles(slides)) and len(set(titles(slides))) == len(slides)
    for number, slide in enumerate(slides, start=1):
        assert slide.notes_slide.notes_text_frame.text
        assert any(shape.has_text_frame and shape.text_frame.text.endswith(f"· {number}") for shape in slide.shapes)


def test_charts_and_tables_can_be_edited_and_are_told_to_those_who_cannot_see_them(slides):
    shapes = [shape for slide in slides for shape in slide.shapes if not shape.has_text_frame]
    kinds = ["chart" if shape.has_chart else "table" if shape.has_table else "picture" for shape in shapes]
    assert {kind: kinds.count(kind) for kind in kinds} == {"picture": 2, "chart": 4, "table": 5}
    assert all(shape._element.xpath("./*/p:cNvPr")[0].get("descr") for shape in shapes)
    assert all(chart.part.chart_workbook.xlsx_part is not None for chart in charts(slides))


def test_the_numbers_of_the_charts_are_those_of_the_tables(path, slides):
    run = Run.open(path.parent.parent / "run")
    today, by_area, growth, _ = charts(slides)
    rows = run.table("coverage")
    for series, care in zip(today.plots[0].series, ("facilities", "facilities and CHWs today"), strict=True):
        wanted = rows.loc[rows["care"] == care, "under_fives_share_percent"]
        assert list(series.values) == pytest.approx(wanted.tolist())
    places = run.table("coverage_by_area")
    places = places[(places["within_minutes"] == run.scenario.placement.max_minutes) & (places["area_code"] != "")]
    today_by_area = places[places["care"] == "facilities and CHWs today"].set_index("area")["under_fives_share_percent"]
    names = list(by_area.plots[0].categories)
    assert sorted(names) == sorted(today_by_area.index)
    assert list(by_area.plots[0].series[0].values) == pytest.approx(today_by_area[names].tolist())
    assert list(by_area.plots[0].series[0].values) == sorted(by_area.plots[0].series[0].values)
    best = growth.plots[0].series[0]
    assert list(best.values) == pytest.approx(run.table("number_of_chws")["newly"].tolist())


def test_the_chart_of_referral_counts_every_chw_once(path, slides):
    chains = Run.open(path.parent.parent / "run").table("referral_chain")
    posts = (chains["traveller"] == chains["traveller"].iloc[0]).sum()
    assert [sum(series.values) for series in charts(slides)[3].plots[0].series] == [posts, posts]


@pytest.fixture(scope="module")
def long_names(tmp_path_factory):
    """A plan of long names, and the place of its run folder for slides of it in each language."""
    long = "Sainte-Marie-Madeleine-de-la-Grande-Montagne du Haut Plateau des Sources Chaudes et de ses environs " * 3
    names = (long, long.replace(" ", ""), "Kwa", long[:80], "Phiri")
    return tiny_plan(names=names, facility=long), tmp_path_factory.mktemp("long")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_too_small_or_runs_out_of_its_box(long_names, language):
    slides = list(Presentation(made(*long_names, language)).slides)
    checked = 0
    for number, slide in enumerate(slides, start=1):
        sizes = [run.font.size.pt for frame, *_ in frames(slide) for p in frame.paragraphs for run in p.runs]
        sources = number == len(slides)
        assert sum(size < decks.BODY for size in sizes) <= (99 if sources else 1)  # the foot
        deck = Measure()
        for frame, wide, high in frames(slide):
            checked += 1
            assert deck.height(frame, wide) <= high + 0.5, (titles([slide]), frame.text)
        for shape in slide.shapes:
            assert Emu(shape.left).mm >= 0 and Emu(shape.left + shape.width).mm <= decks.WIDE
            high = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            assert Emu(shape.top + high).mm <= (decks.FOOT if shape.has_table else decks.HIGH)
    assert checked > 150


class Measure:
    """How high texts are, as they were measured when they were set."""

    def __init__(self):
        self.letters, self.share = decks.Ruler(), decks.NARROWER

    def height(self, frame, wide):
        high = 0.0
        for paragraph in frame.paragraphs:
            points = max((run.font.size.pt for run in paragraph.runs), default=0)
            bold = any(run.font.bold for run in paragraph.runs)
            lines = self.letters.lines(paragraph.text, self.share * points, wide, 99, bold=bold)
            assert all(self.letters.width(line, self.share * points, bold) <= wide + 0.01 for line in lines)
            high += len(lines) * points * decks.MM_PER_POINT * 1.2
        return high


def test_the_same_run_gives_the_same_bytes_and_no_part_has_a_clock(path, tmp_path):
    again = made(tiny_plan(), tmp_path)
    assert again.read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
        books = [name for name in package.namelist() if name.endswith(".xlsx")]
        dates = set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]*Z", core))
        assert dates == {f"{tiny_plan().provenance.date}T00:00:00Z"}
        assert len(books) == 4
        for name in books:
            with zipfile.ZipFile(io.BytesIO(package.read(name))) as book:
                assert "1980-01-01T00:00:00Z" in book.read("docProps/core.xml").decode()


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_titles_and_charts_are_in_the_language(path, language):
    slides = list(Presentation(made(tiny_plan(), path.parent.parent, language)).slides)
    english = {"CHW", "people", "within", "reach", "facility", "would", "today"}
    for title in titles(slides):
        assert not english & set(re.findall(r"\w+", title)), title
    cells = {frame.text for slide in slides for frame, *_ in frames(slide)}
    assert {"fr": "près de Mbále", "pt": "perto de Mbále"}[language] in cells and "near Mbále" not in cells
    names = [series.name for chart in charts(slides) for series in chart.plots[0].series]
    assert not any(english & set(re.findall(r"\w+", name)) for name in names)


@pytest.mark.parametrize("texts", [FORMULAS, ("=1+1", "=A1"), PAYLOADS], ids=["signs", "formulas", "payloads"])
def test_no_name_acts_in_the_slides_or_in_the_workbooks_behind_charts(tmp_path, texts):
    path = made(hostile_plan(lambda n: texts[n % len(texts)]), tmp_path)
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(package.read(name))
            if name.endswith(".rels"):
                assert b"External" not in package.read(name)
            if name.endswith(".xlsx"):
                book = openpyxl.load_workbook(io.BytesIO(package.read(name)))
                cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
                assert {cell.data_type for cell in cells} <= {"s", "n"}
                assert not any(cell.hyperlink for cell in cells)
    assert len(list(Presentation(path).slides)) > 8


def test_a_plan_of_nothing_has_the_slides_of_what_there_is(tmp_path):
    slides = list(Presentation(made(bare_plan(), tmp_path)).slides)
    assert 4 <= len(slides) <= 7
    assert titles(slides)[-1] == "What the plan is made of, and how to read it"


def test_signs_of_other_scripts_stay_and_marks_of_direction_go():
    assert decks.clean("القمر \u202e evil\x00\n 12 %  አዲስ 🏥") == "القمر evil 12\N{NO-BREAK SPACE}% አዲስ 🏥"
    assert decks.clean("12\u202f345 people") == "12\u202f345 people"


def test_the_logo_and_the_ministry_stand_on_the_first_slide(tmp_path):
    plan = tiny_plan()
    report = plan.scenario.report.model_copy(update={"ministry": "Ministry of <b>Health</b>"})
    plan = replace(plan, scenario=plan.scenario.model_copy(update={"report": report}))
    folder = tmp_path / "run"
    write_for_exports(plan, folder)
    Image.new("RGB", (300, 200), "#0b2a5b").save(folder / "logo.png")
    first = Presentation(made(plan, tmp_path)).slides[0]
    assert any(shape.has_text_frame and shape.text_frame.text == "Ministry of <b>Health</b>" for shape in first.shapes)
    [logo] = [shape for shape in first.shapes if not shape.has_text_frame]
    assert logo.width / logo.height == pytest.approx(1.5, rel=0.01)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here: the slides are not opened in it")
def test_libreoffice_opens_every_slide(path, slides, tmp_path):
    asked = ["soffice", f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--headless", "--convert-to", "pdf",
             "--outdir", str(tmp_path), str(path)]  # fmt: skip
    subprocess.run(asked, capture_output=True, check=True, timeout=120)
    pages = (tmp_path / "slides.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b[^s]", pages)) == len(slides)
