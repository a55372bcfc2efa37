"""One CHW moves, all others stay: every move tried by hand against the products of matrices."""

import numpy as np
import pytest

from placement.brute import matrix_of
from planner import placement


def served(minutes, people, sites):
    return people[np.isfinite(minutes[sites]).any(axis=0)].sum() if len(sites) else 0.0


def best_by_trying(minutes, people, today, candidate):
    """For each site of today: people lost without one of its CHWs, best site and net gain of moving one of them."""
    everywhere = np.repeat(np.arange(len(today)), today)
    now = served(minutes, people, everywhere)
    alone, best, gain = np.zeros(len(today)), np.full(len(today), -1), np.zeros(len(today))
    for site in np.flatnonzero(today):
        others = np.delete(everywhere, np.flatnonzero(everywhere == site)[0])
        alone[site] = now - served(minutes, people, others)
        worth = [
            served(minutes, people, np.append(others, to)) - now if candidate[to] else -np.inf
            for to in range(len(today))
        ]
        if max(worth) > 1e-9:
            best[site], gain[site] = int(np.argmax(worth)), max(worth)
    return alone, best, gain


@pytest.mark.parametrize("seed", range(200))
def test_every_move_is_weighed(seed):
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 8)), int(rng.integers(1, 12))
    minutes = np.where(rng.random((n, m)) < rng.choice([0.2, 0.5, 0.8]), 5.0, np.inf)
    people = rng.integers(0, 50, m).astype(float)
    today = (rng.integers(0, 3, n) * (rng.random(n) < 0.6)).astype(np.int32)
    candidate = rng.random(n) < 0.8
    moves = placement.one_move(matrix_of(minutes), people, today, candidate)
    alone, best, gain = best_by_trying(minutes, people, today, candidate)
    assert moves.alone == pytest.approx(alone)
    assert moves.gain == pytest.approx(gain)
    assert np.array_equal(moves.site >= 0, best >= 0)
    for site in np.flatnonzero(best >= 0):
        others = np.delete(np.repeat(np.arange(n), today), np.flatnonzero(np.repeat(np.arange(n), today) == site)[0])
        there = served(minutes, people, np.append(others, moves.site[site]))
        assert candidate[moves.site[site]]
        assert there == pytest.approx(served(minutes, people, np.append(others, site)) + gain[site])


def test_nobody_today_and_nowhere_to_go_are_no_moves():
    minutes = np.array([[5.0, np.inf], [np.inf, 5.0]])
    people, none = np.array([10.0, 20.0]), np.zeros(2, np.int32)
    assert (placement.one_move(matrix_of(minutes), people, none, np.ones(2, bool)).site == -1).all()
    moves = placement.one_move(matrix_of(minutes), people, np.array([1, 0], np.int32), np.zeros(2, bool))
    assert moves.alone.tolist() == [10, 0] and moves.site.tolist() == [-1, -1]
