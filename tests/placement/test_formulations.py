"""Every model as the text of its programme: `python tests/placement/test_formulations.py` writes the files anew."""

import math
from pathlib import Path

import highspy
import numpy as np
import pytest

from placement.brute import matrix_of
from planner import placement
from planner.placement import highs
from planner.placement.lp_text import lp_text
from planner.placement.models import (
    backup_cover,
    capacitated,
    capacitated_p_median,
    equitable_cover,
    maximal_cover,
    p_center,
    p_median,
    p_median_in_rows,
    partial_set_cover,
    robust_cover,
    set_cover,
)
from planner.placement.presolve import distinct

FOLDER = Path(__file__).parent / "lp"
N = np.inf
MATRIX = matrix_of(np.array([[0.0, 10, 25, N, N], [10, 0, 15, N, 40], [N, 30, 20, 5, N]]))
PEOPLE = np.array([100.0, 40, 60, 80, 20])
PLAIN = placement.rules(3, most=1)
EVERY_RULE = placement.rules(
    3, most=2, today=np.array([1, 0, 2]), today_may="move", forced=np.array([False, True, False]),
    cost=np.array([5.0, 4, 3]), leave_cost=1, budget=12, max_moves=2, apart=np.array([[0, 2]]),
    area=np.array([0, 0, 1]), area_least=np.array([1, 0]), area_most=np.array([3, 2]),
    supervisors=placement.Supervisors(matrix_of(np.array([[9.0, N], [9, 8], [N, 7]])), np.array([2, 3], np.int32)),
)  # fmt: skip
COVER = distinct(MATRIX, PEOPLE)
AREAS = [
    distinct(MATRIX, np.where(np.arange(5) < 3, PEOPLE, 0.0)),
    distinct(MATRIX, np.where([0, 0, 0, 1, 0], PEOPLE, 0)),
]
REST = distinct(MATRIX, np.where([0, 0, 0, 0, 1], PEOPLE, 0.0))
WET = distinct(matrix_of(np.array([[0.0, N, N, N, N], [N, 0, 40, N, N], [N, N, 20, 5, N]])), PEOPLE)


def equitable(floors):
    return equitable_cover.programme(AREAS, REST, np.array([200.0, 80]), 1, PLAIN, floors)


def median_in_rows(p, rules, unserved_minutes):
    """With the rows that matter where half a CHW lives at every site, and where one lives at the last."""
    asked = p_median_in_rows.places(MATRIX, PEOPLE, unserved_minutes)
    every = np.arange(5, dtype=np.int32)
    rows = [(every, asked.levels(np.array(n))[0]) for n in ([0.5, 0.5, 0.5], [0.0, 0.0, 1.0])]
    return p_median_in_rows.programme(asked, math.isinf(unserved_minutes), p, rules, rows)[0]


def robust(aim):
    return robust_cover.programme([COVER, WET], np.array([0.75, 0.25]), np.array([220.0, 180]), 1, PLAIN, aim)


PROGRAMMES = {
    "maximal_cover": lambda: maximal_cover.programme(COVER, 2, PLAIN),
    "maximal_cover_every_rule": lambda: maximal_cover.programme(COVER, 4, EVERY_RULE),
    "backup_cover": lambda: backup_cover.programme(COVER, 2, PLAIN, 0.5, cover_all=True),
    "set_cover": lambda: set_cover.programme(COVER, PLAIN, "CHWs"),
    "set_cover_least_cost": lambda: set_cover.programme(COVER, EVERY_RULE, "cost"),
    "partial_set_cover": lambda: partial_set_cover.programme(COVER, 300.0, 0.9, PLAIN, "CHWs"),
    "p_median": lambda: p_median.programme(MATRIX, PEOPLE, 2, PLAIN, math.inf),
    "p_median_unserved": lambda: p_median.programme(MATRIX, PEOPLE, 1, PLAIN, 60.0),
    "p_median_in_rows": lambda: median_in_rows(2, PLAIN, math.inf),
    "p_median_in_rows_unserved": lambda: median_in_rows(1, PLAIN, 60.0),
    "p_center": lambda: p_center.programme(MATRIX, PEOPLE, 2, PLAIN, 40.0),
    "capacitated_cover": lambda: capacitated.programme(MATRIX, PEOPLE, PEOPLE / 5, 25.0, 2, PLAIN, closest=False),
    "capacitated_cover_closest": lambda: capacitated.programme(
        MATRIX, PEOPLE, PEOPLE, 120.0, 2, placement.rules(3, most=2), closest=True),
    "capacitated_set_cover": lambda: capacitated.fewest(
        MATRIX, PEOPLE, PEOPLE, 120.0, 0.8, placement.rules(3, most=2), closest=False, counted="CHWs"),
    "capacitated_p_median": lambda: capacitated_p_median.programme(
        MATRIX, PEOPLE, PEOPLE / 5, np.array([25.0, 30, 60]), 2, PLAIN),
    "equitable_cover_first_step": lambda: equitable([]),
    "equitable_cover_second_step": lambda: equitable([0.3]),
    "equitable_cover_last_step": lambda: equitable([0.3, 1.3]),
    "robust_cover_average": lambda: robust("average"),
    "robust_cover_worst": lambda: robust("worst"),
    "robust_cover_regret": lambda: robust("regret"),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMMES)
def test_the_programme_is_the_one_that_was_read_and_agreed_to(name):
    assert lp_text(PROGRAMMES[name]()) == (FOLDER / f"{name}.lp").read_text()


@pytest.mark.parametrize("name", PROGRAMMES)
def test_another_reader_of_the_text_finds_the_same_best(name, capfd):
    made = PROGRAMMES[name]()
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(str(FOLDER / f"{name}.lp")) == highspy.HighsStatus.kOk
    solver.run()
    ours = highs.solve(made, time_limit_s=60)
    assert ours.status == "optimal"
    assert ours.bound - made.constant == pytest.approx(solver.getInfo().objective_function_value, rel=1e-9)


def test_one_thread_is_had_where_another_user_of_highs_has_started_more():
    other = highspy.Highs()
    for option, setting in (("output_flag", False), ("threads", 2)):
        other.setOptionValue(option, setting)
    other.resetGlobalScheduler(True)
    other.readModel(str(FOLDER / "p_median.lp"))
    assert other.run() == highspy.HighsStatus.kOk
    assert highs.solve(PROGRAMMES["p_median"](), time_limit_s=60).status == "optimal"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, programme in PROGRAMMES.items():
        (FOLDER / f"{name}.lp").write_text(lp_text(programme()))
