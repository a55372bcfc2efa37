"""Who is served where, kept as a flow while workers come and go between sites that can serve only so much.

``problem`` is a tuple of arrays:

* indptr, indices: rows of each site (the pairs, in the order of sites);
* row_indptr, row_pairs, pair_site: pairs of each row, and the site of each pair;
* load, density: load of each row, and what a unit of it counts, float64;
* capacity: load that one worker of each site can serve, float64.

``flow`` is one too, and changes in place:

* amount: load that goes over each pair; unserved: load of each row that goes nowhere;
* workers: at each site, int64; room: load that these could still serve.

The file is longer than others: all loops follow the same alternating paths (`_pull`, `_push`), and numba's cache on
disk does not see a change in a jitted function of another file.
"""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit

from planner.kernels import INNER_LOOP, LOOP

REACH = 60  # sites that a search along alternating paths looks at while workers are moved: farther ones seldom help
ROUNDING = 1e-9  # of a load or a capacity, relative
FARTHEST = 8  # sites of greatest gain anywhere that every worker is tried at, besides those nearby


@njit(**LOOP)
def pairs_by_row(indptr, indices, n_rows):
    """Return row_indptr, row_pairs and pair_site of a problem."""
    row_indptr = np.zeros(n_rows + 1, np.int64)
    for row in indices:
        row_indptr[row + 1] += 1
    for row in range(n_rows):
        row_indptr[row + 1] += row_indptr[row]
    at = row_indptr[:-1].copy()
    row_pairs = np.empty(indices.shape[0], np.int32)
    pair_site = np.empty(indices.shape[0], np.int32)
    for site in range(indptr.shape[0] - 1):
        for pair in range(indptr[site], indptr[site + 1]):
            pair_site[pair] = site
            row_pairs[at[indices[pair]]] = pair
            at[indices[pair]] += 1
    return row_indptr, row_pairs, pair_site


@njit(**INNER_LOOP)
def _tools(problem):
    """Marks and links of a search, and a journal of what a flow was before it changed: size, kind, place, number."""
    n_sites, n_rows = problem[7].shape[0], problem[5].shape[0]
    search = (
        np.zeros(1, np.int64),
        np.zeros(n_sites, np.int64),
        np.zeros(n_rows, np.int64),
        np.zeros(n_sites, np.int64),
        np.zeros(n_rows, np.int64),
        np.zeros(n_sites, np.int64),
    )
    size = (1 << 20) + 8 * n_rows
    journal = np.zeros(1, np.int64), np.zeros(size, np.int8), np.zeros(size, np.int64), np.zeros(size, np.float64)
    return search, journal


@njit(**INNER_LOOP)
def _change(flow, journal, kind, place, by):
    """Change amount (kind 0), unserved (1) or room (2) at a place, and note what it was."""
    size, kinds, places, numbers = journal
    if size[0] == kinds.shape[0]:
        raise IndexError("the journal of changes is full")
    kinds[size[0]], places[size[0]], numbers[size[0]] = kind, place, flow[kind][place]
    size[0] += 1
    flow[kind][place] += by


@njit(**INNER_LOOP)
def _undo(flow, journal, kept):
    """Take changes back, the latest first, until so many are left."""
    size, kinds, places, numbers = journal
    while size[0] > kept:
        size[0] -= 1
        flow[kinds[size[0]]][places[size[0]]] = numbers[size[0]]


@njit(**INNER_LOOP)
def _pull(problem, flow, journal, search, start, reach):
    """Fill the room of a site with unserved load, the dearest row of the nearest first; return the value added.

    From the site to a row that it reaches; where that row is served elsewhere, from there on to other rows.
    """
    indptr, indices, row_indptr, row_pairs, pair_site, load, density, capacity = problem
    amount, unserved, room = flow
    stamp, site_mark, row_mark, site_from, row_from, queue = search
    value = 0.0
    while room[start] > ROUNDING * capacity[start]:
        stamp[0] += 1
        mark = stamp[0]
        head, tail, best = 0, 1, -1
        queue[0] = start
        site_mark[start] = mark
        while head < tail and head < reach and best < 0:
            site = queue[head]
            head += 1
            for pair in range(indptr[site], indptr[site + 1]):
                row = indices[pair]
                if row_mark[row] == mark:
                    continue
                row_mark[row] = mark
                row_from[row] = pair
                if unserved[row] > ROUNDING * load[row]:
                    if best < 0 or density[row] > density[best]:
                        best = row
                elif best < 0:
                    for k in range(row_indptr[row], row_indptr[row + 1]):
                        there = pair_site[row_pairs[k]]
                        if amount[row_pairs[k]] > 0.0 and site_mark[there] != mark:
                            site_mark[there] = mark
                            site_from[there] = row_pairs[k]
                            queue[tail] = there
                            tail += 1
        if best < 0:
            break
        part = min(unserved[best], room[start])
        site = pair_site[row_from[best]]
        while site != start:
            part = min(part, amount[site_from[site]])
            site = pair_site[row_from[indices[site_from[site]]]]
        value += part * density[best]
        _change(flow, journal, 1, best, -part)
        _change(flow, journal, 2, start, -part)
        _change(flow, journal, 0, row_from[best], part)
        site = pair_site[row_from[best]]
        while site != start:
            _change(flow, journal, 0, site_from[site], -part)
            pair = row_from[indices[site_from[site]]]
            _change(flow, journal, 0, pair, part)
            site = pair_site[pair]
    return value


@njit(**INNER_LOOP)
def _push(problem, flow, journal, search, start, reach):
    """Relieve a site of what it serves beyond its capacity, to room elsewhere or not at all; return the value lost."""
    indptr, indices, row_indptr, row_pairs, pair_site, load, density, capacity = problem
    amount, unserved, room = flow
    stamp, site_mark, row_mark, site_from, row_from, queue = search
    lost = 0.0
    while room[start] < -ROUNDING * capacity[start]:
        stamp[0] += 1
        mark = stamp[0]
        head, tail, goal, least = 0, 1, -1, -1
        queue[0] = start
        site_mark[start] = mark
        while head < tail and head < reach and goal < 0:
            site = queue[head]
            head += 1
            for pair in range(indptr[site], indptr[site + 1]):
                row = indices[pair]
                if amount[pair] <= 0.0 or row_mark[row] == mark or goal >= 0:
                    continue
                row_mark[row] = mark
                row_from[row] = pair
                if least < 0 or density[row] < density[least]:
                    least = row
                for k in range(row_indptr[row], row_indptr[row + 1]):
                    there = pair_site[row_pairs[k]]
                    if site_mark[there] != mark:
                        site_mark[there] = mark
                        site_from[there] = row_pairs[k]
                        queue[tail] = there
                        tail += 1
                        if room[there] > ROUNDING * capacity[there]:
                            goal = there
                            break
        part = -room[start]
        if goal >= 0:
            part = min(part, room[goal])
            last = goal
        else:
            part = min(part, amount[row_from[least]])
            last = pair_site[row_from[least]]
        site = last
        while site != start:
            pair = row_from[indices[site_from[site]]]
            part = min(part, amount[pair])
            site = pair_site[pair]
        if goal >= 0:
            _change(flow, journal, 2, goal, -part)
        else:
            _change(flow, journal, 1, least, part)
            _change(flow, journal, 0, row_from[least], -part)
            lost += part * density[least]
        site = last
        while site != start:
            _change(flow, journal, 0, site_from[site], part)
            pair = row_from[indices[site_from[site]]]
            _change(flow, journal, 0, pair, -part)
            site = pair_site[pair]
        _change(flow, journal, 2, start, part)
    return lost


@njit(**INNER_LOOP)
def _try_adding(problem, flow, journal, search, site):
    """Value that one more worker at a site would add."""
    kept = journal[0][0]
    _change(flow, journal, 2, site, problem[7][site])
    value = _pull(problem, flow, journal, search, site, REACH)
    _undo(flow, journal, kept)
    return value


@njit(**INNER_LOOP)
def _try_removing(problem, flow, journal, search, site):
    """Value that one worker fewer at a site would lose."""
    kept = journal[0][0]
    _change(flow, journal, 2, site, -problem[7][site])
    lost = _push(problem, flow, journal, search, site, REACH)
    _undo(flow, journal, kept)
    return lost


@njit(**LOOP)
def add_workers(problem, flow, workers, most, new, enough):
    """Add workers one by one, each where it adds the greatest value, in place; return what is added in all.

    Gains only shrink as workers come (they are substitutes, Shapley 1962, doi:10.1002/nav.3800090106), so a gain from
    before is an upper bound, and most need no second look. Ties go to the first site.

    Parameters
    ----------
    problem, flow, workers
        See above; `flow` without workers here: amount, unserved, room.
    most
        Workers a site may have.
    new
        The most to add.
    enough
        Stop once this value is added.
    """
    search, journal = _tools(problem)
    queue = [
        (-_try_adding(problem, flow, journal, search, site), site)
        for site in range(most.shape[0])
        if workers[site] < most[site]
    ]
    heapq.heapify(queue)
    total = 0.0
    while new > 0 and len(queue) > 0 and total < enough:
        _, site = heapq.heappop(queue)
        journal[0][0] = 0
        _change(flow, journal, 2, site, problem[7][site])
        gain = _pull(problem, flow, journal, search, site, REACH)
        least = ROUNDING * gain
        if gain <= 0.0:
            _undo(flow, journal, 0)
        elif len(queue) > 0 and gain < -queue[0][0] - least:
            _undo(flow, journal, 0)
            heapq.heappush(queue, (-gain, site))
        else:
            total += gain
            new -= 1
            workers[site] += 1
            if workers[site] < most[site]:
                heapq.heappush(queue, (-gain, site))
    return total


@njit(**LOOP)
def remove_workers(problem, flow, workers, least, spare, count):
    """Remove up to `count` workers one by one, each where the least value is lost, in place; return what is lost.

    No more is lost than `spare`. Losses only grow as workers leave, so a loss from before is a lower bound.
    """
    search, journal = _tools(problem)
    queue = [
        (_try_removing(problem, flow, journal, search, site), site)
        for site in range(least.shape[0])
        if workers[site] > least[site]
    ]
    heapq.heapify(queue)
    total = 0.0
    while len(queue) > 0 and count > 0:
        _, site = heapq.heappop(queue)
        journal[0][0] = 0
        _change(flow, journal, 2, site, -problem[7][site])
        lost = _push(problem, flow, journal, search, site, REACH)
        if len(queue) > 0 and lost > queue[0][0] * (1.0 + ROUNDING):
            _undo(flow, journal, 0)
            heapq.heappush(queue, (lost, site))
        elif total + lost > spare:
            _undo(flow, journal, 0)
            break
        else:
            total += lost
            count -= 1
            workers[site] -= 1
            if workers[site] > least[site]:
                heapq.heappush(queue, (lost, site))
    return total


@njit(**LOOP)
def move_workers(problem, flow, workers, least, most, passes):
    """Move single workers to other sites as long as that adds value, in place; return what is added.

    Teitz and Bart's exchange (1968, doi:10.1287/opre.16.5.955): each site in turn gives up a worker to the site nearby,
    or among those of greatest gain anywhere, that makes most of it. A move adds no more than a worker more at the other
    site would, nor than its capacity less what is lost, so most are left out unseen.

    Parameters
    ----------
    problem, flow, workers
        As in `add_workers`.
    least, most
        Workers that each site must and may have.
    passes
        Over all sites, at most.
    """
    indptr, indices, row_indptr, row_pairs, pair_site, load, density, capacity = problem
    n_sites = most.shape[0]
    search, journal = _tools(problem)
    gain = np.zeros(n_sites)
    for site in range(n_sites):
        if workers[site] < most[site]:
            gain[site] = _try_adding(problem, flow, journal, search, site)
    dearest = density.max() if density.shape[0] > 0 else 0.0
    greatest = dearest * capacity.max()
    seen = np.zeros(n_sites, np.int64)
    near = np.empty(n_sites, np.int64)
    tick, total, moved = 0, 0.0, True
    while moved and passes > 0:
        moved = False
        passes -= 1
        top = np.argsort(-gain, kind="mergesort")[:FARTHEST]
        for site in range(n_sites):
            if workers[site] <= least[site]:
                continue
            tick += 1
            seen[site] = tick
            size = 0
            for other in top:
                if seen[other] != tick:
                    seen[other] = tick
                    near[size] = other
                    size += 1
            for pair in range(indptr[site], indptr[site + 1]):
                row = indices[pair]
                for k in range(row_indptr[row], row_indptr[row + 1]):
                    other = pair_site[row_pairs[k]]
                    if seen[other] != tick:
                        seen[other] = tick
                        near[size] = other
                        size += 1
            journal[0][0] = 0
            _change(flow, journal, 2, site, -capacity[site])
            lost = _push(problem, flow, journal, search, site, REACH)
            best, best_added = -1, 1e-6 * lost
            if greatest - lost <= best_added:
                size = 0
            for at in np.argsort(-gain[near[:size]], kind="mergesort"):
                other = near[at]
                if gain[other] <= best_added:
                    break
                if workers[other] < most[other] and capacity[other] * dearest - lost > best_added:
                    added = _try_adding(problem, flow, journal, search, other) - lost
                    if added > best_added:
                        best, best_added = other, added
            if best < 0:
                _undo(flow, journal, 0)
                continue
            _change(flow, journal, 2, best, capacity[best])
            _pull(problem, flow, journal, search, best, REACH)
            workers[site] -= 1
            workers[best] += 1
            total += best_added
            moved = True
            journal[0][0] = 0
            near[size] = site
            for other in near[: size + 1]:
                open_ = workers[other] < most[other]
                gain[other] = _try_adding(problem, flow, journal, search, other) if open_ else 0.0
            top = np.argsort(-gain, kind="mergesort")[:FARTHEST]
    return total


@njit(**LOOP)
def assign(problem, workers, pair_order, row_order):
    """Serve the greatest value that workers where they are can serve, exactly; return the load over each pair.

    Rows come in the order given, the dearest first, and what was served stays served, if elsewhere: what can be served
    together is a matroid (Edmonds and Fulkerson 1965, doi:10.6028/jres.069B.016), on which being greedy is best.

    Parameters
    ----------
    problem, workers
        See above.
    pair_order
        Pairs of each row in the order in which its sites are asked (by minutes, say), laid out as row_pairs.
    row_order
        Rows by density, greatest first.
    """
    indptr, indices, row_indptr, row_pairs, pair_site, load, density, capacity = problem
    amount = np.zeros(indices.shape[0], np.float64)
    room = workers * capacity
    site_mark = np.zeros(room.shape[0], np.int64)  # -1: from here there is no way to any room, now and later
    row_mark = np.zeros(load.shape[0], np.int64)
    site_from = np.zeros(room.shape[0], np.int64)
    row_from = np.zeros(load.shape[0], np.int64)
    queue = np.empty(load.shape[0], np.int64)
    for turn in range(row_order.shape[0]):
        start = row_order[turn]
        left = load[start]
        for k in range(row_indptr[start], row_indptr[start + 1]):
            pair = pair_order[k]
            part = min(left, room[pair_site[pair]])
            amount[pair] += part
            room[pair_site[pair]] -= part
            left -= part
        tries = 0
        while left > ROUNDING * load[start]:
            tries += 1
            mark = turn * (1 << 20) + tries
            head, tail, goal = 0, 1, -1
            queue[0] = start
            row_mark[start] = mark
            while head < tail and goal < 0:
                row = queue[head]
                head += 1
                for k in range(row_indptr[row], row_indptr[row + 1]):
                    pair = pair_order[k]
                    site = pair_site[pair]
                    if site_mark[site] == mark or site_mark[site] == -1 or workers[site] == 0:
                        continue
                    site_mark[site] = mark
                    site_from[site] = pair
                    if room[site] > ROUNDING * capacity[site]:
                        goal = site
                        break
                    for other in range(indptr[site], indptr[site + 1]):
                        if amount[other] > 0.0 and row_mark[indices[other]] != mark:
                            row_mark[indices[other]] = mark
                            row_from[indices[other]] = other
                            queue[tail] = indices[other]
                            tail += 1
            if goal < 0:
                for site in range(room.shape[0]):
                    if site_mark[site] == mark:
                        site_mark[site] = -1
                break
            part = min(left, room[goal])
            row = indices[site_from[goal]]
            while row != start:
                part = min(part, amount[row_from[row]])
                row = indices[site_from[pair_site[row_from[row]]]]
            room[goal] -= part
            left -= part
            pair = site_from[goal]
            amount[pair] += part
            while indices[pair] != start:
                back = row_from[indices[pair]]
                amount[back] -= part
                pair = site_from[pair_site[back]]
                amount[pair] += part
    return amount
