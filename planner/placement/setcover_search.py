"""The set covering problem at size: few sites that cover every row, and a proved bound on how many it takes.

The model is that of `planner.placement.models.set_cover`, with one CHW a site at most. Steps: leave out what does not
matter (`reduce`), choose greedily, bound the number by the linear relaxation, look for fewer sites by local search, and
search exactly (HiGHS) among the sites whose reduced cost lets them be in a smaller cover. Where these are too many for
that, the search and the bound go on block by block (`setcover_at_size`).
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

import numpy as np

from planner.placement import exact, highs, setcover_at_size
from planner.placement.models import set_cover
from planner.placement.presolve import Cover
from planner.placement.rules import rules
from planner.placement.setcover_relaxation import ROUNDING, relax
from planner.types.arrays import Doubles, Ints

RELAXATION_SHARE = 0.4  # of the time, at most
EXCHANGES = 20_000, 200_000  # of the local search without a smaller cover: before the exact search, at most
SAMPLE = 50  # chosen sites of which the least useful goes
SEED = 1
EXACT_PAIRS = 300_000  # left to search exactly
BLOCKS_SHARE = 0.5  # of the time left then, for the bound


@dataclass(frozen=True, eq=False)
class Reduced:
    """A covering problem without what does not matter, and the sites that a least cover has besides."""

    cover: Cover
    needed: Ints


def reduce(cover: Cover) -> Reduced:
    """Leave out rows and sites that change no least number of sites, in rounds until nothing changes.

    - A row whose sites hold all sites of another row is covered with that one.
    - The only site of a row is needed, and covers its rows.
    - A site whose rows are a subset of another's can be exchanged for that other.
    """
    from planner.kernels.cover import undominated
    from planner.kernels.setcover import minimal_rows

    needed: list[Ints] = []
    while True:
        before = len(cover.sites), len(cover.weights)
        start, sites = cover.by_row
        kept = minimal_rows(cover.indptr, cover.indices, start, sites)
        alone = np.unique(sites[start[:-1][np.diff(start) == 1]])
        needed.append(cover.sites[alone])
        everywhere = np.arange(len(cover.sites), dtype=np.int32)
        left = np.where(kept & ~cover.covered_by(alone), 1.0, 0.0)
        cover = replace(cover, weights=left).only(everywhere)
        useful = np.flatnonzero(undominated(cover.indptr, cover.indices, *cover.by_row)).astype(np.int32)
        cover = cover.only(useful)
        if (len(cover.sites), len(cover.weights)) == before:
            return Reduced(cover, np.concatenate(needed))


def solve(cover: Cover, *, time_limit_s: float, enough: int | None = None) -> tuple[Ints, int, str]:
    """Choose the fewest sites that cover every row; or show that `enough` are, or are not.

    Parameters
    ----------
    cover
        Every row has a site; weights do not count.
    time_limit_s
        Seconds for all of it. Small problems end by proof, and are the same on every machine.
    enough
        The search ends with any cover of at most so many sites, and when the bound is above them; None = the fewest.

    Returns
    -------
    chosen : int32
        Positions in the problem that ``cover.sites`` are of, ascending.
    bound : int
        Every cover has at least so many sites.
    method : str
        In words.
    """
    deadline = time.perf_counter() + time_limit_s
    reduced = reduce(cover)
    rest, needed = reduced.cover, len(reduced.needed)
    chosen, least, method = (
        _search(rest, None if enough is None else enough - needed, deadline) if len(rest.sites) else (_none(), 0, "")
    )
    return (
        np.sort(np.append(reduced.needed, rest.sites[chosen])),
        least + needed,
        method or "left by needed sites alone",
    )


def _none() -> Ints:
    return np.empty(0, np.int32)


def _search(cover: Cover, enough: int | None, deadline: float) -> tuple[Ints, int, str]:
    """Positions in `cover.sites`, a bound on their number, and what found them."""
    from planner.kernels.cover import greedy_cover
    from planner.kernels.setcover import fewer_sites

    def done() -> bool:
        return len(chosen) <= max(least, enough or 0) or (enough is not None and enough < least)

    everywhere, nothing = np.arange(len(cover.sites), dtype=np.int32), np.zeros(len(cover.weights), np.bool_)
    ones = np.ones(len(cover.weights))
    chosen = greedy_cover(cover.indptr, cover.indices, ones, everywhere, nothing, len(everywhere))[0]
    least, method = 1, "greedy"

    def exchange(exchanges: int) -> Ints:
        found: Ints = fewer_sites(
            cover.indptr, cover.indices, *cover.by_row, chosen, max(least, enough or 0), exchanges, SAMPLE, SEED
        )
        return found

    if not done():
        method += ", local search"
        chosen = exchange(EXCHANGES[0])
    if not done():
        method += ", linear relaxation"
        relaxed = relax(cover, len(chosen), (deadline - time.perf_counter()) * RELAXATION_SHARE)
        least = relaxed.least
    if not done() and time.perf_counter() < deadline:
        chosen = exchange(EXCHANGES[1])
    if done():
        return chosen, min(least, len(chosen)), method
    kept = np.flatnonzero(relaxed.could_be_in(len(chosen) - 1))
    part = cover.only(np.union1d(kept, chosen).astype(np.int32))
    if len(part.indices) <= EXACT_PAIRS:
        method += f", {exact.METHOD} on the {len(part.sites)} sites left"
        start = np.isin(part.sites, cover.sites[chosen]).astype(np.float64)
        found, proved = _exactly(part, start, max(deadline - time.perf_counter(), 0.0))
        least = max(least, min(proved, len(chosen)))
        if 0 < len(found) < len(chosen):
            chosen = cover.positions(part.sites[found])
    elif highs.installed():
        method += f", then the same and {exact.METHOD} block by block"
        seconds = (deadline - time.perf_counter()) * BLOCKS_SHARE
        chosen = setcover_at_size.improved(cover, relaxed, chosen, max(least, enough or 0), deadline - seconds)
        if not done():
            least = max(least, setcover_at_size.bound(cover, relaxed, len(chosen), deadline))
    return chosen, min(least, len(chosen)), method


def _exactly(part: Cover, start: Doubles, seconds: float) -> tuple[Ints, int]:
    """Positions in `part.sites` of the least cover found, none where nothing was; and a bound."""
    part = replace(part, weights=np.ones(len(part.weights)))
    asked = set_cover.programme(part, rules(len(part.sites), most=1), "CHWs")
    solution = highs.solve(asked, time_limit_s=seconds, start=start)
    found = solution.values > 0.5
    proved = math.ceil(solution.bound - ROUNDING) if math.isfinite(solution.bound) else 0
    return np.flatnonzero(found).astype(np.int32), proved
