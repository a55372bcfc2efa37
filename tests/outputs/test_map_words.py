"""Words, numbers and colours of map and report."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.tiny import tiny_plan
from planner.outputs import palette, panel
from planner.outputs.escape import escape, to_json
from planner.types.results import Plan


@given(st.text())
def test_json_for_a_page_is_the_same_data_and_cannot_end_a_script(text):
    said = to_json({"name": text})
    assert json.loads(said) == {"name": text}
    assert said.isascii()
    assert not set("<>&") & set(said)


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_json_refuses_a_number_that_it_has_no_word_for(number):
    with pytest.raises(ValueError, match="JSON"):
        to_json([number])


def test_escaped_text_has_no_sign_of_html_left():
    assert escape("""<a b="c" d='e'>&""") == "&lt;a b=&quot;c&quot; d=&#x27;e&#x27;&gt;&amp;"


def test_classes_cover_all_times_once_from_pale_to_dark():
    classes = palette.time_classes((30.0, 60.0, 90.0))
    assert [entry.label for entry in classes] == ["up to 30 min", "30–60 min", "60–90 min", "over 90 min"]
    assert [entry.above for entry in classes[1:]] == [entry.upto for entry in classes[:-1]]
    brightness = [sum(palette.rgb(entry.colour)) for entry in classes]
    assert brightness == sorted(brightness, reverse=True)
    assert classes[0].colour == palette.SEQUENTIAL[0]
    assert classes[-1].colour == palette.SEQUENTIAL[-1]


def test_one_threshold_makes_two_classes():
    assert [entry.label for entry in palette.time_classes((60.0,))] == ["up to 60 min", "over 60 min"]


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.004, "under 1 %"), (0.62, "62 %"), (0.9999, "over 99 %"), (1, "100 %"), (math.nan, "–")],
)
def test_only_all_is_a_hundred_percent_and_only_nothing_is_none(share, text):
    assert palette.percent(share) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (61.4, "61 min"), (125, "2 h 05 min"), (math.inf, "no way"), (math.nan, "unknown")],
)
def test_minutes_are_told_in_hours_from_two_hours_on(minutes, text):
    assert palette.minutes_text(minutes) == text


def test_numbers_of_people_and_kilometres_for_reading():
    assert [palette.whole(number) for number in (12345.6, 0, 0.2, math.nan)] == ["12,346", "0", "under 1", "unknown"]
    assert [palette.km_text(km) for km in (3.44, math.inf, math.nan)] == ["3.4 km", "no way", "unknown"]


def without_new(plan: Plan) -> Plan:
    return replace(plan, posts=replace(plan.posts, proposed=np.zeros(4, bool)), with_plan=plan.with_chws)


def nobody(plan: Plan) -> Plan:
    empty = np.zeros(plan.land.frame.n)
    return replace(plan, land=replace(plan.land, people=empty, under_fives=empty))


def test_the_message_is_the_share_today_and_with_the_plan():
    assert panel.message(tiny_plan()) == (
        "64 % of under-fives live within 60 min on foot of care today. 2 more CHWs raise it to 92 %."
    )


def test_the_message_of_a_plan_without_new_chws_promises_nothing():
    assert panel.message(without_new(tiny_plan())).endswith("of care today. No new CHWs are proposed.")


def test_the_message_of_chws_that_change_nothing_says_so():
    plan = tiny_plan()
    placement = replace(plan.placement, covered=0.0, gain=np.zeros(2), gain_under_fives=np.zeros(2))
    useless = replace(plan, with_plan=plan.with_chws, placement=placement)
    assert panel.message(useless).endswith("2 more CHWs would not change that.")


def test_the_message_of_an_empty_raster_has_no_percentages():
    assert panel.message(nobody(tiny_plan())) == "The population raster has nobody in these areas."


def test_where_no_under_fives_are_known_the_message_is_of_all_people():
    plan = tiny_plan()
    plan = replace(plan, land=replace(plan.land, under_fives=np.zeros(plan.land.frame.n)))
    assert "% of people live" in panel.message(plan)


def test_the_panel_of_an_empty_raster_is_still_a_panel():
    assert "nobody" in panel.panel(nobody(tiny_plan()))
