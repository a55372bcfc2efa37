"""Plans side by side: what differs, who is won and lost, and nothing that is the same."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from affine import Affine

from outputs.tiny import tiny_plan, tiny_scenario
from planner import cli, outputs, scenario_file
from planner.outputs.compare import compare, difference, headline_rows, post_rows, question_rows
from planner.outputs.exports.run import Run

NASTY = ("<script>alert(1)</script>", "N'tcheu", "Mb\u00e1le", "Kwa Phiri", "near Mb\u00e1le")
ASKED = "[placement]\nmax_minutes = 60.0\nnew_chws = {}\n"


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The tiny plan; and one in which nobody is proposed, so that care is as it is today."""
    folder = tmp_path_factory.mktemp("runs")
    plan = tiny_plan(names=NASTY)
    outputs.write(plan, folder / "more", scenario_toml=ASKED.format(2), log=())
    posts = replace(plan.posts, chws=np.where(plan.posts.proposed, 0, plan.posts.chws).astype(np.int32))
    less = replace(plan, with_plan=plan.with_chws, posts=posts)
    outputs.write(less, folder / "today", scenario_toml=ASKED.format(0) + 'forced = ["V1"]\n', log=())
    return [folder / "today", folder / "more"]


@pytest.fixture
def runs(folders):
    return [Run.open(folder) for folder in folders]


def test_only_the_keys_that_differ_are_told(runs):
    rows = question_rows(runs, ["a", "b"])
    assert rows.to_numpy().tolist() == [["placement.forced", "V1", "not set"], ["placement.new_chws", "0", "2"]]
    assert question_rows([runs[0], runs[0]], ["a", "b"]).empty


def test_figures_stand_beside_their_difference_to_the_first(runs):
    rows = headline_rows(runs, ["a", "b"]).set_index("figure")
    today, more = (run.plan["headline"]["chws_proposed"]["value"] for run in runs)
    assert rows.loc["CHWs proposed"].tolist() == [f"{today:,.0f}", f"{more:,.0f} ({more - today:+,.0f})"]
    shares = [run.plan["headline"]["plan_share"]["value"] for run in runs]
    [share] = [row for row in rows.index if row.endswith("with the plan")]
    assert rows.loc[share].tolist() == [
        f"{shares[0]:.1f} %",
        f"{shares[1]:.1f} % ({shares[1] - shares[0]:+.1f} points)",
    ]
    assert "(" not in rows.loc["people in the areas", "b"]


def test_villages_won_one_way_are_lost_the_other_way(runs):
    there, back = difference(*runs, "b"), difference(*runs[::-1], "a")
    assert len(there.won) > 0 and there.lost.empty
    assert there.won["village_id"].tolist() == back.lost["village_id"].tolist()
    assert (there.won["minutes_with_plan"] <= 60).all() and (there.won["minutes_before"] > 60).all()


def test_a_run_beside_itself_differs_in_nothing(runs):
    found = difference(runs[1], runs[1], "b")
    assert found.won.empty and found.lost.empty
    assert post_rows([runs[1], runs[1]], ["a", "b"]).empty


def test_the_page_names_the_runs_and_no_name_becomes_markup(folders, tmp_path, capsys):
    assert cli.main(["compare", *map(str, folders), "--out", str(tmp_path / "c.html")]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[0].split() == ["today", "more"]
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert page.count("<script") == 1, "the planner's own, which moves the line on the map"
    assert "<h1>today, more</h1>" in page
    compare(folders, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == (tmp_path / "c.html").read_bytes()


def test_the_line_on_the_map_parts_the_two_plans(folders, tmp_path, browser):
    compare(folders, tmp_path / "c.html")
    browser.open(tmp_path / "c.html", 1100, 900)
    told = """const [left, right] = document.querySelectorAll("svg.both rect.cut");
        const slider = document.querySelector("input.swipe");
        slider.value = VALUE; slider.dispatchEvent(new Event("input"));
        return [left, right].map((rect) => rect.getAttribute("x") + " " + rect.getAttribute("width"))
            .concat(slider.getAttribute("aria-valuetext"));"""
    width = browser.run('return document.querySelector("svg.both").viewBox.baseVal.width;')
    assert browser.run(told.replace("VALUE", "25")) == [
        f"0 {width / 4:g}", f"{width / 4:g} {3 * width / 4:g}", "25 % of the map: today",
    ]  # fmt: skip
    assert browser.run(told.replace("VALUE", "100"))[1].endswith(" 0")
    images = browser.run('return [...document.querySelectorAll("svg.both image")].map((each) => each.href.baseVal);')
    assert len(set(images)) == 2, "more CHWs make ways shorter"
    circles = browser.run(
        'return [...document.querySelectorAll("svg.both > g")].map((each) => each.querySelectorAll("circle").length);'
    )
    assert circles == [len(run.table("facilities")) + int((run.table("posts")["chws"] > 0).sum()) for run in
                       map(Run.open, folders)]  # fmt: skip
    assert browser.complaints() == [] and [each for each in browser.asked_for() if not each.startswith("data:")] == [
        (tmp_path / "c.html").as_uri()
    ]


def test_plans_on_different_cells_have_no_map_of_both(folders, tmp_path):
    shutil.copytree(folders[1], tmp_path / "elsewhere")
    raster = tmp_path / "elsewhere" / "rasters" / "minutes_with_plan.tif"
    with rasterio.open(raster) as old:
        values, profile = old.read(1), {**old.profile, "transform": Affine(1, 0, 5, 0, -1, 0)}
    raster.unlink()
    with rasterio.open(raster, "w", **{**profile, "driver": "GTiff"}) as new:
        new.write(values, 1)
    compare([folders[0], tmp_path / "elsewhere"], tmp_path / "c.html")
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert "today and elsewhere stand on different cells: there is no map of both." in page and "<image" not in page


def test_one_run_alone_is_told(folders, capsys):
    assert cli.main(["compare", str(folders[0])]) == 2
    assert "two run folders or more" in capsys.readouterr().err


def test_runs_called_alike_are_numbered(folders, tmp_path, capsys):
    assert cli.main(["compare", str(folders[0]), str(folders[0]), "--out", str(tmp_path / "c.html")]) == 0
    assert "today (1)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ["Plans côte à côte", "31 janvier 2026", "n° 1", "habitants dans les zones", "non fixé", "points)"]),
        (
            "pt",
            ["Planos lado a lado", "31 de janeiro de 2026", "n.º 1", "habitantes nas zonas", "não definido", "pontos)"],
        ),
    ],
)
def test_the_page_is_in_the_language_of_the_first_run(tmp_path, folders, language, told):
    first = shutil.copytree(folders[0], tmp_path / "first")
    plan = json.loads((first / "plan.json").read_text(encoding="utf-8"))
    plan["report"]["language"] = language
    (first / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    (first / "scenario.toml").write_text(scenario_file.dump(tiny_scenario()), encoding="utf-8")
    lines = compare([first, folders[1]], tmp_path / "c.html")
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    assert [each for each in told if each not in page] == []
    assert "people in the areas" in lines
