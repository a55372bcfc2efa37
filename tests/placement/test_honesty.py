"""What an answer says of itself is true: proofs, limits of time, rules that cannot be kept, edges, repetition."""

import sys

import numpy as np
import pytest

from placement.brute import covered, matrix_of, random_question
from planner import placement
from planner.errors import NoAnswer
from planner.placement import greedy, highs
from planner.placement.models import capacitated
from planner.placement.rule_rows import Sites

N = np.inf
# Three villages in a row and a far one; the last place is out of everybody's reach.
MATRIX = matrix_of(
    np.array([[0.0, 10, 25, N, N, N], [10, 0, 15, N, N, N], [25, 15, 0, 50, N, N], [N, N, 50, 0, 20, N]])
)
PEOPLE = np.array([100.0, 40, 60, 80, 20, 10])
MODELS = {
    "maximal cover": placement.maximal_cover,
    "maximal cover, exact": lambda m, w, p, r, **k: placement.maximal_cover(m, w, p, r, method="exact", **k),
    "backup cover": lambda m, w, p, r, **k: placement.backup_cover(m, w, p, r, backup_weight=0.5, **k),
    "set cover": lambda m, w, p, r, **k: placement.set_cover(m, w, r, **k),
    "partial set cover": lambda m, w, p, r, **k: placement.partial_set_cover(m, w, 0.8, r, **k),
    "p-median": lambda m, w, p, r, **k: placement.p_median(m, w, p, r, unserved_minutes=120.0, **k),
    "p-center": placement.p_center,
    "capacitated cover": lambda m, w, p, r, **k: placement.capacitated_cover(m, w, p, r, capacity=150.0, **k),
    "capacitated set cover": lambda m, w, p, r, **k: placement.capacitated_set_cover(
        m, w, 0.8, r, capacity=150.0, **k),
}  # fmt: skip
each_model = pytest.mark.parametrize("model", MODELS)


def ask(model, matrix=MATRIX, people=PEOPLE, p=2, rules=None, time_limit_s=60.0):
    rules = rules or placement.rules(matrix.n_sites, most=2)
    return MODELS[model](matrix, people, p, rules, time_limit_s=time_limit_s)


def country(n_sites=250, n_demand=2500):
    """Sites and people around towns, with rules that keep the search busy."""
    rng = np.random.default_rng(3)
    towns = rng.uniform(0, 100, (12, 2))
    points = towns[rng.integers(0, 12, n_demand)] + rng.normal(0, 12, (n_demand, 2))
    sites = points[rng.choice(n_demand, n_sites, replace=False)]
    minutes = 5 * np.hypot(*(sites[:, None] - points).transpose(2, 0, 1))
    minutes[:, :] = np.where((minutes <= 45) | (minutes == minutes.min(axis=0)), minutes, np.inf)
    rules = placement.rules(
        n_sites, most=2, today=(rng.random(n_sites) < 0.05).astype(np.int32), today_may="move",
        apart=placement.pairs_nearer_than(1.0, *sites.T), area=(sites[:, 0] > 50).astype(np.int32),
        area_least=np.array([5, 5]),
    )  # fmt: skip
    return matrix_of(minutes), rng.lognormal(3, 1, n_demand), rules


COUNTRY = country()


@each_model
@pytest.mark.parametrize("time_limit_s", [1e-6, 0.3])
def test_a_limit_of_time_never_reads_as_best_possible(model, time_limit_s):
    matrix, people, rules = COUNTRY
    try:
        choice = ask(model, matrix, people, 60, rules, time_limit_s)
    except NoAnswer as none:
        # not found in time, or proved in time that there is none: 60 CHWs cannot reach everybody
        assert "more time" in str(none) or "no placement keeps all the rules" in str(none)
        return
    assert choice.status.startswith("best found") == (choice.gap > 0)
    assert choice.status == "best possible" or choice.bound != choice.objective
    if time_limit_s < 1e-3:
        assert choice.status != "best possible"


def test_what_chws_can_do_bounds_the_answer_where_the_solver_has_no_time():
    matrix, people, rules = COUNTRY
    capacity = people.sum() / 60
    most = placement.capacitated_cover(matrix, people, 20, rules, capacity=capacity, time_limit_s=1e-6, method="exact")
    assert most.objective <= most.bound <= people.sum() / 3 * (1 + 1e-9)
    with pytest.raises(ValueError, match="capacity"):
        placement.capacitated_cover(matrix, people, 20, rules, capacity=0.0, time_limit_s=1)


def test_work_is_counted_from_those_who_ask_least():
    people, load = np.array([10.0, 10, 10, 0, 4]), np.array([5.0, 20, 10, 7, 0])
    assert [capacitated.most_people(people, load, work) for work in (0, 5, 10, 99)] == [4.0, 14.0, 19.0, 34.0]
    assert [capacitated.least_work(people, load, asked) for asked in (0, 4, 14, 19, 34)] == [0.0, 0.0, 5.0, 10.0, 35.0]


@each_model
def test_ten_runs_give_the_same_bytes(model):
    q = random_question(12)
    rules = placement.rules(len(q.minutes), most=2)
    people = np.where(q.reach.any(axis=0), q.people, 0.0)
    answers = [ask(model, q.matrix, people, len(q.minutes), rules) for _ in range(10)]
    for other in answers[1:]:
        assert other.chws.tobytes() == answers[0].chws.tobytes()
        assert (other.objective, other.bound, other.method) == (
            answers[0].objective,
            answers[0].bound,
            answers[0].method,
        )
        assert other.assignment.people.tobytes() == answers[0].assignment.people.tobytes()


REACHED = PEOPLE * [1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("model", "people", "p", "chws", "objective"),
    [
        ("maximal cover", REACHED, 0, 0, 0.0),
        ("maximal cover, exact", REACHED, 0, 0, 0.0),
        ("backup cover", REACHED, 0, 0, 0.0),
        ("capacitated cover", REACHED, 0, 0, 0.0),
        ("p-median", REACHED, 0, 0, 300 * 120.0),
        ("maximal cover", REACHED, 99, 2, 300.0),
        ("maximal cover, exact", REACHED, 99, 2, 300.0),
        ("backup cover", REACHED, 99, 4, 450.0),
        ("capacitated cover", REACHED, 99, 3, 300.0),
        ("p-median", REACHED, 99, 4, 400.0),
        ("p-center", REACHED, 99, 3, 20.0),
        *((model, 0 * PEOPLE, 2, 0, 0.0) for model in MODELS),
    ],
)
def test_edges_have_a_defined_answer(model, people, p, chws, objective):
    choice = ask(model, people=people, p=p)
    assert (choice.objective, choice.bound, choice.gap) == (objective, objective, 0.0)
    assert choice.status == "best possible"
    assert choice.chws.sum() <= max(chws, 2 * (model == "p-center"))


@each_model
def test_without_sites_there_is_nobody_to_place(model):
    nothing = matrix_of(np.empty((0, 3)))
    assert ask(model, nothing, np.zeros(3)).objective == 0.0
    if model in ("set cover", "partial set cover", "capacitated set cover", "p-center"):
        with pytest.raises(NoAnswer):
            ask(model, nothing, np.ones(3))
    else:
        assert ask(model, nothing, np.ones(3)).objective in (0.0, 360.0)


@each_model
def test_everybody_covered_already_needs_nobody_more(model):
    rules = placement.rules(4, most=2, today=np.array([0, 2, 0, 1]), cost=1.0)
    choice = ask(model, people=REACHED, p=3, rules=rules)
    if model != "p-center":
        assert choice.chws.tolist() == [0, 2, 0, 1]
    assert choice.status == "best possible"


def test_chws_of_today_stay_move_or_leave_as_the_rules_say():
    today = np.array([1, 1, 0, 0])  # both at one end of the row

    def best(today_may, p, **more):
        rules = placement.rules(4, most=1, today=today, today_may=today_may, **more)
        return placement.maximal_cover(MATRIX, PEOPLE, p, rules, time_limit_s=60).chws.tolist()

    assert best("stay", 2) == [1, 1, 0, 0]
    assert best("stay", 3) == [1, 1, 0, 1]
    assert sorted(best("move", 2)) == [0, 0, 1, 1]
    assert best("move", 2)[3] == 1
    assert best("move", 2, max_moves=0) == [1, 1, 0, 0]
    assert best("move", 2, cost=3.0, leave_cost=2.0, budget=4.9) == [1, 1, 0, 0]
    assert best("move", 2, cost=3.0, leave_cost=2.0, budget=5.0)[3] == 1
    fewest = placement.set_cover(
        MATRIX, np.array([0.0, 0, 60, 80, 0, 0]), placement.rules(4, most=1, today=today, today_may="leave"),
        time_limit_s=60,
    )  # fmt: skip
    assert fewest.objective == 1.0


BROKEN = {
    "_add_apart": {"apart": np.array([[0, 3], [1, 3], [2, 3]])},
    "_add_quotas": {"area": np.array([0, 0, 1, 1]), "area_most": np.array([9, 0])},
    "_add_supervisors": {
        "supervisors": placement.Supervisors(matrix_of(np.full((4, 1), 9.0)), np.array([1], np.int32)),
    },
    "_add_totals": {},
    "_add_leaving": {"cost": 2.0, "budget": 3.0},
}


@pytest.mark.parametrize("forgotten", BROKEN)
def test_a_model_that_forgets_a_rule_is_found_out(monkeypatch, forgotten):
    rules = placement.rules(4, most=1, **BROKEN[forgotten])
    placement.maximal_cover(MATRIX, PEOPLE, 2, rules, time_limit_s=60, method="exact")
    monkeypatch.setattr(Sites, forgotten, lambda *_: None)
    p = 1 if forgotten == "_add_totals" else 2
    with pytest.raises(AssertionError, match="the placement breaks its rules"):
        placement.maximal_cover(MATRIX, PEOPLE, p, rules, time_limit_s=60, method="exact")


@each_model
def test_a_bound_that_is_worse_than_the_answer_is_found_out(monkeypatch, model):
    honest = highs.solve

    def lying(programme, **options):
        found = honest(programme, **options)
        return highs.Solution(found.status, found.values, found.bound * (0.5 if programme.maximise else 2.0))

    monkeypatch.setattr(highs, "solve", lying)
    if model == "p-center":
        pytest.skip("its bound is not the solver's")
    rules = placement.rules(4, most=1, apart=np.array([[0, 1]]))
    with pytest.raises(AssertionError, match="better than the proved bound"):
        ask(model, people=REACHED, rules=rules)


NORTH = {"area": np.array([0, 0, 1, 1]), "area_names": ("North", "South")}
PLACES = placement.Supervisors(matrix_of(np.array([[9.0], [9], [9], [N]])), np.array([1], np.int32))


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (
            {"area_least": np.array([3, 0]), "forbidden": np.array([True, False, False, False]), **NORTH},
            "North needs at least 3 CHWs: 2 of them find no site",
        ),
        ({"area_most": np.array([1, 9]), "forced": np.array([True, True, False, False]), **NORTH},
         "North may have at most 1 CHWs: 1 more are needed"),
        ({"forced": np.ones(4, bool)}, "at most 2 CHWs in all: 2 more are needed"),
        ({"forced": np.array([True, False, False, False]), "cost": 7.0, "budget": 5.0},
         "the budget of 5 is 2 too small"),
        ({"forced": np.array([True, True, False, False]), "apart": np.array([[0, 1]]), "site_names": tuple("ABCD")},
         "A and B are too near to each other: both have to have CHWs"),
        ({"forced": np.array([False, False, False, True]), "supervisors": PLACES},
         "1 CHWs at site 3 find no place with a supervisor"),
        ({"forced": np.array([True, True, False, False]), "supervisors": PLACES},
         "1 CHWs at site"),
        ({"today": np.array([1, 1, 0, 0]), "today_may": "move", "max_moves": 0, "apart": np.array([[0, 1]])},
         "at most 0 CHWs of today may leave: 1 more have to"),
        ({"today": np.array([1, 1, 0, 0]), "today_may": "move", "forbidden": np.ones(4, bool),
          "apart": np.array([[0, 1]])}, "no fewer than 2 CHWs in all: 1 of them find no site"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_kept_are_named_with_what_would_have_to_give_way(rules, words):
    made = placement.rules(4, most=1, **rules)
    with pytest.raises(NoAnswer) as none:
        placement.maximal_cover(MATRIX, PEOPLE, 2, made, time_limit_s=60)
    assert "no placement keeps all the rules. The least that would have to give way: " in str(none.value)
    assert words in str(none.value)


@pytest.mark.parametrize("model", ["partial set cover", "capacitated set cover"])
def test_a_share_that_cannot_be_had_says_how_much_can(model):
    rules = placement.rules(4, most=1, forbidden=np.array([False, False, True, True]))
    with pytest.raises(NoAnswer, match=r"80 % of the people are asked for, .* no more than 64\.52 % have one"):
        ask(model, rules=rules)


@pytest.mark.parametrize("model", ["set cover", "p-center"])
def test_people_out_of_reach_of_every_site_are_named(model):
    with pytest.raises(NoAnswer, match="reach"):
        ask(model)


def test_people_out_of_reach_of_the_median_are_named():
    with pytest.raises(NoAnswer, match="10 people at 5 stay without a CHW within reach"):
        placement.p_median(MATRIX, PEOPLE, 2, placement.rules(4, most=1), time_limit_s=60)


@pytest.mark.parametrize("seed", range(60))
def test_greedy_keeps_the_rules_and_its_bound_is_true(seed):
    q = random_question(seed)
    for counted in (
        greedy.Covering(q.matrix, q.people),
        greedy.Walking(q.matrix, q.people, 90.0),
        greedy.Serving(q.matrix, q.people, q.load, np.full(len(q.minutes), q.capacity)),
    ):
        chws = greedy.choose(counted, q.p, q.rules)
        if chws is not None:
            assert (q.within_p == chws).all(axis=1).any()
            best = covered(q, q.within_p)[0].max()
            assert greedy.cover_bound(q.matrix, q.people, q.p, chws) >= best - 1e-9


@each_model
def test_without_highs_there_is_a_bounded_choice_or_a_way_out(monkeypatch, model):
    # Greedy takes the first site (6), then 2 more with either other: 8. The other two cover all 10.
    matrix = matrix_of(np.array([[9.0, 9, 9, 9, N, N], [9, 9, N, N, 9, N], [N, N, 9, 9, N, 9]]))
    people = np.array([1.0, 2, 2, 1, 2, 2])
    rules = placement.rules(3, most=1, area=np.array([0, 1, 1]), area_least=np.array([1, 0]))
    best = ask(model, matrix, people, 3, rules)
    monkeypatch.setitem(sys.modules, "highspy", None)
    if model == "p-center":
        with pytest.raises(NoAnswer, match="pip install highspy"):
            ask(model, matrix, people, 3, rules)
        return
    choice = ask(model, matrix, people, 3, rules)
    assert choice.method.startswith("greedy")
    assert min(choice.objective, choice.bound) <= best.objective <= max(choice.objective, choice.bound)
    assert choice.status == "best possible" or choice.bound != choice.objective
    if model.startswith("maximal cover"):
        two = ask(model, matrix, people, 2, rules)
        assert (two.objective, two.bound) == (8.0, 10.0)
        assert two.status == "best found: at most 25 % better exists"


def test_who_is_left_out_is_seen_and_the_center_leaves_nobody_out():
    people = np.array([100.0, 40, 60, 8, 2, 0])
    most = placement.maximal_cover(MATRIX, people, 1, placement.rules(4, most=1), time_limit_s=60)
    left_out = np.setdiff1d(np.flatnonzero(people), most.assignment.demand)
    assert left_out.tolist() == [4]
    center = placement.p_center(MATRIX, people, 2, placement.rules(4, most=1), time_limit_s=60)
    assert np.setdiff1d(np.flatnonzero(people), center.assignment.demand).tolist() == []
