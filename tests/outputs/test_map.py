"""The map as text: what stands in it, what it may load, and that a name stays a name."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from outputs.tiny import tiny_plan
from planner.outputs import map as map_module
from planner.outputs import offline
from planner.outputs.map import map_html
from planner.types.inputs import Areas, Roads, Water
from planner.types.results import Plan

PAYLOADS = (
    "<script>window.ran=1</script>",
    "</script><script>window.ran=2</script>",
    '"><img src=x onerror=window.ran=3>',
    "`${window.ran=4}` {{ 7 * 7 }}",
    "a\u2028b\u2029' onclick='window.ran=5",
)
FACILITY = "<!--<script> &amp; \\u003c {% raw %}"


@pytest.fixture(scope="module")
def page() -> str:
    return map_html(tiny_plan())


@pytest.fixture(scope="module")
def hostile() -> str:
    return map_html(tiny_plan(names=PAYLOADS, facility=FACILITY))


def data_of(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="plan-data">(.*?)</script>', page, re.S)[1])


def layer(page: str, key: str) -> dict:
    return next(layer for layer in data_of(page)["layers"] if layer["key"] == key)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def tags_of(page: str) -> list[tuple[str, dict]]:
    tags = Tags()
    tags.feed(page)
    return tags.tags


def test_no_tag_of_the_page_loads_anything(page):
    for _, attributes in tags_of(page):
        assert not {"src", "srcset", "href", "data", "action", "style"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    styles = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert styles
    assert not [url for style in styles for url in re.findall(r"url\((?!data:|#)", style)]


def test_leaflet_stands_in_the_page_and_nothing_else_of_folium_does(page):
    assert "Leaflet 1.9.3" in page
    assert "jQuery v3" in page
    for name in ("bootstrap", "awesome", "jsdelivr", "cdnjs"):
        assert name not in page


def test_the_policy_names_exactly_the_scripts_and_styles_of_the_page(page):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for kind in ("script", "style"):
        texts = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.S)
        hashes = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts}
        assert set(rules[f"{kind}-src"].split()) == {f"'sha256-{digest}'" for digest in hashes}
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe" not in policy


def test_the_policy_stands_before_every_script(page):
    assert 0 < page.index("Content-Security-Policy") < page.index("<script")


def test_names_that_are_code_stand_in_the_data_only_and_come_out_as_they_went_in(hostile):
    rest = hostile
    for block in re.findall(r'<script type="application/json".*?>(.*?)</script>', hostile, re.S):
        assert block.isascii()
        assert not set("<>&") & set(block)
        rest = rest.replace(block, "")
    assert "window.ran" not in rest
    assert FACILITY not in rest
    assert {feature["t"] for feature in layer(hostile, "villages")["features"]} == set(PAYLOADS)
    assert FACILITY in {feature["t"] for feature in layer(hostile, "facilities")["features"]}


def test_a_title_and_a_source_that_are_code_are_escaped():
    plan = tiny_plan()
    scenario = plan.scenario.model_copy(update={"title": "</title><script>window.ran=1</script>{{ 7 * 7 }}"})
    source = replace(plan.sources[0], citation="<img src=x onerror=window.ran=1>")
    page = map_html(replace(plan, scenario=scenario, sources=(source,)))
    assert "<script>window.ran" not in page
    assert "<img src=x" not in page
    assert "&lt;/title&gt;&lt;script&gt;window.ran=1&lt;/script&gt;{{ 7 * 7 }}</title>" in page


def test_the_same_plan_gives_the_same_bytes(page):
    assert map_html(tiny_plan()) == page


def test_an_asset_that_is_not_known_is_named(monkeypatch):
    monkeypatch.setattr(map_module, "FOLIUM_JS", (("leaflet", "leaflet.js"), ("icons", "icons.min.js")))
    with pytest.raises(offline.NotOffline, match=r"icons\.min\.js"):
        map_html(tiny_plan())


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="https://example.org/a.png">',
        '<link rel="preload" href="//example.org/x">',
        "<style>@import 'x.css';</style>",
        "<style>a { background: url(https://example.org/a.png) }</style>",
        "<iframe src='x.html'></iframe>",
        "<p onclick='f()'>x</p>",
        "<p style='color: red'>x</p>",
    ],
)
def test_what_a_browser_would_load_or_the_policy_stops_is_refused(tag):
    with pytest.raises(offline.NotOffline):
        offline.seal(f"<html><head></head><body>{tag}</body></html>")


def test_a_link_that_waits_for_a_click_is_let_be():
    assert "example.org" in offline.seal('<html><head></head><body><a href="https://example.org">x</a></body></html>')


def test_the_layers_hold_every_place_of_the_plan(page):
    counts = {layer["key"]: len(layer["features"]) for layer in data_of(page)["layers"]}
    assert counts["areas"] == 2
    assert counts["facilities"] == 3
    assert counts["villages"] == 5
    assert counts["chws"] == 2
    assert counts["proposed"] == 2


def test_places_stand_where_the_plan_has_them(page):
    plan = tiny_plan()
    points = {feature["t"]: feature["p"] for feature in layer(page, "facilities")["features"]}
    lon, lat = plan.land.frame.lonlat(plan.facilities.x, plan.facilities.y)
    for name, x, y in zip(plan.facilities.name, lon, lat, strict=True):
        assert points[name] == [round(y * 1e5), round(x * 1e5)]


def test_lines_are_steps_from_the_first_point(page):
    (road,) = layer(page, "roads")["features"]
    (steps,) = road["l"]
    points = np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / 1e5
    assert points == pytest.approx(np.array([[-13.05417, 34.0], [-13.05417, 34.13333]]), abs=1e-9)


def test_popups_say_the_numbers_of_the_plan(page):
    villages = layer(page, "villages")
    chisomo = next(feature for feature in villages["features"] if feature["t"] == "Chisomo")
    values = dict(zip(villages["labels"], chisomo["v"], strict=True))
    assert values["People"] == 900
    assert values["Under-fives"] == 144
    assert values["Nearest facility on foot"] == "Mlambe"
    assert values["Time to it"] == 31
    assert values["Served by CHW"] == "CHW-01"
    proposed = layer(page, "proposed")
    best = next(feature for feature in proposed["features"] if feature["n"] == "1")
    assert dict(zip(proposed["labels"], best["v"], strict=True))["Referral, tier 1 or above"][0] == "Nkhoma"


def test_every_value_of_a_popup_has_a_label_and_a_form(page):
    for layer in data_of(page)["layers"]:
        assert len(layer["forms"]) == len(layer["labels"])
        for feature in layer["features"]:
            assert len(feature.get("v", layer["labels"])) == len(layer["labels"])


def test_the_legend_explains_every_style_on_the_map_and_no_other(page):
    data = data_of(page)
    used = {feature["s"] for layer in data["layers"] for feature in layer["features"]}
    explained = {entry["style"] for section in data["legend"] for entry in section["entries"] if "style" in entry}
    assert explained - {"within"} == used - {"within"}  # the sizes are shown with circles of that style
    assert used <= set(data["styles"])


def empty_of(plan: Plan) -> Plan:
    none, text = np.empty(0, object), np.empty(0, bool)
    roads = Roads(*[none] * 6, text, text, text, np.empty(0, np.int16), np.empty(0), none)
    return replace(plan, roads=roads, water=Water(none, none, none, text))


def test_a_plan_without_roads_and_water_is_drawn_without_those_layers():
    page = map_html(empty_of(tiny_plan()))
    assert not {"roads", "water"} & {layer["key"] for layer in data_of(page)["layers"]}
    assert not {"roads", "water"} & {section["of"] for section in data_of(page)["legend"]}


def test_an_area_of_two_islands_with_a_hole_keeps_its_parts():
    from shapely import MultiPolygon, Point, box

    plan = tiny_plan()
    ring = Point(34.03, -13.03).buffer(0.02).difference(Point(34.03, -13.03).buffer(0.01))
    shapes = np.array([MultiPolygon([ring, box(34.1, -13.05, 34.12, -13.04)]), plan.areas.geometry[1]], object)
    areas = Areas(shapes, plan.areas.code, plan.areas.name, plan.areas.parent_code, plan.areas.parent_name)
    west, east = layer(map_html(replace(plan, areas=areas)), "areas")["features"]
    assert [len(rings) for rings in west["a"]] == [2, 1]
    assert [len(rings) for rings in east["a"]] == [1]


def test_names_of_chws_do_not_leave(page):
    plan = tiny_plan()
    posts = replace(plan.posts, name=("Grace Banda", "John Phiri", "x", "y"))
    assert map_html(replace(plan, posts=posts)) == page
