"""The scenario file: what is read, what is refused and how that is told, what is written."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import scenario_file
from planner.errors import Fault, InputFaults
from planner.scenario import FacilitiesTable, Population, Scenario, Traveller, Water
from planner.scenario.presets import presets
from planner.scenario.reach import Reach

SMALL = """\
title = "Mbale"
[population]
file = "pop.tif"
[facilities]
file = "sites.csv"
"""


def load(tmp_path: Path, text: str | bytes) -> Scenario:
    path = tmp_path / "scenario.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return scenario_file.load(path)


def faults(tmp_path: Path, text: str | bytes) -> tuple[Fault, ...]:
    with pytest.raises(InputFaults) as caught:
        load(tmp_path, text)
    return caught.value.faults


def only_fault(tmp_path: Path, text: str | bytes) -> Fault:
    (fault,) = faults(tmp_path, text)
    return fault


def test_two_files_and_a_title_are_enough(tmp_path):
    expected = Scenario(
        title="Mbale", population=Population(file="pop.tif"), facilities=FacilitiesTable(file="sites.csv")
    )
    assert load(tmp_path, SMALL) == expected


def test_values_in_the_file_replace_the_defaults(tmp_path):
    scenario = load(
        tmp_path,
        SMALL
        + """tiers = {"Health post" = 1, Hospital = 2}
where = {status = ["open", "new"]}
[reach]
max_minutes = 90
thresholds = [45, 90.5]
rule = "km"
""",
    )
    assert scenario.facilities.tiers == {"Health post": 1, "Hospital": 2}
    assert scenario.facilities.where == {"status": ("open", "new")}
    assert scenario.reach.max_minutes == 90
    assert scenario.reach.thresholds == (45, 90.5)
    assert scenario.reach.rule == "km"
    assert scenario.reach.max_km == 5


@pytest.mark.parametrize("line", ["date = 2025-06-30", 'date = "2025-06-30"'])
def test_a_date_is_written_with_or_without_quotes(tmp_path, line):
    assert load(tmp_path, f"{line}\n{SMALL}").date == "2025-06-30"


def test_the_mark_and_line_ends_of_windows_editors_are_read(tmp_path):
    assert load(tmp_path, b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()).title == "Mbale"


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path):
    text = """\
title = "Mbale"
date = "2025-02-30"
new_chws = 5
[population]
fil = "pop.tif"
under_five_share = 17
[facilities]
file = "sites.csv"
tiers = {"Health post" = "one"}
[reach]
max_minuts = 60
max_km = "5,0"
rule = "eithr"
thresholds = [30, -60.0]
[walking]
neighbours = 12
[supervison]
chws_per_supervisor = 8
[placement]
new_chws = 20.0
"""
    assert [(fault.where.removeprefix("scenario.toml, "), fault.way_out) for fault in faults(tmp_path, text)] == [
        ("line 2: date", 'For example: date = ""'),
        ("line 3: new_chws", "Write it below [placement]."),
        ("line 4: [population] file", 'Add below [population]: file = "population.tif"'),
        ("line 5: [population] fil", "Did you mean file?"),
        ("line 6: [population] under_five_share", "For example: under_five_share = 0.16"),
        ('line 9: [facilities] tiers, "Health post"', "For example: tiers = {name = 1}"),
        ("line 11: [reach] max_minuts", "Did you mean max_minutes?"),
        ("line 12: [reach] max_km", "For example: max_km = 5.0"),
        ("line 13: [reach] rule", 'For example: rule = "either"'),
        ("line 14: [reach] thresholds, item 2", "For example: thresholds = [30.0, 60.0, 90.0, 120.0, 180.0]"),
        ("line 16: [walking] neighbours", "For example: neighbours = 16"),
        ("line 17: supervison", "Did you mean [supervision]?"),
        ("line 20: [placement] new_chws", "For example: new_chws = 20"),
    ]


def test_a_fault_says_what_was_found_and_what_was_expected(tmp_path):
    fault = only_fault(tmp_path, SMALL + '[reach]\nmax_km = "5,0"\n')
    assert fault == Fault(
        "scenario.toml, line 7: [reach] max_km",
        'found "5,0"; expected a number above 0 (km): in a straight line to the nearest facility.',
        "For example: max_km = 5.0",
    )


@pytest.mark.parametrize(
    ("section", "line", "expected"),
    [
        ("reach", "max_minutes = 0", "a number above 0 (min)"),
        ("reach", "max_minutes = true", "a number above 0 (min)"),
        ("reach", "max_km = inf", "a number above 0 (km)"),
        ("reach", "max_km = nan", "a number above 0 (km)"),
        ("reach", "thresholds = []", "a list in [ ], each a number above 0 (min)"),
        ("reach", 'thresholds = ["a"]', "a number above 0"),
        ("reach", "thresholds = 60", "a list in [ ], each a number above 0 (min)"),
        ("walking", "slope = 3", 'one of "tobler", "tobler_off_path", "irmischer_clarke", "none"'),
        ("walking", "load_factor = 0", "a number above 0 and of at most 2 (factor)"),
        ("season", 'name = "rainy"', 'one of "dry", "wet"'),
        ("supervision", "chws_per_supervisor = 2.5", "a whole number of at least 1 (CHWs)"),
        ("areas", "where = 3", 'pairs like {name = ["text", "text"]}'),
        ("areas", "name = 3", "text"),
        ("water", 'barriers = ["river", 1]', "text"),
    ],
)
def test_a_wrong_value_says_what_is_right(tmp_path, section, line, expected):
    fault = only_fault(tmp_path, f"{SMALL}[{section}]\n{line}\n")
    assert f"; expected {expected}: " in fault.what
    assert fault.where.startswith(f"scenario.toml, line 7: [{section}] {line.split(' ')[0]}")


@pytest.mark.parametrize("thresholds", ["[60, 30]", "[30, 30]"])
def test_thresholds_must_ascend(tmp_path, thresholds):
    fault = only_fault(tmp_path, f"{SMALL}[reach]\nthresholds = {thresholds}\n")
    assert f"found {thresholds}, but each number must be greater than the one before" in fault.what


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("eithr", '"eithr" is none of minutes, km, road_km, water, cut_off (did you mean "either"?)'),
        ("minutes or km and water", '"and" and "or" stand side by side: put in ( ) what belongs together'),
        ("(minutes or km", 'a ")" is missing'),
        ("minutes km", '"km" does not belong there'),
        ("minutes or", '"the end" is none of minutes, km'),
        ("(" * 150 + "km", 'a ")" is missing'),
        ("km or " * 50 + "km", "a rule has at most 200 letters"),
    ],
)
def test_a_rule_that_is_none_says_where_it_goes_wrong(tmp_path, rule, said):
    fault = only_fault(tmp_path, f'{SMALL}[reach]\nrule = "{rule}"\n')
    assert said in fault.what and fault.way_out == 'For example: rule = "either"'


def test_a_preset_fills_what_is_left_out_and_nothing_else(tmp_path):
    scenario = load(tmp_path, SMALL + '[reach]\npreset = "malawi"\nmax_minutes = 90.0\n')
    assert (scenario.reach.rule, scenario.reach.max_km, scenario.reach.max_minutes) == ("km or cut_off", 8, 90)
    assert scenario.audit.people_per_chw == 1000
    own = load(tmp_path, SMALL + '[audit]\npeople_per_chw = 7.0\n[reach]\npreset = "liberia"\nmax_km = 6.0\n')
    assert (own.audit.people_per_chw, own.reach.max_km, own.reach.rule) == (7, 6, "km")
    assert load(tmp_path, scenario_file.dump(scenario)) == scenario


@pytest.mark.parametrize("name", list(presets()))
def test_every_preset_is_a_scenario_with_a_source_for_each_of_its_numbers(tmp_path, name):
    scenario = load(tmp_path, f'{SMALL}[reach]\npreset = "{name}"\n')
    assert all(filling.source for filling in presets()[name].values())
    assert Reach.model_validate(scenario.reach.model_dump()) == scenario.reach
    assert scenario.reach.rule == presets()[name]["reach.rule"].value


def test_a_preset_that_is_not_there_names_the_one_that_was_meant(tmp_path):
    fault = only_fault(tmp_path, SMALL + '[reach]\npreset = "malwi"\n')
    assert 'there is no preset "malwi": did you mean "malawi"?' in fault.what
    assert "there are generic, mali, niger" in only_fault(tmp_path, SMALL + '[reach]\npreset = "qqq"\n').what


def test_a_rule_that_needs_both_seasons_cannot_be_judged_in_one(tmp_path):
    for keys in ('season = "either"', 'rule = "cut_off"', 'preset = "malawi"'):
        fault = only_fault(tmp_path, f"{SMALL}[reach]\nboth_seasons = false\n{keys}\n")
        assert "both_seasons = false goes with" in fault.what


def test_an_empty_file_asks_for_what_is_required(tmp_path):
    assert [(fault.where, fault.way_out) for fault in faults(tmp_path, "")] == [
        ("scenario.toml: title", 'Add above the first [section]: title = "My district"'),
        ("scenario.toml: [population]", 'Add a line [population], and below it file = "population.tif"'),
        ("scenario.toml: [facilities]", 'Add a line [facilities], and below it file = "facilities.csv"'),
    ]


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        (SMALL + 'title = "x"\n', "Write title above the first [section]."),
        (SMALL + "[supply]\nmin_people = 3\n", "Write it below [villages] or [placement]."),
        (SMALL + "[supply]\nqqq = 3\n", "Keys here: plan_for, resupply_months, buffer, delivery, severe_wasting."),
        (SMALL + "[placements]\nnew_chws = 3\n", "Did you mean [placement]?"),
        (SMALL + "[qqq]\n", "Sections: [population], [elevation],"),
        ("titel = 'x'\n" + SMALL, "Did you mean title?"),
        ("supply = 5\n" + SMALL, "Write [supply] once, in a line of its own, and its keys below it."),
        (SMALL + '[[areas]]\nfile = "a"\n', "Write [areas] once, in a line of its own, and its keys below it."),
        ("travellers = 5\n" + SMALL, "Write [travellers.NAME] once, in a line of its own, and its keys below it."),
        (SMALL + "[travellers]\nmoto = 5\n", 'Write [travellers."moto"] once, in a line of its own, and its keys'),
        (SMALL + "[travellers.moto]\nrid = 5\n", "Did you mean ride?"),
        (SMALL + "[walking]\nferry_wait_minutes = 5\n", "Write it below [travellers.NAME]."),
        (SMALL + "[traveller.moto]\n", "Did you mean [travellers.NAME]?"),
    ],
)
def test_a_key_out_of_place_is_shown_its_place(tmp_path, text, way_out):
    assert only_fault(tmp_path, text).way_out.startswith(way_out)


def test_the_line_is_found_below_a_table_of_its_own_and_in_dotted_keys(tmp_path):
    in_table = SMALL + '[facilities.tiers]\nHospital = 2\n"Health post" = "1"\n'
    assert only_fault(tmp_path, in_table).where == 'scenario.toml, line 8: [facilities] tiers, "Health post"'
    dotted = "reach.max_km = 0\n" + SMALL
    assert only_fault(tmp_path, dotted).where == "scenario.toml, line 1: [reach] max_km"


def test_travellers_have_sections_of_their_own_and_one_on_foot_is_always_there(tmp_path):
    text = '[travellers."motorbike taxi"]\nride = "motorbike"\n[reach]\ntraveller = "motorbike taxi"\n'
    scenario = load(tmp_path, SMALL + text)
    assert list(scenario.travellers) == ["on foot", "motorbike taxi"]
    assert scenario.travellers["on foot"].ride == ""
    assert scenario.travellers["motorbike taxi"].wait_minutes == 15
    assert scenario_file.load(written(tmp_path, scenario)) == scenario


def written(tmp_path: Path, scenario: Scenario) -> Path:
    path = tmp_path / "written.toml"
    path.write_text(scenario_file.dump(scenario), encoding="utf-8")
    return path


def test_a_wrong_value_of_a_traveller_is_found_in_its_section(tmp_path):
    fault = only_fault(tmp_path, f'{SMALL}[travellers."by moto"]\nride = "motorbike"\nwait_minutes = -1\n')
    assert fault == Fault(
        'scenario.toml, line 8: [travellers."by moto"] wait_minutes',
        "found -1; expected a number of at least 0 (min): for a vehicle, each time one is boarded; none on burned "
        "roads.",
        "For example: wait_minutes = 15.0",
    )


@pytest.mark.parametrize(
    ("keys", "key", "said"),
    [
        ('roads = "burned"', "roads", 'there is no vehicle: ride = ""'),
        ('ride = "bicycle"\nroads = "burned"\nslope = "bicycle_power"', "slope", "burned roads have no slope"),
    ],
)
def test_roads_are_burned_for_a_vehicle_that_feels_no_slope(tmp_path, keys, key, said):
    fault = only_fault(tmp_path, f"{SMALL}[travellers.x]\n{keys}\n")
    assert fault.where.endswith(f'[travellers."x"] {key}') and said in fault.what


def test_slope_without_a_vehicle_that_feels_it_is_a_fault(tmp_path):
    fault = only_fault(tmp_path, f'{SMALL}[travellers.bike]\nslope = "bicycle_power"\n')
    assert fault.where == 'scenario.toml, line 7: [travellers."bike"] slope'
    assert fault.what.startswith('found "bicycle_power", but there is no vehicle: ride = ""; expected one of "none"')


def test_the_plan_cannot_count_the_times_of_a_traveller_whom_nothing_describes(tmp_path):
    fault = only_fault(tmp_path, f'{SMALL}[travellers.moto]\nride = "motorbike"\n[reach]\ntraveller = "car"\n')
    assert fault == Fault(
        "scenario.toml, line 8: [reach]",
        'traveller = "car" is not one of [travellers], which has "on foot", "moto".',
        "Correct the one or the other.",
    )


def test_a_newer_form_is_refused_before_its_unknown_keys(tmp_path):
    fault = only_fault(tmp_path, "schema_version = 2\n" + SMALL + "[rain]\nseason = 3\n")
    assert "form 2; this planner knows forms up to 1" in fault.what
    assert "newer planner" in fault.way_out


def test_what_is_not_toml_is_shown_with_its_line(tmp_path):
    fault = only_fault(tmp_path, SMALL + "[reach]\nmax_km 5\n")
    assert fault.where == "scenario.toml, line 7, column 8"
    assert fault.what.endswith(": max_km 5")


def test_backslashes_of_windows_paths_are_explained(tmp_path):
    fault = only_fault(tmp_path, 'title = "x"\n[population]\nfile = "C:\\Users\\pop.tif"\n')
    assert fault.where.startswith("scenario.toml, line 3")
    assert "/ instead of \\" in fault.way_out


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    def told(path: Path) -> str:
        with pytest.raises(InputFaults) as caught:
            scenario_file.load(path)
        return str(caught.value)

    assert "there is no such file. Check the name, or begin with: planner init no.toml" in told(tmp_path / "no.toml")
    assert "this is a folder" in told(tmp_path)
    (tmp_path / "utf16.toml").write_bytes(SMALL.encode("utf-16"))
    assert "utf16.toml, byte 1: the file is not UTF-8 text" in told(tmp_path / "utf16.toml")


def test_nesting_without_end_is_a_fault_like_any_other(tmp_path):
    for depth in (150, 300, 100_000):
        assert "scenario.toml" in only_fault(tmp_path, f"{SMALL}\n[qqq]\nx = {'[' * depth}{']' * depth}\n").where


texts = st.text(st.characters(exclude_categories=["Cs"]))  # TOML has no lone surrogates
positive = st.floats(min_value=0, exclude_min=True, allow_infinity=False, allow_nan=False)
values = st.recursive(
    st.one_of(texts, st.integers(), st.floats(), st.booleans(), st.dates()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=4,
)
NAMES = sorted(
    {"qqq", *Scenario.model_fields}
    | {key for field in Scenario.model_fields.values() for key in getattr(field.annotation, "model_fields", {})}
)


@settings(deadline=None)
@given(
    title=texts.filter(bool),
    tiers=st.dictionaries(texts, st.integers(1, 9)),
    where=st.dictionaries(texts, st.lists(texts).map(tuple)),
    barriers=st.lists(texts).map(tuple),
    rides=st.dictionaries(texts, texts),
    year=st.none() | st.integers(1950, 2100),
    numbers=st.sets(positive, min_size=1).map(sorted).map(tuple),
)
def test_a_scenario_written_and_read_again_is_the_same(
    tmp_path_factory, title, tiers, where, barriers, rides, year, numbers
):
    defaults = Scenario(
        title=title,
        population=Population(file="pop.tif", year=year),
        facilities=FacilitiesTable(file="sites.csv", tiers=tiers, where=where),
        water=Water(barriers=barriers),
        travellers={name: Traveller(ride=ride) for name, ride in rides.items()},
    )
    scenario = defaults.model_copy(
        update={"reach": defaults.reach.model_copy(update={"thresholds": numbers, "max_km": numbers[0]})}
    )
    assert load(tmp_path_factory.mktemp("written"), scenario_file.dump(scenario)) == scenario


@settings(max_examples=200, deadline=None)
@given(data=st.dictionaries(st.sampled_from(NAMES), values | st.dictionaries(st.sampled_from(NAMES), values)))
def test_any_toml_is_a_scenario_or_told_faults(tmp_path_factory, data):
    import tomli_w

    try:
        load(tmp_path_factory.mktemp("any"), tomli_w.dumps(data))
    except InputFaults as error:
        assert all(fault.where.startswith("scenario.toml") and fault.way_out for fault in error.faults)


@settings(deadline=None)
@given(st.binary() | texts.map(str.encode))
def test_any_bytes_are_a_scenario_or_told_faults(tmp_path_factory, content):
    with pytest.raises(InputFaults):
        load(tmp_path_factory.mktemp("bytes"), content)


def test_every_key_stands_in_the_scenario_as_used(tmp_path):
    written = tomllib.loads(scenario_file.dump(load(tmp_path, SMALL)))
    for name, field in Scenario.model_fields.items():
        keys = getattr(field.annotation, "model_fields", {})
        assert name in written
        given = {key for key, form in keys.items() if form.default is not None}  # what may be left out is not written
        assert set(written[name] if keys else {}) == given


def test_the_commented_scenario_loads_to_the_defaults(tmp_path):
    assert load(tmp_path, scenario_file.commented()) == scenario_file.defaults()
    assert scenario_file.defaults() == Scenario(
        title="My district",
        population=Population(file="population.tif"),
        facilities=FacilitiesTable(file="facilities.csv"),
    )


def test_the_commented_scenario_explains_every_key_within_a_hundred_columns():
    text = scenario_file.commented()
    assert max(map(len, text.splitlines())) <= 100
    assert "\n\n\n" not in text
    for name, field in Scenario.model_fields.items():
        keys = getattr(field.annotation, "model_fields", None)
        own = '\n[travellers."on foot"]\n' if name == "travellers" else f"\n{name} = "
        assert (f"\n[{name}]\n" if keys else own) in text
    flowing = text.replace("\n# ", " ")
    assert "A number above 0 (min); default 60.0. Source: common iCCM programme rule (recalled)." in flowing


def test_a_year_is_given_by_taking_its_comment_sign_away(tmp_path):
    assert load(tmp_path, scenario_file.commented().replace("# year = ", "year = ")).population.year == 2020


def test_the_schema_is_a_json_schema_with_every_section():
    schema = json.loads(scenario_file.schema())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["title", "population", "facilities"]
    assert list(schema["properties"]) == list(Scenario.model_fields)
    for form in schema["properties"].values():
        if "$ref" in form:
            assert form["$ref"].removeprefix("#/$defs/") in schema["$defs"]
    assert all(definition["additionalProperties"] is False for definition in schema["$defs"].values())


@pytest.mark.parametrize("tier", [0, -2, 99999])
def test_a_tier_is_a_number_from_1_to_9(tmp_path, tier):
    with pytest.raises(InputFaults, match="whole number of at least 1 and of at most 9"):
        load(tmp_path, SMALL + f"[facilities.tiers]\nPost = {tier}\n")


def test_more_lists_of_facilities_stand_below_headings_of_their_own_or_in_a_line(tmp_path):
    more = '[[facilities.also]]\nfile = "more.csv"\ntiers = { Clinic = 1 }\n[[facilities.also]]\nfile = "ngo.csv"\n'
    scenario = load(tmp_path, SMALL + more)
    assert [each.file for each in scenario.facilities.also] == ["more.csv", "ngo.csv"]
    assert scenario.facilities.also[0].tiers == {"Clinic": 1}
    assert (
        load(tmp_path, SMALL + 'also = [{ file = "more.csv", tiers = { Clinic = 1 } }, { file = "ngo.csv" }]\n')
        == scenario
    )
    assert load(tmp_path, scenario_file.dump(scenario)) == scenario


def test_faults_of_more_lists_name_the_list(tmp_path):
    fault = only_fault(tmp_path, SMALL + "[[facilities.also]]\ntiers = { Clinic = 1 }\n")
    assert fault.where == 'scenario.toml, line 6: [facilities] also, item 1, "file"'
    assert "missing; expected text that is not empty" in fault.what
    fault = only_fault(tmp_path, SMALL + '[[facilities.also]]\nfile = "more.csv"\nreview = "r.xlsx"\n')
    assert fault.where == 'scenario.toml, line 6: [facilities] also, item 1, "review"'
    assert fault.what == "there is no such key here."
    fault = only_fault(tmp_path, SMALL + 'also = "more.csv"\n')
    assert 'expected a list in [ ], tables like [{ file = "facilities.csv" }]' in fault.what
    assert fault.way_out == 'For example: also = [{ file = "facilities.csv" }]'
