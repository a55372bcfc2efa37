"""Loops that turn a sparse matrix of sites and the demand rows they cover, and find its equal rows."""

from __future__ import annotations

import numpy as np
from numba import njit

from planner.kernels import INNER_LOOP, LOOP


@njit(**LOOP)
def transpose(indptr, indices, n_rows):
    """Sites of each demand row, ascending: ``indptr`` int64 and ``indices`` int32, from the rows of each site."""
    start = np.zeros(n_rows + 1, np.int64)
    for row in indices:
        start[row + 1] += 1
    for row in range(n_rows):
        start[row + 1] += start[row]
    room = start[:-1].copy()
    sites = np.empty(indices.shape[0], np.int32)
    for site in range(indptr.shape[0] - 1):
        for at in range(indptr[site], indptr[site + 1]):
            sites[room[indices[at]]] = site
            room[indices[at]] += 1
    return start, sites


@njit(**INNER_LOOP, _nrt=False)
def _mixed(value):
    """Spread a number over 64 bits (splitmix64; Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit(**LOOP)
def row_hashes(indptr, indices, n_rows, seed):
    """Sum of a random number for each site of a row, uint64: equal for equal rows, by chance only for others."""
    hashes = np.zeros(n_rows, np.uint64)
    for site in range(indptr.shape[0] - 1):
        key = _mixed(np.uint64(site + 1) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed))
        for at in range(indptr[site], indptr[site + 1]):
            hashes[indices[at]] += key
    return hashes


@njit(**LOOP)
def groups_hold(indptr, indices, group, sizes):
    """Say whether all rows of each group have the same sites: each site covers all of a group or none of it.

    ``group`` of each row, -1 = none; ``sizes`` of the groups.
    """
    seen = np.zeros(sizes.shape[0], np.int32)
    for site in range(indptr.shape[0] - 1):
        for at in range(indptr[site], indptr[site + 1]):
            if group[indices[at]] >= 0:
                seen[group[indices[at]]] += 1
        for at in range(indptr[site], indptr[site + 1]):
            one = group[indices[at]]
            if one >= 0:
                if seen[one] != 0 and seen[one] != sizes[one]:
                    return False
                seen[one] = 0
    return True


@njit(**LOOP)
def part(indptr, indices, sites, number):
    """Rows of these sites only, renumbered; a row whose `number` is -1 is left out. Numbers must keep the order."""
    start = np.zeros(sites.shape[0] + 1, np.int64)
    for k in range(sites.shape[0]):
        start[k + 1] = start[k]
        for at in range(indptr[sites[k]], indptr[sites[k] + 1]):
            if number[indices[at]] >= 0:
                start[k + 1] += 1
    rows = np.empty(start[-1], np.int32)
    to = 0
    for site in sites:
        for at in range(indptr[site], indptr[site + 1]):
            if number[indices[at]] >= 0:
                rows[to] = number[indices[at]]
                to += 1
    return start, rows
