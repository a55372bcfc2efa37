"""One solve of one instance in a process of its own: by planner, or by spopt where planner is not installed."""

from __future__ import annotations

import resource
import time
from pathlib import Path
from typing import Any

import measure
import numpy as np

UNREACHED = 1e6  # minutes, for a peer that knows full matrices only


def load(folder: str) -> dict[str, Any]:
    """Arrays of the instance."""
    with np.load(Path(folder) / "instance.npz") as stored:
        return {name: stored[name] for name in stored}


def cpu() -> float:
    """CPU seconds of this process and of those that it started and that ended (CBC is one)."""
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, (0, resource.RUSAGE_CHILDREN)))


def planner(folder: str, *, model: str, p: int, limit: float, out: str) -> dict[str, Any]:
    """The model of this name, after a first small solve that compiles."""
    from planner import placement
    from planner.types.travel import TravelMatrix

    def solve(matrix: TravelMatrix, people: np.ndarray, p: int) -> Any:
        plain = placement.rules(matrix.n_sites, most=1)
        if model == "MCLP":
            return placement.maximal_cover(matrix, people, p, plain, time_limit_s=limit)
        if model == "LSCP":
            return placement.set_cover(matrix, people, plain, time_limit_s=limit)
        if model == "p-center":
            return placement.p_center(matrix, people, p, plain, time_limit_s=limit)
        return placement.p_median(matrix, people, p, plain, time_limit_s=limit)

    rng = np.random.default_rng(0)
    minutes = np.round(rng.uniform(0, 60, (40, 200)), 1).astype(np.float32)
    reach = minutes < 20 if model in {"MCLP", "LSCP"} else minutes < 99
    reach[0] |= ~reach.any(axis=0)
    ends = np.append(0, reach.sum(axis=1).cumsum())
    solve(TravelMatrix(ends, np.nonzero(reach)[1].astype(np.int32), minutes[reach], 200, 60.0), np.ones(200), 5)

    it = load(folder)
    matrix = TravelMatrix(it["indptr"], it["indices"], it["minutes"], len(it["people"]), float(it["limit"]))
    before = cpu()
    found = solve(matrix, it["people"], p)
    seconds = cpu() - before
    np.save(out, np.flatnonzero(found.chws))
    return {"seconds": seconds, "bound": found.bound, "said": found.status}


def spopt(folder: str, *, model: str, p: int, limit: float, out: str, solver: str) -> dict[str, Any]:
    """The same through spopt's public door, the solver stopped after `limit` seconds; building is counted.

    The solvers look at the clock on the wall: on a busy machine their limit grows as the time to build has.
    """
    import pulp
    from spopt.locate import LSCP, MCLP, PCenter, PMedian

    it = load(folder)
    site = np.repeat(np.arange(len(it["indptr"]) - 1), np.diff(it["indptr"]))
    before, clock = cpu(), time.perf_counter()
    cost = np.full((len(it["people"]), len(it["indptr"]) - 1), UNREACHED)
    cost[it["indices"], site] = it["minutes"]
    radius = float(it["limit"])
    if model == "MCLP":
        made = MCLP.from_cost_matrix(cost, it["people"], radius, p_facilities=p)
    elif model == "LSCP":
        made = LSCP.from_cost_matrix(cost, radius)
    elif model == "p-center":
        made = PCenter.from_cost_matrix(cost, p_facilities=p)
    else:
        made = PMedian.from_cost_matrix(cost, it["people"], p_facilities=p)
    built = cpu() - before
    limit *= max((time.perf_counter() - clock) / built, 1.0)
    doors = {"CBC": pulp.PULP_CBC_CMD, "HiGHS": pulp.HiGHS}
    said = "an error"
    try:
        made.solve(doors[solver](msg=False, timeLimit=limit), results=False)
        said = pulp.LpStatus[made.problem.status]
    except RuntimeError as none:  # what spopt raises where it has no answer
        said = str(none).split(".", maxsplit=1)[0]
    chosen = [k for k, used in enumerate(made.fac_vars) if (used.value() or 0) > 0.5]
    np.save(out, np.array(chosen, np.int64))
    return {"seconds": cpu() - before, "built": built, "said": said}


if __name__ == "__main__":
    measure.answer({"planner": planner, "spopt": spopt})
