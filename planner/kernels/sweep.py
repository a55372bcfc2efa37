"""Sweeps over the ways back: what every node holds is passed on as far as the sources, or what these hold back."""

from __future__ import annotations

import numpy as np
from numba import njit

from planner.kernels import LOOP

DONE = -1


@njit(**LOOP)
def pass_on(back, amount):
    """Add what each node holds to the next node on its way, after all before it have passed on theirs.

    Parameters
    ----------
    back
        The next node of each, int32; -1 = none.
    amount
        What each node holds; changed to what passes it.
    """
    n = back.shape[0]
    waits_for = np.zeros(n, np.int32)
    for node in range(n):
        if back[node] >= 0:
            waits_for[back[node]] += 1
    for start in range(n):
        node = start
        while waits_for[node] == 0:
            waits_for[node] = DONE
            onward = back[node]
            if onward < 0:
                break
            amount[onward] += amount[node]
            waits_for[onward] -= 1
            node = onward


@njit(**LOOP, _nrt=False)
def hand_back(back, number):
    """Give each node the number of the source that its way leads to.

    Parameters
    ----------
    back
        The next node of each, int32; -1 = none.
    number
        int32 a node: of the sources, and -1 of all others, which are filled in.
    """
    n = back.shape[0]
    # Ways lead on and on in one direction: two passes, which never wait for a branch, number half of the nodes.
    for k in range(2 * n):
        node = np.uint64(k if k < n else 2 * n - 1 - k)
        number[node] = number[np.uint64(back[node])] if back[node] >= 0 else number[node]
    for start in range(n):
        node = np.uint64(start)
        while number[node] < 0 and back[node] >= 0:
            node = np.uint64(back[node])
        found = number[node]
        node = np.uint64(start)
        while number[node] != found:
            number[node] = found
            node = np.uint64(back[node])


@njit(**LOOP, _nrt=False)
def trace(starts, minutes, back, offsets, cells):
    """Follow `back` from each start to its source.

    With an empty `cells` only `offsets` is filled, so that the caller can allocate; then the cells. A start of -1, or
    one that is not reached, has an empty route.
    """
    used = 0
    fill = cells.shape[0] > 0
    offsets[0] = 0
    for i in range(starts.shape[0]):
        cell = starts[i]
        if cell >= 0 and minutes[cell] < np.inf:
            while cell >= 0:
                if fill:
                    cells[used] = cell
                used += 1
                cell = back[cell]
        offsets[i + 1] = used


@njit(**LOOP)
def add_up(back, amount):
    """Add to what each node holds all that the nodes on its way hold, as far as the source; changes `amount`.

    Parameters
    ----------
    back
        The next node of each, int32; -1 = none.
    amount
        What each node holds, float64; changed to the sum over it and the nodes after it.
    """
    n = back.shape[0]
    done = np.zeros(n, np.bool_)
    way = np.empty(n, np.int32)
    for start in range(n):
        length = 0
        node = start
        while not done[node]:
            way[length] = node
            length += 1
            done[node] = True
            if back[node] < 0:
                break
            node = back[node]
        for k in range(length - 1, -1, -1):
            node = way[k]
            if back[node] >= 0:
                amount[node] += amount[back[node]]
