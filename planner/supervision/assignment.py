"""Which facility supervises each CHW: the nearest, or the best that the places of supervisors allow.

With places to keep to, the assignment is a generalised assignment problem (Ross and Soland 1975,
doi:10.1007/BF01580430): posts i with n_i CHWs, facilities j with y_j supervisors for R CHWs each, t_ij minutes one way,
only pairs within the limit:

    minimise    sum_ij n_i t_ij x_ij
    subject to  sum_j x_ij = 1              every post has one facility
                sum_i n_i x_ij <= R y_j     no supervisor has more than R CHWs
                y_j <= s_j,  x_ij in {0, 1},  y_j whole

Where not all CHWs find a place, first as many as can be do, then their minutes are least. With ``prefer = "few"`` the
number of supervisors, sum_j y_j, comes before the minutes. HiGHS (through scipy) solves each question in turn to its
end, and the last one's bound is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from planner.scenario import SupervisionRule
from planner.types.arrays import CELL, MINUTES, Doubles, Floats, Ints
from planner.types.supervision import Supervision
from planner.types.travel import TravelMatrix

BEST = "best possible"
TIME_LIMIT_S = 60.0  # a question; a district's takes well below a second
PROVED = 1e-6  # relative gap


def by_nearest(nearest: Ints, minutes: Floats, chws: Ints, n_facilities: int, rule: SupervisionRule) -> Supervision:
    """Give each post to the facility reached soonest from it, where that lies within the limit.

    Parameters
    ----------
    nearest, minutes
        For each post, the facility reached soonest (-1 = none) and the minutes one way (inf = no way).
    chws
        CHWs who live at each post.
    n_facilities
        Number of facilities.
    rule
        The ratio and the limit (minutes one way, ``<=``).

    Returns
    -------
    Supervision
        A post beyond the limit has no supervisor (facility -1) and keeps its minutes, which say how far beyond it is.
        A facility needs as many supervisors as the ratio asks for, rounded up; none where it has no posts.
    """
    supervised = (nearest >= 0) & (minutes <= rule.max_minutes)
    return _told(np.where(supervised, nearest, -1), minutes, minutes, chws, n_facilities, rule)


def assign(reach: TravelMatrix, nearest_minutes: Floats, chws: Ints, rule: SupervisionRule) -> Supervision:
    """Give posts to facilities so that no supervisor has more CHWs than the rule's ratio.

    Parameters
    ----------
    reach
        Minutes one way from each post (row) to the facilities within the limit.
    nearest_minutes
        By post, to the nearest facility that supervises, within the limit or not; inf = no way.
    chws
        CHWs who live at each post; 0 needs no supervisor.
    rule
        The ratio; ``supervisors`` of each facility (0 = as many as its CHWs need); ``prefer`` near or few.

    Returns
    -------
    Supervision
        ``facility`` is -1 for posts that reach no facility, or for whose CHWs no supervisor has a place.
    """
    model = _Model.of(reach, chws, rule)
    facility, bound, proved = model.solve(rule)
    row, column, minutes = model.row, reach.indices[model.pair], reach.minutes[model.pair]
    own = nearest_minutes.astype(MINUTES)
    chosen = facility[row] == column
    own[row[chosen]] = minutes[chosen]
    told = _told(facility, own, nearest_minutes, chws, reach.n_demand, rule)
    if proved:
        return told
    better = (told.objective - bound) / max(told.objective, 1e-9)
    return replace(told, bound=bound, status=f"best found: at most {better:.1%} better exists")


def _told(
    facility: Any, minutes: Floats, nearest_minutes: Floats, chws: Ints, n_facilities: int, rule: SupervisionRule
) -> Supervision:
    supervised = facility >= 0
    posts = np.bincount(facility[supervised], chws[supervised], n_facilities).astype(CELL)
    total = float(np.dot(minutes[supervised].astype(np.float64), chws[supervised]))
    return Supervision(
        facility=facility.astype(CELL),
        minutes=np.where(supervised, minutes, nearest_minutes).astype(MINUTES),
        posts=posts,
        supervisors=(-(-posts // rule.chws_per_supervisor)).astype(CELL),
        status=BEST,
        objective=total,
        bound=total,
        other_minutes=np.full(len(facility), np.nan, MINUTES),
    )


@dataclass(frozen=True, eq=False)
class _Model:
    """The programme: a column a pair (``row`` of `reach`, its position ``pair``), then one a facility."""

    row: Ints
    pair: Ints
    columns: Ints
    weight: Doubles
    minutes: Doubles
    n_posts: int
    n_facilities: int

    @classmethod
    def of(cls, reach: TravelMatrix, chws: Ints, rule: SupervisionRule) -> _Model:
        row = np.repeat(np.arange(reach.n_sites), np.diff(reach.indptr))
        pair = np.flatnonzero((chws[row] > 0) & (reach.minutes <= rule.max_minutes))
        row = row[pair]
        return cls(
            row=row.astype(CELL),
            pair=pair.astype(CELL),
            columns=reach.indices[pair],
            weight=chws[row].astype(np.float64),
            minutes=reach.minutes[pair].astype(np.float64),
            n_posts=reach.n_sites,
            n_facilities=reach.n_demand,
        )

    def solve(self, rule: SupervisionRule) -> tuple[Ints, float, bool]:
        """Facility of each post (-1 = none), the bound of the minutes, and whether every question was proved."""
        facility = np.full(self.n_posts, -1, CELL)
        if not len(self.row):
            return facility, 0.0, True
        pairs, n = len(self.row), self.n_facilities
        zero, zeros = np.zeros(pairs), np.zeros(n)
        questions = [np.concatenate([-self.weight, zeros])] if rule.supervisors else []
        if rule.prefer == "few":
            questions.append(np.concatenate([zero, np.ones(n)]))
        questions.append(np.concatenate([self.weight * self.minutes, zeros]))
        once = self._matrix(self.row, np.ones(pairs), self.n_posts, zeros)
        room = self._matrix(self.columns, self.weight, n, np.full(n, -float(rule.chws_per_supervisor)))
        reached = np.bincount(self.row, minlength=self.n_posts) > 0
        least = np.where(reached & (not rule.supervisors), 1.0, 0.0)
        rows: list[tuple[Any, Any, Any]] = [(once, least, 1.0), (room, -np.inf, 0.0)]
        most = np.concatenate([np.ones(pairs), np.full(n, float(rule.supervisors or self.weight.sum()))])
        proved, x, bound = True, np.empty(0), 0.0
        for question in questions:
            x, bound, done = _solved(question, rows, most)
            proved &= done
            rows.append((sparse.csr_array(question[None]), -np.inf, float(question @ x) + 1e-6))
        taken = np.flatnonzero(x[:pairs] > 0.5)
        facility[self.row[taken]] = self.columns[taken]
        return facility, bound, proved

    def _matrix(self, row: Ints, values: Doubles, n_rows: int, of_facility: Doubles) -> Any:
        """Rows over the pairs and, on the diagonal, over the facilities."""
        left = sparse.csr_array((values, (row, np.arange(len(row)))), (n_rows, len(row)))
        right = sparse.diags_array(of_facility) if of_facility.any() else sparse.csr_array((n_rows, len(of_facility)))
        return sparse.hstack([left, right], format="csr")


def _solved(question: Doubles, rows: list[tuple[Any, Any, Any]], most: Doubles) -> tuple[Doubles, float, bool]:
    """Columns that answer the question, its bound, and whether it was proved in time."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        question,
        integrality=np.ones(len(question), np.int8),
        bounds=Bounds(0.0, most),
        constraints=[LinearConstraint(matrix, low, high) for matrix, low, high in rows],
        options={"time_limit": TIME_LIMIT_S, "mip_rel_gap": PROVED / 10},
    )
    if found.x is None:
        raise RuntimeError(f"supervision: HiGHS found no assignment: {found.message}")
    value, bound = float(question @ found.x), float(found.mip_dual_bound)
    return np.round(found.x), bound, abs(value - bound) <= PROVED * max(abs(value), 1.0)
