"""Places given away one by one, each to whoever stands first in line."""

from __future__ import annotations

from numba import njit

from planner.kernels import LOOP


@njit(**LOOP, _nrt=False)
def claim(line, site, demand, room, waiting):
    """Give the room of sites to those who wait, in the order of the line.

    Parameters
    ----------
    line
        Positions of pairs, in the order in which they are served.
    site, demand
        Of each pair, int32.
    room
        Of each site, float64; changed to what is left.
    waiting
        At each demand position, float64; changed to who found no room.
    """
    for k in range(line.shape[0]):
        i, j = site[line[k]], demand[line[k]]
        served = min(room[i], waiting[j])
        room[i] -= served
        waiting[j] -= served
