"""Lines from the edges of a grid: roads, streams, shores and borders are all joined and smoothed here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Hashable, Mapping
from typing import TypeVar

import numpy as np

from planner.types.arrays import Doubles

Kind = TypeVar("Kind", bound=Hashable)


def chains(edges: Mapping[tuple[int, int], Kind], ends: Container[int] = ()) -> list[tuple[Kind, list[int]]]:
    """Join edges end to end into lines of one kind that meet only at their ends.

    Parameters
    ----------
    edges
        Kind of each edge between two nodes.
    ends
        Nodes where lines end even if just two meet there.

    Returns
    -------
    list
        Kind and nodes of each line; a ring ends with the node it starts with.
    """
    around: dict[int, list[int]] = defaultdict(list)
    for a, b in edges:
        around[a].append(b)
        around[b].append(a)

    def kind(a: int, b: int) -> Kind:
        return edges[a, b] if (a, b) in edges else edges[b, a]

    def passes(node: int) -> bool:
        return (
            node not in ends and len(around[node]) == 2 and kind(node, around[node][0]) == kind(node, around[node][1])
        )

    left = {frozenset(edge) for edge in edges}
    lines = []
    starts = sorted(node for node in around if not passes(node))
    # Second pass: whatever is left has no end, and is a ring.
    for start in starts + sorted(around):
        for follower in sorted(around[start]):
            if frozenset((start, follower)) not in left:
                continue
            line = [start, follower]
            left.discard(frozenset(line))
            while passes(line[-1]) and line[-1] != start:
                onward = next(node for node in around[line[-1]] if node != line[-2])
                left.discard(frozenset((line[-1], onward)))
                line.append(onward)
            lines.append((kind(line[0], line[1]), line))
    return lines


def smooth(line: Doubles, rounds: int) -> Doubles:
    """Draw each inner point of a line towards its neighbours; ends stay, a ring stays a ring."""
    ring = len(line) > 3 and bool((line[0] == line[-1]).all())
    for _ in range(rounds):
        before, after = line[:-2], line[2:]
        inner = (before + 2 * line[1:-1] + after) / 4
        first = (line[-2] + 2 * line[0] + line[1]) / 4 if ring else line[0]
        last = first if ring else line[-1]
        line = np.vstack([first, inner, last])
    return line
