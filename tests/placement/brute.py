"""Questions of a few sites with rules of every kind, and every choice that there is, tried one by one."""

import itertools
from dataclasses import dataclass

import numpy as np

from planner import placement


@dataclass
class Question:
    minutes: np.ndarray  # site x demand, inf = out of reach
    people: np.ndarray
    load: np.ndarray
    capacity: float
    p: int
    rules: placement.Rules
    choices: np.ndarray  # every choice within `least` and `most` that keeps the rules, but for p
    reach: np.ndarray  # site x demand, bool

    @property
    def matrix(self):
        return matrix_of(self.minutes)

    @property
    def within_p(self):
        return self.choices[self.choices.sum(axis=1) <= self.p]


def matrix_of(minutes):
    site, demand = np.nonzero(np.isfinite(minutes))
    indptr = np.append(0, np.cumsum(np.bincount(site, minlength=len(minutes)))).astype(np.int64)
    flat = minutes[site, demand].astype(np.float32)
    return placement.TravelMatrix(indptr, demand.astype(np.int32), flat, minutes.shape[1], 60.0)


def random_question(seed):
    """Up to 6 sites and 9 places; every rule is asked for in about a third of the questions."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 7)), int(rng.integers(1, 10))
    minutes = np.where(rng.random((n, m)) < rng.choice([0.3, 0.6, 0.9]), rng.integers(0, 60, (n, m)), np.inf)
    people = rng.choice([0.0, 1.0, 1.0, 1.0], m) * rng.integers(1, 100, m) * rng.choice([1.0, 0.37])
    today = rng.integers(0, 2 + (n < 5), n) * (rng.random(n) < 0.5)
    names = "today", "forbidden", "forced", "budget", "moves", "apart", "quota", "supervisors", "several"
    asked = {name: rng.random() < (0.6 if name == "today" else 0.35) for name in names}
    options = {"most": int(rng.integers(2, 4)) if asked["several"] and n < 6 else 1}
    if asked["today"]:
        options |= {"today": today, "today_may": rng.choice(["stay", "move", "leave"])}
        if asked["moves"]:
            options["max_moves"] = int(rng.integers(0, 3))
    if asked["forbidden"]:
        options["forbidden"] = rng.random(n) < 0.3
    if asked["forced"]:
        options["forced"] = (rng.random(n) < 0.2) & ~options.get("forbidden", np.zeros(n, bool))
    options["cost"] = rng.integers(1, 10, n).astype(float)
    options["leave_cost"] = float(rng.integers(0, 4))
    if asked["budget"]:
        options["budget"] = float(rng.integers(0, 25))
    if asked["apart"]:
        options["apart"] = placement.pairs_nearer_than(30.0, rng.random(n) * 100, rng.random(n) * 50)
    if asked["quota"]:
        options["area"] = rng.integers(-1, 2, n)
        kind = rng.integers(3)
        if kind == 0:
            options["area_least"] = rng.integers(0, 3, 2)
        elif kind == 1:
            options["area_most"] = rng.integers(0, 3, 2)
        else:
            options["area_least"] = options["area_most"] = placement.proportional(
                int(rng.integers(1, 5)), rng.random(2)
            )
    if asked["supervisors"]:
        near = np.where(rng.random((n, 2)) < 0.7, 10.0, np.inf)
        options["supervisors"] = placement.Supervisors(matrix_of(near), rng.integers(0, 4, 2).astype(np.int32))
    rules = placement.rules(n, **options)
    load = people * rng.uniform(0.5, 2, m) if rng.random() < 0.5 else people
    capacity = float(max(load.sum(), 1.0) * rng.choice([0.15, 0.3, 0.6]))
    p = int(rng.integers(0, rules.today.sum() + n))
    return Question(minutes, people, load, capacity, p, rules, choices_of(rules), np.isfinite(minutes))


def choices_of(rules):
    ranges = [range(a, b + 1) for a, b in zip(rules.least, rules.most, strict=True)]
    n = np.array(list(itertools.product(*ranges)))
    fewer = np.maximum(rules.today - n, 0)
    kept = n.sum(axis=1) >= rules.fewest
    kept &= money_of(n, rules) <= rules.budget + 1e-9
    if rules.max_moves >= 0:
        kept &= fewer.sum(axis=1) <= rules.max_moves
    for a, b in rules.apart:
        kept &= (n[:, a] == 0) | (n[:, b] == 0)
    for area in range(len(rules.area_least)):
        here = n[:, rules.area == area].sum(axis=1)
        kept &= (rules.area_least[area] <= here) & (here <= rules.area_most[area])
    if rules.supervisors is not None:  # Hall's condition: every set of sites finds places enough where it reaches
        reach = dense(rules.supervisors.reach)
        for some in subsets(n.shape[1]):
            kept &= n[:, some].sum(axis=1) <= rules.supervisors.places[reach[some].any(axis=0)].sum()
    return n[kept]


def money_of(n, rules):
    return np.maximum(n - rules.today, 0) @ rules.cost + rules.leave_cost * np.maximum(rules.today - n, 0).sum(axis=1)


def dense(matrix):
    reach = np.zeros((matrix.n_sites, matrix.n_demand), bool)
    reach[np.repeat(np.arange(matrix.n_sites), np.diff(matrix.indptr)), matrix.indices] = True
    return reach


def subsets(n):
    return [list(some) for size in range(n + 1) for some in itertools.combinations(range(n), size)]


def covered(question, n):
    """People within reach of a CHW, and of two, of each choice."""
    within = n @ question.reach
    return (within > 0) @ question.people, (within > 1) @ question.people


def nearest(question, n):
    """Minutes to the nearest CHW, choice x demand."""
    return np.where(n[:, :, None] > 0, question.minutes, np.inf).min(axis=1, initial=np.inf)


def served(question, n, closest):
    """The most people served, of each choice: places in the order of people per work, each as far as CHWs have room.

    How much work of some places can be done is the least cut: for some set of sites, what their CHWs can do, and all
    the work of places that another site reaches.
    """
    has = question.people > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.where(has & (question.load > 0), question.people / question.load, 0.0)
    free = (n[:, :, None] > 0) & question.reach
    if closest:
        free &= question.minutes == nearest(question, n)[:, None, :]
    total, before = np.zeros(len(n)), np.zeros(len(n))
    some = np.zeros(len(question.people), bool)
    for place in np.argsort(-worth, kind="stable"):
        if worth[place] > 0:
            some[place] = True
            now = _work_done(question, n, free & some)
            total, before = total + worth[place] * (now - before), now
    return total


def _work_done(question, n, free):
    least = np.full(len(n), np.inf)
    for sites in subsets(n.shape[1]):
        others = np.setdiff1d(np.arange(n.shape[1]), sites)
        cut = question.capacity * n[:, sites].sum(axis=1) + free[:, others].any(axis=1) @ question.load
        least = np.minimum(least, cut)
    return least
