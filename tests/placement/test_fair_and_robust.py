"""Equity and robustness against brute force, and what they say by hand."""

import numpy as np
import pytest

from placement.brute import matrix_of, random_question
from planner import placement
from planner.errors import NoAnswer

N = np.inf


@pytest.mark.parametrize("chunk", range(4))
def test_the_fairest_choice_is_that_of_brute_force(chunk):
    for seed in range(chunk * 40, (chunk + 1) * 40):
        q = random_question(seed)
        area = np.random.default_rng(seed).integers(-1, 3, len(q.people)).astype(np.int32)

        def ask(q=q, area=area):
            return placement.equitable_cover(q.matrix, q.people, area, q.p, q.rules, time_limit_s=60)

        if not len(q.within_p):
            with pytest.raises(NoAnswer):
                ask()
            continue
        fair = ask()
        reached = (q.within_p @ q.reach) > 0
        inhabited = [a for a in range(3) if q.people[area == a].sum() > 0]
        shares = [reached[:, area == a] @ q.people[area == a] / q.people[area == a].sum() for a in inhabited]
        in_order = np.sort(np.reshape(shares, (len(inhabited), len(reached))), axis=0).round(9).T
        most = reached @ q.people
        best = max(zip(in_order.tolist(), most.tolist(), strict=True))
        assert np.sort(fair.share[inhabited]) == pytest.approx(best[0])
        assert fair.fairest.objective == pytest.approx(best[1])
        assert fair.given_up == pytest.approx(most.max() - best[1])
        assert fair.fairest.status == "best possible"
        assert (q.within_p == fair.fairest.chws).all(axis=1).any()


@pytest.mark.parametrize("chunk", range(4))
def test_robust_choices_are_those_of_brute_force(chunk):
    for seed in range(chunk * 40, (chunk + 1) * 40):
        q = random_question(seed)
        rng = np.random.default_rng(seed)
        wet = np.where(rng.random(q.minutes.shape) < 0.3, N, q.minutes)
        fewer = np.where(rng.random(q.minutes.shape) < 0.5, N, q.minutes)[:, : 1 + len(q.people) // 2]
        worlds = [(q.minutes, q.people), (wet, q.people), (fewer, rng.uniform(1, 99, fewer.shape[1]))]
        conditions = [placement.Conditions(str(k), matrix_of(m), w) for k, (m, w) in enumerate(worlds)]
        weights = rng.uniform(0.1, 1, 3)

        def ask(q=q, conditions=conditions, weights=weights):
            return placement.robust_cover(conditions, weights, q.p, q.rules, time_limit_s=60)

        if not len(q.within_p):
            with pytest.raises(NoAnswer):
                ask()
            continue
        found = ask()
        covered = np.array([((q.within_p @ np.isfinite(m)) > 0) @ w for m, w in worlds])
        regret = (covered.max(axis=1)[:, None] - covered).max(axis=0)
        assert found.average.objective == pytest.approx((weights / weights.sum() @ covered).max())
        assert found.worst.objective == pytest.approx(covered.min(axis=0).max())
        assert found.regret.objective == pytest.approx(regret.min(), abs=1e-7)
        assert {c.status for c in (found.average, found.worst, found.regret, *found.own)} == {"best possible"}
        assert np.diag(found.covered[:3]) == pytest.approx(covered.max(axis=1))
        assert found.chosen_in.max() <= 3


# A town of 900 that any of two sites reaches half of; a hill area of 100 with one village.
TOWN_AND_HILL = matrix_of(np.array([[5.0, N, N], [N, 5, N], [N, N, 5]]))
PEOPLE = np.array([500.0, 400, 100])


def test_the_worst_off_area_comes_first_and_its_price_is_told():
    fair = placement.equitable_cover(
        TOWN_AND_HILL, PEOPLE, np.array([0, 0, 1], np.int32), 2, placement.rules(3, most=1), time_limit_s=60
    )
    assert fair.fairest.chws.tolist() == [1, 0, 1]
    assert fair.most.chws.tolist() == [1, 1, 0]
    assert fair.share.tolist() == [500 / 900, 1.0]
    assert fair.share_of_most.tolist() == [1.0, 0.0]
    assert fair.given_up == 300.0


def test_a_site_that_every_season_wants_is_no_regret():
    wet = placement.Conditions("wet", matrix_of(np.array([[5.0, N, N], [N, N, N], [N, N, 5]])), PEOPLE)
    dry = placement.Conditions("dry", TOWN_AND_HILL, PEOPLE)
    found = placement.robust_cover([dry, wet], np.ones(2), 2, placement.rules(3, most=1), time_limit_s=60)
    assert found.chosen_in.tolist() == [2, 1, 1]
    assert found.worst.chws.tolist() == [1, 0, 1]
    assert (found.worst.objective, found.regret.objective, found.average.objective) == (600.0, 100.0, 700.0)
    assert found.covered.tolist()[:2] == [[900.0, 500.0], [600.0, 600.0]]


@pytest.mark.parametrize("limit", [1e-6, 0.05])
def test_a_limit_of_time_never_reads_as_the_fairest(limit):
    rng = np.random.default_rng(4)
    minutes = np.where(rng.random((60, 600)) < 0.05, 5.0, N)
    area = (np.arange(600) % 7).astype(np.int32)
    rules = placement.rules(60, most=1, apart=np.array([[0, 1]]))
    fair = placement.equitable_cover(matrix_of(minutes), rng.lognormal(3, 1, 600), area, 8, rules, time_limit_s=limit)
    assert fair.fairest.status.startswith("best found")


def test_conditions_that_cannot_be_compared_are_refused():
    other = placement.Conditions("other", matrix_of(np.array([[5.0]])), np.ones(1))
    dry = placement.Conditions("dry", TOWN_AND_HILL, PEOPLE)
    rules = placement.rules(3, most=1)
    with pytest.raises(ValueError, match="of 3 sites, the matrix has 1"):
        placement.robust_cover([dry, other], np.ones(2), 1, rules, time_limit_s=1)
    with pytest.raises(ValueError, match="weights"):
        placement.robust_cover([dry], np.zeros(1), 1, rules, time_limit_s=1)
    with pytest.raises(ValueError, match="conditions"):
        placement.robust_cover([], np.zeros(0), 1, rules, time_limit_s=1)
