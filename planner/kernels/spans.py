"""Fill cells between crossings: the scan line of polygons."""

from __future__ import annotations

from numba import njit

from planner.kernels import LOOP


@njit(**LOOP, _nrt=False)
def label_spans(row, first, last, label, labels):
    """Give each cell from `first` up to, not with, `last` of a row its label, where it has none (-1).

    Parameters
    ----------
    row, first, last, label
        Of each span, int32, in the order in which they count: the first one to reach a cell keeps it.
    labels
        The grid, int32, filled.
    """
    for i in range(row.shape[0]):
        for col in range(first[i], last[i]):
            if labels[row[i], col] < 0:
                labels[row[i], col] = label[i]
