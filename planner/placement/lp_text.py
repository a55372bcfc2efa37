"""A programme as the text that a person reads and every solver takes (CPLEX LP format)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from planner.placement.programme import Block, Programme
from planner.types.arrays import Doubles


def lp_text(programme: Programme) -> str:
    """Write a programme, one row a line, in the order in which it was built."""
    arrays = programme.arrays()
    columns, rows = _names(programme.column_blocks), _names(programme.row_blocks)
    lines = [f"\\ {programme.title}", "Maximize" if arrays.maximise else "Minimize"]
    if arrays.constant:
        lines.insert(1, f"\\ the objective counts {arrays.constant:.12g} besides")
    priced = np.flatnonzero(arrays.objective)
    lines += [
        f" obj: {_sum(arrays.objective[priced], [columns[k] for k in priced]) or f'0 {columns[0]}'}",
        "Subject To",
    ]
    for k, name in enumerate(rows):
        at = slice(arrays.indptr[k], arrays.indptr[k + 1])
        terms = _sum(arrays.values[at], [columns[c] for c in arrays.indices[at]]) or f"0 {columns[0]}"
        lower, upper = arrays.row_lower[k], arrays.row_upper[k]
        if lower == upper:
            lines.append(f" {name}: {terms} = {upper:.12g}")
        elif math.isfinite(upper):
            lines.append(f" {name}: {terms} <= {upper:.12g}")
        else:
            lines.append(f" {name}: {terms} >= {lower:.12g}")
    lines.append("Bounds")
    for name, lower, upper in zip(columns, arrays.lower, arrays.upper, strict=True):
        if lower == upper:
            lines.append(f" {name} = {upper:.12g}")
        elif math.isfinite(upper):
            lines.append(f" {lower:.12g} <= {name} <= {upper:.12g}")
        else:
            lines.append(f" {name} >= {lower:.12g}")
    if arrays.integer.any():
        lines.append("General")
        lines += [f" {columns[k]}" for k in np.flatnonzero(arrays.integer)]
    return "\n".join([*lines, "End", ""])


def _names(blocks: Sequence[Block]) -> list[str]:
    return [name for block in blocks for name in block.names()]


def _sum(values: Doubles, names: Sequence[str]) -> str:
    """``2 x_1 - y_1 + 0.5 y_2``."""
    told = ""
    for value, name in zip(values, names, strict=True):
        sign = (" - " if value < 0 else " + ") if told else ("- " if value < 0 else "")
        told += f"{sign}{'' if abs(value) == 1 else f'{abs(value):.12g} '}{name}"
    return told
