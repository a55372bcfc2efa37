"""The atlas: its pages and what they say, its maps, and that it is the same every time, whatever places are called."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import shapely
from PIL import Image

from outputs.for_exports import write_for_exports
from outputs.hostile import PAYLOADS, hostile_plan
from outputs.pdfs import needs_poppler, outside, pages
from outputs.tiny import FRAME, bare_plan, tiny_plan
from planner import outputs, scenario_file
from planner.outputs.exports import export
from planner.outputs.exports.atlas import fonts, printing, words
from planner.outputs.exports.atlas.book import Book
from planner.outputs.exports.atlas.figures import Place, all_areas, areas
from planner.outputs.exports.atlas.sheet import A4
from planner.outputs.exports.run import Run
from planner.outputs.language import speaking

FAR = "Mbala: 41 % of under-fives live over 60 min on foot from care"
HOSTILE = (
    "Chisomo", "<b>N'tcheu</b> ]]>", "$\\frac{1}{0}$ \\\\ _^{}%", "مدينة\u202e12 ሀገር 漢字 🏥", "x" * 1000,
)  # fmt: skip


def write(plan, folder):
    outputs.write(plan, folder, scenario_toml=scenario_file.dump(plan.scenario), log=())
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return write_for_exports(tiny_plan(), tmp_path_factory.mktemp("runs") / "base")


@pytest.fixture(scope="module")
def atlas(run, tmp_path_factory):
    return exported(run, tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def book(run):
    return Book.read(Run.open(run))


def exported(run, folder):
    export(run, ["atlas"], folder)
    return folder / "atlas"


def printed(run, language="en"):
    """The text of each page, A4."""
    path = run.with_suffix(f".{language}.pdf")
    with printing.settings(), speaking(language):
        printing.print_pdf(Book.read(Run.open(run)), A4, path)
    return pages(path)


def count_pages(path):
    return len(re.findall(rb"/Type /Page\b", path.read_bytes()))


def asked(plan, **report):
    said = plan.scenario.report.model_copy(update=report)
    return replace(plan, scenario=plan.scenario.model_copy(update={"report": said}))


def test_there_is_a_page_of_all_areas_and_one_of_each_and_a_picture_of_every_page(atlas):
    assert [count_pages(atlas / f"atlas_{size}.pdf") for size in ("a4", "a3")] == [3, 3]
    assert sorted(path.name for path in (atlas / "png").iterdir()) == ["001-all.png", "002-west.png", "003-east.png"]


def test_pictures_are_of_a4_at_300_dots_an_inch_on_white_paper(atlas):
    for path in (atlas / "png").iterdir():
        picture = Image.open(path)
        assert picture.size == (3507, 2480)
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.01)
        assert picture.convert("RGB").getpixel((20, 20)) == (255, 255, 255)


@needs_poppler
def test_each_page_says_its_message_numbers_villages_and_where_it_comes_from(atlas):
    whole, west, east = pages(atlas / "atlas_a4.pdf")
    assert "from care; 2 new CHWs bring it to" in whole
    assert east.count("East: ") == 1 and "West: " in west
    for page, number in ((whole, 1), (west, 2), (east, 3)):
        assert f"31 January 2026 · run tiny-0001 · page {number} of 3" in page
        assert "Population, Facilities: made by hand" in page
        assert "Hard to reach: over 60 min on foot or over 5 km in a straight line" in page
    assert "Mbále" in east and "NEW" not in east
    assert "Kwa Phiri" in east and "N'tcheu" in east


def test_the_same_run_gives_the_same_bytes_in_another_process_too(atlas, run, tmp_path):
    code = (
        f"from pathlib import Path; from planner.outputs.exports import export; export(Path({str(run)!r}), ['atlas'], "
    )
    code += f"Path({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONHASHSEED": "77"})
    files = sorted(path.relative_to(atlas) for path in atlas.rglob("*") if path.is_file())
    assert len(files) == 5
    assert [name for name in files if (atlas / name).read_bytes() != (tmp_path / "atlas" / name).read_bytes()] == []


@needs_poppler
@pytest.mark.parametrize("size", ["a4", "a3"])
def test_no_word_is_cut_by_the_edge_of_its_page(atlas, size):
    assert outside(atlas / f"atlas_{size}.pdf") == []


def test_words_can_be_searched_and_no_clock_stands_in_the_file(atlas):
    told = (atlas / "atlas_a4.pdf").read_bytes()
    assert b"/Type3" not in told and b"/FontFile2" in told
    assert re.findall(rb"/(?:CreationDate|ModDate) \((.*?)\)", told) == [b"D:20260131000000Z"]


@needs_poppler
@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ("des enfants de moins de 5 ans vivent à plus de 60 min à pied des soins", "Où vivront les nouveaux ASC",
                "31 janvier 2026 · calcul tiny-0001 · page 3 sur 3", "Difficile d’accès : à plus de 60 min à pied")),
        ("pt", ("crianças menores de 5 anos vivem a mais de 60 min a pé dos cuidados", "Onde viverão os novos ACS",
                "31 de janeiro de 2026 · cálculo tiny-0001 · página 3 de 3", "De difícil acesso: a mais de 60 min")),
    ],
)  # fmt: skip
def test_it_is_written_in_the_language_asked_for(run, language, told):
    page = printed(run, language)[2]
    for words_told in told:
        assert words_told in page
    for english in ("under-fives", "facility", "Hard", "People", "Sources:"):
        assert english not in page


@needs_poppler
def test_ministry_and_logo_stand_on_every_page(tmp_path):
    plan = asked(tiny_plan(), ministry="Ministry of Health & Care", language="pt")
    Image.new("RGB", (64, 64), "#147846").save(tmp_path / "logo.png")
    with_logo = replace(plan, logo=(tmp_path / "logo.png").read_bytes())
    run = write_for_exports(with_logo, tmp_path / "run")
    assert all("Ministry of Health & Care" in page for page in printed(run, "pt"))
    with printing.settings():
        [_, (_, drawn), _] = printing.pages(Book.read(Run.open(run)), A4)
        printing._picture(drawn, tmp_path / "page.png")
    pixel = Image.open(tmp_path / "page.png").convert("RGB").getpixel((180, 180))
    assert pixel == pytest.approx((0x14, 0x78, 0x46), abs=12)


@needs_poppler
def test_names_that_are_formulas_marks_or_other_scripts_are_names(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "_others", list)  # a computer with no other fonts
    run = write_for_exports(tiny_plan(names=HOSTILE, facility="$x_1$ #{y}"), tmp_path / "run")
    told = printed(run)
    assert HOSTILE[1] in told[2] and HOSTILE[2] in told[2] and "$x_1$ #{y}" in told[1]
    assert "� stands for letters that no font of this computer has." in told[0]
    assert "xxxxxxxxxx…" in "".join(told)


def letters_of_others():
    """Letters that our font lacks and another of this computer has."""
    own = fonts._drawn_by(fonts.FAMILY)
    for family in fonts._others():
        yield from (
            char for char in sorted(fonts._drawn_by(family) - own) if char.isalpha() and char == fonts.tidy(char)
        )


@needs_poppler
def test_a_letter_that_our_font_lacks_is_drawn_with_another(tmp_path):
    with printing.settings():
        letter = next(letters_of_others(), None)
    if letter is None:
        pytest.skip("no font here has letters that ours lacks")
    run = write_for_exports(tiny_plan(names=("a", "b", f"V{letter}", f"{letter}Kwa", "e")), tmp_path / "run")
    east = printed(run)[2]
    assert f"V{letter}" in east and f"{letter}Kwa" in east and fonts.LOST not in east


@needs_poppler
def test_a_run_whose_every_text_is_hostile_is_printed(tmp_path):
    payloads = [*PAYLOADS, "$^_$ \\begin{x}", "\u202e\u200d\ufeff\x00", "ሀ" * 90, "مرحبا " * 40]
    plan = hostile_plan(lambda number: payloads[-1 - number % len(payloads)])
    told = printed(write_for_exports(plan, tmp_path / "run"))
    assert len(told) == 3 and all("tiny-0001" in page for page in told)


@needs_poppler
def test_a_run_with_nothing_but_facilities_has_one_page(tmp_path):
    [page] = printed(write_for_exports(bare_plan(), tmp_path / "run"))
    assert "no new CHW is proposed" in page and "There are none." in page


@needs_poppler
def test_an_area_of_one_cell_has_its_page(tmp_path):
    plan = tiny_plan()
    x, y = FRAME.centre_of(5 * 16 + 10)
    cell = shapely.box(x - FRAME.dx / 2, y - FRAME.dy / 2, x + FRAME.dx / 2, y + FRAME.dy / 2)
    shapes = np.array([plan.areas.geometry[0], cell], object)
    run = write(replace(plan, areas=replace(plan.areas, geometry=shapes)), tmp_path / "run")
    assert [page.split(":")[0] for page in printed(run)[1:]] == [
        "Tiny district · Malawi West",
        "Tiny district · Malawi East",
    ]


def test_numbers_of_a_place_are_those_of_the_tables(run, book):
    table = Run.open(run).table("coverage_by_area")
    first, second = areas(book)
    for place in (first, second):
        rows = table[(table["area"] == place.name) & (table["within_minutes"] == 60)]
        assert place.people == rows["people"].iloc[0]
        assert [100 * share for share in place.shares] == pytest.approx(rows["under_fives_share_percent"].tolist())
    plan, whole = tiny_plan(), all_areas(book)
    assert whole.people == pytest.approx(first.people + second.people)
    assert (whole.new_chws, whole.chws_today, len(whole.sites)) == (2, 2, len(plan.facilities))
    assert len(first.sites) + len(second.sites) == 3 and first.new_chws + second.new_chws == 2
    assert whole.gain == pytest.approx(plan.placement.gain_under_fives.sum())


def test_a_limit_that_is_no_threshold_is_told_of_all_people(tmp_path):
    plan = tiny_plan()
    placement = plan.scenario.placement.model_copy(update={"max_minutes": 45.0})
    plan = replace(plan, scenario=plan.scenario.model_copy(update={"placement": placement}))
    book = Book.read(Run.open(write(plan, tmp_path / "run")))
    assert not all_areas(book).of_children
    assert "of people live over 45 min on foot from care" in words.message(book, all_areas(book)).replace("\xa0", " ")


def place(today, plan, *, name="Mbala", new=0, gain=0.0, leaving=0, children=True):
    shares = today, today, plan
    return Place(name, "", None, 100.0, 20.0, children, shares, 1, new, leaving, gain, None, None, None)


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (place(0.59, 0.88, new=4), f"{FAR}; 4 new CHWs bring it to 12 %."),
        (place(0.59, 0.88, new=1), f"{FAR}; 1 new CHW brings it to 12 %."),
        (place(0.59, 0.70), f"{FAR}; new CHWs nearby bring it to 30 %."),
        (place(0.59, 0.59), f"{FAR}; no new CHW is proposed here."),
        (place(0.59, 0.59, new=2), f"{FAR}; 2 new CHWs would not change that."),
        (place(0.59, 0.59, new=2, gain=30), f"{FAR}; 2 new CHWs reach 30 more."),
        (place(0.59, 0.5, new=2, leaving=3), f"{FAR}; with the plan it is 50 %."),
        (place(1.0, 1.0), "Mbala: all under-fives live within 60 min on foot of care; no new CHW is proposed "
                          "here."),
        (place(0.5, 0.9, name="", new=9, children=False), "50 % of people live over 60 min on foot from care; 9 "
                                                          "new CHWs bring it to 10 %."),
        (place(np.nan, np.nan, name=""), "The population raster has nobody in these areas."),
    ],
)  # fmt: skip
def test_the_message_of_a_page_is_one_sentence(book, of, told):
    assert words.message(book, of).replace("\xa0", " ") == told


def test_a_french_message_keeps_signs_beside_their_words(book):
    with speaking("fr"):
        told = words.message(book, place(0.59, 0.88, new=4))
    assert told == (
        "Mbala\xa0: 41\xa0% des enfants de moins de 5 ans vivent à plus de 60\xa0min à pied des soins\u202f; "
        "4 nouveaux ASC ramènent cette part à 12\xa0%."
    )
