"""Exchange chosen sites for others: to the next choice that no exchange betters, and by annealing.

All loops keep, for the choice as it stands, how many chosen sites cover each row (``times``), these sites XORed
(``who``: where one covers the row, it is that site), the weight that each site alone covers (``loss``) and the weight
that each other site would add (``gain``). An exchange changes them in the rows of the two sites only.

Exchanging q for i then adds ``gain[i] + common - loss[q]``, with the weight that q alone covers and i would too; one
pass over the rows of q gives the common weight of all i at once.

Sites are int32 wherever they are handed on, so that each function is compiled once; and arrays are copied in loops, as
numba takes seconds to compile the error of a copy that does not fit.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from planner.kernels import INNER_LOOP, LOOP

FAR = 16  # tries to move a post anywhere, for each post that looks around itself
FARTHEST = 30.0  # temperatures below the best: e^-30 is never drawn
NO_SITE = np.int32(-1)


@njit(**INNER_LOOP)
def _begin(cover, chosen):
    indptr, _, row_start, _, weights = cover
    times, who = np.zeros(weights.shape[0], np.int32), np.zeros(weights.shape[0], np.int32)
    n_sites = indptr.shape[0] - 1
    state = (times, who, np.zeros(n_sites, np.float64), np.zeros(n_sites, np.float64))
    for row in range(weights.shape[0]):
        for at in range(row_start[row], row_start[row + 1]):
            state[3][cover[3][at]] += weights[row]
    for site in chosen:
        _add(cover, state, site)
    return state


@njit(**INNER_LOOP, _nrt=False)
def _add(cover, state, site):
    indptr, indices, row_start, sites_of, weights = cover
    times, who, loss, gain = state
    for at in range(indptr[site], indptr[site + 1]):
        row = indices[at]
        if times[row] == 0:
            loss[site] += weights[row]
            for k in range(row_start[row], row_start[row + 1]):
                gain[sites_of[k]] -= weights[row]
        elif times[row] == 1:
            loss[who[row]] -= weights[row]
        times[row] += 1
        who[row] ^= site


@njit(**INNER_LOOP, _nrt=False)
def _drop(cover, state, site):
    indptr, indices, row_start, sites_of, weights = cover
    times, who, loss, gain = state
    for at in range(indptr[site], indptr[site + 1]):
        row = indices[at]
        times[row] -= 1
        who[row] ^= site
        if times[row] == 0:
            for k in range(row_start[row], row_start[row + 1]):
                gain[sites_of[k]] += weights[row]
        elif times[row] == 1:
            loss[who[row]] += weights[row]
    loss[site] = 0.0


@njit(**INNER_LOOP, _nrt=False)
def _around(cover, state, site, common, found):
    """Sites that share rows with `site` which it alone covers: how many, in `found`; their weight, in `common`."""
    indptr, indices, row_start, sites_of, weights = cover
    times = state[0]
    n = 0
    for at in range(indptr[site], indptr[site + 1]):
        row = indices[at]
        if times[row] == 1:
            for k in range(row_start[row], row_start[row + 1]):
                other = sites_of[k]
                if common[other] == 0.0:
                    found[n] = other
                    n += 1
                common[other] += weights[row]
    return n


@njit(**LOOP)
def interchange(cover, chosen, kind, min_gain):
    """Exchange one chosen site for one other of its kind as long as that covers more.

    Teitz, M. and Bart, P. (1968) Heuristic methods for estimating the generalized vertex median of a weighted graph,
    doi:10.1287/opre.16.5.955. Each chosen site in turn moves to the best place around it; when none does, the site that
    adds least goes where most is left, and so on.

    Parameters
    ----------
    cover
        ``(indptr, indices, row_start, sites_of, weights)``: demand rows of each site, sites of each row, and the weight
        of each row (float64, above 0).
    chosen
        Sites to start from, each once, int32.
    kind
        Of each site, int32, from 0: a chosen site is exchanged for one of its own kind only.
    min_gain
        What an exchange has to add, above the rounding of sums.

    Returns
    -------
    chosen : int32
        As many sites, with no single exchange left that helps.
    """
    chosen = chosen.copy()
    n_sites = kind.shape[0]
    state = _begin(cover, chosen)
    loss, gain = state[2], state[3]
    common, found = np.zeros(n_sites, np.float64), np.empty(n_sites, np.int32)
    n_kinds = 0
    for of in kind:
        n_kinds = max(n_kinds, of + 1)
    least, most = np.empty(n_kinds, np.int32), np.empty(n_kinds, np.int32)
    moved = True
    while moved:
        moved = False
        idle, place = 0, 0
        while idle < chosen.shape[0]:
            idle += 1
            site = chosen[place]
            n = _around(cover, state, site, common, found)
            to, best = NO_SITE, loss[site] + min_gain
            for k in range(n):
                other = found[k]
                if kind[other] == kind[site] and other != site and gain[other] + common[other] > best:
                    to, best = other, gain[other] + common[other]
                common[other] = 0.0
            if to >= 0:
                _drop(cover, state, site)
                _add(cover, state, to)
                chosen[place] = to
                idle = 0
            place = (place + 1) % chosen.shape[0]
        while True:
            for of in range(n_kinds):
                least[of] = most[of] = NO_SITE
            for place in range(chosen.shape[0]):
                of = kind[chosen[place]]
                if least[of] < 0 or loss[chosen[place]] < loss[chosen[least[of]]]:
                    least[of] = place
            for site in range(n_sites):
                if most[kind[site]] < 0 or gain[site] > gain[most[kind[site]]]:
                    most[kind[site]] = site
            helped = False
            for of in range(n_kinds):
                if least[of] >= 0 and gain[most[of]] - loss[chosen[least[of]]] > min_gain:
                    _drop(cover, state, chosen[least[of]])
                    _add(cover, state, most[of])
                    chosen[least[of]] = most[of]
                    helped, moved = True, True
                    break
            if not helped:
                break
    return chosen


@njit(**INNER_LOOP, _nrt=False)
def _draw(random):
    """Next number in 0..1 (xorshift64*; Vigna 2016, doi:10.1145/2845077)."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return float((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(**LOOP)
def anneal(cover, chosen, kind, hot, cold, sweeps, seed):
    """Let chosen sites move at random, to better places more likely than to worse, ever more strictly.

    Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983, doi:10.1126/science.220.4598.671) with the heat bath: a
    chosen site moves to one of the places around it, or stays, with probabilities proportional to e^(covered / t). Some
    sites also try to move anywhere.

    Parameters
    ----------
    cover, chosen, kind
        As in `interchange`.
    hot, cold
        First and last temperature t, in the unit of the weights.
    sweeps
        So many times as many moves as sites are chosen.
    seed
        Of the random numbers.

    Returns
    -------
    chosen : int32
        As it stands at the end.
    """
    chosen = chosen.copy()
    n_sites, n_chosen = kind.shape[0], chosen.shape[0]
    state = _begin(cover, chosen)
    loss, gain = state[2], state[3]
    common, found = np.zeros(n_sites, np.float64), np.empty(n_sites, np.int32)
    odds = np.empty(n_sites, np.float64)
    is_chosen = np.zeros(n_sites, np.bool_)
    for site in chosen:
        is_chosen[site] = True
    random = np.empty(1, np.uint64)
    random[0] = 2 * seed + 1
    for _ in range(10):  # so that near seeds part
        _draw(random)
    for sweep in range(sweeps):
        t = hot * (cold / hot) ** (sweep / max(sweeps - 1, 1))
        for _ in range(n_chosen):
            place = int(_draw(random) * n_chosen)
            site = chosen[place]
            n = _around(cover, state, site, common, found)
            best = loss[site]
            for k in range(n):
                if kind[found[k]] == kind[site]:
                    best = max(best, gain[found[k]] + common[found[k]])
            total = np.exp((loss[site] - best) / t)
            to = site
            for k in range(n):
                other = found[k]
                below = (gain[other] + common[other] - best) / t
                odds[k] = 0.0
                if kind[other] == kind[site] and other != site and below > -FARTHEST:
                    odds[k] = np.exp(below)
                    total += odds[k]
                common[other] = 0.0
            drawn = _draw(random) * total
            for k in range(n):
                if odds[k] > 0.0:
                    drawn -= odds[k]
                    if drawn < 0.0:
                        to = found[k]
                        break
            if to != site:
                _drop(cover, state, site)
                _add(cover, state, to)
                is_chosen[site], is_chosen[to] = False, True
                chosen[place] = to
            for _ in range(FAR):
                to = np.int32(_draw(random) * n_sites)
                place = int(_draw(random) * n_chosen)
                site = chosen[place]
                if is_chosen[to] or kind[to] != kind[site] or gain[to] - loss[site] < -FARTHEST * t:
                    continue
                # What both cover and no other does is left out: the move is no worse than it seems here.
                if gain[to] - loss[site] >= t * np.log(_draw(random) + 1e-300):
                    _drop(cover, state, site)
                    _add(cover, state, to)
                    is_chosen[site], is_chosen[to] = False, True
                    chosen[place] = to
    return chosen


@njit(**LOOP)
def walk(cover, chosen, until, min_gain):
    """Go from a choice to choices of more or fewer sites, one at a time, each with the exchanges that help around it.

    Where sites are added, it is the one that adds most; where they are dropped, the one that is missed least. Then the
    chosen sites around it move as long as that covers more, and those around them.

    Parameters
    ----------
    cover, min_gain
        As in `interchange`.
    chosen
        Sites to start from, each once, int32.
    until
        Number of sites of the last choice.

    Returns
    -------
    choices : int32
        The choices after each step, one after the other, without the first. Sites that add nothing may be among them.
    """
    indptr, indices, row_start, sites_of, weights = cover
    n_sites = indptr.shape[0] - 1
    state = _begin(cover, chosen)
    loss, gain = state[2], state[3]
    common, found = np.zeros(n_sites, np.float64), np.empty(n_sites, np.int32)
    now = np.empty(max(chosen.shape[0], until), np.int32)
    place_of = np.full(n_sites, -1, np.int32)
    for place in range(chosen.shape[0]):
        now[place], place_of[chosen[place]] = chosen[place], place
    waiting, queued = np.empty(n_sites, np.int32), np.zeros(n_sites, np.bool_)

    n = chosen.shape[0]
    step = 1 if until > n else -1
    total = 0
    for size in range(n + step, until + step, step):
        total += size
    choices, end = np.empty(total, np.int32), 0
    while n != until:
        if step > 0:
            site = NO_SITE
            for other in range(n_sites):
                if place_of[other] < 0 and (site < 0 or gain[other] > gain[site]):
                    site = np.int32(other)
            _add(cover, state, site)
            now[n], place_of[site] = site, n
        else:
            place = 0
            for other in range(n):
                if loss[now[other]] < loss[now[place]]:
                    place = other
            site = now[place]
            _drop(cover, state, site)
            now[place], place_of[now[n - 1]], place_of[site] = now[n - 1], place, -1
        n += step
        first = np.int64(0)  # not a constant, which would be a type of its own
        last = _queue(cover, site, place_of, waiting, queued, first, first)
        while first != last:
            site = waiting[first]
            first = (first + 1) % n_sites
            queued[site] = False
            if place_of[site] < 0:
                continue
            n_found = _around(cover, state, site, common, found)
            to, best = NO_SITE, loss[site] + min_gain
            for k in range(n_found):
                other = found[k]
                if other != site and gain[other] + common[other] > best:
                    to, best = other, gain[other] + common[other]
                common[other] = 0.0
            if to >= 0:
                _drop(cover, state, site)
                _add(cover, state, to)
                now[place_of[site]] = to
                place_of[to], place_of[site] = place_of[site], -1
                last = _queue(cover, site, place_of, waiting, queued, first, last)
                last = _queue(cover, to, place_of, waiting, queued, first, last)
        for place in range(n):
            choices[end + place] = now[place]
        end += n
    return choices


@njit(**INNER_LOOP, _nrt=False)
def _queue(cover, site, place_of, waiting, queued, first, last):
    """Let the chosen sites that share rows with `site` wait for their turn; one place of the ring stays empty."""
    indptr, indices, row_start, sites_of, _ = cover
    for at in range(indptr[site], indptr[site + 1]):
        for k in range(row_start[indices[at]], row_start[indices[at] + 1]):
            other = sites_of[k]
            after = (last + 1) % waiting.shape[0]
            if place_of[other] >= 0 and not queued[other] and after != first:
                waiting[last], queued[other] = other, True
                last = after
    return last
