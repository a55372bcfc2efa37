"""The only door to HiGHS: a programme in; the best values found, a proved bound and what it means out."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from planner.placement.programme import Arrays, Programme
from planner.types.arrays import Doubles

# HiGHS's tolerances are absolute (1e-6, 1e-7): the greatest coefficient of the objective is scaled to this, so that
# they stay far below it.
GREATEST_WEIGHT = 1000.0
ANY_NODES = 2**31 - 1
TOLERANCE = 1e-9  # of a row or a bound, absolute; the programmes are scaled so that their rows are about 1


@dataclass(frozen=True, eq=False)
class Solution:
    """What HiGHS found.

    Attributes
    ----------
    status
        "optimal"; "feasible" (stopped by the clock with values); "infeasible"; "unknown" (nothing found, or no HiGHS).
    values
        Of each column; empty where there are none.
    bound
        No values have a better objective; the worst there is (inf to maximise, -inf to minimise) where not known.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    values: Doubles
    bound: float


def installed() -> bool:
    """Whether HiGHS is here at all."""
    try:
        import highspy  # noqa: F401
    except ImportError:
        return False
    return True


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The optimum of a programme whose columns need not be whole.

    Attributes
    ----------
    status
        "optimal", "infeasible", or "unknown" (stopped by the clock, or no HiGHS): then there are no values.
    values, reduced
        Of each column: its value, and what one more of it would change the objective by.
    bound
        The objective.
    basis
        To begin with where rows were added.
    """

    status: Literal["optimal", "infeasible", "unknown"]
    values: Doubles
    reduced: Doubles
    bound: float
    basis: Any


def relax(programme: Programme, *, time_limit_s: float, basis: Any = None) -> Relaxed:
    """Solve a programme as if no column had to be whole.

    `basis` is of the same programme with fewer rows: those that it does not know come last.
    """
    arrays = programme.arrays()
    arrays = replace(arrays, integer=np.zeros_like(arrays.integer))
    scale = _scale(arrays)
    solver = _run(arrays, scale, time_limit_s, None, 0.0, 0, basis) if len(arrays.objective) else None
    if solver is None:
        return Relaxed("unknown", np.empty(0), np.empty(0), math.nan, None)
    import highspy

    status, solution = solver.getModelStatus(), solver.getSolution()
    if status == highspy.HighsModelStatus.kOptimal:
        bound = solver.getInfo().objective_function_value / scale + arrays.constant
        reduced = np.asarray(solution.col_dual, np.float64) / scale
        return Relaxed("optimal", np.asarray(solution.col_value, np.float64), reduced, bound, solver.getBasis())
    none = status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
    return Relaxed("infeasible" if none else "unknown", np.empty(0), np.empty(0), math.nan, None)


def solve(
    programme: Programme,
    *,
    time_limit_s: float,
    start: Doubles | None = None,
    close_enough: float = 0.0,
    max_nodes: int = ANY_NODES,
) -> Solution:
    """Solve a programme, from the column values `start` where given; those that are NaN are found to the others.

    The search ends where the bound is within `close_enough` of the objective (absolute), or after so many nodes; the
    status is then "optimal" or "feasible", the bound holds all the same. One thread and a fixed seed: without a time
    limit the answer is always the same one.
    """
    arrays = programme.arrays()
    worst = math.inf if arrays.maximise else -math.inf
    nothing = Solution("unknown", np.empty(0), worst)
    if not len(arrays.objective):
        kept = np.all((arrays.row_lower <= 0) & (arrays.row_upper >= 0))
        return Solution("optimal", np.empty(0), arrays.constant) if kept else Solution("infeasible", np.empty(0), worst)
    scale = _scale(arrays)
    began = time.perf_counter()
    solver = _run(arrays, scale, time_limit_s, start, close_enough, max_nodes)
    if solver is None:
        return nothing
    import highspy

    status, info = solver.getModelStatus(), solver.getInfo()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Solution("infeasible", np.empty(0), worst)
    optimal = status == highspy.HighsModelStatus.kOptimal
    if arrays.integer.any():
        bound = info.mip_dual_bound / scale + arrays.constant
    else:
        bound = info.objective_function_value / scale + arrays.constant if optimal else worst
    if abs(bound) * scale <= TOLERANCE * GREATEST_WEIGHT:
        bound = 0.0
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solution("unknown", np.empty(0), bound)
    values = np.asarray(solver.getSolution().col_value, np.float64)
    # HiGHS 1.16 may prove the start, as presolve improved it, to be optimal, and hand back the start as it was.
    said, has = info.objective_function_value, float(values @ arrays.objective) * scale
    if abs(said - has) > 1e-6 * max(abs(said), abs(has), 1.0):
        if start is not None:
            return solve(
                programme,
                time_limit_s=max(time_limit_s - (time.perf_counter() - began), 0.0),
                close_enough=close_enough,
                max_nodes=max_nodes,
            )
        optimal = False
    return Solution("optimal" if optimal else "feasible", values, bound)


def _scale(arrays: Arrays) -> float:
    """What the objective is multiplied by."""
    greatest = float(np.abs(arrays.objective).max())
    return GREATEST_WEIGHT / greatest if greatest > 0 else 1.0


def _run(
    arrays: Arrays,
    scale: float,
    time_limit_s: float,
    start: Doubles | None,
    close_enough: float,
    max_nodes: int,
    basis: Any = None,
) -> Any:
    """HiGHS, run on the programme with the objective multiplied by `scale`; None where it refuses or is not there."""
    if not installed():
        return None
    import highspy

    class Silent(highspy.Highs):
        """HiGHS 1.16 prints its name when its callbacks are enabled, which its constructor does."""

        def enableCallbacks(self) -> None:  # noqa: N802
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(arrays.objective), len(arrays.row_lower)
    model.sense_ = highspy.ObjSense.kMaximize if arrays.maximise else highspy.ObjSense.kMinimize
    model.col_cost_ = arrays.objective * scale
    model.col_lower_, model.col_upper_ = arrays.lower, arrays.upper
    model.row_lower_, model.row_upper_ = arrays.row_lower, arrays.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = arrays.indptr.astype(np.int32)
    model.a_matrix_.index_ = arrays.indices
    model.a_matrix_.value_ = arrays.values
    if arrays.integer.any():
        kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
        model.integrality_ = [kinds[int(whole)] for whole in arrays.integer]
    solver = Silent()  # type: ignore[no-untyped-call]
    options = {
        "threads": 1,
        "random_seed": 0,
        "time_limit": float(time_limit_s),
        "mip_rel_gap": 1e-9,
        "mip_abs_gap": close_enough * scale,
        "mip_max_nodes": max_nodes,
        "mip_feasibility_tolerance": TOLERANCE,
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
    }
    done = [solver.setOptionValue(option, setting) for option, setting in options.items()]
    done.append(solver.passModel(model))
    if start is not None:
        told = np.flatnonzero(~np.isnan(start)).astype(np.int32)
        done.append(solver.setSolution(len(told), told, start[told]))
    if basis is not None:
        basis.row_status += [highspy.HighsBasisStatus.kBasic] * (model.num_row_ - len(basis.row_status))
        done.append(solver.setBasis(basis))
    if highspy.HighsStatus.kError in done:
        return None
    if solver.run() == highspy.HighsStatus.kError:
        # It refuses one thread where somebody else in this process has had HiGHS start more of them.
        solver.resetGlobalScheduler(True)
        return None if solver.run() == highspy.HighsStatus.kError else solver
    return solver
