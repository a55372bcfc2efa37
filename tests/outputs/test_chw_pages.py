"""A page for every CHW and one for every supervisor: complete, of the run's own numbers, in three languages, safe."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import shapely

from outputs.for_exports import write_for_exports
from outputs.hostile import PAYLOADS, hostile_plan
from outputs.pdfs import MARKUP, letters, needs_poppler, objects, outside, pages
from outputs.tiny import tiny_plan, tiny_supply
from planner import cli, community, outputs, scenario_file
from planner.outputs.exports import chw_pages, sketch, typeset
from planner.outputs.exports.run import Run
from planner.outputs.language import speaking
from planner.outputs.palette import minutes_text, whole

NASTY = (*MARKUP, *PAYLOADS)


def written(plan, folder):
    outputs.write(plan, folder, scenario_toml=scenario_file.dump(plan.scenario), log=())
    return Run.open(folder)


def made(run, folder, language="en"):
    folder.mkdir(exist_ok=True)
    with speaking(language):
        chw_pages.write(run, folder)
    return folder / "chw_pages.pdf"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return Run.open(write_for_exports(tiny_plan(), tmp_path_factory.mktemp("runs") / "base"))


@pytest.fixture(scope="module")
def content(run):
    return chw_pages.content(run)


@pytest.fixture(scope="module")
def document(run, tmp_path_factory):
    return made(run, tmp_path_factory.mktemp("pages"))


def page_of(content, post):
    return next(page for each in content["supervisors"] for page in each["pages"] if page["post"] == post)


def test_every_post_with_a_chw_has_one_page_behind_its_supervisor(content):
    plan = tiny_plan()
    by = {each["facility"]: [page["post"] for page in each["pages"]] for each in content["supervisors"]}
    supervised = [
        (post, plan.facilities.name[facility]) for post, facility in zip(plan.posts.id, plan.supervision.facility,
                                                                         strict=True)
    ]  # fmt: skip
    assert sorted((post, name) for name, posts in by.items() for post in posts) == sorted(supervised)
    assert all([row[1] for row in each["posts"]] == by[each["facility"]] for each in content["supervisors"])


@needs_poppler
def test_there_are_as_many_pages_as_posts_and_supervisors(document, content):
    shown = pages(document)
    assert len(shown) == len(content["supervisors"]) + 4
    assert outside(document) == []
    chws = [page for page in shown if page.startswith("Community health worker")]
    assert len(chws) == 4
    for title in (
        "When a child is too ill for you",
        "People you serve",
        "Who supervises you",
        "What a delivery brings",
    ):
        assert all(title in page for page in chws)


def test_a_page_has_the_numbers_of_the_plan(content):
    plan = tiny_plan()
    post = plan.posts.id.index("NEW-01")
    page = page_of(content, "NEW-01")
    assert page["village"] == plan.posts.name[post] and page["proposed"]
    assert [number for number, _ in page["numbers"]][:2] == [
        whole(plan.supply.people[post]), whole(plan.supply.under_fives[post]),
    ]  # fmt: skip
    first = plan.referrals[0]
    (to, how), *others = page["referral"]
    assert to == plan.facilities.name[first.facility[post]]
    assert minutes_text(first.minutes[post]) in how.replace("\N{NO-BREAK SPACE}", " ")
    assert ["The way", f"{first.words[post].replace('; ', '. ')}."] in others
    rows = page["supplies"]["rows"]
    assert [row[1] for row in rows] == [whole(packs) for packs in plan.supply.packs[post]]


def test_the_villages_served_add_up_to_the_people_of_the_page(run):
    """All of them are told, by name or as so many more."""
    served, sheets = run.table("villages_served"), run.table("village_sheets").set_index("post_id")
    for post, own in served.groupby("post_id"):
        assert own["people"].sum() == pytest.approx(sheets["people"][post])


def test_more_villages_than_a_page_holds_are_counted_with_their_people(run, monkeypatch):
    monkeypatch.setattr(chw_pages, "MOST_VILLAGES", 1)
    rows, more = chw_pages.Pages(run)._villages("CHW-01")
    rest = run.table("villages_served").query("post_id == 'CHW-01'").sort_values("people", ascending=False)[1:]
    assert len(rows) == 1
    assert more == f"and {len(rest)} more places with {whole(rest['people'].sum())} people"


def test_the_other_season_is_told_only_as_far_as_it_differs(run):
    told = chw_pages.Pages(run)
    row = next(told.referral.itertuples())
    inf = float("inf")
    for other, minutes, words in (
        (row.facility, row.minutes, "The same way, about as long"),
        (row.facility, row.minutes + 30, "The way takes longer"),
        (row.facility, row.minutes - 30, "The way is shorter"),
        ("Elsewhere", 70, "Go to Elsewhere: 70"),
        ("", inf, "There is no way"),
    ):
        assert told._season(row._replace(other_facility=other, other_minutes=minutes)).startswith(words)


def test_ways_are_told_in_the_language_of_the_page():
    way = "Walk 6.5 km north-west through Bangahani and Ouani to the road (75 min); Ride 12.0 km on RN1 (20 min)"
    with speaking("fr"):
        walk, ride = chw_pages.in_words(way).split(". ")
    assert walk == "Marcher 6,5 km vers le nord-ouest par Bangahani et Ouani jusqu’à la route (75 min)"
    assert ride == "Rouler 12 km sur RN1 (20 min)."
    assert chw_pages.in_words("By boat") == "By boat."


def test_nobody_is_called_by_name_unless_the_run_holds_names(run, content):
    assert all(page["contact"] == [] for each in content["supervisors"] for page in each["pages"])
    assert all(row[-1] == chw_pages.DOTTED for each in content["supervisors"] for row in each["posts"])


@needs_poppler
@pytest.mark.parametrize(("language", "words"), [
    ("fr", ("Agent de santé communautaire", "Quand un enfant est trop malade", "1er", "enfants de moins de 5 ans")),
    ("pt", ("Agente comunitário de saúde", "Quando uma criança está", "31 de janeiro de 2026", "crianças menores")),
])  # fmt: skip
def test_pages_speak_french_and_portuguese(run, tmp_path, language, words):
    text = " ".join(pages(made(run, tmp_path, language)))
    assert [word for word in words if word not in text and word != "1er"] == []
    for english in ("People you serve", "health facility", "tablets", "Packs", "on foot", "round"):
        assert english not in text


def test_the_same_run_gives_the_same_bytes(run, document, tmp_path):
    assert made(run, tmp_path).read_bytes() == document.read_bytes()


def test_pages_are_held_to_the_rules_for_screen_readers(run):
    """PDF/UA-1, as typst checks it: sketches in words, headings in their order, a title and a language."""
    typeset.pdf("chw_pages.typ", chw_pages.content(run), date="2026-01-31", strict=True)


@needs_poppler
@pytest.mark.parametrize("first", (0, 1, 2))
def test_hostile_names_stand_as_they_are_and_do_nothing(tmp_path, first):
    plan = hostile_plan(lambda n: NASTY[(n + 31 * first) % len(NASTY)])
    run = Run.open(write_for_exports(plan, tmp_path / "run"))
    path = made(run, tmp_path / "out")
    shown = letters("".join(pages(path)))
    assert all(letters(name) in shown for name in run.table("village_sheets")["village"] if name.isascii())
    assert "root:" not in shown
    for act in (b"/URI", b"/JavaScript", b"/Launch", b"/GoToR", b"/EmbeddedFile", b"/SubmitForm", b"/OpenAction"):
        assert act not in objects(path)
    assert outside(path) == []
    assert len(pages(path)) == len(chw_pages.content(run)["supervisors"]) + 4


def test_the_command_writes_the_pages(run, tmp_path, capsys):
    assert cli.main(["export", str(run.folder), "chw-pages", "--out", str(tmp_path), "--language", "pt"]) == 0
    assert (tmp_path / "chw-pages" / "chw_pages.pdf").read_bytes().startswith(b"%PDF")


def test_a_sketch_keeps_directions_and_lengths():
    """On the equator a degree east is as long as a degree north; at 60° half as long."""
    square = sketch.Scale.around([shapely.Point(10, 0), shapely.Point(10.1, 0.1)], 74, 66)
    assert square.across == pytest.approx(square.down, rel=1e-3)
    north = sketch.Scale.around([shapely.Point(10, 60), shapely.Point(10.1, 60.1)], 74, 66)
    assert north.across == pytest.approx(north.down / 2, rel=1e-2)
    corner = north.mm(shapely.Point(10, 60.1))
    assert corner.y == pytest.approx(sketch.EDGE) and corner.x < 74 / 2
    km, mm = square.bar()
    assert mm == pytest.approx(km * square.down / 111.32) and mm <= 74 / 4
    assert f"{km:g}"[0] in "125"


def test_names_on_a_sketch_do_not_cover_each_other():
    spots = [shapely.Point(20 + 3 * k, 30) for k in range(6)]
    labels = sketch.Labels(74, 66, spots[:1], [shapely.LineString(spots)])
    put = [labels.put(spot, f"Village {k}", bold=k == 0) for k, spot in enumerate(spots)]
    there = [shapely.box(one["x"], one["y"], one["x"] + one["wide"], one["y"] + sketch.LINE) for one in put if one]
    assert 2 <= len(there) <= 6
    assert not any(a.intersection(b).area > 1e-9 for k, a in enumerate(there) for b in there[:k])
    assert not any(box.buffer(-0.01).intersects(labels.ways) for box in there[:2])
    assert re.fullmatch("Village 0", put[0]["name"])


@needs_poppler
def test_a_chw_whom_nobody_is_nearest_to_is_told_so_and_has_no_table_of_noughts(tmp_path):
    plan = tiny_plan()
    left = np.where(plan.chw_catchment == 1, -1, plan.chw_catchment).astype(np.int32)
    served = community.served(left, plan.villages.of_cell, plan.with_plan.minutes, plan.land)
    supply = tiny_supply(plan.land, plan.posts, left)
    run = written(replace(plan, chw_catchment=left, served=served, supply=supply), tmp_path / "run")
    alone = page_of(chw_pages.content(run), plan.posts.id[1])
    assert alone["nobody"].startswith("Nobody has the nearest care here")
    assert (alone["numbers"], alone["villages"], alone["supplies"]["rows"]) == ([], [], [])
    assert page_of(chw_pages.content(run), plan.posts.id[0])["nobody"] == ""
    (page,) = (text for text in pages(made(run, tmp_path / "pages")) if "Nobody has the nearest care here" in text)
    assert "People you serve" not in page and "What a delivery brings" not in page and "Who supervises you" in page
