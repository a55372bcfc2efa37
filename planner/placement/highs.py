"""The only door to HiGHS: a covering problem in, sites and a proved bound out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.placement.presolve import Cover
from planner.types.arrays import Ints

# HiGHS's tolerances are absolute (1e-6, 1e-7): the greatest weight is scaled to this, so that they stay far below it.
GREATEST_WEIGHT = 1000.0


@dataclass(frozen=True, eq=False)
class Answer:
    """The best choice found (rows of the problem), the most that any choice can cover (inf = not known)."""

    chosen: Ints
    bound: float


def maximal_cover(cover: Cover, new: int, start: Ints, time_limit_s: float) -> Answer | None:
    """Solve the mixed-integer programme of `planner.placement.mclp`, starting from the choice `start`.

    One thread and a fixed seed: without a time limit the answer is always the same one. None where HiGHS is not
    installed, fails, or ends without a solution.
    """
    try:
        import highspy
    except ImportError:
        return None
    # Columns: x of each site, with -1 in the rows it covers and 1 in the last row (how many sites); then y of each row.
    n_sites, n_rows, n_pairs = len(cover.sites), len(cover.weights), len(cover.indices)
    column_start = np.append(cover.indptr + np.arange(n_sites + 1), n_pairs + n_sites + np.arange(1, n_rows + 1))
    index = np.append(np.insert(cover.indices, cover.indptr[1:], n_rows), np.arange(n_rows))
    value = np.append(np.insert(np.full(n_pairs, -1.0), cover.indptr[1:], 1.0), np.ones(n_rows))
    scale = GREATEST_WEIGHT / cover.weights.max()

    model = highspy.HighsLp()
    model.num_col_ = n_sites + n_rows
    model.num_row_ = n_rows + 1
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.concatenate((np.zeros(n_sites), cover.weights * scale))
    model.col_lower_ = np.zeros(n_sites + n_rows)
    model.col_upper_ = np.ones(n_sites + n_rows)
    model.row_lower_ = np.full(n_rows + 1, -highspy.kHighsInf)
    model.row_upper_ = np.append(np.zeros(n_rows), new)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = column_start.astype(np.int32)
    model.a_matrix_.index_ = index.astype(np.int32)
    model.a_matrix_.value_ = value
    integer, continuous = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [integer] * n_sites + [continuous] * n_rows

    known = highspy.HighsSolution()
    known.col_value = np.append(np.isin(np.arange(n_sites), start), cover.covered_by(start)).astype(float)

    class Silent(highspy.Highs):
        """HiGHS 1.16 prints its name when its callbacks are enabled, which its constructor does."""

        def enableCallbacks(self) -> None:  # noqa: N802
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    solver = Silent()  # type: ignore[no-untyped-call]
    options = {
        "threads": 1,
        "random_seed": 0,
        "time_limit": float(time_limit_s),
        "mip_rel_gap": 1e-9,
        "mip_abs_gap": 0.0,
    }
    done = [solver.setOptionValue(option, setting) for option, setting in options.items()]
    done += [solver.passModel(model), solver.setSolution(known)]
    if highspy.HighsStatus.kError in done or solver.run() == highspy.HighsStatus.kError:
        return None
    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    values = np.asarray(solver.getSolution().col_value)[:n_sites]
    return Answer(np.flatnonzero(values > 0.5).astype(np.int32), info.mip_dual_bound / scale)
