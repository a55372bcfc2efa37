"""A way in words told in another language: every sentence of the planner is known, and nothing of it is lost."""

import numpy as np
import pytest
from shapely import LineString

from planner import routing
from planner.outputs import phrases, ways
from planner.outputs.language import speaking
from planner.types.network import Leg

LINE = LineString([(0, 0), (1, 1)])


def leg(mode: str, metres: float, minutes: float, bearing: float = 90.0, names: tuple[str, ...] = ()) -> Leg:
    return Leg(mode=mode, metres=metres, minutes=minutes, bearing=bearing, names=names, geometry=LINE)


WAY = (
    leg("walk", 4000, 65), leg("wait", 0, 15, np.nan), leg("ride", 12_500, 130, 0.0, ("N 1", "unnamed track")),
    leg("walk", 900, 11, 225.0), leg("wait", 0, 60, np.nan), leg("ferry", 3200, 90, 200.0, ("Lac <b>Kivu</b>",)),
    leg("ride", 250_000, 300, 315.0), leg("walk", 40, 1, np.nan),
)  # fmt: skip
PASSED = [["Mbále", "N'tcheu"], *([()] * 7)]


def told(language: str, way: str) -> list[str]:
    with speaking(language):
        return [phrases.spelled(step) for step in ways.steps(way)]


@pytest.fixture(scope="module")
def way() -> str:
    return "; ".join(routing.turns(WAY, PASSED))


def test_a_way_in_english_is_word_for_word_what_the_planner_said(way):
    assert "; ".join(told("en", way)) == way.replace("4.0 km", "4 km")


def test_every_kind_of_step_is_told_in_french(way):
    assert told("fr", way) == [
        "Marcher 4 km vers l’est par Mbále et N'tcheu jusqu’à la route (65 min)",
        "Attendre un véhicule (15 min)",
        "Rouler 12,5 km vers le nord sur N 1 et une piste sans nom (2 h 10 min)",
        "Marcher 900 m vers le sud-ouest jusqu’à la route (11 min)",
        "Attendre le bac (60 min)",
        "Prendre le bac Lac <b>Kivu</b> sur 3,2 km vers le sud (90 min avec l’attente)",
        "Rouler 250 km vers le nord-ouest sur routes (5 h 00 min)",
        "Marcher 40 m (1 min)",
    ]


def test_what_is_in_no_known_words_stays_as_it_is():
    assert told("fr", "Fly 3 km (2 min); no way: nothing leads there") == [
        "Fly 3 km (2 min)",
        "no way: nothing leads there",
    ]
    assert ways.steps("") == []
